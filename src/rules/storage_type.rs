//! CMK222: a storage account type that image versions can't have, or that contradicts another choice.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, ImageVersion, Kind};
use crate::value::Value;

pub(super) struct StorageType;

/// What copies in regions can be stored as.
const IN_REGIONS: [&str; 4] = ["Standard_LRS", "Standard_ZRS", "Premium_LRS", "PremiumV2_LRS"];
/// What edge zones take besides; in regions it stood in three API versions only.
const STANDARD_SSD: &str = "StandardSSD_LRS";
const STANDARD_SSD_IN_REGIONS: [&str; 2] = ["2021-10-01", "2022-01-03"];

impl Rule for StorageType {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let whole = check.reader.of(&version.publishing, "storageAccountType");
        let strategy = check.reader.of(&version.publishing, "storageAccountStrategy");
        judge(&whole, false, version, check);
        match (&whole, &strategy) {
            (Field::Present(ty), Field::Present(strategy)) => {
                let message = "a storage account type and a strategy for choosing one exclude each other";
                let remark = Remark::of(&check.reader, strategy, message, "a strategy")
                    .case("b")
                    .against(&check.reader, ty, "a type")
                    .help("keep one of `storageAccountType` and `storageAccountStrategy`");
                check.report(&remark);
            }
            (Field::Maybe(doubt), Field::Present(_)) | (Field::Present(_), Field::Maybe(doubt)) => {
                check.undecided(doubt);
            }
            _ => {}
        }
        let copies = version.copies(&mut check.reader);
        for copy in &copies.list {
            for ty in copy.storage_types(&mut check.reader) {
                judge(&ty, copy.zone.is_some(), version, check);
            }
        }
    }
}

fn judge(field: &Field, in_zone: bool, version: &ImageVersion<'_>, check: &mut Check<'_>) {
    if let Some(doubt) = field.unknown() {
        return check.undecided(doubt);
    }
    let Some(value) = field.present() else { return };
    let Some(name) = value.text() else { return };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if IN_REGIONS.iter().any(|known| is(known)) || is(STANDARD_SSD) && in_zone {
        return;
    }
    if is(STANDARD_SSD) { standard_ssd(value, version, check) } else { unknown(value, &name, check) }
}

fn standard_ssd(value: &Value, version: &ImageVersion<'_>, check: &mut Check<'_>) {
    let api = version.resource.api.as_ref().and_then(Value::text);
    if api.is_none_or(|api| STANDARD_SSD_IN_REGIONS.contains(&&*api)) {
        return;
    }
    let message = format!("image versions are stored as `{STANDARD_SSD}` in edge zones only");
    let remark = Remark::of(&check.reader, value, message, "for a region")
        .case("c")
        .note("regions knew this type in the API versions 2021-10-01 to 2022-01-03 only")
        .help(format!("use one of {}", listed()));
    check.report(&remark);
}

fn unknown(value: &Value, name: &str, check: &mut Check<'_>) {
    let name: String = name.chars().take(60).collect();
    let message = format!("image versions can't be stored as `{name}`");
    let remark = Remark::of(&check.reader, value, message, "not a storage account type of image versions")
        .case("a")
        .help(format!("use one of {}", listed()));
    check.report(&remark);
}

fn listed() -> String {
    IN_REGIONS.map(|name| format!("`{name}`")).join(", ")
}
