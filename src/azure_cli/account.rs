//! What commands leave behind on the machine: the subscription that was chosen and the configured defaults; and the
//! ids of resources by their names.

use std::sync::Arc;

use crate::eval::script::{Session, build};
use crate::text::Span;
use crate::value::{Ambient, Context, IdScope, Kind, Origin, OriginId, ResourceId, Str, Term, Value, Why};

use super::arguments::Arguments;
use super::words::{self, Word};

const SUBSCRIPTION: &str = "az/subscription";
const DEFAULTS: &str = "az/defaults/";

/// Where a command works.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The subscription's id.
    pub(super) subscription: Str,
    /// The resource group's name.
    pub(super) group: Str,
    /// For what the command adds of its own: the front of an id, and the like.
    pub(super) origin: OriginId,
}

impl Account {
    /// Where a command with those arguments works. `given` is the subscription that the user named.
    pub(super) fn of(session: &mut Session<'_>, arguments: &Arguments, given: Option<&Arc<str>>, span: Span) -> Self {
        let origin = session.context.made(span, []);
        let group = match arguments.value("--resource-group") {
            Some(word) => word.text.clone(),
            None => default(session, "group").unwrap_or_else(|| {
                let term = session.context.term(Term::Ambient(Ambient::ResourceGroup));
                Str::symbol(term, origin)
            }),
        };
        let subscription = match arguments.value("--subscription") {
            Some(word) => {
                let value = word.value(session.context);
                let value = by_name_or_id(session.context, value);
                build::pieces(session.context, &value)
            }
            None => None,
        };
        let subscription = subscription.unwrap_or_else(|| chosen(session, given, origin));
        Self { subscription, group, origin }
    }

    /// The id of a resource of the group.
    pub(super) fn id(&self, context: &mut Context, ty: &str, names: Vec<Str>) -> ResourceId {
        let scope = IdScope::ResourceGroup { subscription: self.subscription.clone(), group: self.group.clone() };
        ResourceId { scope, ty: Str::fixed(context, ty, self.origin), names }
    }

    /// What a word names: the word itself where it is an id already, else the id of what has that name in the group.
    /// A word of which only the end is known is left as it is.
    pub(super) fn name_or_id(&self, context: &mut Context, ty: &str, part: &Str, word: &Word) -> Value {
        let is_name = match part.text() {
            Some(text) => !is_resource_id(&text),
            None => {
                let front = part.front();
                !front.is_empty() && !front.starts_with('/')
            }
        };
        if !is_name {
            return words::value(context, part, word);
        }
        let id = self.id(context, ty, vec![part.clone()]).text(context, self.origin);
        // An empty name leaves its slash at the end.
        let origin = words::origin(context, part, word);
        build::string(context, id, origin)
    }
}

/// The subscription that is in effect without `--subscription`.
pub(super) fn chosen(session: &mut Session<'_>, given: Option<&Arc<str>>, origin: OriginId) -> Str {
    let chosen = session.machine.get(SUBSCRIPTION).filter(|value| !value.is_null()).cloned();
    if let Some(chosen) = chosen.and_then(|value| build::pieces(session.context, &value)) {
        return chosen;
    }
    match given {
        Some(id) => {
            let origin = session.context.add_origin(Origin::External("--subscription".into()));
            Str::fixed(session.context, id, origin)
        }
        None => {
            let term = session.context.term(Term::Ambient(Ambient::SubscriptionId));
            Str::symbol(term, origin)
        }
    }
}

/// `az account set`.
pub(super) fn choose(session: &mut Session<'_>, word: &Word) {
    let value = word.value(session.context);
    let value = by_name_or_id(session.context, value);
    session.machine.insert(SUBSCRIPTION.into(), value);
}

/// A subscription by its id, or by its name: a name tells nothing about the id, but the same name is the same
/// subscription.
fn by_name_or_id(context: &mut Context, value: Value) -> Value {
    if value.text().is_none_or(|text| is_guid(&text)) {
        return value;
    }
    let term = context.call("subscriptionnamed", [value.term]);
    Value { kind: Kind::Unknown { term, why: Why::KnownAtDeployment }, term, ..value }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|char| char.is_ascii_hexdigit() || char == '-')
}

/// A configured default.
pub(super) fn default(session: &mut Session<'_>, name: &str) -> Option<Str> {
    let value = session.machine.get(&*format!("{DEFAULTS}{name}")).filter(|value| !value.is_null()).cloned()?;
    build::pieces(session.context, &value).filter(|text| !text.is_empty())
}

/// `az configure --defaults name=value`, `az config set defaults.name=value`: `prefix` is what stands before names.
pub(super) fn set_defaults(session: &mut Session<'_>, words: &[Word], prefix: &str) {
    for word in words {
        let parts = word.text.split_first(session.context, '=', 1);
        let [name, value] = parts.as_slice() else { continue };
        let Some(name) = name.text() else { continue };
        let Some(name) = name.strip_prefix(prefix) else { continue };
        let value = words::value(session.context, value, word);
        session.machine.insert(format!("{DEFAULTS}{name}").into(), value);
    }
}

/// Whether the CLI takes a text for the id of a resource, of whatever type.
pub(super) fn is_resource_id(text: &str) -> bool {
    let segments: Vec<&str> = text.split('/').collect();
    let is = |at: usize, word: &str| segments.get(at).is_some_and(|segment| segment.eq_ignore_ascii_case(word));
    let full = |at: usize| segments.get(at).is_some_and(|segment| !segment.is_empty());
    if !(is(0, "") && is(1, "subscriptions") && full(2)) {
        return false;
    }
    let mut at = 3;
    if is(at, "resourceGroups") && full(at + 1) {
        at += 2;
    }
    if at == segments.len() {
        return true;
    }
    if !(is(at, "providers") && full(at + 1) && full(at + 3)) {
        return false;
    }
    at += 4;
    while at < segments.len() {
        if is(at, "providers") && full(at + 1) && full(at + 3) {
            at += 4;
        } else if full(at + 1) {
            at += 2;
        } else {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_resource_id;

    #[test]
    fn ids_are_those_that_the_cli_takes_for_one() {
        for id in [
            "/subscriptions/s",
            "/Subscriptions/s/ResourceGroups/g",
            "/subscriptions/s/resourceGroups/g/providers/n/t/x",
            "/subscriptions/s/providers/n/t/x/u/y",
            "/subscriptions/s/resourceGroups/g/providers/n/t/x/providers/m/u/y",
            "/subscriptions/s/resourceGroups/g/providers/n/t/x/providers/y",
        ] {
            assert!(is_resource_id(id), "{id}");
        }
        for name in [
            "",
            "x",
            "subscriptions/s/resourceGroups/g",
            "/subscriptions/s/",
            "/subscriptions/s/resourceGroups/g/",
            "/subscriptions/s/resourceGroups/g/providers/n/t/x/",
            "/subscriptions/s/resourceGroups/g/providers/n/t",
            "/subscriptions/s/resourceGroups/g/providers/n/t/x/u",
            "/subscriptions//resourceGroups/g",
        ] {
            assert!(!is_resource_id(name), "{name}");
        }
    }
}
