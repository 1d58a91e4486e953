//! Workflow commands: GitHub shows each as an annotation beside its lines. It shows ten of a kind for each step, so
//! that the worst come first.

use std::cmp::Reverse;

use super::{Report, remarks, visible, visible_lines};
use crate::finding::{Finding, Severity};

/// One command for each finding.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings.into_iter().map(|finding| command(report, finding)).collect()
}

fn command(report: &Report<'_>, finding: &Finding) -> String {
    let source = report.sources.get(finding.primary.source);
    let (start, end) = (source.place(finding.primary.start), source.place(finding.primary.end));
    let name = match finding.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut place = format!("file={},line={},endLine={}", property(source.name()), start.line, end.line);
    if start.line == end.line {
        place.push_str(&format!(",col={},endColumn={}", start.column, end.column));
    }
    let title = property(&format!("{} {}", finding.rule, finding.slug));
    let text = std::iter::once(finding.message.clone()).chain(remarks(finding)).collect::<Vec<_>>().join("\n");
    format!("::{name} {place},title={title}::{}\n", data(&text))
}

/// The text of a command: it may have several lines.
fn data(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value among the properties of a command.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
