//! What is known about a rule before it runs: the content of `rules/<ID>/rule.json`.

use serde::{Deserialize, Serialize};

use super::Severity;

/// A kind of input that a rule can speak of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// ARM template (JSON).
    Arm,
    /// Bicep.
    Bicep,
    /// `az` in shell scripts.
    Az,
    /// Az PowerShell.
    Powershell,
    /// What Azure gives back.
    State,
}

/// Whose wording of Microsoft's article the severities follow.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Profile {
    /// The newest wording.
    #[default]
    #[serde(rename = "current")]
    Current,
    /// The wording of 2021.
    #[serde(rename = "2021")]
    Y2021,
}

/// One way in which a rule is broken.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseMeta {
    /// Letter, like `a`; empty for a rule of one case.
    #[serde(default)]
    pub letter: String,
    /// What the case is, one sentence.
    pub title: String,
    /// Severity under `--profile current`; `null` is silent.
    pub current: Option<Severity>,
    /// Severity under `--profile 2021`; `null` is silent.
    #[serde(rename = "2021")]
    pub y2021: Option<Severity>,
    /// The formats that the case is checked on.
    pub formats: Vec<Format>,
    /// What it looks for, if it is declared instead of coded: a selector and an expectation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<serde_json::Value>,
}

impl CaseMeta {
    /// Severity under a profile; `None` is silent.
    pub const fn severity(&self, profile: Profile) -> Option<Severity> {
        match profile {
            Profile::Current => self.current,
            Profile::Y2021 => self.y2021,
        }
    }
}

/// A rule as `rules/<ID>/rule.json` describes it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleMeta {
    /// `CMK102`. An id is never reused.
    pub id: String,
    /// Names the fault: `des-wrong-region`.
    pub slug: String,
    /// One sentence without full stop.
    pub title: String,
    /// The version that brought the rule.
    pub since: String,
    /// Where the facts are from: titles with repository and path, or addresses.
    pub references: Vec<String>,
    /// Whether it runs only where it is asked for by name.
    #[serde(default)]
    pub opt_in: bool,
    /// At least one.
    pub cases: Vec<CaseMeta>,
}

impl RuleMeta {
    /// The case of a letter.
    pub fn case(&self, letter: &str) -> Option<&CaseMeta> {
        self.cases.iter().find(|case| case.letter == letter)
    }
}
