//! Paths to files: what the user named, folders walked as git sees them.

use std::cmp::{Ordering, Reverse};
use std::ffi::OsStr;
use std::fmt;
use std::path::{self, Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::channel;

use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::prelude::*;

use super::gitignore::{Gitignore, Noted, SIZE_LIMIT, WILDCARDS_LIMIT};
use super::kind::parameters_of;
use super::read::NOT_REGULAR;
use super::{Came, Kind, Metadata, Reader, Workspace};
use crate::finding::Diagnostic;

/// Hidden folders that hold pipelines: looked into although hidden.
const PIPELINES: [&str; 3] = [".github", ".azuredevops", ".pipelines"];

/// Why a link isn't followed.
pub(super) const LEADS_OUT: &str = "it is a link that leads out of the workspace";

/// A folder with fewer files and folders below it is walked by one thread.
const FEW: usize = 256;

/// A file to be looked at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Canonical.
    pub path: PathBuf,
    /// By its name.
    pub kind: Kind,
    /// Whether the user named it, or how it was come upon.
    pub came: Came,
}

impl Found {
    /// Whether it is a parameters file, going by its name.
    pub fn is_parameters(&self) -> bool {
        self.kind == Kind::BicepParameters || parameters_of(&self.path).is_some()
    }
}

/// A path that the user gave doesn't exist. It is for the user to correct it.
#[derive(Debug)]
pub struct NoSuchPath {
    /// As given.
    pub path: PathBuf,
    /// What the system said.
    pub why: std::io::Error,
}

impl fmt::Display for NoSuchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} can't be looked at: {}", self.path.display(), self.why)
    }
}

/// What lies under the paths that the user gave.
#[derive(Clone, Debug)]
pub struct Walk {
    /// With the folders outside it that the user named: they become part of it.
    pub workspace: Workspace,
    /// Each file once, in the order of the canonical paths.
    pub found: Vec<Found>,
    /// What was passed over.
    pub remarks: Vec<Diagnostic>,
}

/// All files under the given paths.
pub fn find(reader: &dyn Reader, mut workspace: Workspace, paths: &[PathBuf]) -> Result<Walk, NoSuchPath> {
    let mut found = Vec::new();
    let mut remarks = Vec::new();
    for path in paths {
        let fail = |why| NoSuchPath { path: path.clone(), why };
        let canonical = reader.canonical(&workspace.current().join(path)).map_err(fail)?;
        match reader.metadata(&canonical).map_err(fail)? {
            Metadata::Folder => {
                workspace.take_in(canonical.clone());
                walk(reader, &workspace, &canonical, &mut found, &mut remarks);
            }
            Metadata::File(_) => match Kind::of(path).or_else(|| Kind::of(&canonical)) {
                Some(kind) => {
                    workspace.give(reader, &workspace.current().join(path), &canonical);
                    found.push(Found { path: canonical, kind, came: Came::Named });
                }
                None => remarks.push(remark(&workspace, &canonical, "was not read: it is not of a kind that is known")),
            },
            Metadata::Other => remarks.push(remark(&workspace, &canonical, &format!("was not read: {NOT_REGULAR}"))),
        }
    }
    remarks.sort();
    remarks.dedup();
    each_once(&mut found);
    Ok(Walk { workspace, found, remarks })
}

/// Sorts files by their paths and drops repeats: what the user named stays so, though it was met as well.
pub(super) fn each_once(found: &mut Vec<Found>) {
    found.par_sort_unstable_by(|one, other| {
        by_parts(&one.path, &other.path)
            .then_with(|| (Reverse(one.came), one.kind).cmp(&(Reverse(other.came), other.kind)))
    });
    found.dedup_by(|next, kept| next.path == kept.path);
}

/// The canonical paths of files that the user named for a purpose of their own, such as parameters files.
pub fn named_files(reader: &dyn Reader, workspace: &Workspace, paths: &[PathBuf]) -> Result<Vec<PathBuf>, NoSuchPath> {
    let canonical = |path: &PathBuf| {
        reader.canonical(&workspace.current().join(path)).map_err(|why| NoSuchPath { path: path.clone(), why })
    };
    paths.iter().map(canonical).collect()
}

/// All files of a kind that is known in a folder, as git sees it, in no order. They are [`Came::Met`].
pub(super) fn walk(
    reader: &dyn Reader,
    workspace: &Workspace,
    folder: &Path,
    found: &mut Vec<Found>,
    remarks: &mut Vec<Diagnostic>,
) {
    if let Some(all) = reader.all_below(folder) {
        let below = |path: &Path| path.strip_prefix(folder).map(Path::to_owned).unwrap_or_default();
        for path in all.iter().filter(|path| below(path).iter().all(is_looked_at)) {
            let (Some(kind), Ok(canonical)) = (Kind::of(path), reader.canonical(path)) else { continue };
            if workspace.holds(&canonical) && matches!(reader.metadata(&canonical), Ok(Metadata::File(_))) {
                found.push(Found { path: canonical, kind, came: Came::Met });
            }
        }
        return;
    }
    let noted = Noted::default();
    let odd = folder.ancestors().find(|folder| noted.note(folder) == Gitignore::Odd);
    remarks.extend(odd.map(|folder| not_heeded(workspace, folder)));
    if odd.is_some() {
        return walk_disk(reader, workspace, folder, None, found, remarks);
    }
    let noted = Arc::new(noted);
    walk_disk(reader, workspace, folder, Some(&noted), found, remarks);
    if noted.are_too_many() {
        let message = format!(
            "the .gitignore files here and below were not heeded: they hold more than {WILDCARDS_LIMIT} wildcards together"
        );
        remarks.push(remark(workspace, folder, &message));
        return walk_disk(reader, workspace, folder, None, found, remarks);
    }
    // Looked through in whole: nothing is hidden by what can't be read.
    for folder in noted.passed_over() {
        remarks.push(not_heeded(workspace, &folder));
        walk_disk(reader, workspace, &folder, None, found, remarks);
    }
}

/// As [`walk`], on a disk, heeding `.gitignore` files if what they are can be noted. If there turns out to be too much of
/// them, nothing is found.
fn walk_disk(
    reader: &dyn Reader,
    workspace: &Workspace,
    folder: &Path,
    gitignores: Option<&Arc<Noted>>,
    found: &mut Vec<Found>,
    remarks: &mut Vec<Diagnostic>,
) {
    let noted = gitignores.cloned();
    let is_entered = move |entry: &DirEntry| {
        if entry.depth() > 0 && !is_looked_at(entry.file_name()) {
            return false;
        }
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let Some(noted) = noted.as_ref().filter(|_| is_folder) else { return true };
        noted.note(entry.path()) != Gitignore::Odd && !noted.are_too_many()
    };
    let mut builder = WalkBuilder::new(folder);
    // The same files must be found on every machine: what a user's own git configuration ignores doesn't count,
    // nor what git doesn't know: files of the name `.ignore`.
    builder.hidden(false).ignore(false).git_global(false).git_exclude(false).git_ignore(gitignores.is_some());
    builder.follow_links(false).filter_entry(is_entered);
    let entries = entries(&mut builder);
    if gitignores.is_some_and(|noted| noted.are_too_many()) {
        return;
    }
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                remarks.push(walk_remark(workspace, folder, &error));
                continue;
            }
        };
        let Some(kind) = Kind::of(Path::new(entry.file_name())) else { continue };
        if !entry.path_is_symlink() {
            // What lies below a canonical folder, links not followed, is canonical.
            if entry.file_type().is_some_and(|kind| kind.is_file()) {
                found.push(Found { path: entry.into_path(), kind, came: Came::Met });
            }
            continue;
        }
        let Ok(path) = reader.canonical(entry.path()) else {
            // A link that leads nowhere is no file.
            continue;
        };
        if !workspace.holds(&path) {
            remarks.push(Diagnostic {
                span: None,
                file: workspace.name(entry.path()),
                message: format!("was not read: {LEADS_OUT}"),
            });
        } else if matches!(reader.metadata(&path), Ok(Metadata::File(_)) | Err(_)) {
            found.push(Found { path, kind, came: Came::Met });
        }
    }
}

fn not_heeded(workspace: &Workspace, folder: &Path) -> Diagnostic {
    let why = format!("was not heeded: it is no regular file, or larger than {} KiB", SIZE_LIMIT / 1024);
    remark(workspace, &folder.join(".gitignore"), &why)
}

/// What a walk meets, in no order: large folders are read in parallel.
fn entries(builder: &mut WalkBuilder) -> Vec<Result<DirEntry, ignore::Error>> {
    // Threads that walk together wait for each other by the millisecond; that is more than all of a small folder takes.
    let mut few = builder.build();
    let first: Vec<_> = few.by_ref().take(FEW).collect();
    if first.len() < FEW {
        return first;
    }
    let (send, receive) = channel();
    builder.threads(rayon::current_num_threads()).build_parallel().run(|| {
        let send = send.clone();
        Box::new(move |entry| if send.send(entry).is_ok() { WalkState::Continue } else { WalkState::Quit })
    });
    drop(send);
    receive.into_iter().collect()
}

/// Bytes of paths that are compared at once.
const BLOCK: usize = 16;

/// The order of canonical paths, which is that of their parts: a separator comes before everything.
pub(super) fn by_parts(one: &Path, other: &Path) -> Ordering {
    let (one, other) = (one.as_os_str().as_encoded_bytes(), other.as_os_str().as_encoded_bytes());
    // Most of what two paths of one run have in common is compared by the block.
    let blocks = one.as_chunks::<BLOCK>().0.iter().zip(other.as_chunks::<BLOCK>().0);
    let same =
        blocks.take_while(|(one, other)| u128::from_ne_bytes(**one) == u128::from_ne_bytes(**other)).count() * BLOCK;
    let differ = one[same..].iter().zip(&other[same..]).position(|(one, other)| one != other).map(|at| same + at);
    let next = |path: &[u8]| {
        let byte = path.get(differ.unwrap_or(one.len().min(other.len()))).copied();
        byte.map(|byte| if path::is_separator(byte.into()) { 0 } else { u16::from(byte) + 1 })
    };
    next(one).cmp(&next(other))
}

/// Hidden files and folders are passed over, but for those that hold pipelines.
fn is_looked_at(name: &OsStr) -> bool {
    !is_hidden(name) || PIPELINES.iter().any(|known| name == OsStr::new(known))
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

fn remark(workspace: &Workspace, path: &Path, message: &str) -> Diagnostic {
    Diagnostic { span: None, file: workspace.name(path), message: message.into() }
}

fn walk_remark(workspace: &Workspace, folder: &Path, error: &ignore::Error) -> Diagnostic {
    let mut at = folder;
    let mut inner = error;
    loop {
        match inner {
            ignore::Error::WithPath { path, err } => (at, inner) = (path, err),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
            _ => break,
        }
    }
    Diagnostic { span: None, file: workspace.name(at), message: format!("was not looked into: {inner}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_in_the_order_of_their_parts() {
        let paths = [
            "/a",
            "/a/long/path/of/parts/b-c",
            "/a/long/path/of/parts/b/c",
            "/a/long/path/of",
            "/a/b",
            "/a/b/c",
            "/a/b-c",
            "/a/b.c/d",
            "/a/bc",
            "/a-b",
            "/aa",
            "/b",
        ]
        .map(Path::new);
        for one in paths {
            for other in paths {
                assert_eq!(by_parts(one, other), one.cmp(other), "{} {}", one.display(), other.display());
            }
        }
    }
}
