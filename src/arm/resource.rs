//! Resources: in an array, by symbolic name, and nested in each other.

use super::notes::Extent;
use super::value::Lowering;
use crate::ir::{Expr, ExprId, Field, Loop, Name, Unit, UnitKind};
use crate::json::{Node, Value};

/// The type whose resources are deployments of further templates.
const DEPLOYMENT: &str = "Microsoft.Resources/deployments";

/// Members of a resource that have a field of their own in [`Unit`], or say nothing.
const OWN_FIELD: [&str; 10] =
    ["type", "apiVersion", "name", "scope", "condition", "copy", "dependsOn", "resources", "comments", "existing"];

/// Members of a deployment that are kept in [`crate::ir::Deploy`].
const OF_DEPLOYMENT: [&str; 3] = ["properties", "subscriptionId", "resourceGroup"];

impl Lowering<'_, '_, '_> {
    /// Lowers a `resources` section: an array, or an object by symbolic name.
    pub(super) fn units(&mut self, section: &Node<'_>) -> Vec<Unit> {
        let mut units = Vec::new();
        match &section.value {
            Value::Array(elements) => units.extend(elements.iter().filter_map(|node| self.unit(None, node))),
            Value::Object(_) => units.extend(section.members().filter_map(|member| {
                let symbol = self.notes.name(&member.key.decoded());
                self.unit(Some(symbol), &member.value)
            })),
            Value::Null => {}
            _ => self.unreadable(section, "`resources` should be an array or an object"),
        }
        units
    }

    fn unit(&mut self, symbol: Option<Name>, node: &Node<'_>) -> Option<Unit> {
        if !node.is_object() {
            self.unreadable(node, "a resource should be an object");
            return None;
        }
        let ty = self.required(node.get("type"), node.span, "this resource has no `type`");
        let is_deployment = self.program.literal(ty).is_some_and(|ty| ty.eq_ignore_ascii_case(DEPLOYMENT));
        if self.notes.extent == Extent::Links {
            return Some(self.link(node, ty, is_deployment));
        }
        Some(Unit {
            symbol,
            span: node.span,
            ty,
            api: self.optional(node.get("apiVersion")),
            name: self.optional(node.get("name")),
            parent: None,
            scope: self.optional(node.get("scope")),
            condition: self.optional(node.get("condition")),
            each: self.resource_loop(node),
            depends: self.depends(node),
            body: self.body(node, is_deployment),
            existing: matches!(node.get("existing").map(|existing| &existing.value), Some(Value::Bool(true))),
            children: node.get("resources").map(|section| self.units(section)).unwrap_or_default(),
            kind: if is_deployment { UnitKind::Deploy(Box::new(self.deploy(node))) } else { UnitKind::Resource },
        })
    }

    /// Of a resource only what leads to other files.
    fn link(&mut self, node: &Node<'_>, ty: ExprId, is_deployment: bool) -> Unit {
        Unit {
            symbol: None,
            span: node.span,
            ty,
            api: None,
            name: None,
            parent: None,
            scope: None,
            condition: None,
            each: None,
            depends: Vec::new(),
            body: ty,
            existing: false,
            children: node.get("resources").map(|section| self.units(section)).unwrap_or_default(),
            kind: if is_deployment { UnitKind::Deploy(Box::new(self.deploy(node))) } else { UnitKind::Resource },
        }
    }

    /// Lowers a value that may be left out.
    pub(super) fn optional(&mut self, node: Option<&Node<'_>>) -> Option<ExprId> {
        node.map(|node| self.value(node))
    }

    fn resource_loop(&mut self, node: &Node<'_>) -> Option<Loop> {
        let copy = node.get("copy")?;
        match copy.value {
            Value::Null => None,
            _ => Some(self.copy_loop(copy)),
        }
    }

    fn depends(&mut self, node: &Node<'_>) -> Vec<ExprId> {
        match node.get("dependsOn") {
            None => Vec::new(),
            Some(list) if list.is_array() => list.elements().iter().map(|element| self.value(element)).collect(),
            Some(whole) => vec![self.value(whole)],
        }
    }

    fn body(&mut self, node: &Node<'_>, is_deployment: bool) -> ExprId {
        let is_body = |key: &crate::json::Text<'_>| {
            let of_deployment: &[&str] = if is_deployment { &OF_DEPLOYMENT } else { &[] };
            !OWN_FIELD.iter().chain(of_deployment).any(|name| key.is(name))
        };
        let fields: Vec<Field> = self.fields(node, is_body);
        self.program.add(Expr::Object(fields), node.span)
    }
}
