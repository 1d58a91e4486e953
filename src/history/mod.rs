//! What was before: the files of a git revision, and findings that are known already.
//!
//! [`Snapshot`] asks git for the files of a revision; nothing is checked out, and git is kept from starting anything
//! else. [`baseline`] is a file of fingerprints. How a snapshot is looked through like a folder is for `discover`.

pub mod baseline;

mod git;
mod objects;
mod snapshot;

pub use git::GitFailure;
pub use snapshot::{Entry, Snapshot};
