//! CMK210: the id of a source isn't a whole id.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{ImageVersion, Kind, basis_of, is_taken_for_name};
use crate::text::Span;
use crate::value::{Basis, Content, OriginId, Str};

pub(super) struct SourceIdNotQualified;

struct NotQualified {
    text: String,
    place: Option<Span>,
    origin: OriginId,
    basis: Basis,
}

impl Rule for SourceIdNotQualified {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        for field in source.references() {
            let Some(value) = field.present() else {
                if let Some(value) = field.unknown() {
                    check.undecided(value);
                }
                continue;
            };
            let Some(string) = value.as_str() else {
                check.undecided(value);
                continue;
            };
            match is_qualified(string) {
                Some(true) => {}
                Some(false) if string.is_empty() && value.basis >= Basis::Default => check.undecided(value),
                Some(false) => {
                    let fact = NotQualified {
                        text: check.reader.shown(string),
                        place: check.reader.place(value),
                        origin: value.origin,
                        basis: basis_of(value),
                    };
                    check.report(&fact);
                }
                None => check.undecided(value),
            }
        }
    }
}

/// How a whole id begins. The ids of shared and community galleries have beginnings of their own.
const FRONTS: &[&str] = &["/subscriptions/", "/providers/", "/sharedgalleries/", "/communitygalleries/"];

/// Whether a string begins as a whole id does; `None` if that isn't known.
fn is_qualified(string: &Str) -> Option<bool> {
    if is_taken_for_name(string) {
        return Some(false);
    }
    // A piece of no text, such as the side of a condition, doesn't end what is known of the front.
    let (mut text, mut is_open) = (String::new(), false);
    for piece in string.pieces.iter() {
        match &piece.content {
            Content::Text(known) => text.push_str(&known.to_ascii_lowercase()),
            Content::Symbol(_) => {
                is_open = true;
                break;
            }
        }
    }
    if FRONTS.iter().any(|front| text.starts_with(front)) {
        return Some(true);
    }
    let cut_short = is_open && FRONTS.iter().any(|front| front.starts_with(&text));
    if cut_short { None } else { Some(false) }
}

impl Fact for NotQualified {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        words.message("the id of the source is not a whole id");
        words.primary(self.place, format!("read as `{}`", self.text));
        words.way(self.origin);
        words.note("the service expects an id that begins with `/subscriptions/` or `/providers/`");
        words.help("refer to the source by its whole id, its leading `/` included");
    }
}
