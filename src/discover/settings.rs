//! Which settings hold for which file: those of the nearest `cmklint.toml` upwards from it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::walk::{LEADS_OUT, by_parts};
use super::workspace::normal;
use super::{Metadata, Reader, Workspace};
use crate::config::{self, Config, Named};
use crate::text::{LineIndex, visible};

/// No file of settings has more bytes.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// Whose settings hold.
#[derive(Clone, Debug, Default)]
pub enum Whose {
    /// Those of the file nearest to each file that is looked at.
    #[default]
    Nearest,
    /// Those of one file, for all.
    File(PathBuf),
    /// None.
    Nobody,
}

/// All settings of a run.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    by_folder: BTreeMap<PathBuf, Config>,
    for_all: Option<Config>,
}

/// A file of settings can't be used. It is for the user to mend it.
#[derive(Debug)]
pub struct BadSettings {
    /// What is wrong, a paragraph for each fault.
    pub what: String,
}

impl Settings {
    /// The settings for the files of some folders.
    pub fn of_folders(
        reader: &dyn Reader,
        workspace: &Workspace,
        folders: &[PathBuf],
        whose: &Whose,
    ) -> Result<Self, BadSettings> {
        let mut settings = Self::default();
        match whose {
            Whose::Nobody => {}
            Whose::File(path) => {
                let path = workspace.current().join(path);
                let unreadable = |why: &io::Error| BadSettings {
                    what: format!("{} can't be read: {why}", visible(&workspace.name(&path))),
                };
                let canonical = reader.canonical(&path).map_err(|why| unreadable(&why))?;
                // Who names a file of settings means what it names beside itself, too.
                let beside = canonical.parent().unwrap_or(&canonical);
                let holds = |path: &Path| workspace.holds(path) || path.starts_with(beside);
                settings.for_all =
                    Some(read(reader, workspace, &canonical, &holds).unwrap_or_else(|why| Err(unreadable(&why)))?);
            }
            Whose::Nearest => {
                let candidates = upwards(workspace, folders);
                let is_there =
                    |folder: &&Path| matches!(reader.metadata(&folder.join(config::FILE)), Ok(Metadata::File(_)));
                let with_settings: Vec<&Path> = candidates.into_par_iter().filter(is_there).collect();
                for folder in with_settings {
                    settings.add(reader, workspace, folder)?;
                }
            }
        }
        Ok(settings)
    }

    /// The settings in a folder.
    fn add(&mut self, reader: &dyn Reader, workspace: &Workspace, folder: &Path) -> Result<(), BadSettings> {
        let path = folder.join(config::FILE);
        // What is wrong with settings is shown with the lines that they have: lines of what a link leads to.
        if !reader.canonical(&path).is_ok_and(|path| workspace.holds(&path)) {
            let what = format!("{} can't be read: {LEADS_OUT}", visible(&workspace.name(&path)));
            return Err(BadSettings { what });
        }
        let config = read(reader, workspace, &path, &|path| workspace.holds(path)).unwrap_or_else(|why| {
            Err(BadSettings { what: format!("{} can't be read: {why}", visible(&workspace.name(&path))) })
        })?;
        self.by_folder.insert(folder.to_owned(), config);
        Ok(())
    }

    /// The settings that hold for a file or folder.
    pub fn of(&self, path: &Path) -> Option<&Config> {
        if self.by_folder.is_empty() {
            return self.for_all.as_ref();
        }
        self.for_all.as_ref().or_else(|| path.ancestors().find_map(|folder| self.by_folder.get(folder)))
    }

    /// All files of settings, from the outermost.
    pub fn all(&self) -> impl Iterator<Item = &Config> {
        self.for_all.iter().chain(self.by_folder.values())
    }

    /// Forgets what options of the command line say otherwise.
    pub fn without(&mut self, profile: bool, subscription: bool) {
        for config in self.for_all.iter_mut().chain(self.by_folder.values_mut()) {
            let overrides = &mut config.overrides;
            if profile {
                config.profile = None;
                for over in overrides.iter_mut() {
                    over.profile = None;
                }
            }
            if subscription {
                config.subscription = None;
                for over in overrides.iter_mut() {
                    over.subscription = None;
                }
            }
        }
    }

    /// Whether parameters files are named, and one of these among them.
    pub(super) fn names_any_of(&self, paths: &[PathBuf]) -> bool {
        let mut named =
            self.all().flat_map(|config| &config.overrides).filter_map(|over| over.parameters_files.as_ref());
        named.any(|files| files.iter().any(|file| paths.contains(&file.path)))
    }

    /// Forgets which parameters files are named: others were typed.
    pub fn without_parameters_files(&mut self) {
        for over in self.all_mut().flat_map(|config| &mut config.overrides) {
            over.parameters_files = None;
        }
    }

    /// The same, to be filled with what they name.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Config> {
        self.for_all.iter_mut().chain(self.by_folder.values_mut())
    }
}

/// Folders and all above them up to the workspace's root, each once.
fn upwards<'f>(workspace: &Workspace, folders: &'f [PathBuf]) -> Vec<&'f Path> {
    let mut folders: Vec<&Path> = folders.iter().map(PathBuf::as_path).collect();
    folders.par_sort_unstable_by(|one, other| by_parts(one, other));
    folders.dedup();
    let mut all = Vec::new();
    let mut previous: Option<&Path> = None;
    for folder in folders {
        let top = workspace.folder_of(folder);
        // Folders below one folder follow each other: what is above the one before is known.
        let new = folder.ancestors().take_while(|above| {
            top.is_some_and(|top| above.starts_with(top))
                && !previous.is_some_and(|previous| previous.starts_with(above))
        });
        all.extend(new);
        previous = Some(folder);
    }
    all
}

impl BadSettings {
    /// What is wrong with what settings say at some places.
    pub fn at(config: &Config, faults: &[config::Fault]) -> Self {
        let shown = faults.iter().take(FAULTS).map(|fault| frame(&config.name, &config.text, fault));
        let more = faults.len().checked_sub(FAULTS).filter(|more| *more > 0).map(|more| format!("and {more} more"));
        let shown: Vec<String> = shown.chain(more).collect();
        Self { what: shown.join("\n") }
    }
}

/// Reads a file of settings. `holds` says which of the files and folders that it names may be read.
fn read(
    reader: &dyn Reader,
    workspace: &Workspace,
    path: &Path,
    holds: &dyn Fn(&Path) -> bool,
) -> io::Result<Result<Config, BadSettings>> {
    let bytes = reader.read(path, SIZE_LIMIT + 1)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8"))?;
    let name = workspace.name(path);
    let (mut config, mut faults) = config::read(&name, path.parent().unwrap_or(path), &text);
    for folder in &mut config.rules {
        faults.extend(look_for(reader, folder, true, holds));
    }
    for file in config.overrides.iter_mut().filter_map(|over| over.parameters_files.as_mut()).flatten() {
        faults.extend(look_for(reader, file, false, holds));
    }
    faults.sort_by_key(|(range, _)| range.start);
    Ok(if faults.is_empty() { Ok(config) } else { Err(BadSettings::at(&config, &faults)) })
}

/// Looks for what settings name; gives what is wrong with it.
fn look_for(
    reader: &dyn Reader,
    named: &mut Named,
    is_folder: bool,
    holds: &dyn Fn(&Path) -> bool,
) -> Option<config::Fault> {
    let kind = if is_folder { "folder" } else { "file" };
    let fault = |what: String| Some((named.range.clone(), what));
    // Where it is, links and all, is nothing to be told of what lies elsewhere, be it there or not.
    let as_written = normal(&named.path).filter(|path| holds(path));
    let canonical = as_written.map(|path| reader.canonical(&path));
    let path = match canonical {
        Some(Ok(path)) if holds(&path) => path,
        Some(Ok(_)) | None => {
            return fault(format!(
                "this {kind} lies outside the workspace, where nothing is read on a file's word; copy it into it"
            ));
        }
        Some(Err(why)) if why.kind() == io::ErrorKind::NotFound => {
            return fault(format!("there is no such {kind}; paths are relative to the folder of this file"));
        }
        Some(Err(why)) => return fault(format!("this {kind} can't be looked at: {why}")),
    };
    match reader.metadata(&path) {
        Ok(Metadata::Folder) if is_folder => {}
        Ok(Metadata::File(_)) if !is_folder => {}
        Ok(_) => return fault(format!("this is no {kind}")),
        Err(why) => return fault(format!("this {kind} can't be looked at: {why}")),
    }
    named.path = path;
    None
}

/// Faults of one file that are told, and how much of a line is shown before and from the place on.
const FAULTS: usize = 20;
const AROUND: usize = 60;

/// A fault with its line, or what is around it in a long one.
fn frame(name: &str, text: &str, (range, what): &config::Fault) -> String {
    let lines = LineIndex::new(text);
    let place = lines.scalar(text, range.start as u32);
    let line = text.lines().nth(place.line as usize - 1).unwrap_or_default();
    let before = place.column as usize - 1;
    let skipped = before.saturating_sub(AROUND);
    let shown: String = line.chars().skip(skipped).take(2 * AROUND).collect();
    let start = if skipped > 0 { "…" } else { "" };
    let end = if line.chars().nth(skipped + 2 * AROUND).is_some() { "…" } else { "" };
    let width =
        text.get(range.clone()).and_then(|part| part.lines().next()).map_or(1, |part| part.chars().count().max(1));
    let blanks: String =
        shown.chars().take(before - skipped).map(|char| if char == '\t' { '\t' } else { ' ' }).collect();
    format!(
        "{}:{}:{}: {}\n  | {start}{}{end}\n  | {}{blanks}{}",
        visible(name),
        place.line,
        place.column,
        visible(what),
        visible(&shown),
        if skipped > 0 { " " } else { "" },
        "^".repeat(width.min(AROUND))
    )
}
