//! All rules on all resources of one evaluation.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::explore::{Explored, WORLDS, explore};
use super::input::limit_reached;
use super::registry::{Registered, all};
use super::steps::Step;
use super::words::Draft;
use crate::azure::{Before, Estate};
use crate::eval::{Evaluation, Resource};
use crate::finding::{Confidence, Finding, Profile, RuleMeta, Severity, Undecided};
use crate::text::Span;
use crate::value::Context;

/// How many findings a run tells; nobody reads more.
pub const MOST_FINDINGS: usize = 10_000;

/// What to check, and by whose wording.
#[derive(Clone, Debug, Default)]
pub struct CheckOptions {
    /// Whose wording severities follow.
    pub profile: Profile,
    /// Ids or slugs of the only rules to run; empty for all.
    pub select: Vec<String>,
    /// Ids or slugs of rules to run beside those: the ones that run only where they are asked for.
    pub extend_select: Vec<String>,
    /// Ids or slugs of rules not to run.
    pub ignore: Vec<String>,
    /// What day it is. Without it nothing is said about dates.
    pub today: Option<Date>,
}

impl CheckOptions {
    /// Whether a rule is to run.
    pub fn wants(&self, rule: &Registered) -> bool {
        self.wants_rule(&rule.meta)
    }

    /// Whether a rule may be to run, as far as can be told without reading its `rule.json`: a run has something to say of
    /// few rules, and reading them all takes longer than the rest of a short run.
    fn may_want(&self, rule: &Registered) -> bool {
        self.select.is_empty() && self.ignore.is_empty() || self.wants(rule)
    }

    /// Whether a rule that may not be one of ours is to run.
    pub fn wants_rule(&self, rule: &RuleMeta) -> bool {
        let names = |list: &[String]| {
            list.iter().any(|name| name.eq_ignore_ascii_case(&rule.id) || name.eq_ignore_ascii_case(&rule.slug))
        };
        let by_default = self.select.is_empty() && !rule.opt_in;
        (by_default || names(&self.select) || names(&self.extend_select)) && !names(&self.ignore)
    }
}

/// What the checks of one evaluation gave.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings, sorted by place and rule; one for each fault.
    pub findings: Vec<Finding>,
    /// Checks that could not decide, sorted and without repeats.
    pub undecided: Vec<Undecided>,
}

/// Runs the rules on what an evaluation gave.
pub fn check(evaluation: &mut Evaluation, options: &CheckOptions) -> Outcome {
    check_since(evaluation, Before::default(), options)
}

/// Runs the rules on what an evaluation gave, those included that compare it with what was there before.
pub fn check_since(evaluation: &mut Evaluation, before: Before<'_>, options: &CheckOptions) -> Outcome {
    let Evaluation { context, resources, requests, scenario, .. } = evaluation;
    let mut estate = Estate::new(context, resources);
    estate.before = before;
    let rules: Vec<&Registered> = all().iter().filter(|rule| options.may_want(rule)).collect();
    let mut gathered = Gathered::new(options, scenario.as_deref());
    for (index, resource) in estate.resources.iter().enumerate() {
        let Some(kind) = estate.kind(index) else { continue };
        if resource.existing {
            continue;
        }
        if gathered.full.is_some() {
            break;
        }
        for registered in &rules {
            let Some(rule) = registered.rule else { continue };
            if rule.kinds().contains(&kind) {
                let explored = explore(resource, &estate, context, |check| {
                    check.today = options.today;
                    rule.resource(kind, resource, check);
                });
                gathered.take(registered, resource, context, explored);
            }
        }
    }
    for at in 0..requests.len() {
        let step = Step { all: requests, at };
        let resource = &step.request().resource;
        for registered in &rules {
            let Some(rule) = registered.rule else { continue };
            let explored = explore(resource, &estate, context, |check| rule.step(step, check));
            gathered.take(registered, resource, context, explored);
        }
    }
    let Gathered { mut outcome, limited, full, .. } = gathered;
    if let Some(span) = limited {
        let message = format!("only the first {WORLDS} combinations of open conditions were looked at");
        outcome.findings.extend(limit_reached(span, &message, options));
    }
    if let Some(span) = full {
        let message = format!("there are more than {MOST_FINDINGS} findings: from here on nothing was judged");
        outcome.findings.extend(limit_reached(span, &message, options));
    }
    outcome.findings.sort_by(|one, other| one.key().cmp(&other.key()));
    outcome.undecided.sort();
    outcome.undecided.dedup();
    outcome
}

/// What rules say, as it is gathered.
struct Gathered<'a> {
    options: &'a CheckOptions,
    scenario: Option<&'a str>,
    outcome: Outcome,
    /// Findings by what makes them the same fault.
    places: HashMap<(Span, Arc<str>, &'static str), usize>,
    /// Where there were more worlds than are visited.
    limited: Option<Span>,
    /// Where there were more findings than are told.
    full: Option<Span>,
}

impl<'a> Gathered<'a> {
    fn new(options: &'a CheckOptions, scenario: Option<&'a str>) -> Self {
        let (outcome, places) = (Outcome::default(), HashMap::new());
        Self { options, scenario, outcome, places, limited: None, full: None }
    }

    fn take(&mut self, rule: &Registered, resource: &Resource, context: &Context, explored: Explored) {
        let is_for_format = || rule.meta.cases.iter().any(|case| case.formats.contains(&resource.format));
        if explored.is_nothing() || !self.options.wants(rule) || !is_for_format() {
            return;
        }
        if explored.limited {
            self.limited.get_or_insert(resource.type_span);
        }
        self.outcome.undecided.extend(explored.doubts.into_iter().map(|doubt| Undecided {
            span: doubt.span,
            rule: rule.id(),
            because: doubt.because,
        }));
        for (draft, confidence) in explored.found {
            let Some(severity) = severity(rule, &draft, resource, self.options.profile) else { continue };
            let mut finding = finding(rule, draft, confidence, severity, resource.shown(context));
            finding.scenarios.extend(self.scenario.map(str::to_owned));
            self.add(finding);
        }
    }

    /// Findings of one fault at one place are one, with a count.
    fn add(&mut self, finding: Finding) {
        let key = (finding.primary, Arc::clone(&finding.rule), finding.case);
        let same = self.places.get(&key).and_then(|&at| self.outcome.findings.get_mut(at));
        if let Some(first) = same {
            first.count += finding.count;
            first.severity = first.severity.max(finding.severity);
            first.confidence = first.confidence.min(finding.confidence);
            first.agree(&finding);
        } else if self.outcome.findings.len() < MOST_FINDINGS {
            self.places.insert(key, self.outcome.findings.len());
            self.outcome.findings.push(finding);
        } else {
            self.full.get_or_insert(finding.primary);
        }
    }
}

/// The severity of a draft's case; `None` where the case is silent.
fn severity(rule: &Registered, draft: &Draft, resource: &Resource, profile: Profile) -> Option<Severity> {
    let case = rule.meta.case(draft.case)?;
    if case.formats.contains(&resource.format) { case.severity(profile) } else { None }
}

fn finding(rule: &Registered, draft: Draft, confidence: Confidence, severity: Severity, resource: String) -> Finding {
    let mut notes = draft.notes;
    notes.extend(confidence.note().map(str::to_owned));
    Finding {
        rule: rule.id(),
        case: draft.case,
        slug: rule.slug(),
        severity,
        confidence,
        message: draft.message,
        resource,
        primary: draft.primary,
        primary_label: draft.primary_label,
        labels: draft.labels,
        notes,
        help: draft.help,
        remedy: draft.remedy,
        fix: None,
        scenarios: Vec::new(),
        count: 1,
    }
}
