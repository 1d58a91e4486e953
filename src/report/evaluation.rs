//! What files deploy, as `cmklint eval` shows it: resources with all that is known of them, as text and as JSON.
//!
//! The JSON form is a contract, described by `docs/schema/evaluation.schema.json`.

use serde::Serialize;
use serde_json::Value as Json;

use super::visible;
use crate::eval::{Evaluation, Resource};
use crate::text::{Place, Sources, visible_json};
use crate::value::{Element, Kind, Origin, OriginId, StepKind, TermId, Value, string_to_json, term_to_json, to_json};

/// How deep bodies are followed for origins.
const DEPTH: u32 = 128;

/// A resource, ready to be written.
#[derive(Serialize)]
pub struct Evaluated<'a> {
    #[serde(rename = "type")]
    ty: Json,
    #[serde(rename = "apiVersion")]
    api_version: Json,
    id: Json,
    name: Json,
    existing: bool,
    condition: Json,
    #[serde(flatten)]
    place: Place<'a>,
    scenario: Option<String>,
    copy: bool,
    body: Json,
    #[serde(skip_serializing_if = "Option::is_none")]
    origins: Option<Vec<Leaf<'a>>>,
}

/// Where a value of a body came from.
#[derive(Serialize)]
struct Leaf<'a> {
    /// JSON pointer into `body`.
    path: String,
    /// The literal that it came from; absent if it isn't from a file.
    literal: Option<Place<'a>>,
    /// The places it passed through, nearest the literal first.
    way: Vec<StepOut<'a>>,
}

#[derive(Serialize)]
struct StepOut<'a> {
    kind: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
}

impl<'a> Evaluated<'a> {
    /// All resources of an evaluation, in its order.
    pub fn all(sources: &'a Sources, evaluation: &mut Evaluation, origins: bool) -> Vec<Self> {
        let resources = std::mem::take(&mut evaluation.resources);
        let all = resources.iter().map(|resource| Self::new(sources, evaluation, resource, origins)).collect();
        evaluation.resources = resources;
        all
    }

    /// Where it is written, in bytes from the start of its file.
    pub const fn start(&self) -> u32 {
        self.place.start.offset
    }

    fn new(sources: &'a Sources, evaluation: &mut Evaluation, resource: &Resource, origins: bool) -> Self {
        let scenario = evaluation.scenario.as_deref().map(str::to_owned);
        let condition = condition(evaluation, &resource.conditions);
        let id = match &resource.id {
            Some(id) => {
                let text = id.text(&mut evaluation.context, resource.body.origin);
                string_to_json(&evaluation.context, &text)
            }
            None => term_to_json(&evaluation.context, resource.id_term),
        };
        let context = &evaluation.context;
        let origins = origins.then(|| {
            let mut leaves = Vec::new();
            let mut walk = Walk { sources, evaluation, leaves: &mut leaves };
            walk.value(&resource.body, "", 0);
            leaves
        });
        Self {
            ty: string_to_json(context, &resource.ty),
            api_version: resource.api.as_ref().map_or(Json::Null, |api| to_json(context, api)),
            id,
            name: string_to_json(context, &resource.name),
            existing: resource.existing,
            condition,
            place: Place::of(sources, resource.span),
            scenario,
            copy: resource.many,
            body: to_json(context, &resource.body),
            origins,
        }
    }
}

/// All conditions as one expression; null if there is none.
fn condition(evaluation: &mut Evaluation, conditions: &[TermId]) -> Json {
    match conditions {
        [] => Json::Null,
        [one] => term_to_json(&evaluation.context, *one),
        several => {
            let all = evaluation.context.call("and", several);
            term_to_json(&evaluation.context, all)
        }
    }
}

/// Collects the leaves of a body.
struct Walk<'a, 'o> {
    sources: &'a Sources,
    evaluation: &'o Evaluation,
    leaves: &'o mut Vec<Leaf<'a>>,
}

impl Walk<'_, '_> {
    fn value(&mut self, value: &Value, path: &str, depth: u32) {
        if depth > DEPTH {
            return;
        }
        match &value.kind {
            Kind::Object(object) if !object.members.is_empty() => {
                for member in &object.members {
                    let key = member.key.shown().replace('~', "~0").replace('/', "~1");
                    self.value(&member.value, &format!("{path}/{key}"), depth + 1);
                }
            }
            Kind::Array(elements) if !elements.is_empty() => {
                for (index, element) in elements.iter().enumerate() {
                    let copy = if matches!(element, Element::Many(_)) { "/copy" } else { "" };
                    self.value(element.value(), &format!("{path}/{index}{copy}"), depth + 1);
                }
            }
            _ => self.leaf(value.origin, path),
        }
    }

    fn leaf(&mut self, origin: OriginId, path: &str) {
        let context = &self.evaluation.context;
        let way = Origin::way(context, origin);
        self.leaves.push(Leaf {
            path: path.to_owned(),
            literal: Origin::literal(context, origin).map(|span| Place::of(self.sources, span)),
            way: way
                .into_iter()
                .map(|step| StepOut { kind: kind_name(step.kind), place: Place::of(self.sources, step.span) })
                .collect(),
        });
    }
}

const fn kind_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::ParamDefault => "parameter-default",
        StepKind::ParamFile => "parameters-file",
        StepKind::ModuleArgument => "module-argument",
        StepKind::Variable => "variable",
        StepKind::LoopItem => "loop-item",
        StepKind::Output => "output",
        StepKind::ResourceMember => "resource-member",
        StepKind::Use | StepKind::HolderUse => "use",
    }
}

/// The contract.
pub fn render_json(resources: &[Evaluated<'_>]) -> String {
    // Serialising plain data to memory can't fail.
    visible_json(&serde_json::to_string_pretty(resources).unwrap_or_default()) + "\n"
}

/// For people.
pub fn render_human(resources: &[Evaluated<'_>]) -> String {
    resources.iter().map(human).collect::<Vec<_>>().join("\n")
}

fn human(resource: &Evaluated<'_>) -> String {
    let plain = |json: &Json| visible(json.as_str().unwrap_or("-")).into_owned();
    let mut out = plain(&resource.ty);
    if !resource.api_version.is_null() {
        out.push_str(&format!("  {}", plain(&resource.api_version)));
    }
    out.push('\n');
    let mut line = |name: &str, text: &str| out.push_str(&format!("  {name:9} {text}\n"));
    line("name", &plain(&resource.name));
    line("id", &plain(&resource.id));
    line("at", &shown(&resource.place));
    if let Some(scenario) = &resource.scenario {
        line("with", &visible(scenario));
    }
    if resource.existing {
        line("existing", "only referred to, not deployed");
    }
    if !resource.condition.is_null() {
        line("if", &plain(&resource.condition));
    }
    if resource.copy {
        line("copy", "stands for any number");
    }
    let body = serde_json::to_string_pretty(&resource.body).unwrap_or_default();
    for text in body.lines() {
        out.push_str(&format!("  {}\n", visible(text)));
    }
    for leaf in resource.origins.iter().flatten() {
        let literal = leaf.literal.as_ref().map_or_else(|| "not from a file".to_owned(), shown);
        out.push_str(&format!("  {} = {literal}", visible(&leaf.path)));
        for step in &leaf.way {
            out.push_str(&format!(" > {} {}", step.kind, shown(&step.place)));
        }
        out.push('\n');
    }
    out
}

fn shown(place: &Place<'_>) -> String {
    format!("{}:{}:{}", visible(place.file), place.start.line, place.start.column)
}
