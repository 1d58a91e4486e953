//! Terms in words, for people.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Ambient, Basis, Content, Context, Kind, Literal, Piece, Term, TermId, Value, arm_text};

/// The function by which terms of texts that are yet to be filled in are known; the first argument is the text.
pub const PLACEHOLDER: &str = "placeholder";

/// How many characters of an expression are shown.
const LONG: usize = 120;

/// Because of what a term isn't known, in a few words.
pub fn because(context: &Context, term: TermId) -> String {
    because_of_any(context, &[term])
}

/// Because of what a value isn't known. Where a parameter has a default that isn't known either, it is named too.
pub fn because_of(context: &Context, value: &Value) -> String {
    let because = because_of_any(context, &unknown_terms(value));
    match overridable(context, value) {
        Some(name) if !hangs_on_parameter(context, value) => format!("{because} (the default of parameter `{name}`)"),
        _ => because,
    }
}

/// Whether a value isn't known because of a parameter: whoever deploys can give that one.
pub fn hangs_on_parameter(context: &Context, value: &Value) -> bool {
    first_cause(context, &unknown_terms(value), given).is_some()
}

/// The terms because of which a value isn't known.
fn unknown_terms(value: &Value) -> Vec<TermId> {
    let unknown = |piece: &Piece| match &piece.content {
        Content::Symbol(term) => Some(*term),
        Content::Text(_) => None,
    };
    let terms: Vec<TermId> = match &value.kind {
        Kind::Str(string) => string.pieces.iter().filter_map(unknown).collect(),
        _ => Vec::new(),
    };
    if terms.is_empty() { vec![value.unknown_term()] } else { terms }
}

/// The parameter of whose default a value, or an unknown part of it, is made.
fn overridable(context: &Context, value: &Value) -> Option<Arc<str>> {
    let name = |term: TermId, basis: Basis| match context.get(term) {
        Term::Param(name) if basis == Basis::Default => Some(context.display_name(name)),
        _ => None,
    };
    match &value.kind {
        Kind::Str(string) => string
            .pieces
            .iter()
            .filter(|piece| matches!(piece.content, Content::Symbol(_)))
            .find_map(|piece| name(piece.term, piece.basis)),
        _ => name(value.term, value.basis),
    }
}

/// What whoever deploys can give is said before what only the deployment knows.
fn because_of_any(context: &Context, terms: &[TermId]) -> String {
    let cause = first_cause(context, terms, given).or_else(|| first_cause(context, terms, known_at_deployment));
    cause.unwrap_or_else(|| match terms {
        [term, ..] => format!("`{}` can't be worked out from the files", short(context, *term)),
        [] => "it could not be worked out".to_owned(),
    })
}

fn first_cause(context: &Context, terms: &[TermId], says: Says) -> Option<String> {
    let mut seen = HashSet::new();
    terms.iter().find_map(|term| cause(context, *term, says, 0, &mut seen))
}

/// A condition in words: "`useCmk` is true".
pub fn condition_text(context: &Context, condition: TermId, side: bool) -> String {
    match context.get(condition) {
        Term::Param(name) => format!("`{}` is {side}", context.display_name(name)),
        Term::Call(name, args) => match (&**name, &**args) {
            ("not", [arg]) => condition_text(context, *arg, !side),
            ("equals", [x, y]) => {
                let word = if side { "is" } else { "is not" };
                format!("`{}` {word} `{}`", plain(context, *x), plain(context, *y))
            }
            _ => format!("`{}` is {side}", short(context, condition)),
        },
        _ => format!("`{}` is {side}", short(context, condition)),
    }
}

/// A term as an ARM expression, cut where a reader would have stopped.
fn short(context: &Context, term: TermId) -> String {
    let whole = arm_text::expression(context, term);
    match whole.char_indices().nth(LONG) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

/// What people call a value: a parameter by its name, a text as it is, else the expression.
pub fn plain(context: &Context, term: TermId) -> String {
    match context.get(term) {
        Term::Param(name) => context.display_name(name).to_string(),
        Term::Literal(Literal::Str(text)) => text.to_string(),
        _ => short(context, term),
    }
}

/// What a term says by itself of why something isn't known.
type Says = fn(&Context, TermId) -> Option<String>;

/// A parameter, or a text that is yet to be filled in.
fn given(context: &Context, term: TermId) -> Option<String> {
    match context.get(term) {
        Term::Param(name) => Some(format!("parameter `{}` has no value here", context.display_name(name))),
        Term::Call(name, args) if &**name == PLACEHOLDER => {
            let text = args.first().map(|text| plain(context, *text)).unwrap_or_default();
            Some(format!("`{text}` is yet to be filled in"))
        }
        _ => None,
    }
}

/// What the deployment knows, and what nobody does.
fn known_at_deployment(context: &Context, term: TermId) -> Option<String> {
    match context.get(term) {
        Term::Ambient(ambient) => Some(match ambient {
            Ambient::SubscriptionId => {
                "the subscription of the deployment isn't known (say it with --subscription)".into()
            }
            Ambient::ResourceGroup => "the resource group of the deployment isn't known".into(),
            Ambient::DeploymentLocation => "the location of the deployment isn't known".into(),
            _ => format!("`{}` is known only at deployment", short(context, term)),
        }),
        // What a group is beyond its id isn't known because its subscription isn't.
        Term::Get(base, _) if arm_text::is_group(context, *base) => {
            Some(format!("`{}` is known only at deployment", short(context, term)))
        }
        Term::Reference { .. } => Some(format!("`{}` is known only at deployment", short(context, term))),
        Term::Fresh(_) => Some("it could not be worked out".into()),
        _ => None,
    }
}

/// `seen` are terms in which none was found: terms share their parts, so that without it a term of sixty doublings
/// would be looked through for ever.
fn cause(context: &Context, term: TermId, says: Says, depth: u32, seen: &mut HashSet<TermId>) -> Option<String> {
    if depth > 64 || !seen.insert(term) {
        return None;
    }
    if let Some(cause) = says(context, term) {
        return Some(cause);
    }
    let mut of = |terms: &[TermId]| terms.iter().find_map(|term| cause(context, *term, says, depth + 1, seen));
    match context.get(term) {
        Term::Literal(_) | Term::Param(_) | Term::Ambient(_) | Term::Fresh(_) => None,
        // A resource's state isn't known whatever its id is.
        Term::Reference { .. } => None,
        Term::Get(base, _) if arm_text::is_group(context, *base) => None,
        Term::Call(_, args) => of(args),
        Term::Concat(args) | Term::Array(args) => of(args),
        // Which member is asked for is the nearer cause: the base may be a large object of which most is known.
        Term::Get(base, key) => of(&[*key, *base]),
        Term::Index(over, _) => of(&[*over]),
        Term::Object(members) => members.iter().find_map(|(key, value)| of(&[*key, *value])),
        Term::If(condition, then, other) => of(&[*condition, *then, *other]),
        Term::Part(whole, _) => of(&[*whole]),
    }
}
