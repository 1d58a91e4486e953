//! Strings put together out of values, and symbols named by a text.

use std::sync::Arc;

use crate::eval::make;
use crate::value::{Content, Context, Kind, Literal, OriginId, Str, Term, TermId, Value, Why};

/// What a shell makes of a value inside text: an unset variable is empty, an unknown is a symbol. `None` for
/// choices, lists and objects.
pub(super) fn pieces(context: &mut Context, value: &Value) -> Option<Str> {
    match &value.kind {
        Kind::Null => Some(Str::default()),
        _ => make::pieces(context, value),
    }
}

/// The term of something that only a running shell knows, by its text. Names of variables tell upper from lower
/// case.
pub(super) fn symbol(context: &mut Context, text: &str) -> TermId {
    context.term(Term::Param(Arc::from(text)))
}

/// An unknown string by its text.
pub(super) fn named(context: &mut Context, text: &str, origin: OriginId) -> Value {
    let term = symbol(context, text);
    make::unknown(term, Why::NoValueGiven, origin)
}

/// How a value reads inside the text of a substitution: what is known as itself, symbols by their names.
pub(super) fn render(context: &Context, value: &Value, into: &mut String) {
    match &value.kind {
        Kind::Str(string) => {
            for piece in &*string.pieces {
                match &piece.content {
                    Content::Text(text) => into.push_str(text),
                    Content::Symbol(term) => render_term(context, *term, into),
                }
            }
        }
        Kind::Int(number) => into.push_str(&number.to_string()),
        Kind::Bool(truth) => into.push_str(if *truth { "true" } else { "false" }),
        Kind::Null => {}
        Kind::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    into.push(' ');
                }
                render(context, element.value(), into);
            }
        }
        Kind::Unknown { term, .. } => render_term(context, *term, into),
        _ => render_term(context, value.term, into),
    }
}

fn render_term(context: &Context, term: TermId, into: &mut String) {
    match context.get(term) {
        Term::Param(name) => into.push_str(name),
        // `${name[key]}`
        Term::Get(base, key) => {
            let (Term::Param(name), Some(key)) = (context.get(*base), context.as_literal(*key)) else {
                return into.push_str(&format!("<{}>", term.0));
            };
            let name = name.trim_start_matches('$');
            match key {
                Literal::Str(key) => into.push_str(&format!("${{{name}[{key}]}}")),
                Literal::Int(key) => into.push_str(&format!("${{{name}[{key}]}}")),
                _ => into.push_str(&format!("<{}>", term.0)),
            }
        }
        _ => into.push_str(&format!("<{}>", term.0)),
    }
}
