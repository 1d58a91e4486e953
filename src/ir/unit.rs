//! Resources and deployments.

use std::sync::Arc;

use super::{ExprId, Loop, Name, Program};
use crate::text::Span;

/// A resource declaration, or a module or nested deployment.
#[derive(Debug)]
pub struct Unit {
    /// The symbolic name (Bicep, languageVersion 2).
    pub symbol: Option<Name>,
    /// The whole declaration.
    pub span: Span,
    /// Type without version: `Microsoft.Compute/galleries`. For a child nested in its parent only the last segment
    /// is written, in both languages. A module is `Microsoft.Resources/deployments`.
    pub ty: ExprId,
    /// The API version.
    pub api: Option<ExprId>,
    /// The name as written: for a child nested in its parent or with `parent:` the last segment. A module without
    /// name has none.
    pub name: Option<ExprId>,
    /// Bicep's `parent:`; lexical parents hold their `children` instead.
    pub parent: Option<ExprId>,
    /// ARM: an id or its tail. Bicep: a resource or a scope function's value.
    pub scope: Option<ExprId>,
    /// `condition`, `if (...)`.
    pub condition: Option<ExprId>,
    /// `copy`, `[for ...]`.
    pub each: Option<Loop>,
    /// `dependsOn`, one expression per element or one for the whole array.
    pub depends: Vec<ExprId>,
    /// Everything else of the declaration (location, tags, properties ...), as an object. ARM: without type,
    /// apiVersion, name, scope, condition, copy, dependsOn, resources, comments, existing. Bicep: without name,
    /// parent, scope, dependsOn. For a deployment the object without its `properties`/`params`.
    pub body: ExprId,
    /// Only referred to, not deployed.
    pub existing: bool,
    /// Child resources nested in this one.
    pub children: Vec<Unit>,
    /// What is deployed.
    pub kind: UnitKind,
}

/// What a unit deploys.
#[derive(Debug)]
pub enum UnitKind {
    /// A resource.
    Resource,
    /// A module or nested deployment.
    Deploy(Box<Deploy>),
}

/// A module or a `Microsoft.Resources/deployments` resource.
#[derive(Debug)]
pub struct Deploy {
    /// What is deployed.
    pub template: Template,
    /// Whether the template's expressions are evaluated with its own parameters, variables and scope. Always so for
    /// Bicep modules and linked templates.
    pub inner: bool,
    /// ARM's `subscriptionId`.
    pub subscription: Option<ExprId>,
    /// ARM's `resourceGroup`.
    pub resource_group: Option<ExprId>,
    /// Parameters that are written out.
    pub arguments: Vec<Argument>,
    /// Parameters given as one expression: in ARM an object of `{name: {value: ...}}`, in Bicep of `{name: ...}`.
    pub arguments_expr: Option<ExprId>,
    /// Linked parameters file: index into the program's `files`.
    pub parameters_file: Option<usize>,
}

/// What a deployment deploys.
#[derive(Clone, Debug)]
pub enum Template {
    /// Written inside the parent.
    Inline(Arc<Program>),
    /// Another file: index into the program's `files`.
    File(usize),
    /// Nothing that could be read: its resources and outputs are unknown.
    Unknown,
}

/// One argument of a module.
#[derive(Debug)]
pub struct Argument {
    /// The parameter's name as written here.
    pub name: Name,
    /// The name's place.
    pub span: Span,
    /// The value.
    pub value: ExprId,
}
