//! `cmklint check --fix` and `--diff`.

use std::path::Path;

use super::check::workspace;
use super::failure::Failure;
use super::{Exit, output};
use crate::analyze::{Analysis, Mending, Request, mend};
use crate::discover::Disk;
use crate::fix::unified;
use crate::report::visible;

/// Changes the files and gives what is found afterwards.
pub(super) fn fix(request: &Request, risky: bool, quiet: bool) -> Result<Analysis, Failure> {
    let mending = mended(request, risky)?;
    let files: Vec<(&Path, &str, &str)> =
        mending.files.iter().map(|file| (&*file.path, &*file.before, &*file.after)).collect();
    output::change_files(&files)?;
    if !quiet {
        output::aside(&said(&mending, "fixed"));
    }
    Ok(mending.analysis)
}

/// Shows what [`fix`] would change.
pub(super) fn diff(request: &Request, risky: bool, quiet: bool) -> Result<Exit, Failure> {
    let mending = mended(request, risky)?;
    let text: String = mending.files.iter().map(|file| unified(&file.name, &file.before, &file.after)).collect();
    let said = output::say(&text, if mending.files.is_empty() { Exit::Fine } else { Exit::Findings });
    if !quiet {
        output::aside(&self::said(&mending, "would be fixed"));
    }
    said
}

fn mended(request: &Request, risky: bool) -> Result<Mending, Failure> {
    mend(&Disk, &workspace()?, request, risky).map_err(Failure::Path)
}

/// What was done.
fn said(mending: &Mending, done: &str) -> String {
    let count = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
    let names: Vec<_> = mending.files.iter().map(|file| visible(&file.name)).collect();
    let place = match names.as_slice() {
        [] => return "nothing to fix\n".to_owned(),
        [only] => only.clone().into_owned(),
        several => count(several.len(), "file"),
    };
    let mut text = format!("{} {done} in {place}\n", count(mending.fixed, "finding"));
    if mending.withheld > 0 {
        let fixes = if mending.withheld == 1 { "1 fix".to_owned() } else { format!("{} fixes", mending.withheld) };
        text.push_str(&format!("{fixes} withheld: another fault would have come with it\n"));
    }
    text
}
