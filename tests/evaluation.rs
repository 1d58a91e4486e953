//! The evaluator through the ARM front end: scopes, loops, conditions, nested deployments, where values came from.

#[path = "support/case.rs"]
mod case;

use case::{Case, member};
use cmklint::value::{Basis, Kind, Origin, Tri, World, equal_text};
use serde_json::json;

const SUB: &str = "11111111-1111-1111-1111-111111111111";

/// The value of an expression at resource group scope.
fn value_of(expression: &str) -> serde_json::Value {
    let text = serde_json::to_string(&format!("[{expression}]")).expect("text");
    Case::arm_members(&format!(r#""outputs": {{ "o": {{ "type": "string", "value": {text} }} }}, "resources": []"#))
        .run()
        .output_json("o")
}

#[test]
fn ids_are_put_together_by_scope() {
    let own = "concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', resourceGroup().name, ";
    for (expression, expected) in [
        ("resourceId('M.C/a', 'n')", format!("[{own}'/providers/M.C/a/n')]")),
        (
            "resourceId('rg', 'M.C/a/b', 'n', 'm')",
            "[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/rg/providers/M.C/a/n/b/m')]"
                .into(),
        ),
        (
            "resourceId('11111111-1111-1111-1111-111111111111', 'rg', 'M.C/a', 'n')",
            format!("/subscriptions/{SUB}/resourceGroups/rg/providers/M.C/a/n"),
        ),
        (
            "subscriptionResourceId('M.C/a', 'n')",
            "[concat('/subscriptions/', subscription().subscriptionId, '/providers/M.C/a/n')]".into(),
        ),
        ("tenantResourceId('M.C/a', 'n')", "/providers/M.C/a/n".into()),
        ("extensionResourceId('/subscriptions/s', 'M.A/locks', 'l')", "/subscriptions/s/providers/M.A/locks/l".into()),
        (
            "resourceGroup().id",
            "[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/', resourceGroup().name)]"
                .into(),
        ),
        ("resourceGroup().location", "[resourceGroup().location]".into()),
        ("subscription().id", "[concat('/subscriptions/', subscription().subscriptionId)]".into()),
    ] {
        assert_eq!(value_of(expression), json!(expected), "{expression}");
    }
}

#[test]
fn logic_is_decided_with_unknown_arguments_where_one_known_decides() {
    let outputs = Case::arm_members(
        r#""parameters": { "p": { "type": "bool" }, "s": { "type": "string", "minLength": 1 } },
        "outputs": {
            "and": { "type": "bool", "value": "[and(false(), parameters('p'))]" },
            "or": { "type": "bool", "value": "[or(parameters('p'), true())]" },
            "open": { "type": "bool", "value": "[and(true(), parameters('p'))]" },
            "same": { "type": "bool", "value": "[equals(parameters('s'), parameters('s'))]" },
            "path": { "type": "bool", "value": "[equals(subscription().subscriptionId, subscription().id)]" },
            "empty": { "type": "bool", "value": "[empty(parameters('s'))]" },
            "first": { "type": "string", "value": "[coalesce(null(), 'x')]" }
        }, "resources": []"#,
    )
    .run();
    for (name, expected) in [
        ("and", json!(false)),
        ("or", json!(true)),
        ("open", json!("[parameters('p')]")),
        ("same", json!(true)),
        ("path", json!(false)),
        ("empty", json!(false)),
        ("first", json!("x")),
    ] {
        assert_eq!(outputs.output_json(name), expected, "{name}");
    }
}

const DES: &str = "/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/des";

#[test]
fn a_default_flows_into_the_middle_of_an_id() {
    let mut evaluated = Case::arm_members(&format!(
        r#""parameters": {{ "desSub": {{ "type": "string", "defaultValue": "2222" }} }},
        "variables": {{ "desId": "[concat('/subscriptions/', parameters('desSub'), '{DES}')]" }},
        "resources": [ {{ "type": "M.C/a", "apiVersion": "1", "name": "n", "properties": {{ "id": "[variables('desId')]" }} }} ]"#
    ))
    .run();
    let id = member(&evaluated.evaluation.resources[0].body, "properties.id").clone();
    assert_eq!(id.text().as_deref(), Some(format!("/subscriptions/2222{DES}").as_str()));
    assert_eq!(id.basis, Basis::Default);
    let context = &mut evaluated.evaluation.context;
    let cmklint::value::IdReading::Id(read) = cmklint::value::ResourceId::read(context, id.as_str().expect("a string"))
    else {
        panic!("no id");
    };
    let subscription = read.scope.subscription().expect("a subscription").clone();
    let place = Origin::literal(context, subscription.pieces[0].origin).expect("a place");
    let other = cmklint::value::Str::fixed(context, "1111", subscription.pieces[0].origin);
    let verdict = equal_text(context, &subscription, &other);
    assert_eq!((verdict.tri, verdict.basis), (Tri::No, Basis::Default));
    assert_eq!(evaluated.slice(place), "\"2222\"");
}

#[test]
fn the_same_parameter_is_certainly_equal_whatever_its_default() {
    let evaluated = Case::arm_members(
        r#""parameters": { "a": { "type": "string", "defaultValue": "x" }, "b": { "type": "string" } },
        "outputs": {
            "one": { "type": "string", "value": "[concat('p', parameters('a'))]" },
            "two": { "type": "string", "value": "[format('p{0}', parameters('a'))]" },
            "three": { "type": "string", "value": "[concat('p', parameters('b'))]" },
            "four": { "type": "string", "value": "px" }
        }, "resources": []"#,
    )
    .run();
    let context = &evaluated.evaluation.context;
    let verdict = |a: &str, b: &str| {
        let (a, b) = (evaluated.output(a), evaluated.output(b));
        let verdict = equal_text(context, a.as_str().expect("string"), b.as_str().expect("string"));
        (verdict.tri, verdict.basis)
    };
    assert_eq!(verdict("one", "two"), (Tri::Yes, Basis::Fixed));
    assert_eq!(verdict("one", "four"), (Tri::Yes, Basis::Default));
    assert_eq!(verdict("one", "three").0, Tri::Maybe);
    assert_eq!(verdict("three", "four").0, Tri::Maybe);
}

#[test]
fn allowed_values_refute_a_literal() {
    let evaluated = Case::arm_members(
        r#""parameters": { "a": { "type": "string", "allowedValues": [ "x", "y" ] } },
        "outputs": {
            "never": { "type": "bool", "value": "[equals(parameters('a'), 'z')]" },
            "open": { "type": "bool", "value": "[equals(parameters('a'), 'x')]" }
        }, "resources": []"#,
    )
    .run();
    assert_eq!(evaluated.output_json("never"), json!(false));
    assert_eq!(evaluated.output_json("open"), json!("[equals(parameters('a'), 'x')]"));
}

#[test]
fn a_parameters_file_wins_over_the_default_and_is_where_the_value_is() {
    let evaluated = Case::arm_members(
        r#""parameters": { "location": { "type": "string", "defaultValue": "westeurope" } },
        "outputs": { "o": { "type": "string", "value": "[parameters('location')]" } }, "resources": []"#,
    )
    .parameters(
        r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0", "parameters": { "location": { "value": "northeurope" } } }"#,
    )
    .run();
    let value = evaluated.output("o");
    assert_eq!(value.text().as_deref(), Some("northeurope"));
    assert_eq!(value.basis, Basis::ParamFile);
    let place = Origin::literal(&evaluated.evaluation.context, value.origin).expect("a place");
    assert_eq!(
        (evaluated.sources.get(place.source).name(), evaluated.slice(place)),
        ("main.parameters.json", "\"northeurope\"")
    );
}

#[test]
fn loops_over_literals_give_each_round_its_own_place() {
    let evaluated = Case::arm_members(
        r#""variables": { "regions": [ { "name": "westeurope", "des": "des-weu" }, { "name": "northeurope", "des": "des-weu" } ] },
        "resources": [ { "type": "M.C/a", "apiVersion": "1", "name": "n", "properties": {
            "copy": [ { "name": "targetRegions", "count": "[length(variables('regions'))]",
                "input": { "name": "[variables('regions')[copyIndex('targetRegions')].name]",
                           "des": "[resourceId('M.C/des', variables('regions')[copyIndex('targetRegions')].des)]" } } ] } } ]"#,
    )
    .run();
    let body = &evaluated.evaluation.resources[0].body;
    let second = member(body, "properties.targetRegions.1.name");
    assert_eq!(second.text().as_deref(), Some("northeurope"));
    let place = Origin::literal(&evaluated.evaluation.context, second.origin).expect("a place");
    assert_eq!(evaluated.slice(place), "\"northeurope\"");
    let first = member(body, "properties.targetRegions.0.des");
    let other = member(body, "properties.targetRegions.1.des");
    assert_eq!(first.term, other.term);
}

#[test]
fn a_loop_of_unknown_length_has_one_representative() {
    let mut evaluated = Case::arm_members(
        r#""parameters": { "regions": { "type": "array" } },
        "resources": [
            { "type": "M.C/des", "apiVersion": "1", "name": "[parameters('regions')[copyIndex()].des]",
              "copy": { "name": "l", "count": "[length(parameters('regions'))]" } },
            { "type": "M.C/a", "apiVersion": "1", "name": "n", "properties": {
            "copy": [ { "name": "t", "count": "[length(parameters('regions'))]",
                "input": "[resourceId('M.C/des', parameters('regions')[copyIndex('t')].des)]" } ] } } ]"#,
    )
    .run();
    let resources = evaluated.evaluation.resources.clone();
    assert!(resources[0].many);
    let Kind::Array(elements) = &member(&resources[1].body, "properties.t").kind else { panic!("no array") };
    assert!(elements.len() == 1 && elements[0].is_many());
    let used = elements[0].value();
    let context = &mut evaluated.evaluation.context;
    let declared = resources[0].id.as_ref().expect("an id").text(context, used.origin);
    let verdict = equal_text(context, &declared, used.as_str().expect("a string"));
    assert_eq!((verdict.tri, verdict.basis), (Tri::Yes, Basis::Fixed));
}

#[test]
fn a_condition_on_both_sides_is_one_choice() {
    let evaluated = Case::arm_members(
        r#""parameters": { "useCmk": { "type": "bool" } },
        "variables": { "base": { "name": "westeurope" } },
        "resources": [ { "type": "M.C/a", "apiVersion": "1", "name": "n", "properties": {
            "region": "[union(variables('base'), if(parameters('useCmk'), createObject('encryption', 'e'), createObject()))]" } } ]"#,
    )
    .run();
    let context = &evaluated.evaluation.context;
    let region = member(&evaluated.evaluation.resources[0].body, "properties.region");
    for (side, members) in [(true, 2), (false, 1)] {
        let mut world = World::new(vec![side]);
        let settled = world.settle(context, region);
        assert_eq!(settled.as_object().expect("an object").members.len(), members);
        assert_eq!(world.decisions().len(), 1);
    }
}

#[test]
fn a_union_with_an_unknown_object_is_open() {
    let evaluated = Case::arm_members(
        r#""parameters": { "extra": { "type": "object" } },
        "resources": [ { "type": "M.C/a", "apiVersion": "1", "name": "n", "properties": {
            "region": "[union(createObject('name', 'westeurope'), parameters('extra'))]" } } ]"#,
    )
    .run();
    let region = member(&evaluated.evaluation.resources[0].body, "properties.region");
    assert!(region.as_object().expect("an object").open);
}

const NESTED: &str = r#""variables": { "x": "parent" },
    "resources": [ { "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "d",
        "subscriptionId": "2222", "resourceGroup": "rg-keys",
        "properties": { "mode": "Incremental", SCOPE "parameters": {}, "template": {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0", "variables": { "x": "inner" },
            "resources": [ { "type": "M.C/des", "apiVersion": "1", "name": "des", "properties": {
                "sub": "[subscription().subscriptionId]", "x": "[variables('x')]" } } ],
            "outputs": { "id": { "type": "string", "value": "[resourceId('M.C/des', 'des')]" } } } } } ],
    "outputs": { "o": { "type": "string", "value": "[reference('d').outputs.id.value]" } }"#;

#[test]
fn an_inner_deployment_sees_its_own_scope_and_names() {
    let inner = r#""expressionEvaluationOptions": { "scope": "inner" },"#;
    let mut evaluated = Case::arm_members(&NESTED.replace("SCOPE", inner)).run();
    let des =
        evaluated.evaluation.resources.iter().position(|resource| resource.ty.text().as_deref() == Some("M.C/des"));
    let des = des.expect("the set");
    assert_eq!(evaluated.id(des), "/subscriptions/2222/resourceGroups/rg-keys/providers/M.C/des/des");
    let body = evaluated.evaluation.resources[des].body.clone();
    assert_eq!(member(&body, "properties.sub").text().as_deref(), Some("2222"));
    assert_eq!(member(&body, "properties.x").text().as_deref(), Some("inner"));
    assert_eq!(evaluated.output_json("o"), json!("/subscriptions/2222/resourceGroups/rg-keys/providers/M.C/des/des"));
}

#[test]
fn a_deployment_whose_name_ends_in_an_empty_parameter_is_found_by_its_name() {
    let evaluated = Case::arm_members(
        r#""parameters": { "suffix": { "type": "string" } },
        "resources": [ { "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01",
            "name": "[concat('keys-', parameters('suffix'))]", "properties": {
                "expressionEvaluationOptions": { "scope": "inner" }, "mode": "Incremental", "template": {
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                "contentVersion": "1.0.0.0", "resources": [],
                "outputs": { "name": { "type": "string", "value": "des-images" } } } } } ],
        "outputs": { "o": { "type": "string", "value":
            "[reference(concat('keys-', parameters('suffix'))).outputs.name.value]" } }"#,
    )
    .param("suffix", json!(""))
    .run();
    assert_eq!(evaluated.output_json("o"), json!("des-images"));
}

#[test]
fn an_outer_deployment_places_resources_elsewhere_but_sees_the_parents_scope() {
    let mut evaluated = Case::arm_members(&NESTED.replace("SCOPE", "")).run();
    let des =
        evaluated.evaluation.resources.iter().position(|resource| resource.ty.text().as_deref() == Some("M.C/des"));
    let des = des.expect("the set");
    assert_eq!(evaluated.id(des), "/subscriptions/2222/resourceGroups/rg-keys/providers/M.C/des/des");
    let body = evaluated.evaluation.resources[des].body.clone();
    assert!(!member(&body, "properties.sub").as_str().is_some_and(cmklint::value::Str::is_known));
    assert_eq!(member(&body, "properties.x").text().as_deref(), Some("parent"));
}

#[test]
fn a_subscription_from_the_command_line_is_the_deployments_own() {
    let mut evaluated = Case::arm_members(r#""resources": [ { "type": "M.C/a", "apiVersion": "1", "name": "n" } ]"#)
        .subscription(SUB)
        .run();
    assert_eq!(evaluated.id(0), format!("/subscriptions/{SUB}/resourceGroups/…/providers/M.C/a/n"));
}

#[test]
fn children_take_type_and_name_from_their_parent() {
    let mut evaluated = Case::arm_members(
        r#""resources": [ { "type": "M.C/galleries", "apiVersion": "1", "name": "g", "resources": [
            { "type": "images", "apiVersion": "1", "name": "i" } ] } ]"#,
    )
    .run();
    assert!(evaluated.id(1).ends_with("/providers/M.C/galleries/g/images/i"));
}

#[test]
fn user_functions_see_their_arguments_only() {
    let evaluated = Case::arm_members(
        r#""functions": [ { "namespace": "n", "members": { "f": { "parameters": [ { "name": "a", "type": "string" } ],
            "output": { "type": "string", "value": "[concat(parameters('a'), '!')]" } } } } ],
        "outputs": { "o": { "type": "string", "value": "[n.f('x')]" } }, "resources": []"#,
    )
    .run();
    assert_eq!(evaluated.output_json("o"), json!("x!"));
}

#[test]
fn what_needs_itself_is_unknown_and_said() {
    let evaluated = Case::arm_members(
        r#""variables": { "a": "[variables('b')]", "b": "[variables('a')]" },
        "outputs": { "o": { "type": "string", "value": "[variables('a')]" } }, "resources": []"#,
    )
    .run();
    assert!(evaluated.output("o").is_unknown());
    assert_eq!(evaluated.evaluation.notes.len(), 1);
}
