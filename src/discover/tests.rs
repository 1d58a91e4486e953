//! Discovery over folders made for each test, and over a reader that fails on purpose.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use super::*;
use crate::text::Sources;

const TEMPLATE: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0", "resources": [] }"#;
const PARAMETERS: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0", "parameters": {} }"#;

/// Commands of scripts deploy nothing.
fn nothing_deployed(_: &Sources, _: &Page) -> Vec<Deployed> {
    Vec::new()
}

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    /// Files by name and content; folders are made on the way.
    fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cmklint-discover-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Self(env::temp_dir().join(name));
        fs::create_dir_all(&folder.0).unwrap();
        for (name, content) in files {
            let path = folder.0.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    fn workspace(&self) -> Workspace {
        Workspace::around(&Disk, &self.0).unwrap()
    }

    fn find(&self, paths: &[&str]) -> (Vec<String>, Vec<String>) {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let Walk { workspace, found, remarks } = find(&Disk, self.workspace(), &paths).unwrap();
        let names = found.iter().map(|file| workspace.name(&file.path)).collect();
        (names, remarks.into_iter().map(|remark| format!("{} {}", remark.file, remark.message)).collect())
    }

    fn load(&self, paths: &[&str], parameters: &[&str]) -> Loaded {
        self.load_with(&Disk, paths, parameters)
    }

    fn load_with(&self, reader: &dyn Reader, paths: &[&str], parameters: &[&str]) -> Loaded {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let parameters: Vec<PathBuf> = parameters.iter().map(PathBuf::from).collect();
        let Walk { workspace, found, .. } = find(reader, self.workspace(), &paths).unwrap();
        let parameters = named_files(reader, &workspace, &parameters).unwrap();
        load(reader, &workspace, found, Given { typed: &parameters, settings: &Settings::default() }, &nothing_deployed)
    }

    /// Roots and their parameters files by name.
    fn roots(&self, paths: &[&str], parameters: &[&str]) -> Vec<String> {
        named_roots(&self.load(paths, parameters))
    }

    /// The same, what uses the files included.
    fn roots_with_users(&self, paths: &[&str]) -> Vec<String> {
        let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
        let Walk { workspace, mut found, .. } = find(&Disk, self.workspace(), &paths).unwrap();
        add_users(&Disk, &workspace, &Settings::default(), &mut found);
        named_roots(&load(
            &Disk,
            &workspace,
            found,
            Given { typed: &[], settings: &Settings::default() },
            &nothing_deployed,
        ))
    }
}

fn named_roots(loaded: &Loaded) -> Vec<String> {
    let name = |file: usize| loaded.sources.get(loaded.files[file].source).name().to_owned();
    roots(loaded)
        .into_iter()
        .map(|root| {
            let with = root.scenarios.iter().filter_map(|scenario| scenario.parameters).map(name);
            [vec![name(root.file)], with.collect()].concat().join(" ")
        })
        .collect()
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Fails, or finds a pipe, where the file name says so.
struct Stubborn;

impl Reader for Stubborn {
    fn metadata(&self, path: &Path) -> io::Result<Metadata> {
        if path.ends_with("pipe.bicep") { Ok(Metadata::Other) } else { Disk.metadata(path) }
    }

    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        Disk.canonical(path)
    }

    fn read(&self, path: &Path, at_most: u64) -> io::Result<Vec<u8>> {
        assert!(!path.ends_with("pipe.bicep"), "a pipe must not be opened");
        if path.ends_with("closed.json") {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "not for you"));
        }
        Disk.read(path, at_most)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        Disk.list(folder)
    }
}

fn remarks(loaded: &Loaded) -> Vec<String> {
    loaded.diagnostics.iter().map(|remark| format!("{} {}", remark.file, remark.message)).collect()
}

#[test]
fn a_path_that_does_not_exist_stops_the_run() {
    let folder = Folder::new(&[]);
    let error = find(&Disk, folder.workspace(), &[PathBuf::from("nope.json")]).unwrap_err();
    assert!(error.to_string().starts_with("nope.json can't be looked at"), "{error}");
}

#[test]
fn folders_are_walked_as_git_sees_them_and_pipelines_are_looked_at() {
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        (".gitignore", "out/\n*.gen.json\n"),
        (".ignore", "*.bicep\n"),
        (".github/x.json", "{}"),
        (".azuredevops/y.json", "{}"),
        (".hidden/z.json", "{}"),
        ("out/a.json", "{}"),
        ("b.gen.json", "{}"),
        ("sub/b.bicep", ""),
        ("a.JSON", "{}"),
        ("notes.txt", ""),
    ]);
    let (found, remarks) = folder.find(&["."]);
    assert_eq!(found, [".azuredevops/y.json", ".github/x.json", "a.JSON", "sub/b.bicep"]);
    assert!(remarks.is_empty(), "{remarks:?}");
    assert_eq!(folder.find(&["b.gen.json"]).0, ["b.gen.json"], "what is named is looked at, ignored or not");
}

#[test]
fn folders_are_walked_alike_whether_small_or_large() {
    let names: Vec<String> = (0..300).map(|at| format!("{}/{at}.json", at % 7)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), TEMPLATE)).collect();
    let ignored = [(".git/HEAD", ""), (".gitignore", "/3/\n"), ("1/.gitignore", "8.json\n")];
    for few in [files.len(), 20] {
        let all: Vec<_> = files.iter().take(few).chain(&ignored).copied().collect();
        let mut expected: Vec<&str> = names.iter().take(few).map(String::as_str).collect();
        expected.retain(|name| !name.starts_with("3/") && *name != "1/8.json");
        expected.sort_by_key(|name| PathBuf::from(name));
        assert_eq!(Folder::new(&all).find(&["."]).0, expected, "{few} files");
    }
}

#[test]
fn a_file_named_through_several_paths_is_found_once() {
    let folder = Folder::new(&[("sub/a.json", "{}"), ("b.json", "{}")]);
    let (found, _) = folder.find(&["sub/a.json", "sub", ".", "sub/../b.json", "b.json"]);
    assert_eq!(found, ["b.json", "sub/a.json"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_of_the_workspace_only() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new(&[("secret.json", TEMPLATE)]);
    let folder = Folder::new(&[("real/a.json", TEMPLATE)]);
    symlink(folder.0.join("real/a.json"), folder.0.join("again.json")).unwrap();
    symlink(folder.0.join("real"), folder.0.join("folder")).unwrap();
    symlink(outside.0.join("secret.json"), folder.0.join("leak.json")).unwrap();
    symlink(folder.0.join("nowhere"), folder.0.join("dangling.json")).unwrap();
    let (found, remarks) = folder.find(&["."]);
    assert_eq!(found, ["real/a.json"]);
    assert_eq!(remarks, ["leak.json was not read: it is a link that leads out of the workspace"]);
}

#[test]
fn what_cannot_be_read_is_said_and_passed_over() {
    let big = format!("{TEMPLATE}{}", " ".repeat(SIZE_LIMIT as usize));
    let foreign = format!("[\"{}\"]", "x".repeat(SIZE_LIMIT as usize));
    let folder = Folder::new(&[
        ("closed.json", TEMPLATE),
        ("pipe.bicep", ""),
        ("big.json", &big),
        ("foreign.json", &foreign),
        ("nul.bicep", "param x string = '\0'"),
        ("ok.json", TEMPLATE),
    ]);
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(TEMPLATE.bytes().flat_map(|byte| [byte, 0])).collect();
    fs::write(folder.0.join("wide.json"), utf16).unwrap();
    fs::write(folder.0.join("latin.bicep"), b"// gr\xfcn").unwrap();
    fs::write(folder.0.join("picture.json"), b"\x89PNG\0\0").unwrap();
    let loaded = folder.load_with(&Stubborn, &["."], &[]);
    assert_eq!(loaded.files.len(), 1, "only ok.json");
    // A file that is a pipe by the time it would be read isn't opened.
    assert_eq!(
        remarks(&loaded),
        [
            "big.json was not read: it is larger than 8 MiB",
            "closed.json was not read: not for you",
            "latin.bicep was not read: it is not UTF-8 (byte 5)",
            "nul.bicep was not read: it is binary (it holds NUL bytes)",
            "pipe.bicep was not read: it is not a regular file",
            "wide.json was not read: it is UTF-16; save it as UTF-8",
        ]
    );
    let named = folder.load_with(&Stubborn, &["picture.json", "foreign.json"], &[]);
    assert_eq!(
        remarks(&named),
        [
            "foreign.json was not read: it is larger than 8 MiB",
            "picture.json was not read: it is binary (it holds NUL bytes)",
        ]
    );
    let Walk { remarks, .. } = find(&Stubborn, folder.workspace(), &[PathBuf::from("pipe.bicep")]).unwrap();
    assert_eq!(remarks[0].message, "was not read: it is not a regular file");
}

/// What a reference is resolved to, or why it isn't.
fn resolved(folder: &Folder, path: &str, kind: crate::ir::RefKind) -> Result<PathBuf, String> {
    let workspace = folder.workspace();
    let modules = modules::Modules::new(&Disk, &workspace);
    let span = crate::text::Span::new(crate::text::SourceId(0), 0, 0);
    let reference = crate::ir::FileRef { path: path.into(), span, kind };
    reference::resolve(&Disk, &workspace, &workspace.current().join("main.bicep"), &modules, &reference)
}

#[cfg(unix)]
#[test]
fn nothing_is_read_through_a_link_that_leads_out_of_the_workspace() {
    use crate::ir::RefKind;
    let outside = Folder::new(&[("secret.bicep", "")]);
    let folder = Folder::new(&[("main.bicep", "")]);
    std::os::unix::fs::symlink(outside.0.join("secret.bicep"), folder.0.join("file.bicep")).unwrap();
    std::os::unix::fs::symlink(&outside.0, folder.0.join("folder")).unwrap();
    for kind in [RefKind::Module, RefKind::Import, RefKind::Using, RefKind::Extends, RefKind::Load, RefKind::Deployed] {
        for path in ["file.bicep", "folder/secret.bicep"] {
            let why = resolved(&folder, path, kind).unwrap_err();
            assert_eq!(why, "it lies outside the workspace", "{path} {kind:?}");
        }
    }
}

#[test]
fn a_reference_may_not_lead_out_of_the_workspace() {
    let outside = Folder::new(&[("secret.bicep", "")]);
    let name = outside.0.file_name().unwrap().to_str().unwrap();
    let up = format!("../{name}/secret.bicep");
    let absolute = outside.0.join("secret.bicep");
    let cases = [
        (up.as_str(), "it lies outside the workspace"),
        ("../../../../../../../../../../etc/passwd", "it lies outside the workspace"),
        (absolute.to_str().unwrap(), "it is not a relative path"),
        ("C:\\x.bicep", "it is not a relative path"),
        ("\\\\server\\share\\x.bicep", "it is not a relative path"),
        ("https://example.com/x.bicep", "it is not a relative path"),
        ("a\0b", "it holds a NUL"),
        ("missing.bicep", "there is no such file"),
        ("sub", "it is a folder"),
        ("", "it is no path"),
    ];
    let folder = Folder::new(&[("main.bicep", ""), ("sub/x.bicep", "")]);
    for (path, why) in cases {
        assert_eq!(resolved(&folder, path, crate::ir::RefKind::Module).unwrap_err(), why, "{path:?}");
    }
}

#[test]
fn the_tail_of_an_address_is_looked_for_upwards_and_then_shorter() {
    let folder = Folder::new(&[("a/b/main.json", ""), ("a/nested/vm.json", ""), ("a/b/other.json", "")]);
    let workspace = folder.workspace();
    let modules = modules::Modules::new(&Disk, &workspace);
    let from = workspace.current().join("a/b/main.json");
    let cases = [
        ("nested/vm.json", Ok("a/nested/vm.json")),
        ("/org/repo/master/nested/vm.json?sas", Ok("a/nested/vm.json")),
        ("x/y/other.json", Ok("a/b/other.json")),
        ("x/main.json", Err("there is no such file")),
        ("../../../etc/none.json", Err("it lies outside the workspace")),
    ];
    for (path, expected) in cases {
        let reference = crate::ir::FileRef {
            path: path.into(),
            span: crate::text::Span::new(crate::text::SourceId(0), 0, 0),
            kind: crate::ir::RefKind::LinkedUri,
        };
        let found =
            reference::resolve(&Disk, &workspace, &from, &modules, &reference).map(|path| workspace.name(&path));
        assert_eq!(found.as_deref().map_err(String::as_str), expected, "{path}");
    }
}

#[test]
fn parameters_files_find_their_templates() {
    let folder = Folder::new(&[
        ("a/main.bicep", "param x string"),
        ("a/main.parameters.json", PARAMETERS),
        ("a/main.prod.parameters.json", PARAMETERS),
        ("a/dev.bicepparam", "using 'main.bicep'\nparam x = 'y'"),
        ("b/azuredeploy.json", TEMPLATE),
        ("b/azuredeploy.parameters.json", PARAMETERS),
        ("b/other.json", TEMPLATE),
        ("c/mainTemplate.json", TEMPLATE),
        ("c/parameters.json", PARAMETERS),
    ]);
    let expected = [
        "a/main.bicep a/dev.bicepparam a/main.parameters.json a/main.prod.parameters.json",
        "b/azuredeploy.json b/azuredeploy.parameters.json",
        "b/other.json",
        "c/mainTemplate.json c/parameters.json",
    ];
    assert_eq!(folder.roots(&["."], &[]), expected);
    assert_eq!(folder.roots(&["a/main.bicep"], &[]), expected[..1], "naming a file is as naming its folder");
    assert_eq!(
        folder.roots(&["a/main.bicep"], &["b/azuredeploy.parameters.json"]),
        ["a/main.bicep b/azuredeploy.parameters.json"]
    );
    assert_eq!(folder.roots(&["b/azuredeploy.parameters.json"], &[]), expected[1..2]);
}

#[test]
fn modules_are_no_roots_unless_named_or_in_a_circle() {
    let folder = Folder::new(&[
        ("main.bicep", "module m 'mod.bicep' = { name: 'm' }"),
        ("mod.bicep", "module n 'sub/deep.bicep' = { name: 'n' }"),
        ("sub/deep.bicep", ""),
        ("x.bicep", "module m 'y.bicep' = { name: 'm' }"),
        ("y.bicep", "module m 'x.bicep' = { name: 'm' }"),
    ]);
    assert_eq!(folder.roots(&["."], &[]), ["main.bicep", "x.bicep"]);
    assert_eq!(folder.roots(&["mod.bicep"], &[]), ["mod.bicep"]);
    assert_eq!(folder.load(&["mod.bicep"], &[]).files.len(), 2, "what it names is read as well");
}

#[test]
fn text_that_was_passed_over_is_read_when_a_file_loads_it() {
    let folder = Folder::new(&[
        ("data.json", r#"{"a": 1}"#),
        ("main.bicep", "var x = loadJsonContent('data.json')\noutput y object = x"),
    ]);
    let loaded = folder.load(&["."], &[]);
    let program = &loaded.files[0].program;
    assert!(matches!(loaded.library.get(program.source, &program.files[0]), Ok(crate::ir::Loaded::Text(..))));
}

#[test]
fn names_are_relative_to_the_current_directory() {
    let folder = Folder::new(&[("a/b/x.json", ""), ("c/y.json", ""), ("cmklint.toml", "")]);
    let workspace = Workspace::around(&Disk, &folder.0.join("a")).unwrap();
    let top = folder.workspace();
    assert_eq!(workspace.name(&top.current().join("a/b/x.json")), "b/x.json");
    assert_eq!(workspace.name(&top.current().join("c/y.json")), "../c/y.json");
    assert!(workspace.holds(&top.current().join("c/y.json")), "the root is where cmklint.toml lies");
    assert!(!workspace.holds(&top.current().join("../z.json").canonicalize().unwrap_or_default()));
}

#[test]
fn modules_of_registries_come_from_the_cache_as_their_aliases_say() {
    let folder = Folder::new(&[
        ("cache/br/own.example/core$disk/v1$/main.json", TEMPLATE),
        ("cache/ts/1111/rg/spec/v1/main.json", TEMPLATE),
        ("repo/.git/HEAD", ""),
        (
            "repo/bicepconfig.json",
            r#"{ "moduleAliases": {
                "br": { "own": { "registry": "own.example", "modulePath": "core" } }, // comments are fine
                "ts": { "specs": { "subscription": "1111", "resourceGroup": "rg" }, "half": { "subscription": "1111" } }
            } }"#,
        ),
        (
            "repo/sub/main.bicep",
            "module a 'br/own:disk:v1' = { name: 'a' }\nmodule b 'ts/specs:spec:v1' = { name: 'b' }\n",
        ),
        (
            "repo/absent.bicep",
            "module a 'br/own:disk:v2' = { name: 'a' }\nmodule b 'ts/half:spec:v1' = { name: 'b' }\n",
        ),
        ("repo/nearer/bicepconfig.json", "{}"),
        ("repo/nearer/main.bicep", "module a 'br/own:disk:v1' = { name: 'a' }\n"),
    ]);
    let led = |with_cache: bool, file: &str| -> Vec<String> {
        let mut workspace = Workspace::around(&Disk, &folder.0.join("repo")).unwrap();
        if with_cache {
            workspace.use_module_cache(&Disk, Path::new("../cache")).unwrap();
        }
        let Walk { workspace, found, .. } = find(&Disk, workspace, &[PathBuf::from(file)]).unwrap();
        let loaded =
            load(&Disk, &workspace, found, Given { typed: &[], settings: &Settings::default() }, &nothing_deployed);
        let program = loaded.files.iter().find(|loaded| loaded.came == Came::Named).unwrap();
        let says = |reference| match loaded.library.get(program.source, reference) {
            Ok(_) => "found".to_owned(),
            Err(why) => why.to_owned(),
        };
        program.program.files.iter().map(says).collect()
    };
    assert_eq!(led(true, "sub/main.bicep"), ["found", "found"]);
    assert_eq!(led(false, "sub/main.bicep"), ["it lies in a registry"; 2]);
    let unknown = "nothing says what its alias stands for";
    assert_eq!(led(true, "absent.bicep"), ["the module cache doesn't hold it", unknown]);
    assert_eq!(led(true, "nearer/main.bicep"), [unknown], "the nearest configuration alone counts");
}

#[test]
fn a_named_module_brings_in_the_templates_that_deploy_it_and_nothing_else() {
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        ("app/main.bicep", "module mid '../shared/mid.bicep' = { name: 'mid' }"),
        ("app/main.bicepparam", "using 'main.bicep'"),
        ("shared/mid.bicep", "module leaf 'leaf.bicep' = { name: 'leaf' }"),
        ("shared/leaf.bicep", "param location string"),
        ("linked.json", &TEMPLATE.replace("[]", r#"[{ "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01",
            "name": "leaf", "properties": { "mode": "Incremental", "templateLink": { "relativePath": "shared/LEAF.json" } } }]"#)),
        ("shared/LEAF.json", TEMPLATE),
        ("says.bicep", "// leaf.bicep is not used here"),
        ("other/leaf.bicep", ""),
        ("other/main.bicep", "module leaf 'leaf.bicep' = { name: 'leaf' }"),
    ]);
    assert_eq!(
        folder.roots_with_users(&["shared/leaf.bicep"]),
        ["app/main.bicep app/main.bicepparam", "shared/leaf.bicep"]
    );
    assert_eq!(folder.roots_with_users(&["shared/LEAF.json"]), ["linked.json", "shared/LEAF.json"]);
    assert_eq!(folder.roots(&["shared/leaf.bicep"], &[]), ["shared/leaf.bicep"], "only on request");
}

#[test]
fn a_named_template_brings_in_the_parameters_files_of_other_folders_that_are_for_it() {
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        ("main.bicep", "param location string"),
        ("env/prod.bicepparam", "using '../main.bicep'\nparam location = 'westus'"),
        ("other/main.bicep", "param location string"),
        ("other/prod.bicepparam", "using 'main.bicep'\nparam location = 'westus'"),
    ]);
    assert_eq!(folder.roots_with_users(&["main.bicep"]), ["main.bicep env/prod.bicepparam"]);
}
