//! CMK201: a disk that has a key in one region has none in another.

use std::collections::{HashMap, HashSet};

use super::changes::Changes;
use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Coverage, Disk, ImageVersion, Kind, SourceLuns, TargetRegion, TargetRegions};
use crate::text::Span;
use crate::value::{Basis, OriginId, TermId, Value, hangs_on_presence};

pub(super) struct DiskNotEncryptedInEveryRegion;

struct Uncovered {
    disks: Vec<Disk>,
    region: String,
    place: Option<Span>,
    ground: OriginId,
    covered_region: String,
    covered_place: Option<Span>,
    basis: Basis,
}

impl Rule for DiskNotEncryptedInEveryRegion {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let regions = version.target_regions(&mut check.reader);
        let mut disks = vec![Disk::Os];
        let mut luns: Vec<i64> = regions.list.iter().flat_map(|region| region.encryption.keyed_luns()).collect();
        luns.sort_unstable();
        luns.dedup();
        // A LUN that the source doesn't have is no disk; naming it is another rule's fault.
        if !luns.is_empty()
            && let SourceLuns::Known { luns: known, .. } = version.source(&mut check.reader).luns(&mut check.reader)
        {
            luns.retain(|lun| known.iter().any(|(known, _)| known == lun));
        }
        disks.extend(luns.into_iter().map(Disk::Data));
        // A region that had its key, or that the change adds, is said to be at fault for that.
        let changes = Changes::of(version, check);
        let mut faults: Vec<Option<Uncovered>> = regions.list.iter().map(|_| None).collect();
        for disk in disks {
            judge(disk, &regions, changes.as_ref(), check, &mut faults);
        }
        for fault in faults.into_iter().flatten() {
            check.report(&fault);
        }
        for doubt in open_luns(&regions, check) {
            check.undecided(&doubt);
        }
    }
}

/// What hides which data disks have a key in one region, unless the same hides them in every other.
fn open_luns(regions: &TargetRegions, check: &Check<'_>) -> Vec<Value> {
    let open: Vec<Vec<&Value>> = regions.list.iter().map(|region| region.encryption.open_luns()).collect();
    // In how many of the regions whose encryption can be read each of them is.
    let readable = regions.list.iter().zip(&open).filter(|(region, _)| !region.encryption.foreign);
    let mut regions_of: HashMap<TermId, usize> = HashMap::new();
    for (_, luns) in readable.clone() {
        let terms: HashSet<TermId> = luns.iter().map(|lun| lun.term).collect();
        for term in terms {
            *regions_of.entry(term).or_default() += 1;
        }
    }
    let everywhere = readable.count();
    let mut doubts = Vec::new();
    for (region, luns) in regions.list.iter().zip(&open).filter(|(_, luns)| !luns.is_empty()) {
        let index = if region.many { check.reader.context.only_index(region.name.term()) } else { None };
        for lun in luns {
            // Each round of a loop over the regions may have its own.
            let is_of_round = index.is_some_and(|index| check.reader.context.holds(lun.term, index));
            if regions_of.get(&lun.term).copied().unwrap_or_default() < everywhere || is_of_round {
                doubts.push((*lun).clone());
            } else {
                doubts.extend(regions.gap.clone());
            }
        }
    }
    doubts
}

/// What one disk is in each region: adds it to the faults of the regions that lack it.
fn judge(
    disk: Disk,
    regions: &TargetRegions,
    changes: Option<&Changes<'_>>,
    check: &mut Check<'_>,
    faults: &mut [Option<Uncovered>],
) {
    let states: Vec<Coverage> = regions.list.iter().map(|region| region.encryption.coverage(disk)).collect();
    let covered = |many: bool| {
        let mut states = regions.list.iter().zip(&states);
        states.find_map(|(region, state)| match state {
            Coverage::Covered(key) if region.many == many => Some((region, key)),
            _ => None,
        })
    };
    let firm = covered(false);
    let Some((example, key)) = firm.or(covered(true)) else {
        let bare = states.iter().any(|state| matches!(state, Coverage::Bare(_)));
        let several = regions.list.len() > 1 || regions.gap.is_some() || regions.list.iter().any(|region| region.many);
        let doubt = states.iter().find_map(|state| match state {
            Coverage::Unsure(value) => Some(value),
            _ => None,
        });
        if let Some(value) = doubt
            && (bare || several)
        {
            check.undecided(value);
        }
        return;
    };
    for (at, (region, state)) in regions.list.iter().zip(&states).enumerate() {
        match state {
            Coverage::Bare(_) if changes.is_some_and(|changes| changes.takes_key_from(at, disk)) => {}
            Coverage::Bare(ground)
                if ground.basis == Basis::Default && hangs_on_presence(check.reader.context, ground.term) =>
            {
                check.undecided(&region.item);
            }
            Coverage::Bare(ground) if !region.many && firm.is_some() => {
                let basis = ground.basis.max(crate::azure::basis_of(key)).max(region.item.basis);
                note(&mut faults[at], disk, basis, || missing(check, region, example, key, ground.origin));
            }
            // A loop of unknown length may have no items.
            Coverage::Bare(_) => check.undecided(if region.many { &region.item } else { &example.item }),
            Coverage::Unsure(value) => check.undecided(value),
            Coverage::Covered(_) | Coverage::Misread => {}
        }
    }
    if let Some(gap) = &regions.gap {
        check.undecided(gap);
    }
}

fn note(fault: &mut Option<Uncovered>, disk: Disk, basis: Basis, new: impl FnOnce() -> Uncovered) {
    let fault = fault.get_or_insert_with(new);
    fault.disks.push(disk);
    fault.basis = fault.basis.max(basis);
}

fn missing(
    check: &Check<'_>,
    region: &TargetRegion,
    example: &TargetRegion,
    key: &Value,
    ground: OriginId,
) -> Uncovered {
    Uncovered {
        disks: Vec::new(),
        region: region.shown(&check.reader),
        place: region.place(&check.reader),
        ground,
        covered_region: example.shown(&check.reader),
        covered_place: check.reader.place(key),
        basis: Basis::Fixed,
    }
}

impl Uncovered {
    fn nouns(&self) -> String {
        let nouns: Vec<String> = self.disks.iter().map(|disk| disk.noun()).collect();
        match nouns.as_slice() {
            [front @ .., last] if !front.is_empty() => format!("{} and {last}", front.join(", ")),
            _ => nouns.concat(),
        }
    }
}

impl Fact for Uncovered {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn group(&self) -> Option<String> {
        Some(self.nouns())
    }

    fn word(&self, words: &mut Words<'_>) {
        let (region, covered, disks) = (&self.region, &self.covered_region, self.nouns());
        words.message(format!("region `{region}` has no disk encryption set for {disks}, but `{covered}` has"));
        words.primary(self.place, format!("no key for {disks} in `{region}`"));
        words.label(self.covered_place, format!("`{covered}` has its key here"));
        words.decided_by(self.ground);
        words.note("a disk that has a disk encryption set in one region needs one in every region");
        words.help(format!("give `{region}` a disk encryption set of its own; sets are regional, one can't serve two"));
    }
}
