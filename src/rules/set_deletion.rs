//! CMK311: a script deletes a disk encryption set that an image version of the same script uses.

use super::remark::Remark;
use super::rule::{Check, Rule};
use super::steps::{Step, is_reached};
use crate::azure::{ImageVersion, Kind, basis_of};
use crate::eval::script::Verb;
use crate::value::equal_text;

pub(super) struct SetDeletedWhileUsed;

impl Rule for SetDeletedWhileUsed {
    fn kinds(&self) -> &'static [Kind] {
        &[]
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        let request = step.request();
        if request.verb != Verb::Delete || Kind::of(&request.resource.ty) != Some(Kind::DiskEncryptionSet) {
            return;
        }
        let Some(deleted) = request.resource.id.clone() else { return };
        let deleted = deleted.text(check.reader.context, request.resource.body.origin);
        // A script that clears away what it made may do so in any order.
        if step.before().chain(step.after()).any(|other| {
            let kinds = [Kind::ImageVersion, Kind::ImageDefinition, Kind::Gallery];
            other.verb == Verb::Delete && Kind::of(&other.resource.ty).is_some_and(|kind| kinds.contains(&kind))
        }) {
            return;
        }
        for earlier in step.before() {
            let is_version = Kind::of(&earlier.resource.ty) == Some(Kind::ImageVersion);
            let reached = is_reached(check.reader.context, &check.reader.world, earlier);
            if earlier.verb != Verb::Create || !is_version || !reached || !check.reader.exists(&earlier.resource) {
                continue;
            }
            let version = ImageVersion::read(&mut check.reader, &earlier.resource);
            for key in version.copies(&mut check.reader).uses() {
                let Some(value) = key.des.present() else { continue };
                let Some(used) = value.as_str() else { continue };
                let verdict = equal_text(check.reader.context, &deleted, used);
                if !verdict.is_yes() {
                    continue;
                }
                let (set, image) = (check.reader.name_of(value), check.reader.shown(&earlier.resource.name));
                let basis = verdict.basis.max(basis_of(value)).max(earlier.resource.basis).max(request.resource.basis);
                let message = format!("disk encryption set `{set}` is deleted, but image version `{image}` uses it");
                let remark = Remark::at(Some(request.cause), basis, message, "deletes the set")
                    .label(check.reader.place(value), format!("`{image}` is encrypted with it"))
                    .note("without the set the version can't be replicated any more, nor its replicas be changed")
                    .help("delete the image version first");
                return check.report(&remark);
            }
        }
    }
}
