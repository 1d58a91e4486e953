//! A root that a command of a script deploys: its frame, and what the command gives to its parameters.

use super::evaluator::Evaluator;
use super::frame::{Frame, Given};
use super::script::{TemplateDeployment, json};
use super::{Parameters, make};
use crate::ir::{ParamType, Program};
use crate::value::{Basis, IdScope, StepKind, Value, Why};

impl<'a> Evaluator<'a> {
    /// The frame of a root under the conditions of the command that deploys it.
    pub(super) fn commanded_frame(&self, root: &'a Program, scope: IdScope, command: &TemplateDeployment) -> Frame<'a> {
        let mut calls = command.calls.clone();
        calls.push(command.span);
        Frame {
            conditions: command.conditions.clone(),
            basis: command.basis,
            many: command.many,
            group_location: command.group_location.clone(),
            location: command.location.clone(),
            calls,
            given_basis: Basis::ParamFile,
            // Another deployment in the same context has parameters of its own.
            prefix: self.context.len().to_string().into(),
            ..Frame::new(root, scope)
        }
    }

    /// Gives parameters their values; what is already given stands.
    pub(super) fn give(&mut self, frame: &mut Frame<'a>, root: &Program, parameters: &'a Parameters) {
        match parameters {
            Parameters::File(file) => self.give_assignments(frame, file, 0),
            Parameters::Value { name, span, value } => {
                if frame.arguments.contains_key(&name.to_lowercase()) {
                    return;
                }
                let param = root.params.iter().find(|param| param.name.eq_ignore_ascii_case(name));
                let value = self.typed(param.map(|param| param.ty), value.clone());
                let value = self.pass(value, StepKind::ModuleArgument, *span);
                frame.arguments.insert(name.to_lowercase(), Given::Value(value));
            }
            Parameters::Unknown(value) => frame.more_arguments = Some(value.clone()),
        }
    }

    /// A text as the type of its parameter has it.
    fn typed(&mut self, ty: Option<ParamType>, value: Value) -> Value {
        let Some(string) = value.as_str().cloned() else { return value };
        let text = string.text();
        let typed = match (ty, text) {
            (Some(ParamType::Bool), Some(text)) => {
                Some(make::boolean(&mut self.context, text.eq_ignore_ascii_case("true"), value.origin))
            }
            (Some(ParamType::Int), Some(text)) => {
                text.trim().parse().ok().map(|number| make::int(&mut self.context, number, value.origin))
            }
            (Some(ParamType::Array | ParamType::Object), _) => json(&mut self.context, &string),
            _ => return value,
        };
        typed.unwrap_or_else(|| make::unknown(value.term, Why::NoValueGiven, value.origin))
    }
}
