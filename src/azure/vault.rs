//! Key vaults, their keys, and which of them a disk encryption set has its key from.

use super::{DiskEncryptionSet, Field, Found, Kind, Reader};
use crate::eval::Resource;
use crate::value::{Term, TermId, Value};

/// How many members deep a value may lie in the resource that it is read from.
const STEPS: usize = 8;

/// A key vault that the files deploy.
#[derive(Clone, Debug)]
pub struct KeyVault<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// Where it is.
    pub location: Field,
    /// `enablePurgeProtection`.
    pub purge_protection: Field,
    /// `enableSoftDelete`.
    pub soft_delete: Field,
    /// `accessPolicies`.
    pub policies: Field,
}

/// A key of a vault.
#[derive(Clone, Debug)]
pub struct Key {
    /// `kty`.
    pub ty: Field,
    /// `keySize`.
    pub size: Field,
}

/// A key's address: `https://VAULT.vault.azure.net/keys/KEY/VERSION`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyUrl {
    /// The vault's name, in lower case.
    pub vault: String,
    /// The key's name.
    pub key: String,
    /// Whether it names a version.
    pub versioned: bool,
}

impl<'a> KeyVault<'a> {
    /// Reads a key vault.
    pub fn read(reader: &mut Reader<'_>, resource: &'a Resource) -> Self {
        let body = reader.settle(&resource.body);
        let properties = reader.member(&body, "properties");
        Self {
            resource,
            location: reader.member(&body, "location"),
            purge_protection: reader.of(&properties, "enablePurgeProtection"),
            soft_delete: reader.of(&properties, "enableSoftDelete"),
            policies: reader.of(&properties, "accessPolicies"),
        }
    }
}

impl Key {
    /// Reads a key.
    pub fn read(reader: &mut Reader<'_>, resource: &Resource) -> Self {
        let body = reader.settle(&resource.body);
        let properties = reader.member(&body, "properties");
        Self { ty: reader.of(&properties, "kty"), size: reader.of(&properties, "keySize") }
    }
}

impl KeyUrl {
    /// Reads an address. Vaults are known by the first label of their host, whatever cloud they are in.
    pub fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.trim().split_once("://")?;
        if !scheme.eq_ignore_ascii_case("https") {
            return None;
        }
        let mut parts = rest.split('/');
        let host = parts.next()?.to_lowercase();
        let (vault, domain) = host.split_once('.')?;
        if !domain.starts_with("vault.") || !parts.next()?.eq_ignore_ascii_case("keys") {
            return None;
        }
        let key = parts.next().filter(|key| !key.is_empty())?.to_owned();
        let versioned = parts.next().is_some_and(|version| !version.is_empty());
        Some(Self { vault: vault.to_owned(), key, versioned })
    }
}

/// The term of the id of the resource that a value is read from at deployment: `key.properties.keyUriWithVersion`.
fn read_from(reader: &Reader<'_>, value: &Value) -> Option<TermId> {
    let mut term = value.unknown_term();
    for _ in 0..STEPS {
        match reader.context.get(term) {
            Term::Get(of, _) => term = *of,
            Term::Reference { id, .. } => return Some(*id),
            _ => return None,
        }
    }
    None
}

/// The vault of a set's key, if the files deploy it: by `sourceVault`, or by its name, which no other vault can have.
pub fn vault_of<'a>(reader: &mut Reader<'a>, set: &DiskEncryptionSet<'_>) -> Option<Found<'a>> {
    if let Some(source) = set.source_vault.present()
        && let Some(found) = reader.find(Kind::KeyVault, source)
    {
        return Some(found);
    }
    let url = set.key_url.present().and_then(Value::text).and_then(|text| KeyUrl::read(&text))?;
    let estate = reader.estate;
    for (_, resource) in estate.of_kind(Kind::KeyVault) {
        let name = resource.name.text();
        if name.is_some_and(|name| name.eq_ignore_ascii_case(&url.vault)) && reader.exists(resource) {
            return Some(Found { resource, basis: resource.basis.max(set.key_url.basis()) });
        }
    }
    None
}

/// The key that a set uses, if the files deploy it and the set names it by its address or reads that from it.
pub fn key_of<'a>(reader: &mut Reader<'a>, set: &DiskEncryptionSet<'_>) -> Option<Found<'a>> {
    let value = set.key_url.present()?;
    if let Some(id) = read_from(reader, value) {
        return reader.find_by_term(Kind::Key, id);
    }
    let url = value.text().and_then(|text| KeyUrl::read(&text))?;
    let full = format!("{}/{}", url.vault, url.key);
    let estate = reader.estate;
    for (_, resource) in estate.of_kind(Kind::Key) {
        let name = resource.name.text();
        if name.is_some_and(|name| name.eq_ignore_ascii_case(&full)) && reader.exists(resource) {
            return Some(Found { resource, basis: resource.basis.max(set.key_url.basis()) });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_tells_vault_key_and_version() {
        let read = |text| KeyUrl::read(text).map(|url| (url.vault, url.key, url.versioned));
        let known = |key: &str, versioned| Some(("kv".to_owned(), key.to_owned(), versioned));
        assert_eq!(read("https://kv.vault.azure.net/keys/disks/0123"), known("disks", true));
        assert_eq!(read("https://KV.vault.azure.net:443/keys/disks/"), known("disks", false));
        assert_eq!(read("https://kv.vault.azure.cn/keys/disks"), known("disks", false));
        for text in ["", "kv", "https://kv.vault.azure.net/secrets/x/1", "https://h.managedhsm.azure.net/keys/k/1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
