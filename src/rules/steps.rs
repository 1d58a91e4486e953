//! What the commands of a script lead to, and the steps that lead there.
//!
//! A script is a sequence of requests. What they create is judged like a template's resources; what a later request
//! does to what an earlier one made is for the rules that look at a [`Step`].

use std::sync::Arc;

use crate::azure::Kind;
use crate::eval::Resource;
use crate::eval::script::{Request, Verb};
use crate::value::{Context, Kind as ValueKind, Member, Object, Value, World};

/// One request among those of its sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    /// The requests of the sequence, in order.
    pub all: &'a [Request],
    /// Which of them this is.
    pub at: usize,
}

impl<'a> Step<'a> {
    /// The request.
    pub(super) fn request(self) -> &'a Request {
        &self.all[self.at]
    }

    /// The requests before it, the nearest first.
    pub(super) fn before(self) -> impl Iterator<Item = &'a Request> {
        self.all[..self.at].iter().rev()
    }

    /// The requests after it.
    pub(super) fn after(self) -> impl Iterator<Item = &'a Request> {
        self.all[self.at + 1..].iter()
    }
}

/// Whether a request can be sent in a world at all: an earlier exit doesn't rule it out. Conditions that are open
/// stay open; they are for the world to decide.
pub(super) fn is_reached(context: &Context, world: &World, request: &Request) -> bool {
    request.guards.iter().all(|guard| world.known(context, *guard) != Some(false))
}

/// The resources that requests show: what is created, and what is changed, as far as the change tells. Of a changed
/// resource all that isn't said is unknown. A change of an image version is no version of its own: what it does to the
/// one before is for the rules that look at steps.
pub fn estate_of(context: &mut Context, requests: &[Request]) -> Vec<Resource> {
    let mut resources = Vec::new();
    for request in requests {
        let resource = &request.resource;
        match request.verb {
            Verb::Create => resources.push(resource.clone()),
            Verb::Update if Kind::of(&resource.ty) != Some(Kind::ImageVersion) => {
                let body = opened(context, &resource.body);
                resources.push(Resource { body, ..resource.clone() });
            }
            Verb::Update
            | Verb::ReplaceRegions
            | Verb::AddRegions
            | Verb::Share
            | Verb::Unshare
            | Verb::Delete
            | Verb::Refused => {}
        }
    }
    resources
}

/// A value whose objects may hold more than is said.
fn opened(context: &mut Context, value: &Value) -> Value {
    let ValueKind::Object(object) = &value.kind else { return value.clone() };
    let members = object
        .members
        .iter()
        .map(|member| Member { key: member.key.clone(), value: opened(context, &member.value) })
        .collect();
    let object = Object { members, open: true, scope: object.scope.clone() };
    Value { kind: ValueKind::Object(Arc::new(object)), term: context.fresh(), ..value.clone() }
}
