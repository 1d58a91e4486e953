//! A sound template, and what happens to it: each entry of `fixtures/mutations/arm.json` puts one fault in, names the
//! rule that must find it, and the place that it must point at.

mod support;

use cmklint::analyze::Analysis;
use serde::Deserialize;

use support::{check_files, lines};

const BASE: &str = include_str!("../fixtures/mutations/base.json");
const ARM: &str = include_str!("../fixtures/mutations/arm.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mutation {
    rule: String,
    #[serde(default)]
    case: String,
    /// How many findings there are, all of that rule; one if it isn't said.
    findings: Option<usize>,
    /// The text that the first finding points at.
    place: String,
    /// What stands before it.
    after: String,
    /// Old and new texts; an old text is replaced wherever it stands.
    replace: Vec<(String, String)>,
}

#[test]
fn the_base_is_silent() {
    let checked = check(BASE);
    assert_eq!(lines(&checked), "");
    assert_eq!(checked.undecided, []);
}

#[test]
fn each_fault_is_found_by_its_rule_alone_and_at_its_place() {
    let mutations: Vec<Mutation> = serde_json::from_str(ARM).expect("the fixture is a list of mutations");
    assert!(mutations.len() > 20);
    let mut wrong = Vec::new();
    for (at, mutation) in mutations.iter().enumerate() {
        if let Err(why) = judge(mutation) {
            wrong.push(format!("entry {at}, {}{}: {why}", mutation.rule, mutation.case));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(text: &str) -> Analysis {
    check_files(&[("main.json".to_owned(), text.to_owned())])
}

fn judge(mutation: &Mutation) -> Result<(), String> {
    let mut text = BASE.to_owned();
    for (old, new) in &mutation.replace {
        if !text.contains(old.as_str()) {
            return Err(format!("nothing to replace: {old}"));
        }
        text = text.replace(old.as_str(), new);
    }
    let checked = check(&text);
    let findings = &checked.findings;
    let expected = (&*mutation.rule, &*mutation.case);
    let alone = findings.iter().all(|finding| (&*finding.rule, finding.case) == expected);
    if !alone || findings.len() != mutation.findings.unwrap_or(1) {
        return Err(format!("found:\n{}", lines(&checked)));
    }
    let finding = &findings[0];
    let place = checked.sources.slice(finding.primary);
    let before = &text[..finding.primary.start as usize];
    if place != mutation.place || !before.ends_with(&mutation.after) {
        let line = before.lines().last().unwrap_or_default();
        return Err(format!("points at `{place}` after `{line}`"));
    }
    Ok(())
}
