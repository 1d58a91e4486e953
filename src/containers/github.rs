//! GitHub workflows and composite actions.

use super::Language;
use super::deployment;
use super::step::{Shell, Step};
use super::yaml::{Node, Scalar};

/// The steps of a workflow or composite action; `None` if the document is neither.
pub(super) fn steps<'n, 't>(document: &'n Node<'t>) -> Option<Vec<Step<'n, 't>>> {
    let mut steps = Vec::new();
    match (document.get("jobs"), document.get("runs")) {
        (Some(jobs @ Node::Map(_)), _) => {
            let default = default_shell(document);
            for (_, job) in jobs.members() {
                let shell = default_shell(job).or(default).map_or_else(|| of_runner(job), named);
                add(job, shell, &mut steps);
            }
        }
        (None, Some(runs)) if runs.get("steps").is_some() => add(runs, Shell::Open, &mut steps),
        _ => return None,
    }
    Some(steps)
}

/// `shell: bash -e {0}`.
fn named(name: &str) -> Shell {
    match name.split_whitespace().next().map(str::to_ascii_lowercase).as_deref() {
        Some("bash" | "sh" | "/bin/bash" | "/bin/sh") => Shell::Known(Language::Bash),
        Some("pwsh" | "powershell") => Shell::Known(Language::PowerShell),
        Some(name) if name.contains("${{") => Shell::Open,
        _ => Shell::Foreign,
    }
}

/// Windows runs PowerShell, everything else bash.
fn of_runner(job: &Node<'_>) -> Shell {
    let Some(runner) = job.get("runs-on") else { return Shell::Open };
    let labels = runner.elements().iter().chain([runner]).chain(runner.get("labels"));
    let labels: Vec<String> = labels.filter_map(Node::text).map(str::to_ascii_lowercase).collect();
    let any = |words: &[&str]| labels.iter().any(|label| words.iter().any(|word| label.contains(word)));
    if any(&["windows"]) {
        Shell::Known(Language::PowerShell)
    } else if any(&["ubuntu", "linux", "macos"]) {
        Shell::Known(Language::Bash)
    } else {
        Shell::Open
    }
}

fn default_shell<'n>(node: &'n Node<'_>) -> Option<&'n str> {
    node.get("defaults")?.get("run")?.get("shell")?.text()
}

fn add<'n, 't>(job: &'n Node<'t>, default: Shell, into: &mut Vec<Step<'n, 't>>) {
    for step in job.get("steps").into_iter().flat_map(Node::elements) {
        if let Some(script) = step.get("run").and_then(Node::scalar) {
            let shell = step.get("shell").and_then(Node::text).map_or(default, named);
            into.extend(shell.step(script, false));
        }
        into.extend(deployment::of_action(step).map(|deployment| Step::deploying(deployment, false)));
        if let Some((language, script)) = action(step) {
            into.extend(Shell::Known(language).step(script, false));
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
