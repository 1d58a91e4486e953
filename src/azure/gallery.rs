//! Galleries and disk encryption sets.

use super::{Field, Reader};
use crate::eval::Resource;
use crate::value::{Basis, ResourceId, Verdict, equal_text};

/// A disk encryption set that the files deploy.
#[derive(Clone, Debug)]
pub struct DiskEncryptionSet<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Where it is.
    pub location: Field,
    /// `encryptionType`.
    pub ty: Field,
    /// `activeKey.keyUrl`.
    pub key_url: Field,
    /// `activeKey.sourceVault.id`.
    pub source_vault: Field,
    /// `identity.type`.
    pub identity: Field,
}

/// A type that sets can't have: CMK216 speaks of it.
pub const PLATFORM_KEY: &str = "EncryptionAtRestWithPlatformKey";

/// The kind of set for confidential machines.
pub const CONFIDENTIAL: &str = "ConfidentialVmEncryptedWithCustomerKey";

impl<'a> DiskEncryptionSet<'a> {
    /// Reads a disk encryption set.
    pub fn read(reader: &mut Reader<'_>, resource: &'a Resource) -> Self {
        let body = reader.settle(&resource.body);
        Self {
            resource,
            location: reader.member(&body, "location"),
            ty: reader.path(&body, &["properties", "encryptionType"]),
            key_url: reader.path(&body, &["properties", "activeKey", "keyUrl"]),
            source_vault: reader.path(&body, &["properties", "activeKey", "sourceVault", "id"]),
            identity: reader.path(&body, &["identity", "type"]),
        }
    }

    /// Whether it is of the kind for confidential machines; `None` if it can't be told. A set without type is of the
    /// ordinary kind.
    pub fn is_confidential(&self) -> Option<bool> {
        match &self.ty {
            Field::Absent(_) => Some(false),
            Field::Maybe(_) => None,
            Field::Present(_) => {
                let ty = self.ty.string()?.text()?;
                Some(ty.eq_ignore_ascii_case(CONFIDENTIAL))
            }
        }
    }
}

/// `sharingProfile.permissions` of a gallery.
pub fn permissions(reader: &mut Reader<'_>, resource: &Resource) -> Field {
    let body = reader.settle(&resource.body);
    reader.path(&body, &["properties", "sharingProfile", "permissions"])
}

/// The id of the gallery that an image version or definition belongs to.
pub fn gallery_of(resource: &Resource) -> Option<ResourceId> {
    let id = resource.id.as_ref()?;
    Some(ResourceId { scope: id.scope.clone(), ty: id.ty.clone(), names: vec![id.names.first()?.clone()] })
}

/// Whether an image version or definition belongs to a gallery, both as the files declare them.
pub fn is_in_gallery(reader: &mut Reader<'_>, resource: &Resource, gallery: &Resource) -> Verdict {
    let maybe = Verdict { tri: crate::value::Tri::Maybe, basis: Basis::Fixed };
    let (Some(mine), Some(theirs)) = (gallery_of(resource), &gallery.id) else { return maybe };
    let mine = mine.text(reader.context, resource.body.origin);
    let theirs = theirs.text(reader.context, gallery.body.origin);
    equal_text(reader.context, &mine, &theirs)
}
