//! CMK216: an encryption type that contradicts what it stands beside.

use std::sync::Arc;

use super::rule::{Check, Rule};
use super::steps::Step;
use super::words::{Fact, Words};
use crate::azure::{DiskEncryptionSet, Field, Kind, PLATFORM_KEY, PlatformKeyed, Protected, basis_of, image_disks};
use crate::eval::script::FactKind;
use crate::text::Span;
use crate::value::{Basis, OriginId, Value, equal_text};

pub(super) struct EncryptionTypeContradiction;

struct Contradiction {
    fault: Fault,
    place: Option<Span>,
    origin: OriginId,
    other: Option<Span>,
    basis: Basis,
}

enum Fault {
    /// A set of platform keys.
    SetOfPlatformKeys,
    /// A platform key beside a set.
    PlatformBeside(&'static str),
    /// A customer's key without a set.
    Nothing(&'static str),
    /// Another set than that of the disk it is made from.
    Override(String),
    /// An option for a set, and none for the type.
    Untyped(Arc<str>),
}

const WITH_CUSTOMER: [&str; 2] = ["EncryptionAtRestWithCustomerKey", "EncryptionAtRestWithPlatformAndCustomerKeys"];

impl Rule for EncryptionTypeContradiction {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::DiskEncryptionSet, Kind::Disk, Kind::Snapshot, Kind::ManagedImage]
    }

    fn disk_encryption_set(&self, set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
        match &set.ty {
            Field::Present(value) if is_one(value, &[PLATFORM_KEY]) => {
                report(Fault::SetOfPlatformKeys, value, None, check);
            }
            other => {
                if let Some(value) = other.unknown() {
                    check.undecided(value);
                }
            }
        }
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        let request = step.request();
        for fact in request.facts.iter().filter(|fact| fact.kind == FactKind::SetWithoutType) {
            check.report(&Contradiction {
                fault: Fault::Untyped(Arc::clone(&fact.text)),
                place: Some(fact.span),
                origin: request.resource.body.origin,
                other: None,
                basis: request.resource.basis,
            });
        }
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        if protected.kind == Kind::ManagedImage {
            return overrides(protected, check);
        }
        let PlatformKeyed { ty, des } = PlatformKeyed::read(&mut check.reader, protected.resource);
        let noun = protected.kind.noun();
        match (&ty, &des) {
            (Field::Present(ty), Field::Present(des)) if is_one(ty, &[PLATFORM_KEY]) => {
                report(Fault::PlatformBeside(noun), ty, Some(des), check);
            }
            (Field::Present(ty), Field::Absent(_)) if is_one(ty, &WITH_CUSTOMER) => {
                report(Fault::Nothing(noun), ty, None, check);
            }
            (Field::Present(ty), Field::Maybe(des))
                if is_one(ty, &[PLATFORM_KEY, WITH_CUSTOMER[0], WITH_CUSTOMER[1]]) =>
            {
                check.undecided(des);
            }
            (ty, Field::Present(_)) => {
                if let Some(ty) = ty.unknown() {
                    check.undecided(ty);
                }
            }
            _ => {}
        }
    }
}

fn is_one(value: &Value, types: &[&str]) -> bool {
    value
        .as_str()
        .and_then(|string| string.text())
        .is_some_and(|text| types.iter().any(|ty| text.eq_ignore_ascii_case(ty)))
}

/// A managed image that names another set than the disk or snapshot that it is made from.
fn overrides(image: &Protected<'_>, check: &mut Check<'_>) {
    for (set, source) in image_disks(&mut check.reader, image.resource) {
        let disk = [Kind::Disk, Kind::Snapshot].into_iter().find_map(|kind| check.reader.find(kind, &source));
        let Some(disk) = disk else { continue };
        let own = PlatformKeyed::read(&mut check.reader, disk.resource).des;
        let (Field::Present(own), Some(named)) = (own, set.as_str()) else { continue };
        let Some(theirs) = own.as_str() else { continue };
        if equal_text(check.reader.context, named, theirs).is_no() {
            let name = check.reader.name_of(&own);
            report(Fault::Override(name), &set, Some(&own), check);
        }
    }
}

fn report(fault: Fault, value: &Value, other: Option<&Value>, check: &mut Check<'_>) {
    let fact = Contradiction {
        fault,
        place: check.reader.place(value),
        origin: value.origin,
        other: other.and_then(|other| check.reader.place(other)),
        basis: basis_of(value).max(other.map_or(Basis::Fixed, basis_of)),
    };
    check.report(&fact);
}

impl Fact for Contradiction {
    fn case(&self) -> &'static str {
        match self.fault {
            Fault::SetOfPlatformKeys | Fault::PlatformBeside(_) | Fault::Untyped(_) => "a",
            Fault::Nothing(_) => "b",
            Fault::Override(_) => "c",
        }
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        match &self.fault {
            Fault::SetOfPlatformKeys => {
                words.message("a disk encryption set can't have platform keys");
                words.primary(self.place, "not a type of disk encryption sets");
                words.help("use `EncryptionAtRestWithCustomerKey` or `EncryptionAtRestWithPlatformAndCustomerKeys`");
            }
            Fault::PlatformBeside(noun) => {
                words.message(format!("the {noun} is to have a platform key and a disk encryption set"));
                words.primary(self.place, "a platform key");
                words.label(self.other, "a disk encryption set");
                words.note("the service refuses a platform key beside a disk encryption set");
                words.help("use `EncryptionAtRestWithCustomerKey`, or leave the disk encryption set out");
            }
            Fault::Nothing(noun) => {
                words.message(format!("the {noun} is to have a customer's key but names no disk encryption set"));
                words.primary(self.place, "a customer's key");
                words.help("add `diskEncryptionSetId`");
            }
            Fault::Untyped(option) => {
                words.message(format!("`{option}` needs `--encryption-type` beside it"));
                words.primary(self.place, "a set, but no type that has one");
                words.note("the command refuses it: \"Please specify --encryption-type\"");
                words.help("add `--encryption-type EncryptionAtRestWithCustomerKey`");
            }
            Fault::Override(set) => {
                words.message(format!("the image names another disk encryption set than its disk, which has `{set}`"));
                words.primary(self.place, "the image's set");
                words.label(self.other, "the disk's set");
                words.note("the service was seen to refuse this: override of the set isn't supported yet");
                words.help("leave the image's `diskEncryptionSet` out, or name the disk's");
            }
        }
        words.way(self.origin);
    }
}
