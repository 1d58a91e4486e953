//! Resources and modules.

use std::sync::Arc;

use super::super::syntax::{
    Declaration, DeclarationKind, Element, Expr, ExprKind, For, Identifier, Member, Module, Resource,
};
use super::{Local, Lowering};
use crate::ir::{
    Argument, Deploy, Dialect, Expr as Ir, ExprId, Field, Loop, Program, RefKind, Template, Unit, UnitKind,
};
use crate::text::Span;

/// The resource that another is nested in.
#[derive(Clone, Copy)]
pub(super) struct Enclosing {
    /// An expression for it.
    itself: ExprId,
    /// Its API version: a nested resource that names none has the same.
    api: Option<ExprId>,
}

/// What the value of a resource or module is made of.
struct Value<'t, 'v> {
    each: Option<&'v For<'t>>,
    condition: Option<&'v Expr<'t>>,
    /// `None` where the body could not be read.
    members: Option<&'v [Member<'t>]>,
    /// The object's place.
    span: Span,
}

impl<'t, 'v> Value<'t, 'v> {
    fn of(value: &'v Expr<'t>) -> Self {
        let (each, inner) = match &value.kind {
            ExprKind::For(each) => (Some(each.as_ref()), &each.body),
            _ => (None, value),
        };
        let (condition, body) = match &inner.kind {
            ExprKind::If(parts) => (Some(&parts.0), &parts.1),
            _ => (None, inner),
        };
        let members = match &body.kind {
            ExprKind::Object(members) => Some(members.as_slice()),
            _ => None,
        };
        Self { each, condition, members, span: body.span }
    }
}

/// The members of a body, sorted by what they mean.
#[derive(Default)]
struct Body {
    name: Option<ExprId>,
    parent: Option<ExprId>,
    scope: Option<ExprId>,
    depends: Vec<ExprId>,
    fields: Vec<Field>,
    children: Vec<Unit>,
    arguments: Vec<Argument>,
    arguments_expr: Option<ExprId>,
}

impl<'t> Lowering<'t, '_> {
    pub(super) fn resource(
        &mut self,
        declaration: &Declaration<'t>,
        resource: &Resource<'t>,
        within: Option<Enclosing>,
    ) -> Unit {
        let (ty, version) = self.resource_type(&resource.ty);
        let api = version.or_else(|| within.and_then(|within| within.api));
        let value = Value::of(&resource.value);
        let (each, condition) = self.open_value(&value, resource.value.span);
        let nested: Vec<&Declaration<'t>> = value.members.unwrap_or_default().iter().filter_map(as_nested).collect();
        let own = Enclosing { itself: self.resource_itself(resource, within), api };
        for name in nested.iter().filter_map(|child| symbol(child)) {
            self.open_local(name, Local::Nested(own.itself));
        }
        let mut body = self.resource_body(&value);
        for child in &nested {
            match &child.kind {
                DeclarationKind::Resource(resource) => body.children.push(self.resource(child, resource, Some(own))),
                _ => self.program.broken.push(child.span),
            }
        }
        nested.iter().filter_map(|child| symbol(child)).for_each(|name| self.close_local(name));
        self.close_value(&value);

        let mut fields = std::mem::take(&mut body.fields);
        let kind = if self.is_deployment(ty) && !resource.existing {
            self.written_out_deployment(&mut fields)
        } else {
            UnitKind::Resource
        };
        let fields = self.body_object(&value, fields);
        Unit {
            symbol: self.symbol_name(resource.name),
            span: declaration.span,
            ty,
            api,
            name: body.name,
            parent: body.parent,
            scope: body.scope,
            condition,
            each,
            depends: body.depends,
            body: fields,
            existing: resource.existing,
            children: body.children,
            kind,
        }
    }

    /// A resource as those nested in it name it, whatever hides its symbol.
    fn resource_itself(&mut self, resource: &Resource<'t>, within: Option<Enclosing>) -> ExprId {
        let name = self.name(resource.name.text);
        let itself = match within {
            Some(within) => Ir::Child(within.itself, name),
            None => Ir::Symbol(name),
        };
        self.add(itself, resource.name.span)
    }

    pub(super) fn module(&mut self, declaration: &Declaration<'t>, module: &Module<'t>) -> Unit {
        let template = match self.file(&module.path, RefKind::Module) {
            Some(file) => Template::File(file),
            None => Template::Unknown,
        };
        let ty = self.implied("Microsoft.Resources/deployments", module.path.span);
        let value = Value::of(&module.value);
        let (each, condition) = self.open_value(&value, module.value.span);
        let mut body = self.module_body(&value);
        self.close_value(&value);
        let fields = std::mem::take(&mut body.fields);
        let fields = self.body_object(&value, fields);
        let deploy = Deploy {
            template,
            inner: true,
            subscription: None,
            resource_group: None,
            arguments: body.arguments,
            arguments_expr: body.arguments_expr,
            parameters_file: None,
        };
        Unit {
            symbol: self.symbol_name(module.name),
            span: declaration.span,
            ty,
            api: None,
            name: body.name,
            parent: body.parent,
            scope: body.scope,
            condition,
            each,
            depends: body.depends,
            body: fields,
            existing: false,
            children: Vec::new(),
            kind: UnitKind::Deploy(Box::new(deploy)),
        }
    }

    fn is_deployment(&self, ty: ExprId) -> bool {
        self.program.literal(ty).is_some_and(|ty| ty.eq_ignore_ascii_case("Microsoft.Resources/deployments"))
    }

    /// A deployment that is no module but a resource with a template written out. What such a template deploys is
    /// read only if it deploys nothing, as those do that count the uses of a module; else it is unknown.
    fn written_out_deployment(&mut self, fields: &mut Vec<Field>) -> UnitKind {
        let mut take = |name: &str| {
            let at = fields.iter().position(|field| is_named(&self.program, field, name))?;
            match fields.remove(at) {
                Field::Named { value, .. } => Some(value),
                Field::Spread(_) | Field::Copy { .. } => None,
            }
        };
        let (subscription, resource_group) = (take("subscriptionId"), take("resourceGroup"));
        let deploys_nothing = take("properties").is_some_and(|properties| {
            let template = member(&self.program, properties, "template");
            let resources = template.and_then(|template| member(&self.program, template, "resources"));
            resources
                .is_some_and(|resources| matches!(self.program.expr(resources), Ir::Array(items) if items.is_empty()))
        });
        let template = if deploys_nothing {
            Template::Inline(Arc::new(Program::new(self.program.source, Dialect::Arm)))
        } else {
            Template::Unknown
        };
        UnitKind::Deploy(Box::new(Deploy {
            template,
            inner: true,
            subscription,
            resource_group,
            arguments: Vec::new(),
            arguments_expr: None,
            parameters_file: None,
        }))
    }

    fn symbol_name(&mut self, name: Identifier<'t>) -> Option<crate::ir::Name> {
        (!name.is_missing()).then(|| self.name(name.text))
    }

    /// Lowers loop and condition; the loop's names hold until [`Lowering::close_value`].
    fn open_value(&mut self, value: &Value<'t, '_>, span: Span) -> (Option<Loop>, Option<ExprId>) {
        let each = value.each.map(|each| self.open_loop(each, span));
        let condition = value.condition.map(|condition| self.expr(condition));
        (each, condition)
    }

    fn close_value(&mut self, value: &Value<'t, '_>) {
        if let Some(each) = value.each {
            self.close_loop(each);
        }
    }

    /// The object of what the language doesn't take out of the body.
    fn body_object(&mut self, value: &Value<'t, '_>, fields: Vec<Field>) -> ExprId {
        let body = if value.members.is_some() { Ir::Object(fields) } else { Ir::Broken };
        self.add(body, value.span)
    }

    fn resource_body(&mut self, value: &Value<'t, '_>) -> Body {
        let mut body = Body::default();
        for member in value.members.unwrap_or_default() {
            match (own_property(member), member) {
                (Some(("parent", value)), _) => body.parent = Some(self.expr(value)),
                (Some(property), _) if self.common_property(&mut body, &property) => {}
                _ => body.fields.extend(self.field(member)),
            }
        }
        self.unreadable_name(value, &mut body);
        body
    }

    fn module_body(&mut self, value: &Value<'t, '_>) -> Body {
        let mut body = Body::default();
        for member in value.members.unwrap_or_default() {
            match (own_property(member), member) {
                (Some(("params", value)), _) => self.arguments(value, &mut body),
                // What the extensions of the module's file are given: nothing of the deployment itself.
                (Some(("extensionConfigs", _)), _) => {}
                (Some(property), _) if self.common_property(&mut body, &property) => {}
                _ => body.fields.extend(self.field(member)),
            }
        }
        self.unreadable_name(value, &mut body);
        body
    }

    /// Takes the properties that resources and modules share out of a body.
    fn common_property(&mut self, body: &mut Body, (key, value): &(&str, &Expr<'t>)) -> bool {
        match *key {
            "name" => body.name = Some(self.expr(value)),
            "scope" => body.scope = Some(self.expr(value)),
            "dependsOn" => body.depends = self.depends(value),
            _ => return false,
        }
        true
    }

    /// A name may stand in what could not be read.
    fn unreadable_name(&mut self, value: &Value<'t, '_>, body: &mut Body) {
        let skipped = value.members.is_none_or(|members| members.iter().any(|one| matches!(one, Member::Skipped(_))));
        if skipped && body.name.is_none() {
            body.name = Some(self.broken(value.span));
        }
    }

    fn depends(&mut self, value: &Expr<'t>) -> Vec<ExprId> {
        let ExprKind::Array(elements) = &value.kind else { return vec![self.expr(value)] };
        let plain = |element: &Element<'t>| matches!(element, Element::One(_));
        if !elements.iter().all(plain) {
            return vec![self.expr(value)];
        }
        elements
            .iter()
            .filter_map(|element| match element {
                Element::One(value) => Some(self.expr(value)),
                Element::Spread(_) | Element::Skipped(_) => None,
            })
            .collect()
    }

    /// Arguments one by one, if they are written so.
    fn arguments(&mut self, value: &Expr<'t>, body: &mut Body) {
        let ExprKind::Object(members) = &value.kind else {
            body.arguments_expr = Some(self.expr(value));
            return;
        };
        let named = |member: &Member<'t>| matches!(member, Member::Property { key, .. } if key.as_key().is_some());
        if !members.iter().all(named) {
            body.arguments_expr = Some(self.expr(value));
            return;
        }
        for member in members {
            let Member::Property { key, value } = member else { continue };
            let Some(text) = key.as_key() else { continue };
            let argument = Argument { name: text.as_ref().into(), span: key.span, value: self.expr(value) };
            body.arguments.push(argument);
        }
    }
}

fn as_nested<'v, 't>(member: &'v Member<'t>) -> Option<&'v Declaration<'t>> {
    match member {
        Member::Resource(declaration) => Some(declaration),
        _ => None,
    }
}

fn symbol<'t>(declaration: &Declaration<'t>) -> Option<Identifier<'t>> {
    match &declaration.kind {
        DeclarationKind::Resource(resource) if !resource.name.is_missing() => Some(resource.name),
        _ => None,
    }
}

/// A property whose key is a plain name or a string without holes.
fn own_property<'v, 't>(member: &'v Member<'t>) -> Option<(&'v str, &'v Expr<'t>)> {
    let Member::Property { key, value } = member else { return None };
    match key.as_key()? {
        std::borrow::Cow::Borrowed(key) => Some((key, value)),
        std::borrow::Cow::Owned(_) => None,
    }
}

/// Whether a member has this name.
fn is_named(program: &Program, field: &Field, name: &str) -> bool {
    matches!(field, Field::Named { key, .. } if program.literal(*key).is_some_and(|key| key.eq_ignore_ascii_case(name)))
}

/// A member of an object that is written out.
fn member(program: &Program, object: ExprId, name: &str) -> Option<ExprId> {
    let Ir::Object(fields) = program.expr(object) else { return None };
    fields.iter().find_map(|field| match field {
        Field::Named { value, .. } if is_named(program, field, name) => Some(*value),
        _ => None,
    })
}
