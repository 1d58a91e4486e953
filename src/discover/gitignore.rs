//! Which `.gitignore` files a walk heeds: those that can be read without harm, while they are not too much together.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A larger one isn't read: the work of a pattern is done for each file. In bytes.
pub(super) const SIZE_LIMIT: u64 = 64 * 1024;
/// With more wildcards than these, none of a walk is heeded: each takes about 2 µs and 1.5 kB when it is compiled.
pub(super) const WILDCARDS_LIMIT: usize = 100_000;

/// What a walk knows of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gitignore {
    Absent,
    /// A file, as git wants it.
    Sound {
        wildcards: usize,
    },
    /// Too large, or something else, such as a link, which may lead to a device.
    Odd,
}

impl Gitignore {
    fn of(folder: &Path) -> Self {
        let path = folder.join(".gitignore");
        let Ok(metadata) = fs::symlink_metadata(&path) else { return Self::Absent };
        if !metadata.is_file() || metadata.len() > SIZE_LIMIT {
            return Self::Odd;
        }
        let mut text = Vec::new();
        // What can't be read is not heeded by anyone.
        let _ = fs::File::open(&path).and_then(|file| file.take(SIZE_LIMIT).read_to_end(&mut text));
        Self::Sound { wildcards: text.iter().filter(|byte| b"*?[{".contains(byte)).count() }
    }
}

/// The `.gitignore` files that a walk came upon.
#[derive(Debug, Default)]
pub(super) struct Noted(Mutex<All>);

#[derive(Debug, Default)]
struct All {
    by_folder: HashMap<PathBuf, Gitignore>,
    wildcards: usize,
}

impl Noted {
    fn all(&self) -> MutexGuard<'_, All> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the one of a folder. A folder may be looked at again.
    pub(super) fn note(&self, folder: &Path) -> Gitignore {
        let gitignore = Gitignore::of(folder);
        if gitignore != Gitignore::Absent {
            let mut all = self.all();
            let is_new = all.by_folder.insert(folder.to_owned(), gitignore).is_none();
            if let (true, Gitignore::Sound { wildcards }) = (is_new, gitignore) {
                all.wildcards += wildcards;
            }
        }
        gitignore
    }

    /// Whether they have too many wildcards together.
    pub(super) fn are_too_many(&self) -> bool {
        self.all().wildcards > WILDCARDS_LIMIT
    }

    /// The folders whose one is odd, in order.
    pub(super) fn passed_over(&self) -> Vec<PathBuf> {
        let all = self.all();
        let odd = all.by_folder.iter().filter(|(_, gitignore)| **gitignore == Gitignore::Odd);
        let mut odd: Vec<PathBuf> = odd.map(|(folder, _)| folder.clone()).collect();
        odd.sort();
        odd
    }
}
