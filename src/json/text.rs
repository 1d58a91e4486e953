//! Strings: what is written between the quotes, what it says, and which bytes say which part of it.

use std::borrow::Cow;
use std::ops::Range;

use crate::ir::{Name, Piece, Pieces};
use crate::text::{SourceId, Span};

/// A string with more escapes than this becomes one indivisible piece.
const MAX_ESCAPES: usize = 64;

/// A string as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    raw: &'t str,
    source: SourceId,
    /// First byte after the opening quote.
    start: u32,
    escaped: bool,
}

impl<'t> Text<'t> {
    /// `raw` stands between quotes, its first byte at `start`; `escaped` says whether it holds a backslash.
    pub(super) fn new(raw: &'t str, source: SourceId, start: u32, escaped: bool) -> Self {
        Self { raw, source, start, escaped }
    }

    /// Where it is written, with its quotes.
    pub fn span(&self) -> Span {
        Span::new(self.source, self.start.saturating_sub(1), self.start + self.raw.len() as u32 + 1)
    }

    /// What it says.
    pub fn decoded(&self) -> Cow<'t, str> {
        if self.escaped { self.decode().text } else { Cow::Borrowed(self.raw) }
    }

    /// Whether it says `name`, without regard to ASCII case.
    pub fn is(&self, name: &str) -> bool {
        if self.escaped { self.decoded().eq_ignore_ascii_case(name) } else { self.raw.eq_ignore_ascii_case(name) }
    }

    /// Whether both say the same, letter by letter.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        if self.escaped || other.escaped { self.decoded() == other.decoded() } else { self.raw == other.raw }
    }

    /// What it says, with the way back to the bytes.
    pub fn decode(&self) -> Decoded<'t> {
        let mut decoded =
            Decoded { text: Cow::Borrowed(self.raw), source: self.source, start: self.start, escapes: Vec::new() };
        if !self.escaped {
            return decoded;
        }
        let mut text = String::with_capacity(self.raw.len());
        let mut rest = self.raw;
        while let Some((before, behind)) = rest.split_once('\\') {
            text.push_str(before);
            let at = self.raw.len() - behind.len() - 1;
            let Some((said, length)) = read_escape(behind.as_bytes()) else {
                text.push('\\');
                rest = behind;
                continue;
            };
            decoded.escapes.push(Escape {
                at: text.len() as u32,
                length: said.len_utf8() as u32,
                raw: self.start + at as u32,
                raw_length: length as u32 + 1,
            });
            text.push(said);
            rest = behind.get(length..).unwrap_or_default();
        }
        text.push_str(rest);
        decoded.text = Cow::Owned(text);
        decoded
    }

    /// The literal pieces of the whole string: cut at escapes, none empty.
    pub fn pieces(&self) -> Pieces {
        let decoded = self.decode();
        decoded.pieces(0..decoded.text.len())
    }

    /// The places of backslashes that begin no escape.
    pub(super) fn bad_escapes(&self) -> Vec<Span> {
        let mut bad = Vec::new();
        let mut rest = self.raw;
        while let Some((_, behind)) = rest.split_once('\\') {
            rest = behind;
            if let Some((_, length)) = read_escape(behind.as_bytes()) {
                rest = behind.get(length..).unwrap_or_default();
            } else {
                let at = self.start + (self.raw.len() - behind.len()) as u32;
                bad.push(Span::new(self.source, at - 1, at));
            }
        }
        bad
    }
}

/// What a string says, and which bytes say it.
#[derive(Debug)]
pub struct Decoded<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    source: SourceId,
    start: u32,
    escapes: Vec<Escape>,
}

/// One character of the text that is written as an escape. Always shorter than what it is written as.
#[derive(Clone, Copy, Debug)]
struct Escape {
    at: u32,
    length: u32,
    raw: u32,
    raw_length: u32,
}

impl Escape {
    fn end(self) -> u32 {
        self.at + self.length
    }

    fn raw_end(self) -> u32 {
        self.raw + self.raw_length
    }
}

impl Decoded<'_> {
    /// The bytes that say `range` of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let (start, end) = (range.start as u32, range.end as u32);
        let from = match self.last_escape(|escape| escape.at <= start) {
            None => self.start + start,
            Some(escape) if start < escape.end() => escape.raw,
            Some(escape) => escape.raw_end() + (start - escape.end()),
        };
        let to = match self.last_escape(|escape| escape.at < end) {
            None => self.start + end,
            Some(escape) => escape.raw_end() + end.saturating_sub(escape.end()),
        };
        Span::new(self.source, from, to.max(from))
    }

    /// `range` of the text as literal pieces: cut at escapes, none empty.
    pub fn pieces(&self, range: Range<usize>) -> Pieces {
        self.pieces_by(range, |text| text.into())
    }

    /// The same; `name` gives the copy of a text, which may be one for all places that say it.
    pub fn pieces_by(&self, range: Range<usize>, mut name: impl FnMut(&str) -> Name) -> Pieces {
        let escapes = self.escapes_in(&range);
        let mut pieces = Pieces::new();
        if escapes.len() > MAX_ESCAPES {
            pieces.push(self.piece(range, &mut name));
            return pieces;
        }
        let mut at = range.start;
        for escape in escapes {
            let (start, end) = (escape.at as usize, escape.end() as usize);
            if at < start {
                pieces.push(self.piece(at..start, &mut name));
            }
            pieces.push(self.piece(start..end, &mut name));
            at = end;
        }
        if at < range.end {
            pieces.push(self.piece(at..range.end, &mut name));
        }
        pieces
    }

    /// `range` of the text as one piece, whatever escapes are in it.
    pub fn piece(&self, range: Range<usize>, name: impl FnOnce(&str) -> Name) -> Piece {
        let text = self.text.get(range.clone()).unwrap_or_default();
        Piece::Literal(name(text), self.span(range))
    }

    fn last_escape(&self, holds: impl Fn(&Escape) -> bool) -> Option<Escape> {
        let count = self.escapes.partition_point(holds);
        count.checked_sub(1).and_then(|last| self.escapes.get(last)).copied()
    }

    fn escapes_in(&self, range: &Range<usize>) -> &[Escape] {
        let from = self.escapes.partition_point(|escape| (escape.at as usize) < range.start);
        let to = self.escapes.partition_point(|escape| (escape.at as usize) < range.end);
        self.escapes.get(from..to).unwrap_or_default()
    }
}

/// Reads the escape whose backslash stands before `bytes`: the character it says and how many of the bytes belong to
/// it. A surrogate without its partner says U+FFFD.
fn read_escape(bytes: &[u8]) -> Option<(char, usize)> {
    let said = match bytes.first()? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return read_unicode(bytes),
        _ => return None,
    };
    Some((said, 1))
}

fn read_unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let first = hex(bytes.get(1..5)?)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 5));
    }
    let second = bytes.get(5..7).filter(|next| next == b"\\u").and_then(|_| hex(bytes.get(7..11)?));
    match second {
        Some(second @ 0xdc00..0xe000) => {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            Some((char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 11))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, 5)),
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?))
}
