//! Arithmetic on 64-bit integers, `int`, `float`, `min` and `max`.

use crate::ir::ParamType;
use crate::value::{Context, Element, Kind, Literal, Term, TermId, Value};

use super::super::make;
use super::{Call, elements, shape};

/// `add(a, b)`.
pub(super) fn add(call: &mut Call<'_>) -> Value {
    arithmetic(call, i64::checked_add, sum)
}

/// `sub(a, b)`.
pub(super) fn sub(call: &mut Call<'_>) -> Value {
    arithmetic(call, i64::checked_sub, difference)
}

/// `mul(a, b)`.
pub(super) fn mul(call: &mut Call<'_>) -> Value {
    arithmetic(call, i64::checked_mul, product)
}

/// `div(a, b)`: towards zero.
pub(super) fn div(call: &mut Call<'_>) -> Value {
    arithmetic(call, i64::checked_div, |context, a, b| context.call("div", [a, b]))
}

/// `mod(a, b)`: with the sign of `a`.
pub(super) fn modulo(call: &mut Call<'_>) -> Value {
    arithmetic(call, i64::checked_rem, |context, a, b| context.call("mod", [a, b]))
}

fn arithmetic(
    call: &mut Call<'_>,
    exact: fn(i64, i64) -> Option<i64>,
    term: fn(&mut Context, TermId, TermId) -> TermId,
) -> Value {
    let [a, b] = call.args else { return call.error() };
    match (&a.kind, &b.kind) {
        (Kind::Int(x), Kind::Int(y)) => match exact(*x, *y) {
            Some(result) => {
                let basis = call.basis();
                call.known(Kind::Int(result), basis)
            }
            None => call.error(),
        },
        (Kind::Int(_) | Kind::Unknown { .. }, Kind::Int(_) | Kind::Unknown { .. }) => {
            let value = call.symbolic();
            let Kind::Unknown { why, .. } = value.kind else { return value };
            let firm = term(call.context, a.term, b.term);
            let (a, b) = (make::content_term(call.context, a), make::content_term(call.context, b));
            let present = term(call.context, a, b);
            Value { kind: Kind::Unknown { term: present, why }, term: firm, ..value }
        }
        (Kind::Float(_), _) | (_, Kind::Float(_)) => call.symbolic(),
        _ => call.error(),
    }
}

/// A term as something unknown and a constant.
fn parts(context: &Context, term: TermId) -> (Option<TermId>, i64) {
    match context.get(term) {
        Term::Literal(Literal::Int(number)) => (None, *number),
        Term::Call(name, args) => match (&**name, &**args) {
            ("add", [base, constant]) => match context.as_literal(*constant) {
                Some(Literal::Int(number)) => (Some(*base), *number),
                _ => (Some(term), 0),
            },
            _ => (Some(term), 0),
        },
        _ => (Some(term), 0),
    }
}

/// A sum with its constants put together at its end, so that equal sums are equal terms.
pub(super) fn sum(context: &mut Context, a: TermId, b: TermId) -> TermId {
    let ((left, x), (right, y)) = (parts(context, a), parts(context, b));
    let Some(constant) = x.checked_add(y) else { return context.call("add", [a, b]) };
    let base = match (left, right) {
        (None, None) => return context.literal(Literal::Int(constant)),
        (Some(one), None) | (None, Some(one)) => one,
        (Some(left), Some(right)) => context.call("add", [left.min(right), left.max(right)]),
    };
    if constant == 0 {
        return base;
    }
    let constant = context.literal(Literal::Int(constant));
    context.call("add", [base, constant])
}

fn difference(context: &mut Context, a: TermId, b: TermId) -> TermId {
    match context.as_literal(b) {
        Some(Literal::Int(number)) if *number != i64::MIN => {
            let negated = -*number;
            let negated = context.literal(Literal::Int(negated));
            sum(context, a, negated)
        }
        _ => context.call("sub", [a, b]),
    }
}

fn product(context: &mut Context, a: TermId, b: TermId) -> TermId {
    let (a, b) = match (context.as_literal(a), context.as_literal(b)) {
        (Some(_), _) => (b, a),
        (None, Some(_)) => (a, b),
        (None, None) => (a.min(b), a.max(b)),
    };
    match context.as_literal(b) {
        Some(Literal::Int(1)) => a,
        _ => context.call("mul", [a, b]),
    }
}

/// `int(value)`.
pub(super) fn int(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    let number = match &arg.kind {
        Kind::Int(_) => return arg.clone(),
        Kind::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => *number as i64,
        Kind::Float(_) => return call.symbolic(),
        Kind::Str(_) => match arg.text().map(|text| text.trim().parse::<i64>()) {
            Some(Ok(number)) => number,
            Some(Err(_)) => return call.error(),
            None => return call.symbolic(),
        },
        Kind::Unknown { .. } if shape::of(call.context, arg) == Some(ParamType::Int) => return arg.clone(),
        Kind::Unknown { .. } => return call.symbolic(),
        _ => return call.error(),
    };
    call.known(Kind::Int(number), arg.basis)
}

/// `float(value)`.
pub(super) fn float(call: &mut Call<'_>) -> Value {
    let [arg] = call.args else { return call.error() };
    let number = match &arg.kind {
        Kind::Float(_) => return arg.clone(),
        Kind::Int(number) => *number as f64,
        Kind::Str(_) => match arg.text().map(|text| text.trim().parse::<f64>()) {
            Some(Ok(number)) if number.is_finite() => number,
            Some(_) => return call.error(),
            None => return call.symbolic(),
        },
        Kind::Unknown { .. } => return call.symbolic(),
        _ => return call.error(),
    };
    call.known(Kind::Float(number), arg.basis)
}

/// `min(numbers...)` or of an array.
pub(super) fn min(call: &mut Call<'_>) -> Value {
    extreme(call, |best, next| next < best)
}

/// `max(numbers...)` or of an array.
pub(super) fn max(call: &mut Call<'_>) -> Value {
    extreme(call, |best, next| next > best)
}

fn extreme(call: &mut Call<'_>, better: fn(i64, i64) -> bool) -> Value {
    let numbers: Vec<Element> = match call.args {
        [array @ Value { kind: Kind::Array(_), .. }] => elements::taken(call.context, array).unwrap_or_default(),
        args => args.iter().cloned().map(Element::One).collect(),
    };
    let mut basis = call.basis();
    let mut best: Option<i64> = None;
    for number in &numbers {
        let Element::One(value) = number else { return call.symbolic() };
        let next = match value.kind {
            Kind::Int(next) => next,
            Kind::Unknown { .. } | Kind::Choice(_) | Kind::Handle(_) | Kind::Float(_) => return call.symbolic(),
            _ => return call.error(),
        };
        basis = basis.max(value.basis);
        best = Some(best.map_or(next, |best| if better(best, next) { next } else { best }));
    }
    match best {
        Some(best) => call.known(Kind::Int(best), basis),
        None => call.error(),
    }
}
