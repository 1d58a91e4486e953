//! Places, as a log has them: the file, the region, and what is written there for readers who don't have the file.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::{ROOT, visible, visible_lines};
use crate::report::Report;
use crate::text::{Source, Sources, Span};

/// What stays as it is in the path of an address.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What is shown in place of a secret. The standard names it.
pub(super) const REDACTED: &str = "[REDACTED]";

/// How many lines above and below are shown.
const LINES: usize = 2;
/// Of longer surroundings, as in a template on one line, only the nearest bytes are shown.
const AROUND: usize = 400;
/// A text of more bytes isn't shown: a log has a finding in every line of it.
const LONG: usize = 2000;

/// A place, with what is there if anything is said of it.
pub(super) fn location(sources: &Sources, span: Span, text: &str) -> Json {
    let source = sources.get(span.source);
    let mut out = json!({ "physicalLocation": {
        "artifactLocation": artifact(source.name()),
        "region": region(source, span),
    }});
    if let (false, Some(members)) = (text.is_empty(), out.as_object_mut()) {
        members.insert("message".into(), json!({ "text": visible(text) }));
    }
    out
}

/// The same with what is written there and around it.
pub(super) fn location_with_snippets(report: &Report<'_>, span: Span, text: &str) -> Json {
    let mut out = location(report.sources, span, text);
    let Some(around) = surroundings(report, span) else { return out };
    if let Some(members) = out.pointer_mut("/physicalLocation").and_then(Json::as_object_mut) {
        if let Some(region) = members.get_mut("region").and_then(Json::as_object_mut) {
            region.insert("snippet".into(), snippet(report, span));
        }
        if around != span {
            let mut region = region(report.sources.get(span.source), around);
            if let Some(region) = region.as_object_mut() {
                region.insert("snippet".into(), snippet(report, around));
            }
            members.insert("contextRegion".into(), region);
        }
    }
    out
}

pub(super) fn region(source: &Source, span: Span) -> Json {
    let (start, end) = (source.lines().utf16(source.text(), span.start), source.lines().utf16(source.text(), span.end));
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": span.start,
        "byteLength": span.len(),
    })
}

/// Where a file is: below the directory of the run, or absolute.
pub(super) fn artifact(name: &str) -> Json {
    let path = utf8_percent_encode(name, PATH);
    let is_absolute = name.starts_with('/');
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    if is_absolute {
        json!({ "uri": format!("file://{path}") })
    } else if has_drive {
        json!({ "uri": format!("file:///{path}") })
    } else {
        json!({ "uri": path.to_string(), "uriBaseId": ROOT })
    }
}

/// Whether something that [`location_with_snippets`] would show is a secret.
pub(super) fn is_redacted(report: &Report<'_>, span: Span) -> bool {
    surroundings(report, span).is_some_and(|around| secrets_in(report, around).next().is_some())
}

/// A span with the lines around it, or the parts of them that are near, if it isn't too long itself. Line ends at its
/// own ends don't belong to it.
fn surroundings(report: &Report<'_>, span: Span) -> Option<Span> {
    if span.len() as usize > LONG {
        return None;
    }
    let source = report.sources.get(span.source);
    let (text, lines) = (source.text(), source.lines());
    let first = lines.line_of(span.start).saturating_sub(LINES);
    let last = lines.line_of(span.end) + LINES;
    let start = lines.start_of(first).unwrap_or(0) as usize;
    let end = lines.start_of(last + 1).map_or(text.len(), |end| end as usize);
    let start = text.ceil_char_boundary(start.max((span.start as usize).saturating_sub(AROUND)));
    let end = text.floor_char_boundary(end.min(span.end as usize + AROUND));
    let behind = text.get(span.end as usize..end).unwrap_or_default();
    let end = span.end as usize + behind.trim_end_matches(['\n', '\r']).len();
    Some(Span { start: (start as u32).min(span.start), end: end as u32, ..span })
}

/// The secrets that lie in a span, or partly.
fn secrets_in<'r>(report: &'r Report<'_>, span: Span) -> impl Iterator<Item = &'r Span> {
    let first = report.secrets.partition_point(|secret| secret.source < span.source);
    let of_source = report.secrets.iter().skip(first).take_while(move |secret| secret.source == span.source);
    of_source.filter(move |secret| secret.start < span.end && span.start < secret.end)
}

/// What is written in a span, without secrets.
fn snippet(report: &Report<'_>, span: Span) -> Json {
    let text = report.sources.get(span.source).text();
    let mut out = String::new();
    let mut at = span.start as usize;
    for secret in secrets_in(report, span) {
        if secret.end as usize > at {
            out.push_str(&shown(text, at..secret.start as usize));
            out.push_str(REDACTED);
            at = secret.end as usize;
        }
    }
    out.push_str(&shown(text, at..span.end as usize));
    json!({ "text": out })
}

/// Part of a source, tabs and line ends as they are.
fn shown(text: &str, range: Range<usize>) -> String {
    let part = text.get(range).unwrap_or_default();
    part.split('\t').map(|part| visible_lines(&part.replace("\r\n", "\n")).into_owned()).collect::<Vec<_>>().join("\t")
}
