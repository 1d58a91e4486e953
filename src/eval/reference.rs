//! Resources and modules as values: symbols, `reference()`, outputs.

use super::evaluator::Evaluator;
use super::frame::{Env, FrameId, Slot};
use super::instances::InstanceId;
use super::make;
use super::resource::NoteKind;
use crate::ir::{ExprId, Unit, UnitKind};
use crate::text::Span;
use crate::value::{Content, Kind, OriginId, StepKind, Term, TermId, Value, Why};

/// What a handle stands for.
#[derive(Clone, Copy)]
pub(super) enum Handle<'a> {
    /// A resource or module by symbol: its members are the resource's.
    Resource(InstanceId),
    /// All of a loop.
    Collection(FrameId, &'a Unit),
    /// What `reference(id)` gives: the properties; with `'full'` the resource as the service shows it.
    Runtime { instance: InstanceId, full: bool },
    /// The outputs of a deployment. Bicep names the value, ARM an object that holds it.
    Outputs { instance: InstanceId, wrapped: bool },
}

/// Members that the service gives back as they were declared.
const DECLARED: [&str; 6] = ["location", "tags", "kind", "sku", "zones", "plan"];

impl<'a> Evaluator<'a> {
    fn handle(&mut self, handle: Handle<'a>, term: TermId, span: Span) -> Value {
        let origin = self.context.written(span);
        let id = self.handles.len() as u32;
        self.handles.push(handle);
        Value { kind: Kind::Handle(id), term, basis: crate::value::Basis::Fixed, origin }
    }

    /// A resource or module by its symbol.
    pub(super) fn symbol(&mut self, env: &Env, name: &str, span: Span) -> Value {
        let frame = self.frames[env.frame.0].names;
        let program = self.frames[frame.0].program;
        let mut around: Option<InstanceId> = None;
        let mut found = program.units.iter().find(|unit| unit.symbol.as_deref() == Some(name));
        if found.is_none() {
            // A resource nested in another is known by its own symbol inside of it.
            for unit in &program.units {
                if let Some(path) = nested(unit, name, 0) {
                    let mut parent = None;
                    for step in &path[..path.len() - 1] {
                        parent = self.instances_of(frame, step, parent).first().copied();
                    }
                    around = parent;
                    found = path.last().copied();
                    break;
                }
            }
        }
        let Some(unit) = found else { return self.unknown(Why::NotLoaded, span) };
        self.unit_value(frame, unit, around, span)
    }

    fn unit_value(&mut self, frame: FrameId, unit: &'a Unit, parent: Option<InstanceId>, span: Span) -> Value {
        if unit.each.is_some() && parent.is_none() {
            let term = self.context.fresh();
            return self.handle(Handle::Collection(frame, unit), term, span);
        }
        match self.instances_of(frame, unit, parent).first().copied() {
            Some(instance) => self.resource_handle(instance, span),
            None => self.unknown(Why::Cycle, span),
        }
    }

    fn resource_handle(&mut self, instance: InstanceId, span: Span) -> Value {
        // The id is worked out when somebody asks: naming a resource by symbol must not need its name.
        let term = self.context.fresh();
        self.handle(Handle::Resource(instance), term, span)
    }

    /// `parent::child`.
    pub(super) fn child(&mut self, env: &Env, base: ExprId, name: &str, span: Span) -> Value {
        let value = self.eval(env, base);
        let Some(parent) = self.instance_of(&value) else { return self.unknown(Why::NotLoaded, span) };
        let unit = self.instances[parent.0].unit;
        let frame = self.instances[parent.0].env.frame;
        match unit.children.iter().find(|child| child.symbol.as_deref() == Some(name)) {
            Some(child) => self.unit_value(frame, child, Some(parent), span),
            None => self.unknown(Why::NotLoaded, span),
        }
    }

    /// The instance that a value stands for.
    pub(super) fn instance_of(&self, value: &Value) -> Option<InstanceId> {
        let Kind::Handle(handle) = value.kind else { return None };
        match self.handles.get(handle as usize)? {
            Handle::Resource(instance) | Handle::Runtime { instance, .. } => Some(*instance),
            Handle::Collection(..) | Handle::Outputs { .. } => None,
        }
    }

    /// A member that is asked for safely: null where the condition of the resource doesn't hold.
    pub(super) fn null_without(&mut self, handle: u32, member: Value, span: Span) -> Value {
        let instance =
            match self.handles.get(handle as usize) {
                Some(
                    Handle::Resource(instance) | Handle::Runtime { instance, .. } | Handle::Outputs { instance, .. },
                ) if !matches!(member.kind, Kind::Handle(_)) => &self.instances[instance.0],
                _ => return member,
            };
        let (env, Some(condition)) = (instance.env.clone(), instance.unit.condition) else { return member };
        let condition = self.eval(&env, condition);
        let condition = self.plain(condition);
        let origin = self.context.written(span);
        let null = make::null(&mut self.context, origin);
        self.spread_over_choices(vec![condition], &mut |this, values| match values {
            [condition] => this.pick(condition, member.clone(), null.clone(), span),
            _ => this.unknown(Why::Error, span),
        })
    }

    /// The value without handles at its top: a resource as a whole is known only at deployment.
    pub(super) fn plain(&mut self, value: Value) -> Value {
        match &value.kind {
            Kind::Handle(handle) => {
                let term = match self.handles.get(*handle as usize).copied() {
                    Some(Handle::Resource(instance)) => self.state(instance, true),
                    Some(Handle::Runtime { instance, full }) => self.state(instance, full),
                    Some(Handle::Outputs { instance, .. }) => {
                        let state = self.state(instance, false);
                        let key = self.context.text("outputs");
                        self.context.member(state, key)
                    }
                    Some(Handle::Collection(..)) | None => value.term,
                };
                let origin = self.handle_origin(&value, *handle);
                make::unknown(term, Why::KnownAtDeployment, origin)
            }
            Kind::Choice(choice) if holds_handle(&choice.then) || holds_handle(&choice.other) => {
                let then = self.plain(choice.then.clone());
                let other = self.plain(choice.other.clone());
                make::choose(&mut self.context, choice.condition, choice.condition_origin, then, other)
            }
            _ => value,
        }
    }

    /// The origin of a resource as a whole: what its id is made of has a part in it.
    fn handle_origin(&mut self, value: &Value, handle: u32) -> OriginId {
        match self.handles.get(handle as usize).copied() {
            Some(Handle::Resource(instance) | Handle::Runtime { instance, .. } | Handle::Outputs { instance, .. }) => {
                let naming = self.naming(instance);
                let parts = naming.origins();
                self.context.picked(value.origin, parts)
            }
            Some(Handle::Collection(..)) | None => value.origin,
        }
    }

    /// The term of what only a deployment knows of a resource.
    fn state(&mut self, instance: InstanceId, full: bool) -> TermId {
        let naming = self.naming(instance);
        if !matches!(naming.full.kind, Kind::Choice(_)) {
            return self.context.term(Term::Reference { id: naming.term, full });
        }
        let span = self.instances[instance.0].unit.span;
        let id = self.id_value(instance, span);
        self.state_of_each(&id, full)
    }

    /// What only a deployment knows of the resource of an id that hangs on open conditions, as `reference` of either.
    fn state_of_each(&mut self, id: &Value, full: bool) -> TermId {
        if let Kind::Choice(choice) = &id.kind {
            let then = self.state_of_each(&choice.then, full);
            let other = self.state_of_each(&choice.other, full);
            return self.context.term(Term::If(choice.condition, then, other));
        }
        let id = match id.as_str() {
            Some(string) => self.id_term(&string.clone()),
            None => id.term,
        };
        self.context.term(Term::Reference { id, full })
    }

    fn state_member(&mut self, instance: InstanceId, full: bool, path: &[&Value], span: Span) -> Value {
        let mut term = self.state(instance, full);
        for key in path {
            term = self.context.member(term, key.term);
        }
        let naming = self.naming(instance);
        let origin = self.identity_origin(&naming, span);
        let keys: Vec<OriginId> = path.iter().map(|key| key.origin).collect();
        let origin = self.context.picked(origin, keys);
        make::unknown(term, Why::KnownAtDeployment, origin)
    }

    /// A member of what a handle stands for.
    pub(super) fn handle_member(&mut self, holder: &Value, handle: u32, key: &Value, span: Span) -> Value {
        let Some(handle) = self.handles.get(handle as usize).copied() else {
            return self.unknown(Why::Unsupported, span);
        };
        let value = match handle {
            Handle::Collection(frame, unit) => self.collection_member(frame, unit, key, span),
            Handle::Outputs { instance, wrapped } => match key.text() {
                Some(name) => self.output(instance, &name, wrapped, key, span),
                None => self.state_member(instance, false, &[key], span),
            },
            Handle::Resource(instance) => self.resource_member(instance, key, span),
            Handle::Runtime { instance, full } => self.runtime_member(holder, instance, full, key, span),
        };
        self.picked_by(value, &[holder.origin, key.origin])
    }

    fn collection_member(&mut self, frame: FrameId, unit: &'a Unit, key: &Value, span: Span) -> Value {
        if let Some(at) = key.as_int() {
            let instances = self.instances_of(frame, unit, None);
            let rounds = instances.len();
            let exact = instances.iter().all(|instance| !self.instances[instance.0].many);
            if let Some(instance) = usize::try_from(at).ok().and_then(|at| instances.get(at)).copied()
                && exact
            {
                return self.resource_handle(instance, span);
            }
            if exact && rounds > 0 {
                return self.unknown(Why::Error, span);
            }
        }
        match self.instance_at(frame, unit, key) {
            Some(instance) => self.resource_handle(instance, span),
            None => self.unknown(Why::Limit, span),
        }
    }

    fn resource_member(&mut self, instance: InstanceId, key: &Value, span: Span) -> Value {
        let Some(name) = key.text() else { return self.state_member(instance, true, &[key], span) };
        if let Some(value) = self.identity_member(instance, &name, span) {
            return value;
        }
        let unit = self.instances[instance.0].unit;
        match &*name {
            "outputs" if matches!(unit.kind, UnitKind::Deploy(_)) => {
                let term = self.context.fresh();
                self.handle(Handle::Outputs { instance, wrapped: false }, term, span)
            }
            "properties" => {
                let term = self.state(instance, false);
                self.handle(Handle::Runtime { instance, full: false }, term, span)
            }
            _ => self.declared_or_state(instance, &name, key, span),
        }
    }

    fn runtime_member(&mut self, holder: &Value, instance: InstanceId, full: bool, key: &Value, span: Span) -> Value {
        let Some(name) = key.text() else { return self.state_member(instance, full, &[key], span) };
        let is_deployment = matches!(self.instances[instance.0].unit.kind, UnitKind::Deploy(_));
        match (&*name, full) {
            ("outputs", false) if is_deployment => {
                let term = self.context.member(holder.term, key.term);
                self.handle(Handle::Outputs { instance, wrapped: true }, term, span)
            }
            ("properties", true) => {
                let term = self.state(instance, false);
                self.handle(Handle::Runtime { instance, full: false }, term, span)
            }
            (_, true) => match self.identity_member(instance, &name, span) {
                Some(value) => value,
                None => self.declared_or_state(instance, &name, key, span),
            },
            (_, false) => self.state_member(instance, false, &[key], span),
        }
    }

    /// What a declaration says by itself: `id`, `name`, `type`, `apiVersion`.
    fn identity_member(&mut self, instance: InstanceId, name: &str, span: Span) -> Option<Value> {
        let (unit, env) = (self.instances[instance.0].unit, self.instances[instance.0].env.clone());
        let origin = self.context.written(span);
        let value = match name {
            "id" => self.id_value(instance, span),
            "name" => self.naming(instance).written,
            "type" => {
                let ty = self.naming(instance).ty;
                make::string(&mut self.context, ty, origin)
            }
            "apiVersion" => {
                let value = self.eval(&env, unit.api?);
                self.plain(value)
            }
            _ => return None,
        };
        Some(value)
    }

    fn declared_or_state(&mut self, instance: InstanceId, name: &str, key: &Value, span: Span) -> Value {
        let unit = self.instances[instance.0].unit;
        if !unit.existing
            && DECLARED.contains(&name)
            && let Some(value) = self.declared_member(instance, name)
        {
            let value = self.plain(value);
            return self.pass(value, StepKind::ResourceMember, span);
        }
        self.state_member(instance, true, &[key], span)
    }

    /// `reference(x)`: by symbol, by id of a resource of the files, else known only at deployment.
    pub(super) fn reference(&mut self, env: &Env, args: &'a [ExprId], span: Span) -> Value {
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.eval(env, *arg);
            values.push(self.plain(value));
        }
        self.spread_over_choices(values, &mut |this, values| {
            let full = values.get(2).or_else(|| values.get(1)).and_then(Value::text);
            let full = full.is_some_and(|text| text.eq_ignore_ascii_case("full"));
            let Some(id) = values.first() else { return this.unknown(Why::Error, span) };
            let mut by: Vec<OriginId> = values.iter().map(|value| this.context.whole(value)).collect();
            match this.referenced(env, id) {
                Some(instance) => {
                    let term = this.state(instance, full);
                    let value = this.handle(Handle::Runtime { instance, full }, term, span);
                    // That it is this resource rests on the resource's own name, too.
                    by.extend(this.naming(instance).origins());
                    this.picked_by(value, &by)
                }
                None => {
                    let term = this.state_of_each(id, full);
                    let origin = this.context.made(span, [by[0]]);
                    let origin = this.context.picked(origin, &by[1..]);
                    make::unknown(term, Why::KnownAtDeployment, origin)
                }
            }
        })
    }

    fn referenced(&mut self, env: &Env, id: &Value) -> Option<InstanceId> {
        if let Some(instance) = self.named_by_symbol(env, id) {
            return Some(instance);
        }
        let string = id.as_str()?.clone();
        if string.text().is_some_and(|text| text.contains('/')) {
            return self.find_by_id(env, &string);
        }
        self.find_by_name(env, id).or_else(|| self.find_by_id(env, &string))
    }

    /// Before symbols, a name without slashes was a resource of the same template.
    fn find_by_name(&mut self, env: &Env, name: &Value) -> Option<InstanceId> {
        let frame = self.frames[env.frame.0].names;
        let program = self.frames[frame.0].program;
        let text = name.text();
        let by_text = program.units.iter().find(|unit| {
            text.is_some() && unit.each.is_none() && unit.name.and_then(|name| program.literal(name)) == text
        });
        if let Some(unit) = by_text {
            return self.instances_of(frame, unit, None).first().copied();
        }
        for unit in &program.units {
            for &instance in &*self.instances_of(frame, unit, None) {
                let is_asking = self.instances[instance.0].naming_busy && self.instances[instance.0].naming.is_none();
                if !is_asking && self.naming(instance).written.term == name.term {
                    return Some(instance);
                }
            }
        }
        None
    }

    /// The resource that a text names by its symbol, `storage` or `storage[0]`; the index may be unknown.
    pub(super) fn named_by_symbol(&mut self, env: &Env, value: &Value) -> Option<InstanceId> {
        let string = value.as_str()?;
        let front = string.front();
        let symbol = front.split_once('[').map_or(&*front, |(symbol, _)| symbol);
        let frame = self.frames[env.frame.0].names;
        let program = self.frames[frame.0].program;
        let unit = program
            .units
            .iter()
            .find(|unit| unit.symbol.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(symbol)))?;
        if let Some(text) = string.text() {
            let index = match text.split_once('[') {
                Some((_, rest)) => rest.trim_end_matches(']').parse::<usize>().ok()?,
                None => 0,
            };
            return self.instances_of(frame, unit, None).get(index).copied();
        }
        let [_, index, close] = &*string.pieces else { return None };
        let Content::Symbol(term) = index.content else { return None };
        let closes = matches!(&close.content, Content::Text(text) if &**text == "]");
        if !closes || front.len() != symbol.len() + 1 {
            return None;
        }
        let why = make::cause(value).unwrap_or(Why::NoValueGiven);
        let index = Value { term: index.term, basis: index.basis, ..make::unknown(term, why, index.origin) };
        self.instance_at(frame, unit, &index)
    }

    fn output(&mut self, instance: InstanceId, name: &str, wrapped: bool, key: &Value, span: Span) -> Value {
        let value = self.output_value(instance, name, span);
        let value = match value {
            Some(value) => value,
            None => {
                let outputs = make::text(&mut self.context, "outputs", key.origin);
                let inner = make::text(&mut self.context, "value", key.origin);
                self.state_member(instance, false, &[&outputs, key, &inner], span)
            }
        };
        if !wrapped {
            return value;
        }
        let origin = value.origin;
        make::record(&mut self.context, vec![("value", value)], origin)
    }

    /// An output of a deployment; `None` where its template could not be read or has none of that name.
    fn output_value(&mut self, instance: InstanceId, name: &str, span: Span) -> Option<Value> {
        let frame = self.inner_frame(instance)?;
        let program = self.frames[frame.0].program;
        let (at, output) =
            program.outputs.iter().enumerate().find(|(_, output)| output.name.eq_ignore_ascii_case(name))?;
        // Outputs share the memo of variables, behind them.
        let slot = program.vars.len() + at;
        match self.frames[frame.0].vars.get(&slot) {
            Some(Slot::Done(value)) => return Some(value.clone()),
            Some(Slot::Busy) => {
                self.note(output.span, NoteKind::Cycle, format!("output `{name}` needs itself"));
                return Some(self.unknown(Why::Cycle, span));
            }
            None => {}
        }
        self.frames[frame.0].vars.insert(slot, Slot::Busy);
        let env = self.outside(frame);
        let value = self.eval(&env, output.value);
        let value = self.plain(value);
        let value = self.pass(value, StepKind::Output, output.span);
        self.frames[frame.0].vars.insert(slot, Slot::Done(value.clone()));
        Some(value)
    }

    /// `res.listKeys()`.
    pub(super) fn method(&mut self, env: &Env, base: ExprId, function: &str, args: &'a [ExprId], span: Span) -> Value {
        if function.eq_ignore_ascii_case("getSecret")
            && let [secret, ..] = args
        {
            let secret = self.eval(env, *secret);
            let secret = self.plain(secret);
            return make::symbolic(&mut self.context, "secret", &[secret], span);
        }
        let base = self.eval(env, base);
        let id = match self.instance_of(&base) {
            Some(instance) => self.id_value(instance, span),
            None => self.plain(base),
        };
        let mut values = vec![id];
        for arg in args {
            let value = self.eval(env, *arg);
            values.push(self.plain(value));
        }
        let function = function.to_ascii_lowercase();
        self.spread_over_choices(values, &mut |this, values| this.runtime_call(&function, values, span))
    }
}

fn holds_handle(value: &Value) -> bool {
    match &value.kind {
        Kind::Handle(_) => true,
        Kind::Choice(choice) => holds_handle(&choice.then) || holds_handle(&choice.other),
        _ => false,
    }
}

/// The way from a unit to the nested one of a symbol.
fn nested<'a>(unit: &'a Unit, name: &str, depth: usize) -> Option<Vec<&'a Unit>> {
    if depth > 8 {
        return None;
    }
    for child in &unit.children {
        if child.symbol.as_deref() == Some(name) {
            return Some(vec![unit, child]);
        }
        if let Some(mut path) = nested(child, name, depth + 1) {
            path.insert(0, unit);
            return Some(path);
        }
    }
    None
}
