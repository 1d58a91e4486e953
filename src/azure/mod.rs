//! The typed vocabulary of the checks: image versions, target regions, disk encryption sets, galleries, disks and
//! machines, read out of evaluated resources in one consistent world; and the tables that go with them.
//!
//! Says what is there. What is wrong with it, is for the rules.

pub mod api_versions;
pub mod regions;

mod coverage;
mod definition;
mod encryption;
mod estate;
mod gallery;
mod image_version;
mod machine;
mod placeholder;
mod protected;
mod reader;
mod source;
mod vault;

pub use coverage::{Coverage, Disk};
pub use definition::{ImageDefinition, ImageOf, definition_of, image_of};
pub use encryption::{DataDiskKey, DiskKey, Encryption, Lun, Slot};
pub use estate::{Before, Estate};
pub use gallery::{CONFIDENTIAL, DiskEncryptionSet, PLATFORM_KEY, gallery_of, is_in_gallery, permissions};
pub use image_version::{ImageVersion, KeyUse, TargetRegion, TargetRegions};
pub use machine::{Machine, MachineDisk};
pub use protected::{PlatformKeyed, Protected, image_disks};
pub use reader::{Field, Found, Ground, Item, List, Reader, basis_of};
pub use source::{DiskSource, Source, SourceDisk, SourceLuns};
pub use vault::{Key, KeyUrl, KeyVault, key_of, vault_of};

use crate::value::Str;

/// A resource type that the checks know.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// `Microsoft.Compute/galleries`.
    Gallery,
    /// `Microsoft.Compute/galleries/images`.
    ImageDefinition,
    /// `Microsoft.Compute/galleries/images/versions`.
    ImageVersion,
    /// `Microsoft.Compute/diskEncryptionSets`.
    DiskEncryptionSet,
    /// `Microsoft.Compute/images`.
    ManagedImage,
    /// `Microsoft.Compute/disks`.
    Disk,
    /// `Microsoft.Compute/snapshots`.
    Snapshot,
    /// `Microsoft.Compute/virtualMachines`.
    VirtualMachine,
    /// `Microsoft.Compute/virtualMachineScaleSets`.
    ScaleSet,
    /// `Microsoft.KeyVault/vaults`.
    KeyVault,
    /// `Microsoft.KeyVault/vaults/keys`.
    Key,
    /// `Microsoft.KeyVault/vaults/accessPolicies`.
    AccessPolicies,
    /// `Microsoft.Authorization/roleAssignments`.
    RoleAssignment,
    /// `Microsoft.VirtualMachineImages/imageTemplates`.
    ImageTemplate,
}

/// What it takes that a file matters which deploys resources of a kind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    /// Nothing more.
    Alone,
    /// That the file, or one that it goes with, speaks of encryption: a disk without a word of it has platform keys, and
    /// nobody meant otherwise. That it is made from an encrypted image version, the version's file shows.
    WithKeys,
    /// That there is something else that matters, of which it tells something.
    BesideOthers,
}

/// The version of the Azure CLI whose behaviour the facts are of.
pub const CLI_VERSION: &str = "2.91.0";

/// Every kind with its type and what people call it.
const KINDS: &[(Kind, &str, &str)] = &[
    (Kind::Gallery, "Microsoft.Compute/galleries", "gallery"),
    (Kind::ImageDefinition, "Microsoft.Compute/galleries/images", "image definition"),
    (Kind::ImageVersion, "Microsoft.Compute/galleries/images/versions", "image version"),
    (Kind::DiskEncryptionSet, "Microsoft.Compute/diskEncryptionSets", "disk encryption set"),
    (Kind::ManagedImage, "Microsoft.Compute/images", "managed image"),
    (Kind::Disk, "Microsoft.Compute/disks", "disk"),
    (Kind::Snapshot, "Microsoft.Compute/snapshots", "snapshot"),
    (Kind::VirtualMachine, "Microsoft.Compute/virtualMachines", "virtual machine"),
    (Kind::ScaleSet, "Microsoft.Compute/virtualMachineScaleSets", "scale set"),
    (Kind::KeyVault, "Microsoft.KeyVault/vaults", "key vault"),
    (Kind::Key, "Microsoft.KeyVault/vaults/keys", "key"),
    (Kind::AccessPolicies, "Microsoft.KeyVault/vaults/accessPolicies", "access policies"),
    (Kind::RoleAssignment, "Microsoft.Authorization/roleAssignments", "role assignment"),
    (Kind::ImageTemplate, "Microsoft.VirtualMachineImages/imageTemplates", "image template"),
];

/// Whether a type is one that the checks know: what evaluation is asked for.
pub fn is_known_type(ty: &str) -> bool {
    KINDS.iter().any(|(_, name, _)| ty.eq_ignore_ascii_case(name))
}

/// Whether an id holds another where a name belongs: what a command makes of an id that lacks its leading slash.
pub fn is_taken_for_name(id: &Str) -> bool {
    let text = id.shown().to_ascii_lowercase();
    text.find("/providers/").is_some_and(|at| text[at..].contains("/subscriptions/"))
}

impl Kind {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|(kind, ..)| *kind)
    }

    /// The kind of a type; `None` for a type that the checks don't know, or that isn't known.
    pub fn of(ty: &Str) -> Option<Self> {
        let ty = ty.text()?;
        KINDS.iter().find(|(_, name, _)| ty.eq_ignore_ascii_case(name)).map(|(kind, ..)| *kind)
    }

    /// Whether a file that deploys it is one that the checks are about, rather than one that tells them something.
    pub const fn is_judged(self) -> bool {
        !matches!(self, Self::KeyVault | Self::Key | Self::AccessPolicies | Self::RoleAssignment | Self::ImageTemplate)
    }

    /// What it takes that a file matters which deploys it.
    pub const fn weight(self) -> Weight {
        match self {
            Self::Gallery
            | Self::ImageDefinition
            | Self::ImageVersion
            | Self::DiskEncryptionSet
            | Self::ImageTemplate => Weight::Alone,
            Self::ManagedImage | Self::Disk | Self::Snapshot | Self::VirtualMachine | Self::ScaleSet => {
                Weight::WithKeys
            }
            Self::KeyVault | Self::Key | Self::AccessPolicies | Self::RoleAssignment => Weight::BesideOthers,
        }
    }

    /// The type as Azure writes it.
    pub fn type_name(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, name, _)| name)
    }

    /// What people call it.
    pub fn noun(self) -> &'static str {
        KINDS.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., noun)| noun)
    }
}
