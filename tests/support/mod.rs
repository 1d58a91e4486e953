//! What the tests of the rules share: templates as texts in, what the rules say of them out.

use std::path::PathBuf;
use std::sync::Arc;

use cmklint::eval::{Scenario, evaluate};
use cmklint::finding::{Finding, Severity};
use cmklint::ir::Library;
use cmklint::rules::{CheckOptions, Outcome};
use cmklint::text::{Source, Sources};
use cmklint::{arm, azure, rules};

/// What the rules said of some files.
pub(crate) struct Checked {
    /// The files.
    pub(crate) sources: Sources,
    /// Findings and checks that could not decide.
    pub(crate) outcome: Outcome,
}

/// Checks an ARM template, with a parameters file if there is one.
pub(crate) fn check_arm(template: &str, parameters: Option<&str>, options: &CheckOptions) -> Checked {
    let mut sources = Sources::default();
    let root = sources.add(Source::new("main.json", PathBuf::from("main.json"), template));
    let lowered = arm::lower(root, template);
    assert!(lowered.diagnostics.is_empty(), "{:?} in\n{template}", lowered.diagnostics);
    let program = lowered.program.unwrap_or_else(|| panic!("no template:\n{template}"));
    let mut scenario = Scenario::default();
    if let Some(text) = parameters {
        let source = sources.add(Source::new("main.parameters.json", PathBuf::from("main.parameters.json"), text));
        let lowered = arm::lower_as(source, text, arm::Kind::Parameters);
        assert!(lowered.diagnostics.is_empty(), "{:?} in\n{text}", lowered.diagnostics);
        scenario.name = Some(Arc::from("main.parameters.json"));
        scenario.parameters = lowered.program.map(Arc::new);
    }
    let mut evaluation = evaluate(&Library::default(), &program, &scenario, azure::is_known_type);
    let outcome = rules::check(&mut evaluation, options);
    Checked { sources, outcome }
}

impl Checked {
    /// Findings that are errors or warnings.
    pub(crate) fn loud(&self) -> Vec<&Finding> {
        self.outcome.findings.iter().filter(|finding| finding.severity > Severity::Note).collect()
    }

    /// A finding in one line, for failing assertions.
    pub(crate) fn line(&self, finding: &Finding) -> String {
        let text = self.sources.slice(finding.primary);
        format!("{}{} at `{text}`: {}", finding.rule, finding.case, finding.message)
    }

    /// All findings, a line each.
    pub(crate) fn lines(&self) -> String {
        self.outcome.findings.iter().map(|finding| self.line(finding)).collect::<Vec<_>>().join("\n")
    }
}
