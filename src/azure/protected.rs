//! Disks, snapshots, managed images and machines that a disk encryption set protects.

use super::encryption::doubted_if_empty_by_default;
use super::{Field, KeyUse, Kind, Lun, Reader, Slot};
use crate::eval::Resource;
use crate::value::{Str, Value};

/// A disk, snapshot, managed image, machine or scale set with the keys that it names.
#[derive(Clone, Debug)]
pub struct Protected<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub location: Field,
    /// The references to disk encryption sets that aren't certainly missing.
    pub uses: Vec<KeyUse>,
}

/// `properties.encryption` of a disk or snapshot.
#[derive(Clone, Debug)]
pub struct PlatformKeyed {
    /// `type`.
    pub ty: Field,
    /// `diskEncryptionSetId`.
    pub des: Field,
}

impl<'a> Protected<'a> {
    /// Reads a resource that isn't a gallery's; `None` for any other kind.
    pub fn read(reader: &mut Reader<'_>, kind: Kind, resource: &'a Resource) -> Option<Self> {
        let body = reader.settle(&resource.body);
        let properties = reader.member(&body, "properties");
        let mut uses = Vec::new();
        match kind {
            Kind::Disk | Kind::Snapshot => {
                let plain = reader.of(&properties, "encryption");
                let plain = reader.of(&plain, "diskEncryptionSetId");
                let confidential = reader.of(&properties, "securityProfile");
                let confidential = reader.of(&confidential, "secureVMDiskEncryptionSetId");
                uses.extend([(Slot::Os, plain), (Slot::ConfidentialOs, confidential)]);
            }
            Kind::ManagedImage | Kind::VirtualMachine | Kind::ScaleSet => {
                let storage = storage(reader, kind, &properties);
                disks(reader, kind, &storage, &mut uses);
            }
            _ => return None,
        }
        let uses = uses
            .into_iter()
            .map(|(slot, des)| KeyUse {
                slot,
                des: doubted_if_empty_by_default(des),
                entry: None,
                ground: resource.basis,
            })
            .filter(|key| !key.des.is_absent())
            .collect();
        Some(Self { resource, kind, location: reader.member(&body, "location"), uses })
    }

    /// The subscription that it is deployed to.
    pub fn subscription(&self) -> Option<&'a Str> {
        self.resource.id.as_ref().and_then(|id| id.scope.subscription())
    }
}

fn storage(reader: &mut Reader<'_>, kind: Kind, properties: &Field) -> Field {
    let holder = match kind {
        Kind::ScaleSet => reader.of(properties, "virtualMachineProfile"),
        _ => properties.clone(),
    };
    reader.of(&holder, "storageProfile")
}

fn disks(reader: &mut Reader<'_>, kind: Kind, storage: &Field, uses: &mut Vec<(Slot, Field)>) {
    let os = reader.of(storage, "osDisk");
    disk(reader, kind, &os, (Slot::Os, Slot::ConfidentialOs), uses);
    let data = reader.of(storage, "dataDisks");
    for item in reader.list(&data).items {
        let lun = Lun::read(reader, &item.value).number;
        disk(reader, kind, &Field::Present(item.value), (Slot::Data(lun), Slot::ConfidentialData(lun)), uses);
    }
}

fn disk(reader: &mut Reader<'_>, kind: Kind, disk: &Field, slots: (Slot, Slot), uses: &mut Vec<(Slot, Field)>) {
    let holder = match kind {
        Kind::ManagedImage => disk.clone(),
        _ => reader.of(disk, "managedDisk"),
    };
    let plain = reader.of(&holder, "diskEncryptionSet");
    let plain = reader.of(&plain, "id");
    let confidential = reader.of(&holder, "securityProfile");
    let confidential = reader.of(&confidential, "diskEncryptionSet");
    let confidential = reader.of(&confidential, "id");
    uses.extend([(slots.0, plain), (slots.1, confidential)]);
}

impl PlatformKeyed {
    /// Reads `properties.encryption` of a disk or snapshot.
    pub fn read(reader: &mut Reader<'_>, resource: &Resource) -> Self {
        let body = reader.settle(&resource.body);
        let encryption = reader.path(&body, &["properties", "encryption"]);
        let des = reader.of(&encryption, "diskEncryptionSetId");
        Self { ty: reader.of(&encryption, "type"), des: doubted_if_empty_by_default(des) }
    }
}

/// The disks of a managed image with the disk or snapshot that each is made from, and the set that it names itself.
pub fn image_disks(reader: &mut Reader<'_>, resource: &Resource) -> Vec<(Value, Value)> {
    let body = reader.settle(&resource.body);
    let storage = reader.path(&body, &["properties", "storageProfile"]);
    let data = reader.of(&storage, "dataDisks");
    let mut disks = vec![reader.of(&storage, "osDisk")];
    disks.extend(reader.list(&data).items.into_iter().map(|item| Field::Present(item.value)));
    let mut found = Vec::new();
    for disk in disks {
        let set = reader.of(&disk, "diskEncryptionSet");
        let Field::Present(set) = reader.of(&set, "id") else { continue };
        for holder in ["managedDisk", "snapshot"] {
            let holder = reader.of(&disk, holder);
            if let Field::Present(source) = reader.of(&holder, "id") {
                found.push((set.clone(), source));
            }
        }
    }
    found
}
