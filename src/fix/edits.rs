//! From what is to be done to the bytes that are to be replaced.

use crate::finding::{Change, Edit, Remedy};
use crate::text::Span;

/// The edits of a remedy, in order; `None` where the text isn't as the rule takes it to be.
pub(super) fn edits(text: &str, remedy: &Remedy) -> Option<Vec<Edit>> {
    let place = Place::of(text, remedy.at)?;
    match &remedy.change {
        Change::Write { from, to } => place.write(from, to),
        Change::Quote(word) => (place.raw == word).then(|| place.whole(format!("'{word}'"))),
        Change::Unquote(inner) => place.is_quoted(inner).then(|| place.whole(inner.clone())),
        Change::Split(words) => place.split(words),
        Change::Ends { from, to } => place.ends(*from, *to),
        Change::Follow { member, also } => {
            let all = std::iter::once(remedy.at).chain(also.iter().copied());
            let mut edits = all.map(|at| Place::of(text, at)?.follow(member)).collect::<Option<Vec<_>>>()?;
            edits.sort();
            Some(edits)
        }
        Change::Parts { separator, count, keep } => place.parts(*separator, *count, keep),
        Change::DropPair => place.drop_pair(),
        Change::DropItem => place.drop_item(),
        Change::DropName => place.drop_with_comma(),
        Change::DropComment => place.drop_comment(),
        Change::Join => place.join(),
        Change::Continue => place.go_on(),
    }
}

/// A place in a text.
#[derive(Clone, Copy)]
struct Place<'t> {
    text: &'t str,
    at: Span,
    raw: &'t str,
}

impl<'t> Place<'t> {
    fn of(text: &'t str, at: Span) -> Option<Self> {
        Some(Self { text, at, raw: text.get(at.start as usize..at.end as usize)? })
    }

    fn edit(&self, start: usize, end: usize, replacement: impl Into<String>) -> Edit {
        Edit { span: Span::new(self.at.source, start as u32, end as u32), replacement: replacement.into() }
    }

    fn whole(&self, replacement: String) -> Vec<Edit> {
        vec![self.edit(self.start(), self.end(), replacement)]
    }

    const fn start(&self) -> usize {
        self.at.start as usize
    }

    const fn end(&self) -> usize {
        self.at.end as usize
    }

    /// What stands before it.
    fn before(&self) -> &'t str {
        self.text.get(..self.start()).unwrap_or_default()
    }

    /// What stands behind it.
    fn behind(&self) -> &'t str {
        self.text.get(self.end()..).unwrap_or_default()
    }

    fn write(&self, from: &str, to: &str) -> Option<Vec<Edit>> {
        let mut places = self.raw.match_indices(from).map(|(at, _)| self.start() + at).filter(|&at| {
            let (before, behind) = (self.text.get(..at), self.text.get(at + from.len()..));
            is_apart(before.and_then(|before| before.chars().next_back()), from.chars().next())
                && is_apart(from.chars().next_back(), behind.and_then(|behind| behind.chars().next()))
        });
        let at = places.next()?;
        // Found a second time, it can't be told which is meant.
        if places.next().is_some() {
            return None;
        }
        // What `to` puts in front may stand there already, in a part of the text that the rule doesn't see.
        let before = self.text.get(..at)?;
        let in_front = to.strip_suffix(from).filter(|in_front| !in_front.is_empty());
        if in_front.is_some_and(|in_front| before.ends_with(in_front)) {
            return None;
        }
        Some(vec![self.edit(at, at + from.len(), to)])
    }

    /// Whether it is a text in quotes, in which nothing has to be escaped.
    fn is_quoted(&self, inner: &str) -> bool {
        let plain = !inner.is_empty() && !inner.contains(['"', '\'', '\\', '`', '$']);
        plain && ["'", "\""].iter().any(|quote| self.raw == format!("{quote}{inner}{quote}"))
    }

    fn split(&self, words: &str) -> Option<Vec<Edit>> {
        let is_word = |char: char| char.is_ascii_alphanumeric() || "-_.,=/".contains(char);
        let sound = words.split(' ').all(|word| word.starts_with(char::is_alphanumeric) && word.chars().all(is_word));
        let torn = words.split(' ').any(|word| word.ends_with(','));
        let alone = self.before().ends_with([' ', '\t']) && !self.behind().starts_with(|char| !is_blank(char));
        (sound && !torn && alone && self.is_quoted(words)).then(|| self.whole(words.to_owned()))
    }

    fn ends(&self, from: (&str, &str), to: (&str, &str)) -> Option<Vec<Edit>> {
        let inner = self.raw.strip_prefix(from.0)?.strip_suffix(from.1)?;
        let (start, end) = (self.start() + from.0.len(), self.start() + from.0.len() + inner.len());
        Some(vec![self.edit(self.start(), start, to.0), self.edit(end, self.end(), to.1)])
    }

    fn follow(&self, member: &str) -> Option<Edit> {
        let value = self.behind().trim_start().strip_prefix('=')?.trim_start_matches([' ', '\t']);
        let name = value.strip_prefix('$')?;
        let rest = name.trim_start_matches(is_word);
        let goes_on = rest.starts_with(['.', '[', ':', '(', '?']);
        let end = self.text.len() - rest.len();
        (rest.len() < name.len() && !goes_on).then(|| self.edit(end, end, member))
    }

    fn parts(&self, separator: char, count: usize, keep: &[usize]) -> Option<Vec<Edit>> {
        let quote = ["'", "\""].into_iter().find(|quote| self.raw.len() > 1 && self.raw.starts_with(quote));
        let inner = match quote {
            Some(quote) => self.raw.strip_prefix(quote)?.strip_suffix(quote)?,
            None => self.raw,
        };
        // Substitutions, escapes and braces may hold separators of their own.
        let is_plain = !inner.contains(['\'', '"', '\\', '`', '(', ')', ' ', '\t', '\n', '\r']);
        let braces = inner.match_indices('{').all(|(at, _)| inner.get(..at).is_some_and(|head| head.ends_with('$')));
        let parts: Vec<&str> = inner.split(separator).collect();
        if !is_plain || !braces || parts.len() != count {
            return None;
        }
        let kept = keep.iter().map(|&at| parts.get(at).copied()).collect::<Option<Vec<_>>>()?;
        let start = self.start() + quote.map_or(0, str::len);
        Some(vec![self.edit(start, start + inner.len(), kept.join(separator.encode_utf8(&mut [0; 4])))])
    }

    fn drop_pair(&self) -> Option<Vec<Edit>> {
        let is_part =
            |part: &str| !part.is_empty() && part.chars().all(|char| is_word(char) || "$/.-{}".contains(char));
        let (lun, set) = self.raw.split_once(',')?;
        let ends = self
            .behind()
            .chars()
            .next()
            .is_none_or(|char| char == ',' || char == '"' || char == '\'' || is_blank(char));
        let sound = is_part(lun) && is_part(set) && ends && self.before().ends_with(',');
        sound.then(|| vec![self.edit(self.start() - 1, self.end(), "")])
    }

    fn drop_item(&self) -> Option<Vec<Edit>> {
        let is_item = self.raw.starts_with(['{', '@']) && self.raw.ends_with('}');
        if !is_item {
            return None;
        }
        if let Some(edits) = self.drop_with_comma() {
            return Some(edits);
        }
        let behind = self.behind();
        // Items that line ends separate: it goes with its lines, if nothing else is on them.
        let indent = self.before().len() - self.before().trim_end_matches([' ', '\t']).len();
        let rest = behind.trim_start_matches([' ', '\t']);
        let line_end = ["\r\n", "\n"].into_iter().find(|end| rest.starts_with(end))?;
        let begins_line = self.before().get(..self.start() - indent).is_some_and(|head| head.ends_with('\n'));
        let end = self.end() + (behind.len() - rest.len()) + line_end.len();
        begins_line.then(|| vec![self.edit(self.start() - indent, end, "")])
    }

    fn drop_with_comma(&self) -> Option<Vec<Edit>> {
        let before = self.before().trim_end();
        if before.ends_with(',') {
            return Some(vec![self.edit(before.len() - 1, self.end(), "")]);
        }
        let rest = self.behind().trim_start().strip_prefix(',')?.trim_start();
        Some(vec![self.edit(self.start(), self.text.len() - rest.len(), "")])
    }

    fn drop_comment(&self) -> Option<Vec<Edit>> {
        let is_comment = ["//", "/*", "#", "<#", "<!--"].iter().any(|opening| self.raw.starts_with(opening));
        let head = self.before().trim_end_matches([' ', '\t']);
        let rest = self.behind().trim_start_matches([' ', '\t']);
        let end = self.text.len() - rest.len();
        let is_first = head.is_empty() || head.ends_with('\n');
        let line_end = ["\r\n", "\n"].into_iter().find(|end| rest.starts_with(end));
        let edit = match (line_end, is_first) {
            (Some(line_end), true) => self.edit(head.len(), end + line_end.len(), ""),
            (Some(_), false) => self.edit(head.len(), end, ""),
            (None, _) if rest.is_empty() => self.edit(head.len(), end, ""),
            // Words on both sides of it stay apart.
            (None, _) if is_first || self.before().ends_with([' ', '\t']) => self.edit(self.start(), end, ""),
            (None, _) => return None,
        };
        is_comment.then(|| vec![edit])
    }

    fn join(&self) -> Option<Vec<Edit>> {
        let next = self.behind().trim_start_matches([' ', '\t']);
        let blanks = self.behind().len() - next.len();
        let is_word = next.starts_with(|char: char| char.is_ascii_alphanumeric() || "$/{".contains(char));
        let plain = self.raw.ends_with(',') && !self.raw.contains(['\'', '"', '\\', '`']);
        (plain && blanks > 0 && is_word).then(|| vec![self.edit(self.end(), self.end() + blanks, "")])
    }

    fn go_on(&self) -> Option<Vec<Edit>> {
        let head = self.before().trim_end_matches([' ', '\t']);
        let above = head.strip_suffix('\n')?;
        let above = above.strip_suffix('\r').unwrap_or(above);
        let line = above.rsplit('\n').next()?;
        let end = above.len();
        let written = line.trim_end();
        let escaped = written.len() - written.trim_end_matches('\\').len();
        match (escaped, written.len() == line.len()) {
            // The line goes on, but what follows isn't indented within its script: the words are glued together.
            (1, true) => Some(vec![self.edit(self.start(), self.start(), "  ")]),
            // Blanks behind the backslash.
            (1, false) => Some(vec![self.edit(end - (line.len() - written.len()), end, "")]),
            (0, _) => {
                let is_command = !written.is_empty() && !written.contains('#');
                let goes_on = is_command && !written.ends_with([';', '&', '|', '(', '{', '`', '^']);
                goes_on.then(|| vec![self.edit(end - (line.len() - written.len()), end, " \\")])
            }
            _ => None,
        }
    }
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

const fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\n' | '\r')
}

/// Whether no word goes on from one character to the next.
fn is_apart(one: Option<char>, other: Option<char>) -> bool {
    !(one.is_some_and(is_word) && other.is_some_and(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::applied;
    use crate::text::SourceId;

    /// What becomes of a text whose place stands between `«` and `»`; nothing where there is no fix.
    fn fixed(marked: &str, change: Change) -> Option<String> {
        let start = marked.find('«').expect("a place begins");
        let text = marked.replace(['«', '»'], "");
        let end = marked.find('»').expect("a place ends") - '«'.len_utf8();
        let at = Span::new(SourceId(0), start as u32, end as u32);
        let edits = edits(&text, &Remedy { safe: true, at, change })?;
        Some(applied(&text, &edits))
    }

    #[test]
    fn a_change_is_written_as_the_place_has_it_or_not_at_all() {
        let write = |from: &str, to: &str| Change::Write { from: from.into(), to: to.into() };
        let slash = || write("subscriptions", "/subscriptions");
        let follow = || Change::Follow { member: ".Id", also: Vec::new() };
        let swap = || Change::Parts { separator: ',', count: 3, keep: vec![0, 2, 1] };
        let table = || Change::Ends { from: ("@{", "}"), to: ("@(@{", "})") };
        let cases: Vec<(&str, Change, Option<&str>)> = vec![
            ("a: «\"subscriptions/1\"»", slash(), Some("a: \"/subscriptions/1\"")),
            ("«concat('/', 'subscriptions/1')»", slash(), Some("concat('/', '/subscriptions/1')")),
            ("'/«subscriptions/1»'", slash(), None),
            ("«subscriptions/subscriptions»", slash(), None),
            ("«\"\\u0073ubscriptions/1\"»", slash(), None),
            (
                "«x/diskEncryptionSet/diskEncryptionSet1»",
                write("diskEncryptionSet", "diskEncryptionSets"),
                Some("x/diskEncryptionSets/diskEncryptionSet1"),
            ),
            ("a=«Standard_LRS»;", Change::Quote("Standard_LRS".into()), Some("a='Standard_LRS';")),
            ("a=«$x»;", Change::Quote("Standard_LRS".into()), None),
            ("lun: «'0'»", Change::Unquote("0".into()), Some("lun: 0")),
            ("lun: «'${0}'»", Change::Unquote("0".into()), None),
            ("r «'westus eastus'» -x", Change::Split("westus eastus".into()), Some("r westus eastus -x")),
            ("r=«'westus eastus'» -x", Change::Split("westus eastus".into()), None),
            ("r «'d,0, e'» -x", Change::Split("d,0, e".into()), None),
            ("«@{ Lun = 0 }»", table(), Some("@(@{ Lun = 0 })")),
            ("«$disks»", table(), None),
            ("«Id» = $des; n", follow(), Some("Id = $des.Id; n")),
            ("«Id» = $des.Name", follow(), None),
            ("«\"$OS,$D,0\"»", swap(), Some("\"$OS,0,$D\"")),
            ("«o,$(x 1,2),0»", swap(), None),
            ("«o,{a,0}»", swap(), None),
            ("o,0,a,«0,a» b", Change::DropPair, Some("o,0,a b")),
            ("o,0,a,«0,a»$b", Change::DropPair, None),
            ("[{}, «{ a: {} }»]", Change::DropItem, Some("[{}]")),
            ("[ «{ }» , { } ]", Change::DropItem, Some("[ { } ]")),
            ("[\n  {}\n  «{\n  }»\n]", Change::DropItem, Some("[\n  {}\n]")),
            ("[\n  {}\n  «{\n  }» // why\n]", Change::DropItem, None),
            ("«a,» 0,b", Change::Join, Some("a,0,b")),
            ("«a,»\n0,b", Change::Join, None),
            ("az x\n  «--y»", Change::Continue, Some("az x \\\n  --y")),
            ("az x \\  \r\n  «--y»", Change::Continue, Some("az x \\\r\n  --y")),
            ("az x\\\n«--y»", Change::Continue, Some("az x\\\n  --y")),
            ("az x # c\n  «--y»", Change::Continue, None),
            ("az x |\n  «--y»", Change::Continue, None),
            ("«--y»", Change::Continue, None),
        ];
        for (marked, change, expected) in cases {
            assert_eq!(fixed(marked, change.clone()).as_deref(), expected, "{marked} {change:?}");
        }
    }
}
