//! Statements, one after the other, and both sides of what isn't known.

use std::collections::{HashMap, HashSet};

use crate::eval::{Note, NoteKind, make};
use crate::ir::script::{
    BlockId, Command as IrCommand, Expr, ExprId, Parameter, Script, Shell, Statement, StatementKind,
};
use crate::ir::{Name, ParamType};
use crate::text::Span;
use crate::value::{Basis, Context, Facts, StepKind, TermId, Value};

use super::binding::Frame;
use super::state::{Defined, Flow, Open, State, Truth};
use super::words::{Draft, settle};
use super::{Arg, Command, Host, Outcome, Session, Start, wrapper};

/// How many statements are run, loops and calls opened.
const STEPS: usize = 10_000;

/// What is said where the values of a script take more memory than they may.
pub(super) const MEMORY: &str = "the values of a script take more memory than they may";

/// How deep blocks may nest, calls opened.
const DEPTH: u32 = 90;

/// How many open conditions the words of one command may hang on.
pub(super) const FORKS: u32 = 4;

/// How a command ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Status {
    pub(super) truth: Truth,
    /// Whether it was a test: other commands are taken to succeed.
    pub(super) test: bool,
}

impl Status {
    pub(super) const DONE: Self = Self { truth: Truth::YES, test: false };
}

/// What goes with a command beside its words.
#[derive(Clone, Debug)]
struct Given {
    span: Span,
    adjoining: bool,
    input: Option<Value>,
}

/// Walks through one script.
pub(super) struct Walker<'p, 's> {
    pub(super) script: &'p Script,
    pub(super) context: &'s mut Context,
    pub(super) host: &'s mut dyn Host,
    pub(super) state: State<'p>,
    pub(super) frames: Vec<Frame<'p>>,
    pub(super) calls: Vec<Span>,
    pub(super) called: HashSet<Name>,
    pub(super) generations: HashMap<Name, u32>,
    /// How firmly it stands that this place is reached.
    pub(super) basis: Basis,
    pub(super) path: Vec<TermId>,
    pub(super) many: u32,
    sequence: u32,
    pub(super) captures: Vec<Vec<Option<Value>>>,
    pipe: Option<Value>,
    notes: Vec<Note>,
    steps: usize,
    depth: u32,
}

impl<'p, 's> Walker<'p, 's> {
    pub(super) fn new(script: &'p Script, context: &'s mut Context, host: &'s mut dyn Host, start: Start) -> Self {
        let mut state = State::new(start.machine);
        for (name, value) in start.variables {
            state.set(name, value);
        }
        Self {
            script,
            context,
            host,
            state,
            frames: Vec::new(),
            calls: Vec::new(),
            called: HashSet::new(),
            generations: HashMap::new(),
            basis: Basis::Fixed,
            path: Vec::new(),
            many: 0,
            sequence: 0,
            captures: Vec::new(),
            pipe: None,
            notes: Vec::new(),
            steps: 0,
            depth: 0,
        }
    }

    /// The whole script, then the functions that nobody calls.
    pub(super) fn run(mut self) -> Outcome {
        self.block(self.script.body);
        let end = self.state.clone();
        let mentioned = self.command_names();
        let mut alone: Vec<(Name, Defined<'p>)> = end
            .functions
            .iter()
            .filter(|(name, _)| !self.called.contains(*name) && !mentioned.contains(*name))
            .map(|(name, defined)| (name.clone(), *defined))
            .collect();
        alone.sort_by_key(|(_, defined)| defined.body);
        for (_, defined) in alone {
            self.sequence += 1;
            self.state = State { flow: Flow::On, guards: Vec::new(), ..end.clone() };
            self.state.forget("@");
            self.frames.push(Frame::function());
            self.declare_parameters(defined.parameters);
            self.block(defined.body);
            self.frames.pop();
        }
        let variables = end.variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        Outcome { notes: self.notes, variables }
    }

    /// The names by which commands of the script are called.
    fn command_names(&self) -> HashSet<Name> {
        let statements = self.script.blocks.iter().flatten();
        let names = statements.filter_map(|statement| match &statement.kind {
            StatementKind::Command(command) => match command.words.first()?.parts.as_slice() {
                [part] => self.script.literal(part.value).map(|name| self.function_key(&name)),
                _ => None,
            },
            _ => None,
        });
        names.collect()
    }

    fn function_key(&self, name: &str) -> Name {
        match self.script.shell {
            Shell::Bash => name.into(),
            Shell::PowerShell => name.to_lowercase().into(),
        }
    }

    /// Says that a bound was reached.
    pub(super) fn limit(&mut self, span: Span, message: &str) {
        let is_said = |note: &Note| note.span == span || note.message == MEMORY && message == MEMORY;
        if !self.notes.iter().any(is_said) {
            self.notes.push(Note { span, kind: NoteKind::Limit, message: message.to_owned() });
        }
    }

    /// The statements of a block, up to one that leaves it.
    pub(super) fn block(&mut self, block: BlockId) -> Status {
        let script = self.script;
        let mut status = Status::DONE;
        for statement in script.block(block) {
            if self.state.flow != Flow::On {
                break;
            }
            self.steps += 1;
            if self.steps > STEPS || self.depth >= DEPTH {
                self.limit(statement.span, "a script takes more steps than are followed");
                break;
            }
            if self.context.is_full() {
                self.limit(statement.span, MEMORY);
                break;
            }
            self.depth += 1;
            status = self.statement(statement);
            self.depth -= 1;
        }
        status
    }

    fn statement(&mut self, statement: &'p Statement) -> Status {
        match &statement.kind {
            StatementKind::Assign(assign) => self.assign(assign),
            StatementKind::Command(command) => return self.simple(command, statement.span),
            StatementKind::Expression(id) => return self.expression(*id),
            StatementKind::Function { name, parameters, body } => {
                let key = self.function_key(name);
                let defined = Defined { parameters, body: *body };
                std::rc::Rc::make_mut(&mut self.state.functions).insert(key, defined);
            }
            StatementKind::Parameters(parameters) => self.declare_parameters(parameters),
            StatementKind::If { branches, otherwise } => return self.if_chain(branches, *otherwise, statement.span),
            StatementKind::Case { subject, arms } => {
                let subject = self.value(*subject);
                return self.case(&subject, arms, statement.span, 0);
            }
            StatementKind::For { variable, variable_span, items, body } => {
                let list = self.value(*items);
                self.for_each(variable, *variable_span, &list, self.script.span(*items), *body, 0);
            }
            StatementKind::While { condition, until, body } => self.while_loop(*condition, *until, *body),
            StatementKind::Pipeline(parts) => return self.pipeline(parts, statement.span),
            StatementKind::Chain { first, rest } => return self.chain(*first, rest),
            StatementKind::Not(block) => {
                let status = self.block(*block);
                return Status { truth: status.truth.not(self.context), ..status };
            }
            StatementKind::Group(block) => return self.block(*block),
            StatementKind::Subshell(block) | StatementKind::Background(block) => return self.subshell(*block),
            StatementKind::Try { body, handlers, finally } => self.try_block(*body, handlers, *finally, statement.span),
            StatementKind::Exit => self.state.flow = Flow::Exited,
            StatementKind::Return(value) => {
                if let Some(value) = value {
                    let value = self.value(*value);
                    self.emit(Some(value));
                }
                let inside = self.frames.iter().any(|frame| frame.is_function);
                self.state.flow = if inside { Flow::Returned } else { Flow::Exited };
            }
            StatementKind::Break => {
                if !self.frames.is_empty() {
                    self.state.flow = Flow::Broke;
                }
            }
            StatementKind::Broken => {}
        }
        Status::DONE
    }

    /// A value on its own: output, or a condition.
    fn expression(&mut self, id: ExprId) -> Status {
        let value = self.value(id);
        let script = self.script;
        if let Expr::Call { function, args } = script.expr(id)
            && &**function == "arithmetic"
        {
            if let Some(text) = args.first().and_then(|text| script.literal(*text)) {
                self.arithmetic_assignment(&text, script.span(id));
            }
            return Status { truth: self.truth_of(&value), test: true };
        }
        let truth = self.truth_of(&value);
        if !value.is_null() {
            self.emit(Some(value));
        }
        Status { truth, test: true }
    }

    /// `((i++))`, `((i = i + 1))`: the variable isn't known any more.
    fn arithmetic_assignment(&mut self, text: &str, span: Span) {
        let assigns = text.contains("++") || text.contains("--") || {
            let bytes = text.as_bytes();
            bytes.iter().enumerate().any(|(at, byte)| {
                *byte == b'='
                    && bytes.get(at + 1) != Some(&b'=')
                    && !matches!(at.checked_sub(1).and_then(|at| bytes.get(at)), Some(b'=' | b'!' | b'<' | b'>'))
            })
        };
        if !assigns {
            return;
        }
        let name: String = text
            .trim_start_matches(|char: char| !char.is_ascii_alphabetic() && char != '_')
            .chars()
            .take_while(|char| char.is_ascii_alphanumeric() || *char == '_')
            .collect();
        if !name.is_empty() {
            self.set_unknown(&name, span);
        }
    }

    /// The parameters of a script or of a function that nobody calls: unknown, or their defaults.
    fn declare_parameters(&mut self, parameters: &[Parameter]) {
        for parameter in parameters {
            let key = self.key(&parameter.name);
            self.set_unknown(&parameter.name, parameter.span);
            let symbol = self.state.variables.get(&key).map(|symbol| symbol.term);
            if let Some(symbol) = symbol.filter(|_| parameter.is_truth) {
                self.context.set_facts(symbol, Facts { ty: Some(ParamType::Bool), ..Facts::default() });
            }
            let Some(default) = parameter.default else { continue };
            let value = self.value(default);
            let term = symbol.unwrap_or(value.term);
            let value = make::rebase(self.context, value, term, Basis::Default);
            let value = make::pass(self.context, value, StepKind::ParamDefault, parameter.span);
            self.state.set(key, value);
        }
    }

    fn simple(&mut self, command: &'p IrCommand, span: Span) -> Status {
        for assign in &command.environment {
            self.value(assign.value);
        }
        let piped = self.pipe.take();
        let input = command.input.map(|input| self.value(input)).or(piped);
        if let Some(body) = self.for_each_object(command) {
            let items = input.unwrap_or_else(|| self.unknown(span));
            return self.for_each_piped(&items, span, body);
        }
        let drafts = self.drafts(&command.words);
        let given = Given { span, adjoining: command.adjoining, input };
        self.forked(&drafts, &given, 0)
    }

    /// Runs a command once for each side of what its words hang on.
    fn forked(&mut self, drafts: &[Draft], given: &Given, depth: u32) -> Status {
        match self.assemble(drafts) {
            Ok(args) => self.invoke(args, given),
            Err(open) if depth < FORKS => {
                let then = settle(drafts, open, true);
                let other = settle(drafts, open, false);
                self.branch(
                    Truth::Open(open),
                    |walker| walker.forked(&then, given, depth + 1),
                    |walker| walker.forked(&other, given, depth + 1),
                )
            }
            Err(_) => {
                if self.may_matter(drafts) {
                    self.limit(given.span, "the words of a command hang on more conditions than are followed");
                }
                self.emit(None);
                Status::DONE
            }
        }
    }

    /// Whether a command may be one of the host's, or lead to one: `echo` and `[` are neither.
    fn may_matter(&self, drafts: &[Draft]) -> bool {
        let Some(name) = drafts.first().and_then(Draft::literal) else { return true };
        let is_function = self.state.functions.contains_key(&self.function_key(&name));
        is_function || wrapper::is_one(&name) || self.host.reads(&name)
    }

    fn invoke(&mut self, mut args: Vec<Arg>, given: &Given) -> Status {
        let skipped = if self.script.shell == Shell::Bash { wrapper::skip(&args) } else { 0 };
        args.drain(..skipped);
        let Some(name) = args.first().and_then(Arg::text) else {
            self.emit(None);
            return Status::DONE;
        };
        let key = self.function_key(&name);
        if let Some(defined) = self.state.functions.get(&key).copied() {
            if self.call_function(&key, defined, &args[1..], given.span) {
                return Status::DONE;
            }
            self.emit(None);
            return Status::DONE;
        }
        if self.script.shell == Shell::Bash
            && let Some(status) = self.builtin(&name, &args[1..], given.input.as_ref(), given.span)
        {
            return status;
        }
        if self.script.shell == Shell::PowerShell
            && let Some(path) = self.joined_path(&name, &args[1..], given.span)
        {
            self.emit(Some(path));
            return Status::DONE;
        }
        let command = Command {
            words: args,
            span: given.span,
            conditions: self.path.clone(),
            guards: self.state.guards.clone(),
            basis: self.basis,
            many: self.many > 0,
            sequence: self.sequence,
            calls: self.calls.clone(),
            adjoining: given.adjoining,
            input: given.input.clone(),
        };
        let mut session = Session { context: self.context, machine: &mut self.state.machine };
        let output = self.host.run(&mut session, &command);
        self.emit(output);
        let truth = self.opaque(&command.words);
        Status { truth, test: false }
    }

    /// Adds to the output of the substitution around.
    pub(super) fn emit(&mut self, value: Option<Value>) {
        if let Some(output) = self.captures.last_mut() {
            output.push(value);
        }
    }

    /// What a block gives; in bash a shell of its own.
    pub(super) fn capture(&mut self, block: BlockId) -> Vec<Option<Value>> {
        self.captures.push(Vec::new());
        if self.script.shell == Shell::Bash {
            self.subshell(block);
        } else {
            self.block(block);
        }
        self.captures.pop().unwrap_or_default()
    }

    /// A shell of its own: what it assigns is gone afterwards.
    fn subshell(&mut self, block: BlockId) -> Status {
        let variables = self.state.variables.clone();
        let functions = self.state.functions.clone();
        let guards = self.state.guards.clone();
        let status = self.block(block);
        self.state.variables = variables;
        self.state.functions = functions;
        self.state.guards = guards;
        self.state.flow = Flow::On;
        status
    }

    /// `a | b`. What filters give isn't known in bash.
    fn pipeline(&mut self, parts: &[BlockId], span: Span) -> Status {
        for (at, part) in parts.iter().enumerate() {
            let last = at + 1 == parts.len();
            if self.script.shell == Shell::PowerShell && last {
                self.block(*part);
                self.pipe = None;
                return Status::DONE;
            }
            let output = self.capture(*part);
            self.pipe = match output.as_slice() {
                [Some(_), ..] if self.script.shell == Shell::PowerShell && output.iter().all(Option::is_some) => {
                    Some(self.output_objects(output, "", span))
                }
                _ if last => None,
                _ => Some(self.unknown(span)),
            };
        }
        self.emit(None);
        let term = self.context.fresh();
        let origin = self.context.written(span);
        Status { truth: Truth::Open(Open { term, origin }), test: false }
    }
}
