//! `az deployment ... create`, `validate` and `what-if`: which template goes where, and what its parameters are given.

use crate::eval::script::{Command, GivenParameters, Session, TemplateDeployment, build, group, json};
use crate::value::{Context, Origin, Value};

use super::account::{self, Account};
use super::arguments::Arguments;
use super::words::{self, Word};

/// What a command deploys.
pub(super) fn of(
    session: &mut Session<'_>,
    arguments: &Arguments,
    account: &Account,
    command: &Command,
) -> TemplateDeployment {
    let mut parameters = Vec::new();
    for given in arguments.all("--parameters") {
        for word in &given.values {
            given_by(session.context, word, &mut parameters);
        }
    }
    if arguments.open {
        let origin = account.origin;
        parameters.push(GivenParameters::Unknown(build::unknown(session.context, origin)));
    }
    let has_group = arguments.value("--resource-group").is_some() || account::default(session, "group").is_some();
    let group_location = if has_group { group::location(session, &account.group) } else { None };
    TemplateDeployment {
        span: command.span,
        template: arguments.value("--template-file").map(|word| word.value(session.context)),
        parameters,
        subscription: account.subscription.clone(),
        group: has_group.then(|| account.group.clone()),
        group_location,
        location: arguments.value("--location").map(|word| word.value(session.context)),
        conditions: command.conditions.clone(),
        basis: command.basis,
        calls: command.calls.clone(),
        many: command.many,
    }
}

/// What a word gives: a file, an object as JSON, or one value behind its name. Only the file system tells a file from
/// the rest; what has a `=` is taken for a value.
fn given_by(context: &mut Context, word: &Word, into: &mut Vec<GivenParameters>) {
    let whole = word.value(context);
    // A variable without quotes behind the name of a parameter holds one word, else it would be in quotes.
    if word.many && !word.text.front().contains('=') {
        return into.push(GivenParameters::Unknown(whole));
    }
    if word.text.front().trim_start().starts_with(['{', '[']) {
        return match json(context, &word.text) {
            Some(object) => members(context, &object, into),
            None => into.push(GivenParameters::Unknown(whole)),
        };
    }
    let parts = word.text.split_first(context, '=', 1);
    into.push(match (parts.as_slice(), &word.file) {
        ([_], Some(path)) => GivenParameters::File(words::value(context, path, word)),
        ([path], None) => GivenParameters::File(words::value(context, path, word)),
        ([name, value], _) if name.is_known() => GivenParameters::Value {
            name: name.text().unwrap_or_default(),
            span: words::place(context, name, word.span),
            value: words::value(context, value, word),
        },
        _ => GivenParameters::Unknown(whole),
    });
}

/// `{"name": {"value": ...}}`, also inside of `parameters`, as a parameters file has it.
fn members(context: &Context, object: &Value, into: &mut Vec<GivenParameters>) {
    let Some(outer) = object.as_object() else { return };
    let inner = outer.value("parameters").and_then(Value::as_object).unwrap_or(outer);
    for member in &inner.members {
        let Some(name) = member.key.text() else { continue };
        let place = member.key.pieces.first().and_then(|piece| Origin::literal(context, piece.origin));
        let Some(span) = place else { continue };
        let value = member.value.as_object().and_then(|wrapped| wrapped.value("value"));
        into.push(match value {
            Some(value) => GivenParameters::Value { name, span, value: value.clone() },
            // A secret of a vault.
            None => GivenParameters::Value { name, span, value: unknown_of(&member.value) },
        });
    }
}

fn unknown_of(value: &Value) -> Value {
    use crate::value::{Kind, Why};
    Value { kind: Kind::Unknown { term: value.term, why: Why::KnownAtDeployment }, ..value.clone() }
}
