//! What is known of a value that isn't known: its type, the characters it can't hold, its least length.

use crate::ir::ParamType;
use crate::value::{Context, Facts, Kind, Literal, Term, TermId, Value};

/// How deep terms are looked into.
const DEPTH: u32 = 32;

/// The type of a value, as far as it shows.
pub(super) fn of(context: &Context, value: &Value) -> Option<ParamType> {
    match &value.kind {
        Kind::Str(_) => Some(ParamType::String),
        Kind::Int(_) | Kind::Float(_) => Some(ParamType::Int),
        Kind::Bool(_) => Some(ParamType::Bool),
        Kind::Array(_) => Some(ParamType::Array),
        Kind::Object(_) => Some(ParamType::Object),
        Kind::Unknown { term, .. } => of_term(context, *term, 0),
        Kind::Null | Kind::Choice(_) | Kind::Handle(_) => None,
    }
}

fn of_term(context: &Context, term: TermId, depth: u32) -> Option<ParamType> {
    if depth > DEPTH {
        return None;
    }
    if let Some(ty) = context.facts(term).and_then(|facts| facts.ty)
        && !matches!(ty, ParamType::Any)
    {
        return Some(ty);
    }
    match context.get(term) {
        Term::Literal(literal) => match literal {
            Literal::Null => None,
            Literal::Bool(_) => Some(ParamType::Bool),
            Literal::Int(_) | Literal::Float(_) => Some(ParamType::Int),
            Literal::Str(_) => Some(ParamType::String),
        },
        Term::Concat(_) | Term::Ambient(_) | Term::Part(..) => Some(ParamType::String),
        Term::Index(..) => Some(ParamType::Int),
        Term::Array(_) => Some(ParamType::Array),
        Term::Object(_) => Some(ParamType::Object),
        Term::If(_, then, other) => {
            let then = of_term(context, *then, depth + 1)?;
            (of_term(context, *other, depth + 1)? == then).then_some(then)
        }
        Term::Get(base, _) => match context.get(*base) {
            Term::Call(name, _) if matches!(&**name, "split" | "objectkeys") => Some(ParamType::String),
            _ => None,
        },
        Term::Call(name, args) => match &**name {
            "union" | "intersection" | "take" | "skip" => of_term(context, *args.first()?, depth + 1),
            name => result(name),
        },
        Term::Param(_) | Term::Reference { .. } | Term::Fresh(_) => None,
    }
}

/// The type that a function always gives.
fn result(name: &str) -> Option<ParamType> {
    Some(match name {
        "base64"
        | "base64tostring"
        | "datauri"
        | "datauritostring"
        | "datetimeadd"
        | "datetimefromepoch"
        | "format"
        | "guid"
        | "join"
        | "padleft"
        | "replace"
        | "slice"
        | "string"
        | "substring"
        | "tolower"
        | "toupper"
        | "trim"
        | "uniquestring"
        | "uri"
        | "uricomponent"
        | "uricomponenttostring"
        | "resourceid"
        | "subscriptionresourceid"
        | "tenantresourceid"
        | "managementgroupresourceid"
        | "extensionresourceid" => ParamType::String,
        "add" | "sub" | "mul" | "div" | "mod" | "int" | "length" | "indexof" | "lastindexof" | "datetimetoepoch" => {
            ParamType::Int
        }
        "and" | "or" | "not" | "equals" | "less" | "lessorequals" | "bool" | "contains" | "empty" | "startswith"
        | "endswith" => ParamType::Bool,
        "array" | "distinct" | "filter" | "flatten" | "items" | "map" | "objectkeys" | "range" | "sort" | "split" => {
            ParamType::Array
        }
        "shallowmerge" | "toobject" | "groupby" | "mapvalues" => ParamType::Object,
        _ => return None,
    })
}

/// Whether the string that a term stands for can't hold a character.
pub(super) fn excludes(context: &Context, term: TermId, char: char) -> bool {
    excludes_at(context, term, char, 0)
}

fn excludes_at(context: &Context, term: TermId, char: char, depth: u32) -> bool {
    if depth > DEPTH {
        return false;
    }
    let inner = |term: TermId, char: char| excludes_at(context, term, char, depth + 1);
    if context.facts(term).is_some_and(|facts| facts_exclude(facts, char)) {
        return true;
    }
    match context.get(term) {
        Term::Literal(literal) => literal_excludes(literal, char),
        Term::Concat(parts) => parts.iter().all(|part| inner(*part, char)),
        Term::If(_, then, other) => inner(*then, char) && inner(*other, char),
        Term::Part(whole, _) => inner(*whole, char),
        Term::Index(..) => !char.is_ascii_digit(),
        Term::Get(base, _) => match context.get(*base) {
            Term::Call(name, args) => {
                &**name == "split" && args.get(1).is_some_and(|separator| is_char(context, *separator, char))
            }
            _ => false,
        },
        Term::Call(name, args) => match (&**name, &**args) {
            ("tolower", [of]) if char.is_uppercase() => char.is_ascii() || inner(*of, char),
            ("toupper", [of]) if char.is_lowercase() => char.is_ascii() || inner(*of, char),
            ("tolower" | "toupper", [of]) => {
                inner(*of, char.to_ascii_lowercase()) && inner(*of, char.to_ascii_uppercase())
            }
            ("take" | "skip" | "substring" | "trim" | "slice", [of, ..]) => inner(*of, char),
            ("replace", [of, old, new]) => inner(*new, char) && (is_char(context, *old, char) || inner(*of, char)),
            ("uniquestring", _) => !matches!(char, 'a'..='z' | '2'..='7'),
            ("guid", _) => !matches!(char, '0'..='9' | 'a'..='f' | '-'),
            _ => false,
        },
        Term::Param(_)
        | Term::Ambient(_)
        | Term::Reference { .. }
        | Term::Fresh(_)
        | Term::Array(_)
        | Term::Object(_) => false,
    }
}

fn facts_exclude(facts: &Facts, char: char) -> bool {
    (facts.no_slash && char == '/')
        || facts.allowed.as_ref().is_some_and(|allowed| allowed.iter().all(|one| literal_excludes(one, char)))
}

fn literal_excludes(literal: &Literal, char: char) -> bool {
    match literal {
        Literal::Str(text) => !text.contains(char),
        Literal::Int(number) => !number.to_string().contains(char),
        Literal::Null | Literal::Bool(_) | Literal::Float(_) => false,
    }
}

fn is_char(context: &Context, term: TermId, char: char) -> bool {
    match context.get(term) {
        Term::Literal(Literal::Str(text)) => text.chars().eq([char]),
        _ => false,
    }
}

/// The least length of the string or array that a term stands for, in characters or elements.
pub(super) fn least_length(context: &Context, term: TermId) -> usize {
    let stated = context.facts(term).map_or(0, |facts| facts.min_length);
    let written = match context.get(term) {
        Term::Literal(Literal::Str(text)) => text.chars().count(),
        Term::Concat(parts) => parts.iter().map(|part| literal_length(context, *part)).sum(),
        _ => 0,
    };
    stated.max(written)
}

fn literal_length(context: &Context, term: TermId) -> usize {
    match context.get(term) {
        Term::Literal(Literal::Str(text)) => text.chars().count(),
        _ => context.facts(term).map_or(0, |facts| facts.min_length),
    }
}
