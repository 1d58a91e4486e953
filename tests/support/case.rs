//! What the tests share: texts to evaluations, without a file system.
#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::sync::Arc;

use cmklint::eval::{Evaluation, Parameters, Resource, Scenario, evaluate};
use cmklint::ir::{Library, Program};
use cmklint::text::{Source, SourceId, Sources, Span};
use cmklint::value::{Kind, Lookup, Value, to_json};
use serde_json::Value as Json;

/// A template, its parameters file, and what it is evaluated with.
pub(crate) struct Case {
    pub(crate) sources: Sources,
    template: Program,
    scenario: Scenario,
}

/// An evaluation and the texts that its places are in.
pub(crate) struct Evaluated {
    pub(crate) evaluation: Evaluation,
    pub(crate) sources: Sources,
}

impl Case {
    /// An ARM template. Panics if it could not be read whole.
    pub(crate) fn arm(text: &str) -> Self {
        let mut sources = Sources::default();
        let id = sources.add(Source::new("main.json", "main.json", text));
        let lowered = cmklint::arm::lower(id, text);
        assert!(lowered.diagnostics.is_empty(), "{:?}", lowered.diagnostics);
        let template = lowered.program.expect("a template");
        Self { sources, template, scenario: Scenario::default() }
    }

    /// A template of the usual head around the members given.
    pub(crate) fn arm_members(members: &str) -> Self {
        Self::arm(&format!(
            "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \
             \"contentVersion\": \"1.0.0.0\",\n{members}}}"
        ))
    }

    /// With an ARM parameters file.
    pub(crate) fn parameters(mut self, text: &str) -> Self {
        let id = self.sources.add(Source::new("main.parameters.json", "main.parameters.json", text));
        let program = cmklint::arm::lower(id, text).program.expect("a parameters file");
        self.scenario.name = Some("main.parameters.json".into());
        self.scenario.parameters = vec![Parameters::File(Arc::new(program))];
        self
    }

    /// With `--param`.
    pub(crate) fn param(mut self, name: &str, value: Json) -> Self {
        self.scenario.overrides.push((name.into(), value));
        self
    }

    /// With `--subscription`.
    pub(crate) fn subscription(mut self, id: &str) -> Self {
        self.scenario.subscription = Some(id.into());
        self
    }

    /// Everything evaluated.
    pub(crate) fn run(self) -> Evaluated {
        let evaluation = evaluate(&Library::default(), &self.template, &self.scenario, |_| true);
        Evaluated { evaluation, sources: self.sources }
    }
}

impl Evaluated {
    /// The value of an output.
    pub(crate) fn output(&self, name: &str) -> &Value {
        let found = self.evaluation.outputs.iter().find(|(output, _)| &**output == name);
        &found.unwrap_or_else(|| panic!("no output {name}")).1
    }

    /// An output as JSON.
    pub(crate) fn output_json(&self, name: &str) -> Json {
        to_json(&self.evaluation.context, self.output(name))
    }

    /// The resources of a type, without regard to case.
    pub(crate) fn resources(&self, ty: &str) -> Vec<&Resource> {
        let is = |resource: &&Resource| resource.ty.text().is_some_and(|text| text.eq_ignore_ascii_case(ty));
        self.evaluation.resources.iter().filter(is).collect()
    }

    /// The text that a span covers.
    pub(crate) fn slice(&self, span: Span) -> &str {
        self.sources.slice(span)
    }

    /// An id as people write it: unknown parts as `…`.
    pub(crate) fn id(&mut self, at: usize) -> String {
        let resource = &self.evaluation.resources[at];
        let id = resource.id.clone().expect("an id");
        let span = Span::new(SourceId(0), 0, 0);
        let origin = self.evaluation.context.written(span);
        id.text(&mut self.evaluation.context, origin).shown()
    }
}

/// A member down a path of names and indexes, like `properties.targetRegions.0.name`.
pub(crate) fn member<'v>(value: &'v Value, path: &str) -> &'v Value {
    path.split('.').filter(|step| !step.is_empty()).fold(value, |value, step| match &value.kind {
        Kind::Object(object) => match object.get(step) {
            Lookup::Found(member) => &member.value,
            _ => panic!("no member {step}"),
        },
        Kind::Array(elements) => elements[step.parse::<usize>().expect("an index")].value(),
        other => panic!("{step} of {other:?}"),
    })
}
