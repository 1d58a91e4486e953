//! Files that somebody made to stop a run: the command says what it did not look at, and neither crashes nor hangs.
//! How long each takes and how much memory, `benches/hostile.sh` measures.

mod command;
#[path = "support/hostile.rs"]
mod inputs;

use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs, io, process, thread};

use cmklint::analyze::{Request, analyze};
use cmklint::discover::{Disk, Metadata, Reader, Workspace};
use cmklint::report::{Form, Style, render};
use command::cmklint;
use inputs::{ALL, Hostile};
use rayon::prelude::*;

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
    let judged = |input: &Hostile| {
        let folder = Folder::new(input.name);
        (input.make)(&folder.0);
        let output = check(input, &folder.0);
        let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
        let shown: String = said.chars().take(400).collect();
        if !matches!(output.status.code(), Some(0 | 1)) {
            return Some(format!("{}: ended with {:?}: {shown}", input.name, output.status));
        }
        if !said.contains(input.says) {
            return Some(format!("{}: says nothing of {}: {shown}", input.name, input.says));
        }
        let control = said.chars().find(|char| (char.is_control() && *char != '\n') || *char == '\u{202e}');
        control.map(|control| format!("{}: {control:?} reaches the terminal", input.name))
    };
    let wrong: Vec<String> = ALL.par_iter().filter_map(judged).collect();
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

/// More findings than fit into a block of a disk.
fn many_findings(folder: &Path) {
    let input = ALL.iter().find(|input| input.name == "many-findings").expect("it is there");
    (input.make)(folder);
}

#[cfg(unix)]
#[test]
fn a_disk_that_is_full_leaves_nothing_behind() {
    let folder = Folder::new("full");
    many_findings(&folder.0);
    // A limit for the size of files, whose signal is passed over, fails as a full disk does.
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" check --quiet --output json=report.json .";
    let output = process::Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_cmklint")])
        .current_dir(&folder.0)
        .output()
        .expect("there is a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("report.json") && said.contains("help:"), "{said}");
    let left: Vec<_> =
        fs::read_dir(&folder.0).expect("it can be listed").flatten().map(|file| file.file_name()).collect();
    assert!(left.iter().all(|name| name == "main.json" || name == ".git"), "{left:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_written_into_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let folder = Folder::new("device");
    many_findings(&folder.0);
    let output = cmklint(&folder.0, &["check", "--quiet", "--output", "json=/dev/full", "."]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("/dev/full"), "{said}");
    let device = fs::metadata("/dev/full").expect("it is there").file_type();
    assert!(device.is_char_device());
}

/// Files that are never twice the same: each time that one is read there is another of its texts in it.
struct Changing {
    texts: [String; 3],
    reads: AtomicUsize,
}

impl Reader for Changing {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        Disk.metadata(path)
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }

    fn read(&self, _: &Path, _: u64) -> io::Result<Vec<u8>> {
        let reads = self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.texts[reads % self.texts.len()].clone().into_bytes())
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Disk.list(folder)
    }
}

#[test]
fn files_that_change_while_they_are_read_are_judged_as_they_were_read() {
    let folder = Folder::new("changing");
    let input = ALL.iter().find(|input| input.name == "conditions").expect("it is there");
    (input.make)(&folder.0);
    let whole = fs::read_to_string(folder.0.join("main.json")).expect("it is there");
    fs::copy(folder.0.join("main.json"), folder.0.join("other.json")).expect("it can be copied");
    let reader = Changing {
        texts: [whole.clone(), whole[..whole.len() / 2].to_owned(), format!("\n\n{whole}")],
        reads: AtomicUsize::new(0),
    };
    for _ in 0..6 {
        let workspace = Workspace::around(&reader, &folder.0).expect("the folder is there");
        let analysis = analyze(&reader, workspace, &Request { paths: [folder.0.clone()].into(), ..Request::default() });
        let analysis = analysis.expect("the folder is there");
        for finding in &analysis.findings {
            let span = finding.primary;
            let text = analysis.sources.get(span.source).text();
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{finding:?}");
        }
        assert!(!render(&analysis.report(), Form::Human, Style::default()).is_empty());
    }
}

#[test]
fn hostile_settings_and_baselines_are_refused_with_a_place_or_a_limit() {
    let settings = [
        format!("a = {}", "[".repeat(100_000)),
        format!("a{} = 1", ".a".repeat(100_000)),
        "exclude = [\"[a\"]".to_owned(),
        "#".repeat(2 * 1024 * 1024),
    ];
    let folder = Folder::new("settings");
    fs::write(folder.0.join("main.sh"), "az sig image-version create\n").expect("it can be written");
    for text in settings {
        fs::write(folder.0.join("cmklint.toml"), &text).expect("it can be written");
        let output = cmklint(&folder.0, &["check", "."]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("cmklint.toml") && said.contains("help:"), "{said}");
        assert!(said.len() < 4096, "{} bytes are said", said.len());
    }
    fs::remove_file(folder.0.join("cmklint.toml")).expect("it can be removed");
    for text in ["[".repeat(100_000), "{\"version\": 1, \"findings\": 7}".to_owned(), "\u{0}".repeat(1000)] {
        fs::write(folder.0.join("baseline.json"), text).expect("it can be written");
        let output = cmklint(&folder.0, &["check", "--baseline", "baseline.json", "."]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("baseline.json") && said.len() < 65_536, "{said}");
    }
}

#[test]
fn a_million_findings_are_cut_and_fail_the_run() {
    let folder = Folder::new("million");
    for name in ["million-findings", "findings-in-files"] {
        let input = ALL.iter().find(|input| input.name == name).expect("it is there");
        let folder = folder.0.join(name);
        fs::create_dir_all(folder.join(".git")).expect("a folder can be made");
        (input.make)(&folder);
        let output = cmklint(&folder, &["check", "--quiet", "--format", "concise", "."]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains("CMK005"), "{name}: {}", said.lines().count());
        // Every evaluation may say once that it was cut, and the run too.
        let limits = said.lines().filter(|line| line.contains("CMK005")).count();
        assert!(said.lines().count() <= 10_000 + limits, "{name}: {} lines", said.lines().count());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_gitignore_that_has_no_end_is_not_read_and_hides_nothing() {
    use std::os::unix::fs::symlink;
    let input = ALL.iter().find(|input| input.name == "cyclic-modules").expect("it is there");
    for at in [".", "sub", "sub/deeper"] {
        let folder = Folder::new("gitignore");
        let below = folder.0.join("sub/deeper");
        fs::create_dir_all(&below).expect("a folder can be made");
        (input.make)(&below);
        let gitignore = folder.0.join(at).join(".gitignore");
        for make in [|path: &Path| symlink("/dev/zero", path), |path: &Path| fs::File::create(path)?.set_len(1 << 40)] {
            make(&gitignore).expect("the folder can be written");
            for place in [".", "sub/deeper"] {
                let output = cmklint(&folder.0, &["check", place]);
                let said = String::from_utf8_lossy(&output.stdout);
                assert!(said.contains("CMK205"), "{at} {place} {said}");
                assert!(said.contains(".gitignore: was not heeded"), "{at} {place} {said}");
            }
            fs::remove_file(&gitignore).expect("it is there");
        }
    }
}

#[cfg(unix)]
#[test]
fn settings_and_rules_that_a_link_leads_out_to_are_not_shown() {
    let folder = Folder::new("out");
    let input = ALL.iter().find(|input| input.name == "cyclic-modules").expect("it is there");
    fs::write(folder.0.join("secret"), "password hunter2\n").expect("the folder can be written");
    for (link, settings, says) in [
        ("cmklint.toml", None, "leads out of the workspace"),
        ("own/rule/rule.json", Some("rules = [\"own\"]\n"), "leads out of the folder of rules"),
    ] {
        let inside = folder.0.join("inside");
        fs::create_dir_all(inside.join(".git")).expect("a folder can be made");
        fs::create_dir_all(inside.join("own/rule")).expect("a folder can be made");
        (input.make)(&inside);
        std::os::unix::fs::symlink(folder.0.join("secret"), inside.join(link)).expect("a link can be made");
        if let Some(settings) = settings {
            fs::write(inside.join("cmklint.toml"), settings).expect("the folder can be written");
        }
        let output = cmklint(&inside, &["check", "."]);
        let said = [String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)].concat();
        assert_eq!(output.status.code(), Some(2), "{link}: {said}");
        assert!(said.contains(says) && said.contains("help:"), "{link}: {said}");
        assert!(!said.contains("hunter2"), "{link}: {said}");
        fs::remove_dir_all(&inside).expect("it is there");
    }
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
