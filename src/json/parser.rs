//! The reader: one pass over the bytes, recursion bounded by [`MAX_DEPTH`].
//!
//! After an error it skips to the next `,`, `}` or `]` of the same level. Nothing is read more than a few times,
//! whatever the input, so that it takes time in proportion to the length.

use super::{Member, Node, Parsed, Text, Value};
use crate::text::{SourceId, Span};

/// Objects and arrays within each other; what is deeper is skipped.
const MAX_DEPTH: u32 = 256;
/// Values of one text: ten times as many as the largest template that is known to be public has.
const MAX_VALUES: u32 = 400_000;
/// Errors that are told of one text.
const MAX_ERRORS: usize = 100;
/// Broken regions that are kept apart; further ones widen the last.
const MAX_BROKEN: usize = 1000;
/// Objects up to this size are searched for repeated keys pair by pair.
const FEW_MEMBERS: usize = 12;

/// The bytes that a string can't be skimmed over: quotes, backslashes and line breaks.
const STOPS_STRING: [bool; 256] = {
    let mut stops = [false; 256];
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops[b'\n' as usize] = true;
    stops[b'\r' as usize] = true;
    stops
};

/// Reads a whole text. A text of 4 GiB or more is refused with an error.
pub fn parse(source: SourceId, text: &str) -> Parsed<'_> {
    let mut parser = Parser {
        source,
        text,
        bytes: text.as_bytes(),
        at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        elements: Vec::new(),
        members: Vec::new(),
        open_objects: 0,
        open_arrays: 0,
        values: 0,
        rescanned: 0,
        cut_short: false,
        errors: Vec::new(),
        broken: Vec::new(),
    };
    let root = parser.document();
    parser.broken.sort_unstable();
    Parsed { root, errors: parser.errors, broken: parser.broken }
}

struct Parser<'t> {
    source: SourceId,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Elements of all arrays that are open, innermost last.
    elements: Vec<Node<'t>>,
    /// Members of all objects that are open, innermost last.
    members: Vec<Member<'t>>,
    open_objects: u32,
    open_arrays: u32,
    /// How many values were read.
    values: u32,
    /// Up to where strings were already cut at a line break and read again; bounds reading twice.
    rescanned: usize,
    /// Whether the end of the text came too early.
    cut_short: bool,
    errors: Vec<(Span, String)>,
    broken: Vec<Span>,
}

impl<'t> Parser<'t> {
    fn document(&mut self) -> Option<Node<'t>> {
        if u32::try_from(self.bytes.len()).is_err() {
            self.errors.push((Span::new(self.source, 0, 0), "the file is too large to be read".to_owned()));
            return None;
        }
        self.blanks();
        if self.peek().is_none() {
            self.error(self.at, self.at, "there is no value in this file");
            return None;
        }
        let root = self.value(0);
        self.blanks();
        if self.at < self.bytes.len() {
            let end = self.bytes.len();
            self.error(self.at, end, "unexpected text behind the end of the value");
            self.mark_broken(self.at, end);
        }
        Some(root)
    }

    fn value(&mut self, depth: u32) -> Node<'t> {
        self.values = self.values.saturating_add(1);
        match self.peek() {
            Some(_) if self.values > MAX_VALUES => self.too_many(),
            Some(b'"') => self.string_value(),
            Some(b'{' | b'[') if depth >= MAX_DEPTH => self.too_deep(),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') if self.word("true") => self.node(self.at - 4, Value::Bool(true)),
            Some(b'f') if self.word("false") => self.node(self.at - 5, Value::Bool(false)),
            Some(b'n') if self.word("null") => self.node(self.at - 4, Value::Null),
            _ => {
                let start = self.at;
                self.junk("a value is expected here");
                self.node(start, Value::Broken)
            }
        }
    }

    fn object(&mut self, depth: u32) -> Node<'t> {
        let start = self.at;
        let first = self.members.len();
        self.at += 1;
        self.open_objects += 1;
        loop {
            self.blanks();
            match self.peek() {
                Some(b'"') => self.object_member(depth),
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                None => {
                    self.never_closed(start, '{');
                    break;
                }
                Some(b']') if self.open_arrays > 0 => {
                    self.error(self.at, self.at + 1, "`}` is missing before this");
                    break;
                }
                Some(b']') => self.stray(),
                Some(b',') => {
                    self.error(self.at, self.at + 1, "a comma too many");
                    self.at += 1;
                }
                Some(_) => {
                    self.junk("a name in double quotes is expected here");
                    self.separator(b'}');
                }
            }
        }
        self.open_objects -= 1;
        self.mark_repeated_keys(first);
        let members = self.members.drain(first..).collect();
        self.node(start, Value::Object(members))
    }

    fn object_member(&mut self, depth: u32) {
        let start = self.at;
        let Some(key) = self.string() else {
            self.separator(b'}');
            return;
        };
        self.blanks();
        let value = if self.peek() == Some(b':') {
            self.at += 1;
            self.blanks();
            match self.peek() {
                None | Some(b',' | b'}' | b']') => self.missing_value(start),
                Some(_) => self.value(depth + 1),
            }
        } else {
            self.missing_value(start)
        };
        self.members.push(Member { key, value, shadowed: false });
        self.separator(b'}');
    }

    fn missing_value(&mut self, key: usize) -> Node<'t> {
        let at = self.at;
        self.error(key, at, "a colon and a value are expected behind this name");
        self.mark_broken(at, at);
        self.node(at, Value::Broken)
    }

    fn array(&mut self, depth: u32) -> Node<'t> {
        let start = self.at;
        let first = self.elements.len();
        self.at += 1;
        self.open_arrays += 1;
        loop {
            self.blanks();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                None => {
                    self.never_closed(start, '[');
                    break;
                }
                Some(b'}') if self.open_objects > 0 => {
                    self.error(self.at, self.at + 1, "`]` is missing before this");
                    break;
                }
                Some(b'}') => self.stray(),
                Some(b',') => {
                    self.error(self.at, self.at + 1, "a comma too many");
                    self.at += 1;
                }
                Some(_) => {
                    let element = self.value(depth + 1);
                    self.elements.push(element);
                    self.separator(b']');
                }
            }
        }
        self.open_arrays -= 1;
        let elements = self.elements.drain(first..).collect();
        self.node(start, Value::Array(elements))
    }

    /// What comes behind a member or element: a comma, unless `close` follows. Text that can't go on here is skipped.
    fn separator(&mut self, close: u8) {
        self.blanks();
        match self.peek() {
            None | Some(b',' | b'}' | b']') => {}
            Some(b'"') => return self.error(self.at, self.at, "a comma is missing here"),
            Some(b'{' | b'[') if close == b']' => return self.error(self.at, self.at, "a comma is missing here"),
            Some(_) => self.junk("this can't stand here"),
        }
        if self.peek() == Some(b',') {
            let comma = self.at;
            self.at += 1;
            self.blanks();
            if self.peek() == Some(close) {
                self.error(comma, comma + 1, "a comma too many: nothing follows it");
            }
        }
    }

    fn string_value(&mut self) -> Node<'t> {
        let start = self.at;
        let value = self.string().map_or(Value::Broken, Value::String);
        self.node(start, value)
    }

    /// Reads the string that begins here. `None` if it is never closed; reading goes on where it presumably ends.
    fn string(&mut self) -> Option<Text<'t>> {
        let start = self.at;
        let (closed, escaped) = self.skip_string();
        if !closed {
            self.error(start, self.at, "this string is never closed");
            self.mark_broken(start, self.at);
            return None;
        }
        let raw = self.text.get(start + 1..self.at - 1).unwrap_or_default();
        let text = Text::new(raw, self.source, start as u32 + 1, escaped);
        if escaped {
            for span in text.bad_escapes() {
                self.error_at(span, "a backslash must be written twice");
            }
        }
        Some(text)
    }

    /// Goes behind the string that begins here; says whether it is closed and whether it has a backslash.
    ///
    /// Strings may hold line breaks, so a missing quote would turn the rest of the file inside out. Where a string
    /// with a line break is followed by what can't follow a string, it is held to end at that line break.
    fn skip_string(&mut self) -> (bool, bool) {
        let mut escaped = false;
        let mut line_break = None;
        let mut at = self.at + 1;
        let closed = loop {
            let rest = self.bytes.get(at..).unwrap_or_default();
            at += rest.iter().position(|&byte| STOPS_STRING[usize::from(byte)]).unwrap_or(rest.len());
            match self.bytes.get(at) {
                None => break false,
                Some(b'"') => break true,
                Some(b'\\') => {
                    escaped = true;
                    at += 2;
                }
                Some(_) => {
                    line_break.get_or_insert(at);
                    at += 1;
                }
            }
        };
        let at = at.min(self.bytes.len());
        if let Some(line_break) = line_break
            && at > self.rescanned
            && !(closed && self.may_follow_string(at + 1))
        {
            self.rescanned = at;
            self.at = line_break;
            return (false, escaped);
        }
        self.at = if closed { at + 1 } else { at };
        (closed, escaped)
    }

    fn may_follow_string(&self, from: usize) -> bool {
        let next = self.bytes.iter().skip(from).find(|byte| !byte.is_ascii_whitespace());
        matches!(next, None | Some(b',' | b':' | b'}' | b']' | b'/'))
    }

    fn number(&mut self) -> Node<'t> {
        let start = self.at;
        let of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        self.at += self.rest().iter().take_while(|byte| of_number(byte)).count();
        let written = self.text.get(start..self.at).unwrap_or_default();
        if let Ok(whole) = written.parse() {
            return self.node(start, Value::Int(whole));
        }
        if let Ok(number) = written.parse::<f64>()
            && number.is_finite()
        {
            return self.node(start, Value::Float(number));
        }
        self.error(start, self.at, "this is no number");
        self.mark_broken(start, self.at);
        self.node(start, Value::Broken)
    }

    /// Goes behind `word` if it stands here as a whole word.
    fn word(&mut self, word: &str) -> bool {
        let end = self.at + word.len();
        let whole = self.rest().starts_with(word.as_bytes())
            && !self.bytes.get(end).is_some_and(|&byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if whole {
            self.at = end;
        }
        whole
    }

    /// Leaves the rest of the text unread.
    fn too_many(&mut self) -> Node<'t> {
        let (start, end) = (self.at, self.bytes.len());
        self.error(start, end, "more than 400,000 values: from here on the file was not read");
        self.mark_broken(start, end);
        self.at = end;
        self.cut_short = true;
        self.node(start, Value::Broken)
    }

    fn too_deep(&mut self) -> Node<'t> {
        let start = self.at;
        self.junk("nested too deeply: more than 256 levels are not read");
        self.node(start, Value::Broken)
    }

    /// Skips what can't be read, up to the next `,`, `}` or `]` of this level.
    fn junk(&mut self, message: &str) {
        let start = self.at;
        let mut level = 0_u32;
        while let Some(byte) = self.peek() {
            match byte {
                b',' if level == 0 => break,
                b'}' | b']' if level == 0 => break,
                b'"' => {
                    self.skip_string();
                    continue;
                }
                b'/' if self.comment() => continue,
                b'{' | b'[' => level += 1,
                b'}' | b']' => level -= 1,
                _ => {}
            }
            self.at += 1;
        }
        self.error(start, self.at, message);
        self.mark_broken(start, self.at);
    }

    /// A closing bracket that nothing opened.
    fn stray(&mut self) {
        self.error(self.at, self.at + 1, "nothing was opened that this could close");
        self.mark_broken(self.at, self.at + 1);
        self.at += 1;
    }

    fn never_closed(&mut self, start: usize, bracket: char) {
        self.error(start, start + 1, &format!("`{bracket}` is never closed"));
        if !self.cut_short {
            self.cut_short = true;
            self.mark_broken(self.at, self.at);
        }
    }

    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let is_blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            self.at += rest.iter().position(|byte| !is_blank(byte)).unwrap_or(rest.len());
            if self.peek() != Some(b'/') || !self.comment() {
                return;
            }
        }
    }

    /// Goes behind the comment that begins here, if one does.
    fn comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if rest.starts_with(b"//") {
            rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'))
        } else if let Some(inside) = rest.strip_prefix(b"/*") {
            let end = inside.windows(2).position(|pair| pair == b"*/").map(|at| at + 4);
            if end.is_none() {
                self.error(self.at, self.at + 2, "this comment is never closed");
            }
            end
        } else {
            return false;
        };
        self.at += length.unwrap_or(rest.len());
        true
    }

    /// Marks members, from the `first` of an object on, whose key comes again.
    fn mark_repeated_keys(&mut self, first: usize) {
        for at in repeated_keys(self.members.get(first..).unwrap_or_default()) {
            let Some(member) = self.members.get_mut(first + at) else { continue };
            member.shadowed = true;
            let (span, name) = (member.key.span(), member.key.decoded());
            self.error_at(span, &format!("`{name}` comes again in this object: the last one counts"));
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn node(&self, start: usize, value: Value<'t>) -> Node<'t> {
        Node { span: self.span(start, self.at), value }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let end = end.min(self.bytes.len());
        Span::new(self.source, start.min(end) as u32, end as u32)
    }

    fn error(&mut self, start: usize, end: usize, message: &str) {
        self.error_at(self.span(start, end), message);
    }

    fn error_at(&mut self, span: Span, message: &str) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push((span, message.to_owned()));
        }
    }

    fn mark_broken(&mut self, start: usize, end: usize) {
        let span = self.span(start, end);
        let full = self.broken.len() >= MAX_BROKEN;
        match self.broken.last_mut() {
            Some(last) if full || last.end == span.start => *last = last.to(span),
            _ => self.broken.push(span),
        }
    }
}

/// The positions of members whose key comes again behind them, ascending.
fn repeated_keys(members: &[Member<'_>]) -> Vec<usize> {
    let mut repeated = Vec::new();
    if members.len() <= FEW_MEMBERS {
        for (at, member) in members.iter().enumerate() {
            if members.iter().skip(at + 1).any(|later| later.key.says_the_same(&member.key)) {
                repeated.push(at);
            }
        }
        return repeated;
    }
    let mut keys: Vec<_> = members.iter().enumerate().map(|(at, member)| (member.key.decoded(), at)).collect();
    keys.sort_unstable();
    repeated.extend(keys.windows(2).filter_map(|pair| match pair {
        [(key, at), (next, _)] if key == next => Some(*at),
        _ => None,
    }));
    repeated.sort_unstable();
    repeated
}
