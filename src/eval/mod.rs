//! From programs to resources whose every value knows where it came from.

mod functions;
mod make;
mod resource;

pub use resource::{Evaluation, Note, NoteKind, Resource};
