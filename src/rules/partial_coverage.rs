//! CMK301: some disks of an image version have a key in every region, others in none.

use super::encryption_lun::names_unknown_lun;
use super::repeated_lun::names_lun_twice;
use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Coverage, Disk, ImageVersion, Kind, SourceLuns, TargetRegions};
use crate::text::Span;
use crate::value::{Basis, Value};

pub(super) struct PartialDiskCoverage;

struct Partial {
    bare: Vec<Disk>,
    covered: Disk,
    place: Option<Span>,
    key: Option<Span>,
    source: Option<Span>,
    basis: Basis,
}

/// What a disk is in all regions together.
enum Overall {
    Covered(Value),
    Bare(Basis),
    Mixed,
    Unsure(Value),
}

impl Rule for PartialDiskCoverage {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let regions = version.target_regions(&mut check.reader);
        if let Err(doubt) = regions.first_key() {
            if let Some(value) = doubt {
                check.undecided(&value);
            }
            return;
        }
        let (luns, mut basis) = match version.source(&mut check.reader).luns(&mut check.reader) {
            SourceLuns::Known { luns, basis } => (luns, basis),
            SourceLuns::Unknown(Some(value)) => return check.undecided(&value),
            SourceLuns::Unknown(None) => return,
        };
        let known: Vec<i64> = luns.iter().map(|(lun, _)| *lun).collect();
        if names_unknown_lun(&regions, &known) || names_lun_twice(&regions) {
            return;
        }
        let disks = std::iter::once(Disk::Os).chain(known.iter().copied().map(Disk::Data));
        let mut covered: Option<(Disk, Value)> = None;
        let mut bare = Vec::new();
        for disk in disks {
            match overall(disk, &regions) {
                Overall::Covered(value) => {
                    if covered.is_none() {
                        covered = Some((disk, value));
                    }
                }
                Overall::Bare(ground) => {
                    basis = basis.max(ground);
                    bare.push(disk);
                }
                Overall::Mixed => {}
                Overall::Unsure(value) => check.undecided(&value),
            }
        }
        let (Some((disk, key)), [first, ..]) = (covered, bare.as_slice()) else { return };
        if let Some(gap) = &regions.gap {
            return check.undecided(gap);
        }
        let source = match first {
            Disk::Os => None,
            Disk::Data(lun) => luns.iter().find(|(number, _)| number == lun).map(|(_, value)| value),
        };
        let encrypted = regions.list.iter().find(|region| region.encryption.field.present().is_some());
        let fact = Partial {
            covered: disk,
            place: encrypted.and_then(|region| region.encryption_place(&check.reader)),
            key: check.reader.place(&key),
            source: source.and_then(|value| check.reader.place(value)),
            basis: basis.max(crate::azure::basis_of(&key)),
            bare,
        };
        check.report(&fact);
    }
}

fn overall(disk: Disk, regions: &TargetRegions) -> Overall {
    let mut covered = None;
    let mut bare = None;
    for region in &regions.list {
        match region.encryption.coverage(disk) {
            Coverage::Covered(value) => covered = covered.or(Some(value)),
            Coverage::Bare(ground) => bare = Some(bare.unwrap_or(Basis::Fixed).max(ground.basis)),
            Coverage::Unsure(value) => return Overall::Unsure(value),
            Coverage::Misread => return Overall::Mixed,
        }
    }
    match (covered, bare) {
        (Some(value), None) => Overall::Covered(value),
        (None, Some(basis)) => Overall::Bare(basis),
        _ => Overall::Mixed,
    }
}

impl Fact for Partial {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let nouns: Vec<String> = self.bare.iter().take(5).map(|disk| disk.noun()).collect();
        let (bare, covered) = (nouns.join(", "), self.covered.noun());
        let verb = if self.bare.len() == 1 { "has" } else { "have" };
        words.message(format!("{covered} has a customer-managed key, but {bare} {verb} none in any region"));
        words.primary(self.place, format!("no key for {bare} here or in another region"));
        words.label(self.key, format!("the key of {covered}"));
        words.label(self.source, "a disk without key");
        words.note("the service allows that; the other disks are encrypted with platform keys");
        words.help("give every disk a disk encryption set in every region");
    }
}
