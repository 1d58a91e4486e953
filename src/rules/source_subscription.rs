//! CMK212: an encrypted version is made from a source of another subscription.

use super::des_subscription::DesOtherSubscription;
use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, ImageVersion, Kind, Protected};
use crate::value::{IdReading, Value, equal_text};

pub(super) struct SourceInOtherSubscription;

const SOURCES: [Kind; 4] = [Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine];

impl Rule for SourceInOtherSubscription {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        let references: Vec<Value> = source.references().filter_map(Field::present).cloned().collect();
        let Some(own) = version.subscription().map(|own| check.reader.cleared(own)) else { return };
        let mut others = Vec::new();
        for reference in references {
            let Some(string) = reference.as_str().cloned() else { continue };
            let IdReading::Id(id) = check.reader.id(&string) else { continue };
            if !SOURCES.iter().any(|kind| id.is_type(kind.type_name())) {
                continue;
            }
            let Some(theirs) = id.scope.subscription().map(|theirs| check.reader.cleared(theirs)) else { continue };
            let verdict = equal_text(check.reader.context, &own, &theirs);
            if verdict.is_no() {
                others.push((reference, theirs, verdict.basis));
            }
        }
        if others.is_empty() {
            return;
        }
        let key = match version.copies(&mut check.reader).first_key() {
            Ok(key) => key,
            Err(Some(doubt)) => return check.undecided(&doubt),
            Err(None) => return,
        };
        // A set of another subscription is the fault then: CMK101.
        let drafts = check.drafts.len();
        DesOtherSubscription.image_version(version, check);
        if check.drafts.len() > drafts {
            return check.drafts.truncate(drafts);
        }
        for (reference, theirs, basis) in others {
            let encrypted = encrypted(&reference, check);
            let (theirs, mine) = (check.reader.shown(&theirs), check.reader.shown(&own));
            let name = check.reader.name_of(&reference);
            let message = format!("source `{name}` is in another subscription than the encrypted version made from it");
            let mut remark = Remark::of(&check.reader, &reference, message, format!("in subscription `{theirs}`"))
                .case(if encrypted.is_some() { "a" } else { "b" })
                .against(&check.reader, &key, "the version is encrypted")
                .resting_on(basis)
                .note(format!("the version is in `{mine}`; an encrypted source must be in the version's subscription"))
                .help("copy the source into the version's subscription first");
            if let Some(set) = &encrypted {
                remark = remark.against(&check.reader, set, "the source is encrypted");
            }
            check.report(&remark);
        }
    }
}

/// The key of a source, if the files show one.
fn encrypted(reference: &Value, check: &mut Check<'_>) -> Option<Value> {
    let (kind, found) = SOURCES.into_iter().find_map(|kind| Some((kind, check.reader.find(kind, reference)?)))?;
    let protected = Protected::read(&mut check.reader, kind, found.resource)?;
    protected.uses.iter().find_map(|key| key.des.present()).cloned()
}
