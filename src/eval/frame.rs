//! Frames and environments: which file is being evaluated, for which scope, with which names bound.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::instances::InstanceId;
use crate::ir::{ExprId, Name, Program};
use crate::text::Span;
use crate::value::{Basis, IdScope, StepKind, TermId, Value};

/// Which frame of an evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct FrameId(pub(super) usize);

/// One deployment of one file.
pub(super) struct Frame<'a> {
    /// Whose expressions are evaluated.
    pub(super) program: &'a Program,
    /// Whose parameters, variables and functions are seen: another frame for a nested deployment of outer scope.
    pub(super) names: FrameId,
    /// What the scope functions answer.
    pub(super) scope: IdScope,
    /// Where resources go.
    pub(super) place: IdScope,
    /// What was given for parameters, by lower-case name.
    pub(super) arguments: HashMap<String, Given>,
    /// The rest of the parameters as one value.
    pub(super) more_arguments: Option<Value>,
    /// Where the resource group is, if a command before the one that deploys made it.
    pub(super) group_location: Option<Value>,
    /// Where the deployment itself is kept, if the command that deploys says it.
    pub(super) location: Option<Value>,
    /// What values rest on that are given for its parameters.
    pub(super) given_basis: Basis,
    /// Set for the root: its parameters may be overridden by whoever deploys it.
    pub(super) is_root: bool,
    /// Distinguishes parameters without value of several calls.
    pub(super) prefix: Arc<str>,
    /// Names bound around the whole frame.
    pub(super) locals: Option<Arc<Local>>,
    /// The deployment that made it.
    pub(super) deployment: Option<InstanceId>,
    /// Open conditions on which it exists.
    pub(super) conditions: Vec<TermId>,
    /// What its existence rests on.
    pub(super) basis: Basis,
    /// Calls that lead here, outermost first.
    pub(super) calls: Vec<Span>,
    /// Whether one of them stands for any number.
    pub(super) many: bool,
    /// The parameter whose default is being worked out.
    pub(super) default_of: Option<Name>,
    pub(super) params: HashMap<usize, Slot>,
    pub(super) vars: HashMap<usize, Slot>,
    pub(super) imports: HashMap<usize, FrameId>,
}

impl<'a> Frame<'a> {
    /// A frame that sees its own names (once it is added) and knows nothing of a caller.
    pub(super) fn new(program: &'a Program, scope: IdScope) -> Self {
        Self {
            program,
            names: FrameId(usize::MAX),
            place: scope.clone(),
            scope,
            arguments: HashMap::new(),
            more_arguments: None,
            group_location: None,
            location: None,
            given_basis: Basis::Fixed,
            is_root: false,
            prefix: Arc::from(""),
            locals: None,
            deployment: None,
            conditions: Vec::new(),
            basis: Basis::Fixed,
            calls: Vec::new(),
            many: false,
            default_of: None,
            params: HashMap::new(),
            vars: HashMap::new(),
            imports: HashMap::new(),
        }
    }
}

/// A memo.
pub(super) enum Slot {
    /// Being worked out: whoever asks now has found a cycle.
    Busy,
    /// Worked out.
    Done(Value),
}

/// What was given for a parameter.
#[derive(Clone)]
pub(super) enum Given {
    /// An expression in the environment of the caller.
    Expression { env: Env, value: ExprId, span: Span, kind: StepKind },
    /// A value.
    Value(Value),
}

/// Where an expression is evaluated.
#[derive(Clone)]
pub(super) struct Env {
    pub(super) frame: FrameId,
    pub(super) locals: Option<Arc<Local>>,
}

/// One binding, and those around it.
pub(super) struct Local {
    bound: Bound,
    around: Option<Arc<Local>>,
}

/// What is bound.
pub(super) enum Bound {
    /// A loop item, lambda argument or function argument.
    Name(Name, Value),
    /// A loop: its name, whether a bare `copyIndex()` means it, its index.
    Loop { name: Option<Name>, is_innermost: bool, index: Value },
}

impl Env {
    pub(super) fn with(&self, bound: Bound) -> Self {
        let local = Local { bound, around: self.locals.clone() };
        Self { frame: self.frame, locals: Some(Arc::new(local)) }
    }

    fn bounds(&self) -> impl Iterator<Item = &Bound> {
        std::iter::successors(self.locals.as_deref(), |local| local.around.as_deref()).map(|local| &local.bound)
    }

    /// The innermost value of a name.
    pub(super) fn name(&self, name: &str) -> Option<&Value> {
        self.bounds().find_map(|bound| match bound {
            Bound::Name(other, value) if other.eq_ignore_ascii_case(name) => Some(value),
            _ => None,
        })
    }

    /// The index of a loop by name, or of the innermost resource loop.
    pub(super) fn loop_index(&self, wanted: Option<&str>) -> Option<&Value> {
        self.bounds().find_map(|bound| match (bound, wanted) {
            (Bound::Loop { name: Some(name), index, .. }, Some(wanted)) if name.eq_ignore_ascii_case(wanted) => {
                Some(index)
            }
            (Bound::Loop { is_innermost: true, index, .. }, None) => Some(index),
            _ => None,
        })
    }

    /// How many loops around run over the same array or count of unknown length.
    pub(super) fn loops_over(&self, is: impl Fn(TermId) -> bool) -> u8 {
        self.bounds().filter(|bound| matches!(bound, Bound::Loop { index, .. } if is(index.term))).count().min(255)
            as u8
    }
}

impl Drop for Local {
    /// Long chains are taken apart one by one: dropping them by recursion could overflow the stack.
    fn drop(&mut self) {
        let mut next = self.around.take();
        while let Some(local) = next {
            match Arc::try_unwrap(local) {
                Ok(mut local) => next = local.around.take(),
                Err(_) => break,
            }
        }
    }
}
