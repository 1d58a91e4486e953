//! CMK217: how a confidential machine's disk is to be encrypted contradicts the keys beside it.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{DiskKey, Field, ImageVersion, Kind, Slot};
use crate::value::Value;

pub(super) struct ConfidentialTypeContradiction;

/// The only type that takes a customer's key, and the one that is for data disks alone.
const CUSTOMER: &str = "EncryptedWithCmk";
const DATA_DISK: &str = "DataDiskEncryptedWithCmk";
/// The types that take no key of a customer.
const WITHOUT_KEY: [&str; 3] = ["EncryptedWithPmk", "EncryptedVMGuestStateOnlyWithPmk", "NonPersistedTPM"];

impl Rule for ConfidentialTypeContradiction {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        for copy in version.copies(&mut check.reader).list {
            let encryption = &copy.encryption;
            judge(Slot::ConfidentialOs, &encryption.os, check);
            for disk in &encryption.data {
                judge(Slot::ConfidentialData(disk.lun.number), &disk.key, check);
            }
        }
    }
}

fn judge(slot: Slot, key: &DiskKey, check: &mut Check<'_>) {
    let ty = match &key.confidential_type {
        Field::Absent(_) => return,
        Field::Present(ty) => ty,
        Field::Maybe(ty) => return check.undecided(ty),
    };
    let Some(name) = ty.text() else { return check.undecided(ty) };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    let on_data = matches!(slot, Slot::ConfidentialData(_));
    if is(CUSTOMER) && on_data || is(DATA_DISK) && !on_data {
        return wrong_disk(slot, &name, ty, check);
    }
    if is(CUSTOMER) || is(DATA_DISK) {
        match &key.confidential_des {
            Field::Absent(ground) => {
                let disk = slot.disk();
                let message = format!("{disk} is to have a customer's key for confidential machines but names none");
                let remark = Remark::of(&check.reader, ty, message, "no `secureVMDiskEncryptionSetId` beside it")
                    .case("a")
                    .resting_on(ground.basis)
                    .note("without a set there is no key of yours that the disk could be encrypted with")
                    .help("add `secureVMDiskEncryptionSetId` with a set for confidential machines");
                check.report(&remark);
            }
            Field::Maybe(des) => check.undecided(des),
            Field::Present(_) => {}
        }
    } else if WITHOUT_KEY.iter().any(|known| is(known)) {
        match &key.confidential_des {
            Field::Present(des) => {
                let message = format!("`{name}` takes no customer's key, but a disk encryption set is named beside it");
                let remark = Remark::of(&check.reader, ty, message, "a type without a customer's key")
                    .case("b")
                    .against(&check.reader, des, "the set that would not be used")
                    .help(format!("use `{CUSTOMER}`, or leave `secureVMDiskEncryptionSetId` out"));
                check.report(&remark);
            }
            Field::Maybe(des) => check.undecided(des),
            Field::Absent(_) => {}
        }
    }
}

fn wrong_disk(slot: Slot, name: &str, ty: &Value, check: &mut Check<'_>) {
    let (right, disk) = if matches!(slot, Slot::ConfidentialOs) { (CUSTOMER, "OS") } else { (DATA_DISK, "data") };
    let other = if disk == "OS" { "data" } else { "OS" };
    let message = format!("`{name}` is a type of {other} disks but is used for {}", slot.disk());
    let remark = Remark::of(&check.reader, ty, message, format!("not a type of {disk} disks"))
        .case("c")
        .help(format!("use `{right}`"));
    check.report(&remark);
}
