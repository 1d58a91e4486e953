//! Terms and values written back as ARM expressions and JSON.

use serde_json::{Map, Value as Json, json};

use super::{Ambient, Content, Context, Element, Kind, Literal, Str, Term, TermId, Value};

/// A value as JSON: what is known plain, what isn't as a string that holds an ARM expression.
///
/// What hangs on a secure parameter is never plain: it is its expression.
pub fn to_json(context: &Context, value: &Value) -> Json {
    let is_plain = !matches!(value.kind, Kind::Array(_) | Kind::Object(_));
    if is_plain && context.is_secret(value.term) {
        return term_to_json(context, value.term);
    }
    match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(truth) => json!(truth),
        Kind::Int(number) => json!(number),
        Kind::Float(number) => json!(number),
        Kind::Str(string) => string_to_json(context, string),
        Kind::Array(elements) => Json::Array(
            elements
                .iter()
                .map(|element| match element {
                    Element::One(value) => to_json(context, value),
                    Element::Many(value) => json!({ "copy": to_json(context, value) }),
                })
                .collect(),
        ),
        Kind::Object(object) => {
            let mut members = Map::new();
            for member in &object.members {
                let key = match member.key.text() {
                    Some(key) => escaped(&key),
                    None => member.key.shown(),
                };
                members.insert(key, to_json(context, &member.value));
            }
            Json::Object(members)
        }
        Kind::Choice(_) => Json::String(format!("[{}]", value_expression(context, value, 0))),
        Kind::Handle(_) => term_to_json(context, value.term),
        Kind::Unknown { term, .. } => term_to_json(context, *term),
    }
}

/// What the scenario makes of a value as an expression.
fn value_expression(context: &Context, value: &Value, depth: u32) -> String {
    if depth > DEPTH {
        return "…".to_owned();
    }
    let list = |parts: Vec<String>| parts.join(", ");
    match &value.kind {
        Kind::Null => "null()".to_owned(),
        Kind::Bool(truth) => format!("{truth}()"),
        Kind::Int(number) => number.to_string(),
        Kind::Float(number) => number.to_string(),
        Kind::Str(string) => match parts(context, string).as_slice() {
            [] => quoted(""),
            [one] => one.clone(),
            several => format!("concat({})", several.join(", ")),
        },
        Kind::Array(elements) => {
            let parts = elements.iter().map(|element| value_expression(context, element.value(), depth + 1));
            format!("createArray({})", list(parts.collect()))
        }
        Kind::Object(object) => {
            let parts = object
                .members
                .iter()
                .flat_map(|member| [quoted(&member.key.shown()), value_expression(context, &member.value, depth + 1)]);
            format!("createObject({})", list(parts.collect()))
        }
        Kind::Choice(choice) => format!(
            "if({}, {}, {})",
            expression(context, choice.condition),
            value_expression(context, &choice.then, depth + 1),
            value_expression(context, &choice.other, depth + 1)
        ),
        Kind::Handle(_) => expression(context, value.term),
        Kind::Unknown { term, .. } => expression(context, *term),
    }
}

/// A string as JSON, as [`to_json`] has it.
pub fn string_to_json(context: &Context, string: &Str) -> Json {
    let is_secret = string.pieces.iter().any(|piece| context.is_secret(piece.term));
    match string.text() {
        Some(text) if !is_secret => Json::String(escaped(&text)),
        _ => {
            let parts = parts(context, string);
            Json::String(match parts.as_slice() {
                [one] => format!("[{one}]"),
                _ => format!("[concat({})]", parts.join(", ")),
            })
        }
    }
}

/// The pieces of a string as ARM expressions, neighbouring texts as one.
fn parts(context: &Context, string: &Str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut text = String::new();
    for piece in string.pieces.iter() {
        match &piece.content {
            Content::Text(_) if context.is_secret(piece.term) => {
                if !text.is_empty() {
                    parts.push(quoted(&std::mem::take(&mut text)));
                }
                parts.push(expression(context, piece.term));
            }
            Content::Text(more) => text.push_str(more),
            Content::Symbol(term) => {
                if !text.is_empty() {
                    parts.push(quoted(&std::mem::take(&mut text)));
                }
                parts.push(expression(context, *term));
            }
        }
    }
    if !text.is_empty() {
        parts.push(quoted(&text));
    }
    parts
}

/// What isn't known as JSON, as [`to_json`] has it.
pub fn term_to_json(context: &Context, term: TermId) -> Json {
    Json::String(format!("[{}]", expression(context, term)))
}

/// A literal that starts with `[` would be read as an expression.
fn escaped(text: &str) -> String {
    if text.starts_with('[') { format!("[{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// How deep a term is written out before it is cut short.
const DEPTH: u32 = 48;

/// A term as an ARM expression without the outer brackets.
pub(super) fn expression(context: &Context, term: TermId) -> String {
    let mut out = String::new();
    write(context, term, 0, &mut out);
    out
}

fn write(context: &Context, term: TermId, depth: u32, out: &mut String) {
    if depth > DEPTH || out.len() > 4096 {
        out.push('…');
        return;
    }
    let list = |out: &mut String, terms: &[TermId]| {
        for (at, term) in terms.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            write(context, *term, depth + 1, out);
        }
    };
    match context.get(term) {
        Term::Literal(literal) => out.push_str(&match literal {
            Literal::Null => "null()".to_owned(),
            Literal::Bool(truth) => format!("{truth}()"),
            Literal::Int(number) => number.to_string(),
            Literal::Float(bits) => f64::from_bits(*bits).to_string(),
            Literal::Str(text) => quoted(text),
        }),
        Term::Param(name) => out.push_str(&format!("parameters({})", quoted(&context.display_name(name)))),
        Term::Ambient(ambient) => out.push_str(match ambient {
            Ambient::SubscriptionId => "subscription().subscriptionId",
            Ambient::SubscriptionName => "subscription().displayName",
            Ambient::TenantId => "tenant().tenantId",
            Ambient::ResourceGroup => "resourceGroup().name",
            Ambient::ManagementGroup => "managementGroup().name",
            Ambient::DeploymentName => "deployment().name",
            Ambient::DeploymentLocation => "deployment().location",
        }),
        Term::Reference { id, full } => {
            out.push_str("reference(");
            write(context, *id, depth + 1, out);
            out.push_str(if *full { ", 'full')" } else { ")" });
        }
        Term::Fresh(_) => out.push_str("unknown()"),
        Term::Call(name, args) if is_own_group(context, name, args) => out.push_str("resourceGroup()"),
        Term::Call(name, args) => {
            // Its last argument is no argument but what tells one call from another.
            let told = matches!(&**name, "newguid" | "utcnow");
            let args = if told { args.split_last().map_or(&[][..], |(_, args)| args) } else { args };
            out.push_str(name);
            out.push('(');
            list(out, args);
            out.push(')');
        }
        Term::Concat(parts) => {
            out.push_str("concat(");
            list(out, parts);
            out.push(')');
        }
        Term::Get(base, key) => {
            write(context, *base, depth + 1, out);
            match context.get(*key) {
                Term::Literal(Literal::Str(name)) if is_identifier(name) => {
                    out.push('.');
                    out.push_str(name);
                }
                _ => {
                    out.push('[');
                    write(context, *key, depth + 1, out);
                    out.push(']');
                }
            }
        }
        Term::Index(..) => out.push_str("copyIndex()"),
        Term::Array(items) => {
            out.push_str("createArray(");
            list(out, items);
            out.push(')');
        }
        Term::Object(members) => {
            out.push_str("createObject(");
            for (at, (key, value)) in members.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                list(out, &[*key, *value]);
            }
            out.push(')');
        }
        Term::If(condition, then, other) => {
            out.push_str("if(");
            list(out, &[*condition, *then, *other]);
            out.push(')');
        }
        Term::Part(whole, _) => write(context, *whole, depth + 1, out),
    }
}

/// Whether a term is what the service says of a resource group.
pub(super) fn is_group(context: &Context, term: TermId) -> bool {
    matches!(context.get(term), Term::Call(name, _) if &**name == "resourcegroup")
}

/// Whether a call is the group that is deployed to: written as ARM does, without arguments.
fn is_own_group(context: &Context, name: &str, args: &[TermId]) -> bool {
    let is = |at: usize, ambient: Ambient| args.get(at).is_some_and(|arg| *context.get(*arg) == Term::Ambient(ambient));
    name == "resourcegroup" && is(0, Ambient::SubscriptionId) && is(1, Ambient::ResourceGroup)
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
}
