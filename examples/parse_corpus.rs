//! Reads every template and parameters file below the folders that are given, and says how that went.
//!
//! `cargo run --release --example parse_corpus -- FOLDER...` prints one line for each remark
//! (`file:line:column: message`), then for each folder how many files and expressions were read and how fast.
#![allow(clippy::print_stdout, reason = "printing is what this program is for")]

use std::path::Path;
use std::time::{Duration, Instant};

use cmklint::arm;
use cmklint::json;
use cmklint::text::{LineIndex, SourceId};

/// What was met below one folder.
#[derive(Default)]
struct Tally {
    json_files: usize,
    not_text: usize,
    lowered: usize,
    expressions: usize,
    remarks: usize,
    /// Bytes of the lowered files.
    bytes: usize,
    /// Time for reading and lowering them, and for the JSON alone.
    time: Duration,
    json_time: Duration,
    /// Bytes of all files, and time for telling templates from others.
    checked_bytes: usize,
    check_time: Duration,
    slowest: (Duration, String),
}

fn main() {
    for folder in std::env::args().skip(1) {
        let mut tally = Tally::default();
        for entry in walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().flatten() {
            let is_json = entry.path().extension().is_some_and(|ending| ending == "json" || ending == "jsonc");
            if is_json && entry.file_type().is_file() {
                read(entry.path(), &mut tally);
            }
        }
        report(&folder, &tally);
    }
}

fn read(path: &Path, tally: &mut Tally) {
    tally.json_files += 1;
    let Ok(text) = std::fs::read_to_string(path) else {
        tally.not_text += 1;
        return;
    };
    let begin = Instant::now();
    let worth_it = arm::may_be_template(text.as_bytes());
    tally.check_time += begin.elapsed();
    tally.checked_bytes += text.len();
    if !worth_it {
        return;
    }
    let begin = Instant::now();
    let parsed = json::parse(SourceId(0), &text);
    let json_time = begin.elapsed();
    let kind = parsed.root.as_ref().map_or(arm::Kind::Other, arm::recognise);
    let lowered = arm::lower_parsed(SourceId(0), &parsed, kind, arm::Extent::Whole);
    let time = begin.elapsed();
    if lowered.program.is_none() {
        return;
    }
    tally.json_time += json_time;
    tally.lowered += 1;
    tally.expressions += lowered.expressions;
    tally.remarks += lowered.diagnostics.len();
    tally.bytes += text.len();
    tally.time += time;
    if time > tally.slowest.0 {
        tally.slowest = (time, format!("{} ({} bytes)", path.display(), text.len()));
    }
    let lines = LineIndex::new(&text);
    for (span, message) in &lowered.diagnostics {
        let place = lines.scalar(&text, span.start);
        let written: String =
            text.get(span.start as usize..span.end as usize).unwrap_or("?").chars().take(60).collect();
        println!("{}:{}:{}: {message}: {written:?}", path.display(), place.line, place.column);
    }
}

fn report(folder: &str, tally: &Tally) {
    let speed = |bytes: usize, time: Duration| bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9);
    println!(
        "{folder}: {} json files ({} not text), {} lowered, {} expressions, {} remarks, {:.1} MB in {:.0} ms = {:.0} MB/s \
         (JSON alone {:.0} MB/s), telling apart {:.0} MB/s, slowest {:.1} ms {}",
        tally.json_files,
        tally.not_text,
        tally.lowered,
        tally.expressions,
        tally.remarks,
        tally.bytes as f64 / 1e6,
        tally.time.as_secs_f64() * 1e3,
        speed(tally.bytes, tally.time),
        speed(tally.bytes, tally.json_time),
        speed(tally.checked_bytes, tally.check_time),
        tally.slowest.0.as_secs_f64() * 1e3,
        tally.slowest.1,
    );
}
