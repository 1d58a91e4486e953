//! What a file may be, by its name alone.

use std::path::Path;

/// A kind of file that a front end reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// JSON: an ARM template, a parameters file, or anything else.
    Json,
    /// A Bicep file.
    Bicep,
    /// A Bicep parameters file.
    BicepParameters,
    /// A script for bash or sh.
    Shell,
    /// A PowerShell script or module.
    PowerShell,
    /// A Markdown page, which may hold scripts and templates.
    Markdown,
    /// YAML: a pipeline whose steps are scripts, or anything else.
    Yaml,
}

/// Extensions, in lower case. A front end is added here and in `front`.
const EXTENSIONS: &[(&str, Kind)] = &[
    ("json", Kind::Json),
    ("jsonc", Kind::Json),
    ("bicep", Kind::Bicep),
    ("bicepparam", Kind::BicepParameters),
    ("sh", Kind::Shell),
    ("bash", Kind::Shell),
    ("azcli", Kind::Shell),
    ("ps1", Kind::PowerShell),
    ("psm1", Kind::PowerShell),
    ("md", Kind::Markdown),
    ("markdown", Kind::Markdown),
    ("yml", Kind::Yaml),
    ("yaml", Kind::Yaml),
];

impl Kind {
    /// By the extension; `None` for files that nothing reads.
    pub fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        EXTENSIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)).map(|&(_, kind)| kind)
    }

    /// Whether a file of the kind holds commands rather than resources.
    pub const fn is_script(self) -> bool {
        matches!(self, Self::Shell | Self::PowerShell | Self::Markdown | Self::Yaml)
    }

    /// Whether every file of the kind is meant for us. JSON is used for everything.
    pub const fn is_ours(self) -> bool {
        matches!(self, Self::Bicep | Self::BicepParameters)
    }
}

/// The name of the template that a JSON parameters file is for, going by its own name, without extension:
/// `main` for `main.parameters.json`, `main.parameters.prod.json`, `main.prod.parameters.json`, `main.param.json`.
/// `None` if the name isn't that of a parameters file.
pub(super) fn parameters_of(path: &Path) -> Option<String> {
    if Kind::of(path) != Some(Kind::Json) {
        return None;
    }
    let stem = path.file_stem()?.to_str()?;
    let parts: Vec<&str> = stem.split('.').collect();
    let marked = |part: &&str| {
        let part = part.to_ascii_lowercase();
        part == "param" || part == "params" || part.starts_with("parameters")
    };
    let at = parts.iter().position(marked)?;
    Some(parts.get(..at)?.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_tell_the_kind_whatever_their_case() {
        let cases = [
            ("a/main.BICEP", Some(Kind::Bicep)),
            ("x.jsonc", Some(Kind::Json)),
            ("prod.bicepparam", Some(Kind::BicepParameters)),
            ("json", None),
            (".bicep", None),
        ];
        for (path, kind) in cases {
            assert_eq!(Kind::of(Path::new(path)), kind, "{path}");
        }
    }

    #[test]
    fn a_parameters_file_names_its_template() {
        let cases = [
            ("main.parameters.json", Some("main")),
            ("main.parameters.prod.json", Some("main")),
            ("main.prod.parameters.json", Some("main.prod")),
            ("azuredeploy.param.json", Some("azuredeploy")),
            ("parameters.json", Some("")),
            ("main.json", None),
            ("main.parameters.bicep", None),
        ];
        for (path, template) in cases {
            assert_eq!(parameters_of(Path::new(path)).as_deref(), template, "{path}");
        }
    }
}
