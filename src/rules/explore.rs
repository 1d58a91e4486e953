//! One rule on one resource in every world, and what follows from all of them together.
//!
//! Each run of a rule decides the open conditions that it meets and notes them; the other sides of those decisions are
//! the worlds still to visit. What follows from all of them together, [`across`] says.

use std::collections::HashMap;

use super::rule::{Check, Doubt};
use super::words::{Draft, LABELS};
use crate::azure::{Estate, Reader};
use crate::eval::Resource;
use crate::finding::{Confidence, Label};
use crate::text::Span;
use crate::value::{Across, Basis, Context, TermId, World, across, because, condition_text};

/// How many worlds are visited at most.
pub(super) const WORLDS: usize = 64;

/// What a rule says of a resource, all worlds taken together.
#[derive(Debug, Default)]
pub(super) struct Explored {
    /// Findings, with their confidence.
    pub found: Vec<(Draft, Confidence)>,
    /// What could not be decided.
    pub doubts: Vec<Doubt>,
    /// Whether there were more worlds than are visited.
    pub limited: bool,
}

impl Explored {
    /// Whether there is nothing to say.
    pub(super) fn is_nothing(&self) -> bool {
        self.found.is_empty() && self.doubts.is_empty() && !self.limited
    }
}

/// A world that was visited.
struct Visited {
    decisions: Vec<(TermId, bool)>,
    drafts: Vec<Draft>,
}

/// Looks at a resource in every world.
pub(super) fn explore(
    resource: &Resource,
    estate: &Estate<'_>,
    context: &mut Context,
    look: impl Fn(&mut Check<'_>),
) -> Explored {
    let mut explored = Explored::default();
    let mut visited = Vec::new();
    explored.limited = World::explore(WORLDS, |mut world| {
        for condition in &resource.conditions {
            world.assume(context, *condition, true);
        }
        let reader = Reader { context: &mut *context, estate, world };
        let mut check = Check { reader, today: None, resource, drafts: Vec::new(), doubts: Vec::new() };
        look(&mut check);
        explored.doubts.append(&mut check.doubts);
        visited.push(Visited { decisions: check.reader.world.decisions().to_vec(), drafts: check.drafts });
        check.reader.world
    });
    judge(context, &visited, &mut explored);
    explored.found = grouped(std::mem::take(&mut explored.found));
    explored.doubts.sort();
    explored.doubts.dedup();
    explored
}

/// What makes drafts the same fault.
type Fault = (Span, &'static str);

const fn fault(draft: &Draft) -> Fault {
    (draft.primary, draft.case)
}

fn judge(context: &Context, visited: &[Visited], explored: &mut Explored) {
    // For each fault the worlds in which it occurs, and the weakest basis there.
    let mut faults: HashMap<Fault, (Vec<bool>, Basis)> = HashMap::new();
    let mut order = Vec::new();
    for (at, world) in visited.iter().enumerate() {
        for draft in &world.drafts {
            let (occurs, basis) = faults.entry(fault(draft)).or_insert_with(|| {
                order.push(draft);
                (vec![false; visited.len()], Basis::Fixed)
            });
            occurs[at] = true;
            *basis = (*basis).max(draft.basis);
        }
    }
    for draft in order {
        let Some((occurs, basis)) = faults.get(&fault(draft)) else { continue };
        let worlds: Vec<(&[(TermId, bool)], bool)> =
            visited.iter().zip(occurs).map(|(world, occurs)| (&*world.decisions, *occurs)).collect();
        match across(context, &worlds, explored.limited) {
            Across::Everywhere => explored.found.push((draft.clone(), basis.confidence())),
            Across::When(condition, side) => {
                let mut draft = draft.clone();
                draft.notes.push(format!("holds when {}", condition_text(context, condition, side)));
                explored.found.push((draft, Confidence::Assumed));
            }
            Across::Unclear(condition) => {
                let cause = condition.map(|condition| because(context, condition));
                let because = cause.unwrap_or_else(|| "there are too many combinations of conditions".to_owned());
                explored.doubts.push(Doubt { span: draft.primary, because });
            }
        }
    }
}

/// Facts of one group become one finding: the first, with the others' places as labels.
fn grouped(found: Vec<(Draft, Confidence)>) -> Vec<(Draft, Confidence)> {
    let mut kept: Vec<(Draft, Confidence)> = Vec::new();
    let mut left_out: Vec<usize> = Vec::new();
    let mut leaders: HashMap<(&'static str, String, Confidence), usize> = HashMap::new();
    for (draft, confidence) in found {
        let group = draft.group.clone().map(|group| (draft.case, group, confidence));
        let Some(&at) = group.as_ref().and_then(|group| leaders.get(group)) else {
            leaders.extend(group.map(|group| (group, kept.len())));
            kept.push((draft, confidence));
            left_out.push(0);
            continue;
        };
        let labels = &mut kept[at].0.labels;
        if labels.iter().any(|label| label.span == draft.primary) {
            continue;
        }
        if labels.len() < LABELS && !draft.primary_label.is_empty() {
            labels.push(Label { span: draft.primary, text: draft.primary_label, on_way: false });
        } else {
            left_out[at] += 1;
        }
    }
    for ((draft, _), more) in kept.iter_mut().zip(left_out) {
        if more > 0 {
            draft.notes.push(format!("the same at {more} more {}", if more == 1 { "place" } else { "places" }));
        }
    }
    kept
}
