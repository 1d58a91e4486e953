//! `cmklint explain`.

use super::args::ExplainArgs;
use super::failure::Failure;
use super::plain_markdown::plain;
use super::{Exit, output, policies};
use crate::rules;

pub(super) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    if let Some(rule) = rules::find(&args.rule) {
        return output::say(&plain(rule.readme), Exit::Fine);
    }
    let is_meant = |found: &policies::Found| {
        let meta = &found.policy.meta;
        [&meta.id, &meta.slug].iter().any(|name| name.eq_ignore_ascii_case(&args.rule))
    };
    let found = policies::find(&args.rules)?.into_iter().find(is_meant);
    let found = found.ok_or_else(|| Failure::Rule(args.rule.clone()))?;
    let text = match &found.page {
        Some((_, page)) => plain(page),
        None => format!("{} {}\n\n{}.\n", found.policy.meta.id, found.policy.meta.slug, found.policy.meta.title),
    };
    output::say(&text, Exit::Fine)
}
