//! A syntax tree to a [`Program`].
//!
//! Names become what they stand for, operators become calls, loops and modules what other languages have for them.
//! Types are read only for what they say about a parameter's values.

mod calls;
mod declarations;
mod expressions;
mod names;
mod parameters;
mod types;
mod units;

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use names::Names;

use super::faults::Faults;
use super::parser::FileKind;
use super::syntax::{Expr, ExprKind, Identifier, StrPart, Tree};
use crate::ir::{Dialect, Expr as Ir, ExprId, FileRef, Name, Piece, Pieces, Program, RefKind};
use crate::text::{SourceId, Span};

/// How many strings and variables a path may be made of.
const CONSTANT_STEPS: u32 = 64;
/// The longest path that is looked at, in bytes.
const LONGEST_PATH: usize = 4_096;

/// Lowers a whole file. The diagnostics are about names and numbers; the parser has said the rest.
pub(super) fn lower_tree(source: SourceId, tree: &Tree<'_>, kind: FileKind) -> (Program, Vec<(Span, String)>) {
    let dialect = match kind {
        FileKind::Bicep => Dialect::Bicep,
        FileKind::Parameters => Dialect::BicepParameters,
    };
    let mut program = Program::new(source, dialect);
    program.symbolic = true;
    program.broken.clone_from(&tree.skipped);
    let mut lowering = Lowering {
        program,
        names: Names::of(tree),
        parameters_file: kind == FileKind::Parameters,
        whole: tree.skipped.is_empty(),
        locals: HashMap::new(),
        interned: HashMap::new(),
        faults: Faults::default(),
        type_steps: types::STEPS_PER_FILE,
    };
    for declaration in &tree.declarations {
        lowering.declaration(declaration);
    }
    (lowering.program, lowering.faults.into_vec())
}

/// What a name stands for inside of a lambda, loop, function or resource.
#[derive(Clone, Copy)]
enum Local {
    /// An item, index or argument.
    Value,
    /// A resource nested in one that is being lowered: the one it is nested in.
    Nested(ExprId),
}

struct Lowering<'t, 'p> {
    program: Program,
    names: Names<'t, 'p>,
    parameters_file: bool,
    /// Whether all of the file could be read, so that a name that isn't declared is certainly nowhere.
    whole: bool,
    /// For every name what it stands for, the innermost last.
    locals: HashMap<&'t str, Vec<Local>>,
    interned: HashMap<&'t str, Name>,
    faults: Faults,
    /// How much may still be spent on following types.
    type_steps: usize,
}

impl<'t> Lowering<'t, '_> {
    fn add(&mut self, expr: Ir, span: Span) -> ExprId {
        self.program.add(expr, span)
    }

    fn broken(&mut self, span: Span) -> ExprId {
        self.add(Ir::Broken, span)
    }

    fn report(&mut self, span: Span, message: String) {
        self.faults.add(span, message);
    }

    /// One allocation for all uses of a name.
    fn name(&mut self, text: &'t str) -> Name {
        Arc::clone(self.interned.entry(text).or_insert_with(|| Arc::from(text)))
    }

    /// A string literal of the bytes of a name.
    fn text(&mut self, name: Identifier<'t>) -> ExprId {
        let text = if name.is_missing() { Ir::Str(Pieces::new()) } else { Ir::text(self.name(name.text), name.span) };
        self.add(text, name.span)
    }

    /// A string literal that is written nowhere.
    fn implied(&mut self, text: &'static str, at: Span) -> ExprId {
        let nowhere = Span { end: at.start, ..at };
        let piece = Piece::Literal(self.name(text), nowhere);
        self.add(Ir::Str(Pieces::from_iter([piece])), at)
    }

    fn open_local(&mut self, name: Identifier<'t>, local: Local) {
        self.locals.entry(name.text).or_default().push(local);
    }

    fn close_local(&mut self, name: Identifier<'t>) {
        if let Some(meanings) = self.locals.get_mut(name.text) {
            meanings.pop();
        }
    }

    fn local(&self, name: &str) -> Option<Local> {
        self.locals.get(name).and_then(|meanings| meanings.last()).copied()
    }

    /// Adds a file that a string names, if the string is known.
    fn file(&mut self, path: &Expr<'t>, local: RefKind) -> Option<usize> {
        let text = self.constant(path)?;
        let kind = match text.split_once([':', '/']).map(|(scheme, _)| scheme) {
            Some("br" | "oci") => RefKind::Registry,
            Some("ts") => RefKind::TemplateSpec,
            _ => local,
        };
        self.program.files.push(FileRef { path: text.into(), span: path.span, kind });
        Some(self.program.files.len() - 1)
    }

    /// The text of an expression that is a string literal, or a name for one.
    fn constant(&self, expr: &Expr<'t>) -> Option<String> {
        let mut text = String::new();
        let mut steps = CONSTANT_STEPS;
        self.append_constant(expr, &mut text, &mut steps).then_some(text)
    }

    /// The steps are bounded, for variables may name each other, or themselves.
    fn append_constant(&self, expr: &Expr<'t>, text: &mut String, steps: &mut u32) -> bool {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        match &expr.unwrapped().kind {
            ExprKind::Str(parts) => parts.iter().all(|part| match part {
                StrPart::Text(part, _) => {
                    text.push_str(part);
                    text.len() <= LONGEST_PATH
                }
                StrPart::Hole(inner) => self.append_constant(inner, text, steps),
            }),
            ExprKind::Name(name) if self.local(name.text).is_none() => {
                self.names.variable(name.text).is_some_and(|value| self.append_constant(value, text, steps))
            }
            _ => false,
        }
    }
}
