//! bash and sh, read into [`Script`]s.
//!
//! The reader is our own. tree-sitter-bash (0.25.1) reports errors in 3.7 % of the fenced scripts of Microsoft's CLI
//! documentation that bash itself accepts, and every second fault in these pages is a placeholder (`-g <group>`),
//! which bash takes for a redirection; a grammar's recovery then scrambles just the command that matters. Quoting
//! has to be undone byte by byte in any case, which is the greater part of a reader.
//!
//! Three things differ from bash on purpose: `<some words>` that opens and closes on a line is a placeholder, CRLF
//! ends a line like LF, and `${{ ... }}` is an expression of the pipeline around the script. A statement that can't be
//! read is [`StatementKind::Broken`](crate::ir::script::StatementKind::Broken) up to the end of its line.
//!
//! What a script does is the business of `eval`; what a command means, of `azure_cli`.

mod arithmetic;
mod brace;
mod command;
mod compound;
mod expansion;
mod heredoc;
mod reader;
#[cfg(test)]
mod tests;
mod word;

use crate::ir::script::Script;
use crate::text::Excerpt;

/// Reads a script. Never fails: what can't be read is in [`Script::broken`].
pub fn parse(excerpt: &Excerpt) -> Script {
    reader::Reader::new(excerpt).script()
}
