//! Where to point at a reference to another resource.

use crate::azure::Reader;
use crate::text::Span;
use crate::value::{IdReading, Origin, Value};

/// Where a reference was written: the literal or expression that it came from; where only its name came from elsewhere
/// (a variable, a parameter, an item of a loop), that.
pub(super) fn written(reader: &mut Reader<'_>, value: &Value) -> Option<Span> {
    let whole = reader.place(value)?;
    let Some(string) = value.as_str().cloned() else { return Some(whole) };
    let IdReading::Id(id) = reader.id(&string) else { return Some(whole) };
    match id.name().and_then(|name| reader.place_of(name)) {
        Some(name) if !whole.contains(name) => Some(name),
        _ => Some(whole),
    }
}

/// Where to point at a reference that is wrong where it stands, if `others` are right, or wrong in turn: where it was
/// written, unless one of them was written there, too. Then it is at fault where it is used.
pub(super) fn reference(reader: &mut Reader<'_>, value: &Value, others: &[Option<Span>]) -> Option<Span> {
    let found = written(reader, value);
    if found.is_some() && others.contains(&found) {
        return Origin::reference(reader.context, value.origin).or(found);
    }
    found
}
