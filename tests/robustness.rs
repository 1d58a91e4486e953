//! Broken input: every fixture cut at every character, through the whole pipeline and every form of the report.
//! Nothing panics, and every place lies in its file.

use std::path::Path;

use cmklint::analyze::{Analysis, Request, analyze};
use cmklint::discover::{Kind, Memory, Workspace};
use cmklint::report::{Form, Style, render};
use cmklint::text::{Sources, Span};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use walkdir::WalkDir;

/// What makes JSON a template.
const SCHEMA: &str = r#""$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0""#;

fn check(name: &str, text: &str) -> Analysis {
    let files = [(name.to_owned(), text)];
    let reader = Memory::new(&files);
    let workspace = Workspace::around(&reader, Path::new(Memory::FOLDER)).expect("the folder is there");
    let request = Request { paths: reader.paths(), ..Request::default() };
    analyze(&reader, workspace, &request).expect("the file is there")
}

fn assert_in_file(sources: &Sources, span: Span) {
    let text = sources.get(span.source).text();
    assert!(span.start <= span.end, "{span:?}");
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {} bytes", text.len());
}

fn assert_sound(analysis: &Analysis, rendered: bool) {
    let sources = &analysis.sources;
    for finding in &analysis.findings {
        assert_in_file(sources, finding.primary);
        finding.labels.iter().for_each(|label| assert_in_file(sources, label.span));
    }
    analysis.undecided.iter().for_each(|undecided| assert_in_file(sources, undecided.span));
    analysis.diagnostics.iter().filter_map(|remark| remark.span).for_each(|span| assert_in_file(sources, span));
    if !rendered {
        return;
    }
    for form in [Form::Human, Form::Concise, Form::Json] {
        assert!(!render(&analysis.report(), form, Style { undecided: true, ..Style::default() }).is_empty());
    }
}

fn fixtures() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let entries = WalkDir::new(root).sort_by_file_name().into_iter().map(|entry| entry.expect("readable"));
    let files = entries.filter(|entry| Kind::of(entry.path()).is_some() && entry.file_type().is_file());
    files
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            // What isn't UTF-8 is refused before anything reads it.
            Some((name, std::fs::read_to_string(entry.path()).ok()?))
        })
        // Test data that is no deployment needs no cutting.
        .filter(|(name, text)| check(name, text).seen.files() > 0)
        .collect()
}

/// Runs work on threads that have room to recurse, as the command does.
fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    ThreadPoolBuilder::new().stack_size(32 * 1024 * 1024).build().expect("threads can be had").install(work)
}

#[test]
fn no_cut_of_a_fixture_makes_it_panic_or_point_outside() {
    let fixtures = fixtures();
    assert!(!fixtures.is_empty());
    with_room(|| {
        fixtures.par_iter().for_each(|(name, text)| {
            // Blanks at the end more or fewer change nothing: of a run of them, one cut is enough.
            let run = |at: usize| at > 0 && text[..at].ends_with(' ') && text[at..].starts_with(' ');
            let ends: Vec<usize> =
                text.char_indices().map(|(at, _)| at).filter(|at| !run(*at)).chain([text.len()]).collect();
            ends.par_iter().enumerate().for_each(|(number, &end)| {
                assert_sound(&check(name, &text[..end]), number % 16 == 0);
            });
        });
    });
}

#[test]
fn no_character_left_out_makes_it_panic_or_point_outside() {
    let fixtures = fixtures();
    with_room(|| {
        fixtures.par_iter().for_each(|(name, text)| {
            // Only what gives a text its shape: letters left out make other words, not other shapes.
            let marks: Vec<usize> =
                text.match_indices(|char: char| "{}[]()\",:'\\".contains(char)).map(|(at, _)| at).collect();
            marks.par_iter().for_each(|&at| {
                let without = [&text[..at], &text[at + 1..]].concat();
                assert_sound(&check(name, &without), false);
            });
        });
    });
}

/// A template whose variable `v60` holds the one before it twice, sixty times over; `members` are of its gallery.
fn doubling(function: &str, members: &str) -> String {
    let step = |at: u32| format!("\"v{at}\": \"[{function}(variables('v{0}'), variables('v{0}'))]\", ", at - 1);
    let variables: Vec<String> = (1..=60).map(step).collect();
    format!(
        "{{ {SCHEMA}, \"variables\": {{ \"v0\": \"x\", {} \"end\": 0 }}, \"resources\": [{{ \"type\": \
         \"Microsoft.Compute/galleries\", \"apiVersion\": \"2024-03-03\", {members} }}] }}",
        variables.concat()
    )
}

#[test]
fn hostile_texts_end() {
    let deep = 200_000;
    let many = 20_000;
    let texts = [
        ("deep.json", format!("{{ {SCHEMA}, \"resources\": {}", "[".repeat(deep))),
        ("deep.json", format!("{{ {SCHEMA}, \"resources\": {}", "{\"a\":".repeat(deep))),
        (
            "calls.json",
            format!("{{ {SCHEMA}, \"outputs\": {{ \"o\": {{ \"value\": \"[{}\" }} }} }}", "concat(".repeat(deep)),
        ),
        ("keys.json", format!("{{ {SCHEMA}, \"variables\": {{ {} }} }}", "\"a\": 1, ".repeat(many))),
        ("quotes.json", format!("{{ {SCHEMA}, {}", "\"".repeat(deep))),
        ("strings.json", doubling("concat", "\"name\": \"[variables('v60')]\"")),
        ("arrays.json", doubling("createArray", "\"name\": \"x\", \"tags\": \"[variables('v60')]\"")),
        ("text.json", doubling("createArray", "\"name\": \"x\", \"tags\": \"[string(variables('v60'))]\"")),
        ("deep.bicep", format!("var x = {}", "[".repeat(deep))),
        ("deep.bicep", format!("var x = {}1", "!".repeat(deep))),
        ("deep.bicep", format!("var x = {}", "'${".repeat(deep))),
        ("many.bicep", "var x = 1\n".repeat(many)),
        ("nothing.bicep", "\u{feff}".into()),
        ("lines.bicep", "\r\n\n\r".repeat(many)),
    ];
    with_room(|| {
        for (name, text) in &texts {
            assert_sound(&check(name, text), true);
        }
    });
}
