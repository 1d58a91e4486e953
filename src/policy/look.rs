//! One check of a policy on one resource in one world.

use jsonpath_rust::parser::model::{Segment, Selector};

use super::expect::Expect;
use super::node::NodeId;
use super::tree::{Selected, Tree, name_of, selected};
use super::{Filters, PolicyCheck, Select, Settings};
use crate::azure::{Reader, basis_of};
use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Basis, Kind as ValueKind, OriginId, Tri, Value, because_of, to_json};

/// How many characters of a value stand in a message.
const LONG: usize = 80;
/// Said of what stands for the items of a loop.
const LOOP: &str = "it stands for each item of a loop whose length isn't known";

/// What a look gave.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) faults: Vec<Fault>,
    pub(super) doubts: Vec<Doubt>,
}

/// A value that isn't as expected.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) place: Option<Span>,
    pub(super) message: String,
    pub(super) label: String,
    /// Where the value came from.
    pub(super) origin: Option<OriginId>,
    pub(super) basis: Basis,
}

/// What keeps the check from deciding.
pub(super) struct Doubt {
    pub(super) place: Option<Span>,
    pub(super) because: String,
}

/// Looks at a resource. `name` is what people call it.
pub(super) fn look(
    check: &PolicyCheck,
    resource: &Resource,
    name: &str,
    reader: &mut Reader<'_>,
    settings: &Settings,
) -> Seen {
    match check.unless.as_ref().and_then(|unless| excused(unless, resource, reader)) {
        Some(Excuse::Certain) => return Seen::default(),
        Some(Excuse::Doubtful(doubt)) => return Seen { faults: Vec::new(), doubts: vec![doubt] },
        None => {}
    }
    let (tree, selected) = selected(reader, &resource.body, &check.select.query);
    let mut look = Look { check, name, reader, tree: &tree, selected: &selected, seen: Seen::default() };
    look.judge(settings, resource.basis);
    look.seen
}

/// Whether a resource is one of which nothing is expected.
enum Excuse {
    Certain,
    /// It can't be told.
    Doubtful(Doubt),
}

/// An empty text is as good as nothing.
fn excused(unless: &Select, resource: &Resource, reader: &mut Reader<'_>) -> Option<Excuse> {
    let (tree, selected) = selected(reader, &resource.body, &unless.query);
    let is_empty =
        |id: &NodeId| tree.value(*id).and_then(|value| value.as_str()?.text()).is_some_and(|text| text.is_empty());
    let is_certain = |id: &NodeId| selected.doubted.is_empty() && !tree.is_many(*id);
    let hits: Vec<NodeId> = selected.hits.iter().copied().filter(|hit| !is_empty(hit)).collect();
    if hits.iter().any(is_certain) {
        return Some(Excuse::Certain);
    }
    let doubted = hits.first().or(selected.doubted.first())?;
    let because = match tree.value(*doubted) {
        Some(value) => because_of(reader.context, value),
        None => LOOP.to_owned(),
    };
    let place = tree.place(reader, *doubted);
    Some(Excuse::Doubtful(Doubt { place, because }))
}

struct Look<'l, 'r> {
    check: &'l PolicyCheck,
    name: &'l str,
    reader: &'l mut Reader<'r>,
    tree: &'l Tree,
    selected: &'l Selected,
    seen: Seen,
}

impl Look<'_, '_> {
    fn judge(&mut self, settings: &Settings, ground: Basis) {
        let mut certain = 0;
        for hit in self.selected.hits.clone() {
            if self.tree.is_many(hit) {
                self.doubt(hit, Some(LOOP));
                continue;
            }
            if self.is_doubtful(hit) {
                self.doubt(hit, None);
                continue;
            }
            certain += 1;
            let Some(value) = self.tree.value(hit).cloned() else { continue };
            let Some(verdict) = self.check.expect.holds(self.reader, &value, settings) else {
                let Expect::OneOfSetting(setting) = &self.check.expect else { continue };
                let because = format!("the setting `{setting}` isn't given");
                let place = self.tree.place(self.reader, hit);
                self.seen.doubts.push(Doubt { place, because });
                continue;
            };
            match verdict.tri {
                Tri::Yes => {}
                Tri::Maybe => self.doubt(hit, None),
                Tri::No => {
                    let basis = verdict.basis.max(self.basis_of_selection(hit)).max(ground);
                    let fault = Fault {
                        place: self.tree.place(self.reader, hit),
                        message: self.message(&value),
                        label: self.check.expect.label(&self.check.select.text),
                        origin: Some(value.origin),
                        basis,
                    };
                    self.seen.faults.push(fault);
                }
            }
        }
        let elsewhere: Vec<NodeId> = self.doubts_elsewhere();
        let asks_for_one = match self.check.expect {
            Expect::Present | Expect::NonEmpty => true,
            Expect::Absent => false,
            Expect::Equals(_) | Expect::OneOf(_) | Expect::OneOfSetting(_) | Expect::Matches(_) => {
                self.check.select.is_singular
            }
        };
        // Of several that are there, one is enough to be there.
        let settled = matches!(self.check.expect, Expect::Present) && certain > 0;
        if settled {
            self.seen.doubts.clear();
            return;
        }
        for id in &elsewhere {
            self.doubt(*id, None);
        }
        if asks_for_one && certain == 0 && self.seen.doubts.is_empty() {
            self.missing(ground);
        }
    }

    /// Whether it is uncertain that a hit is one.
    fn is_doubtful(&self, hit: NodeId) -> bool {
        let doubted = &self.selected.doubted;
        match self.check.select.filters {
            Filters::None => {
                // A list or object that may hold more is there all the same.
                let value = self.tree.value(hit).map(|value| &value.kind);
                doubted.contains(&hit) && !matches!(value, Some(ValueKind::Array(_) | ValueKind::Object(_)))
            }
            Filters::Last => doubted.iter().any(|id| self.tree.lies_in(*id, hit)),
            Filters::At(depth) => {
                let element = self.tree.ancestor(hit, depth);
                doubted.iter().any(|id| self.tree.lies_in(*id, element))
            }
            Filters::Elsewhere => !doubted.is_empty(),
        }
    }

    /// Values that can't be told and that may hide further hits.
    fn doubts_elsewhere(&self) -> Vec<NodeId> {
        let hits = &self.selected.hits;
        let in_a_hit = |id: &NodeId| hits.iter().any(|hit| self.tree.lies_in(*id, *hit));
        self.selected.doubted.iter().copied().filter(|id| !in_a_hit(id)).collect()
    }

    fn doubt(&mut self, id: NodeId, said: Option<&str>) {
        let value = self.tree.value(id).cloned();
        let because = match (said, &value) {
            (Some(said), _) => said.to_owned(),
            (None, Some(value)) if matches!(value.kind, ValueKind::Array(_)) => LOOP.to_owned(),
            (None, Some(value)) => because_of(self.reader.context, value),
            (None, None) => return,
        };
        let literal = value.and_then(|value| self.reader.place(&value));
        let place = literal.or_else(|| self.tree.place(self.reader, id));
        self.seen.doubts.push(Doubt { place, because });
    }

    /// What it rests on that a hit was selected: all that was looked at for it.
    fn basis_of_selection(&self, hit: NodeId) -> Basis {
        let looked_at = self.selected.seen.iter().filter(|id| match self.check.select.filters {
            Filters::None => false,
            Filters::Last => self.tree.lies_in(**id, hit),
            Filters::At(depth) => self.tree.lies_in(**id, self.tree.ancestor(hit, depth)),
            Filters::Elsewhere => true,
        });
        looked_at.map(|id| self.tree.basis(*id)).max().unwrap_or_default().max(self.tree.basis(hit))
    }

    /// Nothing is there where something should be.
    fn missing(&mut self, ground: Basis) {
        let names = self.check.select.query.segments.iter().map_while(|segment| match segment {
            Segment::Selector(Selector::Name(name)) => Some(name.as_str()),
            _ => None,
        });
        let holder = self.tree.innermost(names);
        let value = self.tree.value(holder).cloned();
        let place = if holder == self.tree.root.id { None } else { self.tree.place(self.reader, holder) };
        let basis = value.as_ref().map_or(Basis::Fixed, basis_of).max(self.tree.basis(holder)).max(ground);
        let label = Expect::Present.label(&self.check.select.text);
        let message = self.worded("nothing");
        self.seen.faults.push(Fault { place, message, label, origin: None, basis });
    }

    fn message(&mut self, value: &Value) -> String {
        let shown = match &value.kind {
            ValueKind::Str(text) => self.reader.shown(text),
            ValueKind::Object(_) => match name_of(self.reader, value) {
                Some(name) => name.as_str().map_or_else(String::new, |text| self.reader.shown(text)),
                None => to_json(self.reader.context, value).to_string(),
            },
            _ => to_json(self.reader.context, value).to_string(),
        };
        let shown = match shown.char_indices().nth(LONG) {
            Some((at, _)) => format!("{}…", &shown[..at]),
            None => shown,
        };
        self.worded(&shown)
    }

    /// The message with what is to be filled in; what is filled in is not looked at again.
    fn worded(&self, value: &str) -> String {
        let mut out = String::new();
        let mut rest = self.check.message.as_str();
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            let filled =
                [("{value}", value), ("{resource}", self.name)].into_iter().find(|(mark, _)| rest.starts_with(mark));
            match filled {
                Some((mark, text)) => {
                    out.push_str(text);
                    rest = &rest[mark.len()..];
                }
                None => {
                    out.push('{');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out
    }
}
