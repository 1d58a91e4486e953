//! Comments of pages and pipelines, and of the scripts and templates in them.
//!
//! A comment of the page itself, alone above a fence or a script, is about all of it: within, a page has no comments of
//! its own. The comments of a script are read as if it were a file.

use std::collections::HashMap;
use std::ops::Range;

use super::comments::{Language, comments};
use super::directive::{Directive, Lines, directive, may_speak};
use crate::containers::{self, Embedded, comments_in_markdown, comments_in_yaml, in_markdown, in_yaml};
use crate::text::{Excerpt, LineIndex, Source, SourceId, Span};

/// A text around others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Host {
    /// A Markdown page. Its templates are judged only where they are whole: these are their resources.
    Markdown {
        /// As bytes of the page, in no order.
        templates: Vec<Range<u32>>,
    },
    /// A pipeline.
    Yaml,
}

/// All comments of a page that speak to us.
pub(super) fn directives(id: SourceId, source: &Source, host: &Host) -> Vec<Directive> {
    let text = source.text();
    if !may_speak(text) {
        return Vec::new();
    }
    let (embedded, own) = match host {
        Host::Markdown { .. } => (in_markdown(id, text), comments_in_markdown(text)),
        Host::Yaml => (in_yaml(id, text), comments_in_yaml(text)),
    };
    let page = Page::new(source, host, &embedded, &own);
    let place = |start: usize, end: usize| Span::new(id, start as u32, end as u32);
    let mut found: Vec<Directive> =
        own.iter().filter_map(|range| directive(text, range, |range| page.lines_of(range), place)).collect();
    for inner in embedded.iter().filter(|inner| page.is_judged(inner)) {
        found.extend(inside(source, inner));
    }
    found.sort_by_key(|directive| directive.span);
    found
}

struct Page<'p> {
    source: &'p Source,
    host: &'p Host,
    comments: &'p [Range<usize>],
    lines: Lines<'p>,
    /// Scripts and templates by the line on which they begin, with the line on which they end.
    embedded: HashMap<usize, usize>,
    /// Lines that aren't blank, in order.
    written: Vec<usize>,
}

impl<'p> Page<'p> {
    fn new(source: &'p Source, host: &'p Host, all: &'p [Embedded], comments: &'p [Range<usize>]) -> Self {
        let index = source.lines();
        // Any language will do: comments are known, and no line of a page goes on.
        let lines = Lines::new(source.text(), index, Language::Json, comments);
        let mut embedded = HashMap::new();
        for inner in all {
            let whole = whole(&inner.excerpt);
            embedded.entry(index.line_of(whole.start)).or_insert_with(|| index.line_of(whole.end.saturating_sub(1)));
        }
        let written = (0..index.lines()).filter(|&line| !lines.text(line).1.trim().is_empty()).collect();
        Self { source, host, comments, lines, embedded, written }
    }

    fn is_judged(&self, inner: &Embedded) -> bool {
        let is_data = matches!(inner.language, containers::Language::Json | containers::Language::Bicep);
        let Host::Markdown { templates } = self.host else { return !is_data };
        let whole = whole(&inner.excerpt);
        !is_data || templates.iter().any(|unit| whole.start <= unit.start && unit.end <= whole.end)
    }

    /// The lines that a comment of the page is about.
    fn lines_of(&self, comment: &Range<usize>) -> Range<usize> {
        let about = self.lines.of(comment);
        let mut last = about.end - 1;
        if matches!(self.host, Host::Markdown { .. }) && about.len() > 1 {
            let next = self.written.get(self.written.partition_point(|&line| line < last));
            last = next.copied().unwrap_or_else(|| last.max(self.source.lines().lines().saturating_sub(1)));
        }
        let (start, written) = self.lines.text(last);
        let first = self.comments.get(self.comments.partition_point(|comment| comment.start < start));
        let end = first.map(|comment| comment.start).filter(|&at| at < start + written.len());
        let written = written.get(..end.map_or(written.len(), |end| end - start)).unwrap_or_default().trim();
        let opens = match self.host {
            Host::Markdown { .. } => about.len() > 1,
            Host::Yaml => {
                written.ends_with(':') || written.rsplit(' ').next().is_some_and(|word| word.starts_with(['|', '>']))
            }
        };
        let here = self.embedded.get(&last).or_else(|| self.embedded.get(&(last + 1)).filter(|_| opens));
        here.map_or(about.clone(), |end| about.start..end + 1)
    }
}

/// Where an excerpt stands in the file.
fn whole(excerpt: &Excerpt) -> Span {
    excerpt.span(0, excerpt.text().len())
}

/// The comments of a script or template inside a page, with the lines of the file.
fn inside(source: &Source, inner: &Embedded) -> Vec<Directive> {
    let language = match inner.language {
        containers::Language::Bash => Language::Shell,
        containers::Language::PowerShell => Language::PowerShell,
        containers::Language::Json => Language::Json,
        containers::Language::Bicep => Language::Bicep,
    };
    let text = inner.excerpt.text();
    let index = LineIndex::new(text);
    let comments = comments(language, text);
    let lines = Lines::new(text, &index, language, &comments);
    let in_file = |lines: Range<usize>| {
        let begin = |line: usize| index.start_of(line).map_or(text.len(), |start| start as usize);
        let (start, end) = (begin(lines.start), begin(lines.end));
        let span = inner.excerpt.span(start, end);
        source.lines().line_of(span.start)..source.lines().line_of(span.end.saturating_sub(1).max(span.start)) + 1
    };
    let found = comments.iter().filter_map(|range| {
        directive(text, range, |range| in_file(lines.of(range)), |start, end| inner.excerpt.span(start, end))
    });
    found.collect()
}
