//! Parameters, variables, imports: what a name stands for in a frame.

use std::sync::Arc;

use serde_json::Value as Json;

use super::evaluator::Evaluator;
use super::frame::{Env, Frame, FrameId, Given, Slot};
use super::make;
use super::resource::NoteKind;
use crate::ir::{Binding, Dialect, Import, Param, ParamType, Program};
use crate::text::Span;
use crate::value::{Basis, Element, Facts, Kind, Literal, Member, Origin, StepKind, Str, TermId, Value, Why};

/// What the alias of a wildcard import stands for.
pub(super) enum Namespace {
    /// The frame in which the file's exports are worked out.
    File(FrameId),
    /// A file that could not be read.
    Unread,
}

/// Steps that a frame costs.
const FRAME: usize = 100;

impl<'a> Evaluator<'a> {
    /// The value of a parameter as it is seen from a frame.
    pub(super) fn parameter(&mut self, from: FrameId, name: &str, span: Span) -> Value {
        let frame = self.frames[from.0].names;
        let program = self.frames[frame.0].program;
        let Some(at) = find(program, &program.params, name, |param: &Param| &param.name) else {
            return self.assigned(frame, name, span);
        };
        match self.frames[frame.0].params.get(&at) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Busy) => return self.cycle(span, "parameter", name),
            None => {}
        }
        self.frames[frame.0].params.insert(at, Slot::Busy);
        let value = self.parameter_value(frame, &program.params[at]);
        self.frames[frame.0].params.insert(at, Slot::Done(value.clone()));
        value
    }

    /// Inside a parameters file a name may be one that the file assigns.
    fn assigned(&mut self, frame: FrameId, name: &str, span: Span) -> Value {
        let program = self.frames[frame.0].program;
        let found = program.assigns.iter().enumerate().find(|(_, assignment)| &*assignment.name == name);
        let Some((at, assignment)) = found else { return self.undeclared(program, span) };
        match self.frames[frame.0].params.get(&at) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Busy) => return self.cycle(span, "parameter", name),
            None => {}
        }
        self.frames[frame.0].params.insert(at, Slot::Busy);
        let env = self.outside(frame);
        let value = self.eval(&env, assignment.value);
        let value = self.pass(value, StepKind::Variable, assignment.span);
        self.frames[frame.0].params.insert(at, Slot::Done(value.clone()));
        value
    }

    /// `base` in a parameters file: what the file that it extends assigns, as an object.
    pub(super) fn extended(&mut self, env: &Env, span: Span) -> Value {
        let program = self.program(env);
        let library = self.library;
        let base = program.extends.and_then(|file| program.files.get(file));
        let Some(base) = base.and_then(|file| library.program(program.source, file)) else {
            return self.not_loaded(span);
        };
        let scope = self.frames[env.frame.0].scope.clone();
        let home = self.add_frame(Frame::new(base, scope));
        let mut members = Vec::with_capacity(base.assigns.len());
        for assignment in &base.assigns {
            let value = self.assigned(home, &assignment.name, assignment.span);
            let origin = self.context.written(assignment.span);
            members.push(Member { key: Str::fixed(&mut self.context, &assignment.name, origin), value });
        }
        let origin = self.context.written(span);
        make::object(&mut self.context, members, origin)
    }

    fn parameter_value(&mut self, frame: FrameId, param: &'a Param) -> Value {
        let given = match self.frames[frame.0].arguments.get(&param.name.to_lowercase()) {
            Some(given) => Some(given.clone()),
            None => self.further_argument(frame, param),
        };
        let Some(given) = given else { return self.parameter_default(frame, param) };
        let is_root = self.frames[frame.0].is_root;
        let value = match given {
            Given::Value(value) => value,
            Given::Expression { env, value, span, kind } => {
                let value = self.eval(&env, value);
                self.pass(value, kind, span)
            }
        };
        if is_root {
            let term = self.parameter_term(frame, param);
            let value = make::rebase(&mut self.context, value, term, Basis::ParamFile);
            return self.bounded(value, term);
        }
        let value = make::weaken(value, self.frames[frame.0].given_basis);
        let value = if param.secure { self.guarded(frame, param, value) } else { value };
        if param.default.is_some() && may_be_null(&value) {
            // A null argument asks for the default.
            return self.spread_over_choices(vec![value], &mut |this, values| match values {
                [value] if !value.is_null() => value.clone(),
                _ => this.parameter_default(frame, param),
            });
        }
        value
    }

    /// What a secure parameter is given, under the parameter's own symbol: nothing made of it is shown.
    fn guarded(&mut self, frame: FrameId, param: &'a Param, value: Value) -> Value {
        let term = self.parameter_term(frame, param);
        if value.is_null() || value.is_unknown() || self.context.is_secret(value.term) {
            return value;
        }
        make::rebase(&mut self.context, value, term, Basis::ParamFile)
    }

    /// A value under a parameter's symbol: what it may be rests on the bounds of the declaration.
    fn bounded(&mut self, value: Value, term: TermId) -> Value {
        let bounds = self.context.facts(term).and_then(|facts| facts.bounds);
        self.picked_by(value, bounds.as_slice())
    }

    fn further_argument(&mut self, frame: FrameId, param: &Param) -> Option<Given> {
        let more = self.frames[frame.0].more_arguments.clone()?;
        let key = make::text(&mut self.context, &param.name, more.origin);
        let value = self.look_up(&more, &key, param.span, true);
        (!value.is_null()).then_some(Given::Value(value))
    }

    fn parameter_default(&mut self, frame: FrameId, param: &'a Param) -> Value {
        let is_root = self.frames[frame.0].is_root;
        let term = self.parameter_term(frame, param);
        if let Some(default) = param.default {
            let env = self.outside(frame);
            let around = self.frames[frame.0].default_of.replace(Arc::clone(&param.name));
            let value = self.eval(&env, default);
            self.frames[frame.0].default_of = around;
            let value = self.plain(value);
            let value = self.pass(value, StepKind::ParamDefault, param.span);
            return match is_root {
                true => {
                    let value = make::rebase(&mut self.context, value, term, Basis::Default);
                    self.bounded(value, term)
                }
                false if param.secure => self.guarded(frame, param, value),
                false => value,
            };
        }
        let origin = self.context.written(param.span);
        if param.nullable {
            let null = make::null(&mut self.context, origin);
            return if is_root { make::rebase(&mut self.context, null, term, Basis::Default) } else { null };
        }
        let value = make::unknown(term, Why::NoValueGiven, origin);
        self.bounded(value, term)
    }

    /// The symbol of a parameter, with what its declaration says of it.
    fn parameter_term(&mut self, frame: FrameId, param: &'a Param) -> TermId {
        let prefix = Arc::clone(&self.frames[frame.0].prefix);
        let term = if prefix.is_empty() {
            self.context.param(&param.name)
        } else {
            self.context.param(&format!("{prefix}/{}", param.name))
        };
        if self.context.facts(term).is_some() {
            return term;
        }
        // Stated before the declaration's expressions are worked out: they may name the parameter itself.
        let mut facts = Facts { ty: Some(param.ty), secure: param.secure, ..Facts::default() };
        self.context.set_facts(term, facts.clone());
        let env = self.outside(frame);
        let mut bounds = Vec::new();
        if let Some(allowed) = param.allowed {
            let allowed = self.eval(&env, allowed);
            bounds.push(self.context.whole(&allowed));
            facts.allowed = literals(&allowed);
        }
        if param.ty == ParamType::String {
            let mut length = |bound: Option<_>| {
                let value = self.eval(&env, bound?);
                bounds.push(value.origin);
                value.as_int().and_then(|length| usize::try_from(length).ok())
            };
            facts.min_length = length(param.min).unwrap_or(0);
            facts.max_length = length(param.max);
        }
        facts.bounds = (!bounds.is_empty()).then(|| self.context.add_origin(Origin::Among(bounds.into())));
        self.context.set_facts(term, facts);
        term
    }

    /// The value of a variable as it is seen from a frame.
    pub(super) fn variable(&mut self, from: FrameId, name: &str, span: Span) -> Value {
        let frame = self.frames[from.0].names;
        let program = self.frames[frame.0].program;
        let Some(at) = find(program, &program.vars, name, |var: &Binding| &var.name) else {
            return match program.imports.iter().find(|import| &*import.alias == name) {
                Some(import) => self.imported_variable(frame, import, span),
                None => self.undeclared(program, span),
            };
        };
        match self.frames[frame.0].vars.get(&at) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::Busy) => return self.cycle(span, "variable", name),
            None => {}
        }
        self.frames[frame.0].vars.insert(at, Slot::Busy);
        let env = self.outside(frame);
        let binding = &program.vars[at];
        let value = self.eval(&env, binding.value);
        let value = self.pass(value, StepKind::Variable, binding.span);
        self.frames[frame.0].vars.insert(at, Slot::Done(value.clone()));
        value
    }

    fn imported_variable(&mut self, frame: FrameId, import: &'a Import, span: Span) -> Value {
        let Some(name) = &import.name else { return self.unknown(Why::Unsupported, span) };
        match self.import_frame(frame, import.file) {
            Some(imported) => self.variable(imported, name, span),
            None => self.not_loaded(span),
        }
    }

    /// What a wildcard import's alias gives for a name; `None` if `alias` is no such alias.
    pub(super) fn namespace_member(&mut self, from: FrameId, alias: &str, name: &str, span: Span) -> Option<Value> {
        let frame = self.frames[from.0].names;
        Some(match self.namespace(frame, alias)? {
            Namespace::File(imported) => self.variable(imported, name, span),
            Namespace::Unread => self.not_loaded(span),
        })
    }

    /// What a wildcard import's alias stands for; `None` if `alias` is none.
    pub(super) fn namespace(&mut self, frame: FrameId, alias: &str) -> Option<Namespace> {
        let program = self.frames[frame.0].program;
        let import = program.imports.iter().find(|import| import.name.is_none() && &*import.alias == alias)?;
        Some(self.import_frame(frame, import.file).map_or(Namespace::Unread, Namespace::File))
    }

    /// The frame in which another file's exports are worked out.
    pub(super) fn import_frame(&mut self, frame: FrameId, file: usize) -> Option<FrameId> {
        if let Some(&known) = self.frames[frame.0].imports.get(&file) {
            return Some(known);
        }
        let program = self.frames[frame.0].program;
        let library = self.library;
        let imported: &'a Program = library.program(program.source, program.files.get(file)?)?;
        // One frame serves a file however it is reached, so that cyclic imports end.
        let existing = self.frames.iter().position(|other| {
            std::ptr::eq(other.program, imported)
                && other.deployment.is_none()
                && other.calls.is_empty()
                && !other.is_root
        });
        let id = match existing {
            Some(at) => FrameId(at),
            None => {
                let scope = self.frames[frame.0].scope.clone();
                let new = Frame::new(imported, scope);
                self.add_frame(new)
            }
        };
        self.frames[frame.0].imports.insert(file, id);
        Some(id)
    }

    /// Adds a frame that sees its own names.
    pub(super) fn add_frame(&mut self, mut frame: Frame<'a>) -> FrameId {
        let start = Span { source: frame.program.source, start: 0, end: 0 };
        self.spend(FRAME, start);
        let id = FrameId(self.frames.len());
        frame.names = id;
        self.frames.push(frame);
        id
    }

    /// The environment of a frame outside any loop of its own.
    pub(super) fn outside(&self, frame: FrameId) -> Env {
        Env { frame, locals: self.frames[frame.0].locals.clone() }
    }

    pub(super) fn not_loaded(&mut self, span: Span) -> Value {
        self.unknown(Why::NotLoaded, span)
    }

    /// A name that is declared nowhere: if a part of the file could not be read, it may be declared there.
    fn undeclared(&mut self, program: &Program, span: Span) -> Value {
        let why = if program.broken.is_empty() { Why::Error } else { Why::NotLoaded };
        self.unknown(why, span)
    }

    fn cycle(&mut self, span: Span, what: &str, name: &str) -> Value {
        self.note(span, NoteKind::Cycle, format!("{what} `{name}` needs itself"));
        self.unknown(Why::Cycle, span)
    }

    /// A plain JSON value that is not from a file.
    pub(super) fn external(&mut self, json: &Json, source: &Arc<str>) -> Value {
        let origin = self.context.add_origin(Origin::External(Arc::clone(source)));
        self.external_value(json, origin, 0)
    }

    fn external_value(&mut self, json: &Json, origin: crate::value::OriginId, depth: u32) -> Value {
        match json {
            Json::Bool(truth) => make::boolean(&mut self.context, *truth, origin),
            Json::Number(number) => match number.as_i64() {
                Some(number) => make::int(&mut self.context, number, origin),
                None => make::float(&mut self.context, number.as_f64().unwrap_or_default(), origin),
            },
            Json::String(text) => make::text(&mut self.context, text, origin),
            Json::Array(items) if depth < 64 => {
                let elements = items.iter().map(|item| Element::One(self.external_value(item, origin, depth + 1)));
                let elements = elements.collect();
                make::array(&mut self.context, elements, origin)
            }
            Json::Object(members) if depth < 64 => {
                let mut all = Vec::with_capacity(members.len());
                for (key, value) in members {
                    let value = self.external_value(value, origin, depth + 1);
                    all.push(Member { key: Str::fixed(&mut self.context, key, origin), value });
                }
                make::object(&mut self.context, all, origin)
            }
            Json::Null | Json::Array(_) | Json::Object(_) => make::null(&mut self.context, origin),
        }
    }
}

/// Finds a declaration by name: exactly, else in ARM without regard to case.
fn find<T>(program: &Program, all: &[T], name: &str, name_of: impl Fn(&T) -> &Arc<str>) -> Option<usize> {
    all.iter().position(|one| &**name_of(one) == name).or_else(|| {
        let lenient = matches!(program.dialect, Dialect::Arm | Dialect::ArmParameters);
        if lenient { all.iter().position(|one| name_of(one).eq_ignore_ascii_case(name)) } else { None }
    })
}

fn may_be_null(value: &Value) -> bool {
    match &value.kind {
        Kind::Null => true,
        Kind::Choice(choice) => may_be_null(&choice.then) || may_be_null(&choice.other),
        _ => false,
    }
}

/// The literals of an array, if it holds nothing else.
fn literals(value: &Value) -> Option<Arc<[Literal]>> {
    let elements = value.as_array()?;
    let mut all = Vec::with_capacity(elements.len());
    for element in elements {
        let Element::One(value) = element else { return None };
        all.push(match &value.kind {
            Kind::Str(string) => Literal::Str(string.text()?),
            Kind::Int(number) => Literal::Int(*number),
            Kind::Bool(truth) => Literal::Bool(*truth),
            _ => return None,
        });
    }
    Some(all.into())
}
