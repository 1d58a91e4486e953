//! Facts, and the words for them.

use crate::eval::Resource;
use crate::finding::{Change, Label, Remedy};
use crate::text::Span;
use crate::value::{Basis, Context, Origin, OriginId, StepKind};

/// What a rule found out, before it is put into words.
pub(super) trait Fact {
    /// The letter of the case.
    fn case(&self) -> &'static str {
        ""
    }

    /// What it rests on.
    fn basis(&self) -> Basis;

    /// Facts of one group are one finding: the first stands for all.
    fn group(&self) -> Option<String> {
        None
    }

    /// Puts it into words.
    fn word(&self, words: &mut Words<'_>);
}

/// A finding in one world.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The letter of the case.
    pub case: &'static str,
    /// What it rests on.
    pub basis: Basis,
    /// What makes it one with others.
    pub group: Option<String>,
    /// One sentence.
    pub message: String,
    /// The literal at fault.
    pub primary: Span,
    /// What is there.
    pub primary_label: String,
    /// Second places.
    pub labels: Vec<Label>,
    /// Facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
    /// What removes the fault.
    pub remedy: Option<Remedy>,
}

/// More labels than this bury what they explain.
pub(super) const LABELS: usize = 3;

/// How many origins are looked through for what decided a value.
const ORIGINS: usize = 64;

/// Takes the words for one fact.
pub(super) struct Words<'a> {
    context: &'a Context,
    draft: Draft,
    placed: bool,
}

impl<'a> Words<'a> {
    /// For a fact about a resource.
    pub(super) fn new(context: &'a Context, fact: &dyn Fact, resource: &Resource) -> Self {
        Self {
            context,
            draft: Draft {
                case: fact.case(),
                basis: fact.basis(),
                group: fact.group(),
                message: String::new(),
                primary: resource.type_span,
                primary_label: String::new(),
                labels: Vec::new(),
                notes: Vec::new(),
                help: Vec::new(),
                remedy: None,
            },
            placed: false,
        }
    }

    pub(super) fn finish(self) -> Draft {
        self.draft
    }

    /// The sentence that is enough alone.
    pub(super) fn message(&mut self, text: impl Into<String>) {
        self.draft.message = text.into();
    }

    /// The literal at fault. Without a place the resource's type stands for it.
    pub(super) fn primary(&mut self, place: Option<Span>, text: impl Into<String>) {
        if let Some(place) = place {
            self.draft.primary = place;
            self.placed = true;
        }
        self.draft.primary_label = text.into();
    }

    /// Another place.
    pub(super) fn label(&mut self, place: Option<Span>, text: impl Into<String>) {
        self.add_label(place, text.into(), false);
    }

    fn add_label(&mut self, place: Option<Span>, text: String, on_way: bool) {
        let Some(span) = place else { return };
        if self.draft.labels.len() < LABELS
            && span != self.draft.primary
            && !self.draft.labels.iter().any(|label| label.span == span)
        {
            self.draft.labels.push(Label { span, text, on_way });
        }
    }

    /// The way that a value took from its literal to its use.
    pub(super) fn way(&mut self, origin: OriginId) {
        for step in Origin::way(self.context, origin) {
            self.add_label(Some(step.span), step.kind.label().to_owned(), true);
        }
    }

    /// What decided that a value is what it is, where something did: a parameter or variable that picked it or a part
    /// of it.
    pub(super) fn decided_by(&mut self, origin: OriginId) {
        let mut pending = vec![origin];
        for _ in 0..ORIGINS {
            let Some(at) = pending.pop() else { return };
            match self.context.origin(at) {
                Origin::Picked { value, by } => {
                    for by in by.iter().filter(|by| is_given(self.context, **by)) {
                        self.label(Origin::literal(self.context, *by), "decided by this");
                    }
                    pending.push(*value);
                }
                Origin::Via(_, _, of) => pending.push(*of),
                Origin::Made(_, of) => pending.extend(of.iter().rev().copied()),
                Origin::Literal(_) | Origin::Among(_) | Origin::External(_) => {}
            }
        }
    }

    /// Why it matters, or what was assumed.
    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.draft.notes.push(text.into());
    }

    /// A change that removes the fault; `safe` if what is written has this one reading. Without a place there is none.
    pub(super) fn remedy(&mut self, safe: bool, at: Option<Span>, change: Change) {
        self.determined(at.map(|at| Remedy { safe, at, change }));
    }

    /// The same, where there may be none.
    pub(super) fn determined(&mut self, remedy: Option<Remedy>) {
        self.draft.remedy = remedy;
    }

    /// What to do.
    pub(super) fn help(&mut self, text: impl Into<String>) {
        self.draft.help.push(text.into());
    }
}

/// Whether a value came from a parameter or variable: the index of a loop didn't.
fn is_given(context: &Context, origin: OriginId) -> bool {
    use StepKind::{ModuleArgument, ParamDefault, ParamFile, Variable};
    let way = Origin::way(context, origin);
    way.iter().any(|step| matches!(step.kind, ParamDefault | ParamFile | ModuleArgument | Variable))
}
