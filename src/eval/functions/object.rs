//! Objects put together and taken apart.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ir::ParamType;
use crate::value::{
    Basis, Choice, Element, Kind, Lookup, Member, Object, Str, Term, TermId, Tri, Value, Verdict, Why, equal,
    equal_text,
};

use super::super::make;
use super::{Call, ELEMENTS, elements, shape};

/// Nesting of objects that are merged.
const DEPTH: u32 = 32;
/// Sides of one value.
const LEAVES: usize = 16;

/// `union(objects...)`: later members win, objects in both are merged, arrays are not.
pub(super) fn union(call: &mut Call<'_>) -> Value {
    if call.args.iter().any(|arg| !matches!(arg.kind, Kind::Object(_) | Kind::Unknown { .. })) {
        return call.error();
    }
    let objects: Vec<Value> = call.args.to_vec();
    fold(call, objects, true)
}

/// `shallowMerge(objects)`: later members win whole.
pub(super) fn shallow_merge(call: &mut Call<'_>) -> Value {
    elements::over_choices(call, shallow_merge_plain)
}

fn shallow_merge_plain(call: &mut Call<'_>) -> Value {
    let [list] = call.args else { return call.error() };
    let Kind::Array(_) = list.kind else {
        return if list.is_unknown() { call.symbolic() } else { call.error() };
    };
    let taken = elements::taken(call.context, list).unwrap_or_default();
    let is_error = |element: &Element| make::cause(element.value()) == Some(Why::Error);
    if taken.iter().any(is_error) {
        return call.error();
    }
    if taken.iter().any(Element::is_many) {
        return call.symbolic();
    }
    let objects: Vec<Value> = taken.iter().map(|element| element.value().clone()).collect();
    let merged = if objects.is_empty() {
        let origin = make::computed_origin(call.context, call.args, call.span);
        make::object(call.context, Vec::new(), origin)
    } else {
        fold(call, objects, false)
    };
    call.resting_on(merged, list.basis)
}

fn fold(call: &mut Call<'_>, objects: Vec<Value>, deep: bool) -> Value {
    let mut rest = objects.into_iter();
    let Some(mut whole) = rest.next() else { return call.error() };
    for layer in rest {
        whole = if matches!(layer.kind, Kind::Unknown { .. }) {
            under_unknown(call, &whole, &layer, deep)
        } else {
            over(call, &whole, &layer, deep, 0)
        };
        if let Kind::Object(object) = &whole.kind
            && object.members.len() > ELEMENTS
        {
            return call.limit();
        }
    }
    whole
}

/// The name of what merges.
const fn merger(deep: bool) -> &'static str {
    if deep { "union" } else { "shallowmerge" }
}

/// A value with another one over it.
fn over(call: &mut Call<'_>, base: &Value, layer: &Value, deep: bool, depth: u32) -> Value {
    if depth > DEPTH || make::leaves(base).saturating_mul(make::leaves(layer)) > LEAVES {
        let mut value = unknown_merge(call, base, layer, deep);
        if let Kind::Unknown { why, .. } = &mut value.kind {
            *why = Why::Limit;
        }
        return value;
    }
    if let Some(choice) = choice_in(base, layer) {
        let sides = [true, false].map(|holds| {
            let base = make::side(base.clone(), choice.condition, holds);
            let layer = make::side(layer.clone(), choice.condition, holds);
            over(call, &base, &layer, deep, depth + 1)
        });
        let [then, other] = sides;
        return make::choose(call.context, choice.condition, choice.condition_origin, then, other);
    }
    match (&base.kind, &layer.kind) {
        // Whatever is over it, it fails.
        (Kind::Unknown { why: Why::Error, .. }, _) => unknown_merge(call, base, layer, deep),
        (Kind::Object(low), Kind::Object(high)) => merge(call, base, low, layer, high, deep, depth),
        (Kind::Unknown { .. } | Kind::Handle(_), Kind::Object(high)) => {
            let low = Object { members: Vec::new(), open: true, scope: None };
            merge(call, base, &low, layer, high, deep, depth)
        }
        (_, Kind::Unknown { .. }) => match shape::of(call.context, layer) {
            Some(ParamType::Object) => under_unknown(call, base, layer, deep),
            None => unknown_merge(call, base, layer, deep),
            Some(_) => layer.clone(),
        },
        // Whether null takes the place of a member isn't documented.
        (_, Kind::Handle(_) | Kind::Null) => unknown_merge(call, base, layer, deep),
        _ => layer.clone(),
    }
}

fn choice_in(base: &Value, layer: &Value) -> Option<Arc<Choice>> {
    match (&base.kind, &layer.kind) {
        (_, Kind::Choice(choice)) | (Kind::Choice(choice), _) => Some(Arc::clone(choice)),
        _ => None,
    }
}

/// Two values merged of which it isn't known what comes of it.
fn unknown_merge(call: &mut Call<'_>, base: &Value, layer: &Value, deep: bool) -> Value {
    make::symbolic(call.context, merger(deep), &[base.clone(), layer.clone()], call.span)
}

/// What makes a key the same: its text without regard to case, or its term.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Text(String),
    Term(TermId),
}

fn key_of(call: &mut Call<'_>, key: &Str) -> Key {
    match key.text() {
        Some(text) => Key::Text(text.to_ascii_lowercase()),
        None => Key::Term(key.term(call.context)),
    }
}

/// The members of both, the layer's over the base's.
fn merge(
    call: &mut Call<'_>,
    base: &Value,
    low: &Object,
    layer: &Value,
    high: &Object,
    deep: bool,
    depth: u32,
) -> Value {
    let mut places: HashMap<Key, usize> = HashMap::with_capacity(low.members.len() + high.members.len());
    let mut members = Vec::with_capacity(low.members.len() + high.members.len());
    for member in &low.members {
        let value = out_of(call, base, member);
        places.insert(key_of(call, &member.key), members.len());
        members.push(Member { key: member.key.clone(), value });
    }
    let mut settled = vec![false; members.len()];
    for member in &high.members {
        let mut value = out_of(call, layer, member);
        let key = key_of(call, &member.key);
        let place = places.get(&key).copied();
        if let Some((earlier, settled)) = place.and_then(|place| members.get_mut(place).zip(settled.get_mut(place))) {
            if deep {
                value = over(call, &earlier.value, &value, deep, depth + 1);
            }
            *earlier = Member { key: member.key.clone(), value };
            *settled = true;
            continue;
        }
        // What the base has under this key isn't known; an object is merged with it.
        if deep && matches!(value.kind, Kind::Object(_)) && (unsure(low) || matches!(key, Key::Term(_))) {
            let key = member.key.term(call.context);
            let below = member_of_unknown(call, base, key);
            value = over(call, &below, &value, deep, depth + 1);
        }
        places.insert(key, members.len());
        members.push(Member { key: member.key.clone(), value });
        settled.push(true);
    }
    if unsure(high) {
        for (member, settled) in members.iter_mut().zip(settled) {
            if !settled && may_hold(call, high, &member.key) {
                cover(call, member, layer, deep);
            }
        }
    }
    built(call, base, layer, members, low.open || high.open, deep)
}

/// Whether an object may hold a key that it doesn't show.
fn unsure(object: &Object) -> bool {
    object.open || object.members.iter().any(|member| !member.key.is_known())
}

/// An object with an unknown one over it: each member may be another's.
fn under_unknown(call: &mut Call<'_>, base: &Value, layer: &Value, deep: bool) -> Value {
    let Kind::Object(low) = &base.kind else { return unknown_merge(call, base, layer, deep) };
    let mut members = Vec::with_capacity(low.members.len());
    for member in &low.members {
        let value = out_of(call, base, member);
        let mut member = Member { key: member.key.clone(), value };
        cover(call, &mut member, layer, deep);
        members.push(member);
    }
    built(call, base, layer, members, true, deep)
}

/// Whether an object whose keys aren't all known may hold a key that it doesn't hold for certain.
fn may_hold(call: &Call<'_>, object: &Object, key: &Str) -> bool {
    object.open
        || object.members.iter().any(|member| {
            let same = equal_text(call.context, &member.key, key);
            !member.key.is_known() && same != Verdict::new(Tri::No, Basis::Fixed)
        })
}

/// A member with an unknown object over it: that object's if it has one of that key.
fn cover(call: &mut Call<'_>, member: &mut Member, layer: &Value, deep: bool) {
    let Some(key) = member.key.text() else {
        member.value = unknown_merge(call, &member.value, layer, deep);
        return;
    };
    if make::leaves(&member.value) >= LEAVES {
        member.value = unknown_merge(call, &member.value, layer, deep);
        return;
    }
    let key_term = call.context.text(&key);
    let above = member_of_unknown(call, layer, key_term);
    let above = match &member.value.kind {
        Kind::Object(_) | Kind::Choice(_) if deep => unknown_merge(call, &member.value, &above, deep),
        _ => above,
    };
    let content = make::content_term(call.context, layer);
    let condition = call.context.call("contains", [content, key_term]);
    member.value = make::choose(call.context, condition, layer.origin, above, member.value.clone());
}

/// What an object of which that isn't known holds under a key.
fn member_of_unknown(call: &mut Call<'_>, object: &Value, key: TermId) -> Value {
    let content = make::content_term(call.context, object);
    let content = call.context.term(Term::Get(content, key));
    let term = call.context.term(Term::Get(object.term, key));
    let why = make::cause(object).unwrap_or(Why::NoValueGiven);
    Value { kind: Kind::Unknown { term: content, why }, term, basis: object.basis, origin: object.origin }
}

/// A member's value as it is outside of its object.
fn out_of(call: &mut Call<'_>, object: &Value, member: &Member) -> Value {
    let key = member.key.term(call.context);
    make::descend(call.context, object, &member.value, key)
}

/// The merged object: its own term if it is all there and firm, else the call's.
fn built(call: &mut Call<'_>, base: &Value, layer: &Value, members: Vec<Member>, open: bool, deep: bool) -> Value {
    let basis = base.basis.max(layer.basis);
    let origin = call.context.made(call.span, [base.origin, layer.origin]);
    if !open && basis == Basis::Fixed {
        return make::object(call.context, members, origin);
    }
    let term = call.context.call(merger(deep), [base.term, layer.term]);
    let object = Object { members, open, scope: None };
    Value { kind: Kind::Object(Arc::new(object)), term, basis, origin }
}

/// `intersection(objects...)`: members that all of them have with the same value.
pub(super) fn intersection(call: &mut Call<'_>) -> Value {
    let Some((first, rest)) = call.args.split_first() else { return call.error() };
    let Some(low) = first.as_object() else { return call.error() };
    let mut structure = call.basis();
    let mut members = Vec::new();
    if low.open {
        return call.symbolic();
    }
    for member in &low.members {
        let Some(key) = member.key.text() else { return call.symbolic() };
        let mut shared = true;
        for other in rest {
            let Some(high) = other.as_object() else { return call.error() };
            let verdict = match high.get(&key) {
                Lookup::Found(found) => equal(call.context, &found.value, &member.value),
                Lookup::Absent => Verdict::new(Tri::No, Basis::Fixed),
                Lookup::Maybe => return call.symbolic(),
            };
            if verdict.is_maybe() {
                return call.symbolic();
            }
            structure = structure.max(verdict.basis);
            shared &= verdict.is_yes();
        }
        if shared {
            let value = out_of(call, first, member);
            members.push(Member { key: member.key.clone(), value });
        }
    }
    let object = Object { members, open: false, scope: None };
    call.known(Kind::Object(Arc::new(object)), structure)
}

/// The keys in alphabetical order without regard to case; those equal so keep their order.
fn sorted(members: &[Member]) -> Option<Vec<&Member>> {
    let mut keyed = Vec::with_capacity(members.len());
    for member in members {
        keyed.push((member.key.text()?.to_uppercase(), member));
    }
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(keyed.into_iter().map(|(_, member)| member).collect())
}

/// The keys in the order in which they are written.
fn written(members: &[Member]) -> Option<Vec<&Member>> {
    members.iter().all(|member| member.key.is_known()).then(|| members.iter().collect())
}

/// `items(object)`: `{key, value}` for each member, by key.
pub(super) fn items(call: &mut Call<'_>) -> Value {
    listed(call, sorted, |call, object, member| {
        let origin = member.key.pieces.first().map_or(member.value.origin, |piece| piece.origin);
        let key = make::string(call.context, member.key.clone(), origin);
        let value = out_of(call, object, member);
        make::record(call.context, vec![("key", key), ("value", value)], origin)
    })
}

/// `objectKeys(object)`.
pub(super) fn object_keys(call: &mut Call<'_>) -> Value {
    listed(call, written, |call, _, member| {
        let origin = member.key.pieces.first().map_or(member.value.origin, |piece| piece.origin);
        make::string(call.context, member.key.clone(), origin)
    })
}

/// One element for each member. Where members may be missing or their order isn't known, any number of unknown ones
/// stand around them.
fn listed(
    call: &mut Call<'_>,
    order: fn(&[Member]) -> Option<Vec<&Member>>,
    of: fn(&mut Call<'_>, &Value, &Member) -> Value,
) -> Value {
    let [arg] = call.args else { return call.error() };
    let Kind::Object(object) = &arg.kind else {
        return if arg.is_unknown() { call.symbolic() } else { call.error() };
    };
    if let (Some(members), false) = (order(&object.members), object.open) {
        let elements = members.into_iter().map(|member| Element::One(of(call, arg, member))).collect();
        return call.array(elements, arg.basis);
    }
    let whole = call.symbolic();
    let rest = Element::Many(elements::each(call.context, &whole));
    let mut elements = vec![rest.clone()];
    for member in &object.members {
        let value = of(call, arg, member);
        // A key that isn't known may be one of the others.
        elements.push(if member.key.is_known() { Element::One(value) } else { Element::Many(value) });
    }
    elements.push(rest);
    call.array(elements, arg.basis)
}
