//! Where answers go: standard output, or standard error for complaints.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::Color;
use super::failure::Failure;
use crate::report::visible_lines;

/// Writes an answer; `exit` is the exit code that comes with it.
pub(super) fn say(text: &str, exit: Exit) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(exit),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::Closed(exit)),
        Err(error) => Err(Failure::Write(error)),
    }
}

/// Writes files, all of them whole or none: each is written beside its place first, and they are put in place when all
/// are there. A pipe or device is written into when all else is done.
pub(super) fn write_files(files: &[(&Path, String)]) -> Result<(), Failure> {
    let (streams, files): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| is_stream(path));
    let mut written: Vec<(PathBuf, PathBuf)> = Vec::new();
    let mut done = Ok(());
    for (at, (path, text)) in files.into_iter().enumerate() {
        // The file that a link leads to is replaced, not the link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let beside = beside(&place, at);
        done = write_new(&beside, text).map_err(|error| Failure::WriteFile(path.to_path_buf(), error));
        written.push((beside, place));
        if done.is_err() {
            break;
        }
    }
    for (beside, place) in written {
        if done.is_ok() {
            done = fs::rename(&beside, &place).map_err(|error| Failure::WriteFile(place, error));
        }
        if done.is_err() {
            // What could not be put in place must not lie about; if it can't be removed either, the failure is told.
            let _ = fs::remove_file(&beside);
        }
    }
    done?;
    for (path, text) in streams {
        write_into(path, text).map_err(|error| Failure::WriteFile(path.to_path_buf(), error))?;
    }
    Ok(())
}

/// Whether what is at a path takes text without being replaced by it.
fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

fn write_into(path: &Path, text: &str) -> io::Result<()> {
    fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}

/// Changes files: each is put in the place of the one that was read in one step, with its permissions. A file that isn't
/// any more what was read stays as it is.
pub(super) fn change_files(files: &[(&Path, &str, &str)]) -> Result<(), Failure> {
    for (at, (path, before, after)) in files.iter().enumerate() {
        change(path, &beside(path, at), before, after)
            .map_err(|error| Failure::WriteFile(path.to_path_buf(), error))?;
    }
    Ok(())
}

fn change(path: &Path, beside: &Path, before: &str, after: &str) -> io::Result<()> {
    let changed = || io::Error::new(ErrorKind::InvalidData, "it has changed since it was read");
    let permissions = fs::symlink_metadata(path)?.permissions();
    if fs::read(path)? != before.as_bytes() {
        return Err(changed());
    }
    let done = write_new(beside, after)
        .and_then(|()| fs::set_permissions(beside, permissions))
        .and_then(|()| fs::rename(beside, path));
    if done.is_err() {
        // As above: if it can't be removed either, the failure is told.
        let _ = fs::remove_file(beside);
    }
    done
}

/// A name beside a file that nothing else has.
fn beside(path: &Path, at: usize) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{at}", std::process::id()));
    path.with_file_name(name)
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Says something that isn't part of the answer.
pub(super) fn aside(text: &str) {
    // Nobody is left to be told if standard error can't be written.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Says why a run could not be made.
pub(super) fn complain(failure: &Failure) {
    aside(&format!("error: {}\nhelp: {}\n", visible_lines(&failure.to_string()), failure.next_step()));
}

/// Answers what clap has to say: help and version are answers, all else is a mistake in what was typed.
pub(super) fn usage(error: &clap::Error) -> Exit {
    let is_answer = !error.use_stderr();
    // As above: there is nobody to tell.
    let _ = error.print();
    if is_answer { Exit::Fine } else { Exit::CouldNotWork }
}

/// Whether an answer has colors.
pub(super) fn has_color(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
            let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
            io::stdout().is_terminal() && !set("NO_COLOR") && !dumb
        }
    }
}
