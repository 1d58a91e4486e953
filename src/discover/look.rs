//! A cheap look at the bytes of a file: whether it can matter, and whether it can name other files.
//!
//! A template matters only if it deploys a resource of a type that a rule looks at, and a type is written out where
//! the resource is. So a file that holds none of these types can't bring a finding of its own, though it may lead to a
//! file that does. Which types these are, the rules say; `rules/README.md` lists them.

use std::collections::BTreeSet;

use regex::bytes::{Regex, RegexBuilder};

use super::Kind;
use crate::{arm, azure};

/// Words by which a file matters whatever it deploys: comments to cmklint, and what makes a file that can't be read
/// whole worth a finding.
const ALWAYS: [&str; 3] = ["cmklint", "diskencryptionset", "targetregions"];
/// How JSON and Bicep write a letter, a dot or a slash of a type otherwise than as it is.
const ESCAPES: [&str; 8] = ["\\u004", "\\u005", "\\u006", "\\u007", "\\u002e", "\\u002f", "\\/", "\\u{"];
/// Words without which JSON names no other file: keys, and how a letter of these is written otherwise than as it is.
const LINKS: [&str; 5] = ["link\"", "\"using\"", "\\u004", "\\u006", "\\u007"];
/// A parameters file names its template by this member of its metadata; what a deployment has by that name is an object.
const TEMPLATE: &str = r#""template"\s*(?::\s*)?[^\s:{]"#;
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
    /// It may name other files.
    pub(super) names_others: bool,
    /// It may show what Azure has: all such files are one estate.
    pub(super) shows_estate: bool,
}

/// The words of a run. `None` if there are too many to search for: then every text has them.
#[derive(Debug)]
pub struct Look {
    /// By which a template matters.
    loud: Option<Regex>,
    /// Without which files name no others.
    links: Option<Regex>,
    paths: Option<Regex>,
    deploys: Option<Regex>,
    /// Without which an answer of Azure tells the checks nothing.
    estate: Option<Regex>,
    at_everything: bool,
}

impl Look {
    /// A file matters if it may hold a resource of one of these types.
    pub fn for_types<'t>(types: impl IntoIterator<Item = &'t str>) -> Self {
        let types: BTreeSet<String> = types.into_iter().map(written_out).collect();
        let known: BTreeSet<String> = azure::Kind::all().map(|kind| written_out(kind.type_name())).collect();
        let with_escapes = |types: &BTreeSet<String>, words: &[&str]| {
            let types = types.iter().map(String::as_str);
            any_of(&types.chain(words.iter().copied()).chain(ESCAPES).collect::<Vec<_>>())
        };
        Self {
            loud: with_escapes(&types, &ALWAYS),
            links: search(&format!("{}|{TEMPLATE}", one_of(&LINKS))),
            paths: any_of(&PATHS),
            deploys: any_of(&DEPLOYS),
            estate: with_escapes(&known, &[]),
            at_everything: false,
        }
    }

    /// Everything matters.
    pub fn at_everything() -> Self {
        Self { at_everything: true, ..Self::for_types([]) }
    }

    /// Looks at a text. Scripts are read only if they matter.
    pub(super) fn at(&self, kind: Kind, text: &str) -> Said {
        let has = |words: &Option<Regex>| words.as_ref().is_none_or(|words| words.is_match(text.as_bytes()));
        let matters = self.at_everything || kind.is_script() || has(&self.loud);
        let names_others = match kind {
            Kind::Json => has(&self.links),
            Kind::Bicep | Kind::BicepParameters => has(&self.paths),
            Kind::Shell | Kind::PowerShell => has(&self.deploys),
            // Templates may stand between the scripts.
            Kind::Markdown | Kind::Yaml => has(&self.links) || has(&self.paths) || has(&self.deploys),
        };
        let is_answer = kind == Kind::Json && !arm::may_be_template(text.as_bytes());
        Said { matters, names_others, shows_estate: is_answer && (self.at_everything || has(&self.estate)) }
    }
}

/// A search for words in any case; `None` if there are too many.
pub(super) fn any_of(words: &[&str]) -> Option<Regex> {
    search(&one_of(words))
}

fn one_of(words: &[&str]) -> String {
    words.iter().map(|word| regex::escape(word)).collect::<Vec<_>>().join("|")
}

fn search(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).case_insensitive(true).unicode(false).build().ok()
}

/// The part of a type that stands in every file that deploys it: what follows may be written on nested resources.
fn written_out(ty: &str) -> String {
    let end = ty.match_indices('/').nth(1).map_or(ty.len(), |(at, _)| at);
    ty.get(..end).unwrap_or(ty).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_matters_by_the_types_that_it_writes_out() {
        let look = Look::for_types(["Microsoft.Compute/galleries/images/versions", "Microsoft.Compute/disks"]);
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
        let look = Look::for_types(["Microsoft.Compute/disks"]);
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
