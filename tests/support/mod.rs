//! What the tests of the rules share: files in, what a run says of them out. The files are in memory.

use std::path::Path;

use cmklint::analyze::{Analysis, Request, Since, analyze, analyze_since};
use cmklint::discover::{Memory, Workspace};
use cmklint::finding::{Finding, Profile};
use cmklint::policy::Settings;
use cmklint::rules::CheckOptions;
use jiff::civil::Date;

/// The only disk encryption set on the list that examples of CMK602 are judged with.
const ALLOWED_SET: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-keys/providers/\
                           Microsoft.Compute/diskEncryptionSets/des-westus";

/// The day on which the tests look.
const TODAY: Date = jiff::civil::date(2026, 11, 1);

/// Checks files that belong together, by the rules that run by default and the named ones.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn check_files_with(files: &[(String, String)], extend_select: &[&str], profile: Profile) -> Analysis {
    check(files, &request(files, extend_select, profile))
}

/// What [`check_files_with`] asks.
pub(crate) fn request(files: &[(String, String)], extend_select: &[&str], profile: Profile) -> Request {
    let extend_select = extend_select.iter().map(|&name| name.to_owned()).collect();
    let checks = CheckOptions { today: Some(TODAY), extend_select, profile, ..CheckOptions::default() };
    let settings = Settings::from([("allowed-disk-encryption-sets".to_owned(), vec![ALLOWED_SET.to_owned()])]);
    Request { paths: Memory::new(files).paths(), checks, settings, ..Request::default() }
}

/// Checks files that belong together.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn check_files(files: &[(String, String)]) -> Analysis {
    check_files_with(files, &[], Profile::Current)
}

/// Checks files, compared with what was there before.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn check_files_since(before: &[(String, String)], files: &[(String, String)], new_only: bool) -> Analysis {
    let checks = CheckOptions { today: Some(TODAY), ..CheckOptions::default() };
    let request = Request { paths: Memory::new(files).paths(), checks, ..Request::default() };
    let reader = Memory::new(files);
    let workspace = Workspace::around(&reader, Path::new(Memory::FOLDER)).expect("the folder is there");
    let since = Since { reader: &Memory::new(before), name: "main", new_only };
    analyze_since(&reader, Some(&since), workspace, &request).expect("the files are there")
}

/// Checks some of the files by name; the others are what they name.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn check_named(files: &[(String, String)], names: &[&str]) -> Analysis {
    let paths = names.iter().map(|name| Path::new(Memory::FOLDER).join(name)).collect();
    check(files, &Request { paths, ..Request::default() })
}

/// Runs a request over files.
pub(crate) fn check(files: &[(String, String)], request: &Request) -> Analysis {
    let reader = Memory::new(files);
    let workspace = Workspace::around(&reader, Path::new(Memory::FOLDER)).expect("the folder is there");
    analyze(&reader, workspace, request).expect("the files are there")
}

/// All findings, a line each.
#[allow(dead_code, reason = "not every binary of tests needs it")]
pub(crate) fn lines(analysis: &Analysis) -> String {
    let line = |finding: &Finding| {
        let text = analysis.sources.slice(finding.primary);
        format!("{}{} at `{text}`: {}", finding.rule, finding.case, finding.message)
    };
    analysis.findings.iter().map(line).collect::<Vec<_>>().join("\n")
}
