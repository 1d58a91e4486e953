//! `cmklint check`.

use std::env;
use std::path::Path;

use rayon::ThreadPoolBuilder;

use super::args::{CheckArgs, CheckFormat, FailOn};
use super::failure::Failure;
use super::{Exit, baseline, fix, output, request};
use crate::analyze::{Analysis, Request, Since, Stats, analyze, analyze_since};
use crate::discover::{Disk, Revision, Workspace};
use crate::finding::Severity;
use crate::history::Snapshot;
use crate::report::{Form, Style, render};

/// Parsing and evaluation recurse up to their limits; this is room for that with much to spare.
const STACK: usize = 32 * 1024 * 1024;

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    with_threads(args.what.jobs, || check(args))?
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
