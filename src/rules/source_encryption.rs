//! CMK207: encryption is asked for, but the source is of a kind for which it isn't documented to work.

use super::rule::{Check, Rule};
use super::shared_image::encrypted_source;
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, Kind, Source, basis_of};
use crate::text::Span;
use crate::value::{Basis, IdReading, OriginId, Value};

pub(super) struct SourceCannotBeEncrypted;

struct Unsupported {
    case: &'static str,
    what: &'static str,
    place: Option<Span>,
    origin: OriginId,
    key: Option<Span>,
    basis: Basis,
}

impl Rule for SourceCannotBeEncrypted {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        let Some((case, what, value)) = unsupported(&source, check) else { return };
        let key = match version.copies(&mut check.reader).first_key() {
            Ok(key) => key,
            Err(Some(doubt)) => return check.undecided(&doubt),
            Err(None) => return,
        };
        let fact = Unsupported {
            case,
            what,
            place: check.reader.place(&value),
            origin: value.origin,
            key: check.reader.place(&key),
            basis: basis_of(&value).max(basis_of(&key)),
        };
        check.report(&fact);
    }
}

fn unsupported(source: &Source, check: &mut Check<'_>) -> Option<(&'static str, &'static str, Value)> {
    if let Field::Present(value) = &source.community {
        return Some(("a", "a community image", value.clone()));
    }
    if let Field::Present(value) = &source.id {
        let string = value.as_str().cloned();
        return match string.map(|string| check.reader.id(&string)) {
            Some(IdReading::Id(id)) if id.is_type(Kind::ImageVersion.type_name()) => {
                // A source that is itself encrypted is CMK103's matter.
                let encrypted = matches!(encrypted_source(&mut check.reader, value), Some(Ok(_)));
                (!encrypted).then(|| ("a", "another image version", value.clone()))
            }
            Some(IdReading::Opaque) | None => {
                check.undecided(value);
                None
            }
            Some(IdReading::Id(_) | IdReading::Malformed) => None,
        };
    }
    let blobs = std::iter::once(&source.os).chain(source.data.iter().map(|disk| &disk.disk));
    let blob = blobs.map(|disk| &disk.uri).chain([&source.uri]).find_map(|uri| uri.present().cloned());
    blob.map(|value| ("b", "a VHD", value))
}

impl Fact for Unsupported {
    fn case(&self) -> &'static str {
        self.case
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let what = self.what;
        words.message(format!("encryption is asked for a version made from {what}"));
        words.primary(self.place, format!("the source is {what}"));
        words.label(self.key, "encryption is asked for here");
        words.way(self.origin);
        words.note("encryption is documented for versions made from machines, disks, snapshots and managed images");
        if self.case == "a" {
            words.note("by Microsoft's newest wording a source version may work as long as it is not itself encrypted");
        } else {
            words.note("Microsoft's pages contradict each other about VHDs");
        }
        words.help("try it with one version first, or make the version from a disk, snapshot or managed image");
    }
}
