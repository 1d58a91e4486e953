//! A cheap look at the bytes of a file: whether it can matter, and whether it can name other files.
//!
//! A template matters only if it deploys a resource of a type that a rule looks at, and a type is written out where
//! the resource is. So a file that holds none of these types can't bring a finding of its own, though it may lead to a
//! file that does. Which types these are, the rules say; `rules/README.md` lists them.

use std::collections::{BTreeMap, BTreeSet};

use regex::bytes::{Regex, RegexBuilder};

use super::Kind;
use crate::text::{begins, ends};
use crate::{arm, azure};

/// Words by which a file matters whatever it deploys: comments to cmklint, and what makes a file that can't be read
/// whole worth a finding, `diskEncryptionSet` and `targetRegions`. They lack what stands before their first letter that
/// is a rare one: that is what is searched for.
const ALWAYS: [&str; 3] = ["klint", "yptionset", "getregions"];
/// What members that name keys all have in common: `encryption`, `diskEncryptionSet`, `securityEncryptionType`.
const OF_KEYS: &str = "yption";
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

/// The words of a run. `None` if there are too many to search for: then every text has them.
#[derive(Debug)]
pub struct Look {
    /// By which a template matters.
    alone: Types,
    /// By which it does if encryption is spoken of, there or in what goes with it.
    with_keys: Types,
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
            alone: Types::new(alone),
            with_keys: Types::new(with_keys),
            known: Types::new(azure::Kind::all().map(azure::Kind::type_name)),
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
        let matters = self.at_everything
            || kind.is_script()
            || self.alone.are_in(bytes)
            || ALWAYS.iter().any(|word| has_word(bytes, word))
            || has_escapes(bytes);
        let has_disks = !matters && self.with_keys.are_in(bytes);
        let speaks_of_keys = !matters && speaks_of_keys(text);
        let names_others = match kind {
            Kind::Json => may_link(bytes),
            Kind::Bicep | Kind::BicepParameters => has(&self.paths),
            Kind::Shell | Kind::PowerShell => has(&self.deploys),
            // Templates may stand between the scripts.
            Kind::Markdown | Kind::Yaml => may_link(bytes) || has(&self.paths) || has(&self.deploys),
        };
        let tells = || self.at_everything || self.known.are_in(bytes) || has_escapes(bytes);
        let shows_estate = kind == Kind::Json && tells() && !arm::may_be_template(bytes);
        Said { matters, has_disks, speaks_of_keys, names_others, shows_estate }
    }
}

/// Whether a text speaks of encryption.
pub fn speaks_of_keys(text: &str) -> bool {
    has_word(text.as_bytes(), OF_KEYS)
}

/// Whether a text holds a word, in any case. What is searched for is its first letter.
fn has_word(text: &[u8], word: &str) -> bool {
    let Some(first) = word.bytes().next() else { return true };
    memchr::memchr2_iter(first, first.to_ascii_uppercase(), text).any(|at| begins(&text[at..], word))
}

/// A search for words in any case; `None` if there are too many.
pub(super) fn any_of(words: &[&str]) -> Option<Regex> {
    let pattern = words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|");
    RegexBuilder::new(&pattern).case_insensitive(true).unicode(false).build().ok()
}

/// Whether a letter of a type may be written otherwise than as it is.
fn has_escapes(text: &[u8]) -> bool {
    memchr::memchr_iter(b'\\', text).any(|at| ESCAPES.iter().any(|escape| begins(&text[at + 1..], escape)))
}

/// Whether JSON may name another file: has it a key that ends as `templateLink` does, or one of those by which
/// parameters files name their template?
fn may_link(text: &[u8]) -> bool {
    memchr::memchr2_iter(b'"', b'\\', text).any(|at| {
        let (before, behind) = (&text[..at], &text[at + 1..]);
        if text[at] == b'\\' {
            return ESCAPED_LETTERS.iter().any(|letters| begins(behind, letters));
        }
        match before.last() {
            Some(b'k' | b'K') => ends(before, "link"),
            Some(b'g' | b'G') => ends(before, "\"using"),
            Some(b'e' | b'E') => ends(before, "\"template") && !has_object(behind),
            _ => false,
        }
    })
}

/// Whether the object of a key follows. What a deployment has by the name `template` is one; what a parameters file has,
/// is the name of a file.
fn has_object(behind: &[u8]) -> bool {
    let rest = behind.trim_ascii_start();
    let value = rest.strip_prefix(b":").unwrap_or(rest).trim_ascii_start();
    matches!(value.first(), None | Some(b'{' | b':'))
}

/// Types of resources, by how they are written out.
#[derive(Debug, Default)]
struct Types {
    /// What stands before the first slash, and each of what may stand behind it.
    by_namespace: BTreeMap<Box<str>, BTreeSet<Box<str>>>,
}

impl Types {
    fn new<'t>(types: impl IntoIterator<Item = &'t str>) -> Self {
        let mut by_namespace: BTreeMap<Box<str>, BTreeSet<Box<str>>> = BTreeMap::new();
        for ty in types {
            // What follows the next slash may be written on nested resources.
            let (namespace, rest) = ty.split_once('/').unwrap_or((ty, ""));
            let name = rest.split('/').next().unwrap_or_default();
            by_namespace.entry(namespace.into()).or_default().insert(name.into());
        }
        Self { by_namespace }
    }

    /// Whether a text holds one of them. Slashes are few in templates, so they are what is looked for.
    fn are_in(&self, text: &[u8]) -> bool {
        memchr::memchr_iter(b'/', text).any(|slash| {
            let (before, behind) = (&text[..slash], &text[slash + 1..]);
            self.by_namespace
                .iter()
                .any(|(namespace, names)| ends(before, namespace) && names.iter().any(|name| begins(behind, name)))
        })
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
