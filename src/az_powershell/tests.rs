//! Scripts, the requests that they would send, and what their text shows.

use super::{Cmdlets, Names};
use crate::eval::script::{GivenParameters, Request, Start, TemplateDeployment, run};
use crate::powershell::parse;
use crate::text::{Excerpt, SourceId};
use crate::value::{Context, to_json};

struct Sent {
    context: Context,
    requests: Vec<Request>,
    deployments: Vec<TemplateDeployment>,
}

fn send(text: &str) -> Sent {
    let script = parse(&Excerpt::whole(SourceId(0), text));
    let names = Names::of([&script], false);
    let mut context = Context::new();
    let mut host = Cmdlets::new(&names, None);
    run(&script, &mut context, &mut host, Start::default());
    let (requests, deployments) = (host.requests, host.deployments);
    Sent { context, requests, deployments }
}

/// What facts there are, as `Kind text`, with the bytes that they point at.
fn facts(text: &str) -> Vec<String> {
    let sent = send(text);
    let facts = sent.requests.iter().flat_map(|request| &request.facts);
    facts
        .map(|fact| {
            let place = &text[fact.span.start as usize..fact.span.end as usize];
            let meant = fact.meant.as_deref().map(|meant| format!(" meant {meant}")).unwrap_or_default();
            let beside = if fact.encryption { "" } else { " beside" };
            format!("{:?}{meant}{beside} at {place}", fact.kind)
        })
        .collect()
}

/// The requests, one in a line.
fn requests(text: &str) -> Vec<String> {
    let mut sent = send(text);
    let requests = std::mem::take(&mut sent.requests);
    requests
        .iter()
        .map(|request| {
            let resource = &request.resource;
            let origin = resource.body.origin;
            let id = resource.id.as_ref().map(|id| id.text(&mut sent.context, origin).shown());
            let id = id.unwrap_or_else(|| "?".to_owned());
            format!("{:?} {id} {}", request.verb, to_json(&sent.context, &resource.body))
        })
        .collect()
}

/// A version of two regions, every disk with a key.
const WHOLE: &str = "\
$group = 'Images'
$prefix = \"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/$group/providers/Microsoft.Compute\"
$first = \"$prefix/diskEncryptionSets/FirstSet\"
$second = \"$prefix/diskEncryptionSets/SecondSet\"
$firstKeys = @{
    OSDiskImage    = @{ DiskEncryptionSetId = $first }
    DataDiskImages = @(@{ Lun = 0; DiskEncryptionSetId = $first })
}
$secondKeys = @{ OSDiskImage = @{ DiskEncryptionSetId = $second }; DataDiskImages = @(@{ Lun = 0; DiskEncryptionSetId = $second }) }
$regions = @(
    @{ Name = 'North Europe'; ReplicaCount = 1; StorageAccountType = 'Standard_LRS'; Encryption = $firstKeys },
    @{ Name = 'West Europe'; Encryption = $secondKeys }
)
$arguments = @{ ResourceGroupName = $group; GalleryName = 'Shelf'; Location = 'North Europe' }
New-AzGalleryImageVersion @arguments -GalleryImageDefinitionName Plain -Name 2.0.1 `
    -SourceImageId \"$prefix/images/golden\" -TargetRegion $regions
";

#[test]
fn a_whole_version_is_the_request_that_a_template_would_make() {
    let sent = requests(WHOLE);
    let prefix =
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/Images/providers/Microsoft.Compute";
    let encryption = |set: &str| {
        format!(
            r#"{{"osDiskImage":{{"diskEncryptionSetId":"{prefix}/diskEncryptionSets/{set}"}},"dataDiskImages":[{{"lun":0,"diskEncryptionSetId":"{prefix}/diskEncryptionSets/{set}"}}]}}"#
        )
    };
    let expected = format!(
        r#"Create /subscriptions/…/resourceGroups/Images/providers/Microsoft.Compute/galleries/Shelf/images/Plain/versions/2.0.1 {{"location":"North Europe","properties":{{"storageProfile":{{"source":{{"id":"{prefix}/images/golden"}}}},"publishingProfile":{{"targetRegions":[{{"name":"North Europe","regionalReplicaCount":1,"storageAccountType":"Standard_LRS","encryption":{}}},{{"name":"West Europe","encryption":{}}}]}}}}}}"#,
        encryption("FirstSet"),
        encryption("SecondSet"),
    );
    assert_eq!(sent, [expected]);
    assert_eq!(facts(WHOLE), [""; 0]);
}

/// What is replaced in [`WHOLE`], and the facts that this gives.
const FAULTS: &[(&str, &str, &[&str])] = &[
    ("'Standard_LRS'", "Standard_LRS", &["BareWord beside at Standard_LRS"]),
    ("Encryption = $firstKeys", "Encryption = $keysFirst", &["UnassignedVariable meant firstKeys at $keysFirst"]),
    ("Encryption = $firstKeys", "Encryption = $env:KEYS", &[]),
    (
        "DiskEncryptionSetId = $second }; D",
        "DiskEncryptionSetId = $secnd }; D",
        &["UnassignedVariable meant second at $secnd"],
    ),
    ("OSDiskImage    =", "OSDisk    =", &["IgnoredKey meant OSDiskImage at OSDisk"]),
    (
        "@{ DiskEncryptionSetId = $first }",
        "@{ DiskEncryptionSet = $first }",
        &["IgnoredKey meant DiskEncryptionSetId at DiskEncryptionSet"],
    ),
    ("ReplicaCount = 1", "RegionalReplicaCount = 1", &["IgnoredKey meant ReplicaCount beside at RegionalReplicaCount"]),
    (
        "@(@{ Lun = 0; DiskEncryptionSetId = $first })",
        "@{ Lun = 0; DiskEncryptionSetId = $first }",
        &["DataDisksNotArray at @{ Lun = 0; DiskEncryptionSetId = $first }"],
    ),
    (
        "@(@{ Lun = 0; DiskEncryptionSetId = $first })",
        "@(@{ Lun = '0'; DiskEncryptionSetId = $first })",
        &["LunNotInteger at '0'"],
    ),
    (
        "@(@{ Lun = 0; DiskEncryptionSetId = $first })",
        "@(@{ DiskEncryptionSetId = $first })",
        &["LunMissing at @{ DiskEncryptionSetId = $first }"],
    ),
    (
        "$first = \"$prefix/diskEncryptionSets/FirstSet\"",
        "$first = Get-AzDiskEncryptionSet -ResourceGroupName $group -Name FirstSet",
        &["ObjectInsteadOfId at Get-AzDiskEncryptionSet -ResourceGroupName $group -Name FirstSet"],
    ),
    ("Encryption = $firstKeys", "Encryption = @{ $firstKeys }", &["BracedList at @{"]),
    ("$regions = @(\n", "$regions = @{\n", &["BracedList at @{"]),
    ("New-AzGalleryImageVersion", "Update-AzGalleryImageVersion", &[]),
    ("'West Europe'; Encryption = $secondKeys", "'West Europe'", &[]),
];

#[test]
fn the_text_shows_what_a_request_does_not() {
    assert_eq!(facts(WHOLE), [""; 0]);
    for (what, by, expected) in FAULTS {
        let mut text = WHOLE.replace(what, by);
        if by.starts_with("$regions") {
            text = text.replace("$secondKeys }\n)", "$secondKeys }\n}");
        }
        assert_eq!(facts(&text), *expected, "{by}");
    }
}

#[test]
fn an_update_that_names_regions_replaces_them() {
    let text = "Update-AzGalleryImageVersion -ResourceGroupName g -GalleryName s -GalleryImageDefinitionName d -Name 1.0.0 \
        -TargetRegion @(@{ Name = 'West US' }, @{ Name = 'East US'; Encryption = @{ DataDiskImages = @() } })";
    assert_eq!(facts(text), ["OsDiskMissing at @{ DataDiskImages = @() }"]);
    let sent = requests(text);
    assert!(sent[0].starts_with("ReplaceRegions "), "{sent:?}");
}

#[test]
fn a_page_calls_only_a_name_like_another_unassigned() {
    let script = parse(&Excerpt::whole(SourceId(0), "$encWest = 1"));
    let names = Names::of([&script], true);
    assert_eq!(names.unassigned("westEnc").flatten().as_deref(), Some("encWest"));
    assert!(names.unassigned("elsewhere").is_none());
    assert!(Names::of([&script], false).unassigned("elsewhere").is_some());
}

/// Scripts and their requests.
const SCRIPTS: &[(&str, &[&str])] = &[
    (
        "New-AzGallery g Shelf -Location westus -Permission Groups",
        &[
            r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/Shelf {"location":"westus","properties":{"sharingProfile":{"permissions":"Groups"}}}"#,
        ],
    ),
    (
        "Set-AzContext -Subscription 33333333-3333-3333-3333-333333333333\nUpdate-AzGallery -ResourceGroupName g -Name s -Share -Subscription x",
        &[
            "Share /subscriptions/33333333-3333-3333-3333-333333333333/resourceGroups/g/providers/Microsoft.Compute/galleries/s {}",
        ],
    ),
    (
        "$c = New-AzDiskEncryptionSetConfig -Location westus -KeyUrl k -IdentityType SystemAssigned\n$c | New-AzDiskEncryptionSet -ResourceGroupName g -Name d",
        &[
            r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/d {"location":"westus","properties":{"activeKey":{"keyUrl":"k"}},"identity":{"type":"SystemAssigned"}}"#,
        ],
    ),
    (
        "$d = Get-AzDiskEncryptionSet -ResourceGroupName g -Name d\n$c = New-AzDiskConfig -Location westus -DiskEncryptionSetId $d.Id -EncryptionType X\nNew-AzDisk -ResourceGroupName g -DiskName k -Disk $c",
        &[
            r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/disks/k {"location":"westus","properties":{"encryption":{"diskEncryptionSetId":"[concat('/subscriptions/', subscription().subscriptionId, '/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/d')]","type":"X"}}}"#,
        ],
    ),
    (
        "$v = New-AzVMConfig -VMName m\nSet-AzVMOSDisk -VM $v -DiskEncryptionSetId i | Out-Null\n$v = Add-AzVMDataDisk -VM $v -Lun 1 -DiskEncryptionSetId j\nNew-AzVM -ResourceGroupName g -Location westus -VM $v -Name m",
        &[
            r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m {"properties":{"storageProfile":{"osDisk":{"managedDisk":{"diskEncryptionSet":{"id":"i"}}},"dataDisks":[{"lun":1,"managedDisk":{"diskEncryptionSet":{"id":"j"}}}]}},"location":"westus"}"#,
        ],
    ),
    (
        "Remove-AzGallery -ResourceGroupName g -Name s",
        &["Delete /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s {}"],
    ),
    (
        "new-azurermgallery -ResourceG g -Name s -Loc westus",
        &[r#"Create /subscriptions/…/resourceGroups/g/providers/Microsoft.Compute/galleries/s {"location":"westus"}"#],
    ),
];

#[test]
fn cmdlets_send_what_they_were_given() {
    for (text, expected) in SCRIPTS {
        assert_eq!(requests(text), *expected, "{text}");
    }
}

#[test]
fn a_deployment_knows_its_template_and_parameters() {
    let sent = send(
        "$p = @{ des = 'x' }\nNew-AzResourceGroupDeployment -ResourceGroupName g -TemplateFile ./main.bicep \
         -TemplateParameterObject $p -count 3",
    );
    let deployment = &sent.deployments[0];
    assert_eq!(deployment.template.as_ref().and_then(crate::value::Value::text).as_deref(), Some("./main.bicep"));
    let names: Vec<&str> = deployment
        .parameters
        .iter()
        .map(|given| match given {
            GivenParameters::Value { name, .. } => &**name,
            GivenParameters::File(_) | GivenParameters::Unknown(_) => "?",
        })
        .collect();
    assert_eq!(names, ["des", "count"]);
    assert!(deployment.subscription.text().is_none());
}

/// The shape of the example in Microsoft's article: bare words, a placeholder, ids without a slash at the front.
const ARTICLE: &str = "\
$source = <the ID of the source>
$osKeys = @{DiskEncryptionSetId='subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSets/a'}
$dataKeys = @{DiskEncryptionSetId='subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSets/b';Lun=1}
$keys = @{OSDiskImage=$osKeys;DataDiskImages=@($dataKeys)}
$region = @{Name='West US';ReplicaCount=1;StorageAccountType=Standard_LRS;Encryption=$keys}

New-AzGalleryImageVersion `
   -ResourceGroupName $rg `
   -GalleryName $gallery -GalleryImageDefinitionName $definition -Name $version `
   -Location $location -SourceImageId $source -StorageAccountType Standard_LRS -TargetRegion @($region)
";

#[test]
fn the_shape_of_the_articles_example_shows_its_bare_word_and_keeps_its_ids() {
    assert_eq!(facts(ARTICLE), ["BareWord beside at Standard_LRS"]);
    let sent = requests(ARTICLE).remove(0);
    assert!(sent.contains("\"diskEncryptionSetId\":\"subscriptions/00000000"), "{sent}");
    assert!(sent.contains("\"storageAccountType\":\"Standard_LRS\""), "{sent}");
    assert!(sent.contains("<the ID of the source>"), "{sent}");
}

#[test]
fn no_cut_of_a_script_is_fatal() {
    for end in (0..WHOLE.len()).step_by(3) {
        requests(&WHOLE[..end]);
    }
}

#[test]
fn a_block_runs_for_each_object_of_a_pipe() {
    let sent = requests(
        "$luns = 0..1
$disks = $luns | ForEach-Object { @{ Lun = $_; Source = @{ Id = \"/s/$_\" } } }
$keys = @()
'a', 'b' | % { $keys += @{ Name = $_ } }
'1.0.0', '1.0.1' | Where-Object { $_ } | ForEach-Object -Process { Remove-AzGallery -ResourceGroupName g -Name $_ }
'x', 'y' | ForEach-Object { New-AzGalleryImageVersion -ResourceGroupName g -GalleryName s -GalleryImageDefinitionName d `
    -Name $_ -Location westus -DataDiskImage $disks -TargetRegion $keys }
",
    );
    let versions: Vec<&String> = sent.iter().filter(|request| request.contains("/versions/")).collect();
    assert_eq!(versions.len(), 2, "{sent:?}");
    for (version, name) in versions.iter().zip(["x", "y"]) {
        assert!(version.contains(&format!("/versions/{name} ")), "{version}");
        assert!(version.contains(r#""lun":0,"source":{"id":"/s/0"}"#), "{version}");
        assert!(version.contains(r#""lun":1,"source":{"id":"/s/1"}"#), "{version}");
        assert!(version.contains(r#""targetRegions":[{"name":"a"},{"name":"b"}]"#), "{version}");
    }
    // What a filter leaves isn't known, nor how much it is.
    let removed: Vec<&String> = sent.iter().filter(|request| !request.contains("/versions/")).collect();
    assert!(removed.iter().all(|request| !request.contains("1.0.0")), "{removed:?}");
}

#[test]
fn formats_and_casts_that_change_nothing_are_followed() {
    let sent = requests(
        "$name = '{0}-{1}-{0}' -f 'a', $number
$list = [System.Collections.ArrayList]@()
[void]$list.Add(@{ Name = [string]'eastus' })
New-AzGalleryImageVersion -ResourceGroupName g -GalleryName s -GalleryImageDefinitionName d -Name 1.0.0 -Location $name `
    -TargetRegion $list.ToArray()
New-AzGallery -ResourceGroupName g -Name ('{0:d2}' -f 1) -Location ('{1}' -f 'a')
",
    );
    assert!(sent[0].contains(r#""location":"[concat('a-', parameters('$number'), '-a')]""#), "{}", sent[0]);
    assert!(sent[0].contains(r#""targetRegions":[{"name":"eastus"}]"#), "{}", sent[0]);
    assert!(sent[1].contains("format("), "{}", sent[1]);
}
