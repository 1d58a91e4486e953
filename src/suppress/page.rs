//! Comments of pages and pipelines, and of the scripts and templates in them.
//!
//! A comment of the page itself, alone above a fence or a script, is about all of it: within, a page has no comments of
//! its own. The comments of a script are read as if it were a file.

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
    let page = Page { source, host, embedded: &embedded, comments: &own };
    let place = |start: usize, end: usize| Span::new(id, start as u32, end as u32);
    let mut found: Vec<Directive> =
        own.iter().filter_map(|range| directive(text, range, page.lines_of(range), place)).collect();
    for inner in embedded.iter().filter(|inner| page.is_judged(inner)) {
        found.extend(inside(source, inner));
    }
    found.sort_by_key(|directive| directive.span);
    found
}

struct Page<'p> {
    source: &'p Source,
    host: &'p Host,
    embedded: &'p [Embedded],
    comments: &'p [Range<usize>],
}

impl Page<'_> {
    fn is_judged(&self, inner: &Embedded) -> bool {
        let is_data = matches!(inner.language, containers::Language::Json | containers::Language::Bicep);
        let Host::Markdown { templates } = self.host else { return !is_data };
        let whole = whole(&inner.excerpt);
        !is_data || templates.iter().any(|unit| whole.start <= unit.start && unit.end <= whole.end)
    }

    /// The lines that a comment of the page is about.
    fn lines_of(&self, comment: &Range<usize>) -> Range<usize> {
        let index = self.source.lines();
        // Any language will do: comments are known, and no line of a page goes on.
        let lines = Lines { text: self.source.text(), index, language: Language::Json, comments: self.comments };
        let about = lines.of(comment);
        let mut last = about.end - 1;
        if matches!(self.host, Host::Markdown { .. }) && about.len() > 1 {
            while last + 1 < index.lines() && lines.text(last).1.trim().is_empty() {
                last += 1;
            }
        }
        let (start, written) = lines.text(last);
        let end =
            self.comments.iter().map(|comment| comment.start).find(|&at| at >= start && at < start + written.len());
        let written = written.get(..end.map_or(written.len(), |end| end - start)).unwrap_or_default().trim();
        let opens = match self.host {
            Host::Markdown { .. } => about.len() > 1,
            Host::Yaml => {
                written.ends_with(':') || written.rsplit(' ').next().is_some_and(|word| word.starts_with(['|', '>']))
            }
        };
        let begins_here = |inner: &&Embedded| {
            let first = index.line_of(whole(&inner.excerpt).start);
            first == last || (opens && first == last + 1)
        };
        match self.embedded.iter().find(begins_here) {
            Some(inner) => about.start..index.line_of(whole(&inner.excerpt).end.saturating_sub(1)) + 1,
            None => about,
        }
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
    let lines = Lines { text, index: &index, language, comments: &comments };
    let in_file = |lines: Range<usize>| {
        let begin = |line: usize| index.start_of(line).map_or(text.len(), |start| start as usize);
        let (start, end) = (begin(lines.start), begin(lines.end));
        let span = inner.excerpt.span(start, end);
        source.lines().line_of(span.start)..source.lines().line_of(span.end.saturating_sub(1).max(span.start)) + 1
    };
    let found = comments.iter().filter_map(|range| {
        directive(text, range, in_file(lines.of(range)), |start, end| inner.excerpt.span(start, end))
    });
    found.collect()
}
