//! What a run found, written for people and for machines: one file for each form.
//!
//! A form is a pure function from a [`Report`] to text. It knows findings and sources, nothing of rules or of how
//! findings came about; where the text goes is the caller's business. A new form is one file here, one variant of
//! [`Form`] and one arm in [`render`].

mod concise;
mod evaluation;
mod excerpt;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod preview;
mod sarif;
mod summary;

pub use crate::text::{visible, visible_lines};
pub use evaluation::{Evaluated, render_human as render_resources, render_json as render_resources_json};
pub use human::{mistakes, snippets};

use crate::finding::{Diagnostic, Finding, Undecided};
use crate::text::{Sources, Span};

/// How a report is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// Frames around the source, for a terminal.
    #[default]
    Human,
    /// One line a finding.
    Concise,
    /// The contract that `docs/schema/findings.schema.json` describes.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands that GitHub shows beside the lines of a pull request.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// XML after `JUnit`, for whatever shows results of tests.
    Junit,
}

/// What a form may vary.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// ANSI colors; only [`Form::Human`] has them.
    pub color: bool,
    /// List the checks that could not decide, and the remarks on the files.
    pub undecided: bool,
    /// Findings only, without summary and remarks. Machine-readable forms are whole whatever this says.
    pub quiet: bool,
}

/// All that a run has to say.
#[derive(Debug)]
pub struct Report<'a> {
    /// The texts that all spans below are of.
    pub sources: &'a Sources,
    /// Sorted: the order of the reports is this order.
    pub findings: &'a [Finding],
    /// Findings put aside by comments; only SARIF shows them.
    pub suppressed: &'a [Finding],
    /// Findings put aside by settings; only SARIF shows them.
    pub excused: &'a [Finding],
    /// Sorted.
    pub undecided: &'a [Undecided],
    /// Sorted.
    pub diagnostics: &'a [Diagnostic],
    /// Places whose text must not be shown: values of secure parameters. Sorted.
    pub secrets: &'a [Span],
    /// What was looked at.
    pub seen: &'a Seen,
}

/// What a run looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Seen {
    /// Files that hold something to judge, by what they are: `("Bicep", 9)`. Kinds without a file are left out.
    pub kinds: Vec<(&'static str, usize)>,
    /// Image versions that the files deploy.
    pub image_versions: usize,
    /// Findings that the user has put aside.
    pub suppressed: usize,
    /// Findings left out since a baseline holds them.
    pub baselined: usize,
    /// Findings left out since they were there before.
    pub known_before: usize,
}

impl Seen {
    /// How many files hold something to judge.
    pub fn files(&self) -> usize {
        self.kinds.iter().map(|(_, count)| count).sum()
    }
}

/// Writes a report.
pub fn render(report: &Report<'_>, form: Form, style: Style) -> String {
    match form {
        Form::Human => human::render(report, style),
        Form::Concise => concise::render(report, style),
        Form::Json => json::render(report, style),
        Form::Sarif => sarif::render(report),
        Form::Github => github::render(report),
        Form::Gitlab => gitlab::render(report),
        Form::Junit => junit::render(report),
    }
}

/// All that is said of a finding beside its headline and its places, a paragraph each.
fn remarks(finding: &Finding) -> impl Iterator<Item = String> {
    let scenarios =
        (!finding.scenarios.is_empty()).then(|| format!("note: holds with {}", finding.scenarios.join(", ")));
    let notes = finding.notes.iter().map(|note| format!("note: {note}"));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    notes.chain(scenarios).chain(help)
}

/// `1 file`, `2 files`.
fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod samples;
