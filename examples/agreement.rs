//! Compares what Bicep files and the JSON compiled from them evaluate to:
//! `cargo run --release --example agreement -- [--json NAME] [--self-contained] FOLDER...`
//!
//! In every folder that holds `main.bicep` and `main.json` (or NAME) both are evaluated in one context, so that equal
//! means the same term. Prints every difference with the smallest parts in which the terms differ, then the shares: ids
//! (scope, type, names), conditions, leaves of bodies, and leaves that hold nothing the evaluator can't do.
//!
//! What is no pair, or not compared:
//! - JSON that the compiler of Bicep didn't write (`metadata._generator`), and baselines that it refuses (`Invalid…`).
//! - With `--self-contained`, pairs that deploy modules of a registry, which the JSON holds and the Bicep file doesn't.
//! - Pairs of which one side is older than the other, listed in `agreement.txt` with a line that tells.
//! - Existing resources of templates of language version 1, in which the compiler leaves them out.
//! - Resources of extensions, which are none of Azure: the compiler gives them generated names and wraps their bodies.
//!
//! Where the JSON says that line ends were `\r\n` when it was compiled, the Bicep files are read so. Differences that
//! can't be mended are listed in `agreement.txt` by class and reason, and counted apart.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what an example is for")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use cmklint::discover::{Disk, Given, Metadata, Reader, Settings, Walk, Workspace, find, load};
use cmklint::eval::{Evaluation, Resource, Scenario, evaluate_in};
use cmklint::text::Span;
use cmklint::value::{Basis, Context, Element, Kind, Term, TermId, Value, Why, equal_text, term_to_json, to_json};

/// What the compiler writes at the top of a resource that the Bicep file says otherwise, or not at all: the scope, which
/// is compared as a part of the id, the text of a decorator, the extension of Azure itself.
const WRITTEN: [&str; 4] = ["subscriptionId", "resourceGroup", "metadata", "extension"];

/// What is known of pairs; see its head.
const KNOWN: &str = include_str!("agreement.txt");

#[derive(Default)]
struct Tally {
    pairs: usize,
    stale: usize,
    /// Differences that are listed as exceptions, by class.
    excepted: BTreeMap<&'static str, usize>,
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
        for root in folders {
            for entry in walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().flatten() {
                let folder = entry.path();
                if entry.file_type().is_dir() && is_pair(folder, &json_name) {
                    pair(&root, folder, &json_name, self_contained, &mut tally);
                }
            }
        }
        let share = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
        let excepted: Vec<String> = tally.excepted.iter().map(|(class, count)| format!("{count} {class}")).collect();
        println!("{} stale pairs left out; differences excepted: {}", tally.stale, excepted.join(", "));
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

/// Whether a folder holds a file of Bicep and what was compiled from it: not of a baseline that the compiler refuses.
fn is_pair(folder: &Path, json_name: &str) -> bool {
    let invalid = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with("Invalid"));
    let compiled = || {
        let json: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join(json_name)).ok()?).ok()?;
        json.pointer("/metadata/_generator/name").map(|name| name == "bicep")
    };
    !invalid && folder.join("main.bicep").exists() && compiled() == Some(true)
}

/// Whether a resource is one of an extension and none of Azure: the compiler writes those in a form of their own.
fn is_of_extension(resource: &Resource) -> bool {
    let ty = resource.ty.shown();
    let namespace = ty.split('/').next().unwrap_or_default();
    !namespace.contains(['.', '…']) || namespace.eq_ignore_ascii_case("Microsoft.Graph")
}

/// The lines of one kind in the list, each in its fields.
fn known(kind: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = KNOWN.lines().map(|line| line.split(" | ").collect::<Vec<_>>());
    lines.filter(move |fields| fields.first() == Some(&kind))
}

fn is_stale(folder: &Path) -> bool {
    known("stale").any(|fields| fields.get(1).is_some_and(|path| folder.ends_with(path)))
}

/// The class under which a difference is listed: in a folder, at a type or path of this text.
fn exception(name: &str, path: &str) -> Option<&'static str> {
    let folder = Path::new(name.split(": ").next().unwrap_or_default());
    known("except").find_map(|fields| {
        let [_, class, listed, at] = *fields.as_slice() else { return None };
        (folder.ends_with(listed) && (path.starts_with(at) || name.contains(at))).then_some(class)
    })
}

/// The file system with other line ends: texts that were compiled where `git` turns them.
struct Turned {
    crlf: bool,
}

impl Reader for Turned {
    fn metadata(&self, path: &Path) -> std::io::Result<Metadata> {
        Disk.metadata(path)
    }

    fn canonical(&self, path: &Path) -> std::io::Result<PathBuf> {
        Disk.canonical(path)
    }

    fn read(&self, path: &Path, at_most: u64) -> std::io::Result<Vec<u8>> {
        let bytes = Disk.read(path, at_most)?;
        let is_json = path.extension().is_some_and(|extension| extension == "json");
        match String::from_utf8(bytes) {
            Ok(text) if self.crlf && !is_json => Ok(text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()),
            Ok(text) => Ok(text.into_bytes()),
            Err(other) => Ok(other.into_bytes()),
        }
    }

    fn list(&self, folder: &Path) -> std::io::Result<Vec<PathBuf>> {
        Disk.list(folder)
    }
}

fn pair(root: &Path, folder: &Path, json_name: &str, self_contained: bool, tally: &mut Tally) {
    if is_stale(folder) {
        tally.stale += 1;
        return;
    }
    let compiled = std::fs::read_to_string(folder.join(json_name)).unwrap_or_default();
    let reader = Turned { crlf: compiled.contains("\\r\\n") };
    let Ok(workspace) = Workspace::around(&reader, root) else { return };
    let paths = [folder.join("main.bicep"), folder.join(json_name)];
    let Ok(Walk { workspace, found, .. }) = find(&reader, workspace, &paths) else { return };
    let given = Given { typed: &[], settings: &Settings::default() };
    let loaded = load(&reader, &workspace, found, given, &|_, _| Vec::new());
    let program = |path: &Path| {
        let path = reader.canonical(path).ok()?;
        let file = loaded.files.iter().find(|file| loaded.sources.get(file.source).path() == path)?;
        Some(&file.program)
    };
    let (Some(bicep), Some(json)) = (program(&paths[0]), program(&paths[1])) else {
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
    let of_azure = one.resources.iter().filter(|resource| !is_of_extension(resource));
    let ours: Vec<_> = of_azure.map(|resource| (key(resource, &mut seen), resource)).collect();
    // Which nested template a module was compiled to, by what is deployed in both.
    let twins: HashMap<&[Span], &[Span]> =
        ours.iter().filter_map(|(key, resource)| Some((&*resource.calls, &*theirs.get(key)?.calls))).collect();
    let keep_existing: HashSet<&[Span]> =
        two.resources.iter().filter(|resource| resource.existing).map(|resource| &*resource.calls).collect();
    let mut met = HashSet::new();
    let mut lost = 0;
    for (key, resource) in &ours {
        let twin = twins.get(&*resource.calls);
        if resource.existing && !theirs.contains_key(key) && twin.is_some_and(|calls| !keep_existing.contains(calls)) {
            continue;
        }
        tally.resources += 1;
        let name = format!("{}: {} {}", folder.display(), resource.ty.shown(), resource.name.shown());
        let Some(other) = theirs.get(key) else {
            lost += 1;
            if let Some(class) = exception(&name, "id") {
                *tally.excepted.entry(class).or_default() += 1;
                tally.resources -= 1;
                continue;
            }
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
    let more = theirs.iter().filter(|(key, resource)| !met.contains(*key) && !is_of_extension(resource)).count();
    tally.resources += more.saturating_sub(lost);
    for (key, resource) in &theirs {
        if !met.contains(key) && !is_of_extension(resource) {
            let id = term_to_json(context, resource.id_term);
            let name = format!("{}: {} {}", folder.display(), resource.ty.shown(), resource.name.shown());
            if exception(&name, "id").is_none() {
                println!("{name}: only in JSON: {id}");
            }
        }
    }
}

fn leaves(context: &Context, a: &Value, b: &Value, path: String, name: &str, tally: &mut Tally) {
    match (&a.kind, &b.kind) {
        (Kind::Object(x), Kind::Object(y)) => {
            let is_module = name.contains(": Microsoft.Resources/deployments ");
            for member in &x.members {
                let key = member.key.text();
                let other = y.members.iter().find(|other| other.key.text() == key && key.is_some());
                let inner = format!("{path}.{}", member.key.shown());
                match other {
                    Some(other) => leaves(context, &member.value, &other.value, inner, name, tally),
                    None if key.is_some() => differ(context, Some(&member.value), None, &inner, name, tally),
                    None => {}
                }
            }
            for member in &y.members {
                let key = member.key.text();
                let is_written = path.is_empty() && key.as_deref().is_some_and(|key| WRITTEN.contains(&key));
                // Nor does it say where the deployment of a module lies.
                let is_place = path.is_empty() && is_module && key.as_deref() == Some("location");
                if key.is_some() && !is_written && !is_place && !x.members.iter().any(|other| other.key.text() == key) {
                    let inner = format!("{path}.{}", member.key.shown());
                    differ(context, None, Some(&member.value), &inner, name, tally);
                }
            }
        }
        (Kind::Array(x), Kind::Array(y)) if x.len() == y.len() => {
            for (at, (x, y)) in x.iter().zip(y.iter()).enumerate() {
                let (Element::One(x) | Element::Many(x), Element::One(y) | Element::Many(y)) = (x, y);
                leaves(context, x, y, format!("{path}[{at}]"), name, tally);
            }
        }
        _ if same(context, a, b) => {
            tally.leaves += 1;
            tally.equal_leaves += 1;
            tally.supported_leaves += usize::from(!is_unsupported(context, a) && !is_unsupported(context, b));
        }
        _ => differ(context, Some(a), Some(b), &path, name, tally),
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

fn differ(context: &Context, a: Option<&Value>, b: Option<&Value>, path: &str, name: &str, tally: &mut Tally) {
    if let Some(class) = exception(name, path) {
        *tally.excepted.entry(class).or_default() += 1;
        return;
    }
    tally.leaves += 1;
    tally.supported_leaves += usize::from(![a, b].into_iter().flatten().any(|value| is_unsupported(context, value)));
    let shown = |value: Option<&Value>| match value {
        Some(value) => to_json(context, value).to_string().chars().take(300).collect::<String>(),
        None => "absent".to_owned(),
    };
    println!("{name}: {path}: {} <> {}", shown(a), shown(b));
    if let (Some(a), Some(b)) = (a, b) {
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
