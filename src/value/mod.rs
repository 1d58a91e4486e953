//! Values that know how sure they are and where they came from.
//!
//! A [`Value`] is what a scenario makes of an expression (concrete where the files tell it), together with the
//! symbolic [`Term`] that holds whatever is deployed, the [`Basis`] on which the concrete part rests, and the
//! [`Origin`] it came by. Strings are lists of [`Piece`]s with all four of their own. Equality is three-valued.
//!
//! How values are made from expressions is the business of `eval`; what they mean in Azure, of `azure`.

mod across;
mod arm_text;
mod context;
mod describe;
mod equality;
mod origin;
mod resource_id;
mod string;
mod term;
mod world;

pub use across::{Across, across, hangs_on_presence};
pub use arm_text::{string_to_json, term_to_json, to_json};
pub use context::{Context, Facts};
pub use describe::{PLACEHOLDER, because, because_of, condition_text, hangs_on_parameter, plain};
pub use equality::{Front, Tri, Verdict, equal, equal_text, front_and_rest, same_region, unchanged, unchanged_region};
pub use origin::{Origin, OriginId, Step, StepKind};
pub use resource_id::{IdReading, IdScope, ResourceId, segments};
pub use string::{Content, Piece, Str};
pub use term::{Ambient, Literal, Term, TermId};
pub use world::World;

use std::sync::Arc;

use crate::finding::Confidence;

/// How firmly something stands. The derived order is from the firmest to the weakest; a result takes the weakest of
/// its inputs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Basis {
    /// Whatever is deployed.
    #[default]
    Fixed,
    /// With the parameters file, or the command line's `--param`, of the scenario.
    ParamFile,
    /// While a parameter keeps its default.
    Default,
    /// On one side of an open condition.
    Assumed,
}

impl Basis {
    /// What a finding may claim that rests on it.
    pub const fn confidence(self) -> Confidence {
        match self {
            Self::Fixed | Self::ParamFile => Confidence::Certain,
            Self::Default => Confidence::ByDefault,
            Self::Assumed => Confidence::Assumed,
        }
    }
}

/// A value.
#[derive(Clone, Debug)]
pub struct Value {
    /// What the scenario makes of it.
    pub kind: Kind,
    /// What it is whatever is deployed: equal terms are equal values.
    pub term: TermId,
    /// How firmly `kind` stands.
    pub basis: Basis,
    /// Where it came from.
    pub origin: OriginId,
}

/// The concrete side of a value.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A string.
    Str(Str),
    /// An array.
    Array(Arc<[Element]>),
    /// An object.
    Object(Arc<Object>),
    /// One of two, by a condition that the files leave open.
    Choice(Arc<Choice>),
    /// A resource or module, or a whole loop of them, of the evaluation that made the value: what it gives is
    /// evaluated when asked for. Never seen outside `eval`.
    Handle(u32),
    /// Not known.
    Unknown {
        /// What it is by the scenario (for a default like `resourceGroup().location`, the location's term).
        term: TermId,
        /// Why.
        why: Why,
    },
}

/// Why a value isn't known. The derived order is the precedence when several causes meet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Why {
    /// A parameter without value.
    NoValueGiven,
    /// Only a deployment knows: `reference`, `listKeys`, the subscription it runs in.
    KnownAtDeployment,
    /// A file that could not be read, or lies elsewhere.
    NotLoaded,
    /// The expression would fail: a bad argument, a missing member, `fail()`.
    Error,
    /// Something that the evaluator doesn't do.
    Unsupported,
    /// It needs itself.
    Cycle,
    /// A bound of the evaluator was reached.
    Limit,
}

/// An element of an array.
#[derive(Clone, Debug)]
pub enum Element {
    /// One element.
    One(Value),
    /// Any number of elements that look like `item`: what a loop over an array of unknown length makes. `item` is
    /// written in terms of the loop's index, so that it speaks of each of them.
    Many(Value),
}

impl Element {
    /// The value, one or representative.
    pub const fn value(&self) -> &Value {
        match self {
            Self::One(value) | Self::Many(value) => value,
        }
    }

    /// Whether it stands for any number.
    pub const fn is_many(&self) -> bool {
        matches!(self, Self::Many(_))
    }
}

/// An object.
#[derive(Clone, Debug, Default)]
pub struct Object {
    /// Members in order. Keys may be partly unknown. A key appears once.
    pub members: Vec<Member>,
    /// Whether it may hold more than is listed.
    pub open: bool,
    /// Set for what a scope function gives (`resourceGroup('rg')`): where things deployed into it go.
    pub scope: Option<IdScope>,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key, with the place it is written at.
    pub key: Str,
    /// The value.
    pub value: Value,
}

/// What a member look-up found.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// It is there.
    Found(&'a Member),
    /// It is not there.
    Absent,
    /// Can't be told: the object is open, or a key is partly unknown.
    Maybe,
}

impl Object {
    /// Looks for a member; ARM's member names don't tell upper from lower case. Of several that differ only so, it is
    /// the one that is written like `key`, else the first.
    pub fn get(&self, key: &str) -> Lookup<'_> {
        let mut unsure = self.open;
        let mut alike = None;
        for member in &self.members {
            match member.key.text() {
                Some(text) if *text == *key => return Lookup::Found(member),
                Some(text) if alike.is_none() && text.eq_ignore_ascii_case(key) => alike = Some(member),
                Some(_) => {}
                None => unsure = true,
            }
        }
        match alike {
            Some(member) => Lookup::Found(member),
            None if unsure => Lookup::Maybe,
            None => Lookup::Absent,
        }
    }

    /// The member's value if it is certainly there.
    pub fn value(&self, key: &str) -> Option<&Value> {
        match self.get(key) {
            Lookup::Found(member) => Some(&member.value),
            Lookup::Absent | Lookup::Maybe => None,
        }
    }
}

/// One of two values.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The condition: a term of type bool.
    pub condition: TermId,
    /// Where the condition came from.
    pub condition_origin: OriginId,
    /// The value where it holds.
    pub then: Value,
    /// The value where it doesn't.
    pub other: Value,
}

impl Value {
    /// The text, if it is a string that is wholly known.
    pub fn text(&self) -> Option<Arc<str>> {
        match &self.kind {
            Kind::Str(string) => string.text(),
            _ => None,
        }
    }

    /// The string, known or not in parts.
    pub const fn as_str(&self) -> Option<&Str> {
        match &self.kind {
            Kind::Str(string) => Some(string),
            _ => None,
        }
    }

    /// The object.
    pub fn as_object(&self) -> Option<&Object> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The elements.
    pub fn as_array(&self) -> Option<&[Element]> {
        match &self.kind {
            Kind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The integer.
    pub const fn as_int(&self) -> Option<i64> {
        match self.kind {
            Kind::Int(number) => Some(number),
            _ => None,
        }
    }

    /// The truth value.
    pub const fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// Whether nothing is known of it, not even its shape.
    pub const fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown { .. } | Kind::Handle(_))
    }

    /// The term because of which it isn't known, or isn't wholly.
    pub fn unknown_term(&self) -> TermId {
        match &self.kind {
            Kind::Unknown { term, .. } => *term,
            Kind::Str(string) => match string.unknown().map(|piece| &piece.content) {
                Some(Content::Symbol(term)) => *term,
                _ => self.term,
            },
            _ => self.term,
        }
    }

    /// Whether it is certainly null.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }
}
