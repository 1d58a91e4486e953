//! Here-documents: text that a command reads.

use crate::ir::Piece;
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
    /// `<<-`: tabs at the front of the lines and of the delimiter don't count.
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
            let text = match (pending.quoted, pending.strip) {
                (true, false) => Ok(self.raw(from, to)),
                (true, true) => Ok(self.raw_lines(from, to)),
                (false, strip) => self.expanded(from, to, strip),
            };
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

    /// The text as it stands, without the tabs at the front of its lines.
    fn raw_lines(&self, from: usize, to: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = from;
        while at < to {
            let after = (self.line_end(at) + 1).min(to);
            pieces.extend(self.raw(at + self.tabs(at, after), after));
            at = after;
        }
        pieces
    }

    fn expanded(&mut self, from: usize, to: usize, strip: bool) -> Read<Vec<Piece>> {
        let end = std::mem::replace(&mut self.end, to);
        self.at = from;
        let mut drafts = Vec::new();
        let mut result = Ok(());
        while let (Some(byte), Ok(())) = (self.peek(), result) {
            let is_plain = !matches!(byte, b'$' | b'`' | b'\\');
            if strip && is_plain {
                let is_first = self.at == from || self.text.as_bytes().get(self.at - 1) == Some(&b'\n');
                let after = (self.line_end(self.at) + 1).min(to);
                if is_first && byte == b'\t' {
                    self.at += self.tabs(self.at, after);
                    continue;
                }
                // Text is read by lines, so that the tabs of the next one are met.
                self.end = after;
            }
            result = self.quoted_byte(byte, b'$', &mut drafts);
            self.end = to;
        }
        self.end = end;
        result.map(|()| pieces(drafts))
    }

    /// How many tabs there are from a place on.
    fn tabs(&self, from: usize, to: usize) -> usize {
        self.text.get(from..to).unwrap_or_default().bytes().take_while(|byte| *byte == b'\t').count()
    }
}
