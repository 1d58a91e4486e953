//! What a comment asks for: `cmklint: ignore[CMK102] reason`.

use std::cell::OnceCell;
use std::ops::Range;

use super::comments::{Language, comments};
use crate::text::{LineIndex, Source, SourceId, Span};

/// What every such comment begins with.
const MARK: &str = "cmklint:";

/// A comment that speaks to us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Directive {
    /// The whole comment.
    pub span: Span,
    /// What it asks for; `None` if that can't be understood.
    pub asks: Option<Asks>,
    /// The lines (from 0) that it is about.
    pub lines: Range<usize>,
}

/// A comment that was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Asks {
    /// Ids or slugs, with their places.
    pub rules: Vec<(String, Span)>,
    /// Whether it says why.
    pub has_reason: bool,
}

/// Whether a text may hold a comment that speaks to us.
pub fn may_speak(text: &str) -> bool {
    text.contains(MARK)
}

/// All comments of a text that speak to us.
pub(super) fn directives(id: SourceId, source: &Source, language: Language) -> Vec<Directive> {
    let text = source.text();
    if !may_speak(text) {
        return Vec::new();
    }
    let comments = comments(language, text);
    let lines = Lines::new(text, source.lines(), language, &comments);
    let place = |start: usize, end: usize| Span::new(id, start as u32, end as u32);
    comments.iter().filter_map(|range| directive(text, range, |range| lines.of(range), place)).collect()
}

/// What a comment of a text says, if it is for us. `lines` gives the lines that a comment is about, `place` where bytes of
/// the text are in the file.
pub(super) fn directive(
    text: &str,
    comment: &Range<usize>,
    lines: impl Fn(&Range<usize>) -> Range<usize>,
    place: impl Fn(usize, usize) -> Span,
) -> Option<Directive> {
    let (at, body) = body(text, comment.clone())?;
    Some(Directive { span: place(comment.start, comment.end), asks: asks(at, body, place), lines: lines(comment) })
}

/// What stands behind the mark, and where; `None` if the comment isn't for us.
fn body(text: &str, range: Range<usize>) -> Option<(usize, &str)> {
    let whole = text.get(range.clone())?;
    let inner = whole.strip_prefix("<!--").unwrap_or(whole).trim_start_matches(['/', '*', '#', '<', ' ', '\t']);
    let inner = inner.trim_end().trim_end_matches("*/").trim_end_matches("#>").trim_end_matches("-->").trim_end();
    let behind = inner.strip_prefix(MARK)?;
    let at = range.start + whole.find(MARK)? + MARK.len();
    Some((at, behind))
}

fn asks(at: usize, body: &str, place: impl Fn(usize, usize) -> Span) -> Option<Asks> {
    let list = body.trim_start().strip_prefix("ignore")?.trim_start().strip_prefix('[')?;
    let from = at + (body.len() - list.len());
    let (names, reason) = list.split_once(']')?;
    let mut rules = Vec::new();
    let mut offset = from;
    for name in names.split(',') {
        let trimmed = name.trim();
        if trimmed.is_empty() {
            return None;
        }
        let start = offset + (name.len() - name.trim_start().len());
        rules.push((trimmed.to_owned(), place(start, start + trimmed.len())));
        offset += name.len() + 1;
    }
    Some(Asks { rules, has_reason: reason.chars().any(char::is_alphanumeric) })
}

/// The lines of a text with comments.
pub(super) struct Lines<'t> {
    text: &'t str,
    index: &'t LineIndex,
    language: Language,
    comments: &'t [Range<usize>],
    /// For each line, and what would follow the last: the end of what a comment is about that stands right before it.
    ends: OnceCell<Vec<usize>>,
}

impl<'t> Lines<'t> {
    pub(super) const fn new(
        text: &'t str,
        index: &'t LineIndex,
        language: Language,
        comments: &'t [Range<usize>],
    ) -> Self {
        Self { text, index, language, comments, ends: OnceCell::new() }
    }

    /// The line of a comment. If it stands alone there, the next line that isn't all comment too: up to where a command
    /// ends that goes on over several lines, since there is no room for a comment within.
    pub(super) fn of(&self, comment: &Range<usize>) -> Range<usize> {
        let index = self.index;
        let first = index.line_of(comment.start as u32);
        let last = index.line_of(comment.end.saturating_sub(1) as u32);
        if !self.is_all_comment(last) {
            return first..last + 1;
        }
        first..self.ends.get_or_init(|| self.ends()).get(last + 1).copied().unwrap_or(last + 2)
    }

    fn ends(&self) -> Vec<usize> {
        let lines = self.index.lines();
        let mut ends = vec![lines + 1; lines + 1];
        // Of the command that goes on into the line.
        let mut end_of_command = lines + 1;
        for line in (0..lines).rev() {
            end_of_command = if self.goes_on(line) { end_of_command } else { line + 1 };
            ends[line] = if self.is_all_comment(line) { ends[line + 1] } else { end_of_command };
        }
        ends
    }

    /// Where a line begins, and what is written there.
    pub(super) fn text(&self, line: usize) -> (usize, &str) {
        let begin = |line: usize| self.index.start_of(line).map_or(self.text.len(), |start| start as usize);
        let (start, end) = (begin(line), begin(line + 1));
        (start, self.text.get(start..end).unwrap_or_default())
    }

    fn is_all_comment(&self, line: usize) -> bool {
        let (start, text) = self.text(line);
        let from = start + (text.len() - text.trim_start().len());
        let to = start + text.trim_end().len();
        let at = self.comments.partition_point(|comment| comment.end <= from);
        from < to && self.comments.get(at).is_some_and(|comment| comment.start <= from && to <= comment.end)
    }

    fn goes_on(&self, line: usize) -> bool {
        let text = self.text(line).1.trim_end_matches(['\r', '\n']);
        match self.language {
            Language::Shell => text.ends_with('\\'),
            Language::PowerShell => text.ends_with('`'),
            Language::Json | Language::Bicep => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(language: Language, text: &str) -> Vec<(Vec<String>, bool, Range<usize>)> {
        let source = Source::new("a", "/a", text);
        let found = directives(SourceId(0), &source, language);
        found
            .into_iter()
            .map(|directive| {
                let asks = directive.asks.unwrap_or(Asks { rules: Vec::new(), has_reason: false });
                for (name, span) in &asks.rules {
                    assert_eq!(&text[span.start as usize..span.end as usize], name);
                }
                (asks.rules.into_iter().map(|(name, _)| name).collect(), asks.has_reason, directive.lines)
            })
            .collect()
    }

    #[test]
    fn a_comment_is_about_its_line_or_the_next() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let bicep = "// cmklint: ignore[CMK102] moved next week\n// more\nvar a = 1 // cmklint: ignore[a, b]\n";
        let expected = [(names(&["CMK102"]), true, 0..3), (names(&["a", "b"]), false, 2..3)];
        assert_eq!(read(Language::Bicep, bicep), expected);
        let shell = "# cmklint: ignore[CMK202] why\naz x \\\n  y \\\n  z\nnext\n";
        assert_eq!(read(Language::Shell, shell), [(names(&["CMK202"]), true, 0..4)]);
        let json = "{ /* cmklint: ignore[CMK101] - known */ \"a\": 1 }";
        assert_eq!(read(Language::Json, json), [(names(&["CMK101"]), true, 0..1)]);
    }

    #[test]
    fn what_is_not_understood_is_kept_and_what_is_not_for_us_is_not() {
        let text = "# cmklint: disable\n# cmklint: ignore[]\n# cmklint: ignore[a\n# see cmklint: docs\necho 'cmklint: ignore[b]'\n";
        let found = read(Language::Shell, text);
        assert_eq!(found.len(), 3);
        assert!(found.iter().all(|(rules, ..)| rules.is_empty()));
    }
}
