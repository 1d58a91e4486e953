//! The pipeline on one screen: discover, read, parse, lower, link, evaluate, check, merge,
//! suppress, sort.
//!
//! Takes a request and gives everything that a report needs. The work is parallel by file and by scenario; what comes
//! out doesn't depend on the number of threads.

mod deployed;
mod draw;
mod gather;
mod mend;
mod merge;
mod scripts;
mod secrets;
mod since;
mod suppressed;
mod unread;

pub use deployed::files as deployed_files;
pub use draw::{Drawing, draw};
pub use mend::{Mended, Mending, mend};
pub use scripts::walk as walk_scripts;
pub use secrets::secrets;
pub use since::Since;

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde_json::Value as Json;

use crate::azure::{self, Before, Kind, Weight};
use crate::discover::{
    self, Came, Deployments, File, Found, Given, Loaded, Look, NoSuchPath, Page, Part, Reader, Root, Survey, Walk,
    What, Workspace,
};
use crate::eval::{self, Evaluation, Note, NoteKind, Parameters, Scenario};
use crate::finding::{Diagnostic, Finding, RuleMeta, Undecided};
use crate::fix;
use crate::ir::{ParamType, Program};
use crate::policy::{self, Policy, Settings};
use crate::report::{Report, Seen};
use crate::rules::{self, CheckOptions};
use crate::text::{SourceId, Sources, Span};
use crate::value::Context;
use deployed::Remembered;
use gather::{Gathered, Gathering, Looked};
use since::Earlier;

/// What is to be looked at, and how.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files and folders.
    pub paths: Arc<[PathBuf]>,
    /// Whether what uses the files is looked at too.
    pub with_users: bool,
    /// Parameters files given beside them.
    pub parameters: Vec<PathBuf>,
    /// Parameters given one by one, as typed: they win over every file.
    pub values: Vec<(Arc<str>, String)>,
    /// The subscription that is deployed to.
    pub subscription: Option<Arc<str>>,
    /// The folder in which Bicep keeps modules of registries.
    pub module_cache: Option<PathBuf>,
    /// Which rules, by whose wording.
    pub checks: CheckOptions,
    /// Rules of the user's own.
    pub policies: Arc<[Policy]>,
    /// Lists that rules ask for by name.
    pub settings: Settings,
    /// What the project's files of settings say.
    pub configs: Arc<discover::Settings>,
    /// What lies under the paths, if it was looked for already.
    pub walk: Option<Arc<Walk>>,
    /// Whether files are read whole that can't bring a finding going by the look at their bytes.
    pub looks_at_all: bool,
}

impl Request {
    /// The parameters files of the request, the typed ones by their canonical paths.
    pub fn given<'a>(&'a self, typed: &'a [PathBuf]) -> Given<'a> {
        Given { typed, settings: &self.configs }
    }

    /// What is known of the rule with an id or slug, ours or one of the user's own.
    pub fn rule(&self, name: &str) -> Option<&RuleMeta> {
        let of_configs = self.configs.all().flat_map(|config| config.policies.iter());
        let mut own = self.policies.iter().chain(of_configs).map(|policy| &policy.meta);
        let ours = rules::find(name).map(|rule| &*rule.meta);
        ours.or_else(|| own.find(|meta| name.eq_ignore_ascii_case(&meta.id) || name.eq_ignore_ascii_case(&meta.slug)))
    }

    /// Whether findings of a rule were looked for.
    pub fn wants(&self, rule: &str) -> bool {
        self.rule(rule).is_some_and(|rule| self.checks.wants_rule(rule))
    }

    /// What is asked for a file, its settings included.
    pub fn of(&self, path: &Path) -> Cow<'_, Self> {
        let Some(config) = self.configs.of(path) else { return Cow::Borrowed(self) };
        let mut request = self.clone();
        request.checks.profile = config.profile_for(path).unwrap_or(request.checks.profile);
        request.subscription = config.subscription_for(path).or(request.subscription);
        for (name, value) in config.parameters_for(path) {
            if !self.values.iter().any(|(typed, _)| typed.eq_ignore_ascii_case(&name)) {
                request.values.push((name, value));
            }
        }
        for (name, list) in &config.lists {
            request.settings.entry(name.clone()).or_insert_with(|| list.clone());
        }
        if !config.policies.is_empty() {
            request.policies = self.policies.iter().chain(config.policies.iter()).cloned().collect();
        }
        if request.checks.select.is_empty() {
            // A level asks for a rule by name.
            let asked = config.levels.iter().filter(|(_, level)| level.is_some());
            request.checks.extend_select.extend(asked.map(|(rule, _)| rule.clone()));
        }
        Cow::Owned(request)
    }
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Analysis {
    /// The texts that all spans are of.
    pub sources: Sources,
    /// Sorted; one for each fault.
    pub findings: Vec<Finding>,
    /// Findings that the user has put aside by a comment; sorted.
    pub suppressed: Vec<Finding>,
    /// Findings that the user has put aside by settings; sorted.
    pub excused: Vec<Finding>,
    /// Sorted, without repeats.
    pub undecided: Vec<Undecided>,
    /// Sorted, without repeats.
    pub diagnostics: Vec<Diagnostic>,
    /// Places that hold values of secure parameters. Sorted.
    pub secrets: Vec<Span>,
    /// What was looked at.
    pub seen: Seen,
    /// What it cost.
    pub stats: Stats,
}

impl Analysis {
    /// What forms of the report are made of.
    pub fn report(&self) -> Report<'_> {
        Report {
            sources: &self.sources,
            findings: &self.findings,
            suppressed: &self.suppressed,
            excused: &self.excused,
            undecided: &self.undecided,
            diagnostics: &self.diagnostics,
            secrets: &self.secrets,
            seen: &self.seen,
        }
    }
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stats {
    /// Files that were met.
    pub met: usize,
    /// Templates and parameters files among them, and those that they name.
    pub files: usize,
    /// Bytes of those.
    pub bytes: usize,
    /// Evaluations: roots times parameters files.
    pub evaluations: usize,
    /// Resources that were judged.
    pub resources: usize,
    /// Time for finding, reading and parsing; that of parts which were looked at side by side is added up.
    pub reading: Duration,
    /// Time for evaluating and checking, likewise.
    pub judging: Duration,
}

/// Looks at all that the request names and judges it.
pub fn analyze(reader: &dyn Reader, workspace: Workspace, request: &Request) -> Result<Analysis, NoSuchPath> {
    analyze_since(reader, None, workspace, request)
}

/// The same, compared with how things were before.
pub fn analyze_since(
    reader: &dyn Reader,
    since: Option<&Since<'_>>,
    mut workspace: Workspace,
    request: &Request,
) -> Result<Analysis, NoSuchPath> {
    let begin = Instant::now();
    let Discovered { found, parameters, passed_over } = discover(reader, &mut workspace, request)?;
    let met = found.len();
    let remembered = Remembered::default();
    let deployments = |sources: &Sources, page: &Page| remembered.files(sources, page);
    let Survey { parts, quiet, diagnostics } = survey(reader, &workspace, found, request, &deployments);
    let mut reading = begin.elapsed();
    let mut judging = Duration::ZERO;
    let mut gathered = Gathered::of_quiet(quiet);
    let mut left: usize = parts.iter().map(|part| part.found.len()).sum();
    let judge = |part: &Part| {
        let begin = Instant::now();
        let loaded = discover::load(reader, &workspace, part.found.clone(), request.given(&parameters), &deployments);
        let roots = roots_of(&loaded, part);
        let reading = begin.elapsed();
        let earlier = |loaded: &Loaded| Some(since?.read(loaded, part, &workspace, request));
        let judged = judged(&loaded, &roots, part, request, earlier);
        (Gathering::new(judged, loaded), reading, begin.elapsed().saturating_sub(reading))
    };
    for group in discover::side_by_side(&parts) {
        if gathered.is_full() {
            break;
        }
        // Where the threads run out of work on one part, they go on with others.
        let judged: Vec<_> = group.par_iter().with_max_len(1).map(judge).collect();
        for (part, (judged, to_read, to_judge)) in group.iter().zip(judged) {
            reading += to_read;
            judging += to_judge;
            if !gathered.is_full() {
                left -= part.found.len();
                gathered.add(judged);
            }
        }
    }
    gathered.say_what_is_left(left, &request.checks);
    let (mut analysis, files) = gathered.finish();
    suppressed::put_aside(&files, request, &mut analysis);
    if let Some(since) = since {
        since.leave_out_known(&workspace, request, &mut analysis)?;
    }
    offer_fixes(&files, &workspace, &mut analysis);
    analysis.diagnostics.extend(passed_over);
    analysis.diagnostics.extend(diagnostics);
    analysis.diagnostics.sort();
    analysis.diagnostics.dedup();
    analysis.stats.met = met;
    analysis.stats.reading = reading;
    analysis.stats.judging = judging;
    Ok(analysis)
}

/// What was found in parts. What the user gives values to is one part: they are for whatever there is. So are files that
/// the user named one by one if they fit into one.
fn survey(
    reader: &dyn Reader,
    workspace: &Workspace,
    found: Vec<Found>,
    request: &Request,
    deployments: &Deployments<'_>,
) -> Survey {
    let by_settings = request
        .configs
        .all()
        .flat_map(|config| &config.overrides)
        .any(|over| !over.parameters.is_empty() || over.parameters_files.is_some());
    let is_given = !request.parameters.is_empty() || !request.values.is_empty() || by_settings;
    let are_named = found.iter().all(|file| file.came != Came::Met);
    if is_given || are_named && !discover::fills_several_parts(reader, &found) {
        return Survey { parts: vec![Part::whole(found)], ..Survey::default() };
    }
    discover::survey(reader, workspace, found, &look(request), deployments)
}

/// What makes a file matter: what the rules look at, those included that are declared.
pub fn look(request: &Request) -> Look {
    if request.looks_at_all {
        return Look::at_everything();
    }
    let of = |weight| Kind::all().filter(move |kind| kind.weight() == weight).map(Kind::type_name);
    let of_configs = request.configs.all().flat_map(|config| config.policies.iter());
    let mut alone: Vec<&str> = request.policies.iter().chain(of_configs).flat_map(Policy::types).collect();
    // What is declared may be about what isn't there, so that no word is needed.
    let declared = rules::all().iter().filter(|rule| rule.is_declared() && is_asked_for(rule, request));
    of(Weight::Alone).chain(declared.flat_map(rules::Registered::types)).for_each(|ty| alone.push(ty));
    Look::for_types(alone, of(Weight::WithKeys))
}

/// Whether a rule is to run for some file.
fn is_asked_for(rule: &rules::Registered, request: &Request) -> bool {
    let levels = request.configs.all().flat_map(|config| &config.levels);
    request.checks.wants(rule) || levels.into_iter().any(|(id, level)| *id == rule.meta.id && level.is_some())
}

/// The roots that belong to a part.
fn roots_of(loaded: &Loaded, part: &Part) -> Vec<Root> {
    let mut roots = discover::roots(loaded);
    let path = |root: &Root| Some(loaded.sources.get(loaded.files.get(root.file)?.source).path());
    roots.retain(|root| path(root).is_some_and(|path| part.owns(path)));
    roots
}

/// What the roots and scripts of a part give. `earlier` gives what they are compared with, if there is anything to
/// compare.
fn judged<'s>(
    loaded: &Loaded,
    roots: &[Root],
    part: &Part,
    request: &Request,
    earlier: impl FnOnce(&Loaded) -> Option<Earlier<'s>>,
) -> Analysis {
    let jobs = jobs(loaded, roots, request);
    let mut of_jobs: Vec<Verdict> = jobs.par_iter().map(|job| judge(loaded, job, request)).collect();
    let root_files = root_files(roots);
    let places = loaded.pages.iter().enumerate().map(|(at, page)| scripts::Place {
        loaded,
        page,
        roots: &root_files,
        root: roots.len() + at,
    });
    let places: Vec<_> = places.filter(|place| part.owns(place.path())).collect();
    let judge = |place: &scripts::Place<'_>| {
        scripts::judge(Context::new(), Before::default(), *place, &request.of(place.path()))
    };
    let mut of_pages: Vec<Vec<Verdict>> = places.par_iter().map(judge).collect();
    let any = of_jobs.iter().chain(of_pages.iter().flatten()).any(|verdict| verdict.image_versions > 0);
    let earlier = any.then(|| earlier(loaded)).flatten();
    if let Some(earlier) = &earlier {
        of_jobs.par_iter_mut().zip(&jobs).for_each(|(said, job)| earlier.judge_again(loaded, job, request, said));
        of_pages.par_iter_mut().zip(places).for_each(|(said, place)| earlier.judge_page_again(place, request, said));
    }
    let verdicts = of_jobs.into_iter().chain(of_pages.into_iter().flatten()).collect();
    let mut analysis = merge::merge(loaded, roots, part, request, verdicts);
    analysis.secrets = secrets(&loaded.files, &loaded.library);
    analysis.diagnostics.extend(earlier.iter().flat_map(|earlier| earlier.unread(loaded)));
    analysis
}

/// The files of the roots, in order.
fn root_files(roots: &[Root]) -> Vec<usize> {
    roots.iter().map(|root| root.file).collect()
}

/// Findings in files that the user named, or that lie in folders that the user named, get their fixes: other files are
/// read, never changed.
fn offer_fixes(files: &[Looked], workspace: &Workspace, analysis: &mut Analysis) {
    let is_given = |file: &&Looked| matches!(file.came, Came::Met | Came::Named) && workspace.may_change(&file.path);
    let given = files.iter().filter(is_given);
    let hosts: HashMap<SourceId, fix::Host> = given.filter_map(|file| Some((file.source?, host(file.kind)))).collect();
    fix::offer(&analysis.sources, &mut analysis.findings, |source| hosts.get(&source).copied());
}

const fn host(kind: discover::Kind) -> fix::Host {
    match kind {
        discover::Kind::Markdown => fix::Host::Markdown,
        discover::Kind::Yaml => fix::Host::Yaml,
        _ => fix::Host::Plain,
    }
}

/// The files that a request speaks of.
struct Discovered {
    found: Vec<Found>,
    /// Parameters files that the user gave.
    parameters: Vec<PathBuf>,
    /// What the walk passed over.
    passed_over: Vec<Diagnostic>,
}

fn discover(reader: &dyn Reader, workspace: &mut Workspace, request: &Request) -> Result<Discovered, NoSuchPath> {
    let walk = match &request.walk {
        Some(walk) => Walk::clone(walk),
        None => discover::find(reader, workspace.clone(), &request.paths)?,
    };
    let Walk { mut found, remarks: mut passed_over, .. } = walk;
    *workspace = walk.workspace;
    use_module_cache(reader, workspace, request)?;
    found.retain(|file| {
        let excluded = request.configs.of(&file.path).filter(|config| !config.includes(&file.path));
        passed_over.extend(excluded.and_then(|config| said_of_excluded(workspace, file, &config.name)));
        excluded.is_none()
    });
    if request.with_users {
        discover::add_users(reader, workspace, &request.configs, &mut found);
    }
    let parameters = discover::named_files(reader, workspace, &request.parameters)?;
    Ok(Discovered { found, parameters, passed_over })
}

/// All that a run looks at, read and lowered.
struct Prepared {
    loaded: Loaded,
    roots: Vec<Root>,
    /// What the walk passed over.
    passed_over: Vec<Diagnostic>,
}

fn prepare(reader: &dyn Reader, workspace: &mut Workspace, request: &Request) -> Result<Prepared, NoSuchPath> {
    let Discovered { found, parameters, passed_over } = discover(reader, workspace, request)?;
    let loaded = discover::load(reader, workspace, found, request.given(&parameters), &deployed_files);
    let roots = discover::roots(&loaded);
    Ok(Prepared { loaded, roots, passed_over })
}

/// A file that the user named and that settings exclude must not pass for one that was judged.
fn said_of_excluded(workspace: &Workspace, file: &Found, settings: &str) -> Option<Diagnostic> {
    let message = format!("was not read: {settings} excludes it");
    (file.came == Came::Named).then(|| Diagnostic { span: None, file: workspace.name(&file.path), message })
}

/// Lets modules come from the cache that the request names, if it names one.
pub fn use_module_cache(reader: &dyn Reader, workspace: &mut Workspace, request: &Request) -> Result<(), NoSuchPath> {
    let Some(folder) = &request.module_cache else { return Ok(()) };
    workspace.use_module_cache(reader, folder).map_err(|why| NoSuchPath { path: folder.clone(), why })
}

/// One evaluation to be made.
struct Job {
    /// Index of the root in the list of roots.
    root: usize,
    /// One, but for what Azure has: its files are one estate.
    programs: Vec<Arc<Program>>,
    scenario: Scenario,
    /// Where the root was read.
    path: PathBuf,
    /// Where its parameters file was read.
    parameters: Option<PathBuf>,
}

fn jobs(loaded: &Loaded, roots: &[Root], request: &Request) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (index, root) in roots.iter().enumerate() {
        let Some(file) = loaded.files.get(root.file) else { continue };
        let path = loaded.sources.get(file.source).path();
        let request = request.of(path);
        let programs = || root.files().filter_map(|at| Some(Arc::clone(&loaded.files.get(at)?.program))).collect();
        for scenario in &root.scenarios {
            let parameters = scenario.parameters.and_then(|file| loaded.files.get(file));
            let parameters = parameters.map(|file| loaded.sources.get(file.source).path().to_owned());
            let scenario = self::scenario(loaded, file, scenario.parameters, &request);
            jobs.push(Job { root: index, programs: programs(), scenario, path: path.to_owned(), parameters });
        }
    }
    jobs
}

/// A root's scenario, as the evaluator takes it.
pub fn scenario(loaded: &Loaded, root: &File, parameters: Option<usize>, request: &Request) -> Scenario {
    let parameters = parameters.and_then(|index| loaded.files.get(index));
    Scenario {
        name: parameters.map(|file| loaded.sources.get(file.source).name().into()),
        parameters: parameters.map(|file| Parameters::File(Arc::clone(&file.program))).into_iter().collect(),
        overrides: overrides(&root.program, request),
        subscription: request.subscription.clone(),
        command: None,
    }
}

/// `--param NAME=VALUE`, as the parameters of a root have them.
fn overrides(root: &Program, request: &Request) -> Vec<(Arc<str>, Json)> {
    request.values.iter().map(|(name, typed)| (Arc::clone(name), typed_value(root, name, typed))).collect()
}

/// What was typed, as the parameter's type has it: a string parameter takes it as it is, others as JSON where it is
/// JSON.
fn typed_value(program: &Program, name: &str, typed: &str) -> Json {
    let param = program.params.iter().find(|param| param.name.eq_ignore_ascii_case(name));
    let text = || Json::String(typed.to_owned());
    match param.map(|param| param.ty) {
        Some(ParamType::String) => text(),
        _ => serde_json::from_str(typed).unwrap_or_else(|_| text()),
    }
}

/// What one evaluation gave.
struct Verdict {
    /// Index of the root in the list of roots; those of files with scripts follow.
    root: usize,
    findings: Vec<Finding>,
    undecided: Vec<Undecided>,
    notes: Vec<Note>,
    resources: usize,
    image_versions: usize,
    /// Whether a resource is there that matters alone.
    weighty: bool,
}

impl Verdict {
    /// Of a root of which nothing is said yet.
    fn of(root: usize) -> Self {
        let (findings, undecided, notes) = (Vec::new(), Vec::new(), Vec::new());
        Self { root, findings, undecided, notes, resources: 0, image_versions: 0, weighty: false }
    }
}

fn evaluated(context: Context, loaded: &Loaded, job: &Job, request: &Request) -> Evaluation {
    let programs = job.programs.iter().map(Arc::as_ref);
    eval::evaluate_all(context, &loaded.library, programs, &job.scenario, wanted(request))
}

/// Which types of resources are looked at.
fn wanted(request: &Request) -> impl Fn(&str) -> bool {
    |ty| azure::is_known_type(ty) || request.policies.iter().any(|policy| policy.speaks_of(ty))
}

fn judge(loaded: &Loaded, job: &Job, request: &Request) -> Verdict {
    let request = request.of(&job.path);
    let mut evaluation = evaluated(Context::new(), loaded, job, &request);
    verdict(job.root, &mut evaluation, Before::default(), &request)
}

/// Checks what was evaluated.
fn verdict(root: usize, evaluation: &mut Evaluation, before: Before<'_>, request: &Request) -> Verdict {
    let mut outcome = rules::check_since(evaluation, before, &request.checks);
    let types: Vec<_> = evaluation.resources.iter().filter_map(|resource| resource.ty.text()).collect();
    let is_there = |ty: &str| types.iter().any(|there| there.eq_ignore_ascii_case(ty));
    let may_speak = |rule: &rules::Registered| rule.types().any(is_there) && request.checks.wants(rule);
    let mut policies: Vec<&Policy> = policy::builtin(|id| rules::find(id).is_some_and(may_speak)).collect();
    policies.extend(request.policies.iter().filter(|policy| request.checks.wants_rule(&policy.meta)));
    let declared = policy::check(evaluation, policies, &request.settings, request.checks.profile);
    outcome.findings.extend(declared.findings);
    outcome.undecided.extend(declared.undecided);
    if let Some(span) = declared.limited {
        let message = "a policy was looked at in the first combinations of open conditions only";
        outcome.findings.extend(rules::limit_reached(span, message, &request.checks));
    }
    let resources = &evaluation.resources;
    let notes = std::mem::take(&mut evaluation.notes);
    let judged = |kind: Option<azure::Kind>| {
        let of_kind = |resource: &&eval::Resource| {
            let found = azure::Kind::of(&resource.ty);
            !resource.existing && if kind.is_some() { found == kind } else { found.is_some_and(azure::Kind::is_judged) }
        };
        resources.iter().filter(of_kind).count()
    };
    let is_weighty = |resource: &eval::Resource| {
        Kind::of(&resource.ty).is_some_and(|kind| kind.weight() == Weight::Alone) && !resource.existing
    };
    Verdict {
        root,
        findings: outcome.findings,
        undecided: outcome.undecided,
        notes,
        weighty: resources.iter().any(is_weighty),
        resources: judged(None),
        image_versions: judged(Some(azure::Kind::ImageVersion)),
    }
}

/// What summaries call a file.
const fn kind_name(what: What, kind: discover::Kind) -> &'static str {
    match (what, kind) {
        (What::Parameters, _) => "parameters",
        (What::State, _) => "state",
        (What::Template, kind) => page_name(kind),
    }
}

/// What summaries call a file of a kind that says what it is.
const fn page_name(kind: discover::Kind) -> &'static str {
    match kind {
        discover::Kind::Json => "ARM",
        discover::Kind::Bicep | discover::Kind::BicepParameters => "Bicep",
        discover::Kind::Shell => "shell",
        discover::Kind::PowerShell => "PowerShell",
        discover::Kind::Markdown => "Markdown",
        discover::Kind::Yaml => "pipeline",
    }
}

/// Whether a note says that a bound was reached.
const fn is_limit(note: &Note) -> bool {
    matches!(note.kind, NoteKind::Limit)
}
