//! A fact of one value at one place, with the values that it is seen against: all that most rules find.

use super::words::{Fact, Words};
use crate::azure::{Reader, basis_of};
use crate::text::Span;
use crate::value::{Basis, OriginId, Value};

/// A fact with its words.
pub(super) struct Remark {
    case: &'static str,
    basis: Basis,
    group: Option<&'static str>,
    message: String,
    place: Option<Span>,
    text: String,
    way: Option<OriginId>,
    labels: Vec<(Option<Span>, String)>,
    notes: Vec<String>,
    help: Vec<String>,
}

impl Remark {
    /// A fact about a value, where that is written. `message` is the sentence, `text` says what is there.
    pub(super) fn of(reader: &Reader<'_>, value: &Value, message: impl Into<String>, text: impl Into<String>) -> Self {
        Self { way: Some(value.origin), ..Self::at(reader.place(value), basis_of(value), message, text) }
    }

    /// A fact at a place.
    pub(super) fn at(place: Option<Span>, basis: Basis, message: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            case: "",
            basis,
            group: None,
            message: message.into(),
            place,
            text: text.into(),
            way: None,
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// The letter of the case.
    pub(super) fn case(mut self, letter: &'static str) -> Self {
        self.case = letter;
        self
    }

    /// What makes it one finding with others of the same resource and case: the first stands for all.
    pub(super) fn group(mut self, name: &'static str) -> Self {
        self.group = Some(name);
        self
    }

    /// Another value that it rests on, with its place.
    pub(super) fn against(mut self, reader: &Reader<'_>, value: &Value, text: impl Into<String>) -> Self {
        self.basis = self.basis.max(basis_of(value));
        self.labels.push((reader.place(value), text.into()));
        self
    }

    /// Another place.
    pub(super) fn label(mut self, place: Option<Span>, text: impl Into<String>) -> Self {
        self.labels.push((place, text.into()));
        self
    }

    /// What else it rests on.
    pub(super) fn resting_on(mut self, basis: Basis) -> Self {
        self.basis = self.basis.max(basis);
        self
    }

    /// Why it matters.
    pub(super) fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// What to do.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
}

impl Fact for Remark {
    fn case(&self) -> &'static str {
        self.case
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn group(&self) -> Option<String> {
        self.group.map(str::to_owned)
    }

    fn word(&self, words: &mut Words<'_>) {
        words.message(&*self.message);
        words.primary(self.place, &*self.text);
        for (place, text) in &self.labels {
            words.label(*place, &**text);
        }
        if let Some(origin) = self.way {
            words.way(origin);
        }
        self.notes.iter().for_each(|note| words.note(&**note));
        self.help.iter().for_each(|help| words.help(&**help));
    }
}
