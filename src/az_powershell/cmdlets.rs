//! The cmdlets, as data: parameters, and where in a request their values go.
//!
//! Parameter names, aliases and positions are those of the help of azps-16.2.0 (azure-docs-powershell, 2026-08); only
//! parameters that reach a member which the checks read, or that take a position, are listed.

use crate::eval::script::Verb;

/// A parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) position: Option<u8>,
    /// Whether it takes no value.
    pub(super) switch: bool,
    pub(super) target: Target,
}

/// Where a parameter's value goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    /// Nowhere: names, groups, objects, or what nobody reads.
    Aside,
    /// The member of that path, as it is.
    Member(&'static str),
    /// The member of that path, as an integer where its text is one.
    Number(&'static str),
    /// The member of that path, as an id: an object is a mistake.
    Id(&'static str),
    /// `publishingProfile.targetRegions` out of hashtables.
    Regions,
    /// `publishingProfile.targetExtendedLocations` out of hashtables.
    EdgeZones,
    /// An image version's OS disk out of a hashtable.
    OsDisk,
    /// An image version's data disks out of hashtables.
    DataDisks,
}

/// What a cmdlet does.
#[derive(Debug)]
pub(super) enum Act {
    /// Sends a request.
    Send {
        verb: Verb,
        /// The resource's type.
        ty: &'static str,
        /// The parameters that hold the segments of its name.
        names: &'static [&'static str],
        /// The parameter that holds the object with the rest.
        object: Option<&'static str>,
    },
    /// Gives what exists already.
    Get { ty: &'static str, names: &'static [&'static str] },
    /// Makes an object that another cmdlet sends.
    Configure,
    /// Changes such an object; `list` is what it adds an element to.
    Change { object: &'static str, list: Option<&'static str> },
    /// Chooses the subscription.
    Context,
    /// Makes a resource group.
    MakeGroup,
    /// Deploys a template, or tries whether it could be.
    Deploy,
}

/// A cmdlet.
#[derive(Debug)]
pub(super) struct Cmdlet {
    pub(super) name: &'static str,
    pub(super) act: Act,
    pub(super) parameters: &'static [Parameter],
}

const fn aside(name: &'static str) -> Parameter {
    Parameter { name, aliases: &[], position: None, switch: false, target: Target::Aside }
}

const fn to(name: &'static str, path: &'static str) -> Parameter {
    Parameter { target: Target::Member(path), ..aside(name) }
}

const fn number(name: &'static str, path: &'static str) -> Parameter {
    Parameter { target: Target::Number(path), ..aside(name) }
}

const fn id(name: &'static str, path: &'static str) -> Parameter {
    Parameter { target: Target::Id(path), ..aside(name) }
}

const fn switch(name: &'static str) -> Parameter {
    Parameter { switch: true, ..aside(name) }
}

impl Parameter {
    const fn at(self, position: u8) -> Self {
        Self { position: Some(position), ..self }
    }

    const fn alias(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    const fn into(self, target: Target) -> Self {
        Self { target, ..self }
    }
}

const GROUP: Parameter = aside("ResourceGroupName").at(0);
const ID: Parameter = aside("ResourceId");
const INPUT: Parameter = aside("InputObject");

const VERSION: &str = "Microsoft.Compute/galleries/images/versions";
const DEFINITION: &str = "Microsoft.Compute/galleries/images";
const GALLERY: &str = "Microsoft.Compute/galleries";
const DES: &str = "Microsoft.Compute/diskEncryptionSets";
const DISK: &str = "Microsoft.Compute/disks";
const SNAPSHOT: &str = "Microsoft.Compute/snapshots";
const IMAGE: &str = "Microsoft.Compute/images";
const MACHINE: &str = "Microsoft.Compute/virtualMachines";
const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";

const GALLERY_NAME: Parameter = aside("GalleryName").at(1);
const DEFINITION_NAME: Parameter = aside("GalleryImageDefinitionName").at(2).alias(&["GalleryImageName"]);
const VERSION_NAME: Parameter = aside("Name").at(3).alias(&["GalleryImageVersionName"]);
const VERSION_NAMES: &[&str] = &["GalleryName", "GalleryImageDefinitionName", "Name"];

const VERSION_PARAMETERS: &[Parameter] = &[
    GROUP,
    GALLERY_NAME,
    DEFINITION_NAME,
    VERSION_NAME,
    ID,
    INPUT,
    to("Location", "location"),
    id("SourceImageId", "properties.storageProfile.source.id"),
    id("SourceImageVMId", "properties.storageProfile.source.virtualMachineId"),
    aside("OSDiskImage").into(Target::OsDisk),
    aside("DataDiskImage").into(Target::DataDisks),
    aside("TargetRegion").into(Target::Regions),
    aside("TargetExtendedLocation").into(Target::EdgeZones),
    number("ReplicaCount", "properties.publishingProfile.replicaCount"),
    to("StorageAccountType", "properties.publishingProfile.storageAccountType"),
    to("ReplicationMode", "properties.publishingProfile.replicationMode"),
    to("PublishingProfileEndOfLifeDate", "properties.publishingProfile.endOfLifeDate"),
    switch("PublishingProfileExcludeFromLatest"),
    aside("Tag"),
];

const GALLERY_PARAMETERS: &[Parameter] = &[
    GROUP,
    aside("Name").at(1).alias(&["GalleryName"]),
    ID,
    INPUT,
    to("Location", "location").at(2),
    to("Permission", "properties.sharingProfile.permissions"),
    to("Description", "properties.description"),
    switch("Share"),
    switch("Community"),
    switch("Reset"),
    aside("Subscription"),
    aside("Tenant"),
    switch("RemoveSubscription"),
    switch("RemoveTenant"),
];

const DEFINITION_PARAMETERS: &[Parameter] = &[
    GROUP,
    GALLERY_NAME,
    aside("Name").at(2).alias(&["GalleryImageDefinitionName"]),
    ID,
    INPUT,
    to("Location", "location"),
    to("Publisher", "properties.identifier.publisher"),
    to("Offer", "properties.identifier.offer"),
    to("Sku", "properties.identifier.sku"),
    to("OsState", "properties.osState"),
    to("OsType", "properties.osType"),
    to("HyperVGeneration", "properties.hyperVGeneration"),
    to("Feature", "properties.features"),
];

const DES_CONFIG: &[Parameter] = &[
    to("Location", "location").at(0),
    aside("Tag").at(1),
    to("SourceVaultId", "properties.activeKey.sourceVault.id"),
    to("KeyUrl", "properties.activeKey.keyUrl"),
    to("IdentityType", "identity.type"),
    to("EncryptionType", "properties.encryptionType"),
    to("RotationToLatestKeyVersionEnabled", "properties.rotationToLatestKeyVersionEnabled"),
    to("FederatedClientId", "properties.federatedClientId"),
    aside("UserAssignedIdentity"),
];

const DES_PARAMETERS: &[Parameter] = &[
    GROUP,
    aside("Name").at(1).alias(&["DiskEncryptionSetName"]),
    aside("InputObject").at(2).alias(&["DiskEncryptionSet"]),
    ID,
];

const DISK_CONFIG: &[Parameter] = &[
    to("SkuName", "sku.name").at(0).alias(&["AccountType"]),
    to("OsType", "properties.osType").at(1),
    number("DiskSizeGB", "properties.diskSizeGB").at(2),
    to("Location", "location").at(3),
    to("CreateOption", "properties.creationData.createOption"),
    to("SourceUri", "properties.creationData.sourceUri"),
    id("SourceResourceId", "properties.creationData.sourceResourceId"),
    id("DiskEncryptionSetId", "properties.encryption.diskEncryptionSetId"),
    to("EncryptionType", "properties.encryption.type"),
    to("SecurityType", "properties.securityProfile.securityType"),
    id("SecureVMDiskEncryptionSet", "properties.securityProfile.secureVMDiskEncryptionSetId"),
    aside("Zone"),
    aside("Tag"),
];

const DISK_PARAMETERS: &[Parameter] =
    &[GROUP, aside("DiskName").at(1).alias(&["Name"]), aside("Disk").at(2), aside("DiskUpdate").at(2)];

const SNAPSHOT_PARAMETERS: &[Parameter] =
    &[GROUP, aside("SnapshotName").at(1).alias(&["Name"]), aside("Snapshot").at(2), aside("SnapshotUpdate").at(2)];

const IMAGE_CONFIG: &[Parameter] = &[
    to("Location", "location").at(0),
    aside("Tag").at(1),
    id("SourceVirtualMachineId", "properties.sourceVirtualMachine.id").at(2),
    to("HyperVGeneration", "properties.hyperVGeneration"),
];

const IMAGE_OS_DISK: &[Parameter] = &[
    aside("Image").at(0),
    to("OsType", "properties.storageProfile.osDisk.osType").at(1),
    to("OsState", "properties.storageProfile.osDisk.osState").at(2),
    to("BlobUri", "properties.storageProfile.osDisk.blobUri"),
    id("ManagedDiskId", "properties.storageProfile.osDisk.managedDisk.id"),
    id("SnapshotId", "properties.storageProfile.osDisk.snapshot.id"),
    id("DiskEncryptionSetId", "properties.storageProfile.osDisk.diskEncryptionSet.id"),
];

const IMAGE_DATA_DISK: &[Parameter] = &[
    aside("Image").at(0),
    number("Lun", "lun").at(1),
    to("BlobUri", "blobUri").at(2),
    id("ManagedDiskId", "managedDisk.id"),
    id("SnapshotId", "snapshot.id"),
    id("DiskEncryptionSetId", "diskEncryptionSet.id"),
];

const IMAGE_PARAMETERS: &[Parameter] = &[GROUP, aside("ImageName").at(1).alias(&["Name"]), aside("Image").at(2)];

const MACHINE_CONFIG: &[Parameter] = &[
    aside("VMName").at(0).alias(&["Name"]),
    aside("VMSize").at(1),
    to("SecurityType", "properties.securityProfile.securityType"),
    aside("Zone"),
];

const MACHINE_OS_DISK: &[Parameter] = &[
    aside("VM").at(0).alias(&["VMProfile"]),
    to("Name", "properties.storageProfile.osDisk.name").at(1).alias(&["OSDiskName", "DiskName"]),
    to("CreateOption", "properties.storageProfile.osDisk.createOption"),
    id("ManagedDiskId", "properties.storageProfile.osDisk.managedDisk.id"),
    id("DiskEncryptionSetId", "properties.storageProfile.osDisk.managedDisk.diskEncryptionSet.id"),
    to("SecurityEncryptionType", "properties.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType"),
    id(
        "SecureVMDiskEncryptionSet",
        "properties.storageProfile.osDisk.managedDisk.securityProfile.diskEncryptionSet.id",
    ),
    switch("Linux"),
    switch("Windows"),
];

const MACHINE_DATA_DISK: &[Parameter] = &[
    aside("VM").at(0).alias(&["VMProfile"]),
    to("Name", "name").at(1),
    number("Lun", "lun"),
    to("CreateOption", "createOption"),
    id("ManagedDiskId", "managedDisk.id"),
    id("DiskEncryptionSetId", "managedDisk.diskEncryptionSet.id"),
];

const MACHINE_IMAGE: &[Parameter] = &[
    aside("VM").at(0).alias(&["VMProfile"]),
    id("Id", "properties.storageProfile.imageReference.id").alias(&["ImageReference"]),
    to("SharedGalleryImageId", "properties.storageProfile.imageReference.sharedGalleryImageId"),
    to("CommunityGalleryImageId", "properties.storageProfile.imageReference.communityGalleryImageId"),
];

const MACHINE_PARAMETERS: &[Parameter] = &[
    GROUP,
    to("Location", "location").at(1),
    aside("VM").at(2).alias(&["VMProfile"]),
    aside("Name").alias(&["VMName"]),
    to("Image", "properties.storageProfile.imageReference.id").alias(&["ImageName"]),
];

const SCALE_SET_CONFIG: &[Parameter] = &[to("Location", "location"), aside("SkuName"), aside("SkuCapacity")];

const SCALE_SET_STORAGE: &[Parameter] = &[
    aside("VirtualMachineScaleSet").at(0),
    id("ImageReferenceId", "properties.virtualMachineProfile.storageProfile.imageReference.id"),
    id(
        "DiskEncryptionSetId",
        "properties.virtualMachineProfile.storageProfile.osDisk.managedDisk.diskEncryptionSet.id",
    ),
    to(
        "SecurityEncryptionType",
        "properties.virtualMachineProfile.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType",
    ),
    id(
        "SecureVMDiskEncryptionSet",
        "properties.virtualMachineProfile.storageProfile.osDisk.managedDisk.securityProfile.diskEncryptionSet.id",
    ),
];

const SCALE_SET_DATA_DISK: &[Parameter] = &[
    aside("VirtualMachineScaleSet").at(0),
    to("Name", "name").at(1),
    number("Lun", "lun").at(2),
    to("CreateOption", "createOption"),
    id("DiskEncryptionSetId", "managedDisk.diskEncryptionSet.id"),
];

const SCALE_SET_PARAMETERS: &[Parameter] =
    &[GROUP, aside("VMScaleSetName").at(1).alias(&["Name"]), aside("VirtualMachineScaleSet").at(2)];

const NAMED: &[Parameter] =
    &[GROUP, aside("Name").at(1).alias(&["VMName", "DiskName", "SnapshotName", "ImageName", "GalleryName"]), ID, INPUT];

const CONTEXT: &[Parameter] = &[
    aside("Subscription").at(0).alias(&["SubscriptionId", "SubscriptionName", "Name", "Context", "SubscriptionObject"]),
    aside("Tenant").alias(&["TenantId"]),
];

const GROUP_PARAMETERS: &[Parameter] =
    &[aside("Name").at(0).alias(&["ResourceGroupName"]), aside("Location").at(1), aside("Tag"), aside("Tags")];

/// What cmdlets that deploy a template share; any other parameter is one of the template.
const GROUP_DEPLOYMENT: &[Parameter] = &[
    aside("ResourceGroupName"),
    aside("Name").alias(&["DeploymentName"]),
    aside("TemplateFile"),
    aside("TemplateUri"),
    aside("TemplateSpecId"),
    aside("TemplateObject"),
    aside("TemplateParameterFile"),
    aside("TemplateParameterUri"),
    aside("TemplateParameterObject"),
    aside("Mode"),
    aside("RollBackDeploymentName"),
    switch("RollbackToLastDeployment"),
    switch("SkipTemplateParameterPrompt"),
    switch("ProceedIfNoChange"),
    switch("Pre"),
];
const DEPLOYMENT: &[Parameter] = &[
    aside("Location"),
    aside("Name").alias(&["DeploymentName"]),
    aside("ManagementGroupId"),
    aside("TemplateFile"),
    aside("TemplateUri"),
    aside("TemplateSpecId"),
    aside("TemplateObject"),
    aside("TemplateParameterFile"),
    aside("TemplateParameterUri"),
    aside("TemplateParameterObject"),
    switch("SkipTemplateParameterPrompt"),
    switch("ProceedIfNoChange"),
    switch("Pre"),
];

const fn send(
    name: &'static str,
    verb: Verb,
    ty: &'static str,
    names: &'static [&'static str],
    object: Option<&'static str>,
    parameters: &'static [Parameter],
) -> Cmdlet {
    Cmdlet { name, act: Act::Send { verb, ty, names, object }, parameters }
}

const fn gives(
    name: &'static str,
    ty: &'static str,
    names: &'static [&'static str],
    parameters: &'static [Parameter],
) -> Cmdlet {
    Cmdlet { name, act: Act::Get { ty, names }, parameters }
}

const fn config(name: &'static str, parameters: &'static [Parameter]) -> Cmdlet {
    Cmdlet { name, act: Act::Configure, parameters }
}

const fn deploys(name: &'static str, parameters: &'static [Parameter]) -> Cmdlet {
    Cmdlet { name, act: Act::Deploy, parameters }
}

const fn change(
    name: &'static str,
    object: &'static str,
    list: Option<&'static str>,
    parameters: &'static [Parameter],
) -> Cmdlet {
    Cmdlet { name, act: Act::Change { object, list }, parameters }
}

const CMDLETS: &[Cmdlet] = &[
    send("New-AzGalleryImageVersion", Verb::Create, VERSION, VERSION_NAMES, None, VERSION_PARAMETERS),
    send("Update-AzGalleryImageVersion", Verb::Update, VERSION, VERSION_NAMES, None, VERSION_PARAMETERS),
    send("Remove-AzGalleryImageVersion", Verb::Delete, VERSION, VERSION_NAMES, None, VERSION_PARAMETERS),
    gives("Get-AzGalleryImageVersion", VERSION, VERSION_NAMES, VERSION_PARAMETERS),
    send("New-AzGallery", Verb::Create, GALLERY, &["Name"], None, GALLERY_PARAMETERS),
    send("Update-AzGallery", Verb::Update, GALLERY, &["Name"], None, GALLERY_PARAMETERS),
    send("Remove-AzGallery", Verb::Delete, GALLERY, &["Name"], None, GALLERY_PARAMETERS),
    gives("Get-AzGallery", GALLERY, &["Name"], GALLERY_PARAMETERS),
    send(
        "New-AzGalleryImageDefinition",
        Verb::Create,
        DEFINITION,
        &["GalleryName", "Name"],
        None,
        DEFINITION_PARAMETERS,
    ),
    send(
        "Remove-AzGalleryImageDefinition",
        Verb::Delete,
        DEFINITION,
        &["GalleryName", "Name"],
        None,
        DEFINITION_PARAMETERS,
    ),
    gives("Get-AzGalleryImageDefinition", DEFINITION, &["GalleryName", "Name"], DEFINITION_PARAMETERS),
    config("New-AzDiskEncryptionSetConfig", DES_CONFIG),
    send("New-AzDiskEncryptionSet", Verb::Create, DES, &["Name"], Some("InputObject"), DES_PARAMETERS),
    send("Remove-AzDiskEncryptionSet", Verb::Delete, DES, &["Name"], None, DES_PARAMETERS),
    gives("Get-AzDiskEncryptionSet", DES, &["Name"], DES_PARAMETERS),
    config("New-AzDiskConfig", DISK_CONFIG),
    config("New-AzDiskUpdateConfig", DISK_CONFIG),
    send("New-AzDisk", Verb::Create, DISK, &["DiskName"], Some("Disk"), DISK_PARAMETERS),
    send("Update-AzDisk", Verb::Update, DISK, &["DiskName"], Some("DiskUpdate"), DISK_PARAMETERS),
    send("Remove-AzDisk", Verb::Delete, DISK, &["DiskName"], None, DISK_PARAMETERS),
    gives("Get-AzDisk", DISK, &["DiskName"], DISK_PARAMETERS),
    config("New-AzSnapshotConfig", DISK_CONFIG),
    config("New-AzSnapshotUpdateConfig", DISK_CONFIG),
    send("New-AzSnapshot", Verb::Create, SNAPSHOT, &["SnapshotName"], Some("Snapshot"), SNAPSHOT_PARAMETERS),
    send("Update-AzSnapshot", Verb::Update, SNAPSHOT, &["SnapshotName"], Some("SnapshotUpdate"), SNAPSHOT_PARAMETERS),
    send("Remove-AzSnapshot", Verb::Delete, SNAPSHOT, &["SnapshotName"], None, SNAPSHOT_PARAMETERS),
    gives("Get-AzSnapshot", SNAPSHOT, &["SnapshotName"], SNAPSHOT_PARAMETERS),
    config("New-AzImageConfig", IMAGE_CONFIG),
    change("Set-AzImageOsDisk", "Image", None, IMAGE_OS_DISK),
    change("Add-AzImageDataDisk", "Image", Some("properties.storageProfile.dataDisks"), IMAGE_DATA_DISK),
    send("New-AzImage", Verb::Create, IMAGE, &["ImageName"], Some("Image"), IMAGE_PARAMETERS),
    gives("Get-AzImage", IMAGE, &["ImageName"], IMAGE_PARAMETERS),
    config("New-AzVMConfig", MACHINE_CONFIG),
    change("Set-AzVMOSDisk", "VM", None, MACHINE_OS_DISK),
    change("Add-AzVMDataDisk", "VM", Some("properties.storageProfile.dataDisks"), MACHINE_DATA_DISK),
    change("Set-AzVMSourceImage", "VM", None, MACHINE_IMAGE),
    send("New-AzVM", Verb::Create, MACHINE, &["Name"], Some("VM"), MACHINE_PARAMETERS),
    gives("Get-AzVM", MACHINE, &["Name"], NAMED),
    config("New-AzVmssConfig", SCALE_SET_CONFIG),
    change("Set-AzVmssStorageProfile", "VirtualMachineScaleSet", None, SCALE_SET_STORAGE),
    change(
        "Add-AzVmssDataDisk",
        "VirtualMachineScaleSet",
        Some("properties.virtualMachineProfile.storageProfile.dataDisks"),
        SCALE_SET_DATA_DISK,
    ),
    send(
        "New-AzVmss",
        Verb::Create,
        SCALE_SET,
        &["VMScaleSetName"],
        Some("VirtualMachineScaleSet"),
        SCALE_SET_PARAMETERS,
    ),
    Cmdlet { name: "Set-AzContext", act: Act::Context, parameters: CONTEXT },
    Cmdlet { name: "Select-AzContext", act: Act::Context, parameters: CONTEXT },
    Cmdlet { name: "Select-AzSubscription", act: Act::Context, parameters: CONTEXT },
    Cmdlet { name: "Connect-AzAccount", act: Act::Context, parameters: CONTEXT },
    Cmdlet { name: "New-AzResourceGroup", act: Act::MakeGroup, parameters: GROUP_PARAMETERS },
    deploys("New-AzResourceGroupDeployment", GROUP_DEPLOYMENT),
    deploys("Test-AzResourceGroupDeployment", GROUP_DEPLOYMENT),
    deploys("Get-AzResourceGroupDeploymentWhatIfResult", GROUP_DEPLOYMENT),
    deploys("New-AzDeployment", DEPLOYMENT),
    deploys("New-AzSubscriptionDeployment", DEPLOYMENT),
    deploys("Test-AzDeployment", DEPLOYMENT),
    deploys("Test-AzSubscriptionDeployment", DEPLOYMENT),
    deploys("Get-AzDeploymentWhatIfResult", DEPLOYMENT),
    deploys("Get-AzSubscriptionDeploymentWhatIfResult", DEPLOYMENT),
    deploys("New-AzManagementGroupDeployment", DEPLOYMENT),
    deploys("New-AzTenantDeployment", DEPLOYMENT),
];

/// The cmdlet of a name, any case: with its module before it, and also as the module before Az spelt it.
pub(super) fn find(name: &str) -> Option<&'static Cmdlet> {
    let name = name.rsplit('\\').next().unwrap_or(name);
    let lower = name.to_ascii_lowercase().replacen("-azurerm", "-az", 1);
    CMDLETS.iter().find(|cmdlet| cmdlet.name.eq_ignore_ascii_case(&lower))
}
