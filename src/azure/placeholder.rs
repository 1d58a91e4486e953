//! Texts that stand for a value someone has yet to fill in: `<subscription>`, `GEN-UNIQUE`, `#{token}#`.
//!
//! Such a text is no value, so that it is read as a symbol. The same place in a file is the same symbol, two places
//! are not.

use std::sync::Arc;

use crate::text::begins;
use crate::value::{Basis, Content, Context, Literal, Origin, PLACEHOLDER, Piece, Str, Term, TermId};

/// The string with every placeholder in it replaced by a symbol; `None` if there is none in it.
pub(super) fn without_placeholders(context: &mut Context, string: &Str) -> Option<Str> {
    let suspicious = string.pieces.iter().any(|piece| match &piece.content {
        Content::Text(text) => next(text, piece.basis).is_some(),
        Content::Symbol(_) => false,
    });
    if !suspicious {
        return None;
    }
    let mut pieces = Vec::new();
    for piece in &*string.pieces {
        let Content::Text(text) = &piece.content else {
            pieces.push(piece.clone());
            continue;
        };
        let mut from = 0;
        while let Some((start, end)) = text.get(from..).and_then(|rest| next(rest, piece.basis)) {
            pieces.push(piece.part(context, from, from + start));
            let mut hole = piece.part(context, from + start, from + end);
            let whole = start == 0 && end == text.len();
            let symbol = symbol(context, &text[from + start..from + end], &hole);
            if !whole || context.as_literal(piece.term).is_some() {
                hole.term = symbol;
            }
            hole.content = Content::Symbol(symbol);
            pieces.push(hole);
            from += end;
        }
        pieces.push(piece.part(context, from, text.len()));
    }
    Some(Str::new(pieces))
}

fn symbol(context: &mut Context, text: &str, piece: &Piece) -> TermId {
    let text = context.text(text);
    let place = match Origin::literal(context, piece.origin) {
        Some(span) => {
            let source = context.literal(Literal::Int(i64::from(span.source.0)));
            let start = context.literal(Literal::Int(i64::from(span.start)));
            [source, start]
        }
        None => [context.fresh(), context.fresh()],
    };
    context.term(Term::Call(Arc::from(PLACEHOLDER), Box::new([text, place[0], place[1]])))
}

/// Marks and what closes them.
const BRACKETS: &[(&str, &str)] =
    &[("#{", "}#"), ("#_", "_#"), ("{{", "}}"), ("$(", ")"), ("<", ">"), ("{", "}"), ("%", "%"), ("__", "__")];

/// Words that say that the value between two slashes is yet to come, compared in lower case.
const WORDS: &[&str] =
    &["replaceme", "replace-me", "replace_me", "replace me", "changeme", "change-me", "change_me", "change me"];

/// Whether a text holds anything by which a placeholder could begin: most texts don't, and are many.
fn may_hold_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&byte| IS_FIRST[usize::from(byte)]) {
        at += found;
        let is_one = match bytes[at] {
            b'G' => begins(&bytes[at..], "gen-") || begins(&bytes[at..], "get-"),
            b'r' | b'R' => begins(&bytes[at..], "replace"),
            b'c' | b'C' => begins(&bytes[at..], "change"),
            _ => true,
        };
        if is_one {
            return true;
        }
        at += 1;
    }
    false
}

/// The bytes with which a placeholder may begin.
const IS_FIRST: [bool; 256] = {
    let first = b"#{$<%_[GrRcC";
    let mut is_first = [false; 256];
    let mut at = 0;
    while at < first.len() {
        is_first[first[at] as usize] = true;
        at += 1;
    }
    is_first
};

/// The first placeholder in a text, as bytes.
fn next(text: &str, basis: Basis) -> Option<(usize, usize)> {
    if !may_hold_one(text) {
        return None;
    }
    if basis == Basis::ParamFile && text.starts_with('[') && text.ends_with(']') {
        return Some((0, text.len()));
    }
    let bracketed = BRACKETS.iter().filter_map(|(open, close)| bracketed(text, open, close)).min();
    let word = segments(text).find(|(from, to)| is_word(&text[*from..*to]));
    match (bracketed, word) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Something short between two marks, without a slash or a line break.
fn bracketed(text: &str, open: &str, close: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    while let Some(start) = text[from..].find(open).map(|at| from + at) {
        let inner = start + open.len();
        let end = text[inner..].find(close).map(|at| inner + at)?;
        let content = &text[inner..end];
        let plain = !content.is_empty()
            && content.len() <= 100
            && content.chars().all(|char| char.is_alphanumeric() || " _-.:'".contains(char));
        if plain {
            return Some((start, end + close.len()));
        }
        from = inner;
    }
    None
}

fn segments(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut from = 0;
    text.split('/').map(move |segment| {
        let range = (from, from + segment.len());
        from += segment.len() + 1;
        range
    })
}

fn is_word(segment: &str) -> bool {
    if segment.starts_with("GEN-") || segment.starts_with("GET-PREREQ-") {
        return true;
    }
    if segment.split(|char: char| !char.is_ascii_alphabetic()).any(|word| word == "REPLACE") {
        return true;
    }
    let lower = segment.to_ascii_lowercase();
    WORDS.iter().any(|word| {
        let after = lower.find(word).map(|at| lower[at + word.len()..].chars().next());
        after.is_some_and(|after| !after.is_some_and(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{SourceId, Span};

    fn shown(text: &str, basis: Basis) -> String {
        let mut context = Context::new();
        let origin = context.written(Span::new(SourceId(0), 0, text.len() as u32));
        let mut string = Str::fixed(&mut context, text, origin);
        string = Str::new(string.pieces.iter().map(|piece| Piece { basis, ..piece.clone() }));
        without_placeholders(&mut context, &string).unwrap_or(string).shown()
    }

    #[test]
    fn what_is_yet_to_be_filled_in_is_a_symbol() {
        for (text, becomes) in [
            ("/subscriptions/<sub>/resourceGroups/rg", "/subscriptions/…/resourceGroups/rg"),
            ("/subscriptions/{subscriptionId}/x", "/subscriptions/…/x"),
            ("{{gallery}}/image", "…/image"),
            ("#{token}#", "…"),
            ("dep#_namePrefix_#gal", "dep…gal"),
            ("__REGION__", "…"),
            ("$(region)", "…"),
            ("%REGION%", "…"),
            ("GEN-UNIQUE", "…"),
            ("GET-PREREQ-desId", "…"),
            ("/subscriptions/REPLACE_WITH_ID/x", "/subscriptions/…/x"),
            ("changeme", "…"),
        ] {
            assert_eq!(shown(text, Basis::Fixed), becomes, "{text}");
        }
        assert_eq!(shown("[reference(x)]", Basis::ParamFile), "…");
    }

    #[test]
    fn ordinary_names_stay() {
        for text in ["des-westus", "GENERAL-des", "a__b", "replacement", "100%", "1.0.0", "regenerate"] {
            assert_eq!(shown(text, Basis::Fixed), text, "{text}");
        }
    }
}
