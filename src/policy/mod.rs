//! Declarative rules: one type of resource, one JSONPath, one expectation. Ours and the user's are the same form.
//!
//! A policy is data in a `rule.json`, read by [`read()`] with every mistake at its place. [`check()`] runs policies on what
//! an evaluation gave, whatever the language of the file and whatever the type. It is three-valued as all checks are: a
//! selector that meets a value that can't be told is undecided where that value could change the verdict.

mod builtin;
mod check;
mod examples;
mod expect;
mod look;
mod node;
mod read;
mod tree;

pub use builtin::builtin;
pub use check::{Outcome, check};
pub use examples::{Claim, Example, Misread, examples};
pub use read::{Mistake, read};
pub use tree::{Hit, hits};

use std::collections::BTreeMap;

use jsonpath_rust::parser::model::JpQuery;

use crate::finding::RuleMeta;
use expect::Expect;

/// Lists that expectations may ask for by name.
pub type Settings = BTreeMap<String, Vec<String>>;

/// A declarative rule.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What is known about it.
    pub meta: RuleMeta,
    /// One for each case that has one.
    checks: Vec<PolicyCheck>,
}

impl Policy {
    /// The types of resources that it speaks of.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.checks.iter().map(|check| &*check.resource)
    }

    /// Whether it speaks of a type of resource.
    pub fn speaks_of(&self, ty: &str) -> bool {
        self.checks.iter().any(|check| check.resource.eq_ignore_ascii_case(ty))
    }
}

/// What one case of a policy looks for.
#[derive(Clone, Debug)]
struct PolicyCheck {
    /// The case's letter.
    case: &'static str,
    /// The type of resource.
    resource: String,
    select: Select,
    /// What excuses a resource that has it: nothing is then expected of it.
    unless: Option<Select>,
    expect: Expect,
    /// With `{value}` and `{resource}`.
    message: String,
    help: Option<String>,
}

/// A selector.
#[derive(Clone, Debug)]
struct Select {
    text: String,
    query: JpQuery,
    /// Whether it names one place, so that nothing there is something missing.
    is_singular: bool,
    filters: Filters,
}

/// Where a selector has filters: what a value that can't be told makes uncertain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Filters {
    /// Nowhere: what is selected is certainly selected.
    None,
    /// Only in the last step, and they look at nothing but the element.
    Last,
    /// In one step at a known depth below the root, and they look at nothing but the element.
    At(usize),
    /// Anywhere else: any doubt is a doubt about everything.
    Elsewhere,
}
