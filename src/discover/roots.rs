//! Which templates are deployed for themselves, and with which parameters files; and which files show one estate.

use std::collections::{BTreeMap, BTreeSet};

use super::front::What;
use super::load::{Came, File, Loaded};
use crate::ir::RefKind;

/// A template that is deployed for itself, or what Azure has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Root {
    /// Index into [`Loaded::files`].
    pub file: usize,
    /// Further files that show what Azure has: all of them together are one estate.
    pub beside: Vec<usize>,
    /// One scenario with defaults only, or one for each parameters file; perhaps none where a command of a script deploys
    /// it, for that is a scenario, too.
    pub scenarios: Vec<Scenario>,
}

impl Root {
    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.file).chain(self.beside.iter().copied())
    }
}

/// One way in which a root is deployed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Scenario {
    /// Index of the parameters file in [`Loaded::files`]; `None` with defaults only.
    pub parameters: Option<usize>,
}

/// The roots of a run, in the order of their files.
///
/// A template is one if no other file uses it as a module or linked template, if a parameters file is for it, if a
/// command of a script deploys it, or if the user named it. Templates that only use each other have a root too, the first of them.
pub fn roots(loaded: &Loaded) -> Vec<Root> {
    let uses = uses(loaded);
    let used: BTreeSet<usize> = uses.values().flatten().copied().collect();
    let mut chosen: BTreeSet<usize> = templates(loaded)
        .filter(|(index, file)| file.came == Came::Named || file.came == Came::Met && !used.contains(index))
        .map(|(index, _)| index)
        .collect();
    chosen.extend(users(loaded, &uses, &used));
    chosen.extend(templates(loaded).map(|(index, _)| index).filter(|index| loaded.deployed.contains_key(index)));
    let pairs = pairs(loaded, &chosen, &used);
    chosen.extend(pairs.iter().filter(|pair| is_meant(loaded, **pair)).map(|&(_, template)| template));
    let mut reached = BTreeSet::new();
    for &root in &chosen {
        reach(&uses, root, &mut reached);
    }
    for (index, file) in templates(loaded) {
        if file.came >= Came::Met && !reached.contains(&index) {
            chosen.insert(index);
            reach(&uses, index, &mut reached);
        }
    }
    let mut scenarios: BTreeMap<usize, Vec<Scenario>> = BTreeMap::new();
    for (parameters, template) in pairs {
        scenarios.entry(template).or_default().push(Scenario { parameters: Some(parameters) });
    }
    let defaults = |file: &usize| match loaded.deployed.get(file) {
        Some(true) => Vec::new(),
        Some(false) | None => vec![Scenario { parameters: None }],
    };
    let of_template = |file| {
        let scenarios = scenarios.remove(&file).unwrap_or_else(|| defaults(&file));
        Root { file, beside: Vec::new(), scenarios }
    };
    chosen.into_iter().map(of_template).chain(estate(loaded)).collect()
}

/// All files that show what Azure has.
fn estate(loaded: &Loaded) -> Option<Root> {
    let mut files =
        loaded.files.iter().enumerate().filter(|(_, file)| file.what == What::State).map(|(index, _)| index);
    let file = files.next()?;
    Some(Root { file, beside: files.collect(), scenarios: vec![Scenario { parameters: None }] })
}

fn templates(loaded: &Loaded) -> impl Iterator<Item = (usize, &File)> {
    loaded.files.iter().enumerate().filter(|(_, file)| file.what == What::Template)
}

/// Which file uses which as modules and linked templates.
fn uses(loaded: &Loaded) -> BTreeMap<usize, BTreeSet<usize>> {
    let mut uses: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for &(from, to, kind) in &loaded.references {
        if from != to
            && matches!(kind, RefKind::Module | RefKind::LinkedUri | RefKind::Registry | RefKind::TemplateSpec)
        {
            uses.entry(from).or_default().insert(to);
        }
    }
    uses
}

/// The templates that were looked for as users of what the user named, and are: those that no other file uses.
fn users(loaded: &Loaded, uses: &BTreeMap<usize, BTreeSet<usize>>, used: &BTreeSet<usize>) -> Vec<usize> {
    templates(loaded)
        .filter(|(index, file)| file.came == Came::User && !used.contains(index) && leads(loaded, uses, *index))
        .map(|(index, _)| index)
        .collect()
}

/// Whether a template is one that the user named, or leads to one.
pub fn leads_to_named(loaded: &Loaded, file: usize) -> bool {
    leads(loaded, &uses(loaded), file)
}

fn leads(loaded: &Loaded, uses: &BTreeMap<usize, BTreeSet<usize>>, file: usize) -> bool {
    let mut reached = BTreeSet::new();
    reach(uses, file, &mut reached);
    reached.iter().any(|&at| loaded.files.get(at).is_some_and(|file| file.came == Came::Named))
}

fn reach(uses: &BTreeMap<usize, BTreeSet<usize>>, from: usize, reached: &mut BTreeSet<usize>) {
    let mut pending = vec![from];
    while let Some(at) = pending.pop() {
        if reached.insert(at) {
            pending.extend(uses.get(&at).into_iter().flatten());
        }
    }
}

/// Whether the user meant a parameters file or its template: not if both only came along with others.
/// A parameters file that was looked for as a user of a named template is for that template, which is meant.
fn is_meant(loaded: &Loaded, (parameters, template): (usize, usize)) -> bool {
    [parameters, template].iter().any(|&index| loaded.files.get(index).is_some_and(|file| file.came >= Came::Met))
}

/// Parameters files and the templates that they are for.
///
/// A file given with `--parameters` is for the template that it says; else for the templates that the user named;
/// else for the one that it lies beside; else for all in `alone`. Where one is given for a template, files that merely
/// lie beside it don't count. Settings may give files to templates by their paths.
fn pairs(loaded: &Loaded, alone: &BTreeSet<usize>, used: &BTreeSet<usize>) -> BTreeSet<(usize, usize)> {
    let using = loaded.references.iter().filter(|(_, _, kind)| *kind == RefKind::Using);
    let mut said: BTreeSet<(usize, usize)> = using.map(|&(from, to, _)| (from, to)).collect();
    said.extend(&loaded.beside);
    said.retain(|&(_, to)| loaded.files.get(to).is_some_and(|file| file.what == What::Template));
    let named: BTreeSet<usize> =
        templates(loaded).filter(|(_, file)| file.came == Came::Named).map(|(index, _)| index).collect();
    let mut given: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (index, file) in loaded.files.iter().enumerate() {
        if file.came == Came::AsParameters {
            let own: BTreeSet<usize> = said.range((index, 0)..(index + 1, 0)).map(|&(_, template)| template).collect();
            let says = file.program.using.is_some();
            let receivers = [(says, &own), (true, &named), (true, &own), (true, alone)];
            let receivers = receivers.into_iter().find(|(counts, templates)| *counts && !templates.is_empty());
            given.extend(receivers.into_iter().flat_map(|(_, templates)| templates).map(|&template| (index, template)));
        }
    }
    // What settings name is for templates that are deployed for themselves, or were looked for on its account.
    let came = |index: usize| loaded.files.get(index).map(|file| file.came);
    let is_for = |&&(parameters, template): &&(usize, usize)| {
        let is_sought = came(template) == Some(Came::User) && came(parameters) == Some(Came::Named);
        alone.contains(&template) || is_sought && !used.contains(&template)
    };
    given.extend(loaded.by_settings.iter().filter(is_for));
    let settled: BTreeSet<usize> = given.iter().map(|&(_, template)| template).collect();
    let is_given = |file: usize| loaded.files.get(file).is_some_and(|file| file.came == Came::AsParameters);
    said.retain(|(parameters, template)| !settled.contains(template) && !is_given(*parameters));
    said.extend(given);
    said
}
