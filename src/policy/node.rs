//! Evaluated values as JSONPath sees them. Everything that the library asks of a value is noted, so that it can be
//! told afterwards which values a verdict hangs on.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use jsonpath_rust::query::queryable::Queryable;

/// Index into [`super::tree::Tree`]; values that the library makes itself have none.
pub(super) type NodeId = u32;
/// What a value of the library's own is called.
const DETACHED: NodeId = NodeId::MAX;

/// A value.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) id: NodeId,
    pub(super) shape: Shape,
    /// Whether it may turn out not to be there.
    pub(super) maybe: bool,
    pub(super) meter: Meter,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    /// A text that isn't wholly known.
    PartText,
    /// `open`: there may be other elements.
    Array {
        elements: Vec<Node>,
        open: bool,
    },
    /// `open`: there may be other members.
    Object {
        members: Vec<(String, Node)>,
        open: bool,
    },
    /// Can't be told.
    Unknown,
}

/// What a query asked for.
#[derive(Clone, Default)]
pub(super) struct Meter(Rc<RefCell<Readings>>);

#[derive(Default)]
struct Readings {
    /// Values that were met and can't be told.
    doubted: Vec<NodeId>,
    /// Values that were looked at.
    seen: Vec<NodeId>,
}

impl Meter {
    fn doubt(&self, id: NodeId) {
        if let Ok(mut readings) = self.0.try_borrow_mut() {
            readings.doubted.push(id);
        }
    }

    fn see(&self, id: NodeId) {
        if let Ok(mut readings) = self.0.try_borrow_mut() {
            readings.seen.push(id);
        }
    }

    /// What was met and can't be told, and what was looked at, since the last call; each once, in order.
    pub(super) fn take(&self) -> (Vec<NodeId>, Vec<NodeId>) {
        let mut readings = std::mem::take(&mut *self.0.borrow_mut());
        for list in [&mut readings.doubted, &mut readings.seen] {
            list.retain(|id| *id != DETACHED);
            list.sort_unstable();
            list.dedup();
        }
        (readings.doubted, readings.seen)
    }
}

impl Node {
    fn detached(shape: Shape) -> Self {
        Self { id: DETACHED, shape, maybe: false, meter: Meter::default() }
    }

    fn note(&self) {
        self.meter.see(self.id);
        if matches!(self.shape, Shape::Unknown) {
            self.meter.doubt(self.id);
        }
    }

    /// Looks at it as a scalar: a text of which parts aren't known can't be compared.
    fn note_scalar(&self) {
        self.note();
        if matches!(self.shape, Shape::PartText) {
            self.meter.doubt(self.id);
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Node").field("id", &self.id).field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::detached(Shape::Null)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::detached(Shape::Text(text.to_owned()))
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::detached(Shape::Text(text))
    }
}

impl From<bool> for Node {
    fn from(truth: bool) -> Self {
        Self::detached(Shape::Bool(truth))
    }
}

impl From<i64> for Node {
    fn from(number: i64) -> Self {
        Self::detached(Shape::Int(number))
    }
}

impl From<f64> for Node {
    fn from(number: f64) -> Self {
        Self::detached(Shape::Float(number))
    }
}

impl From<Vec<Self>> for Node {
    fn from(elements: Vec<Self>) -> Self {
        Self::detached(Shape::Array { elements, open: false })
    }
}

/// What two values are, not where they are. Texts don't tell upper from lower case, as Azure doesn't.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.note_scalar();
        other.note_scalar();
        match (&self.shape, &other.shape) {
            (Shape::Null, Shape::Null) => true,
            (Shape::Bool(one), Shape::Bool(other)) => one == other,
            (Shape::Int(one), Shape::Int(other)) => one == other,
            (Shape::Float(one), Shape::Float(other)) => one == other,
            (Shape::Text(one), Shape::Text(other)) => one.eq_ignore_ascii_case(other),
            (Shape::Array { elements: one, .. }, Shape::Array { elements: other, .. }) => one == other,
            (Shape::Object { members: one, .. }, Shape::Object { members: others, .. }) => {
                one.len() == others.len()
                    && one.iter().all(|(key, value)| {
                        others.iter().any(|(other, of_other)| key.eq_ignore_ascii_case(other) && value == of_other)
                    })
            }
            _ => false,
        }
    }
}

impl Queryable for Node {
    fn get(&self, key: &str) -> Option<&Self> {
        self.note();
        let Shape::Object { members, open } = &self.shape else { return None };
        let found = members.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, node)| node);
        match found {
            Some(node) => {
                node.meter.see(node.id);
                if node.maybe {
                    node.meter.doubt(node.id);
                }
            }
            None if *open => self.meter.doubt(self.id),
            None => {}
        }
        found
    }

    fn as_array(&self) -> Option<&Vec<Self>> {
        self.note();
        let Shape::Array { elements, open } = &self.shape else { return None };
        if *open {
            self.meter.doubt(self.id);
        }
        Some(elements)
    }

    fn as_object(&self) -> Option<Vec<(&str, &Self)>> {
        self.note();
        let Shape::Object { members, open } = &self.shape else { return None };
        if *open {
            self.meter.doubt(self.id);
        }
        Some(members.iter().map(|(key, node)| (key.as_str(), node)).collect())
    }

    fn as_str(&self) -> Option<&str> {
        self.note_scalar();
        match &self.shape {
            Shape::Text(text) => Some(text),
            _ => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        self.note_scalar();
        match self.shape {
            Shape::Int(number) => Some(number),
            _ => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        self.note_scalar();
        match self.shape {
            Shape::Float(number) => Some(number),
            _ => None,
        }
    }

    fn as_bool(&self) -> Option<bool> {
        self.note_scalar();
        match self.shape {
            Shape::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn null() -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equality_is_of_what_values_are() {
        let at = |id, shape| Node { id, ..Node::detached(shape) };
        assert_eq!(at(1, Shape::Text("WestUS".into())), at(2, Shape::Text("westus".into())));
        assert_ne!(at(1, Shape::Int(1)), at(1, Shape::Bool(true)));
        assert_ne!(at(1, Shape::Unknown), at(1, Shape::Unknown));
        let list = |text: &str| Node::from(vec![Node::from(text), Node::from(1)]);
        assert_eq!(list("a"), list("A"));
        assert_ne!(list("a"), list("b"));
    }

    #[test]
    fn what_is_asked_of_an_unknown_value_is_noted() {
        let meter = Meter::default();
        let unknown = Node { id: 7, shape: Shape::Unknown, maybe: false, meter: meter.clone() };
        assert!(unknown.get("x").is_none());
        assert_eq!(meter.take(), (vec![7], vec![7]));
        assert_eq!(meter.take(), (vec![], vec![]));
    }
}
