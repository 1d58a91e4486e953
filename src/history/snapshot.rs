//! The files of a commit, as git lists them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use super::GitFailure;
use super::git::{ask, git};
use super::objects::Objects;

/// No line of the listing is longer: the longest path that systems know is a fraction of it.
const LINE: u64 = 64 * 1024;
/// Commits of more files aren't looked at.
const MOST_FILES: usize = 4_000_000;
/// No link leads farther than that many bytes.
const LINK: u64 = 4096;

/// A file or link of a commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    id: String,
    /// Its length in bytes.
    pub length: u64,
    /// Whether it is a symbolic link; its content is where it leads.
    pub is_link: bool,
}

/// All files of a commit. Folders are there only as far as they hold files; submodules aren't there.
#[derive(Debug)]
pub struct Snapshot {
    top: PathBuf,
    entries: BTreeMap<PathBuf, Entry>,
    objects: Mutex<Objects>,
}

impl Snapshot {
    /// The files of the commit that `revision` names, in the repository whose work tree holds `folder`.
    pub fn open(folder: &Path, revision: &str) -> Result<Self, GitFailure> {
        let no_work_tree = |why: String| GitFailure::NoWorkTree(folder.to_owned(), why);
        let top = ask(folder, &["rev-parse", "--show-toplevel"])?.map_err(no_work_tree)?;
        let top = fs::canonicalize(&top).map_err(|why| no_work_tree(why.to_string()))?;
        let commit = commit(folder, revision)?;
        let entries = list(folder, &commit)?;
        Ok(Self { top, entries, objects: Mutex::new(Objects::open(folder)?) })
    }

    /// Where the work tree lies, canonical. Paths of entries are relative to it.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// The file or link of a path.
    pub fn entry(&self, path: &Path) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// All paths below a folder, in order.
    pub fn below<'s>(&'s self, folder: &'s Path) -> impl Iterator<Item = &'s Path> {
        let from = self.entries.range(folder.to_owned()..).map(|(path, _)| path.as_path());
        from.take_while(move |path| path.starts_with(folder)).filter(move |path| *path != folder)
    }

    /// The first bytes of a file, `at_most` of them.
    pub fn read(&self, entry: &Entry, at_most: u64) -> io::Result<Vec<u8>> {
        // Whatever made another thread stop, the pipes are taken out while they are in use.
        self.objects.lock().unwrap_or_else(PoisonError::into_inner).read(&entry.id, at_most)
    }

    /// Where a link leads, as it says.
    pub fn target(&self, entry: &Entry) -> io::Result<PathBuf> {
        self.read(entry, LINK).and_then(|bytes| path(&bytes).ok_or_else(|| io::ErrorKind::InvalidData.into()))
    }
}

/// The id of the commit that a name means. It can't be taken for an option.
fn commit(folder: &Path, revision: &str) -> Result<String, GitFailure> {
    let none = || GitFailure::NoRevision(revision.to_owned());
    if revision.is_empty() || revision.starts_with('-') || revision.contains('\0') {
        return Err(none());
    }
    let asked = format!("{revision}^{{commit}}");
    let id = ask(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &asked])?.map_err(|_| none())?;
    let is_id = id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { Ok(id) } else { Err(none()) }
}

fn list(folder: &Path, commit: &str) -> Result<BTreeMap<PathBuf, Entry>, GitFailure> {
    let listing = |why: io::Error| GitFailure::Listing(why.to_string());
    let mut child = git(folder, &["ls-tree", "-r", "-z", "-l", "--full-tree", commit])
        .stderr(Stdio::null())
        .spawn()
        .map_err(GitFailure::Start)?;
    let mut entries = BTreeMap::new();
    let mut line = Vec::new();
    if let Some(out) = child.stdout.take() {
        let mut out = BufReader::new(out);
        while out.by_ref().take(LINE).read_until(0, &mut line).map_err(listing)? > 0 && entries.len() < MOST_FILES {
            entries.extend(entry(&line));
            line.clear();
        }
    }
    let status = child.wait().map_err(listing)?;
    match status.success() {
        true => Ok(entries),
        false if entries.len() == MOST_FILES => Err(GitFailure::Listing("it holds too many".to_owned())),
        false => Err(GitFailure::Listing("objects of its folders are missing".to_owned())),
    }
}

/// An entry of the listing: `MODE SP TYPE SP ID SP+ LENGTH TAB PATH NUL`. `None` for what is no file, and for paths
/// that no honest commit holds.
fn entry(line: &[u8]) -> Option<(PathBuf, Entry)> {
    let line = line.strip_suffix(&[0])?;
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (head, name) = line.split_at(tab);
    let mut words = std::str::from_utf8(head).ok()?.split_ascii_whitespace();
    let (mode, "blob", id, length) = (words.next()?, words.next()?, words.next()?, words.next()?) else { return None };
    let path = path(name.get(1..)?)?;
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    // The length of an object that the clone lacks isn't a number: reading it tells.
    let length = length.parse().unwrap_or_default();
    (is_plain && !path.as_os_str().is_empty())
        .then(|| (path, Entry { id: id.to_owned(), length, is_link: mode == "120000" }))
}

/// A path as git keeps it.
#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere not all bytes are a path")]
fn path(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes.to_vec()).into())
}

/// A path as git keeps it: in UTF-8, with `/`.
#[cfg(not(unix))]
fn path(bytes: &[u8]) -> Option<PathBuf> {
    let text = std::str::from_utf8(bytes).ok()?;
    Some(OsString::from(text).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_listing_is_a_file_or_a_link_and_nothing_else() {
        let line = |head: &str, name: &str| entry(format!("{head}\t{name}\0").as_bytes());
        let id = "0123456789012345678901234567890123456789";
        let (path, file) = line(&format!("100644 blob {id}      12"), "a/b\t\n.json").unwrap();
        assert_eq!((path.as_path(), file.length, file.is_link), (Path::new("a/b\t\n.json"), 12, false));
        assert!(line(&format!("120000 blob {id}       3"), "link").unwrap().1.is_link);
        assert_eq!(line(&format!("160000 commit {id}       -"), "submodule"), None);
        for hostile in ["../out.json", "a/../../out.json", "/etc/passwd", ""] {
            assert_eq!(line(&format!("100644 blob {id}      12"), hostile), None, "{hostile}");
        }
        assert_eq!(entry(b"100644 blob"), None);
        assert_eq!(entry(b""), None);
    }
}
