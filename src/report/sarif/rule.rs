//! What a log says of a rule: the names, texts and ratings that code scanning and viewers show.

use serde_json::{Value as Json, json};

use super::sentence;
use crate::finding::{Finding, Severity};
use crate::rules;

/// What ids of rules begin with that are about the files and what is said in them, not about encryption.
const ABOUT_INPUT: &str = "CMK00";

/// What is known about a rule. Of a rule that isn't ours to document, what its findings tell. `home` is the address of
/// the repository, if this build knows it.
pub(super) fn descriptor(id: &str, findings: &[Finding], home: Option<&str>) -> Json {
    let of_rule = || findings.iter().filter(|finding| &*finding.rule == id);
    let worst = of_rule().map(|finding| finding.severity).max().unwrap_or(Severity::Warning);
    let slug = of_rule().next().map_or("", |finding| &finding.slug);
    let mut out = json!({
        "id": id,
        "name": pascal_case(slug),
        // As bad as in this run: settings of the project may have it otherwise than the rule's page.
        "defaultConfiguration": { "level": worst.as_str() },
        "properties": properties(id, worst),
    });
    let (short, full, help) = match rules::find(id) {
        Some(rule) => {
            let title = sentence(&rule.meta.title);
            (title.clone(), format!("{title} {}", why(rule.readme)), rule.readme.to_owned())
        }
        None => {
            let title = sentence(&slug.replace('-', " "));
            let help = format!("`cmklint explain {id} --rules DIR` tells what it is about, if DIR holds its folder.");
            (title.clone(), title, help)
        }
    };
    if let Some(members) = out.as_object_mut() {
        members.insert("shortDescription".into(), json!({ "text": short }));
        members.insert("fullDescription".into(), json!({ "text": full }));
        members.insert("help".into(), json!({ "text": help, "markdown": help }));
        if let (Some(home), Some(_)) = (home, rules::find(id)) {
            members.insert("helpUri".into(), format!("{home}/blob/HEAD/rules/{id}/README.md").into());
        }
    }
    out
}

/// What code scanning sorts alerts by. It takes numbers for severities of what it calls security: from 7 on they are
/// high, from 4 on medium.
fn properties(id: &str, worst: Severity) -> Json {
    if id.starts_with(ABOUT_INPUT) {
        let severity = match worst {
            Severity::Note => "recommendation",
            Severity::Warning | Severity::Error => worst.as_str(),
        };
        return json!({ "tags": ["azure"], "precision": "very-high", "problem.severity": severity });
    }
    let severity = match worst {
        Severity::Note => "2.0",
        Severity::Warning => "5.0",
        Severity::Error => "8.0",
    };
    let tags = ["security", "azure", "encryption"];
    json!({ "tags": tags, "precision": "very-high", "security-severity": severity })
}

/// Why a rule matters, as its page says it, on one line.
fn why(page: &str) -> String {
    let section = page.split_once("\n## Why\n").map_or("", |(_, rest)| rest);
    let section = section.split_once("\n## ").map_or(section, |(section, _)| section);
    section.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `des-wrong-region` as `DesWrongRegion`.
fn pascal_case(slug: &str) -> String {
    let words = slug.split('-').filter_map(|word| word.split_at_checked(1));
    words.map(|(first, rest)| first.to_ascii_uppercase() + rest).collect()
}
