//! Texts around others: a change inside one must not change what is around it.

use std::collections::HashMap;

use crate::containers::{Embedded, in_markdown, in_yaml};
use crate::text::SourceId;

/// What a text is, as far as changing it goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Host {
    /// A script or template as a whole.
    Plain,
    /// A page with fences.
    Markdown,
    /// A pipeline whose scalars are scripts.
    Yaml,
}

/// Bytes of changed pages that are read in one run. Pages are short and have few findings; the fixes of the rest are
/// offered once these are applied.
const MOST: usize = 16 * 1024 * 1024;

/// What pages hold before they are changed.
#[derive(Default)]
pub(super) struct Pages {
    before: HashMap<SourceId, Vec<Embedded>>,
    /// Bytes that were read.
    read: usize,
}

impl Pages {
    /// Whether a changed page still holds the same texts but for one of them at most: a quote inside a quoted scalar
    /// would end it. `after` is asked for only where it counts: a text is as long as its file, and there may be as many
    /// fixes as it has lines.
    pub(super) fn stay(&mut self, host: Host, source: SourceId, before: &str, after: impl FnOnce() -> String) -> bool {
        let read = match host {
            Host::Plain => return true,
            Host::Markdown => in_markdown,
            Host::Yaml => in_yaml,
        };
        self.read = self.read.saturating_add(before.len());
        if self.read > MOST {
            return false;
        }
        let before = self.before.entry(source).or_insert_with(|| read(source, before));
        let after = read(source, &after());
        let same = |one: &Embedded, other: &Embedded| one.excerpt.text() == other.excerpt.text();
        before.len() == after.len()
            && before.iter().zip(&after).all(|(one, other)| one.language == other.language)
            && before.iter().zip(&after).filter(|(one, other)| !same(one, other)).count() <= 1
    }
}
