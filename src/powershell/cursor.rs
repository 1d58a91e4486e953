//! The reader's place in the text: blanks, comments, line ends, and what has been read so far.

use crate::ir::Piece;
use crate::ir::script::{BlockId, Expr, ExprId, Script, Shell, Statement, StatementKind};
use crate::text::{Excerpt, Span};

use super::characters::{is_blank, is_dash, is_double_quote, is_line_end, is_name, is_single_quote};

/// Nested brackets and blocks before the rest of the text is given up.
const DEPTH: usize = 100;
/// The longest placeholder (`<name of your group>`), in bytes.
const PLACEHOLDER: usize = 120;

/// A script being read.
pub(super) struct Parser<'t> {
    excerpt: &'t Excerpt,
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) script: Script,
    /// The brackets that wait to be closed.
    open: Vec<char>,
    /// Every variable that was read, with its place in the text, in order.
    variables: Vec<(usize, usize, ExprId)>,
    /// Where the last quotes of both kinds are: a quote behind which there is no other is not closed.
    pub(super) last_single: usize,
    pub(super) last_double: usize,
    /// Where the last command ended.
    pub(super) command_end: Option<usize>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(excerpt: &'t Excerpt) -> Self {
        let text = excerpt.text();
        Self {
            excerpt,
            text,
            at: 0,
            script: Script::new(excerpt.source(), Shell::PowerShell),
            open: Vec::new(),
            variables: Vec::new(),
            last_single: text.rfind(is_single_quote).unwrap_or(0),
            last_double: text.rfind(is_double_quote).unwrap_or(0),
            command_end: None,
        }
    }

    /// What is put in at the cursor before PowerShell sees the text, if anything is.
    pub(super) fn hole(&mut self) -> Option<ExprId> {
        let start = self.at;
        self.at = self.excerpt.hole_at(start)?;
        let mut text = Vec::new();
        self.push_source(&mut text, start, self.at);
        Some(self.add(Expr::Opaque(text), start))
    }

    /// Where the first hole begins between two places.
    pub(super) fn next_hole(&self, start: usize, end: usize) -> Option<usize> {
        self.excerpt.hole(start, end).map(|(at, _)| at)
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character behind the next one.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    pub(super) fn eat(&mut self, literal: &str) -> bool {
        let found = self.rest().starts_with(literal);
        if found {
            self.at += literal.len();
        }
        found
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.excerpt.span(start, end)
    }

    /// The span from `start` to here, without blanks at its end.
    pub(super) fn span_from(&self, start: usize) -> Span {
        let read = self.text.get(start..self.at).unwrap_or_default().trim_end();
        self.span(start, start + read.len())
    }

    /// Adds an expression that reaches from `start` to here.
    pub(super) fn add(&mut self, expr: Expr, start: usize) -> ExprId {
        let span = self.span(start, self.at);
        self.script.add(expr, span)
    }

    /// Adds a call that reaches from `start` to here.
    pub(super) fn add_call(&mut self, function: &str, args: Vec<ExprId>, start: usize) -> ExprId {
        self.add(Expr::Call { function: function.into(), args }, start)
    }

    /// Says that bytes were not understood.
    pub(super) fn give_up(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        match self.script.broken.last_mut() {
            Some(last) if last.source == span.source && last.end == span.start => *last = last.to(span),
            _ => self.script.broken.push(span),
        }
    }

    /// Text as it stands between two places, as pieces.
    pub(super) fn push_source(&self, pieces: &mut Vec<Piece>, start: usize, end: usize) {
        for (from, to) in self.excerpt.parts(start, end) {
            let text = self.text.get(from..to).unwrap_or_default();
            pieces.push(Piece::Literal(text.into(), self.span(from, to)));
        }
    }

    /// Text that the bytes between two places stand for.
    pub(super) fn push_decoded(&self, pieces: &mut Vec<Piece>, text: &str, start: usize, end: usize) {
        if !text.is_empty() {
            pieces.push(Piece::Literal(text.into(), self.span(start, end)));
        }
    }

    /// The text between two places as an expression.
    pub(super) fn text_expr(&mut self, start: usize, end: usize) -> ExprId {
        let mut pieces = Vec::new();
        self.push_source(&mut pieces, start, end);
        let span = self.span(start, end);
        self.script.add(Expr::Text(pieces), span)
    }

    /// Remembers a variable, and adds it.
    pub(super) fn add_variable(&mut self, expr: Expr, start: usize) -> ExprId {
        let id = self.add(expr, start);
        self.variables.push((start, self.at, id));
        id
    }

    /// Forgets the variables that were read from `start` on: the text is read once more.
    pub(super) fn forget_variables(&mut self, start: usize) {
        let keep = self.variables.partition_point(|(at, ..)| *at < start);
        self.variables.truncate(keep);
    }

    /// How the text from `start` to `end` is written, the variables in it as holes.
    pub(super) fn written(&self, start: usize, end: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut from = start;
        let first = self.variables.partition_point(|(at, ..)| *at < start);
        for &(at, to, id) in self.variables.get(first..).unwrap_or_default() {
            if at < from || to > end {
                continue;
            }
            self.push_source(&mut pieces, from, at);
            pieces.push(Piece::Hole(id));
            from = to;
        }
        let tail = self.text.get(from..end).unwrap_or_default().trim_end().len();
        self.push_source(&mut pieces, from, from + tail);
        pieces
    }

    /// Adds statements as a block.
    pub(super) fn add_block(&mut self, statements: Vec<Statement>) -> BlockId {
        self.script.add_block(statements)
    }

    /// What statements give as one value: a lone expression is itself. They reach from `start` to here.
    pub(super) fn value_of(&mut self, statements: Vec<Statement>, start: usize, end: usize) -> ExprId {
        match statements.as_slice() {
            [] => self.add(Expr::Null, start),
            [Statement { kind: StatementKind::Expression(value), .. }] => *value,
            _ => {
                let text = self.written(start, end);
                let block = self.add_block(statements);
                let span = self.span(start, end);
                self.script.add(Expr::Run { block, text }, span)
            }
        }
    }

    /// Blanks, continued lines and comments.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(char) if is_blank(char) => self.at += char.len_utf8(),
                Some('`') => {
                    let after = self.rest().get(1..).unwrap_or_default();
                    let trimmed = after.trim_start_matches(is_blank);
                    if !trimmed.starts_with(is_line_end) || trimmed.len() != after.len() {
                        return;
                    }
                    self.at += 1;
                    self.line_end();
                }
                Some('#') => self.skip_line(),
                Some('<') if self.rest().starts_with("<#") => {
                    let length = self.rest().find("#>").map_or(self.rest().len(), |end| end + 2);
                    self.at += length;
                }
                _ => return,
            }
        }
    }

    /// Blanks, comments and line ends.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            if !self.line_end() {
                return;
            }
        }
    }

    /// One line end.
    pub(super) fn line_end(&mut self) -> bool {
        self.eat("\r\n") || self.eat("\n") || self.eat("\r")
    }

    /// Up to the end of the line.
    pub(super) fn skip_line(&mut self) {
        let rest = self.rest();
        self.at += rest.find(is_line_end).unwrap_or(rest.len());
    }

    /// Whether a statement may end here.
    pub(super) fn at_end(&self) -> bool {
        self.peek().is_none_or(|char| is_line_end(char) || matches!(char, ';' | ')' | '}'))
    }

    /// The letters, digits and `_` that come next.
    pub(super) fn peek_name(&self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|char| !is_name(char)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    /// The name behind a dash that comes next, without the dash.
    pub(super) fn peek_dashed(&self) -> Option<&'t str> {
        let first = self.peek().filter(|char| is_dash(*char))?;
        let rest = self.rest().get(first.len_utf8()..)?;
        let end = rest.find(|char| !is_name(char)).unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    }

    /// The length of a placeholder such as `<name of your group>` that comes next.
    pub(super) fn placeholder(&self) -> Option<usize> {
        let rest = self.rest().strip_prefix('<')?;
        if !rest.starts_with(|char: char| char.is_alphanumeric() || matches!(char, '_' | '[' | '{' | '/')) {
            return None;
        }
        let mut end = PLACEHOLDER.min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let line = rest.get(..end).unwrap_or_default();
        let close = line.find(|char| is_line_end(char) || matches!(char, '>' | '<' | ';' | '|'))?;
        line.get(close..)?.starts_with('>').then_some(close + 2)
    }

    /// Runs `read` one level deeper. Too deep: the rest is given up.
    pub(super) fn nested<T: Default>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.bounded('\0', read)
    }

    /// Runs `read` inside a bracket that `close` closes, one level deeper. Too deep: the rest is given up.
    pub(super) fn within<T: Default>(&mut self, close: char, read: impl FnOnce(&mut Self) -> T) -> T {
        let start = self.at;
        let result = self.bounded(close, read);
        if self.peek() == Some(close) {
            self.at += close.len_utf8();
        } else {
            self.give_up(start.saturating_sub(1), start);
        }
        result
    }

    fn bounded<T: Default>(&mut self, close: char, read: impl FnOnce(&mut Self) -> T) -> T {
        if self.open.len() >= DEPTH {
            let start = self.at;
            self.at = self.text.len();
            self.give_up(start, self.at);
            return T::default();
        }
        self.open.push(close);
        let result = read(self);
        self.open.pop();
        result
    }

    /// Whether a bracket around this place is closed by that character.
    pub(super) fn waits_for(&self, close: char) -> bool {
        self.open.contains(&close)
    }

    /// Past what is between a bracket and its match, minding strings and comments; the opening one comes next.
    pub(super) fn skip_balanced(&mut self) {
        let mut depth = 0_usize;
        while let Some(char) = self.bump() {
            match char {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                '`' => {
                    self.bump();
                }
                '#' => self.skip_line(),
                _ if is_single_quote(char) => self.skip_quoted(is_single_quote, false),
                _ if is_double_quote(char) => self.skip_quoted(is_double_quote, true),
                _ => {}
            }
        }
    }

    fn skip_quoted(&mut self, is_quote: fn(char) -> bool, escapes: bool) {
        while let Some(char) = self.bump() {
            if is_quote(char) {
                return;
            }
            if escapes && char == '`' {
                self.bump();
            }
        }
    }
}
