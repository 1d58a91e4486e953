//! The findings that the pipeline itself raises: what was not read whole, where a limit was reached, and what is wrong
//! with comments that put findings aside.

use super::CheckOptions;
use super::registry::find;
use crate::finding::{Confidence, Finding};
use crate::text::Span;

/// CMK001: a file or command that matters was not read whole. `what` is one sentence without full stop.
pub fn not_read_whole(span: Span, what: &str, options: &CheckOptions) -> Option<Finding> {
    let note = "what was not read was not checked, so that silence about it means nothing";
    plain("CMK001", span, what, note, options)
}

/// CMK005: a limit was reached. `what` is one sentence without full stop.
pub fn limit_reached(span: Span, what: &str, options: &CheckOptions) -> Option<Finding> {
    let note = "checks that needed more are undecided; the limits keep hostile input from stopping a run";
    plain("CMK005", span, what, note, options)
}

/// CMK002 to CMK004: what is wrong with a comment that puts findings aside, and what to do.
pub fn about_suppression(id: &str, span: Span, what: &str, help: &str, options: &CheckOptions) -> Option<Finding> {
    let mut finding = plain(id, span, what, "", options)?;
    finding.notes.clear();
    finding.help.push(help.to_owned());
    Some(finding)
}

fn plain(id: &str, span: Span, what: &str, note: &str, options: &CheckOptions) -> Option<Finding> {
    let rule = find(id).filter(|rule| options.wants(rule))?;
    let severity = rule.meta.case("")?.severity(options.profile)?;
    Some(Finding {
        rule: rule.id(),
        case: "",
        slug: rule.slug(),
        severity,
        confidence: Confidence::Certain,
        message: what.to_owned(),
        resource: String::new(),
        primary: span,
        primary_label: String::new(),
        labels: Vec::new(),
        notes: vec![note.to_owned()],
        help: Vec::new(),
        remedy: None,
        fix: None,
        scenarios: Vec::new(),
        count: 1,
    })
}
