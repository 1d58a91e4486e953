//! Expressions: operators by precedence, the conditional operator, lambdas, parentheses.

use super::super::lexer::TokenKind;
use super::super::syntax::{BinaryOp, Expr, ExprKind, Identifier, UnaryOp};
use super::{Body, EXPRESSION_END, Parser, Recoverable, Rule, Unexpected};
use crate::text::Span;

/// Tokens at which the middle of a conditional ends.
const BEFORE_COLON: &[TokenKind] = &[
    TokenKind::Colon,
    TokenKind::StringRightPiece,
    TokenKind::RightBrace,
    TokenKind::RightParen,
    TokenKind::RightSquare,
    TokenKind::NewLine,
];

/// Tokens at which an element in parentheses ends.
const PAREN_ELEMENT_END: &[TokenKind] = &[
    TokenKind::StringRightPiece,
    TokenKind::RightBrace,
    TokenKind::RightParen,
    TokenKind::RightSquare,
    TokenKind::NewLine,
    TokenKind::Comma,
];

/// Tokens at which a search for a closing parenthesis ends.
const PAREN_END: &[TokenKind] =
    &[TokenKind::StringRightPiece, TokenKind::RightBrace, TokenKind::RightSquare, TokenKind::NewLine];

/// Names with which declarations begin: after `=>` a line end before one of them ends the lambda.
const DECLARATION_KEYWORDS: [&str; 9] =
    ["assert", "import", "metadata", "param", "var", "resource", "output", "module", "type"];

/// Operators between operands and how tightly they bind. All of them group from the left.
fn binary_operator(kind: TokenKind) -> Option<(BinaryOp, u8)> {
    Some(match kind {
        TokenKind::Asterisk => (BinaryOp::Multiply, 100),
        TokenKind::Slash => (BinaryOp::Divide, 100),
        TokenKind::Modulo => (BinaryOp::Modulo, 100),
        TokenKind::Plus => (BinaryOp::Add, 90),
        TokenKind::Minus => (BinaryOp::Subtract, 90),
        TokenKind::LeftChevron => (BinaryOp::Less, 80),
        TokenKind::LessThanOrEqual => (BinaryOp::LessOrEqual, 80),
        TokenKind::RightChevron => (BinaryOp::Greater, 80),
        TokenKind::GreaterThanOrEqual => (BinaryOp::GreaterOrEqual, 80),
        TokenKind::Equals => (BinaryOp::Equal, 70),
        TokenKind::NotEquals => (BinaryOp::NotEqual, 70),
        TokenKind::EqualsInsensitive => (BinaryOp::EqualInsensitive, 70),
        TokenKind::NotEqualsInsensitive => (BinaryOp::NotEqualInsensitive, 70),
        TokenKind::LogicalAnd => (BinaryOp::And, 50),
        TokenKind::LogicalOr => (BinaryOp::Or, 40),
        TokenKind::DoubleQuestion => (BinaryOp::Coalesce, 30),
        _ => return None,
    })
}

/// What stood between parentheses.
pub(super) struct Parenthesised<T> {
    /// From `(` to `)`.
    pub(super) span: Span,
    /// What commas separated.
    pub(super) elements: Vec<T>,
    commas: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn expression(&mut self) -> Rule<Expr<'t>> {
        self.deeper(|parser| {
            let condition = parser.binary()?;
            if parser.nth(parser.past_new_lines(0)).kind != TokenKind::Question {
                return Ok(condition);
            }
            parser.new_lines();
            parser.bump();
            Ok(parser.conditional(condition))
        })
    }

    /// The rest of `condition ? yes : no`, from behind the `?`.
    fn conditional(&mut self, condition: Expr<'t>) -> Expr<'t> {
        let yes = self.recover(BEFORE_COLON, Self::expression);
        if !yes.is_skipped() && self.nth(self.past_new_lines(0)).kind == TokenKind::Colon {
            self.new_lines();
        }
        self.recover(EXPRESSION_END, |parser| parser.expect(TokenKind::Colon, "`:`"));
        let no = self.recover(EXPRESSION_END, Self::expression);
        let span = condition.span.to(no.span);
        self.expr(ExprKind::Ternary(Box::new((condition, yes, no))), span)
    }

    /// Operators wait on a stack of their own until one comes that doesn't bind more tightly.
    fn binary(&mut self) -> Rule<Expr<'t>> {
        let mut right = self.unary()?;
        let mut waiting: Vec<(Expr<'t>, BinaryOp, u8)> = Vec::new();
        while let Some((op, precedence)) = binary_operator(self.kind()) {
            right = self.join_waiting(&mut waiting, right, precedence);
            self.bump();
            let next = self.recover(EXPRESSION_END, Self::unary);
            waiting.push((std::mem::replace(&mut right, next), op, precedence));
        }
        Ok(self.join_waiting(&mut waiting, right, 0))
    }

    fn join_waiting(
        &mut self,
        waiting: &mut Vec<(Expr<'t>, BinaryOp, u8)>,
        mut right: Expr<'t>,
        precedence: u8,
    ) -> Expr<'t> {
        while let Some((left, op, _)) = waiting.pop_if(|(_, _, bound)| *bound >= precedence) {
            let span = left.span.to(right.span);
            right = self.expr(ExprKind::Binary(op, Box::new((left, right))), span);
        }
        right
    }

    /// At most one operator stands before an operand.
    fn unary(&mut self) -> Rule<Expr<'t>> {
        let op = match self.kind() {
            TokenKind::Exclamation => UnaryOp::Not,
            TokenKind::Minus => UnaryOp::Minus,
            _ => return self.member(),
        };
        let token = self.bump();
        let operand = self.recover(EXPRESSION_END, Self::member);
        let span = self.span(token).to(operand.span);
        Ok(self.expr(ExprKind::Unary(op, Box::new(operand)), span))
    }

    pub(super) fn primary(&mut self) -> Rule<Expr<'t>> {
        match self.kind() {
            TokenKind::Integer | TokenKind::NullKeyword | TokenKind::TrueKeyword | TokenKind::FalseKeyword => {
                self.literal()
            }
            TokenKind::StringComplete | TokenKind::StringLeftPiece => Ok(self.string()),
            TokenKind::LeftBrace => self.object(Body::Plain),
            TokenKind::LeftSquare if self.is_keyword(self.past_new_lines(1), "for") => self.for_expression(None),
            TokenKind::LeftSquare => self.array(),
            TokenKind::LeftParen => Ok(self.paren_or_lambda()),
            TokenKind::Identifier => self.name_call_or_lambda(),
            _ => self.unexpected("an expression"),
        }
    }

    fn name_call_or_lambda(&mut self) -> Rule<Expr<'t>> {
        let name = self.identifier("a name")?;
        Ok(match self.kind() {
            TokenKind::LeftParen => {
                let (args, end) = self.arguments();
                let span = name.span.to(end);
                self.expr(ExprKind::Call(name, args), span)
            }
            TokenKind::Arrow => self.lambda(vec![name], name.span),
            _ => self.expr(ExprKind::Name(name), name.span),
        })
    }

    fn paren_or_lambda(&mut self) -> Expr<'t> {
        let Parenthesised { span, elements, commas } = self.parenthesised(true, Self::expression);
        if self.is(TokenKind::Arrow) {
            let names = elements.iter().filter_map(as_name).collect();
            return self.lambda(names, span);
        }
        self.single_in_parentheses(Parenthesised { span, elements, commas })
    }

    /// `(condition)` after `if`.
    pub(super) fn paren(&mut self) -> Rule<Expr<'t>> {
        if !self.is(TokenKind::LeftParen) {
            return self.unexpected("`(`");
        }
        let found = self.parenthesised(true, Self::expression);
        Ok(self.single_in_parentheses(found))
    }

    fn single_in_parentheses(&mut self, mut found: Parenthesised<Expr<'t>>) -> Expr<'t> {
        match (found.elements.pop(), found.elements.is_empty(), found.commas) {
            (Some(only), true, 0) => self.expr(ExprKind::Paren(Box::new(only)), found.span),
            _ => {
                self.report(Unexpected {
                    span: found.span,
                    message: "parentheses hold exactly one expression".to_owned(),
                });
                self.record_skipped(found.span);
                Expr::skipped(found.span)
            }
        }
    }

    /// `(` is the next token. Whether line ends may stand in it depends on what it holds.
    pub(super) fn parenthesised<T: Recoverable>(
        &mut self,
        new_lines: bool,
        rule: impl Fn(&mut Self) -> Rule<T>,
    ) -> Parenthesised<T> {
        let open = self.bump();
        let mut found = Parenthesised { span: self.span(open), elements: Vec::new(), commas: 0 };
        let pass_new_lines = |parser: &mut Self| {
            if new_lines {
                parser.new_lines();
            }
        };
        pass_new_lines(self);
        while !self.is(TokenKind::RightParen) {
            found.elements.push(self.recover(PAREN_ELEMENT_END, &rule));
            pass_new_lines(self);
            if !self.eat(TokenKind::Comma) {
                break;
            }
            found.commas += 1;
            pass_new_lines(self);
        }
        let close = self.recover(PAREN_END, |parser| parser.expect(TokenKind::RightParen, "`)`"));
        found.span = found.span.to(close);
        found
    }

    /// The rest of a lambda, from its `=>`.
    fn lambda(&mut self, names: Vec<Identifier<'t>>, start: Span) -> Expr<'t> {
        self.bump();
        let body = self.lambda_body();
        let span = start.to(body.span);
        self.expr(ExprKind::Lambda(names, Box::new(body)), span)
    }

    pub(super) fn lambda_body(&mut self) -> Expr<'t> {
        let next = self.past_new_lines(0);
        if !DECLARATION_KEYWORDS.iter().any(|keyword| self.is_keyword(next, keyword)) {
            self.new_lines();
        }
        self.recover(&[TokenKind::NewLine, TokenKind::RightParen], Self::expression)
    }
}

fn as_name<'t>(expr: &Expr<'t>) -> Option<Identifier<'t>> {
    match &expr.kind {
        ExprKind::Name(name) => Some(*name),
        _ => None,
    }
}
