//! CMK220: replica counts and disk sizes that the service doesn't take.

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, ImageVersion, Kind};
use crate::value::{Basis, Kind as ValueKind, Value};

pub(super) struct OutOfLimits;

/// The most replicas that a version can have, over all regions.
const REPLICAS: i64 = 100;
/// The largest disk in GiB that is replicated fully.
const FULL: i64 = 2048;

impl Rule for OutOfLimits {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let regions = version.target_regions(&mut check.reader);
        let mut counts = vec![check.reader.of(&version.publishing, "replicaCount")];
        for region in &regions.list {
            counts.push(check.reader.member(&region.item, "regionalReplicaCount"));
        }
        too_few(&counts, check);
        too_many(&counts[1..], check);
        too_large(version, check);
    }
}

const fn number(field: &Field) -> Option<(&Value, i64)> {
    match field {
        Field::Present(value) => match value.kind {
            ValueKind::Int(number) => Some((value, number)),
            _ => None,
        },
        Field::Absent(_) | Field::Maybe(_) => None,
    }
}

fn too_few(counts: &[Field], check: &mut Check<'_>) {
    for count in counts {
        if let Some((value, number)) = number(count)
            && number < 1
        {
            let message = format!("a replica count of {number} is out of range");
            let remark = Remark::of(&check.reader, value, message, "at least 1").case("a");
            check.report(&remark.help("leave the region out if there is to be no copy in it"));
        } else if let Some(doubt) = count.unknown() {
            check.undecided(doubt);
        }
    }
}

fn too_many(counts: &[Field], check: &mut Check<'_>) {
    let (mut sum, mut basis) = (0_i64, Basis::Fixed);
    for (value, number) in counts.iter().filter_map(number) {
        sum = sum.saturating_add(number.max(0));
        basis = basis.max(value.basis);
        if sum > REPLICAS {
            let message = format!("the version is to have {sum} replicas or more, and can have {REPLICAS}");
            let remark = Remark::of(&check.reader, value, message, "too many with those before").case("b");
            return check.report(&remark.resting_on(basis).help("ask for fewer replicas"));
        }
    }
}

fn too_large(version: &ImageVersion<'_>, check: &mut Check<'_>) {
    let mode = check.reader.of(&version.publishing, "replicationMode");
    let shallow = match &mode {
        Field::Absent(_) => Some(false),
        Field::Present(value) => value.text().map(|mode| mode.eq_ignore_ascii_case("Shallow")),
        Field::Maybe(_) => None,
    };
    if shallow == Some(true) {
        return;
    }
    let references: Vec<Value> =
        version.source(&mut check.reader).references().filter_map(Field::present).cloned().collect();
    for reference in &references {
        let kinds = [Kind::Disk, Kind::Snapshot];
        let found = kinds.into_iter().find_map(|kind| Some((kind, check.reader.find(kind, reference)?)));
        let Some((kind, found)) = found else { continue };
        let body = check.reader.settle(&found.resource.body);
        let size = check.reader.path(&body, &["properties", "diskSizeGB"]);
        let Some((value, size)) = number(&size).filter(|(_, size)| *size > FULL) else { continue };
        if shallow.is_none() {
            if let Some(doubt) = mode.unknown() {
                check.undecided(doubt);
            }
            continue;
        }
        let message = format!("the {} has {size} GiB; full replication takes disks of up to {FULL}", kind.noun());
        let remark = Remark::of(&check.reader, value, message, "too large for full replication")
            .case("c")
            .label(check.reader.place(reference), "the version is made from it")
            .resting_on(found.basis.max(mode.basis()))
            .help("make the disk smaller, or set `replicationMode` to `Shallow` for images that are only tried");
        check.report(&remark);
    }
}
