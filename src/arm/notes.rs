//! What is shared while one file is lowered: remarks, and names that come again and again.

use std::sync::Arc;

use foldhash::HashSet;

use crate::ir::Name;
use crate::text::Span;

/// Remarks of one file, beside those on its JSON.
const MAX_DIAGNOSTICS: usize = 200;

/// Declarations that may be looked through to find out what the addresses of one file end in.
const LINK_FUEL: usize = 10_000_000;

/// Texts of more bytes seldom come again.
const SHORT: usize = 32;

/// How much of a file is lowered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// All of it.
    Whole,
    /// What other files are named by: deployments, and what the addresses of their templates are put together from.
    Links,
}

/// Remarks and names of one file.
pub(super) struct Notes<'p> {
    /// How much of it is lowered.
    pub(super) extent: Extent,
    /// Remarks, in the order of discovery.
    pub(super) diagnostics: Vec<(Span, String)>,
    /// How many expressions were read.
    pub(super) expressions: usize,
    /// Regions of the JSON that could not be read, in source order.
    pub(super) broken: &'p [Span],
    /// How many declarations may still be looked through for addresses.
    pub(super) link_fuel: usize,
    names: HashSet<Name>,
}

impl<'p> Notes<'p> {
    /// Nothing noted yet; `broken` is what the JSON reader skipped.
    pub(super) fn new(broken: &'p [Span], extent: Extent) -> Self {
        let (diagnostics, names) = (Vec::new(), HashSet::default());
        Self { extent, diagnostics, expressions: 0, broken, link_fuel: LINK_FUEL, names }
    }

    /// The first region right in the object or array at `span` that could not be read: it is of none of the children,
    /// whose spans are `child(0..count)` in source order. What isn't closed at the end of the text lacks something
    /// at every level.
    pub(super) fn gap(&self, span: Span, count: usize, child: impl Fn(usize) -> Span) -> Option<Span> {
        let first = self.broken.partition_point(|gap| gap.start < span.start);
        let within = self.broken.get(first..)?.iter().take_while(|gap| gap.start <= span.end);
        within.copied().find(|gap| {
            let before = partition(count, |at| child(at).start <= gap.start);
            let in_child = before.checked_sub(1).is_some_and(|at| child(at).contains(*gap));
            span.contains(*gap) && (!in_child || gap.end == span.end)
        })
    }

    /// The one copy of a name.
    pub(super) fn name(&mut self, text: &str) -> Name {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let name: Name = text.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    /// A text that may come again: short ones mostly do, and then there is one copy of them.
    pub(super) fn text(&mut self, text: &str) -> Name {
        if text.len() <= SHORT { self.name(text) } else { text.into() }
    }

    /// Notes a remark: one sentence, no full stop.
    pub(super) fn remark(&mut self, span: Span, message: impl Into<String>) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push((span, message.into()));
        }
    }
}

/// How many of the first `count` numbers hold, where those that hold come first.
fn partition(count: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}
