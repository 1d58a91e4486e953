//! What a rule says of a template it says of what Azure gives back once the template was deployed: the examples of the
//! rules' pages, evaluated, written as answers in two shapes, and judged again.

#[path = "support/case.rs"]
mod case;
mod support;

use case::Case;
use cmklint::analyze::Analysis;
use cmklint::finding::{Format, Profile};
use cmklint::report::{Evaluated, render_resources_json};
use cmklint::rules;
use serde_json::{Map, Value, json};

const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
const GROUP: &str = "rg-images";

/// Machines show all their disks once they are there: one that only the image has was taken off.
const OF_TEMPLATES: [&str; 1] = ["CMK313"];

/// The templates of a page that raise its rule; those of several files are left out.
fn templates(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, behind)) = rest.split_once("\n```json raises\n") {
        let Some((text, after)) = behind.split_once("\n```") else { break };
        found.push(text.to_owned());
        rest = after;
    }
    found
}

/// A string with the resource group's name filled in; `None` if more of it isn't known.
fn filled(text: &str) -> Option<String> {
    let Some(inner) = text.strip_prefix("[concat(").and_then(|rest| rest.strip_suffix(")]")) else {
        return match text {
            "[resourceGroup().name]" => Some(GROUP.to_owned()),
            _ => (!text.starts_with('[')).then(|| text.to_owned()),
        };
    };
    let mut whole = String::new();
    for part in inner.split(", ") {
        match part.strip_prefix('\'').and_then(|part| part.strip_suffix('\'')) {
            Some(literal) => whole.push_str(literal),
            None if part == "resourceGroup().name" => whole.push_str(GROUP),
            None => return None,
        }
    }
    Some(whole)
}

fn known(value: &Value) -> Option<Value> {
    Some(match value {
        Value::String(text) => Value::String(filled(text)?),
        Value::Array(items) => Value::Array(items.iter().map(known).collect::<Option<_>>()?),
        Value::Object(members) => {
            let all = members.iter().map(|(name, value)| Some((name.clone(), known(value)?)));
            Value::Object(all.collect::<Option<Map<String, Value>>>()?)
        }
        other => other.clone(),
    })
}

/// The resources of a template as Azure would show them; `None` where the template leaves something open.
fn deployed(template: &str) -> Option<Vec<Map<String, Value>>> {
    let mut case = Case::arm(template).subscription(SUBSCRIPTION).run();
    let all = Evaluated::all(&case.sources, &mut case.evaluation, false);
    let all: Value = serde_json::from_str(&render_resources_json(&all)).expect("the answer is JSON");
    let mut shown = Vec::new();
    for resource in all.as_array().expect("a list").iter().filter(|resource| resource["existing"] == false) {
        if !resource["condition"].is_null() || resource["copy"] == true {
            return None;
        }
        let mut answer = known(&resource["body"])?.as_object()?.clone();
        for name in ["id", "type"] {
            answer.insert(name.to_owned(), known(&resource[name])?);
        }
        let name = known(&resource["name"])?;
        let last = name.as_str()?.rsplit('/').next()?.to_owned();
        answer.insert("name".to_owned(), Value::String(last));
        let properties = answer.entry("properties").or_insert_with(|| json!({}));
        properties.as_object_mut()?.insert("provisioningState".to_owned(), json!("Succeeded"));
        shown.push(answer);
    }
    Some(shown)
}

/// As `az` lays it out: members of `properties` beside the others.
fn flat(resource: &Map<String, Value>) -> Map<String, Value> {
    let mut resource = resource.clone();
    if let Some(Value::Object(properties)) = resource.remove("properties") {
        resource.extend(properties);
    }
    resource
}

/// Rules and cases that were found, but for those that don't look at what Azure gives back.
fn found(analysis: &Analysis) -> Vec<String> {
    let is_for_state = |rule: &str, case: &str| {
        let found = rules::find(rule).and_then(|rule| rule.meta.case(case));
        found.is_some_and(|case| case.formats.contains(&Format::State))
    };
    let findings = analysis.findings.iter().filter(|finding| is_for_state(&finding.rule, finding.case));
    let mut found: Vec<String> = findings.map(|finding| format!("{}{}", finding.rule, finding.case)).collect();
    found.retain(|found| !OF_TEMPLATES.contains(&found.as_str()));
    found.sort();
    found
}

#[test]
fn what_was_deployed_is_judged_like_its_template() {
    let (mut wrong, mut compared) = (Vec::new(), Vec::new());
    for rule in rules::all().iter().filter(|rule| !rule.meta.id.starts_with("CMK0")) {
        let asked: &[&str] = if rule.meta.opt_in { &[&rule.meta.id] } else { &[] };
        let check = |name: &str, text: &str| {
            let files = [(name.to_owned(), text.to_owned())];
            let mut request = support::request(&files, asked, Profile::Current);
            request.subscription = Some(SUBSCRIPTION.into());
            found(&support::check(&files, &request))
        };
        for template in templates(rule.readme) {
            let expected = check("main.json", &template);
            let Some(resources) = deployed(&template) else { continue };
            let rest = json!({ "value": resources }).to_string();
            let az = Value::Array(resources.iter().map(|resource| Value::Object(flat(resource))).collect()).to_string();
            for (shape, answer) in [("REST", &rest), ("az", &az)] {
                let said = check("answer.json", answer);
                if said != expected {
                    wrong.push(format!("{} as {shape}: {expected:?}, but {said:?} in {answer}", rule.meta.id));
                }
            }
            if expected.iter().any(|found| found.starts_with(&rule.meta.id)) {
                compared.push(rule.meta.id.clone());
            }
        }
    }
    compared.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared.len() > 25, "too little was compared: {compared:?}");
}
