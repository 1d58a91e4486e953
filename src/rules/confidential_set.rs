//! CMK215: a disk encryption set for confidential machines stands where an ordinary one belongs (case a), or the
//! other way about (case b).

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{CONFIDENTIAL, DiskEncryptionSet, ImageVersion, KeyUse, Kind, PLATFORM_KEY, Protected, basis_of};
use crate::text::Span;
use crate::value::{Basis, OriginId};

pub(super) struct DesKindAndSlot;

struct WrongKind {
    confidential_slot: bool,
    set: String,
    disk: String,
    place: Option<Span>,
    origin: Option<OriginId>,
    used: Option<Span>,
    basis: Basis,
}

impl Rule for DesKindAndSlot {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine, Kind::ScaleSet]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let uses = version.copies(&mut check.reader).uses();
        judge(&uses, check);
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        judge(&protected.uses, check);
    }
}

fn judge(uses: &[KeyUse], check: &mut Check<'_>) {
    for key in uses {
        let Some(value) = key.des.present() else { continue };
        let Some(found) = check.reader.find(Kind::DiskEncryptionSet, value) else { continue };
        let set = DiskEncryptionSet::read(&mut check.reader, found.resource);
        let ty = set.ty.string().and_then(|ty| ty.text());
        if ty.is_some_and(|ty| ty.eq_ignore_ascii_case(PLATFORM_KEY)) {
            continue;
        }
        let wanted = key.slot.is_confidential();
        match set.is_confidential() {
            Some(is) if is == wanted => {}
            Some(_) => {
                let ty = set.ty.present();
                let fact = WrongKind {
                    confidential_slot: wanted,
                    set: check.reader.name_of(value),
                    disk: key.slot.disk(),
                    place: ty.and_then(|ty| check.reader.place(ty)).or(Some(found.resource.type_span)),
                    origin: ty.map(|ty| ty.origin),
                    used: check.reader.place(value),
                    basis: found.basis.max(key.ground).max(ty.map_or(Basis::Fixed, basis_of)),
                };
                check.report(&fact);
            }
            None => {
                if let Some(value) = set.ty.unknown() {
                    check.undecided(value);
                }
            }
        }
    }
}

impl Fact for WrongKind {
    fn case(&self) -> &'static str {
        if self.confidential_slot { "b" } else { "a" }
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { set, disk, .. } = self;
        if self.confidential_slot {
            words.message(format!("disk encryption set `{set}` isn't for confidential machines but is used for them"));
            words.primary(self.place, format!("not `{CONFIDENTIAL}`"));
            words.label(self.used, format!("used for {disk} of confidential machines"));
            words.note(format!("`secureVMDiskEncryptionSetId` takes a set of type `{CONFIDENTIAL}`"));
        } else {
            words.message(format!(
                "disk encryption set `{set}` is for confidential machines but used as an ordinary one"
            ));
            words.primary(self.place, "a type for confidential machines");
            words.label(self.used, format!("used for {disk}"));
            words.note("`diskEncryptionSetId` takes a set that encrypts disks at rest");
        }
        if let Some(origin) = self.origin {
            words.way(origin);
        }
        words.help("use a set of the right type; the type of a set can't be changed later");
    }
}
