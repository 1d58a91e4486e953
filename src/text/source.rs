//! The texts that a run has read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{LineColumn, LineIndex, Span};

/// What a file is called seen from a folder: with `/`, and `..` where it lies elsewhere. Both paths are canonical.
pub fn relative_name(folder: &Path, path: &Path) -> String {
    for (up, base) in folder.ancestors().enumerate() {
        if let Ok(rest) = path.strip_prefix(base) {
            let steps = std::iter::repeat_n("..".to_owned(), up);
            let rest = rest.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            return steps.chain(rest).collect::<Vec<_>>().join("/");
        }
    }
    path.to_string_lossy().replace('\\', "/")
}

/// Which source of a run. Ids are given in a fixed order, so that they may decide the order of findings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(pub u32);

/// One file (or standard input) as it was read.
#[derive(Debug)]
pub struct Source {
    name: String,
    path: PathBuf,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

impl Source {
    /// `name` is what reports call it: relative to the current directory, with `/`. `path` is where it was read.
    pub fn new(name: impl Into<String>, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), path: path.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// What reports call it. Not escaped: whoever prints it does that.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it was read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text, byte order mark included.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The line index, made at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// Line and column of a byte, in Unicode scalar values.
    pub fn place(&self, offset: u32) -> LineColumn {
        self.lines().scalar(&self.text, offset)
    }
}

/// All sources of a run.
#[derive(Debug, Default)]
pub struct Sources {
    first: u32,
    all: Vec<Source>,
}

impl Sources {
    /// None yet; their ids will be others than those of other sources.
    pub fn beside(others: &Self) -> Self {
        Self { first: others.first + others.all.len() as u32, all: Vec::new() }
    }

    /// Adds a source and gives it the next id.
    pub fn add(&mut self, source: Source) -> SourceId {
        self.all.push(source);
        SourceId(self.first + self.all.len() as u32 - 1)
    }

    /// The source of an id. Ids come from [`Sources::add`] of the same run.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[(id.0 - self.first) as usize]
    }

    /// All sources in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.all.iter().zip(self.first..).map(|(source, id)| (SourceId(id), source))
    }

    /// All sources in the order of their ids, given away.
    pub fn into_all(self) -> impl Iterator<Item = (SourceId, Source)> {
        self.all.into_iter().zip(self.first..).map(|(source, id)| (SourceId(id), source))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The text that a span covers; empty if it doesn't lie on character boundaries.
    pub fn slice(&self, span: Span) -> &str {
        self.get(span.source).text().get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}
