//! What Azure gives back is judged like what a template asks for: the table in `fixtures/state/README.md` holds.

mod support;

use std::path::Path;

use cmklint::analyze::Analysis;
use cmklint::finding::Finding;
use walkdir::WalkDir;

use support::check_files;

/// An estate of the table, and what it says is found there.
struct Estate {
    name: String,
    found: Vec<String>,
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/state")
}

/// The rows of the table: rule with case, file with line, and the end of the text there.
fn estates() -> Vec<Estate> {
    let text = std::fs::read_to_string(folder().join("README.md")).expect("the table can be read");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let estate = |row: &str| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, _, found, at] = cells[..] else { panic!("`{row}` has not four cells") };
        let found = if found == "nothing" { Vec::new() } else { vec![format!("{found} {}", at.replace('`', ""))] };
        Estate { name: name.trim_matches('`').to_owned(), found }
    };
    rows.map(estate).collect()
}

fn files(estate: &str) -> Vec<(String, String)> {
    let entries = WalkDir::new(folder().join(estate)).sort_by_file_name().into_iter();
    let entries =
        entries.map(|entry| entry.expect("the folder can be read")).filter(|entry| entry.file_type().is_file());
    entries
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("a fixture is UTF-8");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect()
}

fn row(checked: &Analysis, finding: &Finding) -> String {
    let source = checked.sources.get(finding.primary.source);
    let text = checked.sources.slice(finding.primary).trim_matches('"');
    let end = text.rsplit('/').next().unwrap_or(text);
    let place = source.place(finding.primary.start);
    format!("{}{} {}:{}:{} {end}", finding.rule, finding.case, source.name(), place.line, place.column)
}

fn found(files: &[(String, String)]) -> Vec<String> {
    let checked = check_files(files);
    checked.findings.iter().map(|finding| row(&checked, finding)).collect()
}

#[test]
fn every_estate_has_the_faults_of_the_table() {
    let estates = estates();
    assert!(estates.len() > 20, "the table was not read");
    let wrong: Vec<String> = estates
        .iter()
        .map(|estate| (estate, found(&files(&estate.name))))
        .filter(|(estate, found)| *found != estate.found)
        .map(|(estate, found)| format!("{}: {:?}, but found {found:?}", estate.name, estate.found))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_folder_is_in_the_table() {
    let names: Vec<String> = estates().into_iter().map(|estate| estate.name).collect();
    let entries = std::fs::read_dir(folder()).expect("the folder can be read");
    let folders = entries.map(|entry| entry.expect("its entries can be read")).filter(|entry| entry.path().is_dir());
    for folder in folders {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(names.contains(&name), "{name}");
    }
}

#[test]
fn all_estates_together_are_one_without_a_further_finding_of_each_file() {
    // The estates have resources of the same ids, of which the first counts: no file may be complained about.
    let all: Vec<(String, String)> = estates()
        .iter()
        .flat_map(|estate| {
            let name = estate.name.clone();
            files(&estate.name).into_iter().map(move |(file, text)| (format!("{name}/{file}"), text))
        })
        .collect();
    let checked = check_files(&all);
    let complaints: Vec<&str> = checked.diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
    assert_eq!(complaints, [""; 0]);
}

#[test]
fn answers_about_other_things_are_none_of_ours() {
    let account = r#"[{
        "id": "/subscriptions/3b1f6a52-0c1e-4f5e-9c0f-6f2f0d7c1a01/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st",
        "name": "st", "type": "Microsoft.Storage/storageAccounts", "location": "westus2",
        "provisioningState": "Succeeded", "encryption": {"keySource": "Microsoft.Storage"}
    }]"#;
    let others = [
        account,
        r#"{"id": "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Compute", "encryption": {}}"#,
        r#"{"value": [{"id": 7}, null, "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Compute/disks/d"]}"#,
        r#"{"id": "/subscriptions/x/resourceGroups/rg/providers/Microsoft.Compute/disks/d", "type": "Other/things"}"#,
        "[[[[[[[[]]]]]]]]",
        r#"{"value": {"value": {"data": {}}}}"#,
    ];
    for text in others {
        let checked = check_files(&[("answer.json".to_owned(), text.to_owned())]);
        assert_eq!(support::lines(&checked), "", "{text}");
        assert!(checked.undecided.is_empty(), "{text}");
        // Files that are named are worth a word, for they may have been meant to be more.
        let said = checked.diagnostics.iter().all(|diagnostic| diagnostic.message.starts_with("is neither"));
        assert!(said, "{text}: {:?}", checked.diagnostics);
    }
}

#[test]
fn an_answer_that_was_cut_off_is_said_to_be() {
    let (name, text) = files("one-set-twice").remove(0);
    let half = text[..text.len() / 2].to_owned();
    let checked = check_files(&[(name, half)]);
    let rules: Vec<&str> = checked.findings.iter().map(|finding| &*finding.rule).collect();
    assert!(rules.contains(&"CMK001"), "{rules:?}");
}
