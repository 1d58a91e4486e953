//! Calls: the functions that need the evaluator, user functions, and the way to the pure ones.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::frame::{Bound, Env, FrameId};
use super::functions::{self, Call};
use super::make;
use super::names::Namespace;
use super::resource::NoteKind;
use crate::ir::{Dialect, ExprId, Function};
use crate::text::Span;
use crate::value::{Basis, Kind, Origin, OriginId, StepKind, TermId, Tri, Value, Why, equal};

/// The namespace of user functions in what the compiler of Bicep writes.
const COMPILED: &str = "__bicep";

impl<'a> Evaluator<'a> {
    /// A call as it is written.
    pub(super) fn call(
        &mut self,
        env: &Env,
        namespace: Option<&str>,
        function: &str,
        args: &'a [ExprId],
        span: Span,
    ) -> Value {
        if let Some(value) = self.user_function(env, namespace, function, args, span) {
            return value;
        }
        if namespace.is_some_and(|namespace| !matches!(namespace, "sys" | "az")) {
            return self.unknown(Why::Unsupported, span);
        }
        let lower = function.to_ascii_lowercase();
        match (lower.as_str(), args) {
            ("if", [condition, then, other]) => return self.conditional(env, *condition, *then, *other, span),
            ("coalesce", _) => return self.coalesce(env, args, span),
            ("base", []) if self.program(env).dialect == Dialect::BicepParameters => return self.extended(env, span),
            ("reference" | "references", [_, ..]) => return self.reference(env, args, span),
            ("tryget", [base, keys @ ..]) if !keys.is_empty() => return self.try_get(env, *base, keys, span),
            ("lambda", _) => return self.unknown(Why::Unsupported, span),
            _ => {}
        }
        if let Some(value) = self.lambda_function(env, &lower, args, span) {
            return value;
        }
        let values: Vec<Value> = args
            .iter()
            .map(|arg| {
                let value = self.eval(env, *arg);
                self.plain(value)
            })
            .collect();
        if let Some(value) = self.scope_function(env, &lower, &values, span) {
            return value;
        }
        if lower.starts_with("list") || matches!(lower.as_str(), "getsecret" | "resourceinfo") {
            return self.call_on_resource(env, &lower, values, span);
        }
        if matches!(lower.as_str(), "newguid" | "utcnow") {
            return self.made_at_deployment(env, &lower, &values, span);
        }
        self.apply_named(&lower, values, span)
    }

    /// `list*` on an id, or on a resource of the file by its symbol.
    fn call_on_resource(&mut self, env: &Env, name: &str, mut values: Vec<Value>, span: Span) -> Value {
        if let Some(first) = values.first()
            && let Some(instance) = self.named_by_symbol(env, first)
        {
            values[0] = self.id_value(instance, span);
        }
        self.spread_over_choices(values, &mut |this, values| this.runtime_call(name, values, span))
    }

    /// `newGuid`, `utcNow`: the same within one parameter's default, of another deployment another.
    fn made_at_deployment(&mut self, env: &Env, name: &str, values: &[Value], span: Span) -> Value {
        let frame = &self.frames[self.frames[env.frame.0].names.0];
        let prefix = Arc::clone(&frame.prefix);
        let default = frame.default_of.clone().unwrap_or_default();
        let place = self.context.text(&format!("{prefix}/{default}"));
        let mut args: Vec<TermId> = values.iter().map(|value| value.term).collect();
        args.push(place);
        let term = self.context.call(name, args);
        let origin = make::computed_origin(&mut self.context, values, span);
        make::unknown(term, Why::KnownAtDeployment, origin)
    }

    /// A pure function by its lower-case name, spread over choices.
    fn apply_named(&mut self, name: &str, values: Vec<Value>, span: Span) -> Value {
        match name {
            "and" | "or" => return self.connective(name, &values, span),
            "fail" => return make::error(&mut self.context, name, &values, span),
            _ => {}
        }
        self.spread_over_choices(values, &mut |this, values| this.apply(name, values, span))
    }

    /// A pure function over values without choices at their top.
    pub(super) fn apply(&mut self, name: &str, args: &[Value], span: Span) -> Value {
        self.spend(args.len(), span);
        match (name, args) {
            ("not", [arg]) => return self.not(arg, span),
            ("equals", [a, b]) => return self.equals(a, b, span),
            ("indexfromend" | "tryindexfromend", [base, index]) => {
                return self.element_from_end(base, index, name.starts_with("try"), span);
            }
            ("readenvironmentvariable" | "readenvvar", [_, default]) => {
                // Whoever deploys may set the variable to something else.
                let firm: Vec<TermId> = args.iter().map(|arg| arg.term).collect();
                let term = self.context.call(name, firm);
                return make::rebase(&mut self.context, default.clone(), term, Basis::Default);
            }
            ("null", []) => {
                let origin = self.context.written(span);
                return make::null(&mut self.context, origin);
            }
            // Without its last value; with all of them the front end reads it as an object.
            ("createobject", _) => return make::error(&mut self.context, name, args, span),
            ("true" | "false", []) => {
                let origin = self.context.written(span);
                return make::boolean(&mut self.context, name == "true", origin);
            }
            _ => {}
        }
        match functions::find(name) {
            Some(pure) if (pure.least..=pure.most).contains(&args.len()) => {
                let mut call = Call { context: &mut self.context, name: pure.name, span, args, too_large: false };
                let value = pure.apply(&mut call);
                if call.too_large {
                    let message = format!("`{}` gives more than is worked out; its result is unknown", pure.name);
                    self.note(span, NoteKind::Limit, message);
                }
                value
            }
            Some(_) => make::error(&mut self.context, name, args, span),
            None => {
                let mut value = make::symbolic(&mut self.context, name, args, span);
                if let Kind::Unknown { why, .. } = &mut value.kind
                    && args.iter().all(|arg| make::cause(arg).is_none())
                    && !is_runtime(name)
                {
                    *why = Why::Unsupported;
                }
                value
            }
        }
    }

    /// `list*` and the like: the resource's id and what else is asked, without the API version.
    pub(super) fn runtime_call(&mut self, name: &str, values: &[Value], span: Span) -> Value {
        let mut kept: Vec<Value> =
            values.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, value)| value.clone()).collect();
        // Ids don't tell upper from lower case.
        if let Some(id) = kept.first_mut()
            && let Some(string) = id.as_str()
        {
            let string = string.clone();
            id.term = self.id_term(&string);
        }
        let mut value = make::symbolic(&mut self.context, name, &kept, span);
        if let Kind::Unknown { why, .. } = &mut value.kind {
            *why = Why::KnownAtDeployment;
        }
        value
    }

    fn user_function(
        &mut self,
        env: &Env,
        namespace: Option<&str>,
        name: &str,
        args: &'a [ExprId],
        span: Span,
    ) -> Option<Value> {
        let home = self.frames[env.frame.0].names;
        let (frame, function) = self.find_function(home, namespace, name)?;
        let Some(function) = function else { return Some(self.not_loaded(span)) };
        let mut inner = Env { frame, locals: None };
        for (at, arg) in function.args.iter().enumerate() {
            let value = match args.get(at) {
                Some(id) => {
                    let value = self.eval(env, *id);
                    self.plain(value)
                }
                None => self.unknown(Why::Error, span),
            };
            inner = Self::bind(&inner, arg, value);
        }
        let value = self.eval(&inner, function.body);
        Some(self.pass(value, StepKind::Use, span))
    }

    /// A user function and the frame it is worked out in; `None` inside where its file could not be read.
    fn find_function(
        &mut self,
        frame: FrameId,
        namespace: Option<&str>,
        name: &str,
    ) -> Option<(FrameId, Option<&'a Function>)> {
        let program = self.frames[frame.0].program;
        let wanted = namespace.unwrap_or_default();
        let own = program.funcs.iter().find(|function| {
            function.namespace.eq_ignore_ascii_case(wanted) && function.name.eq_ignore_ascii_case(name)
        });
        if own.is_some() {
            return Some((frame, own));
        }
        if let Some(alias) = namespace {
            return match self.namespace(frame, alias)? {
                Namespace::File(imported) => self.exported(imported, name),
                Namespace::Unread => Some((frame, None)),
            };
        }
        let import = program.imports.iter().find(|import| import.name.is_some() && &*import.alias == name)?;
        let original = import.name.clone()?;
        match self.import_frame(frame, import.file) {
            Some(imported) if imported != frame => self.exported(imported, &original),
            _ => Some((frame, None)),
        }
    }

    /// A function that another file exports. A compiled one has them in a namespace of the compiler's own.
    fn exported(&mut self, imported: FrameId, name: &str) -> Option<(FrameId, Option<&'a Function>)> {
        self.find_function(imported, None, name).or_else(|| self.find_function(imported, Some(COMPILED), name))
    }

    /// `if(c, a, b)`. Where the condition is firm only the side taken is worked out; where it hangs on something
    /// overridable the other side is too, for the term.
    fn conditional(&mut self, env: &Env, condition: ExprId, then: ExprId, other: ExprId, span: Span) -> Value {
        let condition = self.eval(env, condition);
        let condition = self.plain(condition);
        if let Kind::Bool(truth) = condition.kind
            && condition.basis == Basis::Fixed
        {
            let value = self.eval(env, if truth { then } else { other });
            return self.picked_by(value, &[condition.origin]);
        }
        let then = self.eval(env, then);
        let other = self.eval(env, other);
        self.spread_over_choices(vec![condition], &mut |this, values| match values {
            [condition] => this.pick(condition, then.clone(), other.clone(), span),
            _ => this.unknown(Why::Error, span),
        })
    }

    /// One of two values by a condition without choices at its top.
    pub(super) fn pick(&mut self, condition: &Value, then: Value, other: Value, span: Span) -> Value {
        match condition.kind {
            Kind::Bool(truth) => {
                let (then, other) = (self.plain(then), self.plain(other));
                let term = self.context.term(crate::value::Term::If(condition.term, then.term, other.term));
                let (taken, left) = if truth { (then, other) } else { (other, then) };
                if condition.basis == Basis::Fixed {
                    return self.picked_by(taken, &[condition.origin]);
                }
                let taken = make::rebase(&mut self.context, taken, term, condition.basis);
                // The term speaks of the side that is left, too.
                let left = self.context.whole(&left);
                let aside = self.context.add_origin(Origin::Among([left].into()));
                self.picked_by(taken, &[condition.origin, aside])
            }
            Kind::Unknown { why: Why::Error, .. } => {
                let (then, other) = (self.plain(then), self.plain(other));
                let term = self.context.term(crate::value::Term::If(condition.term, then.term, other.term));
                let error = make::error(&mut self.context, "if", &[condition.clone(), then, other], span);
                Value { term, ..error }
            }
            Kind::Unknown { term, .. } => {
                let (then, other) = (self.plain(then), self.plain(other));
                make::choose(&mut self.context, term, condition.origin, then, other)
            }
            _ => make::error(&mut self.context, "if", &[condition.clone(), then, other], span),
        }
    }

    /// `and`, `or`: decided by one known argument where that is enough.
    fn connective(&mut self, name: &str, values: &[Value], span: Span) -> Value {
        let unit = name == "and";
        let decisive =
            values.iter().filter(|value| value.as_bool() == Some(!unit)).min_by_key(|value| value.basis).cloned();
        if let Some(decisive) = decisive {
            if decisive.basis == Basis::Fixed {
                let origin = make::computed_origin(&mut self.context, values, span);
                return make::boolean(&mut self.context, !unit, origin);
            }
            return self.truth(name, values, !unit, decisive.basis, span);
        }
        if values.iter().all(|value| value.as_bool().is_some()) {
            return self.truth(name, values, unit, make::basis(values), span);
        }
        let mut open: Vec<TermId> = Vec::new();
        let mut firm: Vec<TermId> = Vec::new();
        for value in values {
            if value.as_bool() != Some(unit) {
                open.push(self.condition_term(value));
            }
            if !(value.as_bool() == Some(unit) && value.basis == Basis::Fixed) {
                firm.push(value.term);
            }
        }
        let content = if let [one] = open.as_slice() { *one } else { self.context.call(name, open) };
        let term = if let [one] = firm.as_slice() { *one } else { self.context.call(name, firm) };
        let origin = make::computed_origin(&mut self.context, values, span);
        let why = values.iter().filter_map(make::cause).max().unwrap_or(Why::KnownAtDeployment);
        Value { kind: Kind::Unknown { term: content, why }, term, basis: make::basis(values), origin }
    }

    /// A truth value on a basis.
    fn truth(&mut self, name: &str, args: &[Value], truth: bool, basis: Basis, span: Span) -> Value {
        let origin = make::computed_origin(&mut self.context, args, span);
        let value = make::boolean(&mut self.context, truth, origin);
        if basis == Basis::Fixed {
            return value;
        }
        let firm: Vec<TermId> = args.iter().map(|arg| arg.term).collect();
        let term = self.context.call(name, firm);
        make::rebase(&mut self.context, value, term, basis)
    }

    fn not(&mut self, arg: &Value, span: Span) -> Value {
        match &arg.kind {
            Kind::Bool(truth) => self.truth("not", std::slice::from_ref(arg), !truth, arg.basis, span),
            _ => make::symbolic(&mut self.context, "not", std::slice::from_ref(arg), span),
        }
    }

    fn equals(&mut self, a: &Value, b: &Value, span: Span) -> Value {
        let verdict = equal(&self.context, a, b);
        let args = [a.clone(), b.clone()];
        match verdict.tri {
            Tri::Yes | Tri::No => self.truth("equals", &args, verdict.tri == Tri::Yes, verdict.basis, span),
            Tri::Maybe => make::symbolic(&mut self.context, "equals", &args, span),
        }
    }

    fn coalesce(&mut self, env: &Env, args: &'a [ExprId], span: Span) -> Value {
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.eval(env, *arg);
            let value = self.plain(value);
            let settled = !matches!(value.kind, Kind::Null | Kind::Choice(_)) && !self.may_be_null(&value);
            let firm = value.basis == Basis::Fixed;
            values.push(value);
            if settled && firm {
                break;
            }
        }
        self.spread_over_choices(values, &mut |this, values| this.first_not_null(values, span))
    }

    fn first_not_null(&mut self, values: &[Value], span: Span) -> Value {
        let mut passed: Vec<OriginId> = Vec::new();
        let mut basis = Basis::Fixed;
        for (at, value) in values.iter().enumerate() {
            if value.is_null() {
                passed.push(value.origin);
                basis = basis.max(value.basis);
                continue;
            }
            let mut picked = if self.may_be_null(value) && at + 1 < values.len() {
                let mut open = make::symbolic(&mut self.context, "coalesce", &values[at..], span);
                // What would fail is worked out only if this is null.
                if let Kind::Unknown { why, .. } = &mut open.kind
                    && let Some(own) = make::cause(value)
                {
                    *why = (*why).min(own);
                }
                open
            } else {
                value.clone()
            };
            if basis > Basis::Fixed {
                let firm: Vec<TermId> = values.iter().map(|value| value.term).collect();
                let term = self.context.call("coalesce", firm);
                picked = make::rebase(&mut self.context, picked, term, basis);
                let left: Vec<OriginId> = values[at + 1..].iter().map(|left| self.context.whole(left)).collect();
                passed.push(self.context.add_origin(Origin::Among(left.into())));
            }
            return self.picked_by(picked, &passed);
        }
        let origin = self.context.made(span, passed);
        let null = make::null(&mut self.context, origin);
        let firm: Vec<TermId> = values.iter().map(|value| value.term).collect();
        if basis == Basis::Fixed {
            return null;
        }
        let term = self.context.call("coalesce", firm);
        make::rebase(&mut self.context, null, term, basis)
    }

    /// Whether an unknown could turn out to be null: a parameter without value can't, it must be given one.
    fn may_be_null(&self, value: &Value) -> bool {
        let Kind::Unknown { term, .. } = value.kind else { return false };
        match self.context.get(term) {
            crate::value::Term::Param(_) => self.context.facts(term).is_none_or(|facts| facts.ty.is_none()),
            crate::value::Term::Concat(_) | crate::value::Term::Ambient(_) => false,
            _ => true,
        }
    }

    /// An environment with a loop's index, and its item where it has a name.
    pub(super) fn enter(env: &Env, bound: Bound) -> Env {
        env.with(bound)
    }
}

/// Functions that only a deployment can answer.
fn is_runtime(name: &str) -> bool {
    matches!(
        name,
        "pickzones"
            | "providers"
            | "roledefinitions"
            | "tologicalzone"
            | "tologicalzones"
            | "tophysicalzone"
            | "tophysicalzones"
            | "deployer"
            | "target"
            | "extensions"
            | "externalinputs"
            | "externalinput"
            | "readenvironmentvariable"
            | "readenvvar"
            | "readcliarg"
    )
}
