//! What a piece of a string stands for.

use std::borrow::Cow;

use super::{Token, TokenKind};

/// How a string is quoted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// `'...'`
    Single,
    /// `'''...'''`; with dollars before it, as many dollars open a hole.
    Multiline {
        /// How many.
        dollars: u32,
    },
}

impl Style {
    /// The style of the string that `first` (its first token's text) opens.
    pub fn of(first: &str) -> Self {
        let dollars = first.bytes().take_while(|&byte| byte == b'$').count();
        if dollars > 0 || first.starts_with("'''") { Self::Multiline { dollars: dollars as u32 } } else { Self::Single }
    }
}

/// A stretch of decoded text and the bytes it was written as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Content<'t> {
    /// Decoded. Borrowed text is as long as it is written.
    pub text: Cow<'t, str>,
    /// First byte in the file.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The content of one string token without its quotes and braces, split so that an escape stands alone.
///
/// `text` is the whole file; a malformed token gives nothing.
pub fn string_content(text: &str, token: Token, style: Style) -> Vec<Content<'_>> {
    if token.malformed {
        return Vec::new();
    }
    let opens = matches!(token.kind, TokenKind::StringComplete | TokenKind::StringLeftPiece);
    let closes = matches!(token.kind, TokenKind::StringComplete | TokenKind::StringRightPiece);
    let (quotes, dollars) = match style {
        Style::Single => (1, 0),
        Style::Multiline { dollars } => (3, dollars as usize),
    };
    let before = if opens { dollars + quotes } else { 1 };
    let after = match (closes, style) {
        (true, _) => quotes,
        (false, Style::Single) => 2,
        (false, Style::Multiline { .. }) => dollars + 1,
    };
    let mut start = token.start as usize + before;
    let end = (token.end as usize).saturating_sub(after);
    if opens && style != Style::Single {
        start += first_line_end(text.get(start..end).unwrap_or_default());
    }
    let inner = text.get(start..end).unwrap_or_default();
    if style == Style::Single { split_at_escapes(inner, start) } else { whole(inner, start).into_iter().collect() }
}

/// A multi-line string that begins with a line end doesn't hold it.
fn first_line_end(inner: &str) -> usize {
    ["\r\n", "\n", "\r"].iter().find(|end| inner.starts_with(**end)).map_or(0, |end| end.len())
}

fn whole(inner: &str, start: usize) -> Option<Content<'_>> {
    let content = Content { text: Cow::Borrowed(inner), start: start as u32, end: (start + inner.len()) as u32 };
    (!inner.is_empty()).then_some(content)
}

fn split_at_escapes(inner: &str, start: usize) -> Vec<Content<'_>> {
    let mut parts = Vec::with_capacity(1);
    let (mut rest, mut at) = (inner, start);
    while let Some(backslash) = rest.find('\\') {
        let (plain, escaped) = rest.split_at(backslash);
        parts.extend(whole(plain, at));
        at += plain.len();
        // The lexer let only good escapes pass; should one be bad all the same, it stands for itself.
        let (length, value) = escape(escaped).unwrap_or((1, Cow::Borrowed("\\")));
        parts.push(Content { text: value, start: at as u32, end: (at + length) as u32 });
        at += length;
        rest = escaped.get(length..).unwrap_or_default();
    }
    parts.extend(whole(rest, at));
    parts
}

/// The escape that `text` begins with: how many bytes it is written as, and what it stands for.
pub(super) fn escape(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let mut characters = text.chars();
    if characters.next() != Some('\\') {
        return None;
    }
    let plain = match characters.next()? {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        '\\' => "\\",
        '\'' => "'",
        // `\${` stands for `${`, else the brace would open a hole.
        '$' if characters.next() == Some('{') => return Some((3, Cow::Borrowed("${"))),
        '$' => "$",
        'u' => return code_point(text),
        _ => return None,
    };
    Some((2, Cow::Borrowed(plain)))
}

fn code_point(text: &str) -> Option<(usize, Cow<'static, str>)> {
    let after = text.strip_prefix("\\u{")?;
    let count = after.bytes().take_while(u8::is_ascii_hexdigit).count();
    let (digits, rest) = after.split_at(count);
    if digits.is_empty() || !rest.starts_with('}') {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok().filter(|&value| value <= 0x10_FFFF)?;
    // Half of a surrogate pair is a code point, but no text: it shows as the replacement character.
    let character = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some((digits.len() + 4, Cow::Owned(character.to_string())))
}
