//! Options whose values are members of a request as they are, or ids by their names.

use crate::eval::script::build::{self, Body};
use crate::eval::script::{Session, group};
use crate::value::{Basis, Context, Element, Kind, Literal, Str, Value, Why};

use super::account::{Account, default};
use super::arguments::{Arguments, Occurrence};
use super::words::{self, Word, integer};

/// Where an option's value goes, and what it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    /// As it is.
    Text(&'static str),
    /// An integer.
    Number(&'static str),
    /// True or false; true where nothing is said.
    Truth(&'static str),
    /// An id, by its name in the group too: the type and the member.
    Id(&'static str, &'static str),
    /// That member of each element of a list, by name or id.
    Ids(&'static str, &'static str, &'static str),
}

/// A part of a word as a number, where it is one.
pub(super) fn number(context: &mut Context, part: &Str, word: &Word) -> Value {
    let value = words::value(context, part, word);
    let Some(number) = part.text().and_then(|text| integer(&text)) else { return value };
    let term = if context.is_closed(value.term) { context.literal(Literal::Int(number)) } else { value.term };
    Value { kind: Kind::Int(number), term, ..value }
}

/// The location: as given, as configured, or the resource group's.
pub(super) fn location(session: &mut Session<'_>, account: &Account, arguments: &Arguments) -> Value {
    if let Some(word) = arguments.value("--location").filter(|word| !word.text.is_empty()) {
        return word.value(session.context);
    }
    if let Some(text) = default(session, "location") {
        let origin = text.pieces.first().map_or(account.origin, |piece| piece.origin);
        return build::string(session.context, text, origin);
    }
    if let Some(location) = group::location(session, &account.group) {
        return location;
    }
    let subscription = account.subscription.term(session.context);
    let group = account.group.term(session.context);
    let whole = session.context.call("resourcegroup", [subscription, group]);
    let member = session.context.text("location");
    let term = session.context.member(whole, member);
    let why = Why::KnownAtDeployment;
    Value { kind: Kind::Unknown { term, why }, term, basis: Basis::Fixed, origin: account.origin }
}

/// `--tags name=value`.
pub(super) fn set_tags(context: &mut Context, given: &Occurrence, body: &mut Body) {
    let mut tags = Body::default();
    for word in &given.values {
        let parts = word.text.split_first(context, '=', 1);
        let Some(name) = parts.first().and_then(Str::text).filter(|_| !word.many) else {
            tags.leave_open();
            continue;
        };
        let value = parts.get(1).cloned().unwrap_or_default();
        let value = words::value(context, &value, word);
        // A name with a dot is one name.
        tags.set_whole(&name, value.origin, value);
    }
    let origin = context.written(given.span);
    let tags = tags.finish(context, origin);
    body.set("tags", origin, tags);
}

/// Sets the members of the options of a table that are given.
pub(super) fn members(
    context: &mut Context,
    account: &Account,
    arguments: &Arguments,
    table: &[(&str, To)],
    body: &mut Body,
) {
    for (option, to) in table {
        let Some(given) = arguments.last(option) else { continue };
        let key = context.written(given.span);
        let word = given.values.first();
        let (path, value) = match (to, word) {
            (To::Text(path), Some(word)) => (path, word.value(context)),
            (To::Number(path), Some(word)) => (path, number(context, &word.text, word)),
            (To::Truth(path), _) => (path, truth(context, given)),
            (To::Id(ty, path), Some(word)) => (path, account.name_or_id(context, ty, &word.text, word)),
            (To::Ids(ty, list, path), Some(_)) => (list, listed(context, account, given, (ty, path))),
            (_, None) => continue,
        };
        body.set(path, key, value);
    }
}

/// What a switch with or without a value says.
pub(super) fn truth(context: &mut Context, given: &Occurrence) -> Value {
    let said = given.values.first();
    let known = match said {
        None => Some(true),
        Some(word) => match word.known().map(|text| text.to_lowercase()).as_deref() {
            Some("true" | "t" | "yes" | "y" | "1") => Some(true),
            Some("false" | "f" | "no" | "n" | "0") => Some(false),
            _ => None,
        },
    };
    let origin = context.written(said.map_or(given.span, |word| word.span));
    match (known, said) {
        (Some(truth), _) => {
            let term = context.literal(Literal::Bool(truth));
            let kind = Kind::Bool(truth);
            Value { kind, term, basis: Basis::Fixed, origin }
        }
        (None, Some(word)) => word.value(context),
        (None, None) => build::unknown(context, origin),
    }
}

/// A list whose elements hold an id at a path.
fn listed(context: &mut Context, account: &Account, given: &Occurrence, (ty, path): (&str, &str)) -> Value {
    let mut elements = Vec::with_capacity(given.values.len());
    for (at, word) in given.values.iter().enumerate() {
        let mut element = Body::default();
        let origin = words::origin(context, &word.text, word);
        let id = account.name_or_id(context, ty, &word.text, word);
        if !word.many {
            let lun = context.literal(Literal::Int(at as i64));
            let lun = Value { kind: Kind::Int(at as i64), term: lun, basis: Basis::Fixed, origin };
            element.set("lun", origin, lun);
        }
        element.set(path, origin, id);
        let element = element.finish(context, origin);
        elements.push(if word.many { Element::Many(element) } else { Element::One(element) });
    }
    let origin = context.written(given.span);
    build::array(context, elements, origin)
}
