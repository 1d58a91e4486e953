//! `uri`, `uriComponent` and `uriComponentToString`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::value::Value;

use super::Call;

/// What is written as it is: letters, digits and `-_.~`.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `uriComponent(string)`.
pub(super) fn uri_component(call: &mut Call<'_>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let Some(text) = string.text() else { return call.symbolic_text() };
    let basis = call.basis();
    call.new_text(utf8_percent_encode(&text, ESCAPED).to_string(), basis)
}

/// `uriComponentToString(string)`.
pub(super) fn uri_component_to_string(call: &mut Call<'_>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let Some(text) = string.text() else { return call.symbolic_text() };
    let basis = call.basis();
    match percent_decode_str(&text).decode_utf8() {
        Ok(decoded) => call.new_text(decoded.into_owned(), basis),
        Err(_) => call.symbolic_text(),
    }
}

/// `uri(base, relative)`.
pub(super) fn uri(call: &mut Call<'_>) -> Value {
    let (Some(base), Some(relative)) = (call.string(0), call.string(1)) else { return call.error() };
    let (Some(base), Some(relative)) = (base.text(), relative.text()) else { return call.symbolic_text() };
    let basis = call.basis();
    match resolved(&base, &relative) {
        Some(text) => call.new_text(text, basis),
        None => call.symbolic_text(),
    }
}

/// A reference against a base, as RFC 3986 has it in section 5.2. `None` for bases that don't say a host, and for
/// references with a scheme of their own.
fn resolved(base: &str, relative: &str) -> Option<String> {
    let (scheme, rest) = base.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    if host.is_empty() || relative.split(['/', '?', '#']).next()?.contains(':') || relative.starts_with("//") {
        return None;
    }
    if relative.is_empty() || relative.starts_with(['?', '#']) {
        return Some(format!("{scheme}://{host}{path}{relative}"));
    }
    let (relative_path, tail) = relative.split_at(relative.find(['?', '#']).unwrap_or(relative.len()));
    let path = match relative_path.strip_prefix('/') {
        Some(_) => without_dots(relative_path),
        None => {
            let folder = path.get(..=path.rfind('/')?)?;
            without_dots(&format!("{folder}{relative_path}"))
        }
    };
    Some(format!("{scheme}://{host}{path}{tail}"))
}

/// A path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}
