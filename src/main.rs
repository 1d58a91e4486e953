//! The `cmklint` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    cmklint::cli::run(std::env::args_os()).into()
}
