//! What the parts of a run gave, as one: the texts that are spoken of are kept, in the order of their paths, and
//! everything else goes with its part.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::path::PathBuf;

use super::merge::{Merger, kinds};
use super::{Analysis, kind_name};
use crate::discover::{Came, Found, Kind, Loaded, What};
use crate::rules::{CheckOptions, MOST_FINDINGS, limit_reached};
use crate::suppress;
use crate::text::{Source, SourceId, Span};

/// A file that was looked at.
#[derive(Debug)]
pub(super) struct Looked {
    /// Its text, if something is said of it or it says something to us.
    pub(super) source: Option<SourceId>,
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
    pub(super) came: Came,
    /// The resources of templates inside a page, as bytes of it.
    pub(super) templates: Vec<Range<u32>>,
}

/// What is kept of a part.
pub(super) struct Gathering {
    analysis: Analysis,
    files: Vec<Looked>,
    /// The resources of templates inside a page.
    templates: Vec<(PathBuf, Vec<Range<u32>>)>,
    /// The texts that are kept, with the ids that they have in the part.
    texts: Vec<(SourceId, Source)>,
}

impl Gathering {
    /// Of what was read for a part only that stays of which something is said, or which says something to us.
    pub(super) fn new(mut analysis: Analysis, loaded: Loaded) -> Self {
        let mut spoken_of: HashSet<SourceId> = HashSet::new();
        each_span(&mut analysis, &mut |span| _ = spoken_of.insert(span.source));
        let all = loaded.files.iter().map(|file| (file.source, file.kind, file.came));
        let pages = loaded.pages.iter().map(|page| (page.source, page.kind, page.came));
        let mut files = Vec::new();
        for (source, kind, came) in all.chain(pages) {
            let text = loaded.sources.get(source);
            if suppress::may_speak(text.text()) {
                spoken_of.insert(source);
            }
            files.push(Looked { source: None, path: text.path().to_owned(), kind, came, templates: Vec::new() });
        }
        let templates = loaded.files.iter().filter(|file| file.kind == Kind::Markdown).map(|file| {
            let units = file.program.units.iter().map(|unit| unit.span.start..unit.span.end);
            (loaded.sources.get(file.source).path().to_owned(), units.collect())
        });
        let templates = templates.collect();
        analysis.diagnostics.extend(loaded.diagnostics);
        analysis.secrets.retain(|span| spoken_of.contains(&span.source));
        let texts = loaded.sources.into_all().filter(|(id, _)| spoken_of.contains(id)).collect();
        Self { analysis, files, templates, texts }
    }
}

/// What the parts gave so far.
#[derive(Default)]
pub(super) struct Gathered {
    parts: Vec<Analysis>,
    /// The texts that are kept, with the part and the id that they have there.
    texts: Vec<(Source, usize, SourceId)>,
    files: BTreeMap<PathBuf, Looked>,
    /// The first finding that isn't told, since there are more before it than anyone reads: the part and the place.
    cut: Option<(usize, Span)>,
}

impl Gathered {
    /// Files that can't bring a finding count as looked at.
    pub(super) fn of_quiet(quiet: Vec<Found>) -> Self {
        let mut gathered = Self::default();
        let mut analysis = Analysis::default();
        analysis.seen.kinds = kinds(quiet.iter().map(|file| (quiet_name(file), 1)));
        gathered.parts.push(analysis);
        // They are in order, so that all are put in at once.
        let looked = |Found { path, kind, came }: Found| {
            (path.clone(), Looked { source: None, path, kind, came, templates: Vec::new() })
        };
        gathered.files = quiet.into_iter().map(looked).collect();
        gathered
    }

    /// Takes in what a part gave.
    pub(super) fn add(&mut self, mut part: Gathering) {
        let room = MOST_FINDINGS.saturating_sub(self.told());
        if let Some(cut) = part.analysis.findings.get(room) {
            self.cut.get_or_insert((self.parts.len(), cut.primary));
            part.analysis.findings.truncate(room);
        }
        for file in part.files {
            self.files.entry(file.path.clone()).or_insert(file);
        }
        for (path, templates) in part.templates {
            if let Some(page) = self.files.get_mut(&path) {
                page.templates.extend(templates);
            }
        }
        self.texts.extend(part.texts.into_iter().map(|(id, source)| (source, self.parts.len(), id)));
        self.parts.push(part.analysis);
    }

    /// How many findings are told so far.
    fn told(&self) -> usize {
        self.parts.iter().map(|part| part.findings.len()).sum()
    }

    /// Whether there are so many findings that what is left isn't judged.
    pub(super) fn is_full(&self) -> bool {
        self.told() >= MOST_FINDINGS
    }

    /// Says that there are more findings than are told, if that is so. `left` are files that were not judged.
    pub(super) fn say_what_is_left(&mut self, left: usize, checks: &CheckOptions) {
        let last = self.parts.iter().enumerate().rev().find_map(|(at, part)| Some((at, part.findings.last()?.primary)));
        let place = self.cut.or_else(|| last.filter(|_| left > 0 && self.is_full()));
        if let Some((part, place)) = place
            && let Some(part) = self.parts.get_mut(part)
        {
            let unjudged = if left > 0 { format!(", and {left} more files were not judged") } else { String::new() };
            let message = format!("there are more than {MOST_FINDINGS} findings: the others are not told{unjudged}");
            part.findings.extend(limit_reached(place, &message, checks));
        }
    }

    /// All of it, with the files that were looked at. Findings are not sorted with regard to what is yet to be said.
    pub(super) fn finish(mut self) -> (Analysis, Vec<Looked>) {
        let mut all = Analysis::default();
        self.texts.sort_by(|(one, ..), (other, ..)| (one.path(), one.text()).cmp(&(other.path(), other.text())));
        let mut ids: HashMap<(usize, SourceId), SourceId> = HashMap::new();
        let mut last: Option<SourceId> = None;
        for (source, part, id) in self.texts {
            let same = last.filter(|&last| {
                let last = all.sources.get(last);
                last.path() == source.path() && last.text() == source.text()
            });
            let path = self.files.get_mut(source.path());
            let new = same.unwrap_or_else(|| all.sources.add(source));
            if let Some(file) = path {
                file.source = Some(new);
            }
            ids.insert((part, id), new);
            last = Some(new);
        }
        let mut findings = Merger::default();
        for (at, mut part) in self.parts.into_iter().enumerate() {
            let mut renew = |span: &mut Span| {
                span.source = ids.get(&(at, span.source)).copied().unwrap_or(span.source);
            };
            each_span(&mut part, &mut renew);
            part.secrets.iter_mut().for_each(renew);
            part.findings.into_iter().for_each(|finding| findings.add(finding));
            all.undecided.extend(part.undecided);
            all.diagnostics.extend(part.diagnostics);
            all.secrets.extend(part.secrets);
            all.seen.image_versions += part.seen.image_versions;
            let both = all.seen.kinds.iter().chain(&part.seen.kinds);
            all.seen.kinds = kinds(both.copied());
            all.stats.files += part.stats.files;
            all.stats.bytes += part.stats.bytes;
            all.stats.evaluations += part.stats.evaluations;
            all.stats.resources += part.stats.resources;
        }
        all.findings = findings.sorted();
        all.undecided.sort();
        all.undecided.dedup();
        all.secrets.sort_unstable();
        all.secrets.dedup();
        (all, self.files.into_values().collect())
    }
}

/// What summaries call a file of which only the bytes were looked at.
fn quiet_name(file: &Found) -> &'static str {
    kind_name(if file.is_parameters() { What::Parameters } else { What::Template }, file.kind)
}

fn each_span(analysis: &mut Analysis, visit: &mut impl FnMut(&mut Span)) {
    analysis.findings.iter_mut().for_each(|finding| finding.each_span(visit));
    analysis.undecided.iter_mut().for_each(|open| visit(&mut open.span));
    analysis.diagnostics.iter_mut().filter_map(|remark| remark.span.as_mut()).for_each(&mut *visit);
}
