//! What an image version is made from, and which data disks that has.

use super::{Field, Kind, Lun, Reader};
use crate::eval::Resource;
use crate::value::{Basis, Value};

/// What an image version is made from.
#[derive(Clone, Debug)]
pub struct Source {
    /// `storageProfile.source`.
    pub whole: Field,
    /// Its `id`: a managed image, a machine or another image version.
    pub id: Field,
    /// Its `uri`.
    pub uri: Field,
    /// Its `communityGalleryImageId`.
    pub community: Field,
    /// Its `virtualMachineId`.
    pub machine: Field,
    /// `storageProfile.osDiskImage`.
    pub os_field: Field,
    /// What the OS disk is made from.
    pub os: DiskSource,
    /// `storageProfile.dataDiskImages`.
    pub data: Vec<SourceDisk>,
    /// What hides further data disks.
    pub data_gap: Option<Value>,
    /// `restore`: a version that was deleted comes back, without any source.
    pub restore: Field,
}

/// What one disk is made from.
#[derive(Clone, Debug)]
pub struct DiskSource {
    /// `source`.
    pub field: Field,
    /// A disk or snapshot, or the storage account of a blob.
    pub id: Field,
    /// A blob.
    pub uri: Field,
    /// The storage account of a blob.
    pub storage_account: Field,
}

/// A data disk of the source.
#[derive(Clone, Debug)]
pub struct SourceDisk {
    /// Where it is attached.
    pub lun: Lun,
    /// Whether the entry stands for any number of disks.
    pub many: bool,
    /// What it is made from.
    pub disk: DiskSource,
}

/// The data disks that the source has.
#[derive(Clone, Debug)]
pub enum SourceLuns {
    /// All of them, with the values that say so.
    Known {
        /// The LUNs.
        luns: Vec<(i64, Value)>,
        /// How firmly that stands.
        basis: Basis,
    },
    /// Can't be told because of this; `None` if the files don't show the source.
    Unknown(Option<Value>),
}

impl DiskSource {
    /// Reads `source` of a disk.
    pub fn read(reader: &mut Reader<'_>, disk: &Field) -> Self {
        let field = reader.of(disk, "source");
        Self {
            id: reader.of(&field, "id"),
            uri: reader.of(&field, "uri"),
            storage_account: reader.of(&field, "storageAccountId"),
            field,
        }
    }

    /// Whether it names anything; `None` if it can't be told.
    pub fn is_given(&self) -> Option<bool> {
        any_given(&[&self.id, &self.uri, &self.storage_account])
    }
}

/// Whether any field is there; `None` if it can't be told.
fn any_given(fields: &[&Field]) -> Option<bool> {
    if fields.iter().any(|field| field.present().is_some()) {
        return Some(true);
    }
    if fields.iter().any(|field| matches!(field, Field::Maybe(_))) { None } else { Some(false) }
}

impl Source {
    /// Whether the image as a whole has a source; `None` if it can't be told.
    pub fn is_whole(&self) -> Option<bool> {
        any_given(&[&self.id, &self.uri, &self.community, &self.machine])
    }

    /// The references to resources in it, those that are certainly missing left out.
    pub fn references(&self) -> impl Iterator<Item = &Field> {
        let disks = std::iter::once(&self.os).chain(self.data.iter().map(|disk| &disk.disk));
        [&self.id, &self.machine]
            .into_iter()
            .chain(disks.filter(|disk| disk.uri.is_absent()).map(|disk| &disk.id))
            .filter(|field| !field.is_absent())
    }

    /// The data disks of the image that comes of it.
    pub fn luns(&self, reader: &mut Reader<'_>) -> SourceLuns {
        if !matches!(&self.restore, Field::Absent(_))
            && self.is_whole() == Some(false)
            && self.os.is_given() != Some(true)
        {
            return SourceLuns::Unknown(None);
        }
        match self.is_whole() {
            None => SourceLuns::Unknown(self.doubt()),
            Some(true) => self.luns_of_whole(reader),
            Some(false) => match self.os.is_given() {
                Some(true) => {
                    let entries = self.data.iter().map(|disk| (&disk.lun, disk.many));
                    collect(entries, self.data_gap.as_ref(), self.os.field.basis())
                }
                Some(false) => SourceLuns::Unknown(None),
                None => SourceLuns::Unknown(self.os.field.unknown().or(self.os.id.unknown()).cloned()),
            },
        }
    }

    fn doubt(&self) -> Option<Value> {
        [&self.id, &self.uri, &self.community, &self.machine].into_iter().find_map(|field| match field {
            Field::Maybe(value) => Some(value.clone()),
            Field::Absent(_) | Field::Present(_) => None,
        })
    }

    fn luns_of_whole(&self, reader: &mut Reader<'_>) -> SourceLuns {
        let Some(reference) = self.id.present().or(self.machine.present()).cloned() else {
            return SourceLuns::Unknown(self.doubt());
        };
        if let Some(found) = reader.find(Kind::ManagedImage, &reference) {
            return luns_of_disks(reader, found.resource, found.basis);
        }
        if let Some(found) = reader.find(Kind::VirtualMachine, &reference) {
            let body = reader.settle(&found.resource.body);
            let image = reader.path(&body, &["properties", "storageProfile", "imageReference", "id"]);
            // An image of one's own brings data disks that the machine need not list.
            return match image {
                Field::Absent(_) => luns_of_disks(reader, found.resource, found.basis),
                Field::Present(value) | Field::Maybe(value) => SourceLuns::Unknown(Some(value)),
            };
        }
        SourceLuns::Unknown(self.id.unknown().cloned())
    }
}

/// The LUNs of `storageProfile.dataDisks` of a managed image or machine.
fn luns_of_disks(reader: &mut Reader<'_>, resource: &Resource, basis: Basis) -> SourceLuns {
    let body = reader.settle(&resource.body);
    let storage = reader.path(&body, &["properties", "storageProfile"]);
    let os = reader.of(&storage, "osDisk");
    if os.present().is_none() {
        return SourceLuns::Unknown(None);
    }
    let field = reader.of(&storage, "dataDisks");
    let list = reader.list(&field);
    let entries: Vec<(Lun, bool)> = list.items.iter().map(|item| (Lun::read(reader, &item.value), item.many)).collect();
    collect(entries.iter().map(|(lun, many)| (lun, *many)), list.open.as_ref(), basis.max(field.basis()))
}

fn collect<'l>(entries: impl Iterator<Item = (&'l Lun, bool)>, gap: Option<&Value>, mut basis: Basis) -> SourceLuns {
    if let Some(gap) = gap {
        return SourceLuns::Unknown(Some(gap.clone()));
    }
    let mut luns = Vec::new();
    for (lun, many) in entries {
        match (lun.number, lun.field.present()) {
            (Some(number), Some(value)) if !many => {
                basis = basis.max(super::basis_of(value));
                luns.push((number, value.clone()));
            }
            (_, value) => return SourceLuns::Unknown(value.cloned().or_else(|| lun.field.unknown().cloned())),
        }
    }
    SourceLuns::Known { luns, basis }
}
