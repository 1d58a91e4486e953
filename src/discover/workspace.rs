//! Where a run takes place: what may be read, and what files are called.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::Reader;
use crate::text::relative_name;

/// What marks the root of a workspace, the surest first: a folder of a repository may have settings of its own.
const MARKS: [&str; 2] = [".git", "cmklint.toml"];

/// The folders of a run.
#[derive(Clone, Debug)]
pub struct Workspace {
    current: PathBuf,
    root: PathBuf,
    named: Vec<PathBuf>,
    /// Files that the user named where they lie, not by a link.
    given: Vec<PathBuf>,
    module_cache: Option<PathBuf>,
}

impl Workspace {
    /// The workspace around the folder `current`: the nearest folder upwards with `.git`, else with `cmklint.toml`,
    /// else `current` itself.
    pub fn around(reader: &dyn Reader, current: &Path) -> io::Result<Self> {
        let current = reader.canonical(current)?;
        let marked = |mark| current.ancestors().find(|folder| reader.metadata(&folder.join(mark)).is_ok());
        let root = MARKS.into_iter().find_map(marked).unwrap_or(&current).to_owned();
        Ok(Self { current, root, named: Vec::new(), given: Vec::new(), module_cache: None })
    }

    /// Takes in a folder that the user named although it lies elsewhere. The path must be canonical.
    pub(super) fn take_in(&mut self, folder: PathBuf) {
        if !self.holds(&folder) {
            self.named.push(folder);
        }
    }

    /// Notes that the user named a file. A link to one names the link only.
    pub(super) fn give(&mut self, reader: &dyn Reader, named: &Path, canonical: &Path) {
        let (Some(folder), Some(name)) = (named.parent(), named.file_name()) else { return };
        if reader.canonical(folder).is_ok_and(|folder| folder.join(name) == canonical) {
            self.given.push(canonical.to_owned());
        }
    }

    /// Whether a file that was asked for may be changed: it lies in a folder of the run, or where the user said.
    pub fn may_change(&self, path: &Path) -> bool {
        self.holds(path) || self.given.iter().any(|given| given == path)
    }

    /// Lets templates come from the folder in which Bicep keeps modules of registries, as the user names it.
    pub fn use_module_cache(&mut self, reader: &dyn Reader, folder: &Path) -> io::Result<()> {
        self.module_cache = Some(reader.canonical(&self.current.join(folder))?);
        Ok(())
    }

    /// The folder in which Bicep keeps modules of registries, canonical.
    pub(super) fn module_cache(&self) -> Option<&Path> {
        self.module_cache.as_deref()
    }

    /// The current directory, canonical.
    pub fn current(&self) -> &Path {
        &self.current
    }

    /// Whether a file may be read because another file says so. The path must be canonical, or at least free of `..`.
    pub fn holds(&self, path: &Path) -> bool {
        self.folder_of(path).is_some()
    }

    /// The folder up to which a linked template may be looked for: the root, or the named folder that holds `path`.
    pub(super) fn folder_of(&self, path: &Path) -> Option<&Path> {
        std::iter::once(&self.root).chain(&self.named).find(|folder| path.starts_with(folder)).map(PathBuf::as_path)
    }

    /// What reports call a file: relative to the current directory, with `/`.
    pub fn name(&self, path: &Path) -> String {
        relative_name(&self.current, path)
    }
}

/// The path with `.` and `..` worked out by their letters alone; `None` if `..` leads above the root.
pub(super) fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            part => out.push(part),
        }
    }
    Some(out)
}
