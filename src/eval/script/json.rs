//! JSON that is written in a word of a command, each value with the place of just its own part.

use crate::eval::make;
use crate::json::{Node, Value as Json, parse};
use crate::text::SourceId;
use crate::value::{Content, Context, Element, Member, OriginId, Piece, Str, Value, Why};

/// Stand for what isn't known while the text is read: characters that nobody writes.
const STAND_INS: std::ops::Range<u32> = 0xE000..0xF8FF;

/// What a string says as JSON. What isn't known may be (a part of) a string in it. `None` where it is no JSON.
pub fn json(context: &mut Context, string: &Str) -> Option<Value> {
    let mut stand_ins = STAND_INS;
    let mut text = String::new();
    for piece in &*string.pieces {
        match &piece.content {
            Content::Text(known) if known.chars().any(|char| STAND_INS.contains(&u32::from(char))) => return None,
            Content::Text(known) => text.push_str(known),
            Content::Symbol(_) => text.push(stand_ins.next().and_then(char::from_u32)?),
        }
    }
    let parsed = parse(SourceId(0), &text);
    if !parsed.errors.is_empty() {
        return None;
    }
    let root = parsed.root?;
    if !root.is_object() && !root.is_array() {
        return None;
    }
    let origin = string.pieces.first()?.origin;
    Some(Reading { string, origin }.value(context, &root))
}

struct Reading<'s> {
    string: &'s Str,
    origin: OriginId,
}

impl Reading<'_> {
    fn value(&self, context: &mut Context, node: &Node<'_>) -> Value {
        let (start, end) = (node.span.start as usize, node.span.end as usize);
        let written = self.part(context, start, end);
        let origin = written.pieces.first().map_or(self.origin, |piece| piece.origin);
        match &node.value {
            Json::Null | Json::Broken => make::null(context, origin),
            Json::Bool(truth) => make::boolean(context, *truth, origin),
            Json::Int(number) => make::int(context, *number, origin),
            Json::Float(number) => make::float(context, *number, origin),
            Json::String(text) => {
                let inside = self.part(context, start + 1, end - 1);
                let decoded = text.decoded();
                if decoded.len() + 2 == end - start {
                    let origin = match &*inside.pieces {
                        [one] => one.origin,
                        [] => origin,
                        several => {
                            let origins: Vec<OriginId> = several.iter().map(|piece| piece.origin).collect();
                            match inside.span(context) {
                                Some(span) => context.made(span, origins),
                                None => origin,
                            }
                        }
                    };
                    return make::string(context, inside, origin);
                }
                // An escape beside something that isn't known: only the whole is.
                if inside.is_known() {
                    return make::text(context, &decoded, origin);
                }
                let term = inside.term(context);
                make::string_symbol(context, term, Why::NoValueGiven, origin)
            }
            Json::Array(items) => {
                let elements = items.iter().map(|item| Element::One(self.value(context, item))).collect();
                make::array(context, elements, origin)
            }
            Json::Object(_) => {
                let mut members = Vec::new();
                for member in node.members() {
                    let at = member.key.span();
                    let place = self.part(context, at.start as usize, at.end as usize);
                    let place = place.pieces.first().map_or(origin, |piece| piece.origin);
                    let key = Str::fixed(context, &member.key.decoded(), place);
                    members.push(Member { key, value: self.value(context, &member.value) });
                }
                make::object(context, members, origin)
            }
        }
    }

    /// What stands between two bytes of the text that was read.
    fn part(&self, context: &mut Context, from: usize, to: usize) -> Str {
        let mut at = 0;
        let mut parts: Vec<Piece> = Vec::new();
        for piece in &*self.string.pieces {
            let length = match &piece.content {
                Content::Text(text) => text.len(),
                // The length of its stand-in.
                Content::Symbol(_) => 3,
            };
            let (low, high) = (from.max(at), to.min(at + length));
            if low < high {
                parts.push(piece.part(context, low - at, high - at));
            }
            at += length;
        }
        Str::new(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::text::{SourceId, Span};
    use crate::value::{Context, Origin, Piece, Str};

    fn written(context: &mut Context, text: &str, start: u32) -> Piece {
        let origin = context.written(Span::new(SourceId(0), start, start + text.len() as u32));
        Str::fixed(context, text, origin).pieces[0].clone()
    }

    #[test]
    fn values_have_the_place_of_their_part_of_the_word() {
        let mut context = Context::new();
        let piece = written(&mut context, r#"{"a": {"value": "bc"}}"#, 100);
        let value = json(&mut context, &Str::new([piece])).expect("it is JSON");
        let inner = value.as_object().and_then(|it| it.value("a")).and_then(|it| it.as_object()?.value("value"));
        let inner = inner.expect("the member is there");
        assert_eq!(inner.text().as_deref(), Some("bc"));
        assert_eq!(Origin::literal(&context, inner.origin), Some(Span::new(SourceId(0), 117, 119)));
    }

    #[test]
    fn what_is_not_known_stays_a_part_of_its_string() {
        let mut context = Context::new();
        let symbol = {
            let origin = context.written(Span::new(SourceId(0), 8, 12));
            let term = context.param("$DES");
            Str::symbol(term, origin).pieces[0].clone()
        };
        let front = written(&mut context, r#"{"a": "x"#, 0);
        let rest = written(&mut context, r#"", "b": 1}"#, 12);
        let value = json(&mut context, &Str::new([front, symbol, rest])).expect("it is JSON");
        let object = value.as_object().expect("it is an object");
        let string = object.value("a").and_then(|it| it.as_str()).expect("it is a string");
        assert_eq!(string.shown(), "x…");
        assert_eq!(object.value("b").and_then(crate::value::Value::as_int), Some(1));
    }

    #[test]
    fn what_is_no_json_is_nothing() {
        let mut context = Context::new();
        for text in ["x", "{", "{]", "1"] {
            let piece = written(&mut context, text, 0);
            assert!(json(&mut context, &Str::new([piece])).is_none(), "{text}");
        }
    }
}
