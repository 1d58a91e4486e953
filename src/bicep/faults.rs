//! What is wrong with a file, as far as a reader wants to know.

use crate::text::Span;

/// How many faults one stage records. A file with more is no Bicep, whatever its name.
const MOST: usize = 1_000;

/// Places and messages, bounded.
#[derive(Default, Debug)]
pub(super) struct Faults {
    all: Vec<(Span, String)>,
}

impl Faults {
    pub(super) fn add(&mut self, span: Span, message: impl Into<String>) {
        if self.all.len() < MOST {
            self.all.push((span, message.into()));
        }
    }

    /// Where the last one begins.
    pub(super) fn last_start(&self) -> Option<u32> {
        self.all.last().map(|(span, _)| span.start)
    }

    pub(super) fn into_vec(self) -> Vec<(Span, String)> {
        self.all
    }
}
