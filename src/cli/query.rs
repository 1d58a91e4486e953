//! `cmklint query`.

use super::args::QueryArgs;
use super::check::with_threads;
use super::failure::Failure;
use super::one_file::{each_evaluation, load_one};
use super::{Exit, output};
use crate::analyze::secrets;
use crate::policy::hits;
use crate::report::snippets;

pub(super) fn run(args: &QueryArgs) -> Result<Exit, Failure> {
    // One thread with room to recurse, as for `check`.
    let text = with_threads(Some(1), || show(args))??;
    output::say(&text, Exit::Fine)
}

fn show(args: &QueryArgs) -> Result<String, Failure> {
    let mut all = Vec::new();
    let mut wrong = None;
    let (loaded, request) = load_one(&args.file, &args.scenario)?;
    each_evaluation(&args.file, &loaded, &request, |evaluation| match hits(evaluation, &args.path) {
        Ok(found) => all.extend(found.into_iter().map(|hit| (hit.span, hit.value))),
        Err(why) => wrong = Some(why),
    })?;
    if let Some(why) = wrong {
        return Err(Failure::Query(args.path.clone(), why));
    }
    all.sort();
    all.dedup();
    if all.is_empty() {
        return Ok("nothing is found\n".to_owned());
    }
    Ok(snippets(&loaded.sources, &all, &secrets(&loaded.files, &loaded.library)))
}
