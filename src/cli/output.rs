//! Where answers go: standard output, or standard error for complaints.

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};

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
