//! Scripts and templates inside other files: the fences of a Markdown page, the steps of a pipeline.
//!
//! What is found is an [`Excerpt`]: text with the way back to every byte of the file, so that whoever reads it has
//! places in the file without knowing that there is one around. What the file is about besides is not read.
//! A step that deploys a template without a script is read as the command that would do the same.
//! What is put into a script before its shell sees it (`${{ ... }}`, `$(name)`) is marked as a hole.

mod azure_pipelines;
mod comments;
mod console;
mod deployment;
mod github;
mod holes;
mod language;
mod markdown;
mod scalar;
mod step;
#[cfg(test)]
mod tests;
mod yaml;

pub use comments::{comments_in_markdown, comments_in_yaml};
pub use language::Language;
pub use markdown::in_markdown;

use crate::text::{Excerpt, SourceId};

use step::Written;

/// A text inside a file.
#[derive(Debug)]
pub struct Embedded {
    /// What it is written in.
    pub language: Language,
    /// The text.
    pub excerpt: Excerpt,
}

/// The scripts of a GitHub workflow or action, or of an Azure pipeline or a template of one, in source order; nothing
/// for other YAML.
pub fn in_yaml(source: SourceId, text: &str) -> Vec<Embedded> {
    let mut found = Vec::new();
    for document in yaml::documents(text) {
        let steps = github::steps(&document).unwrap_or_else(|| azure_pipelines::steps(&document));
        for step in steps {
            let excerpt = match &step.script {
                Written::Script(script) => scalar::excerpt(source, text, script),
                Written::Deployment(deployment) => deployment.excerpt(source, text),
            };
            let Some(excerpt) = excerpt else { continue };
            let language = step.language.unwrap_or_else(|| language::guess(excerpt.text()).unwrap_or(Language::Bash));
            let holes = holes::find(excerpt.text(), step.macros);
            found.push(Embedded { language, excerpt: excerpt.with_holes(holes) });
        }
    }
    found
}
