//! GitLab's code quality report, which merge requests show.

use serde_json::{Value as Json, json};

use super::{Report, visible};
use crate::finding::{Severity, fingerprints};
use crate::text::visible_json;

/// A list of findings.
pub(super) fn render(report: &Report<'_>) -> String {
    let names = fingerprints(report.sources, report.findings);
    let all: Vec<Json> = report
        .findings
        .iter()
        .zip(names)
        .map(|(finding, fingerprint)| {
            let source = report.sources.get(finding.primary.source);
            let (start, end) = (source.place(finding.primary.start), source.place(finding.primary.end));
            json!({
                "description": format!("{}: {}", finding.rule, visible(&finding.message)),
                "check_name": &*finding.rule,
                "fingerprint": fingerprint,
                "severity": severity(finding.severity),
                "location": { "path": source.name(), "lines": { "begin": start.line, "end": end.line } },
            })
        })
        .collect();
    // Serialising plain data to memory can't fail.
    visible_json(&serde_json::to_string_pretty(&all).unwrap_or_default()) + "\n"
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "info",
        Severity::Warning => "major",
        Severity::Error => "critical",
    }
}
