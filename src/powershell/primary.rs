//! What expressions are made of: values, and what is taken out of them.

use crate::ir::script::{Entry, Expr, ExprId, Statement, StatementKind};

use super::characters::{is_blank, is_dash, is_double_quote, is_name, is_single_quote};
use super::cursor::Parser;

impl Parser<'_> {
    /// A value and everything taken out of it. `None` if none comes next; then nothing is read.
    pub(super) fn postfix(&mut self, argument: bool) -> Option<ExprId> {
        let start = self.at;
        let value = self.primary()?;
        Some(self.accesses(value, start, argument))
    }

    /// What is taken out of a value that starts at `start`.
    pub(super) fn accesses(&mut self, mut value: ExprId, start: usize, argument: bool) -> ExprId {
        while let Some(next) = self.access(value, start, argument) {
            value = next;
        }
        value
    }

    fn primary(&mut self) -> Option<ExprId> {
        let start = self.at;
        let char = self.peek()?;
        match (char, self.second()) {
            ('$', _) => {
                let value = self.variable();
                if value.is_none() {
                    self.at += 1;
                    self.give_up(start, self.at);
                    return Some(self.add(Expr::Broken, start));
                }
                value
            }
            ('@', Some('(')) => {
                self.at += 2;
                let from = self.at;
                let (statements, end) = self.bracketed();
                let inner = self.value_of(statements, from, end.max(from));
                Some(self.add(Expr::Listed(inner), start))
            }
            ('@', Some('{')) => {
                self.at += 2;
                Some(self.hash(start, None))
            }
            ('@', Some(quote)) if is_single_quote(quote) || is_double_quote(quote) => match self.here_string() {
                Some(value) => Some(value),
                None => {
                    self.at += 1;
                    self.give_up(start, self.at);
                    self.primary()
                }
            },
            ('@', Some(first)) if is_name(first) => {
                self.at += 1;
                let name = self.peek_name();
                self.at += name.len();
                Some(self.add_variable(Expr::Var(name.into()), start))
            }
            ('(', _) => {
                self.at += 1;
                let from = self.at;
                let (statements, end) = self.bracketed();
                Some(self.value_of(statements, from, end.max(from)))
            }
            ('{', _) => {
                self.at += 1;
                let statements = self.within('}', |this| this.statements(Some('}')));
                let block = self.add_block(statements);
                Some(self.add(Expr::Lambda(block), start))
            }
            ('<', _) => {
                let length = self.placeholder()?;
                self.at += length;
                Some(self.text_expr(start, self.at))
            }
            _ if is_single_quote(char) => Some(self.single_quoted()),
            _ if is_double_quote(char) => Some(self.double_quoted()),
            _ => self.number(),
        }
    }

    /// The statements of `(...)` or `@(...)` and where they end; the opening bracket has been read.
    fn bracketed(&mut self) -> (Vec<Statement>, usize) {
        self.within(')', |this| {
            let statements = this.statements(Some(')'));
            (statements, this.at)
        })
    }

    /// A number that isn't the start of a word.
    pub(super) fn number(&mut self) -> Option<ExprId> {
        let rest = self.rest();
        let digits = |text: &str| text.find(|char: char| !char.is_ascii_digit()).unwrap_or(text.len());
        let start = self.at;
        let value = if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
            let length = hex.find(|char: char| !char.is_ascii_hexdigit()).unwrap_or(hex.len());
            let number = i64::from_str_radix(hex.get(..length)?, 16).ok()?;
            self.at += 2 + length;
            Expr::Int(number)
        } else {
            let whole = digits(rest);
            let mut length = whole;
            if let Some(fraction) = rest.get(length..)?.strip_prefix('.') {
                let more = digits(fraction);
                if more > 0 {
                    length += 1 + more;
                }
            }
            if length == 0 {
                return None;
            }
            if let Some(exponent) = rest.get(length..)?.strip_prefix(['e', 'E']) {
                let sign = usize::from(exponent.starts_with(['+', '-']));
                let more = digits(exponent.get(sign..)?);
                if more > 0 {
                    length += 1 + sign + more;
                }
            }
            let text = rest.get(..length)?;
            self.at += length;
            match text.parse::<i64>() {
                Ok(number) => self.scaled(number),
                Err(_) => Expr::Float(text.parse().ok()?),
            }
        };
        let follows = self.rest();
        let joins = follows.starts_with(is_name)
            || follows.strip_prefix('.').is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
        if joins {
            self.at = start;
            return None;
        }
        Some(self.add(value, start))
    }

    /// An integer with the suffix that follows: `10GB`, `5L`.
    fn scaled(&mut self, number: i64) -> Expr {
        let suffix = self.peek_name();
        let shift = match suffix.to_ascii_lowercase().as_str() {
            "kb" => 10,
            "mb" => 20,
            "gb" => 30,
            "tb" => 40,
            "pb" => 50,
            "l" => 0,
            _ => return Expr::Int(number),
        };
        match number.checked_mul(1_i64 << shift) {
            Some(scaled) => {
                self.at += suffix.len();
                Expr::Int(scaled)
            }
            None => Expr::Int(number),
        }
    }

    /// `.name`, `[key]`, `::name` and calls, directly behind a value.
    fn access(&mut self, base: ExprId, start: usize, argument: bool) -> Option<ExprId> {
        let before = self.at;
        if self.rest().starts_with("?.") || self.rest().starts_with("?[") {
            self.at += 1;
        }
        match self.peek() {
            Some('.') if !matches!(self.second(), Some('.')) => {
                self.at += 1;
                if !argument {
                    self.skip_lines();
                }
                let found = self.member(base, start);
                if found.is_none() {
                    self.at = before;
                }
                found
            }
            Some(':') if self.rest().starts_with("::") => {
                self.at += 2;
                let found = self.member(base, start);
                if found.is_none() {
                    self.at = before;
                }
                found
            }
            Some('[') => {
                self.at += 1;
                let key = self.within(']', |this| {
                    this.skip_lines();
                    let key = this.expression(0, true);
                    this.skip_lines();
                    key
                });
                let key = key.unwrap_or_else(|| self.add(Expr::Broken, before));
                Some(self.add(Expr::Get { base, key }, start))
            }
            Some(sign @ ('+' | '-')) if !argument && self.second() == Some(sign) => {
                self.at += 2;
                let function = if sign == '+' { "increment" } else { "decrement" };
                Some(self.add_call(function, vec![base], start))
            }
            _ => {
                self.at = before;
                None
            }
        }
    }

    /// The member behind `.` or `::`, and its arguments if it is called.
    fn member(&mut self, base: ExprId, start: usize) -> Option<ExprId> {
        let at = self.at;
        let char = self.peek()?;
        let key = if is_name(char) {
            let name = self.peek_name();
            self.at += name.len();
            self.text_expr(at, self.at)
        } else if is_single_quote(char) || is_double_quote(char) || matches!(char, '$' | '(') {
            self.primary()?
        } else {
            return None;
        };
        let name = self.script.literal(key);
        let args = match self.peek() {
            Some('(') => self.arguments(),
            Some('{') if name.is_some() => vec![self.primary()?],
            _ => return Some(self.add(Expr::Get { base, key }, start)),
        };
        let name = name.unwrap_or_default();
        Some(self.add(Expr::Method { base, name, args }, start))
    }

    /// The arguments of a method; the bracket comes next.
    fn arguments(&mut self) -> Vec<ExprId> {
        self.at += 1;
        self.within(')', |this| {
            let mut args = Vec::new();
            loop {
                this.skip_lines();
                match this.expression(0, false) {
                    Some(arg) => args.push(arg),
                    None => break,
                }
                this.skip_lines();
                if !this.eat(",") {
                    break;
                }
            }
            this.skip_lines();
            args
        })
    }

    /// The rest of `@{...}`; `@{` has been read.
    pub(super) fn hash(&mut self, start: usize, cast: Option<&str>) -> ExprId {
        let (entries, strays) = self.within('}', |this| this.entries());
        if entries.is_empty() && !strays.is_empty() {
            return self.add_call("braced", strays, start);
        }
        self.add(Expr::Map { entries, cast: cast.map(Into::into) }, start)
    }

    /// The members of a hashtable, and the expressions that stand where members belong.
    fn entries(&mut self) -> (Vec<Entry>, Vec<ExprId>) {
        let (mut entries, mut strays) = (Vec::new(), Vec::new());
        loop {
            self.separators();
            let start = self.at;
            if self.peek().is_none_or(|char| char == '}') {
                return (entries, strays);
            }
            let key = self.key();
            self.skip_blanks();
            match key {
                Some(key) if self.peek() == Some('=') => {
                    self.at += 1;
                    self.skip_lines();
                    let value = self.statement_value();
                    entries.push(Entry { key, value });
                }
                Some(_) if !entries.is_empty() => self.give_up(start, self.at),
                Some(key) => strays.push(key),
                None => {
                    self.bump();
                    self.give_up(start, self.at);
                    if self.at == start {
                        return (entries, strays);
                    }
                }
            }
            self.skip_blanks();
            if self.peek() == Some(',') {
                let comma = self.at;
                self.at += 1;
                if !entries.is_empty() {
                    self.give_up(comma, self.at);
                }
            } else if matches!(self.peek(), Some(')' | ']')) && self.peek().is_some_and(|char| self.waits_for(char)) {
                return (entries, strays);
            }
        }
    }

    /// The key of a member: a name, a string, a number, or an expression.
    fn key(&mut self) -> Option<ExprId> {
        let start = self.at;
        let rest = self.rest();
        let plain = |char: char| is_name(char) || is_dash(char) || matches!(char, '.' | '/' | ':' | '*' | '?');
        let length = rest.find(|char| !plain(char)).unwrap_or(rest.len());
        if length > 0 {
            self.at += length;
            return Some(self.text_expr(start, self.at));
        }
        self.postfix(false)
    }

    /// Separators of statements and members.
    pub(super) fn separators(&mut self) {
        loop {
            self.skip_lines();
            if !self.eat(";") {
                return;
            }
        }
    }

    /// `[name]`: the text between the brackets; the bracket comes next. `None` where it is no type but an attribute,
    /// or isn't closed in its line: then it is skipped.
    pub(super) fn type_name(&mut self) -> Option<&str> {
        let mut depth = 0_usize;
        for (at, char) in self.rest().char_indices() {
            match char {
                '[' => depth += 1,
                ']' if depth == 1 => {
                    let inner = self.rest().get(1..at)?;
                    self.at += at + 1;
                    return Some(inner.trim_matches(is_blank));
                }
                ']' => depth -= 1,
                '(' | '\'' | '"' => {
                    self.skip_balanced();
                    return None;
                }
                '\n' | '\r' => break,
                _ => {}
            }
        }
        let start = self.at;
        self.skip_line();
        self.give_up(start, self.at);
        None
    }

    /// Adds a statement that is an expression.
    pub(super) fn expression_statement(&mut self, value: ExprId, start: usize) -> Statement {
        Statement { kind: StatementKind::Expression(value), span: self.span_from(start) }
    }
}
