//! The options of the commands that are read, as `options.txt` lists them.
//!
//! The list is what Azure CLI 2.91.0 declares, all options of each command, since whether the beginning of an option is
//! unambiguous hangs on all of them. `tests/azure_cli/options.py` prints it from an installed CLI.

use std::sync::LazyLock;

/// How many values an option takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Arity {
    /// None: it is a switch.
    None,
    /// Exactly one.
    One,
    /// One or none.
    Optional,
    /// Any number.
    Any,
    /// At least one.
    Some,
}

/// An option.
#[derive(Debug)]
pub(super) struct CommandOption {
    /// Its spellings, short ones first.
    pub(super) spellings: Vec<&'static str>,
    pub(super) arity: Arity,
    pub(super) required: bool,
    /// Whether its values must be integers.
    pub(super) integer: bool,
    /// The values that it takes, whatever their case; empty for any.
    pub(super) one_of: Vec<&'static str>,
}

/// A command with its options.
#[derive(Debug)]
pub(super) struct Table {
    /// The words behind `az`.
    pub(super) command: &'static str,
    pub(super) options: Vec<CommandOption>,
}

const TEXT: &str = include_str!("options.txt");
/// The name under which options of every command are listed.
const EVERY: &str = "*";
/// How many words the longest command has.
pub(super) const WORDS: usize = 3;

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let mut tables: Vec<Table> = Vec::new();
    for line in TEXT.lines() {
        match (line.strip_prefix("    "), tables.last_mut()) {
            (Some(option), Some(table)) => table.options.push(CommandOption::read(option)),
            _ => tables.push(Table { command: line, options: Vec::new() }),
        }
    }
    tables
});

/// The table of a command.
pub(super) fn find(command: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.command == command && command != EVERY)
}

impl CommandOption {
    fn read(line: &'static str) -> Self {
        let mut option =
            Self { spellings: Vec::new(), arity: Arity::None, required: false, integer: false, one_of: Vec::new() };
        let mut words = line.split(' ');
        for word in words.by_ref() {
            match word {
                "0" => option.arity = Arity::None,
                "1" => option.arity = Arity::One,
                "?" => option.arity = Arity::Optional,
                "*" => option.arity = Arity::Any,
                "+" => option.arity = Arity::Some,
                "required" => option.required = true,
                "int" => option.integer = true,
                "one-of" => break,
                spelling => option.spellings.push(spelling),
            }
        }
        option.one_of.extend(words);
        option
    }

    /// Whether a spelling is one of its own.
    pub(super) fn is(&self, spelling: &str) -> bool {
        self.spellings.contains(&spelling)
    }

    /// The spelling that people read.
    pub(super) fn shown(&self) -> &'static str {
        let long = self.spellings.iter().find(|spelling| spelling.starts_with("--"));
        long.or(self.spellings.first()).copied().unwrap_or_default()
    }
}

impl Table {
    /// All options, those of every command first, each spelling with its option.
    pub(super) fn spellings(&'static self) -> impl Iterator<Item = (&'static str, &'static CommandOption)> {
        let every = TABLES.iter().filter(|table| table.command == EVERY).flat_map(|table| &table.options);
        every.chain(&self.options).flat_map(|option| option.spellings.iter().map(move |spelling| (*spelling, option)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Arity, TABLES, find};

    #[test]
    fn the_list_is_read_whole() {
        assert_eq!(TABLES[0].command, "*");
        assert!(TABLES.len() > 30);
        for table in TABLES.iter() {
            assert!(!table.options.is_empty(), "{}", table.command);
            for option in &table.options {
                assert!(option.spellings.iter().all(|spelling| spelling.starts_with('-')), "{option:?}");
                assert!(!option.spellings.is_empty() && option.one_of.iter().all(|value| !value.is_empty()));
            }
        }
        let create = find("sig image-version create").expect("it is listed");
        let regions = create.spellings().find(|(spelling, _)| *spelling == "--target-regions").expect("it is listed");
        assert_eq!(regions.1.arity, Arity::Any);
        assert!(find("*").is_none());
    }
}
