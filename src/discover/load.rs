//! All files of a run, those included that other files name, and where each of these references leads.
//!
//! Files are read and lowered in rounds: first what was found, then what that names, until nothing new is named.
//! Within a round the work is parallel; the order of files, and with it everything that follows, is not left to the
//! threads. A file is read once, however often it is named.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use rayon::prelude::*;

use super::beside::{is_there, parameters_beside, templates_beside};
use super::front::{Content, What, lower};
use super::modules::Modules;
use super::read::{Asked, Text, read};
use super::reference::resolve;
use super::{Found, Kind, Reader, Settings, Workspace};
use crate::arm::Extent;
use crate::finding::Diagnostic;
use crate::ir::script::Script;
use crate::ir::{self, FileRef, Library, Program, RefKind, Template, UnitKind};
use crate::text::{Source, SourceId, Sources, Span};

/// A file that is a template or a parameters file.
#[derive(Debug)]
pub struct File {
    /// Its text.
    pub source: SourceId,
    /// By its name.
    pub kind: Kind,
    /// By its content.
    pub what: What,
    /// Lowered.
    pub program: Arc<Program>,
    /// What could not be read of it, in source order.
    pub problems: Vec<(Span, String)>,
    /// How it came into the run.
    pub came: Came,
}

/// A file with scripts.
#[derive(Debug)]
pub struct Page {
    /// Its text.
    pub source: SourceId,
    /// By its name.
    pub kind: Kind,
    /// In the order in which they stand there.
    pub scripts: Vec<Script>,
    /// The first script or template in it that was not read: those before it are as much as is read in one file.
    pub left_out: Option<Span>,
    /// How it came into the run.
    pub came: Came,
}

impl Page {
    /// Whether its scripts are typed into one session, one after the other. Steps of a pipeline are not.
    pub fn is_one_session(&self) -> bool {
        self.kind == Kind::Markdown
    }
}

/// How a file came into a run. The derived order is by how much the user meant it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Came {
    /// Another file names it.
    Referenced,
    /// It lies beside a template that the user named, and may hold parameters for it.
    Beside,
    /// It may use what the user named, and was looked for as such.
    User,
    /// The user named a folder that holds it.
    Met,
    /// The user gave it with `--parameters`.
    AsParameters,
    /// The user named it.
    Named,
}

/// The files of one command that deploys a template.
#[derive(Clone, Debug)]
pub struct Deployed {
    /// The template, if the command names it, and parameters files.
    pub files: Vec<FileRef>,
    /// Whether it may give other values to parameters than it says.
    pub open: bool,
}

/// Parameters files that are given beside what was found.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// With `--parameters`, canonical.
    pub typed: &'a [PathBuf],
    /// By path.
    pub settings: &'a Settings,
}

/// What the commands of a page deploy.
pub type Deployments<'a> = dyn Fn(&Sources, &Page) -> Vec<Deployed> + Sync + 'a;

/// All that was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// All texts.
    pub sources: Sources,
    /// Where references lead.
    pub library: Library,
    /// Templates and parameters files, in the order of their sources.
    pub files: Vec<File>,
    /// Files with scripts, in the order of their sources.
    pub pages: Vec<Page>,
    /// Which file (by index) refers to which as what.
    pub references: Vec<(usize, usize, RefKind)>,
    /// Parameters files (by index) and the templates that lie beside them.
    pub beside: Vec<(usize, usize)>,
    /// Parameters files (by index) and the templates that settings give them to.
    pub by_settings: Vec<(usize, usize)>,
    /// Templates and parameters files (by index) that commands of scripts deploy, and whether all that one of these
    /// commands gives to the template's parameters is known.
    pub deployed: BTreeMap<usize, bool>,
    /// What was passed over.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads what was found and all that it names. `deployments` tells what the commands of a page deploy.
pub fn load(
    reader: &dyn Reader,
    workspace: &Workspace,
    found: Vec<Found>,
    given: Given<'_>,
    deployments: &Deployments<'_>,
) -> Loaded {
    load_beside(reader, workspace, found, given, deployments, &Sources::default())
}

/// The same beside other texts: places in these and in the new ones can't be taken for each other.
pub fn load_beside(
    reader: &dyn Reader,
    workspace: &Workspace,
    found: Vec<Found>,
    given: Given<'_>,
    deployments: &Deployments<'_>,
    others: &Sources,
) -> Loaded {
    let modules = Modules::new(reader, workspace);
    let loaded = Loaded { sources: Sources::beside(others), ..Loaded::default() };
    let mut loader = Loader { reader, workspace, modules, known: HashMap::new(), loaded };
    let beside = parameters_beside(reader, &found);
    let mut wanted: Vec<Wanted> = found.into_iter().chain(beside).map(Wanted::from).collect();
    wanted.extend(given.typed.iter().map(|path| Wanted {
        path: path.clone(),
        kind: Kind::of(path).or(Some(Kind::Json)),
        came: Came::AsParameters,
        what: Some(What::Parameters),
    }));
    loader.admit(wanted);
    let templates = loader.admit_templates_beside();
    let deployed = loader.admit_deployed(deployments);
    let by_settings = loader.admit_by_settings(given.settings);
    let mut from = 0;
    while from < loader.loaded.files.len() {
        from = loader.follow(from);
    }
    loader.pair(&templates);
    loader.pair_by_settings(by_settings);
    loader.lead_to_deployed(deployed);
    loader.loaded.diagnostics.sort();
    loader.loaded.diagnostics.dedup();
    loader.loaded
}

/// A file to be read.
pub(super) struct Wanted {
    pub(super) path: PathBuf,
    /// `None` if only its text is asked for.
    pub(super) kind: Option<Kind>,
    pub(super) came: Came,
    /// What it is taken for; `None` leaves it to the file.
    pub(super) what: Option<What>,
}

impl From<Found> for Wanted {
    fn from(file: Found) -> Self {
        Self { path: file.path, kind: Some(file.kind), came: file.came, what: None }
    }
}

impl Wanted {
    /// What a reference asks for.
    pub(super) fn by(reference: &FileRef, path: PathBuf) -> Self {
        let kind = if reference.kind == RefKind::Load { None } else { Kind::of(&path) };
        Self { path, kind, came: Came::Referenced, what: taken_for(reference.kind) }
    }

    /// The file as it was found; `None` if another names it.
    pub(super) fn found(&self) -> Option<Found> {
        let kind = self.kind.filter(|_| self.came != Came::Referenced)?;
        Some(Found { path: self.path.clone(), kind, came: self.came })
    }

    pub(super) const fn asked(&self) -> Asked {
        if matches!(self.came, Came::Met | Came::Beside | Came::User) { Asked::Met } else { Asked::ByName }
    }
}

/// What is known of a path.
#[derive(Default)]
struct Known {
    source: Option<SourceId>,
    file: Option<usize>,
    /// Whether it was looked at.
    read: bool,
    /// Why it wasn't read.
    refused: Option<Arc<str>>,
    /// Whether it was met and doesn't concern us, so that its text wasn't kept.
    foreign: bool,
    /// Whether it was looked at as a program.
    lowered: bool,
}

struct Loader<'a> {
    reader: &'a dyn Reader,
    workspace: &'a Workspace,
    modules: Modules<'a>,
    known: HashMap<PathBuf, Known>,
    loaded: Loaded,
}

impl Loader<'_> {
    /// Reads files that were not read yet and lowers them.
    fn admit(&mut self, wanted: Vec<Wanted>) {
        self.read_all(&wanted);
        let mut pending: BTreeMap<SourceId, Wanted> = BTreeMap::new();
        for wanted in wanted {
            let Some(known) = self.known.get_mut(&wanted.path) else { continue };
            if let Some(file) = known.file.and_then(|file| self.loaded.files.get_mut(file)) {
                file.came = file.came.max(wanted.came);
            } else if let (Some(source), Some(_), false) = (known.source, wanted.kind, known.lowered) {
                known.lowered = true;
                pending.insert(source, wanted);
            }
        }
        let sources = &self.loaded.sources;
        let pending: Vec<(SourceId, Wanted)> = pending.into_iter().collect();
        let lowered: Vec<_> = pending
            .into_par_iter()
            .filter_map(|(source, wanted)| {
                let kind = wanted.kind?;
                let lowered = lower(kind, source, sources.get(source).text(), wanted.what, Extent::Whole);
                Some((source, kind, wanted, lowered))
            })
            .collect();
        for (source, kind, wanted, lowered) in lowered {
            let lowered = match lowered {
                Some(Content::Program(lowered)) => *lowered,
                Some(Content::Page { scripts, templates, left_out }) => {
                    self.loaded.pages.push(Page { source, kind, scripts, left_out, came: wanted.came });
                    self.loaded.files.extend(templates.into_iter().map(|program| File {
                        source,
                        kind,
                        what: What::Template,
                        program: Arc::new(program),
                        problems: Vec::new(),
                        came: wanted.came,
                    }));
                    continue;
                }
                None => {
                    self.say_what_is_foreign(&wanted);
                    continue;
                }
            };
            if let Some(known) = self.known.get_mut(&wanted.path) {
                known.file = Some(self.loaded.files.len());
            }
            self.loaded.files.push(File {
                source,
                kind,
                what: lowered.what,
                program: Arc::new(lowered.program),
                problems: lowered.problems,
                came: wanted.came,
            });
        }
    }

    fn read_all(&mut self, wanted: &[Wanted]) {
        let mut new: Vec<&Wanted> = Vec::new();
        for file in wanted {
            let known = self.known.entry(file.path.clone()).or_default();
            // What was passed over when it was met is looked at again when it is asked for by name.
            let again = known.foreign && file.asked() == Asked::ByName;
            if !known.read || again {
                (known.read, known.foreign, known.refused) = (true, false, None);
                new.push(file);
            }
        }
        let reader = self.reader;
        let texts: Vec<Text> = new.par_iter().map(|file| read(reader, &file.path, file.kind, file.asked())).collect();
        for (file, text) in new.into_iter().zip(texts) {
            let known = self.known.entry(file.path.clone()).or_default();
            let name = self.workspace.name(&file.path);
            match text {
                Text::Whole(text) => {
                    known.source = Some(self.loaded.sources.add(Source::new(name, file.path.clone(), text)));
                }
                Text::Refused(why) => {
                    if !matches!(file.came, Came::Referenced | Came::User) {
                        let message = format!("was not read: {why}");
                        self.loaded.diagnostics.push(Diagnostic { span: None, file: name, message });
                    }
                    known.refused = Some(why.into());
                }
                Text::Foreign => known.foreign = true,
            }
        }
    }

    /// A file that the user named is worth a word even if there is nothing to it.
    fn say_what_is_foreign(&mut self, wanted: &Wanted) {
        if wanted.came == Came::Named {
            let file = self.workspace.name(&wanted.path);
            let message = "is neither a template nor a parameters file, nor does it show what Azure has".to_owned();
            self.loaded.diagnostics.push(Diagnostic { span: None, file, message });
        }
    }

    /// Reads the templates beside the parameters files that the user meant, and says where they may be.
    fn admit_templates_beside(&mut self) -> Vec<(usize, Vec<PathBuf>)> {
        let mut pairs = Vec::new();
        let mut wanted = Vec::new();
        for (index, file) in self.loaded.files.iter().enumerate() {
            if file.what != What::Parameters || file.program.using.is_some() {
                continue;
            }
            let path = self.loaded.sources.get(file.source).path();
            let exists = |path: &PathBuf| {
                self.known.contains_key(path) || file.came != Came::Beside && is_there(self.reader, path)
            };
            let group = templates_beside(path, exists);
            if group.is_empty() {
                continue;
            }
            wanted.extend(group.iter().map(|path| Wanted {
                path: path.clone(),
                kind: Kind::of(path),
                came: Came::Referenced,
                what: None,
            }));
            pairs.push((index, group));
        }
        self.admit(wanted);
        pairs
    }

    /// Reads the files that commands deploy; gives those of each command, and whether it is open.
    fn admit_deployed(&mut self, deployments: &Deployments<'_>) -> Vec<(Vec<Target>, bool)> {
        let sources = &self.loaded.sources;
        let named: Vec<(SourceId, Vec<Deployed>)> =
            self.loaded.pages.par_iter().map(|page| (page.source, deployments(sources, page))).collect();
        let mut all = Vec::new();
        for (source, deployed) in named {
            let path = self.loaded.sources.get(source).path();
            for Deployed { files, open } in deployed {
                let targets = files.into_iter().map(|reference| {
                    let target = resolve(self.reader, self.workspace, path, &self.modules, &reference);
                    (source, reference, target)
                });
                all.push((targets.collect::<Vec<Target>>(), open));
            }
        }
        for (targets, _) in &all {
            self.admit_targets(targets);
        }
        all
    }

    /// Says what commands deploy, once all is read.
    fn lead_to_deployed(&mut self, deployed: Vec<(Vec<Target>, bool)>) {
        for (targets, mut open) in deployed {
            let mut files = Vec::new();
            for (source, reference, target) in targets {
                let loaded = target.map_err(Arc::from).and_then(|path| self.program_at(&path));
                open |= loaded.is_err();
                files.extend(loaded.as_ref().ok().copied());
                let loaded = loaded.map(|index| ir::Loaded::Program(Arc::clone(&self.loaded.files[index].program)));
                self.loaded.library.insert(source, &reference, loaded);
            }
            let references = &self.loaded.references;
            let using = references.iter().filter(|(from, _, kind)| *kind == RefKind::Using && files.contains(from));
            let using: Vec<usize> = using.map(|(_, to, _)| *to).collect();
            for file in files.into_iter().chain(using) {
                *self.loaded.deployed.entry(file).or_default() |= !open;
            }
        }
    }

    /// Reads the parameters files that settings give to templates; gives which they are, with these (by index).
    fn admit_by_settings(&mut self, settings: &Settings) -> Vec<(PathBuf, usize)> {
        let mut pairs = Vec::new();
        for (index, file) in self.loaded.files.iter().enumerate() {
            let path = self.loaded.sources.get(file.source).path();
            // Templates inside a page are not deployed by its path.
            let is_whole = self.known.get(path).is_some_and(|known| known.file == Some(index));
            if file.what == What::Template && is_whole {
                let named = settings.of(path).map(|config| config.parameters_files_for(path)).unwrap_or_default();
                // At an earlier time there may have been none.
                let paths = named.iter().map(|named| &named.path).filter(|path| is_there(self.reader, path));
                pairs.extend(paths.map(|path| (path.clone(), index)));
            }
        }
        let wanted = pairs.iter().map(|(path, _)| Wanted {
            path: path.clone(),
            kind: Kind::of(path).or(Some(Kind::Json)),
            came: Came::Referenced,
            what: Some(What::Parameters),
        });
        self.admit(wanted.collect());
        pairs
    }

    fn pair_by_settings(&mut self, pairs: Vec<(PathBuf, usize)>) {
        for (path, template) in pairs {
            let found = self.program_at(&path);
            let is_one =
                |index: &usize| self.loaded.files.get(*index).is_some_and(|file| file.what == What::Parameters);
            match found
                .and_then(|index| Some(index).filter(is_one).ok_or_else(|| Arc::from("it is no parameters file")))
            {
                Ok(index) => self.loaded.by_settings.push((index, template)),
                Err(why) => {
                    let message = format!("settings give it to templates, but it was not read: {why}");
                    let file = self.workspace.name(&path);
                    self.loaded.diagnostics.push(Diagnostic { span: None, file, message });
                }
            }
        }
    }

    fn pair(&mut self, pairs: &[(usize, Vec<PathBuf>)]) {
        for (parameters, templates) in pairs {
            for template in templates {
                if let Some(file) = self.known.get(template).and_then(|known| known.file) {
                    self.loaded.beside.push((*parameters, file));
                }
            }
        }
    }

    /// Reads what the files from `from` on name; gives where the files that came with it begin.
    fn follow(&mut self, from: usize) -> usize {
        let end = self.loaded.files.len();
        let mut targets: Vec<Target> = Vec::new();
        let mut holders = Vec::new();
        for index in from..end {
            let Some(file) = self.loaded.files.get(index) else { continue };
            let path = self.loaded.sources.get(file.source).path();
            for reference in references(&file.program) {
                let target = resolve(self.reader, self.workspace, path, &self.modules, &reference);
                targets.push((file.source, reference, target));
                holders.push(index);
            }
        }
        self.admit_targets(&targets);
        for (index, (source, reference, target)) in holders.into_iter().zip(targets) {
            let loaded = target.map_err(Arc::from).and_then(|path| self.lead(index, &path, reference.kind));
            self.loaded.library.insert(source, &reference, loaded);
        }
        end
    }

    fn admit_targets(&mut self, targets: &[Target]) {
        let wanted = targets
            .iter()
            .filter_map(|(_, reference, target)| Some(Wanted::by(reference, target.as_ref().ok()?.clone())));
        self.admit(wanted.collect());
    }

    /// What a path holds for a reference of that kind.
    fn lead(&mut self, from: usize, path: &Path, kind: RefKind) -> Result<ir::Loaded, Arc<str>> {
        let none = || Arc::from("there is no such file");
        let known = self.known.get(path).ok_or_else(none)?;
        if kind == RefKind::Load {
            let source = known.source.ok_or_else(|| known.refused.clone().unwrap_or_else(none))?;
            return Ok(ir::Loaded::Text(source, self.loaded.sources.get(source).shared_text()));
        }
        let index = self.program_at(path)?;
        self.loaded.references.push((from, index, kind));
        Ok(ir::Loaded::Program(Arc::clone(&self.loaded.files[index].program)))
    }

    /// Which file, a template or the like, a path holds.
    fn program_at(&self, path: &Path) -> Result<usize, Arc<str>> {
        let known = self.known.get(path).ok_or_else(|| Arc::from("there is no such file"))?;
        let refused = || known.refused.clone().unwrap_or_else(|| Arc::from("it is no template"));
        known.file.ok_or_else(refused)
    }
}

/// A file that another names, and where it is.
type Target = (SourceId, FileRef, Result<PathBuf, String>);

/// What a reference takes a file for.
const fn taken_for(kind: RefKind) -> Option<What> {
    match kind {
        RefKind::Module | RefKind::LinkedUri | RefKind::Registry | RefKind::TemplateSpec | RefKind::Deployed => {
            Some(What::Template)
        }
        RefKind::Parameters | RefKind::Extends | RefKind::DeployedParameters => Some(What::Parameters),
        RefKind::Import | RefKind::Using | RefKind::Load => None,
    }
}

/// The references of a program and of the programs nested in it, each once.
pub(super) fn references(program: &Program) -> Vec<FileRef> {
    let mut all: Vec<FileRef> = Vec::new();
    let mut seen = HashSet::new();
    let mut programs = vec![program];
    while let Some(program) = programs.pop() {
        for reference in &program.files {
            if seen.insert((Arc::clone(&reference.path), reference.kind)) {
                all.push(reference.clone());
            }
        }
        let mut units: Vec<&ir::Unit> = program.units.iter().collect();
        while let Some(unit) = units.pop() {
            units.extend(&unit.children);
            if let UnitKind::Deploy(deploy) = &unit.kind
                && let Template::Inline(inline) = &deploy.template
            {
                programs.push(inline);
            }
        }
    }
    all
}
