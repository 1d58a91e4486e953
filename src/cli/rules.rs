//! `cmklint rules`.

use super::args::{PlainFormat, RulesArgs, RulesCommand};
use super::failure::Failure;
use super::{Exit, output, rules_test};
use crate::finding::{Profile, RuleMeta, Severity};
use crate::rules;

pub(super) fn run(args: &RulesArgs) -> Result<Exit, Failure> {
    if let Some(RulesCommand::Test(args)) = &args.command {
        return rules_test::run(args);
    }
    let all = || rules::all().iter().map(|rule| &*rule.meta);
    let text = match args.format {
        PlainFormat::Human => table(all()),
        PlainFormat::Json => {
            let list: Vec<&RuleMeta> = all().collect();
            // Serialising plain data to memory can't fail.
            serde_json::to_string_pretty(&list).unwrap_or_default() + "\n"
        }
    };
    output::say(&text, Exit::Fine)
}

/// One line a rule: id, slug, worst severity, title.
fn table<'a>(all: impl Iterator<Item = &'a RuleMeta>) -> String {
    let all: Vec<&RuleMeta> = all.collect();
    let width = all.iter().map(|meta| meta.slug.len()).max().unwrap_or_default();
    let mut out = String::new();
    for meta in all {
        let worst = meta.cases.iter().filter_map(|case| case.severity(Profile::Current)).max();
        let severity = worst.map_or("off", Severity::as_str);
        out.push_str(&format!("{}  {:width$}  {severity:7}  {}\n", meta.id, meta.slug, meta.title));
    }
    out
}
