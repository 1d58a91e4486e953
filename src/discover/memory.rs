//! Files in memory: the examples of a rule's page are judged without touching the file system.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Metadata, Reader};

/// One folder of files, by name: of texts, or of bytes that may be none.
#[derive(Clone, Copy, Debug)]
pub struct Memory<'f, T = String> {
    files: &'f [(String, T)],
}

impl Memory<'_> {
    /// Where the files lie.
    pub const FOLDER: &'static str = "/memory";
}

impl<'f, T: AsRef<[u8]>> Memory<'f, T> {
    /// Names and texts.
    pub const fn new(files: &'f [(String, T)]) -> Self {
        Self { files }
    }

    /// The path of each file.
    pub fn paths(&self) -> Arc<[PathBuf]> {
        self.files.iter().map(|(name, _)| Path::new(Memory::FOLDER).join(name)).collect()
    }

    fn bytes(&self, path: &Path) -> io::Result<&[u8]> {
        let found = self.files.iter().find(|(name, _)| Path::new(Memory::FOLDER).join(name) == path);
        found.map(|(_, text)| text.as_ref()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl<T: AsRef<[u8]> + Sync> Reader for Memory<'_, T> {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        if path == Path::new(Memory::FOLDER) {
            return Ok(Metadata::Folder);
        }
        Ok(Metadata::File(self.bytes(path)?.len() as u64))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.metadata(path).map(|_| path.to_owned())
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.bytes(path)?;
        Ok(bytes.get(..at_most as usize).unwrap_or(bytes).to_vec())
    }

    fn list(&self, _folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.paths().to_vec())
    }
}
