//! Brace expansion: `{a,b}` and `{1..3}` in text without quotes.

use crate::ir::Piece;
use crate::text::Span;

use super::word::Draft;

/// How many words one word may become.
const WORDS: usize = 256;

/// Longest word whose braces are looked at, in characters.
const LENGTH: usize = 1024;

/// How deep braces may nest.
const DEPTH: u32 = 8;

/// A word as characters that may be braces, and what can't.
#[derive(Clone, Debug)]
enum Atom {
    /// A character without quotes.
    Bare(char, Span),
    /// Anything else.
    Other(Draft),
}

/// The words that a word becomes; just itself where it has no braces to expand.
pub(super) fn expand(drafts: Vec<Draft>) -> Vec<Vec<Draft>> {
    let holds = |wanted: char| {
        drafts.iter().any(|draft| match draft {
            Draft::Text { pieces, bare: true } => {
                pieces.iter().any(|piece| matches!(piece, Piece::Literal(text, _) if text.contains(wanted)))
            }
            _ => false,
        })
    };
    if !holds('{') || !holds('}') {
        return vec![drafts];
    }
    let atoms = atoms(&drafts);
    if atoms.len() > LENGTH {
        return vec![drafts];
    }
    match alternatives(&atoms, 0) {
        Some(words) if words.len() > 1 && words.len() <= WORDS => words.into_iter().map(assemble).collect(),
        _ => vec![drafts],
    }
}

fn atoms(drafts: &[Draft]) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for draft in drafts {
        let Draft::Text { pieces, bare: true } = draft else {
            atoms.push(Atom::Other(draft.clone()));
            continue;
        };
        for piece in pieces {
            match piece {
                Piece::Literal(text, span) if text.len() == span.len() as usize => {
                    for (at, char) in text.char_indices() {
                        atoms.push(Atom::Bare(char, span.part(at, at + char.len_utf8())));
                    }
                }
                _ => atoms.push(Atom::Other(Draft::Text { pieces: vec![piece.clone()], bare: true })),
            }
        }
    }
    atoms
}

/// All words of a sequence; `None` where they are too many or nested too deep.
fn alternatives(atoms: &[Atom], depth: u32) -> Option<Vec<Vec<Atom>>> {
    if depth > DEPTH {
        return None;
    }
    let mut words: Vec<Vec<Atom>> = vec![Vec::new()];
    let mut at = 0;
    while at < atoms.len() {
        let group = if matches!(atoms[at], Atom::Bare('{', _)) { group(&atoms[at..], depth) } else { Group::Text };
        match group {
            Group::TooMany => return None,
            Group::Choices(length, choices) => {
                if words.len() * choices.len() > WORDS {
                    return None;
                }
                words = words
                    .iter()
                    .flat_map(|word| choices.iter().map(move |choice| [word.as_slice(), choice].concat()))
                    .collect();
                at += length;
            }
            Group::Text => {
                for word in &mut words {
                    word.push(atoms[at].clone());
                }
                at += 1;
            }
        }
    }
    Some(words)
}

/// What a brace begins.
enum Group {
    /// Nothing: it stands for itself.
    Text,
    /// So many atoms stand for one of these.
    Choices(usize, Vec<Vec<Atom>>),
    /// More than is expanded.
    TooMany,
}

/// What the brace at the start expands to.
fn group(atoms: &[Atom], depth: u32) -> Group {
    let mut level = 0_u32;
    let mut commas = Vec::new();
    let mut close = None;
    for (at, atom) in atoms.iter().enumerate() {
        match atom {
            Atom::Bare('{', _) => level += 1,
            Atom::Bare('}', _) => {
                level -= 1;
                if level == 0 {
                    close = Some(at);
                    break;
                }
            }
            Atom::Bare(',', _) if level == 1 => commas.push(at),
            _ => {}
        }
    }
    let Some(close) = close else { return Group::Text };
    if commas.is_empty() {
        return range(&atoms[1..close]).map_or(Group::Text, |choices| Group::Choices(close + 1, choices));
    }
    let mut choices = Vec::new();
    let mut from = 1;
    for to in commas.into_iter().chain([close]) {
        match alternatives(&atoms[from..to], depth + 1) {
            Some(words) => choices.extend(words),
            None => return Group::TooMany,
        }
        from = to + 1;
    }
    Group::Choices(close + 1, choices)
}

/// `1..3`, `c..a`.
fn range(atoms: &[Atom]) -> Option<Vec<Vec<Atom>>> {
    let mut text = String::new();
    let mut place: Option<Span> = None;
    for atom in atoms {
        let Atom::Bare(char, span) = atom else { return None };
        text.push(*char);
        place = Some(place.map_or(*span, |place| place.to(*span)));
    }
    let place = place?;
    let (from, to) = text.split_once("..")?;
    let written =
        |text: String| vec![Atom::Other(Draft::Text { pieces: vec![Piece::Literal(text.into(), place)], bare: false })];
    if let (Ok(from), Ok(to)) = (from.parse::<i32>(), to.parse::<i32>()) {
        let padded = text.split("..").any(|part| part.len() > 1 && part.trim_start_matches('-').starts_with('0'));
        if padded || from.abs_diff(to) as usize >= WORDS {
            return None;
        }
        let count = from.abs_diff(to) as i32;
        let step = if from <= to { 1 } else { -1 };
        return Some((0..=count).map(|index| written((from + step * index).to_string())).collect());
    }
    let letter = |text: &str| match text.as_bytes() {
        [byte] if byte.is_ascii_alphabetic() => Some(*byte),
        _ => None,
    };
    let (from, to) = (letter(from)?, letter(to)?);
    let mut letters: Vec<u8> = (from.min(to)..=from.max(to)).collect();
    if from > to {
        letters.reverse();
    }
    Some(letters.into_iter().map(|byte| written((byte as char).to_string())).collect())
}

fn assemble(atoms: Vec<Atom>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for atom in atoms {
        let (char, span) = match atom {
            Atom::Bare(char, span) => (char, span),
            Atom::Other(draft) => {
                drafts.push(draft);
                continue;
            }
        };
        if !matches!(drafts.last(), Some(Draft::Text { bare: true, .. })) {
            drafts.push(Draft::Text { pieces: Vec::new(), bare: true });
        }
        let Some(Draft::Text { pieces, .. }) = drafts.last_mut() else { continue };
        match pieces.last_mut() {
            Some(Piece::Literal(text, place)) if place.end == span.start && text.len() == place.len() as usize => {
                *text = format!("{text}{char}").into();
                *place = place.to(span);
            }
            _ => pieces.push(Piece::Literal(char.to_string().into(), span)),
        }
    }
    drafts
}
