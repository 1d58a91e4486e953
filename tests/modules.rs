//! Files that name files: modules, what they import, and parameters files in Bicep. What reaches the name of an image
//! version is told by CMK211, which refuses `1.x` and shows it.

mod support;

use cmklint::analyze::Analysis;
use cmklint::finding::Confidence;

use support::{check_named, lines};

/// An image version of a name.
fn version(name: &str) -> String {
    format!(
        "resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {{\n  name: 'golden/ubuntu/${{{name}}}'\n  \
         location: 'westeurope'\n  properties: {{\n    storageProfile: {{ osDiskImage: {{ source: {{ id: \
         resourceId('Microsoft.Compute/snapshots', 'os') }} }} }}\n  }}\n}}\n"
    )
}

fn run(files: &[(&str, String)], main: &str) -> Analysis {
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), text.clone())).collect();
    check_named(&files, &[main])
}

/// What CMK211 points at.
fn places(analysis: &Analysis) -> Vec<&str> {
    let findings = analysis.findings.iter().filter(|finding| &*finding.rule == "CMK211");
    findings.map(|finding| analysis.sources.slice(finding.primary)).collect()
}

#[test]
fn a_module_whose_outputs_are_asked_for_often_is_worked_out_once() {
    let mut files: Vec<(String, String)> = (0..28)
        .map(|at| {
            let next = at + 1;
            let text = format!(
                "module m 'm{next}.bicep' = {{ name: 'm' }}\noutput x string = m.outputs.x == m.outputs.x ? m.outputs.x : 'no'\n"
            );
            (format!("m{at}.bicep"), text)
        })
        .collect();
    files.push(("m28.bicep".into(), "output x string = '1.x'\n".into()));
    files.push(("main.bicep".into(), format!("module m 'm0.bicep' = {{ name: 'm' }}\n{}", version("m.outputs.x"))));
    let analysis = check_named(&files, &["main.bicep"]);
    assert_eq!(places(&analysis), ["'1.x'"], "{}", lines(&analysis));
    assert!(analysis.diagnostics.is_empty(), "{:?}", analysis.diagnostics);
}

/// The set of the module is called by a text that somebody is to fill in, wherever its id goes.
#[test]
fn a_name_that_is_yet_to_be_filled_in_is_one_name() {
    let main = "param prefix string = '#_prefix_#'
module keys 'keys.bicep' = { name: 'keys', params: { name: '${prefix}des' } }
resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'golden/ubuntu/1.0.0'
  location: 'westeurope'
  properties: {
    storageProfile: { osDiskImage: { source: { id: resourceId('Microsoft.Compute/snapshots', 'os') } } }
    publishingProfile: {
      targetRegions: [
        { name: 'westeurope', encryption: { osDiskImage: { diskEncryptionSetId: keys.outputs.id } } }
      ]
    }
  }
}
";
    let keys = "param name string
resource set 'Microsoft.Compute/diskEncryptionSets@2024-03-02' = {
  name: name
  location: 'westeurope'
  properties: { encryptionType: 'ConfidentialVmEncryptedWithCustomerKey' }
}
output id string = set.id
";
    let analysis = run(&[("main.bicep", main.into()), ("keys.bicep", keys.into())], "main.bicep");
    assert!(analysis.findings.iter().any(|finding| &*finding.rule == "CMK215"), "{}", lines(&analysis));
}

#[test]
fn a_source_of_the_wrong_type_is_at_fault_where_its_id_is_made() {
    let main = "resource disk 'Microsoft.Compute/disks@2024-03-02' existing = { name: 'os' }
var source = disk.id
module image 'image.bicep' = { name: 'image', params: { source: source } }
";
    let image = "param source string
resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'golden/ubuntu/1.0.0'
  location: 'westeurope'
  properties: { storageProfile: { source: { id: source } } }
}
";
    let analysis = run(&[("main.bicep", main.into()), ("image.bicep", image.into())], "main.bicep");
    let places = analysis.findings.iter().map(|finding| analysis.sources.slice(finding.primary));
    assert_eq!(places.collect::<Vec<_>>(), ["disk.id"], "{}", lines(&analysis));
}

#[test]
fn a_cycle_of_modules_is_said_once_and_ends() {
    let module = |to: &str| format!("module m '{to}' = {{ name: 'm' }}\noutput x string = m.outputs.x\n");
    let main = format!("{}{}", module("a.bicep"), version("m.outputs.x"));
    let files = [("main.bicep", main), ("a.bicep", module("b.bicep")), ("b.bicep", module("a.bicep"))];
    let analysis = run(&files, "main.bicep");
    assert_eq!(places(&analysis), [""; 0]);
    let said: Vec<_> = analysis.diagnostics.iter().map(|diagnostic| &diagnostic.message).collect();
    assert_eq!(said.len(), 1, "{said:?}");
}

#[test]
fn functions_and_variables_are_imported_by_name_by_another_name_and_as_a_whole() {
    let shared = "import { dot } from 'marks.bicep'\n@export()\nvar major = 1\n@export()\nfunc named(minor string) string \
                  => '${major}${dot}${minor}'\nvar kept = 'inside'\n";
    let marks = "@export()\nvar dot = '.'\n";
    for (import, call) in [
        ("import { named } from 'shared.bicep'", "named('x')"),
        ("import { named as called } from 'shared.bicep'", "called('x')"),
        ("import * as shared from 'shared.bicep'", "shared.named('x')"),
        ("import { major } from 'shared.bicep'", "'${major}.x'"),
        ("import * as shared from 'shared.bicep'", "'${shared.major}.x'"),
    ] {
        let main = format!("{import}\nvar name = {call}\n{}", version("name"));
        let files = [("main.bicep", main), ("shared.bicep", shared.into()), ("marks.bicep", marks.into())];
        let analysis = run(&files, "main.bicep");
        assert_eq!(places(&analysis).len(), 1, "{import}: {}", lines(&analysis));
        assert!(analysis.findings.iter().any(|finding| finding.message.contains("1.x")), "{}", lines(&analysis));
    }
}

#[test]
fn functions_and_variables_are_imported_from_what_the_compiler_wrote() {
    let compiled = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0", "contentVersion": "1.0.0.0", "variables": { "major": "1" }, "resources": {},
        "functions": [ { "namespace": "__bicep", "members": { "named": {
            "parameters": [ { "name": "minor", "type": "string" } ], "metadata": { "__bicep_export!": true },
            "output": { "type": "string", "value": "[format('1.{0}', parameters('minor'))]" } } } } ] }"#;
    for (import, call) in [
        ("import { named as called } from 'shared.json'", "called('x')"),
        ("import * as shared from 'shared.json'", "shared.named('x')"),
        ("import { major } from 'shared.json'", "'${major}.x'"),
    ] {
        let main = format!("{import}\nvar name = {call}\n{}", version("name"));
        let analysis = run(&[("main.bicep", main), ("shared.json", compiled.into())], "main.bicep");
        assert!(analysis.findings.iter().any(|finding| finding.message.contains("1.x")), "{}", lines(&analysis));
    }
}

#[test]
fn a_parameters_file_adds_to_the_one_that_it_extends_and_takes_the_rest_from_it() {
    let main = format!("param first string\nparam second string\n{}", version("'${first}.${second}'"));
    let files = [
        ("main.bicep", main),
        ("base.bicepparam", "using none\nparam first = '9'\nparam second = 'x'\n".to_owned()),
        ("main.bicepparam", "using 'main.bicep'\nextends 'base.bicepparam'\nparam first = '1'\n".to_owned()),
    ];
    let analysis = run(&files, "main.bicepparam");
    let message = lines(&analysis);
    assert!(message.contains("`1.x`"), "{message}");
    assert_eq!(analysis.findings.len(), 1, "{message}");
    assert_eq!(analysis.findings[0].scenarios, ["main.bicepparam"]);
}

#[test]
fn what_a_parameters_file_takes_from_outside_is_unknown() {
    let main = format!("param name string\n{}", version("name"));
    for value in ["externalInput('pipeline', 'name')", "readEnvironmentVariable('NAME')"] {
        let file = format!("using 'main.bicep'\nparam name = {value}\n");
        let analysis = run(&[("main.bicep", main.clone()), ("main.bicepparam", file)], "main.bicepparam");
        assert_eq!(lines(&analysis), "", "{value}");
        assert!(analysis.undecided.iter().any(|undecided| &*undecided.rule == "CMK211"), "{value}");
    }
}

#[test]
fn what_stands_for_a_missing_environment_variable_holds_by_default() {
    let main = format!("param name string\n{}", version("name"));
    let file = "using 'main.bicep'\nparam name = readEnvironmentVariable('NAME', '1.x')\n".to_owned();
    let analysis = run(&[("main.bicep", main), ("main.bicepparam", file)], "main.bicepparam");
    assert_eq!(places(&analysis), ["'1.x'"]);
    assert_eq!(analysis.findings[0].confidence, Confidence::ByDefault);
}

#[test]
fn a_module_outside_of_the_workspace_is_not_read() {
    let main = format!("module m '../shared/m.bicep' = {{ name: 'm' }}\n{}", version("m.outputs.x"));
    let analysis =
        run(&[("main.bicep", main), ("../shared/m.bicep", "output x string = '1.x'\n".into())], "main.bicep");
    assert_eq!(lines(&analysis), "");
    let said = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.message.contains("outside")).count();
    assert_eq!(said, 1, "{:?}", analysis.diagnostics);
}
