//! What a pipeline puts into a script before a shell sees it.

/// Longest expression that is looked for, in bytes.
const LONGEST: usize = 4096;

/// `${{ ... }}` and, with `macros`, `$(name)`, as byte ranges in order.
pub(super) fn find(text: &str, macros: bool) -> Vec<(usize, usize)> {
    let mut holes = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let length = expression(rest).or_else(|| macros.then(|| name(rest)).flatten());
        if let Some(length) = length {
            holes.push((start, start + length));
        }
        at = start + length.unwrap_or(1);
    }
    holes
}

/// The length of `${{ ... }}`.
fn expression(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("${{")?;
    let mut end = inner.len().min(LONGEST);
    while !inner.is_char_boundary(end) {
        end -= 1;
    }
    inner.get(..end)?.find("}}").map(|length| length + 5)
}

/// The length of `$(name)`: a variable of the pipeline, whose names have no blanks, while commands mostly do.
fn name(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix("$(")?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    let length = inner.bytes().take_while(is_part).count();
    let sound = inner.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    (sound && inner.as_bytes().get(length) == Some(&b')')).then_some(length + 3)
}
