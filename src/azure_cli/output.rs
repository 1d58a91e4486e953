//! What commands print, where the words tell it: `--query id --output tsv` of what has a known id.

use crate::eval::script::build;
use crate::text::Span;
use crate::value::{Context, ResourceId, Value};

use super::arguments::Arguments;

/// What a command about a resource prints; `None` where only the resource would tell.
pub(super) fn of_resource(
    context: &mut Context,
    arguments: &Arguments,
    id: &ResourceId,
    names: &[&str],
    span: Span,
) -> Option<Value> {
    if arguments.value("--output")?.known()?.as_ref() != "tsv" {
        return None;
    }
    let query = arguments.value("--query")?.known()?;
    let origin = context.made(span, []);
    match query.trim_matches(['[', ']']) {
        "id" => {
            let text = id.text(context, origin);
            let origin = context.written(span);
            Some(build::string(context, text, origin))
        }
        "name" => Some(arguments.value(names.last()?)?.value(context)),
        "location" => Some(arguments.value("--location")?.value(context)),
        _ => None,
    }
}
