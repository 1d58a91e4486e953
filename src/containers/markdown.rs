//! The fences of a Markdown page.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::language::{self, Label, Language};
use super::{Embedded, console};
use crate::text::{Excerpt, ExcerptBuilder, SourceId};

/// The scripts and templates of a page, in order: fences, and code that is indented. A fence is what its label says
/// unless it can only be something else.
pub fn in_markdown(source: SourceId, text: &str) -> Vec<Embedded> {
    let body = text.trim_start_matches('\u{feff}');
    let skipped = text.len() - body.len();
    let mut found = Vec::new();
    let mut open: Option<(Label, ExcerptBuilder)> = None;
    for (event, range) in Parser::new_ext(body, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let label = match &kind {
                    CodeBlockKind::Fenced(info) => language::label(info),
                    CodeBlockKind::Indented => Some(Label::Any),
                };
                open = label.map(|label| (label, ExcerptBuilder::new(source)));
            }
            Event::Text(content) => {
                if let Some((_, builder)) = &mut open {
                    builder.decoded(&content, skipped + range.start, skipped + range.end);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                found.extend(open.take().and_then(|(label, builder)| embedded(label, builder.finish())));
            }
            _ => {}
        }
    }
    found
}

fn embedded(label: Label, excerpt: Excerpt) -> Option<Embedded> {
    let is_data = matches!(label, Label::Language(Language::Json | Language::Bicep));
    if !is_data && let Some((language, excerpt)) = console::typed(&excerpt) {
        return Some(Embedded { language, excerpt });
    }
    let language = language::of(label, excerpt.text())?;
    Some(Embedded { language, excerpt })
}
