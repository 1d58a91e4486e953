//! Elements taken out of arrays, and arrays whose elements hang on open conditions.

use crate::value::{Basis, Context, Element, Kind, Literal, Term, TermId, Value, Why};

use super::super::make;
use super::Call;

/// Sides that one call is worked out for.
const LEAVES: usize = 16;

/// The elements of an array as they are outside of it. Of an unknown array, one that stands for each. `None` if it is
/// no array.
pub(super) fn taken(context: &mut Context, container: &Value) -> Option<Vec<Element>> {
    match &container.kind {
        Kind::Array(elements) => {
            let mut all = Vec::with_capacity(elements.len());
            let mut exact = true;
            for (at, element) in elements.iter().enumerate() {
                exact &= !element.is_many();
                let key =
                    if exact { context.literal(Literal::Int(at as i64)) } else { context.index(container.term, 0) };
                let value = make::descend(context, container, element.value(), key);
                all.push(if element.is_many() { Element::Many(value) } else { Element::One(value) });
            }
            Some(all)
        }
        Kind::Unknown { .. } | Kind::Choice(_) | Kind::Handle(_) => Some(vec![Element::Many(each(context, container))]),
        _ => None,
    }
}

/// Whether the elements of an array say all that it is: none of them stands for others, but for each of an unknown
/// array.
pub(super) fn show_all(context: &mut Context, array: &Value) -> bool {
    let Kind::Array(elements) = &array.kind else { return true };
    let exact = elements.iter().all(|element| match (element, context.get(element.value().term)) {
        (Element::One(_), _) => true,
        (Element::Many(_), Term::Get(of, index)) => match context.get(*index) {
            Term::Index(over, 0) => over == of,
            _ => false,
        },
        (Element::Many(_), _) => false,
    });
    exact && context.array_term(elements) == array.term
}

/// What stands for each element of an unknown array.
pub(super) fn each(context: &mut Context, array: &Value) -> Value {
    let content = make::content_term(context, array);
    let element = |context: &mut Context, term: TermId| {
        let index = context.index(term, 0);
        context.member(term, index)
    };
    let firm = element(context, array.term);
    let present = element(context, content);
    let why = make::cause(array).unwrap_or(Why::NoValueGiven);
    Value { kind: Kind::Unknown { term: present, why }, term: firm, basis: array.basis, origin: array.origin }
}

/// Runs a function that looks into an array's elements, once for each side of the choices among them. Choices that are
/// too many stay what they are, and the function takes them for unknown.
pub(super) fn over_choices(call: &mut Call<'_>, run: fn(&mut Call<'_>) -> Value) -> Value {
    spread(call, run, LEAVES)
}

fn spread(call: &mut Call<'_>, run: fn(&mut Call<'_>) -> Value, budget: usize) -> Value {
    let found = call.args.iter().find_map(|arg| {
        arg.as_array()?.iter().find_map(|element| match element {
            Element::One(Value { kind: Kind::Choice(choice), .. }) => Some(choice.clone()),
            _ => None,
        })
    });
    let Some(choice) = found.filter(|_| budget >= 2) else { return run(call) };
    let mut side = |holds: bool| {
        let args: Vec<Value> =
            call.args.iter().map(|arg| settled(call.context, arg, choice.condition, holds)).collect();
        let mut inner =
            Call { context: &mut *call.context, name: call.name, span: call.span, args: &args, too_large: false };
        spread(&mut inner, run, budget / 2)
    };
    let then = side(true);
    let other = side(false);
    make::choose(call.context, choice.condition, choice.condition_origin, then, other)
}

/// An array with the choices over one condition settled.
fn settled(context: &mut Context, array: &Value, condition: TermId, holds: bool) -> Value {
    let Kind::Array(elements) = &array.kind else { return array.clone() };
    let elements: Vec<Element> = elements
        .iter()
        .map(|element| match element {
            Element::One(value) => Element::One(make::side(value.clone(), condition, holds)),
            Element::Many(value) => Element::Many(value.clone()),
        })
        .collect();
    let term = if array.basis == Basis::Fixed {
        context.array_term(&elements)
    } else {
        context.call(if holds { "then" } else { "otherwise" }, [array.term])
    };
    Value { kind: Kind::Array(elements.into()), term, basis: array.basis, origin: array.origin }
}
