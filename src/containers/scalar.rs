//! The text of a YAML scalar, every byte with the bytes that it is written as.
//!
//! The YAML reader gives a scalar's value and where it begins. The value is followed through the file once more: what
//! stands for each part of it is looked up, never guessed. Where the two don't agree there is no excerpt.

use saphyr_parser::ScalarStyle;

use super::yaml::Scalar;
use crate::text::{Excerpt, ExcerptBuilder, SourceId};

/// The text of a scalar. `None` if its value isn't found in the file.
pub(super) fn excerpt(source: SourceId, text: &str, scalar: &Scalar<'_>) -> Option<Excerpt> {
    let at = content(text, scalar);
    let mut follower = Follower { text, at, value: &scalar.value, done: 0, builder: ExcerptBuilder::new(source) };
    match scalar.style {
        ScalarStyle::Literal => follower.block(false)?,
        ScalarStyle::Folded => follower.block(true)?,
        ScalarStyle::Plain => follower.flow(None)?,
        ScalarStyle::SingleQuoted => follower.flow(Some(b'\''))?,
        ScalarStyle::DoubleQuoted => follower.flow(Some(b'"'))?,
    }
    (follower.done == scalar.value.len()).then(|| follower.builder.finish())
}

/// Where a scalar itself begins: the reader takes its anchor and its tag for part of it.
fn content(text: &str, scalar: &Scalar<'_>) -> usize {
    let is_block = matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded);
    let before = text.get(..scalar.start).unwrap_or_default();
    let line = before.rfind(['\n', '\r']).map_or(before, |at| &before[at + 1..]);
    // The first line of a block may begin with the same signs.
    if is_block && line.trim_start_matches([' ', '\u{feff}']).is_empty() {
        return scalar.start;
    }
    let mut rest = text.get(scalar.start..).unwrap_or_default();
    while rest.starts_with(['&', '!']) {
        let end = rest.find([' ', '\t', '\n', '\r']).unwrap_or(rest.len());
        rest = rest[end..].trim_start_matches([' ', '\t']);
        if !is_block {
            rest = rest.trim_start();
        }
    }
    if is_block && rest.starts_with(['|', '>']) {
        let indicator = rest.find(['\n', '\r']).unwrap_or(rest.len());
        rest = rest[indicator..].trim_start_matches(['\n', '\r', ' ']);
    }
    text.len() - rest.len()
}

/// A line break in the file.
#[derive(Clone, Copy)]
struct Break {
    start: usize,
    end: usize,
}

struct Follower<'t> {
    text: &'t str,
    /// The next byte of the file.
    at: usize,
    value: &'t str,
    /// How much of the value was found.
    done: usize,
    builder: ExcerptBuilder,
}

impl<'t> Follower<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What of the value is still to be found.
    fn rest(&self) -> &'t str {
        self.value.get(self.done..).unwrap_or_default()
    }

    /// The line break at a byte of the file.
    fn break_at(&self, at: usize) -> Option<Break> {
        let length = match (self.text.as_bytes().get(at)?, self.text.as_bytes().get(at + 1)) {
            (b'\r', Some(b'\n')) => 2,
            (b'\r' | b'\n', _) => 1,
            _ => return None,
        };
        Some(Break { start: at, end: at + length })
    }

    /// Where the line that holds a byte ends, before its break.
    fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        rest.find(['\n', '\r']).map_or(self.text.len(), |length| from + length)
    }

    /// The next part of the value, as the bytes up to `end` of the file stand for it.
    fn found(&mut self, part: &str, end: usize) -> Option<()> {
        self.rest().starts_with(part).then(|| {
            self.builder.decoded(part, self.at, end);
            self.done += part.len();
            self.at = end;
        })
    }

    /// The next part of the value stands in the file as it is.
    fn same(&mut self, end: usize) -> Option<()> {
        let part = self.text.get(self.at..end)?;
        self.found(part, end)
    }

    /// `|` and `>`: it begins with the first character of its first line that isn't blank; all lines are indented as
    /// far as that.
    fn block(&mut self, folded: bool) -> Option<()> {
        let head = self.text.get(..self.at)?;
        let above = head.trim_end_matches(' ');
        let width = head.len() - above.len();
        // Blank lines before it are part of it; the line above them holds the indicator.
        self.at = self.line_end(above.trim_end_matches([' ', '\n', '\r']).len());
        // Line breaks that were passed and of which it is not yet known what they stand for.
        let mut breaks: Vec<Break> = Vec::new();
        let mut before: Option<&str> = None;
        while self.done < self.value.len() {
            match self.break_at(self.at) {
                Some(found) => {
                    breaks.push(found);
                    self.at = found.end;
                }
                // The file ends without a line break; the value may still have one.
                None if self.at >= self.text.len() => break,
                None => return None,
            }
            let end = self.line_end(self.at);
            let line = self.text.get(self.at..end)?;
            let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
            if line.len() <= width && blanks == line.len() {
                self.at = end;
                continue;
            }
            if blanks < width {
                // Less indented: the scalar is over.
                self.at = breaks.last().map_or(self.at, |last| last.end);
                break;
            }
            let content = line.get(width..)?;
            self.breaks(&std::mem::take(&mut breaks), folded, before, Some(content))?;
            self.at = end - content.len();
            self.same(end)?;
            before = Some(content);
        }
        self.breaks(&breaks, false, before, None)?;
        Some(())
    }

    /// Line breaks between two lines of a block: each stands for itself, or one of them is folded away, or a single
    /// one is a blank. The break that ends the line of the indicator stands for nothing.
    fn breaks(&mut self, breaks: &[Break], folded: bool, before: Option<&str>, next: Option<&str>) -> Option<()> {
        let breaks = if before.is_none() { breaks.get(1..).unwrap_or_default() } else { breaks };
        let (Some(first), Some(last)) = (breaks.first(), breaks.last()) else {
            // The file ends without a break, which the reader puts in.
            return if next.is_none() && self.done < self.value.len() {
                self.found(self.rest(), self.at)
            } else {
                Some(())
            };
        };
        let here = self.at;
        if folded && breaks.len() == 1 && self.rest().starts_with(' ') && next.is_some() && before.is_some() {
            let end = here.max(last.end);
            self.at = first.start;
            return self.found(" ", end);
        }
        let held = self.rest().bytes().take_while(|byte| *byte == b'\n').count();
        let skipped = match breaks.len().checked_sub(held) {
            // What chomping takes away.
            Some(_) if next.is_none() => 0,
            Some(0) => 0,
            Some(1) if folded => 1,
            None if next.is_none() => 0,
            _ => return None,
        };
        for found in breaks.iter().skip(skipped).take(held) {
            self.at = found.start;
            self.found("\n", found.end)?;
        }
        self.at = here.max(self.at);
        if next.is_none() && self.done < self.value.len() {
            self.found(self.rest(), self.at)?;
        }
        Some(())
    }

    /// Plain and quoted scalars, which may go over several lines.
    fn flow(&mut self, quote: Option<u8>) -> Option<()> {
        if let Some(quote) = quote {
            if self.peek()? != quote {
                return None;
            }
            self.at += 1;
        }
        while self.done < self.value.len() {
            let byte = self.peek()?;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' if self.fold()? => {}
                b'\'' if quote == Some(b'\'') => {
                    if self.text.as_bytes().get(self.at + 1) != Some(&b'\'') {
                        return None;
                    }
                    self.found("'", self.at + 2)?;
                }
                b'\\' if quote == Some(b'"') => self.escape()?,
                _ => {
                    let rest = self.text.get(self.at..)?;
                    let special = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r' | '\'' | '\\');
                    let first = rest.chars().next()?.len_utf8();
                    let more = rest.get(first..)?.find(special).unwrap_or(rest.len() - first);
                    let length = (first + more).min(first.max(self.rest().len()));
                    let end = (self.at..=self.at + length).rev().find(|end| self.text.is_char_boundary(*end))?;
                    self.same(end)?;
                }
            }
        }
        Some(())
    }

    /// Blanks that hold a line break: one break is a blank, more are one fewer. `false` if there is no break in them.
    fn fold(&mut self) -> Option<bool> {
        let mut end = self.at;
        let mut breaks: Vec<Break> = Vec::new();
        while let Some(byte) = self.text.as_bytes().get(end) {
            match self.break_at(end) {
                Some(found) => {
                    breaks.push(found);
                    end = found.end;
                }
                None if matches!(byte, b' ' | b'\t') => end += 1,
                None => break,
            }
        }
        let Some((_, more)) = breaks.split_first() else { return Some(false) };
        match more.split_last() {
            None => self.found(" ", end)?,
            Some((last, others)) => {
                for found in others {
                    self.at = found.start;
                    self.found("\n", found.end)?;
                }
                self.at = last.start;
                self.found("\n", end)?;
            }
        }
        Some(true)
    }

    /// An escape in double quotes.
    fn escape(&mut self) -> Option<()> {
        let kind = self.text.get(self.at + 1..)?.chars().next()?;
        let digits = match kind {
            '\n' | '\r' => {
                // A continued line: the break and the blanks that follow stand for nothing.
                let end = self.break_at(self.at + 1)?.end;
                let rest = self.text.get(end..)?;
                self.at = self.text.len() - rest.trim_start_matches([' ', '\t']).len();
                // Blank lines that follow stand for line breaks.
                while let Some(found) = self.break_at(self.at) {
                    self.found("\n", found.end)?;
                    let rest = self.text.get(self.at..)?;
                    self.at = self.text.len() - rest.trim_start_matches([' ', '\t']).len();
                }
                return Some(());
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let char = self.rest().chars().next()?;
        self.found(char.encode_utf8(&mut [0; 4]), self.at + 1 + kind.len_utf8() + digits)
    }
}
