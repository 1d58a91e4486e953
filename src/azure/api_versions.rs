//! Which API version brought which member.
//!
//! From the generated types of Azure/bicep-types-az (`generated/**/types.json`, 2026-08-20), supplemented by
//! azure-mgmt-compute 39.0.0 for 2026-03-03. Each resource type has a series of its own.

/// The API versions of galleries, image definitions and image versions.
pub const GALLERY: &[&str] = &[
    "2018-06-01",
    "2019-03-01",
    "2019-07-01",
    "2019-12-01",
    "2020-09-30",
    "2021-07-01",
    "2021-10-01",
    "2022-01-03",
    "2022-03-03",
    "2022-08-03",
    "2023-07-03",
    "2024-03-03",
    "2025-03-03",
    "2025-12-03",
    "2026-03-03",
];

/// A member and the version that brought it. `value` is set where only one value of the member is new.
#[derive(Clone, Copy, Debug)]
pub struct Since {
    /// The members to walk; `[]` after a name stands for each element of an array.
    pub path: &'static [&'static str],
    /// The value that is new, if the member itself is older.
    pub value: Option<&'static str>,
    /// The first API version.
    pub version: &'static str,
    /// Whether the image, or the disk, isn't encrypted as meant without it.
    pub encrypts: bool,
}

const fn since(path: &'static [&'static str], version: &'static str, encrypts: bool) -> Since {
    Since { path, value: None, version, encrypts }
}

const fn value(path: &'static [&'static str], value: &'static str, version: &'static str, encrypts: bool) -> Since {
    Since { path, value: Some(value), version, encrypts }
}

/// Members of image versions, an outer member before what lies in it.
pub const IMAGE_VERSION: &[Since] = &[
    since(&["properties", "publishingProfile", "targetExtendedLocations"], "2021-10-01", false),
    since(&["properties", "publishingProfile", "targetRegions", "[]", "encryption"], "2019-12-01", true),
    since(
        &["properties", "publishingProfile", "targetRegions", "[]", "encryption", "osDiskImage", "securityProfile"],
        "2021-10-01",
        true,
    ),
    since(
        &[
            "properties",
            "publishingProfile",
            "targetRegions",
            "[]",
            "encryption",
            "dataDiskImages",
            "[]",
            "securityProfile",
        ],
        "2026-03-03",
        true,
    ),
    since(&["properties", "publishingProfile", "replicationMode"], "2021-07-01", false),
    since(&["properties", "storageProfile", "source", "communityGalleryImageId"], "2022-03-03", false),
    since(&["properties", "storageProfile", "source", "virtualMachineId"], "2023-07-03", false),
    since(&["properties", "safetyProfile"], "2022-03-03", false),
];

/// Members of disk encryption sets.
pub const DISK_ENCRYPTION_SET: &[Since] = &[
    value(&["properties", "encryptionType"], "ConfidentialVmEncryptedWithCustomerKey", "2021-08-01", true),
    since(&["properties", "encryptionType"], "2020-05-01", true),
    since(&["properties", "rotationToLatestKeyVersionEnabled"], "2020-12-01", false),
    since(&["properties", "federatedClientId"], "2022-03-02", false),
    value(&["identity", "type"], "UserAssigned", "2022-03-02", false),
];

/// Members of disks and snapshots.
pub const DISK: &[Since] = &[
    since(&["properties", "encryption"], "2019-07-01", true),
    since(&["properties", "securityProfile", "secureVMDiskEncryptionSetId"], "2021-08-01", true),
];

/// Members of managed images.
pub const MANAGED_IMAGE: &[Since] = &[
    since(&["properties", "storageProfile", "osDisk", "diskEncryptionSet"], "2019-07-01", true),
    since(&["properties", "storageProfile", "dataDisks", "[]", "diskEncryptionSet"], "2019-07-01", true),
];

/// Members of virtual machines.
pub const VIRTUAL_MACHINE: &[Since] = &[
    since(&["properties", "storageProfile", "osDisk", "managedDisk", "diskEncryptionSet"], "2019-07-01", true),
    since(&["properties", "storageProfile", "dataDisks", "[]", "managedDisk", "diskEncryptionSet"], "2019-07-01", true),
];

/// Members of scale sets.
pub const SCALE_SET: &[Since] = &[
    since(
        &["properties", "virtualMachineProfile", "storageProfile", "osDisk", "managedDisk", "diskEncryptionSet"],
        "2019-07-01",
        true,
    ),
    since(
        &[
            "properties",
            "virtualMachineProfile",
            "storageProfile",
            "dataDisks",
            "[]",
            "managedDisk",
            "diskEncryptionSet",
        ],
        "2019-07-01",
        true,
    ),
];

/// The date of an API version, without `-preview`; `None` if the text isn't one.
pub fn date(version: &str) -> Option<&str> {
    let date = version.get(..10)?;
    let shaped = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let rest = &version[10..];
    (shaped && (rest.is_empty() || rest.starts_with('-'))).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_dates_in_order() {
        assert!(GALLERY.is_sorted());
        assert!(GALLERY.iter().all(|version| date(version) == Some(version)));
    }

    #[test]
    fn a_preview_counts_by_its_date() {
        assert_eq!(date("2019-07-01-preview"), Some("2019-07-01"));
        assert_eq!(date("latest"), None);
        assert_eq!(date("2019-07-011"), None);
    }
}
