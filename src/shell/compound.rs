//! Compound commands: `if`, `for`, `while`, `case`, functions, groups.

use crate::ir::Name;
use crate::ir::script::{Arm, Assign, BlockId, Expr, ExprId, Part, Role, Spread, Statement, StatementKind, Word};

use super::reader::{Broken, Read, Reader};
use super::word::Until;

impl Reader<'_> {
    /// One command, simple or compound.
    pub(super) fn command(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        let start = self.at;
        self.pay(1)?;
        if self.peek() == Some(b'(') {
            if self.peek_at(1) == Some(b'(')
                && let Some(statement) = self.arithmetic_command()?
            {
                statements.push(statement);
                return Ok(());
            }
            self.at += 1;
            let block = self.block()?;
            self.close(")", start)?;
            return self.finish(StatementKind::Subshell(block), start, statements);
        }
        match self.keyword() {
            Some("if") => self.if_command(start, statements),
            Some("for") => self.for_command(start, statements),
            Some("select") => self.select_command(start, statements),
            Some(word @ ("while" | "until")) => {
                self.at += word.len();
                let condition = self.block()?;
                let body = self.loop_body(start)?;
                self.finish(StatementKind::While { condition, until: word == "until", body }, start, statements)
            }
            Some("case") => self.case_command(start, statements),
            Some("{") => {
                self.at += 1;
                let block = self.block()?;
                self.close("}", start)?;
                self.finish(StatementKind::Group(block), start, statements)
            }
            Some("[[") => {
                self.double_brackets(statements)?;
                self.redirections()
            }
            Some("function") => {
                self.at += "function".len();
                self.skip_blanks();
                let mut words = Vec::new();
                self.words(Until::Blank, &mut words)?;
                let name = words.first().and_then(|word| self.literal_word(word)).ok_or(Broken)?;
                self.skip_blanks();
                if self.eat("(") {
                    self.skip_blanks();
                    if !self.eat(")") {
                        return Err(Broken);
                    }
                }
                self.function_body(start, name, statements)
            }
            Some(word) if word == "time" || word == "coproc" => {
                self.at += word.len();
                self.skip_blanks();
                while self.eat("-p") || self.eat("--") {
                    self.skip_blanks();
                }
                self.command(statements)
            }
            _ => self.simple(statements),
        }
    }

    /// The end of a compound command. Where it is missing at the end of the text, what was read counts.
    fn close(&mut self, closer: &str, start: usize) -> Read<()> {
        if closer == ")" {
            if self.eat(")") {
                return Ok(());
            }
        } else if self.keyword() == Some(closer) {
            self.at += closer.len();
            return Ok(());
        }
        if self.at < self.end {
            return Err(Broken);
        }
        let place = self.span(start, self.line_end(start));
        self.script.broken.push(place);
        Ok(())
    }

    /// Redirections after a compound command.
    fn redirections(&mut self) -> Read<()> {
        let mut input = None;
        loop {
            self.skip_blanks();
            if !self.redirection(&mut input)? {
                return Ok(());
            }
        }
    }

    fn finish(&mut self, kind: StatementKind, start: usize, statements: &mut Vec<Statement>) -> Read<()> {
        let span = self.span(start, self.at);
        self.redirections()?;
        statements.push(Statement { kind, span });
        Ok(())
    }

    fn if_command(&mut self, start: usize, statements: &mut Vec<Statement>) -> Read<()> {
        self.at += "if".len();
        let mut branches = Vec::new();
        let mut otherwise = None;
        loop {
            let condition = self.block()?;
            self.expect("then")?;
            let body = self.block()?;
            branches.push((condition, body));
            match self.keyword() {
                Some("elif") => self.at += "elif".len(),
                Some("else") => {
                    self.at += "else".len();
                    otherwise = Some(self.block()?);
                    break;
                }
                _ => break,
            }
        }
        self.close("fi", start)?;
        self.finish(StatementKind::If { branches, otherwise }, start, statements)
    }

    /// `do ... done`, or `{ ... }` as bash takes it too.
    fn loop_body(&mut self, start: usize) -> Read<BlockId> {
        self.skip_lines();
        if self.peek() == Some(b';') {
            self.at += 1;
            self.skip_lines();
        }
        let closer = if self.keyword() == Some("{") { "}" } else { "done" };
        self.expect(if closer == "}" { "{" } else { "do" })?;
        let body = self.block()?;
        self.close(closer, start)?;
        Ok(body)
    }

    fn variable(&mut self) -> Read<Name> {
        let rest = self.rest();
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        self.at += length;
        rest.get(..length).filter(|name| !name.is_empty()).map(Into::into).ok_or(Broken)
    }

    /// The words of `for x in ...`; without `in` they are `"$@"`.
    fn items(&mut self) -> Read<ExprId> {
        self.skip_lines();
        let from = self.at;
        let mut words = Vec::new();
        if self.keyword() == Some("in") {
            self.at += "in".len();
            loop {
                self.skip_blanks();
                match self.peek() {
                    None | Some(b'\n' | b';' | b'#') => break,
                    Some(b'\r') => break,
                    _ => self.words(Until::Blank, &mut words)?,
                }
            }
        } else {
            let value = self.add(Expr::Var("@".into()), from, from);
            let part = Part { value, spread: Spread::Each };
            words.push(Word { span: self.span(from, from), parts: vec![part], role: Role::Plain });
        }
        Ok(self.add(Expr::Words(words), from, self.at))
    }

    fn for_command(&mut self, start: usize, statements: &mut Vec<Statement>) -> Read<()> {
        self.at += "for".len();
        self.skip_blanks();
        if self.peek() == Some(b'(') {
            let Some(turns) = self.arithmetic_command()? else { return Err(Broken) };
            let condition = self.script.add_block(vec![turns]);
            let body = self.loop_body(start)?;
            return self.finish(StatementKind::While { condition, until: false, body }, start, statements);
        }
        let from = self.at;
        let variable = self.variable()?;
        let variable_span = self.span(from, self.at);
        let items = self.items()?;
        let body = self.loop_body(start)?;
        self.finish(StatementKind::For { variable, variable_span, items, body }, start, statements)
    }

    /// `select`: the user picks, as often as they like.
    fn select_command(&mut self, start: usize, statements: &mut Vec<Statement>) -> Read<()> {
        self.at += "select".len();
        self.skip_blanks();
        let from = self.at;
        let name = self.variable()?;
        let to = self.at;
        self.items()?;
        let text = self.raw(start, self.at);
        let body = self.loop_body(start)?;
        let target = self.add(Expr::Var(name), from, to);
        let value = self.add(Expr::Opaque(text), from, to);
        let span = self.span(from, to);
        let picked = Assign { target, span, value, append: false, local: false };
        let first = Statement { kind: StatementKind::Assign(picked), span };
        let group = Statement { kind: StatementKind::Group(body), span };
        let condition = self.script.add_block(Vec::new());
        let body = self.script.add_block(vec![first, group]);
        self.finish(StatementKind::While { condition, until: false, body }, start, statements)
    }

    fn case_command(&mut self, start: usize, statements: &mut Vec<Statement>) -> Read<()> {
        self.at += "case".len();
        self.skip_blanks();
        let subject = self.case_word()?;
        self.skip_lines();
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.at >= self.end || self.keyword() == Some("esac") {
                break;
            }
            arms.push(self.arm()?);
        }
        self.close("esac", start)?;
        self.finish(StatementKind::Case { subject, arms }, start, statements)
    }

    fn arm(&mut self) -> Read<Arm> {
        self.eat("(");
        let mut patterns = Vec::new();
        let mut any = false;
        loop {
            self.skip_blanks();
            let pattern = self.case_word()?;
            any |= self.script.literal(pattern).is_some_and(|text| &*text == "*");
            patterns.push(pattern);
            self.skip_blanks();
            if !self.eat("|") {
                break;
            }
        }
        if !self.eat(")") {
            return Err(Broken);
        }
        let body = self.block()?;
        if self.eat(";;&") || self.eat(";;") || self.eat(";&") || self.keyword() == Some("esac") || self.at >= self.end
        {
            return Ok(Arm { patterns: if any { Vec::new() } else { patterns }, body });
        }
        Err(Broken)
    }

    /// What a function does, after its name and parentheses.
    pub(super) fn function_body(&mut self, start: usize, name: Name, statements: &mut Vec<Statement>) -> Read<()> {
        self.skip_lines();
        let mut body = Vec::new();
        let last = self.last_command.take();
        self.nest(|reader| reader.command(&mut body))?;
        self.last_command = last;
        let body = self.script.add_block(body);
        let kind = StatementKind::Function { name, parameters: Vec::new(), body };
        self.finish(kind, start, statements)
    }
}
