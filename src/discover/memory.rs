//! Files in memory: the examples of a rule's page are judged without touching the file system.

use std::io;
use std::path::{Path, PathBuf};

use super::{Metadata, Reader};

/// One folder of files, by name.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'f> {
    files: &'f [(String, String)],
}

impl<'f> Memory<'f> {
    /// Where the files lie.
    pub const FOLDER: &'static str = "/memory";

    /// Names and texts.
    pub const fn new(files: &'f [(String, String)]) -> Self {
        Self { files }
    }

    /// The path of each file.
    pub fn paths(self) -> Vec<PathBuf> {
        self.files.iter().map(|(name, _)| Path::new(Self::FOLDER).join(name)).collect()
    }

    fn text(&self, path: &Path) -> io::Result<&str> {
        let found = self.files.iter().find(|(name, _)| Path::new(Self::FOLDER).join(name) == path);
        found.map(|(_, text)| text.as_str()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Reader for Memory<'_> {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        if path == Path::new(Self::FOLDER) {
            return Ok(Metadata::Folder);
        }
        Ok(Metadata::File(self.text(path)?.len() as u64))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.metadata(path).map(|_| path.to_owned())
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.text(path)?.as_bytes();
        Ok(bytes.get(..at_most as usize).unwrap_or(bytes).to_vec())
    }

    fn list(&self, _folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.paths())
    }
}
