//! CMK310: the id of a disk encryption set names a subscription by its number.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{ImageVersion, Kind, basis_of};
use crate::value::{Basis, IdReading, Str};

pub(super) struct FixedSubscription;

impl Rule for FixedSubscription {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let mut found: Vec<(String, Option<crate::text::Span>)> = Vec::new();
        for key in version.copies(&mut check.reader).uses() {
            let Some(value) = key.des.present() else { continue };
            let Some(string) = value.as_str().cloned() else { continue };
            let IdReading::Id(id) = check.reader.id(&string) else { continue };
            // A value that was given from outside isn't fixed in the template.
            if !id.is_type(Kind::DiskEncryptionSet.type_name()) || basis_of(value) > Basis::Fixed {
                continue;
            }
            let Some(subscription) = id.scope.subscription().and_then(Str::text) else { continue };
            let place = id.scope.subscription().and_then(|said| check.reader.place_of(said));
            found.push((subscription.to_lowercase(), place));
        }
        let Some((subscription, place)) = found.first() else { return };
        // Sets of several subscriptions, or of another than the version's, are CMK101.
        let own = version.subscription().and_then(Str::text);
        if found.iter().any(|(other, _)| other != subscription) || own.is_some() {
            return;
        }
        let message = format!("the template works in subscription `{subscription}` only");
        let remark = Remark::at(*place, Basis::Fixed, message, "a subscription by its number")
            .note("a version and its disk encryption sets must be in one subscription")
            .help("build the id with `resourceId()`, or take it as a parameter");
        check.report(&remark);
    }
}
