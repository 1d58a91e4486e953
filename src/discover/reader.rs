//! The boundary to the file system: small enough that a test can put any failure behind it.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// What a path leads to, symbolic links followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Metadata {
    /// A regular file of that many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A pipe, a device, a socket: never opened, since reading could block or have an effect.
    Other,
}

/// Looks at files.
pub trait Reader: Sync {
    /// What the path leads to.
    fn metadata(&self, path: &Path) -> io::Result<Metadata>;
    /// The path without symbolic links and `..`.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;
    /// The first bytes of a file, `at_most` of them.
    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>>;
    /// The files of a folder, in no order.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
    /// All files below a folder, links among them as they are, if they are known without walking.
    fn all_below(&self, _folder: &Path) -> Option<Vec<PathBuf>> {
        None
    }
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Reader for Disk {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        let metadata = fs::metadata(path)?;
        Ok(if metadata.is_file() {
            Metadata::File(metadata.len())
        } else if metadata.is_dir() {
            Metadata::Folder
        } else {
            Metadata::Other
        })
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        fs::canonicalize(path)
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        let file = fs::File::open(path)?;
        // No more than there was: asking whether more came takes as long as reading a small file. Some file systems make
        // up their files as they are read, and say that they are empty.
        let length = file.metadata().map_or(0, |metadata| metadata.len());
        let wanted = if length == 0 { at_most } else { length.min(at_most) };
        let mut bytes = Vec::with_capacity(length.min(at_most) as usize);
        file.take(wanted).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    }
}
