//! Which variables a page of scripts can have set at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::ir::Name;
use crate::ir::script::{Command, Expr, ExprId, Parameter, Role, Script, StatementKind};
use crate::text::distance;

/// Variables that PowerShell or whoever calls the script sets.
const AUTOMATIC: &[&str] = &[
    "$",
    "?",
    "^",
    "_",
    "args",
    "input",
    "null",
    "true",
    "false",
    "this",
    "psitem",
    "error",
    "host",
    "home",
    "pwd",
    "pid",
    "profile",
    "matches",
    "myinvocation",
    "psboundparameters",
    "pscmdlet",
    "pscommandpath",
    "psscriptroot",
    "pshome",
    "psversiontable",
    "pscloudshell",
    "lastexitcode",
    "iswindows",
    "islinux",
    "ismacos",
    "foreach",
    "switch",
    "sender",
    "eventargs",
    "event",
    "executioncontext",
    "stacktrace",
    "nestedpromptlevel",
    "shellid",
    "ofs",
    "erroractionpreference",
    "warningpreference",
    "verbosepreference",
    "debugpreference",
    "progresspreference",
    "informationpreference",
    "confirmpreference",
    "whatifpreference",
];
/// Parameters of every cmdlet that name a variable which is set.
const SETTING: &[&str] = &[
    "outvariable",
    "ov",
    "errorvariable",
    "ev",
    "warningvariable",
    "wv",
    "informationvariable",
    "iv",
    "pipelinevariable",
    "pv",
];
/// How many letters a misspelt name may be off.
const DISTANCE: usize = 2;

/// The variables that scripts set, which share one session: a file, or the fences of one page.
#[derive(Debug, Default)]
pub struct Names {
    /// By lower-case name, as first spelt.
    assigned: BTreeMap<String, Arc<str>>,
    /// Whether something else could set any variable: another file that is run here, text that is run as code.
    open: bool,
    /// Whether a missing assignment may stand in the prose around: then only a name like another is certain.
    page: bool,
}

impl Names {
    /// The names of scripts. `page`: they are fences of one page.
    pub fn of<'s>(scripts: impl IntoIterator<Item = &'s Script>, page: bool) -> Self {
        let mut names = Self { page, ..Self::default() };
        for script in scripts {
            names.read(script);
        }
        names
    }

    /// Whether a variable is certainly never set; then the name like it that is, if there is one.
    pub fn unassigned(&self, name: &str) -> Option<Option<Arc<str>>> {
        if self.open || name.contains(':') {
            return None;
        }
        let lower = name.to_lowercase();
        if AUTOMATIC.contains(&lower.as_str()) || self.assigned.contains_key(&lower) {
            return None;
        }
        let like = self.assigned.iter().find(|(other, _)| is_like(&lower, other)).map(|(_, name)| Arc::clone(name));
        if self.page && like.is_none() { None } else { Some(like) }
    }

    fn read(&mut self, script: &Script) {
        for statement in script.blocks.iter().flatten() {
            match &statement.kind {
                StatementKind::Assign(assign) => self.target(script, assign.target),
                StatementKind::For { variable, .. } => self.add(variable),
                StatementKind::Function { parameters, .. } | StatementKind::Parameters(parameters) => {
                    self.parameters(parameters);
                }
                StatementKind::Command(command) => self.command(script, command),
                _ => {}
            }
        }
        for node in &script.exprs {
            if let Expr::Call { function, args } = &node.expr
                && let ("cast", [ty, value]) = (&**function, args.as_slice())
                && script.literal(*ty).is_some_and(|ty| ty.eq_ignore_ascii_case("ref"))
            {
                self.target(script, *value);
            }
        }
        self.open |= !script.broken.is_empty() && script.broken.iter().any(|span| span.len() > 400);
    }

    fn add(&mut self, name: &Name) {
        let lower = name.to_lowercase();
        let bare = match lower.split_once(':') {
            Some((_, rest)) => rest.to_owned(),
            None => lower,
        };
        self.assigned.entry(bare).or_insert_with(|| Arc::clone(name));
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        for parameter in parameters {
            self.add(&parameter.name);
        }
    }

    fn target(&mut self, script: &Script, target: ExprId) {
        let mut pending = vec![target];
        while let Some(target) = pending.pop() {
            match script.expr(target) {
                Expr::Var(name) => self.add(name),
                Expr::Get { base, .. } => pending.push(*base),
                Expr::List(targets) => pending.extend(targets),
                _ => {}
            }
        }
    }

    fn command(&mut self, script: &Script, command: &Command) {
        let literal = |at: usize| match command.words.get(at)?.parts.as_slice() {
            [part] => script.literal(part.value),
            _ => None,
        };
        let name = literal(0).map(|name| name.to_lowercase()).unwrap_or_default();
        let sets = matches!(name.as_str(), "set-variable" | "new-variable" | "sv" | "nv");
        for (at, word) in command.words.iter().enumerate().skip(1) {
            match &word.role {
                Role::Option { name: option, .. } => {
                    let option = option.to_lowercase();
                    if (SETTING.contains(&option.as_str()) || (sets && "name".starts_with(&option)))
                        && let Some(variable) = literal(at + 1)
                    {
                        self.add(&variable.trim_start_matches('+').into());
                    }
                }
                Role::Plain if sets && at == 1 => {
                    if let Some(variable) = literal(1) {
                        self.add(&variable);
                    }
                }
                _ => {}
            }
        }
        let is_file = |text: &str| text.contains(['/', '\\']) || text.to_lowercase().contains(".ps");
        let runs_other = match name.as_str() {
            "." | "invoke-expression" | "iex" => true,
            "import-module" | "ipmo" | "import-clixml" => {
                (1..command.words.len()).any(|at| literal(at).is_none_or(|text| is_file(&text)))
            }
            _ => false,
        };
        self.open |= runs_other;
    }
}

/// Whether a name is likely meant for another: the same words in another order, or few letters off.
fn is_like(name: &str, other: &str) -> bool {
    words(name) == words(other) || distance(name, other) <= DISTANCE.min(name.chars().count() / 3)
}

/// The words of a name, sorted: split at `_` and between letters and digits. Names without such marks are one word,
/// so that their letters count instead: `encWest` and `westEnc` have the same.
fn words(name: &str) -> Vec<char> {
    let mut letters: Vec<char> = name.chars().filter(|char| *char != '_').collect();
    letters.sort_unstable();
    letters
}
