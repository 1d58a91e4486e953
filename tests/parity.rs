//! The same deployment in every language gives the same findings: `fixtures/parity/<scenario>/` holds one scenario in
//! each language that it exists in, and `expected.json`, what is found in it.
//!
//! Findings are compared by rule, case, severity, confidence and the text at the place, without the quotes of the
//! language. Where a language writes the place in a way of its own, the expectation gives the text for each and says
//! why; where a language can't have the fault at all, it is left out with a reason. Both are held to be needed still.
//! Each place is also pinned down by file and line.
//!
//! With `CMKLINT_UPDATE=1` the lines, and nothing else, are written anew.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use cmklint::analyze::Analysis;
use cmklint::finding::{Finding, Severity};
use serde::{Deserialize, Serialize};

use support::{check_named, lines};

/// A language of scenarios: what it is called in expectations, and its main file.
struct Language {
    name: &'static str,
    main: &'static str,
}

const LANGUAGES: &[Language] = &[
    Language { name: "arm", main: "main.json" },
    Language { name: "bicep", main: "main.bicep" },
    Language { name: "az", main: "main.sh" },
    Language { name: "powershell", main: "main.ps1" },
];

/// The rules that templates of both languages share; each must occur.
const SHARED: &[&str] = &[
    "CMK101", "CMK102", "CMK103", "CMK104", "CMK201", "CMK202", "CMK203", "CMK204", "CMK205", "CMK206", "CMK207",
    "CMK208", "CMK209", "CMK210", "CMK211", "CMK213", "CMK214", "CMK215", "CMK216", "CMK301", "CMK302",
];

/// What is found in a scenario.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    findings: Vec<Expectation>,
}

/// One finding.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expectation {
    rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    case: String,
    severity: String,
    confidence: String,
    place: Place,
    /// Why the texts differ by language. Said exactly where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    /// Languages that don't have it, and why.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    absent: BTreeMap<String, String>,
    /// File and line by language.
    #[serde(default)]
    at: BTreeMap<String, String>,
}

/// The text at a place.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Place {
    /// The same in every language.
    Same(String),
    /// By language.
    Own(BTreeMap<String, String>),
}

struct Scenario {
    name: String,
    folder: PathBuf,
    expected: Expected,
    /// What each language that it exists in gives.
    found: Vec<(&'static Language, Analysis)>,
}

#[test]
fn every_language_gives_the_findings_that_are_expected_place_for_place() {
    let mut wrong = String::new();
    for mut scenario in scenarios() {
        let mut places: Vec<BTreeMap<String, String>> =
            scenario.expected.findings.iter().map(|_| BTreeMap::new()).collect();
        for (language, analysis) in &scenario.found {
            // Advice is no matter of a scenario, unless it expects some.
            let expected = |rule: &str| scenario.expected.findings.iter().any(|expectation| expectation.rule == rule);
            let counts = |finding: &&Finding| finding.severity > Severity::Note || expected(&finding.rule);
            let mut left: Vec<&Finding> = analysis.findings.iter().filter(counts).collect();
            let number = left.len();
            for (at, expectation) in scenario.expected.findings.iter().enumerate() {
                let found = left.iter().position(|finding| expectation.is(language, analysis, finding));
                match found {
                    Some(found) => {
                        let finding = left.remove(found);
                        places[at].insert(language.name.to_owned(), line(analysis, finding));
                    }
                    None if expectation.absent.contains_key(language.name) => {}
                    None => {
                        let place = expectation.place(language);
                        let _ = writeln!(
                            wrong,
                            "{}, {}: {}{} at `{place}` isn't found",
                            scenario.name, language.name, expectation.rule, expectation.case
                        );
                    }
                }
            }
            for finding in left {
                let _ = writeln!(
                    wrong,
                    "{}, {}: {}{} {} {} at `{}`, {}, isn't expected: {}",
                    scenario.name,
                    language.name,
                    finding.rule,
                    finding.case,
                    finding.severity.as_str(),
                    finding.confidence.as_str(),
                    decoded(analysis.sources.slice(finding.primary)),
                    line(analysis, finding),
                    finding.message
                );
            }
            if number != scenario.expected.number(language) {
                let _ = writeln!(wrong, "{}, {}, all:\n{}", scenario.name, language.name, lines(analysis));
            }
            for diagnostic in &analysis.diagnostics {
                let _ = writeln!(wrong, "{}, {}: {}", scenario.name, language.name, diagnostic.message);
            }
        }
        if std::env::var_os("CMKLINT_UPDATE").is_some() {
            for (expectation, places) in scenario.expected.findings.iter_mut().zip(places) {
                expectation.at = places;
            }
            let mut text = serde_json::to_string_pretty(&scenario.expected).expect("expectations are plain data");
            text.push('\n');
            std::fs::write(scenario.folder.join("expected.json"), text).expect("the expectation can be written");
        } else {
            for (expectation, places) in scenario.expected.findings.iter().zip(places) {
                if expectation.at != places {
                    let _ = writeln!(wrong, "{}, {}: at {places:?}", scenario.name, expectation.rule);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn exceptions_have_a_reason_and_are_needed_still() {
    let mut wrong = String::new();
    for scenario in scenarios() {
        let there: BTreeSet<&str> = scenario.found.iter().map(|(language, _)| language.name).collect();
        for expectation in &scenario.expected.findings {
            let name = format!("{}, {}", scenario.name, expectation.rule);
            let own = match &expectation.place {
                Place::Same(_) => false,
                Place::Own(texts) => {
                    let different: BTreeSet<&String> = texts.values().collect();
                    if different.len() < 2 {
                        let _ = writeln!(wrong, "{name}: the texts don't differ");
                    }
                    true
                }
            };
            let reason = expectation.because.as_deref().unwrap_or_default();
            if own == reason.is_empty() {
                let _ = writeln!(wrong, "{name}: a reason is given exactly where the texts differ");
            }
            for (language, reason) in &expectation.absent {
                if reason.is_empty() || !there.contains(language.as_str()) {
                    let _ = writeln!(wrong, "{name}: the exception for {language} has no reason, or no use");
                }
                if expectation.at.contains_key(language) {
                    let _ = writeln!(wrong, "{name}: {language} has it by now");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn the_scenarios_are_enough() {
    let scenarios = scenarios();
    let both = |scenario: &&Scenario| {
        let has = |name| scenario.found.iter().any(|(language, _)| language.name == name);
        has("arm") && has("bicep")
    };
    assert!(scenarios.iter().filter(both).count() >= 12);
    let in_all = scenarios.iter().filter(|scenario| scenario.found.len() == LANGUAGES.len()).count();
    assert!(in_all >= 8, "{in_all}");
    let with_findings = scenarios.iter().filter(|scenario| !scenario.expected.findings.is_empty()).count();
    assert!(3 * with_findings >= 2 * scenarios.len(), "{with_findings} of {}", scenarios.len());
    let occur: BTreeSet<&str> = scenarios
        .iter()
        .filter(both)
        .flat_map(|scenario| scenario.expected.findings.iter().map(|finding| finding.rule.as_str()))
        .collect();
    let missing: Vec<&&str> = SHARED.iter().filter(|rule| !occur.contains(**rule)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

impl Expected {
    /// How many findings a language has.
    fn number(&self, language: &Language) -> usize {
        self.findings.iter().filter(|expectation| !expectation.absent.contains_key(language.name)).count()
    }
}

impl Expectation {
    fn place(&self, language: &Language) -> &str {
        match &self.place {
            Place::Same(text) => text,
            Place::Own(texts) => texts.get(language.name).map_or("", String::as_str),
        }
    }

    fn is(&self, language: &Language, analysis: &Analysis, finding: &Finding) -> bool {
        let text = decoded(analysis.sources.slice(finding.primary));
        *finding.rule == *self.rule
            && finding.case == self.case
            && finding.severity.as_str() == self.severity
            && finding.confidence.as_str() == self.confidence
            && text == self.place(language)
    }
}

/// A place's text, without the quotes around a whole literal.
fn decoded(text: &str) -> &str {
    for quote in ['"', '\''] {
        let inside = text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
        if let Some(inside) = inside.filter(|inside| !inside.contains(quote)) {
            return inside;
        }
    }
    text
}

fn line(analysis: &Analysis, finding: &Finding) -> String {
    let source = analysis.sources.get(finding.primary.source);
    format!(
        "{}:{}",
        Path::new(source.name()).file_name().unwrap_or_default().to_string_lossy(),
        source.place(finding.primary.start).line
    )
}

fn scenarios() -> Vec<Scenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/parity");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the scenarios' folder can be read")
        .map(|entry| entry.expect("its entries can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders.into_iter().map(scenario).collect()
}

fn scenario(folder: PathBuf) -> Scenario {
    let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
    let mut files: Vec<(String, String)> = std::fs::read_dir(&folder)
        .expect("a scenario can be read")
        .map(|entry| entry.expect("its entries can be read").path())
        .map(|path| {
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("a fixture is text"))
        })
        .collect();
    files.sort();
    let expected = files.iter().find(|(name, _)| name == "expected.json");
    let expected = expected.unwrap_or_else(|| panic!("{name}: no expected.json"));
    let expected = serde_json::from_str(&expected.1).unwrap_or_else(|why| panic!("{name}: expected.json: {why}"));
    let present = LANGUAGES.iter().filter(|language| files.iter().any(|(name, _)| name == language.main));
    let found: Vec<_> = present
        .map(|language| {
            let of_it: Vec<(String, String)> =
                files.iter().filter(|(name, _)| belongs(language, name, &files)).cloned().collect();
            // What is deployed; the rest is what it names.
            let main: Vec<&str> =
                of_it.iter().map(|(name, _)| &**name).filter(|name| name.starts_with("main.")).collect();
            (language, check_named(&of_it, &main))
        })
        .collect();
    assert!(found.len() > 1, "{name}: a scenario is in two languages at least");
    Scenario { name, folder, expected, found }
}

/// Whether a file is part of a scenario as a language has it. JSON with a twin in Bicep is ARM's alone; other JSON is
/// of all.
fn belongs(language: &Language, name: &str, files: &[(String, String)]) -> bool {
    if name == "expected.json" {
        return false;
    }
    if LANGUAGES.iter().any(|other| other.main == name) {
        return language.main == name;
    }
    let bicep = [".bicep", ".bicepparam"].iter().any(|end| name.ends_with(end)) || name == "bicepconfig.json";
    if bicep {
        return language.name == "bicep";
    }
    let stem = name.strip_suffix(".parameters.json").or_else(|| name.strip_suffix(".json"));
    let twin = |stem: &str| {
        let ends = |name: &str| matches!(name.strip_prefix(stem), Some(".bicep" | ".bicepparam"));
        files.iter().any(|(name, _)| ends(name))
    };
    language.name == "arm" || !stem.is_some_and(twin)
}
