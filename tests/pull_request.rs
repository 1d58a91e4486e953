//! A change as a pull request brings it: real git, a scratch repository for each test, the command as a user runs it.
//! Git is needed: without it these tests fail and say so.

mod command;
mod repository;

use std::fs;
use std::process::Output;

use serde_json::Value as Json;

use command::cmklint;
use repository::Repository;

/// A version in regions with the names of their sets; no name is no key.
fn template(number: &str, regions: &[(&str, Option<&str>)]) -> String {
    let region = |(name, set): &(&str, Option<&str>)| match set {
        None => format!("        {{ name: '{name}' }}\n"),
        Some(set) => format!(
            "        {{\n          name: '{name}'\n          encryption: {{ osDiskImage: {{ diskEncryptionSetId: \
             resourceId('Microsoft.Compute/diskEncryptionSets', '{set}') }} }}\n        }}\n"
        ),
    };
    format!(
        "resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {{
  name: 'gallery/image/{number}'
  location: 'westus'
  properties: {{
    storageProfile: {{ source: {{ id: resourceId('Microsoft.Compute/images', 'build') }} }}
    publishingProfile: {{
      targetRegions: [
{}      ]
    }}
  }}
}}
",
        regions.iter().map(region).collect::<String>()
    )
}

const WEST: (&str, Option<&str>) = ("westus", Some("des-west"));
const EAST: (&str, Option<&str>) = ("eastus", Some("des-east"));

/// A script that makes an image version with a set of another region: a finding that a change may move.
const FAULTY: &str = "resource v 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'gallery/other/1.0.0'
  location: 'westus'
  properties: {
    storageProfile: { source: { id: resourceId('Microsoft.Compute/images', 'build') } }
    publishingProfile: { targetRegions: [ { name: 'westus' }, { name: 'West US' } ] }
  }
}
";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// All findings of a run: rule, case and the text at fault.
fn found(output: &Output) -> Vec<String> {
    let json: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
    let findings = json["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|one| format!("{}{}", one["rule"].as_str().unwrap_or("?"), one["case"].as_str().unwrap_or("?")))
        .collect()
}

fn since(repository: &Repository, args: &[&str]) -> Output {
    cmklint(&repository.folder, &[&["check", "--format", "json", "--since", "main"], args].concat())
}

#[test]
fn encryption_that_is_removed_for_a_region_is_named_once() {
    let repository = Repository::new(&[("main.bicep", &template("1.0.0", &[WEST, EAST]))]);
    repository.branch("change");
    repository.write("main.bicep", &template("1.0.0", &[WEST, ("eastus", None)]));
    assert_eq!(found(&since(&repository, &[])), ["CMK104a"]);
    assert_eq!(found(&since(&repository, &["--new-only"])), ["CMK104a"]);
    let without = cmklint(&repository.folder, &["check", "--format", "json"]);
    assert_eq!(found(&without), ["CMK201"], "without a revision it is a region without key");
    repository.write("main.bicep", &template("1.0.0", &[("westus", Some("des-other")), EAST]));
    assert_eq!(found(&since(&repository, &[])), ["CMK104a"]);
    repository.write("main.bicep", &template("1.0.1", &[("westus", Some("des-other"))]));
    assert_eq!(found(&since(&repository, &[])), [""; 0]);
}

#[test]
fn a_region_that_is_added_without_a_key_is_named_once() {
    let repository = Repository::new(&[("infra/main.bicep", &template("1.0.0", &[WEST]))]);
    repository.branch("change");
    repository.write("infra/main.bicep", &template("1.0.0", &[WEST, ("eastus", None)]));
    assert_eq!(found(&since(&repository, &["--new-only"])), ["CMK221d"]);
    repository.write("infra/main.bicep", &template("1.0.0", &[WEST, EAST]));
    assert_eq!(found(&since(&repository, &["--new-only"])), [""; 0]);
}

#[test]
fn a_change_that_only_moves_lines_brings_nothing() {
    let repository = Repository::new(&[("main.bicep", FAULTY)]);
    repository.branch("change");
    repository.write("main.bicep", &format!("// one line more\n\n{FAULTY}"));
    let output = since(&repository, &["--new-only"]);
    assert_eq!((found(&output), output.status.code()), (Vec::new(), Some(0)));
    let all = since(&repository, &[]);
    assert_eq!((found(&all), all.status.code()), (vec!["CMK205a".to_owned()], Some(1)));
    let human = cmklint(&repository.folder, &["check", "--since", "main", "--new-only"]);
    assert!(text(&human.stdout).contains("1 there before"), "{}", text(&human.stdout));
    repository.write("second.bicep", FAULTY);
    assert_eq!(found(&since(&repository, &["--new-only"])), ["CMK205a"], "a new file is a change");
}

#[test]
fn a_parameters_file_that_changes_the_key_is_found_and_the_change_of_a_number_is_not() {
    let main = template("${number}", &[("westus", Some("${set}"))]).replace("'${set}'", "set");
    let main = format!("param set string\nparam number string\n{main}");
    let parameters =
        |number: &str, set: &str| format!("using 'main.bicep'\nparam number = '{number}'\nparam set = '{set}'\n");
    let repository = Repository::new(&[("main.bicep", &main), ("main.bicepparam", &parameters("1.0.0", "des-west"))]);
    repository.branch("change");
    repository.write("main.bicepparam", &parameters("1.0.0", "des-other"));
    assert_eq!(found(&since(&repository, &[])), ["CMK104a"]);
    repository.write("main.bicepparam", &parameters("1.0.1", "des-other"));
    assert_eq!(found(&since(&repository, &[])), [""; 0]);
}

#[test]
fn a_script_is_compared_with_what_it_was() {
    let script = |regions: &str, sets: &str| {
        format!(
            "az sig image-version create -g rg -r gallery -i image -e 1.0.0 --managed-image /subscriptions/\
             00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/images/build \
             --target-regions {regions} {sets}\n"
        )
    };
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets";
    let sets = format!("--target-region-encryption {id}/west {id}/east");
    let repository = Repository::new(&[("publish.sh", &script("westus=1 eastus=1", &sets))]);
    repository.branch("change");
    repository.write("publish.sh", &script("westus=1 eastus=1", ""));
    assert_eq!(found(&since(&repository, &[])), ["CMK104a"]);
    repository.write(
        "publish.sh",
        &format!("az sig image-version delete -g rg -r gallery -i image -e 1.0.0\n{}", script("westus=1 eastus=1", "")),
    );
    assert_eq!(found(&since(&repository, &[])), [""; 0], "what is deleted first may be made anew");
}

#[test]
fn it_works_in_a_subfolder_and_in_a_worktree() {
    let repository = Repository::new(&[
        ("infra/main.bicep", "module version 'modules/version.bicep' = { name: 'version' }\n"),
        ("infra/modules/version.bicep", &template("1.0.0", &[WEST, EAST])),
    ]);
    let beside = repository.worktree("change");
    for top in [&repository.folder, &beside] {
        fs::write(top.join("infra/modules/version.bicep"), template("1.0.0", &[WEST, ("eastus", None)])).unwrap();
        for (folder, path) in [("infra", "."), ("infra/modules", ".."), (".", "infra/main.bicep")] {
            let output = cmklint(&top.join(folder), &["check", "--format", "json", "--since", "main", path]);
            assert_eq!(found(&output), ["CMK104a"], "{folder} {path}");
        }
    }
}

#[test]
fn what_is_no_commit_here_is_said() {
    let repository = Repository::new(&[("main.bicep", FAULTY)]);
    repository.write("main.bicep", "");
    repository.commit("second");
    let shallow = repository.shallow_clone();
    for (folder, name) in [
        (&repository.folder, "nowhere"),
        (&repository.folder, "main:main.bicep"),
        (&repository.folder, ""),
        (&repository.folder, "--output=stolen"),
        (&repository.folder, "-h"),
        (&shallow, "main~1"),
    ] {
        let output = cmklint(folder, &["check", &format!("--since={name}")]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains("no commit of this repository") && said.contains("fetch-depth"), "{name}: {said}");
        assert!(!folder.join("stolen").exists());
    }
    let outside = repository.outside();
    fs::write(outside.join("main.bicep"), FAULTY).unwrap();
    let output = cmklint(&outside, &["check", "--since", "main"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("in no git work tree"), "{}", text(&output.stderr));
}

#[test]
fn a_repository_can_not_make_git_start_anything() {
    let repository = Repository::new(&[("main.bicep", &template("1.0.0", &[WEST, EAST]))]);
    repository.branch("change");
    repository.write("main.bicep", &template("1.0.0", &[WEST, ("eastus", None)]));
    let mark = repository.outside().join("started");
    repository.set_traps(&format!("echo started >>'{}'; cat", mark.display()));
    assert_eq!(found(&since(&repository, &[])), ["CMK104a"]);
    assert!(!mark.exists(), "git has started something");
}

#[test]
fn an_object_that_a_partial_clone_lacks_is_said_and_not_fetched() {
    let repository = Repository::new(&[("main.bicep", &template("1.0.0", &[WEST, EAST]))]);
    let id = repository.git(&["rev-parse", "main:main.bicep"]);
    let (folder, name) = id.trim().split_at(2);
    let object = repository.folder.join(".git/objects").join(folder).join(name);
    fs::remove_file(object).unwrap();
    let mark = repository.outside().join("fetched");
    repository.git(&["config", "remote.origin.promisor", "true"]);
    repository.git(&["config", "remote.origin.url", &format!("ext::sh -c \"touch '{}'\"", mark.display())]);
    repository.git(&["config", "extensions.partialClone", "origin"]);
    repository.git(&["config", "protocol.ext.allow", "always"]);
    let output = cmklint(&repository.folder, &["check", "--since", "main"]);
    let said = text(&output.stdout);
    assert!(
        said.contains("at main: was not read: this clone doesn't hold its content"),
        "{said}{}",
        text(&output.stderr)
    );
    assert!(!mark.exists(), "git has fetched something");
}

#[cfg(unix)]
#[test]
fn strange_names_links_and_submodules_do_no_harm() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let names =
        ["line\nend.bicep", "-rf.bicep", "tab\t\"quoted\" \u{1b}[31m.bicep", "ünï/cödé.bicep", "a b/$(c).bicep"];
    let repository = Repository::new(&[("main.bicep", &template("1.0.0", &[WEST, EAST]))]);
    for name in names {
        repository.write(name, &template("1.0.0", &[WEST, EAST]));
    }
    fs::write(repository.folder.join(OsStr::from_bytes(b"\xff\xfe.bicep")), template("1.0.0", &[WEST, EAST])).unwrap();
    fs::create_dir(repository.folder.join("links")).unwrap();
    let outside = repository.outside();
    fs::write(outside.join("secret.bicep"), FAULTY).unwrap();
    for (to, name) in [
        ("../main.bicep", "inside.bicep"),
        ("loop.bicep", "loop.bicep"),
        ("nowhere.bicep", "dangling.bicep"),
        ("..", "folder"),
        (outside.join("secret.bicep").to_str().unwrap(), "outside.bicep"),
        ("../../../../../../../../etc/passwd", "up.json"),
    ] {
        symlink(to, repository.folder.join("links").join(name)).unwrap();
    }
    let commit = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["add", "--all"]);
    repository.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{},sub.bicep", commit.trim())]);
    repository.git(&["commit", "--quiet", "-m", "strange"]);
    repository.branch("change");
    // The link leads to a file that is the same one, so that it is judged once.
    let all = names.len() + 2;
    let output = since(&repository, &["--new-only"]);
    assert_eq!(found(&output), [""; 0], "{}", text(&output.stderr));
    for name in names.into_iter().chain(["main.bicep"]) {
        repository.write(name, &template("1.0.0", &[WEST, ("eastus", None)]));
    }
    fs::write(repository.folder.join(OsStr::from_bytes(b"\xff\xfe.bicep")), template("1.0.0", &[WEST])).unwrap();
    assert_eq!(found(&since(&repository, &[])).len(), all - 1);
    let through_link =
        cmklint(&repository.folder, &["check", "--format", "json", "--since", "main", "links/inside.bicep"]);
    assert_eq!(found(&through_link), ["CMK104a"]);
    let human = cmklint(&repository.folder, &["check", "--since", "main", "--color", "never"]);
    assert!(!text(&human.stdout).contains('\u{1b}'));
}

#[test]
fn a_baseline_hides_what_it_holds_and_says_what_is_gone() {
    let repository = Repository::new(&[("infra/main.bicep", FAULTY), ("infra/second.bicep", FAULTY)]);
    let written = cmklint(&repository.folder, &["baseline"]);
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    let file = repository.folder.join("cmklint-baseline.json");
    let before = fs::read_to_string(&file).unwrap();
    assert_eq!(before.matches("CMK205").count(), 2, "{before}");
    repository.write("infra/main.bicep", &format!("// moved\n{FAULTY}"));
    let check = |folder: &str, args: &[&str]| cmklint(&repository.folder.join(folder), &[&["check"], args].concat());
    for (folder, baseline) in [(".", "cmklint-baseline.json"), ("infra", "../cmklint-baseline.json")] {
        let output = check(folder, &["--baseline", baseline]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        assert!(text(&output.stdout).contains("2 in the baseline"), "{}", text(&output.stdout));
    }
    cmklint(&repository.folder, &["baseline"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), before, "moved lines change nothing");

    repository.write("infra/second.bicep", &template("1.0.0", &[WEST]));
    repository.write("infra/third.bicep", FAULTY);
    let output = check(".", &["--baseline", "cmklint-baseline.json"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let gone = "cmklint-baseline.json:5: CMK205 in infra/second.bicep isn't there any more";
    assert!(said.contains(gone) && said.contains("infra/third.bicep"), "{said}");
    let one = check(".", &["--baseline", "cmklint-baseline.json", "infra/main.bicep"]);
    assert!(!text(&one.stdout).contains("any more"), "what wasn't looked at isn't gone: {}", text(&one.stdout));

    fs::write(&file, "{\n  \"version\": 1,\n  \"findings\": [ { \"file\": \"a\", \"rule\": \"CMK205\" } ]\n}\n")
        .unwrap();
    let broken = check(".", &["--baseline", "cmklint-baseline.json"]);
    let said = text(&broken.stderr);
    assert_eq!(broken.status.code(), Some(2), "{said}");
    assert!(said.contains("`fingerprint` is missing") && said.contains("cmklint-baseline.json:3:17"), "{said}");
    assert_eq!(check(".", &["--baseline", "nope.json"]).status.code(), Some(2));
}
