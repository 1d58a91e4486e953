//! A cheap look at the bytes of a script: whether it can hold a command that matters.
//!
//! Every command that makes, changes, shares or copies an image version, or a disk encryption set, disk or machine that
//! goes with one, holds one of these words, in `az` and in PowerShell. Commands are written out even where their
//! arguments are variables.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::look::any_of;

/// In lower case.
const WORDS: &[&str] = &[
    // az sig ..., az disk-encryption-set ...
    " sig ",
    "\tsig ",
    "\nsig ",
    "(sig ",
    "'sig'",
    "\"sig\"",
    "disk-encryption-set",
    // az deployment group create, New-AzResourceGroupDeployment -TemplateFile
    "deployment group ",
    "deployment sub ",
    "deployment mg ",
    "deployment tenant ",
    "template-file",
    "templatefile",
    "templateparameterfile",
    // azure/arm-deploy, AzureResourceManagerTemplateDeployment
    "arm-deploy",
    "csmfile",
    // New-AzGalleryImageVersion, New-AzDiskEncryptionSet, and what they were called before; templates in a page
    "galler",
    "diskencryptionset",
];

static SEARCH: LazyLock<Option<Regex>> = LazyLock::new(|| any_of(WORDS));

/// Whether a script may hold a command that matters.
pub(super) fn may_matter(bytes: &[u8]) -> bool {
    SEARCH.as_ref().is_none_or(|search| search.is_match(bytes))
}
