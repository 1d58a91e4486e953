//! The examples in a rule's README: fences that say what is to be found in them.
//!
//! ```` ```json raises ````, `silent` or `undecided`, `file=NAME` where several files belong together, and `profile=2021`
//! where that is meant.

use crate::finding::Profile;

/// What an example claims.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Just this rule is raised, once.
    Raises,
    /// It isn't.
    Silent,
    /// It isn't, since it can't be decided.
    Undecided,
}

/// Files that belong together, and what is claimed of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// What is claimed.
    pub claim: Claim,
    /// By which profile.
    pub profile: Profile,
    /// The language of its first fence.
    pub language: String,
    /// The line of its first fence, from 1.
    pub line: usize,
    /// Names and texts.
    pub files: Vec<(String, String)>,
}

/// A fence that can't be an example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Misread {
    /// The line of the fence, from 1.
    pub line: usize,
    /// One sentence, no full stop.
    pub message: String,
}

/// The examples of a page. `languages` are those of fences with the file name that each has where none is given.
pub fn examples(page: &str, languages: &[(&str, &str)]) -> Result<Vec<Example>, Misread> {
    let mut examples: Vec<Example> = Vec::new();
    let mut lines = page.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let mut text = String::new();
        for (_, line) in lines.by_ref().take_while(|(_, line)| !line.starts_with("```")) {
            text.push_str(line);
            text.push('\n');
        }
        let misread = |message: String| Misread { line: at + 1, message };
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        let Some(claim) = words.next() else { continue };
        let claim = match claim {
            "raises" => Claim::Raises,
            "silent" => Claim::Silent,
            "undecided" => Claim::Undecided,
            other => return Err(misread(format!("`{other}` is no claim: there are raises, silent, undecided"))),
        };
        let Some((_, name)) = languages.iter().find(|(known, _)| *known == language) else {
            return Err(misread(format!("`{language}` is no language that is checked")));
        };
        let (mut named, mut profile, mut is_before) = (None, Profile::Current, false);
        for word in words {
            match word.split_once('=') {
                Some(("file", name)) => named = Some(name),
                Some(("profile", "2021")) => profile = Profile::Y2021,
                // How a file was at an earlier time: no rule that is declared looks at that.
                None if word == "before" => is_before = true,
                _ => {
                    return Err(misread(format!(
                        "`{word}` isn't known here: there are `file=NAME` and `profile=2021`"
                    )));
                }
            }
        }
        if is_before {
            continue;
        }
        let file = (named.unwrap_or(name).to_owned(), text);
        match examples.last_mut() {
            // A name that comes again begins another example.
            Some(last)
                if named.is_some()
                    && last.claim == claim
                    && last.profile == profile
                    && last.files.iter().all(|(known, _)| *known != file.0)
                    && is_named(last, languages) =>
            {
                last.files.push(file);
            }
            _ => {
                let language = language.to_owned();
                examples.push(Example { claim, profile, language, line: at + 1, files: vec![file] });
            }
        }
    }
    Ok(examples)
}

/// Whether the files of an example were given names, so that others may belong to it.
fn is_named(example: &Example, languages: &[(&str, &str)]) -> bool {
    let default = languages.iter().find(|(language, _)| *language == example.language).map(|(_, name)| *name);
    example.files.len() > 1 || example.files.first().is_some_and(|(name, _)| Some(name.as_str()) != default)
}
