//! `--target-regions`, `--target-edge-zones` and the keys for them, word by word.
//!
//! The command looks at the keys only where there are regions, splits each word at commas, and makes ids of names. What
//! it refuses and what it passes over are facts; the entries are what it would send.

use crate::eval::script::build::{self, Body};
use crate::eval::script::{ConfidentialFault, Fact, FactKind, RegionFault, ZoneFault};
use crate::text::Span;
use crate::value::{Content, Context, Element, Kind, Str, Value};

use super::account::Account;
use super::arguments::{Arguments, Occurrence};
use super::members::number;
use super::words::{self, Word, integer, place};

/// The type that names of sets stand for.
const SET: &str = "Microsoft.Compute/diskEncryptionSets";
/// What means "no set" in the OS disk's place, in just this case.
const NO_SET: &str = "null";
/// What is meant as "no set" and names one.
const MEANT_AS_NO_SET: [&str; 3] = ["null", "none", "nil"];
const STORAGE: [&str; 3] = ["standard_lrs", "standard_zrs", "premium_lrs"];
const ZONE_STORAGE: [&str; 4] = ["standard_lrs", "standard_zrs", "premium_lrs", "standardssd_lrs"];
const CONFIDENTIAL_TYPES: [&str; 4] =
    ["EncryptedVMGuestStateOnlyWithPmk", "EncryptedWithPmk", "EncryptedWithCmk", "NonPersistedTPM"];

/// Reads the words of one command.
pub(super) struct Regions<'a> {
    pub(super) context: &'a mut Context,
    pub(super) account: &'a Account,
    /// Whether a name is a region's.
    pub(super) is_region: fn(&str) -> bool,
    pub(super) facts: Vec<Fact>,
    /// Whether the command ends in an error.
    pub(super) refused: bool,
}

/// Keys of one region.
struct Keys {
    os: Option<Body>,
    data: Option<Vec<Element>>,
}

/// Which word holds the keys of a region.
#[derive(Clone, Copy)]
enum Keyed<'w> {
    /// None: no keys are given.
    Nowhere,
    /// It can't be told.
    Somewhere,
    By(&'w Word),
}

impl<'w> Keyed<'w> {
    fn of(given: Option<&'w Occurrence>, paired: bool, at: usize) -> Self {
        match given {
            None => Self::Nowhere,
            Some(given) => given.values.get(at).filter(|_| paired).map_or(Self::Somewhere, Self::By),
        }
    }

    const fn word(self) -> Option<&'w Word> {
        match self {
            Self::By(word) => Some(word),
            Self::Nowhere | Self::Somewhere => None,
        }
    }
}

/// Whether a blank stands in what is known of a text.
fn has_blank(text: &Str) -> bool {
    text.pieces.iter().any(|piece| matches!(&piece.content, Content::Text(text) if text.contains(' ')))
}

impl Regions<'_> {
    fn fact(&mut self, kind: FactKind, span: Span, text: impl Into<std::sync::Arc<str>>) {
        self.facts.push(Fact::new(kind, span, text));
    }

    fn refuse(&mut self, kind: FactKind, part: &Str, word: &Word) {
        let span = place(self.context, part, word.span);
        self.facts.push(Fact { also: vec![word.span], ..Fact::new(kind, span, word.text.shown()) });
        self.refused = true;
    }

    /// `publishingProfile.targetRegions`, where regions are given.
    pub(super) fn target_regions(&mut self, arguments: &Arguments) -> Option<Value> {
        let keys = arguments.list("--target-region-encryption");
        let confidential = arguments.list("--target-region-cvm-encryption");
        let Some(regions) = arguments.list("--target-regions") else {
            if !arguments.open {
                for given in [keys, confidential].into_iter().flatten() {
                    self.fact(FactKind::EncryptionWithoutRegions, given.place, given.option.shown());
                }
            }
            return None;
        };
        let glued = self.glued_regions(regions);
        let paired = self.pairs(regions, keys, glued);
        let paired_confidential = self.pairs(regions, confidential, glued);
        if let Some(keys) = keys.filter(|keys| regions.is_open() || keys.is_open()) {
            self.look_at_each(keys);
        }
        let mut entries = Vec::with_capacity(regions.values.len());
        for (at, word) in regions.values.iter().enumerate() {
            let mut entry = Body::default();
            self.region(word, &mut entry);
            let keys = Keyed::of(keys, paired, at);
            let confidential = Keyed::of(confidential, paired_confidential, at);
            self.encryption(keys, confidential, word, &mut entry);
            entries.push(finished(self.context, entry, word));
        }
        let origin = self.context.made(regions.whole(), []);
        Some(build::array(self.context, entries, origin))
    }

    /// Whether a list of regions is one word, in quotes.
    fn glued_regions(&mut self, regions: &Occurrence) -> bool {
        let is_region = self.is_region;
        let is_list = |text: &str| {
            let mut names = text.split_whitespace().map(|word| word.split('=').next().unwrap_or_default());
            text.trim().contains(char::is_whitespace) && !is_region(text) && names.all(is_region)
        };
        let before = self.facts.len();
        for word in regions.values.iter().filter(|word| word.known().is_some_and(|text| is_list(&text))) {
            self.fact(FactKind::BlankInsideList, word.span, word.text.shown());
        }
        self.facts.len() > before
    }

    /// Whether each region has a word of keys of its own: as many, and all known. A blank that tears a list apart or
    /// glues it together is the cause of a wrong count.
    fn pairs(&mut self, regions: &Occurrence, keys: Option<&Occurrence>, glued: bool) -> bool {
        let Some(keys) = keys else { return false };
        let Some((last, before)) = keys.values.split_last() else { return false };
        let even = regions.values.len() == keys.values.len();
        let facts = self.facts.len();
        for word in &keys.values {
            let torn = before.iter().any(|one| one.span == word.span) && word.text.shown().ends_with(',');
            // A number may have blanks around it, a set may not.
            let parts = word.text.split(self.context, |char| char == ',');
            let has_blank = |(at, part): (usize, &Str)| has_blank(part) && (at.is_multiple_of(2) || !even);
            if parts.iter().enumerate().any(has_blank) || (word.known().is_some() && torn && !even) {
                self.fact(FactKind::BlankInsideList, word.span, word.text.shown());
            }
        }
        let blank = glued || self.facts.len() > facts;
        if regions.is_open() || keys.is_open() {
            return false;
        }
        if !even {
            self.refused = true;
            if !blank {
                let kind =
                    FactKind::EncryptionCount { words: keys.values.len() as u32, regions: regions.values.len() as u32 };
                self.fact(kind, keys.list().unwrap_or(last.span), keys.option.shown());
            }
        }
        even
    }

    /// Judges words of keys by themselves where it can't be told which regions they are of.
    fn look_at_each(&mut self, keys: &Occurrence) {
        for word in keys.values.iter().filter(|word| !word.many && !word.is_symbol()) {
            let terms = word.text.split(self.context, |char| char == ',');
            self.keys(word, &terms, 0);
        }
    }

    /// `region[=count|=type][=type]`.
    fn region(&mut self, word: &Word, entry: &mut Body) {
        let parts = word.text.split_first(self.context, '=', 2);
        let (second, third) = (parts.get(1).cloned(), parts.get(2).cloned());
        let Some(name) = parts.into_iter().next() else { return };
        self.set(entry, "name", &name, word);
        self.count_and_type(word, (second, third), &STORAGE, "regionalReplicaCount", entry);
    }

    /// A count, a storage account type, or one behind the other.
    fn count_and_type(
        &mut self,
        word: &Word,
        parts: (Option<Str>, Option<Str>),
        storage: &[&str],
        count: &str,
        entry: &mut Body,
    ) {
        let is_storage = |text: &str| storage.iter().any(|known| text.eq_ignore_ascii_case(known));
        let bad = |fault| FactKind::BadTargetRegion(fault);
        match parts {
            (None, _) => {}
            (Some(second), None) => match second.text() {
                Some(text) if integer(&text).is_some() => self.set_number(entry, count, &second, word),
                Some(text) if is_storage(&text) => self.set(entry, "storageAccountType", &second, word),
                Some(_) => self.refuse(bad(RegionFault::SecondPart), &second, word),
                None => {}
            },
            (Some(second), Some(third)) => {
                match second.text() {
                    Some(text) if integer(&text).is_none() => {
                        let swapped = is_storage(&text) && third.text().is_some_and(|text| integer(&text).is_some());
                        let fault = if swapped { RegionFault::Order } else { RegionFault::Count };
                        return self.refuse(bad(fault), &second, word);
                    }
                    _ => self.set_number(entry, count, &second, word),
                }
                match third.text() {
                    Some(text) if !is_storage(&text) => self.refuse(bad(RegionFault::StorageType), &third, word),
                    _ => self.set(entry, "storageAccountType", &third, word),
                }
            }
        }
    }

    fn set(&mut self, entry: &mut Body, path: &str, part: &Str, word: &Word) {
        let value = words::value(self.context, part, word);
        entry.set(path, value.origin, value);
    }

    fn set_number(&mut self, entry: &mut Body, path: &str, part: &Str, word: &Word) {
        let value = number(self.context, part, word);
        entry.set(path, value.origin, value);
    }

    /// `encryption` of an entry.
    fn encryption(&mut self, keys: Keyed<'_>, confidential: Keyed<'_>, region: &Word, entry: &mut Body) {
        let (keys, confidential) = match (keys, confidential) {
            (Keyed::Somewhere, _) | (_, Keyed::Somewhere) => {
                let key = self.context.written(region.span);
                let unknown = build::unknown(self.context, key);
                return entry.set("encryption", key, unknown);
            }
            (keys, confidential) => (keys.word(), confidential.word()),
        };
        let Some(word) = keys.or(confidential) else { return };
        let key = self.context.written(word.span);
        let mut whole = Keys { os: None, data: None };
        if let Some(word) = keys {
            if word.is_symbol() {
                let unknown = self.unknown_keys(word);
                return entry.set("encryption", key, unknown);
            }
            let terms = word.text.split(self.context, |char| char == ',');
            whole = self.keys(word, &terms, 0);
        }
        if let Some(word) = confidential {
            self.confidential(word, &mut whole);
        }
        self.set_encryption(entry, key, whole);
    }

    /// A word of keys of which nothing is known.
    fn unknown_keys(&mut self, word: &Word) -> Value {
        let value = word.value(self.context);
        let term = self.context.call("keysof", [value.term]);
        Value {
            kind: Kind::Unknown { term, why: crate::value::Why::KnownAtDeployment },
            term,
            basis: crate::value::Basis::Fixed,
            origin: value.origin,
        }
    }

    fn set_encryption(&mut self, entry: &mut Body, key: crate::value::OriginId, keys: Keys) {
        let mut encryption = Body::default();
        if let Some(os) = keys.os {
            let os = os.finish(self.context, key);
            encryption.set("osDiskImage", key, os);
        }
        if let Some(data) = keys.data {
            let data = build::array(self.context, data, key);
            encryption.set("dataDiskImages", key, data);
        }
        if !encryption.is_empty() {
            let encryption = encryption.finish(self.context, key);
            entry.set("encryption", key, encryption);
        }
    }

    /// The OS disk's set, then LUNs and sets in turn. `before` are the parts of the word that stand in front of them.
    fn keys(&mut self, word: &Word, terms: &[Str], before: usize) -> Keys {
        let mut keys = Keys { os: None, data: None };
        let Some((os, data)) = terms.split_first() else { return keys };
        if os.text().as_deref() != Some(NO_SET) {
            self.look_at_set(os, word);
            keys.os = Some(self.disk_key(os, word));
        }
        if data.is_empty() {
            return keys;
        }
        if !data.len().is_multiple_of(2) {
            let last = data.last().cloned().unwrap_or_default();
            let comma = last.is_empty().then_some(before + terms.len());
            self.refuse(FactKind::UnpairedLun { comma }, &last, word);
            return keys;
        }
        let mut disks = Vec::with_capacity(data.len() / 2);
        for (at, pair) in data.chunks_exact(2).enumerate() {
            let [lun, set] = pair else { continue };
            if lun.text().is_some_and(|text| integer(&text).is_none()) {
                let is_lun = set.text().is_some_and(|text| integer(&text).is_some());
                let swapped = is_lun.then_some((before + 1 + 2 * at, before + terms.len()));
                self.refuse(FactKind::PairWithoutLun { swapped }, lun, word);
                continue;
            }
            self.look_at_data_set(lun, set, word);
            let mut disk = Body::default();
            self.set_number(&mut disk, "lun", lun, word);
            let key = self.disk_key(set, word);
            let origin = words::origin(self.context, set, word);
            disk.absorb(key);
            let disk = disk.finish(self.context, origin);
            disks.push(Element::One(disk));
        }
        keys.data = Some(disks);
        keys
    }

    fn look_at_set(&mut self, set: &Str, word: &Word) {
        let Some(text) = set.text() else { return };
        if text.is_empty() {
            self.fact(FactKind::EmptyDes, word.span, word.text.shown());
        } else if text.as_ref() != NO_SET && MEANT_AS_NO_SET.iter().any(|none| text.eq_ignore_ascii_case(none)) {
            self.null_like(set, word, &text, None);
        }
    }

    fn look_at_data_set(&mut self, lun: &Str, set: &Str, word: &Word) {
        let Some(text) = set.text() else { return };
        if text.is_empty() {
            self.fact(FactKind::EmptyDes, word.span, word.text.shown());
        } else if MEANT_AS_NO_SET.iter().any(|none| text.eq_ignore_ascii_case(none)) {
            let (lun, set_place) = (place(self.context, lun, word.span), place(self.context, set, word.span));
            let pair = Span { end: set_place.end, ..lun };
            let whole = (lun.source == set_place.source && lun.end < set_place.start).then_some(pair);
            // Without a pair that could be left out the word itself stands for all of it.
            self.null_like(set, word, &text, Some(whole.unwrap_or(set_place)));
        }
    }

    fn null_like(&mut self, set: &Str, word: &Word, text: &str, pair: Option<Span>) {
        let span = place(self.context, set, word.span);
        self.facts.push(Fact { also: pair.into_iter().collect(), ..Fact::new(FactKind::NullAsDes, span, text) });
    }

    fn disk_key(&mut self, set: &Str, word: &Word) -> Body {
        let id = self.account.name_or_id(self.context, SET, set, word);
        let mut key = Body::default();
        key.set("diskEncryptionSetId", id.origin, id);
        key
    }

    /// `type,set`.
    fn confidential(&mut self, word: &Word, keys: &mut Keys) {
        if word.is_symbol() {
            keys.os.get_or_insert_default().leave_open();
            return;
        }
        let terms = word.text.split(self.context, |char| char == ',');
        let [ty, set] = terms.as_slice() else {
            let whole = Str::default();
            return self.refuse(FactKind::BadConfidentialWord(ConfidentialFault::Parts), &whole, word);
        };
        if ty.text().is_some_and(|text| !CONFIDENTIAL_TYPES.contains(&&*text)) {
            let text = ty.text().unwrap_or_default();
            let meant = CONFIDENTIAL_TYPES.iter().find(|known| known.eq_ignore_ascii_case(&text));
            let span = place(self.context, ty, word.span);
            let fact = Fact::new(FactKind::BadConfidentialWord(ConfidentialFault::Type), span, text);
            self.facts.push(Fact { meant: meant.map(|known| (*known).into()), ..fact });
            self.refused = true;
            return;
        }
        let os = keys.os.get_or_insert_default();
        let value = words::value(self.context, ty, word);
        os.set("securityProfile.confidentialVMEncryptionType", value.origin, value);
        if !set.is_empty() {
            let id = self.account.name_or_id(self.context, SET, set, word);
            os.set("securityProfile.secureVMDiskEncryptionSetId", id.origin, id);
        }
    }

    /// `publishingProfile.targetExtendedLocations`, where edge zones are given. An empty list clears them.
    pub(super) fn edge_zones(&mut self, arguments: &Arguments) -> Option<Value> {
        let keys = arguments.list("--target-edge-zone-encryption");
        let Some(zones) = arguments.list("--target-edge-zones") else {
            if let Some(given) = keys.filter(|_| !arguments.open) {
                self.fact(FactKind::EdgeZone(ZoneFault::WithoutZones), given.place, given.option.shown());
            }
            return None;
        };
        let origin = self.context.made(zones.whole(), []);
        if let [only] = zones.values.as_slice()
            && only.known().is_some_and(|text| text.eq_ignore_ascii_case("none"))
        {
            return Some(build::array(self.context, Vec::new(), origin));
        }
        let paired = self.pairs(zones, keys, false);
        let mut entries = Vec::new();
        for (at, word) in zones.values.iter().enumerate() {
            let parts = word.text.split_first(self.context, '=', 3);
            let [region, zone, rest @ ..] = parts.as_slice() else {
                if !word.is_symbol() {
                    self.fact(FactKind::EdgeZone(ZoneFault::NoZone), word.span, word.text.shown());
                }
                continue;
            };
            let mut entry = Body::default();
            self.set(&mut entry, "name", region, word);
            self.set(&mut entry, "extendedLocation.name", zone, word);
            let ty = Str::fixed(self.context, "EdgeZone", origin);
            let ty = build::string(self.context, ty, origin);
            entry.set("extendedLocation.type", origin, ty);
            let rest = (rest.first().cloned(), rest.get(1).cloned());
            self.count_and_type(word, rest, &ZONE_STORAGE, "extendedLocationReplicaCount", &mut entry);
            match keys {
                None => {}
                Some(keys) if paired => {
                    let Some(keys) = keys.values.get(at) else { continue };
                    if !self.zone_keys(keys, zone, &mut entry) {
                        break;
                    }
                }
                Some(_) => {
                    let key = self.context.written(word.span);
                    let unknown = build::unknown(self.context, key);
                    entry.set("encryption", key, unknown);
                }
            }
            entries.push(finished(self.context, entry, word));
        }
        // An empty list is taken for none.
        (!entries.is_empty()).then(|| build::array(self.context, entries, origin))
    }

    /// `zone,os[,lun,set]...`: whether the command goes on to the next zone.
    fn zone_keys(&mut self, word: &Word, zone: &Str, entry: &mut Body) -> bool {
        let key = self.context.written(word.span);
        if word.is_symbol() {
            let unknown = self.unknown_keys(word);
            entry.set("encryption", key, unknown);
            return true;
        }
        let terms = word.text.split(self.context, |char| char == ',');
        let [named, terms @ ..] = terms.as_slice() else { return true };
        if terms.is_empty() {
            self.fact(FactKind::EdgeZone(ZoneFault::KeysCutOff), word.span, word.text.shown());
            return false;
        }
        if let (Some(named), Some(zone)) = (named.text(), zone.text())
            && !named.eq_ignore_ascii_case(&zone)
        {
            let fact = Fact::new(FactKind::EdgeZone(ZoneFault::OtherZone), word.span, named);
            self.facts.push(Fact { meant: Some(zone), ..fact });
        }
        let keys = self.keys(word, terms, 1);
        self.set_encryption(entry, key, keys);
        true
    }
}

fn finished(context: &mut Context, entry: Body, word: &Word) -> Element {
    let origin = context.written(word.span);
    let value = entry.finish(context, origin);
    if word.many { Element::Many(value) } else { Element::One(value) }
}
