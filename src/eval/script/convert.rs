//! `'{0}-{1}' -f $a, $b` and casts such as `[string]$a`: what PowerShell makes of values.

use crate::eval::make;
use crate::text::Span;
use crate::value::{Element, Kind, Value};

use super::text::pieces;
use super::walk::Walker;

/// Types that a list is cast to, and stays one.
const LISTS: [&str; 8] = [
    "array",
    "object[]",
    "string[]",
    "hashtable[]",
    "arraylist",
    "collections.arraylist",
    "collections.generic.list[object]",
    "collections.generic.list[hashtable]",
];

impl Walker<'_, '_> {
    /// A text with values in the places of `{0}`, `{1}`. `None` where a place says how its value is to be written.
    pub(super) fn formatted(&mut self, text: &Value, values: &Value, span: Span) -> Option<Value> {
        let Kind::Str(string) = &text.kind else { return None };
        let written = string.text()?;
        let given: Vec<Value> = match &values.kind {
            Kind::Array(elements) if !elements.iter().any(Element::is_many) => {
                elements.iter().map(|element| element.value().clone()).collect()
            }
            Kind::Str(_) | Kind::Int(_) => vec![values.clone()],
            _ => return None,
        };
        let mut parts = Vec::new();
        let mut rest = string.clone();
        let mut left: &str = &written;
        while let Some(open) = left.find('{') {
            let close = open + left.get(open..)?.find('}')?;
            let index: usize = left.get(open + 1..close)?.parse().ok()?;
            let value = given.get(index)?;
            // Lists, objects and nothing are written in ways of their own.
            pieces(self.context, value)?;
            let (front, behind) = rest.split_at(self.context, close + 1);
            let (before, _) = front.split_at(self.context, open);
            parts.push(make::string(self.context, before, text.origin));
            parts.push(value.clone());
            rest = behind;
            left = left.get(close + 1..)?;
        }
        if left.contains('}') {
            return None;
        }
        parts.push(make::string(self.context, rest, text.origin));
        Some(self.concatenated(&parts, span))
    }
}

/// A value cast to a type, where the cast changes nothing.
pub(super) fn cast(ty: &Value, value: &Value) -> Option<Value> {
    let ty = ty.text()?.to_ascii_lowercase();
    let ty = ty.strip_prefix("system.").unwrap_or(&ty);
    let same = match &value.kind {
        Kind::Str(_) => ty == "string",
        Kind::Int(_) => matches!(ty, "int" | "int32" | "long" | "int64"),
        Kind::Bool(_) => matches!(ty, "bool" | "boolean"),
        Kind::Array(_) => LISTS.contains(&ty),
        _ => false,
    };
    same.then(|| value.clone())
}
