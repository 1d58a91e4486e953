//! Scripts: walked through, their commands made requests, and these judged like a template's resources.

use crate::az_powershell::{Cmdlets, Names};
use crate::azure::{Before, regions};
use crate::azure_cli::AzureCli;
use crate::discover::{Came, Loaded, Page};
use crate::eval::Evaluation;
use crate::eval::script::{Command, Host, Request, Session, Start, TemplateDeployment, Verb, run};
use crate::ir::script::Shell;
use crate::rules::{self, limit_reached};
use crate::text::Span;
use crate::value::{Context, Value};

use super::{Request as Asked, Verdict, deployed, unread, verdict};

/// A file with scripts among all files.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// All files.
    pub loaded: &'a Loaded,
    /// The file.
    pub page: &'a Page,
    /// The files of the roots, in order: what is found in templates that the scripts deploy belongs to these.
    pub roots: &'a [usize],
    /// What is found in the scripts belongs to this index.
    pub root: usize,
}

impl Place<'_> {
    /// Where the file was read.
    pub(super) fn path(&self) -> &std::path::Path {
        self.loaded.sources.get(self.page.source).path()
    }
}

/// Judges the scripts of a file, each sequence of commands for itself: what is in functions that nobody calls, or in
/// another script, doesn't run after the rest.
///
/// The templates that they deploy are judged, too, each as the root that it is. Of a file that was looked for as a user
/// of what the user named, nothing else is. `before` is what is compared with, its values of the context.
pub(super) fn judge(context: Context, before: Before<'_>, place: Place<'_>, asked: &Asked) -> Vec<Verdict> {
    let Place { loaded, page, root, .. } = place;
    let mut verdicts = Vec::new();
    let mut scripts = page.scripts.iter();
    let limit = "this file holds more scripts and templates than are read of one; from here on they were not read";
    let left_out = page.left_out.filter(|_| page.came != Came::User);
    let limit = left_out.and_then(|place| limit_reached(place, limit, &asked.checks));
    verdicts.extend(limit.map(|finding| Verdict { findings: vec![finding], ..Verdict::of(root) }));
    walk_in(context, page, asked, |evaluation, deployments| {
        for deployment in deployments {
            let evaluated = deployed::evaluate(place, &mut evaluation.context, deployment, asked);
            let Some((root, mut evaluated)) = evaluated else { continue };
            verdicts.push(verdict(root, &mut evaluated, before, asked));
            evaluation.context = evaluated.context;
        }
        let script = scripts.next();
        if page.came == Came::User {
            return;
        }
        if let Some(script) = script {
            let unread = unread::of_script(&loaded.sources, script, &evaluation.requests, &asked.checks);
            verdicts.extend(unread.map(|finding| Verdict { findings: vec![finding], ..Verdict::of(root) }));
        }
        each_sequence(evaluation, |evaluation| {
            // What a script deletes it may make anew.
            let deletes = evaluation.requests.iter().any(|request| request.verb == Verb::Delete);
            let before = if deletes { Before::default() } else { before };
            verdicts.push(verdict(root, evaluation, before, asked));
        });
    });
    if let Some(script) = scripts.next() {
        let start = script.exprs.first().map_or(Span::new(script.source, 0, 0), |first| first.span);
        let message = "this script and those after it were not walked through, since the values of those before it take \
                       more memory than they may";
        let limit = limit_reached(start, message, &asked.checks);
        verdicts.extend(limit.map(|finding| Verdict { findings: vec![finding], ..Verdict::of(root) }));
    }
    verdicts
}

/// The estates of a file's scripts: what each sequence of commands leaves behind, with the commands.
pub(super) fn each_estate(page: &Page, asked: &Asked, mut visit: impl FnMut(&mut Evaluation)) {
    walk(page, asked, |evaluation, _| each_sequence(evaluation, &mut visit));
}

/// All that a file's scripts lead to: the estates, and the templates that they deploy. All values are of the context
/// that is given back.
pub(super) fn each_evaluation(place: Place<'_>, asked: &Asked, mut visit: impl FnMut(&mut Evaluation)) -> Context {
    walk_in(Context::new(), place.page, asked, |evaluation, deployments| {
        for deployment in deployments {
            let evaluated = deployed::evaluate(place, &mut evaluation.context, deployment, asked);
            let Some((_, mut evaluated)) = evaluated else { continue };
            visit(&mut evaluated);
            evaluation.context = evaluated.context;
        }
        each_sequence(evaluation, &mut visit);
    })
}

fn each_sequence(evaluation: &mut Evaluation, mut visit: impl FnMut(&mut Evaluation)) {
    for requests in sequences(std::mem::take(&mut evaluation.requests)) {
        evaluation.resources = rules::estate_of(&mut evaluation.context, &requests);
        evaluation.requests = requests;
        visit(evaluation);
    }
}

/// Walks through the scripts of a file, in order, and gives what each asks for: an evaluation that holds its
/// requests, and the templates that it deploys. On a page PowerShell's variables live on from one script to the next;
/// the steps of a pipeline share nothing.
pub fn walk(page: &Page, asked: &Asked, each: impl FnMut(&mut Evaluation, Vec<TemplateDeployment>)) {
    walk_in(Context::new(), page, asked, each);
}

/// The same in a context, which is given back.
fn walk_in(
    mut context: Context,
    page: &Page,
    asked: &Asked,
    mut each: impl FnMut(&mut Evaluation, Vec<TemplateDeployment>),
) -> Context {
    let is_session = page.is_one_session();
    let powershell = page.scripts.iter().filter(|script| is_session && script.shell == Shell::PowerShell);
    let of_session = Names::of(powershell, true);
    let mut variables = Vec::new();
    for script in &page.scripts {
        if context.is_full() {
            break;
        }
        let is_powershell = script.shell == Shell::PowerShell;
        let of_script = (is_powershell && !is_session).then(|| Names::of([script], false));
        let names = of_script.as_ref().unwrap_or(&of_session);
        let start = Start {
            variables: if is_powershell { std::mem::take(&mut variables) } else { Vec::new() },
            ..Start::default()
        };
        let mut commands = Commands {
            cmdlets: Cmdlets::new(names, asked.subscription.clone()),
            cli: AzureCli::new(asked.subscription.clone(), regions::is_known),
            shell: script.shell,
            requests: Vec::new(),
            deployments: Vec::new(),
        };
        let outcome = run(script, &mut context, &mut commands, start);
        commands.gather();
        if is_powershell && is_session {
            variables = outcome.variables;
        }
        let mut evaluation = Evaluation {
            context,
            resources: Vec::new(),
            requests: commands.requests,
            outputs: Vec::new(),
            notes: outcome.notes,
            scenario: None,
        };
        each(&mut evaluation, commands.deployments);
        context = evaluation.context;
    }
    context
}

/// The commands of both languages: `az` counts in either.
struct Commands<'n> {
    cmdlets: Cmdlets<'n>,
    cli: AzureCli,
    shell: Shell,
    requests: Vec<Request>,
    deployments: Vec<TemplateDeployment>,
}

impl Host for Commands<'_> {
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value> {
        if self.shell == Shell::Bash {
            // A command may turn out to be the rest of the one before, so they stay together.
            return self.cli.run(session, command);
        }
        let output = self.cli.run(session, command).or_else(|| self.cmdlets.run(session, command));
        self.gather();
        output
    }

    fn reads(&self, name: &str) -> bool {
        self.cli.reads(name) || self.shell == Shell::PowerShell && self.cmdlets.reads(name)
    }
}

impl Commands<'_> {
    /// Takes what both have made, so that it stays in order.
    fn gather(&mut self) {
        self.requests.append(&mut self.cli.requests);
        self.requests.append(&mut self.cmdlets.requests);
        self.deployments.append(&mut self.cli.deployments);
        self.deployments.append(&mut self.cmdlets.deployments);
    }
}

/// Requests by the sequence that they belong to, in the order in which the sequences begin.
fn sequences(requests: Vec<Request>) -> Vec<Vec<Request>> {
    let mut sequences: Vec<Vec<Request>> = Vec::new();
    for request in requests {
        match sequences.iter_mut().find(|of| of.first().is_some_and(|first| first.sequence == request.sequence)) {
            Some(sequence) => sequence.push(request),
            None => sequences.push(vec![request]),
        }
    }
    sequences
}
