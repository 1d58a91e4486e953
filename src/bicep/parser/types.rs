//! Type expressions.

use super::super::lexer::TokenKind;
use super::super::syntax::{Expr, ExprKind, Type, TypeKind, TypeMember, UnaryOp};
use super::{EXPRESSION_END, Parser, Rule, Unexpected};
use crate::text::Span;

/// Tokens at which a property of an object type ends.
const MEMBER_END: &[TokenKind] = &[TokenKind::NewLine, TokenKind::RightBrace];
/// Tokens at which an element of a tuple ends.
const ELEMENT_END: &[TokenKind] = &[TokenKind::NewLine, TokenKind::RightSquare];
/// Tokens at which an argument between angle brackets ends.
const ARGUMENT_END: &[TokenKind] = &[TokenKind::NewLine, TokenKind::Comma, TokenKind::RightChevron];

impl<'t> Parser<'t> {
    /// The type of a declaration: a type expression, or `resource 'type@version'`.
    pub(super) fn declared_type(&mut self) -> Rule<Type<'t>> {
        self.type_or_resource(false)
    }

    /// As [`Parser::declared_type`]; an output may leave out the resource's type.
    pub(super) fn output_type(&mut self) -> Rule<Type<'t>> {
        self.type_or_resource(true)
    }

    fn type_or_resource(&mut self, optional: bool) -> Rule<Type<'t>> {
        if !self.is_keyword(0, "resource") || self.nth(1).kind == TokenKind::LeftChevron {
            return self.type_expression();
        }
        let keyword = self.bump();
        let mut span = self.span(keyword);
        let at_string = matches!(self.kind(), TokenKind::StringComplete | TokenKind::StringLeftPiece);
        let of = if optional && !at_string {
            None
        } else {
            let stops = &[TokenKind::Assignment, TokenKind::NewLine];
            let string = self.recover(stops, |parser| parser.expect_string("the resource's type"));
            span = span.to(string.span);
            Some(Box::new(string))
        };
        Ok(self.ty(TypeKind::Resource(of), span))
    }

    pub(super) fn type_expression(&mut self) -> Rule<Type<'t>> {
        self.deeper(Self::union_type)
    }

    fn union_type(&mut self) -> Rule<Type<'t>> {
        let start = self.here();
        if self.at_pipe() {
            self.next_member();
            let first = self.suffixed_type()?;
            return Ok(self.rest_of_union(start, first));
        }
        let first = self.suffixed_type()?;
        if self.at_pipe() { Ok(self.rest_of_union(first.span, first)) } else { Ok(first) }
    }

    fn rest_of_union(&mut self, start: Span, first: Type<'t>) -> Type<'t> {
        let mut span = start.to(first.span);
        let mut members = vec![first];
        while self.at_pipe() {
            self.next_member();
            let member = self.recover(&[TokenKind::NewLine], Self::suffixed_type);
            span = span.to(member.span);
            members.push(member);
        }
        self.ty(TypeKind::Union(members), span)
    }

    fn next_member(&mut self) {
        self.new_lines();
        self.bump();
    }

    /// A union may go on in the next line.
    fn at_pipe(&self) -> bool {
        self.is(TokenKind::Pipe) || (self.is(TokenKind::NewLine) && self.nth(1).kind == TokenKind::Pipe)
    }

    fn suffixed_type(&mut self) -> Rule<Type<'t>> {
        let mut ty = self.unary_type()?;
        loop {
            let wrap: fn(Box<Type<'t>>) -> TypeKind<'t> = match self.kind() {
                TokenKind::Question => TypeKind::Nullable,
                TokenKind::Exclamation => TypeKind::NonNullable,
                _ => return Ok(ty),
            };
            let token = self.bump();
            let span = ty.span.to(self.span(token));
            ty = self.ty(wrap(Box::new(ty)), span);
        }
    }

    fn unary_type(&mut self) -> Rule<Type<'t>> {
        let op = match self.kind() {
            TokenKind::Minus => UnaryOp::Minus,
            TokenKind::Exclamation => UnaryOp::Not,
            _ => return self.member_type(),
        };
        let token = self.bump();
        let operand = self.recover(EXPRESSION_END, Self::member_type);
        let span = self.span(token).to(operand.span);
        let kind = match operand.kind {
            TypeKind::Literal(literal) => TypeKind::Literal(Box::new(self.expr(ExprKind::Unary(op, literal), span))),
            kind => TypeKind::Unary(Box::new(Type { kind, ..operand })),
        };
        Ok(self.ty(kind, span))
    }

    fn member_type(&mut self) -> Rule<Type<'t>> {
        let mut base = self.primary_type()?;
        loop {
            base = match self.kind() {
                TokenKind::LeftSquare => self.type_index(base)?,
                TokenKind::Dot => self.type_dot(base),
                _ => return Ok(base),
            };
        }
    }

    fn type_index(&mut self, base: Type<'t>) -> Rule<Type<'t>> {
        self.bump();
        let start = base.span;
        let base = Box::new(base);
        let kind = match self.kind() {
            TokenKind::RightSquare => TypeKind::Array(base),
            TokenKind::Asterisk => {
                self.bump();
                TypeKind::Items(base)
            }
            _ => TypeKind::Index(base, Box::new(self.expression()?)),
        };
        let close = self.expect(TokenKind::RightSquare, "`]`")?;
        Ok(self.ty(kind, start.to(close)))
    }

    fn type_dot(&mut self, base: Type<'t>) -> Type<'t> {
        self.bump();
        let start = base.span;
        if self.is(TokenKind::Asterisk) {
            let token = self.bump();
            let span = start.to(self.span(token));
            return self.ty(TypeKind::OtherProperties(Box::new(base)), span);
        }
        let name = self.identifier_or_missing("the name of a property");
        if self.is(TokenKind::LeftChevron) {
            let (arguments, end) = self.type_arguments();
            return self.ty(TypeKind::Instance(Some(Box::new(base)), name, arguments), start.to(end));
        }
        self.ty(TypeKind::Property(Box::new(base), name), start.to(name.span))
    }

    fn type_arguments(&mut self) -> (Vec<Type<'t>>, Span) {
        let arguments =
            self.comma_separated(TokenKind::RightChevron, |parser| parser.recover(ARGUMENT_END, Self::type_expression));
        let end = self.close_list(TokenKind::RightChevron, "`>`");
        (arguments, end)
    }

    fn primary_type(&mut self) -> Rule<Type<'t>> {
        match self.kind() {
            TokenKind::Integer | TokenKind::NullKeyword | TokenKind::TrueKeyword | TokenKind::FalseKeyword => {
                self.literal().map(|literal| self.literal_type(literal))
            }
            TokenKind::StringComplete | TokenKind::StringLeftPiece => {
                let literal = self.string();
                Ok(self.literal_type(literal))
            }
            TokenKind::LeftBrace => self.object_type(),
            TokenKind::LeftSquare => self.tuple_type(),
            TokenKind::LeftParen => Ok(self.paren_type()),
            TokenKind::Identifier => self.named_type(),
            _ => self.unexpected("a type"),
        }
    }

    fn object_type(&mut self) -> Rule<Type<'t>> {
        let open = self.expect(TokenKind::LeftBrace, "`{`")?;
        let members = self.separated(TokenKind::RightBrace, Self::type_member);
        let close = self.expect(TokenKind::RightBrace, "`}`")?;
        Ok(self.ty(TypeKind::Object(members), open.to(close)))
    }

    fn tuple_type(&mut self) -> Rule<Type<'t>> {
        let open = self.expect(TokenKind::LeftSquare, "`[`")?;
        let elements = self.separated(TokenKind::RightSquare, Self::tuple_element);
        let close = self.expect(TokenKind::RightSquare, "`]`")?;
        Ok(self.ty(TypeKind::Tuple(elements), open.to(close)))
    }

    fn named_type(&mut self) -> Rule<Type<'t>> {
        let name = self.identifier("a type")?;
        if !self.is(TokenKind::LeftChevron) {
            return Ok(self.ty(TypeKind::Name(name), name.span));
        }
        let (arguments, end) = self.type_arguments();
        Ok(self.ty(TypeKind::Instance(None, name, arguments), name.span.to(end)))
    }

    fn literal_type(&mut self, literal: Expr<'t>) -> Type<'t> {
        let span = literal.span;
        if literal.is_skipped() { Type::skipped(span) } else { self.ty(TypeKind::Literal(Box::new(literal)), span) }
    }

    fn paren_type(&mut self) -> Type<'t> {
        let mut found = self.parenthesised(false, Self::type_expression);
        match (found.elements.pop(), found.elements.is_empty()) {
            (Some(only), true) => self.ty(TypeKind::Paren(Box::new(only)), found.span),
            _ => {
                let message = "parentheses hold exactly one type".to_owned();
                self.report(Unexpected { span: found.span, message });
                self.record_skipped(found.span);
                Type::skipped(found.span)
            }
        }
    }

    fn type_member(&mut self) -> TypeMember<'t> {
        let decorators = self.decorators();
        let stops = &[TokenKind::Colon, TokenKind::NewLine, TokenKind::RightBrace];
        let key = if self.eat(TokenKind::Asterisk) { None } else { Some(self.recover(stops, Self::member_key)) };
        self.recover(MEMBER_END, |parser| parser.expect(TokenKind::Colon, "`:`"));
        let value = self.recover(MEMBER_END, Self::type_expression);
        TypeMember { decorators, key, value }
    }

    fn tuple_element(&mut self) -> Type<'t> {
        // What decorates an element of a tuple says nothing that is used.
        self.decorators();
        self.recover(ELEMENT_END, Self::type_expression)
    }
}
