//! Resource ids read out of strings.

use super::{Content, Context, OriginId, Piece, Str};

/// Where a resource lives.
#[derive(Clone, Debug)]
pub enum IdScope {
    /// The tenant.
    Tenant,
    /// A management group, by name.
    ManagementGroup(Str),
    /// A subscription, by id.
    Subscription(Str),
    /// A resource group.
    ResourceGroup {
        /// The subscription's id.
        subscription: Str,
        /// The group's name.
        group: Str,
    },
    /// Another resource that it extends.
    Resource(Box<ResourceId>),
    /// Something that the files don't tell: a symbol that stands for the whole front of the id.
    Opaque(Str),
}

/// The id of a resource, in parts.
#[derive(Clone, Debug)]
pub struct ResourceId {
    /// Where it lives.
    pub scope: IdScope,
    /// `Microsoft.Compute/galleries/images`, as written.
    pub ty: Str,
    /// One name for each segment of the type after the namespace.
    pub names: Vec<Str>,
}

/// What a string is as an id.
#[derive(Clone, Debug)]
pub enum IdReading {
    /// An id.
    Id(ResourceId),
    /// Unknown as a whole, or too much of it to tell.
    Opaque,
    /// Certainly not an id; the text says so.
    Malformed,
}

impl IdScope {
    /// The subscription, where one is said.
    pub fn subscription(&self) -> Option<&Str> {
        match self {
            Self::Subscription(subscription) | Self::ResourceGroup { subscription, .. } => Some(subscription),
            Self::Resource(id) => id.scope.subscription(),
            Self::Tenant | Self::ManagementGroup(_) | Self::Opaque(_) => None,
        }
    }

    /// The resource group, where one is said.
    pub fn resource_group(&self) -> Option<&Str> {
        match self {
            Self::ResourceGroup { group, .. } => Some(group),
            Self::Resource(id) => id.scope.resource_group(),
            _ => None,
        }
    }

    /// The scope as the front of an id, without trailing `/`; empty for the tenant.
    pub fn path(&self, context: &mut Context, origin: OriginId) -> Str {
        let text = |context: &mut Context, text: &str| Str::fixed(context, text, origin);
        match self {
            Self::Tenant => Str::default(),
            Self::ManagementGroup(name) => {
                text(context, "/providers/Microsoft.Management/managementGroups/").join(name)
            }
            Self::Subscription(id) => text(context, "/subscriptions/").join(id),
            Self::ResourceGroup { subscription, group } => {
                text(context, "/subscriptions/").join(subscription).join(&text(context, "/resourceGroups/")).join(group)
            }
            Self::Resource(id) => id.text(context, origin),
            Self::Opaque(front) => front.clone(),
        }
    }
}

impl ResourceId {
    /// The id as a string. `origin` is for the parts that the id's own pieces don't bring.
    pub fn text(&self, context: &mut Context, origin: OriginId) -> Str {
        let mut whole = self.scope.path(context, origin);
        let slash = Str::fixed(context, "/", origin);
        whole = whole.join(&Str::fixed(context, "/providers/", origin));
        let mut types = segments(context, &self.ty).into_iter();
        if let Some(namespace) = types.next() {
            whole = whole.join(&namespace);
        }
        for (ty, name) in types.zip(&self.names) {
            whole = whole.join(&slash).join(&ty).join(&slash).join(name);
        }
        whole
    }

    /// The last name.
    pub fn name(&self) -> Option<&Str> {
        self.names.last()
    }

    /// Whether its type is known and is this one, without regard to case.
    pub fn is_type(&self, ty: &str) -> bool {
        self.ty.text().is_some_and(|text| text.eq_ignore_ascii_case(ty))
    }

    /// Reads a string.
    ///
    /// A symbolic piece between slashes is one segment, since a name can't hold a slash. A symbol at the front stands
    /// for a whole scope (`${resourceGroup().id}/providers/...`).
    pub fn read(context: &mut Context, string: &Str) -> IdReading {
        let Some(first) = string.pieces.iter().find(|piece| !piece.is_empty()) else { return IdReading::Malformed };
        if let Content::Text(text) = &first.content
            && !text.starts_with('/')
        {
            return IdReading::Malformed;
        }
        let segments = segments(context, string);
        let mut at = 0;
        let mut scope = IdScope::Tenant;
        if is(&segments, 0, "subscriptions") {
            let Some(subscription) = segments.get(1) else { return unfinished(string) };
            at = 2;
            if is(&segments, 2, "resourceGroups") {
                let Some(group) = segments.get(3) else { return unfinished(string) };
                scope = IdScope::ResourceGroup { subscription: subscription.clone(), group: group.clone() };
                at = 4;
            } else {
                scope = IdScope::Subscription(subscription.clone());
            }
        } else if matches!(first.content, Content::Symbol(_)) {
            scope = IdScope::Opaque(segments[0].clone());
            at = 1;
        }
        if at >= segments.len() {
            return if matches!(scope, IdScope::Opaque(_)) { IdReading::Opaque } else { unfinished(string) };
        }
        loop {
            if !is(&segments, at, "providers") {
                return if segments[at].is_known() && segments[..at].iter().all(Str::is_known) {
                    IdReading::Malformed
                } else {
                    unfinished(string)
                };
            }
            let Some(namespace) = segments.get(at + 1) else { return unfinished(string) };
            let mut id = ResourceId { scope, ty: namespace.clone(), names: Vec::new() };
            at += 2;
            while at + 1 < segments.len() && !is(&segments, at, "providers") {
                let slash = Str::new(id.ty.pieces.last().map(|piece| Piece {
                    content: Content::Text("/".into()),
                    term: context.text("/"),
                    ..piece.clone()
                }));
                id.ty = id.ty.join(&slash).join(&segments[at]);
                id.names.push(segments[at + 1].clone());
                at += 2;
            }
            if at >= segments.len() {
                return if id.names.is_empty() { unfinished(string) } else { IdReading::Id(id) };
            }
            if !is(&segments, at, "providers") {
                return unfinished(string);
            }
            if is_management_group(&id) {
                scope = IdScope::ManagementGroup(id.names.remove(0));
            } else {
                scope = IdScope::Resource(Box::new(id));
            }
        }
    }
}

fn is_management_group(id: &ResourceId) -> bool {
    id.names.len() == 1 && matches!(id.scope, IdScope::Tenant) && id.is_type("Microsoft.Management/managementGroups")
}

/// An id that stops short: malformed if all of it is known, else it can't be told.
fn unfinished(string: &Str) -> IdReading {
    if string.is_known() { IdReading::Malformed } else { IdReading::Opaque }
}

fn is(segments: &[Str], at: usize, literal: &str) -> bool {
    segments.get(at).and_then(Str::text).is_some_and(|text| text.eq_ignore_ascii_case(literal))
}

/// Splits a string at every `/` that is written out, each part with its own place. Empty segments are dropped.
pub fn segments(context: &mut Context, string: &Str) -> Vec<Str> {
    let mut all: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in &*string.pieces {
        let Content::Text(text) = &piece.content else {
            if let Some(last) = all.last_mut() {
                last.push(piece.clone());
            }
            continue;
        };
        let mut from = 0;
        for (count, part) in text.split('/').enumerate() {
            if count > 0 {
                all.push(Vec::new());
            }
            // An empty text that isn't firm is kept: it is part of the term by which the string is known.
            if (!part.is_empty() || text.is_empty())
                && let Some(last) = all.last_mut()
            {
                last.push(piece.part(context, from, from + part.len()));
            }
            from += part.len() + 1;
        }
    }
    let is_empty = |pieces: &Vec<Piece>| pieces.iter().all(Piece::is_empty);
    all.into_iter().filter(|pieces| !is_empty(pieces)).map(Str::new).collect()
}
