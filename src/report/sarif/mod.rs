//! SARIF 2.1.0, for code scanning and editors.
//!
//! Labels become related locations, the way that a value took a code flow, a rule's page its help. Columns are counted
//! in UTF-16 code units, as the standard's default has it. What isn't there is left out on purpose: messages have their
//! text in place, which code scanning asks for; the address of the repository is known only to builds that are told it;
//! which revision was looked at is known to whoever sends the log.

mod place;
mod rule;

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::{Report, remarks, visible, visible_lines};
use crate::finding::{Confidence, Diagnostic, Edit, Finding, Fix, fingerprints};
use crate::text::{Sources, visible_json};
use place::{REDACTED, artifact, is_redacted, location, location_with_snippets, region};
use rule::descriptor;

/// The name of the folder that paths are relative to, as code scanning knows it.
const ROOT: &str = "%SRCROOT%";

/// The address of the repository that this was built from, where the build was told: `https://github.com/OWNER/NAME`.
const HOME: Option<&str> = option_env!("CMKLINT_HOME");

/// The whole log: one run.
pub(super) fn render(report: &Report<'_>) -> String {
    render_at(report, HOME)
}

/// The same for a repository at an address.
pub(super) fn render_at(report: &Report<'_>, home: Option<&str>) -> String {
    // What was put aside is told as such, so that whoever reads the log can tell it from what is gone.
    let all: Vec<Finding> = [report.findings, report.suppressed, report.excused].concat();
    let ids: Vec<&str> = all.iter().map(|finding| &*finding.rule).collect::<BTreeSet<_>>().into_iter().collect();
    let names = fingerprints(report.sources, &all);
    let notifications: Vec<Json> =
        report.diagnostics.iter().map(|diagnostic| notification(report.sources, diagnostic)).collect();
    let mut driver = json!({
        "name": "cmklint",
        "fullName": concat!("cmklint ", env!("CARGO_PKG_VERSION")),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "version": env!("CARGO_PKG_VERSION"),
        "shortDescription": { "text": concat!(env!("CARGO_PKG_DESCRIPTION"), ".") },
        "rules": ids.iter().map(|id| descriptor(id, &all, home)).collect::<Vec<_>>(),
    });
    if let (Some(home), Some(driver)) = (home, driver.as_object_mut()) {
        driver.insert("informationUri".into(), home.into());
    }
    let is_redacted = all.iter().any(|finding| is_redacted(report, finding.primary));
    let run = Run {
        tool: json!({ "driver": driver }),
        column_kind: "utf16CodeUnits",
        original_uri_base_ids: json!({ ROOT: { "description": { "text": "The directory in which cmklint ran." } } }),
        invocations: json!([{ "executionSuccessful": true, "toolExecutionNotifications": notifications }]),
        results: Results { report, all: &all, ids: &ids, names: &names },
        properties: json!({
            "files": report.seen.files(),
            "imageVersions": report.seen.image_versions,
            "undecided": report.undecided.len(),
            "suppressed": report.seen.suppressed,
        }),
        redaction_tokens: is_redacted.then_some([REDACTED]),
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    // Serialising plain data to memory can't fail.
    visible_json(&serde_json::to_string_pretty(&log).unwrap_or_default()) + "\n"
}

#[derive(Serialize)]
struct Log<'r> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'r>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r> {
    tool: Json,
    column_kind: &'static str,
    original_uri_base_ids: Json,
    invocations: Json,
    results: Results<'r>,
    properties: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    redaction_tokens: Option<[&'static str; 1]>,
}

/// Findings, each made when it is written: together they are many times as large as their text.
struct Results<'r> {
    report: &'r Report<'r>,
    /// Those that are shown, then those that comments put aside, then those that settings do.
    all: &'r [Finding],
    ids: &'r [&'r str],
    /// The fingerprints of all.
    names: &'r [String],
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (shown, in_source) = (self.report.findings.len(), self.report.suppressed.len());
        serializer.collect_seq(self.all.iter().zip(self.names).enumerate().map(|(at, (finding, name))| {
            let mut result = result(self.report, finding, self.ids, name);
            if let (true, Some(members)) = (at >= shown, result.as_object_mut()) {
                let kind = if at < shown + in_source { "inSource" } else { "external" };
                members.insert("suppressions".into(), json!([{ "kind": kind, "status": "accepted" }]));
            }
            result
        }))
    }
}

fn result(report: &Report<'_>, finding: &Finding, ids: &[&str], fingerprint: &str) -> Json {
    let sources = report.sources;
    let mut text = sentence(&visible(&finding.message));
    for remark in remarks(finding) {
        text.push('\n');
        text.push_str(&sentence(&visible_lines(&remark)));
    }
    let mut primary = location_with_snippets(report, finding.primary, &finding.primary_label);
    if let Some(members) = primary.as_object_mut() {
        members.insert(
            "logicalLocations".into(),
            json!([{ "fullyQualifiedName": visible(&finding.resource), "kind": "resource" }]),
        );
    }
    let mut out = json!({
        "ruleId": &*finding.rule,
        "ruleIndex": ids.iter().position(|id| *id == &*finding.rule),
        "level": finding.severity.as_str(),
        "message": { "text": text },
        "locations": [primary],
        "partialFingerprints": { "cmklint/v1": fingerprint },
        "properties": {
            "case": finding.case,
            "confidence": finding.confidence.as_str(),
            "scenarios": finding.scenarios,
            "count": finding.count,
        },
        "rank": match finding.confidence {
            Confidence::Certain => 100.0,
            Confidence::ByDefault => 75.0,
            Confidence::Assumed => 50.0,
        },
    });
    let related: Vec<Json> = (1..)
        .zip(&finding.labels)
        .map(|(id, label)| {
            let mut place = location(sources, label.span, &label.text);
            if let Some(members) = place.as_object_mut() {
                members.insert("id".into(), json!(id));
            }
            place
        })
        .collect();
    if let Some(members) = out.as_object_mut() {
        if !related.is_empty() {
            members.insert("relatedLocations".into(), related.into());
        }
        if let Some(flow) = code_flow(sources, finding) {
            members.insert("codeFlows".into(), json!([flow]));
        }
        if let Some(fix) = &finding.fix {
            members.insert("fixes".into(), json!([self::fix(sources, fix, finding)]));
        }
    }
    out
}

/// The way from the literal to where its value is used.
fn code_flow(sources: &Sources, finding: &Finding) -> Option<Json> {
    let mut steps = vec![json!({ "location": location(sources, finding.primary, &finding.primary_label) })];
    let way = finding.labels.iter().filter(|label| label.on_way);
    steps.extend(way.map(|label| json!({ "location": location(sources, label.span, &label.text) })));
    (steps.len() > 1).then(|| json!({ "threadFlows": [{ "locations": steps }] }))
}

fn fix(sources: &Sources, fix: &Fix, finding: &Finding) -> Json {
    let touched: BTreeSet<_> = fix.edits.iter().map(|edit| edit.span.source).collect();
    let changes: Vec<Json> = touched
        .into_iter()
        .map(|source| {
            let of_file = fix.edits.iter().filter(|edit| edit.span.source == source);
            let replacements: Vec<Json> = of_file.map(|edit| replacement(sources, edit)).collect();
            json!({ "artifactLocation": artifact(sources.get(source).name()), "replacements": replacements })
        })
        .collect();
    let how = if fix.safe { "Replace what is at fault" } else { "Replace what is at fault (look at the result)" };
    json!({ "description": { "text": format!("{how}: {}", finding.slug) }, "artifactChanges": changes })
}

fn replacement(sources: &Sources, edit: &Edit) -> Json {
    json!({ "deletedRegion": region(sources.get(edit.span.source), edit.span), "insertedContent": { "text": edit.replacement } })
}

fn notification(sources: &Sources, diagnostic: &Diagnostic) -> Json {
    let text = format!("{}: {}", visible(&diagnostic.file), sentence(&visible_lines(&diagnostic.message)));
    let mut out = Map::new();
    out.insert("level".into(), json!("note"));
    out.insert("message".into(), json!({ "text": text }));
    if let Some(span) = diagnostic.span {
        out.insert("locations".into(), json!([location(sources, span, "")]));
    }
    Json::Object(out)
}

/// With an upper-case letter in front and a full stop behind, unless it ends in what needs none.
fn sentence(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    let mut chars = text.chars();
    out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
    out.push_str(chars.as_str());
    if out.ends_with(|char: char| char.is_alphanumeric() || matches!(char, '`' | ')' | '"')) {
        out.push('.');
    }
    out
}
