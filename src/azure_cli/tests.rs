//! Scripts, the requests that they would send, and what their words show.

use super::AzureCli;
use crate::eval::script::{GivenParameters, Request, Start, TemplateDeployment, run};
use crate::shell::parse;
use crate::text::{Excerpt, SourceId};
use crate::value::{Context, Value, to_json};

struct Sent {
    context: Context,
    requests: Vec<Request>,
    deployments: Vec<TemplateDeployment>,
}

fn send(text: &str) -> Sent {
    let script = parse(&Excerpt::whole(SourceId(0), text));
    let mut context = Context::new();
    let mut host = AzureCli::new(None, |name| ["westus", "eastus"].contains(&name));
    run(&script, &mut context, &mut host, Start::default());
    Sent { context, requests: host.requests, deployments: host.deployments }
}

/// What facts there are, with the bytes that they point at.
fn facts(text: &str) -> Vec<String> {
    let sent = send(text);
    let facts = sent.requests.iter().flat_map(|request| &request.facts);
    facts
        .map(|fact| {
            let place = &text[fact.span.start as usize..fact.span.end as usize];
            let meant = fact.meant.as_deref().map(|meant| format!(" meant {meant}")).unwrap_or_default();
            format!("{:?}{meant} at {place}", fact.kind)
        })
        .collect()
}

/// The requests, one in a line.
fn requests(text: &str) -> Vec<String> {
    let mut sent = send(text);
    let requests = std::mem::take(&mut sent.requests);
    let shown = |request: &Request, context: &mut Context| {
        let resource = &request.resource;
        let id = resource.id.as_ref().map(|id| id.text(context, resource.body.origin).shown());
        let id = id.unwrap_or_else(|| "?".to_owned());
        format!("{:?} {id} {}", request.verb, to_json(context, &resource.body))
    };
    requests.iter().map(|request| shown(request, &mut sent.context)).collect()
}

const VERSION: &str = "az sig image-version create -g g -r s -i d -e 1.0.0 -l westus";
const ID: &str = "/subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s/images/d/versions/1.0.0";

/// What stands behind [`VERSION`], and the facts that this gives.
const FAULTS: &[(&str, &[&str])] = &[
    ("--os-snapshot o --target-regions westus --target-region-encryption d", &[]),
    ("--os-snapshot o --target-region-encryption d", &["EncryptionWithoutRegions at --target-region-encryption"]),
    ("--os-snapshot o --target-region-enc=d", &["EncryptionWithoutRegions at --target-region-enc=d"]),
    ("--os-snapshot o $MORE --target-region-encryption d", &[]),
    // Words are judged beside those that aren't known.
    (
        "--os-snapshot o --target-regions a $B --target-region-encryption $D NULL d,x,e \"$D,0, $E\" \"$D\"",
        &["BlankInsideList at \"$D,0, $E\"", "NullAsDes at NULL", "PairWithoutLun { swapped: None } at x"],
    ),
    (
        "--os-snapshot o --target-regions a b --target-region-encryption d,0,e",
        &["EncryptionCount { words: 1, regions: 2 } at d,0,e"],
    ),
    ("--os-snapshot o --target-regions $R --target-region-encryption d e", &[]),
    ("--os-snapshot o --target-regions a --target-region-encryption d,0", &["UnpairedLun { comma: None } at 0"]),
    (
        "--os-snapshot o --target-regions a --target-region-encryption d,0,e,",
        &["UnpairedLun { comma: Some(4) } at d,0,e,"],
    ),
    (
        "--os-snapshot o --target-regions a --target-region-encryption d,e,0",
        &["PairWithoutLun { swapped: Some((1, 3)) } at e"],
    ),
    ("--os-snapshot o --target-regions a --target-region-encryption \"d,$L,e\"", &[]),
    ("--os-snapshot o --target-regions a --target-region-encryption ,0,e", &["EmptyDes at ,0,e"]),
    ("--os-snapshot o --target-regions a --target-region-encryption d,0,null", &["NullAsDes at null"]),
    ("--os-snapshot o --target-regions a --target-region-encryption None", &["NullAsDes at None"]),
    ("--os-snapshot o --target-regions a b --target-region-encryption 'd e'", &["BlankInsideList at 'd e'"]),
    ("--os-snapshot o --target-regions a --target-region-encryption d,0, e", &["BlankInsideList at d,0,"]),
    ("--os-snapshot o --target-regions a --target-region-encryption 'd, 0,e'", &[]),
    ("--os-snapshot o --target-regions a --target-region-encryption 'd,0, e'", &["BlankInsideList at 'd,0, e'"]),
    ("--os-snapshot o --target-regions 'westus eastus=2'", &["BlankInsideList at 'westus eastus=2'"]),
    ("--os-snapshot o --target-regions 'West US'", &[]),
    ("--os-snapshot o --target-regions a=x", &["BadTargetRegion(SecondPart) at x"]),
    ("--os-snapshot o --target-regions a=x=standard_lrs", &["BadTargetRegion(Count) at x"]),
    ("--os-snapshot o --target-regions a=1=PremiumV2_LRS", &["BadTargetRegion(StorageType) at PremiumV2_LRS"]),
    ("--os-snapshot o --target-regions a=", &["BadTargetRegion(SecondPart) at a="]),
    (
        "--os-snapshot o --target-regions a --target-region-cvm-encryption encryptedwithcmk,d",
        &["BadConfidentialWord(Type) meant EncryptedWithCmk at encryptedwithcmk"],
    ),
    (
        "--os-snapshot o --target-regions a --target-region-cvm-encryption EncryptedWithPmk",
        &["BadConfidentialWord(Parts) at EncryptedWithPmk"],
    ),
    ("--os-snapshot o --target-edge-zones a", &["EdgeZone(NoZone) at a"]),
    ("--os-snapshot o --target-edge-zones a=z --zone-encryption d", &["EdgeZone(KeysCutOff) at d"]),
    ("--os-snapshot o --target-edge-zones a=z --zone-encryption y,d", &["EdgeZone(OtherZone) meant z at y,d"]),
    ("--managed-image m --image-version v", &["Sources(Several) at --image-version"]),
    ("--virtual-machine v", &["Sources(NotMachineId) at v"]),
    ("--virtual-machine \"$ID\"", &[]),
    ("", &["Sources(Missing) at az sig image-version create"]),
    ("--os-snapshot o --data-snapshot-luns 0", &["Sources(LunsAlone) at --data-snapshot-luns"]),
    ("--os-snapshot o --data-snapshots a b --data-snapshot-luns 0", &["Sources(Lengths) at 0"]),
    ("--os-snapshot o --data-snapshots a --data-snapshot-luns x", &["Sources(LunNotInteger) at x"]),
    ("--os-vhd-uri u", &["Sources(HalfBlob) at u"]),
    ("--os-snapshot o --target-region a", &["Usage(AmbiguousOption) at --target-region"]),
    ("--os-snapshot o --locaton a", &["Usage(UnknownOption) meant --location at --locaton"]),
    ("--os-snapshot o --replica-count x", &["Usage(NotInteger) meant --replica-count at x"]),
    ("--os-snapshot o --replication-mode ful", &["Usage(NotOneOf) meant Full at ful"]),
    ("--os-snapshot o stray", &["Usage(StrayWord) at stray"]),
    ("--os-snapshot", &["Sources(Missing) at az sig image-version create"]),
    ("--os-snapshot o \\\n--target-regions a\n  --no-wait", &["BrokenContinuation at --no-wait"]),
    ("--os-snapshot o \\ \n  --no-wait", &["BrokenContinuation at --no-wait"]),
    ("--os-snapshot o\\\n--no-wait", &["BrokenContinuation at --no-wait"]),
    ("--os-snapshot o ^\n  --no-wait", &[]),
];

#[test]
fn words_show_what_the_command_ignores_or_refuses() {
    for (words, expected) in FAULTS {
        let mut expected: Vec<String> = expected.iter().map(|fact| (*fact).to_owned()).collect();
        if *words == "--os-snapshot" {
            expected.insert(0, "Usage(MissingValue) at --os-snapshot".to_owned());
        }
        assert_eq!(facts(&format!("{VERSION} {words}")), expected, "{words}");
    }
}

#[test]
fn a_refused_command_sends_nothing() {
    for (words, refused) in [
        ("--os-snapshot o", false),
        ("--os-snapshot o --target-region-encryption d", false),
        ("--os-snapshot o --target-regions a --target-region-encryption ,0,e", false),
        ("--os-snapshot o --target-regions a b --target-region-encryption d", true),
        ("--os-snapshot o --nonsense", true),
        ("", true),
    ] {
        let sent = requests(&format!("{VERSION} {words}"));
        assert_eq!(sent[0].starts_with("Refused "), refused, "{words}");
    }
}

#[test]
fn a_version_is_the_request_that_a_template_would_make() {
    let set = |name: &str| {
        format!(
            "[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/{name}')]"
        )
    };
    let (one, two) = (set("one"), set("two"));
    let sent = requests(&format!(
        "{VERSION} --managed-image /subscriptions/x/resourceGroups/y/providers/Microsoft.Compute/images/m \
         --target-regions westus=2=standard_lrs 'East US' --target-region-encryption one,0,two null"
    ));
    let expected = format!(
        r#"Create {ID} {{"location":"westus","properties":{{"storageProfile":{{"source":{{"id":"/subscriptions/x/resourceGroups/y/providers/Microsoft.Compute/images/m"}}}},"publishingProfile":{{"targetRegions":[{{"name":"westus","regionalReplicaCount":2,"storageAccountType":"standard_lrs","encryption":{{"osDiskImage":{{"diskEncryptionSetId":"{one}"}},"dataDiskImages":[{{"lun":0,"diskEncryptionSetId":"{two}"}}]}}}},{{"name":"East US"}}]}}}}}}"#
    );
    assert_eq!(sent, [expected]);
}

/// Scripts and their requests.
const SCRIPTS: &[(&str, &[&str])] = &[
    (
        "az account set -s 33333333-3333-3333-3333-333333333333; az config set defaults.group=g defaults.location=westus\n\
         az sig create -r s --permissions groups",
        &[
            r#"Create /subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/g/providers/Microsoft.Compute/galleries/s {"location":"westus","properties":{"sharingProfile":{"permissions":"Groups"}}}"#,
        ],
    ),
    (
        "az configure -d group=g; az sig share add -r s --subscription-ids x; az sig share reset -r s; az sig delete -r s",
        &[
            "Share /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s {}",
            "Unshare /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s {}",
            "Delete /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s {}",
        ],
    ),
    (
        "az disk-encryption-set create -g g -n d -l westus --key-url k --enable-auto-key-rotation",
        &[
            r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/d {"location":"westus","properties":{"activeKey":{"keyUrl":"k"},"rotationToLatestKeyVersionEnabled":true},"identity":{"type":"SystemAssigned"}}"#,
        ],
    ),
    (
        "az disk update -g g -n d --encryption-type EncryptionAtRestWithPlatformKey",
        &[
            r#"Update /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/disks/d {"properties":{"encryption":{"type":"EncryptionAtRestWithPlatformKey","diskEncryptionSetId":null}}}"#,
        ],
    ),
    (
        "az sig image-version update -g g -r s -i d -e 1.0.0 --target-regions westus=3",
        &[
            r#"ReplaceRegions /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s/images/d/versions/1.0.0 {"properties":{"publishingProfile":{"targetRegions":[{"name":"westus","regionalReplicaCount":3}]}}}"#,
        ],
    ),
    (
        "az sig image-version update -g g -r s -i d -e 1.0.0 --add publishingProfile.targetRegions name=eastus",
        &[
            r#"AddRegions /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s/images/d/versions/1.0.0 {"properties":{"publishingProfile":{"targetRegions":[{"name":"eastus"}]}}}"#,
        ],
    ),
    (
        "az sig image-version update -g g -r s -i d -e 1.0.0 --set publishingProfile.targetRegions[0].regionalReplicaCount=3",
        &[
            "Update /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s/images/d/versions/1.0.0 {}",
        ],
    ),
    (
        "az vm create -g g -n m -l westus --image i --os-disk-encryption-set d --data-disk-sizes-gb 1 --data-disk-encryption-sets e",
        &[
            r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m {"location":"westus","properties":{"storageProfile":{"osDisk":{"managedDisk":{"diskEncryptionSet":{"id":"[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/d')]"}}},"dataDisks":[{"lun":0,"managedDisk":{"diskEncryptionSet":{"id":"[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/e')]"}}}]}}}"#,
        ],
    ),
];

#[test]
fn commands_send_what_they_were_given() {
    for (text, expected) in SCRIPTS {
        assert_eq!(requests(text), *expected, "{text}");
    }
}

#[test]
fn what_a_command_prints_is_known_where_its_words_tell() {
    let sent = requests(
        "D=$(az disk-encryption-set show -g keys -n d --query id -o tsv)\n\
         az sig image-version create -g g -r s -i d -e 1.0.0 -l westus --managed-image m --target-regions westus \
         --target-region-encryption \"$D\"",
    );
    let set = "subscription().subscriptionId, '/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/d')";
    assert!(sent[0].contains(set), "{sent:?}");
}

#[test]
fn a_command_with_several_ids_sends_a_request_for_each() {
    let id =
        |name: &str| format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/{name}");
    let sent = requests(&format!("az disk-encryption-set delete --ids {} \"$OTHER\" {}", id("a"), id("b")));
    assert_eq!(sent.len(), 3, "{sent:?}");
    assert!(sent[0].contains(&id("a")) && sent[2].contains(&id("b")), "{sent:?}");
}

#[test]
fn the_text_of_a_here_document_is_what_cat_gives() {
    let sent = requests("NAME=one\nWORD=$(cat <<EOF\n$NAME,0,two\nEOF\n)\naz sig delete -g \"$WORD\" -r g");
    assert!(sent[0].contains("/resourceGroups/one,0,two/"), "{sent:?}");
    let quoted = requests("WORD=$(cat <<'EOF'\n$NAME\nEOF\n)\naz sig delete -g \"$WORD\" -r g");
    assert!(quoted[0].contains("/resourceGroups/$NAME/"), "{quoted:?}");
}

#[test]
fn a_deployment_knows_its_template_and_parameters() {
    let sent = send(
        "az account set -s 33333333-3333-3333-3333-333333333333\n\
         az deployment group create -g g -f ./main.bicep -p @main.parameters.json -p des=x",
    );
    let deployment = &sent.deployments[0];
    let text = |value: &Option<Value>| value.as_ref().and_then(Value::text);
    assert_eq!(text(&deployment.template).as_deref(), Some("./main.bicep"));
    let [GivenParameters::File(file), GivenParameters::Value { name, value, .. }] = deployment.parameters.as_slice()
    else {
        panic!("{:?}", deployment.parameters);
    };
    assert_eq!(file.text().as_deref(), Some("main.parameters.json"));
    assert_eq!((&**name, value.text().as_deref()), ("des", Some("x")));
    assert_eq!(deployment.subscription.text().as_deref(), Some("33333333-3333-3333-3333-333333333333"));
    assert!(deployment.group.is_some());
}

#[test]
fn no_cut_of_a_script_is_fatal() {
    for (text, _) in SCRIPTS {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            requests(&text[..end]);
        }
    }
    for (words, _) in FAULTS {
        let text = format!("{VERSION} {words}");
        for end in (VERSION.len()..text.len()).filter(|end| text.is_char_boundary(*end)) {
            requests(&text[..end]);
        }
    }
}

#[test]
fn options_that_come_through_a_list_are_at_fault_where_they_are_written() {
    let through_list = "args=(--os-snapshot o --target-region-encryption d)\n";
    let call = format!("{VERSION} \"${{args[@]}}\"");
    let text = format!("{through_list}{call}");
    assert_eq!(facts(&text), ["EncryptionWithoutRegions at --target-region-encryption"]);
    let through_function = format!("make() {{ {VERSION} \"$@\"; }}\nmake --os-snapshot o --locaton x");
    assert_eq!(facts(&through_function), ["Usage(UnknownOption) meant --location at --locaton"]);
}
