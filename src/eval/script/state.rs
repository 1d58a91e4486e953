//! What a shell holds at one point of a script.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::eval::make;
use crate::ir::Name;
use crate::ir::script::{BlockId, Parameter};
use crate::value::{Basis, Context, Kind, OriginId, TermId, Value, Why};

use super::Machine;

/// How many alternatives a variable may have.
const ALTERNATIVES: usize = 16;

/// How a script goes on from here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow {
    /// With the next statement.
    On,
    /// Behind the loop, or with its next turn.
    Broke,
    /// Behind the call of the function.
    Returned,
    /// Not at all.
    Exited,
}

/// A defined function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Defined<'p> {
    pub(super) parameters: &'p [Parameter],
    pub(super) body: BlockId,
}

/// Variables, functions and the like. Cloned for each side of a condition; the variables are shared until changed.
#[derive(Clone, Debug)]
pub(super) struct State<'p> {
    pub(super) variables: Rc<BTreeMap<Name, Value>>,
    pub(super) functions: Rc<HashMap<Name, Defined<'p>>>,
    pub(super) machine: Machine,
    pub(super) guards: Vec<TermId>,
    pub(super) flow: Flow,
}

impl State<'_> {
    pub(super) fn new(machine: Machine) -> Self {
        Self { variables: Rc::default(), functions: Rc::default(), machine, guards: Vec::new(), flow: Flow::On }
    }

    pub(super) fn set(&mut self, name: Name, value: Value) {
        Rc::make_mut(&mut self.variables).insert(name, value);
    }

    pub(super) fn forget(&mut self, name: &str) {
        if self.variables.contains_key(name) {
            Rc::make_mut(&mut self.variables).remove(name);
        }
    }
}

/// An open condition and where it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) term: TermId,
    pub(super) origin: OriginId,
}

/// What a condition comes to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Truth {
    /// It is known, so firmly.
    Known(bool, Basis),
    /// It can't be told.
    Open(Open),
}

impl Truth {
    pub(super) const YES: Self = Self::Known(true, Basis::Fixed);

    pub(super) fn not(self, context: &mut Context) -> Self {
        match self {
            Self::Known(truth, basis) => Self::Known(!truth, basis),
            Self::Open(open) => Self::Open(Open { term: negated(context, open.term), origin: open.origin }),
        }
    }
}

/// The term of the contrary.
pub(super) fn negated(context: &mut Context, term: TermId) -> TermId {
    if let crate::value::Term::Call(name, args) = context.get(term)
        && &**name == "not"
        && let [inner] = **args
    {
        return inner;
    }
    context.call("not", [term])
}

/// What holds behind a condition: `then` where it holds, else `other`. `missing` gives what a variable is that only
/// one side knows.
pub(super) fn join<'p>(
    context: &mut Context,
    open: Open,
    then: State<'p>,
    other: State<'p>,
    mut missing: impl FnMut(&mut Context, &str) -> Value,
) -> State<'p> {
    let mut joined = other.clone();
    if !Rc::ptr_eq(&then.variables, &other.variables) {
        let mut all = (*other.variables).clone();
        for (name, value) in &*then.variables {
            let other = match other.variables.get(name) {
                Some(other) => other.clone(),
                None => missing(context, name),
            };
            all.insert(name.clone(), either(context, open, value.clone(), other));
        }
        for (name, value) in &*other.variables {
            if !then.variables.contains_key(name) {
                let then = missing(context, name);
                all.insert(name.clone(), either(context, open, then, value.clone()));
            }
        }
        joined.variables = Rc::new(all);
    }
    let mut machine = Machine::new();
    for name in then.machine.keys().chain(other.machine.keys()) {
        let side = |context: &mut Context, machine: &Machine| match machine.get(name) {
            Some(value) => value.clone(),
            None => unset(context, open.origin),
        };
        let (a, b) = (side(context, &then.machine), side(context, &other.machine));
        machine.insert(name.clone(), either(context, open, a, b));
    }
    joined.machine = machine;
    if !Rc::ptr_eq(&then.functions, &other.functions) {
        let mut functions = (*other.functions).clone();
        functions.extend(then.functions.iter().map(|(name, defined)| (name.clone(), *defined)));
        joined.functions = Rc::new(functions);
    }
    joined.guards.retain(|guard| then.guards.contains(guard));
    joined
}

fn unset(context: &mut Context, origin: OriginId) -> Value {
    make::null(context, origin)
}

/// One of two values; unknown where the alternatives are too many.
pub(super) fn either(context: &mut Context, open: Open, then: Value, other: Value) -> Value {
    let leaves = make::leaves(&then) + make::leaves(&other);
    let chosen = make::choose(context, open.term, open.origin, then, other);
    if leaves > ALTERNATIVES && matches!(chosen.kind, Kind::Choice(_)) {
        return make::unknown(chosen.term, Why::Limit, chosen.origin);
    }
    chosen
}
