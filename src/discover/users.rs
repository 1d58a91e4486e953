//! What uses the files that the user named: the templates that name a module or linked template, and the parameters
//! files that name a template.
//!
//! A change of a module shows its fault only where the module is used. Which files those are, no index tells; files
//! of the workspace that hold the name of a changed file are candidates, and [`roots`](super::roots::roots) keeps
//! those that really lead to it. Templates to which settings give a parameters file use it, too.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use aho_corasick::{AhoCorasick, MatchKind};
use rayon::prelude::*;

use super::kind::parameters_of;
use super::read::SIZE_LIMIT;
use super::walk::{each_once, walk};
use super::{Came, Found, Kind, Reader, Settings, Workspace};

/// How many steps upwards are looked for: modules of modules.
const STEPS: usize = 8;

/// Adds the files of the workspace that may use what the user named among `found`.
pub fn add_users(reader: &dyn Reader, workspace: &Workspace, settings: &Settings, found: &mut Vec<Found>) {
    let named: Vec<PathBuf> =
        found.iter().filter(|file| file.came == Came::Named).map(|file| file.path.clone()).collect();
    let mut changed: Vec<String> = named.iter().filter_map(|path| name_to_look_for(path)).collect();
    let takes = |path: &Path| {
        let given = settings.of(path).map(|config| config.parameters_files_for(path)).unwrap_or_default();
        given.iter().any(|given| named.contains(&given.path))
    };
    if changed.is_empty() && !settings.names_any_of(&named) {
        return;
    }
    let mut others = Vec::new();
    let folder = workspace.folder_of(workspace.current()).unwrap_or(workspace.current());
    // What can't be looked into was not named by the user, and a candidate only: no word about it.
    walk(reader, workspace, folder, &mut others, &mut Vec::new());
    each_once(&mut others);
    let known: HashSet<&Path> = found.iter().map(|file| file.path.as_path()).collect();
    others.retain(|file| !known.contains(file.path.as_path()));
    for file in &mut others {
        file.came = Came::User;
    }
    let (takers, rest): (Vec<Found>, Vec<Found>) = others.into_iter().partition(|file| takes(&file.path));
    found.extend(takers);
    others = rest;
    for _ in 0..STEPS {
        if changed.is_empty() || others.is_empty() {
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
