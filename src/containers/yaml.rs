//! YAML as a tree whose scalars have a place.
//!
//! A file that isn't sound up to its end gives what stands before the fault: templates of other tools in YAML files
//! are common.

use std::borrow::Cow;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle};

/// Maps and lists within each other; deeper files are read up to there.
const DEPTH: usize = 64;

/// A scalar.
#[derive(Debug)]
pub(super) struct Scalar<'t> {
    pub(super) value: Cow<'t, str>,
    pub(super) style: ScalarStyle,
    /// The byte that it begins with: its quote, or its first character.
    pub(super) start: usize,
}

/// A node.
#[derive(Debug)]
pub(super) enum Node<'t> {
    Scalar(Scalar<'t>),
    List(Vec<Node<'t>>),
    Map(Vec<(Node<'t>, Node<'t>)>),
    /// A reference to another node, which is read where it stands.
    Alias,
}

impl<'t> Node<'t> {
    pub(super) const fn scalar(&self) -> Option<&Scalar<'t>> {
        if let Self::Scalar(scalar) = self { Some(scalar) } else { None }
    }

    pub(super) fn text(&self) -> Option<&str> {
        self.scalar().map(|scalar| &*scalar.value)
    }

    /// The members of a map.
    pub(super) fn members(&self) -> &[(Node<'t>, Node<'t>)] {
        if let Self::Map(members) = self { members } else { &[] }
    }

    /// The elements of a list.
    pub(super) fn elements(&self) -> &[Node<'t>] {
        if let Self::List(elements) = self { elements } else { &[] }
    }

    /// A member by its key, whose case doesn't count.
    pub(super) fn get(&self, key: &str) -> Option<&Node<'t>> {
        let is_key = |name: &Node<'_>| name.text().is_some_and(|name| name.eq_ignore_ascii_case(key));
        self.members().iter().find(|(name, _)| is_key(name)).map(|(_, value)| value)
    }
}

/// A map or list that is still open.
enum Open<'t> {
    List(Vec<Node<'t>>),
    Map(Vec<(Node<'t>, Node<'t>)>, Option<Node<'t>>),
}

impl<'t> Open<'t> {
    fn take(&mut self, node: Node<'t>) {
        match self {
            Self::List(elements) => elements.push(node),
            Self::Map(members, key) => match key.take() {
                Some(key) => members.push((key, node)),
                None => *key = Some(node),
            },
        }
    }

    fn close(self) -> Node<'t> {
        match self {
            Self::List(elements) => Node::List(elements),
            Self::Map(members, _) => Node::Map(members),
        }
    }
}

/// The documents of a file.
pub(super) fn documents(text: &str) -> Vec<Node<'_>> {
    let body = text.trim_start_matches('\u{feff}');
    let places = Places::new(body, text.len() - body.len());
    let mut documents = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    for event in Parser::new_from_str(body) {
        let Ok((event, span)) = event else { break };
        let node = match event {
            Event::Scalar(value, style, ..) => {
                Node::Scalar(Scalar { value, style, start: places.byte(span.start.index()) })
            }
            Event::Alias(_) => Node::Alias,
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= DEPTH => break,
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                continue;
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(closed) => closed.close(),
                None => continue,
            },
            _ => continue,
        };
        match open.last_mut() {
            Some(around) => around.take(node),
            None => documents.push(node),
        }
    }
    while let Some(closed) = open.pop() {
        let node = closed.close();
        match open.last_mut() {
            Some(around) => around.take(node),
            None => documents.push(node),
        }
    }
    documents
}

/// Where the scalars of a file stand, in order, up to where it isn't sound.
pub(super) fn scalars(text: &str) -> Vec<Range<usize>> {
    let body = text.trim_start_matches('\u{feff}');
    let places = Places::new(body, text.len() - body.len());
    let mut scalars = Vec::new();
    for event in Parser::new_from_str(body) {
        match event {
            Ok((Event::Scalar(_, style, ..), span)) => {
                let start = places.byte(span.start.index());
                let end = quoted_end(text, start, style).unwrap_or_else(|| places.byte(span.end.index()));
                scalars.push(start..end);
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    scalars
}

/// Where a scalar in quotes ends: the reader counts what follows on its line, too.
fn quoted_end(text: &str, start: usize, style: ScalarStyle) -> Option<usize> {
    let (quote, escape) = match style {
        ScalarStyle::SingleQuoted => (b'\'', None),
        ScalarStyle::DoubleQuoted => (b'"', Some(b'\\')),
        _ => return None,
    };
    let bytes = text.as_bytes();
    let mut at = start + 1;
    while let Some(&byte) = bytes.get(at) {
        let is_pair = byte == quote && escape.is_none() && bytes.get(at + 1) == Some(&quote);
        if byte == quote && !is_pair {
            return Some(at + 1);
        }
        at += if is_pair || Some(byte) == escape { 2 } else { 1 };
    }
    None
}

/// Places as the reader counts them (in characters) to bytes of the file.
struct Places {
    skipped: usize,
    /// The byte of each character; empty for plain ASCII.
    bytes: Vec<u32>,
    length: usize,
}

impl Places {
    fn new(text: &str, skipped: usize) -> Self {
        let bytes =
            if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(byte, _)| byte as u32).collect() };
        Self { skipped, bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        let byte = if self.bytes.is_empty() {
            character
        } else {
            self.bytes.get(character).map_or(self.length, |&byte| byte as usize)
        };
        self.skipped + byte.min(self.length)
    }
}
