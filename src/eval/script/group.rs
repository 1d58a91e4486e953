//! Resource groups that commands make: where they are is where things go whose location isn't said.

use std::sync::Arc;

use super::Session;
use crate::value::{Str, Value};

fn key(session: &mut Session<'_>, name: &Str) -> Arc<str> {
    let name = match name.text() {
        Some(name) => name.to_lowercase(),
        // The same unknown is the same group.
        None => format!("#{}", name.term(session.context).0),
    };
    format!("group/{name}").into()
}

/// A command makes a group at a location.
pub fn made(session: &mut Session<'_>, name: &Str, location: Value) {
    let key = key(session, name);
    session.machine.insert(key, location);
}

/// The location of a group that an earlier command made.
pub fn location(session: &mut Session<'_>, name: &Str) -> Option<Value> {
    let key = key(session, name);
    session.machine.get(&key).filter(|value| !value.is_null()).cloned()
}
