//! How values flow to a fault, and what the finding then says: where it points, what it rests on, and the way that the
//! value took.

mod support;

use cmklint::analyze::{Analysis, Request};
use cmklint::finding::{Confidence, Finding};
use serde_json::{Value as Json, json};

use support::{check, check_files, lines};

const ONE: &str = "11111111-1111-1111-1111-111111111111";
const TWO: &str = "22222222-2222-2222-2222-222222222222";

fn template(extra: Json, resources: Json) -> String {
    let mut template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
    });
    for (name, value) in extra.as_object().into_iter().flatten() {
        template[name] = value.clone();
    }
    template["resources"] = resources;
    format!("{template:#}")
}

fn version(regions: Json) -> Json {
    json!({
        "type": "Microsoft.Compute/galleries/images/versions",
        "apiVersion": "2024-03-03",
        "name": "gallery/image/1.0.0",
        "location": "westeurope",
        "properties": {
            "storageProfile": {
                "osDiskImage": { "source": { "id": "[resourceId('Microsoft.Compute/snapshots', 'os')]" } },
            },
            "publishingProfile": { "targetRegions": regions },
        },
    })
}

fn region(name: &str, set: &str) -> Json {
    json!({ "name": name, "encryption": { "osDiskImage": { "diskEncryptionSetId": set } } })
}

fn disk_encryption_set(name: &str, location: &str) -> Json {
    json!({
        "type": "Microsoft.Compute/diskEncryptionSets",
        "apiVersion": "2024-03-02",
        "name": name,
        "location": location,
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "rotationToLatestKeyVersionEnabled": true,
            "activeKey": { "keyUrl": "https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef" },
        },
    })
}

fn main_json(text: String) -> Vec<(String, String)> {
    vec![("main.json".to_owned(), text)]
}

#[track_caller]
fn only(analysis: &Analysis) -> &Finding {
    let [finding] = analysis.findings.as_slice() else { panic!("found:\n{}", lines(analysis)) };
    finding
}

/// The texts that a finding's labels point at.
fn labelled<'a>(analysis: &'a Analysis, finding: &Finding) -> Vec<&'a str> {
    finding.labels.iter().map(|label| analysis.sources.slice(label.span)).collect()
}

/// A parameter's default in a variable in a reference: undecided until the subscription is said.
#[test]
fn a_default_flows_to_the_subscription_of_a_set() {
    let files = main_json(template(
        json!({
            "parameters": { "desSub": { "type": "string", "defaultValue": TWO } },
            "variables": { "desId":
                "[concat('/subscriptions/', parameters('desSub'), '/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/des')]"
            },
        }),
        json!([version(json!([region("westeurope", "[variables('desId')]")]))]),
    ));
    let unsaid = check_files(&files);
    assert_eq!(lines(&unsaid), "");
    assert!(unsaid.undecided.iter().any(|undecided| &*undecided.rule == "CMK101"));

    let said =
        Request { paths: ["/memory/main.json".into()].into(), subscription: Some(ONE.into()), ..Request::default() };
    let analysis = check(&files, &said);
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.confidence), ("CMK101", Confidence::ByDefault));
    assert_eq!(analysis.sources.slice(finding.primary), format!("\"{TWO}\""));
}

/// The version in a nested deployment into a subscription that is written out.
#[test]
fn a_written_scope_is_the_subscription_of_what_lies_in_it() {
    let set = format!("/subscriptions/{TWO}/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets/des");
    let inner: Json = serde_json::from_str(&template(json!({}), json!([version(json!([region("westeurope", &set)]))])))
        .expect("JSON");
    let nested = json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "images",
        "subscriptionId": ONE,
        "resourceGroup": "images",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": { "scope": "inner" },
            "template": inner,
        },
    });
    let analysis = check_files(&main_json(template(json!({}), json!([nested]))));
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.confidence), ("CMK101", Confidence::Certain));
    assert_eq!(analysis.sources.slice(finding.primary), TWO);
    assert!(labelled(&analysis, finding).contains(&&*format!("\"{ONE}\"")));
}

/// A loop over objects: the fault is in the second object, which is where the finding points.
#[test]
fn an_item_of_a_loop_is_the_literal_at_fault() {
    let files = main_json(template(
        json!({ "variables": { "regions": [
            { "name": "westeurope", "des": "des-weu" },
            { "name": "northeurope", "des": "des-weu" },
        ] } }),
        json!([
            disk_encryption_set("des-weu", "westeurope"),
            {
                "type": "Microsoft.Compute/galleries/images/versions",
                "apiVersion": "2024-03-03",
                "name": "gallery/image/1.0.0",
                "location": "westeurope",
                "properties": {
                    "storageProfile": {
                        "osDiskImage": { "source": { "id": "[resourceId('Microsoft.Compute/snapshots', 'os')]" } },
                    },
                    "publishingProfile": { "copy": [{
                        "name": "targetRegions",
                        "count": "[length(variables('regions'))]",
                        "input": {
                            "name": "[variables('regions')[copyIndex('targetRegions')].name]",
                            "encryption": { "osDiskImage": { "diskEncryptionSetId":
                                "[resourceId('Microsoft.Compute/diskEncryptionSets', variables('regions')[copyIndex('targetRegions')].des)]"
                            } },
                        },
                    }] },
                },
            },
        ]),
    ));
    let analysis = check_files(&files);
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.case, finding.confidence), ("CMK102", "b", Confidence::Certain));
    let text = &files[0].1;
    let second = text.rfind("\"des-weu\"\n").or(text.match_indices("\"des-weu\"").nth(1).map(|(at, _)| at));
    assert_eq!(Some(finding.primary.start as usize), second);
    assert_eq!(analysis.sources.slice(finding.primary), "\"des-weu\"");
}

fn switched(parameter: Json) -> Vec<(String, String)> {
    let second = "[union(variables('base'), if(parameters('useCmk'), variables('keys'), createObject()))]";
    main_json(template(
        json!({
            "parameters": { "useCmk": parameter },
            "variables": {
                "base": { "name": "northeurope", "regionalReplicaCount": 1 },
                "keys": { "encryption": { "osDiskImage": { "diskEncryptionSetId":
                    "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-northeurope')]"
                } } },
            },
        }),
        json!([version(json!([
            region("westeurope", "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-westeurope')]"),
            second,
        ]))]),
    ))
}

/// A switch of the author's on one of two regions: assumed.
#[test]
fn one_switched_region_is_a_fault_on_one_side() {
    let analysis = check_files(&switched(json!({ "type": "bool" })));
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.confidence), ("CMK201", Confidence::Assumed));
    assert_eq!(analysis.sources.slice(finding.primary), "\"northeurope\"");
    assert!(finding.notes.iter().any(|note| note.contains("`useCmk` is false")), "{:?}", finding.notes);
}

/// The same with a default: what decides is said.
#[test]
fn a_switch_that_is_off_by_default_is_named() {
    let analysis = check_files(&switched(json!({ "type": "bool", "defaultValue": false })));
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.confidence), ("CMK201", Confidence::ByDefault));
    assert_eq!(analysis.sources.slice(finding.primary), "\"northeurope\"");
    assert!(labelled(&analysis, finding).contains(&"false"), "{:?}", labelled(&analysis, finding));
}

/// A member that may be anything.
#[test]
fn an_open_object_is_undecided() {
    let text = template(
        json!({ "parameters": { "extra": { "type": "object" } }, "variables": { "base": { "name": "northeurope" } } }),
        json!([version(json!([
            region("westeurope", "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des-westeurope')]"),
            "[union(variables('base'), parameters('extra'))]",
        ]))]),
    );
    let analysis = check_files(&main_json(text));
    assert_eq!(lines(&analysis), "");
    let undecided = analysis.undecided.iter().find(|undecided| &*undecided.rule == "CMK201");
    assert_eq!(undecided.map(|undecided| &*undecided.because), Some("parameter `extra` has no value here"));
}

/// A parameters file: the fault is the literal in it.
#[test]
fn a_parameters_file_holds_the_literal_at_fault() {
    let main = template(
        json!({ "parameters": { "keyLocation": { "type": "string", "defaultValue": "westeurope" } } }),
        json!([
            disk_encryption_set("des", "[parameters('keyLocation')]"),
            version(json!([region("westeurope", "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des')]")])),
        ]),
    );
    let parameters = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "keyLocation": { "value": "northeurope" } },
    });
    let mut files = main_json(main);
    assert_eq!(lines(&check_files(&files)), "");
    files.push(("main.parameters.json".to_owned(), format!("{parameters:#}")));
    let analysis = check_files(&files);
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.case, finding.confidence), ("CMK102", "b", Confidence::Certain));
    assert_eq!(finding.scenarios, ["main.parameters.json"]);
    let other: Vec<&str> = labelled(&analysis, finding);
    assert!(other.contains(&"\"northeurope\""), "{other:?}");
}

/// One variable in two entries: the variable is right, its use in the second entry isn't.
#[test]
fn a_variable_that_is_used_twice_is_at_fault_where_it_is_used() {
    let parameters = json!({ "set": { "type": "string", "defaultValue": "des" } });
    let variables = json!({ "des": "[resourceId('Microsoft.Compute/diskEncryptionSets', parameters('set'))]" });
    let regions = || json!([region("westeurope", "[variables('des')]"), region("northeurope", "[variables('des')]")]);
    let extra = || json!({ "parameters": parameters, "variables": variables });
    for (case, resources) in [
        ("a", json!([version(regions())])),
        ("b", json!([disk_encryption_set("[parameters('set')]", "westeurope"), version(regions())])),
    ] {
        let files = main_json(template(extra(), resources));
        let analysis = check_files(&files);
        let finding = only(&analysis);
        assert_eq!((&*finding.rule, finding.case, finding.confidence), ("CMK102", case, Confidence::Certain));
        assert_eq!(analysis.sources.slice(finding.primary), "variables('des')");
        assert_eq!(files[0].1.rfind("variables('des')"), Some(finding.primary.start as usize));
    }
}

/// A set that is made or there already, by the author's choice: in the wrong place only where it is made.
#[test]
fn a_choice_among_allowed_values_is_a_switch() {
    let mut set = disk_encryption_set("des", "northeurope");
    set["condition"] = json!("[equals(parameters('newOrExisting'), 'new')]");
    let parameters = json!({ "newOrExisting": { "type": "string", "allowedValues": ["new", "existing"] } });
    let version = version(json!([region("westeurope", "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des')]")]));
    let analysis = check_files(&main_json(template(json!({ "parameters": parameters }), json!([set, version]))));
    let finding = only(&analysis);
    assert_eq!((&*finding.rule, finding.case, finding.confidence), ("CMK102", "b", Confidence::Assumed));
    assert!(finding.notes.contains(&"holds when `newOrExisting` is `new`".to_owned()), "{:?}", finding.notes);
}

/// A fault that needs two independent conditions is nobody's intention.
#[test]
fn two_independent_conditions_are_undecided() {
    let keys = "createObject('osDiskImage', createObject('diskEncryptionSetId', \
                resourceId('Microsoft.Compute/diskEncryptionSets', 'des')))";
    let parameters = json!({ "useCmk": { "type": "bool" }, "second": { "type": "bool" } });
    let regions = json!([
        { "name": "westeurope", "encryption": format!("[if(parameters('useCmk'), {keys}, null())]") },
        "[if(parameters('second'), createObject('name', 'northeurope'), null())]",
    ]);
    let analysis = check_files(&main_json(template(json!({ "parameters": parameters }), json!([version(regions)]))));
    assert_eq!(lines(&analysis), "");
    let undecided: Vec<&str> = analysis.undecided.iter().map(|undecided| &*undecided.rule).collect();
    assert_eq!(undecided, ["CMK201"]);
}

/// Many regions without a key are one finding.
#[test]
fn regions_without_a_key_are_one_finding() {
    let mut regions = vec![region("westeurope", "[resourceId('Microsoft.Compute/diskEncryptionSets', 'des')]")];
    let bare = ["northeurope", "uksouth", "ukwest", "eastus", "westus"];
    regions.extend(bare.iter().map(|name| json!({ "name": name })));
    let analysis = check_files(&main_json(template(json!({}), json!([version(json!(regions))]))));
    let finding = only(&analysis);
    assert_eq!(analysis.sources.slice(finding.primary), "\"northeurope\"");
    assert_eq!(finding.labels.len(), 3);
    assert!(finding.notes.contains(&"the same at 2 more places".to_owned()), "{:?}", finding.notes);
}

/// The only finding's text at fault, in a template of one image version.
#[track_caller]
fn blamed(extra: Json, version: Json, rule: &str) -> String {
    let analysis = check_files(&main_json(template(extra, json!([version]))));
    let finding = only(&analysis);
    assert_eq!(&*finding.rule, rule);
    analysis.sources.slice(finding.primary).to_owned()
}

/// A list that a loop makes is used by one word; what is wrong in it is the reference in the loop's body.
#[test]
fn a_reference_in_a_list_is_at_fault_where_it_stands_not_where_the_list_is_used() {
    let reference = "resourceId('Microsoft.Compute/diskEncryptionSets', concat(variables('front'), '-des'))";
    let variables = json!({
        "front": "keys",
        "regions": ["westeurope", "northeurope"],
        "copy": [{
            "name": "targets",
            "count": 2,
            "input": region("[variables('regions')[copyIndex('targets')]]", &format!("[{reference}]")),
        }],
    });
    let found = blamed(json!({ "variables": variables }), version(json!("[variables('targets')]")), "CMK102");
    assert_eq!(found, reference);
}

/// A user function serves many entries; the call in the wrong one is what has to change.
#[test]
fn what_a_user_function_gives_twice_is_at_fault_where_it_is_called() {
    let function = json!({
        "parameters": [{ "name": "region", "type": "string" }],
        "output": { "type": "string", "value": "[resourceId('keys', 'Microsoft.Compute/diskEncryptionSets', 'one')]" },
    });
    let functions = json!([{ "namespace": "cmk", "members": { "set": function } }]);
    let regions =
        json!([region("westeurope", "[cmk.set('westeurope')]"), region("northeurope", "[cmk.set('northeurope')]")]);
    let found = blamed(json!({ "functions": functions }), version(regions), "CMK102");
    assert_eq!(found, "cmk.set('northeurope')");
}

/// An id that a format makes: its wrong type is at fault where that is written.
#[test]
fn a_wrong_type_is_at_fault_in_the_text_that_says_it() {
    let form = format!("/subscriptions/{ONE}/resourceGroups/{{0}}/providers/Microsoft.Compute/diskEncryptionSet/{{1}}");
    let regions = json!([region("westeurope", "[format(variables('form'), resourceGroup().name, 'des')]")]);
    let found = blamed(json!({ "variables": { "form": form } }), version(regions), "CMK204");
    assert_eq!(found, "diskEncryptionSet");
}

/// A name put together from sound parts is wrong as a whole; else the part that is wrong by itself is.
#[test]
fn a_name_of_parts_is_at_fault_as_a_whole_or_in_its_wrong_part() {
    let variables = json!({ "variables": { "major": "1", "minor": "0", "gallery": "my-gallery" } });
    let of = |name: &str| {
        let mut version = version(json!([{ "name": "westeurope" }]));
        version["name"] = json!(format!("[{name}]"));
        version
    };
    let name = "concat('gallery/image/', variables('major'), '.', variables('minor'))";
    assert_eq!(blamed(variables.clone(), of(name), "CMK211"), name);
    let name = "concat(variables('gallery'), 'x/image/1.0.0')";
    assert_eq!(blamed(variables, of(name), "CMK211"), "\"my-gallery\"");
}
