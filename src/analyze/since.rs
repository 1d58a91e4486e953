//! What was there before a change: evaluated too, so that rules can compare, and findings that are not the change's
//! can be left out.
//!
//! A root is compared with itself, deployed with the same parameters file; a page with itself. Within one of these a
//! symbol means the same then and now. Only what deploys image versions is read as it was. Both times are judged by the
//! settings of now.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::scripts::Place;
use super::{Analysis, Job, Request, Verdict, analyze, deployed_files, evaluated, jobs, root_files, scripts, verdict};
use crate::azure::{Before, Kind};
use crate::discover::{self, Found, Loaded, NoSuchPath, Part, Reader, Workspace};
use crate::eval::{Evaluation, Resource};
use crate::finding::{Diagnostic, Severity, fingerprints};
use crate::rules::{self, CheckOptions};
use crate::value::Context;

/// What a run is compared with.
#[derive(Clone, Copy)]
pub struct Since<'a> {
    /// Reads the files as they were.
    pub reader: &'a dyn Reader,
    /// What people call the time: the name of a revision.
    pub name: &'a str,
    /// Whether findings that were there before are left out.
    pub new_only: bool,
}

/// A part of a run as it was before.
pub(super) struct Earlier<'a> {
    name: &'a str,
    loaded: Loaded,
    /// The files of the roots.
    roots: Vec<usize>,
    /// By the paths of root and parameters file.
    jobs: HashMap<(PathBuf, Option<PathBuf>), Job>,
}

impl<'a> Since<'a> {
    /// Reads the files of a part as they were. `now` is what they are.
    pub(super) fn read(&self, now: &Loaded, part: &Part, workspace: &Workspace, request: &Request) -> Earlier<'a> {
        let was_there = |file: &&Found| self.reader.canonical(&file.path).is_ok_and(|path| path == file.path);
        let found = part.found.iter().filter(was_there).cloned().collect();
        let parameters = self.existing(&request.parameters, workspace);
        let parameters = discover::named_files(self.reader, workspace, &parameters).unwrap_or_default();
        let loaded = discover::load_beside(
            self.reader,
            workspace,
            found,
            request.given(&parameters),
            &deployed_files,
            &now.sources,
        );
        let roots = discover::roots(&loaded);
        let jobs = jobs(&loaded, &roots, request);
        let jobs = jobs.into_iter().map(|job| ((job.path.clone(), job.parameters.clone()), job)).collect();
        Earlier { name: self.name, roots: root_files(&roots), loaded, jobs }
    }

    /// Leaves out the findings that were there before, if that is asked for.
    pub(super) fn leave_out_known(
        &self,
        workspace: &Workspace,
        request: &Request,
        analysis: &mut Analysis,
    ) -> Result<(), NoSuchPath> {
        if !self.new_only || analysis.findings.is_empty() {
            return Ok(());
        }
        let request = Request {
            paths: self.existing(&request.paths, workspace).into(),
            parameters: self.existing(&request.parameters, workspace),
            walk: None,
            ..request.clone()
        };
        let earlier = analyze(self.reader, workspace.clone(), &request)?;
        let known: HashSet<String> = fingerprints(&earlier.sources, &earlier.findings).into_iter().collect();
        let names = fingerprints(&analysis.sources, &analysis.findings);
        let all = analysis.findings.len();
        let findings = std::mem::take(&mut analysis.findings).into_iter().zip(names);
        analysis.findings = findings.filter(|(_, name)| !known.contains(name)).map(|(finding, _)| finding).collect();
        analysis.seen.known_before = all - analysis.findings.len();
        Ok(())
    }

    /// Those of the paths that were there.
    fn existing(&self, paths: &[PathBuf], workspace: &Workspace) -> Vec<PathBuf> {
        let existed = |path: &&PathBuf| self.reader.canonical(&workspace.current().join(path)).is_ok();
        paths.iter().filter(existed).cloned().collect()
    }
}

impl Earlier<'_> {
    /// Judges a root again, compared with what it was, where there is something to compare. `said` is what is said of
    /// it without.
    pub(super) fn judge_again(&self, now: &Loaded, job: &Job, request: &Request, said: &mut Verdict) {
        let was = self.jobs.get(&(job.path.clone(), job.parameters.clone()));
        let Some(was) = was.filter(|_| said.image_versions > 0) else { return };
        let request = request.of(&job.path);
        let mut evaluation = evaluated(Context::new(), &self.loaded, was, &request);
        let versions = sound_versions(&mut evaluation, &request);
        let Some(context) = for_now(evaluation.context, &versions) else { return };
        let mut evaluation = evaluated(context, now, job, &request);
        *said = verdict(job.root, &mut evaluation, self.before(&versions), &request);
    }

    /// The same for the scripts of a file.
    pub(super) fn judge_page_again(&self, place: Place<'_>, request: &Request, said: &mut Vec<Verdict>) {
        if said.iter().all(|verdict| verdict.image_versions == 0) {
            return;
        }
        let Self { loaded, roots, .. } = self;
        let was = loaded.pages.iter().find(|page| loaded.sources.get(page.source).path() == place.path());
        let Some(page) = was else { return };
        let request = request.of(place.path());
        let mut versions = Vec::new();
        let context =
            scripts::each_evaluation(Place { loaded, page, roots, root: roots.len() }, &request, |evaluation| {
                versions.extend(sound_versions(evaluation, &request));
            });
        if let Some(context) = for_now(context, &versions) {
            *said = scripts::judge(context, self.before(&versions), place, &request);
        }
    }

    /// What of then could not be read, though it can be now.
    pub(super) fn unread<'s>(&'s self, now: &'s Loaded) -> impl Iterator<Item = Diagnostic> + 's {
        let unread = self.loaded.diagnostics.iter().filter(|said| !now.diagnostics.contains(said));
        unread.map(|said| Diagnostic {
            span: None,
            file: said.file.clone(),
            message: format!("at {}: {}", self.name, said.message),
        })
    }

    fn before<'r>(&'r self, resources: &'r [Resource]) -> Before<'r> {
        Before { resources, name: self.name }
    }
}

/// The context in which now is evaluated after then; `None` if there is nothing to compare with.
fn for_now(mut context: Context, resources: &[Resource]) -> Option<Context> {
    context.forget_parameters();
    context.make_room();
    (!resources.is_empty()).then_some(context)
}

/// The image versions whose deployment may have succeeded: what was refused never was, and may be put right.
fn sound_versions(evaluation: &mut Evaluation, request: &Request) -> Vec<Resource> {
    let every_rule = CheckOptions { select: Vec::new(), ignore: Vec::new(), ..request.checks.clone() };
    let findings = rules::check(evaluation, &every_rule).findings;
    let refused = |resource: &Resource| {
        let shown = resource.shown(&evaluation.context);
        findings.iter().any(|finding| finding.severity == Severity::Error && finding.resource == shown)
    };
    let is_version = |resource: &&Resource| !resource.existing && Kind::of(&resource.ty) == Some(Kind::ImageVersion);
    evaluation.resources.iter().filter(is_version).filter(|resource| !refused(resource)).cloned().collect()
}
