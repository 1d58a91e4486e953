//! Pipelines, commands and their words.

use crate::ir::script::{Assign, Command, Expr, ExprId, Link, Part, Role, Spread, Statement, StatementKind, Word};

use super::characters::{ends_word, is_blank, is_dash, is_double_quote, is_line_end, is_name, is_single_quote};
use super::cursor::Parser;
use super::operators::LOOSEST;

/// Bytes between two commands that are looked at for a line end.
const GAP: usize = 200;
/// Programs whose arguments are words of text, not PowerShell's values.
const NATIVE: &[&str] = &["az", "az.cmd"];

impl Parser<'_> {
    /// A pipeline, or several with `&&` and `||` between; nothing is read if none comes next.
    pub(super) fn chain(&mut self, out: &mut Vec<Statement>) {
        let start = self.at;
        let Some(first) = self.pipeline() else { return };
        let mut rest = Vec::new();
        loop {
            self.skip_blanks();
            let link = if self.eat("&&") {
                Link::And
            } else if self.eat("||") {
                Link::Or
            } else {
                break;
            };
            self.skip_lines();
            let Some(next) = self.pipeline() else { break };
            rest.push((link, self.add_block(vec![next])));
        }
        let statement = if rest.is_empty() {
            first
        } else {
            let first = self.add_block(vec![first]);
            Statement { kind: StatementKind::Chain { first, rest }, span: self.span_from(start) }
        };
        self.skip_blanks();
        if self.peek() == Some('&') {
            self.at += 1;
            let block = self.add_block(vec![statement]);
            out.push(Statement { kind: StatementKind::Background(block), span: self.span_from(start) });
        } else {
            out.push(statement);
        }
    }

    fn pipeline(&mut self) -> Option<Statement> {
        let start = self.at;
        let first = self.element()?;
        if matches!(first.kind, StatementKind::Assign(_)) {
            return Some(first);
        }
        let mut elements = vec![first];
        while self.pipe() {
            self.skip_lines();
            match self.element() {
                Some(element) => elements.push(element),
                None => break,
            }
        }
        if elements.len() == 1 {
            return elements.pop();
        }
        let blocks = elements.into_iter().map(|element| self.add_block(vec![element])).collect();
        Some(Statement { kind: StatementKind::Pipeline(blocks), span: self.span_from(start) })
    }

    /// `|`, also at the start of the next line.
    fn pipe(&mut self) -> bool {
        let before = self.at;
        self.skip_lines();
        let found = self.peek() == Some('|') && self.second() != Some('|');
        if found {
            self.at += 1;
        } else {
            self.at = before;
        }
        found
    }

    /// An expression, an assignment or a command.
    fn element(&mut self) -> Option<Statement> {
        let start = self.at;
        if !self.starts_expression() {
            return self.command();
        }
        let value = self.expression(LOOSEST, true)?;
        self.skip_blanks();
        if let Some(statement) = self.assignment(value, start) {
            return Some(statement);
        }
        while self.redirection() {
            self.skip_blanks();
        }
        let counted = match self.script.expr(value) {
            Expr::Call { function, args } => match (&**function, args.as_slice()) {
                ("increment", [target]) => Some((*target, "add")),
                ("decrement", [target]) => Some((*target, "sub")),
                _ => None,
            },
            _ => None,
        };
        let counted = match counted {
            None if self.eat("++") => Some((value, "add")),
            None if self.eat("--") => Some((value, "sub")),
            found => found,
        };
        if let Some((target, function)) = counted {
            let one = self.add(Expr::Int(1), start);
            let value = self.add_call(function, vec![target, one], start);
            return Some(self.assign(target, value, false, start));
        }
        Some(self.expression_statement(value, start))
    }

    /// `=` and the like behind `target`.
    fn assignment(&mut self, target: ExprId, start: usize) -> Option<Statement> {
        let operator = ["??=", "+=", "-=", "*=", "/=", "%=", "="].into_iter().find(|sign| self.eat(sign))?;
        self.skip_lines();
        let value = self.statement_value();
        let (target, value) = self.without_cast(target, value);
        let function = match operator {
            "=" | "+=" => return Some(self.assign(target, value, operator == "+=", start)),
            "-=" => "sub",
            "*=" => "mul",
            "/=" => "div",
            "%=" => "mod",
            _ => "coalesce",
        };
        let value = self.add_call(function, vec![target, value], start);
        Some(self.assign(target, value, false, start))
    }

    fn assign(&mut self, target: ExprId, value: ExprId, append: bool, start: usize) -> Statement {
        let span = self.script.span(target);
        let kind = StatementKind::Assign(Assign { target, span, value, append, local: false });
        Statement { kind, span: self.span_from(start) }
    }

    /// `[int]$x = '1'`: the cast is one of the value.
    fn without_cast(&mut self, mut target: ExprId, mut value: ExprId) -> (ExprId, ExprId) {
        while let Expr::Call { function, args } = self.script.expr(target)
            && let ("cast", &[ty, inner]) = (&**function, args.as_slice())
        {
            target = inner;
            let span = self.script.span(value);
            value = self.script.add(Expr::Call { function: "cast".into(), args: vec![ty, value] }, span);
        }
        (target, value)
    }

    /// A command; `None`, and nothing read, if none comes next.
    fn command(&mut self) -> Option<Statement> {
        let start = self.at;
        let adjoining = self.adjoins();
        let mut words = Vec::new();
        if self.peek() == Some('&') && self.second() != Some('&') {
            self.at += 1;
            self.skip_blanks();
            if let Some(statement) = self.invoked_block(false, start) {
                return Some(statement);
            }
        } else if self.peek() == Some('.') && self.second().is_none_or(|next| !is_name(next) && !is_path(next)) {
            let value = self.text_expr(start, start + 1);
            self.at += 1;
            words.push(self.word(vec![Part { value, spread: Spread::One }], Role::Plain, start));
            self.skip_blanks();
            if let Some(statement) = self.invoked_block(true, start) {
                return Some(statement);
            }
        }
        let name = self.at;
        let value = if self.peek().is_some_and(|char| matches!(char, '$' | '(' | '@')) {
            self.postfix(true)
        } else {
            self.bare_word()
        };
        let Some(value) = value else {
            self.at = start;
            return None;
        };
        words.push(self.word(vec![Part { value, spread: Spread::One }], Role::Plain, name));
        let native = self
            .script
            .literal(value)
            .is_some_and(|name| NATIVE.iter().any(|native| name.eq_ignore_ascii_case(native)));
        self.words(&mut words, native);
        self.command_end = Some(self.at);
        let command = Command { environment: Vec::new(), words, input: None, adjoining };
        Some(Statement { kind: StatementKind::Command(command), span: self.span_from(start) })
    }

    /// `& { ... }`, `. { ... }` without arguments.
    fn invoked_block(&mut self, same_scope: bool, start: usize) -> Option<Statement> {
        if self.peek() != Some('{') {
            return None;
        }
        let block = self.block();
        let kind = if same_scope { StatementKind::Group(block) } else { StatementKind::Subshell(block) };
        while !self.at_end() && self.peek() != Some('|') {
            let before = self.at;
            self.skip_blanks();
            if self.argument_word(false).is_none() && self.at == before {
                break;
            }
        }
        Some(Statement { kind, span: self.span_from(start) })
    }

    /// Whether only a line end lies between the command before and here.
    fn adjoins(&self) -> bool {
        let Some(gap) = self.command_end.and_then(|end| self.text.get(end..self.at)) else { return false };
        gap.len() <= GAP && gap.chars().all(char::is_whitespace) && gap.matches('\n').count() == 1
    }

    fn word(&self, parts: Vec<Part>, role: Role, start: usize) -> Word {
        Word { span: self.span(start, self.at), parts, role }
    }

    /// The words behind a command's name.
    fn words(&mut self, words: &mut Vec<Word>, native: bool) {
        loop {
            let end = self.at;
            self.skip_blanks();
            if self.at_end() || matches!(self.peek(), Some('|' | '&')) {
                // Blanks at the end aren't the command's, but a comment is skipped with them.
                let only_blanks = self.text.get(end..self.at).is_some_and(|gap| gap.chars().all(char::is_whitespace));
                if only_blanks {
                    self.at = end;
                }
                return;
            }
            if self.redirection() {
                continue;
            }
            if native && self.rest().starts_with("--%") {
                self.verbatim(words);
                return;
            }
            let start = self.at;
            match self.argument_word(native) {
                Some(word) => words.push(word),
                None => {
                    self.bump();
                    self.give_up(start, self.at);
                }
            }
        }
    }

    /// `--% a b c`: the rest of the line as it is.
    fn verbatim(&mut self, words: &mut Vec<Word>) {
        self.at += 3;
        loop {
            while self.peek().is_some_and(is_blank) {
                self.bump();
            }
            let start = self.at;
            while self.peek().is_some_and(|char| !is_blank(char) && !is_line_end(char) && char != '|') {
                self.bump();
            }
            if self.at == start {
                return;
            }
            let value = self.text_expr(start, self.at);
            words.push(self.word(vec![Part { value, spread: Spread::One }], Role::Plain, start));
        }
    }

    /// `> file`, `2>&1`.
    fn redirection(&mut self) -> bool {
        let rest = self.rest();
        let digits = usize::from(rest.starts_with(|char: char| char.is_ascii_digit() || char == '*'));
        let Some(arrow) = rest.get(digits..).filter(|rest| rest.starts_with('>')) else { return false };
        self.at += digits + if arrow.starts_with(">>") { 2 } else { 1 };
        if self.eat("&") {
            self.bump();
            return true;
        }
        self.skip_blanks();
        self.argument();
        true
    }

    /// One word of a command.
    fn argument_word(&mut self, native: bool) -> Option<Word> {
        let start = self.at;
        let char = self.peek()?;
        if is_dash(char) && self.second().is_some_and(|next| next.is_alphabetic() || matches!(next, '_' | '?')) {
            if let Some(word) = self.option(start, char) {
                return Some(word);
            }
        } else if char == '@' && self.second().is_some_and(is_name) {
            self.at += 1;
            let name = self.peek_name();
            self.at += name.len();
            let value = self.add_variable(Expr::Var(name.into()), start);
            return Some(self.word(vec![Part { value, spread: Spread::Each }], Role::Splat, start));
        }
        if native {
            return self.native_word(start);
        }
        let value = self.argument_list()?;
        Some(self.word(vec![Part { value, spread: Spread::One }], Role::Plain, start))
    }

    /// `-Name`, `-Name:`; `None`, and nothing read, if more hangs on it than a name.
    fn option(&mut self, start: usize, dash: char) -> Option<Word> {
        let from = start + dash.len_utf8();
        let rest = self.text.get(from..)?;
        let length = rest.find(|char| !is_name(char) && !is_dash(char) && char != '?').unwrap_or(rest.len());
        let name = rest.get(..length)?;
        let after = rest.get(length..)?.chars().next();
        let attached = after == Some(':');
        if !attached && !after.is_none_or(|char| ends_word(char) || matches!(char, '"' | '\'' | '$' | '@')) {
            return None;
        }
        let value = self.text_expr(from, from + length);
        self.at = from + length + usize::from(attached);
        let role = Role::Option { name: name.into(), attached };
        Some(self.word(vec![Part { value, spread: Spread::One }], role, start))
    }

    /// Arguments with commas between them are a list.
    fn argument_list(&mut self) -> Option<ExprId> {
        let start = self.at;
        let first = self.argument()?;
        let mut items = vec![first];
        loop {
            let before = self.at;
            self.skip_blanks();
            if self.peek() != Some(',') {
                self.at = before;
                break;
            }
            self.at += 1;
            self.skip_lines();
            match self.argument() {
                Some(item) => items.push(item),
                None => {
                    self.give_up(before, self.at);
                    break;
                }
            }
        }
        if items.len() == 1 {
            return Some(first);
        }
        Some(self.add(Expr::List(items), start))
    }

    /// One argument.
    fn argument(&mut self) -> Option<ExprId> {
        let start = self.at;
        let char = self.peek()?;
        match char {
            '$' => {
                let exprs = self.script.exprs.len();
                let value = self.postfix(true)?;
                let plain = matches!(self.script.expr(value), Expr::Var(_) | Expr::Run { .. });
                if plain && self.peek().is_some_and(|char| !ends_word(char)) {
                    self.forget_variables(start);
                    self.script.exprs.truncate(exprs);
                    self.at = start;
                    return self.bare_word();
                }
                Some(value)
            }
            '(' | '{' | '@' => self.postfix(true),
            _ if is_single_quote(char) || is_double_quote(char) => self.postfix(true),
            _ if char.is_ascii_digit() => {
                let exprs = self.script.exprs.len();
                let number = self.number();
                let whole = self.peek().is_none_or(ends_word);
                if let Some(number) = number.filter(|_| whole)
                    && let Expr::Int(value) = self.script.expr(number)
                    && self.text.get(start..self.at).is_some_and(|text| text == value.to_string())
                {
                    return Some(number);
                }
                self.script.exprs.truncate(exprs);
                self.at = start;
                self.bare_word()
            }
            _ => self.bare_word(),
        }
    }

    /// A word of a program outside PowerShell: commas are text, and a list falls into its elements.
    fn native_word(&mut self, start: usize) -> Option<Word> {
        let mut parts = Vec::new();
        loop {
            let comma = self.at;
            if self.eat(",") {
                let value = self.text_expr(comma, self.at);
                parts.push(Part { value, spread: Spread::One });
                continue;
            }
            let Some(value) = self.argument() else { break };
            let spread = match self.script.expr(value) {
                Expr::Text(_) | Expr::Int(_) => Spread::One,
                _ => Spread::Split,
            };
            parts.push(Part { value, spread });
            if self.peek() != Some(',') {
                break;
            }
        }
        (!parts.is_empty()).then(|| self.word(parts, Role::Plain, start))
    }
}

/// What follows the dot of a path.
const fn is_path(char: char) -> bool {
    matches!(char, '/' | '\\' | '.')
}
