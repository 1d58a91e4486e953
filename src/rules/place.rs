//! Where to point at a reference to another resource.

use crate::azure::{Kind, Reader};
use crate::text::Span;
use crate::value::{IdReading, Origin, Str, Value};

/// Where a reference was written: the literal or expression that it came from; where only its name came from elsewhere
/// (a variable, a parameter, an item of a loop), that. What the declaration of the other resource calls it is no fault
/// of that declaration.
pub(super) fn written(reader: &mut Reader<'_>, value: &Value) -> Option<Span> {
    let whole = reader.place(value)?;
    let Some(string) = value.as_str().cloned() else { return Some(whole) };
    let IdReading::Id(id) = reader.id(&string) else { return Some(whole) };
    let Some(name) = id.name() else { return Some(whole) };
    match reader.place_of(name) {
        Some(place) if !whole.contains(place) && !is_declared(reader, value, name) => Some(place),
        _ => Some(whole),
    }
}

/// What a disk may be encrypted with or made from.
const REFERRED: [Kind; 5] =
    [Kind::DiskEncryptionSet, Kind::Snapshot, Kind::Disk, Kind::ManagedImage, Kind::ImageVersion];

/// Whether a name is written, just so, in the declaration of the resource that has it.
fn is_declared(reader: &mut Reader<'_>, value: &Value, name: &Str) -> bool {
    let steps = |origin| Origin::way(reader.context, origin).len();
    let direct = name.pieces.first().is_some_and(|piece| steps(piece.origin) <= steps(value.origin));
    let place = reader.place_of(name);
    direct
        && REFERRED.iter().any(|kind| {
            let found = reader.find(*kind, value);
            found.is_some_and(|found| found.resource.name.span(reader.context) == place)
        })
}

/// Where a resource is taken from: where its id was written, or where what the command that made it gave is used.
pub(super) fn taken(reader: &mut Reader<'_>, value: &Value) -> Option<Span> {
    let place = reader.place(value)?;
    let is_made = |kind: &Kind| reader.find(*kind, value).is_some_and(|found| found.resource.span == place);
    let used = if REFERRED.iter().any(is_made) { Origin::reference(reader.context, value.origin) } else { None };
    used.or(Some(place))
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

/// The same beside one other reference: where both were written at one place, the fault is where their ways part.
pub(super) fn reference_beside(reader: &mut Reader<'_>, value: &Value, other: &Value) -> Option<Span> {
    let found = written(reader, value);
    if found.is_none() || found != written(reader, other) {
        return found;
    }
    let used = Origin::reference(reader.context, value.origin);
    let parting = || Origin::parting(reader.context, value.origin, other.origin);
    let alike = used == Origin::reference(reader.context, other.origin);
    let apart = if alike { parting() } else { None };
    apart.or(used).or(found)
}
