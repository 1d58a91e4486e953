//! Expansions: `$x`, `${x:-y}`, `$(...)`, `` `...` ``, `$((...))`, `$[...]`, `$'...'`.

use crate::ir::script::{Expr, ExprId, Spread};
use crate::ir::{Name, Piece};

use super::reader::{Broken, Mention, Read, Reader};
use super::word::{Draft, Until};

/// The operators of `${x...}` that take one word, longest first, and what the call is named.
const WORD_OPERATORS: [(&str, &str); 12] = [
    (":-", "default"),
    (":=", "assign-default"),
    (":?", "require"),
    (":+", "alternative"),
    ("##", "remove-longest-prefix"),
    ("%%", "remove-longest-suffix"),
    ("-", "default-if-unset"),
    ("=", "assign-default-if-unset"),
    ("?", "require-if-unset"),
    ("+", "alternative-if-set"),
    ("#", "remove-prefix"),
    ("%", "remove-suffix"),
];

/// The operators that replace, longest first.
const REPLACEMENTS: [(&str, &str); 4] =
    [("//", "replace-all"), ("/#", "replace-prefix"), ("/%", "replace-suffix"), ("/", "replace-first")];

/// The operators that change case, longest first.
const CASES: [(&str, &str); 4] = [("^^", "upper"), ("^", "upper-first"), (",,", "lower"), (",", "lower-first")];

impl Reader<'_> {
    /// What a `$` begins.
    pub(super) fn dollar(&mut self, quoted: bool, drafts: &mut Vec<Draft>) -> Read<()> {
        let from = self.at;
        let spread = if quoted { Spread::One } else { Spread::Split };
        let value = match self.peek_at(1) {
            Some(b'{') if self.peek_at(2) == Some(b'{') => self.host_expression()?,
            Some(b'{') => return self.nest(|reader| reader.braced(quoted, drafts)),
            Some(b'(') if self.peek_at(2) == Some(b'(') => match self.arithmetic_expansion()? {
                Some(value) => value,
                None => self.nest(Self::substitution)?,
            },
            Some(b'(') => self.nest(Self::substitution)?,
            Some(b'[') => self.old_arithmetic()?,
            Some(b'\'') if !quoted => return self.ansi_quoted(drafts),
            Some(b'"') if !quoted => {
                self.at += 1;
                return self.double_quoted(drafts);
            }
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => {
                let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                let length = self.rest().bytes().skip(1).take_while(name).count();
                self.at += 1 + length;
                let name: Name = self.text.get(from + 1..self.at).unwrap_or_default().into();
                self.scalar(name, from, self.at)
            }
            Some(byte) if byte.is_ascii_digit() && byte != b'0' => {
                self.at += 2;
                let name: Name = char::from(byte).to_string().into();
                self.add(Expr::Var(name), from, self.at)
            }
            Some(byte @ (b'@' | b'*')) => {
                self.at += 2;
                let value = self.add(Expr::Var("@".into()), from, self.at);
                self.mention(value, from);
                let spread = if quoted && byte == b'@' { Spread::Each } else { spread };
                drafts.push(Draft::Value(value, spread));
                return Ok(());
            }
            Some(b'#') => {
                self.at += 2;
                let all = self.add(Expr::Var("@".into()), from, self.at);
                self.call("count", vec![all], from)
            }
            Some(b'?' | b'$' | b'!' | b'-' | b'0') => {
                self.at += 2;
                let text = self.raw(from, self.at);
                self.add(Expr::Opaque(text), from, self.at)
            }
            _ => {
                self.at += 1;
                self.literal(from, self.at, !quoted, drafts);
                return Ok(());
            }
        };
        self.mention(value, from);
        drafts.push(Draft::Value(value, spread));
        Ok(())
    }

    /// Notes a variable for the text of the substitution around it. Substitutions are text themselves.
    fn mention(&mut self, value: ExprId, start: usize) {
        if !matches!(self.script.expr(value), Expr::Run { .. } | Expr::Opaque(_)) {
            self.mentions.push(Mention { start, end: self.at, value });
        }
    }

    /// bash's `$x`: the element 0 of `x`.
    fn scalar(&mut self, name: Name, from: usize, to: usize) -> ExprId {
        let base = self.add(Expr::Var(name), from, to);
        let key = self.add(Expr::Int(0), from, to);
        self.add(Expr::Get { base, key }, from, to)
    }

    fn call(&mut self, function: &str, args: Vec<ExprId>, from: usize) -> ExprId {
        self.add(Expr::Call { function: function.into(), args }, from, self.at)
    }

    /// `${{ ... }}`: what the pipeline around the script puts in before the shell sees it.
    fn host_expression(&mut self) -> Read<ExprId> {
        let from = self.at;
        let length = self.rest().find("}}").ok_or(Broken)?;
        self.pay(length)?;
        self.at += length + 2;
        let text = self.raw(from, self.at);
        Ok(self.add(Expr::Opaque(text), from, self.at))
    }

    /// `${...}`.
    fn braced(&mut self, quoted: bool, drafts: &mut Vec<Draft>) -> Read<()> {
        let from = self.at;
        self.at += 2;
        let start = self.at;
        let inner = match self.peek() {
            Some(b'#') if self.peek_at(1) != Some(b'}') => self.length_of(from),
            Some(b'!') => self.indirect(from),
            _ => self.parameter(quoted, from),
        };
        let (value, each) = match inner {
            Ok(found) if self.peek() == Some(b'}') => found,
            Err(Broken) if self.at >= self.end => return Err(Broken),
            _ => {
                // An operator that isn't known: its text stands for it.
                self.at = start;
                let length =
                    self.text.get(from + 1..self.end).and_then(|_| self.balanced_from(from + 1)).ok_or(Broken)?;
                self.at = from + length;
                let text = self.raw(from, self.at + 1);
                (self.add(Expr::Opaque(text), from, self.at + 1), false)
            }
        };
        self.at += 1;
        self.mention(value, from);
        let spread = match (quoted, each) {
            (true, true) => Spread::Each,
            (true, false) => Spread::One,
            (false, _) => Spread::Split,
        };
        drafts.push(Draft::Value(value, spread));
        Ok(())
    }

    /// How long the braced text from `from` is, without its closing brace.
    fn balanced_from(&mut self, from: usize) -> Option<usize> {
        let at = std::mem::replace(&mut self.at, from);
        let length = self.balanced(b'{', b'}');
        self.at = at;
        length
    }

    /// The name of a parameter in braces: a variable, a digit, or one of `@*`.
    fn parameter_name(&mut self) -> Read<Name> {
        let rest = self.rest();
        let length = match rest.as_bytes().first() {
            Some(b'@' | b'*') => 1,
            Some(byte) if byte.is_ascii_digit() => rest.bytes().take_while(u8::is_ascii_digit).count(),
            _ => rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count(),
        };
        let name = rest.get(..length).filter(|name| !name.is_empty() && *name != "0").ok_or(Broken)?;
        self.at += length;
        Ok(if name == "*" { "@".into() } else { name.into() })
    }

    /// A parameter with its subscript: its value, and whether it is a whole list by `@`.
    fn subscripted(&mut self, from: usize) -> Read<(ExprId, bool)> {
        let star = self.peek() == Some(b'*');
        let name = self.parameter_name()?;
        if &*name == "@" {
            return Ok((self.add(Expr::Var(name), from, self.at), !star));
        }
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok((self.add(Expr::Var(name), from, self.at), false));
        }
        if self.peek() != Some(b'[') {
            return Ok((self.scalar(name, from, self.at), false));
        }
        let base = self.add(Expr::Var(name), from, self.at);
        self.at += 1;
        if let Some(byte @ (b'@' | b'*')) = self.peek()
            && self.peek_at(1) == Some(b']')
        {
            self.at += 2;
            return Ok((base, byte == b'@'));
        }
        let key = self.joined(Until::Bracket)?;
        if !self.eat("]") {
            return Err(Broken);
        }
        Ok((self.add(Expr::Get { base, key }, from, self.at), false))
    }

    /// `#x`, `#a[@]`.
    fn length_of(&mut self, from: usize) -> Read<(ExprId, bool)> {
        self.at += 1;
        let (value, _) = self.subscripted(from)?;
        let whole = matches!(self.script.expr(value), Expr::Var(_));
        Ok((self.call(if whole { "count" } else { "length" }, vec![value], from), false))
    }

    /// `!m[@]`: the keys. `!x`, the variable that `x` names, is not followed.
    fn indirect(&mut self, from: usize) -> Read<(ExprId, bool)> {
        self.at += 1;
        let (value, each) = self.subscripted(from)?;
        if !matches!(self.script.expr(value), Expr::Var(_)) {
            return Err(Broken);
        }
        Ok((self.call("keys", vec![value], from), each))
    }

    /// A parameter and its operator.
    fn parameter(&mut self, quoted: bool, from: usize) -> Read<(ExprId, bool)> {
        let (value, each) = self.subscripted(from)?;
        if self.peek() == Some(b'}') {
            return Ok((value, each));
        }
        let operator = |list: &[(&'static str, &'static str)], rest: &str| {
            list.iter().find(|(operator, _)| rest.starts_with(operator)).copied()
        };
        let rest = self.rest();
        if let Some((operator, function)) = operator(&WORD_OPERATORS, rest) {
            self.at += operator.len();
            let start = self.at;
            let word = self.joined(Until::Brace(quoted))?;
            let mut args = vec![value, word];
            // A word in quotes stays one word where it takes the variable's place.
            if !quoted && self.text.get(start..self.at).is_some_and(|word| word.starts_with(['"', '\''])) {
                args.push(self.add(Expr::Bool(true), start, self.at));
            }
            return Ok((self.call(function, args, from), each));
        }
        if let Some((operator, function)) = operator(&REPLACEMENTS, rest) {
            self.at += operator.len();
            let pattern = self.joined(Until::Slash)?;
            self.eat("/");
            let with = self.joined(Until::Brace(quoted))?;
            return Ok((self.call(function, vec![value, pattern, with], from), each));
        }
        if let Some((operator, function)) = operator(&CASES, rest) {
            self.at += operator.len();
            return if self.peek() == Some(b'}') {
                Ok((self.call(function, vec![value], from), each))
            } else {
                Err(Broken)
            };
        }
        if self.eat(":") {
            let range = self.joined(Until::Brace(quoted))?;
            // `$@` counts from 1.
            let all = matches!(self.script.expr(value), Expr::Var(name) if &**name == "@");
            let function = if all { "slice-arguments" } else { "slice" };
            return Ok((self.call(function, vec![value, range], from), each));
        }
        Err(Broken)
    }

    /// `$( ... )`.
    fn substitution(&mut self) -> Read<ExprId> {
        let from = self.at;
        self.at += 2;
        self.commands(from, from + 2, 1)
    }

    /// Commands up to a parenthesis; `inner` is their first byte, `closing` the bytes that close them.
    fn commands(&mut self, from: usize, inner: usize, closing: usize) -> Read<ExprId> {
        let mentions = self.mentions.len();
        let last = self.last_command.take();
        let waiting = std::mem::take(&mut self.pending);
        let block = self.block()?;
        self.last_command = last;
        self.pending.splice(0..0, waiting);
        let to = self.at;
        if self.peek() != Some(b')') {
            return Err(Broken);
        }
        self.at += closing;
        Ok(self.run(block, from, inner, to, mentions))
    }

    /// The expression of a block's output, with its text.
    fn run(
        &mut self,
        block: crate::ir::script::BlockId,
        from: usize,
        inner: usize,
        to: usize,
        mentions: usize,
    ) -> ExprId {
        let mut text = Vec::new();
        let mut at = inner;
        let inside = self.mentions.get(mentions..).unwrap_or_default();
        // An expansion is noted when it ends, so that one inside another stands before it.
        let mut outer: Vec<Mention> = Vec::new();
        for mention in inside.iter().copied() {
            while outer.last().is_some_and(|last| last.start >= mention.start) {
                outer.pop();
            }
            outer.push(mention);
        }
        for mention in outer {
            text.extend(self.raw(at, mention.start));
            text.push(Piece::Hole(mention.value));
            at = mention.end;
        }
        text.extend(self.raw(at, to));
        self.add(Expr::Run { block, text }, from, self.at)
    }

    /// `` `...` ``.
    pub(super) fn backticks(&mut self, quoted: bool, drafts: &mut Vec<Draft>) -> Read<()> {
        let from = self.at;
        let inner = from + 1;
        let mut close = inner;
        let mut escaped = false;
        loop {
            match self.text.as_bytes().get(close).filter(|_| close < self.end).ok_or(Broken)? {
                b'`' => break,
                b'\\' => {
                    escaped = true;
                    close += 2;
                }
                _ => close += 1,
            }
        }
        self.pay(close - from)?;
        let value = if escaped {
            self.at = close + 1;
            let text = self.raw(inner, close);
            self.add(Expr::Opaque(text), from, self.at)
        } else {
            self.nest(|reader| reader.between_backticks(from, close))?
        };
        drafts.push(Draft::Value(value, if quoted { Spread::One } else { Spread::Split }));
        Ok(())
    }

    fn between_backticks(&mut self, from: usize, close: usize) -> Read<ExprId> {
        let end = std::mem::replace(&mut self.end, close);
        let last = self.last_command.take();
        self.at = from + 1;
        let mentions = self.mentions.len();
        let block = self.block();
        let finished = self.at >= close;
        self.end = end;
        self.last_command = last;
        let block = block?;
        if !finished {
            return Err(Broken);
        }
        self.at = close + 1;
        Ok(self.run(block, from, from + 1, close, mentions))
    }

    /// `<(...)`, `>(...)`: a file that only the shell knows.
    pub(super) fn process_substitution(&mut self, drafts: &mut Vec<Draft>) -> Read<()> {
        let from = self.at;
        self.at += 2;
        self.nest(|reader| reader.commands(from, from + 2, 1))?;
        let text = self.raw(from, self.at);
        let value = self.add(Expr::Opaque(text), from, self.at);
        drafts.push(Draft::Value(value, Spread::One));
        Ok(())
    }

    /// `$'...'`.
    fn ansi_quoted(&mut self, drafts: &mut Vec<Draft>) -> Read<()> {
        let whole = self.at;
        self.at += 2;
        self.decoded("", self.at, self.at, drafts);
        loop {
            self.pay(1)?;
            let from = self.at;
            match self.peek().ok_or(Broken)? {
                b'\'' => break,
                b'\\' => {
                    let (text, length) = escape(self.rest()).unwrap_or_default();
                    if length == 0 {
                        return self.opaque_ansi(whole, drafts);
                    }
                    self.at += length;
                    self.decoded(&text, from, self.at, drafts);
                }
                _ => {
                    let rest = self.rest();
                    let length = rest.find(['\'', '\\']).unwrap_or(rest.len());
                    self.at += length;
                    self.literal(from, self.at, false, drafts);
                }
            }
        }
        self.at += 1;
        Ok(())
    }

    /// A string with escapes for single bytes, which need not be text.
    fn opaque_ansi(&mut self, whole: usize, drafts: &mut Vec<Draft>) -> Read<()> {
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'\'' {
                let text = self.raw(whole, self.at);
                let value = self.add(Expr::Opaque(text), whole, self.at);
                drafts.push(Draft::Value(value, Spread::One));
                return Ok(());
            }
        }
        Err(Broken)
    }
}

/// What an escape of `$'...'` stands for, and its length. `None` for bytes that are no text of their own.
fn escape(rest: &str) -> Option<(String, usize)> {
    let kind = rest.chars().nth(1)?;
    let simple = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'a' => '\x07',
        'b' => '\x08',
        'e' | 'E' => '\x1b',
        'f' => '\x0c',
        'v' => '\x0b',
        '\\' | '\'' | '"' | '?' => kind,
        'x' => return hexadecimal(rest, 2).filter(|(text, _)| text.is_ascii()),
        'u' => return hexadecimal(rest, 4),
        'U' => return hexadecimal(rest, 8),
        '0'..='7' | 'c' => return None,
        other => return Some((format!("\\{other}"), 1 + other.len_utf8())),
    };
    Some((simple.to_string(), 2))
}

fn hexadecimal(rest: &str, most: usize) -> Option<(String, usize)> {
    let digits = rest.bytes().skip(2).take(most).take_while(u8::is_ascii_hexdigit).count();
    let code = u32::from_str_radix(rest.get(2..2 + digits)?, 16).ok()?;
    let char = char::from_u32(code).filter(|char| *char != '\0')?;
    Some((char.to_string(), 2 + digits))
}
