//! Places as the JSON forms write them.

use serde::Serialize;

use crate::text::{Source, Sources, Span};

/// Line and column from 1, the column in Unicode scalar values; the offset in bytes from 0.
#[derive(Serialize)]
pub(super) struct Position {
    pub(super) line: u32,
    pub(super) column: u32,
    offset: u32,
}

/// A span with the file it is in. Flattened into what is placed there.
#[derive(Serialize)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Position {
    fn of(source: &Source, offset: u32) -> Self {
        let place = source.place(offset);
        Self { line: place.line, column: place.column, offset }
    }
}

impl<'a> Place<'a> {
    pub(super) fn of(sources: &'a Sources, span: Span) -> Self {
        let source = sources.get(span.source);
        Self { file: source.name(), start: Position::of(source, span.start), end: Position::of(source, span.end) }
    }
}
