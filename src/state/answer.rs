//! One resource of an answer.
//!
//! Azure writes a resource as an envelope (id, name, type, location ...) around its `properties`; `az` and PowerShell
//! lay the members of `properties` beside those of the envelope. Queries pick members, so that a missing one says
//! nothing unless the answer is whole.

use std::ops::Range;

use super::data;
use crate::ir::{Expr, ExprId, Field, Pieces, Program, Unit, UnitKind};
use crate::json::{Decoded, Member, Node, Text};
use crate::text::Span;

/// Members of the envelope that a template would have, too.
const ENVELOPE: [&str; 9] =
    ["location", "tags", "identity", "sku", "kind", "plan", "zones", "extendedLocation", "managedBy"];

/// Members of the envelope that say again what the id says, or are of the interface rather than the resource.
const SAID_BY_ID: [&str; 13] = [
    "id",
    "name",
    "type",
    "properties",
    "resourceGroup",
    "resourceGroupName",
    "resourceId",
    "resourceName",
    "resourceType",
    "subscriptionId",
    "tenantId",
    "etag",
    "systemData",
];

/// The member of `properties` that every whole answer has.
const STATE: &str = "provisioningState";

/// A column of Resource Graph that no other interface has, and the one that a query drops first. Graph gives all its
/// columns, empty ones too, unless a query picks some.
const GRAPH_COLUMNS: [&str; 2] = ["subscriptionId", "identity"];

/// The resource that a node is; `None` if it isn't one.
pub(super) fn unit(node: &Node<'_>, broken: &[Span], program: &mut Program) -> Option<Unit> {
    let text = node.get("id")?.string()?;
    let decoded = text.decode();
    let id = Id::read(&decoded.text)?;
    let own_type = node.get("type").and_then(Node::string);
    let is_confirmed = match own_type {
        Some(own_type) => own_type.is(&id.type_name(&decoded.text)),
        None => node.get("name").and_then(Node::string).is_some_and(|name| id.is_named(name, &decoded.text)),
    };
    if !is_confirmed {
        return None;
    }
    let ty = match own_type {
        Some(own_type) => program.add(Expr::Str(own_type.pieces()), own_type.span()),
        None => program.add(Expr::Str(id.type_pieces(&decoded)), text.span()),
    };
    let named_at = node.get("name").map_or(text.span(), |name| name.span);
    let name = program.add(Expr::Str(id.name_pieces(&decoded)), named_at);
    let scope = program.add(Expr::Str(decoded.pieces(id.scope.clone())), text.span());
    Some(Unit {
        symbol: None,
        span: node.span,
        ty,
        api: None,
        name: Some(name),
        parent: None,
        scope: Some(scope),
        condition: None,
        each: None,
        depends: Vec::new(),
        body: body(node, own_type.is_some(), named_at, broken, program),
        existing: false,
        children: Vec::new(),
        kind: UnitKind::Resource,
    })
}

/// The body as a template would write it. `named_at` stands for what isn't written itself.
fn body(node: &Node<'_>, has_type: bool, named_at: Span, broken: &[Span], program: &mut Program) -> ExprId {
    let properties = node.member("properties").filter(|member| member.value.is_object());
    let is_whole = has_type && is_whole(node, properties);
    let open = |program: &mut Program| (!is_whole).then(|| Field::Spread(data::unknown(named_at, program)));
    let mut fields: Vec<Field> = open(program).into_iter().collect();
    let envelope = node.members().filter(|member| is_one_of(&member.key, &ENVELOPE));
    fields.extend(envelope.map(|member| data::field(member, broken, program)));
    if let Some(member) = properties {
        fields.push(data::field(member, broken, program));
    } else {
        let mut beside: Vec<Field> = open(program).into_iter().collect();
        let is_beside = |key: &Text<'_>| !is_one_of(key, &ENVELOPE) && !is_one_of(key, &SAID_BY_ID);
        let members = node.members().filter(|member| is_beside(&member.key));
        beside.extend(members.map(|member| data::field(member, broken, program)));
        let key = program.add(Expr::text("properties".into(), named_at), named_at);
        let value = program.add(Expr::Object(beside), named_at);
        fields.push(Field::Named { key, value });
    }
    program.add(Expr::Object(fields), node.span)
}

/// Whether nothing of the resource was left out.
fn is_whole(node: &Node<'_>, properties: Option<&Member<'_>>) -> bool {
    let Some(properties) = properties else { return node.get(STATE).is_some() };
    let [of_graph, dropped] = GRAPH_COLUMNS;
    let has_columns = node.get(of_graph).is_none() || node.get(dropped).is_some();
    node.get("location").is_some() && properties.value.get(STATE).is_some() && has_columns
}

fn is_one_of(key: &Text<'_>, names: &[&str]) -> bool {
    names.iter().any(|name| key.is(name))
}

/// A whole id, as ranges of its text.
struct Id {
    /// What is before the last `/providers/`: a subscription, a resource group, or a resource that is extended.
    scope: Range<usize>,
    /// Namespace and types.
    types: Vec<Range<usize>>,
    /// One name for each type.
    names: Vec<Range<usize>>,
}

impl Id {
    fn read(text: &str) -> Option<Self> {
        const PROVIDERS: &str = "/providers/";
        let lower = text.to_ascii_lowercase();
        if !lower.starts_with("/subscriptions/") {
            return None;
        }
        let at = lower.rfind(PROVIDERS)?;
        let mut parts = Vec::new();
        let mut from = at + PROVIDERS.len();
        for part in text.get(from..)?.split('/') {
            if part.trim().is_empty() {
                return None;
            }
            parts.push(from..from + part.len());
            from += part.len() + 1;
        }
        // A namespace, then types and names in turn.
        if parts.len() < 3 || parts.len() % 2 == 0 {
            return None;
        }
        let (mut types, mut names) = (Vec::new(), Vec::new());
        for (position, part) in parts.into_iter().enumerate() {
            if position > 0 && position % 2 == 0 { names.push(part) } else { types.push(part) }
        }
        Some(Self { scope: 0..at, types, names })
    }

    fn type_name(&self, text: &str) -> String {
        let parts: Vec<&str> = self.types.iter().filter_map(|range| text.get(range.clone())).collect();
        parts.join("/")
    }

    /// Whether a name is the last one of the id, or all of them.
    fn is_named(&self, name: &Text<'_>, text: &str) -> bool {
        let parts: Vec<&str> = self.names.iter().filter_map(|range| text.get(range.clone())).collect();
        parts.last().is_some_and(|last| name.is(last)) || name.is(&parts.join("/"))
    }

    fn type_pieces(&self, decoded: &Decoded<'_>) -> Pieces {
        joined(&self.types, decoded)
    }

    fn name_pieces(&self, decoded: &Decoded<'_>) -> Pieces {
        joined(&self.names, decoded)
    }
}

/// Parts of a text with slashes between them, each part with its own place.
fn joined(parts: &[Range<usize>], decoded: &Decoded<'_>) -> Pieces {
    let mut pieces = Pieces::new();
    for (position, part) in parts.iter().enumerate() {
        if position > 0 {
            pieces.extend(decoded.pieces(part.start - 1..part.start));
        }
        pieces.extend(decoded.pieces(part.clone()));
    }
    pieces
}
