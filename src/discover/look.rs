//! A cheap look at the bytes of a file: whether it can matter, and whether it can name other files.
//!
//! A template matters only if it deploys a resource of a type that a rule looks at, and a type is written out where
//! the resource is. So a file that holds none of these types can't bring a finding of its own, though it may lead to a
//! file that does. Which types these are, the rules say; `rules/README.md` lists them.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::Kind;

/// Words by which a file matters whatever it deploys: comments to cmklint, and what makes a file that can't be read
/// whole worth a finding.
const ALWAYS: [&str; 3] = ["cmklint", "diskencryptionset", "targetregions"];
/// How JSON and Bicep write a letter, a dot or a slash of a type otherwise than as it is.
const ESCAPES: [&str; 8] = ["\\u004", "\\u005", "\\u006", "\\u007", "\\u002e", "\\u002f", "\\/", "\\u{"];
/// Words without which JSON names no other file.
const LINKS: [&str; 2] = ["link\"", "\"using\""];
/// Words without which Bicep names no other file: how paths end, how those of registries begin, functions that load.
const PATHS: [&str; 10] =
    [".bicep'", ".json'", ".jsonc'", "'br", "'ts", "'oci", "loadtext", "loadjson", "loadyaml", "loadfile"];

/// Words without which a script names no file.
const DEPLOYS: [&str; 1] = ["deployment"];

/// What the look at a text tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Said {
    /// It may bring a finding of its own.
    pub(super) matters: bool,
    /// It may name other files.
    pub(super) names_others: bool,
}

/// The words of a run.
#[derive(Debug)]
pub struct Look {
    json: Words,
    bicep: Words,
    /// Scripts, which matter by other words.
    scripts: Words,
    /// The same with templates between them.
    pages: Words,
    at_everything: bool,
}

impl Look {
    /// A file matters if it may hold a resource of one of these types.
    pub fn for_types<'t>(types: impl IntoIterator<Item = &'t str>) -> Self {
        let types: BTreeSet<String> = types.into_iter().map(written_out).collect();
        let loud: Vec<&str> = types.iter().map(String::as_str).chain(ALWAYS).collect();
        let escaped = [&loud, &ESCAPES[..]].concat();
        Self {
            json: Words::new(&escaped, &[&LINKS[..], &ESCAPES].concat()),
            bicep: Words::new(&escaped, &PATHS),
            scripts: Words::new(&[], &DEPLOYS),
            pages: Words::new(&[], &[&LINKS[..], &PATHS, &DEPLOYS].concat()),
            at_everything: false,
        }
    }

    /// Everything matters.
    pub fn at_everything() -> Self {
        Self { at_everything: true, ..Self::for_types([]) }
    }

    /// Looks at a text. Scripts are read only if they matter.
    pub(super) fn at(&self, kind: Kind, text: &str) -> Said {
        let said = match kind {
            Kind::Json => self.json.look(text),
            Kind::Bicep | Kind::BicepParameters => self.bicep.look(text),
            Kind::Markdown | Kind::Yaml => Said { matters: true, ..self.pages.look(text) },
            Kind::Shell | Kind::PowerShell => Said { matters: true, ..self.scripts.look(text) },
        };
        Said { matters: said.matters || self.at_everything, ..said }
    }
}

/// Words of both sorts, searched for together.
#[derive(Debug)]
struct Words {
    /// `None` if there are too many to search for: then every text has them all.
    search: Option<AhoCorasick>,
    /// By the number of a word.
    means: Vec<Said>,
}

impl Words {
    fn new(loud: &[&str], naming: &[&str]) -> Self {
        let mut words: Vec<&str> = [loud, naming].concat();
        words.sort_unstable();
        words.dedup();
        let means = |word: &&str| Said { matters: loud.contains(word), names_others: naming.contains(word) };
        let search =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA)).build(&words).ok();
        Self { search, means: words.iter().map(means).collect() }
    }

    fn look(&self, text: &str) -> Said {
        let Some(search) = &self.search else { return Said { matters: true, names_others: true } };
        let mut said = Said { matters: false, names_others: false };
        for found in search.find_overlapping_iter(text) {
            let means = self.means[found.pattern().as_usize()];
            said.matters |= means.matters;
            said.names_others |= means.names_others;
            if said.matters && said.names_others {
                break;
            }
        }
        said
    }
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
            (Kind::Shell, "az deployment group create --template-file main.bicep", true),
            (Kind::Shell, "az sig image-version create", false),
            (Kind::Markdown, "```bicep\nmodule m 'm.bicep' = {\n```", true),
        ];
        for (kind, text, names_others) in cases {
            assert_eq!(look.at(kind, text).names_others, names_others, "{text}");
        }
    }
}
