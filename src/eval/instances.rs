//! Units become instances: one for each round of their loop, with type, name, scope and id.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::frame::{Env, Frame, FrameId, Given};
use super::loops::{Makes, Round, Rounds};
use super::make;
use super::resource::NoteKind;
use crate::ir::{Deploy, Expr, ExprId, Field, Program, ScopeKind, Template, Unit, UnitKind};
use crate::text::Span;
use crate::value::{
    Basis, Content, IdReading, IdScope, Kind, OriginId, Piece, ResourceId, StepKind, Str, Term, TermId, Value, Why,
};

/// Modules within modules.
const MODULES: usize = 32;
/// Instances of one evaluation.
const INSTANCES: usize = 50_000;

/// Which instance of an evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct InstanceId(pub(super) usize);

/// A resource or deployment in one round of its loop.
pub(super) struct Instance<'a> {
    /// Its declaration.
    pub(super) unit: &'a Unit,
    /// Where its expressions are evaluated.
    pub(super) env: Env,
    /// The resource that it is a child of.
    pub(super) parent: Option<InstanceId>,
    /// Open conditions on which it exists, those of the frame not included.
    pub(super) conditions: Vec<TermId>,
    /// What its existence rests on.
    pub(super) basis: Basis,
    /// Whether a condition says that it doesn't exist.
    pub(super) absent: bool,
    /// Whether it stands for any number.
    pub(super) many: bool,
    naming: Option<Naming>,
    naming_busy: bool,
    body: Option<Value>,
    body_busy: bool,
    inner: Inner,
}

/// The frame of what a deployment deploys.
#[derive(Clone, Copy)]
enum Inner {
    /// Nobody asked yet.
    Unasked,
    /// There is none: it could not be read, or is being made.
    None,
    /// It is there.
    Made(FrameId),
}

/// What a resource is called.
#[derive(Clone)]
pub(super) struct Naming {
    /// Full type.
    pub(super) ty: Str,
    /// Full name.
    pub(super) name: Str,
    /// The name as its declaration writes it.
    pub(super) written: Value,
    /// The full name with the open conditions that it hangs on.
    pub(super) full: Value,
    /// Where it is.
    pub(super) scope: IdScope,
    /// The id, if it can be put together.
    pub(super) id: Option<ResourceId>,
    /// The id as a string.
    pub(super) text: Str,
    /// The id's term, literals in lower case.
    pub(super) term: TermId,
}

impl Naming {
    /// What the id is made of.
    pub(super) fn origins(&self) -> Vec<OriginId> {
        let mut parts: Vec<OriginId> = self.text.pieces.iter().map(|piece| piece.origin).collect();
        parts.push(self.full.origin);
        parts.dedup();
        parts
    }
}

impl<'a> Evaluator<'a> {
    /// The instances of a unit in a frame, under one instance of its parent.
    pub(super) fn instances_of(
        &mut self,
        frame: FrameId,
        unit: &'a Unit,
        parent: Option<InstanceId>,
    ) -> Arc<[InstanceId]> {
        let key = (frame, std::ptr::from_ref(unit) as usize, parent);
        if let Some(known) = self.instance_memo.get(&key) {
            return Arc::clone(known);
        }
        // Whoever asks while the loop is being worked out finds none: that is a cycle.
        self.instance_memo.insert(key, Arc::from([]));
        let env = match parent {
            Some(parent) => Env { frame, locals: self.instances[parent.0].env.locals.clone() },
            None => self.outside(frame),
        };
        let mut made = Vec::new();
        match &unit.each {
            None => made.extend(self.instance(&env, unit, parent, None, &[])),
            Some(each) => {
                let rounds = self.rounds(&env, each, Makes::Units);
                self.instances_in(rounds, &env, unit, parent, &mut Vec::new(), &mut made);
            }
        }
        let made: Arc<[InstanceId]> = made.into();
        self.instance_memo.insert(key, Arc::clone(&made));
        made
    }

    fn instances_in(
        &mut self,
        rounds: Rounds,
        env: &Env,
        unit: &'a Unit,
        parent: Option<InstanceId>,
        conditions: &mut Vec<TermId>,
        into: &mut Vec<InstanceId>,
    ) {
        match rounds {
            Rounds::Known(rounds, over) => {
                for round in rounds {
                    into.extend(self.instance(env, unit, parent, Some((round, over.basis)), conditions));
                }
            }
            Rounds::Choice { condition, then, other, .. } => {
                conditions.push(condition);
                self.instances_in(*then, env, unit, parent, conditions, into);
                conditions.pop();
                let not = self.context.call("not", [condition]);
                conditions.push(not);
                self.instances_in(*other, env, unit, parent, conditions, into);
                conditions.pop();
            }
            Rounds::Unknown(why) => {
                // Something is deployed, but nobody knows what for each round.
                let index = self.unknown(why, unit.span);
                if let Some(each) = &unit.each {
                    let round = self.round_at(env, each, index);
                    into.extend(self.instance(env, unit, parent, Some((round, Basis::Fixed)), conditions));
                }
            }
        }
    }

    fn instance(
        &mut self,
        env: &Env,
        unit: &'a Unit,
        parent: Option<InstanceId>,
        round: Option<(Round, Basis)>,
        conditions: &[TermId],
    ) -> Option<InstanceId> {
        if self.instances.len() >= INSTANCES {
            self.note(unit.span, NoteKind::Limit, format!("more than {INSTANCES} resources are not worked out"));
            return None;
        }
        let (env, many, mut basis) = match round {
            Some((round, basis)) => (round.env, round.many, basis),
            None => (env.clone(), false, Basis::Fixed),
        };
        let mut conditions = conditions.to_vec();
        let mut absent = false;
        let mut many = many;
        if let Some(parent) = parent {
            let parent = &self.instances[parent.0];
            conditions.extend(&parent.conditions);
            absent = parent.absent;
            basis = basis.max(parent.basis);
            many |= parent.many;
        }
        if let Some(condition) = unit.condition {
            let value = self.eval(&env, condition);
            let value = self.plain(value);
            match value.kind {
                Kind::Bool(truth) => {
                    absent |= !truth;
                    basis = basis.max(value.basis);
                }
                _ => {
                    let term = self.condition_term(&value);
                    self.add_condition(term, &mut conditions);
                }
            }
        }
        self.instances.push(Instance {
            unit,
            env,
            parent,
            conditions,
            basis,
            absent,
            many,
            naming: None,
            naming_busy: false,
            body: None,
            body_busy: false,
            inner: Inner::Unasked,
        });
        Some(InstanceId(self.instances.len() - 1))
    }

    /// Adds a condition, each part of an `and` for itself, so that a child's and its parent's are told apart.
    fn add_condition(&self, term: TermId, into: &mut Vec<TermId>) {
        match self.context.get(term) {
            Term::Call(name, args) if &**name == "and" => args.iter().for_each(|arg| self.add_condition(*arg, into)),
            _ if into.contains(&term) => {}
            _ => into.push(term),
        }
    }

    /// The instance that `unit[index]` means for an index that isn't one of the loop's rounds.
    pub(super) fn instance_at(&mut self, frame: FrameId, unit: &'a Unit, index: &Value) -> Option<InstanceId> {
        let each = unit.each.as_ref()?;
        let key = (frame, std::ptr::from_ref(unit) as usize, index.term);
        if let Some(known) = self.element_memo.get(&key) {
            return Some(*known);
        }
        let env = self.outside(frame);
        let round = self.round_at(&env, each, index.clone());
        let made = self.instance(&env, unit, None, Some((round, index.basis)), &[])?;
        self.element_memo.insert(key, made);
        Some(made)
    }

    /// Type, name, scope and id of an instance.
    pub(super) fn naming(&mut self, id: InstanceId) -> Naming {
        if let Some(naming) = &self.instances[id.0].naming {
            return naming.clone();
        }
        let span = self.instances[id.0].unit.span;
        if self.instances[id.0].naming_busy {
            self.note(span, NoteKind::Cycle, "the name of this resource needs itself");
            let value = self.unknown(Why::Cycle, span);
            return self.unnamed(value);
        }
        self.instances[id.0].naming_busy = true;
        let naming = self.make_naming(id);
        self.instances[id.0].naming = Some(naming.clone());
        naming
    }

    fn unnamed(&mut self, value: Value) -> Naming {
        let symbol = Str::symbol(value.term, value.origin);
        Naming {
            ty: symbol.clone(),
            name: symbol.clone(),
            scope: IdScope::Opaque(symbol.clone()),
            id: None,
            term: value.term,
            text: symbol,
            full: value.clone(),
            written: value,
        }
    }

    fn make_naming(&mut self, id: InstanceId) -> Naming {
        let unit = self.instances[id.0].unit;
        let env = self.instances[id.0].env.clone();
        let lexical = self.instances[id.0].parent;
        let own_type = self.eval(&env, unit.ty);
        let own_type = self.string_of(own_type);
        let written = match unit.name {
            Some(name) => {
                let name = self.eval(&env, name);
                self.plain(name)
            }
            None => self.generated_name(&env, unit),
        };
        let parent = lexical.or_else(|| {
            let value = self.eval(&env, unit.parent?);
            self.instance_of(&value)
        });
        let origin = written.origin;
        let (ty, full, scope) = match parent {
            Some(parent) => {
                let parent = self.naming(parent);
                let slash = make::text(&mut self.context, "/", origin);
                let full = self.spread_over_choices(vec![parent.full, slash, written.clone()], &mut |this, parts| {
                    this.apply("concat", parts, unit.span)
                });
                let slash = Str::fixed(&mut self.context, "/", origin);
                let ty = if lexical.is_some() { parent.ty.join(&slash).join(&own_type) } else { own_type };
                (ty, full, parent.scope)
            }
            None => (own_type, written.clone(), self.unit_scope(&env, unit)),
        };
        let name = self.string_of(full.clone());
        self.identify(ty, name, written, full, scope)
    }

    /// The name that Bicep gives a module without one.
    fn generated_name(&mut self, env: &Env, unit: &'a Unit) -> Value {
        let Some(symbol) = &unit.symbol else { return self.unknown(Why::KnownAtDeployment, unit.span) };
        let origin = self.context.written(unit.span);
        let symbol = make::text(&mut self.context, symbol, origin);
        let deployment = self.deployment_name(env, unit.span);
        let mut seed = vec![symbol.clone(), deployment];
        let mut parts = vec![symbol];
        let dash = make::text(&mut self.context, "-", origin);
        if let Some(index) = env.loop_index(None).cloned() {
            parts.extend([dash.clone(), index.clone()]);
            seed.push(index);
        }
        let unique = self.apply("uniquestring", &seed, unit.span);
        parts.extend([dash, unique]);
        self.apply("concat", &parts, unit.span)
    }

    fn identify(&mut self, ty: Str, name: Str, written: Value, full: Value, scope: IdScope) -> Naming {
        let origin = written.origin;
        let names = crate::value::segments(&mut self.context, &name);
        let segments = ty.text().map_or(0, |text| text.split('/').count());
        let id = (segments == names.len() + 1 && segments > 1).then(|| ResourceId {
            scope: scope.clone(),
            ty: ty.clone(),
            names,
        });
        let text = match &id {
            Some(id) => id.text(&mut self.context, origin),
            None => {
                let front = scope.path(&mut self.context, origin);
                let (front, ty, name) =
                    (front.term(&mut self.context), ty.term(&mut self.context), name.term(&mut self.context));
                let term = self.context.call("resourceid", [front, ty, name]);
                Str::symbol(term, origin)
            }
        };
        let term = self.id_term(&text);
        Naming { ty, name, written, full, scope, id, text, term }
    }

    /// The id as a value: where the name hangs on open conditions, so does the id.
    pub(super) fn id_value(&mut self, id: InstanceId, span: Span) -> Value {
        let naming = self.naming(id);
        let origin = self.identity_origin(&naming, span);
        if !matches!(naming.full.kind, Kind::Choice(_)) {
            return make::string(&mut self.context, naming.text, origin);
        }
        let Naming { ty, scope, written, full, .. } = naming;
        self.spread_over_choices(vec![full], &mut |this, names| {
            let Some(full) = names.first() else { return this.unknown(Why::Error, span) };
            let name = this.string_of(full.clone());
            let named = this.identify(ty.clone(), name, written.clone(), full.clone(), scope.clone());
            make::string(&mut this.context, named.text, origin)
        })
    }

    /// The origin of something that an id alone tells: made at `span` from what the id is made of.
    pub(super) fn identity_origin(&mut self, naming: &Naming, span: Span) -> OriginId {
        self.context.made(span, naming.origins())
    }

    /// Where a unit that is nobody's child goes.
    fn unit_scope(&mut self, env: &Env, unit: &'a Unit) -> IdScope {
        let place = self.frames[env.frame.0].place.clone();
        if let UnitKind::Deploy(deploy) = &unit.kind {
            return self.deployment_scope(env, unit, deploy, &place);
        }
        if let Some(scope) = unit.scope {
            let value = self.eval(env, scope);
            return self.scope_of_value(&value, &place);
        }
        let program = self.program(env);
        let subscription = member_of(program, unit.body, "subscriptionId");
        let group = member_of(program, unit.body, "resourceGroup");
        self.scope_from_parts(env, subscription, group, &place)
    }

    fn deployment_scope(&mut self, env: &Env, unit: &'a Unit, deploy: &'a Deploy, place: &IdScope) -> IdScope {
        if let Some(scope) = unit.scope {
            let value = self.eval(env, scope);
            return self.scope_of_value(&value, place);
        }
        let linked = self.linked(env, deploy);
        let scope = self.scope_from_parts(env, deploy.subscription, deploy.resource_group, place);
        // A template for another kind of scope says where it goes by itself.
        match (linked.map(|program| program.scope), &scope) {
            (Some(ScopeKind::Tenant), IdScope::ManagementGroup(_)) if deploy.inner => IdScope::Tenant,
            _ => scope,
        }
    }

    fn scope_from_parts(
        &mut self,
        env: &Env,
        subscription: Option<ExprId>,
        group: Option<ExprId>,
        place: &IdScope,
    ) -> IdScope {
        let mut part = |id: Option<ExprId>| {
            let value = self.eval(env, id?);
            Some(self.string_of(value))
        };
        match (part(subscription), part(group)) {
            (None, None) => place.clone(),
            (Some(subscription), None) => IdScope::Subscription(subscription),
            (subscription, Some(group)) => match subscription.or_else(|| place.subscription().cloned()) {
                Some(subscription) => IdScope::ResourceGroup { subscription, group },
                None => IdScope::Opaque(group),
            },
        }
    }

    fn scope_of_value(&mut self, value: &Value, place: &IdScope) -> IdScope {
        if let Some(instance) = self.instance_of(value) {
            let naming = self.naming(instance);
            let Some(id) = naming.id else { return IdScope::Opaque(naming.text) };
            if id.is_type("Microsoft.Resources/resourceGroups")
                && let (Some(subscription), [group]) = (id.scope.subscription(), id.names.as_slice())
            {
                return IdScope::ResourceGroup { subscription: subscription.clone(), group: group.clone() };
            }
            if id.is_type("Microsoft.Management/managementGroups")
                && let [name] = id.names.as_slice()
            {
                return IdScope::ManagementGroup(name.clone());
            }
            return IdScope::Resource(Box::new(id));
        }
        if let Kind::Choice(choice) = &value.kind {
            // Two scopes: one that both agree on, else nothing that can be told.
            let then = self.scope_of_value(&choice.then.clone(), place);
            let other = self.scope_of_value(&choice.other.clone(), place);
            let (a, b) = (then.path(&mut self.context, value.origin), other.path(&mut self.context, value.origin));
            if self.id_term(&a) == self.id_term(&b) {
                return then;
            }
            return IdScope::Opaque(Str::symbol(value.term, value.origin));
        }
        self.scope_of(value, place)
    }

    /// A value as a string; what is no string, and what hangs on open conditions, is one symbol.
    fn string_of(&mut self, value: Value) -> Str {
        let value = self.plain(value);
        match make::pieces(&mut self.context, &value) {
            Some(string) => string,
            None => Str::new([Piece {
                content: Content::Symbol(value.term),
                term: value.term,
                basis: value.basis,
                origin: value.origin,
            }]),
        }
    }

    /// The evaluated rest of a resource.
    pub(super) fn body(&mut self, id: InstanceId) -> Value {
        let instance = &self.instances[id.0];
        if let Some(body) = &instance.body {
            return body.clone();
        }
        let (unit, env) = (instance.unit, instance.env.clone());
        if instance.body_busy {
            self.note(unit.span, NoteKind::Cycle, "this resource needs itself");
            return self.unknown(Why::Cycle, unit.span);
        }
        self.instances[id.0].body_busy = true;
        let body = self.eval(&env, unit.body);
        self.instances[id.0].body = Some(body.clone());
        self.instances[id.0].body_busy = false;
        body
    }

    /// One member of a resource's declaration, without working out the others; `None` where it is not written as a
    /// plain object.
    pub(super) fn declared_member(&mut self, id: InstanceId, name: &str) -> Option<Value> {
        let (unit, env) = (self.instances[id.0].unit, self.instances[id.0].env.clone());
        let program = self.program(&env);
        let member = member_of(program, unit.body, name)?;
        Some(self.eval(&env, member))
    }

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

    fn linked(&self, env: &Env, deploy: &'a Deploy) -> Option<&'a Program> {
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

    /// A declared location of a resource group that the files create, looked for from a frame outwards.
    pub(super) fn declared_group_location(&mut self, frame: FrameId, group: &Str) -> Option<Value> {
        if group.text().is_none() && group.pieces.len() == 1 && self.frames[frame.0].is_root {
            return None;
        }
        let wanted = group.term(&mut self.context);
        let mut at = frame;
        let mut steps = 0;
        while let Some(deployment) = self.frames[at.0].deployment {
            at = self.instances[deployment.0].env.frame;
            steps += 1;
            if steps > MODULES {
                break;
            }
            let program = self.frames[at.0].program;
            for unit in &program.units {
                let is_group = program
                    .literal(unit.ty)
                    .is_some_and(|ty| ty.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups"));
                if !is_group || unit.existing {
                    continue;
                }
                for &instance in &*self.instances_of(at, unit, None) {
                    if self.instances[instance.0].naming_busy && self.instances[instance.0].naming.is_none() {
                        continue;
                    }
                    let name = self.naming(instance).name;
                    if name.term(&mut self.context) == wanted {
                        return self.declared_member(instance, "location");
                    }
                }
            }
        }
        None
    }

    /// Whether an id can be read as that of a resource of the files: used for `reference(id)`.
    pub(super) fn find_by_id(&mut self, env: &Env, id: &Str) -> Option<InstanceId> {
        let term = self.id_term(id);
        let IdReading::Id(reading) = ResourceId::read(&mut self.context, id) else { return None };
        let ty = reading.ty.text()?;
        let mut frame = env.frame;
        loop {
            let program = self.frames[frame.0].program;
            for unit in &program.units {
                let same_type = program.literal(unit.ty).is_some_and(|own| own.eq_ignore_ascii_case(&ty));
                if !same_type {
                    continue;
                }
                for &instance in &*self.instances_of(frame, unit, None) {
                    if self.instances[instance.0].naming_busy && self.instances[instance.0].naming.is_none() {
                        continue;
                    }
                    if self.naming(instance).term == term {
                        return Some(instance);
                    }
                }
            }
            // A nested deployment of outer scope sees what its parent declares.
            let deployment = self.frames[frame.0].deployment?;
            if self.frames[frame.0].names == frame {
                return None;
            }
            frame = self.instances[deployment.0].env.frame;
        }
    }
}

/// Whether a deployment of this program gives parameters as `{name: {value: ...}}`.
fn unwrap_values(program: &Program) -> bool {
    matches!(program.dialect, crate::ir::Dialect::Arm)
}

/// A member of an object literal.
fn member_of(program: &Program, object: ExprId, name: &str) -> Option<ExprId> {
    let Expr::Object(fields) = program.expr(object) else { return None };
    fields.iter().find_map(|field| match field {
        Field::Named { key, value } if program.literal(*key).is_some_and(|key| key.eq_ignore_ascii_case(name)) => {
            Some(*value)
        }
        _ => None,
    })
}
