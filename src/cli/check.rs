//! `cmklint check`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use rayon::ThreadPoolBuilder;

use super::args::{CheckArgs, CheckFormat, FailOn, WhatArgs};
use super::failure::Failure;
use super::{Exit, baseline, fix, output, request};
use crate::analyze::{Analysis, Request, Since, Stats, analyze, analyze_since};
use crate::discover::{Disk, Revision, Workspace};
use crate::finding::Severity;
use crate::history::Snapshot;
use crate::report::{Form, Style, render};

/// Files that one thread looks at, and how large they may be, in bytes.
const FEW_FILES: usize = 4;
const SMALL_FILE: u64 = 128 * 1024;
/// An index of about 500 files, in bytes.
const SMALL_INDEX: u64 = 48 * 1024;

/// Parsing and evaluation recurse up to their limits; this is room for that with much to spare.
const STACK: usize = 32 * 1024 * 1024;

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    with_threads(args.what.jobs.or_else(|| one_is_enough(&args.what).then_some(1)), || check(args))?
}

/// Whether a second thread would take longer to start than it saves: for a changed file or two, as a hook names them.
fn one_is_enough(what: &WhatArgs) -> bool {
    let is_small = |path: &PathBuf| fs::metadata(path).is_ok_and(|it| it.is_file() && it.len() <= SMALL_FILE);
    let has_few = what.paths.len() <= FEW_FILES && what.paths.iter().all(is_small);
    has_few && (!what.with_users || is_in_small_repository())
}

/// Whether the index of the repository around the current directory, which names all its files, is small.
fn is_in_small_repository() -> bool {
    let Ok(current) = env::current_dir() else { return false };
    let repository = current.ancestors().map(|folder| folder.join(".git")).find(|folder| folder.exists());
    // What nothing was added to yet has no index; one of another form lies elsewhere.
    repository
        .filter(|folder| folder.is_dir())
        .is_some_and(|folder| fs::metadata(folder.join("index")).map_or(true, |index| index.len() <= SMALL_INDEX))
}

fn check(args: &CheckArgs) -> Result<Exit, Failure> {
    let request = request::of_what(&args.what)?;
    if args.diff {
        return fix::diff(&request, args.unsafe_fixes, args.quiet);
    }
    let mut analysis = if args.fix {
        fix::fix(&request, args.unsafe_fixes, args.quiet)?
    } else {
        look(&request, args.since.as_deref(), args.new_only)?
    };
    if let Some(file) = &args.baseline {
        baseline::leave_out(file, &request, !args.new_only, &mut analysis)?;
    }
    let report = analysis.report();
    let style = Style { color: output::has_color(args.color), undecided: args.undecided, quiet: args.quiet };
    let plain = Style { color: false, ..style };
    let files: Vec<(&Path, String)> =
        args.output.iter().map(|(format, file)| (file.as_path(), render(&report, form(*format), plain))).collect();
    output::write_files(&files)?;
    let text = render(&report, form(args.format), style);
    let said = output::say(&text, exit(args, &analysis));
    if args.stats {
        output::aside(&cost(&analysis.stats));
    }
    said
}

const fn form(format: CheckFormat) -> Form {
    match format {
        CheckFormat::Human => Form::Human,
        CheckFormat::Concise => Form::Concise,
        CheckFormat::Json => Form::Json,
        CheckFormat::Sarif => Form::Sarif,
        CheckFormat::Github => Form::Github,
        CheckFormat::Gitlab => Form::Gitlab,
        CheckFormat::Junit => Form::Junit,
    }
}

/// Runs work in a pool of threads of its own.
pub(super) fn with_threads<T: Send>(jobs: Option<u16>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(jobs.map_or(0, usize::from))
        .stack_size(STACK)
        .build()
        .map_err(|error| Failure::Threads(error.to_string()))?;
    Ok(pool.install(work))
}

/// The workspace around the current directory.
pub(super) fn workspace() -> Result<Workspace, Failure> {
    let current = env::current_dir().map_err(Failure::CurrentDirectory)?;
    Workspace::around(&Disk, &current).map_err(Failure::CurrentDirectory)
}

/// Looks at all that is asked for, compared with a revision if one is named.
pub(super) fn look(request: &Request, since: Option<&str>, new_only: bool) -> Result<Analysis, Failure> {
    let workspace = workspace()?;
    let Some(name) = since else { return analyze(&Disk, workspace, request).map_err(Failure::Path) };
    let revision = Revision::new(Snapshot::open(workspace.current(), name).map_err(Failure::Git)?);
    let since = Since { reader: &revision, name, new_only };
    analyze_since(&Disk, Some(&since), workspace, request).map_err(Failure::Path)
}

fn exit(args: &CheckArgs, analysis: &Analysis) -> Exit {
    let least = match args.fail_on {
        FailOn::Note => Some(Severity::Note),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Error => Some(Severity::Error),
        FailOn::Never => None,
    };
    let fails = least.is_some_and(|least| analysis.findings.iter().any(|finding| finding.severity >= least));
    let open = args.strict && !analysis.undecided.is_empty();
    if fails || open { Exit::Findings } else { Exit::Fine }
}

fn cost(stats: &Stats) -> String {
    format!(
        "{} files met, {} of them or named by them read ({} kB) in {:.1?}\n{} evaluations, {} resources judged in {:.1?}\n",
        stats.met,
        stats.files,
        stats.bytes / 1000,
        stats.reading,
        stats.evaluations,
        stats.resources,
        stats.judging
    )
}
