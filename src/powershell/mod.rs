//! PowerShell: a text to an [`ir::script::Script`](crate::ir::script::Script).
//!
//! A reader of our own, by recursive descent with the two modes that PowerShell itself has: expressions, and the
//! arguments of commands, where a bare word is text. tree-sitter-powershell was measured first: of the scripts of
//! Azure's quickstart templates it leaves an error node in 19 %, of those of the Azure Verified Modules in 30 %, and
//! an error takes the assignments around it along. Documentation is full of placeholders (`<your group>`), of output
//! between commands and of examples that stop short; this reader takes a placeholder as text, ends a damaged
//! statement at its line, and says which bytes it gave up.
//!
//! What commands, operators and types mean is for `eval` and `az_powershell`.

mod characters;
mod command;
mod cursor;
mod expression;
mod keyword;
mod operators;
mod primary;
mod statement;
mod strings;
#[cfg(test)]
mod tests;

use crate::ir::script::Script;
use crate::text::Excerpt;

/// Reads a script. Never fails: what can't be read is in [`Script::broken`].
pub fn parse(excerpt: &Excerpt) -> Script {
    let mut parser = cursor::Parser::new(excerpt);
    let statements = parser.statements(None);
    let body = parser.script.body;
    if let Some(block) = parser.script.blocks.get_mut(body.0 as usize) {
        *block = statements;
    }
    parser.script
}
