//! A step of a pipeline that runs a script.

use super::Language;
use super::yaml::Scalar;

/// A script, and what is known of the shell that runs it.
#[derive(Debug)]
pub(super) struct Step<'n, 't> {
    /// `None` if the script itself has to tell.
    pub(super) language: Option<Language>,
    pub(super) script: &'n Scalar<'t>,
    /// Whether `$(name)` is put in by the pipeline.
    pub(super) macros: bool,
}

/// What runs a script.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shell {
    Known(Language),
    /// The machine decides, and isn't told.
    Open,
    /// Something that nothing here reads.
    Foreign,
}

impl Shell {
    /// A step, unless nothing here reads it.
    pub(super) fn step<'n, 't>(self, script: &'n Scalar<'t>, macros: bool) -> Option<Step<'n, 't>> {
        let language = match self {
            Self::Known(language) => Some(language),
            Self::Open => None,
            Self::Foreign => return None,
        };
        Some(Step { language, script, macros })
    }
}
