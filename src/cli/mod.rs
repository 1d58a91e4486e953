//! The command line: what was typed, what is to be done, where the answer goes, and the exit code.
//!
//! [`args`] is what was typed, [`request`] turns it into what is to be done; nothing below this module knows of
//! either. Each command is a file.

mod args;
mod baseline;
mod check;
mod completions;
mod config;
mod eval;
mod exit;
mod explain;
mod failure;
mod fix;
mod map;
mod one_file;
mod output;
mod plain_markdown;
mod policies;
mod query;
mod request;
mod rules;
mod rules_test;

pub use exit::Exit;

use std::ffi::OsString;

use clap::Parser;

use args::{Args, Command};
use failure::Failure;

/// Runs the command that was typed. `typed` begins with the name of the program.
pub fn run(typed: impl IntoIterator<Item = OsString>) -> Exit {
    let args = match Args::try_parse_from(typed) {
        Ok(args) => args,
        Err(error) => return output::usage(&error),
    };
    let done = match args.command {
        Command::Check(args) => check::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules(args) => rules::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Query(args) => query::run(&args),
        Command::Map(args) => map::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Baseline(args) => baseline::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man => completions::man(),
    };
    match done {
        Ok(exit) => exit,
        Err(Failure::Closed(exit)) => exit,
        Err(failure) => {
            output::complain(&failure);
            Exit::CouldNotWork
        }
    }
}
