//! Lists of statements, blocks, and what becomes of text that is none.

use crate::ir::script::{BlockId, Expr, ExprId, Statement, StatementKind};

use super::characters::is_line_end;
use super::cursor::Parser;

impl Parser<'_> {
    /// Statements up to a closing bracket that isn't read, or to the end.
    pub(super) fn statements(&mut self, close: Option<char>) -> Vec<Statement> {
        let mut out = Vec::new();
        loop {
            self.separators();
            let start = self.at;
            match self.peek() {
                None => return out,
                Some(char) if Some(char) == close => return out,
                Some(char @ (')' | '}' | ']')) => {
                    if self.waits_for(char) {
                        return out;
                    }
                    self.at += 1;
                    self.give_up(start, self.at);
                    continue;
                }
                _ => {}
            }
            self.statement(&mut out);
            if self.at == start {
                self.bump();
                self.broken_to_line_end(start, &mut out);
                continue;
            }
            self.skip_blanks();
            if !self.at_end() && !out.last().is_some_and(ends_itself) {
                let start = self.at;
                self.broken_to_line_end(start, &mut out);
            }
        }
    }

    /// Gives up what is left of the line, but no bracket that closes what is around.
    fn broken_to_line_end(&mut self, start: usize, out: &mut Vec<Statement>) {
        while let Some(char) = self.peek() {
            if is_line_end(char) || (matches!(char, ')' | '}') && self.waits_for(char)) {
                break;
            }
            self.at += char.len_utf8();
        }
        self.give_up(start, self.at);
        out.push(Statement { kind: StatementKind::Broken, span: self.span(start, self.at) });
    }

    /// One statement; nothing is read if none comes next.
    pub(super) fn statement(&mut self, out: &mut Vec<Statement>) {
        self.attributes();
        let name = self.peek_name();
        if name.is_empty() {
            if self.peek() == Some(':') && self.second().is_some_and(char::is_alphabetic) {
                self.at += 1;
                let label = self.peek_name();
                self.at += label.len();
                self.skip_blanks();
                return self.statement_or_chain(out);
            }
            return self.chain(out);
        }
        self.statement_or_chain(out);
    }

    /// `[CmdletBinding()]` and the like before a statement.
    fn attributes(&mut self) {
        while self.peek() == Some('[') {
            let start = self.at;
            if self.type_name().is_some() {
                self.at = start;
                return;
            }
            self.skip_lines();
        }
    }

    fn statement_or_chain(&mut self, out: &mut Vec<Statement>) {
        if !self.keyword(out) {
            self.chain(out);
        }
    }

    /// What a statement gives, as a value: the right side of an assignment, the value of a member.
    pub(super) fn statement_value(&mut self) -> ExprId {
        let start = self.at;
        let statements = self.nested(|this| {
            let mut out = Vec::new();
            this.statement(&mut out);
            out
        });
        if statements.is_empty() {
            self.give_up(start, self.at);
            return self.add(Expr::Broken, start);
        }
        let end = self.at;
        self.value_of(statements, start, end)
    }

    /// `{ ... }`, perhaps on the next line.
    pub(super) fn block(&mut self) -> BlockId {
        let statements = self.block_statements();
        self.add_block(statements)
    }

    /// The statements of `{ ... }`, perhaps on the next line.
    pub(super) fn block_statements(&mut self) -> Vec<Statement> {
        self.skip_lines();
        if !self.eat("{") {
            self.give_up(self.at, self.at);
            return Vec::new();
        }
        self.within('}', |this| this.statements(Some('}')))
    }
}

/// Whether a statement needs no line end behind it.
fn ends_itself(statement: &Statement) -> bool {
    matches!(
        statement.kind,
        StatementKind::Parameters(_)
            | StatementKind::Function { .. }
            | StatementKind::If { .. }
            | StatementKind::Case { .. }
            | StatementKind::For { .. }
            | StatementKind::While { .. }
            | StatementKind::Try { .. }
            | StatementKind::Group(_)
    )
}
