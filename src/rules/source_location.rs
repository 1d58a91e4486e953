//! CMK218: the source of an image version is in another region than the version.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, ImageVersion, Kind, Protected};
use crate::value::{Tri, Value, same_region};

pub(super) struct SourceInOtherRegion;

/// Sources that are in one region. Another image version has copies in several.
const SOURCES: [Kind; 4] = [Kind::Disk, Kind::Snapshot, Kind::ManagedImage, Kind::VirtualMachine];

impl Rule for SourceInOtherRegion {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let references: Vec<Value> =
            version.source(&mut check.reader).references().filter_map(Field::present).cloned().collect();
        for reference in &references {
            let found = SOURCES.into_iter().find_map(|kind| Some((kind, check.reader.find(kind, reference)?)));
            let Some((kind, found)) = found else { continue };
            let Some(source) = Protected::read(&mut check.reader, kind, found.resource) else { continue };
            let (Field::Present(there), Field::Present(here)) = (source.location, version.location(&mut check.reader))
            else {
                continue;
            };
            let (Some(theirs), Some(mine)) = (there.as_str(), here.as_str()) else { continue };
            let verdict = same_region(check.reader.context, theirs, mine);
            match verdict.tri {
                Tri::Yes => {}
                Tri::Maybe => check.undecided_between(&there, &here),
                Tri::No => {
                    let (name, region) = (check.reader.name_of(reference), check.reader.shown(theirs));
                    let home = check.reader.shown(mine);
                    let noun = kind.noun();
                    let place = check.reader.place(reference);
                    let message = format!("the version is in `{home}` but its source {noun} `{name}` is in `{region}`");
                    let remark = Remark::at(place, verdict.basis.max(found.basis), message, "this source")
                        .label(check.reader.place(&there), format!("the {noun} is in `{region}`"))
                        .label(check.reader.place(&here), format!("the version is in `{home}`"))
                        .note("the service looks for the source in the region of the version and doesn't find it")
                        .help(format!("put the version into `{region}`, or copy the {noun} to `{home}` first"));
                    check.report(&remark);
                }
            }
        }
    }
}
