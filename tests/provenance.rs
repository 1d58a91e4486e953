//! Every value names every literal that had a part in it, over the fixtures.

#[path = "support/provenance.rs"]
mod provenance;

#[test]
fn a_value_that_changes_had_named_the_literal_that_changed() {
    let mut total = provenance::Score::default();
    for entry in walkdir::WalkDir::new("fixtures").sort_by_file_name().into_iter().flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a readable fixture");
        total.add(provenance::score(&text, usize::MAX, &provenance::lower_arm));
    }
    assert!(total.mutations > 100, "only {} literals were changed", total.mutations);
    assert!(total.missed.is_empty(), "recall {}:\n{}", total.recall(), total.missed.join("\n"));
    assert!(total.precision() >= 0.9, "precision {}", total.precision());
}

/// What is computed of members, cut out of texts, named by a bound or by what it isn't.
#[test]
fn what_has_a_part_in_a_value_only_by_deciding_it_is_named_too() {
    let resource = |name: &str, tags: &str| {
        format!(
            r#"{{ "type": "Microsoft.Compute/disks", "apiVersion": "2024-03-02", "name": "{name}",
                 "location": "westeurope", "tags": {tags} }}"#
        )
    };
    let tags = r#"{
        "cut": "[substring(parameters('edition'), 3, 4)]",
        "replaced": "[replace(parameters('edition'), 'vs-', 'x')]",
        "formatted": "[format('{0}{1}', 'a', 'b')]",
        "taken": "[take(split('a,b,c', ','), 2)[1]]",
        "counted": "[contains(variables('list'), 'two')]",
        "written": "[string(variables('keys'))]",
        "secret": "[if(equals(parameters('kind'), 'password'), json('null'), variables('keys'))]",
        "decided": "[if(equals(parameters('kind'), 'other'), 1, 2)]",
        "made": "[utcNow('yyyy')]",
        "group": "[guid(resourceGroup().id)]",
        "round": "[range(0, parameters('many'))[copyIndex('rounds', 0)]]",
        "service": "[reference(resourceId('Microsoft.Compute/disks', 'one'), '2024-03-02', 'Full').tags.cut]"
    }"#;
    let looped = resource("[concat('loop', copyIndex('rounds'))]", tags).replacen(
        '{',
        r#"{ "copy": { "name": "rounds", "count": "[parameters('many')]" }, "#,
        1,
    );
    let text = format!(
        r#"{{
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "parameters": {{
                "edition": {{ "type": "string", "defaultValue": "vs-2022-pro" }},
                "kind": {{ "type": "string", "defaultValue": "password", "allowedValues": ["password", "key"] }},
                "key": {{ "type": "securestring" }},
                "many": {{ "type": "int" }}
            }},
            "variables": {{ "list": ["one", "two"], "keys": {{ "ssh": [{{ "data": "[parameters('key')]" }}] }} }},
            "resources": [
                {},
                {},
                {{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
                   "resourceGroup": "group-1", "properties": {{ "mode": "Incremental",
                   "expressionEvaluationOptions": {{ "scope": "inner" }}, "template": {{
                     "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
                     "contentVersion": "1.0.0.0", "resources": [{}] }} }} }}
            ]
        }}"#,
        resource("one", r#"{ "cut": "x" }"#),
        looped,
        resource("two", r#"{ "group": "[guid(resourceGroup().id)]" }"#),
    );
    let score = provenance::score(&text, usize::MAX, &provenance::lower_arm);
    assert!(score.recalled > 25, "only {} values changed", score.recalled);
    assert!(score.missed.is_empty(), "{}", score.missed.join("\n"));
}
