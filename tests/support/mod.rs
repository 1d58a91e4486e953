//! What the tests of the rules share: files in, what the rules say of them out.

use std::path::PathBuf;

use cmklint::eval::{Scenario, evaluate};
use cmklint::finding::{Finding, Undecided};
use cmklint::ir::Library;
use cmklint::rules::CheckOptions;
use cmklint::text::{Source, Sources};
use cmklint::{arm, azure, rules};

/// What the rules said of some files.
pub(crate) struct Checked {
    /// The files.
    pub(crate) sources: Sources,
    /// What was found.
    pub(crate) findings: Vec<Finding>,
    /// Checks that could not decide.
    pub(crate) undecided: Vec<Undecided>,
}

/// Checks files that belong together.
pub(crate) fn check_files(files: &[(String, String)], options: &CheckOptions) -> Checked {
    let mut sources = Sources::default();
    let (mut findings, mut undecided) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let source = sources.add(Source::new(name.as_str(), PathBuf::from(name), text.as_str()));
        let lowered = arm::lower(source, text);
        if let Some((span, why)) = lowered.diagnostics.first() {
            findings.extend(rules::not_read_whole(*span, why, options));
        }
        let program = lowered.program.unwrap_or_else(|| panic!("no template:\n{text}"));
        let mut evaluation = evaluate(&Library::default(), &program, &Scenario::default(), azure::is_known_type);
        let outcome = rules::check(&mut evaluation, options);
        findings.extend(outcome.findings);
        undecided.extend(outcome.undecided);
    }
    Checked { sources, findings, undecided }
}

impl Checked {
    /// All findings, a line each.
    pub(crate) fn lines(&self) -> String {
        let line = |finding: &Finding| {
            let text = self.sources.slice(finding.primary);
            format!("{}{} at `{text}`: {}", finding.rule, finding.case, finding.message)
        };
        self.findings.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}
