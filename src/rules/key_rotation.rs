//! CMK304: a disk encryption set doesn't follow its key to new versions.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{DiskEncryptionSet, Field, Kind};
use crate::value::Kind as ValueKind;

pub(super) struct RotationOff;

impl Rule for RotationOff {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::DiskEncryptionSet]
    }

    fn disk_encryption_set(&self, set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
        // Of sets for confidential machines Microsoft's page doesn't speak.
        match set.is_confidential() {
            Some(true) => return,
            Some(false) => {}
            None => {
                if let Some(ty) = set.ty.unknown() {
                    check.undecided(ty);
                }
                return;
            }
        }
        match &set.rotation {
            Field::Maybe(value) => return check.undecided(value),
            Field::Present(value) => match value.kind {
                ValueKind::Bool(false) => {}
                ValueKind::Unknown { .. } => return check.undecided(value),
                _ => return,
            },
            Field::Absent(_) => {}
        }
        let name = check.reader.shown(&set.resource.name);
        let message = format!("disk encryption set `{name}` keeps the key version that it has");
        let remark = match set.rotation.present() {
            Some(value) => Remark::of(&check.reader, value, message, "rotation is off"),
            None => Remark::at(None, set.rotation.basis(), message, "`rotationToLatestKeyVersionEnabled` isn't set"),
        };
        let remark = remark
            .note("when the key expires or its version is disabled, machines and images that use it stop working")
            .help("set `rotationToLatestKeyVersionEnabled` to true");
        check.report(&remark);
    }
}
