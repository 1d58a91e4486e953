//! What follows a primary expression: properties, indexes, calls, nested resources; and the arguments of calls.

use super::super::lexer::TokenKind;
use super::super::syntax::{Expr, ExprKind};
use super::{Parser, Rule, Unexpected};
use crate::text::Span;

/// Tokens at which an argument ends.
const ARGUMENT_END: &[TokenKind] = &[TokenKind::NewLine, TokenKind::Comma, TokenKind::RightParen];

impl<'t> Parser<'t> {
    pub(super) fn member(&mut self) -> Rule<Expr<'t>> {
        let mut base = self.primary()?;
        loop {
            base = match self.kind() {
                TokenKind::LeftSquare => self.index(base)?,
                TokenKind::Dot => self.dot(base),
                TokenKind::DoubleColon => {
                    self.bump();
                    let name = self.identifier_or_missing("the name of a nested resource");
                    let span = base.span.to(name.span);
                    self.expr(ExprKind::Nested(Box::new(base), name), span)
                }
                TokenKind::Exclamation => {
                    let token = self.bump();
                    let span = base.span.to(self.span(token));
                    self.expr(ExprKind::NotNull(Box::new(base)), span)
                }
                _ => return Ok(base),
            };
        }
    }

    fn index(&mut self, base: Expr<'t>) -> Rule<Expr<'t>> {
        self.bump();
        let safe = self.eat(TokenKind::Question);
        let from_end = self.eat(TokenKind::Hat);
        let index = if self.is(TokenKind::RightSquare) {
            self.report_here("expected an index here");
            Expr::skipped(self.here())
        } else {
            self.expression()?
        };
        let close = self.expect(TokenKind::RightSquare, "`]`")?;
        let span = base.span.to(close);
        Ok(self.expr(ExprKind::Index { base: Box::new(base), index: Box::new(index), safe, from_end }, span))
    }

    fn dot(&mut self, base: Expr<'t>) -> Expr<'t> {
        self.bump();
        let question = self.peek();
        let safe = self.eat(TokenKind::Question);
        let name = self.identifier_or_missing("the name of a property or function");
        if !self.is(TokenKind::LeftParen) {
            let span = base.span.to(name.span);
            return self.expr(ExprKind::Property { base: Box::new(base), name, safe }, span);
        }
        if safe {
            let message = "a function can't be called with `.?`".to_owned();
            self.report(Unexpected { span: self.span(question), message });
        }
        let (args, end) = self.arguments();
        let span = base.span.to(end);
        self.expr(ExprKind::Method(Box::new(base), name, args), span)
    }

    /// `(a, b)`, and where it ends.
    pub(super) fn arguments(&mut self) -> (Vec<Expr<'t>>, Span) {
        let args = self.comma_separated(TokenKind::RightParen, |parser| parser.recover(ARGUMENT_END, Self::expression));
        let end = self.close_list(TokenKind::RightParen, "`)`");
        (args, end)
    }

    /// Elements between an opening token, which is read, and `close`, which is not. Commas separate them; line ends
    /// may follow the opening token and a comma, and come before `close`.
    pub(super) fn comma_separated<T>(&mut self, close: TokenKind, mut element: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut elements = Vec::new();
        self.bump();
        if self.is(close) {
            return elements;
        }
        self.new_lines();
        while !self.at_end() && !self.is(close) {
            elements.push(element(self));
            match self.kind() {
                TokenKind::Comma => {
                    self.bump();
                    self.new_lines();
                    if self.is(close) {
                        self.report_here("expected another one after `,`");
                    }
                }
                TokenKind::NewLine => {
                    let next = self.nth(self.past_new_lines(0)).kind;
                    if next == TokenKind::EndOfFile {
                        // The missing token is missed at the end of this line.
                        return elements;
                    }
                    if next != close {
                        self.report_here("expected `,` here");
                    }
                    self.new_lines();
                }
                kind if kind == close => {}
                _ => self.report_here("expected `,` here"),
            }
        }
        elements
    }

    pub(super) fn close_list(&mut self, close: TokenKind, wanted: &str) -> Span {
        self.expect(close, wanted).unwrap_or_else(|error| {
            self.report(error);
            self.here()
        })
    }
}
