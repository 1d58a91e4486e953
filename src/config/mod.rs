//! What a project's `cmklint.toml` says: which files count, how bad findings are, what is put aside by its place.
//!
//! Reading never fails: it gives what could be understood, and what is wrong with the rest and where. Which file's
//! settings hold where is for `discover` to find out; nothing here touches the file system.

mod place;
mod read;

pub use read::read;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::GlobSet;

use crate::finding::{Finding, Profile, Severity};
use crate::policy::{Policy, Settings};
use crate::text::{Sources, Span};

/// The name of the file.
pub const FILE: &str = "cmklint.toml";

/// The settings of one file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// What reports call the file.
    pub name: String,
    /// The folder that patterns are relative to.
    pub folder: PathBuf,
    /// Only these files, if it is said.
    pub include: Option<GlobSet>,
    /// Not these.
    pub exclude: GlobSet,
    /// Whose wording severities follow.
    pub profile: Option<Profile>,
    /// The subscription that is deployed to.
    pub subscription: Option<Arc<str>>,
    /// How bad findings of a rule are, by its id; `None` is silent.
    pub levels: Vec<(String, Option<Severity>)>,
    /// What is put aside.
    pub suppress: Vec<Entry>,
    /// Folders with rules of the project's own.
    pub rules: Vec<Named>,
    /// Those rules, once they are read.
    pub policies: Arc<[Policy]>,
    /// Lists that rules ask for by name.
    pub lists: Settings,
    /// What holds for some of the files only; later ones win.
    pub overrides: Vec<Override>,
    /// Names that none of our rules has, where the project's own rules may have them.
    pub own_rules: Vec<(String, Range<usize>)>,
    /// All that is said, for people: key, value and line (from 1), in the order of the file.
    pub said: Vec<(String, String, u32)>,
    /// What is written in the file.
    pub text: Arc<str>,
}

/// A file or folder that settings name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// As it is written, below the folder of the settings; canonical once it was looked for.
    pub path: PathBuf,
    /// Where it is written.
    pub range: Range<usize>,
}

/// What holds for some files.
#[derive(Clone, Debug)]
pub struct Override {
    /// The line of the entry, from 1.
    pub line: u32,
    /// These.
    pub files: GlobSet,
    /// Whose wording severities follow.
    pub profile: Option<Profile>,
    /// The subscription that is deployed to.
    pub subscription: Option<Arc<str>>,
    /// Values of parameters, as they are typed.
    pub parameters: Vec<(Arc<str>, String)>,
    /// Parameters files, if it is said which: one evaluation for each.
    pub parameters_files: Option<Vec<Named>>,
}

/// Findings that are put aside by their place.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Ids of rules.
    pub rules: Vec<String>,
    /// In these files.
    pub files: GlobSet,
    /// Within what this `JSONPath` selects of a file; `None` is anywhere.
    pub at: Option<String>,
    /// The line of the entry, from 1.
    pub line: u32,
}

/// What is wrong with a file of settings: where, and what.
pub type Fault = (Range<usize>, String);

impl Config {
    /// The profile for a file.
    pub fn profile_for(&self, path: &Path) -> Option<Profile> {
        self.overrides_for(path).rev().find_map(|over| over.profile).or(self.profile)
    }

    /// The subscription for a file.
    pub fn subscription_for(&self, path: &Path) -> Option<Arc<str>> {
        self.overrides_for(path).rev().find_map(|over| over.subscription.clone()).or_else(|| self.subscription.clone())
    }

    /// Values of parameters for a file; of two for one name, the later holds.
    pub fn parameters_for(&self, path: &Path) -> Vec<(Arc<str>, String)> {
        let mut all: Vec<(Arc<str>, String)> = Vec::new();
        for (name, value) in self.overrides_for(path).flat_map(|over| &over.parameters) {
            all.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            all.push((Arc::clone(name), value.clone()));
        }
        all
    }

    /// The parameters files for a template; none if nothing is said of it.
    pub fn parameters_files_for(&self, path: &Path) -> &[Named] {
        self.overrides_for(path).rev().find_map(|over| over.parameters_files.as_deref()).unwrap_or_default()
    }

    /// What is said of a file in particular, in the order of the settings.
    pub fn overrides_for(&self, path: &Path) -> impl DoubleEndedIterator<Item = &Override> {
        let path = self.relative(path).to_owned();
        self.overrides.iter().filter(move |over| over.files.is_match(&path))
    }

    /// Whether a file counts.
    pub fn includes(&self, path: &Path) -> bool {
        let path = self.relative(path);
        self.include.as_ref().is_none_or(|include| include.is_match(path)) && !self.exclude.is_match(path)
    }

    /// The severity of a finding: its own, or as the settings have it. `None` is silent.
    pub fn severity(&self, finding: &Finding) -> Option<Severity> {
        let said = self.levels.iter().find(|(rule, _)| **rule == *finding.rule);
        said.map_or(Some(finding.severity), |(_, severity)| *severity)
    }

    /// The entry (by index) that puts a finding aside.
    pub fn entry_for(&self, sources: &Sources, finding: &Finding) -> Option<usize> {
        let source = sources.get(finding.primary.source);
        let path = self.relative(source.path());
        self.suppress.iter().position(|entry| {
            entry.rules.iter().any(|rule| **rule == *finding.rule)
                && entry.files.is_match(path)
                && entry.at.as_ref().is_none_or(|at| {
                    let selected = place::selected(finding.primary.source, source.text(), at);
                    selected.iter().any(|span: &Span| span.contains(finding.primary))
                })
        })
    }

    /// Whether an entry speaks of a file.
    pub fn speaks_of(&self, entry: usize, path: &Path) -> bool {
        self.suppress.get(entry).is_some_and(|entry| entry.files.is_match(self.relative(path)))
    }

    fn relative<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.folder).unwrap_or(path)
    }
}
