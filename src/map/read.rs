//! Maps out of evaluated resources.

use super::{Cell, Key, Row, VersionMap};
use crate::azure::{
    DiskKey, Encryption, Estate, Field, ImageVersion, Kind, Reader, SourceLuns, TargetRegion, TargetRegions,
};
use crate::eval::{Evaluation, Resource};
use crate::value::{Context, IdReading, Kind as ValueKind, TermId, Value, World, condition_text};

/// How many combinations of open conditions are drawn at most.
const WORLDS: usize = 8;
/// How many data disks get a column at most; Azure allows 64 for the largest machines.
const COLUMNS: usize = 128;

/// The maps of all image versions that an evaluation deploys, in its order.
pub fn read(evaluation: &mut Evaluation) -> Vec<VersionMap> {
    let Evaluation { context, resources, scenario, .. } = evaluation;
    let estate = Estate::new(context, resources);
    let mut maps = Vec::new();
    for (_, resource) in estate.of_kind(Kind::ImageVersion) {
        let mut of_version = worlds(context, &estate, resource);
        for map in &mut of_version {
            map.scenarios.extend(scenario.iter().map(|name| name.to_string()));
        }
        maps.append(&mut of_version);
    }
    maps
}

/// A table, and the sides of conditions that every world has in which it looks like that.
type Drawn = (VersionMap, Vec<(TermId, bool)>);

fn worlds(context: &mut Context, estate: &Estate<'_>, resource: &Resource) -> Vec<VersionMap> {
    let mut drawn: Vec<Drawn> = Vec::new();
    let limited = World::explore(WORLDS, |mut world| {
        for condition in &resource.conditions {
            world.assume(context, *condition, true);
        }
        let mut reader = Reader { context: &mut *context, estate, world };
        let map = draw(&mut reader, resource);
        let decisions = reader.world.decisions().to_vec();
        match drawn.iter_mut().find(|(known, _)| *known == map) {
            Some((_, sides)) => sides.retain(|side| decisions.contains(side)),
            None => drawn.push((map, decisions)),
        }
        reader.world
    });
    let exists = resource.conditions.iter().map(|condition| (*condition, true));
    let exists: Vec<(TermId, bool)> = exists.collect();
    let mut maps = Vec::with_capacity(drawn.len());
    for (mut map, sides) in drawn {
        let all = exists.iter().chain(&sides);
        map.conditions = all.map(|(condition, side)| condition_text(context, *condition, *side)).collect();
        map.conditions.dedup();
        if limited {
            map.remarks.push(format!("only the first {WORLDS} combinations of open conditions are drawn"));
        }
        maps.push(map);
    }
    maps
}

fn draw(reader: &mut Reader<'_>, resource: &Resource) -> VersionMap {
    let version = ImageVersion::read(reader, resource);
    let regions = version.target_regions(reader);
    let zones = version.edge_zones(reader);
    let mut remarks = Vec::new();
    if resource.many {
        remarks.push("stands for each image version of a loop whose length isn't known".to_owned());
    }
    for (copies, what) in [(&regions, "regions"), (&zones, "edge zones")] {
        if let Some(gap) = &copies.gap {
            remarks.push(format!("there may be other {what}: {}", why(reader, gap)));
        }
    }
    let luns = columns(reader, &version, &regions, &zones, &mut remarks);
    let mut rows: Vec<Row> = Vec::new();
    for region in regions.list.iter().chain(&zones.list) {
        rows.push(row(reader, region, &luns));
    }
    if rows.is_empty() && regions.gap.is_none() && zones.gap.is_none() {
        let region = match version.location(reader) {
            Field::Present(location) => location.as_str().map_or_else(|| "…".to_owned(), |text| reader.shown(text)),
            Field::Absent(_) | Field::Maybe(_) => "…".to_owned(),
        };
        remarks.push("no target region is given: the image is kept where it is made".to_owned());
        rows.push(Row { region, zone: None, many: false, cells: vec![Cell::Platform; luns.len() + 1] });
    }
    let disks = std::iter::once("OS".to_owned()).chain(luns.iter().map(|lun| format!("LUN {lun}"))).collect();
    VersionMap {
        version: resource.shown(reader.context),
        place: resource.type_span,
        conditions: Vec::new(),
        scenarios: Vec::new(),
        disks,
        rows,
        remarks,
    }
}

/// The LUNs of the source and those that a region has keys for, in order.
fn columns(
    reader: &mut Reader<'_>,
    version: &ImageVersion<'_>,
    regions: &TargetRegions,
    zones: &TargetRegions,
    remarks: &mut Vec<String>,
) -> Vec<i64> {
    let mut luns: Vec<i64> = Vec::new();
    let mut known = None;
    match version.source(reader).luns(reader) {
        SourceLuns::Known { luns: source, .. } => {
            luns.extend(source.iter().map(|(lun, _)| *lun));
            known = Some(luns.clone());
        }
        // A source with a name of its own lies elsewhere, whatever its subscription is.
        SourceLuns::Unknown(Some(value)) if reader.name_of(&value).contains('…') => {
            remarks.push(format!("which data disks the source has isn't known: {}", why(reader, &value)));
        }
        SourceLuns::Unknown(_) => {
            remarks.push("which data disks the source has isn't in the files".to_owned());
        }
    }
    for region in regions.list.iter().chain(&zones.list) {
        luns.extend(region.encryption.data.iter().filter_map(|entry| entry.lun.number));
    }
    luns.sort_unstable();
    luns.dedup();
    if luns.len() > COLUMNS {
        remarks.push(format!("{} data disks are left out", luns.len() - COLUMNS));
        luns.truncate(COLUMNS);
    }
    for lun in known.iter().flat_map(|known| luns.iter().filter(|lun| !known.contains(lun))) {
        remarks.push(format!("the source has no data disk at LUN {lun}"));
    }
    luns
}

fn row(reader: &mut Reader<'_>, region: &TargetRegion, luns: &[i64]) -> Row {
    let encryption = &region.encryption;
    let mut cells = vec![cell(reader, &encryption.os, encryption)];
    for lun in luns {
        cells.push(data_cell(reader, *lun, encryption));
    }
    let zone = match &region.zone {
        Some(Field::Present(zone)) => Some(zone.as_str().map_or_else(|| "…".to_owned(), |text| reader.shown(text))),
        Some(_) => Some("…".to_owned()),
        None => None,
    };
    Row { region: region.shown(reader), zone, many: region.many, cells }
}

/// The keys of a disk, or that it has none.
fn cell(reader: &mut Reader<'_>, key: &DiskKey, encryption: &Encryption) -> Cell {
    let mut keys = Vec::new();
    let mut doubt = None;
    for (field, confidential) in [(&key.des, false), (&key.confidential_des, true)] {
        match field {
            Field::Present(value) => keys.push(read_key(reader, value, confidential)),
            Field::Maybe(value) => doubt = doubt.or_else(|| Some(why(reader, value))),
            Field::Absent(_) => {}
        }
    }
    match doubt {
        _ if !keys.is_empty() => Cell::Customer(keys),
        Some(because) => Cell::Unknown(because),
        None if key.foreign || encryption.foreign => {
            Cell::Unknown("`encryption` holds a member that Azure doesn't know".to_owned())
        }
        None => Cell::Platform,
    }
}

fn data_cell(reader: &mut Reader<'_>, lun: i64, encryption: &Encryption) -> Cell {
    let entries = encryption.data.iter().filter(|entry| entry.lun.number == Some(lun));
    let cells: Vec<Cell> = entries.map(|entry| cell(reader, &entry.key, encryption)).collect();
    if let Some(found) = cells.iter().find(|cell| matches!(cell, Cell::Customer(_))) {
        return found.clone();
    }
    let unsure = encryption.data.iter().find(|entry| entry.lun.number.is_none());
    if let Some(hidden) = encryption.data_gap.as_ref().or_else(|| unsure.and_then(|entry| entry.lun.field.unknown())) {
        return Cell::Unknown(why(reader, hidden));
    }
    if unsure.is_some() {
        return Cell::Unknown("an entry of `dataDiskImages` says no LUN".to_owned());
    }
    if let Some(found) = cells.into_iter().next() {
        return found;
    }
    match &encryption.data_field {
        Field::Maybe(value) => Cell::Unknown(why(reader, value)),
        _ if encryption.foreign => Cell::Unknown("`encryption` holds a member that Azure doesn't know".to_owned()),
        _ => Cell::Platform,
    }
}

fn read_key(reader: &mut Reader<'_>, value: &Value, confidential: bool) -> Key {
    let id = value.as_str().map_or_else(|| "…".to_owned(), |text| reader.shown(text));
    let mut set = reader.name_of(value);
    let mut because = None;
    if set.contains('…') {
        because = Some({
            let name = name_alone(reader, value);
            why(reader, &name)
        });
        if set.chars().all(|char| char == '…') {
            "unknown set".clone_into(&mut set);
        }
    }
    Key { set, id, confidential, because }
}

/// The reference, or only the name in it where it is an id: why the name isn't known may have nothing to do with where
/// the set lies.
fn name_alone(reader: &mut Reader<'_>, value: &Value) -> Value {
    let mut alone = value.clone();
    if let Some(text) = value.as_str()
        && let IdReading::Id(id) = reader.id(text)
        && let Some(name) = id.name()
    {
        alone.kind = ValueKind::Str(name.clone());
    }
    alone
}

/// Because of what a value isn't known.
fn why(reader: &Reader<'_>, value: &Value) -> String {
    crate::value::because_of(reader.context, value)
}
