//! A scratch repository, made with real git, gone when the test is over.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

/// A repository with a branch `main`, in a folder of its own.
pub(crate) struct Repository {
    room: PathBuf,
    /// Its work tree.
    pub(crate) folder: PathBuf,
}

impl Repository {
    /// With these files, committed.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cmklint-git-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let room = env::temp_dir().join(name);
        let folder = room.join("work");
        fs::create_dir_all(&folder).expect("a folder can be made");
        let repository = Self { room, folder };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        for (name, text) in files {
            repository.write(name, text);
        }
        repository.commit("first");
        repository
    }

    /// Runs git in it and gives what it says.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        git(&self.folder, args)
    }

    /// Writes a file of the work tree.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("folders can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Commits all that there is.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }

    /// Goes on in a new branch.
    pub(crate) fn branch(&self, name: &str) {
        self.git(&["checkout", "--quiet", "-b", name]);
    }

    /// Another work tree, with a new branch.
    pub(crate) fn worktree(&self, branch: &str) -> PathBuf {
        let folder = self.room.join("beside");
        self.git(&["worktree", "add", "--quiet", "-b", branch, folder.to_str().expect("a plain path")]);
        folder
    }

    /// A clone that has the last commit only.
    pub(crate) fn shallow_clone(&self) -> PathBuf {
        let folder = self.room.join("shallow");
        let from = format!("file://{}", self.folder.display());
        git(&self.room, &["clone", "--quiet", "--depth=1", &from, folder.to_str().expect("a plain path")]);
        folder
    }

    /// A folder that is in no repository.
    pub(crate) fn outside(&self) -> PathBuf {
        let folder = self.room.join("outside");
        fs::create_dir_all(&folder).expect("a folder can be made");
        folder
    }

    /// Writes a file that can be run.
    pub(crate) fn script(&self, path: &Path, text: &str) {
        fs::write(path, text).expect("a file can be written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be made runnable");
        }
    }

    /// Everything by which a repository could make git start something: a line for a shell.
    pub(crate) fn set_traps(&self, evil: &str) {
        self.write(".gitattributes", "* diff=evil filter=evil\n");
        for setting in [
            "core.fsmonitor",
            "core.pager",
            "pager.ls-tree",
            "pager.cat-file",
            "pager.rev-parse",
            "diff.evil.textconv",
            "filter.evil.smudge",
            "filter.evil.process",
            "core.sshCommand",
            "credential.helper",
            "core.editor",
        ] {
            self.git(&["config", setting, evil]);
        }
        self.git(&["config", "alias.ls-tree", &format!("!{evil}")]);
        let hooks = self.folder.join(".git/hooks");
        fs::create_dir_all(&hooks).expect("a folder can be made");
        for hook in ["post-index-change", "reference-transaction", "fsmonitor-watchman"] {
            self.script(&hooks.join(hook), &format!("#!/bin/sh\n{evil}\n"));
        }
    }
}

/// Git without the settings of whoever runs the tests.
fn git(folder: &Path, args: &[&str]) -> String {
    let nobody = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", nobody)
        .env("GIT_CONFIG_SYSTEM", nobody)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .expect("THESE TESTS NEED git ON THE PATH, and it could not be started");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.room);
    }
}
