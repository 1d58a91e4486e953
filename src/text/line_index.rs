//! Byte offsets to lines and columns.

/// A place for people: both count from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LineColumn {
    /// Line, from 1. `\n`, `\r\n` and a lone `\r` each end a line.
    pub line: u32,
    /// Column, from 1, in the unit of the function that made it.
    pub column: u32,
}

/// The starts of all lines of one text.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
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
        Self { starts }
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
        self.place(text, offset, |before| before.chars().count())
    }

    /// Line and column of a byte, the column in UTF-16 code units, as SARIF counts.
    pub fn utf16(&self, text: &str, offset: u32) -> LineColumn {
        self.place(text, offset, |before| before.encode_utf16().count())
    }

    fn place(&self, text: &str, offset: u32, width: impl Fn(&str) -> usize) -> LineColumn {
        let mut at = (offset as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line_of(at as u32);
        let start = self.starts.get(line).map_or(0, |&start| start as usize);
        let before = text.get(start..at).unwrap_or_default();
        let before = if line == 0 { before.strip_prefix('\u{feff}').unwrap_or(before) } else { before };
        LineColumn { line: line as u32 + 1, column: width(before) as u32 + 1 }
    }
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
}
