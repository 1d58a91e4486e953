//! What is written about the project is true: paths exist, commands run, the index of rules is that of the registry,
//! and what the README shows is what the tool says.

mod command;
mod project;

use std::fs;
use std::path::PathBuf;

use cmklint::azure::{Kind, Weight};
use cmklint::finding::{Format, Profile, Severity};
use cmklint::rules;
use serde::Deserialize;
use walkdir::WalkDir;

use command::cmklint;
use project::project;

/// Folders that paths in texts begin with, and files that they name.
const TOPS: [&str; 8] = ["src/", "tests/", "rules/", "fixtures/", "docs/", "benches/", "fuzz/", ".ci/"];

fn read(name: &str) -> String {
    fs::read_to_string(project().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn pages() -> Vec<PathBuf> {
    let folders = ["docs", "fixtures", "rules"].map(|name| project().join(name));
    let nested =
        folders.iter().filter(|folder| folder.exists()).flat_map(|folder| WalkDir::new(folder).sort_by_file_name());
    let top = WalkDir::new(project()).max_depth(1).sort_by_file_name();
    let all = nested.chain(top).map(|entry| entry.expect("the project is readable").into_path());
    all.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// What stands in backticks outside of fences.
fn quoted(text: &str) -> Vec<&str> {
    let mut in_fence = false;
    let mut all = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            all.extend(line.split('`').skip(1).step_by(2));
        }
    }
    all
}

#[test]
fn every_path_that_a_text_names_exists() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page is UTF-8");
        for name in quoted(&text) {
            let is_page = name.rsplit_once('.').is_some_and(|(_, extension)| extension == "md")
                && !name.contains([' ', '<', '*']);
            let is_path = TOPS.iter().any(|top| name.starts_with(top)) && !name.contains([' ', '<', '*', '{']);
            let beside = page.parent().is_some_and(|folder| folder.join(name).exists());
            if (is_page || is_path) && !beside && !project().join(name).exists() {
                dead.push(format!("{}: `{name}`", page.strip_prefix(project()).unwrap_or(&page).display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn the_map_knows_every_module() {
    let map = read("ARCHITECTURE.md");
    let entries = fs::read_dir(project().join("src")).expect("src is readable").map(|entry| entry.expect("readable"));
    for folder in entries.filter(|entry| entry.path().is_dir()) {
        let name = format!("`src/{}`", folder.file_name().to_string_lossy());
        assert!(map.contains(&name), "ARCHITECTURE.md doesn't know {name}");
    }
}

#[test]
fn the_commands_of_the_readme_are_run() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    let mut commands = Vec::new();
    let mut in_fence = false;
    for line in readme.lines() {
        match line {
            "```sh" => in_fence = true,
            "```" => in_fence = false,
            command if in_fence => commands.push(command),
            _ => {}
        }
    }
    assert!(commands.len() >= 2, "the README says how to run the main job and the tests");
    for command in commands {
        assert!(ci.lines().any(|line| line.trim().starts_with(command)), ".ci/run doesn't run `{command}`");
    }
}

#[test]
fn the_finding_in_the_readme_is_what_the_tool_says() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("```\nerror[").expect("the README shows a finding");
    let (shown, _) = rest.split_once("\n```").expect("the fence is closed");
    let output = cmklint(project(), &["check", "fixtures/article"]);
    let said = String::from_utf8(output.stdout).expect("output is UTF-8");
    assert!(said.contains(shown), "the README shows\n{shown}\nbut the tool says\n{said}");
}

#[test]
fn the_map_in_the_readme_is_what_the_tool_says() {
    let readme = read("README.md");
    let (_, rest) = readme.split_once("```\n$ cmklint ").expect("the README shows a map");
    let (shown, _) = rest.split_once("\n```").expect("the fence is closed");
    let (command, shown) = shown.split_once('\n').expect("an answer follows the command");
    let output = cmklint(project(), &command.split(' ').collect::<Vec<_>>());
    let said = String::from_utf8(output.stdout).expect("output is UTF-8");
    assert_eq!(said.trim_end(), shown);
}

#[test]
fn the_readme_knows_every_option_and_command() {
    let readme = read("README.md");
    for (command, skipped) in [
        ("check", &["--jobs", "--help"][..]),
        ("eval", &["--format", "--help"]),
        ("map", &["--help"]),
        ("query", &["--help"]),
    ] {
        let output = cmklint(project(), &[command, "--help"]);
        let help = String::from_utf8(output.stdout).expect("help is UTF-8");
        assert!(readme.contains(&format!("`cmklint {command}")), "{command}");
        let words = help.split(|char: char| !char.is_ascii_alphanumeric() && char != '-');
        for option in words.filter(|word| word.starts_with("--") && !skipped.contains(word)) {
            assert!(readme.contains(option), "the README doesn't know {option} of {command}");
        }
    }
}

/// The index of rules, made of the registry.
fn index() -> String {
    let mut out = String::from(
        "# Rules\n\nMade from the folders beside it; `tests/docs.rs` holds that it is current.\n\nSeverities are those \
         of the default profile; `off` is silent in it. A rule with several cases has the severity of each.\n\n\
         | id | slug | severity | what |\n|---|---|---|---|\n",
    );
    for rule in rules::all() {
        let meta = &rule.meta;
        let mut severities: Vec<&str> = Vec::new();
        for case in &meta.cases {
            let severity = case.severity(Profile::Current).map_or("off", Severity::as_str);
            if !severities.contains(&severity) {
                severities.push(severity);
            }
        }
        let id = &meta.id;
        out.push_str(&format!(
            "| [{id}]({id}/README.md) | `{}` | {} | {} |\n",
            meta.slug,
            severities.join(", "),
            meta.title
        ));
    }
    out.push_str(&formats());
    out.push_str(&types());
    out.push_str(&not_built());
    out
}

/// What makes a template matter to each rule.
fn types() -> String {
    let mut out = String::from(
        "\n## What makes a file matter\n\nOf a folder, templates are read that hold one of these types, with what they \
         name, what names them and their parameters files; others are looked at by their bytes only. A type in \
         brackets makes a file matter only where it, or a file that goes with it, speaks of encryption. Files that are \
         named one by one are read whatever they hold. Rules without types look at commands, or are raised by the \
         reading itself.\n\n| rule | types of resources |\n|---|---|\n",
    );
    for rule in rules::all() {
        let weight = |ty: &str| Kind::all().find(|kind| kind.type_name() == ty).map_or(Weight::Alone, Kind::weight);
        let shown = |ty: &str| match weight(ty) {
            _ if rule.is_declared() => Some(format!("`{ty}`")),
            Weight::Alone => Some(format!("`{ty}`")),
            Weight::WithKeys => Some(format!("(`{ty}`)")),
            Weight::BesideOthers => None,
        };
        let mut types: Vec<String> = rule.types().filter_map(shown).collect();
        types.sort_unstable();
        types.dedup();
        if !types.is_empty() {
            out.push_str(&format!("| {} | {} |\n", rule.meta.id, types.join(", ")));
        }
    }
    out
}

/// Which rules each format has: the letters of the cases, `yes` for a rule of one case.
fn formats() -> String {
    const FORMATS: [(Format, &str); 5] = [
        (Format::Arm, "ARM"),
        (Format::Bicep, "Bicep"),
        (Format::Az, "az"),
        (Format::Powershell, "PowerShell"),
        (Format::State, "what Azure gives back"),
    ];
    let names = FORMATS.map(|(_, name)| name).join(" | ");
    let mut out = format!(
        "\n## Rules by format\n\nThe letters are those of a rule's cases.\n\n| id | {names} |\n|---|---|---|---|---|---|\n"
    );
    for rule in rules::all() {
        let cell = |format: Format| {
            let cases: Vec<&str> = rule
                .meta
                .cases
                .iter()
                .filter(|case| case.formats.contains(&format))
                .map(|case| if case.letter.is_empty() { "yes" } else { &*case.letter })
                .collect();
            cases.join(" ")
        };
        let cells = FORMATS.map(|(format, _)| cell(format)).join(" | ");
        out.push_str(&format!("| {} | {cells} |\n", rule.meta.id));
    }
    out
}

/// What was left out, and why: `rules/not-built.json`.
fn not_built() -> String {
    let mut entries: Vec<NotBuilt> =
        serde_json::from_str(&read("rules/not-built.json")).expect("the list of what is left out is JSON");
    entries.sort_by(|one, other| one.id.cmp(&other.id));
    let mut out = String::from("\n## Not built, and why\n\n| id | what | why |\n|---|---|---|\n");
    for NotBuilt { id, what, why } in entries {
        out.push_str(&format!("| {id} | {what} | {why} |\n"));
    }
    out
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NotBuilt {
    id: String,
    what: String,
    why: String,
}

#[test]
fn the_index_of_rules_is_true() {
    let path = project().join("rules/README.md");
    let index = index();
    if std::env::var_os("CMKLINT_UPDATE").is_some() {
        fs::write(&path, &index).expect("the index can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == index, "rules/README.md is not current: run the tests with CMKLINT_UPDATE=1");
}
