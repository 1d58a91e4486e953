//! Tokens to a tree, whatever the text.
//!
//! A rule that meets a token it can't use fails with [`Unexpected`]; [`Parser::recover`] turns that into a skipped
//! node, after reading on to a token at which the rule around it can go on (a line end, a closing bracket). Where a
//! rule recovers, and at which tokens, is chosen so that declarations end where Bicep's own parser ends them: then a
//! broken file shows the same declarations here and there.

mod access;
mod declarations;
mod expressions;
mod literals;
mod statements;
mod types;

use std::collections::HashSet;

use super::faults::Faults;
use super::lexer::{Lexed, Token, TokenKind, lex};
use super::syntax::{Expr, ExprKind, Identifier, Tree, Type, TypeKind};
use crate::text::{SourceId, Span};

/// How deep expressions and types may nest. Real files stay below 40.
pub const MAX_DEPTH: u16 = 256;

/// Tokens at which an expression inside of something bracketed certainly ends.
const EXPRESSION_END: &[TokenKind] = &[
    TokenKind::StringRightPiece,
    TokenKind::RightBrace,
    TokenKind::RightParen,
    TokenKind::RightSquare,
    TokenKind::NewLine,
];

/// A tree and what was wrong with the text.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The tree.
    pub tree: Tree<'t>,
    /// All tokens, the end included.
    pub tokens: Vec<Token>,
    /// Where and what, in source order.
    pub diagnostics: Vec<(Span, String)>,
}

/// Which of the two languages a file is written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// `.bicep`
    Bicep,
    /// `.bicepparam`
    Parameters,
}

/// Parses a whole file.
pub fn parse(source: SourceId, text: &str, kind: FileKind) -> Parsed<'_> {
    let Lexed { tokens, diagnostics: lexical } = lex(source, text);
    let mut parser = Parser {
        source,
        text,
        kind,
        tokens,
        at: 0,
        depth: 0,
        faults: Faults::default(),
        skipped: Vec::new(),
        resumed: u32::MAX,
    };
    let declarations = parser.file();
    let mut diagnostics = parser.faults.into_vec();
    // A token that the lexer refused is refused by the parser too, most often; the lexer's word says more.
    let causes: HashSet<u32> = lexical.iter().map(|(cause, _)| cause.start).collect();
    diagnostics.retain(|(span, _)| !causes.contains(&span.start));
    diagnostics.extend(lexical);
    diagnostics.sort_by_key(|(span, _)| *span);
    Parsed { tree: Tree { declarations, skipped: parser.skipped }, tokens: parser.tokens, diagnostics }
}

/// A rule met something else.
struct Unexpected {
    span: Span,
    message: String,
}

type Rule<T> = Result<T, Unexpected>;

/// A node that may stand for text that could not be read.
trait Recoverable {
    fn skipped(span: Span) -> Self;
}

impl Recoverable for Expr<'_> {
    fn skipped(span: Span) -> Self {
        Expr::skipped(span)
    }
}

impl Recoverable for Type<'_> {
    fn skipped(span: Span) -> Self {
        Type::skipped(span)
    }
}

impl Recoverable for Identifier<'_> {
    fn skipped(span: Span) -> Self {
        Identifier { text: "", span }
    }
}

/// Mere punctuation: only where it stood matters.
impl Recoverable for Span {
    fn skipped(span: Span) -> Self {
        span
    }
}

/// Whether resources may be nested in an object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// The body of a resource.
    Resource,
    /// Any other object.
    Plain,
}

struct Parser<'t> {
    source: SourceId,
    text: &'t str,
    kind: FileKind,
    tokens: Vec<Token>,
    at: usize,
    depth: u16,
    faults: Faults,
    skipped: Vec<Span>,
    /// Where the last skip ended.
    resumed: u32,
}

impl<'t> Parser<'t> {
    fn nth(&self, ahead: usize) -> Token {
        let end = self.text.len() as u32;
        let past = Token { kind: TokenKind::EndOfFile, malformed: false, start: end, end };
        self.tokens.get(self.at + ahead).copied().unwrap_or(past)
    }

    fn peek(&self) -> Token {
        self.nth(0)
    }

    fn kind(&self) -> TokenKind {
        self.nth(0).kind
    }

    fn is(&self, kind: TokenKind) -> bool {
        self.nth(0).kind == kind
    }

    fn at_end(&self) -> bool {
        self.is(TokenKind::EndOfFile)
    }

    /// Reads a token; at the end of the file it stays there.
    fn bump(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::EndOfFile {
            self.at += 1;
        }
        token
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.is(kind);
        if found {
            self.bump();
        }
        found
    }

    fn new_lines(&mut self) {
        while self.eat(TokenKind::NewLine) {}
    }

    /// How far ahead (from `ahead` on) the first token stands that is no line end.
    fn past_new_lines(&self, mut ahead: usize) -> usize {
        while self.nth(ahead).kind == TokenKind::NewLine {
            ahead += 1;
        }
        ahead
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.source, token.start, token.end)
    }

    /// The empty span before the next token.
    fn here(&self) -> Span {
        let start = self.peek().start;
        Span::new(self.source, start, start)
    }

    fn text_of(&self, token: Token) -> &'t str {
        self.text.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    fn is_keyword(&self, ahead: usize, keyword: &str) -> bool {
        let token = self.nth(ahead);
        token.kind == TokenKind::Identifier && self.text_of(token) == keyword
    }

    fn eat_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(0, keyword);
        if found {
            self.bump();
        }
        found
    }

    fn unexpected<T>(&self, wanted: &str) -> Rule<T> {
        Err(Unexpected { span: self.span(self.peek()), message: format!("expected {wanted} here") })
    }

    fn expect(&mut self, kind: TokenKind, wanted: &str) -> Rule<Span> {
        if !self.is(kind) {
            return self.unexpected(wanted);
        }
        let token = self.bump();
        Ok(self.span(token))
    }

    fn expect_keyword(&mut self, keyword: &str) -> Rule<Span> {
        if !self.is_keyword(0, keyword) {
            return self.unexpected(&format!("`{keyword}`"));
        }
        let token = self.bump();
        Ok(self.span(token))
    }

    fn identifier(&mut self, wanted: &str) -> Rule<Identifier<'t>> {
        let span = self.expect(TokenKind::Identifier, wanted)?;
        Ok(Identifier { text: self.text.get(span.start as usize..span.end as usize).unwrap_or_default(), span })
    }

    /// A name, or an empty one where none stands.
    fn identifier_or_missing(&mut self, wanted: &str) -> Identifier<'t> {
        self.identifier(wanted).unwrap_or_else(|error| {
            self.report(error);
            Identifier { text: "", span: self.here() }
        })
    }

    /// A missing piece is one fault, however many rules miss something at the same place; and what a rule misses
    /// where another gave up is the other's fault.
    fn report(&mut self, error: Unexpected) {
        let said = self.faults.last_start() == Some(error.span.start);
        if !said && self.resumed != error.span.start {
            self.faults.add(error.span, error.message);
        }
    }

    fn report_here(&mut self, message: &str) {
        self.report(Unexpected { span: self.here(), message: message.to_owned() });
    }

    /// Runs a rule; if it fails, reads on to one of `stops` and gives a skipped node over all that was read.
    fn recover<T: Recoverable>(&mut self, stops: &[TokenKind], rule: impl FnOnce(&mut Self) -> Rule<T>) -> T {
        let start = self.at;
        rule(self).unwrap_or_else(|error| {
            self.report(error);
            T::skipped(self.skip_from(start, stops))
        })
    }

    /// Reads on to one of `stops` and records all tokens since the one with index `start` as skipped.
    fn skip_from(&mut self, start: usize, stops: &[TokenKind]) -> Span {
        while !self.at_end() && !stops.contains(&self.kind()) {
            self.bump();
        }
        self.resumed = self.peek().start;
        let span = match (self.tokens.get(start), self.tokens.get(start..self.at).and_then(<[Token]>::last)) {
            (Some(first), Some(last)) => Span::new(self.source, first.start, last.end),
            _ => self.here(),
        };
        self.record_skipped(span);
        span
    }

    /// An outer skip swallows the inner ones that it covers.
    fn record_skipped(&mut self, span: Span) {
        if span.is_empty() {
            return;
        }
        while self.skipped.last().is_some_and(|inner| span.contains(*inner)) {
            self.skipped.pop();
        }
        self.skipped.push(span);
    }

    /// Runs a rule one level deeper, or fails where the bound is reached.
    fn deeper<T>(&mut self, rule: impl FnOnce(&mut Self) -> Rule<T>) -> Rule<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return Err(Unexpected { span: self.span(self.peek()), message });
        }
        self.depth += 1;
        let result = rule(self);
        self.depth -= 1;
        result
    }

    /// An expression, unless its chain of operators or accesses grew too high to be walked.
    fn expr(&mut self, kind: ExprKind<'t>, span: Span) -> Expr<'t> {
        let expr = Expr::new(kind, span);
        if expr.height <= MAX_DEPTH { expr } else { Expr::skipped(self.too_high(span)) }
    }

    /// As [`Parser::expr`], for types.
    fn ty(&mut self, kind: TypeKind<'t>, span: Span) -> Type<'t> {
        let ty = Type::new(kind, span);
        if ty.height <= MAX_DEPTH { ty } else { Type::skipped(self.too_high(span)) }
    }

    fn too_high(&mut self, span: Span) -> Span {
        let message = format!("nested more than {MAX_DEPTH} levels deep");
        self.report(Unexpected { span, message });
        self.record_skipped(span);
        span
    }
}

#[cfg(test)]
mod tests;
