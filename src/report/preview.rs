//! What a fix would make of the lines that it changes, where they are few and short.

use super::{Report, visible};
use crate::finding::{Finding, Fix};
use crate::text::Span;

/// Longer lines are left to `--diff`.
const WIDTH: usize = 160;
/// So are lines of more bytes together: a minified template is one line, and it is copied for no finding.
const ROOM: u32 = 4096;
/// More lines are left to `--diff`.
const LINES: usize = 3;

/// The lines before and after, with the option that changes them.
pub(super) fn of(report: &Report<'_>, finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let option = if fix.safe { "--fix" } else { "--fix --unsafe-fixes" };
    let changed = changed(report, fix).map_or_else(|| String::from(", see `--diff`"), |lines| format!(":{lines}"));
    Some(format!("help: `{option}` does it{changed}"))
}

fn changed(report: &Report<'_>, fix: &Fix) -> Option<String> {
    let (first, last) = (fix.edits.first()?, fix.edits.last()?);
    let source = report.sources.get(first.span.source);
    let (text, index) = (source.text(), source.lines());
    let (from, to) = (index.line_of(first.span.start), index.line_of(last.span.end));
    let start = index.start_of(from)?;
    let end = index.start_of(to + 1).unwrap_or(text.len() as u32);
    let shown = Span { start, end, ..first.span };
    if to - from >= LINES || shown.len() > ROOM || report.secrets.iter().any(|secret| touches(shown, *secret)) {
        return None;
    }
    let before = text.get(start as usize..end as usize)?;
    let mut after = String::new();
    let mut at = start as usize;
    for edit in &fix.edits {
        after.push_str(text.get(at..edit.span.start as usize)?);
        after.push_str(&edit.replacement);
        at = edit.span.end as usize;
    }
    after.push_str(text.get(at..end as usize)?);
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    let (before, after) = (lines(before), lines(&after));
    let indent = before.iter().map(|line| line.len() - line.trim_start().len()).min()?;
    let mut out = String::new();
    let marked = before.iter().map(|line| ("-", line)).chain(after.iter().map(|line| ("+", line)));
    for (mark, line) in marked {
        let line = line.get(indent..).unwrap_or_default();
        if line.chars().count() > WIDTH {
            return None;
        }
        out.push_str(&format!("\n{mark} {}", visible(line)));
    }
    Some(out)
}

fn touches(one: Span, other: Span) -> bool {
    one.source == other.source && one.start < other.end && other.start < one.end
}
