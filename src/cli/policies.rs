//! Rules of the user's own: folders to policies.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::check::workspace;
use super::failure::Failure;
use crate::policy::{self, Policy};
use crate::report::mistakes;
use crate::rules;
use crate::text::{Source, Sources, Span};

/// A rule file or page of more bytes is not read.
const SIZE_LIMIT: u64 = 1024 * 1024;

/// A policy and where it is from.
pub(super) struct Found {
    pub(super) policy: Policy,
    /// The page beside it, where there is one: its path and text.
    pub(super) page: Option<(PathBuf, String)>,
}

/// The policies in folders.
pub(super) fn load(folders: &[PathBuf]) -> Result<Vec<Policy>, Failure> {
    find(folders).map(|found| found.into_iter().map(|found| found.policy).collect())
}

/// The policies in folders, in the order of their paths. A folder holds a `rule.json`, or folders that do.
pub(super) fn find(folders: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut sources = Sources::default();
    let mut wrong: Vec<(Span, String)> = Vec::new();
    let mut found: Vec<Found> = Vec::new();
    for folder in folders {
        for file in rule_files(folder)? {
            let text = text(&file, folder)?;
            let source = sources.add(Source::new(file.to_string_lossy(), file.clone(), text.clone()));
            match policy::read(source, &text) {
                Ok(policy) => {
                    let id = policy.meta.id.clone();
                    let is_taken = found.iter().any(|other| other.policy.meta.id.eq_ignore_ascii_case(&id));
                    if is_taken || rules::find(&id).is_some() || id.to_ascii_uppercase().starts_with("CMK") {
                        let at = text.find(&format!("\"{id}\"")).unwrap_or_default() as u32;
                        let span = Span::new(source, at, at + id.len() as u32 + 2);
                        wrong.push((span, format!("the id `{id}` is taken: ids of ours begin with CMK")));
                    }
                    let page = file.with_file_name("README.md");
                    let page = if page.is_file() { Some((page.clone(), self::text(&page, folder)?)) } else { None };
                    found.push(Found { policy, page });
                }
                Err(of_file) => wrong.extend(of_file.into_iter().map(|mistake| (mistake.span, mistake.message))),
            }
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(Failure::RuleFiles(mistakes(&sources, &wrong))) }
}

/// The rule files of a folder: its own, or those of the folders in it.
pub(super) fn rule_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let own = folder.join("rule.json");
    if own.is_file() {
        return Ok(vec![own]);
    }
    let unreadable = |error| Failure::RuleFile(folder.to_owned(), error);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path().join("rule.json");
        if file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    if files.is_empty() { Err(Failure::NoRules(folder.to_owned())) } else { Ok(files) }
}

/// The text of a file below a folder that was named.
fn text(path: &Path, named: &Path) -> Result<String, Failure> {
    let unreadable = |error| Failure::RuleFile(path.to_owned(), error);
    // What is wrong with a rule is shown with its lines: lines of what a link leads to.
    let file = fs::canonicalize(path).map_err(unreadable)?;
    let holds = fs::canonicalize(named).is_ok_and(|named| file.starts_with(named)) || workspace()?.holds(&file);
    if !holds {
        return Err(unreadable(io::Error::other("it is a link that leads out of the folder of rules")));
    }
    let mut text = String::new();
    let file = fs::File::open(file).map_err(unreadable)?;
    file.take(SIZE_LIMIT).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}
