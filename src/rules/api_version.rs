//! CMK213: a member is used with an API version that doesn't know it yet.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::api_versions::{self, Since};
use crate::azure::{DiskEncryptionSet, Field, ImageVersion, Kind, Protected, basis_of};
use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Basis, OriginId, Value};

pub(super) struct ApiVersionTooOld;

struct TooOld {
    encrypts: bool,
    member: String,
    needs: &'static str,
    version: String,
    place: Option<Span>,
    origin: OriginId,
    member_place: Option<Span>,
    basis: Basis,
}

impl Rule for ApiVersionTooOld {
    fn kinds(&self) -> &'static [Kind] {
        &[
            Kind::ImageVersion,
            Kind::DiskEncryptionSet,
            Kind::Disk,
            Kind::Snapshot,
            Kind::ManagedImage,
            Kind::VirtualMachine,
            Kind::ScaleSet,
        ]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        judge(version.resource, api_versions::IMAGE_VERSION, check);
    }

    fn disk_encryption_set(&self, set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
        judge(set.resource, api_versions::DISK_ENCRYPTION_SET, check);
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        let table = match protected.kind {
            Kind::Disk | Kind::Snapshot => api_versions::DISK,
            Kind::ManagedImage => api_versions::MANAGED_IMAGE,
            Kind::VirtualMachine => api_versions::VIRTUAL_MACHINE,
            _ => api_versions::SCALE_SET,
        };
        judge(protected.resource, table, check);
    }
}

fn judge(resource: &Resource, table: &'static [Since], check: &mut Check<'_>) {
    let Some(api) = &resource.api else { return };
    let api = check.reader.settle(api);
    let text = api.as_str().and_then(|string| string.text());
    let date = text.as_deref().and_then(api_versions::date);
    let body = check.reader.settle(&resource.body);
    let mut found: Option<(&Since, Value)> = None;
    for since in table {
        if date.is_some_and(|date| date >= since.version) || found.as_ref().is_some_and(|(first, _)| first.encrypts) {
            continue;
        }
        if let Some(value) = used(since, &body, check)
            && (found.is_none() || since.encrypts)
        {
            found = Some((since, value));
        }
    }
    let Some((since, value)) = found else { return };
    if date.is_none() {
        if text.is_none() {
            check.undecided(&api);
        }
        return;
    }
    let fact = TooOld {
        encrypts: since.encrypts,
        member: member(since),
        needs: since.version,
        version: text.as_deref().unwrap_or_default().to_owned(),
        place: check.reader.place(&api),
        origin: api.origin,
        member_place: check.reader.place(&value),
        basis: basis_of(&api).max(basis_of(&value)),
    };
    check.report(&fact);
}

/// The member's value, if it is certainly used.
fn used(since: &Since, body: &Value, check: &mut Check<'_>) -> Option<Value> {
    let value = walk(since.path, body, check)?;
    let Some(new) = since.value else { return Some(value) };
    let text = value.as_str()?.text()?.to_lowercase();
    text.split(',').any(|part| part.trim() == new.to_lowercase()).then_some(value)
}

fn walk(path: &[&str], value: &Value, check: &mut Check<'_>) -> Option<Value> {
    let Some((name, rest)) = path.split_first() else { return Some(value.clone()) };
    if *name == "[]" {
        let list = check.reader.list(&Field::Present(value.clone()));
        return list.items.iter().find_map(|item| walk(rest, &item.value, check));
    }
    match check.reader.member(value, name) {
        Field::Present(value) => walk(rest, &value, check),
        Field::Absent(_) | Field::Maybe(_) => None,
    }
}

/// The member for people.
fn member(since: &Since) -> String {
    let name = since.path.iter().rev().find(|name| **name != "[]").copied().unwrap_or_default();
    match since.value {
        Some(value) => format!("{name}: {value}"),
        None => name.to_owned(),
    }
}

impl Fact for TooOld {
    fn case(&self) -> &'static str {
        if self.encrypts { "a" } else { "b" }
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { member, needs, version, .. } = self;
        words.message(format!("API version {version} doesn't know `{member}`; {needs} is the first that does"));
        words.primary(self.place, format!("older than {needs}"));
        words.label(self.member_place, format!("`{member}` is used here"));
        words.way(self.origin);
        if self.encrypts {
            words.note("whether the service refuses or ignores it, nothing is encrypted as meant");
        }
        words.help(format!("use API version {needs} or a later one"));
    }
}
