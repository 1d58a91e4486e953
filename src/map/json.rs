//! Maps as JSON: a contract, described by `docs/schema/map.schema.json`. Members are only ever added within one
//! `version`.

use serde::Serialize;

use super::{Cell, Key, Row, VersionMap};
use crate::text::{Place, Sources, visible_json};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    image_versions: Vec<VersionOut<'a>>,
}

#[derive(Serialize)]
struct VersionOut<'a> {
    name: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    conditions: &'a [String],
    scenarios: &'a [String],
    disks: &'a [String],
    regions: Vec<RowOut<'a>>,
    remarks: &'a [String],
}

#[derive(Serialize)]
struct RowOut<'a> {
    name: &'a str,
    zone: Option<&'a str>,
    copy: bool,
    keys: Vec<CellOut<'a>>,
}

#[derive(Serialize)]
struct CellOut<'a> {
    kind: &'static str,
    sets: Vec<KeyOut<'a>>,
    because: Option<&'a str>,
}

#[derive(Serialize)]
struct KeyOut<'a> {
    name: &'a str,
    id: &'a str,
    confidential: bool,
    because: Option<&'a str>,
}

/// Writes the document.
pub(super) fn render(sources: &Sources, maps: &[VersionMap]) -> String {
    let image_versions = maps.iter().map(|map| VersionOut {
        name: &map.version,
        place: Place::of(sources, map.place),
        conditions: &map.conditions,
        scenarios: &map.scenarios,
        disks: &map.disks,
        regions: map.rows.iter().map(RowOut::new).collect(),
        remarks: &map.remarks,
    });
    let document = Document { version: 1, image_versions: image_versions.collect() };
    // Serialising plain data to memory can't fail.
    let mut out = visible_json(&serde_json::to_string_pretty(&document).unwrap_or_default());
    out.push('\n');
    out
}

impl<'a> RowOut<'a> {
    fn new(row: &'a Row) -> Self {
        let keys = row.cells.iter().map(CellOut::new).collect();
        Self { name: &row.region, zone: row.zone.as_deref(), copy: row.many, keys }
    }
}

impl<'a> CellOut<'a> {
    fn new(cell: &'a Cell) -> Self {
        match cell {
            Cell::Customer(keys) => {
                Self { kind: "customer", sets: keys.iter().map(KeyOut::new).collect(), because: None }
            }
            Cell::Platform => Self { kind: "platform", sets: Vec::new(), because: None },
            Cell::Unknown(because) => Self { kind: "unknown", sets: Vec::new(), because: Some(because) },
        }
    }
}

impl<'a> KeyOut<'a> {
    fn new(key: &'a Key) -> Self {
        Self { name: &key.set, id: &key.id, confidential: key.confidential, because: key.because.as_deref() }
    }
}
