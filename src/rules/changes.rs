//! An image version and what it was before: which copies are the same, and which keys are gone or others (CMK104 a).
//!
//! The version is the same if its whole id is, the number known at both times: a change that gives it another number
//! makes another version. What can't be told to differ is taken for the same.

use super::remark::Remark;
use super::rule::Check;
use crate::azure::{Coverage, Disk, Field, ImageVersion, Kind, Slot, TargetRegion, TargetRegions, basis_of};
use crate::eval::Resource;
use crate::value::{Basis, Str, Tri, Value, Verdict, hangs_on_presence, unchanged, unchanged_region};

/// What Azure says of a version's encryption.
const SETTLED: &str =
    "the encryption of an image version is settled when it is created: it can't be changed or left out later";
/// What to do about any change of a version that can't be changed.
pub(super) const HELP: &str = "leave the version as it was, and give what you change another number";

/// An image version at two times.
pub(super) struct Changes<'a> {
    /// What it was.
    pub before: ImageVersion<'a>,
    /// What it rests on that they are the same.
    pub basis: Basis,
    /// The copies of now.
    pub copies: TargetRegions,
    /// The copies of then.
    pub copies_before: TargetRegions,
    /// What each copy of now was.
    pub was: Vec<Was>,
}

/// What a copy was before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Was {
    /// This one of the copies of then.
    There(usize),
    /// It wasn't there.
    New,
    /// Can't be told.
    Unclear,
}

impl<'a> Changes<'a> {
    /// The version with what it was, if that is known.
    pub(super) fn of(version: &ImageVersion<'_>, check: &mut Check<'a>) -> Option<Self> {
        let estate = check.reader.estate;
        let mut same = Vec::new();
        for resource in estate.before.resources {
            let verdict = is_same(resource, version.resource, check);
            if verdict.is_yes() && check.reader.exists(resource) {
                same.push((resource, verdict.basis.max(resource.basis)));
            }
        }
        let [(resource, basis)] = same[..] else { return None };
        let before = ImageVersion::read(&mut check.reader, resource);
        let copies = version.copies(&mut check.reader);
        let copies_before = before.copies(&mut check.reader);
        let was = copies.list.iter().map(|copy| was(copy, &copies_before, check)).collect();
        Some(Self { before, basis: basis.max(version.resource.basis), copies, copies_before, was })
    }

    /// The copies that were there before, with what they were.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&TargetRegion, &TargetRegion)> {
        self.copies.list.iter().zip(&self.was).filter_map(|(copy, was)| match was {
            Was::There(at) => Some((copy, self.copies_before.list.get(*at)?)),
            Was::New | Was::Unclear => None,
        })
    }

    /// A key that a disk had in any region.
    pub(super) fn key_before(&self, disk: Disk) -> Option<Value> {
        self.copies_before.list.iter().filter(|copy| !copy.many).find_map(|copy| covered(copy, disk))
    }

    /// Whether a copy (by its place among those of now) had a key for a disk, or is new while the disk had one.
    pub(super) fn takes_key_from(&self, copy: usize, disk: Disk) -> bool {
        match self.was.get(copy) {
            Some(Was::There(at)) => self.copies_before.list.get(*at).is_some_and(|copy| covered(copy, disk).is_some()),
            Some(Was::New) => self.key_before(disk).is_some(),
            Some(Was::Unclear) | None => false,
        }
    }

    /// The disks that had a key in a copy of then.
    pub(super) fn disks_before(&self) -> Vec<Disk> {
        let list = &self.copies_before.list;
        let mut luns: Vec<i64> = list.iter().flat_map(|copy| copy.encryption.covered_luns()).collect();
        luns.sort_unstable();
        luns.dedup();
        std::iter::once(Disk::Os).chain(luns.into_iter().map(Disk::Data)).collect()
    }
}

/// The key of a disk in a copy.
pub(super) fn covered(copy: &TargetRegion, disk: Disk) -> Option<Value> {
    match copy.encryption.coverage(disk) {
        Coverage::Covered(key) => Some(key),
        _ => None,
    }
}

/// What says that a disk certainly has no key in a copy. What can't be told, is said of the copy of now: a place of then
/// is in no text that is shown.
pub(super) fn bare(copy: &TargetRegion, disk: Disk, now: &TargetRegion, check: &mut Check<'_>) -> Option<Basis> {
    match copy.encryption.coverage(disk) {
        Coverage::Bare(ground)
            if ground.basis == Basis::Default && hangs_on_presence(check.reader.context, ground.term) =>
        {
            unclear(&now.item, check);
            None
        }
        Coverage::Bare(ground) => Some(ground.basis.max(copy.item.basis)),
        Coverage::Unsure(_) => {
            unclear(&now.item, check);
            None
        }
        Coverage::Covered(_) | Coverage::Misread => None,
    }
}

/// Says that it can't be told whether a value of now is what it was.
pub(super) fn unclear(now: &Value, check: &mut Check<'_>) {
    let because = format!("it isn't known whether this is what it was at {}", check.reader.estate.before.name);
    check.undecided_because(now.origin, &because);
}

/// Whether two declarations are of one version.
fn is_same(before: &Resource, now: &Resource, check: &mut Check<'_>) -> Verdict {
    let unclear = Verdict::new(Tri::Maybe, Basis::Fixed);
    if before.many || now.many || Kind::of(&before.ty) != Kind::of(&now.ty) {
        return unclear;
    }
    let mut id = |resource: &Resource| -> Option<Str> {
        let id = resource.id.as_ref()?;
        let number = id.name()?;
        check.reader.cleared(number).text()?;
        let whole = id.text(check.reader.context, resource.body.origin);
        Some(check.reader.cleared(&whole))
    };
    let (Some(one), Some(other)) = (id(before), id(now)) else { return unclear };
    unchanged(check.reader.context, &one, &other)
}

fn was(copy: &TargetRegion, before: &TargetRegions, check: &Check<'_>) -> Was {
    if copy.many {
        return Was::Unclear;
    }
    let verdicts: Vec<Tri> = before.list.iter().map(|earlier| same_copy(copy, earlier, check)).collect();
    if let Some(at) = verdicts.iter().position(|verdict| *verdict == Tri::Yes) {
        return if before.list.get(at).is_some_and(|earlier| earlier.many) { Was::Unclear } else { Was::There(at) };
    }
    let none = verdicts.iter().all(|verdict| *verdict == Tri::No) && before.gap.is_none();
    if none { Was::New } else { Was::Unclear }
}

fn same_copy(copy: &TargetRegion, earlier: &TargetRegion, check: &Check<'_>) -> Tri {
    let same = |one: &Field, other: &Field| match (one.string(), other.string()) {
        (Some(one), Some(other)) => unchanged_region(check.reader.context, one, other).tri,
        _ => Tri::Maybe,
    };
    let zones = match (&copy.zone, &earlier.zone) {
        (None, None) => Tri::Yes,
        (Some(one), Some(other)) => same(one, other),
        _ => Tri::No,
    };
    match (same(&copy.name, &earlier.name), zones) {
        (Tri::No, _) | (_, Tri::No) => Tri::No,
        (Tri::Yes, Tri::Yes) => Tri::Yes,
        _ => Tri::Maybe,
    }
}

/// CMK104 a: the encryption of a version isn't what it was.
pub(super) fn changed_encryption(version: &ImageVersion<'_>, check: &mut Check<'_>) {
    let Some(changes) = Changes::of(version, check) else { return };
    let name = check.reader.shown(&version.resource.name);
    for (copy, earlier) in changes.kept() {
        let mut gone: Vec<(Disk, Value, Basis)> = Vec::new();
        for (slot, des) in earlier.encryption.uses() {
            let (Some(key), Some(disk)) = (des.present(), disk_of(slot)) else { continue };
            let same_slot = copy.encryption.uses().find(|(other, _)| *other == slot);
            match same_slot.map(|(_, des)| des) {
                Some(Field::Present(now)) => replaced(&changes, &name, copy, slot, key, now, check),
                Some(Field::Maybe(doubt)) => check.undecided(doubt),
                Some(Field::Absent(_)) | None => match covered(copy, disk) {
                    Some(now) => replaced(&changes, &name, copy, slot, key, &now, check),
                    None => gone.extend(bare(copy, disk, copy, check).map(|basis| (disk, key.clone(), basis))),
                },
            }
        }
        if !gone.is_empty() {
            removed(&changes, &name, copy, &gone, check);
        }
    }
}

/// The disk that a key is for, if that is known.
const fn disk_of(slot: Slot) -> Option<Disk> {
    match slot {
        Slot::Os | Slot::ConfidentialOs => Some(Disk::Os),
        Slot::Data(Some(lun)) | Slot::ConfidentialData(Some(lun)) => Some(Disk::Data(lun)),
        Slot::Data(None) | Slot::ConfidentialData(None) => None,
    }
}

/// A copy has lost keys.
fn removed(
    changes: &Changes<'_>,
    name: &str,
    copy: &TargetRegion,
    gone: &[(Disk, Value, Basis)],
    check: &mut Check<'_>,
) {
    let mut disks: Vec<String> = gone.iter().map(|(disk, ..)| disk.noun()).collect();
    disks.dedup();
    let (disks, region) = (disks.join(", "), copy.shown(&check.reader));
    let set = gone.first().map(|(_, key, _)| check.reader.name_of(key)).unwrap_or_default();
    let basis = gone.iter().map(|(_, key, basis)| basis_of(key).max(*basis)).max().unwrap_or_default();
    let message = format!("`{region}` no longer has a disk encryption set for {disks} of version `{name}`");
    let place = copy.place(&check.reader);
    let remark = Remark::at(place, basis.max(changes.basis), message, "was encrypted with a key of yours")
        .case("a")
        .group("removed")
        .note(format!("it had `{set}` at {}", check.reader.estate.before.name))
        .note(SETTLED)
        .help(HELP);
    check.report(&remark);
}

/// A copy has another key, if it certainly has.
fn replaced(
    changes: &Changes<'_>,
    name: &str,
    copy: &TargetRegion,
    slot: Slot,
    before: &Value,
    now: &Value,
    check: &mut Check<'_>,
) {
    let verdict = match (before.as_str(), now.as_str()) {
        (Some(before), Some(now)) => unchanged(check.reader.context, before, now),
        _ => Verdict::new(Tri::Maybe, Basis::Fixed),
    };
    match verdict.tri {
        Tri::Yes => {}
        Tri::Maybe => unclear(now, check),
        Tri::No => {
            let (was, is) = (check.reader.name_of(before), check.reader.name_of(now));
            let (region, disk) = (copy.shown(&check.reader), slot.disk());
            let message =
                format!("`{region}` has another disk encryption set for {disk} of version `{name}` than before");
            let remark = Remark::of(&check.reader, now, message, format!("`{is}` now"))
                .case("a")
                .group("replaced")
                .resting_on(changes.basis.max(verdict.basis).max(copy.item.basis))
                .note(format!("it had `{was}` at {}", check.reader.estate.before.name))
                .note(SETTLED)
                .help(HELP);
            check.report(&remark);
        }
    }
}
