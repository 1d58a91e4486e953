//! A file as a list of declarations: which rule reads which, and decorators before them.

use super::super::lexer::TokenKind;
use super::super::syntax::{Declaration, DeclarationKind, Decorator, Expr, ExprKind, Member};
use super::declarations::Read;
use super::{FileKind, Parser, Rule};

impl<'t> Parser<'t> {
    pub(super) fn file(&mut self) -> Vec<Declaration<'t>> {
        let mut declarations = Vec::new();
        loop {
            self.new_lines();
            if self.at_end() {
                return declarations;
            }
            let start = self.at;
            match self.declaration(false) {
                Ok(declaration) => {
                    let missing = matches!(declaration.kind, DeclarationKind::Missing);
                    declarations.push(declaration);
                    if !missing && !self.at_end() {
                        self.recover(&[TokenKind::NewLine], |parser| parser.expect(TokenKind::NewLine, "a new line"));
                    }
                }
                Err(error) => {
                    self.report(error);
                    self.skip_from(start, &[TokenKind::NewLine]);
                }
            }
        }
    }

    /// A declaration with its decorators; `nested` ones are resources.
    fn declaration(&mut self, nested: bool) -> Rule<Declaration<'t>> {
        let start = self.peek();
        let decorators = self.decorators();
        let behind = self.at;
        let keyword = if self.is(TokenKind::Identifier) { self.text_of(self.peek()) } else { "" };
        let read = match keyword {
            "resource" if nested => Some(Ok(self.resource())),
            _ if nested => None,
            _ => match self.kind {
                FileKind::Bicep => self.template_declaration(keyword),
                FileKind::Parameters => self.parameters_declaration(keyword),
            },
        };
        let (kind, end) = match read {
            Some(read) => read?,
            None if decorators.is_empty() => return self.unexpected("a declaration"),
            None => {
                self.report_here("expected a declaration after the decorator");
                let last = self.tokens.get(behind.saturating_sub(1)).copied().unwrap_or(start);
                (DeclarationKind::Missing, self.span(last))
            }
        };
        Ok(Declaration { span: self.span(start).to(end), decorators, kind })
    }

    /// `None` if no declaration of a `.bicep` file begins with the keyword.
    fn template_declaration(&mut self, keyword: &str) -> Option<Rule<Read<'t>>> {
        Some(Ok(match keyword {
            "targetScope" => self.target_scope(),
            "metadata" => self.metadata(),
            "type" => self.type_declaration(),
            "param" => self.param(),
            "var" => self.var(),
            "func" => self.func(),
            "resource" => self.resource(),
            "output" => self.output(),
            "module" => self.module(),
            "test" => self.test(),
            "import" => return Some(self.import()),
            "extension" | "provider" => self.extension(),
            "assert" => self.assertion(),
            _ => return None,
        }))
    }

    /// `None` if no declaration of a `.bicepparam` file begins with the keyword.
    fn parameters_declaration(&mut self, keyword: &str) -> Option<Rule<Read<'t>>> {
        Some(Ok(match keyword {
            "using" => return Some(self.using()),
            "extends" => self.extends(),
            "param" => self.assignment(),
            "var" => self.var(),
            "import" => return Some(self.import()),
            "extensionConfig" => self.extension_config(),
            "extension" => self.extension(),
            "type" => self.type_declaration(),
            _ => return None,
        }))
    }

    /// A decorator begins a nested resource; the name `resource` only where another name follows.
    pub(super) fn at_nested_resource(&self) -> bool {
        self.is(TokenKind::At) || (self.is_keyword(0, "resource") && self.nth(1).kind == TokenKind::Identifier)
    }

    pub(super) fn nested_resource(&mut self) -> Member<'t> {
        let start = self.at;
        match self.declaration(true) {
            Ok(declaration) => Member::Resource(Box::new(declaration)),
            Err(error) => {
                self.report(error);
                Member::Skipped(self.skip_from(start, &[TokenKind::NewLine]))
            }
        }
    }

    /// Decorators, each with the line ends behind it.
    pub(super) fn decorators(&mut self) -> Vec<Decorator<'t>> {
        let mut decorators = Vec::new();
        while self.is(TokenKind::At) {
            let at = self.bump();
            let call = self.recover(&[TokenKind::NewLine], Self::decorator);
            decorators.push(Decorator { span: self.span(at).to(call.span), call });
            if !self.at_end() {
                self.recover(&[TokenKind::NewLine], |parser| parser.expect(TokenKind::NewLine, "a new line"));
            }
            self.new_lines();
        }
        decorators
    }

    fn decorator(&mut self) -> Rule<Expr<'t>> {
        let name = self.identifier("the name of a decorator")?;
        let mut base = if self.is(TokenKind::LeftParen) {
            let (args, end) = self.arguments();
            self.expr(ExprKind::Call(name, args), name.span.to(end))
        } else {
            self.expr(ExprKind::Name(name), name.span)
        };
        while self.eat(TokenKind::Dot) {
            let name = self.identifier_or_missing("the name of a decorator");
            base = if self.is(TokenKind::LeftParen) {
                let (args, end) = self.arguments();
                let span = base.span.to(end);
                self.expr(ExprKind::Method(Box::new(base), name, args), span)
            } else {
                let span = base.span.to(name.span);
                self.expr(ExprKind::Property { base: Box::new(base), name, safe: false }, span)
            };
        }
        Ok(base)
    }
}
