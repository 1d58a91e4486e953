//! Exit codes.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// Nothing at or above `--fail-on`.
    Fine,
    /// Findings, or with `--strict` undecided checks.
    Findings,
    /// The run could not be made as asked.
    CouldNotWork,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Findings => 1,
            Exit::CouldNotWork => 2,
        })
    }
}
