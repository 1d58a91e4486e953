//! CMK205: a target region is listed twice (case a), or its name resembles a region's but is none (case b).

use std::collections::{BTreeSet, HashMap};

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{ImageVersion, Kind, TargetRegion, TargetRegions, basis_of, regions};
use crate::finding::Change;
use crate::text::Span;
use crate::value::{Basis, Str, Tri, Value, same_region};

pub(super) struct DuplicateTargetRegion;

struct Repeated {
    region: String,
    place: Option<Span>,
    first: Option<Span>,
    basis: Basis,
}

struct Misspelt {
    region: String,
    place: Option<Span>,
    resembles: &'static str,
    basis: Basis,
}

/// How many names that aren't known are compared with the others.
const PAIRS: usize = 100;

impl Rule for DuplicateTargetRegion {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let regions = version.target_regions(&mut check.reader);
        let (pairs, doubts) = pairs(&regions, check);
        for (first, later, basis) in pairs {
            let (first, later) = (&regions.list[first], &regions.list[later]);
            let fact = Repeated {
                region: later.shown(&check.reader),
                place: later.place(&check.reader),
                first: first.place(&check.reader),
                basis,
            };
            check.report(&fact);
        }
        for value in doubts.iter().chain(&regions.gap) {
            check.undecided(value);
        }
        for region in &regions.list {
            misspelt(region, check);
        }
    }
}

fn misspelt(region: &TargetRegion, check: &mut Check<'_>) {
    let Some(name) = region.name.string().and_then(Str::text) else { return };
    if let Some(resembles) = regions::resembling(&name) {
        let fact = Misspelt {
            region: region.shown(&check.reader),
            place: region.place(&check.reader),
            resembles,
            basis: region.name.basis(),
        };
        check.report(&fact);
    }
}

/// The entries that repeat a region of an earlier one.
pub(super) fn repeated(regions: &TargetRegions, check: &Check<'_>) -> BTreeSet<usize> {
    pairs(regions, check).0.into_iter().map(|(_, later, _)| later).collect()
}

/// Earlier and later entry of the same region with what that rests on, and the names because of which it can't be
/// told whether there are more.
fn pairs(regions: &TargetRegions, check: &Check<'_>) -> (Vec<(usize, usize, Basis)>, Vec<Value>) {
    let mut pairs = Vec::new();
    let mut doubts = Vec::new();
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut unknown: Vec<usize> = Vec::new();
    for (at, region) in regions.list.iter().enumerate().filter(|(_, region)| region.zone.is_none()) {
        let Some(name) = region.name.string() else {
            doubts.extend(region.name.unknown().cloned());
            continue;
        };
        if region.many {
            // Two rounds of a loop over one name are the same region twice; there may be fewer.
            doubts.extend(region.name.unknown().or(regions.field.present()).cloned());
            continue;
        }
        let identity = match name.text() {
            Some(text) => regions::canonical(&text),
            None => format!("#{}", region.name.term().0),
        };
        if let Some(first) = first_of.get(&identity) {
            let earlier = &regions.list[*first];
            let same = earlier.name.term() == region.name.term();
            let basis = if same { Basis::Fixed } else { earlier.name.basis().max(region.name.basis()) };
            pairs.push((*first, at, basis.max(earlier.item.basis).max(region.item.basis)));
            continue;
        }
        first_of.insert(identity, at);
        let mut others: Vec<usize> =
            if name.is_known() { unknown.clone() } else { first_of.values().copied().collect() };
        others.sort_unstable();
        for other in others.into_iter().filter(|other| *other != at).take(PAIRS) {
            let Some(earlier) = regions.list[other].name.string() else { continue };
            let verdict = same_region(check.reader.context, earlier, name);
            match verdict.tri {
                Tri::Yes => pairs.push((other.min(at), other.max(at), verdict.basis)),
                Tri::Maybe => {
                    let value = if name.is_known() { &regions.list[other].name } else { &region.name };
                    doubts.extend(value.present().cloned());
                }
                Tri::No => {}
            }
        }
        if !name.is_known() && unknown.len() < PAIRS {
            unknown.push(at);
        }
    }
    doubts.sort_by_key(|value| (value.term, basis_of(value)));
    doubts.dedup_by_key(|value| value.term);
    (pairs, doubts)
}

impl Fact for Repeated {
    fn case(&self) -> &'static str {
        "a"
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let region = &self.region;
        words.message(format!("target region `{region}` is listed twice"));
        words.primary(self.place, "the second entry for this region");
        words.label(self.first, "the first entry for it");
        words.note("capitals and blanks don't count: `West US` is `westus`");
        words.help("remove one of the two entries, or name the region that was meant");
    }
}

impl Fact for Misspelt {
    fn case(&self) -> &'static str {
        "b"
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { region, resembles, .. } = self;
        words.message(format!("`{region}` is not a region known to this version; `{resembles}` is"));
        words.primary(self.place, format!("perhaps `{resembles}`"));
        words.note(format!("the table of regions is of {}", regions::AS_OF));
        words.help(format!("if `{resembles}` was meant, write that"));
        let change = Change::Write { from: region.clone(), to: (*resembles).to_owned() };
        words.remedy(false, self.place, change);
    }
}
