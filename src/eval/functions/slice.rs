//! Cutting strings at places that are known although the string may not be, all of it.
//!
//! ARM counts in UTF-16 units; texts here are UTF-8, so that every place is turned once.

use crate::value::{Basis, Content, Context, Piece, Str};

/// The byte at a UTF-16 offset; `None` past the end or within a pair of surrogates.
pub(super) fn byte_at(text: &str, units: usize) -> Option<usize> {
    if text.is_ascii() {
        return (units <= text.len()).then_some(units);
    }
    let mut seen = 0;
    for (at, char) in text.char_indices() {
        if seen >= units {
            return (seen == units).then_some(at);
        }
        seen += char.len_utf16();
    }
    (seen == units).then_some(text.len())
}

/// How many UTF-16 units a text has.
pub(super) fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// How many bytes of a string are known.
pub(super) fn known_length(string: &Str) -> usize {
    let length = |piece: &Piece| match &piece.content {
        Content::Text(text) => text.len(),
        Content::Symbol(_) => 0,
    };
    string.pieces.iter().map(length).sum()
}

/// The text before the first piece that isn't known; whether that is all.
pub(super) fn front(string: &Str) -> (String, bool) {
    let mut text = String::new();
    for piece in &*string.pieces {
        match &piece.content {
            Content::Text(part) => text.push_str(part),
            Content::Symbol(_) => return (text, false),
        }
    }
    (text, true)
}

/// The part of a string from byte `from` to byte `to` (or to its end). Both places lie in the known front; `None` if
/// they don't.
pub(super) fn cut(context: &mut Context, string: &Str, from: usize, to: Option<usize>) -> Option<Str> {
    let mut kept: Vec<Piece> = Vec::new();
    let mut at = 0;
    for piece in &*string.pieces {
        if to.is_some_and(|to| at >= to) {
            break;
        }
        match &piece.content {
            Content::Symbol(_) if to.is_some() || at < from => return None,
            Content::Symbol(_) => kept.push(piece.clone()),
            Content::Text(text) => {
                let end = at + text.len();
                let low = from.max(at);
                let high = to.map_or(end, |to| to.min(end));
                if low < high {
                    kept.push(piece.part(context, low - at, high - at));
                } else if text.is_empty() && at >= from {
                    kept.push(piece.clone());
                }
                at = end;
            }
        }
    }
    (at >= from && to.is_none_or(|to| at >= to)).then(|| Str::new(kept))
}

/// What the place of a cut rests on: every piece that begins before it.
pub(super) fn structure(string: &Str, cut: usize) -> Basis {
    let mut at = 0;
    let mut basis = Basis::Fixed;
    for piece in &*string.pieces {
        if at >= cut {
            break;
        }
        basis = basis.max(piece.basis);
        if let Content::Text(text) = &piece.content {
            at += text.len();
        }
    }
    basis
}
