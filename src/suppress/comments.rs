//! Where the comments of a text are, in each language that has comments.
//!
//! Knows of a language just enough to tell a comment from a text that looks like one: strings, texts in several lines,
//! and code within strings. A text that is broken gives what was found up to there.

use std::ops::Range;

/// How a language writes comments and strings.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// JSON as ARM reads it.
    Json,
    /// Bicep.
    Bicep,
    /// bash and sh.
    Shell,
    /// PowerShell.
    PowerShell,
}

/// How deep code in strings in code is followed.
const DEPTH: usize = 64;

/// The comments of a text, their marks included, in order.
pub(super) fn comments(language: Language, text: &str) -> Vec<Range<usize>> {
    let mut scan = Scan { language, text: text.as_bytes(), at: 0, found: Vec::new(), heredocs: Vec::new() };
    scan.code(None, 0);
    scan.found
}

struct Scan<'t> {
    language: Language,
    text: &'t [u8],
    at: usize,
    found: Vec<Range<usize>>,
    /// Ends of the texts that begin on the next line of a shell script, and whether tabs before them don't count.
    heredocs: Vec<(Vec<u8>, bool)>,
}

impl Scan<'_> {
    fn starts_with(&self, what: &[u8]) -> bool {
        self.text.get(self.at..).is_some_and(|rest| rest.starts_with(what))
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.get(self.at + ahead).copied()
    }

    /// Code up to the bracket that closes it, or to the end.
    fn code(&mut self, close: Option<(u8, u8)>, depth: usize) {
        let mut open = 0u32;
        while let Some(byte) = self.peek(0) {
            if self.comment() {
                continue;
            }
            if let Some((opening, closing)) = close {
                if byte == closing && open == 0 {
                    self.at += 1;
                    return;
                }
                if byte == opening {
                    open += 1;
                } else if byte == closing {
                    open -= 1;
                }
            }
            self.step(byte, depth);
        }
    }

    /// One character of code, or a string.
    fn step(&mut self, byte: u8, depth: usize) {
        use Language::{Bicep, Json, PowerShell, Shell};
        match (self.language, byte) {
            (Json, b'"') => self.string(b"\"", Some(b'\\'), None, depth),
            (Bicep, b'\'') if self.starts_with(b"'''") => self.past(3, b"'''"),
            (Bicep, b'\'') => self.string(b"'", Some(b'\\'), Some((b'{', b'}')), depth),
            (Shell, b'\'') => self.past(1, b"'"),
            (Shell, b'"') => self.string(b"\"", Some(b'\\'), Some((b'(', b')')), depth),
            (Shell, b'$') if self.starts_with(b"$'") => {
                self.at += 1;
                self.string(b"'", Some(b'\\'), None, depth);
            }
            (Shell, b'\\') | (PowerShell, b'`') => self.at += 2,
            (Shell, b'<') if self.starts_with(b"<<<") => self.at += 3,
            (Shell, b'<') if self.starts_with(b"<<") => self.heredoc(),
            (Shell, b'\n') => {
                self.at += 1;
                self.skip_heredocs();
            }
            (PowerShell, b'@') if self.starts_with(b"@'") => self.past(2, b"\n'@"),
            (PowerShell, b'@') if self.starts_with(b"@\"") => self.past(2, b"\n\"@"),
            (PowerShell, b'\'') => self.past(1, b"'"),
            (PowerShell, b'"') => self.string(b"\"", Some(b'`'), Some((b'(', b')')), depth),
            _ => self.at += 1,
        }
    }

    /// Notes the comment that begins here and goes behind it.
    fn comment(&mut self) -> bool {
        let begin = self.at;
        match self.language {
            Language::Json | Language::Bicep if self.starts_with(b"//") => self.skip_to_line_end(),
            Language::Json | Language::Bicep if self.starts_with(b"/*") => self.past(2, b"*/"),
            Language::PowerShell if self.starts_with(b"<#") => self.past(2, b"#>"),
            Language::Shell | Language::PowerShell if self.peek(0) == Some(b'#') && self.begins_word() => {
                self.skip_to_line_end();
            }
            _ => return false,
        }
        self.found.push(begin..self.at);
        true
    }

    /// Whether what comes next begins a word: within one, `#` is a character like any other.
    fn begins_word(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.text.get(at));
        before.is_none_or(|byte| byte.is_ascii_whitespace() || b";&|(){},".contains(byte))
    }

    fn skip_to_line_end(&mut self) {
        while self.peek(0).is_some_and(|byte| byte != b'\n' && byte != b'\r') {
            self.at += 1;
        }
    }

    /// Goes `over` bytes ahead, then behind the next `end`.
    fn past(&mut self, over: usize, end: &[u8]) {
        self.at += over;
        while self.at < self.text.len() && !self.starts_with(end) {
            self.at += 1;
        }
        self.at = (self.at + end.len()).min(self.text.len());
    }

    /// A string in which `escape` takes the next character as it is, and `$` before the first of `inner` begins code.
    fn string(&mut self, end: &[u8], escape: Option<u8>, inner: Option<(u8, u8)>, depth: usize) {
        self.at += 1;
        while let Some(byte) = self.peek(0) {
            if self.starts_with(end) {
                self.at += end.len();
                return;
            }
            match inner {
                _ if Some(byte) == escape => self.at += 2,
                Some((opening, _)) if byte == b'$' && self.peek(1) == Some(opening) && depth < DEPTH => {
                    self.at += 2;
                    self.code(inner, depth + 1);
                }
                _ => self.at += 1,
            }
        }
    }

    /// The word behind `<<`, which ends the text that begins on the next line.
    fn heredoc(&mut self) {
        self.at += 2;
        let tabs = self.peek(0) == Some(b'-');
        self.at += usize::from(tabs);
        while self.peek(0).is_some_and(|byte| byte == b' ' || byte == b'\t') {
            self.at += 1;
        }
        let mut word = Vec::new();
        while let Some(byte) = self.peek(0) {
            if byte.is_ascii_whitespace() || b";&|<>()".contains(&byte) {
                break;
            }
            if !b"'\"\\".contains(&byte) {
                word.push(byte);
            }
            self.at += 1;
        }
        // `1 << 2` in arithmetic is no text.
        if word.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') {
            self.heredocs.push((word, tabs));
        }
    }

    fn skip_heredocs(&mut self) {
        for (word, tabs) in std::mem::take(&mut self.heredocs) {
            while self.at < self.text.len() {
                let begin = self.at;
                self.skip_to_line_end();
                let mut line = self.text.get(begin..self.at).unwrap_or_default();
                self.at += if self.starts_with(b"\r\n") { 2 } else { 1 };
                while tabs && line.first() == Some(&b'\t') {
                    line = line.get(1..).unwrap_or_default();
                }
                if line == word {
                    break;
                }
            }
        }
        self.at = self.at.min(self.text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(language: Language, text: &str) -> Vec<&str> {
        comments(language, text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn comments_are_told_from_texts_that_look_like_them() {
        let cases: &[(Language, &str, &[&str])] = &[
            (Language::Json, "{ \"a\": \"// no \\\" // no\", // yes\n /* yes */ }", &["// yes", "/* yes */"]),
            (Language::Bicep, "var a = '// no ${ b /* yes */ } // no' // yes", &["/* yes */", "// yes"]),
            (Language::Bicep, "var a = '''\n// no '\n''' // yes", &["// yes"]),
            (Language::Shell, "a#no '# no' \"# no $( b # yes\n) # no\" # it's yes", &["# yes", "# it's yes"]),
            (Language::Shell, "cat <<-EOF # yes\n# no '\n\tEOF\n# yes", &["# yes", "# yes"]),
            (Language::Shell, "x=$((1 << 2)) # yes\na \\# no", &["# yes"]),
            (
                Language::PowerShell,
                "a '# no' \"# no `\" $(b '# no') # no\" # yes\n<# yes\n #>",
                &["# yes", "<# yes\n #>"],
            ),
            (Language::PowerShell, "$a = @'\n# no '\n'@ # yes", &["# yes"]),
        ];
        for (language, text, expected) in cases {
            assert_eq!(found(*language, text), *expected, "{language:?} {text}");
        }
    }

    #[test]
    fn a_broken_text_ends_the_search_and_nothing_else() {
        for language in [Language::Json, Language::Bicep, Language::Shell, Language::PowerShell] {
            for text in ["\"", "'", "/*", "<#", "\\", "`", "<<", "<<A", "<<A\n", "@'", "\"$(", "'${", "'''"] {
                assert!(comments(language, text).iter().all(|range| range.end <= text.len()), "{language:?} {text}");
            }
            let deep = "\"$('${".repeat(5000);
            assert!(comments(language, &deep).is_empty());
        }
    }
}
