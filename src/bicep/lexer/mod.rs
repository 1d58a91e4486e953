//! Text to tokens.
//!
//! Only what decides where a token ends is known here: escapes and holes of strings, comments, pragmas. What the
//! escapes stand for is [`string_content`]'s matter; keywords are the parser's, for they may be names as well.

mod strings;
mod token;

pub use strings::{Content, Style, string_content};
pub use token::{Token, TokenKind};

use super::faults::Faults;
use crate::text::{SourceId, Span};

/// Longest name that the language takes.
const MAX_IDENTIFIER: usize = 255;

/// Comments that switch Bicep's own diagnostics; each is followed by codes.
const PRAGMAS: [&str; 3] = ["#disable-next-line", "#disable-diagnostics", "#restore-diagnostics"];

/// All tokens of a text, the last one [`TokenKind::EndOfFile`], and what is wrong with them.
#[derive(Debug)]
pub struct Lexed {
    /// In order.
    pub tokens: Vec<Token>,
    /// Where and what.
    pub diagnostics: Vec<(Span, String)>,
}

/// Splits `text`. A byte order mark at its start is passed over and counted in all offsets.
pub fn lex(source: SourceId, text: &str) -> Lexed {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lexer = Lexer {
        source,
        text,
        bytes: text.as_bytes(),
        at: start,
        open: Vec::new(),
        malformed: false,
        tokens: Vec::with_capacity(text.len() / 6),
        faults: Faults::default(),
    };
    lexer.run();
    Lexed { tokens: lexer.tokens, diagnostics: lexer.faults.into_vec() }
}

/// What a `}` would close.
#[derive(Clone, Copy)]
enum Open {
    /// An object inside a hole.
    Brace,
    /// A hole of a string of this style.
    Hole(Style),
}

struct Lexer<'t> {
    source: SourceId,
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Holes, and the braces opened in them. Empty outside of holes.
    open: Vec<Open>,
    /// Whether the token being read is a string with a fault.
    malformed: bool,
    tokens: Vec<Token>,
    faults: Faults,
}

impl Lexer<'_> {
    fn run(&mut self) {
        loop {
            self.skip_trivia();
            let start = self.at;
            self.malformed = false;
            let kind = self.token();
            self.tokens.push(Token { kind, malformed: self.malformed, start: start as u32, end: self.at as u32 });
            if kind == TokenKind::EndOfFile {
                return;
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn report(&mut self, start: usize, end: usize, message: impl Into<String>) {
        self.faults.add(Span::new(self.source, start as u32, end as u32), message);
    }

    /// Advances while the bytes hold to `keep` and says how many there were.
    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> usize {
        let count = self.rest().iter().take_while(|&&byte| keep(byte)).count();
        self.at += count;
        count
    }

    fn skip_trivia(&mut self) {
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(b' ' | b'\t'), _) => self.at += 1,
                (Some(b'/'), Some(b'/')) => {
                    self.take_while(|byte| !is_line_end(byte));
                }
                (Some(b'/'), Some(b'*')) => self.block_comment(),
                (Some(b'#'), _) if self.pragma() => {}
                _ => return,
            }
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let body = self.text.get(start + 2..).unwrap_or_default();
        if let Some(length) = body.find("*/") {
            self.at = start + 2 + length + 2;
        } else {
            self.at = self.bytes.len();
            self.report(start, self.at, "this comment is not closed");
        }
    }

    /// Passes over a pragma, if one stands here and nothing but blanks before it on its line.
    fn pragma(&mut self) -> bool {
        let Some(keyword) = PRAGMAS.iter().find(|keyword| self.rest().starts_with(keyword.as_bytes())) else {
            return false;
        };
        let before = self.bytes.get(..self.at).unwrap_or_default();
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let before_blanks = before.get(..before.len() - blanks).unwrap_or_default();
        let starts_line =
            before_blanks.last().is_none_or(|&byte| is_line_end(byte)) || before_blanks == b"\xef\xbb\xbf";
        if !starts_line {
            return false;
        }
        let start = self.at;
        self.at += keyword.len();
        let mut codes = 0;
        loop {
            self.take_while(|byte| matches!(byte, b' ' | b'\t'));
            if self.take_while(|byte| is_identifier_part(byte) || byte == b'-') == 0 {
                break;
            }
            codes += 1;
        }
        if codes == 0 {
            self.report(start, self.at, format!("`{keyword}` names no diagnostic code"));
        }
        true
    }

    fn token(&mut self) -> TokenKind {
        let Some(first) = self.peek(0) else { return TokenKind::EndOfFile };
        match first {
            b'\'' => self.quote(),
            b'$' => self.dollar(),
            b'}' => self.right_brace(),
            b'\n' | b'\r' => self.line_end(),
            b'0'..=b'9' => {
                self.take_while(|byte| byte.is_ascii_digit());
                TokenKind::Integer
            }
            _ if is_identifier_start(first) => self.identifier(),
            _ => self.punctuation(),
        }
    }

    fn identifier(&mut self) -> TokenKind {
        let start = self.at;
        self.take_while(is_identifier_part);
        match self.bytes.get(start..self.at).unwrap_or_default() {
            b"true" => TokenKind::TrueKeyword,
            b"false" => TokenKind::FalseKeyword,
            b"null" => TokenKind::NullKeyword,
            name => {
                if name.len() > MAX_IDENTIFIER {
                    self.report(start, self.at, format!("a name may have at most {MAX_IDENTIFIER} characters"));
                }
                TokenKind::Identifier
            }
        }
    }

    fn punctuation(&mut self) -> TokenKind {
        if let Some((kind, length)) = punctuation(self.peek(0), self.peek(1), self.peek(2)) {
            self.at += length;
            if kind == TokenKind::LeftBrace && !self.open.is_empty() {
                self.open.push(Open::Brace);
            }
            return kind;
        }
        let start = self.at;
        let character = self.text.get(start..).and_then(|rest| rest.chars().next());
        self.at += character.map_or(1, char::len_utf8);
        let message = match character {
            Some('"') => "strings are written with single quotes".to_owned(),
            Some(character) => format!("unexpected character {character:?}"),
            None => "unexpected byte".to_owned(),
        };
        self.report(start, self.at, message);
        TokenKind::Unrecognized
    }

    /// A line end inside a hole ends the string, and every string around it.
    fn line_end(&mut self) -> TokenKind {
        if self.open.is_empty() {
            self.take_while(is_line_end);
            return TokenKind::NewLine;
        }
        self.open.clear();
        self.malformed = true;
        self.report(self.at, self.at, "this line ends inside of a string");
        TokenKind::StringRightPiece
    }

    fn right_brace(&mut self) -> TokenKind {
        self.at += 1;
        match self.open.last().copied() {
            Some(Open::Hole(style)) => self.string(style, false),
            Some(Open::Brace) => {
                self.open.pop();
                TokenKind::RightBrace
            }
            None => TokenKind::RightBrace,
        }
    }

    fn quote(&mut self) -> TokenKind {
        if self.rest().starts_with(b"'''") {
            self.at += 3;
            return self.string(Style::Multiline { dollars: 0 }, true);
        }
        self.at += 1;
        self.string(Style::Single, true)
    }

    fn dollar(&mut self) -> TokenKind {
        let start = self.at;
        let dollars = self.take_while(|byte| byte == b'$');
        if self.rest().starts_with(b"'''") {
            self.at += 3;
            return self.string(Style::Multiline { dollars: dollars as u32 }, true);
        }
        self.report(start, self.at, "unexpected `$`");
        TokenKind::Unrecognized
    }

    /// Reads on from behind the opening quotes, or from behind the `}` of a hole.
    fn string(&mut self, style: Style, first: bool) -> TokenKind {
        let goes_on = match style {
            Style::Single => self.single_line_segment(),
            Style::Multiline { dollars } => self.multiline_segment(dollars as usize),
        };
        match (first, goes_on) {
            (true, true) => {
                self.open.push(Open::Hole(style));
                TokenKind::StringLeftPiece
            }
            (true, false) => TokenKind::StringComplete,
            (false, true) => TokenKind::StringMiddlePiece,
            (false, false) => {
                self.open.pop();
                TokenKind::StringRightPiece
            }
        }
    }

    /// Whether a hole ended the segment.
    fn single_line_segment(&mut self) -> bool {
        let start = self.at;
        loop {
            self.take_while(|byte| !matches!(byte, b'\'' | b'$' | b'\\' | b'\n' | b'\r'));
            match self.peek(0) {
                Some(b'\'') => {
                    self.at += 1;
                    return false;
                }
                Some(b'$') if self.peek(1) == Some(b'{') => {
                    self.at += 2;
                    return true;
                }
                Some(b'$') => self.at += 1,
                Some(b'\\') => self.escape(),
                _ => {
                    self.malformed = true;
                    self.report(start.saturating_sub(1), self.at, "this string is not closed");
                    return false;
                }
            }
        }
    }

    fn escape(&mut self) {
        let start = self.at;
        if let Some((length, _)) = strings::escape(self.text.get(start..).unwrap_or_default()) {
            self.at += length;
            return;
        }
        self.malformed = true;
        self.at += 1;
        // What follows the backslash belongs to the faulty escape, but for a line end, which ends the string.
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        match next {
            Some('\n' | '\r') | None => {}
            Some('u') => {
                self.at += 1;
                if self.peek(0) == Some(b'{') {
                    self.at += 1;
                    self.take_while(|byte| byte.is_ascii_hexdigit());
                    self.at += usize::from(self.peek(0) == Some(b'}'));
                }
            }
            Some(character) => self.at += character.len_utf8(),
        }
        self.report(start, self.at, "the language has no such escape; a backslash is written `\\\\`");
    }

    /// Whether a hole ended the segment.
    fn multiline_segment(&mut self, dollars: usize) -> bool {
        let start = self.at;
        loop {
            self.take_while(|byte| !matches!(byte, b'\'' | b'$'));
            match self.peek(0) {
                Some(b'\'') => {
                    if self.take_while(|byte| byte == b'\'') >= 3 {
                        return false;
                    }
                }
                Some(_) => {
                    let found = self.take_while(|byte| byte == b'$');
                    if dollars > 0 && found >= dollars && self.peek(0) == Some(b'{') {
                        self.at += 1;
                        return true;
                    }
                }
                None => {
                    self.malformed = true;
                    self.report(start.saturating_sub(3), self.at, "this multi-line string is not closed");
                    return false;
                }
            }
        }
    }
}

/// The operator or punctuation that three bytes begin with, the longest one, and its length. Quotes and `}` are not
/// here: what they are depends on the holes that are open.
fn punctuation(first: Option<u8>, second: Option<u8>, third: Option<u8>) -> Option<(TokenKind, usize)> {
    Some(match (first?, second, third) {
        (b'.', Some(b'.'), Some(b'.')) => (TokenKind::Ellipsis, 3),
        (b'?', Some(b'?'), _) => (TokenKind::DoubleQuestion, 2),
        (b':', Some(b':'), _) => (TokenKind::DoubleColon, 2),
        (b'=', Some(b'='), _) => (TokenKind::Equals, 2),
        (b'=', Some(b'~'), _) => (TokenKind::EqualsInsensitive, 2),
        (b'=', Some(b'>'), _) => (TokenKind::Arrow, 2),
        (b'!', Some(b'='), _) => (TokenKind::NotEquals, 2),
        (b'!', Some(b'~'), _) => (TokenKind::NotEqualsInsensitive, 2),
        (b'<', Some(b'='), _) => (TokenKind::LessThanOrEqual, 2),
        (b'>', Some(b'='), _) => (TokenKind::GreaterThanOrEqual, 2),
        (b'&', Some(b'&'), _) => (TokenKind::LogicalAnd, 2),
        (b'|', Some(b'|'), _) => (TokenKind::LogicalOr, 2),
        (b'.', ..) => (TokenKind::Dot, 1),
        (b'?', ..) => (TokenKind::Question, 1),
        (b':', ..) => (TokenKind::Colon, 1),
        (b'=', ..) => (TokenKind::Assignment, 1),
        (b'!', ..) => (TokenKind::Exclamation, 1),
        (b'<', ..) => (TokenKind::LeftChevron, 1),
        (b'>', ..) => (TokenKind::RightChevron, 1),
        (b'|', ..) => (TokenKind::Pipe, 1),
        (b'(', ..) => (TokenKind::LeftParen, 1),
        (b')', ..) => (TokenKind::RightParen, 1),
        (b'[', ..) => (TokenKind::LeftSquare, 1),
        (b']', ..) => (TokenKind::RightSquare, 1),
        (b'{', ..) => (TokenKind::LeftBrace, 1),
        (b'@', ..) => (TokenKind::At, 1),
        (b',', ..) => (TokenKind::Comma, 1),
        (b';', ..) => (TokenKind::Semicolon, 1),
        (b'+', ..) => (TokenKind::Plus, 1),
        (b'-', ..) => (TokenKind::Minus, 1),
        (b'*', ..) => (TokenKind::Asterisk, 1),
        (b'/', ..) => (TokenKind::Slash, 1),
        (b'%', ..) => (TokenKind::Modulo, 1),
        (b'^', ..) => (TokenKind::Hat, 1),
        _ => return None,
    })
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn is_identifier_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_identifier_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests;
