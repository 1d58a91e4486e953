//! Reads every script below the folders that are given, also those inside Markdown pages and pipelines, and says how
//! many were read whole and what was lost where one wasn't.
//!
//! `cargo run --release --example parse_scripts -- [--save DIRECTORY] FOLDER...` prints one line for each part that
//! could not be read (`file:line: kind: its first line`), then for each folder and kind how many texts there were. With
//! `--save`, texts that weren't read whole are written into a directory, for the shells themselves to judge.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cmklint::containers::{self, Embedded, Language};
use cmklint::discover::Kind;
use cmklint::text::{Excerpt, LineIndex, SourceId};
use cmklint::{powershell, shell};

/// How many texts of a kind there were.
#[derive(Default)]
struct Tally {
    texts: usize,
    whole: usize,
    bytes: usize,
    lost: usize,
}

fn main() {
    let mut save: Option<PathBuf> = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(folder) = arguments.next() {
        if folder == "--save" {
            save = arguments.next().map(PathBuf::from);
            continue;
        }
        let mut tallies = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().flatten() {
            if entry.file_type().is_file() {
                read(entry.path(), save.as_deref(), &mut tallies);
            }
        }
        for (kind, tally) in &tallies {
            println!(
                "{folder}: {kind}: {} of {} read whole ({:.2} %), {} of {} bytes lost",
                tally.whole,
                tally.texts,
                100.0 * tally.whole as f64 / tally.texts as f64,
                tally.lost,
                tally.bytes
            );
        }
    }
}

/// Reads the scripts of one file.
fn read(path: &Path, save: Option<&Path>, tallies: &mut BTreeMap<String, Tally>) {
    let Some(kind) = Kind::of(path).filter(|kind| kind.is_script()) else { return };
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let source = SourceId(0);
    let whole = |language| vec![Embedded { language, excerpt: Excerpt::whole(source, text.as_str()) }];
    let (host, found) = match kind {
        Kind::Shell => ("file", whole(Language::Bash)),
        Kind::PowerShell => ("file", whole(Language::PowerShell)),
        Kind::Markdown => ("fence", containers::in_markdown(source, &text)),
        _ => ("step", containers::in_yaml(source, &text)),
    };
    let lines = LineIndex::new(&text);
    for (number, Embedded { language, excerpt }) in found.into_iter().enumerate() {
        let (name, ending, script) = match language {
            Language::Bash => ("bash", "sh", shell::parse(&excerpt)),
            Language::PowerShell => ("PowerShell", "ps1", powershell::parse(&excerpt)),
            Language::Json | Language::Bicep => continue,
        };
        let tally = tallies.entry(format!("{name} {host}")).or_default();
        tally.texts += 1;
        tally.bytes += excerpt.text().len();
        if script.broken.is_empty() {
            tally.whole += 1;
            continue;
        }
        for span in &script.broken {
            tally.lost += (span.end - span.start) as usize;
            let lost = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            let line = lines.scalar(&text, span.start).line;
            println!("{}:{line}: {name}: {}", path.display(), lost.lines().next().unwrap_or_default().trim());
        }
        if let Some(folder) = save {
            let stem = path.display().to_string().replace(['/', '\\', ' '], "_");
            let file = folder.join(format!("{stem}.{number}.{ending}"));
            if let Err(why) = std::fs::write(&file, excerpt.text()) {
                println!("{}: {why}", file.display());
            }
        }
    }
}
