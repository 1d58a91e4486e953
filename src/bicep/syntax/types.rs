//! Type expressions.

use super::{Decorator, Expr, Identifier};
use crate::text::Span;

/// A type expression.
#[derive(Debug)]
pub struct Type<'t> {
    /// What it is.
    pub kind: TypeKind<'t>,
    /// Where it is written.
    pub span: Span,
    /// How many levels it has.
    pub height: u16,
}

/// The kinds of type expressions.
#[derive(Debug)]
pub enum TypeKind<'t> {
    /// A literal: null, boolean, integer (perhaps negative), string
    Literal(Box<Expr<'t>>),
    /// A name
    Name(Identifier<'t>),
    /// `base.name`
    Property(Box<Type<'t>>, Identifier<'t>),
    /// `base.*`
    OtherProperties(Box<Type<'t>>),
    /// `base[*]`
    Items(Box<Type<'t>>),
    /// `base[0]`
    Index(Box<Type<'t>>, Box<Expr<'t>>),
    /// `name<arguments>`, perhaps behind a namespace
    Instance(Option<Box<Type<'t>>>, Identifier<'t>, Vec<Type<'t>>),
    /// `element[]`
    Array(Box<Type<'t>>),
    /// `inner?`
    Nullable(Box<Type<'t>>),
    /// `inner!`
    NonNullable(Box<Type<'t>>),
    /// `{...}`
    Object(Vec<TypeMember<'t>>),
    /// `[...]`
    Tuple(Vec<Type<'t>>),
    /// `a | b`
    Union(Vec<Type<'t>>),
    /// `(inner)`
    Paren(Box<Type<'t>>),
    /// An operator before something that is no literal
    Unary(Box<Type<'t>>),
    /// `resource 'type@version'`
    Resource(Option<Box<Expr<'t>>>),
    /// Could not be read
    Skipped,
}

/// A property of an object type.
#[derive(Debug)]
pub struct TypeMember<'t> {
    /// Its decorators.
    pub decorators: Vec<Decorator<'t>>,
    /// A name, a string, or nothing for `*`.
    pub key: Option<Expr<'t>>,
    /// Its type.
    pub value: Type<'t>,
}

impl<'t> Type<'t> {
    /// A type whose height follows from its parts.
    pub fn new(kind: TypeKind<'t>, span: Span) -> Self {
        let height = 1 + kind.inner_height();
        Self { kind, span, height }
    }

    /// What could not be read, or is missing where the span is empty.
    pub fn skipped(span: Span) -> Self {
        Self { kind: TypeKind::Skipped, span, height: 1 }
    }
}

impl TypeKind<'_> {
    fn inner_height(&self) -> u16 {
        let highest = |all: &[Type<'_>]| all.iter().map(|one| one.height).max().unwrap_or(0);
        match self {
            Self::Name(_) | Self::Skipped | Self::Resource(None) => 0,
            Self::Literal(literal) => literal.height,
            Self::Resource(Some(literal)) => literal.height,
            Self::Property(inner, _)
            | Self::OtherProperties(inner)
            | Self::Items(inner)
            | Self::Array(inner)
            | Self::Nullable(inner)
            | Self::NonNullable(inner)
            | Self::Paren(inner)
            | Self::Unary(inner) => inner.height,
            Self::Index(inner, index) => inner.height.max(index.height),
            Self::Instance(base, _, arguments) => base.as_ref().map_or(0, |base| base.height).max(highest(arguments)),
            Self::Object(members) => members.iter().map(|member| member.value.height).max().unwrap_or(0),
            Self::Tuple(inner) | Self::Union(inner) => highest(inner),
        }
    }
}
