//! A cheap look at the bytes of a file: whether it can matter, and whether it can name other files.
//!
//! A template matters only if it deploys a resource of a type that a rule looks at, and a type is written out where
//! the resource is. So a file that holds none of these types can't bring a finding of its own, though it may lead to a
//! file that does. Which types these are, the rules say; `rules/README.md` lists them.

use std::collections::BTreeMap;

use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};

use super::Kind;
use crate::text::{begins, ends};
use crate::{arm, azure};

/// By a comment to cmklint a file matters whatever it deploys.
const COMMENT: &[u8] = b"cmklint:";
/// So it does by what makes a file that can't be read whole worth a finding, `diskEncryptionSet` and `targetRegions`.
const OF_VERSIONS: [&str; 2] = [OF_KEYS, "getregions"];
/// What members that name keys all have in common: `encryption`, `diskEncryptionSet`, `securityEncryptionType`.
const OF_KEYS: &str = "yption";
/// How keys begin or end by which JSON names other files: those of deployments, and of parameters files for their
/// template. Like those above, they are few and begin with what is rare, so that they are found many bytes at a time.
const OF_LINKS: [&str; 3] = ["link\"", "\"using", "\"template\""];
/// How JSON and Bicep write a letter, a dot or a slash of a type otherwise than as it is, behind a backslash.
const ESCAPES: [&str; 8] = ["u004", "u005", "u006", "u007", "u002e", "u002f", "/", "u{"];
/// How JSON writes letters of the keys by which it names other files otherwise than as they are, behind a backslash.
const ESCAPED_LETTERS: [&str; 3] = ["u004", "u006", "u007"];
/// Words without which Bicep names no other file: how paths end, how those of registries begin, functions that load.
const PATHS: [&str; 10] =
    [".bicep'", ".json'", ".jsonc'", "'br", "'ts", "'oci", "loadtext", "loadjson", "loadyaml", "loadfile"];

/// Words without which a script names no file.
const DEPLOYS: [&str; 2] = ["deployment", "arm-deploy"];

/// What the look at a text tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Said {
    /// It may bring a finding of its own.
    pub(super) matters: bool,
    /// It may bring one if encryption is spoken of in what it leads to, or in what leads to both. Not said where it
    /// matters anyway, as what follows.
    pub(super) has_disks: bool,
    /// It speaks of encryption.
    pub(super) speaks_of_keys: bool,
    /// It may name other files.
    pub(super) names_others: bool,
    /// It may show what Azure has: all such files are one estate.
    pub(super) shows_estate: bool,
}

/// The words of a run.
#[derive(Debug)]
pub struct Look {
    /// What speaks of versions and encryption. `None`, as below, if it can't be searched for: every text has it.
    of_versions: Option<Regex>,
    /// By what JSON names other files.
    of_links: Option<Regex>,
    /// By which a template matters, alone or only if encryption is spoken of, there or in what goes with it.
    types: Types,
    /// By which an answer of Azure tells the checks something.
    known: Types,
    /// Without which Bicep names no other files.
    paths: Option<Regex>,
    /// Without which scripts don't.
    deploys: Option<Regex>,
    at_everything: bool,
}

impl Look {
    /// A file matters if it may hold a resource of one of the types `alone`; those of the others matter only
    /// where encryption is spoken of.
    pub fn for_types<'t, 'k>(
        alone: impl IntoIterator<Item = &'t str>,
        with_keys: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        Self {
            of_versions: any_of(&OF_VERSIONS),
            of_links: any_of(&OF_LINKS),
            types: Types::new(alone, with_keys),
            known: Types::new(azure::Kind::all().map(azure::Kind::type_name), []),
            paths: any_of(&PATHS),
            deploys: any_of(&DEPLOYS),
            at_everything: false,
        }
    }

    /// Everything matters.
    pub fn at_everything() -> Self {
        Self { at_everything: true, ..Self::for_types([], []) }
    }

    /// Looks at a text. Scripts are read only if they matter.
    pub(super) fn at(&self, kind: Kind, text: &str) -> Said {
        let has = |words: &Option<Regex>| words.as_ref().is_none_or(|words| words.is_match(text.as_bytes()));
        let bytes = text.as_bytes();
        let escapes = if is_plain_script(kind) { Escapes::default() } else { Escapes::of(bytes) };
        let held = if self.at_everything || kind.is_script() { None } else { self.types.held(bytes) };
        let mut matters = self.at_everything
            || kind.is_script()
            || held == Some(Weight::Alone)
            || escapes.of_types
            || memmem::find(bytes, COMMENT).is_some();
        let mut speaks_of_keys = false;
        if !matters {
            (matters, speaks_of_keys) = self.versions_or_keys(bytes);
        }
        let has_disks = !matters && held.is_some();
        let links = || escapes.of_keys || self.links(bytes);
        let names_others = match kind {
            Kind::Json => links(),
            Kind::Bicep | Kind::BicepParameters => has(&self.paths),
            Kind::Shell | Kind::PowerShell => has(&self.deploys),
            // Templates may stand between the scripts.
            Kind::Markdown | Kind::Yaml => links() || has(&self.paths) || has(&self.deploys),
        };
        let tells = || self.at_everything || escapes.of_types || self.known.held(bytes).is_some();
        let shows_estate = kind == Kind::Json && !arm::may_be_template(bytes) && tells();
        Said { matters, has_disks, speaks_of_keys, names_others, shows_estate }
    }

    /// Whether a text speaks of image versions or their disk encryption sets, and whether of encryption if it doesn't.
    fn versions_or_keys(&self, text: &[u8]) -> (bool, bool) {
        let Some(search) = &self.of_versions else { return (true, false) };
        let mut keys = false;
        for found in search.find_iter(text) {
            let is_key = begins(found.as_bytes(), OF_KEYS);
            let is_version =
                if is_key { begins(&text[found.end()..], "set") } else { ends(&text[..found.start()], "tar") };
            if is_version {
                return (true, false);
            }
            keys |= is_key;
        }
        (false, keys)
    }

    /// Whether JSON may name another file: has it a key by which a deployment names its template or parameters, or one
    /// of those by which parameters files name their template?
    fn links(&self, text: &[u8]) -> bool {
        let is_link = |before: &[u8]| ["\"template", "\"parameters"].iter().any(|key| ends(before, key));
        self.of_links.as_ref().is_none_or(|search| {
            search.find_iter(text).any(|found| {
                let (before, behind) = (&text[..found.start()], &text[found.end()..]);
                match found.as_bytes() {
                    [b'l' | b'L', ..] => is_link(before),
                    [b'"', b'u' | b'U', ..] => behind.starts_with(b"\""),
                    _ => !has_object(behind),
                }
            })
        })
    }
}

/// Whether files of the kind hold commands alone.
const fn is_plain_script(kind: Kind) -> bool {
    matches!(kind, Kind::Shell | Kind::PowerShell)
}

/// Whether a text speaks of encryption.
pub fn speaks_of_keys(text: &str) -> bool {
    let text = text.as_bytes();
    memchr::memchr2_iter(b'y', b'Y', text).any(|at| begins(&text[at..], OF_KEYS))
}

/// A search for words in any case; `None` if there are too many.
pub(super) fn any_of(words: &[&str]) -> Option<Regex> {
    let pattern = words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|");
    RegexBuilder::new(&pattern).case_insensitive(true).unicode(false).build().ok()
}

/// What may be written otherwise than as it is.
#[derive(Clone, Copy, Default)]
struct Escapes {
    /// A letter of a type.
    of_types: bool,
    /// One of a key by which JSON names other files.
    of_keys: bool,
}

impl Escapes {
    fn of(text: &[u8]) -> Self {
        let mut escapes = Self::default();
        for at in memchr::memchr_iter(b'\\', text) {
            let behind = &text[at + 1..];
            if matches!(behind.first(), Some(b'u' | b'U' | b'/')) {
                escapes.of_types |= ESCAPES.iter().any(|escape| begins(behind, escape));
                escapes.of_keys |= ESCAPED_LETTERS.iter().any(|letters| begins(behind, letters));
            }
            if escapes.of_types && escapes.of_keys {
                break;
            }
        }
        escapes
    }
}

/// Whether the object of a key follows. What a deployment has by the name `template` is one; what a parameters file has,
/// is the name of a file.
fn has_object(behind: &[u8]) -> bool {
    let rest = behind.trim_ascii_start();
    let value = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start();
    matches!(value.first(), None | Some(b'{' | b':'))
}

/// When a template with a resource of a type matters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Weight {
    /// If encryption is spoken of.
    WithKeys,
    Alone,
}

/// Types of resources, by how they are written out.
#[derive(Debug)]
struct Types {
    namespaces: Vec<Namespace>,
    /// The bytes with which a namespace ends.
    ends: [bool; 256],
}

/// Types that have the same before their first slash.
#[derive(Debug)]
struct Namespace {
    name: Box<str>,
    /// What may stand behind the slash.
    types: Vec<(Box<str>, Weight)>,
}

impl Types {
    fn new<'t, 'k>(alone: impl IntoIterator<Item = &'t str>, with_keys: impl IntoIterator<Item = &'k str>) -> Self {
        let mut by_namespace: BTreeMap<Box<str>, BTreeMap<Box<str>, Weight>> = BTreeMap::new();
        let mut ends = [false; 256];
        let mut add = |ty: &str, weight: Weight| {
            // What follows the next slash may be written on nested resources.
            let (namespace, rest) = ty.split_once('/').unwrap_or((ty, ""));
            let name = rest.split('/').next().unwrap_or_default();
            let known = by_namespace.entry(namespace.into()).or_default().entry(name.into()).or_insert(weight);
            *known = weight.max(*known);
            match namespace.bytes().last() {
                Some(last) => {
                    ends[usize::from(last.to_ascii_lowercase())] = true;
                    ends[usize::from(last.to_ascii_uppercase())] = true;
                }
                None => ends = [true; 256],
            }
        };
        alone.into_iter().for_each(|ty| add(ty, Weight::Alone));
        with_keys.into_iter().for_each(|ty| add(ty, Weight::WithKeys));
        let namespace = |(name, types): (_, BTreeMap<_, _>)| Namespace { name, types: types.into_iter().collect() };
        Self { namespaces: by_namespace.into_iter().map(namespace).collect(), ends }
    }

    /// The most weight that a type in a text has. Slashes are few in templates, so they are what is looked for.
    fn held(&self, text: &[u8]) -> Option<Weight> {
        let mut most = None;
        for slash in memchr::memchr_iter(b'/', text) {
            let (before, behind) = (&text[..slash], &text[slash + 1..]);
            if before.last().is_some_and(|&last| !self.ends[usize::from(last)]) {
                continue;
            }
            let namespaces = self.namespaces.iter().filter(|namespace| ends(before, &namespace.name));
            let types = namespaces.flat_map(|namespace| &namespace.types).filter(|(ty, _)| begins(behind, ty));
            most = most.max(types.map(|(_, weight)| *weight).max());
            if most == Some(Weight::Alone) {
                break;
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_matters_by_the_types_that_it_writes_out() {
        let look = Look::for_types(["Microsoft.Compute/galleries/images/versions", "Microsoft.Compute/disks"], []);
        let cases = [
            ("resource v 'microsoft.compute/Galleries/images/versions@2024-03-03' = {", true),
            ("resource g 'Microsoft.Compute/galleries@2024-03-03' = { resource i 'images' = {", true),
            (r#""type": "Microsoft.Compute\/disks""#, true),
            (r#""type": "\u004dicrosoft.Compute/disks""#, true),
            ("resource v 'Microsoft.Compute/virtualMachines@2024-03-01' = {", false),
            ("// cmklint: ignore[CMK102] known", true),
            ("", false),
        ];
        for (text, matters) in cases {
            assert_eq!(look.at(Kind::Bicep, text).matters, matters, "{text}");
        }
        assert!(Look::at_everything().at(Kind::Json, "").matters);
    }
    #[test]
    fn a_file_may_name_others_by_the_paths_that_it_writes() {
        let look = Look::for_types(["Microsoft.Compute/disks"], []);
        let cases = [
            (Kind::Bicep, "module m './m.bicep' = {", true),
            (Kind::Bicep, "module m 'br/public:a/b:1' = {", true),
            (Kind::Bicep, "var t = loadTextContent('x.txt')", true),
            (Kind::BicepParameters, "using 'main.bicep'", true),
            (
                Kind::Bicep,
                "// a module is loaded by using an import\nresource l 'Microsoft.Network/loadBalancers@1'",
                false,
            ),
            (Kind::Json, r#""templateLink": {"#, true),
            (Kind::Json, r#""type": "Microsoft.Network/loadBalancers""#, false),
            (Kind::Json, r#"{ "metadata": { "template": "../main.bicep" } }"#, true),
            (Kind::Json, r#"{ "metadata": { "template" /* ours */ : "../main.bicep" } }"#, true),
            (Kind::Json, "\"template\" :\r\n {", false),
            (Kind::Shell, "az deployment group create --template-file main.bicep", true),
            (Kind::Shell, "az sig image-version create", false),
            (Kind::Markdown, "```bicep\nmodule m 'm.bicep' = {\n```", true),
        ];
        for (kind, text, names_others) in cases {
            assert_eq!(look.at(kind, text).names_others, names_others, "{text}");
        }
    }
}
