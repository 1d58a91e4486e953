//! CMK206: the location of an image version isn't among its target regions.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, Kind};
use crate::text::Span;
use crate::value::{Basis, OriginId, Tri, same_region};

pub(super) struct HomeRegionMissing;

struct NotAmongTargets {
    location: String,
    place: Option<Span>,
    origin: OriginId,
    first_target: Option<Span>,
    targets: Vec<String>,
    basis: Basis,
}

impl Rule for HomeRegionMissing {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let regions = version.target_regions(&mut check.reader);
        if regions.list.is_empty() {
            if let Some(gap) = &regions.gap {
                check.undecided(gap);
            }
            return;
        }
        let location = match version.location(&mut check.reader) {
            Field::Absent(_) => return,
            Field::Present(value) => value,
            Field::Maybe(value) => return check.undecided(&value),
        };
        let Some(home) = location.as_str() else { return check.undecided(&location) };
        let mut basis = crate::azure::basis_of(&location).max(regions.field.basis());
        let mut doubt = regions.gap.as_ref();
        for region in &regions.list {
            let Some(name) = region.name.string() else {
                doubt = doubt.or(region.name.unknown());
                continue;
            };
            let verdict = same_region(check.reader.context, home, name);
            basis = basis.max(verdict.basis).max(region.item.basis);
            match verdict.tri {
                Tri::Yes => return,
                Tri::No => {}
                Tri::Maybe => {
                    let value = if home.is_known() { region.name.present() } else { Some(&location) };
                    doubt = doubt.or(value);
                }
            }
        }
        if let Some(value) = doubt {
            return check.undecided(value);
        }
        let fact = NotAmongTargets {
            location: check.reader.shown(home),
            place: check.reader.place(&location),
            origin: location.origin,
            first_target: regions.list.first().and_then(|region| region.place(&check.reader)),
            targets: regions.list.iter().take(5).map(|region| region.shown(&check.reader)).collect(),
            basis,
        };
        check.report(&fact);
    }
}

impl Fact for NotAmongTargets {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let location = &self.location;
        let targets: Vec<String> = self.targets.iter().map(|target| format!("`{target}`")).collect();
        words.message(format!("the image version is in `{location}`, which is not among its target regions"));
        words.primary(self.place, format!("not among {}", targets.join(", ")));
        words.label(self.first_target, "the target regions begin here");
        words.way(self.origin);
        words.note("the service demands that a version is replicated to the region that it is in");
        words.help(format!("add `{location}` to the target regions, or put the version into one of them"));
    }
}
