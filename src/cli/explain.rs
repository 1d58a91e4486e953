//! `cmklint explain`.

use super::args::ExplainArgs;
use super::failure::Failure;
use super::plain_markdown::plain;
use super::{Exit, output};
use crate::rules;

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let rule = rules::find(&args.rule).ok_or_else(|| Failure::Rule(args.rule.clone()))?;
    output::say(&plain(rule.readme), Exit::Fine)
}
