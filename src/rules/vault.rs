//! CMK224: a disk encryption set and the vault of its key don't fit.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{DiskEncryptionSet, Field, Key, KeyUrl, KeyVault, Kind, key_of, vault_of};
use crate::value::{IdReading, Kind as ValueKind, Tri, Value, equal_text, same_region};

pub(super) struct SetAndVault;

/// The sizes of RSA keys that sets take.
const SIZES: [i64; 3] = [2048, 3072, 4096];

impl Rule for SetAndVault {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::DiskEncryptionSet]
    }

    fn disk_encryption_set(&self, set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
        if let Some(found) = vault_of(&mut check.reader, set) {
            let vault = KeyVault::read(&mut check.reader, found.resource);
            regions(set, &vault, check);
            protection(set, &vault, check);
        }
        if let Some(found) = key_of(&mut check.reader, set) {
            let key = Key::read(&mut check.reader, found.resource);
            kind_of_key(&key, set, check);
        }
        address(set, check);
        other_subscription(set, check);
    }
}

/// The value that ties a set to its vault.
fn tie<'s>(set: &'s DiskEncryptionSet<'_>) -> Option<&'s Value> {
    set.source_vault.present().or(set.key_url.present())
}

fn regions(set: &DiskEncryptionSet<'_>, vault: &KeyVault<'_>, check: &mut Check<'_>) {
    let (Some(here), Some(there)) = (set.location.present(), vault.location.present()) else { return };
    let (Some(mine), Some(theirs)) = (here.as_str(), there.as_str()) else { return };
    let verdict = same_region(check.reader.context, mine, theirs);
    match verdict.tri {
        Tri::Yes => {}
        Tri::Maybe => check.undecided_between(here, there),
        Tri::No => {
            let (mine, theirs) = (check.reader.shown(mine), check.reader.shown(theirs));
            let message = format!("the disk encryption set is in `{mine}` but the vault of its key in `{theirs}`");
            let mut remark = Remark::of(&check.reader, there, message, format!("the vault is in `{theirs}`"))
                .case("a")
                .against(&check.reader, here, format!("the set is in `{mine}`"))
                .resting_on(vault.resource.basis)
                .help(format!("put the vault into `{mine}`; each region needs a vault and a set of its own"));
            if let Some(tie) = tie(set) {
                remark = remark.label(check.reader.place(tie), "the set's key is from this vault");
            }
            check.report(&remark);
        }
    }
}

fn protection(set: &DiskEncryptionSet<'_>, vault: &KeyVault<'_>, check: &mut Check<'_>) {
    let name = check.reader.shown(&vault.resource.name);
    let cases = [
        (&vault.purge_protection, "purge protection", "enablePurgeProtection", true),
        (&vault.soft_delete, "soft delete", "enableSoftDelete", false),
    ];
    for (field, what, member, needed) in cases {
        let message = format!("vault `{name}` holds the key of a disk encryption set but has no {what}");
        let remark = match field {
            Field::Present(value) => match value.kind {
                ValueKind::Bool(false) => Remark::of(&check.reader, value, message, format!("{what} is off")),
                ValueKind::Unknown { .. } => {
                    check.undecided(value);
                    continue;
                }
                _ => continue,
            },
            Field::Absent(ground) if needed => {
                // What Azure has says `null` where nothing was chosen.
                let said = check.reader.place_at(ground.origin).filter(|_| ground.is_null(check.reader.context));
                let place = said.or(Some(vault.resource.type_span));
                Remark::at(place, ground.basis, message, format!("`{member}` isn't set"))
            }
            Field::Absent(_) => continue,
            Field::Maybe(value) => {
                check.undecided(value);
                continue;
            }
        };
        let mut remark = remark
            .case("b")
            .resting_on(vault.resource.basis)
            .note("a disk encryption set takes keys only from vaults whose keys can't be lost")
            .help(format!("set `{member}` to true"));
        if let Some(tie) = tie(set) {
            remark = remark.label(check.reader.place(tie), "the set's key is from this vault");
        }
        check.report(&remark);
    }
}

fn kind_of_key(key: &Key, set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
    for doubt in [&key.ty, &key.size].into_iter().filter_map(Field::unknown) {
        check.undecided(doubt);
    }
    let ty = key.ty.present().filter(|ty| {
        let is_rsa = |name: &str| name.eq_ignore_ascii_case("RSA") || name.eq_ignore_ascii_case("RSA-HSM");
        ty.text().is_some_and(|name| !is_rsa(&name))
    });
    let size = key.size.present().filter(|size| matches!(size.kind, ValueKind::Int(bits) if !SIZES.contains(&bits)));
    let Some(wrong) = ty.or(size) else { return };
    let message = "disk encryption sets take RSA keys of 2048, 3072 or 4096 bits";
    let mut remark = Remark::of(&check.reader, wrong, message, "not such a key").case("c");
    if let Some(url) = set.key_url.present() {
        remark = remark.against(&check.reader, url, "the set uses this key");
    }
    check.report(&remark.help("use `kty` `RSA` or `RSA-HSM` with one of these sizes"));
}

fn address(set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
    let Some(value) = set.key_url.present() else { return };
    let Some(url) = value.text().and_then(|text| KeyUrl::read(&text)) else { return };
    if url.versioned {
        return;
    }
    let remark = Remark::of(&check.reader, value, "the key's address names no version", "without a version")
        .case("d")
        .note("the description of `keyUrl` demands a version, whether rotation is on or not; samples leave it out")
        .help("add the version, or use `keyUriWithVersion` of the key");
    check.report(&remark);
}

fn other_subscription(set: &DiskEncryptionSet<'_>, check: &mut Check<'_>) {
    let Some(value) = set.source_vault.present() else { return };
    let Some(string) = value.as_str().cloned() else { return };
    let IdReading::Id(id) = check.reader.id(&string) else { return };
    let own = set.resource.id.as_ref().and_then(|id| id.scope.subscription());
    let (Some(theirs), Some(own)) = (id.scope.subscription(), own) else { return };
    let (theirs, own) = (check.reader.cleared(theirs), check.reader.cleared(own));
    let verdict = equal_text(check.reader.context, &own, &theirs);
    if !verdict.is_no() {
        return;
    }
    let message = "`sourceVault` is named though the vault is in another subscription";
    let text = format!("in subscription `{}`", check.reader.shown(&theirs));
    let remark = Remark::of(&check.reader, value, message, text)
        .case("e")
        .resting_on(verdict.basis)
        .note("the vault may be in another subscription, but then the set takes `keyUrl` alone")
        .help("leave `sourceVault` out");
    check.report(&remark);
}
