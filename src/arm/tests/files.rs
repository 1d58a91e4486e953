//! What a file is, parameters files, and the files that templates name.

use super::*;
use crate::ir::{Dialect, RefKind};

#[test]
fn files_are_told_apart() {
    let schema = |name: &str| {
        format!(
            r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/{name}", "contentVersion": "1.0.0.0"}}"#
        )
    };
    let cases = [
        (schema("deploymentTemplate.json#"), Kind::Template),
        (schema("subscriptionDeploymentTemplate.json"), Kind::Template),
        (schema("deploymentParameters.json#"), Kind::Parameters),
        (schema("tenantDeploymentParameters.json#"), Kind::Parameters),
        (schema("CreateUIDefinition.MultiVm.json#"), Kind::Other),
        (r#"{"contentVersion": "1.0.0.0", "resources": []}"#.to_owned(), Kind::Template),
        (r#"{"$schema": 1, "ContentVersion": "1.0.0.0", "RESOURCES": {}}"#.to_owned(), Kind::Template),
        (r#"{"contentVersion": "1.0.0.0", "parameters": {"a": {"value": 1}}}"#.to_owned(), Kind::Parameters),
        (r#"{"contentVersion": "1.0.0.0", "parameters": {"a": {"type": "string"}}}"#.to_owned(), Kind::Other),
        (r#"{"contentVersion": "1.0.0.0", "resources": 1}"#.to_owned(), Kind::Other),
        (r#"{"resources": []}"#.to_owned(), Kind::Other),
        (r#"{"name": "package", "version": "1.0.0"}"#.to_owned(), Kind::Other),
        ("[1, 2]".to_owned(), Kind::Other),
        ("not json".to_owned(), Kind::Other),
    ];
    for (text, kind) in cases {
        let parsed = crate::json::parse(FILE, &text);
        assert_eq!(parsed.root.as_ref().map_or(Kind::Other, recognise), kind, "{text}");
        if kind == Kind::Other {
            let lowered = lower(FILE, &text);
            assert!(lowered.program.is_none() && lowered.diagnostics.is_empty(), "{text}");
        } else {
            assert!(may_be_template(text.as_bytes()), "{text}");
        }
    }
}

#[test]
fn most_files_are_ruled_out_by_their_bytes() {
    for text in ["", "\"", r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#, r#"{"content": "Version"}"#] {
        assert!(!may_be_template(text.as_bytes()), "{text}");
    }
    assert!(may_be_template(b"\xff\xfe broken bytes \"contentVersion\""));
}

fn assigned(text: &str) -> Vec<String> {
    let program = lower_as(FILE, text, Kind::Parameters).program.unwrap();
    assert_eq!(program.dialect, Dialect::ArmParameters);
    program.assigns.iter().map(|assign| format!("{} = {}", assign.name, show(&program, assign.value))).collect()
}

#[test]
fn parameters_files_hold_data() {
    let text = r#"{
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "text": {"value": "it's"},
            "blank": {"value": "[your subscription]"},
            "list": {"value": ["a", "[b]", {"[c]": null, "copy": [{"name": "x", "count": 1, "input": 2}]}]},
            "default": {"value": null},
            "secret": {"reference": {"keyVault": {"id": "/subscriptions/x"}, "secretName": "password"}},
            "computed": {"expression": "[externalInputs('x')]"},
            "empty": {},
            "bare": 1
        }
    }"#;
    assert_eq!(
        assigned(text),
        [
            "text = 'it's'",
            "blank = secret:[your subscription]",
            "list = ['a', secret:[b], {'[c]': null, 'copy': [{'name': 'x', 'count': 1, 'input': 2}]}]",
            "secret = secret:password",
            "computed = externalInputs('x')",
            "empty = broken",
            "bare = broken",
        ]
    );
    assert_eq!(
        remarks(text),
        ["this parameter has no `value` <- {}", "a parameter's value should stand in an object as `value` <- 1"]
    );
}

#[test]
fn a_parameters_file_may_name_its_template() {
    let text = r#"{"metadata": {"template": "./main.json"}, "parameters": {}}"#;
    let program = lower_as(FILE, text, Kind::Parameters).program.unwrap();
    let file = &program.files[program.using.unwrap()];
    assert_eq!((&*file.path, covered(text, file.span), file.kind), ("./main.json", "./main.json", RefKind::Using));
}

#[test]
fn parameters_may_stand_at_the_top_of_a_file_that_is_named_as_such() {
    assert_eq!(assigned(r#"{"a": {"value": 1}, "b": {"value": "x"}}"#), ["a = 1", "b = 'x'"]);
    assert!(assigned(r#"{"a": 1}"#).is_empty());
}
