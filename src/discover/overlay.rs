//! Files as they would be: changed texts over the files of another reader.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{Metadata, Reader};

/// A reader with other texts for some of its files, by canonical path.
pub struct Overlay<'r> {
    under: &'r dyn Reader,
    texts: BTreeMap<PathBuf, String>,
}

impl<'r> Overlay<'r> {
    /// Nothing changed yet.
    pub const fn new(under: &'r dyn Reader) -> Self {
        Self { under, texts: BTreeMap::new() }
    }

    /// The same with other texts.
    #[must_use]
    pub fn with(&self, texts: impl IntoIterator<Item = (PathBuf, String)>) -> Self {
        let mut all = self.texts.clone();
        all.extend(texts);
        Self { under: self.under, texts: all }
    }

    /// The changed texts.
    pub fn into_texts(self) -> BTreeMap<PathBuf, String> {
        self.texts
    }
}

impl Reader for Overlay<'_> {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        match self.texts.get(path) {
            Some(text) => Ok(Metadata::File(text.len() as u64)),
            None => self.under.metadata(path),
        }
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.under.canonical(path)
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        match self.texts.get(path) {
            Some(text) => {
                let bytes = text.as_bytes();
                Ok(bytes.get(..at_most as usize).unwrap_or(bytes).to_vec())
            }
            None => self.under.read(path, at_most),
        }
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.under.list(folder)
    }
}
