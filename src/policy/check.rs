//! All policies on all resources of one evaluation.

use std::sync::Arc;

use super::look::{Doubt, Fault, look};
use super::{Policy, PolicyCheck, Settings};
use crate::azure::{Estate, Reader};
use crate::eval::{Evaluation, Resource};
use crate::finding::{Confidence, Finding, Label, Profile, Severity, Undecided};
use crate::text::Span;
use crate::value::{Across, Context, Origin, OriginId, TermId, World, across, because, condition_text};

/// How many combinations of open conditions are visited at most.
const WORLDS: usize = 64;
/// How many places of the way that a value took are shown.
const LABELS: usize = 3;

/// What policies say of an evaluation.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings, in no order.
    pub findings: Vec<Finding>,
    /// What could not be decided, in no order.
    pub undecided: Vec<Undecided>,
    /// Where there were more worlds than are visited.
    pub limited: Option<Span>,
}

/// Runs policies on what an evaluation gave.
pub fn check<'p>(
    evaluation: &mut Evaluation,
    policies: impl IntoIterator<Item = &'p Policy>,
    settings: &Settings,
    profile: Profile,
) -> Outcome {
    let Evaluation { context, resources, scenario, .. } = evaluation;
    let mut outcome = Outcome::default();
    let policies: Vec<&Policy> = policies.into_iter().collect();
    if policies.is_empty() {
        return outcome;
    }
    let estate = Estate::new(context, resources);
    for resource in resources.iter().filter(|resource| !resource.existing) {
        let Some(ty) = resource.ty.text() else { continue };
        for policy in &policies {
            for check in policy.checks.iter().filter(|check| check.resource.eq_ignore_ascii_case(&ty)) {
                let Some(severity) = severity(policy, check, resource, profile) else { continue };
                let (shown, called) = (resource.shown(context), resource.called(context));
                let told = Told { policy, check, severity, resource: shown, called };
                let explored = explore(&told, resource, &estate, context, settings);
                if explored.limited {
                    outcome.limited.get_or_insert(resource.type_span);
                }
                let findings = explored.found.into_iter().map(|(fault, confidence, notes)| {
                    let mut finding = told.finding(context, resource, fault, confidence, notes);
                    finding.scenarios.extend(scenario.iter().map(|name| name.to_string()));
                    finding
                });
                outcome.findings.extend(findings);
                let rule: Arc<str> = policy.meta.id.as_str().into();
                outcome.undecided.extend(explored.doubts.into_iter().map(|doubt| Undecided {
                    span: doubt.place.unwrap_or(resource.type_span),
                    rule: Arc::clone(&rule),
                    because: doubt.because,
                }));
            }
        }
    }
    outcome
}

/// The severity of a check's case; `None` where it is silent.
fn severity(policy: &Policy, check: &PolicyCheck, resource: &Resource, profile: Profile) -> Option<Severity> {
    let case = policy.meta.case(check.case)?;
    if case.formats.contains(&resource.format) { case.severity(profile) } else { None }
}

/// What is said by a check of a resource.
struct Told<'p> {
    policy: &'p Policy,
    check: &'p PolicyCheck,
    severity: Severity,
    /// The resource in the finding.
    resource: String,
    /// The resource in its message.
    called: String,
}

#[derive(Default)]
struct Explored {
    found: Vec<(Fault, Confidence, Vec<String>)>,
    doubts: Vec<Doubt>,
    limited: bool,
}

/// A world that was visited.
struct Visited {
    decisions: Vec<(TermId, bool)>,
    faults: Vec<Fault>,
}

fn explore(
    told: &Told<'_>,
    resource: &Resource,
    estate: &Estate<'_>,
    context: &mut Context,
    settings: &Settings,
) -> Explored {
    let mut explored = Explored::default();
    let mut visited: Vec<Visited> = Vec::new();
    explored.limited = World::explore(WORLDS, |mut world| {
        for condition in &resource.conditions {
            world.assume(context, *condition, true);
        }
        let mut reader = Reader { context: &mut *context, estate, world };
        let seen = look(told.check, resource, &told.called, &mut reader, settings);
        explored.doubts.extend(seen.doubts);
        visited.push(Visited { decisions: reader.world.decisions().to_vec(), faults: seen.faults });
        reader.world
    });
    let mut told_places = Vec::new();
    for fault in visited.iter().flat_map(|world| &world.faults) {
        if told_places.contains(&fault.place) {
            continue;
        }
        told_places.push(fault.place);
        let same = |world: &Visited| world.faults.iter().find(|other| other.place == fault.place).map(|it| it.basis);
        let worlds: Vec<(&[(TermId, bool)], bool)> =
            visited.iter().map(|world| (&*world.decisions, same(world).is_some())).collect();
        let basis = visited.iter().filter_map(same).max().unwrap_or_default();
        match across(context, &worlds, explored.limited) {
            Across::Everywhere => explored.found.push((fault.clone(), basis.confidence(), Vec::new())),
            Across::When(condition, side) => {
                let note = format!("holds when {}", condition_text(context, condition, side));
                explored.found.push((fault.clone(), Confidence::Assumed, vec![note]));
            }
            Across::Unclear(condition) => {
                let cause = condition.map(|condition| because(context, condition));
                let because = cause.unwrap_or_else(|| "there are too many combinations of conditions".to_owned());
                explored.doubts.push(Doubt { place: fault.place, because });
            }
        }
    }
    explored
}

impl Told<'_> {
    fn finding(
        &self,
        context: &Context,
        resource: &Resource,
        fault: Fault,
        confidence: Confidence,
        mut notes: Vec<String>,
    ) -> Finding {
        notes.extend(confidence.note().map(str::to_owned));
        let primary = fault.place.unwrap_or(resource.type_span);
        Finding {
            rule: self.policy.meta.id.as_str().into(),
            case: self.check.case,
            slug: self.policy.meta.slug.as_str().into(),
            severity: self.severity,
            confidence,
            message: fault.message,
            resource: self.resource.clone(),
            primary,
            primary_label: fault.label,
            labels: fault.origin.map_or_else(Vec::new, |origin| way(context, origin, primary)),
            notes,
            help: self.check.help.iter().cloned().collect(),
            remedy: None,
            fix: None,
            scenarios: Vec::new(),
            count: 1,
        }
    }
}

/// The way that a value took from its literal to its use.
fn way(context: &Context, origin: OriginId, primary: Span) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for step in Origin::way(context, origin) {
        let is_new = step.span != primary && !labels.iter().any(|label| label.span == step.span);
        if is_new && labels.len() < LABELS {
            labels.push(Label { span: step.span, text: step.kind.label().to_owned(), on_way: true });
        }
    }
    labels
}
