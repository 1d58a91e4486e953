//! Our reading of `az sig image-version create` is the Azure CLI's own.
//!
//! Generated command lines, sound and broken, are run through the real CLI with its network layer replaced
//! (`tests/azure_cli/send.py`): the request that it would send must be ours, and what it refuses must be an error
//! here. Runs where `CMKLINT_AZ_PYTHON` names a Python in which azure-cli is installed (`pip install
//! azure-cli==2.91.0`); elsewhere it says that it was skipped.

mod dice;
mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use cmklint::azure::regions;
use cmklint::azure_cli::AzureCli;
use cmklint::eval::script::{Start, Verb, run};
use cmklint::finding::Severity;
use cmklint::shell;
use cmklint::text::{Excerpt, SourceId};
use cmklint::value::{Context, to_json};
use serde_json::{Map, Value as Json};

use dice::Dice;
use support::{check_files, lines};

const CASES: usize = 2400;
const SUBSCRIPTION: &str = "00000000-0000-0000-0000-000000000000";
/// What `send.py` calls the location of a resource group.
const LOCATION: &str = "location-of-the-group";

/// Part of each message by which the CLI refuses a command, and how often it must have been met.
const MESSAGES: &[&str] = &[
    "unrecognized arguments",
    "ambiguous option",
    "expected one argument",
    "expected at least one argument",
    "arguments are required",
    "invalid int value",
    "not a valid value for",
    "The second part is neither",
    "The third part is not a valid storage account type",
    "The second part must be a valid integer",
    "Length of --target-region-encryption",
    "Length of --target_region_cvm_encryption",
    "appear in pair in --target-region-encryption. Example: osdes,0,datades0,1,datades1",
    "is an invalid target region encryption argument",
    "is an invalid target region cvm encryption",
    "is an invalid os_cvm_encryption_type",
    "Length of --target-edge-zone-encryption",
    "The third part is neither",
    "The fourth part is not a valid storage account type",
    "The third part must be a valid integer",
    "appear in pair in --target-edge-zone-encryption",
    "is an invalid target edge zone encryption",
    "please specify only one of",
    "is an invalid VM resource id",
    "is an invalid gallery image version id",
    "Please provide --managed-image",
    "--data-snapshot-luns must be used together",
    "Length of --data-snapshots",
    "invalid literal for int()",
    "--os-vhd-uri and --os-vhd-storage-account should",
    "--data-vhds-uris and --data-vhds-storage-accounts should",
    "--data-vhds-luns must be used together",
    "Length of --data-vhds-uris",
];
const EACH: usize = 20;

/// A command under construction: options with their values, in order.
struct Line {
    options: Vec<(String, Vec<String>)>,
}

impl Line {
    fn set(&mut self, option: &str, values: Vec<String>) {
        self.options.retain(|(name, _)| name != option);
        self.options.push((option.to_owned(), values));
    }

    fn drop(&mut self, option: &str) {
        self.options.retain(|(name, _)| name != option);
    }

    fn one(&mut self, option: &str, value: &str) {
        self.set(option, vec![value.to_owned()]);
    }

    fn count(&self, option: &str) -> usize {
        self.options.iter().find(|(name, _)| name == option).map_or(0, |(_, values)| values.len())
    }
}

const NAMES: [&str; 6] = ["one", "Two", "des-3", "west_us", "a.b", "x"];
const REGIONS: [&str; 6] = ["westus", "eastus2", "West US 2", "northeurope", "uksouth", "nowhere"];
const TYPES: [&str; 4] = ["standard_lrs", "Standard_ZRS", "PREMIUM_LRS", "Standard_LRS"];
const SNAPSHOTS: &str = "--data-snapshots";
const BLOBS: &str = "--data-vhds-uris";
const REGION: &str = "--target-regions";
const KEYS: &str = "--target-region-encryption";
const CONFIDENTIAL: &str = "--target-region-cvm-encryption";
const ZONES: &str = "--target-edge-zones";
const ZONE_KEYS: &str = "--target-edge-zone-encryption";

fn id(ty: &str, name: &str) -> String {
    format!(
        "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/other/providers/Microsoft.Compute/{ty}/{name}"
    )
}

fn set(dice: &mut Dice) -> String {
    let name = dice.pick(&NAMES);
    match dice.roll(8) {
        0 => id("diskEncryptionSets", name),
        1 => id("diskEncryptionSets", name)[1..].to_owned(),
        2 => format!("{}/", id("diskEncryptionSets", name)),
        3 => id("disks", name),
        4 => dice.pick(&["", "NULL", "null", "None", "/subscriptions/x", "/x"]).to_owned(),
        _ => name.to_owned(),
    }
}

fn lun(dice: &mut Dice) -> String {
    dice.pick(&["0", "1", "2", "63", " 3", "+4", "-1", "1_0", "007"]).to_owned()
}

fn keys(dice: &mut Dice) -> String {
    if dice.roll(5) == 0 {
        return "null".to_owned();
    }
    let mut word = if dice.roll(6) == 0 { "null".to_owned() } else { set(dice) };
    for _ in 0..dice.roll(3) {
        word += &format!(",{},{}", lun(dice), set(dice));
    }
    word
}

fn region(dice: &mut Dice) -> String {
    let name = dice.pick(&REGIONS);
    match dice.roll(5) {
        0 => format!("{name}={}", lun(dice)),
        1 => format!("{name}={}", dice.pick(&TYPES)),
        2 => format!("{name}={}={}", lun(dice), dice.pick(&TYPES)),
        _ => name.to_owned(),
    }
}

fn list(dice: &mut Dice, count: usize, mut each: impl FnMut(&mut Dice) -> String) -> Vec<String> {
    (0..count).map(|_| each(dice)).collect()
}

fn name_or_id(dice: &mut Dice, ty: &str) -> String {
    let name = dice.pick(&NAMES);
    if dice.roll(3) == 0 { id(ty, name) } else { name.to_owned() }
}

fn zone(dice: &mut Dice) -> String {
    let name = dice.pick(&REGIONS);
    match dice.roll(6) {
        0 => format!("{name}=z1={}", lun(dice)),
        1 => format!("{name}=z2={}", dice.pick(&["standardssd_lrs", "Standard_LRS"])),
        2 => format!("{name}=z3={}={}", lun(dice), dice.pick(&TYPES)),
        3 => name.to_owned(),
        _ => format!("{name}=z4"),
    }
}

fn confidential(dice: &mut Dice) -> String {
    let ty =
        dice.pick(&["EncryptedVMGuestStateOnlyWithPmk", "EncryptedWithPmk", "EncryptedWithCmk", "NonPersistedTPM"]);
    let des = if dice.roll(3) == 0 { String::new() } else { set(dice) };
    format!("{ty},{des}")
}

fn sound(dice: &mut Dice) -> Line {
    let mut line = Line { options: Vec::new() };
    for (option, value) in [
        ("--resource-group", "group"),
        ("--gallery-name", "shelf"),
        ("--gallery-image-definition", "image"),
        ("--gallery-image-version", "1.0.0"),
    ] {
        line.one(option, value);
    }
    if dice.roll(3) > 0 {
        line.one("--location", dice.pick(&REGIONS));
    }
    match dice.roll(6) {
        0 => {
            let image = name_or_id(dice, "images");
            line.one("--managed-image", &image);
        }
        1 => line.one("--virtual-machine", &id("virtualMachines", "vm")),
        2 => line.one("--image-version", &id("galleries", "g/images/i/versions/1.0.0")),
        3 => {
            line.one("--os-vhd-uri", "https://account/os.vhd");
            line.one(
                "--os-vhd-storage-account",
                dice.pick(&[
                    "account",
                    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
                ]),
            );
            let count = dice.roll(3);
            if count > 0 {
                line.set(BLOBS, list(dice, count, |_| "https://account/data.vhd".to_owned()));
                line.set("--data-vhds-storage-accounts", list(dice, count, |_| "account".to_owned()));
                if dice.roll(2) == 0 {
                    line.set("--data-vhds-luns", list(dice, count, |dice| dice.roll(9).to_string()));
                }
            }
        }
        _ => {
            let os = name_or_id(dice, "snapshots");
            line.one("--os-snapshot", &os);
            let count = dice.roll(3);
            if count > 0 {
                line.set(SNAPSHOTS, list(dice, count, |dice| name_or_id(dice, "disks")));
                if dice.roll(2) == 0 {
                    line.set("--data-snapshot-luns", list(dice, count, lun));
                }
            }
        }
    }
    let regions = dice.roll(4);
    if regions > 0 {
        line.set(REGION, list(dice, regions, region));
    }
    let count = if regions == 0 { 1 } else { regions };
    if dice.roll(3) > 0 {
        line.set(KEYS, list(dice, count, keys));
    }
    if dice.roll(5) == 0 {
        line.set(CONFIDENTIAL, list(dice, count, confidential));
    }
    if dice.roll(4) == 0 {
        let zones = 1 + dice.roll(2);
        let listed = if dice.roll(8) == 0 { vec!["None".to_owned()] } else { list(dice, zones, zone) };
        let zones = listed.len();
        let cleared = listed[0] == "None";
        line.set(ZONES, listed);
        if dice.roll(2) == 0 && !cleared {
            let word = |dice: &mut Dice| {
                if dice.roll(6) == 0 { set(dice).replace(',', "") } else { format!("z4,{}", keys(dice)) }
            };
            line.set(ZONE_KEYS, list(dice, zones, word));
        }
    }
    for (option, values) in [
        ("--storage-account-type", &["standard_zrs", "Premium_LRS"][..]),
        ("--replica-count", &["3", "1_0"]),
        ("--exclude-from-latest", &["true", "FALSE", ""]),
        ("--replication-mode", &["full", "Shallow"]),
        ("--tags", &["a=b", "c", "d=e=f"]),
        ("--allow-replicated-location-deletion", &["true", ""]),
        ("--block-delete-before-eol", &["false"]),
        ("--subscription", &["22222222-2222-2222-2222-222222222222"]),
    ] {
        if dice.roll(8) == 0 {
            let value = dice.pick(values);
            let values = if value.is_empty() { Vec::new() } else { vec![value.to_owned()] };
            line.set(option, values);
        }
    }
    if dice.roll(6) == 0 {
        line.set("--no-wait", Vec::new());
    }
    line
}

fn with_regions(dice: &mut Dice, line: &mut Line) -> usize {
    if line.count(REGION) == 0 {
        line.set(REGION, list(dice, 2, region));
        line.drop(KEYS);
        line.drop(CONFIDENTIAL);
    }
    line.count(REGION)
}

fn only_source(line: &mut Line, option: &str, value: &str) {
    for other in ["--managed-image", "--virtual-machine", "--image-version", "--os-snapshot", "--os-vhd-uri"] {
        line.drop(other);
    }
    for other in ["--os-vhd-storage-account", SNAPSHOTS, "--data-snapshot-luns"] {
        line.drop(other);
    }
    for other in [BLOBS, "--data-vhds-luns", "--data-vhds-storage-accounts"] {
        line.drop(other);
    }
    if !option.is_empty() {
        line.one(option, value);
    }
}

fn words(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

/// Breaks a sound command in one way.
fn broken(dice: &mut Dice, line: &mut Line, way: usize) {
    match way {
        0 => line.one(dice.pick(&["--locaton", "--gallery-image-version-name", "--version", "--description"]), "x"),
        1 => line.one(dice.pick(&["--target-region", "--data-vhds", "--os", "--target"]), "x"),
        2 => line.set(dice.pick(&["--location", "--managed-image", "--replica-count"]), Vec::new()),
        3 => line.set(dice.pick(&[KEYS, SNAPSHOTS, ZONE_KEYS]), Vec::new()),
        4 => line.drop(dice.pick(&["--gallery-name", "--gallery-image-definition", "--gallery-image-version"])),
        5 => line.one("--replica-count", dice.pick(&["two", "1.5", ""])),
        6 => line
            .one(dice.pick(&["--replication-mode", "--storage-account-type"]), dice.pick(&["PremiumV2_LRS", "none"])),
        7..=9 => {
            let bad = match way {
                7 => ["westus=standard", "westus=", "eastus=PremiumV2_LRS"],
                8 => ["westus=2=standard", "westus=2=", "westus=2=standard_lrs=1"],
                _ => ["westus=standard_lrs=2", "westus==standard_lrs", "westus=x=y"],
            };
            let count = with_regions(dice, line);
            let mut regions = list(dice, count, region);
            regions[0] = String::from(dice.pick(&bad));
            line.set(REGION, regions);
        }
        10 => {
            let count = with_regions(dice, line);
            line.set(KEYS, list(dice, count + 1, keys));
        }
        11 => {
            let count = with_regions(dice, line);
            line.set(CONFIDENTIAL, list(dice, count + 1, confidential));
        }
        12 | 13 => {
            let count = with_regions(dice, line);
            let mut all = list(dice, count, keys);
            let unpaired = ["one,0", "one,0,two,", "one,", "null,0,a,1"];
            let not_lun = ["one,x,two", "one,,two", "one,1.0,two", "null,a,0"];
            all[0] = String::from(dice.pick(if way == 12 { &unpaired } else { &not_lun }));
            line.set(KEYS, all);
        }
        14 | 15 => {
            let count = with_regions(dice, line);
            let mut all = list(dice, count, confidential);
            let parts = ["EncryptedWithCmk", "EncryptedWithCmk,a,b", ""];
            let types = ["encryptedwithcmk,a", ",a", "Cmk,"];
            all[0] = String::from(dice.pick(if way == 14 { &parts } else { &types }));
            line.set(CONFIDENTIAL, all);
        }
        16 => {
            line.set(ZONES, words(&["westus=z1", "westus=z2"]));
            line.set(ZONE_KEYS, words(&["z1,one"]));
        }
        17..=19 => {
            let bad = match way {
                17 => ["westus=z=standard", "westus=z=", "westus=z=x"],
                18 => ["westus=z=1=standard", "westus=z=1=", "westus=z=1=x=y"],
                _ => ["westus=z=standard_lrs=1", "westus=z==standard_lrs", "westus=z=a=b"],
            };
            line.one(ZONES, dice.pick(&bad));
            line.drop(ZONE_KEYS);
        }
        20 | 21 => {
            line.one(ZONES, "westus=z");
            let unpaired = ["z,one,0", "z,one,", "z,null,0,a,1"];
            let not_lun = ["z,one,x,two", "z,one,,two", "z,null,a,b"];
            line.one(ZONE_KEYS, dice.pick(if way == 20 { &unpaired } else { &not_lun }));
        }
        22 => {
            line.one("--managed-image", "image");
            line.one(dice.pick(&["--virtual-machine", "--image-version"]), &id("virtualMachines", "vm"));
        }
        23 => only_source(
            line,
            "--virtual-machine",
            dice.pick(&["vm", "subscriptions/s", "/subscriptions/s/resourceGroups/g"]),
        ),
        24 => only_source(
            line,
            "--image-version",
            dice.pick(&["1.0.0", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/images/i"]),
        ),
        25 => only_source(line, "", ""),
        26 => {
            only_source(line, "--os-snapshot", "os");
            line.one("--data-snapshot-luns", "0");
        }
        27 => {
            only_source(line, "--os-snapshot", "os");
            line.set(SNAPSHOTS, words(&["a", "b"]));
            line.set("--data-snapshot-luns", words(&["0"]));
        }
        28 => {
            only_source(line, "--os-snapshot", "os");
            line.set(SNAPSHOTS, words(&["a"]));
            line.one("--data-snapshot-luns", dice.pick(&["x", "", "1.0"]));
        }
        29 => {
            only_source(line, "--managed-image", "image");
            line.one(dice.pick(&["--os-vhd-uri", "--os-vhd-storage-account"]), "account");
        }
        30 => {
            only_source(line, "--managed-image", "image");
            line.one(dice.pick(&[BLOBS, "--data-vhds-sa"]), "account");
        }
        31 => {
            only_source(line, "--managed-image", "image");
            line.one("--data-vhds-luns", "0");
        }
        _ => {
            only_source(line, "--managed-image", "image");
            line.set(BLOBS, words(&["a", "b"]));
            line.set("--data-vhds-storage-accounts", words(&["c"]));
        }
    }
}

/// The ways in which [`broken`] breaks a command.
const WAYS: usize = 33;

/// Dresses the options: abbreviations that are unambiguous, short spellings, `=`, another order, and one given twice.
fn dressed(dice: &mut Dice, mut line: Line) -> Vec<String> {
    for at in (1..line.options.len()).rev() {
        let with = dice.roll(at + 1);
        line.options.swap(at, with);
    }
    let mut all = words(&["sig", "image-version", "create"]);
    for (name, values) in line.options {
        let spelt = match &*name {
            "--resource-group" => dice.pick(&["--resource-group", "-g", "--resource"]),
            "--gallery-name" => dice.pick(&["--gallery-name", "-r", "--gallery-n"]),
            "--gallery-image-version" => dice.pick(&["--gallery-image-version", "-e"]),
            "--location" => dice.pick(&["--location", "-l", "--loc"]),
            "--target-regions" => dice.pick(&["--target-regions", "--target-regions"]),
            "--target-region-encryption" => dice.pick(&["--target-region-encryption", "--target-region-e"]),
            "--target-edge-zone-encryption" => dice.pick(&["--target-edge-zone-encryption", "--zone-encryption"]),
            "--managed-image" => dice.pick(&["--managed-image", "--man"]),
            other => other,
        };
        match values.as_slice() {
            [value] if spelt.starts_with("--") && dice.roll(4) == 0 => all.push(format!("{spelt}={value}")),
            [value] if spelt.len() == 2 && !value.is_empty() && dice.roll(4) == 0 => {
                all.push(format!("{spelt}{value}"));
            }
            _ => {
                if name == "--location" && values.len() == 1 && dice.roll(6) == 0 {
                    all.extend(words(&["--location", "overridden"]));
                }
                all.push(spelt.to_owned());
                all.extend(values);
            }
        }
    }
    all
}

fn commands() -> Vec<Vec<String>> {
    let mut dice = Dice(20_261_125);
    (0..CASES)
        .map(|case| {
            let mut line = sound(&mut dice);
            if case % 2 == 0 {
                broken(&mut dice, &mut line, (case / 2) % WAYS);
            }
            dressed(&mut dice, line)
        })
        .collect()
}

fn script(command: &[String]) -> String {
    let quoted: Vec<String> = command.iter().map(|word| format!("'{word}'")).collect();
    format!("az {}\n", quoted.join(" "))
}

/// The body that we would send; `None` where we say that the command is refused.
fn ours(text: &str) -> Option<Json> {
    let script = shell::parse(&Excerpt::whole(SourceId(0), text));
    let mut context = Context::new();
    let mut host = AzureCli::new(Some(SUBSCRIPTION.into()), regions::is_known);
    run(&script, &mut context, &mut host, Start::default());
    let request = host.requests.pop()?;
    (request.verb == Verb::Create).then(|| plain(to_json(&context, &request.resource.body)))
}

/// Without nulls and empty objects, and with the location of the group by its name.
fn plain(json: Json) -> Json {
    match json {
        Json::Object(members) => {
            let members = members.into_iter().map(|(key, value)| (key, plain(value)));
            let empty = |value: &Json| value.is_null() || value.as_object().is_some_and(Map::is_empty);
            Json::Object(members.filter(|(_, value)| !empty(value)).collect())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(plain).collect()),
        Json::String(text) if text.starts_with("[locationof(") => Json::String(LOCATION.to_owned()),
        other => other,
    }
}

fn theirs(python: &str, commands: &[Vec<String>]) -> Vec<Json> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/azure_cli/send.py");
    let mut child = Command::new(python)
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("CMKLINT_AZ_PYTHON runs");
    let input = serde_json::to_string(commands).expect("words are JSON");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(input.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn what_we_read_is_what_the_azure_cli_sends() {
    let Ok(python) = std::env::var("CMKLINT_AZ_PYTHON") else {
        eprintln!("skipped: CMKLINT_AZ_PYTHON doesn't name a Python with azure-cli");
        return;
    };
    let commands = commands();
    let answers = theirs(&python, &commands);
    assert_eq!(answers.len(), commands.len());
    let mut wrong = Vec::new();
    let mut refused = 0;
    let mut met = vec![0; MESSAGES.len()];
    for (command, answer) in commands.iter().zip(&answers) {
        let text = script(command);
        let sent = ours(&text);
        if let Some(message) = answer.get("refused").and_then(Json::as_str) {
            refused += 1;
            for (count, part) in met.iter_mut().zip(MESSAGES) {
                *count += usize::from(message.contains(part));
            }
            let checked = check_files(&[("main.sh".to_owned(), text.clone())]);
            let error = checked.findings.iter().any(|finding| finding.severity == Severity::Error);
            if sent.is_some() || !error {
                wrong.push(format!("{text}they refuse: {message}\nwe {sent:?}\n{}", lines(&checked)));
            }
            continue;
        }
        let body = plain(answer["body"].clone());
        if sent.as_ref() != Some(&body) {
            let checked = check_files(&[("main.sh".to_owned(), text.clone())]);
            wrong.push(format!("{text}they send {body}\nwe        {sent:?}\n{}", lines(&checked)));
        }
    }
    let shown = wrong.len().min(12);
    assert!(wrong.is_empty(), "{} of {CASES} differ:\n{}", wrong.len(), wrong[..shown].join("\n\n"));
    assert!(refused * 10 >= CASES * 3, "only {refused} of {CASES} are refused");
    for (count, part) in met.iter().zip(MESSAGES) {
        assert!(*count >= EACH, "`{part}` was met only {count} times");
    }
}

#[test]
fn the_commands_are_the_same_each_time_and_many() {
    let commands = commands();
    assert_eq!(commands, self::commands());
    assert!(commands.len() >= 2000);
    assert!(commands.iter().flatten().all(|word| !word.contains('\'')), "words go between quotes");
}
