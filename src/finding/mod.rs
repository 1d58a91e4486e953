//! What a check says, as plain data: findings, checks that could not decide, and remarks on the input.
//!
//! Nothing here knows how a finding came about or how it is shown.

mod fingerprint;
mod remedy;
mod rule_meta;

pub use fingerprint::{fingerprints, fingerprints_by};
pub use remedy::{Change, Remedy};
pub use rule_meta::{CaseMeta, Format, Profile, RuleMeta};

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// How bad a fault is, whatever the confidence. The derived order is from the mildest to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice.
    Note,
    /// Likely a fault.
    Warning,
    /// The deployment fails, or the image isn't encrypted as meant.
    Error,
}

impl Severity {
    /// `note`, `warning` or `error`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a finding rests on. The derived order is from the firmest to the weakest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Holds whatever is deployed, or for the parameters file that was named.
    Certain,
    /// Holds while a parameter keeps its default.
    ByDefault,
    /// Holds on one side of a condition that the files leave open.
    Assumed,
}

impl Confidence {
    /// As the json format spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::ByDefault => "by-default",
            Self::Assumed => "assumed",
        }
    }
}

impl Confidence {
    /// What is to be said of it with a finding.
    pub const fn note(self) -> Option<&'static str> {
        match self {
            Self::ByDefault => {
                Some("holds while parameters keep their defaults; a parameters file decides what is deployed")
            }
            Self::Certain | Self::Assumed => None,
        }
    }
}

/// A second place that a finding speaks of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is there; short, without full stop, readable alone.
    pub text: String,
    /// Whether it is a step of the way that the value took from its literal to its use.
    pub on_way: bool,
}

/// One replacement of a fix.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Edit {
    /// The bytes that go.
    pub span: Span,
    /// What takes their place.
    pub replacement: String,
}

/// A change that removes the fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    /// Whether what is written has this one reading, so that it can't change which keys the author named: only such a
    /// fix is applied unasked for more.
    pub safe: bool,
    /// The replacements, sorted and without overlap.
    pub edits: Vec<Edit>,
}

/// One fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Rule id, like `CMK102`.
    pub rule: Arc<str>,
    /// Which case of the rule, like `a`; empty for a rule of one case.
    pub case: &'static str,
    /// The rule's slug, like `des-wrong-region`.
    pub slug: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// What it rests on.
    pub confidence: Confidence,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// The resource that it is about, for people: its full name, or its type where the name isn't known.
    pub resource: String,
    /// The literal at fault.
    pub primary: Span,
    /// What is at `primary`; may be empty.
    pub primary_label: String,
    /// Second places: the other side of a contradiction, the way a value took.
    pub labels: Vec<Label>,
    /// Facts: why it matters, what was assumed.
    pub notes: Vec<String>,
    /// What to do, in the imperative.
    pub help: Vec<String>,
    /// What would remove it, where that is determined.
    pub remedy: Option<Remedy>,
    /// The same as edits, where the text is as the rule takes it to be.
    pub fix: Option<Fix>,
    /// Names of the parameters files for which it holds; empty when evaluated with defaults only.
    pub scenarios: Vec<String>,
    /// How many instances (loop items, module calls, scenarios) showed the same fault at the same place; at least 1.
    pub count: u32,
}

impl Finding {
    /// What makes two findings the same fault: rule, case, place.
    pub fn key(&self) -> (Span, &str, &str) {
        (self.primary, &self.rule, self.case)
    }

    /// Takes in what is to be done by another finding of the same fault: what doesn't serve both serves neither.
    pub fn agree(&mut self, other: &Self) {
        if self.remedy != other.remedy {
            self.remedy = None;
        }
    }

    /// Visits all places that it speaks of.
    pub fn each_span(&mut self, visit: &mut impl FnMut(&mut Span)) {
        visit(&mut self.primary);
        self.labels.iter_mut().for_each(|label| visit(&mut label.span));
        self.remedy.iter_mut().for_each(|remedy| remedy.each_span(visit));
        self.fix.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| visit(&mut edit.span));
    }
}

/// A check over a value that the files don't tell.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Undecided {
    /// Where the unknown value is used.
    pub span: Span,
    /// Rule id.
    pub rule: Arc<str>,
    /// Because of what, like "parameter `regions` has no value here".
    pub because: String,
}

/// A remark on the input that is no finding: what could not be read, or was passed over.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Diagnostic {
    /// Where; `None` if the file as a whole could not be read.
    pub span: Option<Span>,
    /// The file as reports call it.
    pub file: String,
    /// One sentence, no full stop.
    pub message: String,
}
