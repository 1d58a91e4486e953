//! Statements that start with a keyword.

use std::sync::Arc;

use crate::ir::script::{Arm, BlockId, Expr, ExprId, Parameter, Statement, StatementKind};

use super::characters::{is_blank, is_dash, is_line_end};
use super::cursor::Parser;
use super::operators::LOOSEST;

impl Parser<'_> {
    /// A statement that starts with a keyword; `false`, and nothing read, if none comes next.
    pub(super) fn keyword(&mut self, out: &mut Vec<Statement>) -> bool {
        let start = self.at;
        let name = self.peek_name();
        let after = self.rest().get(name.len()..).unwrap_or_default();
        let next = after.trim_start_matches(|char| is_blank(char) || is_line_end(char)).chars().next();
        let word_ends = after.chars().next().is_none_or(|char| !matches!(char, '-' | '.' | ':' | '\\' | '/' | '='));
        if !word_ends {
            return false;
        }
        let opens = |char: char| next == Some(char);
        let lower = name.to_ascii_lowercase();
        let kind = match lower.as_str() {
            "if" if opens('(') => self.read(name, Self::conditional),
            "switch" if opens('(') || opens('-') => self.read(name, Self::switch),
            "foreach" if opens('(') || opens('-') => self.read(name, Self::foreach),
            "for" if opens('(') => {
                self.at += name.len();
                let (init, turns) = self.counted();
                out.extend(init);
                turns
            }
            "while" if opens('(') => self.read(name, |this| {
                let condition = this.condition();
                let body = this.block();
                StatementKind::While { condition, until: false, body }
            }),
            "do" if opens('{') => self.read(name, Self::repeated),
            "function" | "filter" | "workflow" | "configuration" if next.is_some_and(char::is_alphabetic) => {
                self.read(name, Self::function)
            }
            "param" if opens('(') => self.read(name, |this| StatementKind::Parameters(this.parameters())),
            "try" if opens('{') => self.read(name, Self::attempt),
            "trap" if opens('{') || opens('[') => self.read(name, Self::trap),
            "begin" | "process" | "end" | "clean" | "dynamicparam" | "data" | "parallel" | "sequence"
            | "inlinescript"
                if opens('{') =>
            {
                self.read(name, |this| StatementKind::Group(this.block()))
            }
            "class" | "enum" if next.is_some_and(char::is_alphabetic) => return self.declared_type(),
            "return" => self.read(name, |this| StatementKind::Return(this.optional_value())),
            "throw" | "exit" => self.read(name, |this| {
                this.optional_value();
                StatementKind::Exit
            }),
            "break" | "continue" => self.read(name, |this| {
                this.skip_blanks();
                let label = this.peek_name();
                this.at += label.len();
                StatementKind::Break
            }),
            _ => return false,
        };
        out.push(Statement { kind, span: self.span_from(start) });
        true
    }

    /// Past the keyword, and on.
    fn read(&mut self, keyword: &str, read: impl FnOnce(&mut Self) -> StatementKind) -> StatementKind {
        self.at += keyword.len();
        read(self)
    }

    /// `( ... )` as a block.
    fn condition(&mut self) -> BlockId {
        self.skip_lines();
        let statements = if self.eat("(") {
            self.within(')', |this| this.statements(Some(')')))
        } else {
            self.give_up(self.at, self.at);
            Vec::new()
        };
        self.add_block(statements)
    }

    /// The keyword that comes next, perhaps on a later line; then it is read.
    fn eat_keyword(&mut self, keywords: &[&str]) -> Option<usize> {
        let before = self.at;
        self.skip_lines();
        let name = self.peek_name();
        let found = keywords.iter().position(|keyword| name.eq_ignore_ascii_case(keyword));
        match found {
            Some(_) => self.at += name.len(),
            None => self.at = before,
        }
        found
    }

    fn conditional(&mut self) -> StatementKind {
        let mut branches = vec![(self.condition(), self.block())];
        loop {
            match self.eat_keyword(&["elseif", "else"]) {
                Some(0) => branches.push((self.condition(), self.block())),
                Some(_) => {
                    let otherwise = Some(self.block());
                    return StatementKind::If { branches, otherwise };
                }
                None => return StatementKind::If { branches, otherwise: None },
            }
        }
    }

    fn repeated(&mut self) -> StatementKind {
        let body = self.block();
        let until = self.eat_keyword(&["while", "until"]) == Some(1);
        let condition = self.condition();
        StatementKind::While { condition, until, body }
    }

    fn foreach(&mut self) -> StatementKind {
        self.flags();
        if !self.eat("(") {
            return StatementKind::Broken;
        }
        let head = self.within(')', |this| {
            this.skip_lines();
            let start = this.at;
            let variable = if this.peek() == Some('$') { this.variable() } else { None };
            let name = match variable.map(|id| this.script.expr(id)) {
                Some(Expr::Var(name)) => Arc::clone(name),
                _ => return None,
            };
            let span = this.span(start, this.at);
            this.eat_keyword(&["in"])?;
            this.skip_lines();
            let items = this.statement_value();
            this.skip_lines();
            Some((name, span, items))
        });
        let body = self.block();
        match head {
            Some((variable, variable_span, items)) => StatementKind::For { variable, variable_span, items, body },
            None => StatementKind::Broken,
        }
    }

    /// `for (init; condition; step) { ... }`: what runs before, and the loop.
    fn counted(&mut self) -> (Vec<Statement>, StatementKind) {
        self.skip_lines();
        self.eat("(");
        let (init, condition, step) = self.within(')', |this| {
            let mut parts: [Vec<Statement>; 3] = Default::default();
            for (at, part) in parts.iter_mut().enumerate() {
                this.skip_lines();
                if !this.at_end() {
                    this.statement(part);
                }
                this.skip_lines();
                if at < 2 {
                    this.eat(";");
                }
            }
            let [init, condition, step] = parts;
            (init, condition, step)
        });
        let condition = self.add_block(condition);
        let mut body = self.block_statements();
        body.extend(step);
        let body = self.add_block(body);
        (init, StatementKind::While { condition, until: false, body })
    }

    /// `-parallel`, `-regex` and the like behind a keyword; whether there is one.
    fn flags(&mut self) -> bool {
        let mut any = false;
        loop {
            self.skip_lines();
            match self.peek_dashed() {
                Some(name) if self.peek().is_some_and(is_dash) => {
                    self.bump();
                    self.at += name.len();
                    any = true;
                }
                _ if any && self.peek().is_some_and(|char| char.is_ascii_digit()) => {
                    self.at += self.peek_name().len();
                }
                _ => return any,
            }
        }
    }

    fn switch(&mut self) -> StatementKind {
        let start = self.at;
        let flags = self.flags();
        let from = self.at;
        let statements = if self.eat("(") { self.within(')', |this| this.statements(Some(')'))) } else { Vec::new() };
        let mut subject = self.value_of(statements, from, self.at);
        if flags {
            // Patterns are no longer values to compare with.
            let text = self.written(start, self.at);
            subject = self.add(Expr::Opaque(text), start);
        }
        self.skip_lines();
        if !self.eat("{") {
            return StatementKind::Broken;
        }
        let arms = self.within('}', |this| {
            let mut arms = Vec::new();
            loop {
                this.separators();
                if this.peek().is_none_or(|char| matches!(char, '}' | ')')) {
                    return arms;
                }
                let before = this.at;
                let patterns = this.pattern();
                let body = this.block();
                if this.at == before {
                    return arms;
                }
                arms.push(Arm { patterns, body });
            }
        });
        StatementKind::Case { subject, arms }
    }

    /// What an arm of `switch` compares with; nothing for `default`.
    fn pattern(&mut self) -> Vec<ExprId> {
        let name = self.peek_name();
        if name.eq_ignore_ascii_case("default") {
            self.at += name.len();
            return Vec::new();
        }
        let start = self.at;
        let negative = self
            .peek()
            .filter(|char| is_dash(*char))
            .filter(|_| self.second().is_some_and(|next| next.is_ascii_digit()));
        self.at += negative.map_or(0, char::len_utf8);
        let value = if self.starts_expression() { self.postfix(true) } else { self.bare_word() };
        let value = value.map(|value| if negative.is_some() { self.negate(value, start) } else { value });
        vec![value.unwrap_or_else(|| self.add(Expr::Broken, start))]
    }

    fn function(&mut self) -> StatementKind {
        self.skip_lines();
        let rest = self.rest();
        let ends = |char| is_blank(char) || is_line_end(char) || matches!(char, '{' | '(');
        let length = rest.find(ends).unwrap_or(rest.len());
        let name: Arc<str> = rest.get(..length).unwrap_or_default().into();
        self.at += length;
        self.skip_lines();
        let mut parameters = if self.peek() == Some('(') { self.parameters() } else { Vec::new() };
        let mut statements = self.block_statements();
        let declared = statements.iter().position(|statement| matches!(statement.kind, StatementKind::Parameters(_)));
        if let Some(at) = declared
            && let StatementKind::Parameters(more) = statements.remove(at).kind
        {
            parameters.extend(more);
        }
        let body = self.add_block(statements);
        StatementKind::Function { name, parameters, body }
    }

    /// `([type]$name = default, ...)`.
    fn parameters(&mut self) -> Vec<Parameter> {
        self.skip_lines();
        if !self.eat("(") {
            return Vec::new();
        }
        self.within(')', |this| {
            let mut parameters = Vec::new();
            loop {
                this.skip_lines();
                let mut is_truth = false;
                while this.peek() == Some('[') {
                    let name = this.type_name().map(str::to_ascii_lowercase);
                    is_truth |= matches!(name.as_deref(), Some("bool" | "boolean" | "switch" | "switchparameter"));
                    this.skip_lines();
                }
                let start = this.at;
                let variable = if this.peek() == Some('$') { this.variable() } else { None };
                let name = match variable.map(|id| this.script.expr(id)) {
                    Some(Expr::Var(name)) => Arc::clone(name),
                    _ => return parameters,
                };
                let span = this.span(start, this.at);
                this.skip_lines();
                let default = if this.eat("=") {
                    this.skip_lines();
                    this.expression(LOOSEST, false)
                } else {
                    None
                };
                parameters.push(Parameter { name, span, is_truth, default });
                this.skip_lines();
                if !this.eat(",") {
                    return parameters;
                }
            }
        })
    }

    fn attempt(&mut self) -> StatementKind {
        let body = self.block();
        let (mut handlers, mut finally) = (Vec::new(), None);
        while let Some(found) = self.eat_keyword(&["catch", "finally"]) {
            if found == 1 {
                finally = Some(self.block());
                break;
            }
            self.skip_types();
            handlers.push(self.block());
        }
        StatementKind::Try { body, handlers, finally }
    }

    fn trap(&mut self) -> StatementKind {
        self.skip_types();
        let handler = self.block();
        let body = self.add_block(Vec::new());
        StatementKind::Try { body, handlers: vec![handler], finally: None }
    }

    /// The types of errors that are caught.
    fn skip_types(&mut self) {
        loop {
            self.skip_lines();
            match self.peek() {
                Some('[') => {
                    self.type_name();
                }
                Some(',') => self.at += 1,
                _ => return,
            }
        }
    }

    /// `class X { ... }`: runs nothing.
    fn declared_type(&mut self) -> bool {
        while let Some(char) = self.peek() {
            if char == '{' {
                self.skip_balanced();
                return true;
            }
            if matches!(char, ';' | ')' | '}' | '|') {
                return true;
            }
            self.bump();
        }
        true
    }

    /// The value behind `return` and its like.
    fn optional_value(&mut self) -> Option<ExprId> {
        self.skip_blanks();
        if self.at_end() { None } else { Some(self.statement_value()) }
    }
}
