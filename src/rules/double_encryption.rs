//! CMK312: keys of different kinds in one version (case a), or both keys on a disk that can't have them (case b).

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{DiskEncryptionSet, ImageVersion, Kind, Machine, PlatformKeyed};
use crate::eval::Resource;
use crate::value::Value;

pub(super) struct DoubleEncryption;

const BOTH: &str = "EncryptionAtRestWithPlatformAndCustomerKeys";
const CUSTOMER: &str = "EncryptionAtRestWithCustomerKey";
/// Disks that can't be encrypted twice.
const ONCE: [&str; 2] = ["UltraSSD_LRS", "PremiumV2_LRS"];

/// The type of a declared set.
enum Keys {
    Customer,
    Both(Value),
    /// It can't be told.
    Unknown(Value),
}

impl Rule for DoubleEncryption {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::Disk, Kind::VirtualMachine, Kind::ScaleSet]
    }

    fn resource(&self, kind: Kind, resource: &Resource, check: &mut Check<'_>) {
        match kind {
            Kind::ImageVersion => mixed(&ImageVersion::read(&mut check.reader, resource), check),
            Kind::Disk => disk(resource, check),
            _ => machine(&Machine::read(&mut check.reader, kind, resource), check),
        }
    }
}

fn mixed(version: &ImageVersion<'_>, check: &mut Check<'_>) {
    let mut first: Option<(bool, Value)> = None;
    let mut doubt = None;
    for key in version.copies(&mut check.reader).uses() {
        let Some(set) = key.des.present() else { continue };
        let twice = match keys(set, check) {
            None => continue,
            Some(Keys::Unknown(ty)) => {
                doubt = doubt.or(Some(ty));
                continue;
            }
            Some(keys) => matches!(keys, Keys::Both(_)),
        };
        let Some((before, other)) = &first else {
            first = Some((twice, set.clone()));
            continue;
        };
        if *before == twice {
            continue;
        }
        let (here, there) = if twice { ("both keys", "one key") } else { ("one key", "both keys") };
        let message = "some disks of the version are encrypted with both keys, others with one";
        let remark = Remark::of(&check.reader, set, message, format!("{here} here"))
            .case("a")
            .against(&check.reader, other, format!("{there} here"))
            .help("use sets of one type for all disks and regions of a version");
        return check.report(&remark);
    }
    if let (Some(_), Some(doubt)) = (first, doubt) {
        check.undecided(&doubt);
    }
}

fn disk(resource: &Resource, check: &mut Check<'_>) {
    let body = check.reader.settle(&resource.body);
    let sku = check.reader.path(&body, &["sku", "name"]);
    let Some(sku) = sku.present().filter(|sku| is_one(sku, &ONCE)).cloned() else { return };
    let PlatformKeyed { ty, des } = PlatformKeyed::read(&mut check.reader, resource);
    if let Some(ty) = ty.present().filter(|ty| is_one(ty, &[BOTH])) {
        return refused(&sku, ty, None, check);
    }
    let Some(des) = des.present() else { return };
    if let Some(Keys::Both(ty)) = keys(des, check) {
        refused(&sku, des, Some(&ty), check);
    }
}

fn machine(machine: &Machine<'_>, check: &mut Check<'_>) {
    for disk in machine.disks() {
        let Some(sku) = disk.storage.present().filter(|sku| is_one(sku, &ONCE)) else { continue };
        let Some(des) = disk.des.present() else { continue };
        if let Some(Keys::Both(ty)) = keys(des, check) {
            refused(sku, des, Some(&ty), check);
        }
    }
}

fn refused(sku: &Value, twice: &Value, ty: Option<&Value>, check: &mut Check<'_>) {
    let name = sku.text().unwrap_or_default();
    let message = format!("disks of type `{name}` can't be encrypted with both keys");
    let mut remark = Remark::of(&check.reader, sku, message, "can't be encrypted twice")
        .case("b")
        .against(&check.reader, twice, "both keys are asked for here")
        .help(format!("use `{CUSTOMER}`, or another type of disk"));
    if let Some(ty) = ty {
        remark = remark.against(&check.reader, ty, "the set's type");
    }
    check.report(&remark);
}

fn is_one(value: &Value, names: &[&str]) -> bool {
    value.text().is_some_and(|text| names.iter().any(|name| text.eq_ignore_ascii_case(name)))
}

fn keys(set: &Value, check: &mut Check<'_>) -> Option<Keys> {
    let found = check.reader.find(Kind::DiskEncryptionSet, set)?;
    let set = DiskEncryptionSet::read(&mut check.reader, found.resource);
    match set.ty.present() {
        None => set.ty.is_absent().then_some(Keys::Customer),
        Some(ty) if is_one(ty, &[BOTH]) => Some(Keys::Both(ty.clone())),
        Some(ty) if is_one(ty, &[CUSTOMER]) => Some(Keys::Customer),
        Some(ty) if ty.text().is_none() => Some(Keys::Unknown(ty.clone())),
        Some(_) => None,
    }
}
