//! Comparisons, `bool` and `empty`.

use crate::ir::ParamType;
use crate::value::{Basis, Content, Kind, TermId, Value};

use super::super::make;
use super::{Call, shape};

/// `less(a, b)`.
pub(super) fn less(call: &mut Call<'_>) -> Value {
    ordered(call, false, false)
}

/// `greater(a, b)`: `less(b, a)`.
pub(super) fn greater(call: &mut Call<'_>) -> Value {
    ordered(call, true, false)
}

/// `lessOrEquals(a, b)`: not `less(b, a)`.
pub(super) fn less_or_equals(call: &mut Call<'_>) -> Value {
    ordered(call, true, true)
}

/// `greaterOrEquals(a, b)`: not `less(a, b)`.
pub(super) fn greater_or_equals(call: &mut Call<'_>) -> Value {
    ordered(call, false, true)
}

/// All four are one comparison, so that a condition and its opposite are the same term.
fn ordered(call: &mut Call<'_>, swap: bool, negate: bool) -> Value {
    let [a, b] = call.args else { return call.error() };
    let (low, high) = if swap { (b, a) } else { (a, b) };
    let less = match (&low.kind, &high.kind) {
        (Kind::Int(low), Kind::Int(high)) => Some(low < high),
        (Kind::Int(low), Kind::Float(high)) => Some((*low as f64) < *high),
        (Kind::Float(low), Kind::Int(high)) => Some(*low < *high as f64),
        (Kind::Float(low), Kind::Float(high)) => Some(low < high),
        (Kind::Str(low), Kind::Str(high)) => match (low.text(), high.text()) {
            (Some(low), Some(high)) => text_less(&low, &high),
            _ => None,
        },
        (Kind::Unknown { .. }, _) | (_, Kind::Unknown { .. }) => None,
        _ => return call.error(),
    };
    match less {
        Some(less) => {
            let basis = call.basis();
            call.known(Kind::Bool(less != negate), basis)
        }
        None => undecided(call, low, high, negate),
    }
}

/// Whether a text comes before another. Which order the service uses isn't documented; the answer is given where
/// orders with and without regard to case agree.
fn text_less(low: &str, high: &str) -> Option<bool> {
    let by_case = low < high;
    let folded = low.to_uppercase() < high.to_uppercase();
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (by_case == folded && (low == high || (plain(low) && plain(high)))).then_some(by_case)
}

fn undecided(call: &mut Call<'_>, low: &Value, high: &Value, negate: bool) -> Value {
    let value = call.symbolic();
    let Kind::Unknown { why, .. } = value.kind else { return value };
    let (low_content, high_content) = (make::content_term(call.context, low), make::content_term(call.context, high));
    let mut compared = |low: TermId, high: TermId| {
        let less = call.context.call("less", [low, high]);
        if negate { call.context.call("not", [less]) } else { less }
    };
    let term = compared(low.term, high.term);
    let content = compared(low_content, high_content);
    Value { kind: Kind::Unknown { term: content, why }, term, ..value }
}

/// `bool(value)`.
pub(super) fn bool(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    let truth = match &arg.kind {
        Kind::Bool(_) => return arg.clone(),
        Kind::Int(number) => *number != 0,
        Kind::Str(_) => match arg.text() {
            Some(text) if text.eq_ignore_ascii_case("true") || &*text == "1" => true,
            Some(text) if text.eq_ignore_ascii_case("false") || &*text == "0" => false,
            Some(_) => return call.error(),
            None => return call.symbolic(),
        },
        Kind::Unknown { .. } if shape::of(call.context, arg) == Some(ParamType::Bool) => return arg.clone(),
        Kind::Unknown { .. } => return call.symbolic(),
        _ => return call.error(),
    };
    call.known(Kind::Bool(truth), arg.basis)
}

/// `empty(value)`: of a string, an array or an object; `null` is empty.
pub(super) fn empty(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    let (is_empty, basis) = match &arg.kind {
        Kind::Null => (true, arg.basis),
        Kind::Str(string) => {
            let firm = string.pieces.iter().any(|piece| shape::least_length(call.context, piece.term) > 0);
            let written = string.pieces.iter().filter(|piece| match &piece.content {
                Content::Text(text) => !text.is_empty(),
                Content::Symbol(term) => shape::least_length(call.context, *term) > 0,
            });
            match written.map(|piece| piece.basis).min() {
                _ if firm => (false, Basis::Fixed),
                Some(basis) => (false, basis),
                None if string.is_known() => (true, arg.basis),
                None => return call.symbolic(),
            }
        }
        Kind::Array(elements) => match elements.iter().any(|element| !element.is_many()) {
            true => (false, arg.basis),
            false if elements.is_empty() => (true, arg.basis),
            false => return call.symbolic(),
        },
        Kind::Object(object) => match object.members.is_empty() {
            false => (false, arg.basis),
            true if !object.open => (true, arg.basis),
            true => return call.symbolic(),
        },
        Kind::Unknown { .. } if shape::least_length(call.context, arg.term) > 0 => (false, Basis::Fixed),
        Kind::Unknown { term, .. } if shape::least_length(call.context, *term) > 0 => (false, arg.basis),
        Kind::Unknown { .. } => return call.symbolic(),
        _ => return call.error(),
    };
    call.known(Kind::Bool(is_empty), basis)
}
