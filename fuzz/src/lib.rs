//! What the targets share: a run over one file in memory, and what must hold of every run.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use cmklint::analyze::{Analysis, Request, analyze, mend};
use cmklint::discover::{Memory, Workspace};
use cmklint::finding::{Confidence, Finding};
use cmklint::report::{Form, Style, render};
use cmklint::text::{Sources, Span};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Longer inputs find nothing that shorter ones don't, and cost the time for many of those.
pub const LONGEST: usize = 64 * 1024;
/// As much room to recurse as the command gives its threads.
const STACK: usize = 32 * 1024 * 1024;

static ONE_THREAD: LazyLock<ThreadPool> = LazyLock::new(|| threads(1));
static EIGHT_THREADS: LazyLock<ThreadPool> = LazyLock::new(|| threads(8));

fn threads(number: usize) -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(number).stack_size(STACK).build().expect("threads can be had")
}

/// Runs work on a thread that has room to recurse, as the command does.
pub fn with_room<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    ONE_THREAD.install(work)
}

/// Checks one file of that name.
pub fn check(name: &str, bytes: &[u8]) -> Analysis {
    check_with(name, bytes, &[])
}

/// The same with values for parameters, as they are typed.
fn check_with(name: &str, bytes: &[u8], values: &[(&str, &str)]) -> Analysis {
    let files = [(name.to_owned(), bytes)];
    let (workspace, mut request) = run_over(&files);
    request.values = values.iter().map(|(name, value)| (Arc::from(*name), (*value).to_owned())).collect();
    analyze(&Memory::new(&files), workspace, &request).expect("the file is there")
}

/// Holds a run without values for parameters to one with values: what is certain is found again, though perhaps at the
/// other literal of a condition. Where a limit was reached nothing follows.
pub fn contradicts_no_values(name: &str, bytes: &[u8], open: &Analysis, values: &[(&str, &str)]) {
    let closed = ONE_THREAD.install(|| check_with(name, bytes, values));
    let is_limited = |analysis: &Analysis| analysis.findings.iter().any(|finding| &*finding.rule == "CMK005");
    if is_limited(open) || is_limited(&closed) {
        return;
    }
    let kind = |finding: &Finding| (finding.rule.clone(), finding.case);
    let found: HashSet<_> = closed.findings.iter().map(kind).collect();
    for finding in open.findings.iter().filter(|finding| finding.confidence == Confidence::Certain) {
        let text = String::from_utf8_lossy(bytes);
        assert!(found.contains(&kind(finding)), "{finding:?} is certain, but not found with {values:?}\n{text}");
    }
}

fn run_over(files: &[(String, &[u8])]) -> (Workspace, Request) {
    let reader = Memory::new(files);
    let workspace = Workspace::around(&reader, Path::new(Memory::FOLDER)).expect("the folder is there");
    (workspace, Request { paths: reader.paths(), ..Request::default() })
}

/// Applies the fixes of a file, and again to what that gives: nothing is left to be done.
fn mends_once(name: &str, bytes: &[u8]) {
    let mended = |bytes: &[u8]| {
        let files = [(name.to_owned(), bytes)];
        let (workspace, request) = run_over(&files);
        let mending = mend(&Memory::new(&files), &workspace, &request, true).expect("the file is there");
        mending.files.into_iter().next().map(|file| file.after)
    };
    if let Some(after) = mended(bytes) {
        let again = mended(after.as_bytes());
        assert!(again.is_none(), "fixed again:\n{after}\n=>\n{}", again.unwrap_or_default());
    }
}

/// Checks one file and holds the run to what must hold of every run: places lie in their files and on the borders of
/// characters, no finding is given twice, the number of threads changes nothing, and what fixes give needs no more of
/// them.
pub fn check_soundly(name: &str, bytes: &[u8]) -> Analysis {
    let alone = ONE_THREAD.install(|| check(name, bytes));
    let text = rendered(&alone);
    let together = EIGHT_THREADS.install(|| rendered(&check(name, bytes)));
    assert_eq!(text, together, "the number of threads changes the report");
    assert_sound(&alone);
    if alone.findings.iter().any(|finding| finding.fix.is_some()) {
        ONE_THREAD.install(|| mends_once(name, bytes));
    }
    alone
}

fn rendered(analysis: &Analysis) -> String {
    let report = analysis.report();
    let style = Style { undecided: true, ..Style::default() };
    let forms = [Form::Human, Form::Concise, Form::Json].map(|form| render(&report, form, style));
    let [human, concise, _] = &forms;
    for text in [human, concise] {
        let control = text.chars().find(|char| char.is_control() && *char != '\n');
        assert!(control.is_none(), "{control:?} reaches a terminal");
    }
    forms.concat()
}

fn assert_sound(analysis: &Analysis) {
    let sources = &analysis.sources;
    let mut seen = HashSet::new();
    for finding in &analysis.findings {
        assert_in_file(sources, finding.primary);
        finding.labels.iter().for_each(|label| assert_in_file(sources, label.span));
        let key = (finding.primary, finding.rule.clone(), finding.case);
        assert!(seen.insert(key), "{} twice at {:?}", finding.rule, finding.primary);
    }
    analysis.undecided.iter().for_each(|undecided| assert_in_file(sources, undecided.span));
    analysis.diagnostics.iter().filter_map(|remark| remark.span).for_each(|span| assert_in_file(sources, span));
}

fn assert_in_file(sources: &Sources, span: Span) {
    let text = sources.get(span.source).text();
    assert!(span.start <= span.end, "{span:?}");
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {} bytes", text.len());
}
