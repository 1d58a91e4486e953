//! CMK405: a disk encryption set is looked for in another resource group than the one that the script makes it in.

use std::collections::HashSet;

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{ImageVersion, KeyUse, Kind, Protected};
use crate::value::{IdReading, Str, Value, equal_text};

pub(super) struct DesNameInOtherGroup;

impl Rule for DesNameInOtherGroup {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::Disk, Kind::Snapshot, Kind::VirtualMachine, Kind::ScaleSet]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let uses = version.copies(&mut check.reader).uses();
        judge(&uses, check);
    }

    fn protected(&self, protected: &Protected<'_>, check: &mut Check<'_>) {
        judge(&protected.uses, check);
    }
}

fn judge(uses: &[KeyUse], check: &mut Check<'_>) {
    let home = check.resource.id.as_ref().and_then(|id| id.scope.resource_group()).cloned();
    let Some(home) = home else { return };
    let mut seen = HashSet::new();
    for key in uses {
        let Some(value) = key.des.present() else { continue };
        if seen.insert(value.term)
            && let Some(remark) = in_other_group(value, &home, check)
        {
            check.report(&remark);
        }
    }
}

/// A reference to a name that the script makes in another group only.
fn in_other_group(value: &Value, home: &Str, check: &mut Check<'_>) -> Option<Remark> {
    let string = value.as_str()?.clone();
    let IdReading::Id(id) = check.reader.id(&string) else { return None };
    let (group, name) = (id.scope.resource_group()?.clone(), id.name()?.text()?);
    // A bare name is looked for where the image or disk is; a whole id says itself where.
    if !id.is_type(Kind::DiskEncryptionSet.type_name()) || !equal_text(check.reader.context, &group, home).is_yes() {
        return None;
    }
    let estate = check.reader.estate;
    let mut made = None;
    for set in estate.named(Kind::DiskEncryptionSet, &name) {
        let there = set.id.as_ref()?.scope.resource_group()?;
        let verdict = equal_text(check.reader.context, &group, there);
        if !verdict.is_no() {
            return None;
        }
        made.get_or_insert((set, there.clone(), verdict.basis));
    }
    let (set, there, basis) = made?;
    let (here, there) = (check.reader.shown(&group), check.reader.shown(&there));
    let message = format!("`{name}` is looked for in resource group `{here}`, but made in `{there}`");
    let text = format!("a name alone means `{here}` here");
    let remark = Remark::of(&check.reader, value, message, text)
        .label(Some(set.type_span), format!("made in `{there}` here"))
        .resting_on(basis.max(set.basis))
        .note("the command builds an id of the name, with its own resource group and subscription")
        .help("give the whole id of the set");
    Some(remark)
}
