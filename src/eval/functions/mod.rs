//! ARM's pure functions over values.
//!
//! An implementation gets arguments that are never a choice or a handle at their top (the evaluator spreads calls over
//! choices) but may be unknown as a whole or in parts. It works on pieces, keeps origins, and answers
//! [`Call::symbolic`] where it can't tell. Functions that need lambdas, scopes or resources are the evaluator's own.

mod table;

pub(super) use table::find;

use crate::text::Span;
use crate::value::{Context, Kind, Value};

use super::make;

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
}

/// A pure function.
pub(super) struct Pure {
    /// Lower-case name.
    pub(super) name: &'static str,
    /// The least number of arguments.
    pub(super) least: usize,
    /// The greatest number of arguments.
    pub(super) most: usize,
    /// The implementation.
    pub(super) run: fn(&mut Call<'_>) -> Value,
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

    /// A result computed from all arguments.
    pub(super) fn computed(&mut self, kind: Kind) -> Value {
        make::computed(self.context, self.name, self.args, kind, self.span)
    }

    /// Whether an argument isn't known at all.
    pub(super) fn any_unknown(&self) -> bool {
        self.args.iter().any(Value::is_unknown)
    }
}
