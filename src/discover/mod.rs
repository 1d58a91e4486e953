//! Which files a run is about: paths to files, files to texts, texts to programs, programs to the files they name,
//! and which of them are deployed with which parameters.
//!
//! One of the few modules that touch the file system, always through a [`Reader`]. Nothing outside the
//! [`Workspace`] is read because a file says so. What can't be read is said and passed over; only a path that the
//! user gave and that doesn't exist stops a run.

mod beside;
mod front;
mod gitignore;
mod kind;
mod load;
mod look;
mod memory;
mod modules;
mod overlay;
mod read;
mod reader;
mod reference;
mod revision;
mod roots;
mod script_words;
mod settings;
mod survey;
mod users;
mod walk;
mod workspace;

pub use front::What;
pub use kind::Kind;
pub use load::{Came, Deployed, Deployments, File, Given, Loaded, Page, load, load_beside};
pub use look::{Look, speaks_of_keys};
pub use memory::Memory;
pub use overlay::Overlay;
pub use read::SIZE_LIMIT;
pub use reader::{Disk, Metadata, Reader};
pub use revision::Revision;
pub use roots::{Root, Scenario, leads_to_named, roots};
pub use settings::{BadSettings, Settings, Whose};
pub use survey::{Part, Survey, fills_several_parts, side_by_side, survey};
pub use users::add_users;
pub use walk::{Found, NoSuchPath, Walk, find, named_files};
pub use workspace::Workspace;

#[cfg(test)]
mod tests;
