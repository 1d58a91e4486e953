//! Words at the edges of bytes that nobody parsed yet, in any case of their ASCII letters.

/// Whether the bytes begin with a word.
pub fn begins(bytes: &[u8], word: &str) -> bool {
    bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether the bytes end with a word.
pub fn ends(bytes: &[u8], word: &str) -> bool {
    let start = bytes.len().checked_sub(word.len());
    start.and_then(|start| bytes.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
}
