//! CMK305: a disk encryption set that can't read its key: it has no identity (case a), or nothing gives its identity
//! access to the vault (case b).

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{DiskEncryptionSet, Field, KeyVault, Kind, vault_of};
use crate::value::Value;

pub(super) struct SetWithoutAccess;

impl Rule for SetWithoutAccess {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::DiskEncryptionSet]
    }

    fn disk_encryption_set(&self, set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
        let Some(found) = vault_of(&mut check.reader, set) else { return };
        let identity = match &set.identity {
            Field::Maybe(value) => return check.undecided(value),
            Field::Absent(_) => None,
            Field::Present(value) => match value.text() {
                None => return check.undecided(value),
                Some(name) if name.eq_ignore_ascii_case("None") => None,
                Some(name) => Some(name),
            },
        };
        let name = check.reader.shown(&set.resource.name);
        let Some(identity) = identity else {
            let message = format!("disk encryption set `{name}` has no identity to read its key with");
            let place = set.identity.present().and_then(|value| check.reader.place(value));
            let remark = Remark::at(place, set.identity.basis(), message, "no identity")
                .case("a")
                .label(Some(found.resource.type_span), "the vault of its key")
                .note("the set reads the key by its managed identity, which must be given access to the vault")
                .help("add `identity` with `type` `SystemAssigned`");
            return check.report(&remark);
        };
        // An identity of one's own may have been given access elsewhere.
        if !identity.eq_ignore_ascii_case("SystemAssigned") || grants(check) {
            return;
        }
        let vault = KeyVault::read(&mut check.reader, found.resource);
        match &vault.policies {
            Field::Maybe(value) => return check.undecided(value),
            Field::Present(value) if value.is_unknown() => return check.undecided(value),
            Field::Present(value) if value.as_array().is_none_or(|policies| !policies.is_empty()) => return,
            Field::Present(_) | Field::Absent(_) => {}
        }
        let place = set.identity.present().and_then(|value: &Value| check.reader.place(value));
        let message = format!("nothing here gives disk encryption set `{name}` access to its key");
        let remark = Remark::at(place, set.identity.basis(), message, "this identity needs access to the vault")
            .case("b")
            .resting_on(found.basis)
            .label(Some(found.resource.type_span), "the vault has no access policy, and there is no role assignment")
            .note("disks and images can use the set only after its identity may get, wrap and unwrap the key")
            .help("assign it the role `Key Vault Crypto Service Encryption User` on the vault");
        check.report(&remark);
    }
}

/// Whether the files give anyone access to any vault in a way of its own: to whom is not looked at.
fn grants(check: &Check<'_>) -> bool {
    let estate = check.reader.estate;
    [Kind::RoleAssignment, Kind::AccessPolicies].into_iter().any(|kind| estate.of_kind(kind).next().is_some())
}
