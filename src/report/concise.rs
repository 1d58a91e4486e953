//! One line for each finding, to be searched and counted.

use super::{Report, Style, summary, visible};
use crate::text::Span;

/// One line for each finding, then the summary.
pub(super) fn render(report: &Report<'_>, style: Style) -> String {
    let mut out = String::new();
    for finding in report.findings {
        out.push_str(&format!(
            "{}: {}[{}]: {}\n",
            place(report, finding.primary),
            finding.severity.as_str(),
            finding.rule,
            visible(&finding.message)
        ));
    }
    if !out.is_empty() && !style.quiet {
        out.push('\n');
    }
    if style.undecided {
        out.push_str(&undecided(report));
    }
    if !style.quiet {
        summary::write(report, style, &mut out);
    }
    out
}

/// One line for each check that could not decide and for each remark on a place, and an empty line if there was any.
pub(super) fn undecided(report: &Report<'_>) -> String {
    let mut out = String::new();
    for undecided in report.undecided {
        out.push_str(&format!(
            "{}: undecided[{}]: {}\n",
            place(report, undecided.span),
            undecided.rule,
            visible(&undecided.because)
        ));
    }
    for diagnostic in report.diagnostics {
        if let Some(span) = diagnostic.span {
            out.push_str(&format!("{}: remark: {}\n", place(report, span), visible(&diagnostic.message)));
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// `file:line:column`.
pub(super) fn place(report: &Report<'_>, span: Span) -> String {
    let source = report.sources.get(span.source);
    let place = source.place(span.start);
    format!("{}:{}:{}", visible(source.name()), place.line, place.column)
}
