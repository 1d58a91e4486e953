//! CMK204: a reference to a disk encryption set isn't the id of one.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, KeyUse, Kind, Protected, is_taken_for_name};
use crate::finding::{Change, Remedy};
use crate::text::Span;
use crate::value::{Basis, Content, IdReading, IdScope, Kind as ValueKind, OriginId, Piece, Str, Value, segments};

pub(super) struct MalformedDesId;

struct Malformed {
    fault: Fault,
    disk: String,
    text: String,
    place: Option<Span>,
    remedy: Option<Remedy>,
    origin: OriginId,
    basis: Basis,
}

/// What is wrong with an id.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Fault {
    /// Nothing in it.
    Empty,
    /// Not a string.
    NotText,
    /// An id but for the slash in front.
    NoLeadingSlash,
    /// The same, which a command took for a name and put behind a type of its own.
    TakenForName,
    /// A slash at the end.
    TrailingSlash,
    /// No id at all.
    NoId,
    /// `diskEncryptionSet`, which no API version has.
    Singular,
    /// The id of something else.
    OtherType(String),
    /// Without resource group.
    NoResourceGroup,
}

impl Rule for MalformedDesId {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine, Kind::ScaleSet]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let copies = version.copies(&mut check.reader);
        judge(&copies.uses(), check);
        if let Some(gap) = &copies.gap {
            check.undecided(gap);
        }
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        judge(&protected.uses, check);
    }
}

fn judge(uses: &[KeyUse], check: &mut Check<'_>) {
    for key in uses {
        let value = match &key.des {
            Field::Present(value) => value,
            Field::Maybe(value) => {
                check.undecided(value);
                continue;
            }
            Field::Absent(_) => continue,
        };
        let fault = match &value.kind {
            ValueKind::Str(string) => match fault(string, check) {
                Reading::Sound => continue,
                Reading::Unknown => {
                    check.undecided(value);
                    continue;
                }
                Reading::Faulty(fault, part) => {
                    report(key, value, fault, part.as_ref(), check);
                    continue;
                }
            },
            ValueKind::Unknown { .. } | ValueKind::Handle(_) | ValueKind::Choice(_) | ValueKind::Null => {
                check.undecided(value);
                continue;
            }
            ValueKind::Bool(_)
            | ValueKind::Int(_)
            | ValueKind::Float(_)
            | ValueKind::Array(_)
            | ValueKind::Object(_) => Fault::NotText,
        };
        report(key, value, fault, None, check);
    }
}

/// `part` is the part of the id that is wrong. One that was written elsewhere than the id is at fault there.
fn report(key: &KeyUse, value: &Value, fault: Fault, part: Option<&Str>, check: &mut Check<'_>) {
    let whole = check.reader.place(value);
    let part = part.and_then(|part| check.reader.place_of(part));
    let place = match (whole, part) {
        (Some(whole), Some(part)) if !whole.contains(part) => Some(part),
        _ => whole,
    };
    let text = value.as_str().map_or_else(String::new, |string| check.reader.shown(string));
    let remedy = value.as_str().and_then(|string| remedy(&fault, string, place?, check));
    let fact = Malformed {
        fault,
        remedy,
        disk: key.slot.disk(),
        text,
        place,
        origin: value.origin,
        basis: crate::azure::basis_of(value).max(key.ground),
    };
    check.report(&fact);
}

/// What mends an id: the slash in front, the plural of the type, no slash at the end.
fn remedy(fault: &Fault, id: &Str, place: Span, check: &Check<'_>) -> Option<Remedy> {
    let text = |piece: &Piece| match &piece.content {
        Content::Text(text) => Some(text.to_string()),
        Content::Symbol(_) => None,
    };
    let texts = || id.pieces.iter().filter_map(|piece| Some((piece, text(piece)?)));
    let (at, from, to) = match fault {
        Fault::NoLeadingSlash | Fault::TakenForName => {
            let is_first = |text: &str| text.to_ascii_lowercase().starts_with(SUBSCRIPTIONS);
            let (piece, text) = texts().find(|(_, text)| is_first(text))?;
            let from = text.get(..SUBSCRIPTIONS.len())?.to_owned();
            let at = check.reader.place_of(&Str::new([piece.clone()]))?;
            (at, from.clone(), format!("/{from}"))
        }
        Fault::Singular => {
            let (_, text) = texts().find(|(_, text)| text.to_ascii_lowercase().contains(SINGULAR_SEGMENT))?;
            let at = text.to_ascii_lowercase().find(SINGULAR_SEGMENT)?;
            let from = text.get(at..at + SINGULAR_SEGMENT.len())?.to_owned();
            (place, from.clone(), format!("{from}s"))
        }
        Fault::TrailingSlash => {
            let text = text(id.pieces.last()?)?;
            let (before, name) = text.strip_suffix('/')?.rsplit_once('/')?;
            let is_name = !before.is_empty() && !name.is_empty();
            is_name.then(|| (place, format!("/{name}/"), format!("/{name}")))?
        }
        Fault::Empty | Fault::NotText | Fault::NoId | Fault::OtherType(_) | Fault::NoResourceGroup => return None,
    };
    Some(Remedy { safe: true, at, change: Change::Write { from, to } })
}

enum Reading {
    Sound,
    Unknown,
    /// What is wrong, and the part of the id that is, where there is one.
    Faulty(Fault, Option<Str>),
}

const TYPE: &str = "Microsoft.Compute/diskEncryptionSets";
const SUBSCRIPTIONS: &str = "subscriptions";
const SINGULAR_SEGMENT: &str = "diskencryptionset";
const SINGULAR: &str = "Microsoft.Compute/diskEncryptionSet";

fn fault(string: &Str, check: &mut Check<'_>) -> Reading {
    let Some(first) = string.pieces.first() else { return Reading::Faulty(Fault::Empty, None) };
    if let Content::Text(text) = &first.content
        && !text.starts_with('/')
    {
        let rest = text.to_ascii_lowercase();
        let slash = rest.starts_with("subscriptions/") || (rest == "subscriptions" && string.pieces.len() > 1);
        let front = Str::new([first.clone()]);
        return Reading::Faulty(if slash { Fault::NoLeadingSlash } else { Fault::NoId }, Some(front));
    }
    if is_taken_for_name(string) {
        return Reading::Faulty(Fault::TakenForName, None);
    }
    let id = match check.reader.id(string) {
        IdReading::Malformed => return Reading::Faulty(Fault::NoId, None),
        IdReading::Opaque => return Reading::Unknown,
        IdReading::Id(id) => id,
    };
    if let Some(ty) = id.ty.text() {
        if ty.eq_ignore_ascii_case(SINGULAR) {
            return Reading::Faulty(Fault::Singular, segments(check.reader.context, &id.ty).pop());
        }
        if !ty.eq_ignore_ascii_case(TYPE) {
            return Reading::Faulty(Fault::OtherType(check.reader.shown(&id.ty)), None);
        }
    } else {
        return Reading::Unknown;
    }
    if let Some(last) = string.pieces.last()
        && let Content::Text(text) = &last.content
        && text.ends_with('/')
    {
        return Reading::Faulty(Fault::TrailingSlash, Some(Str::new([last.clone()])));
    }
    match id.scope {
        IdScope::ResourceGroup { .. } | IdScope::Opaque(_) => Reading::Sound,
        IdScope::Tenant | IdScope::ManagementGroup(_) | IdScope::Subscription(_) | IdScope::Resource(_) => {
            Reading::Faulty(Fault::NoResourceGroup, None)
        }
    }
}

impl Fault {
    fn sentence(&self) -> String {
        match self {
            Self::Empty => "the disk encryption set's id is empty".to_owned(),
            Self::NotText => "a disk encryption set's id must be a string".to_owned(),
            Self::NoLeadingSlash => "the disk encryption set's id lacks its leading `/`".to_owned(),
            Self::TakenForName => {
                "the disk encryption set's id lacks its leading `/` and is taken for a name".to_owned()
            }
            Self::TrailingSlash => "the disk encryption set's id ends in `/`".to_owned(),
            Self::NoId => "this is not the id of a disk encryption set".to_owned(),
            Self::Singular => "there is no type `diskEncryptionSet`; the type is `diskEncryptionSets`".to_owned(),
            Self::OtherType(ty) => format!("this is the id of a `{ty}`, not of a disk encryption set"),
            Self::NoResourceGroup => "the disk encryption set's id lacks its resource group".to_owned(),
        }
    }
}

impl Fact for Malformed {
    fn case(&self) -> &'static str {
        if self.fault == Fault::NoLeadingSlash { "b" } else { "a" }
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        words.message(self.fault.sentence());
        let read = if self.text.is_empty() { String::new() } else { format!(", read as `{}`", self.text) };
        words.primary(self.place, format!("meant for {}{read}", self.disk));
        words.way(self.origin);
        words.determined(self.remedy.clone());
        words.note(
            "an id is `/subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Compute/diskEncryptionSets/<name>`",
        );
        words.help(match self.fault {
            Fault::Empty => "write the id, or leave the member out where no key of one's own is meant",
            Fault::Singular => "write `diskEncryptionSets`",
            Fault::NoLeadingSlash | Fault::TakenForName => "put a `/` in front",
            _ => "refer to the disk encryption set by its whole id",
        });
    }
}
