//! CMK203: `encryption` of one region names a LUN twice.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{DataDiskKey, ImageVersion, Kind, TargetRegions, basis_of};
use crate::finding::{Change, Format, Remedy};
use crate::text::Span;
use crate::value::{Basis, OriginId};

pub(super) struct DuplicateEncryptionLun;

struct RepeatedLun {
    lun: i64,
    region: String,
    place: Option<Span>,
    first: Option<Span>,
    /// The entry, where the first says the same.
    repeat: Option<Remedy>,
    origin: OriginId,
    basis: Basis,
}

impl Rule for DuplicateEncryptionLun {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let copies = version.copies(&mut check.reader);
        for copy in &copies.list {
            let mut seen: Vec<(i64, &DataDiskKey)> = Vec::new();
            for entry in &copy.encryption.data {
                let Some(value) = entry.lun.field.present() else { continue };
                let Some(lun) = entry.lun.number.filter(|_| !entry.many) else {
                    if entry.lun.field.unknown().is_some() && copy.encryption.data.len() > 1 {
                        check.undecided(value);
                    }
                    continue;
                };
                let earlier = seen.iter().find(|(number, _)| *number == lun);
                let Some((_, earlier)) = earlier else {
                    seen.push((lun, entry));
                    continue;
                };
                let first = earlier.lun.field.present();
                let repeat = repeat(earlier, entry, check);
                let fact = RepeatedLun {
                    lun,
                    region: copy.shown(&check.reader),
                    place: check.reader.place(value),
                    first: first.and_then(|first| check.reader.place(first)),
                    repeat,
                    origin: value.origin,
                    basis: basis_of(value).max(first.map_or(Basis::Fixed, basis_of)),
                };
                check.report(&fact);
            }
        }
    }
}

/// Whether a region names a LUN twice: one of them was meant for another disk.
pub(super) fn names_lun_twice(copies: &TargetRegions) -> bool {
    copies.list.iter().any(|copy| {
        let mut luns: Vec<i64> = copy.encryption.data.iter().filter_map(|entry| entry.lun.number).collect();
        let count = luns.len();
        luns.sort_unstable();
        luns.dedup();
        luns.len() < count
    })
}

/// What removes an entry that says what an earlier one says.
fn repeat(earlier: &DataDiskKey, entry: &DataDiskKey, check: &Check<'_>) -> Option<Remedy> {
    let value = |entry: &DataDiskKey| entry.key.field.present().map(|value| value.term);
    if value(earlier)? != value(entry)? {
        return None;
    }
    let (whole, lun, set) = (entry.key.field.present()?, entry.lun.field.present()?, entry.key.des.present()?);
    let place = |value| check.reader.place(value);
    let (at, change) = match check.resource.format {
        Format::Az => {
            let (lun, set) = (place(lun)?, place(set)?);
            (Span { end: set.end.max(lun.end), ..lun }, Change::DropPair)
        }
        _ => (place(whole)?, Change::DropItem),
    };
    Some(Remedy { safe: true, at, change })
}

impl Fact for RepeatedLun {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let (lun, region) = (self.lun, &self.region);
        words.message(format!("encryption for `{region}` names LUN {lun} twice"));
        words.primary(self.place, format!("LUN {lun} again"));
        words.label(self.first, format!("LUN {lun} for the first time"));
        words.way(self.origin);
        words.note("the service refuses a LUN that appears twice in one region");
        words.determined(self.repeat.clone());
        words.help("give each data disk one entry, with its own LUN");
    }
}
