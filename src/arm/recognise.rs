//! What a JSON file is: a template, a parameters file, or nothing of ours.

use crate::ir::ScopeKind;
use crate::json::{Node, Value};
use crate::text::{begins, ends};

/// What a JSON file is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// A template of any scope.
    Template,
    /// A parameters file.
    Parameters,
    /// Something else.
    Other,
}

/// Names of template schemas, in lower case, and the scope that each is deployed to.
const TEMPLATE_SCHEMAS: [(&str, ScopeKind); 4] = [
    ("deploymenttemplate.json", ScopeKind::ResourceGroup),
    ("subscriptiondeploymenttemplate.json", ScopeKind::Subscription),
    ("managementgroupdeploymenttemplate.json", ScopeKind::ManagementGroup),
    ("tenantdeploymenttemplate.json", ScopeKind::Tenant),
];

/// Names of parameters schemas, in lower case.
const PARAMETER_SCHEMAS: [&str; 4] = [
    "deploymentparameters.json",
    "subscriptiondeploymentparameters.json",
    "managementgroupdeploymentparameters.json",
    "tenantdeploymentparameters.json",
];

/// Says what a file is by its `$schema`; where that is missing or of no known name, by its shape.
pub fn recognise(root: &Node<'_>) -> Kind {
    if let Some(schema) = schema_name(root) {
        if template_scope(&schema).is_some() {
            return Kind::Template;
        }
        if PARAMETER_SCHEMAS.contains(&schema.as_str()) {
            return Kind::Parameters;
        }
    }
    if root.get("contentVersion").is_none() {
        return Kind::Other;
    }
    match root.get("resources").map(|resources| &resources.value) {
        Some(Value::Array(_) | Value::Object(_)) => Kind::Template,
        Some(_) => Kind::Other,
        None if root.get("parameters").is_some_and(holds_values) => Kind::Parameters,
        None => Kind::Other,
    }
}

/// The scope that a template's `$schema` names.
pub(super) fn scope(root: &Node<'_>) -> ScopeKind {
    schema_name(root).and_then(|schema| template_scope(&schema)).unwrap_or(ScopeKind::Unknown)
}

/// Whether these members have the form of a parameters file's: `{"name": {"value": ...}}`.
pub(super) fn holds_values(parameters: &Node<'_>) -> bool {
    let mut members = parameters.members().peekable();
    members.peek().is_some()
        && members.all(|member| {
            let given = &member.value;
            ["value", "reference", "expression"].iter().any(|name| given.get(name).is_some())
        })
}

fn template_scope(schema: &str) -> Option<ScopeKind> {
    TEMPLATE_SCHEMAS.iter().find(|(name, _)| *name == schema).map(|&(_, scope)| scope)
}

/// The last segment of `$schema`, in lower case, without what follows `#`.
fn schema_name(root: &Node<'_>) -> Option<String> {
    let schema = root.get("$schema")?.str()?;
    let address = schema.split('#').next()?.trim_end_matches('/');
    Some(address.rsplit('/').next()?.trim().to_ascii_lowercase())
}

/// Whether a file is worth parsing as a template or parameters file: whether it names one of their schemas or has a
/// member `contentVersion`. Looks at the bytes only.
pub fn may_be_template(bytes: &[u8]) -> bool {
    // By letters of the two names that are rare elsewhere.
    let is_schema = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        begins(rest, "$schema\"") && bytes[..at].ends_with(b"\"") && names_a_schema(rest)
    };
    let is_version = |at: usize| begins(&bytes[at..], "version\"") && ends(&bytes[..at], "\"content");
    memchr::memchr_iter(b'$', bytes).any(is_schema) || memchr::memchr2_iter(b'v', b'V', bytes).any(is_version)
}

/// Whether the bytes right behind `$schema` name a schema of ours.
fn names_a_schema(bytes: &[u8]) -> bool {
    const NEAR: usize = 300;
    let near = bytes.get(..NEAR).unwrap_or(bytes);
    let is_one =
        |at: usize| ["deploymenttemplate", "deploymentparameters"].iter().any(|word| begins(&near[at..], word));
    memchr::memchr2_iter(b'd', b'D', near).any(is_one)
}
