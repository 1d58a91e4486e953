//! CMK102: a disk encryption set is used in a region that isn't its own.

use std::collections::HashMap;

use super::place::{reference, reference_beside, written};
use super::rule::{Check, Rule};
use super::target_region::repeated;
use super::words::{Fact, Words};
use crate::azure::{DiskEncryptionSet, ImageVersion, KeyUse, Kind, Protected, TargetRegion, TargetRegions, basis_of};
use crate::text::Span;
use crate::value::{Basis, Front, ResourceId, Str, Tri, Value, Verdict, equal_text, front_and_rest, same_region};

pub(super) struct DesWrongRegion;

/// A set that is used in two regions (case a), or whose location the files show (case b).
pub(super) struct WrongRegion {
    /// The entry of the regions and zones.
    pub entry: Option<usize>,
    case: &'static str,
    set: String,
    disk: String,
    region: String,
    place: Option<Span>,
    value: Value,
    region_place: Option<Span>,
    other_region: String,
    other_place: Option<Span>,
    basis: Basis,
}

/// How many references that aren't known are compared with each other.
const PAIRS: usize = 200;

impl Rule for DesWrongRegion {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine, Kind::ScaleSet]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let copies = version.copies(&mut check.reader);
        for fact in wrong_regions(&copies, check) {
            check.report(&fact);
        }
        if let Some(gap) = &copies.gap
            && copies.list.is_empty()
        {
            check.undecided(gap);
        }
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        let Some(location) = protected.location.present().cloned() else { return };
        for key in &protected.uses {
            if let Located::Elsewhere(fact) = by_location(key, &location, &protected.location.basis(), check) {
                check.report(&*fact);
            }
        }
    }
}

/// Every reference to a set in a region that certainly isn't the set's.
pub(super) fn wrong_regions(copies: &TargetRegions, check: &mut Check<'_>) -> Vec<WrongRegion> {
    let duplicates = repeated(copies, check);
    let mut facts = Vec::new();
    let mut open = Vec::new();
    for key in copies.uses() {
        let Some(region) = key.entry.and_then(|entry| copies.list.get(entry)) else { continue };
        if key.entry.is_some_and(|entry| duplicates.contains(&entry)) {
            continue;
        }
        match (&key.des, &region.name) {
            (crate::azure::Field::Present(_), crate::azure::Field::Present(name)) => {
                match by_location(&key, name, &region.item.basis, check) {
                    Located::Here => {}
                    Located::Elsewhere(fact) => facts.push(*fact),
                    Located::Unknown => open.push(key),
                }
            }
            (crate::azure::Field::Maybe(value), _) => check.undecided(value),
            _ => open.push(key),
        }
    }
    point_at_uses(&mut facts, copies, check);
    facts.extend(by_reuse(&open, copies, check));
    facts
}

/// A set that other entries rightly refer to by the same variable isn't at fault where it is written.
fn point_at_uses(facts: &mut [WrongRegion], copies: &TargetRegions, check: &mut Check<'_>) {
    if facts.is_empty() {
        return;
    }
    let uses = copies.uses();
    let places: Vec<(Option<usize>, Option<Span>)> =
        uses.iter().filter_map(|key| Some((key.entry, written(&mut check.reader, key.des.present()?)))).collect();
    for fact in facts {
        let elsewhere = places.iter().any(|(entry, place)| *entry != fact.entry && *place == fact.place);
        if elsewhere {
            fact.place = reference(&mut check.reader, &fact.value, &[fact.place]);
        }
    }
}

/// What the set's own location says.
enum Located {
    Here,
    Elsewhere(Box<WrongRegion>),
    Unknown,
}

fn by_location(key: &KeyUse, region: &Value, ground: &Basis, check: &mut Check<'_>) -> Located {
    let Some(value) = key.des.present() else { return Located::Unknown };
    let Some(found) = check.reader.find(Kind::DiskEncryptionSet, value) else { return Located::Unknown };
    let set = DiskEncryptionSet::read(&mut check.reader, found.resource);
    let Some(location) = set.location.present() else { return Located::Unknown };
    let verdict = regions_equal(check, location, region);
    match verdict.tri {
        Tri::Yes => Located::Here,
        Tri::Maybe => {
            check.undecided_between(location, region);
            Located::Unknown
        }
        Tri::No => {
            // A name that the set bears too is right where it is written.
            let name = found.resource.id.as_ref().and_then(ResourceId::name);
            let named = name.and_then(|name| check.reader.place_of(name));
            Located::Elsewhere(Box::new(WrongRegion {
                entry: key.entry,
                case: "b",
                set: check.reader.name_of(value),
                disk: key.slot.disk(),
                region: region.as_str().map_or_else(String::new, |name| check.reader.shown(name)),
                place: reference(&mut check.reader, value, &[named]),
                value: value.clone(),
                region_place: check.reader.place(region),
                other_region: location.as_str().map_or_else(String::new, |name| check.reader.shown(name)),
                other_place: check.reader.place(location),
                basis: verdict.basis.max(found.basis).max(key.ground).max(*ground),
            }))
        }
    }
}

fn regions_equal(check: &Check<'_>, one: &Value, other: &Value) -> Verdict {
    match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => same_region(check.reader.context, one, other),
        _ if one.term == other.term => Verdict::new(Tri::Yes, Basis::Fixed),
        _ => Verdict::new(Tri::Maybe, Basis::Fixed),
    }
}

/// References to one set from two regions: the later ones are at fault.
fn by_reuse(open: &[KeyUse], copies: &TargetRegions, check: &mut Check<'_>) -> Vec<WrongRegion> {
    let mut facts = Vec::new();
    let mut first_of: HashMap<String, usize> = HashMap::new();
    let mut known = References::default();
    for (at, key) in open.iter().enumerate() {
        let Some(value) = key.des.present() else { continue };
        let identity = identity(value);
        let earlier = first_of.get(&identity).copied();
        if let Some(first) = earlier {
            if let Some(fact) = reused((&open[first], key), Verdict::new(Tri::Yes, Basis::Fixed), copies, check) {
                facts.push(fact);
            }
            continue;
        }
        first_of.insert(identity, at);
        for other in value.as_str().map(|id| known.add(at, id)).unwrap_or_default() {
            let Some(verdict) = sets_equal(check, &open[other], key) else { continue };
            if let Some(fact) = reused((&open[other], key), verdict, copies, check) {
                facts.push(fact);
                break;
            }
        }
        if let Some(region) = key.entry.and_then(|entry| copies.list.get(entry))
            && region.many
        {
            check.undecided(value_in_doubt(region, value));
        }
    }
    facts
}

/// References to sets, by what is known of them.
#[derive(Default)]
struct References {
    /// Those of one front.
    groups: Vec<Group>,
    by_front: HashMap<Front, usize>,
}

#[derive(Default)]
struct Group {
    all: Vec<usize>,
    by_rest: HashMap<String, Vec<usize>>,
}

impl References {
    /// Adds a reference; gives those before it that may be to the same set, in order: of those that begin as it does and
    /// are written out behind that, only those that end as it does.
    fn add(&mut self, at: usize, id: &Str) -> Vec<usize> {
        let (front, rest) = front_and_rest(id);
        let own = *self.by_front.entry(front).or_insert(self.groups.len());
        if own == self.groups.len() {
            self.groups.push(Group::default());
        }
        let others = self.groups.iter().enumerate().filter(|(group, _)| *group != own);
        let others = others.flat_map(|(_, group)| group.all.iter().copied()).take(PAIRS);
        let mut against: Vec<usize> = others.collect();
        let group = &mut self.groups[own];
        let alike = group.by_rest.entry(rest).or_default();
        against.extend(alike.iter().take(PAIRS));
        against.sort_unstable();
        alike.push(at);
        group.all.push(at);
        against
    }
}

/// The item of a loop because of which it can't be told which regions use a set.
fn value_in_doubt<'v>(region: &'v TargetRegion, value: &'v Value) -> &'v Value {
    region.name.unknown().unwrap_or(value)
}

/// What tells one set from another: the id's text if it is known, else its term.
fn identity(value: &Value) -> String {
    match value.as_str().and_then(Str::text) {
        Some(text) => text.to_lowercase(),
        None => format!("#{}", value.term.0),
    }
}

fn sets_equal(check: &Check<'_>, one: &KeyUse, other: &KeyUse) -> Option<Verdict> {
    let one = one.des.present()?.as_str()?;
    let other = other.des.present()?.as_str()?;
    Some(equal_text(check.reader.context, one, other))
}

fn reused(
    (first, later): (&KeyUse, &KeyUse),
    same_set: Verdict,
    copies: &TargetRegions,
    check: &mut Check<'_>,
) -> Option<WrongRegion> {
    let (one, other) = (copies.list.get(first.entry?)?, copies.list.get(later.entry?)?);
    if first.entry == later.entry || same_set.is_no() {
        return None;
    }
    let (earlier, value) = (first.des.present()?, later.des.present()?);
    let same_region = match (one.name.present(), other.name.present()) {
        (Some(one), Some(other)) => regions_equal(check, one, other),
        _ => Verdict::new(Tri::Maybe, Basis::Fixed),
    };
    if same_region.is_yes() {
        return None;
    }
    // Two entries of one list are two regions, or the list is wrong for another reason.
    let entries_differ = one.zone.is_none() && other.zone.is_none() && !one.many && !other.many;
    if same_set.is_maybe() {
        check.undecided_between(value, earlier);
        return None;
    }
    if same_region.is_maybe() && !entries_differ || one.many || other.many {
        let doubtful = if other.many || one.name.unknown().is_none() { other } else { one };
        check.undecided(value_in_doubt(doubtful, value));
        return None;
    }
    let rests_on = if earlier.term == value.term {
        Basis::Fixed
    } else {
        same_set.basis.max(basis_of(earlier)).max(basis_of(value))
    };
    let differs = if same_region.is_no() { same_region.basis } else { Basis::Fixed };
    Some(WrongRegion {
        entry: later.entry,
        case: "a",
        set: check.reader.name_of(value),
        disk: later.slot.disk(),
        region: other.shown(&check.reader),
        place: reference_beside(&mut check.reader, value, earlier),
        value: value.clone(),
        region_place: other.place(&check.reader),
        other_region: one.shown(&check.reader),
        other_place: reference_beside(&mut check.reader, earlier, value),
        basis: rests_on.max(differs).max(first.ground).max(later.ground),
    })
}

impl Fact for WrongRegion {
    fn case(&self) -> &'static str {
        self.case
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn group(&self) -> Option<String> {
        self.entry.map(|entry| format!("{entry} {}", self.set))
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { set, disk, region, other_region, .. } = self;
        if self.case == "a" {
            words.message(format!("disk encryption set `{set}` is used in `{region}` and in `{other_region}`"));
            words.primary(self.place, format!("encrypts {disk} in `{region}`"));
            words.label(self.other_place, format!("the same set in `{other_region}`"));
        } else {
            words.message(format!("disk encryption set `{set}` is in `{other_region}` but used in `{region}`"));
            words.primary(self.place, format!("encrypts {disk} in `{region}`"));
            words.label(self.other_place, format!("`{set}` is here, in `{other_region}`"));
            words.label(self.region_place, "used for this region");
        }
        words.way(self.value.origin);
        words.note("a disk encryption set serves only the region that it is in");
        words.help(format!("use a disk encryption set that is in `{region}`"));
    }
}
