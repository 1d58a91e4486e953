//! Words to options, as Python's argparse takes them apart: unambiguous beginnings, `--option=value`, `-gvalue`, the
//! last one wins.

use std::sync::Arc;

use crate::eval::script::{Fact, FactKind, UsageFault};
use crate::text::{Span, nearest};
use crate::value::{Content, Context, Piece, Str};

use super::options::{Arity, CommandOption, Table};
use super::words::{Word, integer};

/// An option that is given.
#[derive(Clone, Debug)]
pub(super) struct Occurrence {
    pub(super) option: &'static CommandOption,
    /// Where it is named.
    pub(super) span: Span,
    /// Where its name is written.
    pub(super) place: Span,
    pub(super) values: Vec<Word>,
}

impl Occurrence {
    /// From its name to its last value.
    pub(super) fn whole(&self) -> Span {
        self.values.last().map_or(self.span, |last| self.span.to(last.span))
    }

    /// The values, one after the other.
    pub(super) fn list(&self) -> Option<Span> {
        let first = self.values.first()?.span;
        self.values.last().map(|last| first.to(last.span))
    }

    /// Whether it may have other values than are listed.
    pub(super) fn is_open(&self) -> bool {
        self.values.iter().any(|word| word.many)
    }
}

/// The words of a command, sorted by what they are to it.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    given: Vec<Occurrence>,
    /// Values that no option takes.
    pub(super) positional: Vec<Word>,
    /// Whether other options may be given than are listed: a word may be any number of words.
    pub(super) open: bool,
    /// What is refused.
    pub(super) faults: Vec<Fact>,
}

/// What a word is.
enum Class {
    Option {
        option: &'static CommandOption,
        value: Option<Str>,
    },
    Value,
    /// Any number of words, options among them perhaps.
    Loose,
    /// Looks like an option, but its name isn't known.
    Unnamed,
    Refused(UsageFault),
}

/// Options whose values may come from the user's configuration.
const CONFIGURED: [&str; 2] = ["--resource-group", "--location"];

impl Arguments {
    /// Sorts the words behind a command.
    pub(super) fn of(context: &mut Context, table: &'static Table, words: &[Word]) -> Self {
        let mut arguments = Self::default();
        // Words behind one that may be several options belong to whoever knows.
        let mut adrift = false;
        let mut at = 0;
        while let Some(word) = words.get(at) {
            at += 1;
            match classify(context, table, word) {
                Class::Option { option, value } => {
                    adrift = false;
                    let rest = words.get(at..).unwrap_or_default();
                    at += arguments.take(context, table, option, word, value, rest);
                }
                Class::Value if adrift => {}
                Class::Value => arguments.positional.push(word.clone()),
                Class::Loose | Class::Unnamed => {
                    arguments.open = true;
                    adrift = true;
                }
                Class::Refused(fault) => {
                    // The option that is meant isn't missing.
                    arguments.open = true;
                    adrift = true;
                    let meant = (fault == UsageFault::UnknownOption).then(|| meant(table, word)).flatten();
                    arguments.fault(fault, word, meant);
                }
            }
        }
        arguments
    }

    /// Takes the values of an option; gives how many words they are.
    fn take(
        &mut self,
        context: &mut Context,
        table: &'static Table,
        option: &'static CommandOption,
        word: &Word,
        attached: Option<Str>,
        rest: &[Word],
    ) -> usize {
        let mut values = Vec::new();
        let mut taken = 0;
        if let Some(text) = attached {
            if option.arity == Arity::None {
                self.fault(UsageFault::StrayWord, word, None);
                return 0;
            }
            values.push(word.with_text(text));
        } else {
            let most = match option.arity {
                Arity::None => 0,
                Arity::One | Arity::Optional => 1,
                Arity::Any | Arity::Some => rest.len(),
            };
            for next in rest.iter().take(most) {
                match classify(context, table, next) {
                    Class::Value => {}
                    Class::Loose if taken == 0 => {}
                    // It may be the rest of the list as well as further options.
                    Class::Loose => self.open = true,
                    Class::Option { .. } | Class::Unnamed | Class::Refused(_) => break,
                }
                let mut value = next.clone();
                value.many &= matches!(option.arity, Arity::Any | Arity::Some);
                values.push(value);
                taken += 1;
            }
        }
        let least = usize::from(matches!(option.arity, Arity::One | Arity::Some));
        if values.len() < least {
            self.fault(UsageFault::MissingValue, word, None);
            return taken;
        }
        for value in &mut values {
            self.check(option, value);
            spell_out(context, option, value);
        }
        self.given.push(Occurrence { option, span: word.span, place: word.place, values });
        taken
    }

    fn check(&mut self, option: &'static CommandOption, value: &Word) {
        let Some(text) = value.known() else { return };
        if option.integer && integer(&text).is_none() {
            self.fault(UsageFault::NotInteger, value, Some(option.shown().into()));
        }
        if !option.one_of.is_empty() && !option.one_of.iter().any(|one| one.eq_ignore_ascii_case(&text)) {
            let meant = nearest(&text, option.one_of.iter().copied()).map(Into::into);
            self.fault(UsageFault::NotOneOf, value, meant);
        }
    }

    fn fault(&mut self, fault: UsageFault, word: &Word, meant: Option<Arc<str>>) {
        let fact = Fact::new(FactKind::Usage(fault), word.place, word.text.shown());
        self.faults.push(Fact { meant, ..fact });
    }

    /// The option of a spelling as it counts: the last one that is given.
    pub(super) fn last(&self, spelling: &str) -> Option<&Occurrence> {
        self.given.iter().rev().find(|one| one.option.is(spelling))
    }

    /// Each time that the option of a spelling is given.
    pub(super) fn all(&self, spelling: &str) -> impl Iterator<Item = &Occurrence> {
        self.given.iter().filter(move |one| one.option.is(spelling))
    }

    /// The value of an option that takes one.
    pub(super) fn value(&self, spelling: &str) -> Option<&Word> {
        self.last(spelling)?.values.first()
    }

    /// The values of an option that takes several, if there are any.
    pub(super) fn list(&self, spelling: &str) -> Option<&Occurrence> {
        self.last(spelling).filter(|given| !given.values.is_empty())
    }

    /// The spellings of options that must be given and aren't.
    pub(super) fn missing(&self, table: &'static Table) -> Vec<&'static str> {
        if self.open {
            return Vec::new();
        }
        let required = table.options.iter().filter(|option| option.required);
        required
            .map(CommandOption::shown)
            .filter(|spelling| !CONFIGURED.contains(spelling) && self.last(spelling).is_none())
            .collect()
    }
}

/// A value of a list, in the list's own spelling.
fn spell_out(context: &mut Context, option: &'static CommandOption, value: &mut Word) {
    let Some(text) = value.known() else { return };
    let listed = option.one_of.iter().find(|one| one.eq_ignore_ascii_case(&text) && **one != &*text);
    if let (Some(listed), [piece]) = (listed, &*value.text.pieces) {
        let term = if context.is_closed(piece.term) { context.text(listed) } else { piece.term };
        value.text = Str::new([Piece { content: Content::Text((*listed).into()), term, ..piece.clone() }]);
    }
}

/// What is meant by an option that there isn't.
fn meant(table: &'static Table, word: &Word) -> Option<Arc<str>> {
    let text = word.known()?;
    let name = text.split('=').next().unwrap_or_default();
    let long = table.spellings().map(|(spelling, _)| spelling).filter(|spelling| spelling.starts_with("--"));
    nearest(name, long).map(Into::into)
}

fn classify(context: &mut Context, table: &'static Table, word: &Word) -> Class {
    let front = &*word.text.front();
    if front.is_empty() {
        let loose = word.many && word.is_symbol();
        return if loose { Class::Loose } else { Class::Value };
    }
    if !front.starts_with('-') || (front.len() == 1 && word.known().is_some()) {
        return Class::Value;
    }
    let known = word.known();
    let (name, equals) = match front.find('=') {
        Some(at) => (&front[..at], Some(at)),
        None if known.is_some() => (front, None),
        None => return short_with_value(context, table, word).unwrap_or(Class::Unnamed),
    };
    let exact = |name: &str| table.spellings().find(|(spelling, _)| *spelling == name).map(|(_, option)| option);
    if known.is_some()
        && let Some(option) = exact(front)
    {
        return Class::Option { option, value: None };
    }
    let behind = |context: &mut Context, at: usize| Some(word.text.split_at(context, at).1);
    if let (Some(option), Some(at)) = (exact(name), equals) {
        return Class::Option { option, value: behind(context, at + 1) };
    }
    let beginnings: Vec<&'static CommandOption> =
        table.spellings().filter(|(spelling, _)| spelling.starts_with(name)).map(|(_, option)| option).collect();
    let found = if front.starts_with("--") {
        match beginnings.as_slice() {
            [] => None,
            [one] => {
                let value = equals.and_then(|at| behind(context, at + 1));
                return Class::Option { option: one, value };
            }
            _ => Some(Class::Refused(UsageFault::AmbiguousOption)),
        }
    } else {
        short_with_value(context, table, word)
    };
    let is_number = known.as_deref().is_some_and(is_negative_number);
    let has_blank =
        word.text.pieces.iter().any(|piece| matches!(&piece.content, Content::Text(text) if text.contains(' ')));
    match found {
        Some(class) => class,
        None if is_number || has_blank => Class::Value,
        None => Class::Refused(UsageFault::UnknownOption),
    }
}

/// `-gvalue`.
fn short_with_value(context: &mut Context, table: &'static Table, word: &Word) -> Option<Class> {
    let front = &*word.text.front();
    if front.starts_with("--") {
        return None;
    }
    let length = 1 + front.get(1..)?.chars().next()?.len_utf8();
    let short = front.get(..length)?;
    let (_, option) = table.spellings().find(|(spelling, _)| *spelling == short)?;
    let value = word.text.split_at(context, length).1;
    let value = (!value.pieces.is_empty()).then_some(value);
    Some(Class::Option { option, value })
}

fn is_negative_number(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else { return false };
    let all = |text: &str| text.chars().all(|char| char.is_ascii_digit());
    match digits.split_once('.') {
        None => !digits.is_empty() && all(digits),
        Some((whole, part)) => !part.is_empty() && all(whole) && all(part),
    }
}
