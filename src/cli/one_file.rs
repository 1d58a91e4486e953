//! What `eval` and `query` share: one file, evaluated for all its resources.

use std::path::Path;

use super::args::ScenarioArgs;
use super::check::workspace;
use super::failure::Failure;
use super::request;
use crate::analyze::{Request, deployed_files, scenario, use_module_cache, walk_scripts};
use crate::discover::{Came, Disk, Loaded, Root, Walk, find, load, named_files, roots};
use crate::eval::script::Verb;
use crate::eval::{Evaluation, evaluate};

/// Reads a file with all that it names.
pub(super) fn load_one(file: &Path, args: &ScenarioArgs) -> Result<(Loaded, Request), Failure> {
    let request = request::of_scenario(args, &[file.to_owned()])?;
    let Walk { mut workspace, found, .. } = find(&Disk, workspace()?, &[file.to_owned()]).map_err(Failure::Path)?;
    use_module_cache(&Disk, &mut workspace, &request).map_err(Failure::Path)?;
    let parameters = named_files(&Disk, &workspace, &request.parameters).map_err(Failure::Path)?;
    let loaded = load(&Disk, &workspace, found, request.given(&parameters), &deployed_files);
    Ok((loaded, request))
}

/// Evaluates it in each of its scenarios, or each of its scripts and the templates that stand between them.
pub(super) fn each_evaluation(
    file: &Path,
    loaded: &Loaded,
    request: &Request,
    mut visit: impl FnMut(&mut Evaluation),
) -> Result<(), Failure> {
    if let Some(page) = loaded.pages.iter().find(|page| page.came == Came::Named) {
        let request = request.of(loaded.sources.get(page.source).path());
        walk_scripts(page, &request, |evaluation, _| {
            let requests = evaluation.requests.iter().filter(|request| request.verb != Verb::Refused);
            evaluation.resources = requests.map(|request| request.resource.clone()).collect();
            visit(evaluation);
        });
        for file in loaded.files.iter().filter(|file| file.source == page.source) {
            let scenario = scenario(loaded, file, None, &request);
            visit(&mut evaluate(&loaded.library, &file.program, &scenario, |_| true));
        }
        return Ok(());
    }
    let roots = roots(loaded);
    let is_named = |root: &&Root| loaded.files.get(root.file).is_some_and(|file| file.came == Came::Named);
    let root = roots.iter().find(is_named).ok_or_else(|| Failure::NoTemplate(file.to_owned()))?;
    let root_file = loaded.files.get(root.file).ok_or_else(|| Failure::NoTemplate(file.to_owned()))?;
    let request = request.of(loaded.sources.get(root_file.source).path());
    for one in &root.scenarios {
        let scenario = scenario(loaded, root_file, one.parameters, &request);
        let mut evaluation = evaluate(&loaded.library, &root_file.program, &scenario, |_| true);
        visit(&mut evaluation);
    }
    Ok(())
}
