//! What changes, as a unified diff.

use similar::TextDiff;

use crate::text::{is_hidden, visible};

/// Lines around each change.
const CONTEXT: usize = 3;

/// The diff of a file, as `patch -p1` and `git apply` take it; empty if nothing changes. What a terminal would obey is
/// spelt out: a diff with such signs is for eyes only.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let name = visible(name);
    let diff = TextDiff::from_lines(before, after);
    let diff =
        diff.unified_diff().context_radius(CONTEXT).header(&format!("a/{name}"), &format!("b/{name}")).to_string();
    let mut chars = diff.chars().peekable();
    let mut shown = String::with_capacity(diff.len());
    while let Some(char) = chars.next() {
        let of_text = matches!(char, '\n' | '\t' | '\u{feff}') || (char == '\r' && chars.peek() == Some(&'\n'));
        if of_text || !is_hidden(char) {
            shown.push(char);
        } else {
            shown.extend(char.escape_unicode());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_keeps_line_ends_and_spells_out_what_a_terminal_would_obey() {
        let diff = unified("a\u{1b}b", "\u{feff}one\r\n\u{1b}[31m\r\nx", "\u{feff}two\r\n\u{1b}[31m\r\nx");
        let expected = "--- a/a\\u{1b}b\n+++ b/a\\u{1b}b\n@@ -1,3 +1,3 @@\n-\u{feff}one\r\n+\u{feff}two\r\n \\u{1b}[31m\r\n x\n\\ No newline at end of file\n";
        assert_eq!(diff, expected);
        assert_eq!(unified("a", "same", "same"), "");
    }
}
