//! Files that matter and were not read whole: CMK001.
//!
//! A file matters if it speaks of galleries or disk encryption sets, or if it is, or gives values to, a template that
//! deploys what the rules judge. Broken files that don't matter are remarks only.

use std::collections::BTreeSet;

use crate::discover::{File, Loaded, Page, Root, What};
use crate::finding::{Finding, Label};
use crate::rules::{CheckOptions, not_read_whole};
use crate::text::{Source, Span};

/// Words by which a file that was not read whole still shows what it is about, in lower case.
const WORDS: [&str; 3] = ["microsoft.compute/galleries", "diskencryptionset", "targetregions"];
/// Words of the commands that matter, in lower case.
const COMMANDS: [&str; 5] =
    ["sig image-version", "sig share", "disk-encryption-set", "azgalleryimageversion", "azdiskencryptionset"];
/// How many further broken places are shown.
const PLACES: usize = 3;

/// A finding for each file of `used` that matters and was not read whole. `judged` are the roots that deploy
/// something that rules judge.
pub(super) fn findings(
    loaded: &Loaded,
    roots: &[Root],
    judged: &BTreeSet<usize>,
    used: &BTreeSet<usize>,
    checks: &CheckOptions,
) -> Vec<Finding> {
    let judged: BTreeSet<usize> = roots
        .iter()
        .enumerate()
        .filter(|(index, _)| judged.contains(index))
        .flat_map(|(_, root)| root.scenarios.iter().filter_map(|scenario| scenario.parameters).chain([root.file]))
        .collect();
    let broken = used.iter().filter_map(|&index| Some((index, loaded.files.get(index)?)));
    let mut findings: Vec<Finding> = broken
        .filter(|(_, file)| !file.program.broken.is_empty())
        .filter(|(index, file)| judged.contains(index) || speaks_of_images(loaded.sources.get(file.source).text()))
        .filter_map(|(_, file)| finding(loaded, file, checks))
        .collect();
    findings.extend(loaded.pages.iter().filter_map(|page| broken_command(loaded, page, checks)));
    findings
}

/// A finding for the first command of a page that matters and was not read whole.
fn broken_command(loaded: &Loaded, page: &Page, checks: &CheckOptions) -> Option<Finding> {
    let source = loaded.sources.get(page.source);
    let matters = |span: &&Span| speaks_of_commands(lines_of(source, **span));
    let broken = page.scripts.iter().flat_map(|script| &script.broken);
    let first = *broken.filter(matters).min()?;
    let mut finding = not_read_whole(first, "this command was not read whole", checks)?;
    finding.primary_label = unread(source, first);
    Some(finding)
}

/// The lines that a place lies in.
fn lines_of(source: &Source, span: Span) -> &str {
    let text = source.text();
    let (start, end) = (span.start as usize, span.end as usize);
    let from = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let to = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
    text.get(from..to).unwrap_or_default()
}

fn speaks_of_commands(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    COMMANDS.iter().any(|word| text.contains(word))
}

fn finding(loaded: &Loaded, file: &File, checks: &CheckOptions) -> Option<Finding> {
    let mut places = file.program.broken.clone();
    places.sort();
    places.dedup();
    let (&first, others) = places.split_first()?;
    let what = match file.what {
        What::Template => "template",
        What::Parameters => "parameters file",
    };
    let why = file.problems.iter().find(|(span, _)| span.end >= first.start).or(file.problems.last());
    let message = match why {
        Some((_, why)) => format!("this {what} was not read whole: {why}"),
        None => format!("this {what} was not read whole"),
    };
    let source = loaded.sources.get(first.source);
    let mut finding = not_read_whole(first, &message, checks)?;
    finding.primary_label = unread(source, first);
    finding.labels =
        others.iter().take(PLACES).map(|&span| Label { span, text: unread(source, span), on_way: false }).collect();
    if others.len() > PLACES {
        finding.notes.push(format!("{} more places were not read", others.len() - PLACES));
    }
    Some(finding)
}

/// What is missing at a broken place.
fn unread(source: &Source, span: Span) -> String {
    let (from, to) = (source.place(span.start).line, source.place(span.end).line);
    if span.is_empty() {
        "something is missing here".into()
    } else if from == to {
        "this was not read".into()
    } else {
        format!("from here to line {to} nothing was read")
    }
}

fn speaks_of_images(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}
