//! `cmklint rules test`: the examples in the READMEs of the user's own rules.

use std::path::Path;
use std::sync::Arc;

use super::args::RulesTestArgs;
use super::check::with_threads;
use super::failure::Failure;
use super::policies::{Found, find};
use super::{Exit, output, request};
use crate::analyze::{Analysis, Request, analyze};
use crate::discover::{Memory, Workspace};
use crate::policy::{Claim, Example, Policy, Settings, examples};
use crate::report::{visible, visible_lines};
use crate::rules::CheckOptions;

/// Languages of examples, and the name of a file that none is given.
const LANGUAGES: &[(&str, &str)] = &[
    ("json", "main.json"),
    ("bicep", "main.bicep"),
    ("bash", "main.sh"),
    ("sh", "main.sh"),
    ("powershell", "main.ps1"),
    ("bicepparam", "main.bicepparam"),
];

pub(super) fn run(args: &RulesTestArgs) -> Result<Exit, Failure> {
    let settings = request::settings(&args.setting)?;
    let found = find(std::slice::from_ref(&args.folder))?;
    let (text, holds) = with_threads(None, || {
        let mut text = String::new();
        let mut holds = true;
        for rule in &found {
            holds &= test(rule, &settings, &mut text);
        }
        (text, holds)
    })?;
    output::say(&text, if holds { Exit::Fine } else { Exit::Findings })
}

/// Runs the examples of a rule; says whether all hold.
fn test(rule: &Found, settings: &Settings, out: &mut String) -> bool {
    let meta = &rule.policy.meta;
    let mut say = |line: String| out.push_str(&format!("{} {}: {line}\n", visible(&meta.id), visible(&meta.slug)));
    let Some((path, page)) = &rule.page else {
        say("has no README.md with examples".to_owned());
        return false;
    };
    let place = |line: usize| format!("{}:{line}", visible(&path.to_string_lossy()));
    let examples = match examples(page, LANGUAGES) {
        Ok(examples) => examples,
        Err(misread) => {
            say(format!("{}: {}", place(misread.line), visible(&misread.message)));
            return false;
        }
    };
    if !examples.iter().any(|example| example.claim == Claim::Raises) {
        say("no example raises it".to_owned());
        return false;
    }
    let mut holds = true;
    for example in &examples {
        if let Err(why) = judge(&rule.policy, example, settings) {
            holds = false;
            say(format!("{}: {}", place(example.line), visible_lines(&why)));
        }
    }
    if holds {
        say(format!("{} examples hold", examples.len()));
    }
    holds
}

fn judge(policy: &Policy, example: &Example, settings: &Settings) -> Result<(), String> {
    let memory = Memory::new(&example.files);
    let request = Request {
        paths: memory.paths(),
        checks: CheckOptions {
            select: vec![policy.meta.id.clone()],
            profile: example.profile,
            ..CheckOptions::default()
        },
        policies: Arc::from([policy.clone()]),
        settings: settings.clone(),
        ..Request::default()
    };
    let workspace = Workspace::around(&memory, Path::new(Memory::FOLDER)).map_err(|error| error.to_string())?;
    let analysis = analyze(&memory, workspace, &request).map_err(|error| error.to_string())?;
    let raised = analysis.findings.len();
    match example.claim {
        Claim::Raises if raised == 1 => Ok(()),
        Claim::Raises => Err(format!("should be raised once, but {}", told(&analysis))),
        Claim::Silent if raised == 0 && analysis.undecided.is_empty() => Ok(()),
        Claim::Silent => Err(format!("should be silent, but {}", told(&analysis))),
        Claim::Undecided if raised == 0 && !analysis.undecided.is_empty() => Ok(()),
        Claim::Undecided => Err(format!("should be undecided, but {}", told(&analysis))),
    }
}

/// What was found, in a line.
fn told(analysis: &Analysis) -> String {
    match (analysis.findings.as_slice(), analysis.undecided.first()) {
        ([], None) => "nothing is found".to_owned(),
        ([], Some(undecided)) => format!("it is undecided: {}", undecided.because),
        (findings, _) => {
            let lines = findings.iter().map(|finding| {
                let place = analysis.sources.get(finding.primary.source).place(finding.primary.start);
                format!("line {}: {}", place.line, finding.message)
            });
            format!("raised {} times ({})", findings.len(), lines.collect::<Vec<_>>().join("; "))
        }
    }
}
