//! `cmklint config`: which settings hold, and from where.

use super::args::ConfigArgs;
use super::check::workspace;
use super::failure::Failure;
use super::{Exit, output};
use crate::config::Config;
use crate::discover::{self, Disk, NoSuchPath, Settings, Whose};
use crate::report::visible;

pub(super) fn run(args: &ConfigArgs) -> Result<Exit, Failure> {
    let settings = settings(&args.paths, &whose(args.config.as_deref(), false))?;
    let files: Vec<String> = settings.all().map(shown).collect();
    let text = if files.is_empty() { "no cmklint.toml holds here\n".to_owned() } else { files.join("\n") };
    output::say(&text, Exit::Fine)
}

/// Whose settings the options ask for.
pub(super) fn whose(file: Option<&std::path::Path>, nobody: bool) -> Whose {
    match file {
        _ if nobody => Whose::Nobody,
        Some(file) => Whose::File(file.to_owned()),
        None => Whose::Nearest,
    }
}

/// The settings for all files under some paths.
pub(super) fn settings(paths: &[std::path::PathBuf], whose: &Whose) -> Result<Settings, Failure> {
    let mut workspace = workspace()?;
    let found = match whose {
        Whose::Nearest => {
            discover::find(&Disk, &mut workspace, paths).map_err(|error: NoSuchPath| Failure::Path(error))?.0
        }
        Whose::File(_) | Whose::Nobody => Vec::new(),
    };
    Settings::of_files(&Disk, &workspace, &found, whose).map_err(Failure::Settings)
}

/// One file, key by key, with the line of each.
fn shown(config: &Config) -> String {
    let mut out = format!("{}\n", visible(&config.name));
    for (key, value, line) in &config.said {
        out.push_str(&format!("  {} = {} (line {line})\n", visible(key), visible(value)));
    }
    out
}
