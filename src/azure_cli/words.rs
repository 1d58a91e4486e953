//! Words as `az` is given them, and numbers as Python reads them.

use std::sync::Arc;

use crate::eval::script::{Arg, build};
use crate::ir::script::Role;
use crate::text::Span;
use crate::value::{Content, Context, Kind, Origin, OriginId, Piece, Str, Value};

/// A word.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// What it says; what isn't known is a symbol.
    pub(super) text: Str,
    /// The whole of it.
    pub(super) span: Span,
    /// Where its text is written: elsewhere, if it is an element of a list or the value of a variable.
    pub(super) place: Span,
    /// The way of the whole, if it was put together elsewhere.
    origin: Option<OriginId>,
    /// Whether it may be any number of words.
    pub(super) many: bool,
    /// The path of the file whose content it is.
    pub(super) file: Option<Str>,
}

impl Word {
    /// The word of an argument. One that begins with `@`, or has one right behind its first `=`, is the content of a
    /// file.
    pub(super) fn of(context: &mut Context, arg: &Arg) -> Self {
        let text = build::pieces(context, &arg.value).unwrap_or_else(|| Str::symbol(arg.value.term, arg.value.origin));
        let many = arg.many || matches!(arg.value.kind, Kind::Array(_) | Kind::Object(_));
        let text = match &arg.role {
            Role::Option { .. } => {
                let origin = context.written(arg.span.part(0, 1));
                Str::fixed(context, "-", origin).join(&text)
            }
            Role::Plain | Role::Splat => text,
        };
        let written = match &*text.pieces {
            [piece] => Origin::literal(context, piece.origin).filter(|written| !arg.span.contains(*written)),
            _ => None,
        };
        let elsewhere = Origin::literal(context, arg.value.origin).is_some_and(|made| !arg.span.contains(made));
        let word = Self {
            text,
            span: arg.span,
            place: written.unwrap_or(arg.span),
            origin: elsewhere.then_some(arg.value.origin),
            many,
            file: None,
        };
        word.with_file(context)
    }

    fn with_file(mut self, context: &mut Context) -> Self {
        let first = self.text.front();
        let from = match first.find(['@', '=']) {
            Some(0) if first.starts_with('@') => 1,
            Some(at) if first[at..].starts_with("=@") => at + 2,
            _ => return self,
        };
        let (front, path) = self.text.split_at(context, from);
        if path.pieces.is_empty() {
            return self;
        }
        let term = path.term(context);
        let content = context.call("file", [term]);
        let origin = path.pieces.first().map_or_else(|| context.written(self.span), |piece| piece.origin);
        let front = front.split_at(context, from - 1).0;
        self.text = front.join(&Str::symbol(content, origin));
        self.file = Some(path);
        self
    }

    /// The same word with another text.
    pub(super) fn with_text(&self, text: Str) -> Self {
        Self { text, origin: None, ..self.clone() }
    }

    /// The text, where all of it is known.
    pub(super) fn known(&self) -> Option<Arc<str>> {
        self.text.text()
    }

    /// Whether all of it is one unknown.
    pub(super) fn is_symbol(&self) -> bool {
        matches!(&*self.text.pieces, [Piece { content: Content::Symbol(_), .. }])
    }

    /// It as a value.
    pub(super) fn value(&self, context: &mut Context) -> Value {
        value(context, &self.text, self)
    }
}

/// Where a part of a word is written: its own bytes, or the whole word where it has none.
pub(super) fn place(context: &Context, part: &Str, word: Span) -> Span {
    part.span(context).filter(|span| !span.is_empty()).unwrap_or(word)
}

/// The origin of a value made of a part of a word.
pub(super) fn origin(context: &mut Context, part: &Str, word: &Word) -> OriginId {
    match (&*part.pieces, word.origin) {
        ([piece], _) => piece.origin,
        ([], _) => context.made(word.span, []),
        (_, Some(whole)) if Arc::ptr_eq(&part.pieces, &word.text.pieces) => whole,
        (several, _) => {
            let origins: Vec<OriginId> = several.iter().map(|piece| piece.origin).collect();
            let spans = part.span(context).filter(|span| word.span.contains(*span)).unwrap_or(word.span);
            context.made(spans, origins)
        }
    }
}

/// A part of a word as a value.
pub(super) fn value(context: &mut Context, part: &Str, word: &Word) -> Value {
    let origin = origin(context, part, word);
    build::string(context, part.clone(), origin)
}

/// An integer as Python's `int` reads it: blanks around it, a sign, and single underscores between digits.
pub(super) fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let sound = digits.split('_').all(|group| !group.is_empty() && group.chars().all(|char| char.is_ascii_digit()));
    if !sound {
        return None;
    }
    let number = digits
        .chars()
        .filter(char::is_ascii_digit)
        .try_fold(0_i64, |number, digit| number.checked_mul(10)?.checked_add(i64::from(digit.to_digit(10)?)));
    let number = number.unwrap_or(i64::MAX);
    Some(if negative { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::integer;

    #[test]
    fn integers_are_those_of_python() {
        for (text, number) in [("0", 0), (" 7 ", 7), ("+1", 1), ("-1", -1), ("1_0", 10), ("007", 7)] {
            assert_eq!(integer(text), Some(number), "{text}");
        }
        for text in ["", "a", "1__0", "_1", "1_", "0x1", "1.0", "- 1", "+-1"] {
            assert_eq!(integer(text), None, "{text}");
        }
    }
}
