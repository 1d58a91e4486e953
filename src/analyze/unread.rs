//! Files and commands that matter and were not read whole: CMK001.
//!
//! A file matters if it speaks of galleries or disk encryption sets, or if it is, or gives values to, a template that
//! deploys what the rules judge, of disks and machines those that speak of encryption. Broken files that don't matter are
//! remarks only. Of a script a broken place matters if it lies in a command that was made a request, or speaks of what
//! such commands do.

use std::collections::BTreeSet;

use crate::discover::{File, Loaded, Root, What};
use crate::eval::script::Request;
use crate::finding::{Finding, Label};
use crate::ir::script::Script;
use crate::rules::{CheckOptions, not_read_whole};
use crate::text::{Source, Sources, Span};

/// Words by which a file that was not read whole still shows what it is about, in lower case.
const WORDS: [&str; 3] = ["microsoft.compute/galleries", "diskencryptionset", "targetregions"];
/// Words by which a part of a script that was not read shows that a command in it matters, in lower case.
const COMMAND_WORDS: [&str; 7] = [
    "sig image-version",
    "sig share",
    "--target-region",
    "disk-encryption-set",
    "-azgalleryimageversion",
    "-azdiskencryptionset",
    "update-azgallery",
];
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
        .flat_map(|(_, root)| root.scenarios.iter().filter_map(|scenario| scenario.parameters).chain(root.files()))
        .collect();
    let broken = used.iter().filter_map(|&index| Some((index, loaded.files.get(index)?)));
    broken
        .filter(|(_, file)| !file.program.broken.is_empty())
        .filter(|(index, file)| judged.contains(index) || speaks_of_images(loaded.sources.get(file.source).text()))
        .filter_map(|(_, file)| finding(loaded, file, checks))
        .collect()
}

/// Whether a place lies in a command, or close behind it on its last line.
fn is_of(sources: &Sources, command: Span, place: Span) -> bool {
    const CLOSE: u32 = 80;
    let behind = Span { start: command.end, end: place.start, ..place };
    let close = command.source == place.source && (command.end..command.end + CLOSE).contains(&place.start);
    command.contains(place) || close && !sources.slice(behind).contains('\n')
}

/// A finding for a script of which something that matters was not read.
pub(super) fn of_script(
    sources: &Sources,
    script: &Script,
    requests: &[Request],
    checks: &CheckOptions,
) -> Option<Finding> {
    let matters = |place: &&Span| {
        let text = sources.slice(**place).to_ascii_lowercase();
        COMMAND_WORDS.iter().any(|word| text.contains(word))
            || requests.iter().any(|request| is_of(sources, request.resource.span, **place))
    };
    let mut places: Vec<Span> = script.broken.iter().filter(matters).copied().collect();
    places.sort();
    places.dedup();
    pointed(sources.get(script.source), &places, "this script was not read whole", checks)
}

fn finding(loaded: &Loaded, file: &File, checks: &CheckOptions) -> Option<Finding> {
    let mut places = file.program.broken.clone();
    places.sort();
    places.dedup();
    let first = places.first()?;
    let what = match file.what {
        What::Template => "template",
        What::Parameters => "parameters file",
        What::State => "answer of Azure",
    };
    let why = file.problems.iter().find(|(span, _)| span.end >= first.start).or(file.problems.last());
    let message = match why {
        Some((_, why)) => format!("this {what} was not read whole: {why}"),
        None => format!("this {what} was not read whole"),
    };
    pointed(loaded.sources.get(first.source), &places, &message, checks)
}

/// A finding that points at what was not read.
fn pointed(source: &Source, places: &[Span], message: &str, checks: &CheckOptions) -> Option<Finding> {
    let (&first, others) = places.split_first()?;
    let mut finding = not_read_whole(first, message, checks)?;
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
