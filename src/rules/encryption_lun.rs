//! CMK202: `encryption` names a LUN that the source doesn't have.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{ImageVersion, Kind, SourceLuns, TargetRegions};
use crate::text::Span;
use crate::value::{Basis, OriginId, Value};

pub(super) struct EncryptionLunNotInSource;

struct UnknownLun {
    lun: i64,
    region: String,
    place: Option<Span>,
    origin: OriginId,
    known: Vec<i64>,
    known_place: Option<Span>,
    basis: Basis,
}

impl Rule for EncryptionLunNotInSource {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let copies = version.copies(&mut check.reader);
        if copies.list.iter().all(|copy| copy.encryption.data.is_empty()) {
            if let Some(gap) = copies.list.iter().find_map(|copy| copy.encryption.data_gap.as_ref()) {
                check.undecided(gap);
            }
            return;
        }
        let source = version.source(&mut check.reader).luns(&mut check.reader);
        let (luns, basis) = match source {
            SourceLuns::Known { luns, basis } => (luns, basis),
            SourceLuns::Unknown(Some(value)) => return check.undecided(&value),
            SourceLuns::Unknown(None) => {
                let written = copies.list.iter().flat_map(|copy| &copy.encryption.data).next();
                if let Some(entry) = written {
                    let origin = entry.lun.field.origin();
                    check.undecided_because(origin, "the files don't show which data disks the source has");
                }
                return;
            }
        };
        let known: Vec<i64> = luns.iter().map(|(lun, _)| *lun).collect();
        for (copy, entry) in entries(&copies) {
            let Some(number) = entry.lun.number else {
                if let Some(value) = entry.lun.field.unknown() {
                    check.undecided(value);
                }
                continue;
            };
            let Some(value) = entry.lun.field.present().filter(|_| !known.contains(&number)) else { continue };
            let fact = UnknownLun {
                lun: number,
                region: copies.list[copy].shown(&check.reader),
                place: check.reader.place(value),
                origin: value.origin,
                known: known.clone(),
                known_place: luns.first().and_then(|(_, value): &(i64, Value)| check.reader.place(value)),
                basis: basis.max(crate::azure::basis_of(value)),
            };
            check.report(&fact);
        }
    }
}

fn entries(copies: &TargetRegions) -> impl Iterator<Item = (usize, &crate::azure::DataDiskKey)> {
    copies.list.iter().enumerate().flat_map(|(at, copy)| copy.encryption.data.iter().map(move |entry| (at, entry)))
}

/// Whether any entry names a LUN that isn't among the source's.
pub(super) fn names_unknown_lun(copies: &TargetRegions, known: &[i64]) -> bool {
    entries(copies).any(|(_, entry)| entry.lun.number.is_some_and(|number| !known.contains(&number)))
}

impl Fact for UnknownLun {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn group(&self) -> Option<String> {
        Some(self.lun.to_string())
    }

    fn word(&self, words: &mut Words<'_>) {
        let (lun, region) = (self.lun, &self.region);
        let known: Vec<String> = self.known.iter().take(10).map(|lun| lun.to_string()).collect();
        let has = match known.as_slice() {
            [] => "no data disk".to_owned(),
            [one] => format!("a data disk only at LUN {one}"),
            several => format!("data disks only at LUNs {}", several.join(", ")),
        };
        words.message(format!("encryption for `{region}` names LUN {lun}, but the source has {has}"));
        words.primary(self.place, format!("no data disk at LUN {lun}"));
        words.label(self.known_place, "the source's data disk is here");
        words.way(self.origin);
        words.note("the service refuses a LUN that the source doesn't have");
        words.help("name the LUN of the data disk that the key is for");
    }
}
