//! What a text is written in: by its label, and by what it holds where that is certain.

/// A language that something here reads.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Language {
    /// bash and sh.
    Bash,
    /// PowerShell.
    PowerShell,
    /// JSON.
    Json,
    /// Bicep.
    Bicep,
}

/// What a label stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Label {
    Language(Language),
    /// Anything that is typed somewhere, perhaps with what it answers.
    Any,
}

/// Labels of fences, in lower case.
const LABELS: &[(&str, Label)] = &[
    ("", Label::Any),
    ("azcli", Label::Language(Language::Bash)),
    ("azure-cli", Label::Language(Language::Bash)),
    ("azurecli", Label::Language(Language::Bash)),
    ("azurecli-interactive", Label::Language(Language::Bash)),
    ("azurepowershell", Label::Language(Language::PowerShell)),
    ("azurepowershell-interactive", Label::Language(Language::PowerShell)),
    ("bash", Label::Language(Language::Bash)),
    ("bash-interactive", Label::Language(Language::Bash)),
    ("bicep", Label::Language(Language::Bicep)),
    ("cli", Label::Language(Language::Bash)),
    ("cmd", Label::Any),
    ("console", Label::Any),
    ("json", Label::Language(Language::Json)),
    ("json5", Label::Language(Language::Json)),
    ("jsonc", Label::Language(Language::Json)),
    ("posh", Label::Language(Language::PowerShell)),
    ("powershell", Label::Language(Language::PowerShell)),
    ("powershell-interactive", Label::Language(Language::PowerShell)),
    ("ps", Label::Language(Language::PowerShell)),
    ("ps1", Label::Language(Language::PowerShell)),
    ("pwsh", Label::Language(Language::PowerShell)),
    ("sh", Label::Language(Language::Bash)),
    ("shell", Label::Language(Language::Bash)),
    ("shell-session", Label::Any),
    ("shellsession", Label::Any),
    ("terminal", Label::Any),
    ("text", Label::Any),
    ("zsh", Label::Language(Language::Bash)),
];

/// What the info string of a fence says; `None` for languages that nothing here reads.
pub(super) fn label(info: &str) -> Option<Label> {
    let word = info.split([' ', '\t', ',', '{', ':']).next().unwrap_or_default().to_ascii_lowercase();
    let at = LABELS.binary_search_by(|(label, _)| (*label).cmp(word.as_str())).ok()?;
    LABELS.get(at).map(|&(_, label)| label)
}

/// The language of a text with a label.
pub(super) fn of(label: Label, text: &str) -> Option<Language> {
    match label {
        Label::Language(said @ (Language::Json | Language::Bicep)) => Some(said),
        _ if is_usage(text) => None,
        Label::Language(said) => Some(Signs::of(text).language().unwrap_or(said)),
        Label::Any => guess(text),
    }
}

/// Whether a text shows how a command may be called, rather than calling it.
fn is_usage(text: &str) -> bool {
    text.contains("[<CommonParameters>]")
        || text.lines().any(|line| {
            let line = line.trim_start();
            line.starts_with("[--") || line.starts_with("[[-") || line.contains(" [--")
        })
}

/// The shell that a script without a label is written for. The Azure CLI runs in both, and is typed in bash mostly.
pub(super) fn guess(text: &str) -> Option<Language> {
    let signs = Signs::of(text);
    let az = || text.lines().any(|line| line.trim_start().starts_with("az "));
    signs.language().or_else(|| (signs.none() && az()).then_some(Language::Bash))
}

/// What in a script can only be one shell's.
struct Signs {
    powershell: bool,
    bash: bool,
}

impl Signs {
    fn of(text: &str) -> Self {
        Self { powershell: text.lines().any(is_powershell), bash: text.lines().any(is_bash) }
    }

    const fn none(&self) -> bool {
        !self.powershell && !self.bash
    }

    /// The shell, where they agree on one.
    const fn language(&self) -> Option<Language> {
        match (self.powershell, self.bash) {
            (true, false) => Some(Language::PowerShell),
            (false, true) => Some(Language::Bash),
            _ => None,
        }
    }
}

/// `$x = ...`, a cmdlet of Azure's, a line that a backtick continues.
fn is_powershell(line: &str) -> bool {
    let line = line.trim();
    if let Some(rest) = line.strip_prefix('$') {
        let name = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':')).count();
        let after = rest.get(name..).unwrap_or_default().trim_start();
        if name > 0 && (after.starts_with("= ") || after.starts_with("=@") || after.starts_with("+= ")) {
            return true;
        }
    }
    if line.ends_with(" `") {
        return true;
    }
    let word = line.split([' ', '\t', '(', '|', ';']).next().unwrap_or_default();
    word.split_once('-').is_some_and(|(verb, noun)| {
        let is_verb = verb.len() > 2 && verb.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_verb
            && verb.starts_with(|first: char| first.is_ascii_uppercase())
            && noun.starts_with("Az")
            && noun.len() > 3
    })
}

/// `x=...`, a line that a backslash continues, words that only a shell has.
fn is_bash(line: &str) -> bool {
    // What is indented may be a key of a hashtable.
    let indented = line.starts_with([' ', '\t']);
    let line = line.trim();
    if line.ends_with(" \\") || line.starts_with("export ") || matches!(line, "fi" | "done" | "then" | "do") {
        return true;
    }
    let name = line.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    !indented && name > 0 && line.get(name..).is_some_and(|rest| rest.starts_with('=') && !rest.starts_with("= "))
}
