//! What a policy expects of what it selects. Closed on purpose: what needs more, is code.

use regex::Regex;
use serde_json::Value as Json;

use super::Settings;
use crate::azure::Reader;
use crate::value::{Basis, Content, Kind as ValueKind, Str, Tri, Value, Verdict, equal_text};

/// An expectation.
#[derive(Clone, Debug)]
pub(super) enum Expect {
    /// Something is there.
    Present,
    /// Nothing is there.
    Absent,
    /// Something is there, and none of it is an empty text, array or object.
    NonEmpty,
    /// It is this.
    Equals(Json),
    /// It is one of these.
    OneOf(Vec<Json>),
    /// It is one of the values of a setting.
    OneOfSetting(String),
    /// It is a text in which this is found.
    Matches(Regex),
}

impl Expect {
    /// What is to be said at a value that isn't as expected.
    pub(super) fn label(&self, select: &str) -> String {
        match self {
            Self::Present => format!("nothing at `{select}`"),
            Self::Absent => "must not be here".to_owned(),
            Self::NonEmpty => "is empty".to_owned(),
            Self::Equals(value) => format!("must be `{}`", short(value)),
            Self::OneOf(values) => {
                let shown: Vec<String> = values.iter().take(5).map(|value| format!("`{}`", short(value))).collect();
                let more = if values.len() > shown.len() { ", ..." } else { "" };
                format!("must be one of {}{more}", shown.join(", "))
            }
            Self::OneOfSetting(name) => format!("isn't on the list `{name}`"),
            Self::Matches(pattern) => format!("must match `{}`", pattern.as_str()),
        }
    }

    /// Whether a value that is there is as expected. `None` if a setting that it needs isn't given.
    pub(super) fn holds(&self, reader: &mut Reader<'_>, value: &Value, settings: &Settings) -> Option<Verdict> {
        Some(match self {
            Self::Present => Verdict::new(Tri::Yes, Basis::Fixed),
            Self::Absent => Verdict::new(Tri::No, Basis::Fixed),
            Self::NonEmpty => non_empty(value),
            Self::Equals(expected) => equals(reader, value, expected),
            Self::OneOf(values) => one_of(reader, value, values.iter()),
            Self::OneOfSetting(name) => {
                let values: Vec<Json> = settings.get(name)?.iter().map(|text| Json::String(text.clone())).collect();
                one_of(reader, value, values.iter())
            }
            Self::Matches(pattern) => match &value.kind {
                ValueKind::Str(text) => match text.text() {
                    Some(known) => decided(pattern.is_match(&known), text.basis()),
                    None => Verdict::new(Tri::Maybe, Basis::Fixed),
                },
                ValueKind::Unknown { .. } | ValueKind::Handle(_) | ValueKind::Choice(_) => {
                    Verdict::new(Tri::Maybe, Basis::Fixed)
                }
                _ => decided(false, value.basis),
            },
        })
    }
}

fn short(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

const fn decided(holds: bool, basis: Basis) -> Verdict {
    Verdict::new(if holds { Tri::Yes } else { Tri::No }, basis)
}

fn non_empty(value: &Value) -> Verdict {
    match &value.kind {
        ValueKind::Null => decided(false, value.basis),
        ValueKind::Str(text) if text.is_empty() => decided(false, text.basis().max(value.basis)),
        ValueKind::Str(text) => {
            let certain =
                text.pieces.iter().any(|piece| matches!(&piece.content, Content::Text(text) if !text.is_empty()));
            if certain { decided(true, Basis::Fixed) } else { Verdict::new(Tri::Maybe, Basis::Fixed) }
        }
        ValueKind::Array(elements) if elements.is_empty() => decided(false, value.basis),
        ValueKind::Array(elements) if elements.iter().all(crate::value::Element::is_many) => {
            Verdict::new(Tri::Maybe, Basis::Fixed)
        }
        ValueKind::Object(object) if object.members.is_empty() && !object.open => decided(false, value.basis),
        ValueKind::Object(object) if object.members.is_empty() => Verdict::new(Tri::Maybe, Basis::Fixed),
        ValueKind::Unknown { .. } | ValueKind::Handle(_) | ValueKind::Choice(_) => {
            Verdict::new(Tri::Maybe, Basis::Fixed)
        }
        _ => decided(true, Basis::Fixed),
    }
}

fn one_of<'j>(reader: &mut Reader<'_>, value: &Value, values: impl Iterator<Item = &'j Json>) -> Verdict {
    let mut basis = Basis::Fixed;
    let mut maybe = false;
    for expected in values {
        let verdict = equals(reader, value, expected);
        match verdict.tri {
            Tri::Yes => return verdict,
            Tri::Maybe => maybe = true,
            Tri::No => basis = basis.max(verdict.basis),
        }
    }
    if maybe { Verdict::new(Tri::Maybe, Basis::Fixed) } else { decided(false, basis.max(value.basis)) }
}

/// Whether a value is one from a rule file. Texts don't tell upper from lower case, as Azure doesn't.
fn equals(reader: &mut Reader<'_>, value: &Value, expected: &Json) -> Verdict {
    let basis = value.basis;
    match (&value.kind, expected) {
        (ValueKind::Unknown { .. } | ValueKind::Handle(_) | ValueKind::Choice(_), _) => {
            Verdict::new(Tri::Maybe, Basis::Fixed)
        }
        (ValueKind::Str(text), Json::String(expected)) => match text.text() {
            Some(known) => decided(known.eq_ignore_ascii_case(expected), basis.max(text.basis())),
            None => {
                let expected = Str::fixed(reader.context, expected, value.origin);
                equal_text(reader.context, text, &expected)
            }
        },
        (ValueKind::Null, Json::Null) => decided(true, basis),
        (ValueKind::Bool(truth), Json::Bool(expected)) => decided(truth == expected, basis),
        (ValueKind::Int(number), Json::Number(expected)) => {
            let same = expected.as_i64().map_or(expected.as_f64() == Some(*number as f64), |other| other == *number);
            decided(same, basis)
        }
        (ValueKind::Float(number), Json::Number(expected)) => decided(expected.as_f64() == Some(*number), basis),
        (ValueKind::Array(elements), Json::Array(expected)) => {
            if elements.iter().any(crate::value::Element::is_many) {
                return Verdict::new(Tri::Maybe, Basis::Fixed);
            }
            if elements.len() != expected.len() {
                return decided(false, basis);
            }
            let pairs = elements.iter().zip(expected).map(|(element, expected)| (element.value().clone(), expected));
            all_equal(reader, pairs.collect(), basis)
        }
        (ValueKind::Object(object), Json::Object(expected)) => {
            if object.open {
                return Verdict::new(Tri::Maybe, Basis::Fixed);
            }
            let pairs = expected.iter().map(|(key, expected)| Some((object.value(key)?.clone(), expected)));
            match pairs.collect::<Option<Vec<_>>>() {
                Some(pairs) if object.members.len() == expected.len() => all_equal(reader, pairs, basis),
                _ => decided(false, basis),
            }
        }
        _ => decided(false, basis),
    }
}

fn all_equal(reader: &mut Reader<'_>, pairs: Vec<(Value, &Json)>, basis: Basis) -> Verdict {
    let mut weakest = basis;
    let mut maybe = false;
    for (value, expected) in pairs {
        let value = reader.settle(&value);
        let verdict = equals(reader, &value, expected);
        match verdict.tri {
            Tri::No => return verdict,
            Tri::Maybe => maybe = true,
            Tri::Yes => weakest = weakest.max(verdict.basis),
        }
    }
    if maybe { Verdict::new(Tri::Maybe, Basis::Fixed) } else { decided(true, weakest) }
}
