//! Virtual machines and scale sets: what image they are made from, and the keys of their disks.

use super::encryption::doubted_if_empty_by_default;
use super::{Field, Ground, Kind, Lun, Reader, Slot};
use crate::eval::Resource;
use crate::value::Value;

/// A virtual machine or scale set.
#[derive(Clone, Debug)]
pub struct Machine<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Where it is.
    pub location: Field,
    /// `imageReference.id`.
    pub image: Field,
    /// `storageProfile.osDisk`.
    pub os: MachineDisk,
    /// `storageProfile.dataDisks`.
    pub data: Vec<MachineDisk>,
    /// What hides further data disks.
    pub data_gap: Option<Value>,
}

/// A disk of a machine.
#[derive(Clone, Debug)]
pub struct MachineDisk {
    /// Which disk it is.
    pub slot: Slot,
    /// The disk itself.
    pub field: Field,
    /// The disk that is attached, rather than made, if the files don't show it.
    pub attached: Field,
    /// `managedDisk.storageAccountType`.
    pub storage: Field,
    /// `managedDisk.diskEncryptionSet.id`.
    pub des: Field,
    /// `managedDisk.securityProfile.diskEncryptionSet.id`.
    pub confidential_des: Field,
    /// `diffDiskSettings.option`: a disk that lasts as long as its machine runs.
    pub ephemeral: Field,
    /// `vhd.uri`: a disk that the machine's owner keeps as a blob.
    pub blob: Field,
    /// `osType`.
    pub os_type: Field,
}

impl<'a> Machine<'a> {
    /// Reads a virtual machine or scale set.
    pub fn read(reader: &mut Reader<'_>, kind: Kind, resource: &'a Resource) -> Self {
        let body = reader.settle(&resource.body);
        let profile: &[&str] = match kind {
            Kind::ScaleSet => &["properties", "virtualMachineProfile", "storageProfile"],
            _ => &["properties", "storageProfile"],
        };
        let storage = reader.path(&body, profile);
        let image = reader.of(&storage, "imageReference");
        let os = reader.of(&storage, "osDisk");
        let data = reader.of(&storage, "dataDisks");
        let list = reader.list(&data);
        let data = list.items.into_iter().map(|item| {
            let slot = Slot::Data(Lun::read(reader, &item.value).number);
            MachineDisk::read(reader, slot, Field::Present(item.value))
        });
        let data = data.collect();
        Self {
            resource,
            location: reader.member(&body, "location"),
            image: reader.of(&image, "id"),
            os: MachineDisk::read(reader, Slot::Os, os),
            data,
            data_gap: list.open,
        }
    }

    /// The OS disk, then the data disks.
    pub fn disks(&self) -> impl Iterator<Item = &MachineDisk> {
        std::iter::once(&self.os).chain(&self.data)
    }
}

impl MachineDisk {
    fn read(reader: &mut Reader<'_>, slot: Slot, field: Field) -> Self {
        let mut disk = Self::written(reader, slot, field);
        disk.look_at_attached(reader);
        disk
    }

    /// The keys of an attached disk are its own, where the files show it.
    fn look_at_attached(&mut self, reader: &mut Reader<'_>) {
        let Field::Present(attached) = &self.attached else { return };
        let Some(found) = reader.find(Kind::Disk, attached) else { return };
        let body = reader.settle(&found.resource.body);
        if self.des.is_absent() {
            self.des = reader.path(&body, &["properties", "encryption", "diskEncryptionSetId"]);
        }
        if self.confidential_des.is_absent() {
            self.confidential_des =
                reader.path(&body, &["properties", "securityProfile", "secureVMDiskEncryptionSetId"]);
        }
        self.attached = Field::Absent(Ground::of(attached));
    }

    fn written(reader: &mut Reader<'_>, slot: Slot, field: Field) -> Self {
        let managed = reader.of(&field, "managedDisk");
        let plain = reader.of(&managed, "diskEncryptionSet");
        let des = reader.of(&plain, "id");
        let profile = reader.of(&managed, "securityProfile");
        let confidential = reader.of(&profile, "diskEncryptionSet");
        let confidential_des = reader.of(&confidential, "id");
        let ephemeral = reader.of(&field, "diffDiskSettings");
        let blob = reader.of(&field, "vhd");
        Self {
            slot,
            attached: reader.of(&managed, "id"),
            storage: reader.of(&managed, "storageAccountType"),
            des: doubted_if_empty_by_default(des),
            confidential_des: doubted_if_empty_by_default(confidential_des),
            ephemeral: reader.of(&ephemeral, "option"),
            blob: reader.of(&blob, "uri"),
            os_type: reader.of(&field, "osType"),
            field,
        }
    }

    /// Whether a customer's key encrypts it; `None` if it can't be told, since an attached disk has keys of its own.
    pub fn is_covered(&self) -> Option<bool> {
        if self.des.present().is_some() || self.confidential_des.present().is_some() {
            return Some(true);
        }
        let certain = self.des.is_absent() && self.confidential_des.is_absent() && self.attached.is_absent();
        certain.then_some(false)
    }

    /// What keeps it from being told whether it has a key.
    pub fn doubt(&self) -> Option<&Value> {
        [&self.des, &self.confidential_des, &self.attached].into_iter().find_map(|field| match field {
            Field::Maybe(value) => Some(value),
            Field::Absent(_) | Field::Present(_) => None,
        })
    }
}
