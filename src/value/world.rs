//! Consistent worlds: one side for each open condition.
//!
//! A check that looks at several values asks its [`World`] which side of a [`Choice`](super::Choice) to take. The same
//! condition takes the same side everywhere. The world notes the conditions that it had to decide, so that whoever
//! runs the check can run it again for the other sides.

use super::{Context, Kind, Literal, Term, TermId, Value};

/// An assignment of sides to conditions.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Atomic conditions that are taken as given: why the resource in question exists at all.
    given: Vec<(TermId, bool)>,
    /// Atomic conditions decided so far, in the order of asking.
    decided: Vec<(TermId, bool)>,
    /// Sides to take for the first decisions.
    script: Vec<bool>,
}

impl World {
    /// A world in which the first decisions are scripted; later ones take the side `true`.
    pub fn new(script: Vec<bool>) -> Self {
        Self { given: Vec::new(), decided: Vec::new(), script }
    }

    /// Visits worlds until every side of every decision was taken, at most `limit` of them. `visit` gets a fresh world
    /// and gives it back with the decisions that it made. Says whether there were more.
    pub fn explore(limit: usize, mut visit: impl FnMut(Self) -> Self) -> bool {
        let mut scripts = vec![Vec::new()];
        let mut visited = 0;
        while let Some(script) = scripts.pop() {
            if visited == limit {
                return true;
            }
            visited += 1;
            let scripted = script.len();
            let world = visit(Self::new(script));
            for at in scripted..world.decided.len() {
                let mut other: Vec<bool> = world.decided[..at].iter().map(|(_, side)| *side).collect();
                other.push(!world.decided[at].1);
                scripts.push(other);
            }
        }
        false
    }

    /// Takes a condition as given, with all that follows from it.
    pub fn assume(&mut self, context: &Context, condition: TermId, side: bool) {
        match context.get(condition) {
            Term::Call(name, args) if &**name == "not" && args.len() == 1 => self.assume(context, args[0], !side),
            Term::Call(name, args) if &**name == "and" && side => {
                for arg in args.clone() {
                    self.assume(context, arg, true);
                }
            }
            Term::Call(name, args) if &**name == "or" && !side => {
                for arg in args.clone() {
                    self.assume(context, arg, false);
                }
            }
            _ => {
                if self.known(context, condition).is_none() {
                    self.given.push((condition, side));
                }
            }
        }
    }

    /// The decisions made so far.
    pub fn decisions(&self) -> &[(TermId, bool)] {
        &self.decided
    }

    /// The side that follows from what is given and decided, without deciding anything.
    pub fn known(&self, context: &Context, condition: TermId) -> Option<bool> {
        if let Some(&(_, side)) = self.given.iter().chain(&self.decided).find(|(term, _)| *term == condition) {
            return Some(side);
        }
        match context.get(condition) {
            Term::Literal(Literal::Bool(truth)) => Some(*truth),
            Term::Call(name, args) => match (&**name, &**args) {
                ("not", [arg]) => self.known(context, *arg).map(|side| !side),
                ("and", args) => all(args.iter().map(|arg| self.known(context, *arg)), true),
                ("or", args) => all(args.iter().map(|arg| self.known(context, *arg)), false),
                ("equals", [x, y]) => self.excluded(context, *x, *y),
                _ => None,
            },
            _ => None,
        }
    }

    /// `x == literal` where `x == another literal` is already true: false. Where all but one of the allowed values
    /// are excluded: true.
    fn excluded(&self, context: &Context, x: TermId, y: TermId) -> Option<bool> {
        let (symbol, literal) = comparison(context, x, y)?;
        let mut ruled_out = Vec::new();
        for (term, side) in self.given.iter().chain(&self.decided) {
            let Term::Call(name, args) = context.get(*term) else { continue };
            let ("equals", [a, b]) = (&**name, &**args) else { continue };
            let Some((other_symbol, other)) = comparison(context, *a, *b) else { continue };
            if other_symbol != symbol {
                continue;
            }
            if *side {
                return Some(other == literal);
            }
            ruled_out.push(other);
        }
        let allowed = context.facts(symbol)?.allowed.as_ref()?;
        if !allowed.contains(literal) {
            return Some(false);
        }
        let open = allowed.iter().filter(|value| !ruled_out.contains(value)).count();
        (open == 1 && !ruled_out.contains(&literal)).then_some(true)
    }

    /// Decides a condition: by what follows from earlier decisions, else by script, else `true`.
    pub fn decide(&mut self, context: &Context, condition: TermId) -> bool {
        loop {
            if let Some(side) = self.known(context, condition) {
                return side;
            }
            let atom = self.open_atom(context, condition);
            let side = self.script.get(self.decided.len()).copied().unwrap_or(true);
            self.decided.push((atom, side));
            if atom == condition {
                return side;
            }
        }
    }

    /// The first atomic condition that an undecided condition hangs on.
    fn open_atom(&self, context: &Context, condition: TermId) -> TermId {
        if let Term::Call(name, args) = context.get(condition)
            && matches!(&**name, "not" | "and" | "or")
            && let Some(open) = args.iter().find(|arg| self.known(context, **arg).is_none())
        {
            return self.open_atom(context, *open);
        }
        condition
    }

    /// The value with every choice at its top settled.
    pub fn settle(&mut self, context: &Context, value: &Value) -> Value {
        let mut settled = value.clone();
        while let Kind::Choice(choice) = &settled.kind {
            let side = self.decide(context, choice.condition);
            let next = if side { choice.then.clone() } else { choice.other.clone() };
            settled = next;
        }
        settled
    }
}

/// The symbol and the literal of a comparison.
fn comparison(context: &Context, x: TermId, y: TermId) -> Option<(TermId, &Literal)> {
    match (context.as_literal(x), context.as_literal(y)) {
        (None, Some(literal)) => Some((x, literal)),
        (Some(literal), None) => Some((y, literal)),
        _ => None,
    }
}

/// Three-valued `and` (`unit` true) or `or` (`unit` false).
fn all(sides: impl Iterator<Item = Option<bool>>, unit: bool) -> Option<bool> {
    let mut result = Some(unit);
    for side in sides {
        match side {
            Some(side) if side != unit => return Some(!unit),
            Some(_) => {}
            None => result = None,
        }
    }
    result
}
