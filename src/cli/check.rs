//! `cmklint check`.

use std::env;
use std::path::Path;

use rayon::ThreadPoolBuilder;

use super::args::{CheckArgs, CheckFormat, FailOn};
use super::failure::Failure;
use super::{Exit, fix, output, request};
use crate::analyze::{Analysis, Request, Stats, analyze};
use crate::discover::{Disk, Workspace};
use crate::finding::Severity;
use crate::report::{Form, Style, render};

/// Parsing and evaluation recurse up to their limits; this is room for that with much to spare.
const STACK: usize = 32 * 1024 * 1024;

pub(super) fn run(args: &CheckArgs) -> Result<Exit, Failure> {
    let request = request::of_check(args)?;
    if args.diff {
        return fix::diff(&request, args.unsafe_fixes, args.jobs, args.quiet);
    }
    let analysis = if args.fix {
        fix::fix(&request, args.unsafe_fixes, args.jobs, args.quiet)?
    } else {
        with_threads(args.jobs, || look(&request))??
    };
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

fn look(request: &Request) -> Result<Analysis, Failure> {
    analyze(&Disk, workspace()?, request).map_err(Failure::Path)
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
