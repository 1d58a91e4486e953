//! Declarative rules as a user meets them: their own rules beside ours, mistakes at their place, examples that are
//! run, queries.

mod command;
mod project;

use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use cmklint::policy::{builtin, read};
use cmklint::text::SourceId;
use command::cmklint;
use project::project;

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cmklint-policies-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(env::temp_dir().join(name));
        for (name, text) in files {
            let path = folder.0.join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
            fs::write(path, text).expect("written");
        }
        folder
    }

    fn run(&self, args: &[&str]) -> Output {
        cmklint(&self.0, args)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A template with one vault, which none of our rules knows.
fn vault(properties: &str) -> String {
    format!(
        r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0",
"parameters": {{"purge": {{"type": "bool"}}, "name": {{"type": "string"}}, "soft": {{"type": "bool", "defaultValue": false}}}},
"resources": [{{"type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv-images",
"location": "westus", "properties": {properties}}}]}}"#
    )
}

fn rule(select: &str, expect: &str) -> String {
    format!(
        r#"{{"id": "ORG001", "slug": "vault", "title": "a vault", "severity": "error", "check": {{
"resource": "microsoft.keyvault/VAULTS", "select": "{select}", "expect": {expect},
"message": "{{resource}} has {{value}}"}}}}"#
    )
}

/// What `check` says of a vault: the lines of the findings, and how many checks are undecided.
fn judged(properties: &str, select: &str, expect: &str) -> (Vec<String>, usize) {
    let folder = Folder::new(&[("main.json", &vault(properties)), ("rules/ORG001/rule.json", &rule(select, expect))]);
    let output = folder.run(&["check", "main.json", "--rules", "rules", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out(&output)).unwrap_or_else(|_| panic!("{}", err(&output)));
    let findings = report["findings"].as_array().expect("findings");
    let lines = findings.iter().map(|finding| {
        let line = finding["start"]["line"].as_u64().unwrap_or_default();
        format!(
            "{line}: {} ({})",
            finding["message"].as_str().unwrap_or_default(),
            finding["confidence"].as_str().unwrap_or_default()
        )
    });
    (lines.collect(), report["summary"]["undecided"].as_u64().unwrap_or_default() as usize)
}

#[test]
fn every_embedded_policy_is_read_and_is_in_the_catalogue() {
    assert!(builtin(|_| true).count() >= 3);
    for policy in builtin(|_| true) {
        let rule = cmklint::rules::find(&policy.meta.id).expect("it is in the registry");
        assert_eq!(rule.id, policy.meta.id);
        assert_eq!(rule.meta.slug, policy.meta.slug);
        assert_eq!(rule.meta.opt_in, policy.meta.opt_in);
        assert!(rule.meta.cases.iter().all(|case| case.check.is_some()), "{}", policy.meta.id);
    }
    for rule in cmklint::rules::all() {
        let declared = rule.meta.cases.iter().any(|case| case.check.is_some());
        assert_eq!(declared, builtin(|_| true).any(|policy| policy.meta.id == rule.meta.id), "{}", rule.meta.id);
    }
}

#[test]
fn each_expectation_is_met_broken_or_undecided() {
    let cases: &[(&str, &str, &str, &[&str], usize)] = &[
        (r#"{"enablePurgeProtection": true}"#, "$.properties.enablePurgeProtection", "\"present\"", &[], 0),
        (
            r#"{"x": 1}"#,
            "$.properties.enablePurgeProtection",
            "\"present\"",
            &["5: kv-images has nothing (certain)"],
            0,
        ),
        (
            r#"{"enablePurgeProtection": null}"#,
            "$.properties.enablePurgeProtection",
            "\"present\"",
            &["5: kv-images has nothing (certain)"],
            0,
        ),
        (
            r#"{"a": [{"b": 1}, {"c": 2}]}"#,
            "$.properties.a[?!@.b]",
            "\"absent\"",
            &["5: kv-images has {\\\"c\\\":2} (certain)"],
            0,
        ),
        (r#"{"a": 7}"#, "$.properties.a", "\"absent\"", &["5: kv-images has 7 (certain)"], 0),
        (r#"{"a": []}"#, "$.properties.a", "\"nonEmpty\"", &["5: kv-images has [] (certain)"], 0),
        (r#"{"a": ["x"]}"#, "$.properties.a", "\"nonEmpty\"", &[], 0),
        (r#"{"a": "Standard"}"#, "$.properties.a", r#"{"equals": "standard"}"#, &[], 0),
        (
            r#"{"a": "Premium"}"#,
            "$.properties.a",
            r#"{"equals": "standard"}"#,
            &["5: kv-images has Premium (certain)"],
            0,
        ),
        (r#"{"b": 1}"#, "$.properties.a", r#"{"equals": "standard"}"#, &["5: kv-images has nothing (certain)"], 0),
        (r#"{"b": [1, 2, 3]}"#, "$.properties.b[*]", r#"{"oneOf": [1, 3]}"#, &["5: kv-images has 2 (certain)"], 0),
        (r#"{"b": []}"#, "$.properties.b[*]", r#"{"oneOf": [1, 3]}"#, &[], 0),
        (
            r#"{"a": "kv-1"}"#,
            "$.properties.a",
            r#"{"matches": "^kv-[a-z]+$"}"#,
            &["5: kv-images has kv-1 (certain)"],
            0,
        ),
        // What isn't known is undecided; what hangs on a default says so.
        (r#"{"a": "[parameters('purge')]"}"#, "$.properties.a", r#"{"equals": true}"#, &[], 1),
        (
            r#"{"a": "[parameters('soft')]"}"#,
            "$.properties.a",
            r#"{"equals": true}"#,
            &["3: kv-images has false (by-default)"],
            0,
        ),
        (r#"{"a": "[reference('x').y]"}"#, "$.properties.a.b", "\"present\"", &[], 1),
        (r#"{"a": "[concat('kv-', parameters('name'))]"}"#, "$.properties.a", "\"nonEmpty\"", &[], 0),
        // A doubt about one element is no doubt about another.
        (
            r#"{"a": [{"n": "x"}, {"n": "[reference('x').y]"}]}"#,
            "$.properties.a[?@.n == 'x']",
            "\"absent\"",
            &["5: kv-images has {\\\"n\\\":\\\"x\\\"} (certain)"],
            1,
        ),
        (
            r#"{"a": [{"n": "x", "m": 1}, {"n": "[reference('x').y]", "m": 2}]}"#,
            "$.properties.a[?@.n == 'x'].m",
            "\"absent\"",
            &["5: kv-images has 1 (certain)"],
            1,
        ),
        // A switch that the author put there decides.
        (
            r#"{"a": "[if(parameters('purge'), 1, 2)]"}"#,
            "$.properties.a",
            r#"{"equals": 1}"#,
            &["5: kv-images has 2 (assumed)"],
            0,
        ),
    ];
    for (properties, select, expect, findings, undecided) in cases {
        let (lines, count) = judged(properties, select, expect);
        let lines: Vec<String> = lines.iter().map(|line| line.replace('"', "\\\"")).collect();
        assert_eq!(
            (lines.as_slice(), count),
            (&findings.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()[..], *undecided),
            "{properties} {select} {expect}"
        );
    }
}

#[test]
fn a_rule_of_ones_own_is_selected_and_ignored_like_any() {
    let rule = rule("$.properties.a", "\\\"present\\\"".replace('\\', "").as_str());
    let folder = Folder::new(&[("main.json", &vault("{}")), ("rules/ORG001/rule.json", &rule)]);
    for (args, code) in [
        (&["check", "main.json", "--rules", "rules"][..], 1),
        (&["check", "main.json", "--rules", "rules/ORG001"], 1),
        (&["check", "main.json"], 0),
        (&["check", "main.json", "--rules", "rules", "--ignore", "org001"], 0),
        (&["check", "main.json", "--rules", "rules", "--select", "vault"], 1),
        (&["check", "main.json", "--rules", "rules", "--select", "CMK102"], 0),
        (&["check", "main.json", "--select", "ORG001"], 2),
        (&["check", "main.json", "--rules", "nowhere"], 2),
        (&["check", "main.json", "--rules", "."], 2),
        (&["check", "main.json", "--setting", "x"], 2),
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(code), "{args:?}\n{}{}", out(&output), err(&output));
    }
}

#[test]
fn a_mistake_in_a_rule_is_shown_at_its_place() {
    let broken = rule("$.properties[", "\"present\"");
    let taken = rule("$.properties", "\"present\"").replace("ORG001", "CMK102");
    for (text, said) in [(&broken, ["2:", "isn't a JSONPath", "$.properties["]), (&taken, ["1:", "is taken", "CMK102"])]
    {
        let folder = Folder::new(&[("main.json", &vault("{}")), ("rules/a/rule.json", text)]);
        let output = folder.run(&["check", "--rules", "rules"]);
        assert_eq!(output.status.code(), Some(2));
        for word in said {
            assert!(err(&output).contains(word), "{word}: {}", err(&output));
        }
    }
}

#[test]
fn the_examples_of_a_rule_are_run() {
    let page = |claim: &str| {
        format!(
            "# x\n\n```json raises\n{}\n```\n\n```json {claim}\n{}\n```\n\n```bicep undecided\nparam v object\nresource k \
             'Microsoft.KeyVault/vaults@2023-07-01' = {{\n  name: 'kv'\n  location: 'westus'\n  properties: v\n}}\n```\n",
            vault("{}"),
            vault("{\"a\": 1}")
        )
    };
    let rule = rule("$.properties.a", "\"present\"");
    for (claim, code, said) in [
        ("silent", 0, "3 examples hold"),
        ("raises", 1, "README.md:11: should be raised once"),
        ("loud", 1, "no claim"),
    ] {
        let folder = Folder::new(&[("rules/a/rule.json", &rule), ("rules/a/README.md", &page(claim))]);
        let output = folder.run(&["rules", "test", "rules"]);
        assert_eq!(output.status.code(), Some(code), "{}", out(&output));
        assert!(out(&output).contains(said), "{}", out(&output));
    }
    let folder = Folder::new(&[("rules/a/rule.json", &rule)]);
    assert_eq!(folder.run(&["rules", "test", "rules"]).status.code(), Some(1));
}

#[test]
fn the_rule_that_the_readme_shows_holds() {
    let output = cmklint(project(), &["rules", "test", "fixtures/policies"]);
    assert_eq!(out(&output), "CONTOSO001 vault-without-purge-protection: 3 examples hold\n");
    let (readme, rule) = ("README.md", "fixtures/policies/CONTOSO001/rule.json");
    let [readme, rule] = [readme, rule].map(|name| fs::read_to_string(project().join(name)).expect("it is there"));
    let (_, shown) = readme.split_once("```json\n\"check\"").expect("the README shows a rule");
    let (shown, _) = shown.split_once("```").expect("the fence is closed");
    for line in shown.lines().skip(1).map(str::trim) {
        assert!(rule.contains(line.trim_end_matches(',')), "{line}");
    }
}

#[test]
fn a_query_shows_what_it_finds_where_it_is() {
    let file = "fixtures/article/clean.json";
    let output = cmklint(project(), &["query", "$..targetregions[*].NAME", file]);
    let text = out(&output);
    assert!(text.contains("\"West US\"") && text.contains("\"East US 2\"") && text.contains("clean.json:"), "{text}");
    assert_eq!(out(&cmklint(project(), &["query", "$.nothing", file])), "nothing is found\n");
    assert_eq!(cmklint(project(), &["query", "$.[", file]).status.code(), Some(2));
}

#[test]
fn the_schema_of_rules_knows_what_reading_knows() {
    let text = fs::read_to_string(project().join("rules/rule.schema.json")).expect("the schema is there");
    let schema: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    for name in schema["properties"].as_object().expect("members").keys() {
        let text = format!("{{\"{name}\": 0}}");
        let mistakes = read(SourceId(0), &text).expect_err("it isn't whole");
        assert!(!mistakes.iter().any(|mistake| mistake.message.contains("isn't known")), "{name}");
    }
    for entry in fs::read_dir(project().join("rules")).expect("readable") {
        let path = entry.expect("readable").path().join("rule.json");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let rule: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for name in rule.as_object().expect("an object").keys() {
            assert!(schema["properties"].get(name).is_some(), "{}: {name}", path.display());
        }
        for case in rule["cases"].as_array().expect("cases") {
            for name in case.as_object().expect("an object").keys() {
                assert!(schema["$defs"]["case"]["properties"].get(name).is_some(), "{}: {name}", path.display());
            }
        }
    }
}

#[test]
fn findings_of_rules_of_ones_own_are_put_aside_like_any() {
    let rule = rule("$.properties.a", "{\"equals\": true}");
    let said = |value: &str, name: &str, settings: &str| {
        let template = vault(&format!("{{\n\"a\": {value} // cmklint: ignore[{name}] for a test\n}}"));
        let folder =
            Folder::new(&[("main.json", &template), ("rules/ORG001/rule.json", &rule), ("cmklint.toml", settings)]);
        out(&folder.run(&["check", "main.json", "--format", "concise"]))
    };
    let settings = "rules = [\"rules\"]\n";
    let text = said("false", "ORG001", settings);
    assert!(text.contains("1 suppressed") && !text.contains("CMK0") && !text.contains("[ORG001]:"), "{text}");
    let text = said("true", "vault", settings);
    assert!(text.contains("[CMK002]: nothing here is a finding of ORG001"), "{text}");
    assert!(said("false", "ORG002", settings).contains("[CMK003]: there is no rule `ORG002`"));
    let entry =
        format!("{settings}[[suppress]]\nrules = [\"Vault\"]\nfiles = [\"main.json\"]\nreason = \"for a test\"\n");
    let text = said("false", "CMK101", &entry);
    assert!(text.contains("1 suppressed") && !text.contains("[ORG001]"), "{text}");
    let text = said("true", "CMK101", &entry);
    assert!(text.contains("cmklint.toml:3: puts nothing aside: there is no finding of ORG001 there"), "{text}");
}
