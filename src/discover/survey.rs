//! A large run in parts: files that have to do with each other are looked at together, and let go before the next.
//!
//! Every file is looked at once by its bytes ([`Look`]), and those that may name others are read for what they name.
//! Neither texts nor programs are kept. What leads nowhere that matters is looked at no further; the rest is dealt out
//! to [`Part`]s of bounded size, each of which holds all that its roots name. A file that several parts need is read
//! in each of them, and belongs to the first: only there it may be a root, and only there something is said of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use rayon::prelude::*;

use super::beside::{is_there, templates_beside};
use super::front::{Content, lower};
use super::load::{Deployments, Page, Wanted, references};
use super::look::{Look, Said, speaks_of_keys};
use super::modules::Modules;
use super::read::{Text, read};
use super::reference::resolve;
use super::walk::by_parts;
use super::{Came, Found, Kind, Metadata, Reader, Workspace};
use crate::arm::Extent;
use crate::finding::Diagnostic;
use crate::ir::{FileRef, RefKind};
use crate::text::{Source, Sources};

/// A part is full when its texts have so many bytes.
const FULL: usize = 1024 * 1024;

/// How many bytes of texts of parts are looked at side by side; a part of more is looked at alone.
const SIDE_BY_SIDE: usize = 8 * 1024 * 1024;

/// Files that the user named are one part up to so many bytes.
const NAMED: u64 = 4 * 1024 * 1024;
/// Texts of files that show what Azure has, in bytes: they are one estate and so of one part.
const ESTATE: usize = 16 * 1024 * 1024;

/// Whether files that the user named are so many bytes that they are divided into parts as a folder is.
pub fn fills_several_parts(reader: &dyn Reader, found: &[Found]) -> bool {
    let mut room = NAMED;
    !found.iter().all(|file| {
        let Ok(Metadata::File(length)) = reader.metadata(&file.path) else { return true };
        let left = room.checked_sub(length);
        room = left.unwrap_or_default();
        left.is_some()
    })
}

/// Files that are looked at together.
#[derive(Debug, Default)]
pub struct Part {
    /// In the order of their paths.
    pub found: Vec<Found>,
    /// Those that belong to it; `None` if all do.
    own: Option<HashSet<PathBuf>>,
    /// Of its texts, in bytes, if they were looked at.
    length: usize,
}

impl Part {
    /// Files that are all there is to look at.
    pub const fn whole(found: Vec<Found>) -> Self {
        Self { found, own: None, length: 0 }
    }

    /// Whether a file belongs to it.
    pub fn owns(&self, path: &Path) -> bool {
        self.own.as_ref().is_none_or(|own| own.contains(path))
    }
}

/// Parts that may be looked at at the same time, in their order.
pub fn side_by_side(mut parts: &[Part]) -> impl Iterator<Item = &[Part]> {
    std::iter::from_fn(move || {
        let mut length = 0;
        let fits = parts.iter().take_while(|part| {
            length += part.length;
            length <= SIDE_BY_SIDE
        });
        let group;
        (group, parts) = parts.split_at_checked(fits.count().max(1))?;
        Some(group)
    })
}

/// A run in parts.
#[derive(Debug, Default)]
pub struct Survey {
    /// What is looked at further.
    pub parts: Vec<Part>,
    /// Templates, parameters files and scripts that are not.
    pub quiet: Vec<Found>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Divides what was found into parts. `deployments` tells what the commands of a page deploy.
pub fn survey(
    reader: &dyn Reader,
    workspace: &Workspace,
    found: Vec<Found>,
    look: &Look,
    deployments: &Deployments<'_>,
) -> Survey {
    let modules = Modules::new(reader, workspace);
    let (nodes, by_path, diagnostics) =
        (Vec::with_capacity(found.len()), HashMap::with_capacity(found.len()), Vec::new());
    let mut graph = Graph { reader, workspace, look, deployments, modules, nodes, by_path, diagnostics };
    graph.grow(found.into_iter().map(Wanted::from).collect());
    graph.join_estate();
    graph.divide()
}

/// A file and what it leads to.
struct Node {
    file: Wanted,
    /// Of the text, in bytes.
    length: usize,
    /// What the look at it told; of a file that the user named, that it matters.
    said: Said,
    /// Whether it isn't looked at any further, since there is too much of its kind.
    left_out: bool,
    leads: Vec<Lead>,
}

#[derive(Clone, Copy)]
struct Lead {
    to: usize,
    how: How,
}

/// How a file leads to another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// It deploys it: the other isn't deployed for itself.
    Uses,
    /// They go together, as a template and its parameters.
    GoesWith,
    /// It takes names or texts from it.
    TakesFrom,
}

impl How {
    const fn of(kind: RefKind) -> Self {
        match kind {
            RefKind::Module | RefKind::LinkedUri | RefKind::Registry | RefKind::TemplateSpec => Self::Uses,
            RefKind::Parameters
            | RefKind::Extends
            | RefKind::Using
            | RefKind::Deployed
            | RefKind::DeployedParameters => Self::GoesWith,
            RefKind::Import | RefKind::Load => Self::TakesFrom,
        }
    }
}

/// What a look at a file gave.
enum Looked {
    Ours { length: usize, said: Said, leads: Vec<(Wanted, How)> },
    Refused(String),
    Foreign,
}

/// All files with what they lead to.
struct Graph<'a> {
    reader: &'a dyn Reader,
    workspace: &'a Workspace,
    look: &'a Look,
    deployments: &'a Deployments<'a>,
    modules: Modules<'a>,
    nodes: Vec<Node>,
    by_path: HashMap<PathBuf, usize>,
    diagnostics: Vec<Diagnostic>,
}

impl Graph<'_> {
    /// Takes files in and all that they name.
    fn grow(&mut self, mut files: Vec<Wanted>) {
        let mut leads: Vec<(usize, PathBuf, How)> = Vec::new();
        while !files.is_empty() {
            // What was found comes in the order of its paths. In no other order is a path found here that isn't there.
            let is_here = |path: &Path| files.binary_search_by(|file| by_parts(&file.path, path)).is_ok();
            let looked: Vec<Looked> = files.par_iter().map(|file| self.look_at(file, &is_here)).collect();
            for (file, looked) in std::mem::take(&mut files).into_iter().zip(looked) {
                match looked {
                    Looked::Ours { length, said, leads: own } => {
                        for (wanted, how) in own {
                            leads.push((self.nodes.len(), wanted.path.clone(), how));
                            files.push(wanted);
                        }
                        self.by_path.insert(file.path.clone(), self.nodes.len());
                        self.nodes.push(Node { file, length, said, left_out: false, leads: Vec::new() });
                    }
                    Looked::Refused(why) if file.came != Came::Referenced => {
                        let (file, message) = (self.workspace.name(&file.path), format!("was not read: {why}"));
                        self.diagnostics.push(Diagnostic { span: None, file, message });
                    }
                    Looked::Refused(_) | Looked::Foreign => {}
                }
            }
            let mut seen = HashSet::new();
            files.retain(|file| !self.by_path.contains_key(&file.path) && seen.insert(file.path.clone()));
        }
        for (from, path, how) in leads {
            if let Some(&to) = self.by_path.get(&path) {
                self.nodes[from].leads.push(Lead { to, how });
            }
        }
    }

    /// `is_here` finds paths among those that are being looked at: to ask the disk takes longer.
    fn look_at(&self, file: &Wanted, is_here: &dyn Fn(&Path) -> bool) -> Looked {
        let text = match read(self.reader, &file.path, file.kind, file.asked()) {
            Text::Whole(text) => text,
            Text::Refused(why) => return Looked::Refused(why),
            Text::Foreign => return Looked::Foreign,
        };
        let length = text.len();
        let Some(kind) = file.kind else {
            let said = Said { speaks_of_keys: speaks_of_keys(&text), ..Said::default() };
            return Looked::Ours { length, said, leads: Vec::new() };
        };
        let is_met = matches!(file.came, Came::Met | Came::Referenced);
        let said = self.look.at(kind, &text);
        let names = if said.names_others { self.names(kind, text, file) } else { Vec::new() };
        let leads = self.follow(&file.path, &names, is_here);
        Looked::Ours { length, said: Said { matters: !is_met || said.matters, ..said }, leads }
    }

    /// The files that a text names.
    fn names(&self, kind: Kind, text: String, file: &Wanted) -> Vec<FileRef> {
        let mut sources = Sources::default();
        let source = sources.add(Source::new("", file.path.clone(), text));
        match lower(kind, source, sources.get(source).text(), file.what, Extent::Links) {
            Some(Content::Program(lowered)) => references(&lowered.program),
            Some(Content::Page { scripts, templates, left_out }) => {
                let page = Page { source, kind, scripts, left_out, came: file.came };
                let deployed = (self.deployments)(&sources, &page).into_iter().flat_map(|deployed| deployed.files);
                templates.iter().flat_map(references).chain(deployed).collect()
            }
            None => Vec::new(),
        }
    }

    /// Files that show what Azure has are one estate.
    fn join_estate(&mut self) {
        let (mut last, mut length) = (None, 0);
        for (at, node) in self.nodes.iter_mut().enumerate().filter(|(_, node)| node.said.shows_estate) {
            if length + node.length > ESTATE {
                node.said.matters = false;
                node.left_out = true;
                let most = ESTATE / 1024 / 1024;
                let message =
                    format!("was not read: files that show what Azure has are larger than {most} MiB together");
                let file = self.workspace.name(&node.file.path);
                self.diagnostics.push(Diagnostic { span: None, file, message });
                continue;
            }
            length += node.length;
            node.leads.extend(last.replace(at).map(|to| Lead { to, how: How::GoesWith }));
        }
    }

    /// What a file leads to: what it names, and the templates beside it if it is a parameters file.
    fn follow(&self, path: &Path, names: &[FileRef], is_here: &dyn Fn(&Path) -> bool) -> Vec<(Wanted, How)> {
        let named = names.iter().filter_map(|reference| {
            let target = resolve(self.reader, self.workspace, path, &self.modules, reference).ok()?;
            Some((Wanted::by(reference, target), How::of(reference.kind)))
        });
        let beside = templates_beside(path, |path| is_here(path) || is_there(self.reader, path)).into_iter();
        let beside = beside.map(|template| {
            let kind = Kind::of(&template);
            (Wanted { kind, path: template, came: Came::Referenced, what: None }, How::GoesWith)
        });
        named.chain(beside).collect()
    }

    /// Deals out what may lead to a finding.
    fn divide(self) -> Survey {
        let mut ways: Vec<Vec<Lead>> = self.nodes.iter().map(|node| node.leads.clone()).collect();
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        let mut is_used = vec![false; self.nodes.len()];
        for (from, node) in self.nodes.iter().enumerate() {
            for lead in &node.leads {
                back[lead.to].push(from);
                is_used[lead.to] |= lead.how == How::Uses && lead.to != from;
                if lead.how == How::GoesWith {
                    ways[lead.to].push(Lead { to: from, how: How::GoesWith });
                }
            }
        }
        let led_to = |is_one: fn(&Said) -> bool| {
            reached((0..self.nodes.len()).filter(|&at| is_one(&self.nodes[at].said)), |at| back[at].clone())
        };
        let mut loud = led_to(|said| said.matters);
        let keys = led_to(|said| said.speaks_of_keys);
        loud.extend(led_to(|said| said.has_disks).intersection(&keys));
        let mut dealer =
            Dealer { nodes: &self.nodes, ways: &ways, dealt: HashSet::new(), parts: vec![Hand::default()] };
        let starts = |at: &usize| {
            let node = &self.nodes[*at];
            loud.contains(at) && !node.left_out && node.file.came != Came::Referenced
        };
        let is_first = |at: &usize| !is_used[*at] || self.nodes[*at].file.came == Came::Named;
        (0..self.nodes.len()).filter(starts).filter(is_first).for_each(|at| dealer.deal(at));
        // Those that only use each other.
        (0..self.nodes.len()).filter(starts).for_each(|at| dealer.deal(at));
        let parts = dealer.parts.iter().map(|hand| hand.part(&self.nodes)).collect();
        let is_quiet = |at: usize, node: &Node| {
            node.file.came != Came::Referenced && !node.left_out && !dealer.dealt.contains(&at)
        };
        let quiet = self.nodes.iter().enumerate().filter(|(at, node)| is_quiet(*at, node));
        let quiet = quiet.filter_map(|(_, node)| node.file.found()).collect();
        Survey { parts, quiet, diagnostics: self.diagnostics }
    }
}

/// Deals out files to parts.
struct Dealer<'n> {
    nodes: &'n [Node],
    ways: &'n [Vec<Lead>],
    /// Files that belong to a part.
    dealt: HashSet<usize>,
    /// The last is being filled.
    parts: Vec<Hand>,
}

/// The files of a part.
#[derive(Default)]
struct Hand {
    all: BTreeSet<usize>,
    own: HashSet<usize>,
    length: usize,
}

impl Dealer<'_> {
    /// Deals out a file with all that it leads to, if it doesn't belong to a part yet.
    fn deal(&mut self, start: usize) {
        if self.dealt.contains(&start) {
            return;
        }
        let of_how = |at: usize, deploys: bool| {
            let leads = self.ways[at].iter().filter(move |lead| !deploys || lead.how != How::TakesFrom);
            leads.map(|lead| lead.to).collect()
        };
        let own = reached([start].into_iter(), |at| of_how(at, true));
        let all = reached([start].into_iter(), |at| of_how(at, false));
        if self.parts.last().is_some_and(|hand| hand.length >= FULL) {
            self.parts.push(Hand::default());
        }
        let Some(hand) = self.parts.last_mut() else { return };
        hand.own.extend(own.into_iter().filter(|&at| self.dealt.insert(at)));
        for at in all {
            if hand.all.insert(at) {
                hand.length += self.nodes[at].length;
            }
        }
    }
}

impl Hand {
    fn part(&self, nodes: &[Node]) -> Part {
        Part {
            found: self.all.iter().filter_map(|&at| nodes[at].file.found()).collect(),
            own: Some(self.own.iter().map(|&at| nodes[at].file.path.clone()).collect()),
            length: self.length,
        }
    }
}

/// All that some files lead to, those included.
fn reached(from: impl Iterator<Item = usize>, leads: impl Fn(usize) -> Vec<usize>) -> HashSet<usize> {
    let mut pending: Vec<usize> = from.collect();
    let mut reached = HashSet::new();
    while let Some(at) = pending.pop() {
        if reached.insert(at) {
            pending.extend(leads(at));
        }
    }
    reached
}
