//! Strings, here-strings, bare words and variables.

use crate::ir::Piece;
use crate::ir::script::{Expr, ExprId};

use super::characters::{ends_word, escaped, is_blank, is_double_quote, is_line_end, is_name, is_single_quote};
use super::cursor::Parser;

/// What ends a text in which variables are put in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    /// A double quote that isn't doubled.
    Quote,
    /// That place in the text.
    Place(usize),
    /// The end of a bare word.
    Word,
}

impl Parser<'_> {
    /// `'...'`; the quote comes next. Without a closing quote it ends with the line.
    pub(super) fn single_quoted(&mut self) -> ExprId {
        let start = self.at;
        let mut pieces = Vec::new();
        self.single_quoted_pieces(&mut pieces);
        self.add(Expr::Text(pieces), start)
    }

    fn single_quoted_pieces(&mut self, pieces: &mut Vec<Piece>) {
        let start = self.at;
        if self.at >= self.last_single {
            self.skip_line();
            self.push_source(pieces, start + 1, self.at.max(start + 1));
            self.give_up(start, self.at);
            return;
        }
        self.bump();
        let mut from = self.at;
        loop {
            let rest = self.rest();
            let Some(found) = rest.find(is_single_quote) else {
                self.at = self.text.len();
                self.push_source(pieces, from, self.at);
                self.give_up(start, self.at);
                return;
            };
            let quote = self.at + found;
            if let Some(hole) = self.next_hole(self.at, quote) {
                self.push_source(pieces, from, hole);
                self.at = hole;
                pieces.extend(self.hole().map(Piece::Hole));
                from = self.at;
                continue;
            }
            self.at = quote;
            let width = self.bump().map_or(0, char::len_utf8);
            self.push_source(pieces, from, quote);
            match self.peek() {
                Some(char) if is_single_quote(char) => {
                    self.bump();
                    let decoded = self.text.get(quote..quote + width).unwrap_or("'");
                    self.push_decoded(pieces, decoded, quote, self.at);
                    from = self.at;
                }
                _ => return,
            }
        }
    }

    /// `"..."`; the quote comes next. Without a closing quote it ends with the line.
    pub(super) fn double_quoted(&mut self) -> ExprId {
        let start = self.at;
        let mut pieces = Vec::new();
        self.double_quoted_pieces(&mut pieces);
        self.add(Expr::Text(pieces), start)
    }

    fn double_quoted_pieces(&mut self, pieces: &mut Vec<Piece>) {
        let start = self.at;
        if self.at >= self.last_double {
            let rest = self.rest();
            let line = start + rest.find(is_line_end).unwrap_or(rest.len());
            self.bump();
            self.expandable(pieces, Until::Place(line));
            self.give_up(start, self.at);
            return;
        }
        self.bump();
        self.expandable(pieces, Until::Quote);
        if self.peek().is_some_and(is_double_quote) {
            self.bump();
        } else {
            self.give_up(start, self.at);
        }
    }

    /// `@'...'@` or `@"..."@` over several lines; the `@` comes next. `None` if no line end follows the quote.
    pub(super) fn here_string(&mut self) -> Option<ExprId> {
        let start = self.at;
        let quote = self.second()?;
        let head = 1 + quote.len_utf8();
        let after = self.rest().get(head..)?;
        let body = after.trim_start_matches(is_blank);
        if !body.starts_with(is_line_end) {
            return None;
        }
        self.at += head + (after.len() - body.len());
        self.line_end();
        let from = self.at;
        let is_quote = if is_single_quote(quote) { is_single_quote } else { is_double_quote };
        let (end, close) = self.here_end(is_quote);
        let mut pieces = Vec::new();
        if is_single_quote(quote) {
            self.push_source(&mut pieces, from, end);
        } else {
            self.expandable(&mut pieces, Until::Place(end));
        }
        self.at = close;
        if close == self.text.len() && end == close {
            self.give_up(start, close);
        }
        Some(self.add(Expr::Text(pieces), start))
    }

    /// Where the text of a here-string ends and where its closing mark does: `'@` at the start of a line.
    fn here_end(&self, is_quote: fn(char) -> bool) -> (usize, usize) {
        let mut line = self.at;
        loop {
            let rest = self.text.get(line..).unwrap_or_default();
            let mut chars = rest.chars();
            if let Some(quote) = chars.next().filter(|char| is_quote(*char))
                && chars.next() == Some('@')
            {
                let body = self.text.get(self.at..line).unwrap_or_default();
                let body = body.strip_suffix("\r\n").or_else(|| body.strip_suffix('\n')).unwrap_or(body);
                return (self.at + body.len(), line + quote.len_utf8() + 1);
            }
            match rest.find('\n') {
                Some(end) => line += end + 1,
                None => return (self.text.len(), self.text.len()),
            }
        }
    }

    /// A bare word of an argument, or of a command's name; `None` if there is none.
    pub(super) fn bare_word(&mut self) -> Option<ExprId> {
        let start = self.at;
        let mut pieces = Vec::new();
        self.expandable(&mut pieces, Until::Word);
        (self.at > start).then(|| self.add(Expr::Text(pieces), start))
    }

    /// Text with variables, up to an end that isn't read.
    fn expandable(&mut self, pieces: &mut Vec<Piece>, until: Until) {
        let mut from = self.at;
        while let Some(char) = self.peek() {
            match until {
                Until::Quote if is_double_quote(char) => {
                    if !self.second().is_some_and(is_double_quote) {
                        break;
                    }
                    self.push_source(pieces, from, self.at);
                    let quote = self.at;
                    self.bump();
                    let middle = self.at;
                    self.bump();
                    let decoded = self.text.get(quote..middle).unwrap_or("\"");
                    self.push_decoded(pieces, decoded, quote, self.at);
                    from = self.at;
                    continue;
                }
                Until::Place(end) if self.at >= end => break,
                Until::Word if ends_word(char) => break,
                Until::Word if is_single_quote(char) || is_double_quote(char) => {
                    self.push_source(pieces, from, self.at);
                    if is_single_quote(char) {
                        self.single_quoted_pieces(pieces);
                    } else {
                        self.double_quoted_pieces(pieces);
                    }
                    from = self.at;
                    continue;
                }
                Until::Word if char == '<' => match self.placeholder() {
                    Some(length) => {
                        self.at += length;
                        continue;
                    }
                    None => break,
                },
                _ => {}
            }
            match char {
                '`' => {
                    if until == Until::Word && self.second().is_none_or(is_line_end) {
                        break;
                    }
                    self.push_source(pieces, from, self.at);
                    self.escape(pieces);
                    from = self.at;
                }
                '$' => {
                    let dollar = self.at;
                    if let Some(hole) = self.variable() {
                        self.push_source(pieces, from, dollar);
                        pieces.push(Piece::Hole(hole));
                        from = self.at;
                    } else {
                        self.at = dollar + 1;
                    }
                }
                _ => self.at += char.len_utf8(),
            }
        }
        if let Until::Place(end) = until {
            // A `$(` may have been read past the end of the line that closes the text.
            self.push_source(pieces, from.min(end), end.min(self.at));
            self.at = self.at.max(end);
        } else {
            self.push_source(pieces, from, self.at);
        }
    }

    /// A backtick and what follows.
    fn escape(&mut self, pieces: &mut Vec<Piece>) {
        let start = self.at;
        self.bump();
        let from = self.at;
        let Some(char) = self.bump() else { return };
        if char == 'u'
            && let Some(digits) = self.rest().strip_prefix('{').and_then(|rest| rest.split_once('}'))
            && digits.0.len() <= 6
            && let Some(decoded) = u32::from_str_radix(digits.0, 16).ok().and_then(char::from_u32)
        {
            self.at += digits.0.len() + 2;
            self.push_decoded(pieces, decoded.encode_utf8(&mut [0; 4]), start, self.at);
            return;
        }
        match escaped(char) {
            Some(decoded) => self.push_decoded(pieces, decoded, start, self.at),
            None => {
                let plain = self.text.get(from..self.at).unwrap_or_default();
                self.push_decoded(pieces, plain, start, self.at);
            }
        }
    }

    /// `$name`, `${name}`, `$scope:name`, `$(...)`; the `$` comes next. `None` if it stands for itself; then nothing
    /// is read.
    pub(super) fn variable(&mut self) -> Option<ExprId> {
        if let Some(hole) = self.hole() {
            return Some(hole);
        }
        let start = self.at;
        let after = self.rest().get(1..)?;
        let first = after.chars().next()?;
        match first {
            '(' => {
                self.at += 2;
                return Some(self.substitution());
            }
            '{' => {
                let length = after.find('}')?;
                let name = after.get(1..length)?;
                if name.contains(is_line_end) {
                    return None;
                }
                self.at += length + 2;
                return Some(self.named(name, start));
            }
            '$' | '^' | '?' => {
                self.at += 2;
                let name = self.text.get(start + 1..self.at).unwrap_or_default();
                return Some(self.named(name, start));
            }
            _ if is_name(first) => {}
            _ => return None,
        }
        // `?.` after a variable is for one in braces: without them the mark is part of the name.
        let name_length = |text: &str| text.find(|char| !is_name(char) && char != '?').unwrap_or(text.len());
        let mut length = name_length(after);
        let tail = after.get(length..).unwrap_or_default();
        if let Some(scoped) = tail.strip_prefix(':')
            && scoped.starts_with(is_name)
        {
            length += 1 + name_length(scoped);
        }
        let name = after.get(..length).unwrap_or_default();
        self.at += 1 + length;
        Some(self.named(name, start))
    }

    /// A variable of that name, or one of the constants that are spelt like one.
    fn named(&mut self, name: &str, start: usize) -> ExprId {
        match name.to_ascii_lowercase().as_str() {
            "null" => self.add(Expr::Null, start),
            "true" => self.add(Expr::Bool(true), start),
            "false" => self.add(Expr::Bool(false), start),
            _ => self.add_variable(Expr::Var(name.into()), start),
        }
    }

    /// The rest of `$(...)`; the bracket has been read.
    fn substitution(&mut self) -> ExprId {
        let from = self.at;
        let (statements, end) = self.within(')', |this| {
            let statements = this.statements(Some(')'));
            (statements, this.at)
        });
        self.value_of(statements, from, end.max(from))
    }
}
