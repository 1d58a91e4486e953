//! From the path that a file writes to the file it means.
//!
//! What a file writes is not trusted: absolute paths, drive letters, shares and NUL are refused by their letters,
//! `..` and symbolic links may not lead out of the workspace. Nothing is fetched.

use std::path::{Path, PathBuf};

use super::modules::Modules;
use super::workspace::normal;
use super::{Metadata, Reader, Workspace};
use crate::ir::{FileRef, RefKind};

/// How many shorter tails of an address are tried.
const TAILS: usize = 8;
/// How many folders upwards are tried for each.
const UPWARDS: usize = 32;

/// The canonical path that a reference in the file `from` means, or why there is none, as a clause like "it is a
/// folder".
pub(super) fn resolve(
    reader: &dyn Reader,
    workspace: &Workspace,
    from: &Path,
    modules: &Modules<'_>,
    reference: &FileRef,
) -> Result<PathBuf, String> {
    let written = reference.path.replace('\\', "/");
    let folder = from.parent().unwrap_or(from);
    let candidates = match reference.kind {
        RefKind::Registry | RefKind::TemplateSpec => return modules.template(from, &reference.path),
        RefKind::LinkedUri => linked(workspace, folder, &written),
        RefKind::Deployed | RefKind::DeployedParameters => above(workspace, folder, plain(&written)?)?,
        _ => vec![folder.join(plain(&written)?)],
    };
    let mut refusal = None;
    for candidate in candidates {
        match within(reader, workspace, &candidate) {
            Ok(path) if path == from && reference.kind == RefKind::LinkedUri => {}
            Ok(path) => return Ok(path),
            Err(why) => refusal = refusal.or(why),
        }
    }
    Err(refusal.unwrap_or_else(|| "there is no such file".into()))
}

/// A relative path, or why it isn't one.
fn plain(written: &str) -> Result<&str, String> {
    let drive = |part: &str| part.as_bytes().get(1) == Some(&b':') && part.as_bytes()[0].is_ascii_alphabetic();
    if written.is_empty() {
        Err("it is no path".into())
    } else if written.contains('\0') {
        Err("it holds a NUL".into())
    } else if written.starts_with('/') || drive(written) || written.contains("://") {
        Err("it is not a relative path".into())
    } else {
        Ok(written)
    }
}

/// The literal tail of an address against the folder of the template, then its parents, then shorter tails.
fn linked(workspace: &Workspace, folder: &Path, written: &str) -> Vec<PathBuf> {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let Some(top) = workspace.folder_of(folder) else { return Vec::new() };
    let mut candidates = Vec::new();
    for first in parts.len().saturating_sub(TAILS)..parts.len() {
        let tail = parts.get(first..).unwrap_or_default().join("/");
        if plain(&tail).is_err() {
            continue;
        }
        let folders = folder.ancestors().take_while(|folder| folder.starts_with(top)).take(UPWARDS);
        candidates.extend(folders.map(|folder| folder.join(&tail)));
    }
    candidates
}

/// A path against the folder of the script that holds it, then its parents: where a script is run, it doesn't say.
fn above(workspace: &Workspace, folder: &Path, written: &str) -> Result<Vec<PathBuf>, String> {
    let top = workspace.folder_of(folder).ok_or("it lies outside the workspace")?;
    let folders = folder.ancestors().take_while(|folder| folder.starts_with(top)).take(UPWARDS);
    Ok(folders.map(|folder| folder.join(written)).collect())
}

/// The canonical path of a file inside the workspace. `Err(None)`: there is no such file.
fn within(reader: &dyn Reader, workspace: &Workspace, candidate: &Path) -> Result<PathBuf, Option<String>> {
    let outside = || Some("it lies outside the workspace".to_owned());
    // By the letters first: a path that leads out isn't even looked at.
    let path = normal(candidate).filter(|path| workspace.holds(path)).ok_or_else(outside)?;
    // Most paths that are tried lead nowhere: that is told more quickly than where a path leads.
    reader.metadata(&path).map_err(|_| None)?;
    let canonical = reader.canonical(&path).map_err(|_| None)?;
    if !workspace.holds(&canonical) {
        return Err(outside());
    }
    match reader.metadata(&canonical) {
        Ok(Metadata::Folder) => Err(Some("it is a folder".into())),
        _ => Ok(canonical),
    }
}
