//! Literals: numbers, strings with holes, objects, arrays, and the loops and conditions around them.

use super::super::lexer::{Style, Token, TokenKind, string_content};
use super::super::syntax::{Element, Expr, ExprKind, For, Identifier, Member, StrPart};
use super::{Body, Parser, Rule, Unexpected};
use crate::text::Span;

/// Tokens at which a hole ends.
const HOLE_END: &[TokenKind] = &[TokenKind::StringMiddlePiece, TokenKind::StringRightPiece, TokenKind::NewLine];
/// Tokens at which a member of an object ends.
const MEMBER_END: &[TokenKind] = &[TokenKind::NewLine, TokenKind::RightBrace];
/// Tokens at which an element of an array, or a part of a loop, ends.
const ELEMENT_END: &[TokenKind] = &[TokenKind::NewLine, TokenKind::RightSquare];

impl<'t> Parser<'t> {
    pub(super) fn literal(&mut self) -> Rule<Expr<'t>> {
        let token = self.peek();
        let span = self.span(token);
        let kind = match token.kind {
            TokenKind::TrueKeyword => ExprKind::Bool(true),
            TokenKind::FalseKeyword => ExprKind::Bool(false),
            TokenKind::NullKeyword => ExprKind::Null,
            TokenKind::Integer => match self.text_of(token).parse() {
                Ok(value) => ExprKind::Int(value),
                Err(_) => return Err(Unexpected { span, message: "this number is too large".to_owned() }),
            },
            _ => return self.unexpected("a value"),
        };
        self.bump();
        Ok(self.expr(kind, span))
    }

    /// A string; skipped if one of its pieces is malformed or its holes don't close.
    pub(super) fn string(&mut self) -> Expr<'t> {
        let first = self.bump();
        let style = Style::of(self.text_of(first));
        let mut whole = !first.malformed;
        let mut parts = self.text_parts(first, style);
        let mut last = first;
        while last.kind != TokenKind::StringComplete && last.kind != TokenKind::StringRightPiece {
            parts.push(StrPart::Hole(self.hole()));
            if !matches!(self.kind(), TokenKind::StringMiddlePiece | TokenKind::StringRightPiece) {
                return self.broken_string(first);
            }
            last = self.bump();
            whole &= !last.malformed;
            parts.extend(self.text_parts(last, style));
        }
        if !whole {
            return self.broken_string(first);
        }
        let span = Span::new(self.source, first.start, last.end);
        self.expr(ExprKind::Str(parts), span)
    }

    /// The lexer has said what is wrong with it.
    fn broken_string(&mut self, first: Token) -> Expr<'t> {
        let span = Span::new(self.source, first.start, self.peek().start);
        self.record_skipped(span);
        Expr::skipped(span)
    }

    /// What stands in a hole, up to its end; skipped if more than an expression stands there.
    fn hole(&mut self) -> Expr<'t> {
        let start = self.at;
        let inner = self.recover(HOLE_END, Self::expression);
        if self.at_end() || HOLE_END.contains(&self.kind()) {
            return inner;
        }
        self.report_here("expected the end of the hole, `}`, here");
        Expr::skipped(self.skip_from(start, HOLE_END))
    }

    fn text_parts(&self, token: Token, style: Style) -> Vec<StrPart<'t>> {
        string_content(self.text, token, style)
            .into_iter()
            .map(|content| StrPart::Text(content.text, Span::new(self.source, content.start, content.end)))
            .collect()
    }

    /// A string where nothing else may stand. Without one the rest of the line says nothing.
    pub(super) fn expect_string(&mut self, wanted: &str) -> Rule<Expr<'t>> {
        let span = self.span(self.peek());
        if !matches!(self.kind(), TokenKind::StringComplete | TokenKind::StringLeftPiece) {
            let error = self.unexpected(wanted);
            self.skip_from(self.at, HOLE_END);
            return error;
        }
        let string = self.string();
        if string.is_skipped() {
            return Err(Unexpected { span, message: format!("expected {wanted} here") });
        }
        Ok(string)
    }

    pub(super) fn object(&mut self, body: Body) -> Rule<Expr<'t>> {
        let open = self.expect(TokenKind::LeftBrace, "`{`")?;
        let members =
            self.deeper(|parser| Ok(parser.separated(TokenKind::RightBrace, |parser| parser.object_member(body))))?;
        let close = self.expect(TokenKind::RightBrace, "`}`")?;
        Ok(self.expr(ExprKind::Object(members), open.to(close)))
    }

    /// Elements up to `close`, which is not read. Line ends or commas separate them.
    pub(super) fn separated<T>(&mut self, close: TokenKind, mut element: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut elements = Vec::new();
        self.new_lines();
        while !self.at_end() && !self.is(close) {
            elements.push(element(self));
            if self.is(close) {
                break;
            }
            if self.eat(TokenKind::Comma) || self.is(TokenKind::NewLine) {
                // The language takes either a comma or a line end; both together do no harm to the reader.
                self.new_lines();
            } else if !self.at_end() {
                self.report_here("expected a new line or `,` here");
            }
        }
        elements
    }

    fn object_member(&mut self, body: Body) -> Member<'t> {
        let start = self.at;
        if body == Body::Resource && self.at_nested_resource() {
            return self.nested_resource();
        }
        if self.is(TokenKind::Ellipsis) {
            return Member::Spread(self.spread(&[TokenKind::Comma, TokenKind::NewLine, TokenKind::RightBrace]));
        }
        let key = self.recover(&[TokenKind::Colon, TokenKind::NewLine, TokenKind::RightBrace], Self::member_key);
        if key.is_skipped() {
            return Member::Skipped(self.skip_from(start, MEMBER_END));
        }
        self.recover(MEMBER_END, |parser| parser.expect(TokenKind::Colon, "`:`"));
        let value = self.recover(MEMBER_END, Self::expression);
        Member::Property { key, value }
    }

    pub(super) fn member_key(&mut self) -> Rule<Expr<'t>> {
        match self.kind() {
            TokenKind::Identifier => {
                let name = self.identifier("the name of a property")?;
                Ok(self.expr(ExprKind::Name(name), name.span))
            }
            TokenKind::StringComplete | TokenKind::StringLeftPiece => self.expect_string("the name of a property"),
            _ => self.unexpected("the name of a property"),
        }
    }

    fn spread(&mut self, stops: &[TokenKind]) -> Expr<'t> {
        self.bump();
        self.recover(stops, Self::expression)
    }

    pub(super) fn array(&mut self) -> Rule<Expr<'t>> {
        let open = self.expect(TokenKind::LeftSquare, "`[`")?;
        let elements = self.separated(TokenKind::RightSquare, Self::array_element);
        let close = self.expect(TokenKind::RightSquare, "`]`")?;
        Ok(self.expr(ExprKind::Array(elements), open.to(close)))
    }

    fn array_element(&mut self) -> Element<'t> {
        if self.is(TokenKind::Ellipsis) {
            return Element::Spread(self.spread(&[TokenKind::Comma, TokenKind::NewLine, TokenKind::RightSquare]));
        }
        let value = self.recover(ELEMENT_END, Self::expression);
        if value.is_skipped() { Element::Skipped(value.span) } else { Element::One(value) }
    }

    /// `[for item in items: body]`. In a resource or module (`body` says which) the body is an object or a
    /// condition, elsewhere any expression.
    pub(super) fn for_expression(&mut self, body: Option<Body>) -> Rule<Expr<'t>> {
        let open = self.expect(TokenKind::LeftSquare, "`[`")?;
        self.new_lines();
        self.expect_keyword("for")?;
        let (item, index) = self.loop_names();
        self.recover(ELEMENT_END, |parser| parser.expect_keyword("in"));
        let over = self.recover(&[TokenKind::Colon, TokenKind::RightSquare, TokenKind::NewLine], Self::expression);
        self.recover(ELEMENT_END, |parser| parser.expect(TokenKind::Colon, "`:`"));
        let body = self.recover(ELEMENT_END, |parser| parser.loop_body(body));
        if !body.is_skipped() {
            self.new_lines();
        }
        let close = self.recover(ELEMENT_END, |parser| parser.expect(TokenKind::RightSquare, "`]`"));
        Ok(self.expr(ExprKind::For(Box::new(For { item, index, over, body })), open.to(close)))
    }

    fn loop_body(&mut self, body: Option<Body>) -> Rule<Expr<'t>> {
        match body {
            None => self.expression(),
            Some(body) if self.is_keyword(0, "if") => self.if_condition(body, true),
            Some(body) if self.is(TokenKind::LeftBrace) => self.object(body),
            Some(_) => self.unexpected("`{` or `if`"),
        }
    }

    /// `item`, or `(item, index)`.
    fn loop_names(&mut self) -> (Identifier<'t>, Option<Identifier<'t>>) {
        let missing = Identifier { text: "", span: self.here() };
        match self.kind() {
            TokenKind::Identifier => (self.identifier("a name").unwrap_or(missing), None),
            TokenKind::LeftParen => {
                let found = self.parenthesised(false, |parser| parser.identifier("the name of the item or index"));
                if found.elements.len() != 2 {
                    let message = "a loop names its item, or its item and its index".to_owned();
                    self.report(Unexpected { span: found.span, message });
                }
                let mut names = found.elements.into_iter();
                (names.next().unwrap_or(missing), names.next())
            }
            _ => {
                self.report_here("expected the name of the loop's item, or `(item, index)`, here");
                (missing, None)
            }
        }
    }

    /// `if (condition) { ... }`.
    pub(super) fn if_condition(&mut self, body: Body, in_loop: bool) -> Rule<Expr<'t>> {
        let keyword = self.expect_keyword("if")?;
        let before_body: &[TokenKind] = if in_loop {
            &[TokenKind::RightSquare, TokenKind::LeftBrace, TokenKind::NewLine]
        } else {
            &[TokenKind::LeftBrace, TokenKind::NewLine]
        };
        let condition = self.recover(before_body, Self::paren);
        let stops: &[TokenKind] = if in_loop { ELEMENT_END } else { &[TokenKind::NewLine] };
        let object = self.recover(stops, |parser| parser.object(body));
        let span = keyword.to(object.span);
        Ok(self.expr(ExprKind::If(Box::new((condition, object))), span))
    }
}
