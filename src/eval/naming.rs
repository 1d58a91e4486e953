//! What instances are called: type, name, scope and id.

use super::evaluator::Evaluator;
use super::frame::Env;
use super::instances::{InstanceId, member_of};
use super::make;
use super::resource::NoteKind;
use crate::ir::{Deploy, ExprId, ScopeKind, Unit, UnitKind};
use crate::text::Span;
use crate::value::{Choice, Content, IdScope, Kind, OriginId, Piece, ResourceId, Str, Term, TermId, Value, Why};

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
                let form = make::text(&mut self.context, "{0}/{1}", origin);
                let full = self.spread_over_choices(vec![form, parent.full, written.clone()], &mut |this, parts| {
                    this.apply("format", parts, unit.span)
                });
                let slash = Str::fixed(&mut self.context, "/", origin);
                let ty = if lexical.is_some() { parent.ty.join(&slash).join(&own_type) } else { own_type };
                (ty, full, parent.scope)
            }
            None => (own_type, written.clone(), self.unit_scope(&env, unit)),
        };
        let full = self.whole_name(full, unit.span);
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
        let segments = ty.text().map_or(0, |text| text.split('/').count());
        // A name that is empty only while a parameter keeps its value is one, too.
        let mut names = name.split(&mut self.context, |char| char == '/');
        if segments != names.len() + 1 {
            names = crate::value::segments(&mut self.context, &name);
        }
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
            if matches!(naming.full.kind, Kind::Choice(_)) {
                let span = self.instances[instance.0].unit.span;
                let id = self.id_value(instance, span);
                return self.scope_of_value(&id, place);
            }
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
            return match self.either_scope(choice, &then, &other, value.origin) {
                Some(scope) => scope,
                None => {
                    let (a, b) = (a.term(&mut self.context), b.term(&mut self.context));
                    let term = self.context.term(Term::If(choice.condition, a, b));
                    IdScope::Opaque(Str::symbol(term, value.origin))
                }
            };
        }
        self.scope_of(value, place)
    }

    /// Two scopes of the same kind by an open condition: the kind, of names that hang on it.
    fn either_scope(&mut self, choice: &Choice, then: &IdScope, other: &IdScope, origin: OriginId) -> Option<IdScope> {
        let mut either = |a: &Str, b: &Str| {
            let (a_term, b_term) = (a.term(&mut self.context), b.term(&mut self.context));
            if a_term == b_term {
                return a.clone();
            }
            let term = self.context.term(Term::If(choice.condition, a_term, b_term));
            let mut parts = vec![choice.condition_origin];
            parts.extend(a.pieces.iter().chain(&*b.pieces).map(|piece| piece.origin));
            let origin = self.context.picked(origin, parts);
            let basis = a.basis().max(b.basis());
            Str::new([Piece { content: Content::Symbol(term), term, basis, origin }])
        };
        match (then, other) {
            (IdScope::Subscription(a), IdScope::Subscription(b)) => Some(IdScope::Subscription(either(a, b))),
            (
                IdScope::ResourceGroup { subscription: a, group: a_group },
                IdScope::ResourceGroup { subscription: b, group: b_group },
            ) => Some(IdScope::ResourceGroup { subscription: either(a, b), group: either(a_group, b_group) }),
            _ => None,
        }
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
}
