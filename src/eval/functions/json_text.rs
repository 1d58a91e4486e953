//! Values to JSON text and back.

use serde_json::Value as Json;

use crate::value::{Basis, Element, Kind, Member, OriginId, Str, Value};

use super::super::make;
use super::{Call, TEXT};

/// Nesting of values that are written.
const DEPTH: u32 = 64;
/// Values in one JSON text.
const NODES: usize = 50_000;

/// A value that is known in depth as compact JSON with the given quotes, and what it rests on.
pub(super) fn write(value: &Value, quote: char) -> Option<(String, Basis)> {
    let mut text = String::new();
    let mut basis = value.basis;
    write_into(value, quote, 0, &mut text, &mut basis)?;
    Some((text, basis))
}

fn write_into(value: &Value, quote: char, depth: u32, out: &mut String, basis: &mut Basis) -> Option<()> {
    if depth > DEPTH || out.len() > TEXT {
        return None;
    }
    *basis = (*basis).max(value.basis);
    match &value.kind {
        Kind::Null => out.push_str("null"),
        Kind::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Kind::Int(number) => out.push_str(&number.to_string()),
        Kind::Float(number) => out.push_str(&Json::from(*number).to_string()),
        Kind::Str(string) => quoted(&string.text()?, quote, out),
        Kind::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                let Element::One(value) = element else { return None };
                if at > 0 {
                    out.push(',');
                }
                write_into(value, quote, depth + 1, out, basis)?;
            }
            out.push(']');
        }
        Kind::Object(object) => {
            if object.open {
                return None;
            }
            out.push('{');
            for (at, member) in object.members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                *basis = (*basis).max(member.key.basis());
                quoted(&member.key.text()?, quote, out);
                out.push(':');
                write_into(&member.value, quote, depth + 1, out, basis)?;
            }
            out.push('}');
        }
        Kind::Choice(_) | Kind::Handle(_) | Kind::Unknown { .. } => return None,
    }
    Some(())
}

fn quoted(text: &str, quote: char, out: &mut String) {
    out.push(quote);
    for char in text.chars() {
        match char {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ if char == quote => {
                out.push('\\');
                out.push(char);
            }
            _ if char < ' ' || matches!(char, '\u{85}' | '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(char)));
            }
            _ => out.push(char),
        }
    }
    out.push(quote);
}

/// A JSON text as a value that rests on `basis`. ARM's reader takes strings in single quotes too; other liberties that
/// it takes make the result unknown.
pub(super) fn read(call: &mut Call<'_>, text: &str, basis: Basis) -> Value {
    let json = serde_json::from_str::<Json>(text).or_else(|_| serde_json::from_str(&double_quoted(text)));
    let Ok(json) = json else { return call.symbolic() };
    if nodes(&json) > NODES {
        return call.limit();
    }
    let origin = make::computed_origin(call.context, call.args, call.span);
    let value = from_json(call, &json, origin);
    call.resting_on(value, basis)
}

/// How many values there are in a JSON value. Its nesting is bounded by the reader.
fn nodes(json: &Json) -> usize {
    match json {
        Json::Array(items) => 1 + items.iter().map(nodes).sum::<usize>(),
        Json::Object(map) => 1 + map.values().map(nodes).sum::<usize>(),
        _ => 1,
    }
}

fn from_json(call: &mut Call<'_>, json: &Json, origin: OriginId) -> Value {
    match json {
        Json::Null => make::null(call.context, origin),
        Json::Bool(truth) => make::boolean(call.context, *truth, origin),
        Json::Number(number) => match number.as_i64() {
            Some(number) => make::int(call.context, number, origin),
            None => make::float(call.context, number.as_f64().unwrap_or(f64::NAN), origin),
        },
        Json::String(text) => make::text(call.context, text, origin),
        Json::Array(items) => {
            let elements = items.iter().map(|item| Element::One(from_json(call, item, origin))).collect();
            make::array(call.context, elements, origin)
        }
        Json::Object(map) => {
            let mut members = Vec::with_capacity(map.len());
            for (key, value) in map {
                let key = Str::fixed(call.context, key, origin);
                let value = from_json(call, value, origin);
                members.push(Member { key, value });
            }
            make::object(call.context, members, origin)
        }
    }
}

/// The text with strings in single quotes put into double ones.
fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut inside: Option<char> = None;
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match (inside, char) {
            (_, '\\') => match chars.next() {
                Some('\'') => out.push('\''),
                Some(next) => out.extend(['\\', next]),
                None => out.push('\\'),
            },
            (None, '\'' | '"') => {
                inside = Some(char);
                out.push('"');
            }
            (Some(quote), _) if char == quote => {
                inside = None;
                out.push('"');
            }
            (Some('\''), '"') => out.push_str("\\\""),
            _ => out.push(char),
        }
    }
    out
}
