//! What a `JSONPath` selects of a JSON text, as places.

use jsonpath_rust::JsonPath;
use serde_json::{Map, Value as Json};

use crate::json::{Node, Value, parse};
use crate::text::{SourceId, Span};

/// How deep a text is followed.
const DEPTH: u32 = 128;

/// The places that a path selects; none if the text is no JSON, or the path isn't understood.
pub(super) fn selected(id: SourceId, text: &str, path: &str) -> Vec<Span> {
    let Some(root) = parse(id, text).root else { return Vec::new() };
    let json = json(&root, 0);
    let Ok(found) = json.query(path) else { return Vec::new() };
    // A found value is told by where it is in memory: `json` has put each value in the tree once.
    found.into_iter().filter_map(|value| span_of(&root, &json, value)).collect()
}

/// A copy as the query wants it. Keys keep the letters they have; of repeated ones the last counts.
fn json(node: &Node<'_>, depth: u32) -> Json {
    if depth > DEPTH {
        return Json::Null;
    }
    match &node.value {
        Value::Null | Value::Broken => Json::Null,
        Value::Bool(bool) => Json::Bool(*bool),
        Value::Int(int) => (*int).into(),
        Value::Float(float) => (*float).into(),
        Value::String(text) => Json::String(text.decoded().into_owned()),
        Value::Array(elements) => elements.iter().map(|element| json(element, depth + 1)).collect(),
        Value::Object(_) => {
            let members =
                node.members().map(|member| (member.key.decoded().into_owned(), json(&member.value, depth + 1)));
            Json::Object(members.collect::<Map<_, _>>())
        }
    }
}

/// The place of a value of the copy, found by walking both trees side by side.
fn span_of(node: &Node<'_>, json: &Json, wanted: &Json) -> Option<Span> {
    if std::ptr::eq(json, wanted) {
        return Some(node.span);
    }
    match (&node.value, json) {
        (Value::Array(_), Json::Array(elements)) => {
            node.elements().iter().zip(elements).find_map(|(node, json)| span_of(node, json, wanted))
        }
        (Value::Object(_), Json::Object(members)) => members.iter().find_map(|(name, json)| {
            node.members()
                .find(|member| *member.key.decoded() == **name)
                .and_then(|member| span_of(&member.value, json, wanted))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_selects_places_in_a_text_with_comments() {
        let text = "{ // c\n \"resources\": [ { \"type\": \"a\", \"x\": 1 }, { \"type\": \"b\", \"x\": [2] } ] }";
        let found = |path: &str| -> Vec<&str> {
            selected(SourceId(0), text, path).iter().map(|span| &text[span.start as usize..span.end as usize]).collect()
        };
        assert_eq!(found("$.resources[1].x"), ["[2]"]);
        assert_eq!(found("$.resources[?@.type == 'a'].x"), ["1"]);
        assert_eq!(found("$.nope"), Vec::<&str>::new());
        assert_eq!(found("$["), Vec::<&str>::new());
    }
}
