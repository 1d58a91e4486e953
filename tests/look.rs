//! What the look at the bytes of a file passes over can't change a finding.

mod project;

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use cmklint::analyze::{Analysis, Request, analyze};
use cmklint::discover::{Disk, Workspace};
use cmklint::policy;
use cmklint::rules::{self, CheckOptions};
use project::project;

/// The languages of examples, and the name that a file without one gets.
const LANGUAGES: &[(&str, &str)] =
    &[("json", "main.json"), ("bicep", "main.bicep"), ("bash", "main.sh"), ("powershell", "main.ps1")];

/// A folder with every example of the rules' pages, gone when the test is over.
struct Examples(PathBuf);

impl Examples {
    fn new() -> Self {
        let top = env::temp_dir().join(format!("cmklint-look-{}", process::id()));
        for rule in rules::all() {
            for example in policy::examples(rule.readme, LANGUAGES).expect("a page is read") {
                for (name, text) in example.files {
                    let path = top.join(rule.id().as_ref()).join(example.line.to_string()).join(name);
                    fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
                    fs::write(path, text).expect("a file can be written");
                }
            }
        }
        Self(top)
    }
}

impl Drop for Examples {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Findings and open checks, a line each.
fn said(folder: &Path, which: Which, looks_at_all: bool) -> (Vec<String>, Analysis) {
    let paths = vec![folder.to_owned()];
    let workspace = Workspace::around(&Disk, folder).expect("the folder is there");
    let asked = rules::all().iter().filter(|_| which == Which::Every).map(|rule| rule.id().to_string());
    let checks = CheckOptions { extend_select: asked.collect(), ..CheckOptions::default() };
    let analysis =
        analyze(&Disk, workspace, &Request { paths: paths.into(), checks, looks_at_all, ..Request::default() });
    let analysis = analysis.expect("the paths are there");
    let place = |span: cmklint::text::Span| {
        let source = analysis.sources.get(span.source);
        format!("{}:{}", source.name(), source.place(span.start).line)
    };
    let findings = analysis.findings.iter().map(|finding| {
        let labels: Vec<String> = finding.labels.iter().map(|label| place(label.span)).collect();
        format!("{} {}{} {} {labels:?}", place(finding.primary), finding.rule, finding.case, finding.message)
    });
    let open = analysis.undecided.iter().map(|open| format!("{} {} {}", place(open.span), open.rule, open.because));
    (findings.chain(open).collect(), analysis)
}

/// Rules that are to run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Which {
    /// Those that run by default.
    Default,
    /// Those too that run only where they are asked for: what they are about matters then.
    Every,
}

/// Compares what is said with and without the look; gives it, and how many files fewer were read.
fn compare(folder: &Path, which: Which) -> (Vec<String>, usize) {
    let (quick, with) = said(folder, which, false);
    let (whole, without) = said(folder, which, true);
    assert_eq!(quick, whole);
    (quick, without.stats.files - with.stats.files)
}

/// A root and parameters that hold no type that matters; the module that they lead to does, by one more module.
const CHAIN: [(&str, &str); 15] = [
    (
        "chain/main.bicep",
        "param regions array\nmodule m 'between.bicep' = { name: 'm', params: { regions: regions } }\n",
    ),
    (
        "chain/given/north.json",
        r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0",
  "metadata": { "template": "../main.bicep" },
  "parameters": { "regions": { "value": [{ "name": "northeurope" }, { "name": "North Europe" }, { "name": "westus" }] } }
}
"#,
    ),
    ("chain/main.bicepparam", "using 'main.bicep'\nparam regions = [ { name: 'westus' }, { name: 'West US' } ]\n"),
    (
        "chain/between.bicep",
        "param regions array\nmodule v 'version.bicep' = { name: 'v', params: { regions: regions } }\n",
    ),
    (
        "chain/version.bicep",
        "param regions array
resource v 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'g/i/1.0.0'
  location: 'westus'
  properties: {
    storageProfile: { source: { id: resourceId('Microsoft.Compute/images', 'm') } }
    publishingProfile: { targetRegions: regions }
  }
}
",
    ),
    ("other/network.bicep", "resource n 'Microsoft.Network/virtualNetworks@2024-05-01' = { name: 'n' }\n"),
    // Disks matter where encryption is spoken of: in a parameters file, in a file whose content is loaded.
    ("disks/disk.bicep", DISK),
    (
        "disks/disk.parameters.json",
        r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "properties": { "value": { "encryption": { "type": "EncryptionAtRestWithCustomerKey" } } } }
}
"#,
    ),
    ("loaded/disk.bicep", DISK),
    (
        "loaded/main.bicep",
        "module d 'disk.bicep' = { name: 'd', params: { properties: loadJsonContent('properties.json') } }\n",
    ),
    ("loaded/properties.json", r#"{ "encryption": { "type": "EncryptionAtRestWithCustomerKey" } }"#),
    ("passed/disk.bicep", DISK),
    (
        "passed/main.bicep",
        "module d 'disk.bicep' = { name: 'd', params: { properties: { encryption: { type: 'EncryptionAtRestWithCustomerKey' } } } }\n",
    ),
    // What could not be read of a disk is worth a finding where encryption is spoken of.
    ("broken/plain.bicep", "resource d 'Microsoft.Compute/disks@2024-03-02' = {\n  name: 'd'\n  location: ==\n}\n"),
    (
        "broken/keys.bicep",
        "param encryption object\nresource d 'Microsoft.Compute/disks@2024-03-02' = {\n  name: 'd'\n  location: ==\n}\n",
    ),
];

/// A disk that doesn't speak of encryption.
const DISK: &str = "param properties object
resource d 'Microsoft.Compute/disks@2024-03-02' = {
  name: 'd'
  location: 'westus'
  properties: properties
}
";

#[test]
fn findings_are_the_same_with_and_without_it_in_all_fixtures() {
    for which in [Which::Default, Which::Every] {
        assert!(!compare(&project().join("fixtures"), which).0.is_empty());
    }
}

#[test]
fn findings_are_the_same_with_and_without_it_in_all_examples_of_rules() {
    let examples = Examples::new();
    for (name, text) in CHAIN {
        let path = examples.0.join(name);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    let (_, passed_over_by_all) = compare(&examples.0, Which::Every);
    let (said, passed_over) = compare(&examples.0, Which::Default);
    for place in [
        "chain/main.bicepparam:2 CMK205",
        "chain/given/north.json:5 CMK205",
        "disks/disk.parameters.json:4 CMK216b",
        "loaded/properties.json:1 CMK216b",
        "passed/main.bicep:1 CMK216b",
        "broken/keys.bicep:4 CMK001",
    ] {
        let of_folder = |line: &&String| line.split('/').next() == place.split('/').next();
        let found: Vec<&String> = said.iter().filter(of_folder).collect();
        assert!(found.iter().any(|line| line.starts_with(place)), "{place}: {found:#?}");
    }
    assert!(!said.iter().any(|line| line.starts_with("broken/plain.bicep")), "{said:#?}");
    assert!(0 < passed_over_by_all && passed_over_by_all < passed_over, "{passed_over_by_all} {passed_over}");
}

#[test]
fn every_rule_says_what_makes_a_file_matter() {
    let of_commands = |id: &str| id.starts_with("CMK4") || id.starts_with("CMK5") || id == "CMK311";
    for rule in rules::all() {
        let by_pipeline = rule.id().starts_with("CMK00");
        let has_types = rule.types().next().is_some();
        assert!(has_types || by_pipeline || of_commands(&rule.id()), "{}", rule.id());
    }
}
