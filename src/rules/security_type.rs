//! CMK307 and CMK308: the security type of an image definition against the keys and regions of its versions.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{ImageDefinition, ImageVersion, Kind, definition_of};
use crate::value::{Basis, Value};

pub(super) struct TrustedLaunchWithKeys;
pub(super) struct ConfidentialInSeveralRegions;

const TRUSTED_LAUNCH: [&str; 3] =
    ["TrustedLaunch", "TrustedLaunchSupported", "TrustedLaunchAndConfidentialVmSupported"];
const CONFIDENTIAL: [&str; 1] = ["ConfidentialVM"];

/// The security type of a version's definition, if it is one of `types`.
fn security_type(version: &ImageVersion<'_>, types: &[&str], check: &mut Check<'_>) -> Option<(Value, Basis)> {
    let (ImageDefinition { security, .. }, basis) = definition_of(&mut check.reader, version.resource)?;
    if let Some(doubt) = security.unknown() {
        check.undecided(doubt);
        return None;
    }
    let value = security.present()?;
    let name = value.text()?;
    types.iter().any(|ty| name.eq_ignore_ascii_case(ty)).then(|| (value.clone(), basis))
}

impl Rule for TrustedLaunchWithKeys {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let Ok(key) = version.copies(&mut check.reader).first_key() else { return };
        let Some((ty, basis)) = security_type(version, &TRUSTED_LAUNCH, check) else { return };
        let name = ty.text().unwrap_or_default();
        let remark = Remark::of(
            &check.reader,
            &ty,
            format!("versions of a definition with `{name}` were seen to fail with customer-managed keys"),
            "the definition's security type",
        )
        .against(&check.reader, &key, "a version has a customer-managed key here")
        .resting_on(basis)
        .note("the replication of versions that were captured from such machines was seen to fail, in 2023 and 2024")
        .help("try it with one version first; a managed image is the one source that both sides are documented for");
        check.report(&remark);
    }
}

impl Rule for ConfidentialInSeveralRegions {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let regions = version.target_regions(&mut check.reader);
        let Some(second) = regions.list.get(1).filter(|region| !region.many) else { return };
        let Some((ty, basis)) = security_type(version, &CONFIDENTIAL, check) else { return };
        let message = "a version of a `ConfidentialVM` definition is to be replicated to another region";
        let place = second.place(&check.reader);
        let basis = basis.max(second.item.basis).max(regions.field.basis());
        let remark = Remark::at(place, basis, message, "a second region")
            .against(&check.reader, &ty, "the definition's security type")
            .note("by Microsoft's page of 2022 such versions stay in the region of their source")
            .help("use `ConfidentialVMSupported`, or a version for each region");
        check.report(&remark);
    }
}
