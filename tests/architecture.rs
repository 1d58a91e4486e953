//! The house rules that a compiler doesn't know.

use std::path::Path;

use walkdir::WalkDir;

/// Which module is on which floor. A module imports only from lower floors. To add an edge, change this table and
/// `ARCHITECTURE.md` together.
const FLOORS: &[(u32, &[&str])] = &[
    (0, &["text"]),
    (1, &["finding", "ir"]),
    (2, &["value", "json", "containers"]),
    (3, &["arm", "bicep", "shell", "powershell", "state"]),
    (4, &["eval"]),
    (5, &["azure_cli", "az_powershell"]),
    (6, &["azure"]),
    (7, &["rules", "policy"]),
    (8, &["config", "suppress", "report", "fix", "history", "map"]),
    (9, &["discover"]),
    (10, &["analyze"]),
    (11, &["cli"]),
];

/// Modules that may touch the file system, the environment and processes.
const MAY_DO_IO: [&str; 4] = ["discover", "history", "cli", "main.rs"];

/// No file is longer.
const MOST_LINES: usize = 700;

struct File {
    /// Below `src`, with `/`.
    name: String,
    text: String,
}

impl File {
    fn module(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    fn is_test(&self) -> bool {
        self.name.ends_with("/tests.rs") || self.name.contains("/tests/") || self.name.ends_with("/samples.rs")
    }
}

fn sources() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let entries = WalkDir::new(&root).sort_by_file_name().into_iter().map(|entry| entry.expect("src is readable"));
    let files = entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"));
    files
        .map(|entry| {
            let name = entry.path().strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
            File { name, text: std::fs::read_to_string(entry.path()).expect("a source is UTF-8") }
        })
        .collect()
}

/// The first segments of all paths that begin with `root::`, those in braces included.
fn first_segments<'t>(text: &'t str, root: &str) -> Vec<&'t str> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(root) {
        let rest = &text[at + root.len()..];
        let begins_word = text[..at].chars().next_back().is_none_or(|char| !char.is_alphanumeric() && char != '_');
        if !begins_word {
            continue;
        }
        let Some(list) = rest.strip_prefix('{') else {
            names.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut expects_name = true;
        for (at, char) in list.char_indices() {
            match char {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => expects_name = true,
                char if expects_name && depth == 0 && !char.is_whitespace() => {
                    names.push(word(&list[at..]));
                    expects_name = false;
                }
                _ => {}
            }
        }
    }
    names
}

fn word(text: &str) -> &str {
    text.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap_or_default()
}

fn floor(module: &str) -> Option<u32> {
    FLOORS.iter().find(|(_, modules)| modules.contains(&module)).map(|(floor, _)| *floor)
}

#[test]
fn modules_only_look_down() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !["lib.rs", "main.rs"].contains(&file.module()) && !file.is_test()) {
        let own = floor(file.module()).unwrap_or_else(|| panic!("{} has no floor", file.name));
        for name in first_segments(&file.text, "crate::") {
            if name != file.module() && floor(name).is_some_and(|floor| floor >= own) {
                offences.push(format!("{} looks up to {name}", file.name));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn only_few_modules_do_io() {
    let mut offences = Vec::new();
    for file in sources().iter().filter(|file| !MAY_DO_IO.contains(&file.module()) && !file.is_test()) {
        for name in first_segments(&file.text, "std::") {
            if ["fs", "process", "env"].contains(&name) {
                offences.push(format!("{} uses std::{name}", file.name));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    let mut offences = Vec::new();
    for file in sources() {
        if !file.text.starts_with("//! ") {
            offences.push(format!("{} doesn't say what it is for", file.name));
        }
        let lines = file.text.lines().count();
        if lines > MOST_LINES {
            offences.push(format!("{} has {lines} lines", file.name));
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn paths_in_braces_are_seen() {
    let text = "use crate::{arm, eval::{A, rules}, text};\nuse crate::json::Node;\nxcrate::no;";
    assert_eq!(first_segments(text, "crate::"), ["arm", "eval", "text", "json"]);
}
