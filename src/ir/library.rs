//! The files that programs name, resolved: what `module`, `relativePath`, `using`, `import` and `load...` lead to.
//!
//! Filled before evaluation by whoever may read files; the evaluator only asks.

use std::collections::HashMap;
use std::sync::Arc;

use super::{FileRef, Name, Program, RefKind};
use crate::text::SourceId;

/// What a reference leads to.
#[derive(Clone, Debug)]
pub enum Loaded {
    /// A template, a parameters file, or a file of importable names.
    Program(Arc<Program>),
    /// The text of a file that is loaded as a value, with its source so that parts of it have places.
    Text(SourceId, Arc<str>),
}

/// All resolved references of a run.
///
/// A reference is known by the file that holds it, its spelling and its kind: the same spelling leads elsewhere from
/// another folder, and programs nested in one file share its references.
#[derive(Debug, Default)]
pub struct Library {
    entries: HashMap<(SourceId, Name, RefKind), Result<Loaded, Arc<str>>>,
}

impl Library {
    /// States what the reference leads to, or in one sentence why it leads nowhere.
    pub fn insert(&mut self, from: SourceId, reference: &FileRef, loaded: Result<Loaded, Arc<str>>) {
        self.entries.insert((from, Arc::clone(&reference.path), reference.kind), loaded);
    }

    /// Whether the reference was looked at already.
    pub fn contains(&self, from: SourceId, reference: &FileRef) -> bool {
        self.entries.contains_key(&(from, Arc::clone(&reference.path), reference.kind))
    }

    /// What the reference leads to, or in one sentence without full stop why it leads nowhere.
    pub fn get(&self, from: SourceId, reference: &FileRef) -> Result<&Loaded, &str> {
        match self.entries.get(&(from, Arc::clone(&reference.path), reference.kind)) {
            Some(Ok(loaded)) => Ok(loaded),
            Some(Err(why)) => Err(why),
            None => Err("the file was not looked for"),
        }
    }

    /// The program that a reference leads to.
    pub fn program(&self, from: SourceId, reference: &FileRef) -> Option<&Arc<Program>> {
        match self.get(from, reference) {
            Ok(Loaded::Program(program)) => Some(program),
            _ => None,
        }
    }

    /// How many references were looked at.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
