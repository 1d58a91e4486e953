//! Bicep: `.bicep` and `.bicepparam` files, read whole and lowered to [`crate::ir`].
//!
//! [`lexer`] and [`parser`] accept the whole language of version 0.46, types, extensions and tests included, and go on
//! after what they can't read; [`mod@lower`] keeps what decides deployed values. Other files are named, not opened:
//! [`mod@module_path`] says what an alias stands for. Nothing is evaluated.

mod faults;
pub mod lexer;
mod lower;
pub mod module_path;
pub mod parser;
pub mod syntax;

use parser::{FileKind, Parsed, parse};

use crate::ir::Program;
use crate::text::{SourceId, Span};

/// A file as a program, and what was wrong with it.
#[derive(Debug)]
pub struct Lowered {
    /// What could be read.
    pub program: Program,
    /// Where something is wrong, and what; in source order, the first thousand of each stage. Empty
    /// for every file that Bicep compiles.
    pub diagnostics: Vec<(Span, String)>,
}

/// Reads a `.bicep` file. `text` is all of it, a byte order mark included.
pub fn lower(source: SourceId, text: &str) -> Lowered {
    read(source, text, FileKind::Bicep)
}

/// Reads a `.bicepparam` file: its parameters are [`Program::assigns`]. `base`, by which it refers to the parameters
/// of the file it extends, is a call of the function `base` without arguments.
pub fn lower_parameters(source: SourceId, text: &str) -> Lowered {
    read(source, text, FileKind::Parameters)
}

fn read(source: SourceId, text: &str, kind: FileKind) -> Lowered {
    let Parsed { tree, mut diagnostics, .. } = parse(source, text, kind);
    let (program, more) = lower::lower_tree(source, &tree, kind);
    diagnostics.extend(more);
    diagnostics.sort_by_key(|(span, _)| *span);
    Lowered { program, diagnostics }
}

#[cfg(test)]
mod tests;
