//! Strings put together and changed: `concat`, `join`, case, `trim`, `padLeft`, `replace`, `split`, `substring`.

use crate::ir::ParamType;
use crate::value::{Basis, Content, Context, Element, Facts, Kind, OriginId, Piece, Str, TermId, Value};

use super::super::make;
use super::{Call, PIECES, TEXT, array, elements, json_text, shape, slice};

/// Strings one after the other, or arrays.
pub(super) fn concat(call: &mut Call<'_>) -> Value {
    let shapes: Vec<Option<ParamType>> = call.args.iter().map(|arg| shape::of(call.context, arg)).collect();
    if shapes.contains(&Some(ParamType::Array)) {
        return array::chain(call, call.args);
    }
    if shapes.contains(&Some(ParamType::Object)) {
        return call.error();
    }
    if let [one] = call.args
        && (one.is_unknown() || one.as_str().is_some())
    {
        return one.clone();
    }
    if shapes.iter().all(Option::is_none) {
        return call.symbolic();
    }
    let mut pieces = Vec::new();
    for arg in call.args {
        match make::pieces(call.context, arg) {
            Some(string) => pieces.extend(string.pieces.iter().cloned()),
            None => return call.symbolic_text(),
        }
    }
    call.text(Str::new(pieces), Basis::Fixed)
}

/// `string(value)`.
pub(super) fn string(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    match &arg.kind {
        Kind::Str(_) => return arg.clone(),
        Kind::Array(_) | Kind::Object(_) => {
            return match json_text::write(arg, '"') {
                Some((text, basis)) => call.new_text(text, basis),
                None => call.symbolic_text(),
            };
        }
        _ => {}
    }
    // The text of an unknown array isn't the array.
    let is_composite = matches!(shape::of(call.context, arg), Some(ParamType::Array | ParamType::Object));
    match make::pieces(call.context, arg).filter(|_| !is_composite) {
        Some(pieces) => call.text(pieces, Basis::Fixed),
        None => call.symbolic_text(),
    }
}

/// `join(array, delimiter)`.
pub(super) fn join(call: &mut Call<'_>) -> Value {
    elements::over_choices(call, join_plain)
}

fn join_plain(call: &mut Call<'_>) -> Value {
    let [array, _] = call.args else { return call.error() };
    let Some(delimiter) = call.string(1) else { return call.error() };
    let Kind::Array(_) = array.kind else {
        return if array.is_unknown() { call.symbolic_text() } else { call.error() };
    };
    let taken = elements::taken(call.context, array).unwrap_or_default();
    let mut pieces: Vec<Piece> = Vec::new();
    for (at, element) in taken.iter().enumerate() {
        let Element::One(value) = element else { return call.symbolic_text() };
        let Some(string) = make::pieces(call.context, value) else { return call.symbolic_text() };
        if at > 0 {
            pieces.extend(delimiter.pieces.iter().cloned());
        }
        pieces.extend(string.pieces.iter().cloned());
        if pieces.len() > PIECES {
            return call.limit();
        }
    }
    call.text(Str::new(pieces), array.basis)
}

/// `toLower(string)`.
pub(super) fn to_lower(call: &mut Call<'_>) -> Value {
    fold(call, |text| map_chars(text, char::to_lowercase))
}

/// `toUpper(string)`.
pub(super) fn to_upper(call: &mut Call<'_>) -> Value {
    fold(call, |text| map_chars(text, char::to_uppercase))
}

/// Changes every character for which the change is one character.
fn map_chars<I: ExactSizeIterator<Item = char>>(text: &str, change: fn(char) -> I) -> String {
    let single = |char: char| {
        let mut changed = change(char);
        match (changed.len(), changed.next()) {
            (1, Some(one)) => one,
            _ => char,
        }
    };
    text.chars().map(single).collect()
}

fn fold(call: &mut Call<'_>, change: fn(&str) -> String) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let mut pieces = Vec::with_capacity(string.pieces.len());
    for piece in &*string.pieces {
        let content = match &piece.content {
            Content::Text(text) => Content::Text(change(text).into()),
            Content::Symbol(term) => Content::Symbol(folded(call, *term, change)),
        };
        pieces.push(Piece { content, term: folded(call, piece.term, change), ..piece.clone() });
    }
    call.text(Str::new(pieces), Basis::Fixed)
}

/// The term of a text in the other case: folding twice is folding the last time.
fn folded(call: &mut Call<'_>, term: TermId, change: fn(&str) -> String) -> TermId {
    use crate::value::{Literal, Term};
    match call.context.get(term).clone() {
        Term::Literal(Literal::Str(text)) => call.context.text(&change(&text)),
        Term::Concat(parts) => {
            let parts: Vec<TermId> = parts.iter().map(|part| folded(call, *part, change)).collect();
            call.context.concat(parts)
        }
        Term::Call(name, args) if matches!(&*name, "tolower" | "toupper") && args.len() == 1 => {
            if *name == *call.name {
                term
            } else {
                folded(call, args[0], change)
            }
        }
        Term::Call(name, _) if &*name == "uniquestring" && call.name == "tolower" => term,
        _ => {
            let folded = call.context.call(call.name, [term]);
            if let Some(facts) = call.context.facts(term).cloned() {
                let allowed = facts.allowed.as_ref().map(|allowed| {
                    allowed
                        .iter()
                        .map(|one| match one {
                            Literal::Str(text) => Literal::Str(change(text).into()),
                            other => other.clone(),
                        })
                        .collect()
                });
                let facts = Facts { allowed, ty: Some(ParamType::String), ..facts };
                call.state(folded, &facts);
            }
            folded
        }
    }
}

/// `trim(string)`.
pub(super) fn trim(call: &mut Call<'_>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let basis = call.basis_of(0);
    let (front, whole) = slice::front(&string);
    if whole {
        let from = front.len() - front.trim_start().len();
        let to = from + front.trim().len();
        return match slice::cut(call.context, &string, from, Some(to)) {
            Some(cut) => call.text(cut, basis),
            None => call.symbolic_text(),
        };
    }
    let ends_in_text = match string.pieces.last().map(|piece| &piece.content) {
        Some(Content::Text(text)) => text.chars().next_back().is_some_and(|char| !char.is_whitespace()),
        _ => false,
    };
    let from = front.len() - front.trim_start().len();
    if from == front.len() || !ends_in_text {
        return call.symbolic_text();
    }
    match slice::cut(call.context, &string, from, None) {
        Some(cut) => call.text(cut, basis),
        None => call.symbolic_text(),
    }
}

/// `padLeft(value, length, [character])`: the value is a string or an integer.
pub(super) fn pad_left(call: &mut Call<'_>) -> Value {
    let Some(value) = call.args.first() else { return call.error() };
    let Some(string) = make::pieces(call.context, value) else { return call.error() };
    let Some(length) = call.args.get(1).and_then(Value::as_int) else { return call.symbolic_text() };
    let pad = match call.args.get(2) {
        None => Some(' '),
        Some(pad) => match pad.text() {
            Some(text) => {
                let mut chars = text.chars();
                match (chars.next(), chars.next()) {
                    (Some(one), None) => Some(one),
                    _ => return call.error(),
                }
            }
            None => None,
        },
    };
    let (Some(pad), Some(text)) = (pad, string.text()) else { return call.symbolic_text() };
    let Ok(length) = usize::try_from(length) else { return call.error() };
    if length > TEXT {
        return call.limit();
    }
    let missing = length.saturating_sub(slice::units(&text));
    let basis = call.basis();
    let origin = make::computed_origin(call.context, call.args, call.span);
    let padding: String = std::iter::repeat_n(pad, missing).collect();
    let padded = Str::fixed(call.context, &padding, origin).join(&string);
    call.text(padded, basis)
}

/// `substring(string, start, [length])`.
pub(super) fn substring(call: &mut Call<'_>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let counts: Vec<Option<i64>> = call.args.iter().skip(1).map(Value::as_int).collect();
    if counts.contains(&None) {
        return call.symbolic_text();
    }
    let mut counts = counts.into_iter().flatten().map(|count| usize::try_from(count).ok());
    let Some(start) = counts.next().flatten() else { return call.error() };
    let end = match counts.next() {
        Some(Some(length)) => Some(start.saturating_add(length)),
        Some(None) => return call.error(),
        None => None,
    };
    part(call, &string, start, end, true)
}

/// The part between two UTF-16 places. `strict`: places past the end are an error, else they are the end.
pub(super) fn part(call: &mut Call<'_>, string: &Str, start: usize, end: Option<usize>, strict: bool) -> Value {
    let numbers = make::basis(call.args.get(1..).unwrap_or_default());
    let (front, whole) = slice::front(string);
    let place = |units: usize| match slice::byte_at(&front, units) {
        Some(byte) => Ok(Some(byte)),
        None if whole && !strict => Ok(Some(front.len())),
        None if whole => Err(()),
        None => Ok(None),
    };
    let (Ok(from), Ok(to)) = (place(start), end.map_or(Ok(None), place)) else { return call.error() };
    let (Some(from), true) = (from, end.is_none() || to.is_some()) else { return call.symbolic_text() };
    let structure = match to {
        // Past the end of a text means that all of it was looked at.
        Some(to) if to < front.len() || (whole && end == Some(slice::units(&front))) => slice::structure(string, to),
        None if from < front.len() || !whole => slice::structure(string, from),
        _ => call.basis_of(0),
    };
    match slice::cut(call.context, string, from, to) {
        Some(cut) => {
            let by: Vec<OriginId> = call.args.iter().skip(1).map(|arg| arg.origin).collect();
            call.text_by(cut, structure.max(numbers), &by)
        }
        None => call.symbolic_text(),
    }
}

/// `replace(string, old, new)`.
pub(super) fn replace(call: &mut Call<'_>) -> Value {
    let (Some(string), Some(old), Some(new)) = (call.string(0), call.string(1), call.string(2)) else {
        return call.error();
    };
    let Some(old_text) = old.text() else { return call.symbolic_text() };
    if old_text.is_empty() {
        return call.error();
    }
    let structure = call.basis_of(1);
    if let (whole, true) = slice::front(&string) {
        let matches = whole.matches(&*old_text).count();
        if whole.len().saturating_add(matches.saturating_mul(slice::known_length(&new))) > TEXT
            || matches.saturating_mul(new.pieces.len().saturating_add(1)) > PIECES
        {
            return compact_replace(call, &whole, &old_text, &new, matches);
        }
        if matches == 0 && call.basis() == Basis::Fixed {
            return call.args.first().cloned().unwrap_or_else(|| call.error());
        }
        let pieces = substituted(call.context, &string, &whole, &old_text, &new);
        let structure = structure.max(call.basis_of(0));
        let by = call.args[1].origin;
        return call.text_by(Str::new(pieces), structure, &[by]);
    }
    let mut chars = old_text.chars();
    match (chars.next(), chars.next()) {
        (Some(char), None) => replace_char(call, &string, char, &old, &new),
        _ => call.symbolic_text(),
    }
}

/// The result as one piece, for texts with so many matches that their pieces would be too many.
fn compact_replace(call: &mut Call<'_>, whole: &str, old: &str, new: &Str, matches: usize) -> Value {
    let Some(new) = new.text() else { return call.limit() };
    if whole.len().saturating_add(matches.saturating_mul(new.len())) > TEXT {
        return call.limit();
    }
    let basis = call.basis();
    call.new_text(whole.replace(old, &new), basis)
}

/// The pieces of a known text with `new` in place of `old`.
fn substituted(context: &mut Context, string: &Str, whole: &str, old: &str, new: &Str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, _) in whole.match_indices(old) {
        if let Some(kept) = slice::cut(context, string, from, Some(at)) {
            pieces.extend(kept.pieces.iter().cloned());
        }
        pieces.extend(new.pieces.iter().cloned());
        from = at + old.len();
    }
    if let Some(kept) = slice::cut(context, string, from, Some(whole.len())) {
        pieces.extend(kept.pieces.iter().cloned());
    }
    pieces
}

/// One character in a string of which a part isn't known: no match can lie across pieces.
fn replace_char(call: &mut Call<'_>, string: &Str, char: char, old: &Str, new: &Str) -> Value {
    let mut buffer = [0; 4];
    let text_of_char: &str = char.encode_utf8(&mut buffer);
    let (old_term, new_term) = (old.term(call.context), new.term(call.context));
    let mut pieces = Vec::new();
    for piece in &*string.pieces {
        match &piece.content {
            Content::Text(text) => {
                let alone = Str::new([piece.clone()]);
                pieces.extend(substituted(call.context, &alone, text, text_of_char, new));
            }
            Content::Symbol(term) if shape::excludes(call.context, *term, char) => pieces.push(piece.clone()),
            Content::Symbol(term) => {
                let content = call.context.call("replace", [*term, old_term, new_term]);
                let firm = call.context.call("replace", [piece.term, old_term, new_term]);
                pieces.push(Piece { content: Content::Symbol(content), term: firm, ..piece.clone() });
            }
        }
        if pieces.len() > PIECES {
            return call.limit();
        }
    }
    let texts = string.pieces.iter().filter(|piece| matches!(piece.content, Content::Text(_)));
    let structure = texts.map(|piece| piece.basis).max().unwrap_or_default().max(call.basis_of(1));
    let by = call.args[1].origin;
    call.text_by(Str::new(pieces), structure, &[by])
}
