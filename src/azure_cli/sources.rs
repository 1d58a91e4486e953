//! What an image version is made from: images, machines, versions, snapshots, disks and blobs.

use crate::eval::script::build::{self, Body};
use crate::eval::script::{Fact, FactKind, SourceFault};
use crate::text::Span;
use crate::value::{Context, Element, Kind, Literal, Str, Value};

use super::account::Account;
use super::arguments::{Arguments, Occurrence};
use super::members::number;
use super::words::{self, Word, integer};

const IMAGES: &str = "Microsoft.Compute/images";
const SNAPSHOTS: &str = "Microsoft.Compute/snapshots";
const ACCOUNTS: &str = "Microsoft.Storage/storageAccounts";
/// Those of which one may be given at most.
const WHOLE: [&str; 3] = ["--managed-image", "--virtual-machine", "--image-version"];
/// Where a machine's id has text of its own.
const MACHINE: [&str; 6] = ["subscriptions", "*", "resourceGroups", "*", "providers", "Microsoft.Compute"];

/// Reads the sources of one command.
pub(super) struct Sources<'a> {
    pub(super) context: &'a mut Context,
    pub(super) account: &'a Account,
    pub(super) arguments: &'a Arguments,
    pub(super) facts: Vec<Fact>,
    /// Whether the command ends in an error.
    pub(super) refused: bool,
    /// The words of the command's name.
    pub(super) command: Span,
}

/// One kind of data disks: the options that say what they are, at which LUNs, and in which accounts.
struct Disks {
    what: &'static str,
    luns: &'static str,
    accounts: Option<&'static str>,
}

const FROM_SNAPSHOTS: Disks = Disks { what: "--data-snapshots", luns: "--data-snapshot-luns", accounts: None };
const FROM_BLOBS: Disks =
    Disks { what: "--data-vhds-uris", luns: "--data-vhds-luns", accounts: Some("--data-vhds-storage-accounts") };

impl Sources<'_> {
    fn refuse(&mut self, fault: SourceFault, span: Span, text: impl Into<std::sync::Arc<str>>) {
        self.facts.push(Fact::new(FactKind::Sources(fault), span, text));
        self.refused = true;
    }

    /// `storageProfile`.
    pub(super) fn read(&mut self, body: &mut Body) {
        let whole = self.whole(body);
        let os = self.os_disk(body);
        if !whole && !os && !self.arguments.open {
            self.refuse(SourceFault::Missing, self.command, "");
        }
        let mut disks = Vec::new();
        let complete = [FROM_SNAPSHOTS, FROM_BLOBS].map(|kind| self.data_disks(&kind, &mut disks));
        if let Some(given) = [FROM_SNAPSHOTS, FROM_BLOBS].iter().find_map(|kind| self.arguments.list(kind.what)) {
            let key = self.context.written(given.span);
            let list = match complete {
                [true, true] => build::array(self.context, disks, key),
                _ => build::unknown(self.context, key),
            };
            body.set("properties.storageProfile.dataDiskImages", key, list);
        }
    }

    /// An image, a machine or a version: whether one is given.
    fn whole(&mut self, body: &mut Body) -> bool {
        let arguments = self.arguments;
        let given: Vec<&Occurrence> = WHOLE.iter().filter_map(|option| arguments.last(option)).collect();
        let mut given: Vec<(&Occurrence, &Word)> = given
            .into_iter()
            .filter_map(|given| Some((given, given.values.first()?)))
            .filter(|(_, word)| !word.text.is_empty())
            .collect();
        given.sort_by_key(|(given, _)| given.span);
        if let [_, (second, _), ..] = given.as_slice() {
            self.refuse(SourceFault::Several, second.place, second.option.shown());
        }
        let Some((given, word)) = given.first() else { return false };
        let key = self.context.written(given.span);
        if given.option.is("--managed-image") {
            let id = self.account.name_or_id(self.context, IMAGES, &word.text, word);
            body.set("properties.storageProfile.source.id", key, id);
            return true;
        }
        let machine = given.option.is("--virtual-machine");
        let rest: &[&str] =
            if machine { &["virtualMachines", "*"] } else { &["galleries", "*", "images", "*", "versions", "*"] };
        let fault = if machine { SourceFault::NotMachineId } else { SourceFault::NotVersionId };
        if !could_be(&word.text, MACHINE.iter().chain(rest).copied()) {
            self.refuse(fault, word.span, word.text.shown());
        }
        let member = if machine { "virtualMachineId" } else { "id" };
        let value = word.value(self.context);
        body.set(&format!("properties.storageProfile.source.{member}"), key, value);
        true
    }

    /// The OS disk's source: whether one is given. A blob takes the place of a snapshot.
    fn os_disk(&mut self, body: &mut Body) -> bool {
        let path = "properties.storageProfile.osDiskImage.source";
        let arguments = self.arguments;
        let snapshot = arguments.value("--os-snapshot");
        let uri = arguments.value("--os-vhd-uri").filter(|word| !word.text.is_empty());
        let account = arguments.value("--os-vhd-storage-account").filter(|word| !word.text.is_empty());
        if uri.is_some() != account.is_some()
            && !arguments.open
            && let Some(word) = uri.or(account)
        {
            self.refuse(SourceFault::HalfBlob, word.span, word.text.shown());
        }
        if let Some(word) = snapshot
            && uri.is_none()
        {
            let id = self.account.name_or_id(self.context, SNAPSHOTS, &word.text, word);
            body.set(&format!("{path}.id"), id.origin, id);
        }
        if let Some(word) = uri {
            let value = word.value(self.context);
            body.set(&format!("{path}.uri"), value.origin, value);
        }
        if let Some(word) = account.filter(|_| uri.is_some()) {
            let id = self.account.name_or_id(self.context, ACCOUNTS, &word.text, word);
            body.set(&format!("{path}.storageAccountId"), id.origin, id);
        }
        snapshot.is_some() || uri.is_some()
    }

    /// The data disks of one kind, behind those of another: whether all of them are known. Without LUNs they are
    /// counted from 0, each kind for itself.
    fn data_disks(&mut self, kind: &Disks, disks: &mut Vec<Element>) -> bool {
        let arguments = self.arguments;
        let luns = arguments.list(kind.luns);
        let accounts = kind.accounts.and_then(|option| arguments.list(option));
        let Some(given) = arguments.list(kind.what) else {
            for alone in [luns, accounts].into_iter().flatten().filter(|_| !arguments.open) {
                let fault = if alone.option.is(kind.luns) { SourceFault::LunsAlone } else { SourceFault::HalfBlob };
                self.refuse(fault, alone.place, alone.option.shown());
            }
            return true;
        };
        if kind.accounts.is_some() && accounts.is_none() && !arguments.open {
            self.refuse(SourceFault::HalfBlob, given.place, given.option.shown());
        }
        for other in [luns, accounts].into_iter().flatten() {
            if other.is_open() || given.is_open() {
                return false;
            }
            if other.values.len() != given.values.len() {
                self.refuse(SourceFault::Lengths, other.list().unwrap_or(other.span), other.option.shown());
                return false;
            }
        }
        if given.is_open() {
            return false;
        }
        for (at, word) in given.values.iter().enumerate() {
            let mut disk = Body::default();
            let lun = luns.and_then(|luns| luns.values.get(at));
            let lun = match lun {
                Some(lun) => {
                    if lun.known().is_some_and(|text| integer(&text).is_none()) {
                        self.refuse(SourceFault::LunNotInteger, lun.span, lun.text.shown());
                    }
                    number(self.context, &lun.text, lun)
                }
                None => counted(self.context, at, word),
            };
            disk.set("lun", lun.origin, lun);
            if kind.accounts.is_some() {
                let value = word.value(self.context);
                disk.set("source.uri", value.origin, value);
                if let Some(account) = accounts.and_then(|accounts| accounts.values.get(at)) {
                    let id = self.account.name_or_id(self.context, ACCOUNTS, &account.text, account);
                    disk.set("source.storageAccountId", id.origin, id);
                }
            } else {
                let id = self.account.name_or_id(self.context, SNAPSHOTS, &word.text, word);
                disk.set("source.id", id.origin, id);
            }
            let origin = words::origin(self.context, &word.text, word);
            disks.push(Element::One(disk.finish(self.context, origin)));
        }
        true
    }
}

fn counted(context: &mut Context, at: usize, word: &Word) -> Value {
    let term = context.literal(Literal::Int(at as i64));
    let origin = context.written(word.span);
    Value { kind: Kind::Int(at as i64), term, basis: crate::value::Basis::Fixed, origin }
}

/// Whether a text may be an id of that shape: `*` stands for any segment, the last one for all that follows. What
/// isn't known may be anything.
fn could_be(text: &Str, shape: impl Iterator<Item = &'static str>) -> bool {
    let front = text.front();
    if !text.is_known() {
        return front.is_empty() || front.starts_with('/');
    }
    let Some(rest) = front.strip_prefix('/') else { return false };
    let mut segments = rest.split('/');
    shape.into_iter().all(|expected| {
        segments.next().is_some_and(|segment| expected == "*" || segment.eq_ignore_ascii_case(expected))
    })
}
