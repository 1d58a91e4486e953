//! From programs to resources whose every value knows where it came from.
//!
//! [`evaluate`] takes one root file and one scenario (a parameters file, or the defaults) and gives an
//! [`Evaluation`]. It reads no file: what a file names is looked up in the [`Library`]. It knows
//! ARM's functions and scopes and nothing of galleries or keys.

mod access;
mod calls;
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

pub use resource::{Evaluation, Note, NoteKind, Resource};

use std::sync::Arc;

use evaluator::Evaluator;
use frame::{Frame, Given};

use crate::ir::{Library, Program, ScopeKind};
use crate::value::{Ambient, Context, IdScope, Origin, Str, Term};

/// What a root is evaluated with.
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// The parameters file, as reports call it.
    pub name: Option<Arc<str>>,
    /// The parameters file, lowered.
    pub parameters: Option<Arc<Program>>,
    /// `--param NAME=VALUE`: they win over the file.
    pub overrides: Vec<(Arc<str>, serde_json::Value)>,
    /// The subscription that is deployed to, if it is known.
    pub subscription: Option<Arc<str>>,
}

/// Evaluates a root. `wanted` says which full types (`Microsoft.Compute/galleries`, any case) are worked out; others
/// are only where something refers to them.
pub fn evaluate(library: &Library, root: &Program, scenario: &Scenario, wanted: impl Fn(&str) -> bool) -> Evaluation {
    evaluate_in(Context::new(), library, root, scenario, wanted)
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
    let scope = root_scope(&mut evaluator.context, root.scope, scenario.subscription.as_ref());
    let mut frame = Frame { is_root: true, ..Frame::new(root, scope) };
    for (name, value) in &scenario.overrides {
        let source: Arc<str> = format!("--param {name}").into();
        let value = evaluator.external(value, &source);
        frame.arguments.insert(name.to_lowercase(), Given::Value(value));
    }
    if let Some(parameters) = scenario.parameters.as_deref() {
        evaluator.give_assignments(&mut frame, parameters, 0);
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

/// What a root is deployed to: symbols, but for a subscription that the user named.
fn root_scope(context: &mut Context, kind: ScopeKind, subscription: Option<&Arc<str>>) -> IdScope {
    let origin = context.add_origin(Origin::External(Arc::from("the deployment")));
    let mut symbol = |ambient: Ambient| {
        let term = context.term(Term::Ambient(ambient));
        Str::symbol(term, origin)
    };
    let group = symbol(Ambient::ResourceGroup);
    let management_group = symbol(Ambient::ManagementGroup);
    let own = symbol(Ambient::SubscriptionId);
    let subscription = match subscription {
        Some(id) => {
            let origin = context.add_origin(Origin::External(Arc::from("--subscription")));
            Str::fixed(context, id, origin)
        }
        None => own,
    };
    match kind {
        ScopeKind::Tenant => IdScope::Tenant,
        ScopeKind::ManagementGroup => IdScope::ManagementGroup(management_group),
        ScopeKind::Subscription => IdScope::Subscription(subscription),
        ScopeKind::ResourceGroup | ScopeKind::Unknown => IdScope::ResourceGroup { subscription, group },
    }
}
