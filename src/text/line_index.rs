//! Byte offsets to lines and columns.

/// A place for people: both count from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Line, from 1. `\n`, `\r\n` and a lone `\r` each end a line.
    pub line: u32,
    /// Column, from 1, in the unit of the function that made it.
    pub column: u32,
}

/// Bytes between two counted places of a text.
const BLOCK: usize = 1024;

/// The starts of all lines of one text.
///
/// Columns are counted from the nearest counted place, not from the start of the line: a minified template is one
/// line of megabytes, and a report asks for many columns of it.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Characters and UTF-16 units before each multiple of [`BLOCK`] (moved back to the start of a character).
    counted: Vec<(u32, u32)>,
}

impl LineIndex {
    /// Reads the line ends of `text`.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = match byte {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            if ends {
                starts.push(at as u32 + 1);
            }
        }
        Self { starts, counted: count_blocks(text) }
    }

    /// How many lines there are; an empty text has one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 0) that holds byte `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// First byte of line `line` (from 0), or `None` past the end.
    pub fn start_of(&self, line: usize) -> Option<u32> {
        self.starts.get(line).copied()
    }

    /// Line and column of a byte, the column in Unicode scalar values. A byte order mark at the start of the file
    /// takes no column.
    pub fn scalar(&self, text: &str, offset: u32) -> LineColumn {
        self.place(text, offset, |(scalars, _)| scalars)
    }

    /// Line and column of a byte, the column in UTF-16 code units, as SARIF counts.
    pub fn utf16(&self, text: &str, offset: u32) -> LineColumn {
        self.place(text, offset, |(_, units)| units)
    }

    fn place(&self, text: &str, offset: u32, unit: impl Fn((u32, u32)) -> u32) -> LineColumn {
        let at = char_start(text, offset as usize);
        let line = self.line_of(at as u32);
        let start = self.starts.get(line).map_or(0, |&start| start as usize);
        let width = unit(self.before(text, at)) - unit(self.before(text, start));
        let mark = u32::from(line == 0 && width > 0 && text.starts_with('\u{feff}'));
        LineColumn { line: line as u32 + 1, column: width - mark + 1 }
    }

    /// How many characters and UTF-16 units lie before byte `at`, the start of a character.
    fn before(&self, text: &str, at: usize) -> (u32, u32) {
        let block = at / BLOCK;
        let (scalars, units) = self.counted.get(block).copied().unwrap_or_default();
        let (more_scalars, more_units) = widths(text, char_start(text, block * BLOCK), at);
        (scalars + more_scalars, units + more_units)
    }
}

fn count_blocks(text: &str) -> Vec<(u32, u32)> {
    let mut counted = vec![(0, 0)];
    let (mut scalars, mut units, mut from) = (0, 0, 0);
    for at in (BLOCK..=text.len()).step_by(BLOCK) {
        let at = char_start(text, at);
        let (more_scalars, more_units) = widths(text, from, at);
        (scalars, units, from) = (scalars + more_scalars, units + more_units, at);
        counted.push((scalars, units));
    }
    counted
}

fn widths(text: &str, from: usize, to: usize) -> (u32, u32) {
    let part = text.get(from..to).unwrap_or_default();
    if part.is_ascii() {
        return (part.len() as u32, part.len() as u32);
    }
    part.chars().fold((0, 0), |(scalars, units), char| (scalars + 1, units + char.len_utf16() as u32))
}

/// The start of the character that holds byte `at`; the end of the text if it lies behind.
fn char_start(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let text = "a\r\nb\nc\rd";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 4);
        let lines: Vec<u32> = [0, 3, 5, 7].iter().map(|&at| index.scalar(text, at).line).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn columns_count_scalars_or_utf16_units() {
        let text = "a😀b";
        let index = LineIndex::new(text);
        assert_eq!(index.scalar(text, 5).column, 3);
        assert_eq!(index.utf16(text, 5).column, 4);
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let text = "\u{feff}{";
        assert_eq!(LineIndex::new(text).scalar(text, 3), LineColumn { line: 1, column: 1 });
    }

    #[test]
    fn columns_of_a_long_line_are_those_of_a_plain_count() {
        let text = format!("\u{feff}{}\r\n{}", "aä😀".repeat(700), "日b".repeat(900));
        let index = LineIndex::new(&text);
        let (mut line, mut scalars, mut units) = (1, 1, 1);
        for (at, char) in text.char_indices() {
            assert_eq!(index.scalar(&text, at as u32), LineColumn { line, column: scalars }, "at {at}");
            assert_eq!(index.utf16(&text, at as u32).column, units, "at {at}");
            match char {
                '\u{feff}' => {}
                '\n' => (line, scalars, units) = (line + 1, 1, 1),
                char => (scalars, units) = (scalars + 1, units + char.len_utf16() as u32),
            }
        }
    }
}
