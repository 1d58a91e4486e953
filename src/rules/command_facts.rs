//! Rules about what only the text of a command shows: the modules that know commands record it as facts, a rule of
//! this form says which facts are its, and words them.

use super::fact_remedies::remedy;
use super::rule::{Check, Rule};
use super::steps::Step;
use super::words::{Fact, Words};
use crate::azure::Kind;
use crate::eval::script;
use crate::value::Basis;

/// A rule that judges facts of commands alone.
pub(super) struct CommandFacts {
    /// The letter of the case that a fact is; `None` if it is another rule's.
    pub case: fn(&script::Fact) -> Option<&'static str>,
    /// The words for a fact of the rule.
    pub word: fn(&script::Fact, &mut Words<'_>),
}

impl Rule for CommandFacts {
    fn kinds(&self) -> &'static [Kind] {
        &[]
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        let request = step.request();
        for fact in &request.facts {
            if let Some(case) = (self.case)(fact) {
                check.report(&Worded { fact, case, basis: request.resource.basis, word: self.word });
            }
        }
    }
}

struct Worded<'f> {
    fact: &'f script::Fact,
    case: &'static str,
    basis: Basis,
    word: fn(&script::Fact, &mut Words<'_>),
}

impl Fact for Worded<'_> {
    fn case(&self) -> &'static str {
        self.case
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        (self.word)(self.fact, words);
        words.determined(remedy(self.fact));
    }
}
