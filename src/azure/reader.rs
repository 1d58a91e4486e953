//! How typed things are read out of evaluated values, in one consistent world.
//!
//! Members that are missing and members that are null are the same. A value that can't be told is never guessed: it
//! comes back as [`Field::Maybe`], or as a present value that is unknown.

use super::placeholder::without_placeholders;
use super::{Estate, Kind};
use crate::eval::Resource;
use crate::ir::ParamType;
use crate::text::Span;
use crate::value::{
    Basis, Content, Context, Element, IdReading, Kind as ValueKind, Literal, Lookup, Origin, OriginId, Piece,
    ResourceId, Str, Term, TermId, Value, Why, World, equal_text,
};

/// What says that something isn't there: the object that lacks it, or the null.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// The object's or the null's term.
    pub term: TermId,
    /// How firmly it stands.
    pub basis: Basis,
    /// Where it came from.
    pub origin: OriginId,
}

impl Ground {
    /// The ground that a value is.
    pub const fn of(value: &Value) -> Self {
        Self { term: value.term, basis: value.basis, origin: value.origin }
    }

    /// Whether it is a null, rather than an object without the member.
    pub fn is_null(&self, context: &Context) -> bool {
        matches!(context.get(self.term), Term::Literal(Literal::Null))
    }
}

/// A member as a check sees it.
#[derive(Clone, Debug)]
pub enum Field {
    /// Missing or null.
    Absent(Ground),
    /// There, and settled: neither null nor a choice. It may still be unknown what it is.
    Present(Value),
    /// Can't be told whether it is there.
    Maybe(Value),
}

impl Field {
    /// The value, if it is certainly there.
    pub const fn present(&self) -> Option<&Value> {
        match self {
            Self::Present(value) => Some(value),
            Self::Absent(_) | Self::Maybe(_) => None,
        }
    }

    /// The string, if one is certainly there.
    pub const fn string(&self) -> Option<&Str> {
        match self {
            Self::Present(value) => value.as_str(),
            Self::Absent(_) | Self::Maybe(_) => None,
        }
    }

    /// What can't be told: whether it is there, or what it is.
    pub fn unknown(&self) -> Option<&Value> {
        match self {
            Self::Maybe(value) => Some(value),
            Self::Present(value) if value.is_unknown() => Some(value),
            Self::Present(value) if value.as_str().is_some_and(|string| !string.is_known()) => Some(value),
            Self::Absent(_) | Self::Present(_) => None,
        }
    }

    /// Whether it is certainly missing.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent(_))
    }

    /// How firmly it stands.
    pub fn basis(&self) -> Basis {
        match self {
            Self::Absent(ground) => ground.basis,
            Self::Present(value) | Self::Maybe(value) => basis_of(value),
        }
    }

    /// The term of what is there, or of what lacks it.
    pub const fn term(&self) -> TermId {
        match self {
            Self::Absent(ground) => ground.term,
            Self::Present(value) | Self::Maybe(value) => value.term,
        }
    }

    /// Where it came from, or what lacks it.
    pub const fn origin(&self) -> OriginId {
        match self {
            Self::Absent(ground) => ground.origin,
            Self::Present(value) | Self::Maybe(value) => value.origin,
        }
    }
}

/// How firmly a value stands, its pieces included.
pub fn basis_of(value: &Value) -> Basis {
    match &value.kind {
        ValueKind::Str(string) => value.basis.max(string.basis()),
        _ => value.basis,
    }
}

/// An element of a list.
#[derive(Clone, Debug)]
pub struct Item {
    /// The element, settled and not null.
    pub value: Value,
    /// Whether it stands for any number of elements.
    pub many: bool,
}

/// A list as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The elements known.
    pub items: Vec<Item>,
    /// Set where there may be others: what hides them.
    pub open: Option<Value>,
}

impl List {
    /// Whether all elements are known, one by one.
    pub fn is_complete(&self) -> bool {
        self.open.is_none() && !self.items.iter().any(|item| item.many)
    }

    /// What keeps it from being complete.
    pub fn gap(&self) -> Option<&Value> {
        self.open.as_ref().or_else(|| self.items.iter().find(|item| item.many).map(|item| &item.value))
    }
}

/// A declared resource that a reference leads to.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// What it rests on that it is this one.
    pub basis: Basis,
}

/// Reads one estate in one world.
pub struct Reader<'a> {
    /// Terms and origins.
    pub context: &'a mut Context,
    /// The resources.
    pub estate: &'a Estate<'a>,
    /// The side that each open condition takes.
    pub world: World,
}

impl<'a> Reader<'a> {
    /// Settles a value: choices at its top are decided, placeholders are symbols, a string parameter without value is
    /// a string of one symbol.
    pub fn settle(&mut self, value: &Value) -> Value {
        let mut settled = self.world.settle(self.context, value);
        match &settled.kind {
            ValueKind::Str(string) => {
                if let Some(cleared) = without_placeholders(self.context, string) {
                    settled.term = cleared.term(self.context);
                    settled.kind = ValueKind::Str(cleared);
                }
            }
            ValueKind::Unknown { term, .. } if self.is_string(*term) => {
                settled.kind = ValueKind::Str(Str::new([Piece {
                    content: Content::Symbol(*term),
                    term: settled.term,
                    basis: settled.basis,
                    origin: settled.origin,
                }]));
            }
            _ => {}
        }
        settled
    }

    /// A string with symbols for placeholders.
    pub fn cleared(&mut self, string: &Str) -> Str {
        without_placeholders(self.context, string).unwrap_or_else(|| string.clone())
    }

    fn is_string(&self, term: TermId) -> bool {
        self.context.facts(term).is_some_and(|facts| facts.ty == Some(ParamType::String))
    }

    /// A value as a field: null is absent.
    pub fn field(&mut self, value: &Value) -> Field {
        let value = self.settle(value);
        match &value.kind {
            ValueKind::Null => Field::Absent(Ground::of(&value)),
            ValueKind::Unknown { term, .. } if self.may_be_null(*term) => Field::Maybe(value),
            _ => Field::Present(value),
        }
    }

    /// Whether an unknown may turn out to be null. A member that is asked for without `.?` must be there, or the
    /// deployment fails.
    fn may_be_null(&self, term: TermId) -> bool {
        match self.context.get(term) {
            Term::Param(_) => {
                self.context.facts(term).is_none_or(|facts| matches!(facts.ty, None | Some(ParamType::Any)))
            }
            Term::Get(..) | Term::Concat(_) | Term::Ambient(_) | Term::Array(_) | Term::Object(_) | Term::Index(..) => {
                false
            }
            _ => true,
        }
    }

    /// A member of a value.
    pub fn member(&mut self, of: &Value, name: &str) -> Field {
        match &of.kind {
            ValueKind::Object(object) => match object.get(name) {
                Lookup::Found(member) => {
                    let mut value = member.value.clone();
                    value.basis = value.basis.max(of.basis);
                    self.field(&value)
                }
                Lookup::Absent => Field::Absent(Ground::of(of)),
                Lookup::Maybe => Field::Maybe(self.hidden(of, name)),
            },
            ValueKind::Unknown { .. } => Field::Maybe(self.hidden(of, name)),
            _ => Field::Absent(Ground::of(of)),
        }
    }

    /// A member of what a field holds.
    pub fn of(&mut self, field: &Field, name: &str) -> Field {
        match field {
            Field::Absent(ground) => Field::Absent(*ground),
            Field::Present(value) => self.member(value, name),
            Field::Maybe(value) => Field::Maybe(self.hidden(value, name)),
        }
    }

    /// A member of a member and so on.
    pub fn path(&mut self, of: &Value, names: &[&str]) -> Field {
        let mut field = Field::Present(of.clone());
        for name in names {
            field = self.of(&field, name);
        }
        field
    }

    fn hidden(&mut self, of: &Value, name: &str) -> Value {
        let key = self.context.text(name);
        let term = self.context.term(Term::Get(of.term, key));
        let kind = ValueKind::Unknown { term, why: Why::NoValueGiven };
        Value { kind, term, basis: of.basis, origin: of.origin }
    }

    /// The elements of what a field holds; null elements are none.
    pub fn list(&mut self, field: &Field) -> List {
        let value = match field {
            Field::Absent(_) => return List::default(),
            Field::Maybe(value) => return List { items: Vec::new(), open: Some(value.clone()) },
            Field::Present(value) => value,
        };
        let Some(elements) = value.as_array() else { return List { items: Vec::new(), open: Some(value.clone()) } };
        let mut list = List::default();
        for element in elements {
            let mut item = element.value().clone();
            item.basis = item.basis.max(value.basis);
            match self.field(&item) {
                Field::Absent(_) => {}
                Field::Present(value) => list.items.push(Item { value, many: matches!(element, Element::Many(_)) }),
                Field::Maybe(value) => list.open = Some(value),
            }
        }
        list
    }

    /// Reads a string as a resource id.
    pub fn id(&mut self, string: &Str) -> IdReading {
        ResourceId::read(self.context, string)
    }

    /// The place of the literal that a value came from.
    pub fn place(&self, value: &Value) -> Option<Span> {
        Origin::literal(self.context, value.origin)
    }

    /// The place of the literal at the end of a way.
    pub fn place_at(&self, origin: OriginId) -> Option<Span> {
        Origin::literal(self.context, origin)
    }

    /// The place of a string: all of it, or its first piece.
    pub fn place_of(&self, string: &Str) -> Option<Span> {
        string.span(self.context)
    }

    /// The resource of a kind that a reference leads to, if the files declare it and it exists in this world.
    pub fn find(&mut self, kind: Kind, reference: &Value) -> Option<Found<'a>> {
        if let Some(found) = self.find_by_term(kind, reference.term) {
            return Some(found);
        }
        let estate = self.estate;
        let string = &self.cleared(reference.as_str()?);
        let id = match self.id(string) {
            IdReading::Id(id) => id,
            IdReading::Opaque | IdReading::Malformed => return None,
        };
        for index in estate.by_same_name(kind, id.name()) {
            let Some(id) = estate.id(*index) else { continue };
            let verdict = equal_text(self.context, id, string);
            let resource = &estate.resources[*index];
            if verdict.is_yes() && self.exists(resource) {
                return Some(Found { resource, basis: resource.basis.max(verdict.basis) });
            }
        }
        None
    }

    /// The resource of a kind whose id is a term, if the files declare it and it exists in this world.
    pub fn find_by_term(&mut self, kind: Kind, id: TermId) -> Option<Found<'a>> {
        let estate = self.estate;
        for index in estate.by_term(kind, id) {
            let resource = &estate.resources[*index];
            if self.exists(resource) {
                return Some(Found { resource, basis: resource.basis });
            }
        }
        None
    }

    /// Whether a resource exists in this world.
    pub fn exists(&mut self, resource: &Resource) -> bool {
        resource.conditions.iter().all(|condition| self.world.decide(self.context, *condition))
    }

    /// A string for people: what isn't known, and what must not be shown, as `…`.
    pub fn shown(&self, string: &Str) -> String {
        self.context.shown(string)
    }

    /// A reference for people: the last name of the id, else the text, else the expression.
    pub fn name_of(&mut self, reference: &Value) -> String {
        let Some(string) = reference.as_str().cloned() else { return "…".to_owned() };
        if let IdReading::Id(id) = self.id(&string)
            && let Some(name) = id.name()
        {
            return self.shown(name);
        }
        self.shown(&string)
    }
}
