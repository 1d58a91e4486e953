//! What a run asks of the system, call by call: it reads files and does nothing else. Linux only; what is promised is the
//! same everywhere.

#![cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]

mod project;
mod repository;
mod trace;

use std::net::UdpSocket;
use std::path::Path;
use std::{env, fs};

use project::project;
use repository::Repository;
use trace::{Seen, watch};

fn check(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Seen> {
    let arguments = [&["check", "--format", "concise"], arguments].concat();
    watch(folder, Path::new(env!("CARGO_BIN_EXE_cmklint")), &arguments, variables)
}

#[test]
fn a_check_reads_and_starts_nothing() {
    let Some(seen) = check(project(), &["fixtures"], &[]) else { return };
    assert!(seen.said.contains("CMK101") && seen.said.contains("CMK202"), "{}", seen.said);
    let Seen { started, network, written, .. } = seen;
    assert_eq!((started, network, written), (vec![], vec![], vec![]));
}

#[test]
fn a_comparison_starts_git_and_git_starts_nothing() {
    let repository = Repository::new(&[]);
    let from = project().join("fixtures/article");
    let text = |name: &str| fs::read_to_string(from.join(name)).expect("it is there");
    let parameters = text("lun-mismatch.parameters.json");
    repository.write("lun-mismatch.json", &text("lun-mismatch.json"));
    repository.write("lun-mismatch.parameters.json", &parameters);
    repository.commit("second");
    repository.write("lun-mismatch.parameters.json", &parameters.replace("\"value\": 1", "\"value\": 2"));
    let mark = repository.outside().join("started");
    repository.set_traps(&format!("echo started >>'{}'; cat", mark.display()));
    // The program itself: what users have on their path may be a script that starts it.
    let programs = repository.git(&["--exec-path"]);
    let Some(seen) = check(&repository.folder, &["--since", "main", "."], &[("PATH", programs.trim())]) else { return };
    assert!(seen.said.contains("CMK202"), "{}", seen.said);
    assert!(!seen.started.is_empty());
    assert!(seen.started.iter().all(|started| started == "cmklint: git"), "{:?}", seen.started);
    assert_eq!((seen.network, seen.written), (vec![], vec![]));
    assert!(!mark.exists());
}

/// What the others say is not there, this one does where it is asked to, and sees itself.
#[test]
fn what_must_not_be_done_would_be_seen() {
    const ASKED: &str = "CMKLINT_TEST_WHERE";
    let this = "what_must_not_be_done_would_be_seen";
    if let Some(folder) = env::var_os(ASKED) {
        // The address of this machine, and nothing is sent.
        drop(UdpSocket::bind("127.0.0.1:0"));
        fs::write(Path::new(&folder).join("written"), "").expect("the folder can be written");
        fs::create_dir(Path::new(&folder).join("made")).expect("the folder can be written");
        return;
    }
    let repository = Repository::new(&[]);
    let folder = repository.folder.to_str().expect("a plain path");
    let program = env::current_exe().expect("it has a name");
    let itself = program.file_name().expect("it has a name").to_string_lossy();
    let shell = format!("'{}' --exact {this} && exec true", program.display());
    let Some(seen) = watch(&repository.folder, Path::new("/bin/sh"), &["-c", &shell], &[(ASKED, folder)]) else {
        return;
    };
    let [first, second] = &*seen.started else { panic!("{seen:?}") };
    assert!(first.ends_with(&format!(": {itself}")) && !second.starts_with(&*itself), "{seen:?}");
    assert!(seen.network.contains(&format!("{itself}: socket")), "{seen:?}");
    assert!(seen.written.contains(&format!("{itself}: {folder}/written")), "{seen:?}");
    assert!(seen.written.iter().any(|call| call.starts_with(&format!("{itself}: mkdir"))), "{seen:?}");
}
