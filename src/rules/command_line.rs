//! CMK401 to 404, 407 to 414: what the words of an `az` command show.
//!
//! `azure_cli` records them; here it is said which rule they are of, and what they mean.

use super::command_facts::CommandFacts;
use super::dropped_encryption::is_key_option;
use super::words::Words;
use crate::eval::script::{ConfidentialFault, Fact, FactKind, RegionFault, SourceFault, UsageFault, ZoneFault};

/// CMK401: keys without regions.
pub(super) static ENCRYPTION_WITHOUT_TARGET_REGIONS: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::EncryptionWithoutRegions).then_some(""),
    word: |fact, words| {
        words.message(format!("`{}` without `--target-regions` is ignored: the image gets no such key", fact.text));
        words.primary(Some(fact.span), "ignored, since no target region is named");
        words.note("the command looks at it only where there are target regions, and succeeds without it");
        words.note("the encryption of an image version can't be changed or given later");
        words.help("name the regions with `--target-regions`, one for each word of keys, the home region among them");
    },
};

/// CMK402: not as many words of keys as regions.
pub(super) static ENCRYPTION_COUNT_MISMATCH: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::EncryptionCount { .. }).then_some(""),
    word: |fact, words| {
        let FactKind::EncryptionCount { words: keys, regions } = fact.kind else { return };
        let zones = fact.text.contains("zone");
        let (one, several) = if zones { ("edge zone", "edge zones") } else { ("target region", "target regions") };
        let of = |count: u32, one: &str, several: &str| format!("{count} {}", if count == 1 { one } else { several });
        let (keys, regions) = (of(keys, "word", "words"), of(regions, one, several));
        words.message(format!("`{}` has {keys} for {regions}", fact.text));
        words.primary(Some(fact.span), format!("{keys} here, but {regions}"));
        words.note("the command refuses it");
        let none = if zones { "" } else { ", `null` for a region without one" };
        words.help(format!("give one word of keys for each {one}, in the same order{none}"));
    },
};

/// CMK403: LUNs and sets that don't pair off.
pub(super) static UNPAIRED_LUN_AND_DES: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::UnpairedLun { .. } | FactKind::PairWithoutLun { .. }).then_some(""),
    word: |fact, words| {
        if matches!(fact.kind, FactKind::UnpairedLun { .. }) {
            words.message(format!("LUNs and disk encryption sets of the data disks don't pair off in `{}`", fact.text));
            words.primary(Some(fact.span), "without its other half");
        } else {
            words.message(format!("a LUN must be an integer in `{}`", fact.text));
            words.primary(Some(fact.span), "not a LUN");
        }
        words.note("the command refuses it");
        words.help("behind the OS disk's set write a LUN and a set for each data disk: `osdes,0,datades0,1,datades1`");
    },
};

/// CMK404: nothing, or a word for nothing, where a set belongs.
pub(super) static EMPTY_OR_NULL_DES: CommandFacts = CommandFacts {
    case: |fact| match fact.kind {
        FactKind::EmptyDes => Some("a"),
        FactKind::NullAsDes => Some("b"),
        _ => None,
    },
    word: |fact, words| {
        if fact.kind == FactKind::EmptyDes {
            words.message(format!("a disk encryption set has no name in `{}`", fact.text));
            words.primary(Some(fact.span), "an empty name, perhaps of a variable that is not set");
            words.note("the command makes an id without a name of it, and succeeds");
            words.help("name the set, or write `null` for an OS disk without one");
        } else {
            words.message(format!("`{}` is taken for the name of a disk encryption set", fact.text));
            words.primary(Some(fact.span), "not \"none\" here");
            words.note("only `null` in lower case, and only for the OS disk, means that there is no set");
            words.help("write `null` for an OS disk without a set, and leave out data disks without one");
        }
    },
};

/// CMK413: not as many sets as data disks.
pub(super) static DISK_COUNT_MISMATCH: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::DiskCount { .. }).then_some(""),
    word: |fact, words| {
        let FactKind::DiskCount { sets, disks } = fact.kind else { return };
        let given = if sets == 1 { "1 set".to_owned() } else { format!("{sets} sets") };
        words.message(format!("`{}` has {given} for {disks} data disks", fact.text));
        words.primary(Some(fact.span), format!("{given} here, but at least {disks} data disks"));
        words.note("the command refuses it; the image's own data disks are counted, too, and come first");
        words.help(
            "give one set for each data disk, in the order of the image's disks, the sizes and the attached disks",
        );
    },
};

/// CMK407: a command that a line end cut off.
pub(super) static BROKEN_CONTINUATION: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::BrokenContinuation).then_some(""),
    word: |fact, words| {
        words.message("this line isn't part of the `az` command above it: the line isn't continued");
        words.primary(Some(fact.span), "the command runs without this");
        words.help("end the line above with a backslash and nothing behind it, and indent this one");
    },
};

/// CMK408: a blank inside a list, or a list inside quotes.
pub(super) static BLANK_INSIDE_LIST: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::BlankInsideList).then_some(""),
    word: |fact, words| {
        let torn = fact.text.ends_with(',');
        if torn {
            words.message(format!("a blank behind the comma ends the word `{}`", fact.text));
            words.primary(Some(fact.span), "what follows the blank is a word of its own");
            words.help("write the keys of one region without blanks");
        } else {
            words.message(format!("`{}` is one word, not a list", fact.text));
            words.primary(Some(fact.span), "one word, since it is in quotes");
            words.help("take the quotes away, so that each region is a word of its own");
        }
        words.note("the command takes each word for one region");
    },
};

/// CMK409: a region's word that isn't `region[=count][=type]`.
pub(super) static BAD_TARGET_REGION: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::BadTargetRegion(_)).then_some(""),
    word: |fact, words| {
        let FactKind::BadTargetRegion(fault) = fact.kind else { return };
        let (message, label) = match fault {
            RegionFault::SecondPart => ("neither a replica count nor a storage account type", "neither of them"),
            RegionFault::Count | RegionFault::Order => {
                ("not a replica count, which comes before the storage account type", "no count")
            }
            RegionFault::StorageType => ("not a storage account type", "no storage account type"),
        };
        words.message(format!("a part of the target region `{}` is {message}", fact.text));
        words.primary(Some(fact.span), label);
        words.note("the command refuses it");
        words.help("write `region=count=type`; the types are Standard_LRS, Standard_ZRS and Premium_LRS");
    },
};

/// CMK410: a word for confidential machines that isn't `type,set`.
pub(super) static BAD_CONFIDENTIAL_VM_TYPE: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::BadConfidentialWord(_)).then_some(""),
    word: |fact, words| {
        let FactKind::BadConfidentialWord(fault) = fact.kind else { return };
        match fault {
            ConfidentialFault::Type => {
                words.message(format!("`{}` is not a type of encryption for confidential machines", fact.text));
                words.primary(Some(fact.span), "the case of the letters counts");
                match &fact.meant {
                    Some(meant) => words.help(format!("write `{meant}`")),
                    None => words.help(
                        "the types are EncryptedVMGuestStateOnlyWithPmk, EncryptedWithPmk, EncryptedWithCmk and \
                         NonPersistedTPM",
                    ),
                }
            }
            ConfidentialFault::Parts => {
                words.message(format!("`{}` is not a type and a disk encryption set", fact.text));
                words.primary(Some(fact.span), "needs exactly two parts, with a comma between them");
                words.help("write `type,set`; a type without a set still has its comma");
            }
        }
        words.note("the command refuses it");
    },
};

/// CMK411: an edge zone that the command passes over.
pub(super) static EDGE_ZONE_SILENTLY_DROPPED: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::EdgeZone(_)).then_some(""),
    word: |fact, words| {
        let FactKind::EdgeZone(fault) = fact.kind else { return };
        match fault {
            ZoneFault::NoZone => {
                words.message(format!("`{}` names no edge zone and is passed over", fact.text));
                words.primary(Some(fact.span), "passed over without a word");
                words.help("write `region=zone`");
            }
            ZoneFault::KeysCutOff => {
                words.message(format!("`{}` names no disk encryption set behind its edge zone", fact.text));
                words.primary(Some(fact.span), "this edge zone and those behind it are left out");
                words.help("begin each word of keys with the edge zone: `zone,osdes,0,datades`");
            }
            ZoneFault::OtherZone => {
                let zone = fact.meant.as_deref().unwrap_or_default();
                words.message(format!("the keys for edge zone `{zone}` begin with `{}`", fact.text));
                words.primary(Some(fact.span), "the first part is passed over: keys go by their order");
                words.help("begin each word of keys with its edge zone, in the order of `--target-edge-zones`");
            }
            ZoneFault::WithoutZones => {
                words.message(format!("`{}` without `--target-edge-zones` is ignored", fact.text));
                words.primary(Some(fact.span), "ignored, since no edge zone is named");
                words.help("name the edge zones with `--target-edge-zones`");
            }
        }
        words.note("the command says nothing of it");
    },
};

/// CMK412: sources that don't go together.
pub(super) static SOURCE_OPTIONS_CONFLICT: CommandFacts = CommandFacts {
    case: |fact| matches!(fact.kind, FactKind::Sources(_)).then_some(""),
    word: |fact, words| {
        let FactKind::Sources(fault) = fact.kind else { return };
        sources(fault, fact, words);
        words.note("the command refuses it");
    },
};

fn sources(fault: SourceFault, fact: &Fact, words: &mut Words<'_>) {
    let text = &fact.text;
    let (message, label, help) = match fault {
        SourceFault::Several => (
            format!("`{text}` is the second source of the image version"),
            "only one is taken",
            "give one of `--managed-image`, `--virtual-machine` and `--image-version`",
        ),
        SourceFault::NotMachineId => (
            format!("`{text}` is not the id of a virtual machine"),
            "a name alone isn't taken here",
            "give the whole id, from `/subscriptions/` on",
        ),
        SourceFault::NotVersionId => (
            format!("`{text}` is not the id of an image version"),
            "a name alone isn't taken here",
            "give the whole id, from `/subscriptions/` on",
        ),
        SourceFault::Missing => (
            "the image version has no source".to_owned(),
            "made from nothing",
            "give `--managed-image`, `--virtual-machine`, `--image-version`, `--os-snapshot` or `--os-vhd-uri`",
        ),
        SourceFault::LunsAlone => {
            (format!("`{text}` without the data disks that it is for"), "LUNs of no disks", "name the data disks too")
        }
        SourceFault::Lengths => (
            format!("`{text}` hasn't as many words as there are data disks"),
            "not one for each data disk",
            "give one for each data disk, in the same order",
        ),
        SourceFault::LunNotInteger => {
            (format!("`{text}` is not a LUN"), "not an integer", "give each data disk an integer as its LUN")
        }
        SourceFault::HalfBlob => (
            format!("`{text}`: a VHD and its storage account go together"),
            "one without the other",
            "give the address of the VHD and its storage account",
        ),
    };
    words.message(message);
    words.primary(Some(fact.span), label);
    words.help(help);
}

/// CMK414: what else the command refuses.
pub(super) static AZ_USAGE_ERROR: CommandFacts = CommandFacts {
    case: |fact| (matches!(fact.kind, FactKind::Usage(_)) && !is_key_option(fact)).then_some(""),
    word: |fact, words| {
        let FactKind::Usage(fault) = fact.kind else { return };
        let text = &fact.text;
        let (message, label) = match fault {
            UsageFault::UnknownOption => (format!("the command has no option `{text}`"), "no such option"),
            UsageFault::AmbiguousOption => {
                (format!("`{text}` is the beginning of several options"), "may be several options")
            }
            UsageFault::MissingValue => (format!("`{text}` lacks its value"), "no value behind it"),
            UsageFault::StrayWord => (format!("`{text}` is the value of no option"), "belongs to no option"),
            UsageFault::NotOneOf => (format!("`{text}` is not one of the values that are taken"), "not taken"),
            UsageFault::NotInteger => (format!("`{text}` is not an integer"), "must be an integer"),
            UsageFault::MissingOption => (format!("the command lacks {text}"), "lacks a required option"),
            UsageFault::Combination => (
                format!("`{text}` needs `--encryption-type EncryptionAtRestWithCustomerKey` beside it"),
                "not taken without its type",
            ),
        };
        words.message(message);
        words.primary(Some(fact.span), label);
        if let Some(meant) = &fact.meant {
            words.help(format!("`{meant}` may be meant"));
        }
        words.note(format!("Azure CLI {} refuses the command", crate::azure::CLI_VERSION));
    },
};
