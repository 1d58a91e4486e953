//! CMK209: two disks of the source are the same, or have the same LUN.

use std::collections::HashMap;

use super::place::reference_beside;
use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{ImageVersion, Kind, Source, basis_of};
use crate::text::Span;
use crate::value::{Basis, OriginId, Str, Value};

pub(super) struct DuplicateSourceDisks;

struct Repeated {
    what: What,
    place: Option<Span>,
    first: Option<Span>,
    origin: OriginId,
    basis: Basis,
}

enum What {
    Lun(i64),
    Disk(String),
    Blob,
}

impl Rule for DuplicateSourceDisks {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        luns(&source, check);
        disks(&source, check);
        blobs(&source, check);
        if let Some(gap) = &source.data_gap {
            check.undecided(gap);
        }
    }
}

fn luns(source: &Source, check: &mut Check<'_>) {
    let mut seen: HashMap<i64, &Value> = HashMap::new();
    for disk in &source.data {
        let Some(value) = disk.lun.field.present() else { continue };
        let Some(lun) = disk.lun.number.filter(|_| !disk.many) else {
            if disk.lun.field.unknown().is_some() && source.data.len() > 1 {
                check.undecided(value);
            }
            continue;
        };
        match seen.get(&lun) {
            Some(first) => {
                let places = (check.reader.place(value), check.reader.place(first));
                report(What::Lun(lun), value, first, places, check);
            }
            None => {
                seen.insert(lun, value);
            }
        }
    }
}

fn disks(source: &Source, check: &mut Check<'_>) {
    let mut seen: HashMap<String, &Value> = HashMap::new();
    let data = source.data.iter().filter(|disk| !disk.many).map(|disk| &disk.disk);
    for disk in std::iter::once(&source.os).chain(data) {
        // With `uri` the id is that of a storage account, which may hold several blobs.
        let Some(value) = disk.id.present().filter(|_| disk.uri.is_absent()) else { continue };
        let identity = match value.as_str().and_then(Str::text) {
            Some(text) => text.to_lowercase(),
            None => format!("#{}", value.term.0),
        };
        match seen.get(&identity) {
            Some(first) => {
                let place = reference_beside(&mut check.reader, value, first);
                let other = reference_beside(&mut check.reader, first, value);
                let name = check.reader.name_of(value);
                report(What::Disk(name), value, first, (place, other), check);
            }
            None => {
                seen.insert(identity, value);
            }
        }
    }
}

fn blobs(source: &Source, check: &mut Check<'_>) {
    let Some(os) = source.os.uri.present() else { return };
    for disk in source.data.iter().filter(|disk| !disk.many) {
        let Some(value) = disk.disk.uri.present() else { continue };
        let same = match (os.as_str().and_then(Str::text), value.as_str().and_then(Str::text)) {
            (Some(one), Some(other)) => one == other,
            _ => os.term == value.term,
        };
        if same {
            let places = (check.reader.place(value), check.reader.place(os));
            report(What::Blob, value, os, places, check);
        }
    }
}

fn report(what: What, value: &Value, first: &Value, places: (Option<Span>, Option<Span>), check: &mut Check<'_>) {
    let same_term = value.term == first.term;
    let basis = if same_term { Basis::Fixed } else { basis_of(value).max(basis_of(first)) };
    let fact = Repeated { what, place: places.0, first: places.1, origin: value.origin, basis };
    check.report(&fact);
}

impl Fact for Repeated {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        match &self.what {
            What::Lun(lun) => {
                words.message(format!("two data disks of the source have LUN {lun}"));
                words.primary(self.place, format!("LUN {lun} again"));
                words.label(self.first, format!("LUN {lun} for the first time"));
                words.help("give each data disk a LUN of its own");
            }
            What::Disk(name) => {
                words.message(format!("two disks of the image version are made from `{name}`"));
                words.primary(self.place, "the second disk from it");
                words.label(self.first, "the first disk from it");
                words.help("make each disk from a disk or snapshot of its own");
            }
            What::Blob => {
                words.message("the OS disk and a data disk are made from the same blob");
                words.primary(self.place, "a data disk from it");
                words.label(self.first, "the OS disk from it");
                words.help("make each disk from a blob of its own");
            }
        }
        words.way(self.origin);
        words.note("the service refuses disks that share a LUN or a source");
    }
}
