//! What the user has put aside: by settings, and by comments in the texts that may hold them.

use std::collections::BTreeSet;

use super::gather::Looked;
use super::{Analysis, Request, merge};
use crate::discover::{Came, Kind};
use crate::finding::{Diagnostic, Finding};
use crate::suppress::{Form, Host, Language, Text, part};

/// Puts findings aside.
pub(super) fn put_aside(files: &[Looked], request: &Request, analysis: &mut Analysis) {
    let texts: Vec<Text> = files.iter().filter_map(text).collect();
    let findings = std::mem::take(&mut analysis.findings);
    let rule_of = |name: &str| request.rule(name);
    let mut parted = part(&analysis.sources, &texts, findings, &analysis.undecided, &request.checks, &rule_of);
    merge::sort(&mut parted.shown);
    analysis.suppressed = parted.suppressed;
    analysis.findings = by_settings(files, request, analysis, parted.shown);
    analysis.seen.suppressed += analysis.suppressed.len() + analysis.excused.len();
    merge::sort(&mut analysis.suppressed);
    merge::sort(&mut analysis.excused);
}

/// Findings as the settings of their files have them: as bad as those say, without what they put aside. An entry of
/// settings that puts nothing aside, though a file that it speaks of was judged, is remarked on.
fn by_settings(files: &[Looked], request: &Request, analysis: &mut Analysis, findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept = Vec::new();
    let mut used: BTreeSet<(&str, usize)> = BTreeSet::new();
    for mut finding in findings {
        let config = request.configs.of(analysis.sources.get(finding.primary.source).path());
        let Some(config) = config else {
            kept.push(finding);
            continue;
        };
        let Some(severity) = config.severity(&finding) else { continue };
        finding.severity = severity;
        match config.entry_for(&analysis.sources, &finding) {
            Some(entry) => {
                used.insert((&config.name, entry));
                analysis.excused.push(finding);
            }
            None => kept.push(finding),
        }
    }
    for config in request.configs.all() {
        for (at, entry) in config.suppress.iter().enumerate() {
            let judged = |file: &Looked| {
                let is_template = !file.kind.is_script();
                is_template && matches!(file.came, Came::Met | Came::Named) && config.speaks_of(at, &file.path)
            };
            let is_open = analysis.undecided.iter().any(|open| entry.rules.iter().any(|rule| **rule == *open.rule));
            let ran = entry.rules.iter().all(|rule| request.wants(rule));
            if ran && !used.contains(&(&*config.name, at)) && !is_open && files.iter().any(judged) {
                analysis.diagnostics.push(Diagnostic {
                    span: None,
                    file: format!("{}:{}", config.name, entry.line),
                    message: format!("puts nothing aside: there is no finding of {} there", entry.rules.join(", ")),
                });
            }
        }
    }
    kept
}

/// A text as far as comments go, if it is kept. Of what wasn't meant to be judged only a part may have been.
fn text(file: &Looked) -> Option<Text> {
    let form = match file.kind {
        Kind::Json => Form::Plain(Language::Json),
        Kind::Bicep | Kind::BicepParameters => Form::Plain(Language::Bicep),
        Kind::Shell => Form::Plain(Language::Shell),
        Kind::PowerShell => Form::Plain(Language::PowerShell),
        Kind::Markdown => Form::Page(Host::Markdown { templates: file.templates.clone() }),
        Kind::Yaml => Form::Page(Host::Yaml),
    };
    let is_judged = matches!(file.came, Came::Met | Came::Named | Came::AsParameters);
    Some(Text { source: file.source?, form, is_judged })
}
