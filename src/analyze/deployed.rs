//! Templates that commands of scripts deploy: which files these are, and what a deployment is evaluated with.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::bytes::Regex;

use crate::discover::{Came, Deployed, Loaded, Page, leads_to_named};
use crate::eval::script::{GivenParameters, TemplateDeployment};
use crate::eval::{Evaluation, Parameters, Scenario, evaluate_in};
use crate::ir::{FileRef, Program, RefKind};
use crate::text::{SourceId, Sources, Span};
use crate::value::{Content, Context, Piece, Term, TermId, Value};

use super::scripts::Place;
use super::{Request, scripts, wanted};

/// What every command, task and action that deploys a template holds.
static WORD: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?i-u)deploy").expect("it is a plain word"));
/// How a script names the folder that it runs in, or the one of the repository, in lower case.
const HERE: [&str; 15] = [
    "$pwd",
    "$(pwd)",
    "$(get-location)",
    "$(git rev-parse --show-toplevel)",
    "$psscriptroot",
    "$github_workspace",
    "${env:github_workspace}",
    "${{ github.workspace }}",
    "${{github.workspace}}",
    "$(build.sourcesdirectory)",
    "$build_sourcesdirectory",
    "${env:build_sourcesdirectory}",
    "$(system.defaultworkingdirectory)",
    "$system_defaultworkingdirectory",
    "${env:system_defaultworkingdirectory}",
];
/// By what a substitution shows that it works out the folder of its own script, in lower case.
const SELF: [&str; 4] = ["$0", "bash_source", "$myinvocation", "$psscriptroot"];

/// The files that the commands of a page deploy.
pub fn files(sources: &Sources, page: &Page) -> Vec<Deployed> {
    if !WORD.is_match(sources.get(page.source).text().as_bytes()) {
        return Vec::new();
    }
    let mut all = Vec::new();
    scripts::walk(page, &Request::default(), |evaluation, deployments| {
        let context = &evaluation.context;
        all.extend(deployments.iter().map(|deployment| {
            let mut deployed = Deployed { files: Vec::new(), open: false };
            deployed
                .files
                .extend(deployment.template.as_ref().and_then(|path| reference(context, path, RefKind::Deployed)));
            for given in &deployment.parameters {
                match given {
                    GivenParameters::Value { .. } => {}
                    GivenParameters::Unknown(_) => deployed.open = true,
                    GivenParameters::File(path) => {
                        let file = reference(context, path, RefKind::DeployedParameters);
                        deployed.open |= file.is_none();
                        deployed.files.extend(file);
                    }
                }
            }
            deployed
        }));
    });
    all
}

/// What the commands of pages deploy, remembered by the paths of the pages: a run meets each when it looks for what
/// matters, and again in its part.
#[derive(Default)]
pub(super) struct Remembered {
    by_path: Mutex<HashMap<PathBuf, Vec<Deployed>>>,
}

impl Remembered {
    /// The files that the commands of a page deploy.
    pub(super) fn files(&self, sources: &Sources, page: &Page) -> Vec<Deployed> {
        let path = sources.get(page.source).path();
        let known = || self.by_path.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(deployed) = known().get(path) {
            return deployed.clone();
        }
        let deployed = files(sources, page);
        known().insert(path.to_owned(), deployed.clone());
        deployed
    }
}

/// The path that a value is, relative to wherever the script runs; `None` where it isn't known.
fn reference(context: &Context, path: &Value, kind: RefKind) -> Option<FileRef> {
    let text = match &path.kind {
        crate::value::Kind::Str(string) => match &*string.pieces {
            [Piece { content: Content::Symbol(folder), .. }, rest @ ..] if !rest.is_empty() => {
                let rest = crate::value::Str::new(rest.iter().cloned()).text()?;
                let inside = rest.strip_prefix(['/', '\\'])?;
                if !is_here(context, *folder) {
                    return None;
                }
                Arc::from(inside)
            }
            _ => string.text()?,
        },
        _ => return None,
    };
    // Where it is written counts for nobody: what isn't found is no fault.
    let span = Span::new(SourceId(0), 0, 0);
    (!text.is_empty()).then_some(FileRef { path: text, span, kind })
}

/// Whether a term stands for the folder of the script, one above it, or the one that it runs in.
fn is_here(context: &Context, term: TermId) -> bool {
    match context.get(term) {
        Term::Param(name) => {
            let name = name.to_lowercase();
            HERE.contains(&&*name) || name.starts_with("$(") && SELF.iter().any(|word| name.contains(word))
        }
        // `${BASH_SOURCE[0]%/*}`, `${0%/*}`
        Term::Call(function, args) if &**function == "remove-suffix" => args.first().is_some_and(|of| {
            let whole = match context.get(*of) {
                Term::Get(whole, _) => context.get(*whole),
                whole => whole,
            };
            matches!(whole, Term::Param(name) if ["$0", "$BASH_SOURCE"].contains(&&**name))
        }),
        _ => false,
    }
}

/// Evaluates what a page deploys, in the context of the page, and says which root it is. `None` leaves the context as it
/// is.
pub(super) fn evaluate(
    Place { loaded, page, roots, .. }: Place<'_>,
    context: &mut Context,
    deployment: TemplateDeployment,
    asked: &Request,
) -> Option<(usize, Evaluation)> {
    let program = |path: &Value, kind| {
        let reference = reference(context, path, kind)?;
        loaded.library.program(page.source, &reference).map(Arc::clone)
    };
    let mut parameters = Vec::with_capacity(deployment.parameters.len());
    let mut said = deployment.template.as_ref().and_then(|path| program(path, RefKind::Deployed));
    for given in &deployment.parameters {
        parameters.push(match given {
            GivenParameters::File(path) => match program(path, RefKind::DeployedParameters) {
                Some(file) => {
                    if deployment.template.is_none() {
                        said = said.or_else(|| template_of(loaded, &file));
                    }
                    Parameters::File(file)
                }
                None => Parameters::Unknown(unknown(path)),
            },
            GivenParameters::Value { name, span, value } => {
                Parameters::Value { name: Arc::clone(name), span: *span, value: value.clone() }
            }
            GivenParameters::Unknown(value) => Parameters::Unknown(unknown(value)),
        });
    }
    let template = said?;
    let file = loaded.files.iter().position(|file| Arc::ptr_eq(&file.program, &template))?;
    let root = roots.iter().position(|root| *root == file)?;
    if page.came == Came::User && !leads_to_named(loaded, file) {
        return None;
    }
    let source = loaded.sources.get(page.source);
    let line = source.place(deployment.span.start).line;
    let scenario = Scenario {
        name: Some(format!("{}:{line}", source.name()).into()),
        parameters,
        overrides: super::overrides(&template, asked),
        subscription: None,
        command: Some(deployment),
    };
    let context = std::mem::take(context);
    Some((root, evaluate_in(context, &loaded.library, &template, &scenario, wanted(asked))))
}

/// The template that a parameters file says it is for.
fn template_of(loaded: &Loaded, parameters: &Program) -> Option<Arc<Program>> {
    let using = parameters.files.get(parameters.using?)?;
    loaded.library.program(parameters.source, using).map(Arc::clone)
}

/// Whatever a value says, what it gives isn't known.
fn unknown(value: &Value) -> Value {
    use crate::value::{Kind as ValueKind, Why};
    Value { kind: ValueKind::Unknown { term: value.term, why: Why::NotLoaded }, ..value.clone() }
}
