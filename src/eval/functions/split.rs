//! `split`, also of strings of which a part isn't known.

use crate::value::{Basis, Content, Element, Kind, Piece, Str, TermId, Value, Why};

use super::super::make;
use super::{Call, ELEMENTS, elements, shape, slice};

/// What lies between two delimiters.
enum Part {
    /// One element.
    Closed(Str),
    /// Any number of elements: it may hold delimiters itself.
    Open(Str),
}

/// `split(string, delimiter)`; the delimiter may be an array of several.
pub(super) fn split(call: &mut Call<'_>) -> Value {
    let [value, delimiter] = call.args else { return call.error() };
    let Some(string) = call.string(0) else { return call.error() };
    let delimiters: Option<Vec<_>> = match &delimiter.kind {
        Kind::Array(elements) => elements
            .iter()
            .map(|element| match element {
                Element::One(value) => value.text(),
                Element::Many(_) => None,
            })
            .collect(),
        _ => delimiter.text().map(|text| vec![text]),
    };
    let Some(delimiters) = delimiters else { return call.symbolic() };
    let delimiters: Vec<&str> = delimiters.iter().map(|text| &**text).filter(|text| !text.is_empty()).collect();
    let given = match &delimiter.kind {
        Kind::Array(elements) => elements.iter().map(|element| element.value().basis).max().unwrap_or_default(),
        _ => Basis::Fixed,
    };
    let given = given.max(delimiter.basis);
    let (whole, known) = slice::front(&string);
    if known {
        let parts = ranges(&whole, &delimiters);
        if parts.len() > ELEMENTS {
            return call.limit();
        }
        let mut strings = Vec::with_capacity(parts.len());
        for (from, to) in parts {
            strings.push(slice::cut(call.context, &string, from, Some(to)).unwrap_or_default());
        }
        let structure = given.max(value.basis);
        return parts_array(call, strings.into_iter().map(Part::Closed).collect(), structure);
    }
    let chars: Option<Vec<char>> = delimiters
        .iter()
        .map(|text| {
            let mut chars = text.chars();
            chars.next().filter(|_| chars.next().is_none())
        })
        .collect();
    match chars {
        Some(chars) => split_pieces(call, &string, &chars, given),
        None => call.symbolic(),
    }
}

/// The places between delimiters; where several match, the one named first.
fn ranges(text: &str, delimiters: &[&str]) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        if let Some(delimiter) = delimiters.iter().find(|delimiter| rest.starts_with(**delimiter)) {
            parts.push((from, at));
            at += delimiter.len();
            from = at;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    parts.push((from, text.len()));
    parts
}

/// Splits a string of which a part isn't known at single characters. Between two delimiters that are written out, what
/// isn't known is one part if it can't hold a delimiter, else any number of parts.
fn split_pieces(call: &mut Call<'_>, string: &Str, delimiters: &[char], given: Basis) -> Value {
    let is_id = delimiters == ['/'] && begins_like_an_id(string);
    let mut parts: Vec<Part> = Vec::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open = false;
    let mut structure = given;
    let close = |pieces: &mut Vec<Piece>, open: &mut bool| {
        let part = Str::new(std::mem::take(pieces));
        if std::mem::take(open) { Part::Open(part) } else { Part::Closed(part) }
    };
    for piece in &*string.pieces {
        match &piece.content {
            Content::Symbol(term) => {
                let closed = is_id || delimiters.iter().all(|char| shape::excludes(call.context, *term, *char));
                open |= !closed;
                if !closed || piece.basis > Basis::Fixed {
                    structure = structure.max(piece.basis);
                }
                pieces.push(piece.clone());
            }
            Content::Text(text) => {
                if piece.basis > Basis::Fixed
                    && !delimiters.iter().all(|char| shape::excludes(call.context, piece.term, *char))
                {
                    structure = structure.max(piece.basis);
                }
                let mut from = 0;
                for (at, found) in text.match_indices(|char| delimiters.contains(&char)) {
                    if from < at {
                        pieces.push(piece.part(call.context, from, at));
                    }
                    parts.push(close(&mut pieces, &mut open));
                    from = at + found.len();
                }
                // A text that is empty by default may be another.
                if from < text.len() || text.is_empty() {
                    pieces.push(piece.part(call.context, from, text.len()));
                }
                if parts.len() > ELEMENTS {
                    return call.limit();
                }
            }
        }
    }
    parts.push(close(&mut pieces, &mut open));
    if matches!(parts.as_slice(), [Part::Open(_)]) {
        return call.symbolic();
    }
    parts_array(call, parts, structure)
}

/// Whether a string is an id of a resource or scope by its beginning. A name in an id can't hold a `/`.
fn begins_like_an_id(string: &Str) -> bool {
    let (front, _) = slice::front(string);
    let front = front.to_ascii_lowercase();
    front.starts_with("/subscriptions/") || front.starts_with("/providers/")
}

/// An array of parts; of a part that isn't closed, one that stands for each in it.
fn parts_array(call: &mut Call<'_>, parts: Vec<Part>, structure: Basis) -> Value {
    let place = make::computed_origin(call.context, call.args, call.span);
    let delimiter = call.args.get(1).map(|arg| arg.term);
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Part::Closed(string) => {
                let origin = string.pieces.first().map_or(place, |piece| piece.origin);
                all.push(Element::One(make::string(call.context, string, origin)));
            }
            Part::Open(string) => {
                let whole = make::string(call.context, string, place);
                let content = make::content_term(call.context, &whole);
                let args = |term: TermId| std::iter::once(term).chain(delimiter).collect::<Vec<_>>();
                let term = call.context.call(call.name, args(whole.term));
                let content = call.context.call(call.name, args(content));
                let kind = Kind::Unknown { term: content, why: Why::KnownAtDeployment };
                let open = Value { kind, term, basis: whole.basis, origin: place };
                all.push(Element::Many(elements::each(call.context, &open)));
            }
        }
    }
    call.array(all, structure)
}
