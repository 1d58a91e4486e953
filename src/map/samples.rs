//! That no form of a map loses a cell, and that none lets a name pass for a mark.

use super::{Cell, Form, Key, Row, VersionMap, joined, render};
use crate::text::{Source, SourceId, Sources, Span};

fn key(set: &str) -> Key {
    let id = format!("/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSets/{set}");
    Key { set: set.to_owned(), id, confidential: false, because: None }
}

fn sample(version: &str) -> (Sources, VersionMap) {
    let mut sources = Sources::default();
    sources.add(Source::new("a/main.json", "a/main.json", "{\n \"type\": 1\n}"));
    let rows = vec![
        Row {
            region: "West US".to_owned(),
            zone: None,
            many: false,
            cells: vec![Cell::Customer(vec![key("des-west")]), Cell::Platform],
        },
        Row {
            region: "East US".to_owned(),
            zone: Some("zone1".to_owned()),
            many: true,
            cells: vec![
                Cell::Customer(vec![Key { because: Some("parameter `env`".to_owned()), ..key("des-…") }]),
                Cell::Unknown("parameter `des` has no value here".to_owned()),
            ],
        },
    ];
    let map = VersionMap {
        version: version.to_owned(),
        place: Span::new(SourceId(0), 3, 9),
        conditions: vec!["`useCmk` is true".to_owned()],
        scenarios: vec!["a/main.parameters.json".to_owned()],
        disks: vec!["OS".to_owned(), "LUN 0".to_owned()],
        rows,
        remarks: vec!["there may be other regions".to_owned()],
    };
    (sources, map)
}

const FORMS: [Form; 4] = [Form::Human, Form::Json, Form::Markdown, Form::Html];

/// What is read of a page: entities and marks without width undone.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    for code in 33..127_u32 {
        let char = char::from_u32(code).expect("ASCII").to_string();
        text = text.replace(&format!("&#{code};"), &char);
    }
    text.replace("&#8288;", "")
}

#[test]
fn no_form_loses_a_cell() {
    let (sources, map) = sample("gal/image/1.0.0");
    for form in FORMS {
        let text = plain(&render(&sources, std::slice::from_ref(&map), form, true));
        for word in [
            "gal/image/1.0.0",
            "a/main.json",
            "West US",
            "des-west",
            "East US",
            "zone1",
            "des-…",
            "`env`",
            "`des` has no value here",
            "LUN 0",
            "`useCmk` is true",
            "a/main.parameters.json",
            "there may be other regions",
            "diskEncryptionSets/des-west",
            "platform",
            "unknown",
        ] {
            assert!(text.contains(word), "{form:?} lost {word}:\n{text}");
        }
    }
}

#[test]
fn a_name_is_never_a_mark() {
    let evil = "\u{1b}[2J<script>|`@a`\u{202e}";
    let (sources, map) = sample(evil);
    for form in FORMS {
        let text = render(&sources, std::slice::from_ref(&map), form, true);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{form:?} obeys a name");
        if matches!(form, Form::Markdown | Form::Html) {
            assert!(!text.contains("<script"), "{form:?} lets a name pass for a mark");
        }
    }
}

#[test]
fn maps_that_differ_only_in_the_parameters_file_are_one() {
    let (_, one) = sample("gal/image/1.0.0");
    let other = VersionMap { scenarios: vec!["b.parameters.json".to_owned()], ..one.clone() };
    let different = VersionMap { rows: Vec::new(), ..other.clone() };
    let maps = joined([one.clone(), other, different]);
    assert_eq!(maps.len(), 2);
    assert_eq!(maps[0].scenarios, ["a/main.parameters.json", "b.parameters.json"]);
}
