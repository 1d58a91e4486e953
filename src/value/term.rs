//! Symbolic terms: what a value is whatever is deployed.

use std::sync::Arc;

use super::Element;

/// A term of one [`super::Context`]: equal ids are equal terms.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TermId(pub u32);

/// A term. Hash-consed: no place, no basis.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Term {
    /// A known value.
    Literal(Literal),
    /// A parameter of the root template, lower case. Of a module that was called without it: `path/name`.
    Param(Arc<str>),
    /// What the deployment itself is.
    Ambient(Ambient),
    /// `reference(id)`, and what a resource holds that only a deployment knows. `full` is the third argument.
    Reference {
        /// The id's term.
        id: TermId,
        /// Whether it is the whole resource, not only its properties.
        full: bool,
    },
    /// Equal only to itself: `newGuid()`, `utcNow()`, what could not be read.
    Fresh(u32),
    /// A function of arguments of which at least one isn't known. Lower case.
    Call(Arc<str>, Box<[TermId]>),
    /// Strings one after the other; never nested, no two literals beside each other, at least two.
    Concat(Box<[TermId]>),
    /// A member or element.
    Get(TermId, TermId),
    /// The index of a loop over that array, or of that count; the number tells nested loops over the same apart.
    Index(TermId, u8),
    /// An array of terms. `Many` elements are calls of `many`.
    Array(Box<[TermId]>),
    /// An object: key and value, in order.
    Object(Box<[(TermId, TermId)]>),
    /// `if(condition, a, b)`.
    If(TermId, TermId, TermId),
    /// The n-th piece of a string that as a whole hangs on something overridable.
    Part(TermId, u32),
}

impl Term {
    /// About how many bytes its parts and texts take.
    pub(super) fn bytes(&self) -> usize {
        // An element of an array stands beside its term.
        const ELEMENT: usize = size_of::<TermId>() + size_of::<Element>();
        match self {
            Self::Literal(Literal::Str(text)) | Self::Param(text) => text.len(),
            Self::Call(_, parts) | Self::Concat(parts) => 2 * size_of::<TermId>() * parts.len(),
            Self::Array(parts) => ELEMENT * parts.len(),
            Self::Object(members) => 2 * ELEMENT * members.len(),
            _ => 0,
        }
    }

    /// The terms that it is made of.
    pub fn each_part(&self, mut visit: impl FnMut(TermId)) {
        match self {
            Self::Literal(_) | Self::Param(_) | Self::Ambient(_) | Self::Fresh(_) => {}
            Self::Reference { id: part, .. } | Self::Index(part, _) | Self::Part(part, _) => visit(*part),
            Self::Call(_, parts) | Self::Concat(parts) | Self::Array(parts) => parts.iter().copied().for_each(visit),
            Self::Get(base, key) => [*base, *key].into_iter().for_each(visit),
            Self::Object(members) => members.iter().flat_map(|(key, value)| [*key, *value]).for_each(visit),
            Self::If(condition, then, other) => [*condition, *then, *other].into_iter().for_each(visit),
        }
    }
}

/// A known value. Floats by their bits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Literal {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float's bits.
    Float(u64),
    /// A string.
    Str(Arc<str>),
}

/// What a root deployment is deployed to, as symbols.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ambient {
    /// `subscription().subscriptionId`.
    SubscriptionId,
    /// `subscription().displayName`.
    SubscriptionName,
    /// `subscription().tenantId`, `tenant().tenantId`.
    TenantId,
    /// `resourceGroup().name`.
    ResourceGroup,
    /// `managementGroup().name`.
    ManagementGroup,
    /// `deployment().name`.
    DeploymentName,
    /// `deployment().location`.
    DeploymentLocation,
}
