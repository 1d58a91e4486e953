//! The cursor, and lists of statements.

use crate::ir::script::{BlockId, Expr, ExprId, Link, Script, Shell, Statement, StatementKind};
use crate::text::{Excerpt, Span};

use super::heredoc::Pending;

/// Something could not be read; the statement around it is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken;

/// What reading gives.
pub(super) type Read<T> = Result<T, Broken>;

/// How deep lists and expansions may nest.
const DEPTH: u32 = 40;

/// Words that close a compound command, where a command may begin.
const CLOSERS: [&str; 8] = ["then", "do", "done", "fi", "elif", "else", "esac", "}"];

/// A variable that the text of a substitution holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: ExprId,
}

/// How much was read at one point.
#[derive(Clone, Copy)]
struct Mark {
    exprs: usize,
    blocks: usize,
    broken: usize,
    mentions: usize,
}

/// Reads one script.
pub(super) struct Reader<'a> {
    pub(super) excerpt: &'a Excerpt,
    pub(super) text: &'a str,
    /// The next byte.
    pub(super) at: usize,
    /// One past the last byte that may be read.
    pub(super) end: usize,
    pub(super) script: Script,
    pub(super) pending: Vec<Pending>,
    pub(super) mentions: Vec<Mention>,
    /// One past the last simple command.
    pub(super) last_command: Option<usize>,
    depth: u32,
    /// Steps left: what can't be read is read again from the next line, which must not add up.
    fuel: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(excerpt: &'a Excerpt) -> Self {
        let text = excerpt.text();
        Self {
            excerpt,
            text,
            at: 0,
            end: text.len(),
            script: Script::new(excerpt.source(), Shell::Bash),
            pending: Vec::new(),
            mentions: Vec::new(),
            last_command: None,
            depth: 0,
            fuel: text.len() * 12 + 4096,
        }
    }

    /// The whole script.
    pub(super) fn script(mut self) -> Script {
        if self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
        }
        let mut statements = Vec::new();
        while self.at < self.end {
            let (before, mark) = (self.at, self.mark());
            match self.list() {
                Ok(list) => statements.extend(list),
                Err(Broken) => {
                    self.forget_from(mark);
                    self.give_up(before, &mut statements);
                }
            }
            if self.at < self.end && self.at_closer() {
                let closer = self.at;
                self.give_up(closer, &mut statements);
            }
            if self.at == before {
                self.at = self.end;
            }
        }
        let body = self.script.add_block(statements);
        self.script.body = body;
        self.script
    }

    /// Statements up to the end or a word that closes.
    pub(super) fn list(&mut self) -> Read<Vec<Statement>> {
        self.nest(|reader| {
            let mut statements = Vec::new();
            loop {
                reader.skip_separators();
                if reader.at >= reader.end || reader.at_closer() {
                    return Ok(statements);
                }
                let (start, mark, whole) = (reader.at, reader.mark(), statements.len());
                if reader.statement(&mut statements).is_err() {
                    if statements.len() == whole {
                        reader.forget_from(mark);
                    }
                    reader.give_up(start, &mut statements);
                }
            }
        })
    }

    /// A list as a block.
    pub(super) fn block(&mut self) -> Read<BlockId> {
        let statements = self.list()?;
        Ok(self.script.add_block(statements))
    }

    /// Runs a part that nests one deeper.
    pub(super) fn nest<T>(&mut self, part: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEPTH {
            return Err(Broken);
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }

    /// What was read so far.
    const fn mark(&self) -> Mark {
        Mark {
            exprs: self.script.exprs.len(),
            blocks: self.script.blocks.len(),
            broken: self.script.broken.len(),
            mentions: self.mentions.len(),
        }
    }

    /// Lets go what was read of a statement that is given up: its lines are read again, each for itself, and what is
    /// kept of every attempt would add up.
    fn forget_from(&mut self, mark: Mark) {
        self.script.exprs.truncate(mark.exprs);
        self.script.blocks.truncate(mark.blocks);
        self.script.broken.truncate(mark.broken);
        self.mentions.truncate(mark.mentions);
    }

    /// Gives up what began at `start`: goes on with the line after it.
    fn give_up(&mut self, start: usize, statements: &mut Vec<Statement>) {
        self.pending.clear();
        self.at = self.line_end(start);
        if self.fuel == 0 {
            self.at = self.end;
        }
        let span = self.span(start, self.at);
        self.script.broken.push(span);
        statements.push(Statement { kind: StatementKind::Broken, span });
    }

    /// A chain of pipelines and what ends it.
    fn statement(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        let start = self.at;
        let mut first = Vec::new();
        self.pipeline(&mut first)?;
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
            let mut next = Vec::new();
            self.pipeline(&mut next)?;
            let block = self.script.add_block(next);
            rest.push((link, block));
        }
        if !rest.is_empty() {
            let first_block = self.script.add_block(std::mem::take(&mut first));
            let span = self.span(start, self.at);
            first.push(Statement { kind: StatementKind::Chain { first: first_block, rest }, span });
        }
        self.skip_blanks();
        if self.peek() == Some(b'&') && self.peek_at(1) != Some(b'&') {
            self.at += 1;
            let block = self.script.add_block(std::mem::take(&mut first));
            let span = self.span(start, self.at);
            first.push(Statement { kind: StatementKind::Background(block), span });
        }
        statements.append(&mut first);
        self.skip_blanks();
        match self.peek() {
            None | Some(b';' | b'\n' | b'\r' | b'#' | b')') => Ok(()),
            _ if self.at_closer() => Ok(()),
            // What follows a closed compound command or a `&` may be a statement of its own.
            Some(_) if matches!(self.text.as_bytes().get(self.at - 1), Some(b'&')) => Ok(()),
            Some(b' ' | b'\t') => Ok(()),
            Some(_) => Err(Broken),
        }
    }

    /// Commands joined by `|`, perhaps after `!`.
    fn pipeline(&mut self, statements: &mut Vec<Statement>) -> Read<()> {
        let start = self.at;
        let mut negated = false;
        while self.keyword() == Some("!") {
            negated = !negated;
            self.at += 1;
            self.skip_blanks();
        }
        let mut first = Vec::new();
        self.command(&mut first)?;
        self.skip_blanks();
        if self.peek() == Some(b'|') && self.peek_at(1) != Some(b'|') {
            let mut parts = vec![self.script.add_block(std::mem::take(&mut first))];
            while self.peek() == Some(b'|') && self.peek_at(1) != Some(b'|') {
                self.at += if self.peek_at(1) == Some(b'&') { 2 } else { 1 };
                self.skip_lines();
                let mut next = Vec::new();
                self.command(&mut next)?;
                parts.push(self.script.add_block(next));
                self.skip_blanks();
            }
            first.push(Statement { kind: StatementKind::Pipeline(parts), span: self.span(start, self.at) });
        }
        if negated {
            let block = self.script.add_block(first);
            statements.push(Statement { kind: StatementKind::Not(block), span: self.span(start, self.at) });
        } else {
            statements.append(&mut first);
        }
        Ok(())
    }

    /// Whether a list ends here.
    pub(super) fn at_closer(&self) -> bool {
        match self.peek() {
            Some(b')') => true,
            Some(b';') => matches!(self.peek_at(1), Some(b';' | b'&')),
            _ => self.keyword().is_some_and(|word| CLOSERS.contains(&word)),
        }
    }

    /// The plain word at the cursor: letters, or one of `!`, `{`, `}`, and then a delimiter.
    pub(super) fn keyword(&self) -> Option<&'a str> {
        let rest = self.rest();
        let length = match rest.as_bytes().first()? {
            b'!' | b'{' | b'}' => 1,
            b'[' if rest.starts_with("[[") => 2,
            _ => rest.bytes().take(9).take_while(|byte| byte.is_ascii_lowercase()).count(),
        };
        if length == 0 {
            return None;
        }
        match rest.as_bytes().get(length) {
            None | Some(b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>') => {
                rest.get(..length)
            }
            Some(b'\\') if matches!(rest.as_bytes().get(length + 1), Some(b'\n' | b'\r')) => rest.get(..length),
            _ => None,
        }
    }

    /// Takes a keyword.
    pub(super) fn expect(&mut self, word: &str) -> Read<()> {
        if self.keyword() == Some(word) {
            self.at += word.len();
            return Ok(());
        }
        Err(Broken)
    }

    /// Blanks, line ends, comments and single semicolons.
    fn skip_separators(&mut self) {
        loop {
            self.skip_lines();
            if self.peek() == Some(b';') && !matches!(self.peek_at(1), Some(b';' | b'&')) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Blanks, line ends and comments.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            match self.peek() {
                Some(b'\n') => self.newline(1),
                Some(b'\r') if self.peek_at(1) == Some(b'\n') => self.newline(2),
                Some(b'\r') => self.at += 1,
                Some(b'#') => self.at = self.line_end(self.at),
                _ => return,
            }
        }
    }

    fn newline(&mut self, length: usize) {
        self.at += length;
        if !self.pending.is_empty() {
            self.here_documents();
        }
    }

    /// Blanks and continued lines.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'\\') => match self.continuation() {
                    0 => return,
                    length => self.at += length,
                },
                _ => return,
            }
        }
    }

    /// How long the continuation (backslash and line end) at the cursor is; 0 if there is none.
    pub(super) fn continuation(&self) -> usize {
        match (self.peek(), self.peek_at(1), self.peek_at(2)) {
            (Some(b'\\'), Some(b'\n'), _) => 2,
            (Some(b'\\'), Some(b'\r'), Some(b'\n')) => 3,
            _ => 0,
        }
    }

    /// The next byte. Every look costs, so that no input is read over and over.
    pub(super) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        if at < self.end { self.text.as_bytes().get(at).copied() } else { None }
    }

    /// What may still be read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    /// Takes a text.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    /// Pays for reading on.
    pub(super) fn pay(&mut self, steps: usize) -> Read<()> {
        self.fuel = self.fuel.saturating_sub(steps);
        if self.fuel == 0 { Err(Broken) } else { Ok(()) }
    }

    /// The end of the line that holds `from`.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..self.end).unwrap_or_default();
        rest.find('\n').map_or(self.end, |length| from + length)
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        self.excerpt.span(start, end)
    }

    pub(super) fn add(&mut self, expr: Expr, start: usize, end: usize) -> ExprId {
        let span = self.span(start, end);
        self.script.add(expr, span)
    }
}
