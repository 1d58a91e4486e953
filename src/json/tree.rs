//! The tree that reading gives, and looking things up in it.

use std::borrow::Cow;

use super::Text;
use crate::text::Span;

/// What reading a text gave.
#[derive(Debug)]
pub struct Parsed<'t> {
    /// The outermost value; `None` if there is none at all.
    pub root: Option<Node<'t>>,
    /// What isn't JSON as ARM takes it, in the order of discovery; at most a hundred.
    pub errors: Vec<(Span, String)>,
    /// Regions that could not be read, in source order. An empty region is a place where something is missing.
    pub broken: Vec<Span>,
}

/// A value and its place.
#[derive(Debug)]
pub struct Node<'t> {
    /// Where it is written; a string's span has its quotes.
    pub span: Span,
    /// What it is.
    pub value: Value<'t>,
}

/// A JSON value.
#[derive(Debug)]
pub enum Value<'t> {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number of 64 bits.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A string.
    String(Text<'t>),
    /// `[...]`.
    Array(Box<[Node<'t>]>),
    /// `{...}`, with repeated keys.
    Object(Box<[Member<'t>]>),
    /// Could not be read.
    Broken,
}

/// A member of an object.
#[derive(Debug)]
pub struct Member<'t> {
    /// Its name.
    pub key: Text<'t>,
    /// Its value.
    pub value: Node<'t>,
    /// Whether the same key comes again in this object, so that this member doesn't count.
    pub shadowed: bool,
}

impl<'t> Node<'t> {
    /// The members of an object that count, in source order; nothing for any other value.
    pub fn members(&self) -> impl DoubleEndedIterator<Item = &Member<'t>> {
        let all: &[Member<'t>] = match &self.value {
            Value::Object(members) => members,
            _ => &[],
        };
        all.iter().filter(|member| !member.shadowed)
    }

    /// The member of that name, without regard to ASCII case; of several the last.
    pub fn member(&self, name: &str) -> Option<&Member<'t>> {
        self.members().rev().find(|member| member.key.is(name))
    }

    /// The value of the member of that name, without regard to ASCII case; of several the last.
    pub fn get(&self, name: &str) -> Option<&Node<'t>> {
        self.member(name).map(|member| &member.value)
    }

    /// The elements of an array; nothing for any other value.
    pub fn elements(&self) -> &[Node<'t>] {
        match &self.value {
            Value::Array(elements) => elements,
            _ => &[],
        }
    }

    /// A string as written.
    pub fn string(&self) -> Option<&Text<'t>> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A string's decoded text.
    pub fn str(&self) -> Option<Cow<'t, str>> {
        self.string().map(Text::decoded)
    }

    /// Whether it is an object.
    pub fn is_object(&self) -> bool {
        matches!(self.value, Value::Object(_))
    }

    /// Whether it is an array.
    pub fn is_array(&self) -> bool {
        matches!(self.value, Value::Array(_))
    }
}
