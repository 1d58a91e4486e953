//! Results of tests as XML, after `JUnit`: a suite for each file with findings, a failed test for each finding.

use std::collections::BTreeMap;

use super::{Report, remarks, visible, visible_lines};
use crate::finding::Finding;
use crate::text::SourceId;

/// The whole document. Without a finding it holds one test, which passed: no test at all passes for a fault in what
/// reads it.
pub(super) fn render(report: &Report<'_>) -> String {
    let mut by_file: BTreeMap<SourceId, Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings {
        by_file.entry(finding.primary.source).or_default().push(finding);
    }
    let count = report.findings.len();
    let tests = count.max(1);
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"cmklint\" tests=\"{tests}\" failures=\"{count}\" errors=\"0\">\n"
    );
    for (source, findings) in by_file {
        out.push_str(&suite(report, source, &findings));
    }
    if count == 0 {
        out.push_str("  <testsuite name=\"cmklint\" tests=\"1\" failures=\"0\" errors=\"0\">\n");
        out.push_str("    <testcase name=\"no finding\" classname=\"cmklint\"/>\n  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(report: &Report<'_>, source: SourceId, findings: &[&Finding]) -> String {
    let source = report.sources.get(source);
    let (name, count) = (attribute(source.name()), findings.len());
    let mut out = format!("  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{count}\" errors=\"0\">\n");
    for finding in findings {
        let place = source.place(finding.primary.start);
        let case = format!("{} {} at {}:{}", finding.rule, finding.slug, place.line, place.column);
        // Indented, so that no line of a text from a file can pass for a command to what shows the log.
        let text: String = remarks(finding).map(|remark| format!("\n{remark}").replace('\n', "\n  ")).collect();
        out.push_str(&format!(
            "    <testcase name=\"{}\" classname=\"{name}\">\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n",
            attribute(&case),
            finding.severity.as_str(),
            attribute(&finding.message),
            escape(&visible_lines(&format!("{}:{}:{}{text}", source.name(), place.line, place.column))),
        ));
    }
    out.push_str("  </testsuite>\n");
    out
}

fn attribute(text: &str) -> String {
    escape(&visible(text))
}

/// What XML would take for markup. What it doesn't allow at all is spelt out already.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.extend(char.escape_unicode()),
            char => out.push(char),
        }
    }
    out
}
