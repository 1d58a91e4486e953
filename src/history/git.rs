//! Git as a process: how it is started, and how it is kept from starting anything else.

use std::env;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why a revision can't be looked at.
#[derive(Debug)]
pub enum GitFailure {
    /// Git could not be started.
    Start(io::Error),
    /// There is no work tree around the folder. What git said.
    NoWorkTree(PathBuf, String),
    /// Nothing of that name is a commit here.
    NoRevision(String),
    /// The files of a commit could not be listed: why.
    Listing(String),
}

impl GitFailure {
    /// What may be done about it.
    pub const fn next_step(&self) -> &'static str {
        match self {
            Self::Start(_) => "install git, or leave `--since` away",
            Self::NoWorkTree(..) => "run it inside a git checkout, or leave `--since` away",
            Self::NoRevision(_) => {
                "name a branch, tag or commit; a shallow clone may lack it: `git fetch` it (in a workflow: `fetch-depth: 0`)"
            }
            Self::Listing(_) => "try `git fsck`; in a partial clone `git fetch --refetch` brings what is missing",
        }
    }
}

impl fmt::Display for GitFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => write!(f, "git could not be started: {error}"),
            Self::NoWorkTree(folder, said) => write!(f, "{} is in no git work tree: {said}", folder.display()),
            Self::NoRevision(name) => write!(f, "`{name}` is no commit of this repository"),
            Self::Listing(why) => write!(f, "git could not list the files of the revision: {why}"),
        }
    }
}

/// Settings that a repository or a user may have and by which git would start other programs, or trust a repository
/// that lies inside another as a bare one.
const SETTINGS: [&str; 4] =
    ["core.fsmonitor=false", "core.hooksPath=/dev/null", "credential.helper=", "safe.bareRepository=explicit"];

/// Git in a folder, its environment cut down: no hook, pager, monitor, helper or transport is ever started, and no
/// variable makes it look at another repository.
pub(super) fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    for (name, _) in env::vars_os() {
        if name.as_encoded_bytes().get(..4).is_some_and(|begins| begins.eq_ignore_ascii_case(b"GIT_")) {
            command.env_remove(name);
        }
    }
    command
        // Objects that a partial clone lacks stay missing; for versions of git that don't know this, no transport is
        // allowed to fetch them.
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.args(["--no-pager", "--no-optional-locks", "--literal-pathspecs"]).args(arguments);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The answer of a short question, without the line's end; what git said against it as an error.
pub(super) fn ask(folder: &Path, arguments: &[&str]) -> Result<Result<String, String>, GitFailure> {
    let output = git(folder, arguments).output().map_err(GitFailure::Start)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches(['\r', '\n']).to_owned();
    Ok(if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        let said = text(&output.stderr);
        Err(said.lines().next().unwrap_or("git gave no reason").trim_start_matches("fatal: ").to_owned())
    })
}
