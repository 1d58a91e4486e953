//! What was typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Says before deployment where an Azure Compute Gallery image version would not be encrypted with your own keys.
#[derive(Parser, Debug)]
#[command(name = "cmklint", version = super::request::VERSION.as_str(), max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Look for faults in files and folders
    Check(CheckArgs),
    /// Say what a rule is about: why, examples, how to fix
    Explain(ExplainArgs),
    /// List all rules
    Rules(RulesArgs),
    /// Show what a file deploys, as far as the files tell
    Eval(EvalArgs),
    /// Show what a JSONPath finds in the resources that a file deploys: how one writes a rule's `select`
    Query(QueryArgs),
    /// Draw which key encrypts which disk of an image version in which region
    Map(MapArgs),
    /// Show which settings hold, and from which files
    Config(ConfigArgs),
    /// Write the findings there are into a file, so that `check --baseline` leaves them out
    Baseline(BaselineArgs),
    /// Print what a shell needs to complete options and commands
    Completions(CompletionsArgs),
    /// Print the manual page (roff)
    Man,
}

/// `cmklint completions`.
#[derive(ClapArgs, Debug)]
pub(super) struct CompletionsArgs {
    /// Which shell
    #[arg(value_enum)]
    pub(super) shell: clap_complete::Shell,
}

/// `cmklint config`.
#[derive(ClapArgs, Debug)]
pub(super) struct ConfigArgs {
    /// Files and folders whose settings are asked for
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// The settings of this file, for all
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
}

/// `cmklint check`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Exit codes: 0 nothing at or above --fail-on, 1 findings (with --diff: something to fix), 2 could not work."
)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    pub(super) what: WhatArgs,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(super) format: CheckFormat,
    /// Write the report into a file as well, in the format named (repeatable)
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_file)]
    pub(super) output: Vec<(CheckFormat, PathBuf)>,
    /// Compare with the files as they were at this git revision: not all of an image version can be changed
    #[arg(long, value_name = "REV", conflicts_with = "changes")]
    pub(super) since: Option<String>,
    /// Only findings that weren't there at that revision
    #[arg(long, requires = "since")]
    pub(super) new_only: bool,
    /// Leave out the findings that this file holds; `cmklint baseline` writes it
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Change the files where what is written has one reading, and look again
    #[arg(long, group = "changes")]
    pub(super) fix: bool,
    /// Fixes too that guess what was meant, such as the name of a variable; with `--fix` or `--diff`
    #[arg(long, requires = "changes")]
    pub(super) unsafe_fixes: bool,
    /// Show what `--fix` would change, and change nothing; exit code 1 if there is something
    #[arg(long, group = "changes", conflicts_with = "output")]
    pub(super) diff: bool,
    /// The mildest severity that fails the run
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Warning)]
    pub(super) fail_on: FailOn,
    /// Fail as well if a check could not be decided
    #[arg(long)]
    pub(super) strict: bool,
    /// List the checks that could not be decided, and remarks on the files
    #[arg(long)]
    pub(super) undecided: bool,
    /// Say on standard error what the run cost
    #[arg(long)]
    pub(super) stats: bool,
    /// Colors; `auto` has them on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(super) color: Color,
    /// Findings only, without summary and remarks
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// `cmklint baseline`.
#[derive(ClapArgs, Debug)]
pub(super) struct BaselineArgs {
    #[command(flatten)]
    pub(super) what: WhatArgs,
    /// The file that the findings are written into
    #[arg(long, value_name = "FILE", default_value = "cmklint-baseline.json")]
    pub(super) output: PathBuf,
}

/// What is looked at, and for what.
#[derive(ClapArgs, Debug)]
pub(super) struct WhatArgs {
    /// Files and folders; folders are walked as git sees them
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// Look as well at what uses the files: templates of the workspace that deploy them as modules, parameters files
    #[arg(long)]
    pub(super) with_users: bool,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
    /// Only these rules (ids or slugs, separated by commas)
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// These rules too: the ones that run only where they are asked for
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) extend_select: Vec<String>,
    /// A folder with rules of your own (repeatable); `cmklint rules test DIR` tries them
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Vec<PathBuf>,
    /// An entry of a list that a rule asks for, like `allowed-disk-encryption-sets=ID` (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) setting: Vec<String>,
    /// Not these rules
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(super) ignore: Vec<String>,
    /// Whose wording of Microsoft's article severities follow; `current` by default
    #[arg(long, value_enum)]
    pub(super) profile: Option<ProfileArg>,
    /// How many threads work; by default as many as processors, and one for a few small files
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
}

/// What is deployed with.
#[derive(ClapArgs, Clone, Debug, Default)]
pub(super) struct ScenarioArgs {
    /// The subscription that is deployed to, by its id
    #[arg(long, value_name = "ID")]
    pub(super) subscription: Option<String>,
    /// A parameters file (repeatable: one evaluation for each)
    #[arg(long, value_name = "FILE")]
    pub(super) parameters: Vec<PathBuf>,
    /// Where Bicep keeps modules of registries (`~/.bicep`); without it they are unknown
    #[arg(long, value_name = "DIR")]
    pub(super) module_cache: Option<PathBuf>,
    /// A parameter's value; wins over parameters files (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) param: Vec<String>,
    /// The settings of this file, instead of those of the nearest `cmklint.toml` upwards from each file
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// No settings but those typed
    #[arg(long)]
    pub(super) no_config: bool,
}

/// `cmklint explain`.
#[derive(ClapArgs, Debug)]
pub(super) struct ExplainArgs {
    /// Id or slug: CMK102, des-wrong-region
    pub(super) rule: String,
    /// A folder with rules of your own (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(super) rules: Vec<PathBuf>,
}

/// `cmklint rules`.
#[derive(ClapArgs, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct RulesArgs {
    #[command(subcommand)]
    pub(super) command: Option<RulesCommand>,
    /// How the list is written
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    pub(super) format: PlainFormat,
}

/// What else may be done with rules.
#[derive(Subcommand, Debug)]
pub(super) enum RulesCommand {
    /// Run the examples in the READMEs of rules of your own
    Test(RulesTestArgs),
}

/// `cmklint rules test`.
#[derive(ClapArgs, Debug)]
pub(super) struct RulesTestArgs {
    /// A folder of folders, each with a rule.json and a README.md; or one of them
    pub(super) folder: PathBuf,
    /// An entry of a list that a rule asks for (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    pub(super) setting: Vec<String>,
}

/// `cmklint query`.
#[derive(ClapArgs, Debug)]
pub(super) struct QueryArgs {
    /// A JSONPath into what each resource holds, like `$.properties.publishingProfile.targetRegions[*].name`
    pub(super) path: String,
    /// A template, script or other file
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
}

/// `cmklint eval`.
#[derive(ClapArgs, Debug)]
pub(super) struct EvalArgs {
    /// A template or script
    pub(super) file: PathBuf,
    /// How resources are written
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    pub(super) format: PlainFormat,
    /// Say of every value where it came from
    #[arg(long)]
    pub(super) origins: bool,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
}

/// `cmklint map`.
#[derive(ClapArgs, Debug)]
pub(super) struct MapArgs {
    /// Files and folders; folders are walked as git sees them
    #[arg(default_value = ".")]
    pub(super) paths: Vec<PathBuf>,
    /// How maps are written
    #[arg(long, value_enum, default_value_t = MapFormat::Human)]
    pub(super) format: MapFormat,
    /// List the whole ids of the disk encryption sets too; json and html always have them
    #[arg(long)]
    pub(super) ids: bool,
    #[command(flatten)]
    pub(super) scenario: ScenarioArgs,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum MapFormat {
    Human,
    Json,
    Markdown,
    Html,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum CheckFormat {
    Human,
    Concise,
    Json,
    Sarif,
    Github,
    Gitlab,
    Junit,
}

/// Reads `FORMAT=FILE`.
fn output_file(typed: &str) -> Result<(CheckFormat, PathBuf), String> {
    let (format, file) = typed.split_once('=').ok_or("write FORMAT=FILE, like sarif=cmklint.sarif")?;
    if file.is_empty() {
        return Err("the name of the file is missing".to_owned());
    }
    Ok((CheckFormat::from_str(format, true)?, PathBuf::from(file)))
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum PlainFormat {
    Human,
    Json,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FailOn {
    Note,
    Warning,
    Error,
    Never,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ProfileArg {
    Current,
    #[value(name = "2021")]
    Y2021,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}
