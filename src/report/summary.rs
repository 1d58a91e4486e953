//! The end of a report for people: what was found, grouped by rule, and what was looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::{Report, Style, counted, human, visible};
use crate::finding::{Confidence, Finding};
use crate::text::SourceId;

/// How many files that could not be read are named.
const NAMED: usize = 10;

/// Writes the remarks on files that were passed over, and the summary.
pub(super) fn write(report: &Report<'_>, style: Style, out: &mut String) {
    passed_over(report, out);
    if report.findings.is_empty() {
        nothing_found(report, out);
    } else {
        found(report, out);
    }
    let open = open_ends(report, style);
    if !open.is_empty() {
        out.push_str(&open.join(" · "));
        out.push('\n');
    }
}

fn passed_over(report: &Report<'_>, out: &mut String) {
    let whole: Vec<_> = report.diagnostics.iter().filter(|diagnostic| diagnostic.span.is_none()).collect();
    for diagnostic in whole.iter().take(NAMED) {
        out.push_str(&format!("remark: {}: {}\n", visible(&diagnostic.file), visible(&diagnostic.message)));
    }
    if whole.len() > NAMED {
        out.push_str(&format!("remark: {} more not read, see `--format json`\n", counted(whole.len() - NAMED, "file")));
    }
    if !whole.is_empty() {
        out.push('\n');
    }
}

fn nothing_found(report: &Report<'_>, out: &mut String) {
    let looked_at = looked_at(report);
    out.push_str(&match (report.seen.files(), report.seen.image_versions) {
        (0, _) => "nothing to judge: no template was met\n".to_owned(),
        (_, 0) => format!("no finding, but no image version was met in {looked_at}\n"),
        (_, versions) => format!("no finding in {} in {looked_at}\n", counted(versions, "image version")),
    });
}

fn found(report: &Report<'_>, out: &mut String) {
    let files: BTreeSet<SourceId> = report.findings.iter().map(|finding| finding.primary.source).collect();
    let seen = report.seen;
    let versions = counted(seen.image_versions, "image version");
    let kinds: Vec<String> = seen.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let brackets = if kinds.is_empty() { versions } else { format!("{}; {versions}", kinds.join(", ")) };
    out.push_str(&format!(
        "{} in {} of {} ({brackets})\n",
        counted(report.findings.len(), "finding"),
        files.len(),
        counted(seen.files().max(files.len()), "file"),
    ));
    let mut by_rule: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    let width = report.findings.iter().map(|finding| finding.slug.len()).max().unwrap_or_default();
    for (rule, findings) in by_rule {
        out.push_str(&line_of_rule(report, rule, &findings, width));
    }
    if seen.image_versions == 0 {
        out.push_str("no image version was met\n");
    }
}

fn line_of_rule(report: &Report<'_>, rule: &str, findings: &[&Finding], width: usize) -> String {
    let slug = findings.first().map_or("", |finding| &*finding.slug);
    let files: BTreeSet<SourceId> = findings.iter().map(|finding| finding.primary.source).collect();
    let mut names = files.iter().map(|&id| visible(report.sources.get(id).name()));
    let mut place = names.next().unwrap_or_default().into_owned();
    if files.len() > 1 {
        place.push_str(&format!(" and {} more", files.len() - 1));
    }
    let firmest = findings.iter().map(|finding| finding.confidence).min().unwrap_or(Confidence::Certain);
    format!("  {rule} {slug:width$} {:>3}   {place}{}\n", findings.len(), human::confidence_remark(firmest))
}

/// `14 files (9 Bicep, 5 ARM)`.
fn looked_at(report: &Report<'_>) -> String {
    let kinds: Vec<String> = report.seen.kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    format!("{} ({})", counted(report.seen.files(), "file"), kinds.join(", "))
}

fn open_ends(report: &Report<'_>, style: Style) -> Vec<String> {
    let mut parts = Vec::new();
    let hint = if style.undecided { "" } else { ", see `--undecided`" };
    if report.seen.suppressed > 0 {
        parts.push(format!("{} suppressed", report.seen.suppressed));
    }
    if report.seen.baselined > 0 {
        parts.push(format!("{} in the baseline", report.seen.baselined));
    }
    if report.seen.known_before > 0 {
        parts.push(format!("{} there before", report.seen.known_before));
    }
    if !report.undecided.is_empty() {
        parts.push(format!("{} undecided{hint}", counted(report.undecided.len(), "check")));
    }
    let fixes = |safe: bool| {
        report.findings.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| fix.safe == safe).count()
    };
    match (fixes(true), fixes(false)) {
        (0, 0) => {}
        (safe, 0) => parts.push(format!("{} offered, see `--fix`", counted_fixes(safe))),
        (0, risky) => parts.push(format!("{} offered, see `--fix --unsafe-fixes`", counted_fixes(risky))),
        (safe, risky) => {
            parts.push(format!("{} offered, see `--fix` ({risky} more with `--unsafe-fixes`)", counted_fixes(safe)));
        }
    }
    let remarks = report.diagnostics.iter().filter(|diagnostic| diagnostic.span.is_some()).count();
    if remarks > 0 {
        parts.push(format!("{} on the files{hint}", counted(remarks, "remark")));
    }
    parts
}

fn counted_fixes(count: usize) -> String {
    if count == 1 { "1 fix".to_owned() } else { format!("{count} fixes") }
}
