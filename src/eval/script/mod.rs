//! Scripts, walked through in order.
//!
//! [`run`] binds variables, takes the sides of conditions, unrolls loops over lists that are known, goes into
//! functions, and tells a [`Host`] of every command with its evaluated words. What a command means is the host's
//! business; here it only has words and, perhaps, an output. A variable that nobody assigned is the environment's and
//! thus a symbol, never empty. Where a condition stays open both sides are walked and the variables they leave behind
//! become choices.
//!
//! A loop over something unknown, or `while`, is walked once for all its turns.

mod assign;
mod binding;
mod branch;
pub mod build;
mod builtin;
mod condition;
mod convert;
mod expression;
pub mod group;
mod json;
mod loops;
mod operator;
mod request;
mod sent;
mod state;
mod sum;
#[cfg(test)]
mod tests;
mod text;
mod walk;
mod words;
mod wrapper;

pub use json::json;
pub use request::{
    ConfidentialFault, Fact, FactKind, GivenParameters, RegionFault, Request, SourceFault, TemplateDeployment,
    UsageFault, Verb, ZoneFault,
};
pub use sent::Sent;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ir::script::{Role, Script};
use crate::text::Span;
use crate::value::{Basis, Context, TermId, Value};

use super::Note;

/// What commands leave behind that outlives a shell: the chosen subscription, configured defaults. Follows the
/// branches of a script as its variables do.
pub type Machine = BTreeMap<Arc<str>, Value>;

/// Takes the commands of a script, in order.
pub trait Host {
    /// A command runs. Gives its output where the host can tell it; the words that it was written as stand for it
    /// otherwise.
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value>;

    /// Whether a command of that name may mean something to the host.
    fn reads(&self, _name: &str) -> bool {
        true
    }
}

/// What a host may look at and change.
#[derive(Debug)]
pub struct Session<'s> {
    /// Terms and origins of the evaluation.
    pub context: &'s mut Context,
    /// What commands left behind.
    pub machine: &'s mut Machine,
}

/// A command as it runs.
#[derive(Clone, Debug)]
pub struct Command {
    /// Name and arguments, wrappers such as `sudo` taken off.
    pub words: Vec<Arg>,
    /// The whole command as written.
    pub span: Span,
    /// Open conditions: it runs where each holds.
    pub conditions: Vec<TermId>,
    /// What must have held for the script to come here: the conditions of earlier exits didn't.
    pub guards: Vec<TermId>,
    /// What it rests on that it runs at all.
    pub basis: Basis,
    /// Whether it stands for any number of commands: the body of a loop without known turns.
    pub many: bool,
    /// Commands of different sequences don't run one after the other: each function that nobody calls is one.
    pub sequence: u32,
    /// The calls of functions that lead to it, outermost first.
    pub calls: Vec<Span>,
    /// Whether nothing but a line end lies between it and the command before it.
    pub adjoining: bool,
    /// What comes in through a pipe or a here-document.
    pub input: Option<Value>,
}

/// A word as a command is given it.
#[derive(Clone, Debug)]
pub struct Arg {
    /// The word. In bash a string, never a choice: a command with a choice among its words runs once for each side.
    pub value: Value,
    /// Where the word stands.
    pub span: Span,
    /// Whether it may be any number of words.
    pub many: bool,
    /// What it is to the command.
    pub role: Role,
}

impl Arg {
    /// The text, where all of it is known.
    pub fn text(&self) -> Option<Arc<str>> {
        self.value.text()
    }
}

/// What walking through a script gives, beside what the host was told.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Bounds that were reached.
    pub notes: Vec<Note>,
    /// Variables at the end, by name.
    pub variables: Vec<(Arc<str>, Value)>,
}

/// Where a script begins.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// Variables that are bound already: those of the fences above on the same page.
    pub variables: Vec<(Arc<str>, Value)>,
    /// What commands left behind.
    pub machine: Machine,
}

/// Walks through a script.
pub fn run(script: &Script, context: &mut Context, host: &mut dyn Host, start: Start) -> Outcome {
    walk::Walker::new(script, context, host, start).run()
}
