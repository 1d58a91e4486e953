//! What was typed at a prompt, without the prompts and without the answers.

use super::Language;
use crate::text::{Excerpt, ExcerptBuilder};

/// Takes what was typed out of a session. `None` if there is no prompt in the text.
pub(super) fn typed(excerpt: &Excerpt) -> Option<(Language, Excerpt)> {
    let text = excerpt.text();
    let language = text.lines().find_map(|line| prompt(line).map(|(language, _)| language))?;
    // Prompts of a shell stand at the start of the session; what only looks like one stands anywhere.
    if language == Language::Bash {
        let first = text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
        prompt(first)?;
    }
    let mut builder = ExcerptBuilder::new(excerpt.source());
    let mut at = 0;
    let mut continued = false;
    for line in text.split_inclusive('\n') {
        let skip = match prompt(line) {
            Some((_, length)) => Some(length),
            None if continued => Some(continuation_prompt(line, language)),
            None => None,
        };
        if let Some(skip) = skip {
            builder.take(excerpt, at + skip, at + line.len());
            let mark = if language == Language::Bash { '\\' } else { '`' };
            continued = line.trim_end_matches(['\n', '\r']).ends_with(mark);
        }
        at += line.len();
    }
    Some((language, builder.finish()))
}

/// The prompt that a line begins with: whose it is, and its length.
fn prompt(line: &str) -> Option<(Language, usize)> {
    let trimmed = line.trim_start_matches([' ', '\t']);
    let indent = line.len() - trimmed.len();
    if let Some(rest) = trimmed.strip_prefix("PS") {
        let close = rest.find('>')?;
        let place = rest.get(..close)?;
        let sound = place.is_empty() || place.starts_with(' ') && !place.contains(['\n', '|', '=']);
        if !sound {
            return None;
        }
        let after = rest.get(close + 1..)?;
        let length = line.len() - after.trim_start_matches(' ').len();
        return Some((Language::PowerShell, length));
    }
    if trimmed.starts_with("$ ") {
        let rest = trimmed.get(1..)?.trim_start_matches(' ');
        return (!rest.starts_with('=')).then_some((Language::Bash, indent + trimmed.len() - rest.len()));
    }
    // user@host:~/folder$ command
    let (place, rest) = trimmed.split_once("$ ")?;
    let is_place = place.contains('@')
        && place.len() <= 80
        && !place.starts_with('@')
        && place.chars().all(|char| char.is_alphanumeric() || "@:~/._-[] ".contains(char));
    is_place.then(|| (Language::Bash, line.len() - rest.len()))
}

/// The length of the prompt of a continued line.
fn continuation_prompt(line: &str, language: Language) -> usize {
    let mark = if language == Language::Bash { "> " } else { ">> " };
    if line.starts_with(mark) { mark.len() } else { 0 }
}
