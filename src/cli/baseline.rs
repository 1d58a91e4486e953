//! `cmklint baseline`, and the baseline that `cmklint check` leaves out.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::args::BaselineArgs;
use super::check::{look, with_threads};
use super::failure::Failure;
use super::{Exit, output, request};
use crate::analyze::{Analysis, Request};
use crate::finding::{Diagnostic, Finding};
use crate::history::baseline;
use crate::report::mistakes;
use crate::text::{Source, Sources, relative_name, visible};

/// Larger baselines aren't read.
const SIZE_LIMIT: u64 = 64 * 1024 * 1024;

pub(super) fn run(args: &BaselineArgs) -> Result<Exit, Failure> {
    with_threads(args.what.jobs, || write(args))?
}

fn write(args: &BaselineArgs) -> Result<Exit, Failure> {
    let request = request::of_what(&args.what)?;
    let analysis = look(&request, None, false)?;
    let folder = folder_of(&args.output).map_err(|error| Failure::WriteFile(args.output.clone(), error))?;
    let known = baseline::known(&analysis.findings, |finding| file_of(&analysis.sources, &folder, finding));
    output::write_files(&[(&args.output, baseline::write(&known))])?;
    let (count, file) = (known.len(), args.output.to_string_lossy());
    let findings = if count == 1 { "finding" } else { "findings" };
    output::say(&format!("{count} {findings} written into {}\n", visible(&file)), Exit::Fine)
}

/// Leaves out the findings that a baseline holds. Those that it holds and that there aren't any more are remarked on,
/// if all were looked for.
pub(super) fn leave_out(
    file: &Path,
    request: &Request,
    all_were_looked_for: bool,
    analysis: &mut Analysis,
) -> Result<(), Failure> {
    let unreadable = |error: io::Error| Failure::BaselineFile(file.to_owned(), error);
    let text = text(file).map_err(unreadable)?;
    let folder = folder_of(file).map_err(unreadable)?;
    let name = file.to_string_lossy();
    let mut sources = Sources::default();
    let source = sources.add(Source::new(&*name, file, text.as_str()));
    let known = baseline::read(source, &text).map_err(|wrong| Failure::Baseline(mistakes(&sources, &wrong)))?;
    let findings = std::mem::take(&mut analysis.findings);
    let parted = baseline::part(&known, findings, |finding| file_of(&analysis.sources, &folder, finding));
    analysis.findings = parted.new;
    analysis.seen.baselined = parted.known;
    if !all_were_looked_for {
        return Ok(());
    }
    let names: HashSet<String> =
        analysis.sources.iter().map(|(_, source)| relative_name(&folder, source.path())).collect();
    let looked_at = |name: &str| names.contains(name) || !folder.join(name).exists();
    for known in parted.gone.iter().filter(|known| request.wants(&known.rule) && looked_at(&known.file)) {
        analysis.diagnostics.push(Diagnostic {
            span: None,
            file: format!("{name}:{}", known.line),
            message: format!("{} in {} isn't there any more; `cmklint baseline` takes it out", known.rule, known.file),
        });
    }
    analysis.diagnostics.sort();
    Ok(())
}

fn text(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(file)?.take(SIZE_LIMIT).read_to_string(&mut text)?;
    Ok(text)
}

/// The folder of a file that may not be there yet, canonical.
fn folder_of(file: &Path) -> io::Result<PathBuf> {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    fs::canonicalize(parent.unwrap_or_else(|| Path::new(".")))
}

fn file_of(sources: &Sources, folder: &Path, finding: &Finding) -> String {
    relative_name(folder, sources.get(finding.primary.source).path())
}
