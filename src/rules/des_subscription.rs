//! CMK101: a disk encryption set is in another subscription than what it encrypts.

use std::collections::HashSet;

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, KeyUse, Kind, Protected};
use crate::text::Span;
use crate::value::{Basis, Content, IdReading, OriginId, Str, TermId, Value, equal_text};

pub(super) struct DesOtherSubscription;

struct OtherSubscription {
    noun: &'static str,
    set: String,
    subscription: String,
    place: Option<Span>,
    origin: OriginId,
    against: Against,
    against_place: Option<Span>,
    basis: Basis,
}

/// What the set's subscription contradicts.
enum Against {
    /// The subscription of what it encrypts.
    Resource(String),
    /// That of another set of the same resource.
    Set { set: String, subscription: String },
}

/// A reference whose subscription is said.
struct Said<'k> {
    key: &'k KeyUse,
    value: Value,
    subscription: Str,
}

/// How many references that contradict each other are looked for among those that can't be told from the resource's
/// own subscription.
const PAIRS: usize = 200;

impl Rule for DesOtherSubscription {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine, Kind::ScaleSet]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let copies = version.copies(&mut check.reader);
        judge(Kind::ImageVersion, version.subscription(), &copies.uses(), check);
        if let Some(gap) = &copies.gap {
            check.undecided(gap);
        }
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        judge(protected.kind, protected.subscription(), &protected.uses, check);
    }
}

fn judge(kind: Kind, own: Option<&Str>, uses: &[KeyUse], check: &mut Check<'_>) {
    let own = own.map(|own| check.reader.cleared(own));
    let mut open: Vec<Said<'_>> = Vec::new();
    for key in uses {
        let Some(said) = said(key, check) else { continue };
        let verdict = own.as_ref().map(|own| (own, equal_text(check.reader.context, own, &said.subscription)));
        match verdict {
            Some((own, verdict)) if verdict.is_no() => {
                let against = Against::Resource(check.reader.shown(own));
                let against_place = check.reader.place_of(own);
                report(kind, &said, against, against_place, verdict.basis.max(said.key.ground), check);
            }
            Some((_, verdict)) if verdict.is_yes() => {}
            _ => open.push(said),
        }
    }
    among_each_other(kind, &open, check);
}

/// References whose subscriptions contradict each other: the later ones are at fault.
fn among_each_other(kind: Kind, open: &[Said<'_>], check: &mut Check<'_>) {
    let mut distinct: Vec<&Said<'_>> = Vec::new();
    let mut known = HashSet::new();
    let mut contradicted = false;
    for said in open {
        let conflict = distinct.iter().find_map(|other| {
            let verdict = equal_text(check.reader.context, &other.subscription, &said.subscription);
            verdict.is_no().then_some((*other, verdict.basis))
        });
        if let Some((other, basis)) = conflict {
            contradicted = true;
            let set = check.reader.name_of(&other.value);
            let against = Against::Set { set, subscription: check.reader.shown(&other.subscription) };
            let place = check.reader.place_of(&other.subscription);
            report(kind, said, against, place, basis.max(other.key.ground).max(said.key.ground), check);
        }
        if known.insert(identity(&said.subscription)) && distinct.len() < PAIRS {
            distinct.push(said);
        }
    }
    if !contradicted {
        for said in distinct {
            match said.subscription.unknown() {
                Some(piece) => {
                    let term = if let Content::Symbol(term) = piece.content { term } else { piece.term };
                    check.undecided_term(said.value.origin, term);
                }
                None => check.undecided_because(
                    said.value.origin,
                    "the subscription of the deployment isn't known (say it with --subscription)",
                ),
            }
        }
    }
}

/// What tells one subscription from another: its text if it is known, else the terms of its pieces.
fn identity(subscription: &Str) -> (Option<String>, Vec<TermId>) {
    match subscription.text() {
        Some(text) => (Some(text.to_lowercase()), Vec::new()),
        None => (None, subscription.pieces.iter().map(|piece| piece.term).collect()),
    }
}

fn said<'k>(key: &'k KeyUse, check: &mut Check<'_>) -> Option<Said<'k>> {
    let value = match &key.des {
        Field::Present(value) => value.clone(),
        Field::Maybe(value) => {
            check.undecided(value);
            return None;
        }
        Field::Absent(_) => return None,
    };
    let string = value.as_str().cloned();
    let reading = string.map(|string| check.reader.id(&string));
    match reading {
        Some(IdReading::Id(id)) => match id.scope.subscription() {
            Some(subscription) => Some(Said { key, subscription: subscription.clone(), value }),
            None => {
                if value.as_str().is_some_and(|string| !string.is_known()) {
                    check.undecided(&value);
                }
                None
            }
        },
        Some(IdReading::Malformed) => None,
        Some(IdReading::Opaque) | None => {
            check.undecided(&value);
            None
        }
    }
}

fn report(
    kind: Kind,
    said: &Said<'_>,
    against: Against,
    against_place: Option<Span>,
    basis: Basis,
    check: &mut Check<'_>,
) {
    let place = check.reader.place_of(&said.subscription).or_else(|| check.reader.place(&said.value));
    let fact = OtherSubscription {
        noun: kind.noun(),
        set: check.reader.name_of(&said.value),
        subscription: check.reader.shown(&said.subscription),
        place,
        origin: said.subscription.pieces.first().map_or(said.value.origin, |piece| piece.origin),
        against,
        against_place,
        basis,
    };
    check.report(&fact);
}

impl Fact for OtherSubscription {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn group(&self) -> Option<String> {
        Some(self.subscription.to_lowercase())
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { noun, set, subscription, .. } = self;
        words.primary(self.place, format!("`{set}` is in subscription `{subscription}`"));
        match &self.against {
            Against::Resource(own) => {
                words.message(format!("disk encryption set `{set}` is in another subscription than the {noun}"));
                words.label(self.against_place, format!("the {noun} is in subscription `{own}`"));
            }
            Against::Set { set: other, subscription } => {
                words.message(format!(
                    "disk encryption sets `{other}` and `{set}` of one {noun} are in different subscriptions"
                ));
                words.label(self.against_place, format!("`{other}` is in subscription `{subscription}`"));
            }
        }
        words.way(self.origin);
        words.note("a disk encryption set must be in the subscription of what it encrypts; its key vault need not");
        words.help("use a disk encryption set of the same subscription; it may point at the same key");
    }
}
