//! YAML as a value, each scalar with its place in the file: what `loadYamlContent` gives.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::evaluator::Evaluator;
use super::make;
use crate::text::{SourceId, Span};
use crate::value::{Element, Member, Str, Value, Why};

/// The deepest nesting that is followed.
const DEPTH: usize = 128;

/// A sequence or mapping that isn't at its end yet.
struct Open {
    anchor: usize,
    start: u32,
    content: Content,
}

enum Content {
    Sequence(Vec<Element>),
    /// The members, and a key that waits for its value.
    Mapping(Vec<Member>, Option<Str>),
}

/// Where characters are in bytes: the reader counts characters.
struct Offsets {
    /// Empty where each character is one byte.
    starts: Vec<u32>,
    end: u32,
}

impl Offsets {
    fn of(text: &str) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at as u32).collect() };
        Self { starts, end: text.len() as u32 }
    }

    fn byte(&self, character: usize) -> u32 {
        if self.starts.is_empty() {
            return (character as u32).min(self.end);
        }
        self.starts.get(character).copied().unwrap_or(self.end)
    }
}

impl Evaluator<'_> {
    /// The first document of a file; `None` if it can't be read, or holds what JSON can't say.
    pub(super) fn yaml_content(&mut self, source: SourceId, text: &str) -> Option<Value> {
        let offsets = Offsets::of(text);
        let mut open: Vec<Open> = Vec::new();
        let mut anchored: HashMap<usize, Value> = HashMap::new();
        for event in Parser::new_from_str(text) {
            let (event, span) = event.ok()?;
            let place = Span::new(source, offsets.byte(span.start.index()), offsets.byte(span.end.index()));
            if !self.spend(1, place) {
                return Some(self.unknown(Why::Limit, place));
            }
            let (anchor, value) = match event {
                Event::Scalar(text, style, anchor, tag) => {
                    let plain = style == ScalarStyle::Plain && tag.is_none();
                    if tag.as_deref().is_some_and(|tag| !is_text(tag)) {
                        return None;
                    }
                    (anchor, self.yaml_scalar(&text, plain, place))
                }
                Event::Alias(anchor) => (0, anchored.get(&anchor)?.clone()),
                Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEPTH => {
                    return Some(self.unknown(Why::Limit, place));
                }
                Event::SequenceStart(anchor, None) => {
                    open.push(Open { anchor, start: place.start, content: Content::Sequence(Vec::new()) });
                    continue;
                }
                Event::MappingStart(anchor, None) => {
                    open.push(Open { anchor, start: place.start, content: Content::Mapping(Vec::new(), None) });
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let Open { anchor, start, content } = open.pop()?;
                    let origin = self.context.written(Span::new(source, start.min(place.end), place.end));
                    let value = match content {
                        Content::Sequence(elements) => make::array(&mut self.context, elements, origin),
                        Content::Mapping(members, _) => make::object(&mut self.context, members, origin),
                    };
                    (anchor, value)
                }
                Event::SequenceStart(..) | Event::MappingStart(..) | Event::DocumentEnd | Event::StreamEnd => {
                    return None;
                }
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => continue,
            };
            if anchor > 0 {
                anchored.insert(anchor, value.clone());
            }
            match open.last_mut().map(|open| &mut open.content) {
                None => return Some(value),
                Some(Content::Sequence(elements)) => elements.push(Element::One(value)),
                Some(Content::Mapping(members, key)) => match key.take() {
                    Some(key) => members.push(Member { key, value }),
                    None => *key = Some(self.yaml_key(&value)?),
                },
            }
        }
        None
    }

    /// A key as text. A merge (`<<`) is none.
    fn yaml_key(&mut self, value: &Value) -> Option<Str> {
        let string = make::pieces(&mut self.context, value)?;
        (string.text().as_deref() != Some("<<")).then_some(string)
    }

    /// A scalar: what isn't quoted is what it looks like.
    fn yaml_scalar(&mut self, text: &str, plain: bool, place: Span) -> Value {
        let origin = self.context.written(place);
        if !plain {
            return make::text(&mut self.context, text, origin);
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => make::null(&mut self.context, origin),
            "true" | "True" | "TRUE" => make::boolean(&mut self.context, true, origin),
            "false" | "False" | "FALSE" => make::boolean(&mut self.context, false, origin),
            _ => {
                if let Ok(number) = text.parse() {
                    return make::int(&mut self.context, number, origin);
                }
                let looks_like_number = text.contains(|char: char| char.is_ascii_digit())
                    && text.chars().all(|char| char.is_ascii_digit() || "+-.eE".contains(char));
                match text.parse::<f64>() {
                    Ok(number) if looks_like_number => make::float(&mut self.context, number, origin),
                    _ => make::text(&mut self.context, text, origin),
                }
            }
        }
    }
}

/// Whether a tag says that something is text.
fn is_text(tag: &Tag) -> bool {
    tag.suffix == "str" || tag.suffix == "!"
}
