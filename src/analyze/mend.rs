//! Fixes applied, and proven by looking again: what they are for is gone, nothing but advice came in its place, and
//! nothing is read less whole than before.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::{Analysis, Request, analyze};
use crate::discover::{NoSuchPath, Overlay, Reader, Workspace};
use crate::finding::{Edit, Finding, Severity};
use crate::fix::{applied, choose};
use crate::text::{SourceId, Sources};

/// How often is looked again, at most: one fix may make another possible, and one that doesn't hold is looked for by
/// halves.
const ROUNDS: usize = 64;

/// A file with its fixes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mended {
    /// What reports call it.
    pub name: String,
    /// Canonical.
    pub path: PathBuf,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// What fixes would make of the files of a run.
#[derive(Debug, Default)]
pub struct Mending {
    /// Files that change, in the order of their paths.
    pub files: Vec<Mended>,
    /// How many findings are fixed.
    pub fixed: usize,
    /// Fixes that were offered and didn't hold.
    pub withheld: usize,
    /// What is found afterwards.
    pub analysis: Analysis,
}

/// What makes a finding the same from one look to the next.
type Name = (PathBuf, String, &'static str, String);

/// Applies fixes until none is left, those that aren't safe only if `risky`. Nothing is written.
pub fn mend(reader: &dyn Reader, workspace: &Workspace, request: &Request, risky: bool) -> Result<Mending, NoSuchPath> {
    let mut overlay = Overlay::new(reader);
    let mut mending = Mending { analysis: analyze(&overlay, workspace.clone(), request)?, ..Mending::default() };
    let mut before: BTreeMap<PathBuf, (String, String)> = BTreeMap::new();
    let mut refused: HashSet<Name> = HashSet::new();
    let mut most = usize::MAX;
    for _ in 0..ROUNDS {
        let analysis = &mending.analysis;
        let open = analysis.findings.iter().filter(|finding| !refused.contains(&name(&analysis.sources, finding)));
        let (chosen, edits) = choose(open, risky, most);
        if chosen.is_empty() {
            break;
        }
        let touched: BTreeSet<SourceId> = edits.iter().map(|edit| edit.span.source).collect();
        let texts = touched.iter().map(|&source| {
            let of_source: Vec<Edit> = edits.iter().filter(|edit| edit.span.source == source).cloned().collect();
            let source = analysis.sources.get(source);
            (source.path().to_owned(), applied(source.text(), &of_source))
        });
        let next = overlay.with(texts);
        let looked = analyze(&next, workspace.clone(), request)?;
        if holds(analysis, &looked, &chosen, &edits) {
            for source in touched.iter().map(|&source| analysis.sources.get(source)) {
                let as_it_is = || (source.name().to_owned(), source.text().to_owned());
                before.entry(source.path().to_owned()).or_insert_with(as_it_is);
            }
            mending.fixed += chosen.len();
            (mending.analysis, overlay, most) = (looked, next, usize::MAX);
        } else if let [only] = chosen.as_slice() {
            refused.insert(name(&analysis.sources, only));
            most = usize::MAX;
        } else {
            most = chosen.len() / 2;
        }
    }
    mending.withheld = refused.len();
    let mut texts = overlay.into_texts();
    mending.files = before
        .into_iter()
        .filter_map(|(path, (name, before))| {
            let after = texts.remove(&path)?;
            Some(Mended { name, path, before, after })
        })
        .collect();
    Ok(mending)
}

fn name(sources: &Sources, finding: &Finding) -> Name {
    let path = sources.get(finding.primary.source).path().to_owned();
    (path, finding.rule.to_string(), finding.case, finding.message.clone())
}

/// Whether fixes did what they should.
fn holds(before: &Analysis, after: &Analysis, chosen: &[&Finding], edits: &[Edit]) -> bool {
    let unread = |analysis: &Analysis| {
        let not_whole = analysis.findings.iter().filter(|finding| matches!(&*finding.rule, "CMK001" | "CMK005"));
        analysis.diagnostics.len() + not_whole.count()
    };
    let is_gone = |finding: &&Finding| {
        let path = before.sources.get(finding.primary.source).path();
        let start = moved(finding.primary.source, finding.primary.start, edits);
        !after.findings.iter().any(|other| {
            other.rule == finding.rule
                && other.case == finding.case
                && other.primary.start == start
                && after.sources.get(other.primary.source).path() == path
        })
    };
    let (found, left) = (counts(before), counts(after));
    unread(after) <= unread(before)
        && left.iter().all(|(fault, count)| found.get(fault).is_some_and(|before| count <= before))
        && after.seen.image_versions >= before.seen.image_versions
        && chosen.iter().all(is_gone)
}

/// How often each fault is found in each file, advice left out.
fn counts(analysis: &Analysis) -> HashMap<(&Path, &str, &str), usize> {
    let mut counts = HashMap::new();
    for finding in analysis.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        let path = analysis.sources.get(finding.primary.source).path();
        *counts.entry((path, &*finding.rule, finding.case)).or_default() += 1;
    }
    counts
}

/// Where a byte is after edits in front of it.
fn moved(source: SourceId, at: u32, edits: &[Edit]) -> u32 {
    let in_front = edits.iter().filter(|edit| edit.span.source == source && edit.span.end <= at);
    in_front.fold(at, |at, edit| (at + edit.replacement.len() as u32).saturating_sub(edit.span.len()))
}
