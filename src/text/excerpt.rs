//! A text taken out of a file, with the way back to the file's bytes.

use std::sync::Arc;

use super::{SourceId, Span};

/// Text that was decoded from parts of a file: a fence of a Markdown page, a block scalar, a quoted string.
///
/// It is a list of segments. In a segment whose text is as long as the bytes it was written as, byte for byte is the
/// same place; any other segment (an escape, a folded line end) is indivisible. Bytes of the file between segments
/// (the indentation of a block) belong to no text.
#[derive(Clone, Debug)]
pub struct Excerpt {
    source: SourceId,
    text: Arc<str>,
    segments: Vec<Segment>,
    /// Bytes of the text in place of which something else is put before the text is used, in order.
    holes: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Segment {
    /// First byte in the text.
    at: u32,
    /// One past its last byte in the text.
    end: u32,
    /// First byte in the file.
    host: u32,
    /// One past its last byte in the file.
    host_end: u32,
}

impl Segment {
    const fn is_same(self) -> bool {
        self.end - self.at == self.host_end - self.host
    }
}

impl Excerpt {
    /// A whole file.
    pub fn whole(source: SourceId, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let end = text.len() as u32;
        Self { source, text, segments: vec![Segment { at: 0, end, host: 0, host_end: end }], holes: Vec::new() }
    }

    /// A file from a byte on.
    pub fn from(source: SourceId, text: &str, start: usize) -> Self {
        let rest = text.get(start..).unwrap_or_default();
        let (end, host) = (rest.len() as u32, (text.len() - rest.len()) as u32);
        let segments = vec![Segment { at: 0, end, host, host_end: host + end }];
        Self { source, text: rest.into(), segments, holes: Vec::new() }
    }

    /// The file that it is in.
    pub const fn source(&self) -> SourceId {
        self.source
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where bytes `start..end` of the text are written: the smallest span of the file that holds them. An empty
    /// range is the place before the byte that follows.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let from = self.host(start, false);
        let to = if end > start { self.host(end, true) } else { from };
        Span::new(self.source, from, to.max(from))
    }

    /// Bytes `start..end` of the text in parts each of which is as long as what it was written as, or indivisible.
    pub fn parts(&self, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let first = self.segments.partition_point(|segment| segment.end as usize <= start);
        self.segments.iter().skip(first).map_while(move |segment| {
            let from = (segment.at as usize).max(start);
            let to = (segment.end as usize).min(end);
            (from < to).then_some((from, to))
        })
    }

    /// The same with holes: bytes of the text in place of which something else is put before the text is used. In
    /// order, and apart from each other.
    #[must_use]
    pub fn with_holes(self, holes: Vec<(usize, usize)>) -> Self {
        Self { holes, ..self }
    }

    /// The first hole that begins in bytes `start..end`.
    pub fn hole(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let index = self.holes.partition_point(|hole| hole.0 < start);
        self.holes.get(index).copied().filter(|hole| hole.0 < end)
    }

    /// Where a hole ends that begins with a byte.
    pub fn hole_at(&self, at: usize) -> Option<usize> {
        self.hole(at, at + 1).map(|(_, end)| end)
    }

    /// The text where it stands in the file: every byte at its own offset, blanks before and between. Text that is
    /// written otherwise than it reads is left out, but for line ends.
    pub fn in_place(&self) -> String {
        let mut whole = String::new();
        for segment in &self.segments {
            let text = self.text.get(segment.at as usize..segment.end as usize).unwrap_or_default();
            let (host, end) = (segment.host as usize, segment.host_end as usize);
            blank(&mut whole, if segment.is_same() { host } else { end.saturating_sub(text.len()) });
            if segment.is_same() || text == "\n" {
                whole.push_str(text);
            }
            blank(&mut whole, end);
        }
        whole
    }

    /// How long [`Excerpt::in_place`] is.
    pub fn end_in_file(&self) -> usize {
        self.segments.last().map_or(0, |segment| segment.host_end as usize)
    }

    /// The byte of the file for a byte of the text; `ends` takes it as the end of what lies before.
    fn host(&self, at: usize, ends: bool) -> u32 {
        let at = at as u32;
        let index = self.segments.partition_point(|segment| if ends { segment.end < at } else { segment.end <= at });
        let Some(segment) = self.segments.get(index) else {
            return self.segments.last().map_or(0, |segment| segment.host_end);
        };
        if segment.is_same() {
            segment.host + at.saturating_sub(segment.at)
        } else if ends && at > segment.at {
            segment.host_end
        } else {
            segment.host
        }
    }
}

fn blank(text: &mut String, length: usize) {
    text.extend(std::iter::repeat_n(' ', length.saturating_sub(text.len())));
}

/// Puts an [`Excerpt`] together.
#[derive(Debug)]
pub struct ExcerptBuilder {
    source: SourceId,
    text: String,
    segments: Vec<Segment>,
}

impl ExcerptBuilder {
    /// Nothing yet, of that file.
    pub const fn new(source: SourceId) -> Self {
        Self { source, text: String::new(), segments: Vec::new() }
    }

    /// Text that stands in the file as it is, from byte `host` on.
    pub fn same(&mut self, text: &str, host: usize) {
        self.decoded(text, host, host + text.len());
    }

    /// Text that the bytes `host..host_end` of the file stand for.
    pub fn decoded(&mut self, text: &str, host: usize, host_end: usize) {
        if text.is_empty() {
            return;
        }
        let at = self.text.len() as u32;
        self.text.push_str(text);
        let segment = Segment { at, end: self.text.len() as u32, host: host as u32, host_end: host_end as u32 };
        if let Some(last) = self.segments.last_mut()
            && last.is_same()
            && segment.is_same()
            && last.host_end == segment.host
        {
            last.end = segment.end;
            last.host_end = segment.host_end;
            return;
        }
        self.segments.push(segment);
    }

    /// Bytes `start..end` of another excerpt of the same file.
    pub fn take(&mut self, excerpt: &Excerpt, start: usize, end: usize) {
        for (from, to) in excerpt.parts(start, end) {
            let span = excerpt.span(from, to);
            let text = excerpt.text().get(from..to).unwrap_or_default();
            self.decoded(text, span.start as usize, span.end as usize);
        }
    }

    /// The byte of the file behind what was added last.
    pub fn end_in_file(&self) -> usize {
        self.segments.last().map_or(0, |segment| segment.host_end as usize)
    }

    /// How long the text is so far, in bytes.
    pub const fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether there is no text yet.
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The excerpt.
    pub fn finish(self) -> Excerpt {
        Excerpt { source: self.source, text: self.text.into(), segments: self.segments, holes: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Excerpt {
        // File: `>>ab\n  cd''e`, text: `ab cd'e`.
        let mut builder = ExcerptBuilder::new(SourceId(0));
        builder.same("ab", 2);
        builder.decoded(" ", 4, 7);
        builder.same("cd", 7);
        builder.decoded("'", 9, 11);
        builder.same("e", 11);
        builder.finish()
    }

    #[test]
    fn a_place_in_the_text_is_a_place_in_the_file() {
        let excerpt = sample();
        assert_eq!(excerpt.text(), "ab cd'e");
        let place = |start, end| {
            let span = excerpt.span(start, end);
            (span.start, span.end)
        };
        assert_eq!(place(1, 2), (3, 4));
        assert_eq!(place(2, 3), (4, 7));
        assert_eq!(place(3, 7), (7, 12));
        assert_eq!(place(5, 6), (9, 11));
        assert_eq!(place(7, 7), (12, 12));
    }

    #[test]
    fn a_range_falls_apart_where_bytes_are_not_the_same() {
        let parts: Vec<_> = sample().parts(1, 7).collect();
        assert_eq!(parts, [(1, 2), (2, 3), (3, 5), (5, 6), (6, 7)]);
    }

    #[test]
    fn neighbours_of_the_same_bytes_are_one_segment() {
        let mut builder = ExcerptBuilder::new(SourceId(0));
        builder.same("ab", 5);
        builder.same("cd", 7);
        assert_eq!(builder.finish().parts(0, 4).count(), 1);
    }
}
