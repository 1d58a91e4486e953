//! The syntax tree of a Bicep or `.bicepparam` file.
//!
//! Names and plain strings borrow from the text. Every node has a span; what could not be read is a `Skipped` node
//! in its place, whose span may be empty where something is missing. A node knows its height, so that the parser can
//! bound it and whoever walks the tree may recurse.

mod expression;
mod types;

pub use expression::{BinaryOp, Element, Expr, ExprKind, For, Member, StrPart, UnaryOp};
pub use types::{Type, TypeKind, TypeMember};

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
