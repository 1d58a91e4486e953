//! CMK214: a member about encryption that Azure doesn't know, or that stands in the wrong place (case a), and LUNs in
//! quotes (case b).

use super::fact_remedies::is_plain_integer;
use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::api_versions::GALLERY;
use crate::azure::{Field, ImageVersion, Kind, TargetRegion};
use crate::finding::Change;
use crate::text::{Span, distance};
use crate::value::{Basis, Kind as ValueKind, Member, OriginId, Value};

pub(super) struct UnknownEncryptionMember;

struct WrongMember {
    fault: Fault,
    place: Option<Span>,
    origin: Option<OriginId>,
    basis: Basis,
}

enum Fault {
    /// A name that isn't known there, and the nearest that is.
    Unknown { name: String, holder: &'static str, nearest: Option<&'static str> },
    /// Encryption where there is none.
    Misplaced { name: String, holder: &'static str },
    /// A value of the wrong kind.
    WrongShape { name: &'static str, wants: &'static str },
    /// An entry without `lun`.
    NoLun,
    /// A number in quotes.
    TextLun(String),
}

/// The members of an object, for people and to compare with.
struct Shape {
    holder: &'static str,
    members: &'static [&'static str],
    /// Names that are often written for one that is known.
    mistaken: &'static [(&'static str, &'static str)],
}

const ENCRYPTION: Shape = Shape {
    holder: "encryption",
    members: &["osDiskImage", "dataDiskImages"],
    mistaken: &[("osDisk", "osDiskImage"), ("dataDisks", "dataDiskImages")],
};

const OS_DISK: Shape = Shape {
    holder: "encryption.osDiskImage",
    members: &["diskEncryptionSetId", "securityProfile"],
    mistaken: &[
        ("diskEncryptionSet", "diskEncryptionSetId"),
        ("encryptionSetId", "diskEncryptionSetId"),
        ("secureVMDiskEncryptionSetId", "securityProfile"),
    ],
};

const DATA_DISK: Shape = Shape {
    holder: "encryption.dataDiskImages",
    members: &["lun", "diskEncryptionSetId", "securityProfile"],
    mistaken: &[("diskEncryptionSet", "diskEncryptionSetId"), ("encryptionSetId", "diskEncryptionSetId")],
};

const PROFILE: Shape = Shape {
    holder: "securityProfile",
    members: &["confidentialVMEncryptionType", "secureVMDiskEncryptionSetId"],
    mistaken: &[
        ("securityEncryptionType", "confidentialVMEncryptionType"),
        ("diskEncryptionSet", "secureVMDiskEncryptionSetId"),
    ],
};

impl Rule for UnknownEncryptionMember {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let mut facts = Vec::new();
        misplaced("publishingProfile", &version.publishing, &[], &mut facts, check);
        misplaced("storageProfile", &version.storage, &[], &mut facts, check);
        misplaced("properties", &version.properties, &[], &mut facts, check);
        let os = check.reader.of(&version.storage, "osDiskImage");
        misplaced("storageProfile.osDiskImage", &os, &[], &mut facts, check);
        let data = check.reader.of(&version.storage, "dataDiskImages");
        for item in check.reader.list(&data).items {
            misplaced("storageProfile.dataDiskImages", &Field::Present(item.value), &[], &mut facts, check);
        }
        for copy in &version.copies(&mut check.reader).list {
            let region = Field::Present(copy.item.clone());
            let holder = if copy.zone.is_some() { "targetExtendedLocations" } else { "targetRegions" };
            misplaced(holder, &region, &["osDiskImage", "dataDiskImages"], &mut facts, check);
            of_copy(copy, &mut facts, check);
        }
        report(version, &facts, check);
    }
}

/// Reports what was found, if the API version is one whose members are known.
fn report(version: &ImageVersion<'_>, facts: &[WrongMember], check: &mut Check<'_>) {
    if facts.is_empty() {
        return;
    }
    let api = version.resource.api.as_ref().map(|api| check.reader.settle(api));
    let text = api.as_ref().and_then(|api| api.as_str()).and_then(|string| string.text());
    if text.as_deref().is_some_and(|text| GALLERY.contains(&text)) {
        for fact in facts {
            check.report(fact);
        }
        return;
    }
    match &api {
        Some(api) => match text {
            Some(text) => {
                let because = format!("the members of API version `{text}` aren't known here");
                check.undecided_because(api.origin, &because);
            }
            None => check.undecided(api),
        },
        None => check.undecided_because(version.resource.body.origin, "the API version isn't known"),
    }
}

fn of_copy(copy: &TargetRegion, facts: &mut Vec<WrongMember>, check: &mut Check<'_>) {
    let encryption = &copy.encryption;
    unknown(&ENCRYPTION, &encryption.field, facts, check);
    wants_object("encryption", &encryption.field, facts, check);
    unknown(&OS_DISK, &encryption.os.field, facts, check);
    wants_object("osDiskImage", &encryption.os.field, facts, check);
    unknown(&PROFILE, &encryption.os.profile, facts, check);
    if let Field::Present(value) = &encryption.data_field
        && value.as_array().is_none()
        && !value.is_unknown()
    {
        facts.push(wrong_shape("dataDiskImages", "an array", value, check));
    }
    for entry in &encryption.data {
        unknown(&DATA_DISK, &entry.key.field, facts, check);
        unknown(&PROFILE, &entry.key.profile, facts, check);
        match &entry.lun.field {
            Field::Absent(ground) if entry.key.field.present().is_some_and(|entry| entry.as_object().is_some()) => {
                let place = check.reader.place_at(ground.origin);
                facts.push(WrongMember { fault: Fault::NoLun, place, origin: None, basis: ground.basis });
            }
            Field::Present(value) => match &value.kind {
                ValueKind::Int(_) | ValueKind::Unknown { .. } => {}
                // A string parameter without value may hold anything.
                ValueKind::Str(string) if !string.is_known() => check.undecided(value),
                ValueKind::Str(string) if entry.lun.number.is_some() => facts.push(WrongMember {
                    fault: Fault::TextLun(string.shown()),
                    place: check.reader.place(value),
                    origin: Some(value.origin),
                    basis: crate::azure::basis_of(value),
                }),
                _ => facts.push(wrong_shape("lun", "a whole number", value, check)),
            },
            Field::Absent(_) | Field::Maybe(_) => {}
        }
    }
}

fn wants_object(name: &'static str, field: &Field, facts: &mut Vec<WrongMember>, check: &Check<'_>) {
    if let Field::Present(value) = field
        && value.as_object().is_none()
        && !value.is_unknown()
    {
        facts.push(wrong_shape(name, "an object", value, check));
    }
}

fn wrong_shape(name: &'static str, wants: &'static str, value: &Value, check: &Check<'_>) -> WrongMember {
    WrongMember {
        fault: Fault::WrongShape { name, wants },
        place: check.reader.place(value),
        origin: Some(value.origin),
        basis: crate::azure::basis_of(value),
    }
}

/// Members with a name and something in them.
fn members(field: &Field) -> impl Iterator<Item = (String, &Member, Basis)> {
    let holder = field.present();
    let basis = holder.map_or(Basis::Fixed, |value| value.basis);
    let members = holder.and_then(Value::as_object).map_or(&[][..], |object| &object.members);
    members
        .iter()
        .filter(|member| !member.value.is_null())
        .filter_map(move |member| Some((member.key.text()?.to_string(), member, basis)))
}

fn unknown(shape: &Shape, field: &Field, facts: &mut Vec<WrongMember>, check: &mut Check<'_>) {
    for (name, member, basis) in members(field) {
        if shape.members.iter().any(|known| name.eq_ignore_ascii_case(known)) || is_nothing(member, check) {
            continue;
        }
        facts.push(WrongMember {
            place: check.reader.place_of(&member.key),
            fault: Fault::Unknown { nearest: nearest(shape, &name), holder: shape.holder, name },
            origin: None,
            basis,
        });
    }
}

/// Whether the member is null in this world.
fn is_nothing(member: &Member, check: &mut Check<'_>) -> bool {
    check.reader.field(&member.value).is_absent()
}

fn nearest(shape: &Shape, name: &str) -> Option<&'static str> {
    if let Some((_, meant)) = shape.mistaken.iter().find(|(written, _)| name.eq_ignore_ascii_case(written)) {
        return Some(meant);
    }
    let name = name.to_lowercase();
    if name.len() > 64 {
        return None;
    }
    let near = shape.members.iter().map(|known| (distance(&name, &known.to_lowercase()), *known)).min()?;
    (near.0 <= 4).then_some(near.1)
}

/// Names about encryption that aren't `encryption` of a region, where there is none.
fn misplaced(
    holder: &'static str,
    field: &Field,
    others: &[&str],
    facts: &mut Vec<WrongMember>,
    check: &mut Check<'_>,
) {
    let in_region = holder.starts_with("target");
    for (name, member, basis) in members(field) {
        let lower = name.to_ascii_lowercase();
        let about = lower.contains("encrypt") || others.iter().any(|other| name.eq_ignore_ascii_case(other));
        if !about || (in_region && lower == "encryption") || is_nothing(member, check) {
            continue;
        }
        let place = check.reader.place_of(&member.key);
        facts.push(WrongMember { place, fault: Fault::Misplaced { name, holder }, origin: None, basis });
    }
}

impl Fact for WrongMember {
    fn case(&self) -> &'static str {
        if matches!(self.fault, Fault::TextLun(_)) { "b" } else { "a" }
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        match &self.fault {
            Fault::Unknown { name, holder, nearest } => {
                words.message(format!("`{holder}` has no member `{name}`"));
                match nearest {
                    Some(nearest) => {
                        words.primary(self.place, format!("perhaps `{nearest}`"));
                        words.help(format!("write `{nearest}`"));
                        let change = Change::Write { from: name.clone(), to: (*nearest).to_owned() };
                        words.remedy(false, self.place, change);
                    }
                    None => words.primary(self.place, "not a member that Azure knows"),
                }
            }
            Fault::Misplaced { name, holder } => {
                words.message(format!("`{holder}` has no member `{name}`; encryption belongs into each target region"));
                words.primary(self.place, "no encryption here");
                words.help("move it to `encryption` of each entry of `publishingProfile.targetRegions`");
            }
            Fault::WrongShape { name, wants } => {
                words.message(format!("`{name}` must be {wants}"));
                words.primary(self.place, format!("not {wants}"));
            }
            Fault::NoLun => {
                words.message("an entry of `dataDiskImages` has no `lun`");
                words.primary(self.place, "for which data disk?");
                words.help("add `lun` with the number at which the data disk is attached");
            }
            Fault::TextLun(text) => {
                if is_plain_integer(text) {
                    words.remedy(true, self.place, Change::Unquote(text.clone()));
                }
                words.message("`lun` is a number in quotes");
                words.primary(self.place, "a string");
                words.help("write the number without quotes");
            }
        }
        if let Some(origin) = self.origin {
            words.way(origin);
        }
        words.note("what the service doesn't know it refuses or ignores: the disk isn't encrypted as meant");
    }
}
