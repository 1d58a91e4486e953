//! What an evaluation gives: resources as they would be deployed.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::script::Request;
use crate::finding::Format;
use crate::text::Span;
use crate::value::{Basis, Context, Lookup, ResourceId, Str, TermId, Value, plain};

/// One root file in one scenario, evaluated.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// Terms and origins of all values below.
    pub context: Context,
    /// Resources and deployments, in source order, those of a module behind its call.
    pub resources: Vec<Resource>,
    /// What the commands of a script ask for, in order; templates have none. [`Evaluation::resources`] are then what
    /// the files show of the estate that these requests lead to.
    pub requests: Vec<Request>,
    /// Outputs of the root, in source order.
    pub outputs: Vec<(Arc<str>, Value)>,
    /// What was not evaluated, and why.
    pub notes: Vec<Note>,
    /// The parameters file, as reports call it; `None` with defaults only.
    pub scenario: Option<Arc<str>>,
}

impl Evaluation {
    /// Keeps one of several resources of the same id: the first whose members are all known, else the first.
    pub(super) fn keep_each_once(&mut self) {
        let mut kept: Vec<Resource> = Vec::with_capacity(self.resources.len());
        let mut places = HashMap::new();
        for resource in std::mem::take(&mut self.resources) {
            match places.entry(resource.id_term) {
                Entry::Vacant(new) => {
                    new.insert(kept.len());
                    kept.push(resource);
                }
                Entry::Occupied(known) => {
                    if let Some(before) = kept.get_mut(*known.get())
                        && before.is_open()
                        && !resource.is_open()
                    {
                        *before = resource;
                    }
                }
            }
        }
        self.resources = kept;
    }
}

/// A resource as it would be deployed.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Type as written, without version: `Microsoft.Compute/galleries/images`. Partly unknown at times.
    pub ty: Str,
    /// API version; `None` where none is written.
    pub api: Option<Value>,
    /// Full name, `gallery/image/1.0.0`.
    pub name: Str,
    /// Where it would be, whole; `None` where the name or scope can't be told apart into an id.
    pub id: Option<ResourceId>,
    /// The term of the whole id: equal terms are the same resource.
    pub id_term: TermId,
    /// Only referred to, not deployed.
    pub existing: bool,
    /// Open conditions: it exists where each holds, those of the deployments around it included.
    pub conditions: Vec<TermId>,
    /// What it rests on that it exists at all: conditions that are known only by a default, say.
    pub basis: Basis,
    /// The evaluated rest: location, tags, properties and the like; never type and name.
    pub body: Value,
    /// The whole declaration.
    pub span: Span,
    /// Where its type is written.
    pub type_span: Span,
    /// Where its name is written, or the last part of it, if that is one place.
    pub name_span: Option<Span>,
    /// The module calls or nested deployments that lead to it, outermost first.
    pub calls: Vec<Span>,
    /// Whether it stands for any number of resources: a loop of unknown length.
    pub many: bool,
    /// The language of the file that declares it.
    pub format: Format,
}

impl Resource {
    /// Whether it may have members that aren't known, or `properties` does.
    fn is_open(&self) -> bool {
        let Some(body) = self.body.as_object() else { return true };
        let properties = match body.get("properties") {
            Lookup::Found(member) => member.value.as_object(),
            Lookup::Absent | Lookup::Maybe => None,
        };
        properties.is_none_or(|properties| properties.open)
    }

    /// What people call it: its full name, or its type where nothing of the name is known.
    pub fn shown(&self, context: &Context) -> String {
        self.known_name(context).unwrap_or_else(|| self.ty.shown())
    }

    /// What a sentence about it calls it: its full name, or what the name is made of where nothing of it is known.
    pub fn called(&self, context: &mut Context) -> String {
        if let Some(name) = self.known_name(context) {
            return name;
        }
        let term = self.name.term(context);
        if context.is_secret(term) { self.ty.shown() } else { plain(context, term) }
    }

    fn known_name(&self, context: &Context) -> Option<String> {
        let name = context.shown(&self.name);
        (!name.chars().all(|char| char == '…' || char == '/')).then_some(name)
    }
}

/// What was not evaluated.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Note {
    /// Where.
    pub span: Span,
    /// What kind.
    pub kind: NoteKind,
    /// One sentence, no full stop.
    pub message: String,
}

/// Why something was not evaluated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NoteKind {
    /// A bound was reached (CMK005).
    Limit,
    /// A file was not read: missing, outside the workspace, remote.
    NotLoaded,
    /// A value or file needs itself.
    Cycle,
    /// An expression that would fail at deployment.
    Error,
}
