//! Runs the command as a user would.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `cmklint` in a folder, with nothing of the surroundings that could change what it says.
pub(crate) fn cmklint(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cmklint"))
        .args(args)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE")
        .output()
        .expect("the command runs")
}
