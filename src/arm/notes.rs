//! What is shared while one file is lowered: remarks, and names that come again and again.

use std::collections::HashSet;
use std::sync::Arc;

use crate::ir::Name;
use crate::text::Span;

/// Remarks of one file, beside those on its JSON.
const MAX_DIAGNOSTICS: usize = 200;

/// Declarations that may be looked through to find out what the addresses of one file end in.
const LINK_FUEL: usize = 10_000_000;

/// Remarks and names of one file.
pub(super) struct Notes<'p> {
    /// Remarks, in the order of discovery.
    pub(super) diagnostics: Vec<(Span, String)>,
    /// How many expressions were read.
    pub(super) expressions: usize,
    /// Regions of the JSON that could not be read.
    pub(super) broken: &'p [Span],
    /// How many declarations may still be looked through for addresses.
    pub(super) link_fuel: usize,
    names: HashSet<Name>,
}

impl<'p> Notes<'p> {
    /// Nothing noted yet; `broken` is what the JSON reader skipped.
    pub(super) fn new(broken: &'p [Span]) -> Self {
        Self { diagnostics: Vec::new(), expressions: 0, broken, link_fuel: LINK_FUEL, names: HashSet::new() }
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

    /// Notes a remark: one sentence, no full stop.
    pub(super) fn remark(&mut self, span: Span, message: impl Into<String>) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            self.diagnostics.push((span, message.into()));
        }
    }
}
