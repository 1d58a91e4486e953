//! `cmklint config`: which settings hold, and from where.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::args::ConfigArgs;
use super::check::workspace;
use super::failure::Failure;
use super::{Exit, output, policies};
use crate::config::{Config, Fault, Named};
use crate::discover::{self, BadSettings, Disk, Settings, Walk, Whose, Workspace, named_files};
use crate::policy::Policy;
use crate::report::visible;
use crate::rules;
use crate::text::nearest;

pub(super) fn run(args: &ConfigArgs) -> Result<Exit, Failure> {
    let Known { settings, folders, .. } = load(&args.paths, &whose(args.config.as_deref(), false))?;
    // Those farther up were read, too, for files elsewhere that others name.
    let named = args.config.is_some();
    let holds = |config: &&Config| {
        named || folders.iter().any(|folder| settings.of(folder).is_some_and(|holds| holds.name == config.name))
    };
    let files: Vec<String> = settings.all().filter(holds).map(shown).collect();
    let text = match files.as_slice() {
        [] => "no cmklint.toml holds here\n".to_owned(),
        [only] => only.clone(),
        several => several.join("\n") + "\nof these, the nearest upwards from a file holds for it, alone\n",
    };
    output::say(&text, Exit::Fine)
}

/// Whose settings the options ask for.
pub(super) fn whose(file: Option<&Path>, nobody: bool) -> Whose {
    match file {
        _ if nobody => Whose::Nobody,
        Some(file) => Whose::File(file.to_owned()),
        None => Whose::Nearest,
    }
}

/// The settings for all files under some paths, and what lies there if it had to be looked for.
pub(super) fn settings(paths: &[PathBuf], whose: &Whose) -> Result<(Settings, Option<Walk>), Failure> {
    load(paths, whose).map(|known| (known.settings, known.walk))
}

/// Settings, and what was found out on the way to them.
struct Known {
    settings: Settings,
    /// The folders of the files under the paths, if they were looked for.
    folders: Vec<PathBuf>,
    walk: Option<Walk>,
}

fn load(paths: &[PathBuf], whose: &Whose) -> Result<Known, Failure> {
    let mut workspace = workspace()?;
    let (mut folders, mut walk) = (Vec::new(), None);
    if matches!(whose, Whose::Nearest) {
        let found = discover::find(&Disk, workspace, paths).map_err(Failure::Path)?;
        workspace = found.workspace.clone();
        // They are in order: most lie in the folder of the one before.
        let mut all: Vec<&Path> = found.found.iter().filter_map(|file| file.path.parent()).collect();
        all.dedup();
        folders = all.into_iter().map(Path::to_owned).collect();
        // A folder may hold settings before it holds anything else.
        let named = named_files(&Disk, &workspace, paths).map_err(Failure::Path)?;
        folders.extend(named.into_iter().filter(|path| path.is_dir()));
        walk = Some(found);
    }
    let mut settings = Settings::of_folders(&Disk, &workspace, &folders, whose).map_err(Failure::Settings)?;
    for config in settings.all_mut() {
        load_rules(&workspace, config)?;
    }
    Ok(Known { settings, folders, walk })
}

/// Reads the rules of the project's own that settings name, and sees that all that is said of rules is of some.
fn load_rules(workspace: &Workspace, config: &mut Config) -> Result<(), Failure> {
    // What is called by a name is found by it, too: it is relative to the current directory.
    let by_name = |folder: &Named| match workspace.name(&folder.path) {
        name if name.is_empty() => PathBuf::from("."),
        name => PathBuf::from(name),
    };
    let folders: Vec<PathBuf> = config.rules.iter().map(by_name).collect();
    for (folder, path) in config.rules.iter().zip(&folders) {
        // What is wrong in the files themselves is shown there.
        if let Err(failure) = policies::rule_files(path) {
            let what = format!("{failure}; {}", failure.next_step());
            return Err(Failure::Settings(BadSettings::at(config, &[(folder.range.clone(), what)])));
        }
    }
    config.policies = policies::load(&folders)?.into();
    let policies = Arc::clone(&config.policies);
    let id_of = |name: &str| {
        let is_it = |known: &str| known.eq_ignore_ascii_case(name);
        let mut metas = policies.iter().map(|policy| &policy.meta);
        metas.find(|meta| is_it(&meta.id) || is_it(&meta.slug)).map(|meta| meta.id.clone())
    };
    let unknown = config.own_rules.iter().filter(|(name, _)| id_of(name).is_none());
    let faults: Vec<Fault> = unknown.map(|(name, range)| (range.clone(), no_such_rule(name, &policies))).collect();
    if !faults.is_empty() {
        return Err(Failure::Settings(BadSettings::at(config, &faults)));
    }
    let names = config.levels.iter_mut().map(|(name, _)| name);
    for name in names.chain(config.suppress.iter_mut().flat_map(|entry| &mut entry.rules)) {
        if let Some(id) = id_of(name) {
            *name = id;
        }
    }
    Ok(())
}

fn no_such_rule(name: &str, own: &[Policy]) -> String {
    let metas = rules::all().iter().map(|rule| &*rule.meta).chain(own.iter().map(|policy| &policy.meta));
    match nearest(name, metas.flat_map(|meta| [meta.id.as_str(), meta.slug.as_str()])) {
        Some(near) => format!("there is no rule `{name}`; `{near}` is nearest"),
        None => {
            format!("there is no rule `{name}`, neither among those of `cmklint rules` nor in the folders of `rules`")
        }
    }
}

/// What a file says, key by key, each with its place.
fn shown(config: &Config) -> String {
    let name = visible(&config.name);
    if config.said.is_empty() {
        return format!("{name}: says nothing\n");
    }
    let lines =
        config.said.iter().map(|(key, value, line)| format!("{name}:{line}: {} = {}", visible(key), visible(value)));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}
