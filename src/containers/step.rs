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
