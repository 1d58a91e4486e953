//! What is written about the rules holds: `rules/<ID>/rule.json` and README are whole, and every example in a README is
//! checked to say what it claims.
//!
//! A fence opens with ```` ```json raises ````, `silent` or `undecided`, `profile=2021` where that is meant, `file=NAME`
//! where several files belong together, and `before` where a file is as it was at the revision that the others, which
//! follow, are compared with. `raises`: exactly this rule, once, and no other error or warning. `silent`: none of any
//! rule. `undecided`: the same, and this rule could not decide.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use cmklint::analyze::Analysis;
use cmklint::finding::{Format, Profile, Severity};
use cmklint::rules::{self, Registered};

use support::{check_files_since, check_files_with, lines};

/// What an example claims.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Claim {
    Raises,
    Silent,
    Undecided,
}

/// An example: files that belong together.
struct Example {
    claim: Claim,
    profile: Profile,
    format: Format,
    /// The line of its first fence, from 1.
    line: usize,
    /// What the files were, where the example is a change.
    before: Vec<(String, String)>,
    files: Vec<(String, String)>,
}

/// The languages of examples, the name that a file without one gets, and the format that it is of.
const LANGUAGES: &[(&str, &str, Format)] = &[
    ("json", "main.json", Format::Arm),
    ("bicep", "main.bicep", Format::Bicep),
    ("bash", "main.sh", Format::Az),
    ("powershell", "main.ps1", Format::Powershell),
];

/// Whether each case must be shown in a language: of what commands and resources have in common, one suffices.
fn is_shown_in(formats: &[Format], format: Format) -> bool {
    let resources = [Format::Arm, Format::Bicep];
    formats.contains(&format)
        && (resources.contains(&format) || !formats.iter().any(|format| resources.contains(format)))
}

#[test]
fn every_example_says_what_it_claims() {
    let mut wrong = Vec::new();
    for rule in rules::all() {
        for example in examples(rule) {
            if let Err(why) = judge(rule, &example) {
                wrong
                    .push(format!("rules/{}/README.md:{}: {:?}, but {why}", rule.meta.id, example.line, example.claim));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_case_is_raised_by_an_example_and_every_rule_has_a_silent_one() {
    let mut missing = Vec::new();
    for rule in rules::all() {
        let examples = examples(rule);
        for &(language, _, format) in LANGUAGES {
            let of = |claim| examples.iter().filter(move |example| example.format == format && example.claim == claim);
            let mut raised = BTreeSet::new();
            for example in of(Claim::Raises) {
                let checked = checked(rule, example);
                raised.extend(checked.findings.iter().map(|finding| finding.case.to_owned()));
            }
            for case in &rule.meta.cases {
                if is_shown_in(&case.formats, format) && !raised.contains(&case.letter) {
                    missing.push(format!("{}: nothing raises case `{}` in {language}", rule.meta.id, case.letter));
                }
            }
            // What the pipeline itself raises doesn't hang on the language.
            let is_of_pipeline = rule.meta.id.starts_with("CMK0");
            let speaks = !is_of_pipeline && rule.meta.cases.iter().any(|case| case.formats.contains(&format));
            if speaks && raised.is_empty() {
                missing.push(format!("{}: nothing raises it in {language}", rule.meta.id));
            }
            if speaks && of(Claim::Silent).next().is_none() {
                missing.push(format!("{}: no silent example in {language}", rule.meta.id));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_folder_is_a_rule_and_every_readme_has_its_headings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut folders: Vec<String> = std::fs::read_dir(folder)
        .expect("the rules' folder can be read")
        .map(|entry| entry.expect("its entries can be read"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let ids: Vec<String> = rules::all().iter().map(|rule| rule.meta.id.clone()).collect();
    assert_eq!(folders, ids);
    for rule in rules::all() {
        let headings: Vec<&str> = rule.readme.lines().filter(|line| line.starts_with('#')).collect();
        let title = format!("# {} `{}`", rule.meta.id, rule.meta.slug);
        let expected = [&*title, "## Why", "## Raises", "## Stays silent", "## How to fix", "## Limits"];
        assert_eq!(headings, expected, "{}", rule.meta.id);
        let differs = rule.meta.cases.iter().any(|case| case.current != case.y2021);
        let says = rule.readme.contains("profiles don't differ");
        assert!(rule.readme.to_lowercase().contains("profile") && !(differs && says), "{}: profiles", rule.meta.id);
    }
}

#[test]
fn ids_and_slugs_and_letters_are_unique() {
    let mut names = BTreeSet::new();
    for rule in rules::all() {
        assert_eq!(rule.id, rule.meta.id);
        assert!(names.insert(rule.meta.id.clone()), "{}", rule.meta.id);
        assert!(names.insert(rule.meta.slug.clone()), "{}", rule.meta.slug);
        assert!(!rule.meta.title.ends_with('.'), "{}", rule.meta.id);
        let letters: BTreeSet<&str> = rule.meta.cases.iter().map(|case| &*case.letter).collect();
        assert_eq!(letters.len(), rule.meta.cases.len(), "{}", rule.meta.id);
        assert!(!rule.meta.cases.is_empty(), "{}", rule.meta.id);
    }
}

/// Checks an example; a rule that runs only where it is asked for, is.
fn checked(rule: &Registered, example: &Example) -> Analysis {
    if !example.before.is_empty() {
        return check_files_since(&example.before, &example.files, false);
    }
    let asked: &[&str] = if rule.meta.opt_in { &[&rule.meta.id] } else { &[] };
    check_files_with(&example.files, asked, example.profile)
}

fn judge(rule: &Registered, example: &Example) -> Result<(), String> {
    let checked = checked(rule, example);
    let mine = checked.findings.iter().filter(|finding| *finding.rule == *rule.meta.id).count();
    let loud =
        checked.findings.iter().any(|finding| finding.severity > Severity::Note && *finding.rule != *rule.meta.id);
    let found = if checked.findings.is_empty() { "nothing is found".to_owned() } else { lines(&checked) };
    match example.claim {
        Claim::Raises if mine == 1 && !loud => Ok(()),
        Claim::Silent if mine == 0 && !loud => Ok(()),
        Claim::Undecided if mine == 0 && !loud => {
            let undecided = checked.undecided.iter().any(|undecided| *undecided.rule == *rule.meta.id);
            if undecided { Ok(()) } else { Err("everything is decided".to_owned()) }
        }
        _ => Err(found),
    }
}

/// The examples of a README. A fence of a language that isn't checked here fails rather than being passed over.
fn examples(rule: &Registered) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut lines = rule.readme.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let mut text = String::new();
        for (_, line) in lines.by_ref().take_while(|(_, line)| !line.starts_with("```")) {
            text.push_str(line);
            text.push('\n');
        }
        let place = format!("rules/{}/README.md:{}", rule.meta.id, at + 1);
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_else(|| panic!("{place}: a fence without language"));
        let Some(claim) = words.next() else { continue };
        let claim = match claim {
            "raises" => Claim::Raises,
            "silent" => Claim::Silent,
            "undecided" => Claim::Undecided,
            other => panic!("{place}: `{other}` is no claim"),
        };
        let (_, name, format) = LANGUAGES
            .iter()
            .find(|(known, ..)| *known == language)
            .unwrap_or_else(|| panic!("{place}: examples in `{language}` aren't checked"));
        let (mut named, mut is_before, mut profile) = (None, false, Profile::Current);
        for word in words {
            match word.split_once('=') {
                Some(("file", name)) => named = Some(name.to_owned()),
                Some(("profile", "2021")) => profile = Profile::Y2021,
                None if word == "before" => is_before = true,
                _ => panic!("{place}: `{word}` isn't understood"),
            }
        }
        let file = (named.clone().unwrap_or_else(|| (*name).to_owned()), text);
        let is_new = |files: &[(String, String)]| files.iter().all(|(name, _)| *name != file.0);
        let last = examples.last_mut().filter(|last| last.claim == claim && last.format == *format);
        match last {
            Some(last) if is_before && named.is_some() && last.files.is_empty() && is_new(&last.before) => {
                last.before.push(file);
            }
            Some(last)
                if !is_before
                    && is_new(&last.files)
                    && (named.is_some() || last.files.is_empty() && !last.before.is_empty()) =>
            {
                last.files.push(file);
            }
            _ => {
                let (before, files) = if is_before { (vec![file], Vec::new()) } else { (Vec::new(), vec![file]) };
                examples.push(Example { claim, profile, format: *format, line: at + 1, before, files });
            }
        }
    }
    examples
}
