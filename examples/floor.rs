//! What a run over a folder can't be faster than: `floor read DIR` reads all files that the command would read,
//! `floor json DIR` parses the JSON among those that matter with `serde_json`. Prints files, bytes and the seconds of
//! that work alone; `benches/compare.sh` compares them with the command.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that tells numbers")]

use std::env;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use cmklint::analyze::{Request, look};
use cmklint::discover::{Disk, Kind, Walk, Workspace, find, survey};

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let [what, folder] = args.as_slice() else {
        eprintln!("usage: floor read|json DIR");
        return;
    };
    let current = env::current_dir().expect("there is a current directory");
    let workspace = Workspace::around(&Disk, &current).expect("it can be read");
    let Walk { workspace, found, .. } = find(&Disk, workspace, &[PathBuf::from(folder)]).expect("the folder is there");
    let paths: Vec<PathBuf> = if what == "read" {
        found.into_iter().map(|file| file.path).collect()
    } else {
        let look = look(&Request::default());
        let parts = survey(&Disk, &workspace, found, &look, &|_, _| Vec::new()).parts;
        let found = parts.into_iter().flat_map(|part| part.found).filter(|file| file.kind == Kind::Json);
        let mut paths: Vec<PathBuf> = found.map(|file| file.path).collect();
        paths.sort();
        paths.dedup();
        paths
    };
    let mut bytes = 0;
    let mut refused = 0;
    let begin = Instant::now();
    for path in &paths {
        let Ok(text) = fs::read(path) else { continue };
        bytes += text.len();
        if what == "json" && serde_json::from_slice::<serde_json::Value>(&text).is_err() {
            refused += 1;
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{seconds:.4} s for {} files of {} kB, {refused} of them refused", paths.len(), bytes / 1000);
}
