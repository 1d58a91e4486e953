//! Everyday ways of writing templates: nothing in them is a fault, and where the files leave something open, the
//! check says because of what it could not decide.

mod support;

use cmklint::finding::Severity;
use serde_json::{Value as Json, json};

use support::{check_files, lines};

/// A template that deploys one image version, made from a snapshot, with these target regions.
fn template(parameters: Json, resources: &[Json]) -> String {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": parameters,
        "resources": resources,
    })
    .to_string()
}

fn version(location: &str, storage: Json, regions: Json) -> Json {
    json!({
        "type": "Microsoft.Compute/galleries/images/versions",
        "apiVersion": "2024-03-03",
        "name": "gallery/image/1.0.0",
        "location": location,
        "properties": { "storageProfile": storage, "publishingProfile": { "targetRegions": regions } },
    })
}

fn disk_encryption_set(name: &str, location: &str) -> Json {
    json!({
        "type": "Microsoft.Compute/diskEncryptionSets",
        "apiVersion": "2024-03-02",
        "name": name,
        "location": location,
        "identity": { "type": "SystemAssigned" },
        "properties": { "activeKey": { "keyUrl": "https://v.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef" } },
    })
}

fn snapshot() -> Json {
    json!({ "osDiskImage": { "source": { "id": "[resourceId('Microsoft.Compute/snapshots', 'os')]" } } })
}

fn id(name: &str) -> String {
    format!("[resourceId('Microsoft.Compute/diskEncryptionSets', '{name}')]")
}

fn region(name: &str, set: &str) -> Json {
    json!({ "name": name, "encryption": { "osDiskImage": { "diskEncryptionSetId": set } } })
}

/// Asserts that nothing is found, and that the causes of what is undecided are these parameters, in order of name.
#[track_caller]
fn assert_silent(text: String, because_of: &[&str]) {
    let analysis = check_files(&[("main.json".to_owned(), text)]);
    let loud = analysis.findings.iter().any(|finding| finding.severity > Severity::Note);
    assert!(!loud, "{}", lines(&analysis));
    let mut causes: Vec<&str> = analysis.undecided.iter().map(|undecided| &*undecided.because).collect();
    causes.sort_unstable();
    causes.dedup();
    let expected: Vec<String> = because_of.iter().map(|name| format!("parameter `{name}` has no value here")).collect();
    assert_eq!(causes, expected);
}

#[test]
fn two_optional_sources_are_left_to_whoever_deploys() {
    let optional = |name: &str| format!("[if(empty(parameters('{name}')), null(), parameters('{name}'))]");
    let storage = json!({
        "source": { "id": optional("imageId") },
        "osDiskImage": { "source": { "id": optional("snapshotId") } },
    });
    let parameters = json!({ "imageId": { "type": "string" }, "snapshotId": { "type": "string" } });
    let text = template(parameters, &[version("westeurope", storage, json!([{ "name": "westeurope" }]))]);
    assert_silent(text, &["imageId", "snapshotId"]);
}

#[test]
fn one_guard_on_all_regions_encrypts_all_or_none() {
    let guarded = |name: &str, set: &str| {
        json!({
            "name": name,
            "encryption": format!(
                "[if(parameters('useCmk'), createObject('osDiskImage', createObject('diskEncryptionSetId', \
                 resourceId('Microsoft.Compute/diskEncryptionSets', '{set}'))), null())]"
            ),
        })
    };
    let regions = json!([guarded("westeurope", "des-westeurope"), guarded("northeurope", "des-northeurope")]);
    let text = template(json!({ "useCmk": { "type": "bool" } }), &[version("westeurope", snapshot(), regions)]);
    assert_silent(text, &[]);
}

#[test]
fn a_guard_on_the_version_holds_within_it() {
    let set =
        "[if(parameters('useCmk'), resourceId('Microsoft.Compute/diskEncryptionSets', 'des-northeurope'), null())]";
    let regions = json!([region("westeurope", &id("des-westeurope")), region("northeurope", set)]);
    let mut version = version("westeurope", snapshot(), regions);
    version["condition"] = json!("[parameters('useCmk')]");
    assert_silent(template(json!({ "useCmk": { "type": "bool" } }), &[version]), &[]);
}

#[test]
fn the_location_of_the_resource_group_is_one_region_everywhere() {
    let parameters = json!({ "location": { "type": "string", "defaultValue": "[resourceGroup().location]" } });
    let here = "[parameters('location')]";
    let regions = json!([region(here, &id("des"))]);
    let text = template(parameters, &[disk_encryption_set("des", here), version(here, snapshot(), regions)]);
    assert_silent(text, &[]);
}

#[test]
fn display_names_are_the_regions_they_name() {
    let regions = json!([region("West Europe", &id("des-westeurope")), region("North Europe", &id("des-northeurope"))]);
    let text = template(
        json!({}),
        &[
            disk_encryption_set("des-westeurope", "westeurope"),
            disk_encryption_set("des-northeurope", "North Europe"),
            version("westeurope", snapshot(), regions),
        ],
    );
    assert_silent(text, &[]);
}

#[test]
fn one_set_may_encrypt_all_disks_of_a_region() {
    let storage = json!({
        "osDiskImage": { "source": { "id": "[resourceId('Microsoft.Compute/snapshots', 'os')]" } },
        "dataDiskImages": [
            { "lun": 0, "source": { "id": "[resourceId('Microsoft.Compute/snapshots', 'data0')]" } },
            { "lun": 1, "source": { "id": "[resourceId('Microsoft.Compute/snapshots', 'data1')]" } },
        ],
    });
    let set = id("des-westeurope");
    let regions = json!([{
        "name": "westeurope",
        "encryption": {
            "osDiskImage": { "diskEncryptionSetId": set },
            "dataDiskImages": [{ "lun": 0, "diskEncryptionSetId": set }, { "lun": 1, "diskEncryptionSetId": set }],
        },
    }]);
    assert_silent(template(json!({}), &[version("westeurope", storage, regions)]), &[]);
}

#[test]
fn keys_for_confidential_machines_are_keys() {
    let confidential = |name: &str| {
        json!({
            "name": name,
            "encryption": { "osDiskImage": { "securityProfile": {
                "confidentialVMEncryptionType": "EncryptedWithCmk",
                "secureVMDiskEncryptionSetId": id(&format!("des-{name}")),
            } } },
        })
    };
    let regions = json!([confidential("westeurope"), confidential("northeurope")]);
    assert_silent(template(json!({}), &[version("westeurope", snapshot(), regions)]), &[]);
}

#[test]
fn no_target_regions_are_no_fault() {
    for regions in [json!(null), json!([])] {
        assert_silent(template(json!({}), &[version("westeurope", snapshot(), regions)]), &[]);
    }
}

#[test]
fn an_edge_zone_uses_the_set_of_its_region() {
    let mut version = version("westus", snapshot(), json!([region("westus", &id("des"))]));
    version["properties"]["publishingProfile"]["targetExtendedLocations"] = json!([{
        "name": "West US",
        "extendedLocation": { "name": "microsoftlosangeles1", "type": "EdgeZone" },
        "encryption": { "osDiskImage": { "diskEncryptionSetId": id("des") } },
    }]);
    assert_silent(template(json!({}), &[version]), &[]);
}

#[test]
fn sets_by_a_naming_rule_belong_to_their_regions() {
    let regions = json!({
        "copy": [{
            "name": "targetRegions",
            "count": "[length(parameters('regions'))]",
            "input": {
                "name": "[parameters('regions')[copyIndex('targetRegions')]]",
                "encryption": { "osDiskImage": { "diskEncryptionSetId":
                    "[resourceId('Microsoft.Compute/diskEncryptionSets', concat('des-', parameters('regions')[copyIndex('targetRegions')]))]"
                } },
            },
        }],
    });
    let mut version = version("westeurope", snapshot(), json!(null));
    version["properties"]["publishingProfile"] = regions;
    let parameters = json!({ "regions": { "type": "array", "defaultValue": ["westeurope", "northeurope"] } });
    assert_silent(template(parameters, &[version]), &[]);
}

#[test]
fn unknown_parameters_everywhere_are_undecided_and_named() {
    let parameters = json!({
        "gallery": { "type": "string" },
        "location": { "type": "string" },
        "source": { "type": "string" },
        "regions": { "type": "array" },
    });
    let storage = json!({ "source": { "id": "[parameters('source')]" } });
    let mut version = version("[parameters('location')]", storage, json!("[parameters('regions')]"));
    version["name"] = json!("[concat(parameters('gallery'), '/image/1.0.0')]");
    assert_silent(template(parameters, &[version]), &["gallery", "regions", "source"]);
}

#[test]
fn unknown_sets_are_undecided() {
    let parameters = json!({ "westSet": { "type": "string" }, "northSet": { "type": "string" } });
    let regions =
        json!([region("westeurope", "[parameters('westSet')]"), region("northeurope", "[parameters('northSet')]")]);
    assert_silent(template(parameters, &[version("westeurope", snapshot(), regions)]), &["northSet", "westSet"]);
}

#[test]
fn what_is_yet_to_be_filled_in_is_unknown() {
    let text = template(
        json!({}),
        &[version("westeurope", snapshot(), json!([region("<region>", "<des>"), region("<region>", "<des>")]))],
    );
    let analysis = check_files(&[("main.json".to_owned(), text)]);
    assert_eq!(lines(&analysis), "");
    assert!(analysis.undecided.iter().all(|undecided| undecided.because.ends_with("is yet to be filled in")));
}

#[test]
fn what_exists_already_is_not_judged() {
    let text = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "languageVersion": "2.0",
        "contentVersion": "1.0.0.0",
        "resources": {
            "gallery": {
                "existing": true,
                "type": "Microsoft.Compute/galleries",
                "apiVersion": "2024-03-03",
                "name": "my-gallery",
            },
        },
    });
    assert_silent(text.to_string(), &[]);
}

/// A nested deployment with its own scope, of a template with these parameters, resources and outputs.
fn nested(arguments: Json, parameters: Json, resources: &[Json], outputs: Json) -> Json {
    let mut inner: Json = serde_json::from_str(&template(parameters, resources)).expect("a template");
    inner["outputs"] = outputs;
    json!({
        "type": "Microsoft.Resources/deployments",
        "apiVersion": "2022-09-01",
        "name": "nested",
        "properties": {
            "mode": "Incremental",
            "expressionEvaluationOptions": { "scope": "inner" },
            "parameters": arguments,
            "template": inner,
        },
    })
}

/// The reasons why rules about regions and sets could not decide.
fn reasons(text: String) -> Vec<String> {
    let analysis = check_files(&[("main.json".to_owned(), text)]);
    assert_eq!(lines(&analysis), "");
    let mut reasons: Vec<String> = analysis.undecided.into_iter().map(|undecided| undecided.because).collect();
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[test]
fn a_parameter_that_leaves_something_open_is_named_whatever_it_comes_through() {
    let west = || region("westeurope", &id("west"));
    let of = |set: &str| version("westeurope", snapshot(), json!([west(), region("northeurope", set)]));
    let text = || json!({ "north": { "type": "string" } });
    let variable = {
        let mut whole: Json =
            serde_json::from_str(&template(text(), &[of("[variables('sets').north]")])).expect("a template");
        whole["variables"] = json!({ "sets": { "north": "[toLower(parameters('north'))]" } });
        whole.to_string()
    };
    let module = template(
        text(),
        &[nested(
            json!({ "set": { "value": "[parameters('north')]" } }),
            json!({ "set": { "type": "string" } }),
            &[of("[parameters('set')]")],
            json!({}),
        )],
    );
    let output = {
        let outputs = json!({ "set": { "type": "string", "value": "[parameters('name')]" } });
        let arguments = json!({ "name": { "value": "[parameters('north')]" } });
        let names = json!({ "name": { "type": "string" } });
        let reference = "[reference('nested').outputs.set.value]";
        template(text(), &[nested(arguments, names, &[], outputs), of(reference)])
    };
    let function = {
        let mut whole: Json =
            serde_json::from_str(&template(text(), &[of("[our.set(parameters('north'))]")])).expect("a template");
        whole["functions"] = json!([{ "namespace": "our", "members": { "set": {
            "parameters": [{ "name": "name", "type": "string" }],
            "output": { "type": "string", "value": "[concat(parameters('name'), '')]" },
        } } }]);
        whole.to_string()
    };
    for text in [variable, module, output, function] {
        assert_eq!(reasons(text), ["parameter `north` has no value here"]);
    }
}

#[test]
fn a_parameter_whose_default_only_the_deployment_knows_is_named() {
    let parameters = json!({ "location": { "type": "string", "defaultValue": "[resourceGroup().location]" } });
    let regions = json!([region("westeurope", &id("des"))]);
    let mut set = disk_encryption_set("des", "[parameters('location')]");
    set["properties"]["rotationToLatestKeyVersionEnabled"] = json!(true);
    let text = template(parameters, &[set, version("westeurope", snapshot(), regions)]);
    assert_eq!(
        reasons(text),
        ["`resourceGroup().location` is known only at deployment (the default of parameter `location`)"]
    );
}

#[test]
fn a_lun_that_is_not_known_is_one_disk_in_every_region() {
    let keyed = |name: &str, lun: &str| {
        let set = id(&format!("des-{name}"));
        let data = json!([{ "lun": format!("[parameters('{lun}')]"), "diskEncryptionSetId": set }]);
        let encryption = json!({ "osDiskImage": { "diskEncryptionSetId": set }, "dataDiskImages": data });
        json!({ "name": name, "encryption": encryption })
    };
    let undecided = |other: &str| {
        let parameters = json!({ "lun": { "type": "int" }, "other": { "type": "int" } });
        let regions = json!([keyed("westeurope", "lun"), keyed("northeurope", other)]);
        let text = template(parameters, &[version("westeurope", snapshot(), regions)]);
        let analysis = check_files(&[("main.json".to_owned(), text)]);
        let open = analysis.undecided.iter().filter(|undecided| &*undecided.rule == "CMK201");
        open.map(|undecided| undecided.because.clone()).collect::<Vec<String>>()
    };
    assert_eq!(undecided("lun"), Vec::<String>::new());
    let both = ["lun", "other"].map(|name| format!("parameter `{name}` has no value here"));
    assert_eq!(undecided("other"), both);
}

#[test]
fn a_loop_that_makes_one_name_is_right_only_for_one_round() {
    let region = json!({ "name": "westeurope" });
    let regions = json!([{ "name": "targetRegions", "count": "[length(parameters('items'))]", "input": region }]);
    let mut version = version("westeurope", snapshot(), json!([]));
    version["properties"]["publishingProfile"] = json!({ "copy": regions });
    assert_silent(template(json!({ "items": { "type": "array" } }), &[version]), &["items"]);
}
