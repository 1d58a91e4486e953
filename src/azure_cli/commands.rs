//! What each command does, as data: the request that it makes, and which options are members of it.

use crate::eval::script::Verb;

use super::members::To;

/// What a command does.
#[derive(Debug)]
pub(super) enum Act {
    /// Sends a request.
    Send {
        verb: Verb,
        ty: &'static str,
        /// The options that hold the segments of its name.
        names: &'static [&'static str],
        make: Make,
    },
    /// Shows what exists.
    Show { ty: &'static str, names: &'static [&'static str] },
    /// Chooses the subscription.
    ChooseSubscription,
    /// Sets defaults; the names stand behind that prefix.
    SetDefaults { option: Option<&'static str>, prefix: &'static str },
    /// Makes a resource group.
    MakeGroup,
    /// Deploys a template, or tries whether it could be.
    Deploy,
}

/// How the body of a request is made.
#[derive(Debug)]
pub(super) enum Make {
    /// An image version.
    CreateVersion,
    /// Changes to an image version.
    UpdateVersion,
    /// Options that are members. `located`: it has a location, and tags.
    Members { located: bool, table: &'static [(&'static str, To)], special: Special },
}

/// What a table of options can't say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Special {
    Nothing,
    /// A set has an identity of its own unless others are given.
    Identity,
    /// `--features name=value ...` of an image definition.
    Features,
    /// A key of the customer's needs its type.
    SnapshotKey,
    /// A type that isn't the customer's key takes the set away.
    DiskKey,
    /// Disks of a managed image.
    ImageDisks,
    /// The image that a machine is made from, and where its id goes.
    MachineImage(&'static str),
}

/// A command.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) name: &'static str,
    pub(super) act: Act,
}

const GALLERY: &str = "Microsoft.Compute/galleries";
const DEFINITION: &str = "Microsoft.Compute/galleries/images";
const VERSION: &str = "Microsoft.Compute/galleries/images/versions";
const SET: &str = "Microsoft.Compute/diskEncryptionSets";
const DISK: &str = "Microsoft.Compute/disks";
const SNAPSHOT: &str = "Microsoft.Compute/snapshots";
const IMAGE: &str = "Microsoft.Compute/images";
const MACHINE: &str = "Microsoft.Compute/virtualMachines";
const SCALE_SET: &str = "Microsoft.Compute/virtualMachineScaleSets";
const VAULT: &str = "Microsoft.KeyVault/vaults";

const KEY: &str = "Microsoft.KeyVault/vaults/keys";

const NAME: &[&str] = &["--name"];
const KEY_NAMES: &[&str] = &["--vault-name", "--name"];
const GALLERY_NAME: &[&str] = &["--gallery-name"];
const DEFINITION_NAMES: &[&str] = &["--gallery-name", "--gallery-image-definition"];
const VERSION_NAMES: &[&str] = &["--gallery-name", "--gallery-image-definition", "--gallery-image-version"];

const GALLERY_MEMBERS: &[(&str, To)] = &[
    ("--permissions", To::Text("properties.sharingProfile.permissions")),
    ("--description", To::Text("properties.description")),
];
const DEFINITION_MEMBERS: &[(&str, To)] = &[
    ("--os-type", To::Text("properties.osType")),
    ("--os-state", To::Text("properties.osState")),
    ("--hyper-v-generation", To::Text("properties.hyperVGeneration")),
    ("--publisher", To::Text("properties.identifier.publisher")),
    ("--offer", To::Text("properties.identifier.offer")),
    ("--sku", To::Text("properties.identifier.sku")),
    ("--end-of-life-date", To::Text("properties.endOfLifeDate")),
];
const SET_MEMBERS: &[(&str, To)] = &[
    ("--encryption-type", To::Text("properties.encryptionType")),
    ("--key-url", To::Text("properties.activeKey.keyUrl")),
    ("--source-vault", To::Id(VAULT, "properties.activeKey.sourceVault.id")),
    ("--enable-auto-key-rotation", To::Truth("properties.rotationToLatestKeyVersionEnabled")),
    ("--federated-client-id", To::Text("properties.federatedClientId")),
];
const DISK_MEMBERS: &[(&str, To)] = &[
    ("--sku", To::Text("sku.name")),
    ("--size-gb", To::Number("properties.diskSizeGB")),
    ("--hyper-v-generation", To::Text("properties.hyperVGeneration")),
    ("--encryption-type", To::Text("properties.encryption.type")),
    ("--disk-encryption-set", To::Id(SET, "properties.encryption.diskEncryptionSetId")),
    ("--security-type", To::Text("properties.securityProfile.securityType")),
    ("--secure-vm-disk-encryption-set", To::Id(SET, "properties.securityProfile.secureVMDiskEncryptionSetId")),
];
const KEY_MEMBERS: &[(&str, To)] = &[("--enabled", To::Truth("properties.attributes.enabled"))];
const IMAGE_MEMBERS: &[(&str, To)] = &[("--hyper-v-generation", To::Text("properties.hyperVGeneration"))];
const MACHINE_MEMBERS: &[(&str, To)] = &[
    ("--os-disk-encryption-set", To::Id(SET, "properties.storageProfile.osDisk.managedDisk.diskEncryptionSet.id")),
    (
        "--data-disk-encryption-sets",
        To::Ids(SET, "properties.storageProfile.dataDisks", "managedDisk.diskEncryptionSet.id"),
    ),
    (
        "--os-disk-security-encryption-type",
        To::Text("properties.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType"),
    ),
    (
        "--os-disk-secure-vm-disk-encryption-set",
        To::Id(SET, "properties.storageProfile.osDisk.managedDisk.securityProfile.diskEncryptionSet.id"),
    ),
    ("--attach-os-disk", To::Id(DISK, "properties.storageProfile.osDisk.managedDisk.id")),
    ("--security-type", To::Text("properties.securityProfile.securityType")),
    ("--encryption-at-host", To::Truth("properties.securityProfile.encryptionAtHost")),
];
const SCALE_SET_MEMBERS: &[(&str, To)] = &[
    (
        "--os-disk-encryption-set",
        To::Id(SET, "properties.virtualMachineProfile.storageProfile.osDisk.managedDisk.diskEncryptionSet.id"),
    ),
    (
        "--data-disk-encryption-sets",
        To::Ids(SET, "properties.virtualMachineProfile.storageProfile.dataDisks", "managedDisk.diskEncryptionSet.id"),
    ),
    (
        "--os-disk-security-encryption-type",
        To::Text(
            "properties.virtualMachineProfile.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType",
        ),
    ),
    (
        "--os-disk-secure-vm-disk-encryption-set",
        To::Id(
            SET,
            "properties.virtualMachineProfile.storageProfile.osDisk.managedDisk.securityProfile.diskEncryptionSet.id",
        ),
    ),
    ("--security-type", To::Text("properties.virtualMachineProfile.securityProfile.securityType")),
];

const SCALE_SET_IMAGE: &str = "properties.virtualMachineProfile.storageProfile.imageReference.id";

const fn send(name: &'static str, verb: Verb, ty: &'static str, names: &'static [&'static str], make: Make) -> Command {
    Command { name, act: Act::Send { verb, ty, names, make } }
}

const fn show(name: &'static str, ty: &'static str, names: &'static [&'static str]) -> Command {
    Command { name, act: Act::Show { ty, names } }
}

const fn deploy(name: &'static str) -> Command {
    Command { name, act: Act::Deploy }
}

const fn new(table: &'static [(&'static str, To)], special: Special) -> Make {
    Make::Members { located: true, table, special }
}

const fn change(table: &'static [(&'static str, To)], special: Special) -> Make {
    Make::Members { located: false, table, special }
}

const NOTHING: Make = change(&[], Special::Nothing);

/// The commands that are read. The options of each are in `options.txt`.
static COMMANDS: &[Command] = &[
    send("sig create", Verb::Create, GALLERY, GALLERY_NAME, new(GALLERY_MEMBERS, Special::Nothing)),
    send("sig update", Verb::Update, GALLERY, GALLERY_NAME, change(GALLERY_MEMBERS, Special::Nothing)),
    send("sig delete", Verb::Delete, GALLERY, GALLERY_NAME, NOTHING),
    send("sig share add", Verb::Share, GALLERY, GALLERY_NAME, NOTHING),
    send("sig share enable-community", Verb::Share, GALLERY, GALLERY_NAME, NOTHING),
    send("sig share remove", Verb::Unshare, GALLERY, GALLERY_NAME, NOTHING),
    send("sig share reset", Verb::Unshare, GALLERY, GALLERY_NAME, NOTHING),
    show("sig show", GALLERY, GALLERY_NAME),
    send(
        "sig image-definition create",
        Verb::Create,
        DEFINITION,
        DEFINITION_NAMES,
        new(DEFINITION_MEMBERS, Special::Features),
    ),
    send("sig image-definition update", Verb::Update, DEFINITION, DEFINITION_NAMES, NOTHING),
    send("sig image-definition delete", Verb::Delete, DEFINITION, DEFINITION_NAMES, NOTHING),
    show("sig image-definition show", DEFINITION, DEFINITION_NAMES),
    send("sig image-version create", Verb::Create, VERSION, VERSION_NAMES, Make::CreateVersion),
    send("sig image-version update", Verb::Update, VERSION, VERSION_NAMES, Make::UpdateVersion),
    send("sig image-version delete", Verb::Delete, VERSION, VERSION_NAMES, NOTHING),
    show("sig image-version show", VERSION, VERSION_NAMES),
    send("disk-encryption-set create", Verb::Create, SET, NAME, new(SET_MEMBERS, Special::Identity)),
    send("disk-encryption-set update", Verb::Update, SET, NAME, change(SET_MEMBERS, Special::Nothing)),
    send("disk-encryption-set delete", Verb::Delete, SET, NAME, NOTHING),
    show("disk-encryption-set show", SET, NAME),
    send("disk create", Verb::Create, DISK, NAME, new(DISK_MEMBERS, Special::Nothing)),
    send("disk update", Verb::Update, DISK, NAME, change(DISK_MEMBERS, Special::DiskKey)),
    show("disk show", DISK, NAME),
    send("snapshot create", Verb::Create, SNAPSHOT, NAME, new(DISK_MEMBERS, Special::SnapshotKey)),
    send("snapshot update", Verb::Update, SNAPSHOT, NAME, change(DISK_MEMBERS, Special::DiskKey)),
    show("snapshot show", SNAPSHOT, NAME),
    send("image create", Verb::Create, IMAGE, NAME, new(IMAGE_MEMBERS, Special::ImageDisks)),
    show("image show", IMAGE, NAME),
    send(
        "vm create",
        Verb::Create,
        MACHINE,
        NAME,
        new(MACHINE_MEMBERS, Special::MachineImage("properties.storageProfile.imageReference.id")),
    ),
    show("vm show", MACHINE, NAME),
    send("keyvault key delete", Verb::Delete, KEY, KEY_NAMES, NOTHING),
    send("keyvault key set-attributes", Verb::Update, KEY, KEY_NAMES, change(KEY_MEMBERS, Special::Nothing)),
    send("vmss create", Verb::Create, SCALE_SET, NAME, new(SCALE_SET_MEMBERS, Special::MachineImage(SCALE_SET_IMAGE))),
    Command { name: "account set", act: Act::ChooseSubscription },
    Command { name: "configure", act: Act::SetDefaults { option: Some("--defaults"), prefix: "" } },
    Command { name: "config set", act: Act::SetDefaults { option: None, prefix: "defaults." } },
    Command { name: "group create", act: Act::MakeGroup },
    deploy("deployment group create"),
    deploy("deployment group validate"),
    deploy("deployment group what-if"),
    deploy("deployment sub create"),
    deploy("deployment sub validate"),
    deploy("deployment sub what-if"),
    deploy("deployment mg create"),
    deploy("deployment mg validate"),
    deploy("deployment mg what-if"),
    deploy("deployment tenant create"),
    deploy("deployment tenant validate"),
    deploy("deployment tenant what-if"),
];

/// The command of that name.
pub(super) fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.name == name)
}

impl Command {
    /// Whether its words are what this is about, so that what the CLI refuses in them is worth a word.
    pub(super) fn matters(&self) -> bool {
        self.name.starts_with("sig ") || self.name.starts_with("disk-encryption-set ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::options;
    use super::{Act, COMMANDS, Make};

    #[test]
    fn every_command_and_option_is_one_of_the_cli() {
        for command in COMMANDS {
            let table = options::find(command.name).unwrap_or_else(|| panic!("{} isn't listed", command.name));
            let has = |spelling: &str| table.spellings().any(|(known, _)| known == spelling);
            let names: &[&str] = match &command.act {
                Act::Send { names, .. } | Act::Show { names, .. } => names,
                _ => &[],
            };
            for option in names {
                assert!(has(option), "{} has no {option}", command.name);
            }
            if let Act::Send { make: Make::Members { table: members, .. }, .. } = &command.act {
                let missing: Vec<_> = members.iter().map(|(option, _)| *option).filter(|option| !has(option)).collect();
                assert!(missing.len() < members.len() || members.is_empty(), "{}: {missing:?}", command.name);
            }
        }
    }
}
