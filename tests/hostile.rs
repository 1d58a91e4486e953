//! Files that somebody made to stop a run: the command says what it did not look at, and neither crashes nor hangs.
//! How long each takes and how much memory, `benches/hostile.sh` measures.

mod command;
#[path = "support/hostile.rs"]
mod inputs;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::{env, fs, process, thread};

use command::cmklint;
use inputs::{ALL, Hostile};

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("cmklint-hostile-{}-{name}", process::id()));
        fs::create_dir_all(folder.join(".git")).expect("a folder can be made");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn check(input: &Hostile, folder: &Path) -> Output {
    cmklint(folder, &[&["check", "--undecided"], input.paths].concat())
}

#[test]
fn hostile_files_neither_stop_a_run_nor_pass_in_silence() {
    let mut wrong = Vec::new();
    for input in ALL {
        let folder = Folder::new(input.name);
        (input.make)(&folder.0);
        let output = check(input, &folder.0);
        let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
        let shown: String = said.chars().take(400).collect();
        if !matches!(output.status.code(), Some(0 | 1)) {
            wrong.push(format!("{}: ended with {:?}: {shown}", input.name, output.status));
        } else if !said.contains(input.says) {
            wrong.push(format!("{}: says nothing of {}: {shown}", input.name, input.says));
        } else if let Some(control) =
            said.chars().find(|char| (char.is_control() && *char != '\n') || *char == '\u{202e}')
        {
            wrong.push(format!("{}: {control:?} reaches the terminal", input.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ten_runs_at_once_say_the_same() {
    let folder = Folder::new("at-once");
    let input = ALL.iter().find(|input| input.name == "conditions").expect("it is there");
    (input.make)(&folder.0);
    let reports: Vec<Vec<u8>> = thread::scope(|scope| {
        let runs: Vec<_> = (0..10).map(|_| scope.spawn(|| check(input, &folder.0).stdout)).collect();
        runs.into_iter().map(|run| run.join().expect("it ends")).collect()
    });
    assert!(!reports[0].is_empty());
    assert!(reports.iter().all(|report| *report == reports[0]));
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_circles_of_links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    symlink("b.json", folder.0.join("a.json")).expect("a link can be made");
    symlink("a.json", folder.0.join("b.json")).expect("a link can be made");
    symlink(".", folder.0.join("again")).expect("a link can be made");
    symlink("/dev/zero", folder.0.join("zero.json")).expect("a link can be made");
    symlink("/etc/passwd", folder.0.join("passwd.json")).expect("a link can be made");
    let output = cmklint(&folder.0, &["check", "."]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("passwd.json: was not read: it is a link that leads out of the workspace"), "{said}");
    let output = cmklint(&folder.0, &["check", "/dev/zero"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("it is not a regular file"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_run_reads_and_nothing_else_and_starts_nothing() {
    // Where `strace` is at hand, the system is asked; the crate forbids `unsafe` and has no dependency that could.
    let strace = process::Command::new("strace").arg("-V").output();
    if strace.is_err() {
        eprintln!("strace is not installed: not looked at");
        return;
    }
    let folder = Folder::new("traced");
    let input = ALL.iter().find(|input| input.name == "cyclic-modules").expect("it is there");
    (input.make)(&folder.0);
    let output = process::Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=execve,network,unlink,unlinkat,rename,renameat2,mkdir,mkdirat"])
        .args([env!("CARGO_BIN_EXE_cmklint"), "check", "."])
        .current_dir(&folder.0)
        .output()
        .expect("strace runs");
    let trace = String::from_utf8_lossy(&output.stderr);
    let calls: Vec<&str> = trace.lines().filter(|line| line.contains('(') && !line.contains("SIG")).collect();
    assert!(calls.iter().all(|line| line.contains("execve(") && line.contains("cmklint")), "{trace}");
    assert!(calls.len() <= 1, "{trace}");
}
