//! The syntax tree of a Bicep or `.bicepparam` file.
//!
//! Names and plain strings borrow from the text. Every node has a span; what could not be read is a `Skipped` node
//! in its place, whose span may be empty where something is missing. A node knows its height, so that the parser can
//! bound it and whoever walks the tree may recurse.

use std::borrow::Cow;

use crate::text::Span;

/// A whole file.
#[derive(Debug)]
pub struct Tree<'t> {
    /// Its declarations, in order.
    pub declarations: Vec<Declaration<'t>>,
    /// What was skipped, in order, wherever in the tree. None is empty.
    pub skipped: Vec<Span>,
}

/// A name; empty where it is missing.
#[derive(Clone, Copy, Debug)]
pub struct Identifier<'t> {
    /// As written.
    pub text: &'t str,
    /// Where; with an empty text where it would stand, or what stands there instead.
    pub span: Span,
}

impl Identifier<'_> {
    /// Whether there is no name.
    pub fn is_missing(&self) -> bool {
        self.text.is_empty()
    }
}

/// A declaration with its decorators.
#[derive(Debug)]
pub struct Declaration<'t> {
    /// From the first decorator to the end of the value.
    pub span: Span,
    /// In order.
    pub decorators: Vec<Decorator<'t>>,
    /// What is declared.
    pub kind: DeclarationKind<'t>,
}

/// `@namespace.name(arguments)`.
#[derive(Debug)]
pub struct Decorator<'t> {
    /// All of it.
    pub span: Span,
    /// The call; anything else stands for a decorator that could not be read.
    pub call: Expr<'t>,
}

/// The kinds of declarations.
#[derive(Debug)]
pub enum DeclarationKind<'t> {
    /// `targetScope = value`
    TargetScope(Expr<'t>),
    /// `metadata name = value`
    Metadata(Bound<'t>),
    /// `param name type = default`
    Param(Box<Param<'t>>),
    /// `var name type = value`
    Var(Bound<'t>),
    /// `output name type = value`
    Output(Bound<'t>),
    /// `type name = type`
    Type {
        /// Its name.
        name: Identifier<'t>,
        /// What it stands for.
        value: Type<'t>,
    },
    /// `func name(argument type) type => body`
    Func(Box<Func<'t>>),
    /// `resource name 'type@version' existing = value`
    Resource(Box<Resource<'t>>),
    /// `module name 'path' = value`
    Module(Module<'t>),
    /// `test name 'path' = value`
    Test(Module<'t>),
    /// `import ... from 'path'`
    Import {
        /// What is imported.
        what: Imported<'t>,
        /// From where: a string.
        path: Expr<'t>,
    },
    /// `extension name with config as alias`; formerly `import 'name@version'`
    Extension(Box<Extension<'t>>),
    /// `assert name = value`
    Assert(Bound<'t>),
    /// `using 'path' with config`; `using none` has no path
    Using {
        /// The template: a string.
        path: Option<Expr<'t>>,
        /// How it is deployed.
        with: Option<Expr<'t>>,
    },
    /// `extends 'path'`
    Extends(Expr<'t>),
    /// `param name = value` of a parameters file
    Assign(Bound<'t>),
    /// `extensionConfig alias with config`
    ExtensionConfig {
        /// The extension's alias.
        name: Identifier<'t>,
        /// Its configuration.
        with: Expr<'t>,
    },
    /// Decorators that nothing follows.
    Missing,
}

/// A name, perhaps a type, and a value.
#[derive(Debug)]
pub struct Bound<'t> {
    /// The name.
    pub name: Identifier<'t>,
    /// The type, where one is written.
    pub ty: Option<Type<'t>>,
    /// The value.
    pub value: Expr<'t>,
}

/// A parameter declaration.
#[derive(Debug)]
pub struct Param<'t> {
    /// Its name.
    pub name: Identifier<'t>,
    /// Its type.
    pub ty: Type<'t>,
    /// `= value`
    pub default: Option<Expr<'t>>,
    /// The object that stood for decorators and the default before version 0.4.
    pub modifier: Option<Expr<'t>>,
}

/// A function declaration.
#[derive(Debug)]
pub struct Func<'t> {
    /// Its name.
    pub name: Identifier<'t>,
    /// Its arguments.
    pub args: Vec<(Identifier<'t>, Type<'t>)>,
    /// What it returns.
    pub returns: Type<'t>,
    /// How.
    pub body: Expr<'t>,
}

/// A resource declaration.
#[derive(Debug)]
pub struct Resource<'t> {
    /// Its symbol.
    pub name: Identifier<'t>,
    /// Type and version: a string.
    pub ty: Expr<'t>,
    /// Whether it is only referred to.
    pub existing: bool,
    /// Object, condition or loop.
    pub value: Expr<'t>,
}

/// A module or test declaration.
#[derive(Debug)]
pub struct Module<'t> {
    /// Its symbol.
    pub name: Identifier<'t>,
    /// Where the template is: a string.
    pub path: Expr<'t>,
    /// Object, condition or loop.
    pub value: Expr<'t>,
}

/// An extension declaration.
#[derive(Debug)]
pub struct Extension<'t> {
    /// A string or a name.
    pub specification: Expr<'t>,
    /// Its configuration.
    pub with: Option<Expr<'t>>,
    /// The name it has here.
    pub alias: Option<Identifier<'t>>,
}

/// What an `import` brings.
#[derive(Debug)]
pub enum Imported<'t> {
    /// `* as alias`
    All(Identifier<'t>),
    /// `{ a, b as c, 'd' as e }`
    Listed(Vec<ImportedName<'t>>),
    /// Something else.
    Skipped(Span),
}

/// `name as alias`.
#[derive(Debug)]
pub struct ImportedName<'t> {
    /// A name or a string.
    pub name: Expr<'t>,
    /// The name it has here.
    pub alias: Option<Identifier<'t>>,
    /// All of it.
    pub span: Span,
}

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
