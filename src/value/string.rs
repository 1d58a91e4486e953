//! Strings as lists of pieces.

use std::sync::Arc;

use super::{Basis, Context, Literal, Origin, OriginId, Term, TermId};
use crate::text::Span;

/// A string: its pieces one after the other. A firmly empty text is no piece; one that is empty only while a parameter
/// keeps its value is, so that the string still hangs on it.
#[derive(Clone, Debug, Default)]
pub struct Str {
    /// The pieces.
    pub pieces: Arc<[Piece]>,
}

/// A piece of a string.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What the scenario makes of it.
    pub content: Content,
    /// What it is whatever is deployed.
    pub term: TermId,
    /// How firmly `content` stands.
    pub basis: Basis,
    /// Where it came from.
    pub origin: OriginId,
}

/// The concrete side of a piece.
#[derive(Clone, Debug)]
pub enum Content {
    /// Known text.
    Text(Arc<str>),
    /// A symbol that stands for a string.
    Symbol(TermId),
}

impl Str {
    /// A string of pieces; firmly empty texts are dropped.
    pub fn new(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let pieces = pieces.into_iter().filter(|piece| piece.basis > Basis::Fixed || !piece.is_empty());
        Self { pieces: pieces.collect() }
    }

    /// A firmly known text.
    pub fn fixed(context: &mut Context, text: &str, origin: OriginId) -> Self {
        let term = context.text(text);
        let text = match context.get(term) {
            Term::Literal(Literal::Str(text)) => Arc::clone(text),
            _ => Arc::from(text),
        };
        Self::new([Piece { content: Content::Text(text), term, basis: Basis::Fixed, origin }])
    }

    /// A symbol.
    pub fn symbol(term: TermId, origin: OriginId) -> Self {
        Self::new([Piece { content: Content::Symbol(term), term, basis: Basis::Fixed, origin }])
    }

    /// The whole text, if every piece is known.
    pub fn text(&self) -> Option<Arc<str>> {
        match &*self.pieces {
            [] => Some(Arc::from("")),
            [Piece { content: Content::Text(text), .. }] => Some(Arc::clone(text)),
            several => {
                let mut whole = String::new();
                for piece in several {
                    let Content::Text(text) = &piece.content else { return None };
                    whole.push_str(text);
                }
                Some(whole.into())
            }
        }
    }

    /// Whether every piece is known.
    pub fn is_known(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece.content, Content::Text(_)))
    }

    /// Whether it is certainly empty in this scenario.
    pub fn is_empty(&self) -> bool {
        self.pieces.iter().all(Piece::is_empty)
    }

    /// The weakest basis of its pieces.
    pub fn basis(&self) -> Basis {
        self.pieces.iter().map(|piece| piece.basis).max().unwrap_or_default()
    }

    /// The first piece that isn't known.
    pub fn unknown(&self) -> Option<&Piece> {
        self.pieces.iter().find(|piece| matches!(piece.content, Content::Symbol(_)))
    }

    /// The text for people: unknown pieces as `…`.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for piece in &*self.pieces {
            match &piece.content {
                Content::Text(text) => shown.push_str(text),
                Content::Symbol(_) => shown.push('…'),
            }
        }
        shown
    }

    /// The term of the whole string made anew from its pieces.
    pub fn term(&self, context: &mut Context) -> TermId {
        match &*self.pieces {
            [one] => one.term,
            pieces => context.concat(pieces.iter().map(|piece| piece.term)),
        }
    }

    /// The same pieces with other origins. Neighbours of one origin share the new one.
    #[must_use]
    pub fn with_origins(&self, mut change: impl FnMut(OriginId) -> OriginId) -> Self {
        let mut last: Option<(OriginId, OriginId)> = None;
        let pieces = self.pieces.iter().map(|piece| {
            let origin = match last {
                Some((of, origin)) if of == piece.origin => origin,
                _ => change(piece.origin),
            };
            last = Some((piece.origin, origin));
            Piece { origin, ..piece.clone() }
        });
        Self { pieces: pieces.collect() }
    }

    /// This and another.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if self.pieces.is_empty() {
            return other.clone();
        }
        if other.pieces.is_empty() {
            return self.clone();
        }
        Self { pieces: self.pieces.iter().chain(other.pieces.iter()).cloned().collect() }
    }

    /// The first `bytes` bytes of the text that it begins with, and the rest. A symbol ends that text.
    pub fn split_at(&self, context: &mut Context, bytes: usize) -> (Self, Self) {
        let mut left = bytes;
        let (mut front, mut rest) = (Vec::new(), Vec::new());
        for piece in &*self.pieces {
            match &piece.content {
                Content::Text(text) if left > 0 => {
                    let here = left.min(text.len());
                    front.push(piece.part(context, 0, here));
                    rest.push(piece.part(context, here, text.len()));
                    left -= here;
                }
                _ => {
                    left = 0;
                    rest.push(piece.clone());
                }
            }
        }
        (Self::new(front), Self::new(rest))
    }

    /// The text that it certainly begins with.
    pub fn front(&self) -> String {
        let texts = self.pieces.iter().map_while(|piece| match &piece.content {
            Content::Text(text) => Some(&**text),
            Content::Symbol(_) => None,
        });
        texts.collect()
    }

    /// Splits it at every character of a kind that is written out, each part with its own place. A symbol is never
    /// split. There is always at least one part.
    pub fn split(&self, context: &mut Context, separates: impl Fn(char) -> bool) -> Vec<Self> {
        let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
        for piece in &*self.pieces {
            let Content::Text(text) = &piece.content else {
                if let Some(last) = parts.last_mut() {
                    last.push(piece.clone());
                }
                continue;
            };
            if text.is_empty()
                && let Some(last) = parts.last_mut()
            {
                last.push(piece.clone());
            }
            let mut from = 0;
            for (at, char) in text.char_indices().filter(|(_, char)| separates(*char)).chain([(text.len(), '\0')]) {
                if at > from
                    && let Some(last) = parts.last_mut()
                {
                    last.push(piece.part(context, from, at));
                }
                if at < text.len() {
                    parts.push(Vec::new());
                }
                from = at + char.len_utf8();
            }
        }
        parts.into_iter().map(Self::new).collect()
    }

    /// Splits it at the first `most` places where a character is written out, each part with its own place.
    pub fn split_first(&self, context: &mut Context, separator: char, most: usize) -> Vec<Self> {
        let mut parts = self.split(context, |char| char == separator).into_iter();
        let mut kept: Vec<Self> = parts.by_ref().take(most).collect();
        if let Some(mut last) = parts.next() {
            for part in parts {
                let origin = part.pieces.first().or(last.pieces.last()).map(|piece| piece.origin);
                let Some(origin) = origin else { continue };
                last = last.join(&Self::fixed(context, separator.encode_utf8(&mut [0; 4]), origin)).join(&part);
            }
            kept.push(last);
        }
        kept
    }

    /// Where the whole is written, if its pieces lie in one source and their literals beside each other: the
    /// smallest span from the first to the last. Else where the first piece is.
    pub fn span(&self, context: &Context) -> Option<Span> {
        let mut spans = self.pieces.iter().filter_map(|piece| Origin::literal(context, piece.origin));
        let first = spans.next()?;
        let mut whole = first;
        for span in spans {
            if span.source != whole.source || span.start < whole.end || span.start > whole.end + 2 {
                return Some(first);
            }
            whole = whole.to(span);
        }
        Some(whole)
    }
}

impl Piece {
    /// Whether it is an empty text.
    pub fn is_empty(&self) -> bool {
        matches!(&self.content, Content::Text(text) if text.is_empty())
    }

    /// The part `from..to` (bytes of the known text, on character boundaries) with the place of just that part.
    #[must_use]
    pub fn part(&self, context: &mut Context, from: usize, to: usize) -> Self {
        let Content::Text(text) = &self.content else { return self.clone() };
        if from == 0 && to == text.len() {
            return self.clone();
        }
        let slice = text.get(from..to).unwrap_or_default();
        let origin = narrow(context, self.origin, text.len(), from, to);
        let term = if context.as_literal(self.term).is_some() {
            context.text(slice)
        } else {
            let (low, high) =
                (context.literal(super::Literal::Int(from as i64)), context.literal(super::Literal::Int(to as i64)));
            context.call("slice", [self.term, low, high])
        };
        Self { content: Content::Text(Arc::from(slice)), term, basis: self.basis, origin }
    }
}

/// The origin of a part of a text of `length` bytes: the literal at the end of the way is narrowed where its bytes
/// are the text's bytes, or the text's bytes between quotes.
fn narrow(context: &mut Context, origin: OriginId, length: usize, from: usize, to: usize) -> OriginId {
    match context.origin(origin).clone() {
        Origin::Literal(span) if span.len() as usize == length => context.written(span.part(from, to)),
        Origin::Literal(span) if span.len() as usize == length + 2 => context.written(span.part(from + 1, to + 1)),
        Origin::Via(kind, span, of) => {
            let inner = narrow(context, of, length, from, to);
            if inner == of { origin } else { context.via(kind, span, inner) }
        }
        Origin::Picked { value, by } => {
            let inner = narrow(context, value, length, from, to);
            if inner == value { origin } else { context.picked(inner, by) }
        }
        Origin::Made(span, of) if of.len() == 1 => {
            let inner = narrow(context, of[0], length, from, to);
            if inner == of[0] { origin } else { context.made(span, [inner]) }
        }
        _ => origin,
    }
}
