//! Edits to texts.

use std::collections::BTreeSet;

use crate::finding::{Edit, Finding};
use crate::text::Span;

/// The findings whose fixes can be applied together, with their edits in order: of two that touch, the first. A fix
/// that isn't safe is chosen only if `risky` are. The same edit serves all findings that ask for it.
pub fn choose<'f>(
    findings: impl Iterator<Item = &'f Finding>,
    risky: bool,
    most: usize,
) -> (Vec<&'f Finding>, Vec<Edit>) {
    let mut chosen = Vec::new();
    let mut edits: BTreeSet<Edit> = BTreeSet::new();
    for finding in findings {
        let Some(fix) = finding.fix.as_ref().filter(|fix| fix.safe || risky) else { continue };
        if chosen.len() >= most || fix.edits.iter().any(|edit| collides(edit, &edits)) {
            continue;
        }
        chosen.push(finding);
        edits.extend(fix.edits.iter().cloned());
    }
    (chosen, edits.into_iter().collect())
}

/// Whether an edit touches another of some that don't touch each other, unless they are of one fix.
fn collides(edit: &Edit, edits: &BTreeSet<Edit>) -> bool {
    let behind = Edit { span: Span { start: edit.span.end + 1, end: 0, ..edit.span }, replacement: String::new() };
    // From the last that begins early enough: those before it end before it.
    let near = edits.range(..behind).rev().take_while(|other| touch(edit, other) || *other == edit);
    near.into_iter().any(|other| other != edit)
}

/// Whether two edits share a byte or meet at one.
fn touch(one: &Edit, other: &Edit) -> bool {
    let (one, other) = (one.span, other.span);
    one.source == other.source && one.start <= other.end && other.start <= one.end
}

/// A text with edits of it, which are in order and apart.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len() + 16 * edits.len());
    let mut at = 0;
    for edit in edits {
        out.push_str(text.get(at..edit.span.start as usize).unwrap_or_default());
        out.push_str(&edit.replacement);
        at = edit.span.end as usize;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
