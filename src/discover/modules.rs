//! Modules of registries and template specs: from what a file writes to the template in Bicep's module cache.
//!
//! What an alias stands for is said by the nearest `bicepconfig.json` upwards from the file, inside the workspace.
//! Nothing is fetched: a module that the cache doesn't hold is unknown.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Metadata, Reader, Workspace};
use crate::bicep::module_path::{ModuleAliases, RegistryAlias, TemplateSpecAlias, cache_path, expand};
use crate::json;

/// The name of the files that say what aliases stand for.
const CONFIGURATION: &str = "bicepconfig.json";
/// Configurations of more bytes are not read.
const LARGEST_CONFIGURATION: u64 = 1024 * 1024;

/// The modules that a run may use.
pub(super) struct Modules<'a> {
    reader: &'a dyn Reader,
    workspace: &'a Workspace,
    /// By the folder of the file that names a module.
    aliases: Mutex<HashMap<PathBuf, Arc<ModuleAliases>>>,
}

impl<'a> Modules<'a> {
    pub(super) fn new(reader: &'a dyn Reader, workspace: &'a Workspace) -> Self {
        Self { reader, workspace, aliases: Mutex::default() }
    }

    /// The canonical path of a module's template, or why there is none, as a clause like "it lies in a registry".
    pub(super) fn template(&self, from: &Path, written: &str) -> Result<PathBuf, String> {
        let Some(cache) = self.workspace.module_cache() else { return Err("it lies in a registry".into()) };
        let aliases = self.aliases(from.parent().unwrap_or(from));
        let expanded = expand(written, &aliases).ok_or("nothing says what its alias stands for")?;
        let path = cache_path(&expanded).ok_or("it doesn't name a module of a registry")?;
        let absent = || "the module cache doesn't hold it".to_owned();
        let canonical = self.reader.canonical(&cache.join(path)).map_err(|_| absent())?;
        if !canonical.starts_with(cache) {
            return Err("it lies outside the module cache".into());
        }
        match self.reader.metadata(&canonical) {
            Ok(Metadata::Folder) => Err(absent()),
            _ => Ok(canonical),
        }
    }

    fn aliases(&self, folder: &Path) -> Arc<ModuleAliases> {
        let known = || self.aliases.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(folder) {
            return Arc::clone(known);
        }
        let inside = folder.ancestors().take_while(|folder| self.workspace.holds(folder));
        let nearest = inside.map(|folder| folder.join(CONFIGURATION)).find_map(|path| self.configuration(&path));
        let aliases = Arc::new(nearest.as_deref().map(read_aliases).unwrap_or_default());
        known().insert(folder.to_owned(), Arc::clone(&aliases));
        aliases
    }

    /// The text of a configuration. One that can't be read as text says nothing, but it is the nearest all the same.
    fn configuration(&self, path: &Path) -> Option<String> {
        let canonical = self.reader.canonical(path).ok().filter(|path| self.workspace.holds(path))?;
        let Ok(Metadata::File(length)) = self.reader.metadata(&canonical) else { return None };
        if length > LARGEST_CONFIGURATION {
            return Some(String::new());
        }
        let bytes = self.reader.read(&canonical, LARGEST_CONFIGURATION).unwrap_or_default();
        Some(String::from_utf8(bytes).unwrap_or_default())
    }
}

/// `moduleAliases` of a configuration. Entries that lack what they need stand for nothing.
fn read_aliases(text: &str) -> ModuleAliases {
    let parsed = json::parse(crate::text::SourceId(0), text);
    let Some(all) = parsed.root.as_ref().and_then(|root| root.get("moduleAliases")) else {
        return ModuleAliases::default();
    };
    let entries = |scheme: &str| all.get(scheme).into_iter().flat_map(json::Node::members);
    let word = |node: &json::Node<'_>, name: &str| node.get(name)?.str().map(std::borrow::Cow::into_owned);
    let registry = |node: &json::Node<'_>| {
        Some(RegistryAlias { registry: word(node, "registry")?, module_path: word(node, "modulePath") })
    };
    let spec = |node: &json::Node<'_>| {
        let (subscription, resource_group) = (word(node, "subscription")?, word(node, "resourceGroup")?);
        Some(TemplateSpecAlias { subscription, resource_group })
    };
    ModuleAliases {
        registries: entries("br")
            .filter_map(|member| Some((member.key.decoded().into_owned(), registry(&member.value)?)))
            .collect(),
        template_specs: entries("ts")
            .filter_map(|member| Some((member.key.decoded().into_owned(), spec(&member.value)?)))
            .collect(),
    }
}
