//! CMK303 and CMK313: a machine made from an encrypted image version names no disk encryption set (CMK303 a), or is
//! where the version isn't (CMK303 b); some of its disks have a set and others have none (CMK313).

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, ImageOf, ImageVersion, Kind, Machine, MachineDisk, Slot, image_of};
use crate::eval::Resource;
use crate::finding::Format;
use crate::value::{Basis, Tri, Value, same_region};

pub(super) struct MachineWithoutKeys;
pub(super) struct MachineDiskWithoutKey;

const MACHINES: &[Kind] = &[Kind::VirtualMachine, Kind::ScaleSet];

/// An encrypted version that a machine is made from.
struct Encrypted {
    key: Value,
    basis: Basis,
    /// The LUNs of its data disks that have a key, if it is known that it is this version.
    luns: Vec<i64>,
}

impl Rule for MachineWithoutKeys {
    fn kinds(&self) -> &'static [Kind] {
        MACHINES
    }

    fn resource(&self, kind: Kind, resource: &Resource, check: &mut Check<'_>) {
        let machine = Machine::read(&mut check.reader, kind, resource);
        let Some(image) = machine.image.present() else { return };
        if let ImageOf::Version(version, basis) = image_of(&mut check.reader, image) {
            let version = ImageVersion::read(&mut check.reader, version);
            without_copy(kind, &machine, image, &version, basis, check);
        }
        let Some(encrypted) = encrypted(image, check) else { return };
        let mut doubt = machine.data_gap.as_ref();
        for disk in machine.disks() {
            match disk.is_covered() {
                Some(true) => return,
                Some(false) => {}
                None => doubt = doubt.or(disk.doubt()),
            }
        }
        if let Some(doubt) = doubt {
            return check.undecided(doubt);
        }
        // An attached disk brings its own key.
        if machine.os.is_covered().is_none() {
            return;
        }
        let noun = kind.noun();
        let message = format!("the {noun} is made from an encrypted image version but names no disk encryption set");
        let remark = Remark::of(&check.reader, image, message, "an encrypted image version")
            .case("a")
            .against(&check.reader, &encrypted.key, "the version has its key here")
            .resting_on(encrypted.basis)
            .note("the keys of an image version don't pass on: without a set the disks have platform keys")
            .help("name a set of the machine's region in `managedDisk.diskEncryptionSet` of every disk");
        check.report(&remark);
    }
}

/// A machine where the version that it is made from has no copy.
fn without_copy(
    kind: Kind,
    machine: &Machine<'_>,
    image: &Value,
    version: &ImageVersion<'_>,
    basis: Basis,
    check: &mut Check<'_>,
) {
    let Field::Present(location) = &machine.location else { return };
    let Some(here) = location.as_str() else { return };
    let regions = version.target_regions(&mut check.reader);
    if regions.list.is_empty() || regions.gap.is_some() {
        return;
    }
    let mut basis = basis.max(regions.field.basis());
    for region in &regions.list {
        let Some(name) = region.name.string() else { return };
        let verdict = same_region(check.reader.context, here, name);
        basis = basis.max(verdict.basis);
        match verdict.tri {
            Tri::Yes => return,
            Tri::No => {}
            Tri::Maybe => return check.undecided_between(location, region.name.present().unwrap_or(location)),
        }
    }
    let (noun, region) = (kind.noun(), check.reader.shown(here));
    let first = regions.list.first().and_then(|region| region.place(&check.reader));
    let message = format!("the {noun} is in `{region}`, where its image version has no copy");
    let remark = Remark::of(&check.reader, location, message, "not among the version's target regions")
        .case("b")
        .label(check.reader.place(image), "made from this version")
        .label(first, "the version's target regions begin here")
        .resting_on(basis)
        .note("the service refuses to make machines where the image isn't available")
        .help(format!("add `{region}` to the version's target regions, with a disk encryption set of that region"));
    check.report(&remark);
}

impl Rule for MachineDiskWithoutKey {
    fn kinds(&self) -> &'static [Kind] {
        MACHINES
    }

    fn resource(&self, kind: Kind, resource: &Resource, check: &mut Check<'_>) {
        let machine = Machine::read(&mut check.reader, kind, resource);
        let Some(image) = machine.image.present() else { return };
        let Some(encrypted) = encrypted(image, check) else { return };
        let Some(other) = machine.disks().find_map(|disk| disk.des.present().or(disk.confidential_des.present()))
        else {
            return;
        };
        let noun = kind.noun();
        for disk in machine.disks() {
            match disk.is_covered() {
                Some(true) => {}
                None => {
                    if let Some(doubt) = disk.doubt() {
                        check.undecided(doubt);
                    }
                }
                Some(false) => uncovered(noun, disk, other, &encrypted, check),
            }
        }
        if let Some(gap) = &machine.data_gap {
            return check.undecided(gap);
        }
        // What Azure has holds every disk that there is: one of the image's may have been taken off.
        let unnamed = if resource.format == Format::State { &[][..] } else { &encrypted.luns };
        for lun in unnamed {
            if machine.data.iter().all(|disk| matches!(disk.slot, Slot::Data(Some(known)) if known != *lun)) {
                let message = format!("the {noun} names no disk encryption set for the image's data disk at LUN {lun}");
                let remark = Remark::of(&check.reader, image, message, format!("has a data disk at LUN {lun}"))
                    .against(&check.reader, other, "another disk has a set")
                    .resting_on(encrypted.basis)
                    .note("the keys of an image version don't pass on: the disk would have a platform key")
                    .help(format!("list the disk with `lun` {lun} and name a set of the machine's region"));
                check.report(&remark);
            }
        }
    }
}

fn uncovered(noun: &str, disk: &MachineDisk, other: &Value, encrypted: &Encrypted, check: &mut Check<'_>) {
    let what = disk.slot.disk();
    let place = check.reader.place_at(disk.field.origin());
    let message = format!("{what} of the {noun} has no disk encryption set, though others have");
    let basis = disk.des.basis().max(disk.field.basis()).max(encrypted.basis);
    let remark = Remark::at(place, basis, message, "no disk encryption set here")
        .against(&check.reader, other, "another disk has a set")
        .against(&check.reader, &encrypted.key, "the image version is encrypted")
        .note("the keys of an image version don't pass on: the disk would have a platform key")
        .help("name a set of the machine's region in `managedDisk.diskEncryptionSet`");
    check.report(&remark);
}

/// The encrypted version that an image reference leads to. Of a definition every version that the files deploy must
/// be encrypted, since the newest is used; that no other is newer is assumed.
fn encrypted(image: &Value, check: &mut Check<'_>) -> Option<Encrypted> {
    match image_of(&mut check.reader, image) {
        ImageOf::Version(version, basis) => {
            let copies = ImageVersion::read(&mut check.reader, version).copies(&mut check.reader);
            match copies.first_key() {
                Ok(key) => {
                    let luns = copies.list.first().map(|copy| copy.encryption.covered_luns()).unwrap_or_default();
                    Some(Encrypted { key, basis, luns })
                }
                Err(Some(doubt)) => {
                    check.undecided(&doubt);
                    None
                }
                Err(None) => None,
            }
        }
        ImageOf::Newest(versions) => {
            let mut first = None;
            for (version, _) in versions {
                let copies = ImageVersion::read(&mut check.reader, version).copies(&mut check.reader);
                let key = copies.first_key().ok()?;
                first.get_or_insert(key);
            }
            first.map(|key| Encrypted { key, basis: Basis::Assumed, luns: Vec::new() })
        }
        ImageOf::Elsewhere => None,
    }
}
