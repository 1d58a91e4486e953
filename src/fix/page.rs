//! Texts around others: a change inside one must not change what is around it.

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

/// Whether a changed page still holds the same texts but for one of them at most: a quote inside a quoted scalar would end it.
pub(super) fn stays(host: Host, source: SourceId, before: &str, after: &str) -> bool {
    let read = match host {
        Host::Plain => return true,
        Host::Markdown => in_markdown,
        Host::Yaml => in_yaml,
    };
    let (before, after) = (read(source, before), read(source, after));
    let same = |one: &Embedded, other: &Embedded| one.excerpt.text() == other.excerpt.text();
    before.len() == after.len()
        && before.iter().zip(&after).all(|(one, other)| one.language == other.language)
        && before.iter().zip(&after).filter(|(one, other)| !same(one, other)).count() <= 1
}
