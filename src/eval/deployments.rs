//! Deployments become frames: what a module or nested deployment deploys, with the arguments it is given.

use super::evaluator::Evaluator;
use super::frame::{Env, Frame, FrameId, Given};
use super::instances::{Inner, InstanceId};
use super::make;
use super::resource::NoteKind;
use crate::ir::{Deploy, Dialect, Program, Template, UnitKind};
use crate::text::{SourceId, Span};
use crate::value::{Kind, StepKind, Value};

/// Modules within modules.
pub(super) const MODULES: usize = 32;

impl<'a> Evaluator<'a> {
    /// The frame of what a deployment deploys; `None` where it could not be read.
    pub(super) fn inner_frame(&mut self, id: InstanceId) -> Option<FrameId> {
        match self.instances[id.0].inner {
            Inner::Made(frame) => return Some(frame),
            Inner::None => return None,
            Inner::Unasked => {}
        }
        // Whoever asks while the frame is being made has found a cycle.
        self.instances[id.0].inner = Inner::None;
        let frame = self.make_inner_frame(id)?;
        self.instances[id.0].inner = Inner::Made(frame);
        Some(frame)
    }

    /// The program that a deployment deploys, where it could be read.
    pub(super) fn linked(&self, env: &Env, deploy: &'a Deploy) -> Option<&'a Program> {
        let program = self.program(env);
        match &deploy.template {
            Template::Inline(inline) => Some(inline),
            Template::File(file) => {
                let library = self.library;
                library.program(program.source, program.files.get(*file)?).map(|program| &**program)
            }
            Template::Unknown => None,
        }
    }

    fn make_inner_frame(&mut self, id: InstanceId) -> Option<FrameId> {
        let (unit, env) = (self.instances[id.0].unit, self.instances[id.0].env.clone());
        let UnitKind::Deploy(deploy) = &unit.kind else { return None };
        let program = self.program(&env);
        let Some(target) = self.linked(&env, deploy) else {
            if let Template::File(file) = deploy.template
                && let Some(reference) = program.files.get(file)
            {
                let why = self.library.get(program.source, reference).err().unwrap_or("it is no template");
                let message = format!("`{}` was not read: {why}; what it deploys is unknown", reference.path);
                self.note(reference.span, NoteKind::NotLoaded, message);
            }
            return None;
        };
        if self.frames[env.frame.0].calls.len() >= MODULES {
            self.note(unit.span, NoteKind::Limit, format!("modules nested deeper than {MODULES} are not worked out"));
            return None;
        }
        // A template may deploy itself for as long as a condition says so; a module may not.
        if let Template::File(file) = deploy.template
            && matches!(program.dialect, Dialect::Bicep)
            && self.is_within(env.frame, target.source)
        {
            let path = program.files.get(file).map_or("", |reference| &reference.path);
            self.note(unit.span, NoteKind::Cycle, format!("`{path}` deploys itself"));
            return None;
        }
        let naming = self.naming(id);
        let place = naming.scope.clone();
        let around = &self.frames[env.frame.0];
        let mut calls = around.calls.clone();
        calls.push(unit.span);
        let mut conditions = around.conditions.clone();
        conditions.extend(&self.instances[id.0].conditions);
        let mut frame = Frame {
            deployment: Some(id),
            conditions,
            calls,
            basis: around.basis.max(self.instances[id.0].basis),
            many: around.many || self.instances[id.0].many,
            prefix: format!("{}", naming.term.0).into(),
            ..Frame::new(target, place.clone())
        };
        if !deploy.inner {
            frame.scope = around.scope.clone();
            frame.place = place;
            frame.locals.clone_from(&env.locals);
            let names = around.names;
            let added = self.add_frame(frame);
            self.frames[added.0].names = names;
            return Some(added);
        }
        self.give_arguments(&mut frame, &env, deploy, program);
        Some(self.add_frame(frame))
    }

    /// Whether a frame is of a file, or deployed by one that is.
    fn is_within(&self, mut frame: FrameId, file: SourceId) -> bool {
        loop {
            let around = &self.frames[frame.0];
            if around.program.source == file {
                return true;
            }
            let Some(deployment) = around.deployment else { return false };
            frame = self.instances[deployment.0].env.frame;
        }
    }

    fn give_arguments(&mut self, frame: &mut Frame<'a>, env: &Env, deploy: &'a Deploy, program: &'a Program) {
        for argument in &deploy.arguments {
            frame.arguments.insert(
                argument.name.to_lowercase(),
                Given::Expression {
                    env: env.clone(),
                    value: argument.value,
                    span: argument.span,
                    kind: StepKind::ModuleArgument,
                },
            );
        }
        if let Some(file) = deploy.parameters_file
            && let Some(parameters) =
                program.files.get(file).and_then(|file| self.library.program(program.source, file))
        {
            self.give_assignments(frame, parameters, 0);
        }
        if let Some(whole) = deploy.arguments_expr {
            let value = self.eval(env, whole);
            let value = self.plain(value);
            frame.more_arguments = Some(self.argument_values(&value, unwrap_values(program)));
        }
    }

    /// ARM gives `{name: {value: ...}}` where Bicep gives `{name: ...}`.
    fn argument_values(&mut self, value: &Value, unwrap: bool) -> Value {
        let Kind::Object(object) = &value.kind else { return value.clone() };
        if !unwrap {
            return value.clone();
        }
        let key = make::text(&mut self.context, "value", value.origin);
        let span = Span::new(crate::text::SourceId(0), 0, 0);
        let mut members = Vec::with_capacity(object.members.len());
        for member in &object.members {
            let inner = self.look_up(&member.value, &key, span, true);
            members.push(crate::value::Member { key: member.key.clone(), value: inner });
        }
        make::object(&mut self.context, members, value.origin)
    }

    /// What a parameters file assigns; what is already given stands.
    pub(super) fn give_assignments(&mut self, frame: &mut Frame<'a>, parameters: &'a Program, depth: usize) {
        let scope = frame.scope.clone();
        let home = self.add_frame(Frame::new(parameters, scope));
        for assignment in parameters.assigns.iter().rev() {
            frame.arguments.entry(assignment.name.to_lowercase()).or_insert(Given::Expression {
                env: Env { frame: home, locals: None },
                value: assignment.value,
                span: assignment.span,
                kind: StepKind::ParamFile,
            });
        }
        if depth < MODULES
            && let Some(base) = parameters.extends.and_then(|file| parameters.files.get(file))
            && let Some(base) = self.library.program(parameters.source, base)
        {
            self.give_assignments(frame, base, depth + 1);
        }
    }
}

/// Whether a deployment of this program gives parameters as `{name: {value: ...}}`.
fn unwrap_values(program: &Program) -> bool {
    matches!(program.dialect, Dialect::Arm)
}
