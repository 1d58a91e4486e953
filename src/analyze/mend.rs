//! Fixes applied, and proven by looking again: what they are for is gone, nothing but advice came in its place, and
//! nothing is read less whole than before.

use std::collections::{BTreeMap, HashMap, HashSet};
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
    let mut some_held = false;
    for _ in 0..ROUNDS {
        let analysis = &mending.analysis;
        let open = analysis.findings.iter().filter(|finding| !refused.contains(&name(&analysis.sources, finding)));
        let (chosen, edits) = choose(open, risky, most);
        if chosen.is_empty() {
            // What didn't hold may do so now that others do.
            if !std::mem::take(&mut some_held) || refused.is_empty() {
                break;
            }
            refused.clear();
            continue;
        }
        let by_source = edits.chunk_by(|one, next| one.span.source == next.span.source);
        let touched: Vec<_> = by_source.map(|edits| (analysis.sources.get(edits[0].span.source), edits)).collect();
        let texts = touched.iter().map(|(source, edits)| (source.path().to_owned(), applied(source.text(), edits)));
        let next = overlay.with(texts);
        let looked = analyze(&next, workspace.clone(), request)?;
        if holds(analysis, &looked, &chosen, &edits) {
            for (source, _) in &touched {
                let as_it_is = || (source.name().to_owned(), source.text().to_owned());
                before.entry(source.path().to_owned()).or_insert_with(as_it_is);
            }
            some_held = true;
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
    let shifts = Shifts::new(edits);
    let left_at: HashSet<(&Path, &str, &str, u32)> =
        after.findings.iter().map(|left| fault(after, left, left.primary.start)).collect();
    let is_gone = |finding: &&Finding| {
        let start = shifts.moved(finding.primary.source, finding.primary.start);
        !left_at.contains(&fault(before, finding, start))
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

/// A fault at a place of a file.
fn fault<'a>(analysis: &'a Analysis, finding: &'a Finding, start: u32) -> (&'a Path, &'a str, &'a str, u32) {
    (analysis.sources.get(finding.primary.source).path(), &finding.rule, finding.case, start)
}

/// How far edits move what is behind them.
struct Shifts(HashMap<SourceId, Vec<(u32, i64)>>);

impl Shifts {
    /// Of edits that are in order and apart: for each its end, and how far it moves what follows with those before it.
    fn new(edits: &[Edit]) -> Self {
        let mut shifts: HashMap<SourceId, Vec<(u32, i64)>> = HashMap::new();
        for edit in edits {
            let of_source = shifts.entry(edit.span.source).or_default();
            let so_far = of_source.last().map_or(0, |&(_, shift)| shift);
            of_source.push((edit.span.end, so_far + edit.replacement.len() as i64 - i64::from(edit.span.len())));
        }
        Self(shifts)
    }

    /// Where a byte is after the edits in front of it.
    fn moved(&self, source: SourceId, at: u32) -> u32 {
        let Some(of_source) = self.0.get(&source) else { return at };
        let in_front = of_source.partition_point(|&(end, _)| end <= at);
        let shift = in_front.checked_sub(1).and_then(|last| of_source.get(last)).map_or(0, |&(_, shift)| shift);
        u32::try_from(i64::from(at) + shift).unwrap_or_default()
    }
}
