//! What the targets share: a run over one file in memory, and what must hold of every run.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use cmklint::analyze::{Analysis, Request, analyze};
use cmklint::discover::{Metadata, Reader, Workspace};
use cmklint::report::{Form, Report, Style, render};
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

/// A folder that holds one file.
struct OneFile<'t> {
    path: PathBuf,
    bytes: &'t [u8],
}

impl Reader for OneFile<'_> {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        if path == self.path {
            Ok(Metadata::File(self.bytes.len() as u64))
        } else if path == Path::new("/w") {
            Ok(Metadata::Folder)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.metadata(path).map(|_| path.to_owned())
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        self.metadata(path)?;
        Ok(self.bytes[..self.bytes.len().min(at_most as usize)].to_vec())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(vec![self.path.clone()])
    }
}

/// Checks one file of that name.
pub fn check(name: &str, bytes: &[u8]) -> Analysis {
    let path = Path::new("/w").join(name);
    let reader = OneFile { path: path.clone(), bytes };
    let workspace = Workspace::around(&reader, Path::new("/w")).expect("the folder is there");
    let request = Request { paths: vec![path], ..Request::default() };
    analyze(&reader, workspace, &request).expect("the file is there")
}

/// Checks one file and holds the run to what must hold of every run: places lie in their files and on the borders of
/// characters, no finding is given twice, no place is both a fault and undecided by the same rule for the same
/// reason, and the number of threads changes nothing.
pub fn check_soundly(name: &str, bytes: &[u8]) -> Analysis {
    let alone = ONE_THREAD.install(|| check(name, bytes));
    let text = rendered(&alone);
    let together = EIGHT_THREADS.install(|| rendered(&check(name, bytes)));
    assert_eq!(text, together, "the number of threads changes the report");
    assert_sound(&alone);
    alone
}

fn rendered(analysis: &Analysis) -> String {
    let report = Report {
        sources: &analysis.sources,
        findings: &analysis.findings,
        undecided: &analysis.undecided,
        diagnostics: &analysis.diagnostics,
        secrets: &analysis.secrets,
        seen: &analysis.seen,
    };
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
    let mut seen = std::collections::HashSet::new();
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
