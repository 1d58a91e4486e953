//! What every front end lowers to: one file as expressions, parameters, variables, functions, units and outputs.
//!
//! A [`Program`] is immutable and shared between evaluations. Every node has a span. Operators are calls, `for` and
//! `copy` are one [`Loop`], nested deployments and modules are one [`Deploy`]. What a front end could not read is
//! [`Expr::Broken`] or lies in [`Program::broken`]: it counts as unknown, never as absent.
//!
//! Nothing here is evaluated; see `eval`.

mod expr;
mod library;
pub mod script;
mod unit;

pub use expr::{Expr, ExprId, Field, Item, Loop, Node, Over, Piece, Pieces};
pub use library::{Library, Loaded};
pub use unit::{Argument, Deploy, Template, Unit, UnitKind};

use std::sync::Arc;

use crate::text::{SourceId, Span};

/// An identifier, in the spelling of its first appearance.
pub type Name = Arc<str>;

/// Which language a program was written in. Decides how names are looked up, nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dialect {
    /// ARM template, JSON.
    Arm,
    /// Bicep file.
    Bicep,
    /// ARM parameters file.
    ArmParameters,
    /// `.bicepparam` file.
    BicepParameters,
    /// What Azure gives back.
    State,
}

/// Where a template is deployed to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ScopeKind {
    /// `targetScope = 'tenant'`.
    Tenant,
    /// `targetScope = 'managementGroup'`.
    ManagementGroup,
    /// `targetScope = 'subscription'`.
    Subscription,
    /// The default.
    ResourceGroup,
    /// The file doesn't say it readably.
    Unknown,
}

/// One file, lowered.
#[derive(Debug)]
pub struct Program {
    /// The file.
    pub source: SourceId,
    /// Its language.
    pub dialect: Dialect,
    /// Where it is deployed to.
    pub scope: ScopeKind,
    /// Whether resources are known by symbol in `dependsOn` and `reference` (languageVersion 2, and all of Bicep).
    pub symbolic: bool,
    /// Arena of expressions, indexed by [`ExprId`].
    pub exprs: Vec<Node>,
    /// Parameters, in source order.
    pub params: Vec<Param>,
    /// Variables, in source order.
    pub vars: Vec<Binding>,
    /// User-defined functions.
    pub funcs: Vec<Function>,
    /// Resources and modules, in source order.
    pub units: Vec<Unit>,
    /// Outputs, in source order.
    pub outputs: Vec<Binding>,
    /// Parameters files: parameter = value, in source order.
    pub assigns: Vec<Assignment>,
    /// `import { a as b } from 'file'` and `import * as n from 'file'`.
    pub imports: Vec<Import>,
    /// Other files that this one names; expressions and units refer to them by index.
    pub files: Vec<FileRef>,
    /// The template that a parameters file says it is for (`using`, `metadata.template`): index into `files`.
    pub using: Option<usize>,
    /// The parameters file that a `.bicepparam` extends: index into `files`.
    pub extends: Option<usize>,
    /// Regions that could not be read: whatever they declare is unknown.
    pub broken: Vec<Span>,
}

impl Program {
    /// An empty program of a file.
    pub fn new(source: SourceId, dialect: Dialect) -> Self {
        Self {
            source,
            dialect,
            scope: ScopeKind::ResourceGroup,
            symbolic: false,
            exprs: Vec::new(),
            params: Vec::new(),
            vars: Vec::new(),
            funcs: Vec::new(),
            units: Vec::new(),
            outputs: Vec::new(),
            assigns: Vec::new(),
            imports: Vec::new(),
            files: Vec::new(),
            using: None,
            extends: None,
            broken: Vec::new(),
        }
    }

    /// Adds an expression.
    pub fn add(&mut self, expr: Expr, span: Span) -> ExprId {
        self.exprs.push(Node { expr, span });
        ExprId(self.exprs.len() as u32 - 1)
    }

    /// The expression of an id of this program.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize].expr
    }

    /// Where an expression is written.
    pub fn span(&self, id: ExprId) -> Span {
        self.exprs[id.0 as usize].span
    }

    /// The text of an expression that is a string literal without holes.
    pub fn literal(&self, id: ExprId) -> Option<Arc<str>> {
        self.expr(id).literal()
    }
}

/// A parameter declaration.
#[derive(Debug)]
pub struct Param {
    /// As declared.
    pub name: Name,
    /// The name's place.
    pub span: Span,
    /// Declared type, as far as it matters.
    pub ty: ParamType,
    /// Default value.
    pub default: Option<ExprId>,
    /// `allowedValues`, `@allowed`, or the members of a union of literals.
    pub allowed: Option<ExprId>,
    /// `minLength` (strings, arrays) or `minValue` (integers).
    pub min: Option<ExprId>,
    /// `maxLength` or `maxValue`.
    pub max: Option<ExprId>,
    /// Whether it may be left out without a default and is null then.
    pub nullable: bool,
    /// Whether its value must not be shown.
    pub secure: bool,
}

/// The type of a parameter, as far as the evaluator uses it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ParamType {
    /// `string`, `securestring`.
    String,
    /// `int`.
    Int,
    /// `bool`.
    Bool,
    /// `array` and typed arrays.
    Array,
    /// `object` and typed objects.
    Object,
    /// Anything else.
    Any,
}

/// A name bound to an expression: a variable or an output.
#[derive(Debug)]
pub struct Binding {
    /// As declared.
    pub name: Name,
    /// The name's place.
    pub span: Span,
    /// The value.
    pub value: ExprId,
    /// Outputs may be conditional.
    pub condition: Option<ExprId>,
}

/// A user-defined function.
#[derive(Debug)]
pub struct Function {
    /// Namespace; empty in Bicep.
    pub namespace: Name,
    /// As declared.
    pub name: Name,
    /// Argument names, in order. In the body they are [`Expr::Local`].
    pub args: Vec<Name>,
    /// The result.
    pub body: ExprId,
}

/// `param x = value` of a parameters file.
#[derive(Debug)]
pub struct Assignment {
    /// The parameter's name as written here.
    pub name: Name,
    /// The name's place.
    pub span: Span,
    /// The value.
    pub value: ExprId,
}

/// What another file gives to this one.
#[derive(Debug)]
pub struct Import {
    /// Index into [`Program::files`].
    pub file: usize,
    /// The name here.
    pub alias: Name,
    /// The name there; `None` for `* as alias`.
    pub name: Option<Name>,
    /// Where it is written.
    pub span: Span,
}

/// A file that another names.
#[derive(Clone, Debug)]
pub struct FileRef {
    /// As written: relative, with `/` or `\`. For a linked template's uri only the literal tail.
    pub path: Name,
    /// Where it is written.
    pub span: Span,
    /// What it is read as.
    pub kind: RefKind,
}

/// How a file that is named by another is read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RefKind {
    /// `module`, `templateLink.relativePath`: a template, Bicep or JSON.
    Module,
    /// The literal tail of `templateLink.uri`: tried against the folder of the template, then its parents.
    LinkedUri,
    /// `import ... from`: variables and functions.
    Import,
    /// `using`, `metadata.template`: the template of a parameters file.
    Using,
    /// `extends`: a parameters file.
    Extends,
    /// `parametersLink`: a parameters file.
    Parameters,
    /// `loadTextContent` and its like: bytes.
    Load,
    /// `br:`: a registry's module.
    Registry,
    /// `ts:`: a template spec.
    TemplateSpec,
    /// A template that a command of a script deploys: tried against the script's folder, then its parents.
    Deployed,
    /// A parameters file that such a command gives, tried in the same way.
    DeployedParameters,
}
