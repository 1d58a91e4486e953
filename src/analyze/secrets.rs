//! Where values of secure parameters are written, so that reports don't show them.

use std::collections::HashSet;

use crate::discover::{File, What};
use crate::text::Span;

/// The defaults of secure parameters, and what parameters files give to a parameter of such a name; sorted.
///
/// A name that is secure in any template counts as secure in every parameters file: to show too little is the smaller
/// fault.
pub(super) fn secrets(files: &[File]) -> Vec<Span> {
    let mut names = HashSet::new();
    let mut spans = Vec::new();
    for file in files {
        for param in file.program.params.iter().filter(|param| param.secure) {
            names.insert(param.name.to_lowercase());
            spans.extend(param.default.map(|default| file.program.span(default)));
        }
    }
    for file in files.iter().filter(|file| file.what == What::Parameters) {
        let secure = file.program.assigns.iter().filter(|assign| names.contains(&assign.name.to_lowercase()));
        spans.extend(secure.map(|assign| file.program.span(assign.value)));
    }
    spans.sort_unstable();
    spans
}
