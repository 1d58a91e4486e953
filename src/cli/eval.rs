//! `cmklint eval`.

use super::args::{EvalArgs, PlainFormat};
use super::check::with_threads;
use super::failure::Failure;
use super::one_file::{each_evaluation, load_one};
use super::{Exit, output};
use crate::discover::{Came, Loaded};
use crate::eval::Evaluation;
use crate::report::{Evaluated, render_resources, render_resources_json, visible};

pub(super) fn run(args: &EvalArgs) -> Result<Exit, Failure> {
    // One thread with room to recurse, as for `check`.
    let (text, remarks) = with_threads(Some(1), || show(args))??;
    let said = output::say(&text, Exit::Fine);
    output::aside(&remarks);
    said
}

/// The answer, and the remarks beside it.
fn show(args: &EvalArgs) -> Result<(String, String), Failure> {
    let (loaded, request) = load_one(&args.file, &args.scenario)?;
    let mut resources = Vec::new();
    let mut remarks = String::new();
    each_evaluation(&args.file, &loaded, &request, |evaluation| {
        resources.extend(Evaluated::all(&loaded.sources, evaluation, args.origins));
        remarks.push_str(&notes(&loaded, evaluation));
    })?;
    if loaded.pages.iter().any(|page| page.came == Came::Named) {
        // Scripts come before templates, and functions where they are called.
        resources.sort_by_key(Evaluated::start);
    }
    let text = match args.format {
        PlainFormat::Human => render_resources(&resources),
        PlainFormat::Json => render_resources_json(&resources),
    };
    Ok((text, remarks))
}

fn notes(loaded: &Loaded, evaluation: &Evaluation) -> String {
    let mut out = String::new();
    for note in &evaluation.notes {
        let source = loaded.sources.get(note.span.source);
        let place = source.place(note.span.start);
        let name = visible(source.name());
        out.push_str(&format!("remark: {name}:{}:{}: {}\n", place.line, place.column, visible(&note.message)));
    }
    out
}
