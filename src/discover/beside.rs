//! Parameters files and templates that belong together because they lie beside each other.

use std::path::{Path, PathBuf};

use super::kind::parameters_of;
use super::{Came, Found, Kind, Metadata, Reader};

/// Names that a template has where its parameters file doesn't say.
const USUAL: [&str; 3] = ["main", "azuredeploy", "mainTemplate"];
/// Extensions of templates.
const TEMPLATES: [&str; 3] = ["bicep", "json", "jsonc"];

/// The templates of a JSON parameters file, going by their names: the files of the first group that has any.
pub(super) fn templates_beside(parameters: &Path, exists: impl Fn(&PathBuf) -> bool) -> Vec<PathBuf> {
    let (Some(stem), Some(folder)) = (parameters_of(parameters), parameters.parent()) else { return Vec::new() };
    let parts: Vec<&str> = stem.split('.').collect();
    let shorter = (1..=parts.len()).rev().map(|kept| parts.get(..kept).unwrap_or_default().join("."));
    let names = shorter.filter(|name| !name.is_empty()).chain(USUAL.map(str::to_owned));
    let mut groups = names.map(|name| {
        let paths = TEMPLATES.iter().map(|extension| folder.join(format!("{name}.{extension}")));
        paths.filter(&exists).collect::<Vec<PathBuf>>()
    });
    groups.find(|group| !group.is_empty()).unwrap_or_default()
}

/// Whether there is a file of that very path. Most paths that are guessed lead nowhere, which is quickly told.
pub(super) fn is_there(reader: &dyn Reader, path: &Path) -> bool {
    reader.metadata(path).is_ok() && reader.canonical(path).is_ok_and(|found| found == *path)
}

/// Parameters files beside the templates that the user named, or that use those: naming a file must not judge it otherwise than naming
/// its folder.
pub(super) fn parameters_beside(reader: &dyn Reader, found: &[Found]) -> Vec<Found> {
    let mut folders: Vec<&Path> = found
        .iter()
        .filter(|file| {
            matches!(file.came, Came::Named | Came::User)
                && file.kind != Kind::BicepParameters
                && parameters_of(&file.path).is_none()
        })
        .filter_map(|file| file.path.parent())
        .collect();
    folders.dedup();
    let mut beside = Vec::new();
    for folder in folders {
        for path in reader.list(folder).unwrap_or_default() {
            let Some(kind) = Kind::of(&path) else { continue };
            if kind != Kind::BicepParameters && parameters_of(&path).is_none() {
                continue;
            }
            let Ok(canonical) = reader.canonical(&path) else { continue };
            // A link may lead anywhere; one that stays in its folder is that file itself.
            if canonical.parent() == Some(folder) && matches!(reader.metadata(&canonical), Ok(Metadata::File(_))) {
                beside.push(Found { path: canonical, kind, came: Came::Beside });
            }
        }
    }
    beside.sort_by(|a, b| a.path.cmp(&b.path));
    beside.dedup();
    beside.retain(|file| found.iter().all(|other| other.path != file.path));
    beside
}
