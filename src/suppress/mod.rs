//! Findings that the user has put aside by a comment, and comments that put nothing aside.
//!
//! `cmklint: ignore[CMK102] reason`, on the line of the finding or the line above. What is said of such comments
//! (CMK002 to CMK004) can't be put aside by one.

mod comments;
mod directive;
mod page;

pub use comments::Language;
pub use directive::may_speak;
pub use page::Host;

use std::collections::BTreeSet;

use crate::finding::{Change, Finding, Remedy, RuleMeta, Undecided};
use crate::rules::{self, CheckOptions, about_suppression};
use crate::text::{SourceId, Sources, Span, nearest};
use directive::{Directive, directives};

/// The rules about such comments.
const OWN: [&str; 3] = ["CMK002", "CMK003", "CMK004"];

/// How a text writes comments.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Form {
    /// All of it is of one language.
    Plain(Language),
    /// A page: its own comments, and those of the scripts and templates in it.
    Page(Host),
}

/// A text that may hold comments.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text.
    pub source: SourceId,
    /// How it writes them.
    pub form: Form,
    /// Whether all of it was judged, so that a comment without a finding is one too many.
    pub is_judged: bool,
}

/// What is left of the findings, and what was put aside.
#[derive(Debug, Default)]
pub struct Parted {
    /// Findings to be shown, those about comments among them; not sorted.
    pub shown: Vec<Finding>,
    /// Findings put aside, sorted as they came.
    pub suppressed: Vec<Finding>,
}

/// What is known of the rule with an id or slug, ours or one of the user's own.
pub type RuleOf<'a> = dyn Fn(&str) -> Option<&'a RuleMeta> + 'a;

/// Parts findings by the comments of the texts.
pub fn part(
    sources: &Sources,
    texts: &[Text],
    findings: Vec<Finding>,
    undecided: &[Undecided],
    options: &CheckOptions,
    rule_of: &RuleOf<'_>,
) -> Parted {
    let mut parted = Parted::default();
    let said: Vec<(&Text, Directive)> = texts
        .iter()
        .flat_map(|text| {
            let source = sources.get(text.source);
            let found = match &text.form {
                Form::Plain(language) => directives(text.source, source, *language),
                Form::Page(host) => page::directives(text.source, source, host),
            };
            found.into_iter().map(move |directive| (text, directive))
        })
        .collect();
    if said.is_empty() {
        parted.shown = findings;
        return parted;
    }
    let mut used: BTreeSet<Span> = BTreeSet::new();
    for finding in findings {
        let line = sources.get(finding.primary.source).lines().line_of(finding.primary.start);
        let here = said
            .iter()
            .filter(|(text, directive)| text.source == finding.primary.source && directive.lines.contains(&line));
        let by: Vec<Span> = here.flat_map(|(_, directive)| names_of(directive, &finding)).collect();
        if by.is_empty() {
            parted.shown.push(finding);
        } else {
            used.extend(by);
            parted.suppressed.push(finding);
        }
    }
    for (text, directive) in &said {
        let remarks = remarks(text, directive, &used, undecided, options, rule_of);
        parted.shown.extend(remarks.into_iter().flatten());
    }
    parted
}

/// The names in a comment that are of a finding's rule.
fn names_of(directive: &Directive, finding: &Finding) -> Vec<Span> {
    let names = directive.asks.iter().flat_map(|asks| &asks.rules);
    let of_rule =
        names.filter(|(name, _)| name.eq_ignore_ascii_case(&finding.rule) || name.eq_ignore_ascii_case(&finding.slug));
    of_rule.map(|&(_, span)| span).collect()
}

/// What is to be said of a comment.
fn remarks(
    text: &Text,
    directive: &Directive,
    used: &BTreeSet<Span>,
    undecided: &[Undecided],
    options: &CheckOptions,
    rule_of: &RuleOf<'_>,
) -> Vec<Option<Finding>> {
    let Some(asks) = &directive.asks else {
        let message = "this comment to cmklint can't be understood";
        let help = "write `cmklint: ignore[CMK102] reason`";
        return vec![about_suppression("CMK003", directive.span, message, help, options)];
    };
    let mut out = Vec::new();
    for (name, span) in &asks.rules {
        let Some(rule) = rule_of(name) else {
            out.push(about_suppression("CMK003", *span, &format!("there is no rule `{name}`"), &meant(name), options));
            continue;
        };
        if OWN.contains(&&*rule.id) {
            let message = format!("{} can't be put aside by a comment", rule.id);
            out.push(about_suppression("CMK003", *span, &message, "mend the comment that it is about", options));
            continue;
        }
        let is_open = undecided.iter().any(|open| open.span.source == text.source && *open.rule == *rule.id);
        let speaks = rule.cases.iter().all(|case| case.severity(options.profile).is_some());
        if text.is_judged && !is_open && speaks && options.wants_rule(rule) && !used.contains(span) {
            let message = format!("nothing here is a finding of {}", rule.id);
            let help = "remove it, so that it hides nothing later";
            let mut finding = about_suppression("CMK002", *span, &message, help, options);
            if let Some(finding) = &mut finding {
                let is_alone = asks.rules.len() == 1;
                let (at, change) =
                    if is_alone { (directive.span, Change::DropComment) } else { (*span, Change::DropName) };
                finding.remedy = Some(Remedy { safe: true, at, change });
            }
            out.push(finding);
        }
    }
    if !asks.has_reason {
        let help = "say behind the bracket why the finding may stay";
        out.push(about_suppression("CMK004", directive.span, "this comment doesn't say why", help, options));
    }
    out
}

/// A rule that may have been meant.
fn meant(name: &str) -> String {
    let known = rules::all().iter().flat_map(|rule| [rule.meta.id.as_str(), rule.meta.slug.as_str()]);
    match nearest(name, known) {
        Some(near) => format!("`{near}` is nearest"),
        None => "`cmklint rules` lists all ids and slugs".to_owned(),
    }
}
