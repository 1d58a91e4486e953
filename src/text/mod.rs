//! Sources and places in them: what every other module means by "where".
//!
//! A [`Span`] is bytes of one source; [`LineIndex`] turns bytes into lines and columns for people. Nothing here
//! knows a language.

mod edges;
mod excerpt;
mod likeness;
mod line_index;
mod position;
mod source;
mod visible;

pub use edges::{begins, ends};
pub use excerpt::{Excerpt, ExcerptBuilder};
pub use likeness::{distance, nearest};
pub use line_index::{LineColumn, LineIndex};
pub use position::{Place, Position};
pub use source::{Source, SourceId, Sources, relative_name};
pub use visible::{is_hidden, push_visible, visible, visible_json, visible_lines};

/// Where something is written: bytes `start..end` of one source.
///
/// Offsets count from the first byte of the file as it is on disk (a byte order mark included), so that they hold
/// for any tool that reads the same bytes. The derived order is the order in which findings are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The source that the bytes are of.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// Bytes `start..end` of `source`.
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers no byte.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The bytes `from..to` of this span (relative offsets), clamped to it.
    #[must_use]
    pub fn part(self, from: usize, to: usize) -> Self {
        let start = self.start.saturating_add(from as u32).min(self.end);
        let end = self.start.saturating_add(to as u32).clamp(start, self.end);
        Self { start, end, ..self }
    }

    /// The smallest span that covers both. Spans of different sources don't join: the first is returned.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies within this span.
    pub fn contains(self, other: Self) -> bool {
        self.source == other.source && self.start <= other.start && other.end <= self.end
    }
}
