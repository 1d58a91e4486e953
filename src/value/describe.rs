//! Terms in words, for people.

use super::{Ambient, Context, Literal, Term, TermId, arm_text};

/// The function by which terms of texts that are yet to be filled in are known; the first argument is the text.
pub const PLACEHOLDER: &str = "placeholder";

/// Because of what a term isn't known, in a few words: names the first parameter or runtime value in it.
pub fn because(context: &Context, term: TermId) -> String {
    match cause(context, term, 0) {
        Some(cause) => cause,
        None => format!("`{}` can't be worked out from the files", arm_text::expression(context, term)),
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
            _ => format!("`{}` is {side}", arm_text::expression(context, condition)),
        },
        _ => format!("`{}` is {side}", arm_text::expression(context, condition)),
    }
}

fn plain(context: &Context, term: TermId) -> String {
    match context.get(term) {
        Term::Param(name) => context.display_name(name).to_string(),
        Term::Literal(Literal::Str(text)) => text.to_string(),
        _ => arm_text::expression(context, term),
    }
}

fn cause(context: &Context, term: TermId, depth: u32) -> Option<String> {
    if depth > 64 {
        return None;
    }
    let of = |terms: &[TermId]| terms.iter().find_map(|term| cause(context, *term, depth + 1));
    match context.get(term) {
        Term::Literal(_) => None,
        Term::Param(name) => Some(format!("parameter `{}` has no value here", context.display_name(name))),
        Term::Ambient(ambient) => Some(match ambient {
            Ambient::SubscriptionId => {
                "the subscription of the deployment isn't known (say it with --subscription)".into()
            }
            Ambient::ResourceGroup => "the resource group of the deployment isn't known".into(),
            Ambient::DeploymentLocation => "the location of the deployment isn't known".into(),
            _ => format!("`{}` is known only at deployment", arm_text::expression(context, term)),
        }),
        Term::Reference { .. } => {
            Some(format!("`{}` is known only at deployment", arm_text::expression(context, term)))
        }
        Term::Fresh(_) => Some("it could not be worked out".into()),
        Term::Call(name, args) if &**name == PLACEHOLDER => {
            let text = args.first().map(|text| plain(context, *text)).unwrap_or_default();
            Some(format!("`{text}` is yet to be filled in"))
        }
        Term::Call(_, args) => of(args),
        Term::Concat(args) | Term::Array(args) => of(args),
        Term::Get(base, key) => of(&[*base, *key]),
        Term::Index(over, _) => cause(context, *over, depth + 1),
        Term::Object(members) => members.iter().find_map(|(key, value)| of(&[*key, *value])),
        Term::If(condition, then, other) => of(&[*condition, *then, *other]),
        Term::Part(whole, _) => cause(context, *whole, depth + 1),
    }
}
