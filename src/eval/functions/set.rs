//! `union`, `intersection` and `distinct` of arrays.

use std::collections::HashSet;

use crate::value::{Basis, Element, Kind, TermId, Tri, Value, equal};

use super::super::make;
use super::{Call, ELEMENTS, elements, object};

/// Elements that are compared each with each.
const PAIRWISE: usize = 400;

/// `union(arrays or objects...)`.
pub(super) fn union(call: &mut Call<'_>) -> Value {
    if call.args.iter().any(|arg| matches!(arg.kind, Kind::Array(_))) {
        return merged(call);
    }
    object::union(call)
}

/// `distinct(array)`.
pub(super) fn distinct(call: &mut Call<'_>) -> Value {
    match call.args {
        [Value { kind: Kind::Array(_), .. }] => merged(call),
        [arg] if arg.is_unknown() => call.symbolic(),
        _ => call.error(),
    }
}

/// A set under construction.
#[derive(Default)]
struct Set {
    elements: Vec<Element>,
    closed: HashSet<TermId>,
    /// What it rests on that elements are or aren't equal.
    basis: Basis,
}

impl Set {
    /// Adds an element unless it is there; false if a bound is reached.
    fn add(&mut self, call: &Call<'_>, element: Element) -> bool {
        let Element::One(value) = element else {
            self.elements.push(element);
            return self.elements.len() <= ELEMENTS;
        };
        let closed = value.basis == Basis::Fixed && call.context.is_closed(value.term);
        if closed && !self.closed.insert(value.term) {
            return true;
        }
        // Known values all through are equal only if they are the same term.
        let all_closed = closed && self.closed.len() == self.elements.len() + 1;
        if all_closed && !matches!(value.kind, Kind::Int(_) | Kind::Float(_)) {
            self.elements.push(Element::One(value));
            return self.elements.len() <= ELEMENTS;
        }
        if self.elements.len() > PAIRWISE {
            return false;
        }
        let mut unsure = false;
        for other in &self.elements {
            let verdict = equal(call.context, other.value(), &value);
            match verdict.tri {
                Tri::Yes if !other.is_many() => {
                    self.basis = self.basis.max(verdict.basis);
                    return true;
                }
                Tri::No => self.basis = self.basis.max(verdict.basis),
                Tri::Yes | Tri::Maybe => unsure = true,
            }
        }
        self.elements.push(if unsure { Element::Many(value) } else { Element::One(value) });
        true
    }
}

fn merged(call: &mut Call<'_>) -> Value {
    let mut set = Set::default();
    let mut structure = call.basis();
    for arg in call.args {
        let Some(taken) = elements::taken(call.context, arg) else { return call.error() };
        for element in taken {
            if !set.add(call, element) {
                return call.limit();
            }
        }
    }
    structure = structure.max(set.basis);
    call.array(set.elements, structure)
}

/// `intersection(arrays or objects...)`.
pub(super) fn intersection(call: &mut Call<'_>) -> Value {
    if call.any_unknown() {
        return call.symbolic();
    }
    if call.args.iter().any(|arg| matches!(arg.kind, Kind::Object(_))) {
        return object::intersection(call);
    }
    let Some((first, rest)) = call.args.split_first() else { return call.error() };
    let Some(candidates) = elements::taken(call.context, first) else { return call.error() };
    let mut others = Vec::with_capacity(rest.len());
    for other in rest {
        let Some(taken) = elements::taken(call.context, other) else { return call.error() };
        if candidates.len().saturating_mul(taken.len()) > PAIRWISE * PAIRWISE {
            return call.limit();
        }
        others.push(taken);
    }
    let mut set = Set::default();
    let mut basis = make::basis(call.args);
    for candidate in candidates {
        if candidate.is_many() {
            return call.symbolic();
        }
        let mut everywhere = Some(true);
        for other in &others {
            let (tri, rests_on) = held(call, other, candidate.value());
            basis = basis.max(rests_on);
            everywhere = match (tri, everywhere) {
                (Tri::No, _) | (_, Some(false)) => Some(false),
                (Tri::Maybe, _) => None,
                (Tri::Yes, everywhere) => everywhere,
            };
        }
        match everywhere {
            Some(true) if !set.add(call, candidate) => return call.limit(),
            Some(_) => {}
            None => return call.symbolic(),
        }
    }
    let structure = basis.max(set.basis);
    call.array(set.elements, structure)
}

/// Whether an array holds a value, and what that rests on.
fn held(call: &Call<'_>, array: &[Element], value: &Value) -> (Tri, Basis) {
    let mut basis = Basis::Fixed;
    let mut unsure = false;
    for element in array {
        let verdict = equal(call.context, element.value(), value);
        match verdict.tri {
            Tri::Yes if !element.is_many() => return (Tri::Yes, verdict.basis),
            Tri::No => basis = basis.max(verdict.basis),
            Tri::Yes | Tri::Maybe => unsure = true,
        }
    }
    if unsure { (Tri::Maybe, Basis::Fixed) } else { (Tri::No, basis) }
}
