//! `New-AzResourceGroupDeployment` and its like: which template goes where, and what its parameters are given.

use crate::eval::script::{Command, GivenParameters, Session, TemplateDeployment, build, group};
use crate::value::{Context, Kind, Origin, Str, Value};

use super::binding::Bound;

/// Behind a template's parameter whose name the cmdlet has, too.
const OF_TEMPLATE: &str = "FromTemplate";

/// What a command deploys. Parameters of the template win over the file, and this over the object.
pub(super) fn of(session: &mut Session<'_>, bound: &Bound, subscription: Str, command: &Command) -> TemplateDeployment {
    let context = &mut *session.context;
    let mut parameters = Vec::new();
    let origin = context.written(command.span);
    if bound.open || bound.get("TemplateParameterUri").is_some() {
        parameters.push(GivenParameters::Unknown(build::unknown(context, origin)));
    }
    if let Some(object) = bound.value("TemplateParameterObject") {
        members(context, object, command, &mut parameters);
    }
    if let Some(path) = bound.value("TemplateParameterFile") {
        parameters.push(GivenParameters::File(path.clone()));
    }
    parameters.extend(bound.others.iter().map(|other| GivenParameters::Value {
        name: other.name.strip_suffix(OF_TEMPLATE).map_or_else(|| other.name.clone(), Into::into),
        span: other.span,
        value: other.value.clone(),
    }));
    let group = bound.value("ResourceGroupName").cloned();
    let group = group.and_then(|group| build::pieces(context, &group));
    let group_location = group.as_ref().and_then(|name| group::location(session, name));
    TemplateDeployment {
        span: command.span,
        template: bound.value("TemplateFile").cloned(),
        parameters,
        subscription,
        group,
        group_location,
        location: bound.value("Location").cloned(),
        conditions: command.conditions.clone(),
        basis: command.basis,
        calls: command.calls.clone(),
        many: command.many,
    }
}

/// A hashtable's members are values of parameters.
fn members(context: &Context, object: &Value, command: &Command, into: &mut Vec<GivenParameters>) {
    let Kind::Object(object) = &object.kind else { return into.push(GivenParameters::Unknown(object.clone())) };
    let written = |key: &Str| key.pieces.first().and_then(|piece| Origin::literal(context, piece.origin));
    let known = object.members.iter().filter_map(|member| Some((member.key.text()?, member)));
    let is_open = object.open || object.members.iter().any(|member| !member.key.is_known());
    if is_open {
        let whole = object.members.first().map(|member| member.value.clone());
        into.extend(whole.map(GivenParameters::Unknown));
    }
    into.extend(known.map(|(name, member)| GivenParameters::Value {
        name,
        span: written(&member.key).unwrap_or(command.span),
        value: member.value.clone(),
    }));
}
