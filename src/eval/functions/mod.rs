//! ARM's pure functions over values.
//!
//! An implementation gets arguments that are never a choice or a handle at their top (the evaluator spreads calls over
//! choices) but may be unknown as a whole or in parts. It works on pieces, keeps origins, and answers
//! [`Call::symbolic`] where it can't tell. Functions that need lambdas, scopes or resources are the evaluator's own.
//!
//! What a result rests on is told apart: the text of a piece on that piece's own basis, and where the cuts lie, how
//! many elements there are, which keys exist on the basis of whatever decided that (the *structure*).

mod array;
mod cidr;
mod compare;
mod date;
mod elements;
mod encoding;
mod format;
mod hash;
mod json_text;
mod number;
mod number_format;
mod object;
mod search;
mod set;
mod shape;
mod slice;
mod split;
mod string;
mod table;
mod uri;

pub(super) use table::find;

use crate::text::Span;
use crate::value::{Basis, Content, Context, Element, Facts, Kind, OriginId, Piece, Str, TermId, Value, Why};

use super::make;

/// The greatest text of one value, in bytes.
const TEXT: usize = 1 << 20;
/// The most pieces of one string.
const PIECES: usize = 4096;
/// The most elements of one array.
pub(super) const ELEMENTS: usize = 10_000;

/// Whether a text is longer than what is worked out, or has more pieces.
pub(super) fn is_too_large(string: &Str) -> bool {
    slice::known_length(string) > TEXT || string.pieces.len() > PIECES
}

/// One call of a pure function.
pub(super) struct Call<'c> {
    /// Terms and origins.
    pub(super) context: &'c mut Context,
    /// Lower-case name.
    pub(super) name: &'static str,
    /// The call's place.
    pub(super) span: Span,
    /// Arguments; their number is within the table's bounds.
    pub(super) args: &'c [Value],
    /// Set where the result was larger than what is worked out.
    pub(super) too_large: bool,
}

/// A pure function.
pub(super) struct Pure {
    /// Lower-case name.
    pub(super) name: &'static str,
    /// The least number of arguments.
    pub(super) least: usize,
    /// The greatest number of arguments.
    pub(super) most: usize,
    /// Whether it only puts its arguments together: one in error then is an error in its place, as a hole of a
    /// Bicep string is.
    holds_errors: bool,
    run: fn(&mut Call<'_>) -> Value,
}

impl Pure {
    /// The result of a call. Arguments are worked out before the function is: one in error makes the call one.
    pub(super) fn apply(&self, call: &mut Call<'_>) -> Value {
        let is_error = |arg: &Value| matches!(arg.kind, Kind::Unknown { why: Why::Error, .. });
        if !self.holds_errors && call.args.iter().any(is_error) { call.error() } else { (self.run)(call) }
    }
}

impl Call<'_> {
    /// It can't be told: the call itself as a term.
    pub(super) fn symbolic(&mut self) -> Value {
        make::symbolic(self.context, self.name, self.args, self.span)
    }

    /// It would fail at deployment.
    pub(super) fn error(&mut self) -> Value {
        make::error(self.context, self.name, self.args, self.span)
    }

    /// A bound of the evaluator was reached.
    fn limit(&mut self) -> Value {
        let mut value = self.symbolic();
        if let Kind::Unknown { why, .. } = &mut value.kind {
            *why = Why::Limit;
        }
        value
    }

    /// It can't be told, but it is certainly a string: never null, never absent.
    fn symbolic_text(&mut self) -> Value {
        self.symbolic_text_with(&Facts::default())
    }

    /// The same, and something is known of that string.
    fn symbolic_text_with(&mut self, facts: &Facts) -> Value {
        let value = self.symbolic();
        let Kind::Unknown { term: content, why } = value.kind else { return value };
        if why >= Why::NotLoaded {
            return value;
        }
        self.state(content, facts);
        self.state(value.term, facts);
        let piece =
            Piece { content: Content::Symbol(content), term: value.term, basis: value.basis, origin: value.origin };
        Value { kind: Kind::Str(Str::new([piece])), ..value }
    }

    /// States facts of a term that has none yet.
    fn state(&mut self, term: TermId, facts: &Facts) {
        let says_nothing = facts.allowed.is_none() && facts.min_length == 0 && !facts.no_slash;
        if !says_nothing && self.context.facts(term).is_none() && self.context.as_literal(term).is_none() {
            self.context.set_facts(term, facts.clone());
        }
    }

    /// A result that rests on `basis`: the value itself where it stands firm, else the call's.
    fn known(&mut self, kind: Kind, basis: Basis) -> Value {
        let origin = match kind {
            Kind::Array(_) | Kind::Object(_) => make::gathered_origin(self.context, self.args, self.span),
            _ => make::computed_origin(self.context, self.args, self.span),
        };
        let value = make::with_own_term(self.context, kind, origin);
        self.resting_on(value, basis)
    }

    /// A value whose structure rests on `basis`.
    fn resting_on(&mut self, value: Value, basis: Basis) -> Value {
        if basis == Basis::Fixed {
            return value;
        }
        let term = self.term();
        make::rebase(self.context, value, term, basis)
    }

    /// The call as a term.
    fn term(&mut self) -> TermId {
        let args: Vec<TermId> = self.args.iter().map(|arg| arg.term).collect();
        self.context.call(self.name, args)
    }

    /// A string of pieces whose cuts rest on `structure`.
    fn text(&mut self, string: Str, structure: Basis) -> Value {
        if is_too_large(&string) {
            self.too_large = true;
            return self.limit();
        }
        let origin = make::computed_origin(self.context, self.args, self.span);
        let value = make::string(self.context, string, origin);
        self.resting_on(value, structure)
    }

    /// The same, of which others decided where it was cut.
    fn text_by(&mut self, string: Str, structure: Basis, by: &[OriginId]) -> Value {
        let string = string.with_origins(|origin| self.context.picked(origin, by));
        self.text(string, structure)
    }

    /// A wholly computed text.
    fn new_text(&mut self, text: String, basis: Basis) -> Value {
        let origin = make::computed_origin(self.context, self.args, self.span);
        let string = Str::fixed(self.context, &text, origin);
        self.text(string, basis)
    }

    /// An array whose length rests on `structure`. An element that stands for any number doesn't say which array it
    /// is of; the call does.
    fn array(&mut self, elements: Vec<Element>, structure: Basis) -> Value {
        if elements.len() > ELEMENTS {
            self.too_large = true;
            return self.limit();
        }
        if !elements.iter().any(Element::is_many) {
            return self.known(Kind::Array(elements.into()), structure);
        }
        let term = self.term();
        let origin = make::gathered_origin(self.context, self.args, self.span);
        Value { kind: Kind::Array(elements.into()), term, basis: structure, origin }
    }

    /// A string argument, unknown or not; `None` if it is anything else.
    fn string(&mut self, at: usize) -> Option<Str> {
        let arg = self.args.get(at)?;
        match &arg.kind {
            Kind::Str(_) | Kind::Unknown { .. } => make::pieces(self.context, arg),
            _ => None,
        }
    }

    /// What a string's length and wording rest on: its pieces, and that there are no others.
    fn basis_of(&self, at: usize) -> Basis {
        self.args.get(at).map_or(Basis::Fixed, |arg| arg.basis)
    }

    /// Whether an argument isn't known at all.
    fn any_unknown(&self) -> bool {
        self.args.iter().any(Value::is_unknown)
    }

    /// The weakest basis of all arguments.
    fn basis(&self) -> Basis {
        make::basis(self.args)
    }
}
