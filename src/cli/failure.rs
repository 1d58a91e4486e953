//! Why a run could not be made, whose move it is, and what the move may be.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::Exit;
use crate::discover::{BadSettings, NoSuchPath};
use crate::history::GitFailure;

/// Why a run could not be made. Findings are never failures.
#[derive(Debug)]
pub(super) enum Failure {
    /// A path doesn't exist. The user corrects it.
    Path(NoSuchPath),
    /// A file was named where only a template will do. The user names another.
    NoTemplate(PathBuf),
    /// A file of settings can't be used. The user mends it.
    Settings(BadSettings),
    /// A revision can't be looked at. The user names another, or fetches it.
    Git(GitFailure),
    /// A baseline could not be read. The user names another file.
    BaselineFile(PathBuf, io::Error),
    /// A baseline holds mistakes, drawn here. The user writes it anew.
    Baseline(String),
    /// No rule has this id or slug. The user corrects it.
    Rule(String),
    /// `--param` without `=`. The user corrects it.
    Param(String),
    /// `--subscription` isn't an id. The user corrects it.
    Subscription(String),
    /// `--setting` without `=`. The user corrects it.
    Setting(String),
    /// A query that can't be run. The user corrects it.
    Query(String, String),
    /// A folder holds no rule. The user names another.
    NoRules(PathBuf),
    /// A rule file could not be read. The user sees to it.
    RuleFile(PathBuf, io::Error),
    /// Rule files hold mistakes, drawn here. The user corrects them.
    RuleFiles(String),
    /// The current directory is gone or closed to us. The user goes elsewhere.
    CurrentDirectory(io::Error),
    /// Threads could not be had. The user asks for fewer.
    Threads(String),
    /// The answer could not be written. The user makes room.
    Write(io::Error),
    /// A file could not be written. The user makes room, or names another place.
    WriteFile(PathBuf, io::Error),
    /// Whoever read the answer has heard enough. Nobody's move; the exit code stays what it would have been.
    Closed(Exit),
}

impl Failure {
    /// What may be done about it.
    pub(super) fn next_step(&self) -> &'static str {
        match self {
            Self::Path(_) => "name a file or folder that exists and may be read",
            Self::Git(failure) => failure.next_step(),
            Self::BaselineFile(..) => "`cmklint baseline --output FILE` writes one",
            Self::Baseline(_) => "mend it, or write it anew: `cmklint baseline --output FILE`",
            Self::Settings(_) => "mend the file, or leave it aside with `--no-config`",
            Self::NoTemplate(_) => "name an ARM template or a Bicep file",
            Self::Rule(_) => "`cmklint rules` lists all ids and slugs",
            Self::Param(_) => "write `--param NAME=VALUE`",
            Self::Subscription(_) => {
                "give the id, like 00000000-0000-0000-0000-000000000000 (`az account show --query id` tells it)"
            }
            Self::Setting(_) => "write `--setting NAME=VALUE`",
            Self::Query(..) => "a JSONPath looks like `$.properties.publishingProfile.targetRegions[*].name`",
            Self::NoRules(_) => "a rule is a folder with a `rule.json`; name it, or the folder around it",
            Self::RuleFile(..) => "name files that exist and may be read",
            Self::RuleFiles(_) => "`rules/rule.schema.json` says what a rule file may hold",
            Self::CurrentDirectory(_) => "run it from a folder that exists and may be read",
            Self::Threads(_) => "try `--jobs 1`",
            Self::Write(_) => "see that there is room where the output goes",
            Self::WriteFile(..) => "name a file in a folder that exists and may be written to",
            Self::Closed(_) => "",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(error) => error.fmt(f),
            Self::Git(failure) => failure.fmt(f),
            Self::BaselineFile(path, error) => write!(f, "{} could not be read: {error}", path.display()),
            Self::Baseline(drawn) => write!(f, "the baseline can't be used\n{}", drawn.trim_end()),
            Self::Settings(bad) => f.write_str(&bad.what),
            Self::NoTemplate(path) => write!(f, "{} is not a template that could be read", path.display()),
            Self::Rule(name) => write!(f, "there is no rule `{name}`"),
            Self::Param(typed) => write!(f, "`{typed}` gives no parameter a value"),
            Self::Subscription(typed) => write!(f, "`{typed}` is not the id of a subscription"),
            Self::Setting(typed) => write!(f, "`{typed}` gives no setting a value"),
            Self::Query(path, why) => write!(f, "`{path}` {why}"),
            Self::NoRules(path) => write!(f, "{} holds no rules", path.display()),
            Self::RuleFile(path, error) => write!(f, "{} could not be read: {error}", path.display()),
            Self::RuleFiles(drawn) => write!(f, "rule files can't be used\n{}", drawn.trim_end()),
            Self::CurrentDirectory(error) => write!(f, "the current directory can't be looked at: {error}"),
            Self::Threads(error) => write!(f, "threads could not be started: {error}"),
            Self::Write(error) => write!(f, "the output could not be written: {error}"),
            Self::WriteFile(path, error) => write!(f, "{} could not be written: {error}", path.display()),
            Self::Closed(_) => Ok(()),
        }
    }
}
