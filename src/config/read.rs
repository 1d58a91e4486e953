//! From the text of a `cmklint.toml` to settings.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jsonpath_rust::parser::parse_json_path;
use serde_json::Value as Json;
use toml_span::Value;
use toml_span::value::{Key, Table, ValueInner};

use super::{Config, Entry, Fault, Named, Override};
use crate::finding::{Profile, Severity};
use crate::rules;
use crate::text::{LineIndex, nearest};

/// The keys of the file.
const KEYS: [&str; 9] =
    ["include", "exclude", "profile", "subscription", "rules", "settings", "levels", "suppress", "override"];
/// The keys of an entry that puts findings aside.
const ENTRY_KEYS: [&str; 4] = ["rules", "files", "at", "reason"];
/// The keys of an entry for some of the files.
const OVERRIDE_KEYS: [&str; 5] = ["files", "profile", "subscription", "parameters", "parameters-files"];
/// What ids of our own rules begin with.
const OURS: &str = "CMK";

/// Reads settings. `name` is what reports call the file, `folder` what its patterns are relative to.
pub fn read(name: &str, folder: &Path, text: &str) -> (Config, Vec<Fault>) {
    let config = Config { name: name.to_owned(), folder: folder.to_owned(), text: text.into(), ..Config::default() };
    let mut reader = Reader { config, faults: Vec::new(), lines: LineIndex::new(text) };
    match toml_span::parse(text) {
        Ok(value) => reader.file(&value),
        Err(error) => reader.faults.push((within(text, error.span), error.to_string())),
    }
    reader.faults.sort_by_key(|(range, _)| range.start);
    (reader.config, reader.faults)
}

/// The parser's places may lie behind the end of the text.
fn within(text: &str, span: toml_span::Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start);
    start..text.ceil_char_boundary(span.end).max(start)
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
        // Which rules there are is known first: others may be spoken of.
        if let Some(folders) = table.get("rules") {
            self.config.rules = self.paths(folders);
        }
        for (key, value) in table {
            self.say(key, value);
            match &*key.name {
                "rules" => {}
                "settings" => self.lists(value),
                "override" => self.overrides(value),
                "include" => self.config.include = self.patterns(value),
                "exclude" => self.config.exclude = self.patterns(value).unwrap_or_default(),
                "profile" => self.config.profile = self.profile(value),
                "subscription" => self.config.subscription = self.subscription(value),
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

    /// Files or folders.
    fn paths(&mut self, value: &Value<'_>) -> Vec<Named> {
        let texts = self.texts(value);
        let folder = &self.config.folder;
        let named = |(text, value): (&str, &Value<'_>)| Named {
            path: folder.join(text),
            range: value.span.start..value.span.end,
        };
        texts.into_iter().map(named).collect()
    }

    fn patterns(&mut self, value: &Value<'_>) -> Option<GlobSet> {
        let mut set = GlobSetBuilder::new();
        for (text, value) in self.texts(value) {
            if text.starts_with(['/', '\\', '~']) || text.split(['/', '\\']).any(|part| part == "..") {
                self.fault(
                    value.span,
                    "no file is called so: patterns are relative to the folder of this file, and about files in it",
                );
            }
            match GlobBuilder::new(text.trim_start_matches("./")).literal_separator(true).build() {
                Ok(glob) => {
                    set.add(glob);
                }
                Err(error) => self.fault(value.span, format!("this is no pattern of paths: {}", error.kind())),
            }
        }
        set.build().ok()
    }

    fn profile(&mut self, value: &Value<'_>) -> Option<Profile> {
        match value.as_str() {
            Some("current") => Some(Profile::Current),
            Some("2021") => Some(Profile::Y2021),
            _ => {
                self.fault(value.span, "the profile is \"current\" or \"2021\"");
                None
            }
        }
    }

    fn subscription(&mut self, value: &Value<'_>) -> Option<Arc<str>> {
        match value.as_str() {
            Some(text) if uuid::Uuid::try_parse(text).is_ok() && text.len() == 36 => Some(Arc::from(text)),
            _ => {
                let like = "this is not the id of a subscription, like \"00000000-0000-0000-0000-000000000000\"";
                self.fault(value.span, like);
                None
            }
        }
    }

    /// Lists that rules ask for by name.
    fn lists(&mut self, value: &Value<'_>) {
        let Some(table) = value.as_table() else {
            return self.fault(value.span, "settings are a table of lists: allowed-disk-encryption-sets = [\"...\"]");
        };
        for (key, value) in table {
            let list = self.texts(value).into_iter().map(|(text, _)| text.to_owned()).collect();
            self.config.lists.insert(key.name.to_string(), list);
        }
    }

    fn overrides(&mut self, value: &Value<'_>) {
        let Some(entries) = value.as_array() else {
            return self.fault(value.span, "write [[override]] with two brackets: there may be several");
        };
        for entry in entries {
            let Some(table) = entry.as_table() else {
                self.fault(entry.span, "each of these is a table");
                continue;
            };
            let first = table.values().map(|value| value.span.start).min().unwrap_or(entry.span.start);
            let mut over = Override {
                line: self.lines.line_of(first as u32) as u32 + 1,
                files: GlobSet::empty(),
                profile: None,
                subscription: None,
                parameters: Vec::new(),
                parameters_files: None,
            };
            for (key, value) in table {
                match &*key.name {
                    "files" => over.files = self.patterns(value).unwrap_or_default(),
                    "profile" => over.profile = self.profile(value),
                    "subscription" => over.subscription = self.subscription(value),
                    "parameters" => match value.as_table() {
                        Some(values) => {
                            over.parameters =
                                values.iter().map(|(key, value)| (Arc::from(&*key.name), typed(value))).collect();
                        }
                        None => {
                            let what =
                                "parameters are a table: { region = \"westeurope\" }; `parameters-files` names files";
                            self.fault(value.span, what);
                        }
                    },
                    "parameters-files" => over.parameters_files = Some(self.paths(value)),
                    _ => self.unknown(key, &OVERRIDE_KEYS),
                }
            }
            if !table.contains_key("files") {
                self.fault(entry.span, "`files` is missing: for which files this holds");
            }
            self.not_empty(table, "files");
            self.config.overrides.push(over);
        }
    }

    /// Notes what is said, entry by entry.
    fn say(&mut self, key: &Key<'_>, value: &Value<'_>) {
        let entries: Vec<(&Key<'_>, &Value<'_>)> = match value.as_table() {
            Some(table) => table.iter().collect(),
            None => Vec::new(),
        };
        let mut said = Vec::new();
        for (inner, value) in &entries {
            said.push((format!("{}.{}", key.name, inner.name), shown(value), inner.span));
        }
        let tables = value.as_array().filter(|all| !all.is_empty() && all.iter().all(|one| one.as_table().is_some()));
        for entry in tables.map(|all| all.iter()).into_iter().flatten() {
            let keys = entry.as_table().into_iter().flatten();
            let first = keys.map(|(key, _)| key.span).min_by_key(|span| span.start).unwrap_or(entry.span);
            said.push((key.name.to_string(), shown(entry), first));
        }
        if entries.is_empty() && tables.is_none() {
            said.push((key.name.to_string(), shown(value), key.span));
        }
        for (key, value, span) in said {
            let line = self.lines.line_of(span.start as u32) as u32 + 1;
            self.config.said.push((key, value, line));
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
        if let Some(rule) = rules::find(name) {
            return Some(rule.meta.id.clone());
        }
        if !self.config.rules.is_empty() && !name.to_ascii_uppercase().starts_with(OURS) {
            // It may be one of the project's own.
            self.config.own_rules.push((name.to_owned(), span.start..span.end));
            return Some(name.to_owned());
        }
        let known = rules::all().iter().flat_map(|rule| [rule.meta.id.as_str(), rule.meta.slug.as_str()]);
        let hint = match nearest(name, known) {
            Some(near) => format!("`{near}` is nearest"),
            None => "`cmklint rules` lists all".to_owned(),
        };
        self.fault(span, format!("there is no rule `{name}`; {hint}"));
        None
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

    /// An entry about nothing is a mistake.
    fn not_empty(&mut self, table: &Table<'_>, name: &str) {
        if let Some(value) = table.get(name)
            && value.as_array().is_some_and(|all| all.is_empty())
        {
            self.fault(value.span, format!("`{name}` names nothing, so that this entry is about nothing"));
        }
    }

    fn entry(&mut self, whole: &Value<'_>, table: &Table<'_>) {
        let first = table.values().map(|value| value.span.start).min().unwrap_or(whole.span.start);
        let line = self.lines.line_of(first as u32) as u32 + 1;
        let mut entry = Entry { rules: Vec::new(), files: GlobSet::empty(), at: None, line };
        for (key, value) in table {
            match &*key.name {
                "rules" => {
                    for (name, value) in self.texts(value) {
                        entry.rules.extend(self.rule(name, value.span));
                    }
                }
                "files" => entry.files = self.patterns(value).unwrap_or_default(),
                "at" => {
                    let files = table.get("files").and_then(Value::as_array).into_iter().flatten();
                    if table.contains_key("files") && files.filter_map(Value::as_str).all(is_no_json) {
                        self.fault(
                            value.span,
                            "a JSONPath selects of JSON files only, and none of `files` is one; leave `at` out",
                        );
                    }
                    let Some(path) = self.text(value, "a JSONPath") else { continue };
                    if parse_json_path(path).is_err() {
                        self.fault(value.span, "this is no JSONPath, like \"$.resources[0]\"");
                    }
                    entry.at = Some(path.to_owned());
                }
                "reason" => {
                    let reason = self.text(value, "a reason");
                    if reason.is_some_and(|reason| !reason.chars().any(char::is_alphanumeric)) {
                        self.fault(value.span, "this says nothing: why may the findings stay?");
                    }
                }
                _ => self.unknown(key, &ENTRY_KEYS),
            }
        }
        for name in ["rules", "files", "reason"] {
            if !table.contains_key(name) {
                self.fault(whole.span, format!("`{name}` is missing: what is put aside, where, and why"));
            }
        }
        for name in ["rules", "files"] {
            self.not_empty(table, name);
        }
        self.config.suppress.push(entry);
    }
}

/// Whether a pattern is about files of another kind than JSON, going by its last letters.
fn is_no_json(pattern: &str) -> bool {
    let extension = pattern.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
    let is_plain = !extension.is_empty() && extension.chars().all(char::is_alphanumeric);
    is_plain && !["json", "jsonc"].iter().any(|json| extension.eq_ignore_ascii_case(json))
}

/// A value as it would be typed with `--param`: texts as they are, all else as JSON.
fn typed(value: &Value<'_>) -> String {
    value.as_str().map_or_else(|| json(value).to_string(), str::to_owned)
}

/// A value as people write it.
fn shown(value: &Value<'_>) -> String {
    match value.as_table() {
        Some(table) => {
            let members = table.iter().map(|(key, value)| format!("{} = {}", key.name, shown(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        None => json(value).to_string(),
    }
}

fn json(value: &Value<'_>) -> Json {
    match value.as_ref() {
        ValueInner::String(text) => Json::String(text.to_string()),
        ValueInner::Integer(number) => (*number).into(),
        ValueInner::Float(number) => (*number).into(),
        ValueInner::Boolean(bool) => (*bool).into(),
        ValueInner::Array(elements) => elements.iter().map(json).collect(),
        ValueInner::Table(table) => {
            Json::Object(table.iter().map(|(key, value)| (key.name.to_string(), json(value))).collect())
        }
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
    }

    #[test]
    fn what_can_have_no_effect_is_a_fault() {
        let cases = [
            ("exclude = [\"/srv/*.json\"]", "/srv/*.json"),
            ("include = [\"a/../b.json\"]", "a/../b.json"),
            ("[[suppress]]\nrules = []\nfiles = [\"*\"]\nreason = \"r\"", "[]"),
            ("[[suppress]]\nrules = [\"CMK101\"]\nfiles = []\nreason = \"r\"", "[]"),
            ("[[suppress]]\nrules = [\"CMK101\"]\nfiles = [\"*\"]\nreason = \" -\"", " -"),
            ("[[suppress]]\nrules = [\"CMK101\"]\nfiles = [\"*.bicep\"]\nat = \"$.a\"\nreason = \"r\"", "$.a"),
            ("[[override]]\nfiles = []", "[]"),
            ("[levels]\nCMK101 = \"off\"\n[levels]\n", "[levels]\n"),
        ];
        for (text, place) in cases {
            let (_, faults) = read("cmklint.toml", Path::new("/w"), text);
            let places: Vec<&str> = faults.iter().map(|(range, _)| &text[range.clone()]).collect();
            assert_eq!(places, [place], "{text}: {faults:?}");
        }
        let sound = "[[suppress]]\nrules = [\"CMK101\"]\nfiles = [\"*.bicep\", \"a/**\"]\nat = \"$.a\"\nreason = \"r\"";
        assert_eq!(read("cmklint.toml", Path::new("/w"), sound).1, []);
    }

    #[test]
    fn what_is_no_toml_is_a_fault() {
        let (_, faults) = read("cmklint.toml", Path::new("/w"), "a = [");
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn places_of_what_is_no_toml_lie_in_the_text() {
        for text in ["{\n  ", "\u{e9}= [\u{e9}", "a = \"\u{1f511}", "\u{feff}[", "[a", "a."] {
            let (_, faults) = read("cmklint.toml", Path::new("/w"), text);
            assert!(faults.iter().all(|(range, _)| text.get(range.clone()).is_some()), "{text:?}: {faults:?}");
        }
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
    #[test]
    fn some_files_have_settings_of_their_own_and_the_later_wins() {
        let text = "profile = \"current\"\nrules = [\"own\"]\n[settings]\nlist = [\"a\"]\n[levels]\nCONTOSO1 = \"note\"\n\
                    [[override]]\nfiles = [\"**/*.json\"]\nprofile = \"2021\"\nparameters = { a = 1, b = \"x\" }\n\
                    [[override]]\nfiles = [\"prod/**\"]\nparameters = { A = [true] }\n";
        let (config, faults) = read("cmklint.toml", Path::new("/w"), text);
        assert_eq!(faults, []);
        let values = |path: &str| -> Vec<String> {
            let given = config.parameters_for(Path::new(path));
            given.iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        assert_eq!(values("/w/a.json"), ["a=1", "b=x"]);
        assert_eq!(values("/w/prod/a.json"), ["b=x", "A=[true]"]);
        assert_eq!(config.profile_for(Path::new("/w/a.json")), Some(Profile::Y2021));
        assert_eq!(config.profile_for(Path::new("/w/a.bicep")), Some(Profile::Current));
        assert_eq!(config.rules, [Named { path: "/w/own".into(), range: 30..33 }]);
        assert_eq!(config.own_rules, [("CONTOSO1".to_owned(), 69..77)]);
        assert_eq!(config.lists["list"], ["a"]);
        let said: Vec<String> = config.said.iter().map(|(key, value, line)| format!("{line} {key} {value}")).collect();
        assert!(said.contains(&"6 levels.CONTOSO1 \"note\"".to_owned()), "{said:?}");
        assert!(said.iter().any(|said| said.starts_with("8 override { files = [\"**/*.json\"]")), "{said:?}");
    }

    /// What the shipped schema allows, key by key.
    #[test]
    fn schema_and_reader_know_the_same_keys() {
        let schema: Json = serde_json::from_str(include_str!("../../docs/schema/settings.schema.json")).expect("JSON");
        let keys = |pointer: &str| -> Vec<String> {
            let found = schema.pointer(pointer).and_then(Json::as_object).expect("an object");
            let mut keys: Vec<String> = found.keys().cloned().collect();
            keys.sort();
            keys
        };
        let sorted = |known: &[&str]| {
            let mut known: Vec<String> = known.iter().map(|&key| key.to_owned()).collect();
            known.sort();
            known
        };
        assert_eq!(keys("/properties"), sorted(&KEYS));
        assert_eq!(keys("/properties/suppress/items/properties"), sorted(&ENTRY_KEYS));
        assert_eq!(keys("/properties/override/items/properties"), sorted(&OVERRIDE_KEYS));
    }
}
