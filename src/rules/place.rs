//! Where to point at a reference to another resource.

use crate::azure::Reader;
use crate::text::Span;
use crate::value::{IdReading, Origin, StepKind, Value};

/// The place of a reference: the literal or expression that it came from; where only its name came from elsewhere (a
/// variable, a parameter, an item of a loop), that. If `other`, with which it conflicts, came from the very same
/// place, the fault isn't there but where it is used.
pub(super) fn reference(reader: &mut Reader<'_>, value: &Value, other: Option<&Value>) -> Option<Span> {
    let found = origin(reader, value);
    let shared = other.is_some_and(|other| origin(reader, other) == found);
    if shared {
        let uses = Origin::way(reader.context, value.origin);
        return uses.iter().rev().find(|step| step.kind == StepKind::Use).map(|step| step.span).or(found);
    }
    found
}

fn origin(reader: &mut Reader<'_>, value: &Value) -> Option<Span> {
    let whole = reader.place(value)?;
    let Some(string) = value.as_str().cloned() else { return Some(whole) };
    let IdReading::Id(id) = reader.id(&string) else { return Some(whole) };
    match id.name().and_then(|name| reader.place_of(name)) {
        Some(name) if !whole.contains(name) => Some(name),
        _ => Some(whole),
    }
}
