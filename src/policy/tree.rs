//! The values of one resource in one world, as a tree that selectors run over.

use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;

use super::node::{Meter, Node, NodeId, Shape};
use crate::azure::{Estate, Field, Reader, basis_of};
use crate::eval::Evaluation;
use crate::text::Span;
use crate::value::{Basis, Element, Kind as ValueKind, Lookup, Origin, Str, TermId, Value, World, to_json};

/// How deep values are followed.
const DEPTH: u32 = 100;
/// How many open conditions are decided for one query.
const DECISIONS: usize = 64;
/// How many combinations of open conditions a query is run in.
const WORLDS: usize = 16;
/// How many values of one resource are looked at.
const NODES: usize = 50_000;

/// The values of one resource.
pub(super) struct Tree {
    pub(super) root: Node,
    entries: Vec<Entry>,
    meter: Meter,
}

/// What is known of a node.
struct Entry {
    parent: Option<NodeId>,
    value: Value,
    key: Option<Str>,
    /// Whether it stands for any number of elements.
    many: bool,
    basis: Basis,
    /// The condition that has to be decided before it can be told what it is.
    condition: Option<TermId>,
}

/// What a query gave.
pub(super) struct Selected {
    pub(super) hits: Vec<NodeId>,
    /// What was met and can't be told.
    pub(super) doubted: Vec<NodeId>,
    /// What was looked at.
    pub(super) seen: Vec<NodeId>,
}

impl Tree {
    /// Takes a value in. Conditions that the reader's world leaves open stay open.
    fn grow(reader: &mut Reader<'_>, value: &Value) -> Self {
        let mut tree = Self { root: Node::default(), entries: Vec::new(), meter: Meter::default() };
        tree.root = tree.node(reader, value, None, None, false, 0);
        tree
    }

    fn node(
        &mut self,
        reader: &mut Reader<'_>,
        value: &Value,
        parent: Option<NodeId>,
        key: Option<Str>,
        many: bool,
        depth: u32,
    ) -> Node {
        let id = self.entries.len() as NodeId;
        let mut value = value.clone();
        let condition = settle_known(reader, &mut value);
        let mut maybe = false;
        if condition.is_none() {
            let field = reader.field(&value);
            maybe = matches!(field, Field::Maybe(_));
            if let Field::Present(settled) | Field::Maybe(settled) = field {
                value = settled;
            }
        }
        let above =
            parent.and_then(|parent| self.entries.get(parent as usize)).map_or(Basis::Fixed, |entry| entry.basis);
        let basis = above.max(basis_of(&value));
        self.entries.push(Entry { parent, value: value.clone(), key, many, basis, condition });
        let shape = if condition.is_some() || depth > DEPTH || self.entries.len() > NODES {
            Shape::Unknown
        } else {
            self.shape(reader, &value, id, depth)
        };
        Node { id, shape, maybe: maybe || condition.is_some(), meter: self.meter.clone() }
    }

    fn shape(&mut self, reader: &mut Reader<'_>, value: &Value, id: NodeId, depth: u32) -> Shape {
        match &value.kind {
            ValueKind::Null => Shape::Null,
            ValueKind::Bool(truth) => Shape::Bool(*truth),
            ValueKind::Int(number) => Shape::Int(*number),
            ValueKind::Float(number) => Shape::Float(*number),
            ValueKind::Str(text) => text.text().map_or(Shape::PartText, |text| Shape::Text(text.to_string())),
            ValueKind::Array(elements) => {
                let mut nodes = Vec::with_capacity(elements.len());
                let mut open = false;
                for element in &**elements {
                    let many = matches!(element, Element::Many(_));
                    open |= many;
                    nodes.push(self.node(reader, element.value(), Some(id), None, many, depth + 1));
                }
                Shape::Array { elements: nodes, open }
            }
            ValueKind::Object(object) => {
                let mut members = Vec::with_capacity(object.members.len());
                let mut open = object.open;
                for member in &object.members {
                    // A member that is null is as good as missing.
                    let Some(name) = member.key.text() else {
                        open = true;
                        continue;
                    };
                    if !member.value.is_null() {
                        let key = Some(member.key.clone());
                        let node = self.node(reader, &member.value, Some(id), key, false, depth + 1);
                        if !matches!(node.shape, Shape::Null) {
                            members.push((name.to_string(), node));
                        }
                    }
                }
                Shape::Object { members, open }
            }
            ValueKind::Choice(_) | ValueKind::Handle(_) | ValueKind::Unknown { .. } => Shape::Unknown,
        }
    }

    /// Runs a query.
    fn select(&self, query: &JpQuery) -> Selected {
        let _ = self.meter.take();
        // A query that gives a value instead of places is none that reading lets pass.
        let hits = js_path_process(query, &self.root).unwrap_or_default();
        let mut hits: Vec<NodeId> = hits.into_iter().map(|hit| hit.val.id).collect();
        let mut seen_before = std::collections::HashSet::new();
        hits.retain(|hit| (*hit as usize) < self.entries.len() && seen_before.insert(*hit));
        let (doubted, seen) = self.meter.take();
        Selected { hits, doubted, seen }
    }

    /// The condition that has to be decided before it can be told what a node is.
    fn condition(&self, id: NodeId) -> Option<TermId> {
        self.entries.get(id as usize).and_then(|entry| entry.condition)
    }

    /// The value of a node.
    pub(super) fn value(&self, id: NodeId) -> Option<&Value> {
        self.entries.get(id as usize).map(|entry| &entry.value)
    }

    /// What it rests on that a node is there and is what it is.
    pub(super) fn basis(&self, id: NodeId) -> Basis {
        self.entries.get(id as usize).map_or(Basis::Fixed, |entry| entry.basis)
    }

    /// A node and all that hold it, from the inside out.
    fn chain(&self, id: NodeId) -> impl Iterator<Item = (NodeId, &Entry)> {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let id = next?;
            let entry = self.entries.get(id as usize)?;
            next = entry.parent;
            Some((id, entry))
        })
    }

    /// Whether a node is another or lies in it.
    pub(super) fn lies_in(&self, id: NodeId, holder: NodeId) -> bool {
        self.chain(id).any(|(at, _)| at == holder)
    }

    /// The node `depth` steps below the root that a node lies in; the node itself where it isn't as deep.
    pub(super) fn ancestor(&self, id: NodeId, depth: usize) -> NodeId {
        let chain: Vec<NodeId> = self.chain(id).map(|(at, _)| at).collect();
        chain.into_iter().rev().nth(depth).unwrap_or(id)
    }

    /// Whether a node stands for any number of elements, or lies in one that does.
    pub(super) fn is_many(&self, id: NodeId) -> bool {
        self.chain(id).any(|(_, entry)| entry.many)
    }

    /// Where a node is written: the literal of a scalar, the name that an element has, the key of anything else.
    pub(super) fn place(&self, reader: &mut Reader<'_>, id: NodeId) -> Option<Span> {
        for (at, entry) in self.chain(id) {
            let composed = matches!(entry.value.kind, ValueKind::Array(_) | ValueKind::Object(_));
            if let Some(name) = name_of(reader, &entry.value)
                && let Some(span) = reader.place(&name)
            {
                return Some(span);
            }
            if (!composed || at == id && entry.key.is_none() && entry.parent.is_some())
                && let Some(span) = reader.place(&entry.value)
            {
                return Some(span);
            }
            if let Some(span) = entry.key.as_ref().and_then(|key| reader.place_of(key)) {
                return Some(span);
            }
        }
        None
    }

    /// The innermost node that is there on the way that names lead.
    pub(super) fn innermost<'n>(&self, names: impl Iterator<Item = &'n str>) -> NodeId {
        let mut at = &self.root;
        for name in names {
            let Shape::Object { members, .. } = &at.shape else { break };
            let Some((_, node)) = members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)) else { break };
            at = node;
        }
        at.id
    }
}

/// Takes the sides of choices that the world knows; gives the first condition that it doesn't.
fn settle_known(reader: &Reader<'_>, value: &mut Value) -> Option<TermId> {
    while let ValueKind::Choice(choice) = &value.kind {
        let Some(side) = reader.world.known(reader.context, choice.condition) else { return Some(choice.condition) };
        let next = if side { choice.then.clone() } else { choice.other.clone() };
        *value = next;
    }
    None
}

/// The `name` of an object, which is what people call it by.
pub(super) fn name_of(reader: &mut Reader<'_>, value: &Value) -> Option<Value> {
    let Lookup::Found(member) = value.as_object()?.get("name") else { return None };
    let mut name = member.value.clone();
    if settle_known(reader, &mut name).is_some() {
        return None;
    }
    let name = reader.settle(&name);
    name.as_str().is_some().then_some(name)
}

/// A place that a query gave.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Hit {
    /// Where; the resource where the value isn't from a file.
    pub span: Span,
    /// The value, as JSON.
    pub value: String,
}

/// What a JSONPath finds in what each resource of an evaluation holds: location, tags, properties and the like. What
/// any side of an open condition has is found. The error says what is wrong with the query.
pub fn hits(evaluation: &mut Evaluation, path: &str) -> Result<Vec<Hit>, String> {
    let query = parse(path)?;
    let Evaluation { context, resources, .. } = evaluation;
    let estate = Estate::new(context, resources);
    let mut all = Vec::new();
    for resource in resources.iter() {
        World::explore(WORLDS, |mut world| {
            for condition in &resource.conditions {
                world.assume(context, *condition, true);
            }
            let mut reader = Reader { context: &mut *context, estate: &estate, world };
            let (tree, selected) = selected(&mut reader, &resource.body, &query);
            for hit in selected.hits {
                let Some(value) = tree.value(hit) else { continue };
                let span = Origin::literal(reader.context, value.origin).unwrap_or(resource.type_span);
                all.push(Hit { span, value: to_json(reader.context, value).to_string() });
            }
            reader.world
        });
    }
    all.sort();
    all.dedup();
    Ok(all)
}

/// Runs a query over a value, with those conditions decided on which the answer hangs.
pub(super) fn selected(reader: &mut Reader<'_>, value: &Value, query: &JpQuery) -> (Tree, Selected) {
    let mut tree = Tree::grow(reader, value);
    let mut selected = tree.select(query);
    for _ in 0..DECISIONS {
        let open = selected.doubted.iter().chain(&selected.hits).find_map(|id| tree.condition(*id));
        let Some(condition) = open else { break };
        reader.world.decide(reader.context, condition);
        tree = Tree::grow(reader, value);
        selected = tree.select(query);
    }
    (tree, selected)
}

/// Reads a JSONPath; the error is one line.
pub(super) fn parse(path: &str) -> Result<JpQuery, String> {
    parse_json_path(path).map_err(|error| {
        let text = error.to_string();
        let line = text.lines().map(str::trim).rfind(|line| line.starts_with("= "));
        let said = line.map_or_else(|| text.lines().next().unwrap_or_default(), |line| line.trim_start_matches("= "));
        format!("isn't a JSONPath: {said}")
    })
}
