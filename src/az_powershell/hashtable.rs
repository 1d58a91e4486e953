//! What the image version cmdlets read out of hashtables, and what they pass over or stumble on.
//!
//! `GalleryImageVersionCreateOrUpdateMethod.cs`: keys that it doesn't know are ignored without a word, `$null` is no
//! encryption, and some members are cast. Where a mistake loses something, the member is left unknown, so that what
//! follows from it isn't reported as well.

use std::sync::Arc;

use crate::eval::script::build::{self, Body};
use crate::eval::script::{Fact, FactKind};
use crate::text::{Span, nearest};
use crate::value::{Context, Element, Kind, Literal, Member, Origin, OriginId, Term, TermId, Value};

use super::names::Names;

/// The call that a bare word run as a command gives as its output.
pub(super) const BARE_WORD: &str = "bareword";
/// The call that braces around no members are.
const BRACED: &str = "braced";

/// A kind of hashtable.
pub(super) struct Shape {
    keys: &'static [Key],
    /// Whether all in it is about encryption.
    encryption: bool,
}

struct Key {
    name: &'static str,
    /// The member of the request.
    path: &'static str,
    ty: Type,
}

#[derive(Clone, Copy)]
enum Type {
    /// As it is.
    Plain,
    /// An integer; text that is one is an integer too.
    Number,
    /// An integer that is cast: text is an error.
    Lun,
    /// Text that is cast: an object is an error.
    Id,
    /// A hashtable.
    One(&'static Shape),
    /// An array of hashtables that is cast: a single hashtable is an error.
    Array(&'static Shape),
}

const fn key(name: &'static str, path: &'static str, ty: Type) -> Key {
    Key { name, path, ty }
}

static OS_DISK_KEYS: Shape = Shape {
    encryption: true,
    keys: &[
        key("DiskEncryptionSetId", "diskEncryptionSetId", Type::Id),
        key("CVMEncryptionType", "securityProfile.confidentialVMEncryptionType", Type::Plain),
        key("CVMDiskEncryptionSetID", "securityProfile.secureVMDiskEncryptionSetId", Type::Id),
    ],
};
static DATA_DISK_KEYS: Shape = Shape {
    encryption: true,
    keys: &[key("Lun", "lun", Type::Lun), key("DiskEncryptionSetId", "diskEncryptionSetId", Type::Id)],
};
static ENCRYPTION: Shape = Shape {
    encryption: true,
    keys: &[
        key("OSDiskImage", "osDiskImage", Type::One(&OS_DISK_KEYS)),
        key("DataDiskImages", "dataDiskImages", Type::Array(&DATA_DISK_KEYS)),
    ],
};
/// An entry of `-TargetRegion`.
pub(super) static REGION: Shape = Shape {
    encryption: false,
    keys: &[
        key("Name", "name", Type::Plain),
        key("ReplicaCount", "regionalReplicaCount", Type::Number),
        key("StorageAccountType", "storageAccountType", Type::Plain),
        key("ExcludeFromLatest", "excludeFromLatest", Type::Plain),
        key("Encryption", "encryption", Type::One(&ENCRYPTION)),
    ],
};
static EXTENDED: Shape =
    Shape { encryption: false, keys: &[key("Name", "name", Type::Plain), key("Type", "type", Type::Plain)] };
/// An entry of `-TargetExtendedLocation`.
pub(super) static EDGE_ZONE: Shape = Shape {
    encryption: false,
    keys: &[
        key("Name", "name", Type::Plain),
        key("Location", "name", Type::Plain),
        key("ReplicaCount", "extendedLocationReplicaCount", Type::Number),
        key("StorageAccountType", "storageAccountType", Type::Plain),
        key("ExtendedLocation", "extendedLocation", Type::One(&EXTENDED)),
        key("Encryption", "encryption", Type::One(&ENCRYPTION)),
    ],
};
/// The members of a disk that a version is made from; keys beside them are converted by rules of PowerShell's own.
const SOURCE_DISK: &[(&str, &str)] = &[
    ("lun", "lun"),
    ("hostcaching", "hostCaching"),
    ("sizeingb", "sizeInGB"),
    ("source.id", "source.id"),
    ("source.uri", "source.uri"),
    ("source.storageaccountid", "source.storageAccountId"),
];

/// Reads hashtables.
pub(super) struct Hashtables<'a> {
    pub(super) context: &'a mut Context,
    pub(super) names: &'a Names,
    pub(super) facts: Vec<Fact>,
    /// Whether it is for an update, which reads less.
    pub(super) update: bool,
    /// Where the command is written, for what has no place of its own.
    pub(super) span: Span,
}

impl Hashtables<'_> {
    /// `-TargetRegion` and `-TargetExtendedLocation`: an array of hashtables; a single one is taken as one.
    pub(super) fn entries(&mut self, value: &Value, shape: &'static Shape) -> Value {
        match &value.kind {
            Kind::Array(elements) => {
                let elements = elements.clone();
                let entries = elements
                    .iter()
                    .map(|element| match element {
                        Element::One(entry) => Element::One(self.table(entry, shape)),
                        Element::Many(entry) => Element::Many(self.table(entry, shape)),
                    })
                    .collect();
                build::array(self.context, entries, value.origin)
            }
            Kind::Object(_) => {
                let entry = self.table(value, shape);
                build::array(self.context, vec![Element::One(entry)], value.origin)
            }
            Kind::Choice(choice) => {
                let (then, other) = (self.entries(&choice.then, shape), self.entries(&choice.other, shape));
                self.chosen(value, then, other)
            }
            _ => {
                self.suspicious(value, true);
                value.clone()
            }
        }
    }

    fn chosen(&mut self, value: &Value, then: Value, other: Value) -> Value {
        let Kind::Choice(choice) = &value.kind else { return then };
        let mut sides = [then, other].into_iter();
        build::over_choice(self.context, choice, |_, side| sides.next().unwrap_or_else(|| side.clone()))
    }

    /// One hashtable as a member of the request.
    fn table(&mut self, value: &Value, shape: &'static Shape) -> Value {
        match &value.kind {
            Kind::Object(object) => {
                let object = Arc::clone(object);
                let mut body = Body::default();
                if object.open {
                    body.leave_open();
                }
                for member in &object.members {
                    self.member(member, shape, &mut body);
                }
                self.missing(value, &object, shape, &mut body);
                body.finish(self.context, value.origin)
            }
            Kind::Choice(choice) => {
                let (then, other) = (self.table(&choice.then, shape), self.table(&choice.other, shape));
                self.chosen(value, then, other)
            }
            _ => {
                self.suspicious(value, shape.encryption);
                value.clone()
            }
        }
    }

    fn member(&mut self, member: &Member, shape: &'static Shape, body: &mut Body) {
        let Some(name) = member.key.text() else {
            body.leave_open();
            return;
        };
        let at = member.key.pieces.first().map_or(member.value.origin, |piece| piece.origin);
        let Some(key) = shape.keys.iter().find(|key| key.name.eq_ignore_ascii_case(&name)) else {
            self.ignored(member, &name, at, shape, body);
            return;
        };
        if self.update && name.to_ascii_lowercase().starts_with("cvm") {
            self.fact(FactKind::ConfidentialKeyIgnored, at, &name, None, true);
        }
        let encryption = shape.encryption || matches!(key.ty, Type::One(inner) if inner.encryption);
        let value = if self.suspicious(&member.value, encryption) {
            build::unknown(self.context, member.value.origin)
        } else {
            self.typed(&member.value, key.ty, Origin::literal(self.context, at))
        };
        if !value.is_null() {
            body.set(key.path, at, value);
        }
    }

    /// A key that the cmdlet doesn't read.
    fn ignored(&mut self, member: &Member, name: &str, at: OriginId, shape: &'static Shape, body: &mut Body) {
        let meant = nearest(name, shape.keys.iter().map(|key| key.name));
        let leads = |meant: &str| {
            shape.keys.iter().any(|key| key.name == meant && matches!(key.ty, Type::One(inner) if inner.encryption))
        };
        let holds_keys = matches!(&member.value.kind, Kind::Object(object)
            if object.members.iter().any(|inner| inner.key.text().is_some_and(|key| is_about_encryption(&key))));
        let encryption = shape.encryption
            || meant.is_some_and(leads)
            || (meant.is_none() && (holds_keys || is_about_encryption(name)));
        if encryption {
            body.leave_open();
        }
        self.fact(FactKind::IgnoredKey, at, name, meant, encryption);
    }

    /// What must be there and isn't.
    fn missing(&mut self, value: &Value, object: &crate::value::Object, shape: &'static Shape, body: &mut Body) {
        if object.open || object.members.iter().any(|member| member.key.text().is_none()) {
            return;
        }
        let misspelt = |kind: FactKind, facts: &[Fact]| facts.last().is_some_and(|fact| fact.kind == kind);
        if std::ptr::eq(shape, &raw const DATA_DISK_KEYS) && object.value("Lun").is_none() {
            body.leave_open();
            if !misspelt(FactKind::IgnoredKey, &self.facts) {
                let span = self.place(value);
                self.facts.push(Fact {
                    kind: FactKind::LunMissing,
                    span,
                    text: "Lun".into(),
                    meant: None,
                    also: Vec::new(),
                    encryption: true,
                });
            }
        }
        if std::ptr::eq(shape, &raw const ENCRYPTION) && self.update && object.value("OSDiskImage").is_none() {
            let span = self.place(value);
            self.facts.push(Fact {
                kind: FactKind::OsDiskMissing,
                span,
                text: "OSDiskImage".into(),
                meant: None,
                also: Vec::new(),
                encryption: true,
            });
        }
    }

    /// `key` is where the member is named.
    fn typed(&mut self, value: &Value, ty: Type, key: Option<Span>) -> Value {
        if let Kind::Choice(choice) = &value.kind {
            let (then, other) = (self.typed(&choice.then, ty, key), self.typed(&choice.other, ty, key));
            return self.chosen(value, then, other);
        }
        match ty {
            Type::Plain => value.clone(),
            Type::Number => number(self.context, value),
            Type::Lun => match &value.kind {
                Kind::Str(string) if string.is_known() => {
                    let text = string.text().unwrap_or_default();
                    self.fact(FactKind::LunNotInteger, value.origin, &text, None, true);
                    build::unknown(self.context, value.origin)
                }
                _ => value.clone(),
            },
            Type::Id => self.id(value, key),
            Type::One(shape) => self.table(value, shape),
            Type::Array(shape) => match &value.kind {
                Kind::Object(_) => {
                    self.fact(FactKind::DataDisksNotArray, value.origin, "", None, true);
                    build::unknown(self.context, value.origin)
                }
                Kind::Array(_) => {
                    let elements = value.as_array().unwrap_or_default().to_vec();
                    let entries = elements
                        .iter()
                        .map(|element| match element {
                            Element::One(entry) => Element::One(self.table(entry, shape)),
                            Element::Many(entry) => Element::Many(self.table(entry, shape)),
                        })
                        .collect();
                    build::array(self.context, entries, value.origin)
                }
                _ => value.clone(),
            },
        }
    }

    /// An id that is cast to text: an object is a mistake.
    pub(super) fn id(&mut self, value: &Value, key: Option<Span>) -> Value {
        match &value.kind {
            Kind::Object(_) => {
                let mut fact = Fact::new(FactKind::ObjectInsteadOfId, self.place(value), self.shown(value));
                let same = |other: &Fact| other.kind == fact.kind && other.span == fact.span;
                match self.facts.iter().position(same) {
                    Some(known) => self.facts[known].also.extend(key),
                    None => {
                        fact.also.extend(key);
                        self.facts.push(fact);
                    }
                }
                build::unknown(self.context, value.origin)
            }
            _ => value.clone(),
        }
    }

    fn shown(&self, value: &Value) -> String {
        let name = value.as_object().and_then(|object| object.value("Name")).and_then(Value::text);
        name.map(|name| name.to_string()).unwrap_or_default()
    }

    /// `-OSDiskImage`, an element of `-DataDiskImage`.
    pub(super) fn source_disk(&mut self, value: &Value) -> Value {
        match &value.kind {
            Kind::Object(object) => {
                let object = Arc::clone(object);
                let mut body = Body::default();
                if object.open {
                    body.leave_open();
                }
                for member in &object.members {
                    let at = member.key.pieces.first().map_or(member.value.origin, |piece| piece.origin);
                    let key = member.key.text().map(|key| key.to_lowercase());
                    match (key.as_deref(), &member.value.kind) {
                        (None, _) => body.leave_open(),
                        (Some("source"), Kind::Object(source)) => {
                            for inner in &source.members {
                                let key = inner.key.text().map(|key| format!("source.{}", key.to_lowercase()));
                                let at = inner.key.pieces.first().map_or(at, |piece| piece.origin);
                                self.source_member(key.as_deref().unwrap_or_default(), at, &inner.value, &mut body);
                            }
                        }
                        (Some("source"), _) => body.set("source", at, member.value.clone()),
                        (Some(key), _) => self.source_member(key, at, &member.value, &mut body),
                    }
                }
                body.finish(self.context, value.origin)
            }
            Kind::Choice(choice) => {
                let (then, other) = (self.source_disk(&choice.then), self.source_disk(&choice.other));
                self.chosen(value, then, other)
            }
            _ => value.clone(),
        }
    }

    fn source_member(&mut self, key: &str, at: OriginId, value: &Value, body: &mut Body) {
        let Some((_, path)) = SOURCE_DISK.iter().find(|(name, _)| *name == key) else { return };
        let value = if *path == "lun" { number(self.context, value) } else { value.clone() };
        body.set(path, at, value);
    }

    /// `-DataDiskImage`.
    pub(super) fn source_disks(&mut self, value: &Value) -> Value {
        let elements: Vec<Element> = match &value.kind {
            Kind::Array(elements) => elements.to_vec(),
            Kind::Object(_) => vec![Element::One(value.clone())],
            _ => return value.clone(),
        };
        let disks = elements
            .iter()
            .map(|element| match element {
                Element::One(disk) => Element::One(self.source_disk(disk)),
                Element::Many(disk) => Element::Many(self.source_disk(disk)),
            })
            .collect();
        build::array(self.context, disks, value.origin)
    }

    /// Whether a value is no value at all: a bare word, a variable that nothing assigns, braces around a list.
    pub(super) fn suspicious(&mut self, value: &Value, encryption: bool) -> bool {
        let term = value.term;
        if let Some(args) = self.call(term, BARE_WORD) {
            let word = args.first().and_then(|word| self.literal(*word)).unwrap_or_default();
            self.fact(FactKind::BareWord, value.origin, &word, None, encryption);
            return true;
        }
        if self.call(term, BRACED).is_some() {
            let whole = braces(self.context, value.origin);
            let span = whole.map_or(self.span, |whole| whole.part(0, 2));
            self.facts.push(Fact {
                kind: FactKind::BracedList,
                span,
                text: "@{".into(),
                meant: None,
                also: whole.into_iter().collect(),
                encryption,
            });
            return true;
        }
        if !encryption {
            return false;
        }
        let Some(name) = variable(self.context, term) else { return false };
        let Some(like) = self.names.unassigned(&name) else { return false };
        self.fact(FactKind::UnassignedVariable, value.origin, &name, like.as_deref(), true);
        true
    }

    fn call(&self, term: TermId, function: &str) -> Option<Vec<TermId>> {
        match self.context.get(term) {
            Term::Call(name, args) if &**name == function => Some(args.to_vec()),
            _ => None,
        }
    }

    fn literal(&self, term: TermId) -> Option<String> {
        match self.context.as_literal(term) {
            Some(Literal::Str(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    fn place(&self, value: &Value) -> Span {
        Origin::literal(self.context, value.origin).unwrap_or(self.span)
    }

    fn fact(&mut self, kind: FactKind, at: OriginId, text: &str, meant: Option<&str>, encryption: bool) {
        let span = Origin::literal(self.context, at).unwrap_or(self.span);
        let fact = Fact { kind, span, text: text.into(), meant: meant.map(Into::into), also: Vec::new(), encryption };
        if !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }
}

/// The variable that a term is, or is a member of.
fn variable(context: &Context, mut term: TermId) -> Option<String> {
    for _ in 0..8 {
        match context.get(term) {
            Term::Param(name) => {
                let name = name.strip_prefix('$')?;
                let plain = name.chars().all(|char| char.is_alphanumeric() || char == '_');
                return plain.then(|| name.to_owned());
            }
            Term::Get(base, _) => term = *base,
            _ => return None,
        }
    }
    None
}

/// A braced list.
fn braces(context: &Context, mut origin: OriginId) -> Option<Span> {
    for _ in 0..32 {
        match context.origin(origin) {
            Origin::Made(span, _) | Origin::Literal(span) => return Some(*span),
            Origin::Via(_, _, of) => origin = *of,
            Origin::Picked { value, .. } => origin = *value,
            Origin::Among(_) | Origin::External(_) => return None,
        }
    }
    None
}

/// Text that is an integer, as one.
pub(super) fn number(context: &mut Context, value: &Value) -> Value {
    let Some(number) = value.text().and_then(|text| text.trim().parse::<i64>().ok()) else { return value.clone() };
    let closed = context.is_closed(value.term);
    let term = if closed { context.literal(Literal::Int(number)) } else { value.term };
    Value { kind: Kind::Int(number), term, ..value.clone() }
}

fn is_about_encryption(key: &str) -> bool {
    let lower = key.to_lowercase();
    ["encrypt", "diskimage", "securityprofile", "des"].iter().any(|part| lower.contains(part))
}
