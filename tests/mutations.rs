//! A sound template or script in each language, and what happens to it: each entry of `fixtures/mutations/arm.json`,
//! `bicep.json`, `az.json` and `powershell.json` puts one fault in, names the rule that must find it, and the place that
//! it must point at.

mod support;

use cmklint::analyze::Analysis;
use serde::Deserialize;

use support::{check_files, lines};

/// A language's sound template or script.
struct Base {
    name: &'static str,
    text: &'static str,
    mutations: &'static str,
}

const BASES: [Base; 4] = [
    Base {
        name: "main.json",
        text: include_str!("../fixtures/mutations/base.json"),
        mutations: include_str!("../fixtures/mutations/arm.json"),
    },
    Base {
        name: "main.bicep",
        text: include_str!("../fixtures/mutations/base.bicep"),
        mutations: include_str!("../fixtures/mutations/bicep.json"),
    },
    Base {
        name: "main.sh",
        text: include_str!("../fixtures/mutations/base.sh"),
        mutations: include_str!("../fixtures/mutations/az.json"),
    },
    Base {
        name: "main.ps1",
        text: include_str!("../fixtures/mutations/base.ps1"),
        mutations: include_str!("../fixtures/mutations/powershell.json"),
    },
];

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
fn the_bases_are_silent() {
    for base in BASES {
        let checked = check(&base, base.text);
        assert_eq!(lines(&checked), "", "{}", base.name);
        assert_eq!(checked.undecided, [], "{}", base.name);
    }
}

#[test]
fn each_fault_is_found_by_its_rule_alone_and_at_its_place() {
    let mut wrong = Vec::new();
    for base in BASES {
        let mutations: Vec<Mutation> =
            serde_json::from_str(base.mutations).expect("the fixture is a list of mutations");
        assert!(mutations.len() > 20);
        for (at, mutation) in mutations.iter().enumerate() {
            if let Err(why) = judge(&base, mutation) {
                wrong.push(format!("{}, entry {at}, {}{}: {why}", base.name, mutation.rule, mutation.case));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(base: &Base, text: &str) -> Analysis {
    check_files(&[(base.name.to_owned(), text.to_owned())])
}

fn judge(base: &Base, mutation: &Mutation) -> Result<(), String> {
    let mut text = base.text.to_owned();
    for (old, new) in &mutation.replace {
        if !text.contains(old.as_str()) {
            return Err(format!("nothing to replace: {old}"));
        }
        text = text.replace(old.as_str(), new);
    }
    let checked = check(base, &text);
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
