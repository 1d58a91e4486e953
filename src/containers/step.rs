//! A step of a pipeline that runs a script, or deploys a template.

use super::Language;
use super::deployment::Deployment;
use super::yaml::Scalar;

/// A script, and what is known of the shell that runs it.
#[derive(Debug)]
pub(super) struct Step<'n, 't> {
    /// `None` if the script itself has to tell.
    pub(super) language: Option<Language>,
    pub(super) script: Written<'n, 't>,
    /// Whether `$(name)` is put in by the pipeline.
    pub(super) macros: bool,
}

/// What a step runs.
#[derive(Debug)]
pub(super) enum Written<'n, 't> {
    /// A script that it holds.
    Script(&'n Scalar<'t>),
    /// The deployment that its inputs say.
    Deployment(Deployment<'n, 't>),
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
        Some(Step { language, script: Written::Script(script), macros })
    }
}

impl<'n, 't> Step<'n, 't> {
    /// A step that deploys a template.
    pub(super) const fn deploying(deployment: Deployment<'n, 't>, macros: bool) -> Self {
        Self { language: Some(Language::Bash), script: Written::Deployment(deployment), macros }
    }
}
