//! `cmklint eval`.

use super::args::{EvalArgs, PlainFormat};
use super::check::{with_threads, workspace};
use super::failure::Failure;
use super::{Exit, output, request};
use crate::analyze::{scenario, use_module_cache, walk_scripts};
use crate::discover::{Came, Disk, Loaded, Root, find, load, named_files, roots};
use crate::eval::script::Verb;
use crate::eval::{Evaluation, evaluate};
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
    let request = request::of_scenario(&args.scenario)?;
    let mut workspace = workspace()?;
    use_module_cache(&Disk, &mut workspace, &request).map_err(Failure::Path)?;
    let (found, _) = find(&Disk, &mut workspace, std::slice::from_ref(&args.file)).map_err(Failure::Path)?;
    let parameters = named_files(&Disk, &workspace, &request.parameters).map_err(Failure::Path)?;
    let loaded = load(&Disk, &workspace, found, &parameters);
    let roots = roots(&loaded);
    let mut resources = Vec::new();
    let mut remarks = String::new();
    if let Some(page) = loaded.pages.iter().find(|page| page.came == Came::Named) {
        walk_scripts(page, &request, |evaluation, _| {
            let requests = evaluation.requests.iter().filter(|request| request.verb != Verb::Refused);
            evaluation.resources = requests.map(|request| request.resource.clone()).collect();
            resources.extend(Evaluated::all(&loaded.sources, evaluation, args.origins));
            remarks.push_str(&notes(&loaded, evaluation));
        });
    } else {
        let is_named = |root: &&Root| loaded.files.get(root.file).is_some_and(|file| file.came == Came::Named);
        let root = roots.iter().find(is_named).ok_or_else(|| Failure::NoTemplate(args.file.clone()))?;
        let file = loaded.files.get(root.file).ok_or_else(|| Failure::NoTemplate(args.file.clone()))?;
        for one in &root.scenarios {
            let scenario = scenario(&loaded, file, one.parameters, &request);
            let mut evaluation = evaluate(&loaded.library, &file.program, &scenario, |_| true);
            resources.extend(Evaluated::all(&loaded.sources, &mut evaluation, args.origins));
            remarks.push_str(&notes(&loaded, &evaluation));
        }
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
