//! Azure Pipelines, and templates of steps, jobs and stages.

use super::Language;
use super::deployment;
use super::step::{Shell, Step};
use super::yaml::{Node, Scalar};

/// Keys by which a document shows that it is a pipeline, or a template of one.
const KEYS: [&str; 4] = ["steps", "jobs", "stages", "extends"];

/// Steps that are a script by themselves.
const SCRIPTS: [(&str, Kind); 4] = [
    ("script", Kind::System),
    ("bash", Kind::Shell(Language::Bash)),
    ("pwsh", Kind::Shell(Language::PowerShell)),
    ("powershell", Kind::Shell(Language::PowerShell)),
];

/// Tasks that take a script, the input that holds it, and what runs it.
const TASKS: [(&str, &str, Kind); 6] = [
    ("azurecli", "inlineScript", Kind::Typed),
    ("azurecli", "script", Kind::Typed),
    ("azurepowershell", "inline", Kind::Shell(Language::PowerShell)),
    ("bash", "script", Kind::Shell(Language::Bash)),
    ("powershell", "script", Kind::Shell(Language::PowerShell)),
    ("cmdline", "script", Kind::System),
];

/// What runs a script.
#[derive(Clone, Copy)]
enum Kind {
    Shell(Language),
    /// The system's own shell: bash, or on Windows `cmd`.
    System,
    /// What the input `scriptType` says.
    Typed,
}

/// The steps of a pipeline or template, wherever they stand in it; none in other documents.
pub(super) fn steps<'n, 't>(document: &'n Node<'t>) -> Vec<Step<'n, 't>> {
    let mut steps = Vec::new();
    if KEYS.iter().any(|key| document.get(key).is_some()) {
        visit(document, false, &mut steps);
    }
    steps
}

fn visit<'n, 't>(node: &'n Node<'t>, windows: bool, into: &mut Vec<Step<'n, 't>>) {
    let windows = node.get("pool").map_or(windows, is_windows);
    let script = SCRIPTS.iter().find_map(|(key, kind)| Some((*kind, node.get(key)?.scalar()?)));
    if let Some((kind, script)) = script.or_else(|| task(node)) {
        into.extend(shell(kind, node, windows).step(script, true));
        return;
    }
    if let Some(deployment) = deployment::of_task(node) {
        into.push(Step::deploying(deployment, true));
        return;
    }
    node.elements()
        .iter()
        .chain(node.members().iter().map(|(_, value)| value))
        .for_each(|node| visit(node, windows, into));
}

/// Whether a pool is one of Windows machines.
fn is_windows(pool: &Node<'_>) -> bool {
    let names = [Some(pool), pool.get("vmImage"), pool.get("name")];
    names.into_iter().flatten().filter_map(Node::text).any(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("windows") || name.contains("win20") || name.contains("vs20")
    })
}

fn task<'n, 't>(node: &'n Node<'t>) -> Option<(Kind, &'n Scalar<'t>)> {
    let name = node.get("task")?.text()?.to_ascii_lowercase();
    let (name, _) = name.split_once('@')?;
    let inputs = node.get("inputs")?;
    let known = TASKS.iter().filter(|(task, ..)| *task == name);
    known.into_iter().find_map(|(_, key, kind)| Some((*kind, input(inputs, key)?.scalar()?)))
}

/// An input, be it one that a `${{ if ... }}` puts in.
fn input<'n, 't>(inputs: &'n Node<'t>, key: &str) -> Option<&'n Node<'t>> {
    let inserted = || {
        let is_inserted = |name: &Node<'_>| name.text().is_some_and(|name| name.starts_with("${{"));
        inputs.members().iter().filter(move |(name, _)| is_inserted(name)).find_map(|(_, value)| value.get(key))
    };
    inputs.get(key).or_else(inserted)
}

/// What runs a step.
fn shell(kind: Kind, node: &Node<'_>, windows: bool) -> Shell {
    match kind {
        Kind::Shell(language) => Shell::Known(language),
        Kind::System if windows => Shell::Foreign,
        Kind::System => Shell::Known(Language::Bash),
        Kind::Typed => {
            let said = node.get("inputs").and_then(|inputs| input(inputs, "scriptType")).and_then(Node::text);
            match said.map(str::to_ascii_lowercase).as_deref() {
                Some("bash") => Shell::Known(Language::Bash),
                Some("ps" | "pscore") => Shell::Known(Language::PowerShell),
                Some("batch") => Shell::Foreign,
                _ if windows => Shell::Foreign,
                _ => Shell::Open,
            }
        }
    }
}
