//! Arrays put together and taken apart. `take`, `skip`, `first`, `last` and `length` also of strings.

use crate::ir::ParamType;
use crate::value::{Basis, Element, Kind, Literal, Str, Term, TermId, Value, Why};

use super::super::make;
use super::{Call, ELEMENTS, elements, shape, slice, string};

/// Arrays one after the other: what `concat` makes of them. Of an unknown array, one element that stands for each.
pub(super) fn chain(call: &mut Call<'_>, arrays: &[Value]) -> Value {
    let mut all: Vec<Element> = Vec::new();
    for array in arrays {
        let Some(taken) = elements::taken(call.context, array) else { return call.error() };
        all.extend(taken);
        if all.len() > ELEMENTS {
            return call.limit();
        }
    }
    if let [one] = arrays {
        return one.clone();
    }
    let structure = make::basis(arrays);
    let origin = make::computed_origin(call.context, call.args, call.span);
    let value = make::array(call.context, all, origin);
    if structure == Basis::Fixed && arrays.iter().all(|array| elements::show_all(call.context, array)) {
        return value;
    }
    // Whichever function chained them.
    let args: Vec<TermId> = arrays.iter().map(|array| array.term).collect();
    let term = call.context.call("concat", args);
    make::rebase(call.context, value, term, structure)
}

/// `flatten(arrays)`: one level.
pub(super) fn flatten(call: &mut Call<'_>) -> Value {
    elements::over_choices(call, flatten_plain)
}

fn flatten_plain(call: &mut Call<'_>) -> Value {
    let [arrays] = call.args else { return call.error() };
    let Kind::Array(_) = arrays.kind else {
        return if arrays.is_unknown() { call.symbolic() } else { call.error() };
    };
    let outer = elements::taken(call.context, arrays).unwrap_or_default();
    if arrays.basis == Basis::Fixed && !outer.iter().any(Element::is_many) {
        let inner: Vec<Value> = outer.iter().map(|element| element.value().clone()).collect();
        if inner.is_empty() {
            return call.array(Vec::new(), Basis::Fixed);
        }
        return chain(call, &inner);
    }
    let mut all: Vec<Element> = Vec::new();
    let mut structure = arrays.basis;
    for element in &outer {
        structure = structure.max(element.value().basis);
        let Some(inner) = elements::taken(call.context, element.value()) else { return call.error() };
        let many = element.is_many();
        all.extend(inner.into_iter().map(|inner| match inner {
            Element::One(value) if many => Element::Many(value),
            other => other,
        }));
        if all.len() > ELEMENTS {
            return call.limit();
        }
    }
    call.array(all, structure)
}

/// `array(value)`: the value, or an array that holds it.
pub(super) fn array(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    match shape::of(call.context, arg) {
        Some(ParamType::Array) => arg.clone(),
        None if !arg.is_null() => call.symbolic(),
        _ => call.array(vec![Element::One(arg.clone())], Basis::Fixed),
    }
}

/// `range(start, count)`. Of an unknown count, one number that stands for each.
pub(super) fn range(call: &mut Call<'_>) -> Value {
    let [start, count] = call.args else { return call.error() };
    let basis = call.basis();
    match (&start.kind, &count.kind) {
        (Kind::Int(from), Kind::Int(count)) => {
            let most = ELEMENTS as i64;
            if *count < 0 || *count > most || from.checked_add(*count).is_none_or(|end| end > i64::from(i32::MAX)) {
                return call.error();
            }
            let origin = make::computed_origin(call.context, call.args, call.span);
            let numbers = (*from..from + count).map(|number| Element::One(make::int(call.context, number, origin)));
            let numbers: Vec<Element> = numbers.collect();
            call.array(numbers, basis)
        }
        (Kind::Int(_) | Kind::Unknown { .. }, Kind::Unknown { .. }) => {
            let why = make::cause(count).unwrap_or(Why::NoValueGiven);
            let start_content = make::content_term(call.context, start);
            let count_content = make::content_term(call.context, count);
            let firm = counted_from(call, start.term, count.term);
            let present = counted_from(call, start_content, count_content);
            let kind = Kind::Unknown { term: present, why };
            let item = Value { kind, term: firm, basis, origin: count.origin };
            let term = call.term();
            let origin = make::computed_origin(call.context, call.args, call.span);
            Value { kind: Kind::Array([Element::Many(item)].into()), term, basis, origin }
        }
        (Kind::Unknown { .. }, Kind::Int(_)) => call.symbolic(),
        _ => call.error(),
    }
}

/// The index of a loop of so many rounds, from a start.
fn counted_from(call: &mut Call<'_>, start: TermId, count: TermId) -> TermId {
    let index = call.context.index(count, 0);
    super::number::sum(call.context, index, start)
}

/// `length(value)`: elements, members or UTF-16 units.
pub(super) fn length(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    match &arg.kind {
        Kind::Array(elements) if !elements.iter().any(Element::is_many) => {
            call.known(Kind::Int(elements.len() as i64), arg.basis)
        }
        Kind::Array(_) => {
            // How many numbers a range has is what it was asked for.
            if let Term::Call(name, args) = call.context.get(arg.term)
                && let ("range", [_, count]) = (&**name, &**args)
            {
                let count = *count;
                let origin = make::computed_origin(call.context, call.args, call.span);
                let kind = Kind::Unknown { term: count, why: Why::NoValueGiven };
                return Value { kind, term: count, basis: arg.basis, origin };
            }
            call.symbolic()
        }
        Kind::Object(object) if !object.open && object.members.iter().all(|member| member.key.is_known()) => {
            call.known(Kind::Int(object.members.len() as i64), arg.basis)
        }
        Kind::Object(_) => call.symbolic(),
        Kind::Str(string) => match string.text() {
            Some(text) => call.known(Kind::Int(slice::units(&text) as i64), arg.basis),
            None => call.symbolic(),
        },
        Kind::Unknown { .. } => call.symbolic(),
        _ => call.error(),
    }
}

/// `first(value)`: an element, or a character; null of an empty array.
pub(super) fn first(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    let zero = call.context.literal(Literal::Int(0));
    match &arg.kind {
        Kind::Array(elements) => match elements.first() {
            Some(Element::One(value)) => make::descend(call.context, arg, value, zero),
            None => call.known(Kind::Null, arg.basis),
            Some(Element::Many(_)) => element_at(call, arg, zero),
        },
        Kind::Str(string) => {
            if string.is_known() && string.is_empty() {
                return call.text(Str::default(), arg.basis);
            }
            string::part(call, string, 0, Some(1), false)
        }
        Kind::Unknown { .. } if shape::of(call.context, arg) == Some(ParamType::String) => call.symbolic_text(),
        Kind::Unknown { .. } => element_at(call, arg, zero),
        _ => call.error(),
    }
}

/// An element of an array of which that isn't known.
fn element_at(call: &mut Call<'_>, array: &Value, key: TermId) -> Value {
    let value = call.symbolic();
    let Kind::Unknown { why, .. } = value.kind else { return value };
    let content = make::content_term(call.context, array);
    let content = call.context.member(content, key);
    let term = call.context.member(array.term, key);
    Value { kind: Kind::Unknown { term: content, why }, term, ..value }
}

/// `last(value)`.
pub(super) fn last(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    match &arg.kind {
        Kind::Array(elements) => match elements.last() {
            Some(Element::One(value)) if elements.iter().any(Element::is_many) => {
                let term = call.term();
                if arg.basis == Basis::Fixed {
                    value.clone()
                } else {
                    make::rebase(call.context, value.clone(), term, arg.basis)
                }
            }
            Some(Element::One(value)) => {
                let key = call.context.literal(Literal::Int(elements.len() as i64 - 1));
                let taken = make::descend(call.context, arg, value, key);
                // A longer array has another last element.
                if arg.basis == Basis::Fixed {
                    return taken;
                }
                let term = call.term();
                make::rebase(call.context, taken, term, arg.basis)
            }
            None => call.known(Kind::Null, arg.basis),
            Some(Element::Many(_)) => call.symbolic(),
        },
        Kind::Str(string) => last_character(call, string),
        Kind::Unknown { .. } if shape::of(call.context, arg) == Some(ParamType::String) => call.symbolic_text(),
        Kind::Unknown { .. } => call.symbolic(),
        _ => call.error(),
    }
}

/// The last character: firm if the string ends in a firm text, else resting on the whole of it.
fn last_character(call: &mut Call<'_>, string: &Str) -> Value {
    let firm = string.pieces.last().filter(|piece| piece.basis == Basis::Fixed).cloned();
    let (end, structure) = match firm {
        Some(piece) => (Str::new([piece]), Basis::Fixed),
        None => (string.clone(), call.basis_of(0)),
    };
    let Some(text) = end.text() else { return call.symbolic_text() };
    let from = text.len() - text.chars().next_back().map_or(0, char::len_utf8);
    match slice::cut(call.context, &end, from, Some(text.len())) {
        Some(cut) => call.text(cut, structure),
        None => call.symbolic_text(),
    }
}

/// `take(value, count)`.
pub(super) fn take(call: &mut Call<'_>) -> Value {
    counted(call, true)
}

/// `skip(value, count)`.
pub(super) fn skip(call: &mut Call<'_>) -> Value {
    counted(call, false)
}

fn counted(call: &mut Call<'_>, take: bool) -> Value {
    let [arg, number] = call.args else { return call.error() };
    let count = match &number.kind {
        Kind::Int(count) => Some(usize::try_from(*count).unwrap_or(0)),
        Kind::Unknown { .. } => None,
        _ => return call.error(),
    };
    match (&arg.kind, count) {
        (Kind::Array(_), count) => {
            let taken = elements::taken(call.context, arg).unwrap_or_default();
            let structure = call.basis();
            match some_of(taken, count, take) {
                Some(kept) => call.array(kept, structure),
                None => call.symbolic(),
            }
        }
        (Kind::Str(string), Some(count)) if take => string::part(call, string, 0, Some(count), false),
        (Kind::Str(string), Some(count)) => string::part(call, string, count, None, false),
        (Kind::Str(_), None) => call.symbolic_text(),
        (Kind::Unknown { .. }, _) if shape::of(call.context, arg) == Some(ParamType::String) => call.symbolic_text(),
        (Kind::Unknown { .. }, _) => call.symbolic(),
        _ => call.error(),
    }
}

/// The elements before or after a place. What stands for any number stands for what is kept of it too; `None` where it
/// can't be told whether an element is kept.
fn some_of(elements: Vec<Element>, count: Option<usize>, take: bool) -> Option<Vec<Element>> {
    let sure = elements.iter().take_while(|element| !element.is_many()).count();
    match count {
        Some(count) if count <= sure && take => Some(elements.into_iter().take(count).collect()),
        Some(count) if count <= sure => Some(elements.into_iter().skip(count).collect()),
        None if sure > 0 => None,
        _ => {
            let rest_is_many = elements.iter().skip(sure).all(Element::is_many);
            let dropped = if take { 0 } else { sure };
            rest_is_many.then(|| elements.into_iter().skip(dropped).collect())
        }
    }
}
