//! Scripts inside pages and pipelines: what is found in them, at places of the file around.

use std::path::Path;
use std::process::Command;

/// File, line and column of each finding, with its rule and the text that it points at.
const EXPECTED: &[(&str, &str, &str)] =
    &[("page.md", "CMK102", "$west"), ("pipeline.yml", "CMK204", "'des'"), ("workflow.yml", "CMK403", "0")];

#[test]
fn faults_in_embedded_scripts_are_placed_in_the_file_around_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/containers");
    let output = Command::new(env!("CARGO_BIN_EXE_cmklint"))
        .args(["check", ".", "--format", "json"])
        .current_dir(&folder)
        .output()
        .expect("the command runs");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
    let findings = report["findings"].as_array().expect("findings");
    let found: Vec<(String, String, String)> = findings
        .iter()
        .map(|finding| {
            let file = finding["file"].as_str().expect("a file");
            let text = std::fs::read_to_string(folder.join(file)).expect("the file is there");
            let offset = |end: &str| finding[end]["offset"].as_u64().expect("an offset") as usize;
            let pointed = text.get(offset("start")..offset("end")).expect("a place in the file");
            (file.to_owned(), finding["rule"].as_str().expect("a rule").to_owned(), pointed.to_owned())
        })
        .collect();
    let expected: Vec<(String, String, String)> =
        EXPECTED.iter().map(|&(file, rule, text)| (file.into(), rule.into(), text.into())).collect();
    assert_eq!(found, expected);
}

/// What a page asks for, commands and templates in the order in which they stand there.
#[test]
fn the_requests_and_templates_of_a_page_are_shown_in_its_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/containers");
    let output = Command::new(env!("CARGO_BIN_EXE_cmklint"))
        .args(["eval", "mixed.md", "--format", "json"])
        .current_dir(&folder)
        .output()
        .expect("the command runs");
    let shown: serde_json::Value = serde_json::from_slice(&output.stdout).expect("an evaluation");
    let shown: Vec<(&str, &str, u64)> = shown
        .as_array()
        .expect("resources")
        .iter()
        .map(|resource| {
            let ty = resource["type"].as_str().and_then(|ty| ty.rsplit('/').next()).expect("a type");
            (ty, resource["name"].as_str().expect("a name"), resource["start"]["line"].as_u64().expect("a line"))
        })
        .collect();
    let expected = [
        ("galleries", "gallery", 6),
        ("diskEncryptionSets", "des-westeurope", 12),
        ("versions", "gallery/image/1.0.0", 27),
    ];
    assert_eq!(shown, expected);
}
