//! The pipeline up to evaluation, and then maps instead of findings.

use std::collections::HashSet;

use rayon::prelude::*;

use super::{Request, evaluated, jobs, prepare, scripts};
use crate::discover::{NoSuchPath, Reader, Workspace};
use crate::eval::{Evaluation, Note};
use crate::finding::Diagnostic;
use crate::map::{self, VersionMap};
use crate::text::{SourceId, Sources};
use crate::value::Context;

/// What encrypts the image versions of a run.
#[derive(Debug, Default)]
pub struct Drawing {
    /// The texts that all spans are of.
    pub sources: Sources,
    /// In the order of their places.
    pub maps: Vec<VersionMap>,
    /// What was passed over or could not be worked out. Sorted, without repeats.
    pub diagnostics: Vec<Diagnostic>,
}

/// Draws the image versions in all that the request names.
pub fn draw(reader: &dyn Reader, mut workspace: Workspace, request: &Request) -> Result<Drawing, NoSuchPath> {
    let prepared = prepare(reader, &mut workspace, request)?;
    let loaded = &prepared.loaded;
    let drawn: Vec<_> = jobs(loaded, &prepared.roots, request)
        .par_iter()
        .map(|job| {
            let mut evaluation = evaluated(Context::new(), loaded, job, request);
            read(&mut evaluation)
        })
        .collect();
    let of_pages: Vec<Vec<_>> = loaded
        .pages
        .par_iter()
        .map(|page| {
            let mut drawn = Vec::new();
            scripts::each_estate(page, &request.of(loaded.sources.get(page.source).path()), |evaluation| {
                drawn.push(read(evaluation));
            });
            drawn
        })
        .collect();
    let mut drawing = Drawing::default();
    drawing.diagnostics.extend(prepared.passed_over);
    drawing.diagnostics.extend(loaded.diagnostics.iter().cloned());
    let mut maps = Vec::new();
    for (of_job, notes) in drawn.into_iter().chain(of_pages.into_iter().flatten()) {
        maps.extend(of_job);
        drawing.diagnostics.extend(notes.into_iter().map(|note| super::merge::remark(loaded, note.span, note.message)));
    }
    drawing.maps = map::joined(maps);
    let drawn_of: HashSet<SourceId> = drawing.maps.iter().map(|map| map.place.source).collect();
    for file in &loaded.files {
        if drawn_of.contains(&file.source) {
            let remarks = file.problems.iter().map(|(span, said)| super::merge::remark(loaded, *span, said.clone()));
            drawing.diagnostics.extend(remarks);
        }
    }
    drawing.diagnostics.sort();
    drawing.diagnostics.dedup();
    drawing.sources = prepared.loaded.sources;
    Ok(drawing)
}

/// The maps of an evaluation, and what it has to say where there are any.
fn read(evaluation: &mut Evaluation) -> (Vec<VersionMap>, Vec<Note>) {
    let maps = map::read(evaluation);
    // Notes on templates that deploy no image version are of no use here.
    let notes = if maps.is_empty() { Vec::new() } else { std::mem::take(&mut evaluation.notes) };
    (maps, notes)
}
