//! Tests of the front end: text in, resources out.

use super::*;
use crate::ir::{Expr, Field};

const FILE: SourceId = SourceId(0);
const DISK: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/d";
const VERSION: &str =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i/versions/1.0.0";

fn read(text: &str) -> Option<Program> {
    lower(FILE, &crate::json::parse(FILE, text))
}

/// Scope, type and name of every resource.
fn resources(text: &str) -> Vec<String> {
    let Some(program) = read(text) else { return Vec::new() };
    let literal = |id| program.literal(id).map(|text| text.to_string()).unwrap_or_default();
    let shown = |unit: &crate::ir::Unit| {
        let parts = [unit.scope, Some(unit.ty), unit.name];
        parts.into_iter().flatten().map(literal).collect::<Vec<_>>().join(" ")
    };
    program.units.iter().map(shown).collect()
}

/// How many members of the first resource's body aren't known.
fn holes(text: &str) -> usize {
    let program = read(text).expect("it holds a resource");
    let unit = program.units.first().expect("it holds a resource");
    let Expr::Object(fields) = program.expr(unit.body) else { panic!("a body is an object") };
    fields.iter().filter(|field| matches!(field, Field::Spread(_))).count()
}

#[test]
fn a_resource_is_known_by_its_whole_id() {
    let disk = format!(r#"{{"id": "{DISK}", "type": "microsoft.compute/DISKS"}}"#);
    assert_eq!(resources(&disk), ["/subscriptions/s/resourceGroups/g microsoft.compute/DISKS d"]);
    let version = format!(r#"{{"ID": "{VERSION}", "Name": "1.0.0"}}"#);
    let expected = "/subscriptions/s/resourceGroups/g Microsoft.Compute/galleries/images/versions g/i/1.0.0";
    assert_eq!(resources(&version), [expected]);
    let extension = format!(r#"{{"id": "{DISK}/providers/Microsoft.Authorization/locks/l", "name": "l"}}"#);
    assert_eq!(resources(&extension), [format!("{DISK} Microsoft.Authorization/locks l")]);
}

#[test]
fn what_is_no_resource_is_passed_over() {
    for id in [
        "disks/d",
        "/subscriptions/s/resourceGroups/g",
        "/subscriptions/s/providers/Microsoft.Compute",
        "/subscriptions/s/providers/Microsoft.Compute/disks",
        "/subscriptions/s/providers/Microsoft.Compute//disks/d",
        "/providers/Microsoft.Compute/disks/d",
    ] {
        assert_eq!(resources(&format!(r#"{{"id": "{id}", "name": "d"}}"#)), [""; 0], "{id}");
    }
    assert_eq!(resources(&format!(r#"{{"id": "{DISK}"}}"#)), [""; 0]);
    assert_eq!(
        resources(&format!(r#"{{"id": "{DISK}", "type": "Microsoft.Compute/snapshots", "name": "d"}}"#)),
        [""; 0]
    );
}

#[test]
fn resources_lie_in_lists_and_envelopes() {
    let disk = format!(r#"{{"id": "{DISK}", "name": "d"}}"#);
    for text in [
        format!("[{disk}]"),
        format!(r#"{{"value": [{disk}], "nextLink": null}}"#),
        format!(r#"{{"count": 1, "data": [{disk}], "skip_token": null}}"#),
        format!(r#"[{{"value": [{disk}]}}]"#),
    ] {
        assert_eq!(resources(&text).len(), 1, "{text}");
    }
    assert_eq!(resources(&format!("[[[[[[{disk}]]]]]]")).len(), 0);
}

#[test]
fn what_a_query_may_have_left_out_is_unknown() {
    let with = |rest: &str| format!(r#"{{"id": "{DISK}", "name": "d", "type": "Microsoft.Compute/disks"{rest}}}"#);
    assert_eq!(holes(&with(r#", "location": "westus""#)), 1);
    assert_eq!(holes(&with(r#", "provisioningState": "Succeeded""#)), 0);
    let nested = r#", "location": "westus", "properties": {"provisioningState": "Succeeded"}"#;
    assert_eq!(holes(&with(nested)), 0);
    assert_eq!(holes(&with(&format!(r#"{nested}, "subscriptionId": "s""#))), 1);
    assert_eq!(holes(&with(&format!(r#"{nested}, "subscriptionId": "s", "identity": null"#))), 0);
}

#[test]
fn a_glance_tells_what_is_worth_reading() {
    assert!(may_hold_resources(format!(r#"{{"id": "{DISK}"}}"#).as_bytes()));
    assert!(!may_hold_resources(br#"{"id": "/subscriptions/s", "at": "/providers/"}"#));
    assert!(!may_hold_resources(br#"{"id": "/subscriptions/s/resourceGroups/g/pro"#));
}
