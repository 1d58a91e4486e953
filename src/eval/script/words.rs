//! Words: parts put together, and what falls apart into several.

use crate::eval::make;
use crate::ir::script::{Part, Role, Shell, Spread, Word};
use crate::text::Span;
use crate::value::{Content, Element, Kind, Origin, Piece, Str, Value};

use super::Arg;
use super::state::Open;
use super::text::pieces;
use super::walk::Walker;

/// How many words a command may have.
pub(super) const WORDS: usize = 4096;

/// A word whose parts are evaluated.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    span: Span,
    role: Role,
    parts: Vec<(Value, Spread)>,
}

impl Draft {
    /// The text of a word that is one known text.
    pub(super) fn literal(&self) -> Option<std::sync::Arc<str>> {
        match self.parts.as_slice() {
            [(value, _)] => value.text(),
            _ => None,
        }
    }
}

/// Words under construction.
#[derive(Default)]
struct Fields {
    done: Vec<(Str, bool)>,
    pieces: Vec<Piece>,
    /// Whether the current word exists even if it is empty.
    exists: bool,
    many: bool,
}

impl Fields {
    fn add(&mut self, string: &Str) {
        self.pieces.extend(string.pieces.iter().cloned());
    }

    fn end(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if self.exists || !pieces.iter().all(Piece::is_empty) {
            self.done.push((Str::new(pieces), self.many));
        }
        self.exists = false;
        self.many = false;
    }
}

/// Whether a value is a string, and just this one.
fn is_same(value: &Value, string: &Str) -> bool {
    let Kind::Str(whole) = &value.kind else { return false };
    let mut pieces = whole.pieces.iter().zip(string.pieces.iter());
    whole.pieces.len() == string.pieces.len()
        && pieces.all(|(one, other)| one.origin == other.origin)
        && whole.shown() == string.shown()
}

impl Walker<'_, '_> {
    /// Evaluates the parts of words, commands in them included, once.
    pub(super) fn drafts(&mut self, words: &[Word]) -> Vec<Draft> {
        if let Some(word) = words.get(WORDS) {
            self.limit(word.span, "a command has more words than are looked at");
        }
        words
            .iter()
            .take(WORDS)
            .map(|word| Draft {
                span: word.span,
                role: word.role.clone(),
                parts: word.parts.iter().map(|part| self.part(*part)).collect(),
            })
            .collect()
    }

    fn part(&mut self, part: Part) -> (Value, Spread) {
        let value = self.value(part.value);
        let stays = part.spread == Spread::Split && self.is_quoted_fallback(part.value);
        (value, if stays { Spread::One } else { part.spread })
    }

    /// The words that drafts become. Where one hangs on an open condition, that is told instead.
    pub(super) fn assemble(&mut self, drafts: &[Draft]) -> Result<Vec<Arg>, Open> {
        let mut args = Vec::with_capacity(drafts.len());
        for draft in drafts {
            if args.len() > WORDS {
                self.limit(draft.span, "a command has more words than are looked at");
                break;
            }
            if self.script.shell == Shell::PowerShell {
                self.object_word(draft, &mut args);
            } else {
                self.text_word(draft, &mut args)?;
            }
        }
        Ok(args)
    }

    /// PowerShell: a word is the value it holds.
    fn object_word(&mut self, draft: &Draft, args: &mut Vec<Arg>) {
        let arg = |value: Value, many: bool| Arg { value, span: draft.span, many, role: draft.role.clone() };
        match draft.parts.as_slice() {
            [(value, Spread::Each)] => match &value.kind {
                Kind::Array(elements) => {
                    args.extend(elements.iter().map(|element| arg(element.value().clone(), element.is_many())));
                }
                _ => args.push(arg(value.clone(), true)),
            },
            [(value, _)] => args.push(arg(value.clone(), false)),
            parts => {
                let values: Vec<Value> = parts.iter().map(|(value, _)| value.clone()).collect();
                let value = self.concatenated(&values, draft.span);
                args.push(arg(value, false));
            }
        }
    }

    fn text_word(&mut self, draft: &Draft, args: &mut Vec<Arg>) -> Result<(), Open> {
        if let [(value, Spread::One)] = draft.parts.as_slice()
            && matches!(value.kind, Kind::Str(_))
        {
            args.push(Arg { value: value.clone(), span: draft.span, many: false, role: draft.role.clone() });
            return Ok(());
        }
        let mut fields = Fields::default();
        for (value, spread) in &draft.parts {
            if let Kind::Choice(choice) = &value.kind {
                return Err(Open { term: choice.condition, origin: choice.condition_origin });
            }
            match spread {
                Spread::One => {
                    let string = self.one(value)?;
                    fields.add(&string);
                    fields.exists = true;
                }
                Spread::Files => {
                    let string = self.one(value)?;
                    fields.add(&string);
                    fields.exists = true;
                    fields.many = true;
                }
                Spread::Each => self.each(value, &mut fields)?,
                Spread::Split => self.split(value, &mut fields)?,
            }
        }
        fields.end();
        let alone = matches!(draft.parts.as_slice(), [_]) && fields.done.len() == 1;
        for (string, many) in fields.done {
            let value = match draft.parts.as_slice() {
                // What didn't fall apart keeps its way.
                [(value, _)] if alone && is_same(value, &string) => value.clone(),
                _ => self.word(string, draft.span),
            };
            args.push(Arg { value, span: draft.span, many, role: draft.role.clone() });
        }
        Ok(())
    }

    /// A string as a value: one piece keeps its own way, several were put together in the word.
    fn word(&mut self, string: Str, span: Span) -> Value {
        let origin = match &*string.pieces {
            [piece] => piece.origin,
            [] => self.context.written(span),
            several => {
                let origins: Vec<_> = several.iter().map(|piece| piece.origin).collect();
                self.context.add_origin(Origin::Made(span, origins.into()))
            }
        };
        make::string(self.context, string, origin)
    }

    /// A value in quotes: a list is joined with blanks.
    fn one(&mut self, value: &Value) -> Result<Str, Open> {
        let Kind::Array(elements) = &value.kind else { return self.string(value) };
        let mut whole = Str::default();
        for (at, element) in elements.iter().enumerate() {
            if at > 0 {
                let blank = Str::fixed(self.context, " ", value.origin);
                whole = whole.join(&blank);
            }
            let string = self.string(element.value())?;
            whole = whole.join(&string);
        }
        Ok(whole)
    }

    /// What a value is inside a word. Objects are what their term says.
    fn string(&mut self, value: &Value) -> Result<Str, Open> {
        if let Kind::Choice(choice) = &value.kind {
            return Err(Open { term: choice.condition, origin: choice.condition_origin });
        }
        Ok(pieces(self.context, value).unwrap_or_else(|| Str::symbol(value.term, value.origin)))
    }

    /// One word for each element.
    fn each(&mut self, value: &Value, fields: &mut Fields) -> Result<(), Open> {
        let Kind::Array(elements) = &value.kind else {
            let string = self.string(value)?;
            fields.many |= value.is_unknown();
            fields.exists |= !value.is_null();
            fields.add(&string);
            return Ok(());
        };
        for (at, element) in elements.iter().enumerate() {
            if at > 0 {
                fields.end();
            }
            let string = self.string(element.value())?;
            fields.add(&string);
            fields.exists = true;
            fields.many |= element.is_many();
        }
        Ok(())
    }

    /// What falls apart at blanks.
    fn split(&mut self, value: &Value, fields: &mut Fields) -> Result<(), Open> {
        if let Kind::Array(elements) = &value.kind {
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    fields.end();
                }
                fields.many |= element.is_many();
                let string = self.string(element.value())?;
                self.split_string(&string, fields);
            }
            return Ok(());
        }
        let string = self.string(value)?;
        self.split_string(&string, fields);
        Ok(())
    }

    fn split_string(&mut self, string: &Str, fields: &mut Fields) {
        let separators = self.separators();
        let parts = match &separators {
            Some(separators) => string.split(self.context, |char| separators.contains(char)),
            None => vec![string.clone()],
        };
        let last = parts.len() - 1;
        for (at, part) in parts.into_iter().enumerate() {
            let unknown = !part.is_known();
            let files =
                part.pieces.iter().any(|piece| matches!(&piece.content, Content::Text(text) if text.contains('*')));
            fields.many |= unknown || files || (separators.is_none() && !part.pieces.is_empty());
            fields.pieces.extend(part.pieces.iter().cloned());
            if at < last {
                fields.end();
            }
        }
    }

    /// The characters that words fall apart at; `None` where `IFS` isn't known.
    fn separators(&self) -> Option<String> {
        match self.state.variables.get("IFS") {
            None => Some(" \t\n".to_owned()),
            Some(value) if value.is_null() => Some(" \t\n".to_owned()),
            Some(value) => value.text().map(|text| text.to_string()),
        }
    }

    /// Words as a list: what an array literal holds, and what `for` runs over.
    pub(super) fn listed(&mut self, drafts: &[Draft], span: Span, depth: u32) -> Value {
        match self.assemble(drafts) {
            Ok(args) => {
                let elements = args
                    .into_iter()
                    .map(|arg| if arg.many { Element::Many(arg.value) } else { Element::One(arg.value) })
                    .collect();
                let origin = self.context.written(span);
                make::array(self.context, elements, origin)
            }
            Err(open) if depth < 4 => {
                let [then, other] = [true, false].map(|holds| {
                    let settled = settle(drafts, open, holds);
                    self.listed(&settled, span, depth + 1)
                });
                super::state::either(self.context, open, then, other)
            }
            Err(open) => make::unknown(open.term, crate::value::Why::Limit, open.origin),
        }
    }
}

/// The drafts with one side of a condition taken.
pub(super) fn settle(drafts: &[Draft], open: Open, holds: bool) -> Vec<Draft> {
    let mut settled = drafts.to_vec();
    for (value, _) in settled.iter_mut().flat_map(|draft| draft.parts.iter_mut()) {
        *value = take_side(value.clone(), open, holds);
    }
    settled
}

fn take_side(value: Value, open: Open, holds: bool) -> Value {
    let mut value = make::side(value, open.term, holds);
    match &value.kind {
        Kind::Choice(choice) => {
            let mut inner = (**choice).clone();
            inner.then = take_side(inner.then, open, holds);
            inner.other = take_side(inner.other, open, holds);
            value.kind = Kind::Choice(inner.into());
        }
        Kind::Array(elements) if elements.iter().any(|element| matches!(element.value().kind, Kind::Choice(_))) => {
            let elements: Vec<Element> = elements
                .iter()
                .map(|element| match element {
                    Element::One(value) => Element::One(take_side(value.clone(), open, holds)),
                    Element::Many(value) => Element::Many(take_side(value.clone(), open, holds)),
                })
                .collect();
            value.kind = Kind::Array(elements.into());
        }
        _ => {}
    }
    value
}
