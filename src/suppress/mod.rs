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

use std::collections::{HashMap, HashSet};

use crate::finding::{Change, Finding, Remedy, RuleMeta, Undecided};
use crate::rules::{self, CheckOptions, MOST_FINDINGS, about_suppression, limit_reached};
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
    let mut asked = Asked::new(&said);
    for finding in findings {
        let line = sources.get(finding.primary.source).lines().line_of(finding.primary.start);
        let list = if asked.puts_aside(&finding, line) { &mut parted.suppressed } else { &mut parted.shown };
        list.push(finding);
    }
    let mut known = Known { rule_of, guesses: GUESSES };
    let open: HashSet<(SourceId, &str)> = undecided.iter().map(|open| (open.span.source, &*open.rule)).collect();
    for (text, directive) in &said {
        let remarks = remarks(text, directive, &asked.used, &open, options, &mut known);
        let mut remarks = remarks.into_iter().flatten().peekable();
        if remarks.peek().is_some() && parted.shown.len() >= MOST_FINDINGS {
            let message =
                format!("there are more than {MOST_FINDINGS} findings: those about comments from here on are not told");
            parted.shown.extend(limit_reached(directive.span, &message, options));
            break;
        }
        parted.shown.extend(remarks);
    }
    parted
}

/// What comments ask for, by text and line.
struct Asked<'s> {
    /// Those of each text, in order, each with the farthest end of those up to it.
    by_text: HashMap<SourceId, Vec<(&'s Directive, usize)>>,
    /// For lines with findings: names in lower case, with their places until these were noted as used.
    by_line: HashMap<(SourceId, usize), HashMap<String, Vec<Span>>>,
    used: HashSet<Span>,
}

impl<'s> Asked<'s> {
    fn new(said: &'s [(&Text, Directive)]) -> Self {
        let mut by_text: HashMap<SourceId, Vec<(&Directive, usize)>> = HashMap::new();
        for (text, directive) in said {
            let of_text = by_text.entry(text.source).or_default();
            let farthest = of_text.last().map_or(0, |&(_, end)| end);
            of_text.push((directive, farthest.max(directive.lines.end)));
        }
        Self { by_text, by_line: HashMap::new(), used: HashSet::new() }
    }

    /// Whether a comment puts aside a finding on a line; notes the names by which it does.
    fn puts_aside(&mut self, finding: &Finding, line: usize) -> bool {
        let source = finding.primary.source;
        let Some(of_text) = self.by_text.get(&source) else { return false };
        let names = self.by_line.entry((source, line)).or_insert_with(|| names_at(of_text, line));
        let mut is_named = false;
        for name in [&finding.rule, &finding.slug] {
            if let Some(places) = names.get_mut(&name.to_ascii_lowercase()) {
                self.used.extend(places.drain(..));
                is_named = true;
            }
        }
        is_named
    }
}

/// The names in comments about a line, in lower case. `of_text` is as in [`Asked`].
fn names_at(of_text: &[(&Directive, usize)], line: usize) -> HashMap<String, Vec<Span>> {
    let begun = of_text.partition_point(|(directive, _)| directive.lines.start <= line);
    let near = of_text.iter().take(begun).rev().take_while(|&&(_, farthest)| farthest > line);
    let here = near.filter(|(directive, _)| directive.lines.contains(&line));
    let mut names: HashMap<String, Vec<Span>> = HashMap::new();
    for (name, span) in here.filter_map(|(directive, _)| directive.asks.as_ref()).flat_map(|asks| &asks.rules) {
        names.entry(name.to_ascii_lowercase()).or_default().push(*span);
    }
    names
}

/// What is to be said of a comment.
fn remarks(
    text: &Text,
    directive: &Directive,
    used: &HashSet<Span>,
    open: &HashSet<(SourceId, &str)>,
    options: &CheckOptions,
    known: &mut Known<'_, '_>,
) -> Vec<Option<Finding>> {
    let Some(asks) = &directive.asks else {
        let message = "this comment to cmklint can't be understood";
        let help = "write `cmklint: ignore[CMK102] reason`";
        return vec![about_suppression("CMK003", directive.span, message, help, options)];
    };
    let mut out = Vec::new();
    for (name, span) in &asks.rules {
        let Some(rule) = (known.rule_of)(name) else {
            let message = format!("there is no rule `{name}`");
            out.push(about_suppression("CMK003", *span, &message, &known.meant(name), options));
            continue;
        };
        if OWN.contains(&&*rule.id) {
            let message = format!("{} can't be put aside by a comment", rule.id);
            out.push(about_suppression("CMK003", *span, &message, "mend the comment that it is about", options));
            continue;
        }
        let is_open = open.contains(&(text.source, &*rule.id));
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

/// How many misspelt names of a run are compared with all names.
const GUESSES: usize = 1000;

/// What is known of rules.
struct Known<'r, 'm> {
    rule_of: &'r RuleOf<'m>,
    /// How many names may still be guessed.
    guesses: usize,
}

impl Known<'_, '_> {
    /// The rule that may have been meant, for a reader.
    fn meant(&mut self, name: &str) -> String {
        let guesses = self.guesses.checked_sub(1);
        self.guesses = guesses.unwrap_or_default();
        match guesses.and_then(|_| nearest_rule(name)) {
            Some(near) => format!("`{near}` is nearest"),
            None => "`cmklint rules` lists all ids and slugs".to_owned(),
        }
    }
}

fn nearest_rule(name: &str) -> Option<&'static str> {
    let known = rules::all().iter().flat_map(|rule| [rule.meta.id.as_str(), rule.meta.slug.as_str()]);
    nearest(name, known)
}
