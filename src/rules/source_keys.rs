//! CMK104: the encryption of a version is not what it was (case a), a command writes the regions of an encrypted version without encryption (case b) or puts a disk back under a
//! platform key (case c), or a version without any key is made from something that has one (case d).

use super::changes::changed_encryption;
use super::dropped_encryption::returns_to_platform_key;
use super::place::taken;
use super::platform_key_update::disk_returns_to_platform_key;
use super::rule::{Check, Rule};
use super::steps::Step;
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, Kind, Protected, basis_of};
use crate::text::Span;
use crate::value::{Basis, OriginId, Value};

pub(super) struct NoReturnToPlatformKey;

struct LosesKey {
    noun: &'static str,
    source: String,
    place: Option<Span>,
    origin: OriginId,
    key: Option<Span>,
    basis: Basis,
}

const SOURCES: [Kind; 4] = [Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine];

impl Rule for NoReturnToPlatformKey {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        returns_to_platform_key(step, check);
        disk_returns_to_platform_key(step, check);
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        changed_encryption(version, check);
        let source = version.source(&mut check.reader);
        let references: Vec<Value> = source.references().filter_map(Field::present).cloned().collect();
        let Some(fact) = references.iter().find_map(|reference| encrypted(reference, check)) else { return };
        let copies = version.copies(&mut check.reader);
        match copies.first_key() {
            Ok(_) => {}
            Err(Some(doubt)) => check.undecided(&doubt),
            Err(None) if copies.list.iter().any(|copy| copy.encryption.foreign || copy.encryption.os.foreign) => {}
            Err(None) => check.report(&fact),
        }
    }
}

/// The source that a reference leads to, if the files show that it has a key.
fn encrypted(reference: &Value, check: &mut Check<'_>) -> Option<LosesKey> {
    let (kind, found) = SOURCES.into_iter().find_map(|kind| Some((kind, check.reader.find(kind, reference)?)))?;
    let protected = Protected::read(&mut check.reader, kind, found.resource)?;
    let key = protected.uses.iter().find_map(|key| key.des.present())?;
    Some(LosesKey {
        noun: kind.noun(),
        source: check.reader.name_of(reference),
        place: taken(&mut check.reader, reference),
        origin: reference.origin,
        key: check.reader.place(key),
        basis: found.basis.max(basis_of(key)),
    })
}

impl Fact for LosesKey {
    fn case(&self) -> &'static str {
        "d"
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { noun, source, .. } = self;
        words.message(format!("{noun} `{source}` has a customer-managed key, the version made from it has none"));
        words.primary(self.place, format!("made from an encrypted {noun}"));
        words.label(self.key, format!("`{source}` has its key here"));
        words.way(self.origin);
        words.note("the version would be stored under a platform key or refused, and its encryption can't be changed");
        words.help("give every target region `encryption` with a disk encryption set of that region");
    }
}
