//! GitHub workflows and composite actions.

use super::Language;
use super::step::Step;
use super::yaml::{Node, Scalar};

/// The steps of a workflow or composite action; `None` if the document is neither.
pub(super) fn steps<'n, 't>(document: &'n Node<'t>) -> Option<Vec<Step<'n, 't>>> {
    let mut steps = Vec::new();
    match (document.get("jobs"), document.get("runs")) {
        (Some(jobs @ Node::Map(_)), _) => {
            let default = default_shell(document);
            for (_, job) in jobs.members() {
                let shell = default_shell(job).or(default).map_or_else(|| Shell::of_runner(job), Shell::named);
                add(job, shell, &mut steps);
            }
        }
        (None, Some(runs)) if runs.get("steps").is_some() => add(runs, Shell::Open, &mut steps),
        _ => return None,
    }
    Some(steps)
}

/// What runs a step.
#[derive(Clone, Copy)]
enum Shell {
    Known(Language),
    /// The runner decides, and isn't told.
    Open,
    /// Something that nothing here reads.
    Foreign,
}

impl Shell {
    /// `shell: bash -e {0}`.
    fn named(name: &str) -> Self {
        match name.split_whitespace().next().map(str::to_ascii_lowercase).as_deref() {
            Some("bash" | "sh" | "/bin/bash" | "/bin/sh") => Self::Known(Language::Bash),
            Some("pwsh" | "powershell") => Self::Known(Language::PowerShell),
            Some(name) if name.contains("${{") => Self::Open,
            _ => Self::Foreign,
        }
    }

    /// Windows runs PowerShell, everything else bash.
    fn of_runner(job: &Node<'_>) -> Self {
        let Some(runner) = job.get("runs-on") else { return Self::Open };
        let labels = runner.elements().iter().chain([runner]).chain(runner.get("labels"));
        let labels: Vec<String> = labels.filter_map(Node::text).map(str::to_ascii_lowercase).collect();
        let any = |words: &[&str]| labels.iter().any(|label| words.iter().any(|word| label.contains(word)));
        if any(&["windows"]) {
            Self::Known(Language::PowerShell)
        } else if any(&["ubuntu", "linux", "macos"]) {
            Self::Known(Language::Bash)
        } else {
            Self::Open
        }
    }
}

fn default_shell<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.get("defaults")?.get("run")?.get("shell")?.text()
}

fn add<'n, 't>(job: &'n Node<'t>, default: Shell, into: &mut Vec<Step<'n, 't>>) {
    for step in job.get("steps").into_iter().flat_map(Node::elements) {
        if let Some(script) = step.get("run").and_then(Node::scalar) {
            let shell = step.get("shell").and_then(Node::text).map_or(default, Shell::named);
            let language = match shell {
                Shell::Known(language) => Some(language),
                Shell::Open => None,
                Shell::Foreign => continue,
            };
            into.push(Step { language, script, macros: false });
        }
        if let Some((language, script)) = action(step) {
            into.push(Step { language: Some(language), script, macros: false });
        }
    }
}

/// The script that is given to an action of Azure's.
fn action<'n, 't>(step: &'n Node<'t>) -> Option<(Language, &'n Scalar<'t>)> {
    let uses = step.get("uses")?.text()?.to_ascii_lowercase();
    let (name, _) = uses.split_once('@')?;
    let language = match name {
        "azure/cli" => Language::Bash,
        "azure/powershell" => Language::PowerShell,
        _ => return None,
    };
    Some((language, step.get("with")?.get("inlineScript")?.scalar()?))
}
