//! Words: quoting undone, every text piece with its bytes.

use crate::ir::Piece;
use crate::ir::script::{Expr, ExprId, Part, Role, Spread, Word};

use crate::text::Span;

use super::reader::{Broken, Read, Reader};

/// Where a word ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Until {
    /// At a blank or an operator.
    Blank,
    /// As before; what follows is a pattern of `[[ ... =~`, in which parentheses and bars count as text.
    Pattern,
    /// At the `}` of `${x:-word}`; the flag says that the expansion stands in double quotes.
    Brace(bool),
    /// At the `/` or `}` of `${x/word/...}`.
    Slash,
    /// At the `]` of a subscript.
    Bracket,
}

/// A part of a word before braces are expanded.
#[derive(Clone, Debug)]
pub(super) enum Draft {
    /// Text and whether it stands without quotes.
    Text { pieces: Vec<Piece>, bare: bool },
    /// Anything else.
    Value(ExprId, Spread),
}

/// Longest placeholder that is looked for, in bytes.
const PLACEHOLDER: usize = 80;

/// Where literal text is cut into pieces, in bytes: joining them must not add up.
const PIECE: usize = 1024;

impl Reader<'_> {
    /// A word where one begins, as the words that its braces make.
    pub(super) fn words(&mut self, until: Until, into: &mut Vec<Word>) -> Read<()> {
        let start = self.at;
        let drafts = self.drafts(until)?;
        if self.at == start {
            return Err(Broken);
        }
        let span = self.span(start, self.at);
        let words = super::brace::expand(drafts);
        let one = words.len() == 1;
        for drafts in words {
            let parts = self.parts(drafts, start);
            if one {
                self.with_quotes(&parts, span);
            }
            into.push(Word { span, parts, role: Role::Plain });
        }
        Ok(())
    }

    /// A word that is one text is written with its quotes.
    fn with_quotes(&mut self, parts: &[Part], span: Span) {
        if let [part] = parts
            && let Some(node) = self.script.exprs.get_mut(part.value.0 as usize)
            && matches!(node.expr, Expr::Text(_))
        {
            node.span = span;
        }
    }

    /// A word that never falls apart, as an expression.
    pub(super) fn joined(&mut self, until: Until) -> Read<ExprId> {
        let start = self.at;
        let drafts = self.drafts(until)?;
        let end = self.at;
        let mut parts = self.parts(drafts, start);
        for part in &mut parts {
            part.spread = Spread::One;
        }
        let span = self.span(start, end);
        self.with_quotes(&parts, span);
        Ok(match parts.as_slice() {
            [] => self.add(Expr::Text(Vec::new()), start, end),
            [part] => {
                let value = part.value;
                let plain = matches!(self.script.expr(value), Expr::Text(_));
                if plain { value } else { self.add(Expr::Joined(parts), start, end) }
            }
            _ => self.add(Expr::Joined(parts), start, end),
        })
    }

    /// Drafts as parts: neighbouring texts are one.
    fn parts(&mut self, drafts: Vec<Draft>, start: usize) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut text: Option<(Vec<Piece>, bool)> = None;
        for draft in drafts {
            match draft {
                Draft::Text { pieces, bare } => {
                    let files = bare && pieces.iter().any(is_glob);
                    let (all, any) = text.get_or_insert_with(|| (Vec::new(), false));
                    all.extend(pieces);
                    *any |= files;
                }
                Draft::Value(value, spread) => {
                    self.flush(&mut text, &mut parts, start);
                    parts.push(Part { value, spread });
                }
            }
        }
        self.flush(&mut text, &mut parts, start);
        parts
    }

    fn flush(&mut self, text: &mut Option<(Vec<Piece>, bool)>, parts: &mut Vec<Part>, start: usize) {
        let Some((pieces, files)) = text.take() else { return };
        if pieces.is_empty() && !parts.is_empty() {
            return;
        }
        let here = self.span(start, start);
        let span = match (pieces.first(), pieces.last()) {
            (Some(Piece::Literal(_, first)), Some(Piece::Literal(_, last))) => first.to(*last),
            _ => here,
        };
        let value = self.script.add(Expr::Text(pieces), span);
        parts.push(Part { value, spread: if files { Spread::Files } else { Spread::One } });
    }

    /// The parts of a word.
    pub(super) fn drafts(&mut self, until: Until) -> Read<Vec<Draft>> {
        let mut drafts = Vec::new();
        let mut parentheses = 0_u32;
        let start = self.at;
        while let Some(byte) = self.peek() {
            self.pay(1)?;
            if byte == b'$' && self.hole(until == Until::Brace(true), &mut drafts) {
                continue;
            }
            match byte {
                b'\\' => self.escape(&mut drafts),
                b'\'' if until != Until::Brace(true) => self.single_quoted(&mut drafts)?,
                b'"' => self.double_quoted(&mut drafts)?,
                b'$' => self.dollar(until == Until::Brace(true), &mut drafts)?,
                b'`' => self.backticks(until == Until::Brace(true), &mut drafts)?,
                b'~' if self.at == start && until == Until::Blank => self.tilde(&mut drafts),
                b'}' if matches!(until, Until::Brace(_) | Until::Slash) => break,
                b'/' if until == Until::Slash => break,
                b']' if until == Until::Bracket => break,
                b'\n' if until == Until::Bracket => return Err(Broken),
                _ if matches!(until, Until::Brace(_) | Until::Slash | Until::Bracket) => self.plain(&mut drafts),
                b'(' if until == Until::Pattern => {
                    parentheses += 1;
                    self.plain(&mut drafts);
                }
                b')' if until == Until::Pattern && parentheses > 0 => {
                    parentheses -= 1;
                    self.plain(&mut drafts);
                }
                b'|' if until == Until::Pattern && (parentheses > 0 || self.peek_at(1) != Some(b'|')) => {
                    self.plain(&mut drafts);
                }
                b' ' | b'\t' | b';' | b'&' | b'<' | b'>' if until == Until::Pattern && parentheses > 0 => {
                    self.plain(&mut drafts);
                }
                b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' => break,
                b'\r' if self.peek_at(1) == Some(b'\n') => break,
                b'(' if self.at > start && self.is_extended_glob() => self.extended_glob(&mut drafts)?,
                b'(' => break,
                b'<' | b'>' if self.peek_at(1) == Some(b'(') => self.process_substitution(&mut drafts)?,
                b'<' => match self.placeholder() {
                    Some(length) => {
                        let (from, to) = (self.at, self.at + length);
                        self.literal(from, to, false, &mut drafts);
                        self.at = to;
                    }
                    None => break,
                },
                b'>' => break,
                _ => self.plain(&mut drafts),
            }
        }
        Ok(drafts)
    }

    /// One character as it stands, and those after it that mean nothing special anywhere.
    fn plain(&mut self, drafts: &mut Vec<Draft>) {
        let from = self.at;
        let rest = self.rest();
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let ordinary = |byte: &u8| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'_' | b'.' | b':' | b'=' | b',' | b'@')
                || *byte >= 0x80
        };
        self.at += first + rest.bytes().skip(first).take_while(ordinary).count();
        self.literal(from, self.at, true, drafts);
    }

    /// Text that stands for itself.
    pub(super) fn literal(&mut self, from: usize, to: usize, bare: bool, drafts: &mut Vec<Draft>) {
        if !matches!(drafts.last(), Some(Draft::Text { bare: last, .. }) if *last == bare) {
            drafts.push(Draft::Text { pieces: Vec::new(), bare });
        }
        let Some(Draft::Text { pieces, .. }) = drafts.last_mut() else { return };
        for (from, to) in self.excerpt.parts(from, to) {
            let text = self.text.get(from..to).unwrap_or_default();
            let span = self.excerpt.span(from, to);
            if let Some(Piece::Literal(last, place)) = pieces.last_mut()
                && last.len() == place.len() as usize
                && text.len() == span.len() as usize
                && place.end == span.start
                && last.len() < PIECE
            {
                *last = format!("{last}{text}").into();
                *place = place.to(span);
            } else {
                pieces.push(Piece::Literal(text.into(), span));
            }
        }
    }

    /// Text that stands for other bytes.
    pub(super) fn decoded(&mut self, text: &str, from: usize, to: usize, drafts: &mut Vec<Draft>) {
        if !matches!(drafts.last(), Some(Draft::Text { bare: false, .. })) {
            drafts.push(Draft::Text { pieces: Vec::new(), bare: false });
        }
        let span = self.span(from, to);
        if let Some(Draft::Text { pieces, .. }) = drafts.last_mut()
            && !text.is_empty()
        {
            pieces.push(Piece::Literal(text.into(), span));
        }
    }

    /// A backslash outside quotes.
    fn escape(&mut self, drafts: &mut Vec<Draft>) {
        let length = self.continuation();
        if length > 0 {
            self.at += length;
            return;
        }
        let from = self.at;
        self.at += 1;
        match self.rest().chars().next() {
            Some(escaped) => {
                self.at += escaped.len_utf8();
                self.decoded(escaped.encode_utf8(&mut [0; 4]), from, self.at, drafts);
            }
            None => self.literal(from, self.at, true, drafts),
        }
    }

    fn single_quoted(&mut self, drafts: &mut Vec<Draft>) -> Read<()> {
        self.at += 1;
        let mark = drafts.len();
        self.decoded("", self.at, self.at, drafts);
        loop {
            let from = self.at;
            let length = self.text.get(from..self.end).and_then(|rest| rest.find('\''));
            self.pay(length.unwrap_or(self.end - from))?;
            let to = from + length.ok_or(Broken)?;
            let hole = self.excerpt.hole(from, to).filter(|(_, end)| *end <= self.end);
            self.literal(from, hole.map_or(to, |(start, _)| start), false, drafts);
            match hole {
                Some((start, _)) => {
                    self.at = start;
                    self.hole(true, drafts);
                }
                None => {
                    self.at = to + 1;
                    break;
                }
            }
        }
        let is_empty = matches!(drafts.get(mark), Some(Draft::Text { pieces, .. }) if pieces.is_empty());
        if is_empty && drafts.len() > mark + 1 {
            drafts.remove(mark);
        }
        Ok(())
    }

    /// What is put in at the cursor before the shell sees the text, if anything is.
    fn hole(&mut self, quoted: bool, drafts: &mut Vec<Draft>) -> bool {
        let from = self.at;
        let Some(end) = self.excerpt.hole_at(from).filter(|end| *end <= self.end) else { return false };
        self.at = end;
        let text = self.raw(from, end);
        let value = self.add(Expr::Opaque(text), from, end);
        drafts.push(Draft::Value(value, if quoted { Spread::One } else { Spread::Split }));
        true
    }

    pub(super) fn double_quoted(&mut self, drafts: &mut Vec<Draft>) -> Read<()> {
        self.at += 1;
        let mark = drafts.len();
        self.decoded("", self.at, self.at, drafts);
        loop {
            self.pay(1)?;
            match self.peek().ok_or(Broken)? {
                b'"' => break,
                byte => self.quoted_byte(byte, b'"', drafts)?,
            }
        }
        self.at += 1;
        // `"${a[@]}"` of an empty list is no word, while `""` is one.
        let is_empty = matches!(drafts.get(mark), Some(Draft::Text { pieces, .. }) if pieces.is_empty());
        if is_empty && drafts.len() > mark + 1 {
            drafts.remove(mark);
        }
        Ok(())
    }

    /// What stands at the cursor inside double quotes or, where `closing` is a line end, in a here-document.
    pub(super) fn quoted_byte(&mut self, byte: u8, closing: u8, drafts: &mut Vec<Draft>) -> Read<()> {
        match byte {
            b'$' if self.hole(true, drafts) => Ok(()),
            b'$' => self.dollar(true, drafts),
            b'`' => self.backticks(true, drafts),
            b'\\' if self.continuation() > 0 => {
                self.at += self.continuation();
                Ok(())
            }
            b'\\' if self.peek_at(1).is_some_and(|next| matches!(next, b'$' | b'`' | b'\\') || next == closing) => {
                let from = self.at;
                self.at += 2;
                let text = self.text.get(from + 1..self.at).unwrap_or_default();
                self.decoded(text, from, self.at, drafts);
                Ok(())
            }
            _ => {
                let from = self.at;
                let special = |byte: u8| matches!(byte, b'$' | b'`' | b'\\') || byte == closing;
                let rest = self.rest();
                let length = rest.bytes().skip(1).position(special).map_or(rest.len(), |length| length + 1);
                self.at += length;
                self.literal(from, self.at, false, drafts);
                self.pay(length)
            }
        }
    }

    /// `~` and `~user`: a folder that only the shell knows.
    fn tilde(&mut self, drafts: &mut Vec<Draft>) {
        let from = self.at;
        let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let length = 1 + self.rest().bytes().skip(1).take_while(name).count();
        let next = self.peek_at(length);
        if !matches!(next, None | Some(b'/' | b' ' | b'\t' | b'\n' | b'\r' | b';' | b'&' | b'|' | b')')) {
            self.plain(drafts);
            return;
        }
        self.at += length;
        let text = self.raw(from, self.at);
        let value = self.add(Expr::Opaque(text), from, self.at);
        drafts.push(Draft::Value(value, Spread::One));
    }

    /// The length of `<some words>` at the cursor.
    pub(super) fn placeholder(&self) -> Option<usize> {
        let rest = self.rest();
        let inner = rest.strip_prefix('<')?;
        let mark = |char| matches!(char, ' ' | '_' | '-' | '.' | ':' | '\'' | '/' | ',' | '=' | '(' | ')' | '{' | '}');
        let allowed = |char: char| char.is_alphanumeric() || mark(char);
        let length = inner.char_indices().take(PLACEHOLDER).find(|(_, char)| !allowed(*char)).map(|(at, _)| at)?;
        let name = inner.get(..length)?;
        let sound = inner.as_bytes().get(length) == Some(&b'>')
            && name.starts_with(char::is_alphanumeric)
            && !name.ends_with(' ');
        sound.then_some(length + 2)
    }

    /// Whether the parenthesis at the cursor follows one of `?*+@!`.
    fn is_extended_glob(&self) -> bool {
        self.at > 0 && matches!(self.text.as_bytes().get(self.at - 1), Some(b'?' | b'*' | b'+' | b'@' | b'!'))
    }

    fn extended_glob(&mut self, drafts: &mut Vec<Draft>) -> Read<()> {
        let from = self.at;
        let length = self.balanced(b'(', b')').ok_or(Broken)?;
        self.at += length;
        let text = self.raw(from, self.at);
        let value = self.add(Expr::Opaque(text), from, self.at);
        drafts.push(Draft::Value(value, Spread::Split));
        Ok(())
    }

    /// How long the balanced text at the cursor is; bounded.
    pub(super) fn balanced(&self, open: u8, close: u8) -> Option<usize> {
        let mut depth = 0_usize;
        for (at, byte) in self.rest().bytes().enumerate().take(4096) {
            if byte == open {
                depth += 1;
            } else if byte == close {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
        }
        None
    }

    /// The bytes as they stand, as pieces.
    pub(super) fn raw(&self, from: usize, to: usize) -> Vec<Piece> {
        self.excerpt
            .parts(from, to)
            .map(|(from, to)| {
                Piece::Literal(self.text.get(from..to).unwrap_or_default().into(), self.excerpt.span(from, to))
            })
            .collect()
    }
}

fn is_glob(piece: &Piece) -> bool {
    matches!(piece, Piece::Literal(text, _) if text.contains('*'))
}
