//! Modules of registries and template specs: what their aliases stand for, and where Bicep's cache keeps them.
//!
//! The aliases come from `bicepconfig.json`; whoever reads that file fills [`ModuleAliases`].

use std::collections::BTreeMap;

/// `moduleAliases` of `bicepconfig.json`.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ModuleAliases {
    /// `br`, by name.
    pub registries: BTreeMap<String, RegistryAlias>,
    /// `ts`, by name.
    pub template_specs: BTreeMap<String, TemplateSpecAlias>,
}

/// What `br/name:` stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegistryAlias {
    /// The registry's host: `example.azurecr.io`.
    pub registry: String,
    /// `modulePath`: put before the module's own path.
    pub module_path: Option<String>,
}

/// What `ts/name:` stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TemplateSpecAlias {
    /// The subscription's id.
    pub subscription: String,
    /// The resource group's name.
    pub resource_group: String,
}

/// The path of a module without alias: `br:host/path:tag`, `ts:subscription/group/name:version`. A path that has none
/// stays as it is; `None` if nothing says what its alias is.
///
/// The alias `public` is Microsoft's registry unless the configuration says otherwise.
pub fn expand(path: &str, aliases: &ModuleAliases) -> Option<String> {
    let Some((scheme @ ("br" | "ts"), rest)) = path.split_once('/') else { return Some(path.to_owned()) };
    let (alias, rest) = rest.split_once(':')?;
    if scheme == "ts" {
        let TemplateSpecAlias { subscription, resource_group } = aliases.template_specs.get(alias)?;
        return Some(format!("ts:{subscription}/{resource_group}/{rest}"));
    }
    let prefix = match aliases.registries.get(alias) {
        Some(RegistryAlias { registry, module_path: Some(before) }) => format!("{registry}/{before}"),
        Some(RegistryAlias { registry, module_path: None }) => registry.clone(),
        None if alias == "public" => "mcr.microsoft.com/bicep".to_owned(),
        None => return None,
    };
    Some(format!("br:{prefix}/{rest}"))
}

/// Where the cache keeps the template of a module, below its root (`~/.bicep` by default), with `/` between folders.
/// `expanded` comes from [`expand`]; `None` if it is no module of a registry or template spec.
pub fn cache_path(expanded: &str) -> Option<String> {
    let (scheme, rest) = expanded.split_once(':')?;
    let path = match scheme {
        "br" => registry_cache(rest)?,
        "ts" => template_spec_cache(rest)?,
        _ => return None,
    };
    let sound = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    (sound && !path.contains(['\\', '\0'])).then(|| format!("{path}/main.json"))
}

/// `br/host/repository with $ for slashes/tag$`, as Bicep's `BicepRegistryArtifact` has it (version 0.46).
fn registry_cache(rest: &str) -> Option<String> {
    let (host, rest) = rest.split_once('/')?;
    let (repository, version) = match rest.split_once('@') {
        Some((repository, digest)) => (repository, digest.replace(':', "#")),
        None => {
            let (repository, tag) = rest.rsplit_once(':')?;
            (repository, cached_tag(tag))
        }
    };
    let host = host.replace(':', "$").to_ascii_lowercase();
    Some(format!("br/{host}/{}/{version}", repository.replace('/', "$")))
}

/// Tags keep their case where file names don't: behind the `$` a mask, in hexadecimal, tells which letters are upper.
fn cached_tag(tag: &str) -> String {
    let upper = tag.bytes().take(128).enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
    let mask = upper.fold(0_u128, |mask, (at, _)| mask | (1 << at));
    if mask == 0 { format!("{tag}$") } else { format!("{tag}${mask:x}") }
}

/// `ts/subscription/group/name/version`, all in lower case.
fn template_spec_cache(rest: &str) -> Option<String> {
    let (place, version) = rest.rsplit_once(':')?;
    Some(format!("ts/{place}/{version}").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases() -> ModuleAliases {
        let registry = |registry: &str, path: Option<&str>| RegistryAlias {
            registry: registry.to_owned(),
            module_path: path.map(str::to_owned),
        };
        ModuleAliases {
            registries: BTreeMap::from([
                ("own".to_owned(), registry("own.example", None)),
                ("core".to_owned(), registry("own.example", Some("bicep/core"))),
            ]),
            template_specs: BTreeMap::from([(
                "specs".to_owned(),
                TemplateSpecAlias { subscription: "1111".to_owned(), resource_group: "rg".to_owned() },
            )]),
        }
    }

    #[test]
    fn aliases_stand_for_registries_and_groups() {
        let cases = [
            ("modules/a.bicep", Some("modules/a.bicep")),
            ("../br/a.bicep", Some("../br/a.bicep")),
            ("br:own.example/a:v1", Some("br:own.example/a:v1")),
            ("br/own:a/b:v1", Some("br:own.example/a/b:v1")),
            ("br/core:a:v1", Some("br:own.example/bicep/core/a:v1")),
            ("br/public:avm/res/compute/disk:0.1.0", Some("br:mcr.microsoft.com/bicep/avm/res/compute/disk:0.1.0")),
            ("br/other:a:v1", None),
            ("ts/specs:name:v1", Some("ts:1111/rg/name:v1")),
            ("ts/other:name:v1", None),
        ];
        for (path, expected) in cases {
            assert_eq!(expand(path, &aliases()).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn the_cache_names_folders_after_references() {
        let cases = [
            (
                "br:mcr.microsoft.com/bicep/avm/res/x:0.1.0",
                Some("br/mcr.microsoft.com/bicep$avm$res$x/0.1.0$/main.json"),
            ),
            ("br:Own.Example:5000/a:Rc1", Some("br/own.example$5000/a/Rc1$1/main.json")),
            ("br:own.example/a@sha256:ab", Some("br/own.example/a/sha256#ab/main.json")),
            ("ts:1111/RG/Name:V1", Some("ts/1111/rg/name/v1/main.json")),
            ("ts:1111/../Name:V1", None),
            ("br:own.example/a:..", Some("br/own.example/a/..$/main.json")),
            ("br:own.example", None),
            ("a.bicep", None),
        ];
        for (reference, expected) in cases {
            assert_eq!(cache_path(reference).as_deref(), expected, "{reference}");
        }
    }
}
