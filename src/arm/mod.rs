//! ARM templates and parameters files: from JSON to [`Program`].
//!
//! Reads the whole expression language and templates of all four scopes, nested ones included. A file that is neither
//! is recognised as such and left alone without a word. Files that a template names are only noted in
//! [`Program::files`]; nothing is evaluated here.

mod call;
mod deployment;
mod expression;
mod link;
mod notes;
mod parameters;
mod recognise;
mod resource;
mod template;
#[cfg(test)]
mod tests;
mod value;

pub use notes::Extent;
pub use recognise::{Kind, may_be_template, recognise};

use crate::ir::Program;
use crate::json::{Node, Parsed};
use crate::text::{SourceId, Span};

use notes::Notes;

/// What lowering a text gave.
#[derive(Debug)]
pub struct Lowered {
    /// The program; `None` if the text is neither a template nor a parameters file.
    pub program: Option<Program>,
    /// What could not be read or was read only with leniency; at most a few hundred. Empty without a program.
    pub diagnostics: Vec<(Span, String)>,
    /// How many expressions (`"[...]"`) were read, faulty ones included.
    pub expressions: usize,
}

/// Reads a text as what it says it is.
pub fn lower(source: SourceId, text: &str) -> Lowered {
    let parsed = crate::json::parse(source, text);
    let kind = parsed.root.as_ref().map_or(Kind::Other, recognise);
    lower_parsed(source, &parsed, kind, Extent::Whole)
}

/// Reads a text as `kind`, whatever it says it is: for files that are named as parameters files or templates.
pub fn lower_as(source: SourceId, text: &str, kind: Kind) -> Lowered {
    lower_parsed(source, &crate::json::parse(source, text), kind, Extent::Whole)
}

/// Lowers JSON that was read already. [`Kind::Other`] gives no program.
pub fn lower_parsed(source: SourceId, parsed: &Parsed<'_>, kind: Kind, extent: Extent) -> Lowered {
    let mut notes = Notes::new(&parsed.broken, extent);
    let program = match (&parsed.root, kind) {
        (Some(root), Kind::Template) => Some(lower_template(source, root, &mut notes)),
        (Some(root), Kind::Parameters) => Some(parameters::lower(source, root, &mut notes)),
        _ => None,
    };
    let mut diagnostics = Vec::new();
    if program.is_some() {
        diagnostics.extend_from_slice(&parsed.errors);
        diagnostics.append(&mut notes.diagnostics);
    }
    Lowered { program, diagnostics, expressions: notes.expressions }
}

fn lower_template(source: SourceId, root: &Node<'_>, notes: &mut Notes<'_>) -> Program {
    let mut program = template::lower(source, root, notes, None);
    program.broken.extend(notes.broken.iter().filter(|&&span| !root.span.contains(span)));
    program
}
