//! Parses every `.bicep` and `.bicepparam` file below the directories given, and says how many there are, what is
//! wrong with which, and how fast it went.
//!
//! `cargo run --release --example parse_bicep -- DIRECTORY...`

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cmklint::bicep::{lower, lower_parameters};
use cmklint::text::{LineIndex, SourceId};

fn main() {
    let mut total = Totals::default();
    for directory in std::env::args().skip(1) {
        for path in files(Path::new(&directory)) {
            total.file(&path);
        }
    }
    let megabytes = total.bytes as f64 / 1e6;
    println!(
        "{} files, {megabytes:.2} MB, {} with errors, {} errors, {} not UTF-8, {:.1} MB/s parsed and lowered",
        total.files,
        total.faulty,
        total.errors,
        total.unreadable,
        megabytes / total.time.as_secs_f64()
    );
}

#[derive(Default)]
struct Totals {
    files: usize,
    bytes: usize,
    faulty: usize,
    errors: usize,
    unreadable: usize,
    time: Duration,
}

impl Totals {
    fn file(&mut self, path: &Path) {
        self.files += 1;
        let Some(text) = std::fs::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) else {
            self.unreadable += 1;
            println!("{}: not UTF-8", path.display());
            return;
        };
        let parameters = path.extension().is_some_and(|extension| extension == "bicepparam");
        let start = Instant::now();
        let lowered = if parameters { lower_parameters(SourceId(0), &text) } else { lower(SourceId(0), &text) };
        self.time += start.elapsed();
        self.bytes += text.len();
        self.errors += lowered.diagnostics.len();
        self.faulty += usize::from(!lowered.diagnostics.is_empty());
        let lines = LineIndex::new(&text);
        for (span, message) in &lowered.diagnostics {
            let place = lines.scalar(&text, span.start);
            println!("{}:{}:{}: {message}", path.display(), place.line, place.column);
        }
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let wanted = |path: &Path| path.extension().is_some_and(|kind| kind == "bicep" || kind == "bicepparam");
    let mut found: Vec<PathBuf> = walkdir::WalkDir::new(directory)
        .into_iter()
        .flatten()
        .filter(|entry| entry.file_type().is_file() && wanted(entry.path()))
        .map(walkdir::DirEntry::into_path)
        .collect();
    found.sort();
    found
}
