//! Objects that cmdlets hand on: `New-AzDiskConfig | New-AzDisk`.
//!
//! PowerShell passes references: `Set-AzVMOSDisk -VM $vm` changes the machine that `$vm` holds, assigned or not. So a
//! variable holds a handle, and the object itself is kept with what commands left behind, where it follows the
//! branches of the script.

use crate::eval::script::Session;
use crate::value::{Kind, Literal, OriginId, Term, Value, Why};

/// The call that a handle is.
const HANDLE: &str = "configuration";

/// Keeps an object; gives its handle.
pub(super) fn keep(session: &mut Session<'_>, object: Value, origin: OriginId) -> Value {
    let number = session.machine.keys().filter(|key| key.starts_with(HANDLE)).count() as i64;
    let count = session.context.literal(Literal::Int(number));
    let term = session.context.call(HANDLE, [count]);
    session.machine.insert(name(number), object);
    Value { kind: Kind::Unknown { term, why: Why::KnownAtDeployment }, term, basis: crate::value::Basis::Fixed, origin }
}

/// The object of a handle.
pub(super) fn held(session: &Session<'_>, handle: &Value) -> Option<Value> {
    session.machine.get(&key(session, handle)?).cloned()
}

/// Replaces the object of a handle.
pub(super) fn replace(session: &mut Session<'_>, handle: &Value, object: Value) {
    if let Some(key) = key(session, handle) {
        session.machine.insert(key, object);
    }
}

fn key(session: &Session<'_>, handle: &Value) -> Option<std::sync::Arc<str>> {
    let Term::Call(function, args) = session.context.get(handle.term) else { return None };
    let ([count], true) = (&**args, &**function == HANDLE) else { return None };
    match session.context.as_literal(*count) {
        Some(Literal::Int(number)) => Some(name(*number)),
        _ => None,
    }
}

fn name(number: i64) -> std::sync::Arc<str> {
    format!("{HANDLE}:{number}").into()
}
