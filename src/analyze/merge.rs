//! What several evaluations found, as one: the same fault once, everything in a total order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Analysis, Request, Stats, Verdict, is_limit, kind_name, page_name, unread};
use crate::discover::{Came, File, Loaded, Part, Root, speaks_of_keys};
use crate::finding::{Diagnostic, Finding};
use crate::report::Seen;
use crate::rules::limit_reached;
use crate::text::{SourceId, Span};

/// Joins what the evaluations of a part gave with what was to be said of its files.
pub(super) fn merge(
    loaded: &Loaded,
    roots: &[Root],
    part: &Part,
    request: &Request,
    verdicts: Vec<Verdict>,
) -> Analysis {
    let mut analysis =
        Analysis { stats: Stats { evaluations: verdicts.len(), ..Stats::default() }, ..Analysis::default() };
    let judged: BTreeSet<usize> =
        verdicts.iter().filter(|verdict| matters(loaded, roots, verdict)).map(|verdict| verdict.root).collect();
    let mut used = used_files(loaded, roots);
    used.retain(|&index| {
        let file = loaded.files.get(index);
        file.is_some_and(|file| part.owns(loaded.sources.get(file.source).path()))
    });
    let sources = sources(loaded, &used, part);
    analysis.seen = Seen {
        kinds: kinds(sources.values().map(|kind| (*kind, 1))),
        image_versions: image_versions(&verdicts, roots.len()),
        ..Seen::default()
    };
    analysis.stats.files = sources.len();
    analysis.stats.bytes = sources.keys().map(|source| loaded.sources.get(*source).text().len()).sum();
    let mut findings = Merger::default();
    for finding in unread::findings(loaded, roots, &judged, &used, &request.checks) {
        findings.add(finding);
    }
    for verdict in verdicts {
        analysis.stats.resources += verdict.resources;
        analysis.undecided.extend(verdict.undecided);
        for finding in verdict.findings {
            findings.add(finding);
        }
        for note in verdict.notes {
            match limit_reached(note.span, &note.message, &request.checks) {
                Some(finding) if is_limit(&note) && judged.contains(&verdict.root) => findings.add(finding),
                _ => analysis.diagnostics.push(remark(loaded, note.span, note.message)),
            }
        }
    }
    analysis.findings = findings.sorted();
    analysis.undecided.sort();
    analysis.undecided.dedup();
    for &index in &used {
        let Some(file) = loaded.files.get(index) else { continue };
        let remarks = file.problems.iter().map(|(span, message)| remark(loaded, *span, message.clone()));
        analysis.diagnostics.extend(remarks);
    }
    analysis.diagnostics.extend(undeclared(loaded, roots, request));
    analysis
}

/// Whether a root deploys something of which it matters that it wasn't looked at whole: disks do where keys are spoken of.
fn matters(loaded: &Loaded, roots: &[Root], verdict: &Verdict) -> bool {
    let Some(root) = roots.get(verdict.root) else { return verdict.resources > 0 };
    let given = root.scenarios.iter().filter_map(|scenario| scenario.parameters);
    let texts = root.files().chain(given).filter_map(|index| loaded.files.get(index));
    let mut texts = texts.map(|file| loaded.sources.get(file.source).text());
    verdict.weighty || verdict.resources > 0 && texts.any(speaks_of_keys)
}

/// A remark on a place.
pub(super) fn remark(loaded: &Loaded, span: Span, message: String) -> Diagnostic {
    Diagnostic { span: Some(span), file: loaded.sources.get(span.source).name().to_owned(), message }
}

/// Files that had a part in the run: not those that merely lie beside a template that the user named, or hold its
/// name without using it.
fn used_files(loaded: &Loaded, roots: &[Root]) -> BTreeSet<usize> {
    let had_a_part = |file: &File| matches!(file.came, Came::Met | Came::AsParameters | Came::Named);
    let files = loaded.files.iter().enumerate();
    let mut pending: Vec<usize> = files.filter(|(_, file)| had_a_part(file)).map(|(index, _)| index).collect();
    pending.extend(roots.iter().flat_map(Root::files));
    pending.extend(loaded.deployed.keys());
    pending.extend(roots.iter().flat_map(|root| &root.scenarios).filter_map(|scenario| scenario.parameters));
    let mut leads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(from, to, _) in &loaded.references {
        leads.entry(from).or_default().push(to);
    }
    let mut used = BTreeSet::new();
    while let Some(index) = pending.pop() {
        if used.insert(index) {
            pending.extend(leads.get(&index).into_iter().flatten());
        }
    }
    used
}

/// The files that had a part in the run, a page with its templates once, and what each is called.
fn sources(loaded: &Loaded, used: &BTreeSet<usize>, part: &Part) -> BTreeMap<SourceId, &'static str> {
    let files = used
        .iter()
        .filter_map(|&index| loaded.files.get(index))
        .map(|file| (file.source, kind_name(file.what, file.kind)));
    let own = loaded.pages.iter().filter(|page| part.owns(loaded.sources.get(page.source).path()));
    files.chain(own.map(|page| (page.source, page_name(page.kind)))).collect()
}

/// How many there are of each kind.
pub(super) fn kinds(all: impl IntoIterator<Item = (&'static str, usize)>) -> Vec<(&'static str, usize)> {
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (kind, count) in all {
        *kinds.entry(kind).or_default() += count;
    }
    kinds.into_iter().collect()
}

/// How many image versions are deployed: for each root, as many as in the scenario that deploys most; of scripts, whose
/// indices follow those of the roots, those of all sequences.
fn image_versions(verdicts: &[Verdict], roots: usize) -> usize {
    let mut most: BTreeMap<usize, usize> = BTreeMap::new();
    for verdict in verdicts {
        let count = most.entry(verdict.root).or_default();
        let before = if verdict.root < roots { 0 } else { *count };
        *count = (before + verdict.image_versions).max(*count);
    }
    most.values().sum()
}

/// Parameters given one by one that no root knows: a misspelt name must not pass for a checked value.
fn undeclared(loaded: &Loaded, roots: &[Root], request: &Request) -> Vec<Diagnostic> {
    let declared = |name: &str| {
        roots
            .iter()
            .filter_map(|root| loaded.files.get(root.file))
            .flat_map(|file| &file.program.params)
            .any(|param| param.name.eq_ignore_ascii_case(name))
    };
    let unknown = request.values.iter().filter(|(name, _)| !declared(name));
    let mut remarks: Vec<Diagnostic> = unknown
        .map(|(name, _)| Diagnostic {
            span: None,
            file: format!("--param {name}"),
            message: "no template that is deployed declares this parameter".into(),
        })
        .collect();
    // By entry: its file and line, the parameter, and whether a template for which it holds declares it.
    let mut by_settings: BTreeMap<(&str, u32, &str), bool> = BTreeMap::new();
    for file in roots.iter().filter_map(|root| loaded.files.get(root.file)) {
        let path = loaded.sources.get(file.source).path();
        let Some(config) = request.configs.of(path) else { continue };
        for over in config.overrides_for(path) {
            for (name, _) in &over.parameters {
                let declares = file.program.params.iter().any(|param| param.name.eq_ignore_ascii_case(name));
                *by_settings.entry((&config.name, over.line, name)).or_default() |= declares;
            }
        }
    }
    remarks.extend(by_settings.into_iter().filter(|(_, declared)| !declared).map(|((file, line, name), _)| {
        Diagnostic {
            span: None,
            file: format!("{file}:{line}"),
            message: format!("no template for which this holds declares the parameter `{name}`"),
        }
    }));
    remarks
}

/// Findings, the same fault once.
#[derive(Default)]
pub(super) struct Merger {
    findings: Vec<Finding>,
    known: HashMap<(Span, String, &'static str), usize>,
}

impl Merger {
    /// Takes a finding in. Of several that are the same fault, the first words it; it is as bad as the worst and as
    /// firm as the firmest of them.
    pub(super) fn add(&mut self, finding: Finding) {
        let key = (finding.primary, finding.rule.to_string(), finding.case);
        let same = self.known.get(&key).and_then(|&index| self.findings.get_mut(index));
        let Some(same) = same else {
            self.known.insert(key, self.findings.len());
            self.findings.push(finding);
            return;
        };
        same.count = same.count.saturating_add(finding.count);
        same.severity = same.severity.max(finding.severity);
        same.confidence = same.confidence.min(finding.confidence);
        same.agree(&finding);
        for scenario in finding.scenarios {
            if !same.scenarios.contains(&scenario) {
                same.scenarios.push(scenario);
            }
        }
    }

    pub(super) fn sorted(mut self) -> Vec<Finding> {
        sort(&mut self.findings);
        self.findings
    }
}

/// Puts findings in the order of reports.
pub(super) fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (a.key(), &a.message, &a.resource).cmp(&(b.key(), &b.message, &b.resource)));
}
