//! Fixes do what they are for and nothing else: the finding is gone, no other comes, a second look changes nothing, and
//! line ends and byte order marks stay what they are. Tried on every example of the rules, every mutation of the sound
//! templates and scripts, and every fixture.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cmklint::analyze::{Analysis, Mending, Request, mend};
use cmklint::discover::{Disk, Memory, Workspace};
use cmklint::finding::{Finding, Severity};
use cmklint::policy::examples;
use cmklint::rules;
use serde::Deserialize;

use support::{check_files, lines};

const LANGUAGES: &[(&str, &str)] =
    &[("json", "main.json"), ("bicep", "main.bicep"), ("bash", "main.sh"), ("powershell", "main.ps1")];

type Files = Vec<(String, String)>;

/// Inputs with a name each.
fn inputs() -> Vec<(String, Files)> {
    let mut all = Vec::new();
    for rule in rules::all() {
        // Whose wording severities follow changes no fix.
        let page = rule.readme.replace(" profile=2021", "");
        for example in examples(&page, LANGUAGES).expect("the examples are sound") {
            all.push((format!("rules/{}/README.md:{}", rule.meta.id, example.line), example.files));
        }
    }
    all.extend(mutations());
    all
}

#[derive(Deserialize)]
struct Mutation {
    replace: Vec<(String, String)>,
}

fn mutations() -> Vec<(String, Files)> {
    let bases = [
        ("main.json", include_str!("../fixtures/mutations/base.json"), include_str!("../fixtures/mutations/arm.json")),
        (
            "main.bicep",
            include_str!("../fixtures/mutations/base.bicep"),
            include_str!("../fixtures/mutations/bicep.json"),
        ),
        ("main.sh", include_str!("../fixtures/mutations/base.sh"), include_str!("../fixtures/mutations/az.json")),
        (
            "main.ps1",
            include_str!("../fixtures/mutations/base.ps1"),
            include_str!("../fixtures/mutations/powershell.json"),
        ),
    ];
    let mut all = Vec::new();
    for (name, base, list) in bases {
        let list: Vec<Mutation> = serde_json::from_str(list).expect("a list of mutations");
        for (at, mutation) in list.iter().enumerate() {
            let text = mutation.replace.iter().fold(base.to_owned(), |text, (old, new)| text.replace(old, new));
            all.push((format!("mutation {at} of {name}"), vec![(name.to_owned(), text)]));
        }
    }
    all
}

fn mended(files: &Files, risky: bool) -> Mending {
    let reader = Memory::new(files);
    let workspace = Workspace::around(&reader, Path::new(Memory::FOLDER)).expect("the folder is there");
    let request = Request { paths: reader.paths(), ..Request::default() };
    mend(&reader, &workspace, &request, risky).expect("the files are there")
}

/// The files with their fixes.
fn after(files: &Files, mending: &Mending) -> Files {
    let mut after = files.clone();
    for (name, text) in &mut after {
        if let Some(file) = mending.files.iter().find(|file| file.name == *name) {
            assert_eq!(file.before, *text);
            text.clone_from(&file.after);
        }
    }
    after
}

/// How often each case of each rule is found in each file, advice left out.
fn counts(analysis: &Analysis) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    for finding in analysis.findings.iter().filter(|finding| finding.severity > Severity::Note) {
        let file = analysis.sources.get(finding.primary.source).name().to_owned();
        *counts.entry((file, format!("{}{}", finding.rule, finding.case))).or_default() += 1;
    }
    counts
}

/// What is wrong with the fixes of some files.
fn faults(before: &Analysis, mending: &Mending, risky: bool) -> Vec<String> {
    let mut faults = Vec::new();
    if mending.withheld > 0 {
        faults.push(format!("{} withheld", mending.withheld));
    }
    let open = |finding: &&Finding| finding.fix.as_ref().is_some_and(|fix| fix.safe || risky);
    if mending.analysis.findings.iter().filter(open).count() > mending.withheld {
        faults.push(format!("not fixed:\n{}", lines(&mending.analysis)));
    }
    let (found, left) = (counts(before), counts(&mending.analysis));
    let more = left.iter().filter(|(key, count)| found.get(*key).is_none_or(|before| before < count));
    faults.extend(more.map(|(key, _)| format!("brings {} in {}", key.1, key.0)));
    faults
}

/// A word that is meant as "no set" where another region has one: without it CMK201 is found instead.
const WITHHELD: &[&str] = &["mutation 45 of main.sh: 1 withheld", "mutation 46 of main.sh: 1 withheld"];

#[test]
fn a_fix_removes_its_finding_and_brings_no_other_and_a_second_changes_nothing() {
    let mut wrong = Vec::new();
    let mut fixed = BTreeSet::new();
    for (input, files) in inputs() {
        for risky in [false, true] {
            let before = check_files(&files);
            let mending = mended(&files, risky);
            wrong.extend(faults(&before, &mending, risky).into_iter().map(|fault| format!("{input}: {fault}")));
            if mending.fixed > 0 {
                fixed.extend(
                    before.findings.iter().filter_map(|finding| finding.fix.as_ref().map(|_| finding.rule.to_string())),
                );
                let again = mended(&after(&files, &mending), risky);
                assert_eq!(again.files, [], "{input} changes again");
            }
        }
    }
    wrong.retain(|fault| !WITHHELD.contains(&&**fault));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let known = [
        "CMK203", "CMK204", "CMK214", "CMK403", "CMK404", "CMK407", "CMK408", "CMK410", "CMK501", "CMK502", "CMK503",
        "CMK504", "CMK505", "CMK506", "CMK508",
    ];
    let missing: Vec<_> = known.iter().filter(|rule| !fixed.contains(**rule)).collect();
    assert!(missing.is_empty(), "nothing is fixed of {missing:?}");
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    for (input, files) in inputs() {
        let mending = mended(&files, true);
        if mending.fixed == 0 {
            continue;
        }
        let fixed = after(&files, &mending);
        for dress in [|text: &str| text.replace('\n', "\r\n"), |text: &str| format!("\u{feff}{text}")] {
            let dressed =
                |files: &Files| files.iter().map(|(name, text)| (name.clone(), dress(text))).collect::<Files>();
            let files = dressed(&files);
            assert_eq!(after(&files, &mended(&files, true)), dressed(&fixed), "{input}");
        }
    }
}

/// A script as it stands in a page or a pipeline.
struct Wrapping {
    name: &'static str,
    before: &'static str,
    indent: &'static str,
    after: &'static str,
}

const WRAPPINGS: [(&str, [Wrapping; 2]); 2] = [
    (
        "main.sh",
        [
            Wrapping { name: "page.md", before: "# Page\n\n1. Do\n\n   ```bash\n", indent: "   ", after: "   ```\n" },
            Wrapping {
                name: "w.yml",
                before: "on: push\njobs:\n  a:\n    steps:\n      - shell: bash\n        run: |\n",
                indent: "          ",
                after: "      - run: echo\n",
            },
        ],
    ),
    (
        "main.ps1",
        [
            Wrapping { name: "page.md", before: "```powershell\n", indent: "", after: "```\n" },
            Wrapping {
                name: "w.yml",
                before: "on: push\njobs:\n  a:\n    steps:\n      - shell: pwsh\n        run: |\n",
                indent: "          ",
                after: "      - run: echo\n",
            },
        ],
    ),
];

/// Words that a line end glues together are told by the bytes between them, which in a page hold its indentation.
const NOT_IN_PAGES: &[&str] = &["mutation 33 of main.sh in page.md", "mutation 33 of main.sh in w.yml"];

#[test]
fn a_script_in_a_page_is_fixed_as_it_is_alone() {
    let mut wrong = Vec::new();
    let mut fixed_in_pages = 0;
    for (input, files) in inputs() {
        let [(name, text)] = files.as_slice() else { continue };
        let Some((_, wrappings)) = WRAPPINGS.iter().find(|(of, _)| of == name) else { continue };
        let mending = mended(&files, false);
        let alone = &after(&files, &mending)[0].1;
        for wrapping in wrappings {
            let wrap = |text: &str| {
                let lines: String = text
                    .lines()
                    .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{}{line}\n", wrapping.indent) })
                    .collect();
                format!("{}{lines}{}", wrapping.before, wrapping.after)
            };
            let page = vec![(wrapping.name.to_owned(), wrap(text))];
            let in_page = mended(&page, false);
            fixed_in_pages += in_page.fixed;
            if after(&page, &in_page)[0].1 != wrap(alone) {
                wrong.push(format!("{input} in {}", wrapping.name));
            }
        }
    }
    wrong.retain(|input| !NOT_IN_PAGES.contains(&&**input));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(fixed_in_pages > 20, "{fixed_in_pages}");
}

#[test]
fn quotes_of_a_scalar_stay_whole() {
    let script = |quote: &str, inner: &str| {
        format!(
            "on: push\njobs:\n  a:\n    steps:\n      - shell: pwsh\n        run: {quote}New-AzGalleryImageVersion -ResourceGroupName rg \
             -GalleryName gal -GalleryImageDefinitionName img -Name 1.0.0 -Location westus -SourceImageId $id -TargetRegion \
             @(@{{ Name = $r; StorageAccountType = {inner} }}){quote}\n"
        )
    };
    for (quote, fixed) in [("'", false), ("\"", true), ("", true)] {
        let files = vec![("w.yml".to_owned(), script(quote, "Standard_LRS"))];
        let before = check_files(&files);
        assert!(lines(&before).contains("CMK501"), "{quote} {}", lines(&before));
        let expected = script(quote, if fixed { "'Standard_LRS'" } else { "Standard_LRS" });
        assert_eq!(after(&files, &mended(&files, true))[0].1, expected);
    }
}

#[test]
fn the_fixtures_are_fixed_without_a_new_finding() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = Workspace::around(&Disk, root).expect("the project is there");
    let request = Request { paths: [root.join("fixtures")].into(), ..Request::default() };
    let before = cmklint::analyze::analyze(&Disk, workspace.clone(), &request).expect("the fixtures are there");
    let mending = mend(&Disk, &workspace, &request, true).expect("the fixtures are there");
    let wrong = faults(&before, &mending, true);
    // A variable whose likeness is of another shape, and an option that may be meant for one that is there already.
    assert_eq!(wrong, ["2 withheld"], "{}", lines(&mending.analysis));
    assert!(mending.fixed > 10, "{}", mending.fixed);
}

#[test]
fn a_comment_that_puts_nothing_aside_goes_and_what_it_stands_beside_stays() {
    let version = |encryption: &str| {
        format!(
            "az sig image-version create -g rg -r gallery -i image -e 1.0.0 -l westus --os-snapshot os \\\n  \
             --target-regions westus --target-region-encryption {encryption}\n"
        )
    };
    let (sound, faulty) = (version("des-westus"), version("des-westus,0"));
    let alone = "# cmklint: ignore[CMK401] moves in spring\n";
    let cases = [
        ("main.sh", format!("echo a\n{alone}{sound}"), format!("echo a\n{sound}")),
        ("main.sh", format!("{}  {alone}", sound.trim_end()), sound.clone()),
        ("main.sh", format!("\t{}\r\n{sound}", alone.trim_end()), sound.clone()),
        (
            "page.md",
            format!("Text\n\n<!-- cmklint: ignore[CMK401] moves -->\n```bash\n{sound}```\n"),
            format!("Text\n\n```bash\n{sound}```\n"),
        ),
        ("page.md", format!("```bash\n{alone}{sound}```\n"), format!("```bash\n{sound}```\n")),
    ];
    for (name, before, after) in cases {
        let mending = mended(&vec![(name.to_owned(), before.clone())], false);
        let texts: Vec<&str> = mending.files.iter().map(|file| file.after.as_str()).collect();
        assert_eq!(texts, [after], "{before}");
    }
    let both = format!("# cmklint: ignore[CMK414, CMK403] moves\n{faulty}");
    let mending = mended(&vec![("main.sh".to_owned(), both)], false);
    let texts: Vec<&str> = mending.files.iter().map(|file| file.after.as_str()).collect();
    assert_eq!(texts, [format!("# cmklint: ignore[CMK403] moves\n{faulty}")]);
}

#[test]
fn a_fix_that_holds_only_after_others_is_found_in_the_same_run() {
    let text = include_str!("../fixtures/broken/fixes-in-turn.sh");
    let files = vec![("main.sh".to_owned(), text.to_owned())];
    let mending = mended(&files, true);
    assert!(mending.fixed > 1, "{}", mending.fixed);
    assert_eq!(mended(&after(&files, &mending), true).files, []);
}
