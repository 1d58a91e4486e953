//! CMK501 to CMK506 and CMK508: values that the image version cmdlets of Az PowerShell don't take as they are meant.
//!
//! What the cmdlets read is known from their source, Azure/azure-powershell at 4a89cf74,
//! `src/Compute/Compute/Generated/GalleryImageVersion/GalleryImageVersionCreateOrUpdateMethod.cs`.

use super::command_facts::CommandFacts;
use super::words::Words;
use crate::eval::script::{Fact, FactKind};

/// CMK501.
pub(super) static BARE_WORD_VALUE: CommandFacts = CommandFacts { case: bare_word, word: word_bare_word };
/// CMK502.
pub(super) static UNASSIGNED_VARIABLE: CommandFacts = CommandFacts { case: unassigned, word: word_unassigned };
/// CMK503.
pub(super) static IGNORED_KEY: CommandFacts = CommandFacts { case: ignored_key, word: word_ignored_key };
/// CMK504.
pub(super) static DATA_DISKS_NOT_AN_ARRAY: CommandFacts = CommandFacts { case: not_array, word: word_not_array };
/// CMK505.
pub(super) static LUN_NOT_AN_INTEGER: CommandFacts = CommandFacts { case: lun, word: word_lun };
/// CMK506.
pub(super) static OBJECT_INSTEAD_OF_ID: CommandFacts = CommandFacts { case: object, word: word_object };
/// CMK508.
pub(super) static HASHTABLE_INSTEAD_OF_ARRAY: CommandFacts = CommandFacts { case: braced, word: word_braced };

fn only(fact: &Fact, kind: FactKind) -> Option<&'static str> {
    (fact.kind == kind).then_some("")
}

fn bare_word(fact: &Fact) -> Option<&'static str> {
    only(fact, FactKind::BareWord)
}

fn word_bare_word(fact: &Fact, words: &mut Words<'_>) {
    let text = &fact.text;
    words.message(format!("`{text}` without quotes is no text: PowerShell runs a command of that name"));
    words.primary(Some(fact.span), "runs as a command");
    words.note("there is hardly such a command, so the member stays empty and the script goes on");
    words.help(format!("put it in quotes: '{text}'"));
}

fn unassigned(fact: &Fact) -> Option<&'static str> {
    only(fact, FactKind::UnassignedVariable)
}

fn word_unassigned(fact: &Fact, words: &mut Words<'_>) {
    let name = &fact.text;
    words.message(format!("`${name}` is assigned nowhere, so it is `$null` and there is no encryption by it"));
    words.primary(Some(fact.span), "is `$null`");
    words.note("the cmdlet takes `$null` for no encryption and says nothing");
    match &fact.meant {
        Some(meant) => words.help(format!("`${meant}` is assigned; was it meant?")),
        None => words.help("assign it before it is used"),
    }
}

fn ignored_key(fact: &Fact) -> Option<&'static str> {
    only(fact, FactKind::IgnoredKey)?;
    Some(if fact.encryption { "a" } else { "b" })
}

fn word_ignored_key(fact: &Fact, words: &mut Words<'_>) {
    let name = &fact.text;
    let lost = if fact.encryption { ", so the encryption in it is lost" } else { "" };
    words.message(format!("the cmdlet doesn't know the key `{name}` and passes over it{lost}"));
    words.primary(Some(fact.span), "is not read");
    match &fact.meant {
        Some(meant) => words.help(format!("the key that the cmdlet reads is `{meant}`")),
        None => words.help(
            "keys are those of the cmdlet, not of the REST interface: `Name`, `ReplicaCount`, `StorageAccountType`, \
             `ExcludeFromLatest`, `Encryption` with `OSDiskImage` and `DataDiskImages`",
        ),
    }
}

fn not_array(fact: &Fact) -> Option<&'static str> {
    only(fact, FactKind::DataDisksNotArray)
}

fn word_not_array(fact: &Fact, words: &mut Words<'_>) {
    words.message("`DataDiskImages` is cast to an array; a hashtable alone makes the cmdlet fail");
    words.primary(Some(fact.span), "one hashtable, no array");
    words.help("put it into an array: `@(@{ ... })`");
}

fn lun(fact: &Fact) -> Option<&'static str> {
    match fact.kind {
        FactKind::LunNotInteger => Some("a"),
        FactKind::LunMissing => Some("b"),
        _ => None,
    }
}

fn word_lun(fact: &Fact, words: &mut Words<'_>) {
    if fact.kind == FactKind::LunMissing {
        words.message("a data disk's encryption needs a `Lun`; without it the cmdlet fails");
        words.primary(Some(fact.span), "has no `Lun`");
        words.help("say which data disk is meant: `Lun = 0`");
    } else {
        let text = &fact.text;
        words.message(format!("`Lun` is cast to an integer; the text '{text}' makes the cmdlet fail"));
        words.primary(Some(fact.span), "text, no integer");
        words.help("write the number without quotes");
    }
}

fn object(fact: &Fact) -> Option<&'static str> {
    only(fact, FactKind::ObjectInsteadOfId)
}

fn word_object(fact: &Fact, words: &mut Words<'_>) {
    words.message("an id is cast to text; the object of a disk encryption set makes the cmdlet fail");
    words.primary(Some(fact.span), "an object, not its id");
    words.help("take its id: `.Id`");
}

fn braced(fact: &Fact) -> Option<&'static str> {
    only(fact, FactKind::BracedList)
}

fn word_braced(fact: &Fact, words: &mut Words<'_>) {
    words.message("`@{ }` makes a hashtable, which can't hold a list of target regions");
    words.primary(Some(fact.span), "braces make a hashtable");
    words.help("use parentheses for an array: `@( )`");
}
