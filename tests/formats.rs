//! The json forms are what their schemas say. The check knows as much of JSON Schema as ours use.

mod command;
mod folder;
mod project;

use serde_json::Value;

use command::cmklint;
use folder::Folder;
use project::project;

fn schema(name: &str) -> Value {
    let path = project().join("docs/schema").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).expect("the schema is there")).expect("the schema is JSON")
}

fn output(args: &[&str]) -> Value {
    let output = cmklint(project(), args);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{args:?}: {error}"))
}

/// Where `value` is not what `schema` says.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str, into: &mut Vec<String>) {
    if let Some(target) = schema["$ref"].as_str() {
        let target = root.pointer(target.trim_start_matches('#')).unwrap_or_else(|| panic!("{target} is not defined"));
        faults(root, target, value, at, into);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |one: &Value| {
            let mut found = Vec::new();
            faults(root, one, value, at, &mut found);
            found.is_empty()
        };
        if !any.iter().any(fits) {
            into.push(format!("{at}: none of anyOf fits {value}"));
        }
    }
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.contains(value)
    {
        into.push(format!("{at}: {value} is not allowed"));
    }
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("the check doesn't know the type {other}"),
    };
    if let Some(name) = schema["type"].as_str()
        && !is(name)
    {
        into.push(format!("{at}: {value} is no {name}"));
    }
    if let (Some(least), Some(number)) = (schema["minimum"].as_i64(), value.as_i64())
        && number < least
    {
        into.push(format!("{at}: {number} is less than {least}"));
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            into.push(format!("{at}: {name} is missing"));
        }
    }
    if let (Some(properties), Some(members)) = (schema["properties"].as_object(), value.as_object()) {
        for (name, member) in members {
            match properties.get(name) {
                Some(schema) => faults(root, schema, member, &format!("{at}/{name}"), into),
                None if schema["additionalProperties"] == false => into.push(format!("{at}: {name} is not known")),
                None => {}
            }
        }
    }
    if let (Some(items), Some(elements)) = (schema.get("items"), value.as_array()) {
        for (index, element) in elements.iter().enumerate() {
            faults(root, items, element, &format!("{at}/{index}"), into);
        }
    }
}

fn check(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    faults(schema, schema, value, "", &mut found);
    found
}

#[test]
fn the_report_is_what_its_schema_says() {
    let schema = schema("findings.schema.json");
    for args in [
        &["check", "fixtures", "--format", "json", "--undecided"][..],
        &["check", "README.md", "--format", "json"],
        &["check", "fixtures/article/clean.json", "--format", "json"],
    ] {
        assert_eq!(check(&schema, &output(args)), Vec::<String>::new(), "{args:?}");
    }
}

#[test]
fn the_evaluation_is_what_its_schema_says() {
    let schema = schema("evaluation.schema.json");
    for file in ["clean.json", "lun-mismatch.json", "shared-gallery.json"] {
        let path = format!("fixtures/article/{file}");
        for origins in [&["eval", &path, "--format", "json"][..], &["eval", &path, "--format", "json", "--origins"]] {
            let value = output(origins);
            assert_eq!(check(&schema, &value), Vec::<String>::new(), "{file}");
            assert!(value.as_array().is_some_and(|resources| !resources.is_empty()), "{file} deploys something");
        }
    }
}

#[test]
fn the_map_is_what_its_schema_says() {
    let schema = schema("map.schema.json");
    let value = output(&["map", "fixtures", "--format", "json"]);
    assert_eq!(check(&schema, &value), Vec::<String>::new());
    assert!(value["image_versions"].as_array().is_some_and(|versions| versions.len() > 5));
}

#[test]
fn the_check_of_schemas_finds_faults() {
    let schema = schema("findings.schema.json");
    let mut value = output(&["check", "fixtures/article", "--format", "json"]);
    value["findings"][0]["severity"] = "bad".into();
    value["findings"][0]["start"]["line"] = 0.into();
    value["more"] = 1.into();
    value.as_object_mut().expect("an object").remove("summary");
    assert_eq!(check(&schema, &value).len(), 4);
}

#[test]
fn a_place_in_the_report_is_a_place_in_the_file() {
    let report = output(&["check", "fixtures/article", "--format", "json"]);
    let findings = report["findings"].as_array().expect("findings");
    assert!(!findings.is_empty());
    for finding in findings {
        let text =
            std::fs::read_to_string(project().join(finding["file"].as_str().expect("a file"))).expect("it is there");
        for end in ["start", "end"] {
            let number = |name: &str| finding[end][name].as_u64().expect("a number") as usize;
            let line = text.lines().nth(number("line") - 1).expect("a line");
            let before: String = line.chars().take(number("column") - 1).collect();
            let offset =
                text.split_inclusive('\n').take(number("line") - 1).map(str::len).sum::<usize>() + before.len();
            assert_eq!(number("offset"), offset, "{finding}");
        }
    }
}

/// A finding in the line below a secret.
const BESIDE_A_SECRET: &str = "@secure()
param token string = 'hunter-two'
param set string = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSet/des'
resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'gallery/image/1.0.0'
  location: 'westeurope'
  tags: { token: token }
  properties: {
    storageProfile: { osDiskImage: { source: { id: resourceId('Microsoft.Compute/snapshots', 'os') } } }
    publishingProfile: {
      targetRegions: [{ name: 'westeurope', encryption: { osDiskImage: { diskEncryptionSetId: set } } }]
    }
  }
}
";

#[test]
fn no_form_shows_a_secret_beside_a_finding() {
    let folder = Folder::new();
    std::fs::write(folder.0.join("main.bicep"), BESIDE_A_SECRET).expect("written");
    for form in ["human", "concise", "json", "sarif", "github", "gitlab", "junit"] {
        let output = cmklint(&folder.0, &["check", "main.bicep", "--format", form]);
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(text.contains("CMK204"), "{form}: {text}");
        assert!(!text.contains("hunter"), "{form}: {text}");
        assert_eq!(text.contains("param token string = [REDACTED]"), form == "sarif", "{form}: {text}");
    }
}
