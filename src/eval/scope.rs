//! Scope functions and the `resourceId` family.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::frame::Env;
use super::make;
use crate::text::Span;
use crate::value::{
    Ambient, Basis, Content, IdScope, Kind, Literal, Object, OriginId, Piece, ResourceId, Str, Term, TermId, Value,
    Why, segments,
};

impl Evaluator<'_> {
    /// A function whose answer hangs on the scope; `None` if it is none.
    pub(super) fn scope_function(&mut self, env: &Env, name: &str, args: &[Value], span: Span) -> Option<Value> {
        let scope = self.frames[env.frame.0].scope.clone();
        let spread = |this: &mut Self, run: fn(&mut Self, &IdScope, &[Value], Span) -> Value| {
            let scope = scope.clone();
            Some(this.spread_over_choices(args.to_vec(), &mut |this, args| run(this, &scope, args, span)))
        };
        match name {
            "subscription" => spread(self, Self::subscription),
            "resourcegroup" => {
                let frame = env.frame;
                let scope = scope.clone();
                Some(self.spread_over_choices(args.to_vec(), &mut |this, args| {
                    this.resource_group(frame, &scope, args, span)
                }))
            }
            "managementgroup" => spread(self, Self::management_group),
            "tenant" => spread(self, Self::tenant),
            "deployment" => Some(self.deployment(env, span)),
            "environment" => Some(self.environment(span)),
            "resourceid" => spread(self, Self::resource_id),
            "subscriptionresourceid" => spread(self, Self::subscription_resource_id),
            "tenantresourceid" => spread(self, |this, _, args, span| this.id_at(IdScope::Tenant, args, args, span)),
            "managementgroupresourceid" => spread(self, Self::management_group_resource_id),
            "extensionresourceid" => spread(self, Self::extension_resource_id),
            _ => None,
        }
    }

    fn scope_object(&mut self, members: Vec<(&str, Value)>, scope: IdScope, origin: OriginId) -> Value {
        let mut value = make::record(&mut self.context, members, origin);
        if let Kind::Object(object) = &value.kind {
            let object = Object { members: object.members.clone(), open: true, scope: Some(scope) };
            value.kind = Kind::Object(Arc::new(object));
        }
        value
    }

    fn ambient(&mut self, ambient: Ambient, origin: OriginId) -> Str {
        let term = self.context.term(Term::Ambient(ambient));
        Str::symbol(term, origin)
    }

    fn subscription(&mut self, scope: &IdScope, args: &[Value], span: Span) -> Value {
        let origin = self.context.written(span);
        let subscription = match args {
            [id] => make::pieces(&mut self.context, id),
            _ => scope.subscription().cloned(),
        };
        let Some(subscription) = subscription else { return self.unknown(Why::Error, span) };
        let id = IdScope::Subscription(subscription.clone()).path(&mut self.context, origin);
        let tenant = self.ambient(Ambient::TenantId, origin);
        let display = self.ambient(Ambient::SubscriptionName, origin);
        let mut string = |string: Str| make::string(&mut self.context, string, origin);
        let members = vec![
            ("id", string(id)),
            ("subscriptionId", string(subscription.clone())),
            ("tenantId", string(tenant)),
            ("displayName", string(display)),
        ];
        self.scope_object(members, IdScope::Subscription(subscription), origin)
    }

    fn resource_group(&mut self, frame: super::frame::FrameId, scope: &IdScope, args: &[Value], span: Span) -> Value {
        let origin = self.context.written(span);
        let (subscription, group) = match args {
            [group] => (scope.subscription().cloned(), make::pieces(&mut self.context, group)),
            [subscription, group] => {
                (make::pieces(&mut self.context, subscription), make::pieces(&mut self.context, group))
            }
            _ => (scope.subscription().cloned(), scope.resource_group().cloned()),
        };
        let (Some(subscription), Some(group)) = (subscription, group) else { return self.unknown(Why::Error, span) };
        let place = IdScope::ResourceGroup { subscription: subscription.clone(), group: group.clone() };
        let id = place.path(&mut self.context, origin);
        let location = self.group_location(frame, &subscription, &group, span);
        let id = make::string(&mut self.context, id, origin);
        let name = make::string(&mut self.context, group, origin);
        let ty = make::text(&mut self.context, "Microsoft.Resources/resourceGroups", origin);
        self.scope_object(vec![("id", id), ("name", name), ("type", ty), ("location", location)], place, origin)
    }

    /// The location of a resource group: what the files that create it say, else a symbol.
    fn group_location(&mut self, frame: super::frame::FrameId, subscription: &Str, group: &Str, span: Span) -> Value {
        if let Some(declared) = self.declared_group_location(frame, group) {
            return declared;
        }
        let (subscription, group) = (subscription.term(&mut self.context), group.term(&mut self.context));
        let call = self.context.call("resourcegroup", [subscription, group]);
        let key = self.context.text("location");
        let term = self.context.member(call, key);
        let origin = self.context.written(span);
        make::string_symbol(&mut self.context, term, Why::KnownAtDeployment, origin)
    }

    fn management_group(&mut self, scope: &IdScope, args: &[Value], span: Span) -> Value {
        let origin = self.context.written(span);
        let name = match (args, scope) {
            ([name], _) => make::pieces(&mut self.context, name),
            (_, IdScope::ManagementGroup(name)) => Some(name.clone()),
            _ => None,
        };
        let Some(name) = name else { return self.unknown(Why::Error, span) };
        let place = IdScope::ManagementGroup(name.clone());
        let id = place.path(&mut self.context, origin);
        let id = make::string(&mut self.context, id, origin);
        let name = make::string(&mut self.context, name, origin);
        self.scope_object(vec![("id", id), ("name", name)], place, origin)
    }

    fn tenant(&mut self, _: &IdScope, _: &[Value], span: Span) -> Value {
        let origin = self.context.written(span);
        let tenant = self.ambient(Ambient::TenantId, origin);
        let tenant = make::string(&mut self.context, tenant, origin);
        self.scope_object(vec![("tenantId", tenant)], IdScope::Tenant, origin)
    }

    fn deployment(&mut self, env: &Env, span: Span) -> Value {
        let origin = self.context.written(span);
        let frame = self.frames[env.frame.0].names;
        let name = self.deployment_name(env, span);
        let location = self.frames[frame.0].location.clone().unwrap_or_else(|| {
            let location = self.ambient(Ambient::DeploymentLocation, origin);
            make::string(&mut self.context, location, origin)
        });
        let scope = self.frames[frame.0].scope.clone();
        let mut value = self.scope_object(vec![("name", name), ("location", location)], scope, origin);
        if let Kind::Object(object) = &value.kind {
            value.kind = Kind::Object(Arc::new(Object { scope: None, ..(**object).clone() }));
        }
        let call = self.context.call("deployment", []);
        value.term = call;
        value
    }

    /// The name of the deployment that is going on.
    pub(super) fn deployment_name(&mut self, env: &Env, span: Span) -> Value {
        let origin = self.context.written(span);
        let frame = self.frames[env.frame.0].names;
        let name = match self.frames[frame.0].deployment {
            Some(instance) => self.naming(instance).name,
            None => self.ambient(Ambient::DeploymentName, origin),
        };
        make::string(&mut self.context, name, origin)
    }

    /// What holds in the public cloud whoever deploys, and symbols for the rest.
    fn environment(&mut self, span: Span) -> Value {
        let origin = self.context.written(span);
        let term = self.context.call("environment", []);
        make::unknown(term, Why::KnownAtDeployment, origin)
    }

    fn resource_id(&mut self, scope: &IdScope, args: &[Value], span: Span) -> Value {
        let Some(at) = type_argument(args) else {
            return make::symbolic(&mut self.context, "resourceid", args, span);
        };
        let mut leading = Vec::with_capacity(at);
        for arg in &args[..at] {
            match make::pieces(&mut self.context, arg) {
                Some(pieces) => leading.push(pieces),
                None => return make::error(&mut self.context, "resourceid", args, span),
            }
        }
        let place = match (leading.as_slice(), scope) {
            ([], _) => scope.clone(),
            ([subscription, group], _) => {
                IdScope::ResourceGroup { subscription: subscription.clone(), group: group.clone() }
            }
            ([one], IdScope::ResourceGroup { subscription, .. }) if !is_guid(one) => {
                IdScope::ResourceGroup { subscription: subscription.clone(), group: one.clone() }
            }
            ([one], _) if is_guid(one) => IdScope::Subscription(one.clone()),
            _ => return make::symbolic(&mut self.context, "resourceid", args, span),
        };
        let place = match place {
            IdScope::ManagementGroup(_) | IdScope::Tenant => IdScope::Tenant,
            place => place,
        };
        self.id_at(place, &args[at..], args, span)
    }

    fn subscription_resource_id(&mut self, scope: &IdScope, args: &[Value], span: Span) -> Value {
        let Some(at) = type_argument(args) else {
            return make::symbolic(&mut self.context, "subscriptionresourceid", args, span);
        };
        let subscription = match &args[..at] {
            [] => scope.subscription().cloned(),
            [one] => make::pieces(&mut self.context, one),
            _ => None,
        };
        match subscription {
            Some(subscription) => self.id_at(IdScope::Subscription(subscription), &args[at..], args, span),
            None => make::error(&mut self.context, "subscriptionresourceid", args, span),
        }
    }

    fn management_group_resource_id(&mut self, scope: &IdScope, args: &[Value], span: Span) -> Value {
        let at = type_argument(args).unwrap_or(0);
        let group = match (&args[..at], scope) {
            ([one], _) => make::pieces(&mut self.context, one),
            ([], IdScope::ManagementGroup(name)) => Some(name.clone()),
            _ => None,
        };
        match group {
            Some(group) => self.id_at(IdScope::ManagementGroup(group), &args[at..], args, span),
            None => make::symbolic(&mut self.context, "managementgroupresourceid", args, span),
        }
    }

    fn extension_resource_id(&mut self, _: &IdScope, args: &[Value], span: Span) -> Value {
        let [front, rest @ ..] = args else { return make::error(&mut self.context, "extensionresourceid", args, span) };
        match make::pieces(&mut self.context, front) {
            Some(front) => self.id_at(IdScope::Opaque(front), rest, args, span),
            None => make::error(&mut self.context, "extensionresourceid", args, span),
        }
    }

    /// The id of type and names (`rest`) at a place; `args` are all arguments of the call.
    fn id_at(&mut self, place: IdScope, rest: &[Value], args: &[Value], span: Span) -> Value {
        let name = "resourceid";
        let [ty, names @ ..] = rest else { return make::error(&mut self.context, name, args, span) };
        let mut parts = Vec::with_capacity(rest.len());
        for value in rest {
            match make::pieces(&mut self.context, value) {
                Some(pieces) => parts.push(pieces),
                // Nothing is deployed under a name of nothing, but another value may be given.
                None if value.is_null() && value.basis > Basis::Fixed => {
                    parts.push(make::null_piece(&mut self.context, value));
                }
                None => return make::error(&mut self.context, name, args, span),
            }
        }
        let types = segments(&mut self.context, &parts[0]);
        if types.iter().any(|segment| !segment.is_known()) && types.len() < names.len() + 1 {
            return make::symbolic(&mut self.context, name, args, span);
        }
        let mut given = parts.split_off(1);
        self.join_names(&mut given);
        if types.len() != given.len() + 1 {
            // A name that holds slashes stands for several; anything else is refused.
            given = given.iter().flat_map(|one| segments(&mut self.context, one)).collect();
            if types.len() != given.len() + 1 {
                return if given.iter().all(Str::is_known) && ty.text().is_some() {
                    make::error(&mut self.context, name, args, span)
                } else {
                    make::symbolic(&mut self.context, name, args, span)
                };
            }
        }
        let origin = make::computed_origin(&mut self.context, args, span);
        let written = self.context.written(span);
        let id = ResourceId { scope: place, ty: parts.swap_remove(0), names: given };
        let id = id.text(&mut self.context, written);
        make::string(&mut self.context, id, origin)
    }

    /// Reads what a scope expression gives: a resource, a scope function's value, an id.
    pub(super) fn scope_of(&mut self, value: &Value, around: &IdScope) -> IdScope {
        match &value.kind {
            Kind::Object(object) => match &object.scope {
                Some(scope) => scope.clone(),
                None => IdScope::Opaque(Str::symbol(value.term, value.origin)),
            },
            Kind::Str(string) => self.scope_of_text(string, around),
            Kind::Null => around.clone(),
            Kind::Unknown { term, .. } => {
                let term = *term;
                IdScope::Opaque(Str::new([Piece {
                    content: Content::Symbol(term),
                    term: value.term,
                    basis: value.basis,
                    origin: value.origin,
                }]))
            }
            _ => IdScope::Opaque(Str::symbol(value.term, value.origin)),
        }
    }

    fn scope_of_text(&mut self, string: &Str, around: &IdScope) -> IdScope {
        if string.text().is_some_and(|text| &*text == "/") {
            return IdScope::Tenant;
        }
        let parts = segments(&mut self.context, string);
        let known = |at: usize, word: &str| {
            parts.get(at).and_then(Str::text).is_some_and(|text| text.eq_ignore_ascii_case(word))
        };
        if known(0, "subscriptions") && parts.len() == 2 {
            return IdScope::Subscription(parts[1].clone());
        }
        if known(0, "subscriptions") && known(2, "resourceGroups") && parts.len() == 4 {
            return IdScope::ResourceGroup { subscription: parts[1].clone(), group: parts[3].clone() };
        }
        if known(0, "Microsoft.Management") && known(1, "managementGroups") && parts.len() == 3 {
            return IdScope::ManagementGroup(parts[2].clone());
        }
        if let crate::value::IdReading::Id(mut id) = ResourceId::read(&mut self.context, string) {
            self.join_names(&mut id.names);
            if id.is_type("Microsoft.Management/managementGroups") && id.names.len() == 1 {
                return IdScope::ManagementGroup(id.names[0].clone());
            }
            if id.is_type("Microsoft.Resources/resourceGroups")
                && let (Some(subscription), [group]) = (id.scope.subscription(), id.names.as_slice())
            {
                return IdScope::ResourceGroup { subscription: subscription.clone(), group: group.clone() };
            }
            return IdScope::Resource(Box::new(id));
        }
        // `Microsoft.Storage/storageAccounts/name`: a resource of the same scope, without its front.
        let relative = parts.first().and_then(Str::text).is_some_and(|text| text.contains('.')) && parts.len() % 2 == 1;
        if relative && parts.len() >= 3 {
            let Some(origin) = string.pieces.first().map(|piece| piece.origin) else {
                return IdScope::Opaque(string.clone());
            };
            let mut whole = around.path(&mut self.context, origin);
            whole = whole.join(&Str::fixed(&mut self.context, "/providers/", origin)).join(string);
            if let crate::value::IdReading::Id(mut id) = ResourceId::read(&mut self.context, &whole) {
                self.join_names(&mut id.names);
                return IdScope::Resource(Box::new(id));
            }
        }
        IdScope::Opaque(string.clone())
    }

    /// The term of an id: literals in lower case, since ids don't tell upper from lower case.
    pub(super) fn id_term(&mut self, id: &Str) -> TermId {
        let mut parts = Vec::with_capacity(id.pieces.len());
        for piece in &*id.pieces {
            match self.context.get(piece.term) {
                Term::Concat(inner) => parts.extend_from_slice(inner),
                _ => parts.push(piece.term),
            }
        }
        for part in &mut parts {
            if let Some(Literal::Str(text)) = self.context.as_literal(*part)
                && text.chars().any(char::is_uppercase)
            {
                let lower = text.to_lowercase();
                *part = self.context.text(&lower);
            }
        }
        self.context.concat(parts)
    }
}

/// Which argument is the type: the one with a slash. Arguments before it that aren't known have none, as a
/// subscription or a group.
fn type_argument(args: &[Value]) -> Option<usize> {
    args.iter().position(|arg| {
        arg.as_str().is_some_and(|string| {
            string.pieces.iter().any(|piece| matches!(&piece.content, Content::Text(text) if text.contains('/')))
        })
    })
}

fn is_guid(string: &Str) -> bool {
    string.text().is_some_and(|text| {
        text.len() == 36
            && text.char_indices().all(|(at, char)| match at {
                8 | 13 | 18 | 23 => char == '-',
                _ => char.is_ascii_hexdigit(),
            })
    })
}
