//! What removes a fault that the text of a command shows, where that is determined.

use crate::eval::script::{ConfidentialFault, Fact, FactKind, RegionFault, UsageFault};
use crate::finding::{Change, Remedy};

/// Braces around what is meant as an array, and parentheses in their place.
const BRACES: (&str, &str) = ("@{", "}");
const PARENTHESES: (&str, &str) = ("@(", ")");
/// A hashtable as the only element of an array.
const ONE_TABLE: (&str, &str) = ("@(@{", "})");

/// The change that a fact asks for, if there is only one.
pub(super) fn remedy(fact: &Fact) -> Option<Remedy> {
    let here = |safe, change| Some(Remedy { safe, at: fact.span, change });
    let whole = |safe, change| Some(Remedy { safe, at: *fact.also.first()?, change });
    let text = || fact.text.to_string();
    let write = |to: &str| Change::Write { from: text(), to: to.to_owned() };
    match fact.kind {
        // A bare word in the place of a hashtable or an id may be a variable without its `$`.
        FactKind::BareWord => (!fact.encryption).then_some(()).and_then(|()| here(true, Change::Quote(text()))),
        FactKind::IgnoredKey => here(false, write(fact.meant.as_deref()?)),
        // `$westDes` may be like `$eastDes`, and is another key: only the same letters in another order are a slip.
        FactKind::UnassignedVariable => {
            let meant = fact.meant.as_deref()?;
            has_letters_of(meant, &fact.text).then(|| here(false, write(meant)))?
        }
        FactKind::DataDisksNotArray => here(true, Change::Ends { from: BRACES, to: ONE_TABLE }),
        FactKind::LunNotInteger => {
            is_plain_integer(&fact.text).then_some(()).and_then(|()| here(true, Change::Unquote(text())))
        }
        FactKind::ObjectInsteadOfId => {
            whole(true, Change::Follow { member: ".Id", also: fact.also.iter().skip(1).copied().collect() })
        }
        FactKind::BracedList => whole(true, Change::Ends { from: BRACES, to: PARENTHESES }),
        FactKind::UnpairedLun { comma } => {
            let count = comma?;
            whole(true, Change::Parts { separator: ',', count, keep: (0..count - 1).collect() })
        }
        FactKind::PairWithoutLun { swapped } => {
            let (first, count) = swapped?;
            let mut keep: Vec<usize> = (0..count).collect();
            keep.swap(first, first + 1);
            whole(true, Change::Parts { separator: ',', count, keep })
        }
        // As the set of an OS disk, the word for none is `null`; the pair of a data disk is left out.
        FactKind::NullAsDes => match fact.also.first() {
            Some(&pair) => Some(Remedy { safe: false, at: pair, change: Change::DropPair }),
            None => here(false, write("null")),
        },
        FactKind::BrokenContinuation => here(true, Change::Continue),
        FactKind::BlankInsideList if fact.text.ends_with(',') => here(true, Change::Join),
        FactKind::BlankInsideList => here(true, Change::Split(text())),
        FactKind::BadTargetRegion(RegionFault::Order) => {
            whole(true, Change::Parts { separator: '=', count: 3, keep: vec![0, 2, 1] })
        }
        FactKind::BadConfidentialWord(ConfidentialFault::Type) => here(true, write(fact.meant.as_deref()?)),
        FactKind::Usage(UsageFault::UnknownOption | UsageFault::NotOneOf) => here(false, write(fact.meant.as_deref()?)),
        _ => None,
    }
}

/// Whether two names are made of the same letters and digits.
fn has_letters_of(one: &str, other: &str) -> bool {
    let letters = |name: &str| {
        let mut letters: Vec<char> = name.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect();
        letters.sort_unstable();
        letters
    };
    letters(one) == letters(other)
}

/// Whether a text is a number as one writes it without quotes.
pub(super) fn is_plain_integer(text: &str) -> bool {
    text.parse::<u32>().is_ok_and(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_another_region_is_no_slip() {
        assert!(has_letters_of("westEnc", "Enc_west"));
        assert!(!has_letters_of("westUSdes", "eastUSdes"));
        assert!(!has_letters_of("westUSdes", "westUS2des"));
    }
}
