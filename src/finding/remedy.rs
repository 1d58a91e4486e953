//! What would remove a fault, as a rule sees it: in terms of what a text says. Which bytes of a file that are, only its
//! text can tell; `fix` finds them, or finds that they aren't what the rule takes them for.

use crate::text::Span;

/// What would remove a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remedy {
    /// Whether what is written has this one reading, so that it can't change which keys the author named.
    pub safe: bool,
    /// The place that changes.
    pub at: Span,
    /// How.
    pub change: Change,
}

impl Remedy {
    /// Visits all places that it speaks of.
    pub(super) fn each_span(&mut self, visit: &mut impl FnMut(&mut Span)) {
        visit(&mut self.at);
        if let Change::Follow { also, .. } = &mut self.change {
            also.iter_mut().for_each(visit);
        }
    }
}

/// A change of a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// Says another text where it says `from`, which stands there once.
    Write {
        /// What it says, whole words.
        from: String,
        /// What it is to say.
        to: String,
    },
    /// This word is put in single quotes.
    Quote(String),
    /// The quotes around this text go.
    Unquote(String),
    /// The quotes around this text go, so that it becomes several words.
    Split(String),
    /// What it begins and ends with becomes other.
    Ends {
        /// First and last characters.
        from: (&'static str, &'static str),
        /// What takes their place.
        to: (&'static str, &'static str),
    },
    /// The variable that this key has for a value is followed by a member.
    Follow {
        /// With its dot.
        member: &'static str,
        /// Other keys of which the same holds.
        also: Vec<Span>,
    },
    /// A word of `count` parts is put together of some of them.
    Parts {
        /// What stands between them.
        separator: char,
        /// How many there are.
        count: usize,
        /// Those that stay, in their new order.
        keep: Vec<usize>,
    },
    /// This part of a word goes, with the comma in front of it. It holds one comma itself.
    DropPair,
    /// This comment goes, and its line if nothing else is on it.
    DropComment,
    /// This name in a list goes, with a comma beside it.
    DropName,
    /// This item of a list goes, with a comma beside it.
    DropItem,
    /// The blanks behind this word go, so that it and the next are one.
    Join,
    /// The line above goes on with this one: it ends in a backslash.
    Continue,
}
