//! CMK219: a machine that can't be the source of an image version (case a), or a source of another kind than its image
//! definition (case b).

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, Found, ImageDefinition, ImageVersion, Kind, Machine, Reader, definition_of};
use crate::value::Value;

pub(super) struct UnfitSource;

impl Rule for UnfitSource {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        let Some(reference) = source.machine.present().or(source.id.present()).cloned() else { return };
        if let Some(found) = check.reader.find(Kind::VirtualMachine, &reference) {
            unfit_machine(found, &reference, check);
        }
        let kinds = [Kind::VirtualMachine, Kind::ManagedImage];
        let found = kinds.into_iter().find_map(|kind| Some((kind, check.reader.find(kind, &reference)?)));
        if let Some((kind, found)) = found {
            other_kind(kind, found, version, check);
        }
    }
}

fn unfit_machine(found: Found<'_>, reference: &Value, check: &mut Check<'_>) {
    let machine = Machine::read(&mut check.reader, Kind::VirtualMachine, found.resource);
    for disk in machine.disks() {
        let ultra = disk
            .storage
            .present()
            .filter(|storage| storage.text().is_some_and(|name| name.eq_ignore_ascii_case("UltraSSD_LRS")));
        let faults = [
            (disk.ephemeral.present(), "has an ephemeral disk"),
            (disk.blob.present(), "has a disk that is a blob"),
            (ultra, "has an Ultra disk"),
        ];
        for (value, what) in faults {
            let Some(value) = value else { continue };
            let message = format!("an image version can't be made from a machine that {what}");
            let remark = Remark::of(&check.reader, value, message, format!("the machine {what}"))
                .case("a")
                .label(check.reader.place(reference), "the version is made from this machine")
                .resting_on(found.basis)
                .help("make the version from a machine with managed disks that last");
            check.report(&remark);
        }
    }
}

/// What the source says of itself, beside what its definition says.
fn other_kind(kind: Kind, found: Found<'_>, version: &ImageVersion<'_>, check: &mut Check<'_>) {
    let Some((definition, basis)) = definition_of(&mut check.reader, version.resource) else { return };
    let ImageDefinition { os_type, os_state, generation, .. } = definition;
    let theirs = said(kind, found, &mut check.reader);
    for (mine, theirs, what) in
        [(os_type, theirs.0, "operating system"), (os_state, theirs.1, "state"), (generation, theirs.2, "generation")]
    {
        if mine.is_absent() || theirs.is_absent() {
            continue;
        }
        if let Some(doubt) = mine.unknown().or(theirs.unknown()) {
            check.undecided(doubt);
            continue;
        }
        let (Some(mine), Some(theirs)) = (mine.present(), theirs.present()) else { continue };
        let (Some(left), Some(right)) = (mine.text(), theirs.text()) else { continue };
        if left.eq_ignore_ascii_case(&right) {
            continue;
        }
        let noun = kind.noun();
        let message = format!("the {what} of the source {noun} is `{right}`, that of the image definition `{left}`");
        let remark = Remark::of(&check.reader, mine, message, format!("the definition says `{left}`"))
            .case("b")
            .against(&check.reader, theirs, format!("the {noun} says `{right}`"))
            .resting_on(found.basis.max(basis))
            .note("the service refuses versions whose source is of another kind than their definition")
            .help(format!("use a definition for `{right}`"));
        check.report(&remark);
    }
}

fn said(kind: Kind, found: Found<'_>, reader: &mut Reader<'_>) -> (Field, Field, Field) {
    let body = reader.settle(&found.resource.body);
    let os = reader.path(&body, &["properties", "storageProfile", "osDisk"]);
    let ty = reader.of(&os, "osType");
    if kind == Kind::VirtualMachine {
        let nothing = Field::Absent(crate::azure::Ground::of(&body));
        return (ty, nothing.clone(), nothing);
    }
    (ty, reader.of(&os, "osState"), reader.path(&body, &["properties", "hyperVGeneration"]))
}
