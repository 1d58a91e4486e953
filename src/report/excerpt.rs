//! The few source lines that a finding shows: clipped where they are long, made visible where they hide something,
//! and still with their true lines and columns.
//!
//! A minified template is one line of megabytes; the frame shows the neighbourhood of each label and says the rest
//! with `…`. The text that codespan draws is made here, one small text for each source, so that the cost of a finding
//! doesn't depend on the size of the file.

use std::collections::BTreeMap;
use std::ops::Range;

use codespan_reporting::files::{Error, Files, Location};

use super::visible;
use crate::text::push_visible;
use crate::text::{LineColumn, Source, SourceId, Sources, Span};

/// A line of more bytes than this is clipped.
const LONG: usize = 180;
/// How many characters are kept on both sides of a label on a long line.
const AROUND: usize = 60;
/// How many characters of a label are kept on a long line.
const KEPT: usize = 100;

/// The lines that one finding shows.
pub(super) struct Excerpts {
    of: Vec<Excerpt>,
}

/// The lines of one source.
struct Excerpt {
    source: SourceId,
    name: String,
    text: String,
    lines: BTreeMap<usize, Line>,
}

/// One line, as it is shown.
struct Line {
    /// Its place in the text of the excerpt, line feed included.
    shown: Range<usize>,
    /// Pairs of byte offset in the source and in the excerpt's text, one for each character, ascending in both.
    marks: Vec<(usize, usize)>,
    /// True places of the offsets (in the excerpt's text) where labels start.
    places: Vec<(usize, LineColumn)>,
}

impl Excerpts {
    /// The lines on which `spans` start. A span that runs over several lines counts with its first. What lies in one of
    /// `secrets` is shown as `*`.
    pub(super) fn new(sources: &Sources, spans: &[Span], secrets: &[Span]) -> Self {
        let mut of: Vec<Excerpt> = Vec::new();
        let mut by_source: BTreeMap<SourceId, BTreeMap<usize, Vec<Range<usize>>>> = BTreeMap::new();
        for &span in spans {
            let (line, range) = first_line(sources.get(span.source), span);
            by_source.entry(span.source).or_default().entry(line).or_default().push(range);
        }
        for (source, mut wanted) in by_source {
            add_single_gaps(&mut wanted);
            of.push(Excerpt::new(source, sources.get(source), &wanted, secrets));
        }
        Self { of }
    }

    /// Where a span is drawn. The span must be one of those that the excerpts were made for.
    pub(super) fn place(&self, sources: &Sources, span: Span) -> Option<(usize, Range<usize>)> {
        let at = self.of.iter().position(|excerpt| excerpt.source == span.source)?;
        let (line, raw) = first_line(sources.get(span.source), span);
        let line = self.of.get(at)?.lines.get(&line)?;
        Some((at, line.shown_offset(raw.start)..line.shown_offset(raw.end)))
    }
}

impl Excerpt {
    fn new(id: SourceId, source: &Source, wanted: &BTreeMap<usize, Vec<Range<usize>>>, secrets: &[Span]) -> Self {
        let mut excerpt =
            Self { source: id, name: visible(source.name()).into_owned(), text: String::new(), lines: BTreeMap::new() };
        for (&number, ranges) in wanted {
            let raw = line_range(source, number);
            let line = excerpt.add_line(source, raw, ranges, secrets);
            excerpt.lines.insert(number, line);
        }
        excerpt
    }

    fn add_line(&mut self, source: &Source, raw: Range<usize>, ranges: &[Range<usize>], secrets: &[Span]) -> Line {
        let secrets = of_line(secrets, self.source, &raw);
        let text = source.text();
        let begin = self.text.len();
        let mut marks = Vec::new();
        let mut end = raw.start;
        for window in windows(text, &raw, ranges) {
            if window.start > end {
                self.text.push_str(if end == raw.start { "… " } else { " … " });
            }
            for (at, char) in text.get(window.clone()).unwrap_or_default().char_indices() {
                marks.push((window.start + at, self.text.len()));
                let is_secret = secrets.iter().any(|secret| secret.contains(&(window.start + at)));
                push_visible(if is_secret { '*' } else { char }, &mut self.text);
            }
            end = window.end;
        }
        marks.push((end, self.text.len()));
        if end < raw.end {
            self.text.push_str(" …");
        }
        self.text.push('\n');
        let mut line = Line { shown: begin..self.text.len(), marks, places: Vec::new() };
        line.places =
            ranges.iter().map(|range| (line.shown_offset(range.start), source.place(range.start as u32))).collect();
        line
    }
}

impl Line {
    /// Where a byte of the source is in the excerpt's text; what was clipped away is at the next character kept.
    fn shown_offset(&self, raw: usize) -> usize {
        let at = self.marks.partition_point(|&(mark, _)| mark < raw);
        self.marks.get(at).or(self.marks.last()).map_or(self.shown.start, |&(_, shown)| shown)
    }
}

/// The line on which a span starts and the part of it that lies on that line, without trailing blanks.
fn first_line(source: &Source, span: Span) -> (usize, Range<usize>) {
    let line = source.lines().line_of(span.start);
    let whole = line_range(source, line);
    let start = boundary(source.text(), (span.start as usize).clamp(whole.start, whole.end));
    let end = boundary(source.text(), (span.end as usize).clamp(start, whole.end));
    let kept = source.text().get(start..end).unwrap_or_default().trim_end().len();
    (line, start..start + kept)
}

/// The bytes of a line (from 0) without its end and without a byte order mark.
fn line_range(source: &Source, line: usize) -> Range<usize> {
    let text = source.text();
    let start = source.lines().start_of(line).map_or(text.len(), |start| start as usize);
    let end = source.lines().start_of(line + 1).map_or(text.len(), |end| end as usize);
    let whole = text.get(start..end).unwrap_or_default();
    let start = if start == 0 && whole.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { start };
    start..end - (whole.len() - whole.trim_end_matches(['\n', '\r']).len())
}

/// The secrets that lie on a line, or partly.
fn of_line(secrets: &[Span], source: SourceId, line: &Range<usize>) -> Vec<Range<usize>> {
    let ranges = secrets.iter().filter(|secret| secret.source == source);
    let ranges = ranges.map(|secret| secret.start as usize..secret.end as usize);
    ranges.filter(|secret| secret.start < line.end && line.start < secret.end).collect()
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A single line between two shown ones is shown too: a `·` would take the same room.
fn add_single_gaps(wanted: &mut BTreeMap<usize, Vec<Range<usize>>>) {
    let lines: Vec<usize> = wanted.keys().copied().collect();
    for pair in lines.windows(2) {
        if let [before, after] = pair
            && after - before == 2
        {
            wanted.entry(before + 1).or_default();
        }
    }
}

/// Which parts of a line are shown: all of it, or the neighbourhood of each label.
fn windows(text: &str, line: &Range<usize>, labels: &[Range<usize>]) -> Vec<Range<usize>> {
    if line.len() <= LONG {
        return vec![line.clone()];
    }
    let start_of_line = line.start..line.start;
    let labels = if labels.is_empty() { std::slice::from_ref(&start_of_line) } else { labels };
    let mut windows: Vec<Range<usize>> = labels
        .iter()
        .map(|label| {
            let kept = forward(text, label.start, line.end, KEPT).min(label.end);
            backward(text, label.start, line.start, AROUND)..forward(text, kept, line.end, AROUND)
        })
        .collect();
    windows.sort_by_key(|window| (window.start, window.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for window in windows {
        match joined.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => joined.push(window),
        }
    }
    joined
}

fn forward(text: &str, from: usize, limit: usize, chars: usize) -> usize {
    let rest = text.get(from..limit).unwrap_or_default();
    rest.char_indices().nth(chars).map_or(limit, |(at, _)| from + at)
}

fn backward(text: &str, from: usize, limit: usize, chars: usize) -> usize {
    let before = text.get(limit..from).unwrap_or_default();
    before.char_indices().nth_back(chars.saturating_sub(1)).map_or(limit, |(at, _)| limit + at)
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.of.get(id).ok_or(Error::FileMissing)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.of.get(id).ok_or(Error::FileMissing)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let lines = &self.of.get(id).ok_or(Error::FileMissing)?.lines;
        let found = lines.iter().find(|(_, line)| byte < line.shown.end).or(lines.last_key_value());
        found.map(|(&number, _)| number).ok_or(Error::FileMissing)
    }

    fn location(&'a self, id: usize, byte: usize) -> Result<Location, Error> {
        let index = self.line_index(id, byte)?;
        let line = self.of.get(id).and_then(|excerpt| excerpt.lines.get(&index));
        let place = line.and_then(|line| line.places.iter().find(|(shown, _)| *shown == byte));
        Ok(place.map_or(Location { line_number: index + 1, column_number: 1 }, |(_, place)| Location {
            line_number: place.line as usize,
            column_number: place.column as usize,
        }))
    }

    fn line_range(&'a self, id: usize, index: usize) -> Result<Range<usize>, Error> {
        let lines = &self.of.get(id).ok_or(Error::FileMissing)?.lines;
        let line = lines.get(&index).ok_or(Error::LineTooLarge { given: index, max: lines.len() })?;
        Ok(line.shown.clone())
    }
}
