//! Which keys encrypt the disks of one copy of an image: `encryption` of a target region or edge zone.

use super::{Field, Ground, Reader};
use crate::value::{Basis, Kind as ValueKind, Value};

/// `encryption` of a target region or edge zone.
#[derive(Clone, Debug)]
pub struct Encryption {
    /// The member itself.
    pub field: Field,
    /// The operating system's disk.
    pub os: DiskKey,
    /// `dataDiskImages`.
    pub data_field: Field,
    /// Its entries.
    pub data: Vec<DataDiskKey>,
    /// What hides further entries.
    pub data_gap: Option<Value>,
    /// Whether it holds members that Azure doesn't know: what they were meant to be can't be told.
    pub foreign: bool,
}

/// The keys of one disk.
#[derive(Clone, Debug)]
pub struct DiskKey {
    /// The object that holds them.
    pub field: Field,
    /// `diskEncryptionSetId`.
    pub des: Field,
    /// `securityProfile`.
    pub profile: Field,
    /// `securityProfile.confidentialVMEncryptionType`.
    pub confidential_type: Field,
    /// `securityProfile.secureVMDiskEncryptionSetId`.
    pub confidential_des: Field,
    /// Whether it holds members that Azure doesn't know.
    pub foreign: bool,
}

/// The keys of a data disk.
#[derive(Clone, Debug)]
pub struct DataDiskKey {
    /// Which disk.
    pub lun: Lun,
    /// Whether the entry stands for any number of entries.
    pub many: bool,
    /// The keys.
    pub key: DiskKey,
}

/// A logical unit number as written.
#[derive(Clone, Debug)]
pub struct Lun {
    /// The member.
    pub field: Field,
    /// The number, a number in quotes included.
    pub number: Option<i64>,
}

/// What a key is for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Slot {
    /// The operating system's disk.
    Os,
    /// The same, for confidential machines.
    ConfidentialOs,
    /// A data disk, by LUN if it is known.
    Data(Option<i64>),
    /// The same, for confidential machines.
    ConfidentialData(Option<i64>),
}

impl Slot {
    /// What people call the disk.
    pub fn disk(self) -> String {
        match self {
            Self::Os | Self::ConfidentialOs => "the OS disk".to_owned(),
            Self::Data(Some(lun)) | Self::ConfidentialData(Some(lun)) => format!("the data disk at LUN {lun}"),
            Self::Data(None) | Self::ConfidentialData(None) => "a data disk".to_owned(),
        }
    }

    /// Whether it takes a set of the kind for confidential machines.
    pub const fn is_confidential(self) -> bool {
        matches!(self, Self::ConfidentialOs | Self::ConfidentialData(_))
    }
}

/// Members that Azure knows, for telling others from them.
pub(super) const ENCRYPTION: &[&str] = &["osDiskImage", "dataDiskImages"];
const OS_DISK: &[&str] = &["diskEncryptionSetId", "securityProfile"];
const DATA_DISK: &[&str] = &["lun", "diskEncryptionSetId", "securityProfile"];

impl Lun {
    /// Reads `lun` of an entry.
    pub fn read(reader: &mut Reader<'_>, entry: &Value) -> Self {
        let field = reader.member(entry, "lun");
        let number = field.present().and_then(|value| match &value.kind {
            ValueKind::Int(number) => Some(*number),
            ValueKind::Str(string) => string.text().and_then(|text| text.trim().parse().ok()),
            _ => None,
        });
        Self { field, number }
    }
}

impl DiskKey {
    /// Reads the keys of a disk.
    fn read(reader: &mut Reader<'_>, field: Field, known: &[&str]) -> Self {
        let profile = reader.of(&field, "securityProfile");
        let des = reader.of(&field, "diskEncryptionSetId");
        let confidential_des = reader.of(&profile, "secureVMDiskEncryptionSetId");
        Self {
            des: doubted_if_empty_by_default(des),
            confidential_type: reader.of(&profile, "confidentialVMEncryptionType"),
            confidential_des: doubted_if_empty_by_default(confidential_des),
            foreign: holds_others(&field, known),
            profile,
            field,
        }
    }

    /// Both references, those that are certainly missing left out.
    pub fn uses(&self, plain: Slot, confidential: Slot) -> impl Iterator<Item = (Slot, &Field)> {
        [(plain, &self.des), (confidential, &self.confidential_des)].into_iter().filter(|(_, des)| !des.is_absent())
    }
}

impl Encryption {
    /// Reads `encryption` of a target region or edge zone.
    pub fn read(reader: &mut Reader<'_>, region: &Value) -> Self {
        let field = reader.member(region, "encryption");
        let os = reader.of(&field, "osDiskImage");
        let os = DiskKey::read(reader, os, OS_DISK);
        let data_field = reader.of(&field, "dataDiskImages");
        let list = reader.list(&data_field);
        let data = list
            .items
            .into_iter()
            .map(|item| DataDiskKey {
                lun: Lun::read(reader, &item.value),
                many: item.many,
                key: DiskKey::read(reader, Field::Present(item.value), DATA_DISK),
            })
            .collect();
        let foreign = holds_others(&field, ENCRYPTION);
        Self { os, data_field, data, data_gap: list.open, foreign, field }
    }

    /// Every reference to a disk encryption set that isn't certainly missing.
    pub fn uses(&self) -> impl Iterator<Item = (Slot, &Field)> {
        let data = self
            .data
            .iter()
            .flat_map(|disk| disk.key.uses(Slot::Data(disk.lun.number), Slot::ConfidentialData(disk.lun.number)));
        self.os.uses(Slot::Os, Slot::ConfidentialOs).chain(data)
    }
}

/// An empty text that is merely a parameter's default says nothing about what will be deployed.
pub(super) fn doubted_if_empty_by_default(field: Field) -> Field {
    match field {
        Field::Present(value)
            if value.basis >= Basis::Default && value.as_str().is_some_and(|string| string.is_empty()) =>
        {
            Field::Maybe(value)
        }
        other => other,
    }
}

fn holds_others(field: &Field, known: &[&str]) -> bool {
    let Some(object) = field.present().and_then(Value::as_object) else { return false };
    object.members.iter().any(|member| {
        member.key.text().is_some_and(|key| !known.iter().any(|known| key.eq_ignore_ascii_case(known)))
            && !member.value.is_null()
    })
}

/// The ground of a field that is certainly missing.
pub(super) const fn absence(field: &Field) -> Option<Ground> {
    match field {
        Field::Absent(ground) => Some(*ground),
        Field::Present(_) | Field::Maybe(_) => None,
    }
}
