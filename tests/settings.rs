//! `cmklint.toml` as a user meets it: what it puts in force, and what it says where it can't.

mod command;
mod folder;
mod project;

use std::fs;

use command::cmklint;
use folder::Folder;
use project::project;

#[test]
fn settings_of_the_nearest_file_hold_and_options_win_over_them() {
    let folder = Folder::new();
    let run = |args: &[&str]| cmklint(&folder.0, args);
    let said = |args: &[&str]| String::from_utf8(run(args).stdout).expect("UTF-8");
    let set = |text: &str| fs::write(folder.0.join("cmklint.toml"), text).expect("written");
    let check = ["check", "lun-mismatch.json", "--format", "concise"];

    set("[levels]\nCMK202 = \"note\"\n");
    assert!(said(&check).contains("note[CMK202]"));
    assert_eq!(run(&check).status.code(), Some(0));
    assert!(said(&[&check[..], &["--no-config"]].concat()).contains("error[CMK202]"));

    set("[levels]\nencryption-lun-not-in-source = \"off\"\n");
    assert!(!said(&check).contains("CMK202"));

    set("exclude = [\"lun-*\"]\n");
    let text = said(&check);
    assert!(text.contains("cmklint.toml excludes it") && !text.contains("CMK202"), "{text}");

    let entry = |at: &str| {
        format!("[[suppress]]\nrules = [\"CMK202\"]\nfiles = [\"lun-*\"]\nat = \"{at}\"\nreason = \"known\"\n")
    };
    set(&entry("$.parameters.dataDiskLun"));
    let text = said(&check);
    assert!(text.contains("1 suppressed") && !text.contains("error"), "{text}");
    set(&entry("$.parameters.nothing"));
    let text = said(&check);
    assert!(text.contains("error[CMK202]") && text.contains("cmklint.toml:2: puts nothing aside"), "{text}");

    fs::write(folder.0.join("other.toml"), "profile = \"2021\"\n").expect("written");
    assert!(said(&["config", "--config", "other.toml"]).contains("profile = \"2021\""));
    let text = said(&["config"]);
    assert!(
        ["cmklint.toml:2: suppress = { ", "at = \"$.parameters.nothing\""].iter().all(|part| text.contains(part)),
        "{text}"
    );
    assert_eq!(run(&["check", "--config", "nope.toml"]).status.code(), Some(2));
}

#[test]
fn settings_give_parameters_by_path_and_rules_of_the_project() {
    let folder = Folder::new();
    let run = |args: &[&str]| cmklint(&folder.0, args);
    let said = |args: &[&str]| String::from_utf8(run(args).stdout).expect("UTF-8");
    let set = |text: &str| fs::write(folder.0.join("cmklint.toml"), text).expect("written");
    let check = ["check", "lun-mismatch.json", "--format", "concise"];
    set("[[override]]\nfiles = [\"lun-*\"]\nparameters = { dataDiskLun = 0 }\n");
    assert!(!said(&check).contains("CMK202"), "{}", said(&check));
    assert!(said(&[&check[..], &["--param", "dataDiskLun=1"]].concat()).contains("CMK202"));
    assert!(said(&[&check[..], &["--no-config"]].concat()).contains("CMK202"));
    let map = |more: &[&str]| said(&[&["map", "lun-mismatch.json"], more].concat());
    assert_ne!(map(&[]), map(&["--no-config"]));
    let eval = |more: &[&str]| said(&[&["eval", "lun-mismatch.json", "--format", "json"], more].concat());
    assert_ne!(eval(&[]), eval(&["--no-config"]));

    let own = folder.0.join("own/CONTOSO001");
    fs::create_dir_all(&own).expect("made");
    let rule = project().join("fixtures/policies/CONTOSO001");
    for file in ["rule.json", "README.md"] {
        fs::copy(rule.join(file), own.join(file)).expect("copied");
    }
    let page = fs::read_to_string(own.join("README.md")).expect("readable");
    let examples =
        cmklint::policy::examples(&page, &[("json", "main.json"), ("bicep", "main.bicep"), ("bash", "main.sh")]);
    let raises = examples.expect("sound").into_iter().find(|one| one.claim == cmklint::policy::Claim::Raises);
    for (name, text) in raises.expect("an example").files {
        fs::write(folder.0.join(name), text).expect("written");
    }
    set("rules = [\"own\"]\n[levels]\nCONTOSO001 = \"note\"\n");
    let by_settings = said(&["check", ".", "--format", "concise", "--select", "CONTOSO001"]);
    set("");
    let typed = said(&["check", ".", "--format", "concise", "--select", "CONTOSO001", "--rules", "own"]);
    assert!(typed.contains("CONTOSO001"), "{typed}");
    let plain = |text: &str| text.replace("error[", "note[").replace("warning[", "note[");
    assert_eq!(plain(&by_settings), plain(&typed));
}

#[test]
fn faults_in_settings_are_shown_at_their_place() {
    let folder = Folder::new();
    fs::write(folder.0.join("cmklint.toml"), "profile = \"current\"\nexclud = []\n[levels]\nCMK999 = \"off\"\n")
        .expect("written");
    let output = cmklint(&folder.0, &["check", "clean.json"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        text.contains(
            "cmklint.toml:2:1: `exclud` is not known here; `exclude` is nearest\n  | exclud = []\n  | ^^^^^^\n"
        ),
        "{text}"
    );
    assert!(text.contains("cmklint.toml:4:1: there is no rule `CMK999`"), "{text}");
}

/// What is said with exit code 2 of settings in a folder.
fn complaint(folder: &Folder, settings: &str) -> String {
    fs::write(folder.0.join("cmklint.toml"), settings).expect("written");
    let output = cmklint(&folder.0, &["check", "clean.json"]);
    let text = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{settings}: {text}");
    text
}

#[test]
fn what_settings_name_and_is_not_there_or_not_theirs_is_shown_at_its_place() {
    let (folder, outside) = (Folder::new(), Folder::new());
    fs::create_dir(folder.0.join("empty")).expect("made");
    let far = outside.0.join("clean.json");
    let far = far.to_str().expect("UTF-8").replace('\\', "/");
    let files = |path: &str| format!("[[override]]\nfiles = [\"*.json\"]\nparameters-files = [\"{path}\"]\n");
    let cases = [
        ("rules = [\"own\"]\n".to_owned(), "cmklint.toml:1:11: there is no such folder"),
        ("rules = [\"clean.json\"]\n".to_owned(), "cmklint.toml:1:11: this is no folder"),
        ("rules = [\"..\"]\n".to_owned(), "cmklint.toml:1:11: this folder lies outside the workspace"),
        ("rules = [\"empty\"]\n".to_owned(), "holds no rules; a rule is a folder with a `rule.json`"),
        (files("nope.json"), "cmklint.toml:3:22: there is no such file"),
        (files("empty"), "cmklint.toml:3:22: this is no file"),
        (files("../nope.json"), "cmklint.toml:3:22: this file lies outside the workspace"),
        (files(&far), "cmklint.toml:3:22: this file lies outside the workspace"),
    ];
    for (settings, expected) in cases {
        let text = complaint(&folder, &settings);
        assert!(text.contains(expected) && text.contains("^^") && text.contains("--no-config"), "{text}");
        assert!(!text.contains(" | rules = [\"empty\"]\n") || text.contains("cmklint.toml:1:11"), "{text}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(outside.0.join("clean.json"), folder.0.join("link.json")).expect("linked");
        let text = complaint(&folder, &files("link.json"));
        assert!(text.contains("this file lies outside the workspace"), "{text}");
    }
}

#[test]
fn a_name_that_no_rule_has_is_a_fault_with_rules_of_the_project_too() {
    let folder = Folder::new();
    let own = folder.0.join("own/CONTOSO001");
    fs::create_dir_all(&own).expect("made");
    fs::copy(project().join("fixtures/policies/CONTOSO001/rule.json"), own.join("rule.json")).expect("copied");
    let text = complaint(&folder, "rules = [\"own\"]\n[levels]\nCONTOSO01 = \"off\"\n");
    assert!(text.contains("cmklint.toml:3:1: there is no rule `CONTOSO01`; `CONTOSO001` is nearest"), "{text}");
}

#[test]
fn settings_give_parameters_files_by_path() {
    let folder = Folder::new();
    let said = |args: &[&str]| {
        let output = cmklint(&folder.0, args);
        String::from_utf8(output.stdout).expect("UTF-8") + &String::from_utf8(output.stderr).expect("UTF-8")
    };
    let beside = fs::read_to_string(folder.0.join("lun-mismatch.parameters.json")).expect("readable");
    fs::create_dir_all(folder.0.join("values")).expect("made");
    let sound = beside.replace("\"value\": 1", "\"value\": 0");
    assert_ne!(sound, beside);
    fs::write(folder.0.join("values/sound.json"), &sound).expect("written");
    fs::write(folder.0.join("values/faulty.json"), &beside).expect("written");
    let set = |files: &str| {
        let text = format!("[[override]]\nfiles = [\"lun-*\"]\nparameters-files = [{files}]\n");
        fs::write(folder.0.join("cmklint.toml"), text).expect("written");
    };
    let check = ["check", "lun-mismatch.json", "--format", "concise"];

    set("\"values/sound.json\"");
    assert!(!said(&check).contains("CMK202"), "{}", said(&check));
    let nothing = said(&[&check[..], &["--no-config"]].concat());
    assert!(nothing.contains("lun-mismatch.parameters.json:6:16: error[CMK202]"), "{nothing}");
    let typed = said(&[&check[..], &["--parameters", "values/faulty.json"]].concat());
    assert!(typed.contains("values/faulty.json:6:16: error[CMK202]"), "{typed}");
    assert!(said(&["config"]).contains("parameters-files = [\"values/sound.json\"]"));

    set("\"values/sound.json\", \"./values/faulty.json\"");
    for args in [&check[..], &["check", ".", "--format", "concise", "--select", "CMK202"]] {
        let text = said(args);
        assert_eq!(text.matches("error[CMK202]").count(), 1, "{text}");
        assert!(text.contains("values/faulty.json:6:16: error[CMK202]"), "{text}");
    }
    let map = said(&["map", "lun-mismatch.json"]);
    assert!(map.contains("values/faulty.json") && map.contains("values/sound.json"), "{map}");
    let eval = said(&["eval", "lun-mismatch.json"]);
    assert_ne!(eval, said(&["eval", "lun-mismatch.json", "--no-config"]));
    // A hook is given the changed file only.
    let hook = said(&["check", "values/faulty.json", "--with-users", "--format", "concise"]);
    assert!(hook.contains("values/faulty.json:6:16: error[CMK202]"), "{hook}");

    set("\"README.md\"");
    let text = said(&check);
    assert!(text.contains("README.md: settings give it to templates, but it was not read"), "{text}");
}

/// A template that deploys an image version by a module.
const MODULE: &str = "param region string
resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'gallery/image/1.0.0'
  location: region
  properties: {
    storageProfile: { osDiskImage: { source: { id: resourceId('Microsoft.Compute/snapshots', 'os') } } }
    publishingProfile: { targetRegions: [{ name: region }, { name: 'westus' }] }
  }
}
";

#[test]
fn parameters_files_by_path_are_for_what_is_deployed_not_for_its_modules() {
    let folder = Folder::new();
    fs::create_dir_all(folder.0.join("infra/modules")).expect("made");
    let write = |name: &str, text: &str| fs::write(folder.0.join(name), text).expect("written");
    write("infra/modules/image.bicep", MODULE);
    write(
        "infra/main.bicep",
        "param region string\nmodule image 'modules/image.bicep' = {\n  name: 'image'\n  params: { region: region }\n}\n",
    );
    write("values.bicepparam", "using none\nparam region = 'westus'\n");
    write("cmklint.toml", "[[override]]\nfiles = [\"infra/**\"]\nparameters-files = [\"values.bicepparam\"]\n");
    for args in [&["infra"][..], &["infra/main.bicep"], &["values.bicepparam", "--with-users"]] {
        let output = cmklint(&folder.0, &[&["check", "--format", "json"], args].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["summary"]["image_versions"], 1, "{args:?}: {report}");
        let twice = report["findings"].as_array().expect("findings").iter().find(|one| one["rule"] == "CMK205");
        let scenarios = twice.map(|finding| finding["scenarios"].to_string()).unwrap_or_default();
        assert!(scenarios.contains("values.bicepparam"), "{args:?}: {report}");
    }
}

#[test]
fn a_parameter_that_no_template_declares_is_remarked_on() {
    let folder = Folder::new();
    let text = "[[override]]\nfiles = [\"lun-*\"]\nparameters = { dataDiskLun = 0, dataDiskLum = 1 }\n";
    fs::write(folder.0.join("cmklint.toml"), text).expect("written");
    let output = cmklint(&folder.0, &["check", "lun-mismatch.json", "clean.json", "--format", "concise"]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        text.contains("cmklint.toml:2: no template for which this holds declares the parameter `dataDiskLum`"),
        "{text}"
    );
    assert!(!text.contains("`dataDiskLun`"), "{text}");
}

#[test]
fn the_nearest_file_holds_alone_and_config_tells_from_where() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("near")).expect("made");
    for file in ["lun-mismatch.json", "lun-mismatch.parameters.json"] {
        fs::copy(folder.0.join(file), folder.0.join("near").join(file)).expect("copied");
    }
    fs::write(folder.0.join("cmklint.toml"), "[levels]\nCMK202 = \"off\"\n").expect("written");
    fs::write(folder.0.join("near/cmklint.toml"), "profile = \"current\"\n").expect("written");
    let said = |args: &[&str]| String::from_utf8(cmklint(&folder.0, args).stdout).expect("UTF-8");
    assert!(!said(&["check", "lun-mismatch.json", "--format", "concise"]).contains("CMK202"));
    assert!(said(&["check", "near", "--format", "concise"]).contains("CMK202"));
    assert_eq!(said(&["config", "near"]), "near/cmklint.toml:1: profile = \"current\"\n");
    assert_eq!(
        said(&["config"]),
        "cmklint.toml:2: levels.CMK202 = \"off\"\n\nnear/cmklint.toml:1: profile = \"current\"\n\n\
         of these, the nearest upwards from a file holds for it, alone\n"
    );
    assert!(!said(&["check", "near", "--format", "concise", "--config", "cmklint.toml"]).contains("CMK202"));
}

#[test]
fn the_settings_that_the_readme_shows_are_sound() {
    let page = fs::read_to_string(project().join("README.md")).expect("readable");
    let fences: Vec<&str> =
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|f| f.0).collect();
    assert!(!fences.is_empty());
    for fence in fences {
        let (config, faults) = cmklint::config::read("cmklint.toml", std::path::Path::new("/w"), fence);
        assert_eq!(faults, [], "{fence}");
        assert!(!config.said.is_empty());
    }
}

#[test]
fn a_folder_may_hold_settings_before_it_holds_anything_else() {
    let folder = Folder::new();
    fs::create_dir(folder.0.join("new")).expect("made");
    fs::write(folder.0.join("new/cmklint.toml"), "# nothing yet\n").expect("written");
    let said = |args: &[&str]| String::from_utf8(cmklint(&folder.0, args).stdout).expect("UTF-8");
    assert_eq!(said(&["config", "new"]), "new/cmklint.toml: says nothing\n");
    assert_eq!(said(&["config", "clean.json"]), "no cmklint.toml holds here\n");
}
