//! Policies out of `rule.json`, every mistake at its place.

use jsonpath_rust::parser::model::{JpQuery, Segment, Selector};
use regex::Regex;
use serde_json::Value as Json;

use super::expect::Expect;
use super::tree::parse;
use super::{Filters, Policy, PolicyCheck, Select};
use crate::finding::{CaseMeta, Format, RuleMeta, Severity};
use crate::json::{self, Node, Value};
use crate::text::{SourceId, Span};

/// Something in a rule file that isn't as it must be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mistake {
    /// Where.
    pub span: Span,
    /// One sentence, no full stop.
    pub message: String,
}

/// Letters of cases. A finding's case lives as long as the program.
const LETTERS: [&str; 27] = [
    "", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
    "w", "x", "y", "z",
];
/// Members of a rule file.
const RULE: &[&str] =
    &["$schema", "id", "slug", "title", "since", "references", "optIn", "severity", "formats", "check", "cases"];
/// Members of a case.
const CASE: &[&str] = &["letter", "title", "severity", "current", "2021", "formats", "check"];
/// Members of a check.
const CHECK: &[&str] = &["resource", "select", "unless", "expect", "message", "help"];
/// All formats by name.
const FORMATS: [(&str, Format); 5] = [
    ("arm", Format::Arm),
    ("bicep", Format::Bicep),
    ("az", Format::Az),
    ("powershell", Format::Powershell),
    ("state", Format::State),
];
/// Severities by name.
const SEVERITIES: [(&str, Severity); 3] =
    [("note", Severity::Note), ("warning", Severity::Warning), ("error", Severity::Error)];

/// Reads a rule file. Mistakes are in source order.
pub fn read(source: SourceId, text: &str) -> Result<Policy, Vec<Mistake>> {
    let parsed = json::parse(source, text);
    let mut mistakes: Vec<Mistake> =
        parsed.errors.iter().map(|(span, message)| Mistake { span: *span, message: message.clone() }).collect();
    let policy = parsed.root.as_ref().and_then(|root| Form { mistakes: &mut mistakes }.policy(root));
    if parsed.root.is_none() && mistakes.is_empty() {
        mistakes.push(Mistake { span: Span::new(source, 0, 0), message: "the file is empty".to_owned() });
    }
    match policy {
        Some(policy) if mistakes.is_empty() => Ok(policy),
        _ => {
            mistakes.sort();
            Err(mistakes)
        }
    }
}

/// Reads, and notes what is wrong.
struct Form<'m> {
    mistakes: &'m mut Vec<Mistake>,
}

impl Form<'_> {
    fn mistake(&mut self, span: Span, message: impl Into<String>) {
        self.mistakes.push(Mistake { span, message: message.into() });
    }

    /// Says which members aren't known.
    fn known(&mut self, node: &Node<'_>, names: &[&str]) {
        if !node.is_object() {
            self.mistake(node.span, "must be an object");
        }
        for member in node.members() {
            let key = member.key.decoded();
            if !names.contains(&&*key) {
                self.mistake(member.key.span(), format!("`{key}` isn't known here: there are {}", list(names)));
            }
        }
    }

    fn text(&mut self, node: &Node<'_>) -> Option<String> {
        let text = node.str().map(|text| text.into_owned());
        if text.is_none() {
            self.mistake(node.span, "must be a text");
        }
        text
    }

    fn needed<'n, 't>(&mut self, of: &'n Node<'t>, name: &str) -> Option<&'n Node<'t>> {
        let found = of.get(name);
        if found.is_none() && of.is_object() {
            self.mistake(of.span, format!("`{name}` is missing"));
        }
        found
    }

    fn needed_text(&mut self, of: &Node<'_>, name: &str) -> Option<String> {
        let node = self.needed(of, name)?;
        let text = self.text(node)?;
        if text.trim().is_empty() {
            self.mistake(node.span, format!("`{name}` must not be empty"));
        }
        Some(text)
    }

    fn policy(&mut self, root: &Node<'_>) -> Option<Policy> {
        self.known(root, RULE);
        let id = self.needed_text(root, "id");
        let slug = self.needed_text(root, "slug");
        for name in ["id", "slug"] {
            if let Some(node) = root.get(name)
                && let Some(text) = node.str()
                && !text.chars().all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_')
            {
                self.mistake(node.span, format!("`{name}` may hold letters, digits, `-` and `_`"));
            }
        }
        let title = self.needed_text(root, "title");
        let since = root.get("since").and_then(|node| self.text(node)).unwrap_or_default();
        let references = root.get("references").map_or_else(Vec::new, |node| self.texts(node));
        let opt_in = match root.get("optIn").map(|node| (&node.value, node.span)) {
            None => false,
            Some((Value::Bool(truth), _)) => *truth,
            Some((_, span)) => {
                self.mistake(span, "must be true or false");
                false
            }
        };
        let mut cases = Vec::new();
        let mut checks = Vec::new();
        match (root.member("cases"), root.member("check")) {
            (Some(member), None) => {
                for name in ["severity", "formats"] {
                    if let Some(other) = root.member(name) {
                        self.mistake(other.key.span(), format!("`{name}` belongs into each of `cases`"));
                    }
                }
                if member.value.elements().is_empty() {
                    self.mistake(member.value.span, "must be an array of at least one case");
                }
                for case in member.value.elements() {
                    self.known(case, CASE);
                    self.case(case, title.as_deref(), &mut cases, &mut checks);
                }
            }
            (None, Some(_)) => self.case(root, title.as_deref(), &mut cases, &mut checks),
            (Some(cases), Some(_)) => self.mistake(cases.key.span(), "either `check` or `cases`, not both"),
            (None, None) => self.mistake(root.span, "`check` is missing"),
        }
        for (at, case) in cases.iter().enumerate() {
            if cases[..at].iter().any(|other: &CaseMeta| other.letter == case.letter) {
                self.mistake(root.span, format!("two cases have the letter `{}`", case.letter));
            }
        }
        let meta = RuleMeta { id: id?, slug: slug?, title: title?, since, references, opt_in, cases };
        Some(Policy { meta, checks })
    }

    fn texts(&mut self, node: &Node<'_>) -> Vec<String> {
        if !node.is_array() {
            self.mistake(node.span, "must be an array of texts");
        }
        node.elements().iter().filter_map(|element| self.text(element)).collect()
    }

    /// A case, or a rule of one case.
    fn case(&mut self, node: &Node<'_>, title: Option<&str>, cases: &mut Vec<CaseMeta>, checks: &mut Vec<PolicyCheck>) {
        let letter = match node.get("letter") {
            None => Some(""),
            Some(letter) => {
                let found = self.text(letter).and_then(|text| LETTERS.iter().find(|known| **known == text));
                if found.is_none() {
                    self.mistake(letter.span, "must be one letter from a to z");
                }
                found.copied()
            }
        };
        let own = node.get("title").and_then(|node| self.text(node));
        let severity = self.severity(node, "severity", Some(Severity::Warning));
        let current = self.severity(node, "current", severity);
        let y2021 = self.severity(node, "2021", current);
        let formats = node
            .get("formats")
            .map_or_else(|| FORMATS.iter().map(|(_, format)| *format).collect(), |node| self.formats(node));
        let Some(check) = self.needed(node, "check") else { return };
        let Some(letter) = letter else { return };
        checks.extend(self.check(check, letter));
        cases.push(CaseMeta {
            letter: letter.to_owned(),
            title: own.or(title.map(str::to_owned)).unwrap_or_default(),
            current,
            y2021,
            formats,
            check: None,
        });
    }

    /// The severity that a member says; `null` is silent. Where it isn't said, or wrongly, it is `otherwise`.
    fn severity(&mut self, of: &Node<'_>, name: &str, otherwise: Option<Severity>) -> Option<Severity> {
        let Some(node) = of.get(name) else { return otherwise };
        if matches!(node.value, Value::Null) {
            return None;
        }
        match node.str().and_then(|text| SEVERITIES.iter().find(|(name, _)| *name == text)) {
            Some((_, severity)) => Some(*severity),
            None => {
                self.mistake(node.span, "must be `note`, `warning`, `error` or null");
                otherwise
            }
        }
    }

    fn formats(&mut self, node: &Node<'_>) -> Vec<Format> {
        let mut formats = Vec::new();
        if node.elements().is_empty() {
            self.mistake(node.span, "must be an array of at least one format");
        }
        for element in node.elements() {
            match element.str().and_then(|text| FORMATS.iter().find(|(name, _)| *name == text)) {
                Some((_, format)) => formats.push(*format),
                None => {
                    let names: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
                    self.mistake(element.span, format!("must be one of {}", list(&names)));
                }
            }
        }
        formats
    }

    fn check(&mut self, node: &Node<'_>, case: &'static str) -> Option<PolicyCheck> {
        self.known(node, CHECK);
        let resource = self.needed_text(node, "resource");
        if let (Some(resource), Some(place)) = (&resource, node.get("resource"))
            && !resource.contains('/')
        {
            self.mistake(place.span, "must be a type of resource like `Microsoft.Compute/disks`");
        }
        let select = self.needed(node, "select").and_then(|select| self.select(select));
        let unless = match node.get("unless") {
            Some(unless) => Some(self.select(unless)?),
            None => None,
        };
        let expect = self.needed(node, "expect").and_then(|expect| self.expect(expect));
        let message = self.needed_text(node, "message");
        let help = node.get("help").and_then(|help| self.text(help));
        Some(PolicyCheck {
            case,
            resource: resource?,
            select: select?,
            unless,
            expect: expect?,
            message: message?,
            help,
        })
    }

    fn select(&mut self, node: &Node<'_>) -> Option<Select> {
        let text = self.text(node)?;
        match parse(&text) {
            Ok(query) => Some(Select { is_singular: is_singular(&query), filters: filters(&query), text, query }),
            Err(why) => {
                self.mistake(node.span, why);
                None
            }
        }
    }

    fn expect(&mut self, node: &Node<'_>) -> Option<Expect> {
        if let Some(text) = node.str() {
            return match &*text {
                "present" => Some(Expect::Present),
                "absent" => Some(Expect::Absent),
                "nonEmpty" => Some(Expect::NonEmpty),
                _ => {
                    self.mistake(node.span, EXPECTATIONS);
                    None
                }
            };
        }
        let mut members = node.members();
        let (Some(member), None) = (members.next(), members.next()) else {
            self.mistake(node.span, EXPECTATIONS);
            return None;
        };
        match &*member.key.decoded() {
            "equals" => plain(&member.value).map(Expect::Equals),
            "oneOf" => self.one_of(&member.value),
            "matches" => {
                let text = self.text(&member.value)?;
                match Regex::new(&text) {
                    Ok(pattern) => Some(Expect::Matches(pattern)),
                    Err(error) => {
                        let said = error.to_string();
                        let last = said.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                        self.mistake(member.value.span, format!("isn't a regular expression: {last}"));
                        None
                    }
                }
            }
            _ => {
                self.mistake(member.key.span(), EXPECTATIONS);
                None
            }
        }
    }

    fn one_of(&mut self, node: &Node<'_>) -> Option<Expect> {
        if let Some(setting) = node.get("setting") {
            self.known(node, &["setting"]);
            return self.text(setting).map(Expect::OneOfSetting);
        }
        if node.elements().is_empty() {
            self.mistake(node.span, "must be an array of at least one value, or `{\"setting\": NAME}`");
            return None;
        }
        let values: Vec<Json> = node.elements().iter().filter_map(|element| plain(element)).collect();
        Some(Expect::OneOf(values))
    }
}

/// A value as it is written; `None` where it could not be read.
fn plain(node: &Node<'_>) -> Option<Json> {
    Some(match &node.value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::String(text) => Json::String(text.decoded().into_owned()),
        Value::Array(elements) => Json::Array(elements.iter().filter_map(|element| plain(element)).collect()),
        Value::Object(_) => Json::Object(
            node.members()
                .filter_map(|member| Some((member.key.decoded().into_owned(), plain(&member.value)?)))
                .collect(),
        ),
        Value::Broken => return None,
    })
}

/// What an expectation may be.
const EXPECTATIONS: &str =
    "must be \"present\", \"absent\", \"nonEmpty\", {\"equals\": VALUE}, {\"oneOf\": [...]} or {\"matches\": PATTERN}";

fn list(names: &[&str]) -> String {
    names.iter().filter(|name| **name != "$schema").map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Whether a query names one place.
fn is_singular(query: &JpQuery) -> bool {
    query.segments.iter().all(|segment| matches!(segment, Segment::Selector(Selector::Name(_) | Selector::Index(_))))
}

fn filters(query: &JpQuery) -> Filters {
    let with: Vec<usize> =
        query.segments.iter().enumerate().filter(|(_, segment)| has_filter(segment)).map(|(at, _)| at).collect();
    match with.as_slice() {
        [] => Filters::None,
        [at] if at + 1 == query.segments.len() && !looks_elsewhere(&query.segments[*at]) => Filters::Last,
        [at] if !looks_elsewhere(&query.segments[*at]) && !query.segments[..=*at].iter().any(is_descendant) => {
            Filters::At(at + 1)
        }
        _ => Filters::Elsewhere,
    }
}

fn is_descendant(segment: &Segment) -> bool {
    matches!(segment, Segment::Descendant(_))
}

fn has_filter(segment: &Segment) -> bool {
    match segment {
        Segment::Descendant(inner) => has_filter(inner),
        Segment::Selector(selector) => matches!(selector, Selector::Filter(_)),
        Segment::Selectors(selectors) => selectors.iter().any(|selector| matches!(selector, Selector::Filter(_))),
    }
}

/// Whether a filter may look at more than its element: any `$` in it is taken for that.
fn looks_elsewhere(segment: &Segment) -> bool {
    segment.to_string().contains('$')
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"{"id": "ORG1", "slug": "x", "title": "t", "check": {"resource": "A.B/c", "select": "$.x",
        "expect": "present", "message": "m"}}"#;

    fn mistakes(text: &str) -> Vec<(String, String)> {
        let found = read(SourceId(0), text).expect_err("there is a mistake");
        found
            .into_iter()
            .map(|mistake| {
                let place = text.get(mistake.span.start as usize..mistake.span.end as usize).unwrap_or_default();
                (place.to_owned(), mistake.message)
            })
            .collect()
    }

    #[test]
    fn a_mistake_is_told_at_its_place() {
        assert!(read(SourceId(0), RULE).is_ok());
        let cases = [
            ("\"$.x\"", "\"$.x[\"", "isn't a JSONPath"),
            ("\"present\"", "\"there\"", "must be \"present\""),
            ("\"present\"", r#"{"matches": "("}"#, "isn't a regular expression"),
            ("\"present\"", r#"{"oneOf": []}"#, "must be an array of at least one value"),
            ("\"A.B/c\"", "\"disk\"", "must be a type of resource"),
            ("\"message\"", "\"massage\"", "`massage` isn't known here"),
            ("\"ORG1\"", "\"ORG 1\"", "`id` may hold"),
            ("\"ORG1\"", "7", "must be a text"),
        ];
        for (from, to, said) in cases {
            let found = mistakes(&RULE.replacen(from, to, 1));
            let told = found.iter().any(|(place, message)| {
                message.starts_with(said) && (to.contains(place.as_str()) && !place.is_empty())
            });
            assert!(told, "{to}: {found:?}");
        }
    }

    #[test]
    fn no_text_makes_it_panic() {
        for end in 0..RULE.len() {
            let _ = read(SourceId(0), &RULE[..end]);
        }
        for text in ["", "[]", "null", "{\"cases\": []}", "{\"cases\": [1], \"check\": 2}"] {
            assert!(read(SourceId(0), text).is_err(), "{text}");
        }
    }

    #[test]
    fn filters_are_told_apart_by_what_they_look_at() {
        for (path, kind) in [
            ("$.a[*].b", Filters::None),
            ("$.a[?!@.b]", Filters::Last),
            ("$.a[?count(@.b[*]) < count($.c[*])]", Filters::Elsewhere),
            ("$.a[?@.b].c", Filters::At(2)),
            ("$[?@.b].c[*].d", Filters::At(1)),
            ("$..[?@.b].c", Filters::Elsewhere),
        ] {
            assert_eq!(filters(&parse(path).expect("a JSONPath")), kind, "{path}");
        }
    }
}
