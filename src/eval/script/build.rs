//! Values put together out of the values of words.

use std::sync::Arc;

use crate::eval::make;
pub use crate::eval::make::{array, string};
use crate::value::{
    Basis, Choice, Content, Context, Element, Kind, Member, Object, OriginId, Piece, Str, Term, TermId, Value, Why,
};

/// An object. `open`: it may hold more.
pub fn object(context: &mut Context, members: Vec<Member>, open: bool, origin: OriginId) -> Value {
    let term = if open { context.fresh() } else { context.object_term(&members) };
    let object = Object { members, open, scope: None };
    Value { kind: Kind::Object(Arc::new(object)), term, basis: Basis::Fixed, origin }
}

/// Unknown, and equal only to itself.
pub fn unknown(context: &mut Context, origin: OriginId) -> Value {
    let term = context.fresh();
    Value { kind: Kind::Unknown { term, why: Why::Error }, term, basis: Basis::Fixed, origin }
}

/// The sides of a choice, each changed.
pub fn over_choice(
    context: &mut Context,
    choice: &Choice,
    mut change: impl FnMut(&mut Context, &Value) -> Value,
) -> Value {
    let then = change(context, &choice.then);
    let other = change(context, &choice.other);
    if then.term == other.term && then.basis == other.basis {
        return then;
    }
    let term = context.term(Term::If(choice.condition, then.term, other.term));
    let origin = context.picked(then.origin, [choice.condition_origin, other.origin]);
    let basis = then.basis.max(other.basis);
    let choice = Choice { then, other, ..choice.clone() };
    Value { kind: Kind::Choice(Arc::new(choice)), term, basis, origin }
}

/// A value as the pieces of a string; an unknown is one symbol. `None` for what is no text.
pub fn pieces(context: &mut Context, value: &Value) -> Option<Str> {
    let known = |context: &mut Context, text: String| {
        let term = if context.is_closed(value.term) { context.text(&text) } else { value.term };
        Str::new([Piece { content: Content::Text(text.into()), term, basis: value.basis, origin: value.origin }])
    };
    match &value.kind {
        Kind::Str(string) => Some(string.clone()),
        Kind::Int(number) => Some(known(context, number.to_string())),
        Kind::Float(number) => Some(known(context, number.to_string())),
        Kind::Unknown { .. } | Kind::Choice(_) | Kind::Handle(_) => Some(symbol(value)),
        Kind::Null | Kind::Bool(_) | Kind::Array(_) | Kind::Object(_) => None,
    }
}

fn symbol(value: &Value) -> Str {
    let content = match &value.kind {
        Kind::Unknown { term, .. } => *term,
        _ => value.term,
    };
    Str::new([Piece { content: Content::Symbol(content), term: value.term, basis: value.basis, origin: value.origin }])
}

/// Strings with a text of our own between each two.
pub fn joined(context: &mut Context, parts: &[Str], between: &str, origin: OriginId) -> Str {
    let separator = Str::fixed(context, between, origin);
    let mut whole = Str::default();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            whole = whole.join(&separator);
        }
        whole = whole.join(part);
    }
    whole
}

/// The term of an id: literals in lower case, since ids don't tell upper from lower case.
pub fn id_term(context: &mut Context, id: &Str) -> TermId {
    let parts: Vec<TermId> = id
        .pieces
        .iter()
        .map(|piece| match (&piece.content, piece.basis) {
            (Content::Text(text), Basis::Fixed) => {
                let lower = text.to_lowercase();
                context.text(&lower)
            }
            _ => piece.term,
        })
        .collect();
    context.concat(parts)
}

/// What JSON says, all of it written at one place.
pub fn from_json(context: &mut Context, json: &serde_json::Value, origin: OriginId) -> Value {
    match json {
        serde_json::Value::Null => make::null(context, origin),
        serde_json::Value::Bool(truth) => make::boolean(context, *truth, origin),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => make::int(context, number, origin),
            (None, Some(number)) => make::float(context, number, origin),
            (None, None) => unknown(context, origin),
        },
        serde_json::Value::String(text) => make::text(context, text, origin),
        serde_json::Value::Array(items) => {
            let items = items.iter().map(|item| Element::One(from_json(context, item, origin))).collect();
            array(context, items, origin)
        }
        serde_json::Value::Object(members) => {
            let mut body = Body::default();
            for (key, value) in members {
                let value = from_json(context, value, origin);
                body.set_whole(key, origin, value);
            }
            body.finish(context, origin)
        }
    }
}

/// Members under construction, addressed by path.
#[derive(Debug, Default)]
pub struct Body {
    members: Vec<(Arc<str>, OriginId, Slot)>,
    open: bool,
}

#[derive(Debug)]
enum Slot {
    Value(Value),
    Nested(Body),
}

impl Body {
    /// Sets the member of a path such as `properties.encryption.type`. The key's place is `origin`.
    pub fn set(&mut self, path: &str, origin: OriginId, value: Value) {
        match path.split_once('.') {
            None => self.set_whole(path, origin, value),
            Some((first, rest)) => self.nested(first, origin, |body| body.set(rest, origin, value)),
        }
    }

    /// Sets the member of a name, whatever characters it has.
    pub fn set_whole(&mut self, name: &str, origin: OriginId, value: Value) {
        self.members.retain(|(key, ..)| !key.eq_ignore_ascii_case(name));
        self.members.push((name.into(), origin, Slot::Value(value)));
    }

    /// Puts a value at the end of the list of a path.
    pub fn append(&mut self, context: &mut Context, path: &str, origin: OriginId, value: Value) {
        if let Some((first, rest)) = path.split_once('.') {
            self.nested(first, origin, |body| body.append(context, rest, origin, value));
            return;
        }
        let before = self.members.iter().find_map(|(key, _, slot)| match slot {
            Slot::Value(value) if &**key == path => value.as_array().map(<[Element]>::to_vec),
            _ => None,
        });
        let mut elements = before.unwrap_or_default();
        elements.push(Element::One(value));
        let list = array(context, elements, origin);
        self.set(path, origin, list);
    }

    /// It may hold more than is said.
    pub const fn leave_open(&mut self) {
        self.open = true;
    }

    /// It, and all that was set by path in it, may hold more than is said.
    pub fn leave_all_open(&mut self) {
        self.open = true;
        for (.., slot) in &mut self.members {
            if let Slot::Nested(body) = slot {
                body.leave_all_open();
            }
        }
    }

    /// Whether nothing was set.
    pub const fn is_empty(&self) -> bool {
        self.members.is_empty() && !self.open
    }

    /// Takes over the members of another.
    pub fn absorb(&mut self, other: Self) {
        self.open |= other.open;
        self.members.extend(other.members);
    }

    fn nested(&mut self, name: &str, origin: OriginId, change: impl FnOnce(&mut Self)) {
        let at = self.members.iter().position(|(key, ..)| &**key == name).unwrap_or_else(|| {
            self.members.push((name.into(), origin, Slot::Nested(Self::default())));
            self.members.len() - 1
        });
        let Some((_, _, slot)) = self.members.get_mut(at) else { return };
        let mut body = match std::mem::replace(slot, Slot::Nested(Self::default())) {
            Slot::Nested(body) => body,
            Slot::Value(value) => Self::of(&value),
        };
        change(&mut body);
        *slot = Slot::Nested(body);
    }

    /// The members of an object, to be changed.
    pub fn of(value: &Value) -> Self {
        let Some(object) = value.as_object() else { return Self { members: Vec::new(), open: true } };
        let mut open = object.open;
        let mut members = Vec::with_capacity(object.members.len());
        for member in &object.members {
            match (member.key.text(), member.key.pieces.first()) {
                (Some(key), Some(piece)) => members.push((key, piece.origin, Slot::Value(member.value.clone()))),
                _ => open = true,
            }
        }
        Self { members, open }
    }

    /// The object.
    pub fn finish(self, context: &mut Context, origin: OriginId) -> Value {
        let mut members = Vec::with_capacity(self.members.len());
        for (key, at, slot) in self.members {
            let key = Str::fixed(context, &key, at);
            let value = match slot {
                Slot::Value(value) => value,
                Slot::Nested(body) => body.finish(context, at),
            };
            members.push(Member { key, value });
        }
        object(context, members, self.open, origin)
    }
}
