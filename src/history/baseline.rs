//! Findings that are known already, as a file of fingerprints: one line each and sorted, so that a change of one is a
//! change of one line.
//!
//! Files are named as seen from the folder of the baseline, so that it holds wherever a run begins.

use std::collections::BTreeSet;

use serde_json::json;

use crate::finding::{Finding, fingerprints_by};
use crate::json::{self, Node, Value};
use crate::text::{LineIndex, SourceId, Span};

/// The version of the form of the file.
const VERSION: i64 = 1;
/// A fingerprint has that many digits.
const DIGITS: usize = 32;

/// A finding that is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Known {
    /// The file at fault, as seen from the baseline's folder.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// What it is found again by.
    pub fingerprint: String,
    /// Its line in the file, from 1; 0 for one that isn't in a file yet.
    pub line: u32,
}

/// Findings, those that are known apart.
#[derive(Debug, Default)]
pub struct Parted {
    /// Those that are not known.
    pub new: Vec<Finding>,
    /// How many are known.
    pub known: usize,
    /// What is known and was not found.
    pub gone: Vec<Known>,
}

/// Findings as entries of a baseline, sorted. `file_of` names their files.
pub fn known(findings: &[Finding], file_of: impl Fn(&Finding) -> String) -> Vec<Known> {
    let names = fingerprints_by(findings, &file_of);
    let of = |(finding, fingerprint): (&Finding, String)| Known {
        file: file_of(finding),
        rule: finding.rule.to_string(),
        fingerprint,
        line: 0,
    };
    let mut known: Vec<Known> = findings.iter().zip(names).map(of).collect();
    known.sort();
    known
}

/// Parts findings by a baseline.
pub fn part(baseline: &[Known], findings: Vec<Finding>, file_of: impl Fn(&Finding) -> String) -> Parted {
    let names = fingerprints_by(&findings, file_of);
    let listed: BTreeSet<&str> = baseline.iter().map(|known| &*known.fingerprint).collect();
    let mut parted = Parted::default();
    let mut found: BTreeSet<String> = BTreeSet::new();
    for (finding, name) in findings.into_iter().zip(names) {
        if listed.contains(&*name) {
            parted.known += 1;
            found.insert(name);
        } else {
            parted.new.push(finding);
        }
    }
    parted.gone = baseline.iter().filter(|known| !found.contains(&known.fingerprint)).cloned().collect();
    parted
}

/// A baseline as text.
pub fn write(all: &[Known]) -> String {
    let line = |known: &Known| {
        let (file, rule, fingerprint) = (json!(known.file), json!(known.rule), json!(known.fingerprint));
        format!("    {{ \"file\": {file}, \"rule\": {rule}, \"fingerprint\": {fingerprint} }}")
    };
    let lines: Vec<String> = all.iter().map(line).collect();
    let list = if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}\n  ]", lines.join(",\n")) };
    format!("{{\n  \"version\": {VERSION},\n  \"findings\": {list}\n}}\n")
}

/// Reads a baseline, or says what is wrong with it and where.
pub fn read(source: SourceId, text: &str) -> Result<Vec<Known>, Vec<(Span, String)>> {
    let parsed = json::parse(source, text);
    let mut wrong = parsed.errors;
    let Some(root) = parsed.root else {
        wrong.push((Span::new(source, 0, text.len() as u32), "this is empty; a baseline is JSON".to_owned()));
        return Err(wrong);
    };
    match root.get("version").map(|version| (&version.value, version.span)) {
        Some((Value::Int(VERSION), _)) => {}
        Some((_, span)) => wrong.push((span, format!("the version is {VERSION}; a newer cmklint may have written it"))),
        None => {
            wrong.push((root.span, format!("`version` is missing: {{ \"version\": {VERSION}, \"findings\": [] }}")));
        }
    }
    let lines = LineIndex::new(text);
    let mut known = Vec::new();
    match root.get("findings") {
        Some(findings) if findings.is_array() => {
            for node in findings.elements() {
                match entry(node) {
                    Ok(entry) => {
                        let line = lines.line_of(node.span.start) as u32 + 1;
                        known.push(Known { line, ..entry });
                    }
                    Err(mistake) => wrong.push(mistake),
                }
            }
        }
        Some(other) => wrong.push((other.span, "this is a list".to_owned())),
        None => wrong.push((root.span, "`findings` is missing".to_owned())),
    }
    if wrong.is_empty() { Ok(known) } else { Err(wrong) }
}

fn entry(node: &Node<'_>) -> Result<Known, (Span, String)> {
    let member = |name: &str| {
        let found = node.get(name).ok_or_else(|| (node.span, format!("`{name}` is missing")))?;
        let text = found.str().ok_or_else(|| (found.span, format!("`{name}` is a text")))?;
        Ok((text.into_owned(), found.span))
    };
    let ((file, _), (rule, _), (fingerprint, span)) = (member("file")?, member("rule")?, member("fingerprint")?);
    let is_one = fingerprint.len() == DIGITS && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_one {
        return Err((span, format!("a fingerprint has {DIGITS} hexadecimal digits")));
    }
    Ok(Known { file, rule, fingerprint, line: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(file: &str, digit: char) -> Known {
        let fingerprint = digit.to_string().repeat(DIGITS);
        Known { file: file.to_owned(), rule: "CMK102".to_owned(), fingerprint, line: 0 }
    }

    #[test]
    fn what_is_written_is_read_again_a_line_each() {
        let all = [entry("a/\"quoted\" \u{1b}[31m\n.json", '0'), entry("b.bicep", 'f')];
        let text = write(&all);
        assert_eq!(text.lines().count(), 7, "{text}");
        assert!(!text.contains('\u{1b}'), "{text:?}");
        let read = read(SourceId(0), &text).unwrap();
        assert_eq!(read.iter().map(|known| known.line).collect::<Vec<_>>(), [4, 5]);
        let plain: Vec<Known> = read.into_iter().map(|known| Known { line: 0, ..known }).collect();
        assert_eq!(plain, all);
        assert_eq!(super::read(SourceId(0), &write(&[])), Ok(Vec::new()));
    }

    #[test]
    fn mistakes_have_their_places() {
        for (text, at) in [
            ("", ""),
            ("{\"version\": 2, \"findings\": []}", "2"),
            ("{\"version\": 1}", "{\"version\": 1}"),
            ("{\"version\": 1, \"findings\": {}}", "{}"),
            ("{\"version\": 1, \"findings\": [{\"file\": \"a\"}]}", "{\"file\": \"a\"}"),
            ("{\"version\": 1, \"findings\": [{\"file\": 1}]}", "1"),
            ("{\"version\": 1, \"findings\": [{\"file\": \"a\", \"rule\": \"b\", \"fingerprint\": \"c\"}]}", "\"c\""),
        ] {
            let wrong = read(SourceId(0), text).unwrap_err();
            let span = wrong[0].0;
            assert_eq!(text.get(span.start as usize..span.end as usize), Some(at), "{text}: {wrong:?}");
        }
    }
}
