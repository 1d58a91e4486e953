//! The content of other files as values: `loadTextContent`, `loadJsonContent` and their like.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::frame::Env;
use super::make;
use super::resource::NoteKind;
use crate::ir::{ExprId, Loaded};
use crate::json::{self, Node};
use crate::text::{SourceId, Span};
use crate::value::{Element, Member, Str, Value, Why};

impl<'a> Evaluator<'a> {
    /// The content of a file, read as the function says.
    pub(super) fn load(&mut self, env: &Env, function: &str, file: usize, args: &'a [ExprId], span: Span) -> Value {
        let program = self.program(env);
        let Some(reference) = program.files.get(file) else { return self.not_loaded(span) };
        let library = self.library;
        let (source, text) = match library.get(program.source, reference) {
            Ok(Loaded::Text(source, text)) => (*source, Arc::clone(text)),
            Ok(Loaded::Program(_)) => return self.not_loaded(span),
            Err(why) => {
                let message = format!("`{}` was not read: {why}; its content is unknown", reference.path);
                self.note(reference.span, NoteKind::NotLoaded, message);
                return self.not_loaded(span);
            }
        };
        let origin = self.context.written(span);
        match function {
            "loadtextcontent" => make::text(&mut self.context, &text, origin),
            "loadfileasbase64" => {
                let content = make::text(&mut self.context, &text, origin);
                self.apply("base64", &[content], span)
            }
            "loadjsoncontent" => {
                let path = args.first().map(|path| self.eval(env, *path));
                match self.json_content(source, &text) {
                    Some(content) => self.part(content, path.as_ref(), span),
                    None => self.not_loaded(span),
                }
            }
            "loadyamlcontent" => {
                let path = args.first().map(|path| self.eval(env, *path));
                match self.yaml_content(source, &text) {
                    Some(content) => self.part(content, path.as_ref(), span),
                    None => self.not_loaded(span),
                }
            }
            _ => self.unknown(Why::Unsupported, span),
        }
    }

    /// JSON as a value, each literal with its place in the JSON file.
    fn json_content(&mut self, source: SourceId, text: &str) -> Option<Value> {
        let parsed = json::parse(source, text);
        let root = parsed.root.as_ref().filter(|_| parsed.broken.is_empty())?;
        Some(self.json_value(root, 0))
    }

    /// The part of a content that a path picks, member by member.
    fn part(&mut self, mut value: Value, path: Option<&Value>, span: Span) -> Value {
        let Some(path) = path else { return value };
        let Some(path) = path.text() else { return self.unknown(Why::Unsupported, span) };
        let Some(steps) = steps(&path) else { return self.unknown(Why::Unsupported, span) };
        for step in steps {
            let origin = self.context.written(span);
            let key = match step {
                Step::Member(name) => make::text(&mut self.context, name, origin),
                Step::Element(at) => make::int(&mut self.context, at, origin),
            };
            value = self.look_up(&value, &key, span, false);
        }
        value
    }

    fn json_value(&mut self, node: &Node<'_>, depth: usize) -> Value {
        let origin = self.context.written(node.span);
        // The reader bounds nesting itself; this bounds the stack whatever it does.
        if depth > 256 || !self.spend(1, node.span) {
            return self.unknown(Why::Limit, node.span);
        }
        if let Some(text) = node.str() {
            return make::text(&mut self.context, &text, origin);
        }
        match &node.value {
            json::Value::Array(_) => {
                let elements: Vec<Element> =
                    node.elements().iter().map(|element| Element::One(self.json_value(element, depth + 1))).collect();
                make::array(&mut self.context, elements, origin)
            }
            json::Value::Object(_) => {
                let mut members = Vec::new();
                for member in node.members() {
                    let value = self.json_value(&member.value, depth + 1);
                    let place = self.context.written(member.key.span());
                    let key = Str::fixed(&mut self.context, &member.key.decoded(), place);
                    members.push(Member { key, value });
                }
                make::object(&mut self.context, members, origin)
            }
            json::Value::Bool(truth) => make::boolean(&mut self.context, *truth, origin),
            json::Value::Int(number) => make::int(&mut self.context, *number, origin),
            json::Value::Float(number) => make::float(&mut self.context, *number, origin),
            json::Value::Null => make::null(&mut self.context, origin),
            json::Value::String(_) | json::Value::Broken => self.unknown(Why::NotLoaded, node.span),
        }
    }
}

/// A step of a path.
enum Step<'p> {
    Member(&'p str),
    Element(i64),
}

/// `$.a.b[0].c`: members by name and elements by index. Anything else is not done.
fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (inside, after) = inner.split_once(']')?;
            let quoted = inside.strip_prefix('\'').and_then(|inside| inside.strip_suffix('\''));
            steps.push(match quoted {
                Some(name) => Step::Member(name),
                None => Step::Element(inside.parse().ok()?),
            });
            rest = after;
            continue;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let plain = |char: char| char.is_alphanumeric() || matches!(char, '_' | '-' | '$');
        if name.is_empty() || !name.chars().all(plain) {
            return None;
        }
        steps.push(Step::Member(name));
        rest = after;
    }
    Some(steps)
}
