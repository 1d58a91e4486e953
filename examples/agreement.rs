//! Compares what Bicep files and the JSON compiled from them evaluate to:
//! `cargo run --release --example agreement -- [--json NAME] [--self-contained] FOLDER...`
//!
//! In every folder that holds `main.bicep` and `main.json` (or NAME) both are evaluated in one context, so that equal
//! means the same term. Prints every difference, then the shares: ids (scope, type, names), conditions, leaves of
//! bodies, and leaves that hold nothing the evaluator can't do. `--self-contained` passes over pairs that deploy modules
//! of a registry, which the JSON holds and the Bicep file doesn't.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what an example is for")]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use cmklint::discover::{Disk, Workspace, find, load};
use cmklint::eval::{Evaluation, Resource, Scenario, evaluate_in};
use cmklint::text::Span;
use cmklint::value::{Basis, Context, Element, Kind, Term, TermId, Value, Why, equal_text, term_to_json, to_json};

#[derive(Default)]
struct Tally {
    pairs: usize,
    resources: usize,
    ids: usize,
    conditions: usize,
    leaves: usize,
    equal_leaves: usize,
    supported_leaves: usize,
}

fn main() {
    let mut json_name = "main.json".to_owned();
    let mut self_contained = false;
    let mut folders = Vec::new();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--json" {
            json_name = args.next().unwrap_or(json_name);
        } else if arg == "--self-contained" {
            self_contained = true;
        } else {
            folders.push(PathBuf::from(arg));
        }
    }
    // Deep templates need more stack than a thread has by default.
    let work = std::thread::Builder::new().stack_size(256 << 20).spawn(move || {
        let mut tally = Tally::default();
        for folder in folders {
            for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().flatten() {
                let folder = entry.path();
                if entry.file_type().is_dir() && folder.join("main.bicep").exists() && folder.join(&json_name).exists()
                {
                    pair(folder, &json_name, self_contained, &mut tally);
                }
            }
        }
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        println!(
            "{} pairs, {} resources: ids {:.3} %, conditions {:.3} %, leaves {:.3} % of {}, supported {:.3} %",
            tally.pairs,
            tally.resources,
            share(tally.ids, tally.resources),
            share(tally.conditions, tally.resources),
            share(tally.equal_leaves, tally.leaves),
            tally.leaves,
            share(tally.supported_leaves, tally.leaves),
        );
    });
    if let Ok(work) = work {
        let _ = work.join();
    }
}

fn pair(folder: &Path, json_name: &str, self_contained: bool, tally: &mut Tally) {
    let reader = Disk;
    let Ok(mut workspace) = Workspace::around(&reader, folder) else { return };
    let paths = [folder.join("main.bicep"), folder.join(json_name)];
    let Ok((found, _)) = find(&reader, &mut workspace, &paths) else { return };
    let loaded = load(&reader, &workspace, found, &[], &|_, _| Vec::new());
    let program = |name: &str| {
        loaded
            .files
            .iter()
            .find(|file| loaded.sources.get(file.source).path().ends_with(name))
            .map(|file| &file.program)
    };
    let (Some(bicep), Some(json)) = (program("main.bicep"), program(json_name)) else {
        println!("{}: could not be read", folder.display());
        return;
    };
    let scenario = Scenario::default();
    let mut one = evaluate_in(Context::new(), &loaded.library, bicep, &scenario, |_| true);
    if self_contained && one.notes.iter().any(|note| note.message.contains("it lies in a registry")) {
        return;
    }
    let context = std::mem::take(&mut one.context);
    let two = evaluate_in(context, &loaded.library, json, &scenario, |_| true);
    tally.pairs += 1;
    compare(folder, &one, &two, tally);
}

/// What a resource is matched by: the deployments around it, its id, and how many of the same came before.
fn key(resource: &Resource, seen: &mut HashMap<(usize, TermId), usize>) -> (usize, TermId, usize) {
    let place = (resource.calls.len(), resource.id_term);
    let count = seen.entry(place).or_default();
    *count += 1;
    (place.0, place.1, *count)
}

fn compare(folder: &Path, one: &Evaluation, two: &Evaluation, tally: &mut Tally) {
    let context = &two.context;
    let mut seen = HashMap::new();
    let theirs: HashMap<_, &Resource> =
        two.resources.iter().map(|resource| (key(resource, &mut seen), resource)).collect();
    let mut seen = HashMap::new();
    let ours: Vec<_> = one.resources.iter().map(|resource| (key(resource, &mut seen), resource)).collect();
    // Which nested template a module was compiled to, by what is deployed in both.
    let twins: HashMap<&[Span], &[Span]> = ours
        .iter()
        .filter_map(|(key, resource)| Some((&*resource.calls, &*theirs.get(key)?.calls)))
        .collect();
    let keep_existing: HashSet<&[Span]> =
        two.resources.iter().filter(|resource| resource.existing).map(|resource| &*resource.calls).collect();
    let mut met = HashSet::new();
    for (key, resource) in &ours {
        let twin = twins.get(&*resource.calls);
        if resource.existing && !theirs.contains_key(key) && twin.is_some_and(|calls| !keep_existing.contains(calls)) {
            continue;
        }
        tally.resources += 1;
        let name = format!("{}: {} {}", folder.display(), resource.ty.shown(), resource.name.shown());
        let Some(other) = theirs.get(key) else {
            println!("{name}: id not found: {}", term_to_json(context, resource.id_term));
            let alike = |other: &&Resource| {
                other.calls.len() == resource.calls.len() && other.ty.shown() == resource.ty.shown()
            };
            if let Some(other) = two.resources.iter().find(alike) {
                parts_that_differ(context, resource.id_term, other.id_term);
            }
            continue;
        };
        met.insert(*key);
        tally.ids += 1;
        let sorted = |conditions: &[TermId]| {
            let mut sorted = conditions.to_vec();
            sorted.sort_unstable();
            sorted
        };
        if sorted(&resource.conditions) == sorted(&other.conditions) {
            tally.conditions += 1;
        } else {
            println!("{name}: conditions differ");
            for (a, b) in sorted(&resource.conditions).into_iter().zip(sorted(&other.conditions)) {
                parts_that_differ(context, a, b);
            }
        }
        leaves(context, &resource.body, &other.body, String::new(), &name, tally);
    }
    for (key, resource) in &theirs {
        if !met.contains(key) {
            let id = term_to_json(context, resource.id_term);
            println!("{}: {} {}: only in JSON: {id}", folder.display(), resource.ty.shown(), resource.name.shown());
        }
    }
}

fn leaves(context: &Context, a: &Value, b: &Value, path: String, name: &str, tally: &mut Tally) {
    match (&a.kind, &b.kind) {
        (Kind::Object(x), Kind::Object(y)) => {
            for member in &x.members {
                let key = member.key.text();
                let other = y.members.iter().find(|other| other.key.text() == key && key.is_some());
                let inner = format!("{path}.{}", member.key.shown());
                match other {
                    Some(other) => leaves(context, &member.value, &other.value, inner, name, tally),
                    None if key.is_some() => differ(context, &member.value, None, &inner, name, tally),
                    None => {}
                }
            }
        }
        (Kind::Array(x), Kind::Array(y)) if x.len() == y.len() => {
            for (at, (x, y)) in x.iter().zip(y.iter()).enumerate() {
                let (Element::One(x) | Element::Many(x), Element::One(y) | Element::Many(y)) = (x, y);
                leaves(context, x, y, format!("{path}[{at}]"), name, tally);
            }
        }
        _ => {
            tally.leaves += 1;
            tally.supported_leaves += usize::from(!is_unsupported(context, a) && !is_unsupported(context, b));
            if same(context, a, b) {
                tally.equal_leaves += 1;
            } else {
                tally.leaves -= 1;
                tally.supported_leaves -= usize::from(!is_unsupported(context, a) && !is_unsupported(context, b));
                differ(context, a, Some(b), &path, name, tally);
            }
        }
    }
}

/// The same term; of strings also what differs by case alone, since the compiler spells types its own way.
fn same(context: &Context, a: &Value, b: &Value) -> bool {
    a.term == b.term
        || matches!((a.as_str(), b.as_str()), (Some(x), Some(y)) if {
            let verdict = equal_text(context, x, y);
            verdict.is_yes() && verdict.basis == Basis::Fixed
        })
}

fn differ(context: &Context, a: &Value, b: Option<&Value>, path: &str, name: &str, tally: &mut Tally) {
    tally.leaves += 1;
    tally.supported_leaves += 1;
    let cut = |shown: serde_json::Value| shown.to_string().chars().take(300).collect::<String>();
    let shown = |value: &Value| cut(to_json(context, value));
    println!("{name}: {path}: {} <> {}", shown(a), b.map_or("absent".to_owned(), shown));
    if let Some(b) = b {
        parts_that_differ(context, a.term, b.term);
    }
}

/// How many parts of a term are shown.
const PARTS: usize = 3;

/// Prints the smallest parts in which two terms differ.
fn parts_that_differ(context: &Context, a: TermId, b: TermId) {
    let mut pending = vec![(a, b)];
    let mut shown = 0;
    while let Some((a, b)) = pending.pop() {
        let parts = |term: TermId| {
            let mut parts = Vec::new();
            context.get(term).each_part(|part| parts.push(part));
            parts
        };
        let (x, y) = (parts(a), parts(b));
        let alike = std::mem::discriminant(context.get(a)) == std::mem::discriminant(context.get(b));
        if alike && x.len() == y.len() && !x.is_empty() && x != y {
            pending.extend(x.into_iter().zip(y).filter(|(x, y)| x != y).rev());
            continue;
        }
        let cut = |term: TermId| term_to_json(context, term).to_string().chars().take(400).collect::<String>();
        println!("    {} <> {}", cut(a), cut(b));
        shown += 1;
        if shown == PARTS {
            return;
        }
    }
}

/// Whether a value is unknown because the evaluator can't do something.
fn is_unsupported(context: &Context, value: &Value) -> bool {
    let by_reason =
        matches!(value.kind, Kind::Unknown { why: Why::Unsupported | Why::Error | Why::Limit | Why::Cycle, .. });
    by_reason || matches!(context.get(value.term), Term::Fresh(_))
}
