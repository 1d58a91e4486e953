//! Expressions to values.
//!
//! Evaluation is driven by demand: parameters, variables, outputs and resource bodies are worked out when something
//! asks for them, once per frame. Every step costs fuel, every nesting costs depth; when a bound is reached the rest
//! is unknown, and a note says so.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};

use super::frame::{Bound, Env, Frame, FrameId};
use super::functions::{ELEMENTS, is_too_large};
use super::instances::{Instance, InstanceId};
use super::make;
use super::reference::Handle;
use super::resource::{Note, NoteKind};
use crate::ir::{Expr, ExprId, Field, Item, Library, Piece as IrPiece, Program};
use crate::text::Span;
use crate::value::{
    Basis, Content, Context, Element, Kind, Literal, Member, OriginId, Piece, StepKind, Str, Value, Why,
};

/// Steps of one evaluation before the rest is left unknown: a hundred times what large templates take.
const FUEL: u64 = 5_000_000;
/// Nested evaluations: expressions, variables, modules together.
const DEPTH: u32 = 400;
/// Leaves of a value that hangs on open conditions.
pub(super) const LEAVES: usize = 16;

/// One evaluation at work.
pub(super) struct Evaluator<'a> {
    pub(super) context: Context,
    pub(super) library: &'a Library,
    pub(super) frames: Vec<Frame<'a>>,
    pub(super) instances: Vec<Instance<'a>>,
    pub(super) instance_memo: HashMap<(FrameId, usize, Option<InstanceId>), Arc<[InstanceId]>>,
    pub(super) element_memo: HashMap<(FrameId, usize, crate::value::TermId), InstanceId>,
    pub(super) handles: Vec<Handle<'a>>,
    pub(super) notes: Vec<Note>,
    fuel: u64,
    depth: u32,
    pub(super) expansions: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(context: Context, library: &'a Library) -> Self {
        Self {
            context,
            library,
            frames: Vec::new(),
            instances: Vec::new(),
            instance_memo: HashMap::new(),
            element_memo: HashMap::new(),
            handles: Vec::new(),
            notes: Vec::new(),
            fuel: FUEL,
            depth: 0,
            expansions: 0,
        }
    }

    /// The program whose expressions an environment's ids are of.
    pub(super) fn program(&self, env: &Env) -> &'a Program {
        self.frames[env.frame.0].program
    }

    /// Says once that something was not evaluated.
    pub(super) fn note(&mut self, span: Span, kind: NoteKind, message: impl Into<String>) {
        let note = Note { span, kind, message: message.into() };
        if !self.notes.iter().any(|other| other.kind == note.kind && other.message == note.message) {
            self.notes.push(note);
        }
    }

    /// Unknown, for a reason that lies in the evaluator or the files.
    pub(super) fn unknown(&mut self, why: Why, span: Span) -> Value {
        let term = self.context.fresh();
        let origin = self.context.written(span);
        make::unknown(term, why, origin)
    }

    /// Takes fuel; false when it has run out.
    pub(super) fn spend(&mut self, steps: usize, span: Span) -> bool {
        let left = self.fuel.saturating_sub(steps as u64);
        if left > 0 && !self.context.is_full() {
            self.fuel = left;
            return true;
        }
        if !self.is_spent() {
            let message = if left > 0 {
                "evaluation stopped, since its values take more memory than they may; the rest is unknown".to_owned()
            } else {
                format!("evaluation stopped after {FUEL} steps; the rest is unknown")
            };
            self.note(span, NoteKind::Limit, message);
        }
        self.fuel = 0;
        false
    }

    /// Whether the fuel has run out: whatever is asked for now is unknown.
    pub(super) const fn is_spent(&self) -> bool {
        self.fuel == 0
    }

    /// Whether a list or object has more parts than are looked at; says so.
    pub(super) fn is_too_long(&mut self, parts: usize, span: Span) -> bool {
        let is_too_long = parts > ELEMENTS;
        if is_too_long {
            let message = format!("a list or object of more than {ELEMENTS} parts is not looked at");
            self.note(span, NoteKind::Limit, message);
        }
        is_too_long
    }

    /// The value of an expression.
    pub(super) fn eval(&mut self, env: &Env, id: ExprId) -> Value {
        let span = self.program(env).span(id);
        if !self.spend(1, span) {
            return self.unknown(Why::Limit, span);
        }
        if self.depth >= DEPTH {
            self.note(span, NoteKind::Limit, format!("expressions nested deeper than {DEPTH} are unknown"));
            return self.unknown(Why::Limit, span);
        }
        self.depth += 1;
        let value = self.expression(env, id, span);
        self.depth -= 1;
        value
    }

    fn expression(&mut self, env: &Env, id: ExprId, span: Span) -> Value {
        let program = self.program(env);
        match program.expr(id) {
            Expr::Null => self.literal(Kind::Null, span),
            Expr::Bool(truth) => self.literal(Kind::Bool(*truth), span),
            Expr::Int(number) => self.literal(Kind::Int(*number), span),
            Expr::Float(number) => self.literal(Kind::Float(*number), span),
            Expr::Str(pieces) => self.string(env, pieces, span),
            Expr::Array(items) => self.array(env, items, span),
            Expr::Object(fields) => self.object(env, fields, span),
            Expr::Param(name) => self.parameter(env.frame, name, span),
            Expr::Var(name) => self.variable(env.frame, name, span),
            Expr::Local(name) => self.local(env, name, span),
            Expr::Symbol(name) => self.symbol(env, name, span),
            Expr::Call { namespace, function, args } => self.call(env, namespace.as_deref(), function, args, span),
            Expr::Method { base, function, args } => self.method(env, *base, function, args, span),
            Expr::Lambda { .. } => self.unknown(Why::Unsupported, span),
            Expr::Get { base, key, safe, from_end } => self.get(env, *base, *key, *safe, *from_end, span),
            Expr::Child(base, name) => self.child(env, *base, name, span),
            Expr::For(each, body) => self.for_expression(env, each, *body, span),
            Expr::CopyIndex { name, offset } => self.copy_index(env, name.as_deref(), *offset, span),
            Expr::Load { function, file, args } => self.load(env, function, *file, args, span),
            Expr::Secret(name) => {
                let name = self.context.text(name);
                let term = self.context.call("secret", [name]);
                let origin = self.context.written(span);
                make::unknown(term, Why::NoValueGiven, origin)
            }
            Expr::Broken => self.unknown(Why::NotLoaded, span),
        }
    }

    fn literal(&mut self, kind: Kind, span: Span) -> Value {
        let origin = self.context.written(span);
        make::with_own_term(&mut self.context, kind, origin)
    }

    /// A string literal, its holes filled. A literal without holes that is written in one piece has the place of the
    /// whole literal, quotes included; parts of it are narrowed when they are taken.
    fn string(&mut self, env: &Env, pieces: &'a [IrPiece], span: Span) -> Value {
        let whole = self.context.written(span);
        if let [IrPiece::Literal(text, _)] = pieces
            && span.len() as usize == text.len() + 2
        {
            return make::text(&mut self.context, text, whole);
        }
        let mut holes = Vec::new();
        for piece in pieces {
            if let IrPiece::Hole(id) = piece {
                let value = self.eval(env, *id);
                holes.push(self.plain(value));
            }
        }
        if holes.is_empty() {
            let string = self.join(pieces, &[], span);
            return make::string(&mut self.context, string, whole);
        }
        self.spread_over_choices(holes, &mut |this, holes| {
            let string = this.join(pieces, holes, span);
            if is_too_large(&string) {
                this.note(span, NoteKind::Limit, "a text that is longer than is looked at");
                return this.unknown(Why::Limit, span);
            }
            // A literal around a hole has its part in the whole, as an argument of `concat` has.
            let origins = string.pieces.iter().map(|piece| piece.origin).collect::<Vec<_>>();
            let origin = this.context.made(span, origins);
            make::string(&mut this.context, string, origin)
        })
    }

    fn join(&mut self, pieces: &[IrPiece], holes: &[Value], span: Span) -> Str {
        let mut parts = Vec::with_capacity(pieces.len());
        let mut next = holes.iter();
        for piece in pieces {
            match piece {
                IrPiece::Literal(text, at) => {
                    let origin = self.context.written(*at);
                    let term = self.context.text_of(text);
                    parts.push(Piece { content: Content::Text(Arc::clone(text)), term, basis: Basis::Fixed, origin });
                }
                IrPiece::Hole(_) => {
                    let Some(value) = next.next() else { continue };
                    parts.extend(self.formatted(value, span).pieces.iter().cloned());
                }
            }
        }
        Str::new(parts)
    }

    /// A value as `format` writes it.
    fn formatted(&mut self, value: &Value, span: Span) -> Str {
        if let Some(pieces) = make::pieces(&mut self.context, value) {
            return pieces;
        }
        let form = make::text(&mut self.context, "{0}", value.origin);
        let written = self.apply("format", &[form, value.clone()], span);
        make::pieces(&mut self.context, &written).unwrap_or_default()
    }

    fn array(&mut self, env: &Env, items: &'a [Item], span: Span) -> Value {
        if self.is_too_long(items.len(), span) {
            return self.unknown(Why::Limit, span);
        }
        let origin = self.context.written(span);
        if !items.iter().any(|item| matches!(item, Item::Spread(_))) {
            let mut elements = Vec::with_capacity(items.len());
            for item in items {
                if let Item::One(id) = item {
                    let value = self.member_value(env, *id);
                    elements.push(Element::One(value));
                }
            }
            return make::array(&mut self.context, elements, origin);
        }
        let mut groups: Vec<Value> = Vec::new();
        let mut run: Vec<Element> = Vec::new();
        for item in items {
            match item {
                Item::One(id) => {
                    let value = self.member_value(env, *id);
                    run.push(Element::One(value));
                }
                Item::Spread(id) => {
                    if !run.is_empty() {
                        groups.push(make::array(&mut self.context, std::mem::take(&mut run), origin));
                    }
                    let value = self.eval(env, *id);
                    groups.push(self.plain(value));
                }
            }
        }
        if !run.is_empty() {
            groups.push(make::array(&mut self.context, run, origin));
        }
        self.gather("flatten", groups, span)
    }

    fn object(&mut self, env: &Env, fields: &'a [Field], span: Span) -> Value {
        if self.is_too_long(fields.len(), span) {
            return self.unknown(Why::Limit, span);
        }
        let origin = self.context.written(span);
        let mut groups: Vec<Value> = Vec::new();
        let mut members: Vec<Member> = Vec::with_capacity(fields.len());
        let mut names: HashSet<String> = HashSet::with_capacity(fields.len());
        for field in fields {
            let member = match field {
                Field::Named { key, value } => {
                    let key = self.key(env, *key);
                    let value = self.member_value(env, *value);
                    Member { key, value }
                }
                Field::Copy { key, span: at, each, value } => {
                    let place = self.context.written(*at);
                    let value = self.for_expression(env, each, *value, span);
                    Member { key: Str::fixed(&mut self.context, key, place), value }
                }
                Field::Spread(id) => {
                    if !members.is_empty() {
                        groups.push(make::object(&mut self.context, std::mem::take(&mut members), origin));
                    }
                    let value = self.eval(env, *id);
                    groups.push(self.plain(value));
                    continue;
                }
            };
            if let Some(text) = member.key.text()
                && !names.insert(text.to_ascii_lowercase())
            {
                members.retain(|other| other.key.text().is_none_or(|key| !key.eq_ignore_ascii_case(&text)));
            }
            members.push(member);
        }
        if groups.is_empty() {
            return make::object(&mut self.context, members, origin);
        }
        if !members.is_empty() {
            groups.push(make::object(&mut self.context, members, origin));
        }
        self.gather("shallowmerge", groups, span)
    }

    /// What spread lowers to: a function over the array of the groups.
    fn gather(&mut self, function: &'static str, groups: Vec<Value>, span: Span) -> Value {
        let origin = self.context.written(span);
        let elements = groups.into_iter().map(Element::One).collect();
        let array = make::array(&mut self.context, elements, origin);
        self.apply(function, &[array], span)
    }

    /// A key. Keys that hang on open conditions are one symbol.
    fn key(&mut self, env: &Env, id: ExprId) -> Str {
        let value = self.eval(env, id);
        match make::pieces(&mut self.context, &value) {
            Some(string) => string,
            None => Str::symbol(value.term, value.origin),
        }
    }

    /// A member or element: remembers where it is used, if it is written elsewhere.
    fn member_value(&mut self, env: &Env, id: ExprId) -> Value {
        let mut value = self.eval(env, id);
        let program = self.program(env);
        if matches!(program.expr(id), Expr::Param(_) | Expr::Var(_) | Expr::Local(_) | Expr::Get { .. }) {
            value = self.pass(value, StepKind::Use, program.span(id));
        }
        value
    }

    /// The same value, passed through a place.
    pub(super) fn pass(&mut self, value: Value, kind: StepKind, span: Span) -> Value {
        make::pass(&mut self.context, value, kind, span)
    }

    /// The same value with something else that decided it.
    pub(super) fn picked_by(&mut self, value: Value, by: &[OriginId]) -> Value {
        make::decided_by(&mut self.context, value, by)
    }

    /// A name bound by a loop, a lambda or a function.
    fn local(&mut self, env: &Env, name: &str, span: Span) -> Value {
        match env.name(name) {
            Some(value) => value.clone(),
            None => self.unknown(Why::Error, span),
        }
    }

    fn copy_index(&mut self, env: &Env, name: Option<&str>, offset: Option<ExprId>, span: Span) -> Value {
        let Some(index) = env.loop_index(name).cloned() else { return self.unknown(Why::Error, span) };
        let Some(offset) = offset else { return index };
        let offset = self.eval(env, offset);
        self.spread_over_choices(vec![index, offset], &mut |this, args| this.apply("add", args, span))
    }

    /// Runs `run` for each combination of sides of the choices at the top of `values`; the results hang on the same
    /// conditions. Handles never reach `run`'s choices, so that functions see plain values only.
    pub(super) fn spread_over_choices(
        &mut self,
        values: Vec<Value>,
        run: &mut dyn FnMut(&mut Self, &[Value]) -> Value,
    ) -> Value {
        let leaves: usize = values.iter().map(make::leaves).fold(1, usize::saturating_mul);
        if leaves > LEAVES * LEAVES {
            let values: Vec<Value> = values.into_iter().map(|value| self.closed_choice(value)).collect();
            return run(self, &values);
        }
        let value = self.spread(values, run);
        if make::leaves(&value) > LEAVES { self.closed_choice(value) } else { value }
    }

    fn spread(&mut self, mut values: Vec<Value>, run: &mut dyn FnMut(&mut Self, &[Value]) -> Value) -> Value {
        let Some(at) = values.iter().position(|value| matches!(value.kind, Kind::Choice(_))) else {
            return run(self, &values);
        };
        let Kind::Choice(choice) = values[at].kind.clone() else { return run(self, &values) };
        let mut others = values.clone();
        values[at] = choice.then.clone();
        others[at] = choice.other.clone();
        for (side, holds) in [(&mut values, true), (&mut others, false)] {
            for value in side.iter_mut() {
                *value = make::side(value.clone(), choice.condition, holds);
            }
        }
        let then = self.spread(values, run);
        let other = self.spread(others, run);
        make::choose(&mut self.context, choice.condition, choice.condition_origin, then, other)
    }

    /// A choice with too many sides: unknown, but still the same term.
    fn closed_choice(&mut self, value: Value) -> Value {
        if !matches!(value.kind, Kind::Choice(_)) {
            return value;
        }
        let origin = self.context.whole(&value);
        Value { kind: Kind::Unknown { term: value.term, why: Why::Limit }, origin, ..value }
    }

    /// A bool as a condition: what the scenario makes of it as one term.
    pub(super) fn condition_term(&mut self, value: &Value) -> crate::value::TermId {
        match &value.kind {
            Kind::Bool(truth) => self.context.literal(Literal::Bool(*truth)),
            Kind::Unknown { term, .. } => *term,
            Kind::Choice(choice) => {
                let then = self.condition_term(&choice.then.clone());
                let other = self.condition_term(&choice.other.clone());
                let literal = |context: &Context, term| match context.as_literal(term) {
                    Some(Literal::Bool(truth)) => Some(*truth),
                    _ => None,
                };
                let not = self.context.call("not", [choice.condition]);
                match (literal(&self.context, then), literal(&self.context, other)) {
                    (Some(true), Some(false)) => choice.condition,
                    (Some(false), Some(true)) => not,
                    (Some(true), _) => self.context.call("or", [choice.condition, other]),
                    (Some(false), _) => self.context.call("and", [not, other]),
                    (_, Some(true)) => self.context.call("or", [not, then]),
                    (_, Some(false)) => self.context.call("and", [choice.condition, then]),
                    _ => {
                        let one = self.context.call("and", [choice.condition, then]);
                        let two = self.context.call("and", [not, other]);
                        self.context.call("or", [one, two])
                    }
                }
            }
            _ => value.term,
        }
    }

    /// An environment with one more name.
    pub(super) fn bind(env: &Env, name: &str, value: Value) -> Env {
        env.with(Bound::Name(Arc::from(name), value))
    }
}
