//! A cheap look at the bytes of a script: whether it can hold a command that matters.
//!
//! Every command that makes, changes, shares or copies an image version, or a disk encryption set, disk or machine that
//! goes with one, holds one of these words, in `az` and in PowerShell. Commands are written out even where their
//! arguments are variables.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::look::any_of;

/// In lower case. They are searched for in groups: a few words that begin with rare letters are found many bytes at a
/// time, all of them only byte by byte.
const WORDS: [&[&str]; 4] = [
    // az sig
    &[" sig ", "\tsig ", "\nsig ", "(sig ", "'sig'", "\"sig\""],
    // New-AzGalleryImageVersion, New-AzDiskEncryptionSet, and what they were called before; templates in a page;
    // AzureResourceManagerTemplateDeployment
    &["galler", "diskencryptionset", "disk-encryption-set", "csmfile"],
    // az deployment group create, azure/arm-deploy
    &["deployment group ", "deployment sub ", "deployment mg ", "deployment tenant ", "arm-deploy"],
    // New-AzResourceGroupDeployment -TemplateFile
    &["template-file", "templatefile", "templateparameterfile"],
];

static SEARCHES: LazyLock<[Option<Regex>; 4]> = LazyLock::new(|| WORDS.map(any_of));

/// Whether a script may hold a command that matters.
pub(super) fn may_matter(bytes: &[u8]) -> bool {
    SEARCHES.iter().any(|search| search.as_ref().is_none_or(|search| search.is_match(bytes)))
}
