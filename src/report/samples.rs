//! Findings made by hand, and what the forms make of them.

use std::sync::Arc;

use super::{Form, Report, Seen, Style, render, sarif};
use crate::finding::{Confidence, Diagnostic, Edit, Finding, Fix, Label, Severity, Undecided};
use crate::text::{Source, SourceId, Sources, Span};

const TEMPLATE: &str = r#"{
  "name": "West Europe",
  "encryption": {},

  "other": {
    "name": "North Europe"
  }
}
"#;

/// A template, and one that is a single long line.
pub(super) fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new("infra/azuredeploy.json", "/w/infra/azuredeploy.json", TEMPLATE));
    let long =
        format!("{{\"a\":\"{}\",\"name\":\"North Europe\",\"b\":\"{}\"}}", "x".repeat(500), "y\u{1b}".repeat(300));
    sources.add(Source::new("min\u{202e}.json", "/w/min.json", long));
    sources
}

/// A finding about the second region of the template.
pub(super) fn finding(resource: &str) -> Finding {
    Finding {
        rule: Arc::from("CMK201"),
        case: "",
        slug: Arc::from("region-without-key"),
        severity: Severity::Error,
        confidence: Confidence::Certain,
        message: "region `North Europe` is replicated without a customer-managed key".into(),
        resource: resource.into(),
        primary: span_of(0, "\"North Europe\""),
        primary_label: "this region has no `encryption`".into(),
        labels: vec![Label {
            span: span_of(0, "\"encryption\""),
            text: "`West Europe` has its own disk encryption set here".into(),
            on_way: false,
        }],
        notes: vec!["a region without `encryption` is stored under a platform-managed key".into()],
        help: vec!["give the region a disk encryption set of its own:\n\"encryption\": { }".into()],
        remedy: None,
        fix: None,
        scenarios: Vec::new(),
        count: 1,
    }
}

fn span_of(source: u32, text: &str) -> Span {
    let sources = sources();
    let start = sources.get(SourceId(source)).text().find(text).expect("the sample holds the text") as u32;
    Span::new(SourceId(source), start, start + text.len() as u32)
}

/// A report that says nothing yet.
fn silent<'a>(sources: &'a Sources, seen: &'a Seen) -> Report<'a> {
    Report {
        sources,
        findings: &[],
        suppressed: &[],
        excused: &[],
        undecided: &[],
        diagnostics: &[],
        secrets: &[],
        seen,
    }
}

fn rendered(findings: &[Finding], form: Form, style: Style) -> String {
    let seen = Seen { kinds: vec![("ARM", 2)], image_versions: 3, suppressed: 0, ..Seen::default() };
    let sources = sources();
    let report = Report { findings, ..silent(&sources, &seen) };
    render(&report, form, style)
}

#[test]
fn a_finding_is_drawn_with_its_places_notes_and_the_summary() {
    insta::assert_snapshot!(rendered(&[finding("v")], Form::Human, Style::default()));
}

#[test]
fn a_long_line_is_clipped_around_its_labels_and_hostile_characters_are_spelt_out() {
    let mut finding = finding("v");
    finding.primary = span_of(1, "\"North Europe\"");
    finding.labels[0].span = span_of(1, "\"b\"");
    finding.message = "region \u{1b}[31m".into();
    finding.labels[0].text = "second\nline".into();
    let text = rendered(&[finding], Form::Human, Style { quiet: true, ..Style::default() });
    insta::assert_snapshot!(text);
}

#[test]
fn the_value_of_a_secure_parameter_is_not_shown() {
    let finding = finding("v");
    let seen = Seen::default();
    let secrets = [finding.primary];
    let findings = std::slice::from_ref(&finding);
    let sources = sources();
    let report = Report { findings, secrets: &secrets, ..silent(&sources, &seen) };
    let text = render(&report, Form::Human, Style::default());
    assert!(text.contains("\"name\": **************\n"), "{text}");
}

#[test]
fn a_span_over_several_lines_is_drawn_on_its_first() {
    let mut finding = finding("v");
    finding.primary = Span::new(SourceId(0), 0, TEMPLATE.len() as u32);
    finding.labels.clear();
    let text = rendered(&[finding], Form::Human, Style { quiet: true, ..Style::default() });
    assert!(text.contains("1 │ {\n  │ ^ this region"), "{text}");
}

#[test]
fn an_empty_span_at_the_end_of_the_file_is_drawn() {
    let mut finding = finding("v");
    let end = TEMPLATE.len() as u32;
    finding.primary = Span::new(SourceId(0), end, end);
    finding.labels.clear();
    let text = rendered(&[finding], Form::Human, Style { quiet: true, ..Style::default() });
    assert!(text.contains("infra/azuredeploy.json:9:1"), "{text}");
}

#[test]
fn the_concise_form_is_one_line_for_each_finding() {
    let mut assumed = finding("w");
    assumed.confidence = Confidence::Assumed;
    assumed.primary = span_of(1, "\"North Europe\"");
    insta::assert_snapshot!(rendered(&[finding("v"), assumed], Form::Concise, Style::default()));
}

#[test]
fn colors_change_nothing_but_colors() {
    let plain = rendered(&[finding("v")], Form::Human, Style::default());
    let colored = rendered(&[finding("v")], Form::Human, Style { color: true, ..Style::default() });
    assert!(colored.contains("\u{1b}["));
    let mut stripped = String::new();
    let mut rest = colored.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        stripped.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('m').expect("a color sequence ends in m") + 1..];
    }
    stripped.push_str(rest);
    let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&stripped), lines(&plain));
}

#[test]
fn a_run_without_image_version_says_so() {
    let cases = [
        (Seen::default(), "nothing to judge: no template was met\n"),
        (
            Seen { kinds: vec![("ARM", 1)], ..Seen::default() },
            "no finding, but no image version was met in 1 file (1 ARM)\n",
        ),
        (
            Seen { kinds: vec![("Bicep", 2)], image_versions: 1, suppressed: 2, ..Seen::default() },
            "no finding in 1 image version in 2 files (2 Bicep)\n2 suppressed\n",
        ),
    ];
    for (seen, expected) in cases {
        let sources = sources();
        let report = silent(&sources, &seen);
        assert_eq!(render(&report, Form::Human, Style::default()), expected);
    }
}

#[test]
fn undecided_checks_are_counted_always_and_listed_on_request() {
    let undecided = [Undecided {
        span: span_of(0, "\"North Europe\""),
        rule: Arc::from("CMK102"),
        because: "parameter `regions` has no value here".into(),
    }];
    let diagnostics =
        [Diagnostic { span: None, file: "big.json".into(), message: "is larger than 8 MiB and was not read".into() }];
    let seen = Seen { kinds: vec![("ARM", 1)], image_versions: 1, suppressed: 0, ..Seen::default() };
    let sources = sources();
    let report = Report { undecided: &undecided, diagnostics: &diagnostics, ..silent(&sources, &seen) };
    insta::assert_snapshot!(render(&report, Form::Human, Style::default()));
    let listed = render(&report, Form::Human, Style { undecided: true, ..Style::default() });
    assert!(listed.starts_with("infra/azuredeploy.json:6:13: undecided[CMK102]: parameter `regions`"), "{listed}");
    let json = |undecided| -> serde_json::Value {
        let style = Style { undecided, ..Style::default() };
        serde_json::from_str(&render(&report, Form::Json, style)).expect("the report is JSON")
    };
    assert_eq!(json(false)["undecided"], serde_json::json!([]));
    assert_eq!(json(false)["summary"]["undecided"], 1);
    assert_eq!(json(true)["undecided"][0]["rule"], "CMK102");
    assert_eq!(json(true)["diagnostics"][0]["start"], serde_json::Value::Null);
}

#[test]
fn the_json_form_is_the_contract() {
    let mut finding = finding("v");
    finding.fix = Some(Fix {
        safe: false,
        edits: vec![Edit { span: span_of(0, "\"encryption\""), replacement: "\"e\"".into() }],
    });
    finding.scenarios.push("prod\u{202e}.parameters.json".into());
    let text = rendered(&[finding], Form::Json, Style::default());
    assert!(!text.contains('\u{202e}') && text.contains("prod\\u202e"));
    let json: serde_json::Value = serde_json::from_str(&text).expect("the report is JSON");
    assert_eq!(json["version"], 1);
    insta::assert_snapshot!(text);
}

#[test]
fn no_form_loses_a_finding() {
    let findings: Vec<Finding> = [Severity::Note, Severity::Warning, Severity::Error]
        .into_iter()
        .map(|severity| Finding { severity, ..finding("v") })
        .collect();
    for form in FORMS {
        let text = rendered(&findings, form, Style { quiet: true, ..Style::default() });
        assert_eq!(text.matches("is replicated without").count(), 3, "{form:?}");
    }
}

const FORMS: [Form; 7] = [Form::Human, Form::Concise, Form::Json, Form::Sarif, Form::Github, Form::Gitlab, Form::Junit];

/// A finding whose every text tries to leave its place.
fn hostile() -> Finding {
    let text = "a\u{1b}[31m\r\n::error::b,c:d%0A\"</failure>&]]>\u{202e}\u{0}";
    let mut finding = finding(text);
    finding.message = text.into();
    finding.primary_label = text.into();
    finding.primary = span_of(1, "\"North Europe\"");
    finding.labels[0].text = text.into();
    finding.notes = vec![text.into()];
    finding.help = vec![text.into()];
    finding.scenarios = vec![text.into()];
    finding
}

#[test]
fn no_form_passes_on_what_a_terminal_or_a_reader_would_obey() {
    for form in FORMS {
        let text = rendered(&[hostile()], form, Style::default());
        assert!(!text.contains(|char: char| char != '\n' && crate::text::is_hidden(char)), "{form:?}: {text}");
        if !matches!(form, Form::Github) {
            assert!(!text.lines().any(|line| line.starts_with("::")), "{form:?}: {text}");
        }
    }
    let github = rendered(&[hostile()], Form::Github, Style::default());
    assert_eq!(github.lines().count(), 1, "{github}");
    assert!(github.contains("c:d%250A") && github.starts_with("::error file=min\\u{202e}.json,line=1,"), "{github}");
    let junit = rendered(&[hostile()], Form::Junit, Style::default());
    assert_eq!(junit.matches("</failure>").count(), 1, "{junit}");
    assert!(!junit.contains("]]>"), "{junit}");
    for form in [Form::Json, Form::Sarif, Form::Gitlab] {
        let text = rendered(&[hostile()], form, Style::default());
        serde_json::from_str::<serde_json::Value>(&text).expect("the report is JSON");
    }
}

#[test]
fn github_shows_the_worst_first() {
    let findings = [Finding { severity: Severity::Note, ..finding("v") }, finding("w")];
    let text = rendered(&findings, Form::Github, Style::default());
    assert_eq!(
        text.lines().map(|line| line.split(' ').next().unwrap_or("")).collect::<Vec<_>>(),
        ["::error", "::notice"]
    );
}

#[test]
fn sarif_has_places_the_way_the_fix_and_the_page_of_the_rule() {
    let mut finding = finding("v");
    finding.labels[0].on_way = true;
    finding.fix =
        Some(Fix { safe: true, edits: vec![Edit { span: span_of(0, "\"encryption\""), replacement: "\"e\"".into() }] });
    let log: serde_json::Value =
        serde_json::from_str(&rendered(&[finding], Form::Sarif, Style::default())).expect("the log is JSON");
    let run = &log["runs"][0];
    let result = &run["results"][0];
    let region = |place: &serde_json::Value| place["physicalLocation"]["region"]["startLine"].clone();
    assert_eq!(region(&result["locations"][0]), 6);
    assert_eq!(region(&result["relatedLocations"][0]), 3);
    let flow = &result["codeFlows"][0]["threadFlows"][0]["locations"];
    assert_eq!([region(&flow[0]["location"]), region(&flow[1]["location"])], [6, 3]);
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "\"e\"");
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!((&rule["id"], &rule["name"]), (&"CMK201".into(), &"RegionWithoutKey".into()));
    assert!(rule["help"]["markdown"].as_str().is_some_and(|page| page.contains("## Why")));
}

#[test]
fn sarif_shows_what_is_written_at_a_place_and_around_it_without_secrets() {
    let sources = sources();
    let seen = Seen::default();
    let snippets = |finding: Finding, secrets: &[Span]| -> [Option<String>; 3] {
        let findings = std::slice::from_ref(&finding);
        let report = Report { findings, secrets, ..silent(&sources, &seen) };
        let text = render(&report, Form::Sarif, Style::default());
        let log: serde_json::Value = serde_json::from_str(&text).expect("the log is JSON");
        let place = |pointer: &str| {
            let base = "/runs/0/results/0/locations/0/physicalLocation";
            log.pointer(&format!("{base}{pointer}/snippet/text")).and_then(|text| text.as_str()).map(str::to_owned)
        };
        let token = log.pointer("/runs/0/redactionTokens/0").and_then(|token| token.as_str());
        [place("/region"), place("/contextRegion"), token.map(str::to_owned)]
    };
    let [region, around, token] = snippets(finding("v"), &[]);
    assert_eq!(region.as_deref(), Some("\"North Europe\""));
    assert_eq!(around.as_deref(), Some("\n  \"other\": {\n    \"name\": \"North Europe\"\n  }\n}"));
    assert_eq!(token, None);
    let place = finding("v").primary;
    let [region, around, token] = snippets(finding("v"), &[Span { start: place.start + 1, ..place }, place]);
    assert_eq!(region.as_deref(), Some("\"[REDACTED]"));
    assert_eq!(around.as_deref(), Some("\n  \"other\": {\n    \"name\": \"[REDACTED]\n  }\n}"));
    assert_eq!(token.as_deref(), Some("[REDACTED]"));
    let [region, around, _] = snippets(Finding { primary: span_of(1, "\"North Europe\""), ..finding("v") }, &[]);
    assert_eq!(region.as_deref(), Some("\"North Europe\""));
    let around = around.expect("there is more on the line");
    assert!(around.len() < 2000 && around.contains("y\\u{1b}y"), "{around}");
    let whole = Span::new(SourceId(1), 0, sources.get(SourceId(1)).text().len() as u32);
    let [region, around, _] = snippets(Finding { primary: whole, ..finding("v") }, &[]);
    assert!(region.is_some_and(|text| text.starts_with("{\"a\"")) && around.is_none(), "there is no more");
}

#[test]
fn sarif_rates_rules_as_code_scanning_reads_them() {
    let about_input = Finding { rule: Arc::from("CMK002"), slug: Arc::from("unused"), ..finding("v") };
    let own = Finding {
        rule: Arc::from("CONTOSO001"),
        slug: Arc::from("vault-can-be-purged"),
        severity: Severity::Warning,
        ..finding("v")
    };
    let (sources, seen) = (sources(), Seen::default());
    let findings = [finding("v"), about_input, own];
    let report = Report { findings: &findings, ..silent(&sources, &seen) };
    let driver = |home| -> serde_json::Value {
        let log: serde_json::Value = serde_json::from_str(&sarif::render_at(&report, home)).expect("the log is JSON");
        log["runs"][0]["tool"]["driver"].clone()
    };
    let alone = driver(None);
    let [input, region, own] = alone["rules"].as_array().expect("rules").as_slice() else { panic!("three rules") };
    assert_eq!(region["properties"]["security-severity"], "8.0");
    assert_eq!(own["properties"]["security-severity"], "5.0");
    assert_eq!(input["properties"]["security-severity"], serde_json::Value::Null);
    assert_eq!(input["properties"]["problem.severity"], "error");
    let full = region["fullDescription"]["text"].as_str().expect("a text");
    assert!(full.len() > 100 && !full.contains('\n') && !full.contains("##"), "{full}");
    assert_eq!(own["shortDescription"]["text"], "Vault can be purged.");
    assert!(own["help"]["text"].as_str().is_some_and(|text| text.contains("explain CONTOSO001")));
    assert!(alone.get("informationUri").is_none() && region.get("helpUri").is_none());
    let known = driver(Some("https://example.com/cmklint"));
    assert_eq!(known["informationUri"], "https://example.com/cmklint");
    assert_eq!(known["rules"][1]["helpUri"], "https://example.com/cmklint/blob/HEAD/rules/CMK201/README.md");
    assert!(known["rules"][2].get("helpUri").is_none(), "a page of the project's own is elsewhere");
}

#[test]
fn sarif_counts_columns_in_utf16_code_units() {
    let mut sources = Sources::default();
    let text = "{\"😀\": 1}";
    sources.add(Source::new("a b#.json", "/w/a b#.json", text));
    let one = text.find('1').expect("it is there") as u32;
    let finding = Finding { primary: Span::new(SourceId(0), one, one + 1), labels: Vec::new(), ..finding("v") };
    let findings = std::slice::from_ref(&finding);
    let seen = Seen::default();
    let report = Report { findings, ..silent(&sources, &seen) };
    let log: serde_json::Value =
        serde_json::from_str(&render(&report, Form::Sarif, Style::default())).expect("the log is JSON");
    let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["region"]["startColumn"], 8);
    assert_eq!(place["artifactLocation"]["uri"], "a%20b%23.json");
}

#[test]
fn what_was_put_aside_is_told_as_such() {
    let (shown, aside, excused) = (finding("shown"), finding("aside"), finding("excused"));
    let seen = Seen::default();
    let sources = sources();
    let report = Report { findings: &[shown], suppressed: &[aside], excused: &[excused], ..silent(&sources, &seen) };
    let log: serde_json::Value =
        serde_json::from_str(&render(&report, Form::Sarif, Style::default())).expect("the log is JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let kinds: Vec<_> = results.iter().map(|result| result["suppressions"][0]["kind"].as_str()).collect();
    assert_eq!(kinds, [None, Some("inSource"), Some("external")]);
}
