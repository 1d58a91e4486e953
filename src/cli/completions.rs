//! What shells and manuals are to know of the command: made of what it takes, so that they can't differ from it.

use clap::CommandFactory;

use super::args::{Args, CompletionsArgs};
use super::failure::Failure;
use super::{Exit, output};

/// The name of the command, whatever the file is called.
const NAME: &str = "cmklint";

/// `cmklint completions SHELL`.
pub(super) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), NAME, &mut script);
    output::say(&String::from_utf8_lossy(&script), Exit::Fine)
}

/// `cmklint man`: the page of the command, and those of its subcommands behind it.
pub(super) fn man() -> Result<Exit, Failure> {
    let mut command = Args::command().name(NAME);
    command.build();
    let mut page = Vec::new();
    let subcommands = command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help");
    for command in std::iter::once(&command).chain(subcommands) {
        clap_mangen::Man::new(command.clone()).render(&mut page).map_err(Failure::Write)?;
    }
    output::say(&String::from_utf8_lossy(&page), Exit::Fine)
}
