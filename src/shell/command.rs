//! Simple commands, assignments and redirections.

use std::sync::Arc;

use crate::ir::script::{Assign, Command, Entry, Expr, ExprId, Role, Spread, Statement, StatementKind, Word};
use crate::text::Span;

use super::reader::{Broken, Read, Reader};
use super::word::Until;

/// Commands whose arguments are assignments, and whether they bind in the function around them.
const DECLARATIONS: [(&str, bool); 6] =
    [("export", false), ("readonly", false), ("local", true), ("declare", true), ("typeset", true), ("integer", true)];

impl Reader<'_> {
    /// A simple command, or assignments on their own.
    pub(super) fn simple(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        let start = self.at;
        let adjoining = self.last_command.is_some_and(|last| self.only_a_line_end(last, start));
        let mut environment = Vec::new();
        let mut words: Vec<Word> = Vec::new();
        let mut input = None;
        let mut declares = None;
        let mut end = start;
        loop {
            self.skip_blanks();
            if self.redirection(&mut input)? {
                end = self.at;
                continue;
            }
            match self.peek() {
                None | Some(b'\n' | b';' | b'&' | b'|' | b')') => break,
                Some(b'\r') if matches!(self.peek_at(1), None | Some(b'\n')) => break,
                Some(b'#') => break,
                Some(b'(') => return self.function_or_broken(start, &words, statements),
                _ => {}
            }
            if (words.is_empty() || declares.is_some())
                && let Some(mut assign) = self.assignment()?
            {
                assign.local = declares == Some(true);
                environment.push(assign);
                end = self.at;
                continue;
            }
            self.words(Until::Blank, &mut words)?;
            end = self.at;
            if words.len() == 1
                && let Some(name) = self.literal_word(&words[0])
            {
                declares = DECLARATIONS.iter().find(|(word, _)| *word == &*name).map(|(_, local)| *local);
            }
        }
        if end == start {
            return Err(Broken);
        }
        let span = self.span(start, end);
        self.last_command = Some(end);
        if words.is_empty() || declares.is_some() {
            for assign in environment {
                let span = assign.span.to(self.script.span(assign.value));
                statements.push(Statement { kind: StatementKind::Assign(assign), span });
            }
            if words.is_empty() {
                return Ok(());
            }
            environment = Vec::new();
        }
        let kind = self.known_command(&words).unwrap_or(StatementKind::Command(Command {
            environment,
            words,
            input,
            adjoining,
        }));
        statements.push(Statement { kind, span });
        Ok(())
    }

    /// `exit`, `return`, `break`, `continue`.
    fn known_command(&self, words: &[Word]) -> Option<StatementKind> {
        Some(match &*self.literal_word(words.first()?)? {
            "exit" => StatementKind::Exit,
            "return" => StatementKind::Return(None),
            "break" | "continue" => StatementKind::Break,
            _ => return None,
        })
    }

    /// The text of a word that is literal.
    pub(super) fn literal_word(&self, word: &Word) -> Option<Arc<str>> {
        match word.parts.as_slice() {
            [part] => self.script.literal(part.value),
            _ => None,
        }
    }

    /// Whether only blanks and one line end lie between two places.
    fn only_a_line_end(&self, from: usize, to: usize) -> bool {
        let between = self.text.get(from..to).unwrap_or_default();
        between.len() < 512
            && between.bytes().filter(|byte| *byte == b'\n').count() == 1
            && between.bytes().all(|byte| byte.is_ascii_whitespace())
    }

    /// `name() ...`: the parenthesis after the first word.
    fn function_or_broken(&mut self, start: usize, words: &[Word], statements: &mut Vec<Statement>) -> Read<()> {
        let [word] = words else { return Err(Broken) };
        let name = self.literal_word(word).ok_or(Broken)?;
        self.at += 1;
        self.skip_blanks();
        if !self.eat(")") {
            return Err(Broken);
        }
        self.function_body(start, name, statements)
    }

    /// `name=value`, `name+=value`, `name[key]=value` at the cursor.
    fn assignment(&mut self) -> Read<Option<Assign>> {
        let start = self.at;
        let rest = self.rest();
        let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if name == 0 || rest.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok(None);
        }
        let subscript = match rest.as_bytes().get(name) {
            Some(b'[') => {
                let length = rest.get(name..).and_then(|rest| rest.find(']')).filter(|length| *length < 256);
                match length {
                    Some(length) => length + 1,
                    None => return Ok(None),
                }
            }
            _ => 0,
        };
        let operator = rest.get(name + subscript..).unwrap_or_default();
        let append = operator.starts_with("+=");
        if !append && !operator.starts_with('=') {
            return Ok(None);
        }
        let mut target = self.add(Expr::Var(rest.get(..name).unwrap_or_default().into()), start, start + name);
        if subscript > 0 {
            self.at = start + name + 1;
            let key = self.joined(Until::Bracket)?;
            if self.at + 1 != start + name + subscript {
                self.at = start;
                return Ok(None);
            }
            target = self.add(Expr::Get { base: target, key }, start, start + name + subscript);
        }
        let end = start + name + subscript;
        self.at = end + if append { 2 } else { 1 };
        let value = if self.peek() == Some(b'(') { self.array()? } else { self.joined(Until::Blank)? };
        Ok(Some(Assign { target, span: self.span(start, end), value, append, local: false }))
    }

    /// `( ... )` after an assignment: words, or `[key]=value`.
    fn array(&mut self) -> Read<ExprId> {
        let start = self.at;
        self.at += 1;
        let mut words = Vec::new();
        let mut entries = Vec::new();
        loop {
            self.skip_lines();
            match self.peek().ok_or(Broken)? {
                b')' => break,
                b'[' => match self.entry()? {
                    Some(entry) => entries.push(entry),
                    None => self.words(Until::Blank, &mut words)?,
                },
                _ => self.words(Until::Blank, &mut words)?,
            }
        }
        self.at += 1;
        let expr = if entries.is_empty() {
            Expr::Words(words)
        } else if words.is_empty() {
            Expr::Map { entries, cast: None }
        } else {
            Expr::Broken
        };
        Ok(self.add(expr, start, self.at))
    }

    /// `[key]=value`.
    fn entry(&mut self) -> Read<Option<Entry>> {
        let start = self.at;
        self.at += 1;
        let key = self.joined(Until::Bracket);
        let (Ok(key), true) = (key, self.eat("]=")) else {
            self.at = start;
            return Ok(None);
        };
        let value = self.joined(Until::Blank)?;
        Ok(Some(Entry { key, value }))
    }

    /// A redirection at the cursor.
    pub(super) fn redirection(&mut self, input: &mut Option<ExprId>) -> Read<bool> {
        let rest = self.rest();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let operator = rest.get(digits..).unwrap_or_default();
        if digits == 0 && operator.starts_with("&>") {
            self.at += if operator.starts_with("&>>") { 3 } else { 2 };
            return self.redirection_target();
        }
        if !operator.starts_with(['<', '>']) || operator.starts_with("<(") || operator.starts_with(">(") {
            return Ok(false);
        }
        if digits == 0 && self.placeholder().is_some() {
            return Ok(false);
        }
        self.at += digits;
        if self.eat("<<<") {
            self.skip_blanks();
            *input = Some(self.joined(Until::Blank)?);
            return Ok(true);
        }
        if operator.starts_with("<<") {
            *input = Some(self.here_document()?);
            return Ok(true);
        }
        for operator in [">>", ">&", ">|", "<&", "<>", ">", "<"] {
            if self.eat(operator) {
                break;
            }
        }
        self.redirection_target()
    }

    fn redirection_target(&mut self) -> Read<bool> {
        self.skip_blanks();
        let before = self.at;
        self.joined(Until::Blank)?;
        if self.at == before { Err(Broken) } else { Ok(true) }
    }

    /// `[[ ... ]]` as a command of that name, whose words never fall apart.
    pub(super) fn double_brackets(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        let start = self.at;
        let mut words = vec![self.operator_word(2)];
        let mut pattern = false;
        loop {
            self.skip_lines();
            let rest = self.rest();
            let operator = ["&&", "||", "(", ")", "<", ">"].into_iter().find(|operator| rest.starts_with(operator));
            if !pattern && let Some(operator) = operator {
                words.push(self.operator_word(operator.len()));
                continue;
            }
            if self.at >= self.end {
                return Err(Broken);
            }
            let before = words.len();
            self.words(if pattern { Until::Pattern } else { Until::Blank }, &mut words)?;
            for word in words.iter_mut().skip(before) {
                for part in &mut word.parts {
                    part.spread = Spread::One;
                }
            }
            let text = words.last().and_then(|word| self.literal_word(word));
            if text.as_deref() == Some("]]") {
                break;
            }
            pattern = text.as_deref() == Some("=~");
        }
        let span = self.span(start, self.at);
        self.last_command = Some(self.at);
        let command = Command { environment: Vec::new(), words, input: None, adjoining: false };
        statements.push(Statement { kind: StatementKind::Command(command), span });
        Ok(())
    }

    /// The next bytes as a word.
    fn operator_word(&mut self, length: usize) -> Word {
        let from = self.at;
        self.at += length;
        let text = self.raw(from, self.at);
        let value = self.add(Expr::Text(text), from, self.at);
        let span: Span = self.span(from, self.at);
        Word { span, parts: vec![crate::ir::script::Part { value, spread: Spread::One }], role: Role::Plain }
    }
}
