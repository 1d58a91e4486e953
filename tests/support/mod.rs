//! What the tests of the rules share: files in, what a run says of them out. The files are in memory.

use std::io;
use std::path::{Path, PathBuf};

use cmklint::analyze::{Analysis, Request, analyze};
use cmklint::discover::{Metadata, Reader, Workspace};
use cmklint::finding::Finding;
use cmklint::rules::CheckOptions;
use jiff::civil::Date;

/// A folder in memory.
struct Memory<'f> {
    files: &'f [(String, String)],
}

/// The day on which the tests look.
const TODAY: Date = jiff::civil::date(2026, 11, 1);

const FOLDER: &str = "/memory";

impl Memory<'_> {
    fn text(&self, path: &Path) -> io::Result<&str> {
        let found = self.files.iter().find(|(name, _)| Path::new(FOLDER).join(name) == path);
        found.map(|(_, text)| text.as_str()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Reader for Memory<'_> {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        if path == Path::new(FOLDER) {
            return Ok(Metadata::Folder);
        }
        Ok(Metadata::File(self.text(path)?.len() as u64))
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.metadata(path).map(|_| path.to_owned())
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        let bytes = self.text(path)?.as_bytes();
        Ok(bytes[..bytes.len().min(at_most as usize)].to_vec())
    }

    fn list(&self, _folder: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(self.files.iter().map(|(name, _)| Path::new(FOLDER).join(name)).collect())
    }
}

/// Checks files that belong together.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn check_files(files: &[(String, String)]) -> Analysis {
    let checks = CheckOptions { today: Some(TODAY), ..CheckOptions::default() };
    let paths = files.iter().map(|(name, _)| Path::new(FOLDER).join(name)).collect();
    check(files, &Request { paths, checks, ..Request::default() })
}

/// Checks some of the files by name; the others are what they name.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn check_named(files: &[(String, String)], names: &[&str]) -> Analysis {
    let paths = names.iter().map(|name| Path::new(FOLDER).join(name)).collect();
    check(files, &Request { paths, ..Request::default() })
}

/// Runs a request over files.
pub(crate) fn check(files: &[(String, String)], request: &Request) -> Analysis {
    let reader = Memory { files };
    let workspace = Workspace::around(&reader, Path::new(FOLDER)).expect("the folder is there");
    analyze(&reader, workspace, request).expect("the files are there")
}

/// All findings, a line each.
pub(crate) fn lines(analysis: &Analysis) -> String {
    let line = |finding: &Finding| {
        let text = analysis.sources.slice(finding.primary);
        format!("{}{} at `{text}`: {}", finding.rule, finding.case, finding.message)
    };
    analysis.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
