//! Texts to programs: which front end reads what.

use super::{Kind, script_words};
use crate::arm::Extent;
use crate::containers::{self, Embedded, Language};
use crate::ir::Program;
use crate::ir::script::Script;
use crate::text::{Excerpt, SourceId, Span};
use crate::{arm, bicep, powershell, shell, state};

/// How many bytes of templates inside a page are read, each counted from the start of the page.
const IN_PLACE: usize = 64 * 1024 * 1024;

/// How many scripts and templates of one page are read: more than any page of the Azure documentation has.
const IN_PAGE: usize = 1000;

/// What a file is to a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// It deploys something, or gives names to files that do.
    Template,
    /// It gives values to the parameters of a template.
    Parameters,
    /// It shows what Azure has.
    State,
}

/// A file as a program.
#[derive(Debug)]
pub(super) struct Lowered {
    pub(super) program: Program,
    pub(super) what: What,
    /// What could not be read, in source order.
    pub(super) problems: Vec<(Span, String)>,
}

/// What a text is made of.
#[derive(Debug)]
pub(super) enum Content {
    /// Resources, or values for parameters.
    Program(Box<Lowered>),
    /// Commands, and templates between them.
    Page {
        /// In the order in which they stand there.
        scripts: Vec<Script>,
        /// Templates in a page: those that are whole.
        templates: Vec<Program>,
        /// The first script or template that was not read, since those before it are as much as is read in one page.
        left_out: Option<Span>,
    },
}

/// Reads a text. `asked` is what another file or the user takes it for; a file that says for itself what it is, is
/// that. `None` if it is nothing of ours. `extent` is how much is wanted; more may be lowered.
pub(super) fn lower(kind: Kind, source: SourceId, text: &str, asked: Option<What>, extent: Extent) -> Option<Content> {
    match kind {
        Kind::Json => lower_json(source, text, asked, extent).map(|lowered| Content::Program(Box::new(lowered))),
        Kind::Bicep => Some(lowered(bicep::lower(source, text), What::Template)),
        Kind::BicepParameters => Some(lowered(bicep::lower_parameters(source, text), What::Parameters)),
        Kind::Shell => Some(page(vec![shell::parse(&script(source, text))])),
        Kind::PowerShell => Some(page(vec![powershell::parse(&script(source, text))])),
        Kind::Markdown => Some(embedded(source, containers::in_markdown(source, text), IN_PLACE)),
        Kind::Yaml => Some(embedded(source, containers::in_yaml(source, text), IN_PLACE)),
    }
}

const fn page(scripts: Vec<Script>) -> Content {
    Content::Page { scripts, templates: Vec::new(), left_out: None }
}

/// Scripts and templates inside a file; `budget` is how many bytes of templates are read.
fn embedded(source: SourceId, found: Vec<Embedded>, mut budget: usize) -> Content {
    let (mut scripts, mut templates) = (Vec::new(), Vec::new());
    let mut left_out = None;
    for (at, Embedded { language, excerpt }) in found.into_iter().enumerate() {
        if at >= IN_PAGE {
            left_out = left_out.or_else(|| Some(excerpt.span(0, excerpt.text().len())));
            break;
        }
        match language {
            Language::Bash => scripts.push(shell::parse(&excerpt)),
            Language::PowerShell => scripts.push(powershell::parse(&excerpt)),
            Language::Json | Language::Bicep => {
                if !script_words::may_matter(excerpt.text().as_bytes()) {
                    continue;
                }
                if excerpt.end_in_file() > budget {
                    left_out = left_out.or_else(|| Some(excerpt.span(0, excerpt.text().len())));
                    continue;
                }
                budget -= excerpt.end_in_file();
                templates.extend(whole_template(language, source, &excerpt.in_place()));
            }
        }
    }
    Content::Page { scripts, templates, left_out }
}

/// A template of a page, if it is one and was read whole: pages show parts of templates, and leave out what doesn't
/// matter to them.
fn whole_template(language: Language, source: SourceId, text: &str) -> Option<Program> {
    let lowered = match language {
        Language::Bicep => {
            let bicep = bicep::lower(source, text);
            Lowered { program: bicep.program, what: What::Template, problems: bicep.diagnostics }
        }
        _ => lower_json(source, text, None, Extent::Whole)?,
    };
    (lowered.what == What::Template && lowered.program.broken.is_empty()).then_some(lowered.program)
}

fn lowered(bicep: bicep::Lowered, what: What) -> Content {
    Content::Program(Box::new(Lowered { program: bicep.program, what, problems: bicep.diagnostics }))
}

/// A file that is a script as a whole; a byte order mark is no part of it.
fn script(source: SourceId, text: &str) -> Excerpt {
    Excerpt::from(source, text, text.len() - text.trim_start_matches('\u{feff}').len())
}

fn lower_json(source: SourceId, text: &str, asked: Option<What>, extent: Extent) -> Option<Lowered> {
    let parsed = crate::json::parse(source, text);
    let said = parsed.root.as_ref().map_or(arm::Kind::Other, arm::recognise);
    let (what, kind) = match (said, asked) {
        (arm::Kind::Template, _) | (arm::Kind::Other, Some(What::Template)) => (What::Template, arm::Kind::Template),
        (arm::Kind::Parameters, _) | (arm::Kind::Other, Some(What::Parameters)) => {
            (What::Parameters, arm::Kind::Parameters)
        }
        (arm::Kind::Other, None | Some(What::State)) => {
            let program = state::lower(source, &parsed)?;
            return Some(Lowered { program, what: What::State, problems: parsed.errors });
        }
    };
    let lowered = arm::lower_parsed(source, &parsed, kind, extent);
    Some(Lowered { program: lowered.program?, what, problems: lowered.diagnostics })
}

#[cfg(test)]
mod tests {
    use super::{Content, embedded};
    use crate::containers::in_markdown;
    use crate::text::SourceId;

    #[test]
    fn templates_beyond_the_bound_are_told() {
        let fence = "```bicep\nresource g 'Microsoft.Compute/galleries@2024-03-03' = {\n  name: 'g'\n}\n```\n";
        let page = fence.repeat(3);
        let second = page.match_indices("resource").nth(1).map(|(at, _)| at);
        let read = |budget| {
            let Content::Page { templates, left_out, .. } =
                embedded(SourceId(0), in_markdown(SourceId(0), &page), budget)
            else {
                return None;
            };
            Some((templates.len(), left_out.map(|span| span.start as usize)))
        };
        assert_eq!(read(page.len() * 3), Some((3, None)));
        assert_eq!(read(fence.len()), Some((1, second)));
    }
}
