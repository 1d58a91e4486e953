//! Which key encrypts which disk of an image version in which region: the picture behind the checks.
//!
//! [`read()`] takes an evaluation and gives a table for each image version, [`joined`] makes one of those that differ in
//! nothing, [`render`] writes them. A map judges nothing: a cell says what would be deployed, and because of what it
//! can't be told.

mod html;
mod human;
mod json;
mod markdown;
mod read;

pub use read::read;

use std::collections::BTreeMap;

use crate::text::{Sources, Span};

/// How a map is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// Tables for a terminal.
    #[default]
    Human,
    /// The contract that `docs/schema/map.schema.json` describes.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// A page that needs nothing else.
    Html,
}

/// The keys of one image version, as one side of the conditions that it hangs on has them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VersionMap {
    /// Its full name for people.
    pub version: String,
    /// Where it is declared.
    pub place: Span,
    /// Conditions under which it looks like this.
    pub conditions: Vec<String>,
    /// The parameters files for which it looks like this; empty with defaults only.
    pub scenarios: Vec<String>,
    /// One column each, the operating system's disk first.
    pub disks: Vec<String>,
    /// One row for each region and edge zone.
    pub rows: Vec<Row>,
    /// What is to be known beside the table: what may be missing from it.
    pub remarks: Vec<String>,
}

/// A region or edge zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// The region's name.
    pub region: String,
    /// The edge zone's name.
    pub zone: Option<String>,
    /// Whether it stands for any number of regions.
    pub many: bool,
    /// One for each disk.
    pub cells: Vec<Cell>,
}

/// What encrypts a disk in a region.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cell {
    /// Keys of the customer's; never empty.
    Customer(Vec<Key>),
    /// A key that Microsoft keeps.
    Platform,
    /// Can't be told, because of this.
    Unknown(String),
}

/// A disk encryption set as an image version refers to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    /// Its name, `…` for what isn't known of it.
    pub set: String,
    /// Its id, likewise.
    pub id: String,
    /// Whether it is the set for confidential machines.
    pub confidential: bool,
    /// Because of what it isn't known wholly.
    pub because: Option<String>,
}

impl Row {
    /// What the row is called.
    fn title(&self) -> String {
        let each = if self.many { " (each of a loop)" } else { "" };
        match &self.zone {
            Some(zone) => format!("{}, edge zone {zone}{each}", self.region),
            None => format!("{}{each}", self.region),
        }
    }
}

impl Key {
    /// The set, with what it is for where that isn't plain.
    fn title(&self) -> String {
        if self.confidential { format!("{} (confidential VM)", self.set) } else { self.set.clone() }
    }
}

impl VersionMap {
    /// The sets in it, each once, in the order of the table.
    fn keys(&self) -> Vec<&Key> {
        let mut keys: Vec<&Key> = Vec::new();
        for cell in self.rows.iter().flat_map(|row| &row.cells) {
            let Cell::Customer(of_cell) = cell else { continue };
            for key in of_cell {
                let says_something = key.id.chars().any(|char| char != '…');
                if says_something && !keys.iter().any(|known| known.id == key.id) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// When it looks like this, in words; `None` if always.
    fn when(&self) -> Option<String> {
        let conditions = self.conditions.join(" and ");
        (!conditions.is_empty()).then(|| format!("when {conditions}"))
    }

    /// Where it is declared, for people.
    fn place_text(&self, sources: &Sources) -> String {
        let source = sources.get(self.place.source);
        format!("{}:{}", source.name(), source.place(self.place.start).line)
    }

    /// For which parameters files it looks like this, in words.
    fn with(&self) -> Option<String> {
        (!self.scenarios.is_empty()).then(|| format!("with {}", self.scenarios.join(", ")))
    }
}

/// Makes one of those that are the same but for the parameters file, and puts them in the order of their places.
pub fn joined(maps: impl IntoIterator<Item = VersionMap>) -> Vec<VersionMap> {
    let mut by_version: BTreeMap<(Span, String), Vec<VersionMap>> = BTreeMap::new();
    for map in maps {
        let of_version = by_version.entry((map.place, map.version.clone())).or_default();
        let same = of_version.iter_mut().find(|known| {
            known.conditions == map.conditions
                && (&known.disks, &known.rows, &known.remarks) == (&map.disks, &map.rows, &map.remarks)
        });
        match same {
            Some(known) => {
                for scenario in map.scenarios {
                    if !known.scenarios.contains(&scenario) {
                        known.scenarios.push(scenario);
                    }
                }
            }
            None => of_version.push(map),
        }
    }
    by_version.into_values().flatten().collect()
}

/// Writes maps. `ids` adds the whole ids of the sets where a form doesn't have them anyway.
pub fn render(sources: &Sources, maps: &[VersionMap], form: Form, ids: bool) -> String {
    match form {
        Form::Human => human::render(sources, maps, ids),
        Form::Json => json::render(sources, maps),
        Form::Markdown => markdown::render(sources, maps, ids),
        Form::Html => html::render(sources, maps),
    }
}

/// Said where there is nothing to draw.
const NOTHING: &str = "no image version is deployed here";

#[cfg(test)]
mod samples;
