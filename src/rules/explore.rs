//! One rule on one resource in every world, and what follows from all of them together.
//!
//! Each run of a rule decides the open conditions that it meets and notes them; the other sides of those decisions are
//! the worlds still to visit. A fault in every world is a finding. A fault in all worlds where one condition takes one
//! side is a finding too, if the condition is a switch that the author put there; else it is undecided.

use std::collections::HashMap;

use super::rule::{Check, Doubt};
use super::words::{Draft, LABELS};
use crate::azure::{Estate, Reader};
use crate::eval::Resource;
use crate::finding::{Confidence, Label};
use crate::ir::ParamType;
use crate::text::Span;
use crate::value::{Basis, Context, Literal, Term, TermId, World, because, condition_text};

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
                order.push((world, draft));
                (vec![false; visited.len()], Basis::Fixed)
            });
            occurs[at] = true;
            *basis = (*basis).max(draft.basis);
        }
    }
    for (world, draft) in order {
        let Some((occurs, basis)) = faults.get(&fault(draft)) else { continue };
        if occurs.iter().all(|occurs| *occurs) && !explored.limited {
            explored.found.push((draft.clone(), confidence(*basis)));
            continue;
        }
        let alone = world.decisions.iter().find(|(condition, side)| {
            let against = (*condition, !*side);
            visited.iter().zip(occurs).all(|(world, occurs)| *occurs || world.decisions.contains(&against))
        });
        match alone {
            Some((condition, side)) if is_switch(context, *condition) && !explored.limited => {
                let mut draft = draft.clone();
                draft.notes.push(format!("holds when {}", condition_text(context, *condition, *side)));
                explored.found.push((draft, Confidence::Assumed));
            }
            _ => {
                let cause = alone.or(world.decisions.first()).map(|(condition, _)| because(context, *condition));
                let because = cause.unwrap_or_else(|| "there are too many combinations of conditions".to_owned());
                explored.doubts.push(Doubt { span: draft.primary, because });
            }
        }
    }
}

/// What a finding may claim that rests on values of a basis.
const fn confidence(basis: Basis) -> Confidence {
    match basis {
        Basis::Fixed | Basis::ParamFile => Confidence::Certain,
        Basis::Default => Confidence::ByDefault,
        Basis::Assumed => Confidence::Assumed,
    }
}

/// Whether a condition is a switch that the author put there: a truth value or a choice among allowed values, or the
/// comparison of a parameter with a text or number. A test for presence is none.
fn is_switch(context: &Context, condition: TermId) -> bool {
    match context.get(condition) {
        Term::Param(_) => context
            .facts(condition)
            .is_some_and(|facts| facts.allowed.is_some() || matches!(facts.ty, Some(ParamType::Bool)) && !facts.secure),
        Term::Call(name, args) => match (&**name, &**args) {
            ("not", [of]) => is_switch(context, *of),
            ("equals", [one, other]) => match (context.as_literal(*one), context.as_literal(*other)) {
                (None, Some(literal)) => compares(context, *one, literal),
                (Some(literal), None) => compares(context, *other, literal),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn compares(context: &Context, symbol: TermId, literal: &Literal) -> bool {
    let present = match literal {
        Literal::Null => false,
        Literal::Str(text) => !text.is_empty(),
        Literal::Bool(_) | Literal::Int(_) | Literal::Float(_) => true,
    };
    present && is_given(context, symbol, 0)
}

/// Whether a term is a parameter or a member of one, in any case of letters.
fn is_given(context: &Context, term: TermId, depth: u32) -> bool {
    if depth > 32 {
        return false;
    }
    match context.get(term) {
        Term::Param(_) | Term::Ambient(_) => true,
        Term::Get(of, _) => is_given(context, *of, depth + 1),
        Term::Call(name, args) => match (&**name, &**args) {
            ("tolower" | "toupper", [of]) => is_given(context, *of, depth + 1),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a value hangs on a test for presence: what is there by default is for whoever deploys to say.
pub(super) fn hangs_on_presence(context: &Context, value: TermId) -> bool {
    let mut next = value;
    for _ in 0..32 {
        match context.get(next) {
            Term::If(condition, ..) if tests_presence(context, *condition, 0) => return true,
            Term::If(_, then, other) => {
                if matches!(context.get(*then), Term::If(..)) && hangs_on_presence(context, *then) {
                    return true;
                }
                next = *other;
            }
            _ => return false,
        }
    }
    false
}

fn tests_presence(context: &Context, condition: TermId, depth: u32) -> bool {
    if depth > 32 {
        return false;
    }
    let nothing = |term: &TermId| match context.as_literal(*term) {
        Some(Literal::Null | Literal::Int(0)) => true,
        Some(Literal::Str(text)) => text.is_empty(),
        _ => false,
    };
    match context.get(condition) {
        Term::Call(name, args) => match (&**name, &**args) {
            ("empty" | "contains", _) => true,
            ("not" | "and" | "or", parts) => parts.iter().any(|part| tests_presence(context, *part, depth + 1)),
            ("equals" | "greater" | "less", sides) => sides.iter().any(nothing),
            _ => false,
        },
        _ => false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Facts;

    #[test]
    fn a_choice_by_an_empty_parameter_hangs_on_presence_and_one_by_a_switch_does_not() {
        let mut context = Context::new();
        let (key, flag) = (context.param("key"), context.param("flag"));
        let null = context.literal(Literal::Null);
        let empty = context.call("empty", [key]);
        let given = context.call("not", [empty]);
        let by_presence = context.term(Term::If(given, key, null));
        let by_flag = context.term(Term::If(flag, key, null));
        let within = context.term(Term::If(flag, null, by_presence));
        for (value, hangs) in [(by_presence, true), (by_flag, false), (within, true), (key, false)] {
            assert_eq!(hangs_on_presence(&context, value), hangs);
        }
    }

    #[test]
    fn a_switch_is_what_the_author_put_there() {
        let mut context = Context::new();
        let flag = context.param("useCmk");
        context.set_facts(flag, Facts { ty: Some(ParamType::Bool), ..Facts::default() });
        assert!(is_switch(&context, flag));
        let mode = context.param("mode");
        let (text, empty, null) = (context.text("new"), context.text(""), context.literal(Literal::Null));
        for (literal, switch) in [(text, true), (empty, false), (null, false)] {
            let comparison = context.call("equals", [mode, literal]);
            assert_eq!(is_switch(&context, comparison), switch);
            let negated = context.call("not", [comparison]);
            assert_eq!(is_switch(&context, negated), switch);
        }
        let presence = context.call("empty", [mode]);
        assert!(!is_switch(&context, presence));
        let length = context.call("length", [mode]);
        let zero = context.literal(Literal::Int(0));
        let presence = context.call("equals", [length, zero]);
        assert!(!is_switch(&context, presence));
    }
}
