//! The command as a user meets it: exit codes, streams, options, and what it says when it can't work.

mod command;
mod folder;
mod project;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use command::cmklint;
use folder::Folder;
use project::project;

fn run(args: &[&str]) -> Output {
    cmklint(&project().join("fixtures/article"), args)
}

fn code(args: &[&str]) -> Option<i32> {
    run(args).status.code()
}

fn out(args: &[&str]) -> String {
    String::from_utf8(run(args).stdout).expect("output is UTF-8")
}

fn err(args: &[&str]) -> String {
    String::from_utf8(run(args).stderr).expect("output is UTF-8")
}

#[test]
fn exit_codes_tell_findings_from_failures() {
    let cases: &[(&[&str], i32)] = &[
        (&["check", "clean.json"], 0),
        (&["check", "lun-mismatch.json"], 1),
        (&["check"], 1),
        (&["check", "nope.json"], 2),
        (&["check", "clean.json", "nope"], 2),
        (&["check", "--parameters", "nope.json"], 2),
        (&["check", "--select", "CMK999"], 2),
        (&["check", "--param", "x"], 2),
        (&["check", "--subscription", "my-subscription"], 2),
        (&["check", "--no-such-option"], 2),
        (&["frob"], 2),
        (&[], 2),
        (&["check", "README.md"], 0),
        (&["explain", "CMK102"], 0),
        (&["explain", "DES-Wrong-Region"], 0),
        (&["explain", "nonsense"], 2),
        (&["rules"], 0),
        (&["eval", "clean.json"], 0),
        (&["eval", "../../LICENSE-MIT"], 2),
        (&["eval", "nope.json"], 2),
        (&["map"], 0),
        (&["map", "nope.json"], 2),
        (&["map", "--format", "html", "clean.json"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
    ];
    for (args, expected) in cases {
        assert_eq!(code(args), Some(*expected), "{args:?}");
    }
}

#[test]
fn what_fails_a_run_is_the_users_choice() {
    let file = "way-back-to-platform-keys.json"; // one warning
    let cases: &[(&[&str], i32)] = &[
        (&["--fail-on", "note"], 1),
        (&["--fail-on", "warning"], 1),
        (&["--fail-on", "error"], 0),
        (&["--fail-on", "never"], 0),
        (&["--ignore", "CMK104"], 0),
        (&["--ignore", "no-return-to-pmk"], 0),
        (&["--select", "cmk101,CMK102"], 0),
        (&["--select", "CMK104"], 1),
    ];
    for (options, expected) in cases {
        let args = [&["check", file], *options].concat();
        assert_eq!(code(&args), Some(*expected), "{options:?}");
    }
}

#[test]
fn undecided_checks_fail_a_strict_run_only() {
    let folder = Folder::new();
    let text = fs::read_to_string(folder.0.join("clean.json")).expect("readable");
    let open = text.replacen("\"West US\"", "\"[reference('x').region]\"", 1);
    assert_ne!(open, text);
    fs::write(folder.0.join("open.json"), open).expect("written");
    let run = |args: &[&str]| cmklint(&folder.0, args);
    let plain = run(&["check", "open.json"]);
    let said = String::from_utf8(plain.stdout).expect("UTF-8");
    assert!(said.contains("undecided, see `--undecided`"), "{said}");
    assert_eq!(plain.status.code(), Some(0), "{said}");
    assert_eq!(run(&["check", "open.json", "--strict"]).status.code(), Some(1));
    let listed = String::from_utf8(run(&["check", "open.json", "--undecided"]).stdout).expect("UTF-8");
    assert!(listed.contains("open.json:") && listed.contains(": undecided[CMK"), "{listed}");
}

#[test]
fn a_failure_names_the_place_and_the_next_step() {
    let cases: &[(&[&str], &str, &str)] = &[
        (&["check", "nope.json"], "nope.json", "name a file"),
        (&["check", "--select", "CMK999"], "`CMK999`", "cmklint rules"),
        (&["check", "--subscription", "prod"], "`prod`", "az account show"),
        (&["check", "--param", "lun"], "`lun`", "NAME=VALUE"),
        (&["eval", "../../LICENSE-MIT"], "LICENSE-MIT", "ARM template"),
    ];
    for (args, place, step) in cases {
        let said = err(args);
        assert!(said.starts_with("error: ") && said.contains(place), "{args:?}: {said}");
        assert!(said.lines().last().is_some_and(|line| line.starts_with("help: ") && line.contains(step)), "{said}");
        assert!(out(args).is_empty(), "{args:?}");
    }
}

#[test]
fn colors_come_when_asked_for_and_never_into_a_pipe() {
    let has = |args: &[&str]| out(args).contains('\u{1b}');
    assert!(!has(&["check"]));
    assert!(has(&["check", "--color", "always"]));
    assert!(!has(&["check", "--color", "never"]));
    assert!(!has(&["check", "--color", "always", "--format", "json"]));
}

#[test]
fn quiet_leaves_findings_alone() {
    let loud = out(&["check", "lun-mismatch.json"]);
    let quiet = out(&["check", "lun-mismatch.json", "--quiet"]);
    assert!(loud.starts_with(&quiet) && loud.contains("1 finding in"));
    assert!(!quiet.contains("1 finding in") && quiet.contains("error[CMK202]"));
    assert_eq!(out(&["check", "clean.json", "-q"]), "");
}

#[test]
fn a_run_says_what_it_looked_at() {
    assert_eq!(out(&["check", "clean.json"]).lines().next(), Some("no finding in 1 image version in 1 file (1 ARM)"));
    let said = out(&["check", "../../LICENSE-MIT"]);
    assert!(said.ends_with("nothing to judge: no template was met\n"), "{said}");
    assert!(said.starts_with("remark: ../../LICENSE-MIT: was not read"), "{said}");
}

#[test]
fn values_from_the_command_line_win_over_parameters_files() {
    assert_eq!(code(&["check", "lun-mismatch.json", "--param", "dataDiskLun=0"]), Some(0));
    assert_eq!(code(&["check", "lun-mismatch.json", "--param", "datadisklun=1"]), Some(1));
    assert_eq!(code(&["check", "shared-gallery.json", "--param", "sharing=Private"]), Some(0));
    let said = out(&["check", "clean.json", "--param", "misspelt=1"]);
    assert!(said.contains("--param misspelt: no template that is deployed declares this parameter"), "{said}");
}

#[test]
fn a_parameters_file_can_be_given() {
    let folder = Folder::new();
    let good =
        fs::read_to_string(folder.0.join("lun-mismatch.parameters.json")).expect("readable").replace(": 1", ": 0");
    fs::write(folder.0.join("good.json"), good).expect("written");
    let args = ["check", "lun-mismatch.json", "--parameters", "good.json"];
    assert_eq!(cmklint(&folder.0, &args).status.code(), Some(0), "the one beside doesn't count then");
}

#[test]
fn stats_go_to_standard_error() {
    assert!(err(&["check", "clean.json", "--stats"]).contains("1 evaluations"));
    assert!(!out(&["check", "clean.json", "--stats"]).contains("evaluations"));
}

#[test]
fn explain_and_rules_speak_of_every_rule() {
    let list = out(&["rules"]);
    let json: serde_json::Value = serde_json::from_str(&out(&["rules", "--format", "json"])).expect("JSON");
    let rules = json.as_array().expect("a list");
    assert_eq!(rules.len(), list.lines().count());
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        assert!(list.contains(id));
        let page = out(&["explain", id]);
        assert!(page.starts_with(id) && !page.contains("```"), "{page}");
    }
}

#[test]
fn the_version_says_of_when_the_facts_are() {
    let said = out(&["--version"]);
    assert!(said.starts_with("cmklint ") && said.contains("az 2.91.0") && said.contains("regions as of 20"), "{said}");
}

#[test]
fn unreadable_files_are_said_and_fail_nothing() {
    let folder = Folder::new();
    fs::write(folder.0.join("picture.bicep"), b"\x89PNG\0").expect("written");
    let run = cmklint(&folder.0, &["check", "clean.json", "picture.bicep"]);
    let said = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(said.starts_with("remark: picture.bicep: was not read: it is binary"), "{said}");
    assert_eq!(run.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn files_closed_to_us_are_said_and_fail_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let closed = folder.0.join("clean.json");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("permissions can be set");
    if fs::read(&closed).is_ok() {
        return; // Whoever runs the tests may read everything; `src/discover/tests.rs` injects the failure.
    }
    let run = cmklint(&folder.0, &["check", "clean.json"]);
    let said = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(said.contains("clean.json: was not read"), "{said}");
    assert_eq!(run.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_not_opened() {
    let folder = Folder::new();
    let made = Command::new("mkfifo").arg(folder.0.join("pipe.bicep")).status();
    if !made.is_ok_and(|status| status.success()) {
        return; // No `mkfifo` here; `src/discover/tests.rs` has a reader that would notice.
    }
    assert_eq!(cmklint(&folder.0, &["check"]).status.code(), Some(1));
    assert_eq!(cmklint(&folder.0, &["check", "pipe.bicep"]).status.code(), Some(0));
}

#[test]
fn a_closed_pipe_is_quiet() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cmklint"))
        .args(["check", "--format", "json"])
        .current_dir(project().join("fixtures"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_broken_template_that_matters_is_a_finding_and_one_that_does_not_is_a_remark() {
    let folder = Folder::new();
    let text = fs::read_to_string(folder.0.join("clean.json")).expect("readable");
    fs::write(folder.0.join("cut.json"), &text[..text.len() / 2]).expect("written");
    let other = "{\"contentVersion\": \"1.0.0.0\", \"resources\": [ {\"type\": \"Microsoft.Web/sites\" ";
    fs::write(folder.0.join("other.json"), other).expect("written");
    let said = |file: &str| String::from_utf8(cmklint(&folder.0, &["check", file]).stdout).expect("UTF-8");
    assert!(said("cut.json").starts_with("warning[CMK001]: this template was not read whole"), "{}", said("cut.json"));
    assert!(said("other.json").contains("remark"), "{}", said("other.json"));
    assert_eq!(cmklint(&folder.0, &["check", "other.json"]).status.code(), Some(0));
}

#[test]
fn names_are_those_of_the_current_directory() {
    let run = |folder: &Path, args: &[&str]| String::from_utf8(cmklint(folder, args).stdout).expect("UTF-8");
    let args = ["check", "--format", "concise", "--quiet", "fixtures/article/lun-mismatch.json"];
    assert!(run(project(), &args).starts_with("fixtures/article/lun-mismatch.parameters.json:6:16: error[CMK202]"));
    let args = ["check", "--format", "concise", "--quiet", "../fixtures/article/lun-mismatch.json"];
    assert!(run(&project().join("src"), &args).starts_with("../fixtures/article/lun-mismatch.parameters.json:6:16"));
}

#[test]
fn what_a_module_is_given_for_a_secure_parameter_is_never_shown() {
    let folder = Folder::new();
    let template = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "variables": { "set": "hunter-variable" },
  "resources": [
    {
      "type": "Microsoft.Resources/deployments",
      "apiVersion": "2022-09-01",
      "name": "inner",
      "properties": {
        "mode": "Incremental",
        "expressionEvaluationOptions": { "scope": "inner" },
        "parameters": {
          "region": { "value": "hunter-literal" },
          "set": { "value": "[variables('set')]" },
          "more": { "value": { "source": "hunter-member", "name": "hunter name" } }
        },
        "template": {
          "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
          "contentVersion": "1.0.0.0",
          "parameters": {
            "region": { "type": "securestring" },
            "set": { "type": "securestring" },
            "more": { "type": "secureObject" },
            "own": { "type": "securestring", "defaultValue": "hunter-own" }
          },
          "resources": [
            {
              "type": "Microsoft.Compute/galleries/images/versions",
              "apiVersion": "2024-03-03",
              "name": "[concat('g/i/', parameters('more').name)]",
              "location": "[parameters('own')]",
              "tags": { "upper": "[toUpper(parameters('region'))]", "all": "[string(parameters('more'))]" },
              "properties": {
                "storageProfile": { "osDiskImage": { "source": { "id": "[parameters('more').source]" } } },
                "publishingProfile": {
                  "targetRegions": [
                    {
                      "name": "[parameters('region')]",
                      "encryption": { "osDiskImage": { "diskEncryptionSetId": "[parameters('set')]" } }
                    },
                    { "name": "[parameters('region')]" }
                  ]
                }
              }
            }
          ]
        }
      }
    }
  ]
}"#;
    fs::write(folder.0.join("t.json"), template).expect("written");
    let cases: &[&[&str]] = &[
        &["check", "t.json", "--undecided"],
        &["check", "t.json", "--undecided", "--format", "json"],
        &["eval", "t.json"],
        &["eval", "t.json", "--format", "json", "--origins"],
    ];
    for args in cases {
        let output = cmklint(&folder.0, args);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).to_lowercase();
        assert!(said.contains("t.json"), "{args:?}: {said}");
        let leak = said.find("hunter").map(|at| &said[at.saturating_sub(120)..(at + 40).min(said.len())]);
        assert_eq!(leak, None, "{args:?}");
    }
    let found =
        String::from_utf8(cmklint(&folder.0, &["check", "t.json", "--format", "concise"]).stdout).expect("UTF-8");
    assert!(found.contains("CMK204") && found.contains("CMK205"), "what isn't shown is judged nonetheless: {found}");
}

#[test]
fn values_of_secure_parameters_are_never_shown() {
    let folder = Folder::new();
    let template = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {
    "text": { "type": "securestring" },
    "object": { "type": "secureObject" },
    "own": { "type": "securestring", "defaultValue": "hunter-default" }
  },
  "resources": [
    {
      "type": "Microsoft.Compute/galleries/images/versions",
      "apiVersion": "2024-03-03",
      "name": "[concat('g/i/', parameters('text'))]",
      "location": "[parameters('own')]",
      "tags": { "upper": "[toUpper(parameters('text'))]", "whole": "[string(parameters('object'))]" },
      "properties": {
        "storageProfile": { "osDiskImage": { "source": { "id": "[parameters('text')]" } } },
        "publishingProfile": {
          "targetRegions": [
            {
              "name": "[parameters('text')]",
              "encryption": { "osDiskImage": { "diskEncryptionSetId": "[parameters('object').key]" } }
            },
            {
              "name": "[parameters('own')]",
              "encryption": { "osDiskImage": { "diskEncryptionSetId": "[parameters('text')]" } }
            }
          ]
        }
      }
    }
  ]
}"#;
    let parameters = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "text": { "value": "hunter-file" }, "object": { "value": { "key": "hunter-object" } } }
}"#;
    fs::write(folder.0.join("t.json"), template).expect("written");
    fs::write(folder.0.join("t.parameters.json"), parameters).expect("written");
    let cases: &[&[&str]] = &[
        &["check", "t.json", "--undecided"],
        &["check", "t.json", "--undecided", "--format", "concise"],
        &["check", "t.json", "--undecided", "--format", "json"],
        &["check", "t.json", "--param", "text=hunter-typed", "--undecided", "--format", "json"],
        &["eval", "t.json"],
        &["eval", "t.json", "--format", "json", "--origins"],
        &["eval", "t.json", "--param", "text=hunter-typed"],
    ];
    for args in cases {
        let output = cmklint(&folder.0, args);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).to_lowercase();
        assert!(said.contains("t."), "{args:?}: {said}");
        let leak = said.find("hunter").map(|at| &said[at.saturating_sub(120)..(at + 40).min(said.len())]);
        assert_eq!(leak, None, "{args:?}");
    }
}

#[test]
fn reports_are_written_into_files_all_whole_or_none() {
    let folder = Folder::new();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&folder.0)
            .expect("readable")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let before = names();
    let to = |file: &str| format!("sarif={file}");
    let failed =
        cmklint(&folder.0, &["check", "lun-mismatch.json", "--output", &to("a.sarif"), "--output", &to("no/b")]);
    assert_eq!(failed.status.code(), Some(2));
    assert_eq!(names(), before, "nothing is left behind");
    let written = cmklint(
        &folder.0,
        &["check", "lun-mismatch.json", "--output", &to("a.sarif"), "--output", "junit=b.xml", "--format", "concise"],
    );
    assert_eq!(written.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&written.stdout).contains("error[CMK202]"));
    let log: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(folder.0.join("a.sarif")).expect("written")).expect("JSON");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "CMK202");
    assert!(fs::read_to_string(folder.0.join("b.xml")).expect("written").contains("<failure type=\"error\""));
    assert_eq!(code(&["check", "--output", "sarif"]), Some(2));
    assert_eq!(code(&["check", "--output", "nope=x"]), Some(2));
}

#[test]
fn completions_and_the_manual_know_every_option() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(out(&["completions", shell]).contains("unsafe-fixes"), "{shell}");
    }
    let manual = out(&["man"]).replace("\\-", "-");
    assert!(manual.contains("--unsafe-fixes") && manual.contains(".SH NAME"), "{manual}");
}

/// A script with one fault that has a safe fix, and what becomes of it.
const BROKEN: &str = "az sig image-version create -g rg -r gallery -i image -e 1.0.0 -l westus \\\n  --os-snapshot os\n  \
                      --target-regions westus --target-region-encryption des-westus\n";
const MENDED: &str = "az sig image-version create -g rg -r gallery -i image -e 1.0.0 -l westus \\\n  --os-snapshot os \\\n  \
                      --target-regions westus --target-region-encryption des-westus\n";

#[test]
fn a_diff_changes_nothing_and_a_fix_only_what_it_says() {
    let folder = Folder::new();
    let script = folder.0.join("publish.sh");
    fs::write(&script, BROKEN).expect("written");
    let diff = cmklint(&folder.0, &["check", "--diff", "publish.sh"]);
    let text = String::from_utf8(diff.stdout).expect("UTF-8");
    assert_eq!(diff.status.code(), Some(1));
    assert!(text.contains("--- a/publish.sh") && text.contains("+  --os-snapshot os \\"), "{text}");
    assert_eq!(fs::read_to_string(&script).expect("readable"), BROKEN);
    let others = || {
        let files = fs::read_dir(&folder.0).expect("readable").map(|entry| entry.expect("readable").path());
        files.filter(|path| *path != script).map(|path| fs::read(path).expect("readable")).collect::<Vec<_>>()
    };
    let before = others();
    let fixed = cmklint(&folder.0, &["check", "--fix", "publish.sh"]);
    assert_eq!(fixed.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&fixed.stderr).contains("1 finding fixed in publish.sh"));
    assert_eq!(fs::read_to_string(&script).expect("readable"), MENDED);
    assert_eq!(others(), before);
    let again = cmklint(&folder.0, &["check", "--diff", "publish.sh"]);
    assert_eq!((again.status.code(), again.stdout), (Some(0), Vec::new()));
}

#[cfg(unix)]
#[test]
fn a_fix_keeps_permissions_and_does_not_follow_links_out_of_the_workspace() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (folder, outside) = (Folder::new(), Folder::new());
    fs::create_dir(folder.0.join(".git")).expect("made");
    let script = folder.0.join("publish.sh");
    fs::write(&script, BROKEN).expect("written");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o750)).expect("set");
    let far = outside.0.join("far.sh");
    fs::write(&far, BROKEN).expect("written");
    symlink(&far, folder.0.join("link.sh")).expect("linked");
    cmklint(&folder.0, &["check", "--fix", ".", "link.sh"]);
    assert_eq!(fs::read_to_string(&script).expect("readable"), MENDED);
    assert_eq!(fs::metadata(&script).expect("there").permissions().mode() & 0o777, 0o750);
    assert_eq!(fs::read_to_string(&far).expect("readable"), BROKEN);
    // Named where it lies, it is the user's wish.
    cmklint(&folder.0, &["check", "--fix", far.to_str().expect("UTF-8")]);
    assert_eq!(fs::read_to_string(&far).expect("readable"), MENDED);
}

#[test]
fn a_fix_that_guesses_is_applied_only_when_asked_for() {
    let folder = Folder::new();
    let script = folder.0.join("publish.sh");
    let text = MENDED.replace("--target-regions", "--target-regoins");
    fs::write(&script, &text).expect("written");
    cmklint(&folder.0, &["check", "--fix", "publish.sh"]);
    assert_eq!(fs::read_to_string(&script).expect("readable"), text);
    cmklint(&folder.0, &["check", "--fix", "--unsafe-fixes", "publish.sh"]);
    assert_eq!(fs::read_to_string(&script).expect("readable"), MENDED);
    assert_eq!(code(&["check", "--unsafe-fixes"]), Some(2));
}
