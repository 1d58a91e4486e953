//! Arithmetic: `$((...))`, `$[...]` and `((...))`. Read as text with holes; `eval` works out what it can.

use crate::ir::Piece;
use crate::ir::script::{Expr, ExprId, Statement, StatementKind};

use super::reader::{Broken, Read, Reader};
use super::word::{Draft, Until};

impl Reader<'_> {
    /// `$(( ... ))`; `None` where it is a substitution that begins with a subshell.
    pub(super) fn arithmetic_expansion(&mut self) -> Read<Option<ExprId>> {
        let from = self.at;
        self.at += 1;
        let length = self.arithmetic_length();
        self.at = from;
        let Some(length) = length else { return Ok(None) };
        let end = from + 1 + length;
        let value = self.arithmetic(from, (from + 3, end - 2), end)?;
        Ok(Some(value))
    }

    /// `$[ ... ]`, as arithmetic was written once.
    pub(super) fn old_arithmetic(&mut self) -> Read<ExprId> {
        let from = self.at;
        self.at += 1;
        let length = self.balanced(b'[', b']').ok_or(Broken)?;
        let end = from + 1 + length;
        self.arithmetic(from, (from + 2, end - 1), end)
    }

    /// How long `(( ... ))` at the cursor is; `None` where the last two parentheses don't stand together.
    fn arithmetic_length(&self) -> Option<usize> {
        let length = self.balanced(b'(', b')')?;
        self.rest().get(..length).filter(|text| text.ends_with("))")).map(str::len)
    }

    /// The text between `from` and `to`, expansions opened; all of it goes from `whole` to `after`.
    fn arithmetic(&mut self, whole: usize, (from, to): (usize, usize), after: usize) -> Read<ExprId> {
        self.pay(to.saturating_sub(whole))?;
        let end = std::mem::replace(&mut self.end, to);
        self.at = from;
        let mut drafts = Vec::new();
        let mut result = Ok(());
        while let (Some(byte), Ok(())) = (self.peek(), result) {
            result = self.quoted_byte(byte, b'\n', &mut drafts);
        }
        self.end = end;
        result?;
        let text: Vec<Piece> = pieces(drafts);
        let text = self.add(Expr::Text(text), from, to);
        self.at = after;
        Ok(self.add(Expr::Call { function: "arithmetic".into(), args: vec![text] }, whole, after))
    }

    /// `(( ... ))` as a command; `None` where it is a subshell in a subshell.
    pub(super) fn arithmetic_command(&mut self) -> Read<Option<Statement>> {
        let from = self.at;
        let Some(length) = self.arithmetic_length() else { return Ok(None) };
        let value = self.arithmetic(from, (from + 2, from + length - 2), from + length)?;
        Ok(Some(Statement { kind: StatementKind::Expression(value), span: self.span(from, self.at) }))
    }

    /// The subject or a pattern of `case`, up to a blank or operator.
    pub(super) fn case_word(&mut self) -> Read<ExprId> {
        let before = self.at;
        let word = self.joined(Until::Blank)?;
        if self.at == before { Err(Broken) } else { Ok(word) }
    }
}

/// Drafts as the pieces of a text.
pub(super) fn pieces(drafts: Vec<Draft>) -> Vec<Piece> {
    let mut all = Vec::new();
    for draft in drafts {
        match draft {
            Draft::Text { pieces, .. } => all.extend(pieces),
            Draft::Value(value, _) => all.push(Piece::Hole(value)),
        }
    }
    all
}
