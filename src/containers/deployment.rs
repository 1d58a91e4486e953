//! Steps that deploy a template without a script: as the command that would do the same, each value with its place.

use crate::text::{Excerpt, ExcerptBuilder, SourceId};

use super::scalar;
use super::yaml::{Node, Scalar};

/// A step that deploys a template.
#[derive(Debug)]
pub(super) struct Deployment<'n, 't> {
    /// What names the step: its place is that of the command.
    name: &'n Scalar<'t>,
    /// `group`, `sub`, `mg` or `tenant`.
    level: &'static str,
    /// Options of the command, and their values.
    options: Vec<(&'static str, &'n Scalar<'t>)>,
    /// What is given to the template's parameters.
    parameters: Option<(Form, &'n Scalar<'t>)>,
}

/// How parameters are written.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// `-name value`, as the task of Azure Pipelines takes them.
    Dashed,
    /// Words as the Azure CLI takes them.
    Words,
}

/// What an option stands for in the inputs of a step: the option, and the input's name.
type Inputs = [(&'static str, &'static str)];

const OF_TASK: &Inputs = &[
    ("--subscription", "subscriptionId"),
    ("--resource-group", "resourceGroupName"),
    ("--template-file", "csmFile"),
    ("--parameters", "csmParametersFile"),
];
const OF_ACTION: &Inputs =
    &[("--subscription", "subscriptionId"), ("--resource-group", "resourceGroupName"), ("--template-file", "template")];
/// Where a deployment goes, as the steps spell it without blanks in lower case.
const LEVELS: [(&str, &str); 7] = [
    ("resourcegroup", "group"),
    ("subscription", "sub"),
    ("managementgroup", "mg"),
    ("tenant", "tenant"),
    ("group", "group"),
    ("sub", "sub"),
    ("mg", "mg"),
];

/// `AzureResourceManagerTemplateDeployment@3`.
pub(super) fn of_task<'n, 't>(step: &'n Node<'t>) -> Option<Deployment<'n, 't>> {
    let name = step.get("task")?.scalar()?;
    let (task, _) = name.value.split_once('@')?;
    if !task.eq_ignore_ascii_case("AzureResourceManagerTemplateDeployment") {
        return None;
    }
    let inputs = step.get("inputs")?;
    let parameters = inputs.get("overrideParameters").and_then(Node::scalar).map(|written| (Form::Dashed, written));
    of(name, inputs, "deploymentScope", ("location", OF_TASK), parameters)
}

/// `azure/arm-deploy`.
pub(super) fn of_action<'n, 't>(step: &'n Node<'t>) -> Option<Deployment<'n, 't>> {
    let name = step.get("uses")?.scalar()?;
    let (action, _) = name.value.split_once('@')?;
    if !action.eq_ignore_ascii_case("azure/arm-deploy") {
        return None;
    }
    let inputs = step.get("with")?;
    let parameters = inputs.get("parameters").and_then(Node::scalar).map(|written| (Form::Words, written));
    of(name, inputs, "scope", ("region", OF_ACTION), parameters)
}

fn of<'n, 't>(
    name: &'n Scalar<'t>,
    inputs: &'n Node<'t>,
    level: &str,
    (location, known): (&str, &Inputs),
    parameters: Option<(Form, &'n Scalar<'t>)>,
) -> Option<Deployment<'n, 't>> {
    let level = match inputs.get(level).and_then(Node::text) {
        Some(said) => {
            let said = said.replace(' ', "").to_lowercase();
            LEVELS.iter().find(|(spelt, _)| *spelt == said)?.1
        }
        None => "group",
    };
    let given = |input: &str| inputs.get(input).and_then(Node::scalar).filter(|scalar| !scalar.value.is_empty());
    let mut options: Vec<_> = known.iter().filter_map(|(option, input)| Some((*option, given(input)?))).collect();
    // A group has its own location; the one that is said is for a group that is made on the way.
    if level != "group" {
        options.extend(given(location).map(|written| ("--location", written)));
    }
    options.iter().any(|(option, _)| *option == "--template-file").then_some(Deployment {
        name,
        level,
        options,
        parameters,
    })
}

impl Deployment<'_, '_> {
    /// The command, with the way back to the file.
    pub(super) fn excerpt(&self, source: SourceId, text: &str) -> Option<Excerpt> {
        let name = scalar::excerpt(source, text, self.name)?;
        let place = name.span(0, name.text().len());
        let mut command = ExcerptBuilder::new(source);
        let verb = format!("az deployment {} create", self.level);
        command.decoded(&verb, place.start as usize, place.end as usize);
        for (option, written) in &self.options {
            let value = scalar::excerpt(source, text, written)?;
            add(&mut command, option);
            quoted(&mut command, &value, 0, value.text().len())?;
        }
        if let Some((form, written)) = self.parameters {
            let value = scalar::excerpt(source, text, written)?;
            match form {
                Form::Dashed => dashed(&mut command, &value),
                Form::Words => {
                    for (start, end) in words(value.text()) {
                        add(&mut command, "--parameters");
                        command.take(&value, start, end);
                    }
                }
            }
        }
        Some(command.finish())
    }
}

/// An option, which the file doesn't spell so: at the place of what stands before it.
fn add(command: &mut ExcerptBuilder, option: &str) {
    let place = command.end_in_file();
    command.decoded(&format!(" {option} "), place, place);
}

/// A part of a value between single quotes; `None` where it holds one itself.
fn quoted(command: &mut ExcerptBuilder, value: &Excerpt, start: usize, end: usize) -> Option<()> {
    if value.text().get(start..end)?.contains('\'') {
        return None;
    }
    let place = value.span(start, end);
    command.decoded("'", place.start as usize, place.start as usize);
    command.take(value, start, end);
    command.decoded("'", place.end as usize, place.end as usize);
    Some(())
}

/// `-name value -other "value"` as `name=value` and so on.
fn dashed(command: &mut ExcerptBuilder, value: &Excerpt) {
    let all = words(value.text());
    let is_name = |(start, end): (usize, usize)| {
        let word = value.text().get(start..end).unwrap_or_default();
        word.strip_prefix('-').is_some_and(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))
    };
    let mut at = 0;
    while let Some(&(start, end)) = all.get(at) {
        at += 1;
        if !is_name((start, end)) {
            continue;
        }
        let Some(&(from, to)) = all.get(at).filter(|word| !is_name(**word)) else { continue };
        // What follows without quotes belongs to the value.
        let mut last = to;
        at += 1;
        while let Some(&(_, to)) = all.get(at).filter(|word| !is_name(**word)) {
            last = to;
            at += 1;
        }
        add(command, "--parameters");
        command.take(value, start + 1, end);
        let place = value.span(from, last);
        command.decoded("=", place.start as usize, place.start as usize);
        let written = value.text().get(from..last).unwrap_or_default();
        let bare = ['"', '\'']
            .iter()
            .any(|quote| written.len() > 1 && written.starts_with(*quote) && written.ends_with(*quote));
        let (from, last) = if bare { (from + 1, last - 1) } else { (from, last) };
        if quoted(command, value, from, last).is_none() {
            command.decoded("\"$overrideParameters\"", place.start as usize, place.end as usize);
        }
    }
}

/// Words between blanks, quotes and `${{ }}` not taken apart, as byte ranges.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut depth = 0_usize;
    for (at, char) in text.char_indices() {
        let blank = char.is_whitespace() && quote.is_none() && depth == 0;
        match char {
            '{' if quote.is_none() => depth += 1,
            '}' if quote.is_none() => depth = depth.saturating_sub(1),
            '"' | '\'' if quote == Some(char) => quote = None,
            '"' | '\'' if quote.is_none() && depth == 0 => quote = Some(char),
            _ => {}
        }
        match (blank, start) {
            (true, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|from| (from, text.len())));
    words
}
