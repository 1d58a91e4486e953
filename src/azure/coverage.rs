//! Whether a disk of an image is encrypted with a customer's key in a region.

use super::encryption::absence;
use super::{DataDiskKey, DiskKey, Encryption, Field, Ground};
use crate::value::{Basis, Value};

/// A disk of an image.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Disk {
    /// The operating system's.
    Os,
    /// A data disk by its LUN.
    Data(i64),
}

impl Disk {
    /// What people call it.
    pub fn noun(self) -> String {
        match self {
            Self::Os => "the OS disk".to_owned(),
            Self::Data(lun) => format!("the data disk at LUN {lun}"),
        }
    }
}

/// Whether a disk is encrypted with a customer's key.
#[derive(Clone, Debug)]
pub enum Coverage {
    /// It is; the reference that says so.
    Covered(Value),
    /// It isn't; what says so.
    Bare(Ground),
    /// Can't be told, because of this.
    Unsure(Value),
    /// Can't be told, since a member was written that Azure doesn't know.
    Misread,
}

impl Coverage {
    fn of(key: &DiskKey) -> Self {
        for des in [&key.des, &key.confidential_des] {
            if let Field::Present(value) = des {
                return Self::Covered(value.clone());
            }
        }
        for des in [&key.des, &key.confidential_des] {
            if let Field::Maybe(value) = des {
                return Self::Unsure(value.clone());
            }
        }
        match absence(&key.des) {
            Some(_) if key.foreign => Self::Misread,
            Some(ground) => Self::Bare(ground),
            None => Self::Misread,
        }
    }

    /// How firmly a verdict stands.
    pub fn basis(&self) -> Basis {
        match self {
            Self::Covered(value) | Self::Unsure(value) => super::basis_of(value),
            Self::Bare(ground) => ground.basis,
            Self::Misread => Basis::Fixed,
        }
    }
}

impl Encryption {
    /// Whether a disk is encrypted.
    pub fn coverage(&self, disk: Disk) -> Coverage {
        let found = match disk {
            Disk::Os => Coverage::of(&self.os),
            Disk::Data(lun) => self.data_coverage(lun),
        };
        match found {
            Coverage::Bare(_) if self.foreign => Coverage::Misread,
            other => other,
        }
    }

    fn data_coverage(&self, lun: i64) -> Coverage {
        let mut found = None;
        for entry in self.data.iter().filter(|entry| entry.lun.number == Some(lun)) {
            match Coverage::of(&entry.key) {
                covered @ Coverage::Covered(_) => return covered,
                other => found = Some(other),
            }
        }
        if let Some(gap) = &self.data_gap {
            return Coverage::Unsure(gap.clone());
        }
        let unsure = self.data.iter().find(|entry| entry.lun.number.is_none());
        if let Some(entry) = unsure {
            return entry.lun.field.unknown().map_or(Coverage::Misread, |value| Coverage::Unsure(value.clone()));
        }
        found.unwrap_or_else(|| match &self.data_field {
            Field::Absent(ground) => Coverage::Bare(*ground),
            Field::Present(value) => Coverage::Bare(Ground::of(value)),
            Field::Maybe(value) => Coverage::Unsure(value.clone()),
        })
    }

    /// The LUNs that have a key here, in order and without repeats.
    pub fn covered_luns(&self) -> Vec<i64> {
        self.luns(|coverage| matches!(coverage, Coverage::Covered(_)))
    }

    /// The LUNs that have a key here or may have one, in order and without repeats.
    pub fn keyed_luns(&self) -> Vec<i64> {
        self.luns(|coverage| matches!(coverage, Coverage::Covered(_) | Coverage::Unsure(_)))
    }

    fn luns(&self, wanted: fn(&Coverage) -> bool) -> Vec<i64> {
        let entries = self.data.iter().filter(|entry| wanted(&Coverage::of(&entry.key)));
        let mut luns: Vec<i64> = entries.filter_map(|entry| entry.lun.number).collect();
        luns.sort_unstable();
        luns.dedup();
        luns
    }

    /// What hides which data disks have a key here: LUNs that aren't known, and what stands for further entries.
    pub fn open_luns(&self) -> Vec<&Value> {
        let has_key = |entry: &&DataDiskKey| !matches!(Coverage::of(&entry.key), Coverage::Bare(_));
        let unknown = self.data.iter().filter(has_key).filter_map(|entry| match entry.lun.number {
            Some(_) => None,
            None => entry.lun.field.unknown(),
        });
        unknown.chain(&self.data_gap).collect()
    }

    /// The first disk that has a key here.
    pub fn first_key(&self) -> Option<Value> {
        let keys = std::iter::once(&self.os).chain(self.data.iter().map(|entry| &entry.key));
        keys.map(Coverage::of).find_map(|coverage| match coverage {
            Coverage::Covered(value) => Some(value),
            _ => None,
        })
    }

    /// What keeps it from being told whether any disk has a key here, where none certainly has.
    pub fn doubt(&self) -> Option<Value> {
        let keys = std::iter::once(&self.os).chain(self.data.iter().map(|entry| &entry.key));
        keys.map(Coverage::of)
            .find_map(|coverage| match coverage {
                Coverage::Unsure(value) => Some(value),
                _ => None,
            })
            .or_else(|| self.data_gap.clone())
    }
}
