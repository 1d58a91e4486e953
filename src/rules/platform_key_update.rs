//! CMK104 c: a command puts a disk or snapshot back under a platform key.

use super::remark::Remark;
use super::rule::Check;
use super::steps::Step;
use crate::azure::{Kind, PLATFORM_KEY, PlatformKeyed};
use crate::eval::script::Verb;

/// CMK104 c.
pub(super) fn disk_returns_to_platform_key(step: Step<'_>, check: &mut Check<'_>) {
    let request = step.request();
    let kind = Kind::of(&request.resource.ty).filter(|kind| matches!(kind, Kind::Disk | Kind::Snapshot));
    let Some(kind) = kind.filter(|_| request.verb == Verb::Update) else { return };
    let PlatformKeyed { ty, .. } = PlatformKeyed::read(&mut check.reader, &request.resource);
    let Some(value) = ty.present() else { return };
    let Some(name) = value.text() else { return check.undecided(value) };
    if !name.eq_ignore_ascii_case(PLATFORM_KEY) {
        return;
    }
    let message = format!("this puts the {} back under a platform key", kind.noun());
    let remark = Remark::of(&check.reader, value, message, "a platform key")
        .case("c")
        .resting_on(request.resource.basis)
        .note("until 2021 this wasn't possible at all; disks with incremental snapshots still refuse it")
        .help("keep the customer-managed key, or copy the data to a new disk");
    check.report(&remark);
}
