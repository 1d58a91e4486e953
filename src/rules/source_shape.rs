//! CMK208: the source of an image version is none, several, or of a type that can't be there.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, Kind, Source, basis_of};
use crate::finding::Format;
use crate::text::Span;
use crate::value::{Basis, IdReading, Origin, OriginId, Str, Value};

pub(super) struct SourceShape;

struct WrongSource {
    fault: Fault,
    place: Option<Span>,
    origin: OriginId,
    other: Option<Span>,
    basis: Basis,
}

enum Fault {
    /// Nothing to make a version from.
    None,
    /// A source of the image as a whole, and sources of its disks.
    WholeAndDisks,
    /// Two sources of the image as a whole.
    TwoWholes,
    /// A type that the image as a whole can't be made from.
    WholeType(String),
    /// A type that a disk can't be made from.
    DiskType(String),
    /// `virtualMachineId` that isn't one's.
    NoMachine(String),
}

impl Rule for SourceShape {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        how_many(version, &source, check);
        of_whole(&source.id, &WHOLE, check, Fault::WholeType);
        of_whole(&source.machine, &[Kind::VirtualMachine], check, Fault::NoMachine);
        let disks = std::iter::once(&source.os).chain(source.data.iter().map(|disk| &disk.disk));
        for disk in disks {
            // With `uri` the id is that of the blob's storage account.
            if disk.uri.is_absent() {
                of_whole(&disk.id, &DISK, check, Fault::DiskType);
            }
        }
    }
}

const WHOLE: [Kind; 3] = [Kind::ManagedImage, Kind::VirtualMachine, Kind::ImageVersion];
const DISK: [Kind; 2] = [Kind::Disk, Kind::Snapshot];

/// One source, and one only: of the whole or of the disks.
fn how_many(version: &ImageVersion<'_>, source: &Source, check: &mut Check<'_>) {
    let wholes: Vec<&Value> = [&source.id, &source.community, &source.machine, &source.uri]
        .into_iter()
        .filter_map(|field| field.present())
        .collect();
    let disks: Vec<&Value> = std::iter::once(&source.os)
        .chain(source.data.iter().filter(|disk| !disk.many).map(|disk| &disk.disk))
        .filter_map(|disk| disk.id.present().or(disk.uri.present()).or(disk.storage_account.present()))
        .collect();
    match (wholes.as_slice(), disks.as_slice()) {
        ([whole, ..], [disk, ..]) => report(Fault::WholeAndDisks, whole, Some(disk), check),
        // A blob's storage account may stand beside its address.
        ([first, second, ..], []) if source.uri.is_absent() => report(Fault::TwoWholes, second, Some(first), check),
        ([], []) => none_at_all(version, source, check),
        _ => {}
    }
}

fn none_at_all(version: &ImageVersion<'_>, source: &Source, check: &mut Check<'_>) {
    // API versions before 2019-07-01 had the source in the publishing profile.
    let published = check.reader.of(&version.publishing, "source");
    if !source.restore.is_absent() || !published.is_absent() {
        return;
    }
    let fields = [&source.id, &source.community, &source.machine, &source.uri, &source.os.id, &source.os.uri];
    if let Some(value) = fields.iter().find_map(|field| match field {
        Field::Maybe(value) => Some(value),
        Field::Absent(_) | Field::Present(_) => None,
    }) {
        return check.undecided(value);
    }
    let Field::Absent(ground) = &source.os.id else { return };
    if source.data_gap.is_some() || !source.data.is_empty() {
        return;
    }
    let basis = ground.basis.max(version.storage.basis());
    let fact = WrongSource { fault: Fault::None, place: None, origin: ground.origin, other: None, basis };
    check.report(&fact);
}

/// Whether an id is of one of the types that can stand there.
fn of_whole(field: &Field, kinds: &[Kind], check: &mut Check<'_>, fault: impl Fn(String) -> Fault) {
    let value = match field {
        Field::Absent(_) => return,
        Field::Maybe(value) => return check.undecided(value),
        Field::Present(value) => value,
    };
    let Some(string) = value.as_str() else { return check.undecided(value) };
    match check.reader.id(string) {
        IdReading::Id(id) => match id.ty.text() {
            Some(ty) if kinds.iter().any(|kind| ty.eq_ignore_ascii_case(kind.type_name())) => {}
            Some(_) => {
                let ty = check.reader.shown(&id.ty);
                report(fault(ty), value, None, check);
            }
            None => check.undecided(value),
        },
        IdReading::Opaque => check.undecided(value),
        // CMK210 speaks of ids that aren't whole.
        IdReading::Malformed => {}
    }
}

/// Where a source is written; of one that a command of a script gave, where it is used.
fn place(value: &Value, check: &Check<'_>) -> Option<Span> {
    let in_script = matches!(check.resource.format, Format::Az | Format::Powershell);
    let given = in_script && !value.as_str().is_some_and(Str::is_known);
    let used = if given { Origin::reference(check.reader.context, value.origin) } else { None };
    used.or_else(|| check.reader.place(value))
}

fn report(fault: Fault, value: &Value, other: Option<&Value>, check: &mut Check<'_>) {
    let fact = WrongSource {
        fault,
        place: place(value, check),
        origin: value.origin,
        other: other.and_then(|other| check.reader.place(other)),
        basis: basis_of(value).max(other.map_or(Basis::Fixed, basis_of)),
    };
    check.report(&fact);
}

impl Fact for WrongSource {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        match &self.fault {
            Fault::None => {
                words.message("the image version has no source");
                words.primary(None, "made from nothing");
            }
            Fault::WholeAndDisks => {
                words.message("the image version has a source as a whole and sources for its disks");
                words.primary(self.place, "the source of the whole");
                words.label(self.other, "the source of a disk");
            }
            Fault::TwoWholes => {
                words.message("the image version has two sources");
                words.primary(self.place, "the second source");
                words.label(self.other, "the first source");
            }
            Fault::WholeType(ty) => {
                words.message(format!("an image version can't be made from a `{ty}` as a whole"));
                words.primary(self.place, "neither a managed image, a virtual machine nor an image version");
                words.help("refer to disks and snapshots in `osDiskImage` and `dataDiskImages`");
            }
            Fault::DiskType(ty) => {
                words.message(format!("a disk of an image version can't be made from a `{ty}`"));
                words.primary(self.place, "neither a disk nor a snapshot");
                words.help("refer to managed images and virtual machines in `storageProfile.source`");
            }
            Fault::NoMachine(ty) => {
                words.message(format!("`virtualMachineId` is the id of a `{ty}`"));
                words.primary(self.place, "not a virtual machine");
            }
        }
        words.way(self.origin);
        words.note("a version has one source: `storageProfile.source`, or sources for its OS disk and data disks");
    }
}
