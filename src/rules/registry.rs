//! The one list of rules: id, what is read about it, and what checks it.

use std::sync::{Arc, LazyLock};

use super::rule::Rule;
use super::{
    api_version, command_line, confidential_set, confidential_type, des_group, des_id, des_name, des_region,
    des_subscription, double_encryption, dropped_encryption, encryption_lun, encryption_member, encryption_type,
    end_of_life, fixed_subscription, home_region, image_builder, limits, machine_keys, names, partial_coverage,
    powershell_values, region_coverage, repeated_lun, security_type, set_deletion, set_identity, shared_image,
    source_disks, source_encryption, source_id, source_keys, source_location, source_machine, source_shape,
    source_subscription, storage_type, target_region, unchangeable, vault,
};
use crate::finding::{Format, RuleMeta};

/// A rule with all that is known about it.
pub struct Registered {
    /// Like `CMK102`.
    pub id: &'static str,
    /// `rules/<ID>/rule.json`, read when it is first asked for: a run needs few of them.
    pub meta: LazyLock<RuleMeta>,
    /// `rules/<ID>/README.md`.
    pub readme: &'static str,
    /// What checks resources; `None` for what the pipeline raises.
    pub(super) rule: Option<&'static dyn Rule>,
}

impl Registered {
    /// The id, like `CMK102`.
    pub fn id(&self) -> Arc<str> {
        self.id.into()
    }

    /// The slug, like `des-wrong-region`.
    pub fn slug(&self) -> Arc<str> {
        self.meta.slug.as_str().into()
    }

    /// Whether it is declared in its `rule.json`, not coded.
    pub fn is_declared(&self) -> bool {
        self.rule.is_none() && self.meta.cases.iter().any(|case| case.check.is_some())
    }

    /// The types of resources that it looks at: a template that deploys none of them can't break it. Rules without any
    /// look at commands, or at what the pipeline itself has to say.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        let coded = self.rule.into_iter().flat_map(|rule| rule.kinds()).map(|kind| kind.type_name());
        let declared = self.meta.cases.iter().filter_map(|case| case.check.as_ref()?.get("resource")?.as_str());
        coded.chain(declared)
    }
}

fn read(json: &str) -> RuleMeta {
    serde_json::from_str(json).expect("`tests/rules.rs` reads every embedded rule.json")
}

macro_rules! rules {
    ($($id:literal => $rule:expr,)*) => {
        static RULES: [Registered; [$($id),*].len()] = [$(
            Registered {
                id: $id,
                meta: LazyLock::new(|| read(include_str!(concat!("../../rules/", $id, "/rule.json")))),
                readme: include_str!(concat!("../../rules/", $id, "/README.md")),
                rule: $rule,
            },
        )*];
    };
}

rules! {
    "CMK001" => None,
    "CMK002" => None,
    "CMK003" => None,
    "CMK004" => None,
    "CMK005" => None,
    "CMK101" => Some(&des_subscription::DesOtherSubscription),
    "CMK102" => Some(&des_region::DesWrongRegion),
    "CMK103" => Some(&shared_image::CmkImageSharedOrCopied),
    "CMK104" => Some(&source_keys::NoReturnToPlatformKey),
    "CMK201" => Some(&region_coverage::DiskNotEncryptedInEveryRegion),
    "CMK202" => Some(&encryption_lun::EncryptionLunNotInSource),
    "CMK203" => Some(&repeated_lun::DuplicateEncryptionLun),
    "CMK204" => Some(&des_id::MalformedDesId),
    "CMK205" => Some(&target_region::DuplicateTargetRegion),
    "CMK206" => Some(&home_region::HomeRegionMissing),
    "CMK207" => Some(&source_encryption::SourceCannotBeEncrypted),
    "CMK208" => Some(&source_shape::SourceShape),
    "CMK209" => Some(&source_disks::DuplicateSourceDisks),
    "CMK210" => Some(&source_id::SourceIdNotQualified),
    "CMK211" => Some(&names::InvalidName),
    "CMK212" => Some(&source_subscription::SourceInOtherSubscription),
    "CMK213" => Some(&api_version::ApiVersionTooOld),
    "CMK214" => Some(&encryption_member::UnknownEncryptionMember),
    "CMK215" => Some(&confidential_set::DesKindAndSlot),
    "CMK216" => Some(&encryption_type::EncryptionTypeContradiction),
    "CMK217" => Some(&confidential_type::ConfidentialTypeContradiction),
    "CMK218" => Some(&source_location::SourceInOtherRegion),
    "CMK219" => Some(&source_machine::UnfitSource),
    "CMK220" => Some(&limits::OutOfLimits),
    "CMK221" => Some(&unchangeable::ChangeOfFixedMember),
    "CMK222" => Some(&storage_type::StorageType),
    "CMK223" => Some(&image_builder::ImageBuilderEncryption),
    "CMK224" => Some(&vault::SetAndVault),
    "CMK301" => Some(&partial_coverage::PartialDiskCoverage),
    "CMK302" => Some(&des_name::DesNameNamesAnotherRegion),
    "CMK303" => Some(&machine_keys::MachineWithoutKeys),
    "CMK304" => None,
    "CMK305" => Some(&set_identity::SetWithoutAccess),
    "CMK307" => Some(&security_type::TrustedLaunchWithKeys),
    "CMK308" => Some(&security_type::ConfidentialInSeveralRegions),
    "CMK309" => Some(&end_of_life::EndOfLifePassed),
    "CMK310" => Some(&fixed_subscription::FixedSubscription),
    "CMK311" => Some(&set_deletion::SetDeletedWhileUsed),
    "CMK312" => Some(&double_encryption::DoubleEncryption),
    "CMK313" => Some(&machine_keys::MachineDiskWithoutKey),
    "CMK401" => Some(&command_line::ENCRYPTION_WITHOUT_TARGET_REGIONS),
    "CMK402" => Some(&command_line::ENCRYPTION_COUNT_MISMATCH),
    "CMK403" => Some(&command_line::UNPAIRED_LUN_AND_DES),
    "CMK404" => Some(&command_line::EMPTY_OR_NULL_DES),
    "CMK405" => Some(&des_group::DesNameInOtherGroup),
    "CMK406" => Some(&dropped_encryption::UpdateDropsEncryption { format: Format::Az }),
    "CMK407" => Some(&command_line::BROKEN_CONTINUATION),
    "CMK408" => Some(&command_line::BLANK_INSIDE_LIST),
    "CMK409" => Some(&command_line::BAD_TARGET_REGION),
    "CMK410" => Some(&command_line::BAD_CONFIDENTIAL_VM_TYPE),
    "CMK411" => Some(&command_line::EDGE_ZONE_SILENTLY_DROPPED),
    "CMK412" => Some(&command_line::SOURCE_OPTIONS_CONFLICT),
    "CMK413" => Some(&command_line::DISK_COUNT_MISMATCH),
    "CMK414" => Some(&command_line::AZ_USAGE_ERROR),
    "CMK501" => Some(&powershell_values::BARE_WORD_VALUE),
    "CMK502" => Some(&powershell_values::UNASSIGNED_VARIABLE),
    "CMK503" => Some(&powershell_values::IGNORED_KEY),
    "CMK504" => Some(&powershell_values::DATA_DISKS_NOT_AN_ARRAY),
    "CMK505" => Some(&powershell_values::LUN_NOT_AN_INTEGER),
    "CMK506" => Some(&powershell_values::OBJECT_INSTEAD_OF_ID),
    "CMK507" => Some(&dropped_encryption::UpdateDropsEncryption { format: Format::Powershell }),
    "CMK508" => Some(&powershell_values::HASHTABLE_INSTEAD_OF_ARRAY),
    "CMK601" => None,
    "CMK602" => None,
}

/// All rules in the order of their ids.
pub fn all() -> &'static [Registered] {
    &RULES
}

/// The rule of an id or slug, without regard to case.
pub fn find(name: &str) -> Option<&'static Registered> {
    let by_id = all().iter().find(|rule| name.eq_ignore_ascii_case(rule.id));
    by_id.or_else(|| all().iter().find(|rule| name.eq_ignore_ascii_case(&rule.meta.slug)))
}
