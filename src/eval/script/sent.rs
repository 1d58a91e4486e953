//! What a command sends, made of what it is about.

use crate::eval::Resource;
use crate::finding::Format;
use crate::text::Span;
use crate::value::{Context, OriginId, ResourceId, Str, Value};

use super::build;
use super::{Command, Fact, Request, Verb};

/// What a command sends, as the module knows it that knows the command.
#[derive(Debug)]
pub struct Sent<'a> {
    /// What it does.
    pub verb: Verb,
    /// The resource's type.
    pub ty: &'a str,
    /// Where the command is named, by which the type is.
    pub named: Span,
    /// The resource's id, where it can be told.
    pub id: Option<ResourceId>,
    /// What it is to be.
    pub body: Value,
    /// What the command's text shows.
    pub facts: Vec<Fact>,
    /// What the verb hangs on, if not on the whole command.
    pub cause: Option<Span>,
    /// The command's language.
    pub format: Format,
    /// Where what the command adds of its own comes from.
    pub origin: OriginId,
}

impl Sent<'_> {
    /// It as the request of a command.
    pub fn by(self, context: &mut Context, command: &Command) -> Request {
        let origin = self.origin;
        let (name, id_term) = match &self.id {
            Some(id) => {
                let text = id.text(context, origin);
                (build::joined(context, &id.names, "/", origin), build::id_term(context, &text))
            }
            None => (Str::symbol(context.fresh(), origin), context.fresh()),
        };
        let type_origin = context.written(self.named);
        let resource = Resource {
            ty: Str::fixed(context, self.ty, type_origin),
            api: None,
            name,
            id: self.id,
            id_term,
            existing: false,
            conditions: command.conditions.clone(),
            basis: command.basis,
            body: self.body,
            span: command.span,
            type_span: self.named,
            name_span: None,
            calls: command.calls.clone(),
            many: command.many,
            format: self.format,
        };
        Request {
            verb: self.verb,
            resource,
            facts: self.facts,
            cause: self.cause.unwrap_or(command.span),
            guards: command.guards.clone(),
            sequence: command.sequence,
        }
    }
}
