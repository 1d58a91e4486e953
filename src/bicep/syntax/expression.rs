//! Expressions.

use std::borrow::Cow;

use super::{Declaration, DeclarationKind, Identifier};
use crate::text::Span;

/// An expression.
#[derive(Debug)]
pub struct Expr<'t> {
    /// What it is.
    pub kind: ExprKind<'t>,
    /// Where it is written.
    pub span: Span,
    /// How many levels of expressions it has.
    pub height: u16,
}

/// The kinds of expressions.
#[derive(Debug)]
pub enum ExprKind<'t> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// Digits
    Int(u64),
    /// A string of any style
    Str(Vec<StrPart<'t>>),
    /// `{...}`
    Object(Vec<Member<'t>>),
    /// `[...]`
    Array(Vec<Element<'t>>),
    /// `[for item in items: body]`
    For(Box<For<'t>>),
    /// `if (condition) body`, before the body of a resource or module
    If(Box<(Expr<'t>, Expr<'t>)>),
    /// A name
    Name(Identifier<'t>),
    /// `name(args)`
    Call(Identifier<'t>, Vec<Expr<'t>>),
    /// `base.name(args)`
    Method(Box<Expr<'t>>, Identifier<'t>, Vec<Expr<'t>>),
    /// `base.name`, `base.?name`
    Property {
        /// What it is a property of.
        base: Box<Expr<'t>>,
        /// Its name.
        name: Identifier<'t>,
        /// Whether it may be absent.
        safe: bool,
    },
    /// `base[index]`, `base[?index]`, `base[^index]`
    Index {
        /// What is looked into.
        base: Box<Expr<'t>>,
        /// Where in it.
        index: Box<Expr<'t>>,
        /// Whether it may be absent.
        safe: bool,
        /// Whether it counts from the end.
        from_end: bool,
    },
    /// `base::name`
    Nested(Box<Expr<'t>>, Identifier<'t>),
    /// `base!`
    NotNull(Box<Expr<'t>>),
    /// `!operand`, `-operand`
    Unary(UnaryOp, Box<Expr<'t>>),
    /// `left op right`
    Binary(BinaryOp, Box<(Expr<'t>, Expr<'t>)>),
    /// `condition ? yes : no`
    Ternary(Box<(Expr<'t>, Expr<'t>, Expr<'t>)>),
    /// `(a, b) => body`
    Lambda(Vec<Identifier<'t>>, Box<Expr<'t>>),
    /// `(inner)`
    Paren(Box<Expr<'t>>),
    /// Could not be read
    Skipped,
}

/// A part of a string.
#[derive(Debug)]
pub enum StrPart<'t> {
    /// Decoded text; as long as its span, or an indivisible escape.
    Text(Cow<'t, str>, Span),
    /// `${...}`
    Hole(Expr<'t>),
}

/// A member of an object.
#[derive(Debug)]
pub enum Member<'t> {
    /// `key: value`
    Property {
        /// A name or a string.
        key: Expr<'t>,
        /// The value.
        value: Expr<'t>,
    },
    /// `...value`
    Spread(Expr<'t>),
    /// A resource nested in another's body.
    Resource(Box<Declaration<'t>>),
    /// Could not be read.
    Skipped(Span),
}

/// An element of an array.
#[derive(Debug)]
pub enum Element<'t> {
    /// A value.
    One(Expr<'t>),
    /// `...value`
    Spread(Expr<'t>),
    /// Could not be read.
    Skipped(Span),
}

/// A loop.
#[derive(Debug)]
pub struct For<'t> {
    /// The item's name.
    pub item: Identifier<'t>,
    /// The index's name.
    pub index: Option<Identifier<'t>>,
    /// What it runs over.
    pub over: Expr<'t>,
    /// What it makes.
    pub body: Expr<'t>,
}

/// Operators before their operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Minus,
}

/// Operators between their operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOp {
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`
    EqualInsensitive,
    /// `!~`
    NotEqualInsensitive,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Coalesce,
}

impl<'t> Expr<'t> {
    /// An expression whose height follows from its parts.
    pub fn new(kind: ExprKind<'t>, span: Span) -> Self {
        let height = 1 + kind.inner_height();
        Self { kind, span, height }
    }

    /// What could not be read, or is missing where the span is empty.
    pub fn skipped(span: Span) -> Self {
        Self { kind: ExprKind::Skipped, span, height: 1 }
    }

    /// Whether it could not be read.
    pub fn is_skipped(&self) -> bool {
        matches!(self.kind, ExprKind::Skipped)
    }

    /// The text of a string without holes.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        let ExprKind::Str(parts) = &self.kind else { return None };
        match parts.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [StrPart::Text(text, _)] => Some(Cow::Borrowed(text)),
            several => several
                .iter()
                .map(|part| match part {
                    StrPart::Text(text, _) => Some(text.as_ref()),
                    StrPart::Hole(_) => None,
                })
                .collect::<Option<String>>()
                .map(Cow::Owned),
        }
    }

    /// The text of a member's key: a name, or a string without holes.
    pub fn as_key(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            ExprKind::Name(name) => Some(Cow::Borrowed(name.text)),
            _ => self.as_text(),
        }
    }

    /// The expression without the parentheses around it.
    pub fn unwrapped(&self) -> &Self {
        let mut inner = self;
        while let ExprKind::Paren(next) = &inner.kind {
            inner = next;
        }
        inner
    }
}

impl ExprKind<'_> {
    fn inner_height(&self) -> u16 {
        let highest = |all: &[Expr<'_>]| all.iter().map(|one| one.height).max().unwrap_or(0);
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Name(_) | Self::Skipped => 0,
            Self::Str(parts) => parts
                .iter()
                .map(|part| match part {
                    StrPart::Hole(inner) => inner.height,
                    StrPart::Text(..) => 0,
                })
                .max()
                .unwrap_or(0),
            Self::Object(members) => members.iter().map(Member::height).max().unwrap_or(0),
            Self::Array(elements) => elements.iter().map(Element::height).max().unwrap_or(0),
            Self::For(each) => each.over.height.max(each.body.height),
            Self::If(parts) | Self::Binary(_, parts) => parts.0.height.max(parts.1.height),
            Self::Call(_, args) => highest(args),
            Self::Method(base, _, args) => base.height.max(highest(args)),
            Self::Property { base: inner, .. }
            | Self::Nested(inner, _)
            | Self::NotNull(inner)
            | Self::Unary(_, inner)
            | Self::Lambda(_, inner)
            | Self::Paren(inner) => inner.height,
            Self::Index { base, index, .. } => base.height.max(index.height),
            Self::Ternary(parts) => parts.0.height.max(parts.1.height).max(parts.2.height),
        }
    }
}

impl Member<'_> {
    fn height(&self) -> u16 {
        match self {
            Self::Property { key, value } => key.height.max(value.height),
            Self::Spread(value) => value.height,
            Self::Resource(declaration) => match &declaration.kind {
                DeclarationKind::Resource(resource) => resource.value.height,
                _ => 0,
            },
            Self::Skipped(_) => 0,
        }
    }
}

impl Element<'_> {
    fn height(&self) -> u16 {
        match self {
            Self::One(value) | Self::Spread(value) => value.height,
            Self::Skipped(_) => 0,
        }
    }
}
