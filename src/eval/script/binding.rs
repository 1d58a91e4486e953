//! Functions: what they are called with, and what is left behind when they return.

use std::collections::HashMap;

use crate::eval::make;
use crate::ir::Name;
use crate::ir::script::{BlockId, Parameter, Role, Shell, StatementKind};
use crate::text::Span;
use crate::value::{Element, Value};

use super::Arg;
use super::state::{Defined, Flow, Open, State};
use super::walk::Walker;

/// How deep functions may call each other.
const CALLS: usize = 12;

/// How often one call is followed inside itself.
const TURNS: usize = 2;

/// A function or loop that is being walked through.
#[derive(Debug, Default)]
pub(super) struct Frame<'p> {
    /// Whether it is a function's.
    pub(super) is_function: bool,
    /// What its local variables were before.
    pub(super) locals: HashMap<Name, Option<Value>>,
    /// Where a side of an open condition left it early.
    pub(super) left: Vec<(Open, State<'p>)>,
}

impl Frame<'_> {
    pub(super) fn function() -> Self {
        Self { is_function: true, ..Self::default() }
    }
}

impl Walker<'_, '_> {
    /// The frame of the function around.
    pub(super) fn function_frame(&mut self) -> Option<&mut HashMap<Name, Option<Value>>> {
        self.frames.iter_mut().rev().find(|frame| frame.is_function).map(|frame| &mut frame.locals)
    }

    /// Calls a function of the script. Whether it was done: not where calls nest too deep.
    pub(super) fn call_function(&mut self, name: &str, defined: Defined<'_>, args: &[Arg], span: Span) -> bool {
        self.called.insert(name.into());
        // A function that calls itself and runs nothing of the host's has nothing to tell in further turns.
        let turns = self.calls.iter().filter(|call| **call == span).count();
        if turns >= TURNS && !self.runs_host(defined.body) {
            return false;
        }
        if self.calls.len() >= CALLS {
            self.limit(span, "functions call each other deeper than is followed");
            return false;
        }
        let outside = self.state.variables.clone();
        let positional: Vec<(Name, Option<Value>)> = (1..10)
            .map(|index| Name::from(index.to_string()))
            .map(|name| (name.clone(), self.state.variables.get(&name).cloned()))
            .collect();
        let all = self.state.variables.get("@").cloned();
        self.frames.push(Frame::function());
        self.calls.push(span);
        self.bind(defined.parameters, args, span);
        self.block(defined.body);
        self.calls.pop();
        self.leave(Flow::Returned);
        let frame = self.frames.pop().unwrap_or_default();
        if self.script.shell == Shell::PowerShell {
            // What a function sets is its own.
            self.state.variables = outside;
            return true;
        }
        let restored = frame.locals.into_iter().chain(positional).chain([("@".into(), all)]);
        for (name, before) in restored {
            match before {
                Some(value) => self.state.set(name, value),
                None => self.state.forget(&name),
            }
        }
        true
    }

    /// Whether a command of the host's is written in a block, or in a block inside it.
    pub(super) fn runs_host(&self, block: BlockId) -> bool {
        let (Some(first), Some(last)) = (self.script.block(block).first(), self.script.block(block).last()) else {
            return false;
        };
        let body = first.span.to(last.span);
        let mut statements = self.script.blocks.iter().flatten().filter(|statement| body.contains(statement.span));
        statements.any(|statement| match &statement.kind {
            StatementKind::Command(command) => command.words.iter().any(|word| {
                let [part] = word.parts.as_slice() else { return false };
                self.script.literal(part.value).is_some_and(|text| self.host.reads(&text))
            }),
            _ => false,
        })
    }

    /// Joins the ways out of a function or loop again.
    pub(super) fn leave(&mut self, flow: Flow) {
        let left = self.frames.last_mut().map(|frame| std::mem::take(&mut frame.left)).unwrap_or_default();
        let (own, other): (Vec<_>, Vec<_>) = left.into_iter().partition(|(_, state)| state.flow == flow);
        if let Some(frame) = self.frames.last_mut() {
            frame.left = other;
        }
        if self.state.flow == flow {
            self.state.flow = Flow::On;
        }
        for (open, mut state) in own.into_iter().rev() {
            state.flow = Flow::On;
            if self.state.flow == Flow::On {
                let current = self.state.clone();
                self.state = self.join(open, state, current);
            }
        }
    }

    /// Gives a function its arguments.
    fn bind(&mut self, parameters: &[Parameter], args: &[Arg], span: Span) {
        let elements: Vec<Element> = args
            .iter()
            .filter(|arg| self.script.shell == Shell::Bash || arg.role == Role::Plain)
            .map(|arg| if arg.many { Element::Many(arg.value.clone()) } else { Element::One(arg.value.clone()) })
            .collect();
        let origin = self.context.written(span);
        let all = make::array(self.context, elements, origin);
        match self.script.shell {
            Shell::Bash => {
                for index in 1..10 {
                    self.state.forget(&index.to_string());
                }
                self.state.set("@".into(), all);
            }
            Shell::PowerShell => {
                self.state.set("args".into(), all);
                self.bind_names(parameters, args);
            }
        }
    }

    /// PowerShell: by name, then by position, then by default.
    fn bind_names(&mut self, parameters: &[Parameter], args: &[Arg]) {
        let mut given: HashMap<Name, Value> = HashMap::new();
        let mut rest: Vec<&Arg> = Vec::new();
        let mut unsure = false;
        let mut at = 0;
        while let Some(arg) = args.get(at) {
            at += 1;
            match &arg.role {
                Role::Plain if arg.many => unsure = true,
                Role::Plain => rest.push(arg),
                Role::Splat => {
                    let Some(object) = arg.value.as_object() else {
                        unsure = true;
                        continue;
                    };
                    for member in &object.members {
                        if let Some(name) = member.key.text() {
                            given.insert(name.to_lowercase().into(), member.value.clone());
                        }
                    }
                }
                Role::Option { name, .. } => {
                    let lower = name.to_lowercase();
                    let full = parameters.iter().map(|parameter| parameter.name.to_lowercase());
                    let full = full.filter(|full| full.starts_with(&lower)).min_by_key(String::len).unwrap_or(lower);
                    match args.get(at).filter(|next| next.role == Role::Plain) {
                        Some(next) => {
                            given.insert(full.into(), next.value.clone());
                            at += 1;
                        }
                        None => {
                            let yes = self.truth(true, arg.span);
                            given.insert(full.into(), yes);
                        }
                    }
                }
            }
        }
        let mut rest = rest.into_iter();
        for parameter in parameters {
            let key = self.key(&parameter.name);
            let value = match given.remove(&key).or_else(|| rest.next().map(|arg| arg.value.clone())) {
                Some(value) => value,
                None if unsure => {
                    self.set_unknown(&parameter.name, parameter.span);
                    continue;
                }
                None => match parameter.default {
                    Some(default) => self.value(default),
                    None => {
                        let origin = self.context.written(parameter.span);
                        make::null(self.context, origin)
                    }
                },
            };
            self.state.set(key, value);
        }
    }
}
