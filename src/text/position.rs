//! Places as JSON writes them, the same in every answer of the tool.

use serde::Serialize;

use super::{Source, Sources, Span};

/// Line and column from 1, the column in Unicode scalar values; the offset in bytes from 0.
#[derive(Serialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
    /// In bytes from the start of the file.
    pub offset: u32,
}

/// A span with the file it is in. Flattened into what is placed there.
#[derive(Serialize)]
pub struct Place<'a> {
    /// What reports call the file.
    pub file: &'a str,
    /// The first character.
    pub start: Position,
    /// The first character behind it.
    pub end: Position,
}

impl Position {
    fn of(source: &Source, offset: u32) -> Self {
        let place = source.place(offset);
        Self { line: place.line, column: place.column, offset }
    }
}

impl<'a> Place<'a> {
    /// The place of a span.
    pub fn of(sources: &'a Sources, span: Span) -> Self {
        let source = sources.get(span.source);
        Self { file: source.name(), start: Position::of(source, span.start), end: Position::of(source, span.end) }
    }
}
