//! CMK302: the name of a disk encryption set speaks of another region than the one that it is used in.

use super::des_region::wrong_regions;
use super::rule::{Check, Rule};
use super::target_region::repeated;
use super::words::{Fact, Words};
use crate::azure::{DiskEncryptionSet, ImageVersion, KeyUse, Kind, TargetRegion, basis_of, regions};
use crate::text::Span;
use crate::value::{Basis, IdReading, OriginId, Str};

pub(super) struct DesNameNamesAnotherRegion;

struct OtherRegion {
    entry: Option<usize>,
    set: String,
    spoken_of: String,
    region: String,
    place: Option<Span>,
    region_place: Option<Span>,
    origin: OriginId,
    basis: Basis,
}

impl Rule for DesNameNamesAnotherRegion {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let copies = version.copies(&mut check.reader);
        let mut facts = Vec::new();
        for key in copies.uses() {
            if let Some(region) = key.entry.and_then(|entry| copies.list.get(entry))
                && let Some(fact) = judge(&key, region, check)
            {
                facts.push(fact);
            }
        }
        if facts.is_empty() {
            return;
        }
        let mut silenced = repeated(&copies, check);
        let doubts = check.doubts.len();
        silenced.extend(wrong_regions(&copies, check).iter().filter_map(|fact| fact.entry));
        check.doubts.truncate(doubts);
        for fact in facts.iter().filter(|fact| !fact.entry.is_some_and(|entry| silenced.contains(&entry))) {
            check.report(fact);
        }
    }
}

fn judge(key: &KeyUse, region: &TargetRegion, check: &mut Check<'_>) -> Option<OtherRegion> {
    let value = key.des.present()?;
    let target = region.name.string()?.text()?;
    let IdReading::Id(id) = check.reader.id(value.as_str()?) else { return None };
    let name = id.name()?;
    let spoken_of = regions::spoken_of(&name.text()?);
    if spoken_of.is_empty() || spoken_of.contains(&regions::canonical(&target).as_str()) {
        return None;
    }
    if let Some(found) = check.reader.find(Kind::DiskEncryptionSet, value) {
        let set = DiskEncryptionSet::read(&mut check.reader, found.resource);
        if set.location.string().is_some_and(Str::is_known) {
            return None;
        }
    }
    Some(OtherRegion {
        entry: key.entry,
        set: check.reader.shown(name),
        spoken_of: spoken_of.join("` and `"),
        region: region.shown(&check.reader),
        place: check.reader.place_of(name).or_else(|| check.reader.place(value)),
        region_place: region.place(&check.reader),
        origin: name.pieces.first().map_or(value.origin, |piece| piece.origin),
        basis: name.basis().max(region.name.present().map_or(Basis::Fixed, basis_of)).max(key.ground),
    })
}

impl Fact for OtherRegion {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn group(&self) -> Option<String> {
        self.entry.map(|entry| format!("{entry} {}", self.set))
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { set, spoken_of, region, .. } = self;
        words.message(format!("disk encryption set `{set}` is used in `{region}`, but its name says `{spoken_of}`"));
        words.primary(self.place, format!("the name says `{spoken_of}`"));
        words.label(self.region_place, "the region that it is used in");
        words.way(self.origin);
        words.note("a disk encryption set serves only the region that it is in");
        words.help(format!("make sure that `{set}` is in `{region}`"));
    }
}
