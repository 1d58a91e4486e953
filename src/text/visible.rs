//! Characters that a terminal would obey or hide, written so that a reader sees them.
//!
//! File names, source lines and names in messages come from files that nobody has vouched for. An escape sequence
//! among them could repaint the screen, a bidirectional mark could turn a line round, a zero-width character could
//! make two names look alike.

use std::borrow::Cow;

/// Text on one line: control characters, bidirectional marks and characters without width become `\u{...}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

/// Text that may have several lines: as [`visible`], but line feeds stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |char| char != '\n' && is_hidden(char))
}

/// Adds one character of a source line. Tabs stay, since they are drawn as blanks.
pub fn push_visible(char: char, out: &mut String) {
    if char != '\t' && is_hidden(char) {
        out.extend(char.escape_unicode());
    } else {
        out.push(char);
    }
}

/// JSON may hold any character above U+001F as it is; those that a terminal obeys are better written `\uXXXX`.
/// Outside of strings there is none, so that the document stays the same.
pub fn visible_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if char != '\n' && is_hidden(char) {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(char);
        }
    }
    out
}

/// Whether a terminal would obey the character, or show nothing for it.
pub fn is_hidden(char: char) -> bool {
    char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

fn escape(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for char in text.chars() {
        if hidden(char) {
            out.extend(char.escape_unicode());
        } else {
            out.push(char);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_or_hide_is_spelt_out() {
        let cases = [
            ("plain – grün 日本 😀", "plain – grün 日本 😀"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("zero\u{200b}width", "zero\\u{200b}width"),
            ("\u{9b}2J", "\\u{9b}2J"),
            ("one\ntwo\ttab", "one\\u{a}two\\u{9}tab"),
        ];
        for (text, shown) in cases {
            assert_eq!(visible(text), shown);
        }
        assert_eq!(visible_lines("one\ntwo\r"), "one\ntwo\\u{d}");
    }
}
