//! Here-documents: text that a command reads.

use crate::ir::script::{Expr, ExprId};

use super::arithmetic::pieces;
use super::reader::{Broken, Read, Reader};
use super::word::Until;

/// A here-document whose text begins with the next line.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    /// The line that ends it.
    delimiter: String,
    /// Whether its text is taken as it stands: the delimiter was quoted.
    quoted: bool,
    /// `<<-`: tabs before the delimiter don't count.
    strip: bool,
    /// The expression that is given the text.
    text: ExprId,
}

impl Reader<'_> {
    /// `<<` and `<<-` at the cursor, with the delimiter. Gives the expression that will hold the text.
    pub(super) fn here_document(&mut self) -> Read<ExprId> {
        let from = self.at;
        self.at += 2;
        let strip = self.eat("-");
        self.skip_blanks();
        let start = self.at;
        let word = self.joined(Until::Blank)?;
        let written = self.text.get(start..self.at).unwrap_or_default();
        let quoted = written.contains(['\'', '"', '\\']);
        let delimiter = self.script.literal(word).filter(|text| !text.is_empty()).ok_or(Broken)?.to_string();
        let text = self.add(Expr::Broken, from, self.at);
        self.pending.push(Pending { delimiter, quoted, strip, text });
        Ok(text)
    }

    /// Reads the texts of all here-documents that wait for this line.
    pub(super) fn here_documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let from = self.at;
            let Some((to, after)) = self.body(&pending) else {
                // bash would take the rest of the file. The mark is more likely a placeholder such as `<<name>>`.
                let place = self.script.span(pending.text);
                self.script.broken.push(place);
                continue;
            };
            let text = if pending.quoted { Ok(self.raw(from, to)) } else { self.expanded(from, to) };
            if let Ok(text) = text
                && let Some(node) = self.script.exprs.get_mut(pending.text.0 as usize)
            {
                node.expr = Expr::Text(text);
                node.span = self.excerpt.span(from, to);
            }
            self.at = after;
        }
    }

    /// The end of the text, and the byte after the line that ends it.
    fn body(&mut self, pending: &Pending) -> Option<(usize, usize)> {
        let mut at = self.at;
        while at < self.end {
            let end = self.line_end(at);
            self.pay(end - at + 1).ok()?;
            let line = self.text.get(at..end).unwrap_or_default();
            let line = line.strip_suffix('\r').unwrap_or(line);
            let line = if pending.strip { line.trim_start_matches('\t') } else { line };
            if line == pending.delimiter {
                return Some((at, (end + 1).min(self.end)));
            }
            at = end + 1;
        }
        None
    }

    fn expanded(&mut self, from: usize, to: usize) -> Read<Vec<crate::ir::Piece>> {
        let end = std::mem::replace(&mut self.end, to);
        self.at = from;
        let mut drafts = Vec::new();
        let mut result = Ok(());
        while let (Some(byte), Ok(())) = (self.peek(), result) {
            result = self.quoted_byte(byte, b'$', &mut drafts);
        }
        self.end = end;
        result.map(|()| pieces(drafts))
    }
}
