//! What uses the files that the user named: the templates that name a module or linked template, and the parameters
//! files that name a template.
//!
//! A change of a module shows its fault only where the module is used. Which files those are, no index tells; files
//! of the workspace that hold the name of a changed file are candidates, and [`roots`](super::roots::roots) keeps
//! those that really lead to it.

use std::ffi::OsStr;
use std::path::Path;

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use super::kind::parameters_of;
use super::read::SIZE_LIMIT;
use super::walk::{FoundFiles, walk};
use super::{Came, Found, Kind, Reader, Workspace};

/// How many steps upwards are looked for: modules of modules.
const STEPS: usize = 8;

/// Adds the files of the workspace that may use the templates among `found` that the user named.
pub fn add_users(reader: &dyn Reader, workspace: &Workspace, found: &mut Vec<Found>) {
    let mut changed: Vec<String> =
        found.iter().filter(|file| file.came == Came::Named).filter_map(|file| name_to_look_for(&file.path)).collect();
    if changed.is_empty() {
        return;
    }
    let mut others = FoundFiles::new();
    let folder = workspace.folder_of(workspace.current()).unwrap_or(workspace.current());
    // What can't be looked into was not named by the user, and a candidate only: no word about it.
    walk(reader, workspace, folder, &mut others, &mut Vec::new());
    for file in found.iter() {
        others.remove(&file.path);
    }
    let mut others: Vec<Found> =
        others.into_iter().map(|(path, (kind, _))| Found { path, kind, came: Came::User }).collect();
    for _ in 0..STEPS {
        if changed.is_empty() {
            break;
        }
        let Some(names) = search(&changed) else { break };
        let (users, rest): (Vec<Found>, Vec<Found>) =
            others.into_par_iter().partition(|file| may_hold(reader, &file.path, &names));
        others = rest;
        changed = users.iter().filter_map(|file| name_to_look_for(&file.path)).collect();
        found.extend(users);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
}

/// The name that a file which uses this template must hold; `None` for what nothing uses.
fn name_to_look_for(path: &Path) -> Option<String> {
    let is_template = matches!(Kind::of(path)?, Kind::Json | Kind::Bicep) && parameters_of(path).is_none();
    is_template.then(|| path.file_name().and_then(OsStr::to_str).map(str::to_owned)).flatten()
}

fn search(names: &[String]) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::LeftmostFirst).build(names).ok()
}

fn may_hold(reader: &dyn Reader, path: &Path, names: &AhoCorasick) -> bool {
    reader.read(path, SIZE_LIMIT).is_ok_and(|bytes| names.is_match(&bytes))
}
