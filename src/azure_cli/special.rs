//! What the options of a command don't say one by one.

use crate::eval::script::build::{self, Body};
use crate::eval::script::{Fact, FactKind, UsageFault};
use crate::value::{Context, Element, IdReading, Kind, Literal, ResourceId, Str, Value};

use super::account::{Account, is_resource_id};
use super::arguments::Arguments;
use super::commands::Special;
use super::members::truth;
use super::words::{self, Word};

const CUSTOMER_KEY: &str = "EncryptionAtRestWithCustomerKey";

/// Adds to a body what the table of its command can't say; gives what the CLI refuses.
pub(super) fn apply(
    context: &mut Context,
    account: &Account,
    arguments: &Arguments,
    special: Special,
    body: &mut Body,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    match special {
        Special::Nothing => {}
        Special::Identity => identity(context, account, arguments, body),
        Special::Features => features(context, arguments, body),
        Special::SnapshotKey => {
            if let (Some(given), None, false) =
                (arguments.last("--disk-encryption-set"), arguments.last("--encryption-type"), arguments.open)
            {
                facts.push(Fact::new(FactKind::SetWithoutType, given.place, given.option.shown()));
            }
        }
        Special::DiskKey => {
            let ty = arguments.value("--encryption-type");
            if let Some(ty) = ty.filter(|ty| ty.known().is_some_and(|text| !text.eq_ignore_ascii_case(CUSTOMER_KEY))) {
                match arguments.last("--disk-encryption-set") {
                    Some(given) => {
                        let fault = FactKind::Usage(UsageFault::Combination);
                        facts.push(Fact::new(fault, given.place, given.option.shown()));
                    }
                    None => {
                        let origin = context.written(ty.span);
                        let none = crate::eval::make::null(context, origin);
                        body.set("properties.encryption.diskEncryptionSetId", origin, none);
                    }
                }
            }
        }
        Special::ImageDisks => image_disks(context, arguments, body),
        Special::MachineImage(path) => {
            machine_image(context, arguments, path, body);
            ephemeral_disk(context, arguments, path, body);
            facts.extend(disk_count(arguments));
        }
    }
    facts
}

/// `--features "SecurityType=TrustedLaunch IsAcceleratedNetworkSupported=true"`: names and values in one word.
fn features(context: &mut Context, arguments: &Arguments, body: &mut Body) {
    let Some(given) = arguments.last("--features") else { return };
    let Some(word) = given.values.first() else { return };
    let origin = context.written(given.span);
    let mut features = Vec::new();
    for part in word.text.split(context, char::is_whitespace) {
        if part.text().is_some_and(|text| text.is_empty()) {
            continue;
        }
        let mut sides = part.split_first(context, '=', 1).into_iter();
        let (Some(name), Some(value)) = (sides.next(), sides.next()) else {
            // A word that isn't known may hold any features.
            let unknown = build::unknown(context, origin);
            return body.set("properties.features", origin, unknown);
        };
        let mut feature = Body::default();
        let at = words::origin(context, &part, word);
        for (member, text) in [("name", name), ("value", value)] {
            let text = words::value(context, &text, word);
            feature.set(member, at, text);
        }
        features.push(Element::One(feature.finish(context, at)));
    }
    let features = build::array(context, features, origin);
    body.set("properties.features", origin, features);
}

/// `--ephemeral-os-disk true`: beside the image, whose member `imageReference.id` is.
fn ephemeral_disk(context: &mut Context, arguments: &Arguments, image: &str, body: &mut Body) {
    let Some(given) = arguments.last("--ephemeral-os-disk") else { return };
    let Some(storage) = image.strip_suffix("imageReference.id") else { return };
    let truth = truth(context, given);
    let origin = context.written(given.span);
    let option = match truth.kind {
        Kind::Bool(false) => return,
        Kind::Bool(true) => {
            let local = Str::fixed(context, "Local", truth.origin);
            build::string(context, local, truth.origin)
        }
        _ => build::unknown(context, origin),
    };
    body.set(&format!("{storage}osDisk.diffDiskSettings.option"), origin, option);
}

/// Sets of data disks for fewer disks than the command itself names. The image may have disks besides, so that too many
/// sets say nothing.
fn disk_count(arguments: &Arguments) -> Option<Fact> {
    let sets = arguments.list("--data-disk-encryption-sets")?;
    let named = [arguments.list("--data-disk-sizes-gb"), arguments.list("--attach-data-disks")];
    if arguments.open || sets.is_open() || named.iter().flatten().any(|given| given.is_open()) {
        return None;
    }
    let disks = named.iter().flatten().map(|given| given.values.len()).sum::<usize>();
    let (sets_given, disks) = (u32::try_from(sets.values.len()).ok()?, u32::try_from(disks).ok()?);
    let kind = FactKind::DiskCount { sets: sets_given, disks };
    (sets_given < disks).then(|| Fact::new(kind, sets.list().unwrap_or(sets.span), sets.option.shown()))
}

fn identity(context: &mut Context, account: &Account, arguments: &Arguments, body: &mut Body) {
    let own = arguments.last("--mi-system-assigned");
    let users = arguments.list("--mi-user-assigned");
    let ty = match (own, users) {
        (Some(_), Some(_)) => "SystemAssigned, UserAssigned",
        (None, Some(_)) => "UserAssigned",
        (Some(_) | None, None) => "SystemAssigned",
    };
    let span = users.or(own).map(|given| given.span);
    let origin = span.map_or(account.origin, |span| context.written(span));
    let ty = Str::fixed(context, ty, origin);
    let ty = build::string(context, ty, origin);
    body.set("identity.type", origin, ty);
}

/// `--source` and `--data-disk-sources`: what a bare name is of, only Azure knows.
fn image_disks(context: &mut Context, arguments: &Arguments, body: &mut Body) {
    let Some(source) = arguments.value("--source") else { return };
    let origin = context.written(source.span);
    let kind = kind_of(context, source);
    if kind.as_deref() == Some("virtualmachines") {
        let id = source.value(context);
        body.set("properties.sourceVirtualMachine.id", origin, id);
        return;
    }
    let data = arguments.list("--data-disk-sources");
    if kind.is_none() && data.is_none() {
        // A machine, a disk, a snapshot or a blob.
        let unknown = build::unknown(context, origin);
        body.set("properties.storageProfile", origin, unknown);
        return;
    }
    let os = disk(context, source, kind.as_deref());
    body.set("properties.storageProfile.osDisk", origin, os);
    let Some(data) = data else { return };
    let key = context.written(data.span);
    let mut disks = Vec::with_capacity(data.values.len());
    for (at, word) in data.values.iter().enumerate() {
        let kind = kind_of(context, word);
        let value = disk(context, word, kind.as_deref());
        let mut whole = Body::of(&value);
        let term = context.literal(Literal::Int(at as i64));
        let basis = crate::value::Basis::Fixed;
        let lun = Value { kind: Kind::Int(at as i64), term, basis, origin: value.origin };
        whole.set("lun", value.origin, lun);
        let whole = whole.finish(context, value.origin);
        disks.push(if word.many { Element::Many(whole) } else { Element::One(whole) });
    }
    let list = build::array(context, disks, key);
    body.set("properties.storageProfile.dataDisks", key, list);
}

/// The type that an id is of, in lower case.
fn kind_of(context: &mut Context, word: &Word) -> Option<String> {
    let IdReading::Id(id) = ResourceId::read(context, &word.text) else { return None };
    let ty = id.ty.text()?.to_lowercase();
    ty.strip_prefix("microsoft.compute/").map(str::to_owned)
}

fn disk(context: &mut Context, word: &Word, kind: Option<&str>) -> Value {
    let origin = context.written(word.span);
    let mut disk = Body::default();
    match kind {
        Some("snapshots") => {
            let id = word.value(context);
            disk.set("snapshot.id", origin, id);
        }
        Some("disks") => {
            let id = word.value(context);
            disk.set("managedDisk.id", origin, id);
        }
        // The name of a disk or of a snapshot, or the address of a blob.
        _ => disk.leave_open(),
    }
    disk.finish(context, origin)
}

/// The image of a machine, where its id is given.
fn machine_image(context: &mut Context, arguments: &Arguments, path: &str, body: &mut Body) {
    let Some(image) = arguments.value("--image") else { return };
    let known = image.known();
    if known.is_some_and(|text| !is_resource_id(&text)) {
        return;
    }
    let value = image.value(context);
    body.set(path, value.origin, value);
}
