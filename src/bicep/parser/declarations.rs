//! The declarations, each from its keyword to the end of its value.

use super::super::lexer::TokenKind;
use super::super::syntax::{
    Bound, DeclarationKind, Expr, Extension, Func, Identifier, Imported, ImportedName, Module, Param, Resource, Type,
};
use super::{Body, Parser, Recoverable, Rule};
use crate::text::Span;

const LINE_END: &[TokenKind] = &[TokenKind::NewLine];
const NAME_END: &[TokenKind] = &[TokenKind::Assignment, TokenKind::NewLine];
/// A name that is missing before a type: the type follows all the same.
const TYPED_NAME_END: &[TokenKind] = &[TokenKind::Identifier, TokenKind::NewLine];
/// A symbol that is missing before a type or path in quotes.
const SYMBOL_END: &[TokenKind] = &[TokenKind::StringComplete, TokenKind::StringLeftPiece, TokenKind::NewLine];
const BEFORE_BODY: &[TokenKind] = &[TokenKind::LeftBrace, TokenKind::NewLine];

/// What a rule read, and where it ended.
pub(super) type Read<'t> = (DeclarationKind<'t>, Span);

impl Recoverable for (Identifier<'_>, Type<'_>) {
    fn skipped(span: Span) -> Self {
        (Identifier::skipped(span), Type::skipped(span))
    }
}

impl<'t> Parser<'t> {
    pub(super) fn target_scope(&mut self) -> Read<'t> {
        self.bump();
        self.equals(LINE_END);
        let value = self.value();
        let end = value.span;
        (DeclarationKind::TargetScope(value), end)
    }

    pub(super) fn metadata(&mut self) -> Read<'t> {
        let (bound, end) = self.bound(NAME_END, "the name of the metadata");
        (DeclarationKind::Metadata(bound), end)
    }

    pub(super) fn assertion(&mut self) -> Read<'t> {
        let (bound, end) = self.bound(NAME_END, "the name of the assertion");
        (DeclarationKind::Assert(bound), end)
    }

    pub(super) fn assignment(&mut self) -> Read<'t> {
        let (bound, end) = self.bound(TYPED_NAME_END, "the name of the parameter");
        (DeclarationKind::Assign(bound), end)
    }

    /// `keyword name = value`
    fn bound(&mut self, name_end: &[TokenKind], wanted: &str) -> (Bound<'t>, Span) {
        self.bump();
        let name = self.recover(name_end, |parser| parser.identifier(wanted));
        self.equals(LINE_END);
        let value = self.value();
        let end = value.span;
        (Bound { name, ty: None, value }, end)
    }

    pub(super) fn var(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(TYPED_NAME_END, |parser| parser.identifier("the name of the variable"));
        let ty = match self.kind() {
            TokenKind::EndOfFile | TokenKind::NewLine | TokenKind::Assignment => None,
            _ => Some(self.recover(NAME_END, Self::declared_type)),
        };
        self.equals(LINE_END);
        let value = self.value();
        let end = value.span;
        (DeclarationKind::Var(Bound { name, ty, value }), end)
    }

    pub(super) fn output(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(TYPED_NAME_END, |parser| parser.identifier("the name of the output"));
        let ty = self.recover(NAME_END, Self::output_type);
        self.equals(LINE_END);
        let value = self.value();
        let end = value.span;
        (DeclarationKind::Output(Bound { name, ty: Some(ty), value }), end)
    }

    pub(super) fn param(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(TYPED_NAME_END, |parser| parser.identifier("the name of the parameter"));
        let stops = &[TokenKind::Assignment, TokenKind::LeftBrace, TokenKind::NewLine];
        let ty = self.recover(stops, Self::declared_type);
        let mut end = ty.span;
        let (mut default, mut modifier) = (None, None);
        match self.kind() {
            TokenKind::EndOfFile | TokenKind::NewLine => {}
            TokenKind::Assignment => {
                self.bump();
                let value = self.value();
                end = value.span;
                default = Some(value);
            }
            TokenKind::LeftBrace => {
                let object = self.recover(LINE_END, |parser| parser.object(Body::Plain));
                end = object.span;
                modifier = Some(object);
            }
            _ => {
                let found: Expr<'t> = self.recover(LINE_END, |parser| parser.unexpected("`=` or a new line"));
                end = found.span;
            }
        }
        (DeclarationKind::Param(Box::new(Param { name, ty, default, modifier })), end)
    }

    pub(super) fn type_declaration(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(NAME_END, |parser| parser.identifier("the name of the type"));
        self.equals(LINE_END);
        let stops = &[TokenKind::Assignment, TokenKind::LeftBrace, TokenKind::NewLine];
        let value = self.recover(stops, Self::declared_type);
        let end = value.span;
        (DeclarationKind::Type { name, value }, end)
    }

    pub(super) fn func(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(NAME_END, |parser| parser.identifier("the name of the function"));
        if !self.is(TokenKind::LeftParen) {
            let body: Expr<'t> = self.recover(LINE_END, |parser| parser.unexpected("`(`"));
            let end = body.span;
            let func = Func { name, args: Vec::new(), returns: Type::skipped(end), body };
            return (DeclarationKind::Func(Box::new(func)), end);
        }
        let args = self.parenthesised(true, |parser| Ok(parser.typed_argument())).elements;
        let stops = &[TokenKind::NewLine, TokenKind::RightParen];
        let returns = self.recover(stops, Self::declared_type);
        let arrow = self.is(TokenKind::Arrow);
        self.recover(stops, |parser| parser.expect(TokenKind::Arrow, "`=>`"));
        let body = if arrow { self.lambda_body() } else { self.recover(stops, Self::expression) };
        let end = body.span;
        (DeclarationKind::Func(Box::new(Func { name, args, returns, body })), end)
    }

    fn typed_argument(&mut self) -> (Identifier<'t>, Type<'t>) {
        let name = self.identifier_or_missing("the name of an argument");
        let stops = &[TokenKind::NewLine, TokenKind::Comma, TokenKind::RightParen];
        (name, self.recover(stops, Self::declared_type))
    }

    pub(super) fn resource(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(SYMBOL_END, |parser| parser.identifier("the name of the resource"));
        let ty = self.recover(NAME_END, |parser| parser.expect_string("the resource's type"));
        let existing = self.eat_keyword("existing");
        self.equals(BEFORE_BODY);
        let value = self.resource_value(Body::Resource);
        let end = value.span;
        (DeclarationKind::Resource(Box::new(Resource { name, ty, existing, value })), end)
    }

    pub(super) fn module(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(SYMBOL_END, |parser| parser.identifier("the name of the module"));
        let path = self.recover(NAME_END, |parser| parser.expect_string("the module's path"));
        self.equals(BEFORE_BODY);
        let value = self.resource_value(Body::Plain);
        let end = value.span;
        (DeclarationKind::Module(Module { name, path, value }), end)
    }

    pub(super) fn test(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(SYMBOL_END, |parser| parser.identifier("the name of the test"));
        let path = self.recover(NAME_END, |parser| parser.expect_string("the path of the tested template"));
        self.equals(BEFORE_BODY);
        let value = self.recover(LINE_END, |parser| parser.object(Body::Plain));
        let end = value.span;
        (DeclarationKind::Test(Module { name, path, value }), end)
    }

    /// An object, a condition (perhaps in the next line), or a loop.
    fn resource_value(&mut self, body: Body) -> Expr<'t> {
        if self.is_keyword(self.past_new_lines(0), "if") {
            self.new_lines();
        }
        self.recover(LINE_END, |parser| match parser.kind() {
            TokenKind::LeftBrace => parser.object(body),
            TokenKind::LeftSquare => parser.for_expression(Some(body)),
            _ if parser.is_keyword(0, "if") => parser.if_condition(body, false),
            _ => parser.unexpected("`{`, `[` or `if`"),
        })
    }

    /// `import` begins an extension if a string follows.
    pub(super) fn import(&mut self) -> Rule<Read<'t>> {
        if matches!(self.nth(1).kind, TokenKind::StringComplete | TokenKind::StringLeftPiece) {
            return Ok(self.extension());
        }
        self.bump();
        let what = match self.kind() {
            TokenKind::LeftBrace => {
                self.bump();
                let names = self.separated(TokenKind::RightBrace, Self::imported_name);
                self.expect(TokenKind::RightBrace, "`}`")?;
                Imported::Listed(names)
            }
            TokenKind::Asterisk => self.imported_all(),
            TokenKind::EndOfFile | TokenKind::NewLine | TokenKind::Identifier => {
                self.report_here("expected `{` or `*` here");
                Imported::Skipped(self.here())
            }
            _ => {
                self.report_here("expected `{` or `*` here");
                let token = self.bump();
                Imported::Skipped(self.span(token))
            }
        };
        let path = self.recover(LINE_END, |parser| {
            parser.expect_keyword("from")?;
            Ok(parser.recover(LINE_END, |parser| parser.expect_string("the path of a file")))
        });
        let end = path.span;
        Ok((DeclarationKind::Import { what, path }, end))
    }

    fn imported_all(&mut self) -> Imported<'t> {
        let alias = self.recover(LINE_END, |parser| {
            parser.bump();
            parser.expect_keyword("as")?;
            parser.identifier("a name for what is imported")
        });
        if alias.is_missing() { Imported::Skipped(alias.span) } else { Imported::All(alias) }
    }

    fn imported_name(&mut self) -> ImportedName<'t> {
        let name = match self.member_key() {
            Ok(name) => name,
            Err(error) => {
                self.report(error);
                let token = self.bump();
                Expr::skipped(self.span(token))
            }
        };
        let alias = self.eat_keyword("as").then(|| {
            self.recover(&[TokenKind::Comma, TokenKind::NewLine], |parser| parser.identifier("a name for it here"))
        });
        let span = alias.map_or(name.span, |alias| name.span.to(alias.span));
        ImportedName { name, alias, span }
    }

    pub(super) fn extension(&mut self) -> Read<'t> {
        self.bump();
        let specification = self.recover(LINE_END, Self::member_key);
        let mut end = specification.span;
        let at_line_end = |parser: &Self| parser.at_end() || parser.is(TokenKind::NewLine);
        let mut with = None;
        if !at_line_end(self) && !self.is_keyword(0, "as") {
            let config = self.with_clause();
            end = config.span;
            with = Some(config);
        }
        let mut alias = None;
        if at_line_end(self) {
            end = end.to(self.here());
        } else {
            let name = self.recover(LINE_END, |parser| {
                parser.expect_keyword("as")?;
                Ok(parser.recover(LINE_END, |parser| parser.identifier("a name for the extension")))
            });
            end = name.span;
            alias = Some(name);
        }
        (DeclarationKind::Extension(Box::new(Extension { specification, with, alias })), end)
    }

    /// `with { ... }`; extensions of old wrote the object alone.
    fn with_clause(&mut self) -> Expr<'t> {
        self.recover(LINE_END, |parser| {
            if !parser.is(TokenKind::LeftBrace) {
                parser.expect_keyword("with")?;
            }
            Ok(parser.recover(LINE_END, |parser| parser.object(Body::Plain)))
        })
    }

    pub(super) fn using(&mut self) -> Rule<Read<'t>> {
        self.bump();
        let mut path = None;
        match self.kind() {
            TokenKind::Identifier => {
                self.expect_keyword("none")?;
            }
            TokenKind::StringComplete => path = Some(self.expect_string("the path of a template")?),
            _ => self.report_here("expected the path of a template, or `none`, here"),
        }
        let mut with = None;
        let mut end = self.here();
        if !self.at_end() && !self.is(TokenKind::NewLine) {
            let config = self.with_clause();
            end = config.span;
            with = Some(config);
        }
        Ok((DeclarationKind::Using { path, with }, end))
    }

    pub(super) fn extends(&mut self) -> Read<'t> {
        self.bump();
        let path = self.recover(LINE_END, |parser| parser.expect_string("the path of a parameters file"));
        let end = path.span;
        (DeclarationKind::Extends(path), end)
    }

    pub(super) fn extension_config(&mut self) -> Read<'t> {
        self.bump();
        let name = self.recover(TYPED_NAME_END, |parser| parser.identifier("the name of an extension"));
        let with = self.with_clause();
        let end = with.span;
        (DeclarationKind::ExtensionConfig { name, with }, end)
    }

    fn equals(&mut self, stops: &[TokenKind]) {
        self.recover(stops, |parser| parser.expect(TokenKind::Assignment, "`=`"));
    }

    fn value(&mut self) -> Expr<'t> {
        self.recover(LINE_END, Self::expression)
    }
}
