//! From the text of a `cmklint.toml` to settings.

use std::path::Path;
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jsonpath_rust::parser::parse_json_path;
use toml_span::Value;
use toml_span::value::{Key, Table};

use super::{Config, Entry, Fault};
use crate::finding::{Profile, Severity};
use crate::rules;
use crate::text::{LineIndex, nearest};

/// The keys of the file.
const KEYS: [&str; 6] = ["include", "exclude", "profile", "subscription", "levels", "suppress"];
/// The keys of an entry that puts findings aside.
const ENTRY_KEYS: [&str; 4] = ["rules", "files", "at", "reason"];

/// Reads settings. `name` is what reports call the file, `folder` what its patterns are relative to.
pub fn read(name: &str, folder: &Path, text: &str) -> (Config, Vec<Fault>) {
    let config = Config { name: name.to_owned(), folder: folder.to_owned(), ..Config::default() };
    let mut reader = Reader { config, faults: Vec::new(), lines: LineIndex::new(text) };
    match toml_span::parse(text) {
        Ok(value) => reader.file(&value),
        Err(error) => reader.faults.push((error.span.start..error.span.end, error.kind.to_string())),
    }
    reader.faults.sort_by_key(|(range, _)| range.start);
    (reader.config, reader.faults)
}

struct Reader {
    config: Config,
    faults: Vec<Fault>,
    lines: LineIndex,
}

impl Reader {
    fn fault(&mut self, span: toml_span::Span, what: impl Into<String>) {
        self.faults.push((span.start..span.end, what.into()));
    }

    fn file(&mut self, value: &Value<'_>) {
        let Some(table) = value.as_table() else { return };
        for (key, value) in table {
            match &*key.name {
                "include" => self.config.include = self.patterns(value),
                "exclude" => self.config.exclude = self.patterns(value).unwrap_or_default(),
                "profile" => self.profile(value),
                "subscription" => self.subscription(value),
                "levels" => self.levels(value),
                "suppress" => self.entries(value),
                _ => self.unknown(key, &KEYS),
            }
        }
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&str]) {
        let name = &key.name;
        self.fault(
            key.span,
            match nearest(name, known.iter().copied()) {
                Some(near) => format!("`{name}` is not known here; `{near}` is nearest"),
                None => format!("`{name}` is not known here; it may be {}", known.join(", ")),
            },
        );
    }

    fn text<'v>(&mut self, value: &'v Value<'_>, what: &str) -> Option<&'v str> {
        let text = value.as_str();
        if text.is_none() {
            self.fault(value.span, format!("{what} is a text in quotes"));
        }
        text
    }

    fn texts<'v, 'd>(&mut self, value: &'v Value<'d>) -> Vec<(&'v str, &'v Value<'d>)> {
        let Some(all) = value.as_array() else {
            self.fault(value.span, "this is a list of texts: [\"...\"]");
            return Vec::new();
        };
        all.iter().filter_map(|one| Some((self.text(one, "each of these")?, one))).collect()
    }

    fn patterns(&mut self, value: &Value<'_>) -> Option<GlobSet> {
        let mut set = GlobSetBuilder::new();
        for (text, value) in self.texts(value) {
            match GlobBuilder::new(text.trim_start_matches("./")).literal_separator(true).build() {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => self.fault(value.span, format!("this is no pattern of paths: {}", error.kind())),
            }
        }
        set.build().ok()
    }

    fn profile(&mut self, value: &Value<'_>) {
        match value.as_str() {
            Some("current") => self.config.profile = Some(Profile::Current),
            Some("2021") => self.config.profile = Some(Profile::Y2021),
            _ => self.fault(value.span, "the profile is \"current\" or \"2021\""),
        }
    }

    fn subscription(&mut self, value: &Value<'_>) {
        match value.as_str() {
            Some(text) if uuid::Uuid::try_parse(text).is_ok() && text.len() == 36 => {
                self.config.subscription = Some(Arc::from(text));
            }
            _ => self.fault(
                value.span,
                "this is not the id of a subscription, like \"00000000-0000-0000-0000-000000000000\"",
            ),
        }
    }

    fn levels(&mut self, value: &Value<'_>) {
        let Some(table) = value.as_table() else {
            return self.fault(value.span, "levels are a table: CMK301 = \"off\"");
        };
        for (key, value) in table {
            let level = match value.as_str() {
                Some("off") => None,
                Some("note") => Some(Severity::Note),
                Some("warning") => Some(Severity::Warning),
                Some("error") => Some(Severity::Error),
                _ => {
                    self.fault(value.span, "a level is \"off\", \"note\", \"warning\" or \"error\"");
                    continue;
                }
            };
            if let Some(id) = self.rule(&key.name, key.span) {
                self.config.levels.push((id, level));
            }
        }
    }

    fn rule(&mut self, name: &str, span: toml_span::Span) -> Option<String> {
        let found = rules::find(name).map(|rule| rule.meta.id.clone());
        if found.is_none() {
            self.fault(span, format!("there is no rule `{name}`; `cmklint rules` lists all"));
        }
        found
    }

    fn entries(&mut self, value: &Value<'_>) {
        let Some(entries) = value.as_array() else {
            return self.fault(value.span, "write [[suppress]] with two brackets: there may be several");
        };
        for entry in entries {
            match entry.as_table() {
                Some(table) => self.entry(entry, table),
                None => self.fault(entry.span, "each of these is a table"),
            }
        }
    }

    fn entry(&mut self, whole: &Value<'_>, table: &Table<'_>) {
        let first = table.values().map(|value| value.span.start).min().unwrap_or(whole.span.start);
        let line = self.lines.line_of(first as u32) as u32 + 1;
        let mut entry = Entry { rules: Vec::new(), files: GlobSet::empty(), at: None, line };
        let mut has_reason = false;
        for (key, value) in table {
            match &*key.name {
                "rules" => {
                    for (name, value) in self.texts(value) {
                        entry.rules.extend(self.rule(name, value.span));
                    }
                }
                "files" => entry.files = self.patterns(value).unwrap_or_default(),
                "at" => {
                    let Some(path) = self.text(value, "a JSONPath") else { continue };
                    if parse_json_path(path).is_err() {
                        self.fault(value.span, "this is no JSONPath, like \"$.resources[0]\"");
                    }
                    entry.at = Some(path.to_owned());
                }
                "reason" => {
                    let reason = self.text(value, "a reason");
                    has_reason = reason.is_some_and(|reason| reason.chars().any(char::is_alphanumeric));
                }
                _ => self.unknown(key, &ENTRY_KEYS),
            }
        }
        for (name, is_there) in
            [("rules", table.contains_key("rules")), ("files", table.contains_key("files")), ("reason", has_reason)]
        {
            if !is_there {
                self.fault(whole.span, format!("`{name}` is missing: what is put aside, where, and why"));
            }
        }
        self.config.suppress.push(entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_have_their_places() {
        let text = "excude = []\nprofile = \"2020\"\n[levels]\nCMK999 = \"off\"\nCMK301 = \"bad\"\n[[suppress]]\nrules = [\"CMK101\"]\nat = \"$[\"\n";
        let (_, faults) = read("cmklint.toml", Path::new("/w"), text);
        let places: Vec<&str> = faults.iter().map(|(range, _)| &text[range.clone()]).collect();
        assert_eq!(places.len(), 7, "{faults:?}");
        assert_eq!(&places[..4], ["excude", "2020", "CMK999", "bad"], "{faults:?}");
        assert!(faults[0].1.contains("`exclude` is nearest"));
        let (_, faults) = read("cmklint.toml", Path::new("/w"), "a = [");
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn settings_are_read_and_patterns_are_relative_to_their_folder() {
        let text = "include = [\"infra/**\"]\nexclude = [\"**/old/*\"]\nprofile = \"2021\"\n[levels]\ndes-wrong-region = \"note\"\n";
        let (config, faults) = read("cmklint.toml", Path::new("/w"), text);
        assert_eq!(faults, []);
        assert!(config.includes(Path::new("/w/infra/a/b.json")));
        assert!(!config.includes(Path::new("/w/infra/old/b.json")));
        assert!(!config.includes(Path::new("/w/b.json")));
        assert_eq!(config.levels, [("CMK102".to_owned(), Some(Severity::Note))]);
    }
}
