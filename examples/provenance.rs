//! Scores provenance over files: `cargo run --release --example provenance -- FILE...`
//!
//! For each file up to ten literals are changed, one at a time; every value of a resource that changed must have
//! named the literal. Prints what was missed, then recall and precision.
#![allow(clippy::print_stdout, reason = "printing is what an example is for")]

#[path = "../tests/support/provenance.rs"]
mod provenance;

fn main() {
    let mut total = provenance::Score::default();
    let mut files = 0;
    for path in std::env::args().skip(1) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let score = provenance::score(&text, 10, &provenance::lower_arm);
        for missed in score.missed.iter().take(3) {
            println!("{path}: {missed}");
        }
        files += 1;
        total.add(score);
    }
    println!(
        "{files} files, {} literals changed: recall {:.4} ({} of {}), precision {:.4} ({} of {})",
        total.mutations,
        total.recall(),
        total.recalled,
        total.recalled + total.missed.len(),
        total.precision(),
        total.named_and_changed,
        total.named,
    );
}
