//! Terms in words, for people.

use std::collections::HashSet;

use super::{Ambient, Context, Literal, Term, TermId, arm_text};

/// The function by which terms of texts that are yet to be filled in are known; the first argument is the text.
pub const PLACEHOLDER: &str = "placeholder";

/// How many characters of an expression are shown.
const LONG: usize = 120;

/// Because of what a term isn't known, in a few words: names the first parameter or runtime value in it.
pub fn because(context: &Context, term: TermId) -> String {
    match cause(context, term, 0, &mut HashSet::new()) {
        Some(cause) => cause,
        None => format!("`{}` can't be worked out from the files", short(context, term)),
    }
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

/// `seen` are terms in which none was found: terms share their parts, so that without it a term of sixty doublings
/// would be looked through for ever.
fn cause(context: &Context, term: TermId, depth: u32, seen: &mut HashSet<TermId>) -> Option<String> {
    if depth > 64 || !seen.insert(term) {
        return None;
    }
    let mut of = |terms: &[TermId]| terms.iter().find_map(|term| cause(context, *term, depth + 1, seen));
    match context.get(term) {
        Term::Literal(_) => None,
        Term::Param(name) => Some(format!("parameter `{}` has no value here", context.display_name(name))),
        Term::Ambient(ambient) => Some(match ambient {
            Ambient::SubscriptionId => {
                "the subscription of the deployment isn't known (say it with --subscription)".into()
            }
            Ambient::ResourceGroup => "the resource group of the deployment isn't known".into(),
            Ambient::DeploymentLocation => "the location of the deployment isn't known".into(),
            _ => format!("`{}` is known only at deployment", short(context, term)),
        }),
        Term::Reference { .. } => Some(format!("`{}` is known only at deployment", short(context, term))),
        Term::Fresh(_) => Some("it could not be worked out".into()),
        Term::Call(name, args) if &**name == PLACEHOLDER => {
            let text = args.first().map(|text| plain(context, *text)).unwrap_or_default();
            Some(format!("`{text}` is yet to be filled in"))
        }
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
