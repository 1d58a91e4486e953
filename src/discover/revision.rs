//! The files of a git revision, read as if they lay in the work tree.
//!
//! What lies outside the repository (the module cache, folders that the user named) is as it is on disk: it has no
//! revisions.

use std::ffi::OsString;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::{Disk, Metadata, Reader};
use crate::history::{Entry, Snapshot};

/// How many links are followed for one path.
const LINKS: usize = 40;

/// Reads the files of a revision.
#[derive(Debug)]
pub struct Revision {
    files: Snapshot,
}

/// What a path in the revision is.
enum Node<'r> {
    File(&'r Entry),
    Folder,
}

impl Revision {
    /// The files of a snapshot.
    pub const fn new(files: Snapshot) -> Self {
        Self { files }
    }

    /// A path relative to the repository; `None` if it lies outside.
    fn inside<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(self.files.top()).ok()
    }

    /// The path, links followed, and what is there.
    fn resolve(&self, path: &Path) -> io::Result<(PathBuf, Node<'_>)> {
        let none = || io::Error::from(io::ErrorKind::NotFound);
        if let Some(entry) = self.files.entry(path).filter(|entry| !entry.is_link) {
            return Ok((path.to_owned(), Node::File(entry)));
        }
        let parts = |path: &Path| -> Option<Vec<OsString>> {
            let parts = path.components().rev().filter(|part| *part != Component::CurDir);
            parts
                .map(|part| match part {
                    Component::Normal(_) | Component::ParentDir => Some(part.as_os_str().to_owned()),
                    _ => None,
                })
                .collect()
        };
        let mut pending = parts(path).ok_or_else(none)?;
        let mut reached = PathBuf::new();
        let mut links = 0;
        while let Some(part) = pending.pop() {
            if part == ".." {
                if !reached.pop() {
                    return Err(none());
                }
                continue;
            }
            reached.push(part);
            if let Some(entry) = self.files.entry(&reached).filter(|entry| entry.is_link) {
                links += 1;
                if links > LINKS {
                    return Err(io::Error::other("it leads through too many links"));
                }
                reached.pop();
                pending.extend(parts(&self.files.target(entry)?).ok_or_else(none)?);
            }
        }
        if let Some(entry) = self.files.entry(&reached) {
            return Ok((reached, Node::File(entry)));
        }
        let is_folder = self.files.below(&reached).next().is_some();
        if is_folder { Ok((reached, Node::Folder)) } else { Err(none()) }
    }
}

impl Reader for Revision {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        let Some(path) = self.inside(path) else { return Disk.metadata(path) };
        Ok(match self.resolve(path)?.1 {
            Node::File(entry) => Metadata::File(entry.length),
            Node::Folder => Metadata::Folder,
        })
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        let Some(inside) = self.inside(path) else { return Disk.canonical(path) };
        let (path, _) = self.resolve(inside)?;
        // An empty path would leave a separator behind.
        Ok(if path.as_os_str().is_empty() { self.files.top().to_owned() } else { self.files.top().join(path) })
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        let Some(path) = self.inside(path) else { return Disk.read(path, at_most) };
        match self.resolve(path)?.1 {
            Node::File(entry) => self.files.read(entry, at_most),
            Node::Folder => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let Some(inside) = self.inside(folder) else { return Disk.list(folder) };
        let files = self.files.below(inside).filter(|path| path.parent() == Some(inside));
        Ok(files.map(|path| self.files.top().join(path)).collect())
    }

    fn all_below(&self, folder: &Path) -> Option<Vec<PathBuf>> {
        let inside = self.inside(folder)?;
        Some(self.files.below(inside).map(|path| self.files.top().join(path)).collect())
    }
}
