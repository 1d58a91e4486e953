//! From programs to resources whose every value knows where it came from.
//!
//! [`evaluate`] takes one root file and one scenario (a parameters file, a command of a script, or the defaults) and gives an
//! [`Evaluation`]. It reads no file: what a file names is looked up in the [`Library`]. It knows
//! ARM's functions and scopes and nothing of galleries or keys.

mod access;
mod calls;
mod commanded;
mod deployments;
mod emit;
mod evaluator;
mod frame;
mod functions;
mod instances;
mod lambda;
mod load;
mod load_yaml;
mod loops;
pub mod make;
mod names;
mod naming;
mod reference;
mod resource;
mod scope;
pub mod script;
mod whole_names;

pub use resource::{Evaluation, Note, NoteKind, Resource};

use std::sync::Arc;

use evaluator::Evaluator;
use frame::{Frame, Given};
use script::TemplateDeployment;

use crate::ir::{Dialect, Library, Program, ScopeKind};
use crate::text::Span;
use crate::value::{Ambient, Context, IdScope, Origin, Str, Term, Value};

/// What a root is evaluated with.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// The parameters file or the command that deploys, as reports call it.
    pub name: Option<Arc<str>>,
    /// What gives values to parameters, in order: the last one wins.
    pub parameters: Vec<Parameters>,
    /// `--param NAME=VALUE`: they win over all of these.
    pub overrides: Vec<(Arc<str>, serde_json::Value)>,
    /// The subscription that is deployed to, if it is known.
    pub subscription: Option<Arc<str>>,
    /// The command that deploys it.
    pub command: Option<TemplateDeployment>,
}

/// What gives values to the parameters of a root.
#[derive(Clone, Debug)]
pub enum Parameters {
    /// A parameters file, lowered.
    File(Arc<Program>),
    /// A value for one of them, of the context that is evaluated in.
    Value {
        /// The parameter's name.
        name: Arc<str>,
        /// Where it is named.
        span: Span,
        /// What it is given.
        value: Value,
    },
    /// Values for any of them: a file that isn't known, say.
    Unknown(Value),
}

/// Evaluates a root. `wanted` says which full types (`Microsoft.Compute/galleries`, any case) are worked out; others
/// are only where something refers to them.
pub fn evaluate(library: &Library, root: &Program, scenario: &Scenario, wanted: impl Fn(&str) -> bool) -> Evaluation {
    evaluate_in(Context::new(), library, root, scenario, wanted)
}

/// Evaluates, in the context of an earlier evaluation, roots that together show one estate: a resource that several of them hold is one. Of those the first
/// counts that is known whole.
pub fn evaluate_all<'p>(
    context: Context,
    library: &Library,
    roots: impl IntoIterator<Item = &'p Program>,
    scenario: &Scenario,
    wanted: impl Fn(&str) -> bool,
) -> Evaluation {
    let mut roots = roots.into_iter();
    let Some(first) = roots.next() else {
        return Evaluation { context, scenario: scenario.name.clone(), ..Evaluation::default() };
    };
    let mut whole = evaluate_in(context, library, first, scenario, &wanted);
    for root in roots {
        if whole.context.is_full() {
            let span = Span { source: root.source, start: 0, end: 0 };
            let message = "this file and those after it were not worked out, since the values of those before it take \
                           more memory than they may";
            whole.notes.push(Note { span, kind: NoteKind::Limit, message: message.into() });
            break;
        }
        let next = evaluate_in(std::mem::take(&mut whole.context), library, root, scenario, &wanted);
        whole.context = next.context;
        whole.resources.extend(next.resources);
        whole.notes.extend(next.notes);
    }
    if matches!(first.dialect, Dialect::State) {
        whole.keep_each_once();
    }
    whole
}

/// Evaluates a root in the context of an earlier evaluation: terms of both can then be compared.
pub fn evaluate_in(
    context: Context,
    library: &Library,
    root: &Program,
    scenario: &Scenario,
    wanted: impl Fn(&str) -> bool,
) -> Evaluation {
    let mut evaluator = Evaluator::new(context, library);
    let scope = root_scope(&mut evaluator.context, root.scope, scenario);
    let mut frame = match &scenario.command {
        None => Frame { is_root: true, ..Frame::new(root, scope) },
        // The command decides what is given and what is left to its default, as a module's caller does.
        Some(command) => evaluator.commanded_frame(root, scope, command),
    };
    for (name, value) in &scenario.overrides {
        let source: Arc<str> = format!("--param {name}").into();
        let value = evaluator.external(value, &source);
        frame.arguments.insert(name.to_lowercase(), Given::Value(value));
    }
    for parameters in scenario.parameters.iter().rev() {
        if frame.more_arguments.is_some() {
            break;
        }
        evaluator.give(&mut frame, root, parameters);
    }
    let root_frame = evaluator.add_frame(frame);
    let mut resources = Vec::new();
    evaluator.emit(root_frame, &wanted, &mut resources);
    let env = evaluator.outside(root_frame);
    let mut outputs = Vec::with_capacity(root.outputs.len());
    for output in &root.outputs {
        let value = evaluator.eval(&env, output.value);
        let value = evaluator.finished(value, output.span, 0);
        outputs.push((Arc::clone(&output.name), value));
    }
    Evaluation {
        context: evaluator.context,
        resources,
        requests: Vec::new(),
        outputs,
        notes: evaluator.notes,
        scenario: scenario.name.clone(),
    }
}

/// What a root is deployed to: symbols, but for what the user or the command that deploys it named.
fn root_scope(context: &mut Context, kind: ScopeKind, scenario: &Scenario) -> IdScope {
    let origin = context.add_origin(Origin::External(Arc::from("the deployment")));
    let mut symbol = |ambient: Ambient| {
        let term = context.term(Term::Ambient(ambient));
        Str::symbol(term, origin)
    };
    let own_group = symbol(Ambient::ResourceGroup);
    let management_group = symbol(Ambient::ManagementGroup);
    let own = symbol(Ambient::SubscriptionId);
    let said = scenario.command.as_ref();
    let subscription = match (said.map(|command| &command.subscription), &scenario.subscription) {
        (Some(subscription), _) => subscription.clone(),
        (None, Some(id)) => {
            let origin = context.add_origin(Origin::External(Arc::from("--subscription")));
            Str::fixed(context, id, origin)
        }
        (None, None) => own,
    };
    let group = said.and_then(|command| command.group.clone()).unwrap_or(own_group);
    match kind {
        ScopeKind::Tenant => IdScope::Tenant,
        ScopeKind::ManagementGroup => IdScope::ManagementGroup(management_group),
        ScopeKind::Subscription => IdScope::Subscription(subscription),
        ScopeKind::ResourceGroup | ScopeKind::Unknown => IdScope::ResourceGroup { subscription, group },
    }
}
