//! CMK311: a script deletes a disk encryption set that an image version of the same script uses, or deletes or disables
//! the key of such a set.

use super::remark::Remark;
use super::rule::{Check, Rule};
use super::steps::{Step, is_reached};
use crate::azure::{DiskEncryptionSet, ImageVersion, KeyUrl, Kind, basis_of};
use crate::eval::script::{Request, Verb};
use crate::value::{Str, Value, equal_text};

pub(super) struct SetDeletedWhileUsed;

/// What is gone, or of no use any more.
enum Gone {
    Set,
    Key(&'static str),
}

impl Rule for SetDeletedWhileUsed {
    fn kinds(&self) -> &'static [Kind] {
        &[]
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        let Some((gone, sets)) = lost(step, check) else { return };
        // A script that clears away what it made may do so in any order.
        if step.before().chain(step.after()).any(|other| {
            let kinds = [Kind::ImageVersion, Kind::ImageDefinition, Kind::Gallery];
            other.verb == Verb::Delete && Kind::of(&other.resource.ty).is_some_and(|kind| kinds.contains(&kind))
        }) {
            return;
        }
        let request = step.request();
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
                let mut verdicts = sets.iter().map(|set| equal_text(check.reader.context, set, used));
                let Some(verdict) = verdicts.find(|verdict| verdict.is_yes()) else { continue };
                let (set, image) = (check.reader.name_of(value), check.reader.shown(&earlier.resource.name));
                let basis = verdict.basis.max(basis_of(value)).max(earlier.resource.basis).max(request.resource.basis);
                let (message, label) = match gone {
                    Gone::Set => {
                        let message =
                            format!("disk encryption set `{set}` is deleted, but image version `{image}` uses it");
                        (message, "deletes the set".to_owned())
                    }
                    Gone::Key(how) => (
                        format!(
                            "the key of disk encryption set `{set}` is {how}, but image version `{image}` uses the set"
                        ),
                        "takes the key away from the set".to_owned(),
                    ),
                };
                let remark = Remark::at(Some(request.cause), basis, message, label)
                    .label(check.reader.place(value), format!("`{image}` is encrypted with it"))
                    .note("without the set and its key the version can't be replicated any more, nor its replicas be changed")
                    .help("delete the image version first");
                return check.report(&remark);
            }
        }
    }
}

/// The ids of the sets that a request takes away, or takes the key away from.
fn lost(step: Step<'_>, check: &mut Check<'_>) -> Option<(Gone, Vec<Str>)> {
    let request = step.request();
    let id = request.resource.id.clone()?;
    match Kind::of(&request.resource.ty)? {
        Kind::DiskEncryptionSet if request.verb == Verb::Delete => {
            let deleted = id.text(check.reader.context, request.resource.body.origin);
            Some((Gone::Set, vec![deleted]))
        }
        Kind::Key => {
            let how = match request.verb {
                Verb::Delete => "deleted",
                Verb::Update if disables(request, check) => "disabled",
                _ => return None,
            };
            let [vault, key] = id.names.as_slice() else { return None };
            let (vault, key) = (vault.text()?, key.text()?);
            let mut sets = Vec::new();
            for earlier in step.before() {
                let is_set = Kind::of(&earlier.resource.ty) == Some(Kind::DiskEncryptionSet);
                if !is_set || earlier.verb != Verb::Create {
                    continue;
                }
                let set = DiskEncryptionSet::read(&mut check.reader, &earlier.resource);
                let url = set.key_url.present().and_then(Value::text).and_then(|text| KeyUrl::read(&text));
                let is_its =
                    url.is_some_and(|url| url.vault.eq_ignore_ascii_case(&vault) && url.key.eq_ignore_ascii_case(&key));
                if let (true, Some(id)) = (is_its, &earlier.resource.id) {
                    sets.push(id.text(check.reader.context, earlier.resource.body.origin));
                }
            }
            Some((Gone::Key(how), sets))
        }
        _ => None,
    }
}

/// `--enabled false`.
fn disables(request: &Request, check: &mut Check<'_>) -> bool {
    let enabled = check.reader.path(&request.resource.body, &["properties", "attributes", "enabled"]);
    enabled.present().and_then(Value::as_bool) == Some(false)
}
