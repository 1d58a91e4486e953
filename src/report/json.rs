//! The report as JSON: a contract, described by `docs/schema/findings.schema.json`. Members are only ever added
//! within one `version`.

use serde::Serialize;

use super::{Report, Style};
use crate::finding::{Confidence, Finding, Severity, fingerprints};
use crate::text::{Place, Position, visible_json};

/// Lines of the report end here, so that it may be appended to a file.
pub(super) fn render(report: &Report<'_>, style: Style) -> String {
    let document = Document::new(report, style);
    // Serialising plain data to memory can't fail.
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    let mut out = visible_json(&text);
    out.push('\n');
    out
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    findings: Vec<FindingOut<'a>>,
    undecided: Vec<UndecidedOut<'a>>,
    diagnostics: Vec<DiagnosticOut<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    case: &'a str,
    slug: &'a str,
    severity: Severity,
    confidence: Confidence,
    message: &'a str,
    resource: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    labels: Vec<LabelOut<'a>>,
    notes: &'a [String],
    help: &'a [String],
    fix: Option<FixOut<'a>>,
    scenarios: &'a [String],
    fingerprint: String,
    docs: String,
}

#[derive(Serialize)]
struct LabelOut<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct FixOut<'a> {
    safe: bool,
    edits: Vec<EditOut<'a>>,
}

#[derive(Serialize)]
struct EditOut<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    replacement: &'a str,
}

#[derive(Serialize)]
struct UndecidedOut<'a> {
    rule: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    because: &'a str,
}

#[derive(Serialize)]
struct DiagnosticOut<'a> {
    file: &'a str,
    start: Option<Position>,
    end: Option<Position>,
    message: &'a str,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    image_versions: usize,
    findings: usize,
    undecided: usize,
    suppressed: usize,
    baselined: usize,
    known_before: usize,
}

impl<'a> Document<'a> {
    fn new(report: &'a Report<'a>, style: Style) -> Self {
        let names = fingerprints(report.sources, report.findings);
        let findings = report.findings.iter().zip(names).map(|(finding, name)| FindingOut::new(report, finding, name));
        let undecided = if style.undecided { report.undecided } else { &[] };
        Self {
            version: 1,
            findings: findings.collect(),
            undecided: undecided
                .iter()
                .map(|undecided| UndecidedOut {
                    rule: &undecided.rule,
                    place: Place::of(report.sources, undecided.span),
                    because: &undecided.because,
                })
                .collect(),
            diagnostics: report
                .diagnostics
                .iter()
                .map(|diagnostic| {
                    let place = diagnostic.span.map(|span| Place::of(report.sources, span));
                    let (start, end) = place.map_or((None, None), |place| (Some(place.start), Some(place.end)));
                    DiagnosticOut { file: &diagnostic.file, start, end, message: &diagnostic.message }
                })
                .collect(),
            summary: Summary {
                files: report.seen.files(),
                image_versions: report.seen.image_versions,
                findings: report.findings.len(),
                undecided: report.undecided.len(),
                suppressed: report.seen.suppressed,
                baselined: report.seen.baselined,
                known_before: report.seen.known_before,
            },
        }
    }
}

impl<'a> FindingOut<'a> {
    fn new(report: &'a Report<'a>, finding: &'a Finding, fingerprint: String) -> Self {
        let sources = report.sources;
        let labels =
            finding.labels.iter().map(|label| LabelOut { place: Place::of(sources, label.span), text: &label.text });
        let fix = finding.fix.as_ref().map(|fix| FixOut {
            safe: fix.safe,
            edits: fix
                .edits
                .iter()
                .map(|edit| EditOut { place: Place::of(sources, edit.span), replacement: &edit.replacement })
                .collect(),
        });
        Self {
            rule: &finding.rule,
            case: finding.case,
            slug: &finding.slug,
            severity: finding.severity,
            confidence: finding.confidence,
            message: &finding.message,
            resource: &finding.resource,
            place: Place::of(sources, finding.primary),
            labels: labels.collect(),
            notes: &finding.notes,
            help: &finding.help,
            fix,
            scenarios: &finding.scenarios,
            fingerprint,
            docs: format!("cmklint explain {}", finding.rule),
        }
    }
}
