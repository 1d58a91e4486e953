//! CMK221: what can't be changed of an image version once it is there: its source (case a), its data disks (case b),
//! whether a disk is encrypted (case c: a key is added, case d: a region is added without), how it is stored (case e).

use super::changes::{Changes, HELP, Was, bare, covered, unclear};
use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Disk, Field, ImageVersion, Kind, Source, SourceDisk, basis_of};
use crate::text::Span;
use crate::value::{Basis, unchanged};

pub(super) struct ChangeOfFixedMember;

impl Rule for ChangeOfFixedMember {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let Some(changes) = Changes::of(version, check) else { return };
        let name = check.reader.shown(&version.resource.name);
        source(version, &changes, &name, check);
        added_keys(&changes, &name, check);
        added_regions(&changes, &name, check);
        storage(version, &changes, &name, check);
    }
}

/// Case a, and b for disks that there weren't.
fn source(version: &ImageVersion<'_>, changes: &Changes<'_>, name: &str, check: &mut Check<'_>) {
    let before = changes.before.source(&mut check.reader);
    let now = version.source(&mut check.reader);
    for (before, now) in members(&before).into_iter().zip(members(&now)) {
        differs(before, now, changes, "a", &format!("version `{name}` is made from something else than before"), check);
    }
    let is_known = |disks: &[SourceDisk]| disks.iter().all(|disk| !disk.many && disk.lun.number.is_some());
    if before.data_gap.is_some() || !is_known(&before.data) {
        return;
    }
    for disk in now.data.iter().filter(|disk| !disk.many) {
        let Some(lun) = disk.lun.number else { continue };
        match before.data.iter().find(|earlier| earlier.lun.number == Some(lun)) {
            Some(earlier) => {
                let message =
                    format!("the data disk at LUN {lun} of version `{name}` is made from something else than before");
                differs(&earlier.disk.id, &disk.disk.id, changes, "a", &message, check);
                differs(&earlier.disk.uri, &disk.disk.uri, changes, "a", &message, check);
            }
            // Where the image as a whole has a source, its data disks come from there.
            None if before.os.is_given() == Some(true) && now.os.is_given() == Some(true) => {
                let message = format!("version `{name}` had no data disk at LUN {lun}");
                let place = disk.lun.field.present().and_then(|lun| check.reader.place(lun));
                let basis = disk.lun.field.basis().max(before.os.field.basis());
                report(place, basis, changes, "b", message, "a data disk more", None, check);
            }
            None => {}
        }
    }
}

/// What names the source of an image as a whole, and of its OS disk.
const fn members(source: &Source) -> [&Field; 6] {
    [&source.id, &source.uri, &source.community, &source.machine, &source.os.id, &source.os.uri]
}

/// Reports a member that certainly has another value than before.
fn differs(
    before: &Field,
    now: &Field,
    changes: &Changes<'_>,
    case: &'static str,
    message: &str,
    check: &mut Check<'_>,
) {
    let (Field::Present(was), Field::Present(is)) = (before, now) else { return };
    let (Some(before), Some(now)) = (was.as_str(), is.as_str()) else { return };
    let verdict = unchanged(check.reader.context, before, now);
    if verdict.is_maybe() {
        unclear(is, check);
    }
    if verdict.is_no() {
        let shown = check.reader.name_of(was);
        let place = check.reader.place(is);
        let basis = verdict.basis.max(basis_of(is)).max(basis_of(was));
        report(place, basis, changes, case, message.to_owned(), "another value", Some(shown), check);
    }
}

/// Case c: a disk of a copy gets a key that it hadn't.
fn added_keys(changes: &Changes<'_>, name: &str, check: &mut Check<'_>) {
    for (copy, earlier) in changes.kept() {
        let disks = std::iter::once(Disk::Os).chain(copy.encryption.covered_luns().into_iter().map(Disk::Data));
        for disk in disks {
            // What the files don't show of then may have had a key.
            let Some(key) = covered(copy, disk) else { continue };
            let Some(basis) = bare(earlier, disk, copy, check) else { continue };
            let (region, disk) = (copy.shown(&check.reader), disk.noun());
            let message = format!("`{region}` had no disk encryption set for {disk} of version `{name}`");
            let place = check.reader.place(&key);
            report(place, basis.max(basis_of(&key)), changes, "c", message, "a key more", None, check);
        }
    }
}

/// Case d: a region more, without the key that the version has elsewhere.
fn added_regions(changes: &Changes<'_>, name: &str, check: &mut Check<'_>) {
    for (copy, _) in changes.copies.list.iter().zip(&changes.was).filter(|(_, was)| **was == Was::New) {
        let mut disks = Vec::new();
        let mut basis = Basis::Fixed;
        for disk in changes.disks_before() {
            let Some(key) = changes.key_before(disk) else { continue };
            if let Some(ground) = bare(copy, disk, copy, check) {
                disks.push(disk.noun());
                basis = basis.max(ground).max(basis_of(&key));
            }
        }
        if disks.is_empty() {
            continue;
        }
        let (region, disks) = (copy.shown(&check.reader), disks.join(", "));
        let message =
            format!("`{region}` is added to encrypted version `{name}` without a disk encryption set for {disks}");
        let place = copy.place(&check.reader);
        let remark = Remark::at(place, basis.max(changes.basis), message, "a region more, without a key")
            .case("d")
            .group("added")
            .note(format!("the version is encrypted with keys of yours at {}", check.reader.estate.before.name))
            .note("a disk that has a disk encryption set in one region needs one in every region")
            .help(format!("give `{region}` a disk encryption set of its own; sets are regional, one can't serve two"));
        check.report(&remark);
    }
}

/// Case e.
fn storage(version: &ImageVersion<'_>, changes: &Changes<'_>, name: &str, check: &mut Check<'_>) {
    for member in ["storageAccountType", "replicationMode"] {
        let before = check.reader.of(&changes.before.publishing, member);
        let now = check.reader.of(&version.publishing, member);
        let message = format!("`{member}` of version `{name}` isn't what it was");
        differs(&before, &now, changes, "e", &message, check);
    }
    for (copy, earlier) in changes.kept() {
        let before = check.reader.member(&earlier.item, "storageAccountType");
        let now = check.reader.member(&copy.item, "storageAccountType");
        let region = copy.shown(&check.reader);
        let message = format!("`storageAccountType` of `{region}` in version `{name}` isn't what it was");
        differs(&before, &now, changes, "e", &message, check);
    }
}

#[expect(clippy::too_many_arguments, reason = "all that a change is told by")]
fn report(
    place: Option<Span>,
    basis: Basis,
    changes: &Changes<'_>,
    case: &'static str,
    message: String,
    text: &'static str,
    was: Option<String>,
    check: &mut Check<'_>,
) {
    let mut remark = Remark::at(place, basis.max(changes.basis), message, text).case(case).group(text).help(HELP);
    let before = check.reader.estate.before.name;
    remark = match was {
        Some(was) => remark.note(format!("it was `{was}` at {before}")),
        None => remark.note(format!("compared with {before}")),
    };
    check.report(&remark.note("this is settled when a version is created; the service refuses to change it"));
}
