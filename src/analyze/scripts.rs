//! Scripts: walked through, their commands made requests, and these judged like a template's resources.

use crate::az_powershell::{Cmdlets, Names};
use crate::discover::Page;
use crate::eval::Evaluation;
use crate::eval::script::{Command, Host, Request, Session, Start, TemplateDeployment, run};
use crate::ir::script::Shell;
use crate::rules;
use crate::value::{Context, Value};

use super::{Request as Asked, Verdict, verdict};

/// Judges the scripts of a file, each sequence of commands for itself: what is in functions that nobody calls, or in
/// another script, doesn't run after the rest.
pub(super) fn judge(page: &Page, root: usize, asked: &Asked) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    walk(page, asked, |evaluation, _| {
        for requests in sequences(std::mem::take(&mut evaluation.requests)) {
            evaluation.resources = rules::estate_of(&mut evaluation.context, &requests);
            evaluation.requests = requests;
            verdicts.push(verdict(root, evaluation, &asked.checks));
        }
    });
    verdicts
}

/// Walks through the scripts of a file, in order, and gives what each asks for: an evaluation that holds its
/// requests, and the templates that it deploys. PowerShell's variables live on from one script to the next.
pub fn walk(page: &Page, asked: &Asked, mut each: impl FnMut(&mut Evaluation, Vec<TemplateDeployment>)) {
    let powershell = page.scripts.iter().filter(|script| script.shell == Shell::PowerShell);
    let names = Names::of(powershell, page.scripts.len() > 1);
    let mut context = Context::new();
    let mut variables = Vec::new();
    for script in &page.scripts {
        let is_powershell = script.shell == Shell::PowerShell;
        let start = Start {
            variables: if is_powershell { std::mem::take(&mut variables) } else { Vec::new() },
            ..Start::default()
        };
        let mut commands = Commands { cmdlets: Cmdlets::new(&names, asked.subscription.clone()), shell: script.shell };
        let outcome = run(script, &mut context, &mut commands, start);
        if is_powershell {
            variables = outcome.variables;
        }
        let mut evaluation = Evaluation {
            context,
            resources: Vec::new(),
            requests: commands.cmdlets.requests,
            outputs: Vec::new(),
            notes: outcome.notes,
            scenario: None,
        };
        each(&mut evaluation, commands.cmdlets.deployments);
        context = evaluation.context;
    }
}

/// The commands of both languages: `az` counts in either.
struct Commands<'n> {
    cmdlets: Cmdlets<'n>,
    shell: Shell,
}

impl Host for Commands<'_> {
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value> {
        match self.shell {
            Shell::PowerShell => self.cmdlets.run(session, command),
            Shell::Bash => None,
        }
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
