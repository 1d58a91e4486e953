//! Texts to programs: which front end reads what.

use super::Kind;
use crate::ir::Program;
use crate::ir::script::Script;
use crate::text::{Excerpt, SourceId, Span};
use crate::{arm, bicep, powershell, shell};

/// What a file is to a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// It deploys something, or gives names to files that do.
    Template,
    /// It gives values to the parameters of a template.
    Parameters,
}

/// A file as a program.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) program: Program,
    pub(super) what: What,
    /// What could not be read, in source order.
    pub(super) problems: Vec<(Span, String)>,
}

/// What a text is made of.
#[derive(Debug)]
pub(super) enum Content {
    /// Resources, or values for parameters.
    Program(Box<Lowered>),
    /// Commands.
    Scripts(Vec<Script>),
}

/// Reads a text. `asked` is what another file or the user takes it for; a file that says for itself what it is, is
/// that. `None` if it is nothing of ours.
pub(super) fn lower(kind: Kind, source: SourceId, text: &str, asked: Option<What>) -> Option<Content> {
    match kind {
        Kind::Json => lower_json(source, text, asked).map(|lowered| Content::Program(Box::new(lowered))),
        Kind::Bicep => Some(lowered(bicep::lower(source, text), What::Template)),
        Kind::BicepParameters => Some(lowered(bicep::lower_parameters(source, text), What::Parameters)),
        Kind::Shell => Some(Content::Scripts(vec![shell::parse(&script(source, text))])),
        Kind::PowerShell => Some(Content::Scripts(vec![powershell::parse(&script(source, text))])),
    }
}

fn lowered(bicep: bicep::Lowered, what: What) -> Content {
    Content::Program(Box::new(Lowered { program: bicep.program, what, problems: bicep.diagnostics }))
}

/// A file that is a script as a whole; a byte order mark is no part of it.
fn script(source: SourceId, text: &str) -> Excerpt {
    Excerpt::from(source, text, text.len() - text.trim_start_matches('\u{feff}').len())
}

fn lower_json(source: SourceId, text: &str, asked: Option<What>) -> Option<Lowered> {
    let parsed = crate::json::parse(source, text);
    let said = parsed.root.as_ref().map_or(arm::Kind::Other, arm::recognise);
    let what = match (said, asked) {
        (arm::Kind::Template, _) => What::Template,
        (arm::Kind::Parameters, _) => What::Parameters,
        (arm::Kind::Other, asked) => asked?,
    };
    let kind = match what {
        What::Template => arm::Kind::Template,
        What::Parameters => arm::Kind::Parameters,
    };
    let lowered = arm::lower_parsed(source, &parsed, kind);
    Some(Lowered { program: lowered.program?, what, problems: lowered.diagnostics })
}
