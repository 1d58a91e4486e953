//! Looking for something in strings, arrays and objects.

use crate::value::{Basis, Content, Element, Kind, Lookup, Str, TermId, Tri, Value, equal};

use super::super::make;
use super::{Call, shape, slice};

/// `contains(container, item)`: strings by case, keys without regard to it, elements in depth.
pub(super) fn contains(call: &mut Call<'_>) -> Value {
    let [container, item] = call.args else { return call.error() };
    match &container.kind {
        Kind::Str(_) => contains_text(call),
        Kind::Array(elements) => contains_element(call, elements, container.basis, item),
        Kind::Object(object) => {
            let Some(key) = item.text() else { return symbolic_contains(call, item.as_int()) };
            match object.get(&key) {
                Lookup::Found(_) => call.known(Kind::Bool(true), container.basis.max(item.basis)),
                Lookup::Absent => call.known(Kind::Bool(false), container.basis.max(item.basis)),
                Lookup::Maybe => call.symbolic(),
            }
        }
        Kind::Unknown { .. } => call.symbolic(),
        _ => call.error(),
    }
}

/// An object's key that isn't a known text: unknown, or of another type.
fn symbolic_contains(call: &mut Call<'_>, number: Option<i64>) -> Value {
    if number.is_some() { call.error() } else { call.symbolic() }
}

fn contains_text(call: &mut Call<'_>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let needle = call.args.get(1).and_then(|item| make::pieces(call.context, item));
    let Some(needle) = needle else { return call.error() };
    let Some(text) = needle.text() else { return call.symbolic() };
    let (whole, known) = slice::front(&string);
    let basis = call.basis();
    if known {
        return call.known(Kind::Bool(whole.contains(&*text)), basis);
    }
    for (run, run_basis) in runs(&string) {
        if run.contains(&*text) {
            let basis = run_basis.max(call.basis_of(1));
            return call.known(Kind::Bool(true), basis);
        }
    }
    let mut chars = text.chars();
    if let (Some(char), None) = (chars.next(), chars.next()) {
        let excluded = string.pieces.iter().all(|piece| match &piece.content {
            Content::Text(text) => !text.contains(char),
            Content::Symbol(term) => shape::excludes(call.context, *term, char),
        });
        if excluded {
            return call.known(Kind::Bool(false), basis);
        }
    }
    call.symbolic()
}

/// The known texts of a string, as far as they lie beside each other.
fn runs(string: &Str) -> Vec<(String, Basis)> {
    let mut runs = vec![(String::new(), Basis::Fixed)];
    for piece in &*string.pieces {
        match (&piece.content, runs.last_mut()) {
            (Content::Text(text), Some((run, basis))) => {
                run.push_str(text);
                *basis = (*basis).max(piece.basis);
            }
            _ => runs.push((String::new(), Basis::Fixed)),
        }
    }
    runs
}

fn contains_element(call: &mut Call<'_>, elements: &[Element], container: Basis, item: &Value) -> Value {
    let mut found: Option<Basis> = None;
    let mut absent = container;
    let mut unsure = false;
    for element in elements {
        let verdict = equal(call.context, element.value(), item);
        match verdict.tri {
            Tri::Yes if !element.is_many() => {
                found = Some(found.map_or(verdict.basis, |basis| basis.min(verdict.basis)));
            }
            Tri::No => absent = absent.max(verdict.basis),
            Tri::Yes | Tri::Maybe => unsure = true,
        }
    }
    match found {
        Some(basis) => call.known(Kind::Bool(true), basis.max(container)),
        None if unsure => call.symbolic(),
        None => call.known(Kind::Bool(false), absent),
    }
}

/// `indexOf(container, item)`: strings without regard to case, elements in depth.
pub(super) fn index_of(call: &mut Call<'_>) -> Value {
    position(call, false)
}

/// `lastIndexOf(container, item)`.
pub(super) fn last_index_of(call: &mut Call<'_>) -> Value {
    position(call, true)
}

fn position(call: &mut Call<'_>, last: bool) -> Value {
    let [container, item] = call.args else { return call.error() };
    match &container.kind {
        Kind::Array(elements) => {
            let mut found = None;
            let mut basis = container.basis;
            for (at, element) in elements.iter().enumerate() {
                let verdict = equal(call.context, element.value(), item);
                if element.is_many() || verdict.is_maybe() {
                    return call.symbolic();
                }
                basis = basis.max(verdict.basis);
                if verdict.is_yes() && (last || found.is_none()) {
                    found = Some(at);
                }
            }
            let at = found.map_or(-1, |at| at as i64);
            call.known(Kind::Int(at), basis)
        }
        Kind::Str(_) => {
            let (Some(string), Some(needle)) = (call.string(0), call.string(1)) else { return call.error() };
            let (front, known) = slice::front(&string);
            let Some(needle) = needle.text() else { return call.symbolic() };
            let text = fold(&front);
            let needle = fold(&needle);
            let at = if last { text.rfind(&needle) } else { text.find(&needle) };
            match at {
                Some(at) if known || !last => {
                    let basis = if last {
                        call.basis()
                    } else {
                        slice::structure(&string, at + needle.len()).max(call.basis_of(1))
                    };
                    let at = slice::units(text.get(..at).unwrap_or_default());
                    call.known(Kind::Int(at as i64), basis)
                }
                None if known => {
                    let basis = call.basis();
                    call.known(Kind::Int(-1), basis)
                }
                _ => call.symbolic(),
            }
        }
        Kind::Unknown { .. } => call.symbolic(),
        _ => call.error(),
    }
}

/// Lower case, character by character so that places stay where they are.
fn fold(text: &str) -> String {
    let single = |char: char| {
        let mut lower = char.to_lowercase();
        match (lower.len(), lower.next()) {
            (1, Some(one)) if one.len_utf8() == char.len_utf8() => one,
            _ => char,
        }
    };
    text.chars().map(single).collect()
}

/// `startsWith(string, start)`, without regard to case.
pub(super) fn starts_with(call: &mut Call<'_>) -> Value {
    edge(call, false)
}

/// `endsWith(string, end)`, without regard to case.
pub(super) fn ends_with(call: &mut Call<'_>) -> Value {
    edge(call, true)
}

/// A character, or a symbol for any number of them.
#[derive(PartialEq)]
enum Token {
    Char(char),
    Symbol(TermId),
}

fn tokens(string: &Str, backwards: bool) -> Vec<(Token, Basis)> {
    let mut tokens = Vec::new();
    for piece in &*string.pieces {
        match &piece.content {
            Content::Text(text) if text.is_empty() => tokens.push((Token::Symbol(piece.term), piece.basis)),
            Content::Text(text) => {
                let folded = fold(text);
                tokens.extend(folded.chars().map(|char| (Token::Char(char), piece.basis)));
            }
            Content::Symbol(term) => tokens.push((Token::Symbol(*term), piece.basis)),
        }
    }
    if backwards {
        tokens.reverse();
    }
    tokens
}

fn edge(call: &mut Call<'_>, backwards: bool) -> Value {
    let (Some(string), Some(edge)) = (call.string(0), call.string(1)) else { return call.error() };
    if let (Some(string), Some(edge)) = (string.text(), edge.text()) {
        let (string, edge) = (fold(&string), fold(&edge));
        let holds = if backwards { string.ends_with(&edge) } else { string.starts_with(&edge) };
        // The front decides where it stands firm although the rest doesn't.
        if call.basis() == Basis::Fixed {
            return call.known(Kind::Bool(holds), Basis::Fixed);
        }
    }
    let whole = tokens(&string, backwards);
    let part = tokens(&edge, backwards);
    let mut basis = Basis::Fixed;
    let mut at = 0;
    loop {
        let Some((wanted, wanted_basis)) = part.get(at) else { return call.known(Kind::Bool(true), basis) };
        let Some((there, there_basis)) = whole.get(at) else {
            return match wanted {
                Token::Char(_) => {
                    let basis = call.basis();
                    call.known(Kind::Bool(false), basis)
                }
                Token::Symbol(_) => call.symbolic(),
            };
        };
        match (there, wanted) {
            _ if there == wanted => basis = basis.max(*there_basis).max(*wanted_basis),
            (Token::Char(_), Token::Char(_)) => {
                let basis = basis.max(*there_basis).max(*wanted_basis);
                return call.known(Kind::Bool(false), basis);
            }
            _ => return whole_edge(call, &string, &edge, backwards),
        }
        at += 1;
    }
}

/// Where an overridable empty piece came in between: by the texts as they are, if they are known.
fn whole_edge(call: &mut Call<'_>, string: &Str, edge: &Str, backwards: bool) -> Value {
    let (Some(string), Some(edge)) = (string.text(), edge.text()) else { return call.symbolic() };
    let (string, edge) = (fold(&string), fold(&edge));
    let holds = if backwards { string.ends_with(&edge) } else { string.starts_with(&edge) };
    let basis = call.basis();
    call.known(Kind::Bool(holds), basis)
}
