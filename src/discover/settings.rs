//! Which settings hold for which file: those of the nearest `cmklint.toml` upwards from it.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::{Found, Metadata, Reader, Workspace};
use crate::config::{self, Config};
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
    /// The settings for all files that were found.
    pub fn of_files(
        reader: &dyn Reader,
        workspace: &Workspace,
        found: &[Found],
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
                settings.for_all =
                    Some(read(reader, workspace, &canonical).unwrap_or_else(|why| Err(unreadable(&why)))?);
            }
            Whose::Nearest => {
                let mut seen = BTreeSet::new();
                for folder in found.iter().filter_map(|file| file.path.parent()) {
                    settings.add(reader, workspace, folder, &mut seen)?;
                }
            }
        }
        Ok(settings)
    }

    /// The settings for a folder, up to the workspace's root.
    fn add(
        &mut self,
        reader: &dyn Reader,
        workspace: &Workspace,
        folder: &Path,
        seen: &mut BTreeSet<PathBuf>,
    ) -> Result<(), BadSettings> {
        let top = workspace.folder_of(folder);
        for folder in folder.ancestors().take_while(|folder| top.is_some_and(|top| folder.starts_with(top))) {
            if !seen.insert(folder.to_owned()) {
                break;
            }
            let path = folder.join(config::FILE);
            if !matches!(reader.metadata(&path), Ok(Metadata::File(_))) {
                continue;
            }
            let config = read(reader, workspace, &path).unwrap_or_else(|why| {
                Err(BadSettings { what: format!("{} can't be read: {why}", visible(&workspace.name(&path))) })
            })?;
            self.by_folder.insert(folder.to_owned(), config);
        }
        Ok(())
    }

    /// The settings that hold for a file.
    pub fn of(&self, path: &Path) -> Option<&Config> {
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

    /// The same, to be filled with what they name.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Config> {
        self.for_all.iter_mut().chain(self.by_folder.values_mut())
    }
}

fn read(reader: &dyn Reader, workspace: &Workspace, path: &Path) -> io::Result<Result<Config, BadSettings>> {
    let bytes = reader.read(path, SIZE_LIMIT + 1)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(io::Error::other("it is larger than 1 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8"))?;
    let name = workspace.name(path);
    let (config, faults) = config::read(&name, path.parent().unwrap_or(path), &text);
    if faults.is_empty() {
        return Ok(Ok(config));
    }
    let shown: Vec<String> = faults.iter().map(|fault| frame(&name, &text, fault)).collect();
    Ok(Err(BadSettings { what: shown.join("\n") }))
}

/// A fault with its line.
fn frame(name: &str, text: &str, (range, what): &config::Fault) -> String {
    let lines = LineIndex::new(text);
    let place = lines.scalar(text, range.start as u32);
    let line = text.lines().nth(place.line as usize - 1).unwrap_or_default();
    let width =
        text.get(range.clone()).and_then(|part| part.lines().next()).map_or(1, |part| part.chars().count().max(1));
    let blanks: String =
        line.chars().take(place.column as usize - 1).map(|char| if char == '\t' { '\t' } else { ' ' }).collect();
    format!(
        "{}:{}:{}: {}\n  | {}\n  | {blanks}{}",
        visible(name),
        place.line,
        place.column,
        visible(what),
        visible(line),
        "^".repeat(width)
    )
}
