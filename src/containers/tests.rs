//! Texts inside files, and that every byte of them leads to the byte of the file that it is.

use super::*;

fn fences(text: &str) -> Vec<(Language, String)> {
    read(text, in_markdown)
}

fn steps(text: &str) -> Vec<(Language, String)> {
    read(text, in_yaml)
}

/// What is found; every part of it is checked against the file.
fn read(text: &str, find: fn(SourceId, &str) -> Vec<Embedded>) -> Vec<(Language, String)> {
    let found = find(SourceId(0), text);
    for embedded in &found {
        assert_placed(text, &embedded.excerpt);
    }
    found.into_iter().map(|embedded| (embedded.language, embedded.excerpt.text().to_owned())).collect()
}

/// Each character of an excerpt is the same character of the file, or the file has an escape, a line end or blanks
/// around one in its place.
fn assert_placed(file: &str, excerpt: &Excerpt) {
    let mut last = 0;
    for (at, char) in excerpt.text().char_indices() {
        let span = excerpt.span(at, at + char.len_utf8());
        assert!(span.start >= last, "places run forwards");
        last = span.end;
        let written = file.get(span.start as usize..span.end as usize).expect("on characters of the file");
        let is_break = written.contains(['\n', '\r']) && written.trim().is_empty();
        let sound = match char {
            '\n' => is_break || written == "\\n" || written.is_empty(),
            ' ' => matches!(written, " " | "\\ " | "\\x20") || is_break || written.is_empty(),
            '\'' => written == "'" || written == "''",
            _ => written.starts_with(char) || written.starts_with('\\'),
        };
        assert!(sound, "{char:?} is written {written:?} at {span:?} of {file:?}");
    }
}

fn bash(text: &str) -> (Language, String) {
    (Language::Bash, text.to_owned())
}

fn powershell(text: &str) -> (Language, String) {
    (Language::PowerShell, text.to_owned())
}

#[test]
fn fences_are_found_in_lists_and_quotes() {
    let page = "# A\n\n```azurecli\naz a \\\n  -b\n```\n\n1. one\n\n   ~~~~bash\n   az c\n     d\n\n   e\n   ~~~~\n\n> - ```sh\n>   x=ä\n>   ```\n";
    assert_eq!(fences(page), [bash("az a \\\n  -b\n"), bash("az c\n  d\n\ne\n"), bash("x=ä\n")]);
}

#[test]
fn line_ends_marks_and_tabs_keep_their_places() {
    let page = "\u{feff}- a\r\n\r\n\t```bash\r\n\taz a \\\r\n\t\t-b\r\n\t```\r\n";
    let found = fences(page);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1.contains("az a"), "{found:?}");
    assert_eq!(fences("\u{feff}```bash\r\naz a \\\r\n -b\r\n```\r\n"), [bash("az a \\\n -b\n")]);
}

#[test]
fn a_label_counts_unless_the_text_can_only_be_something_else() {
    for (label, text, language) in [
        ("azurecli", "az a\n", Some(Language::Bash)),
        ("azurecli-interactive", "$rg = \"a\"\naz a -g $rg\n", Some(Language::PowerShell)),
        ("azurecli", "$rg = \"a\"\nx=b\n", Some(Language::Bash)),
        ("azurecli", "az a\naz b `\n  -c\n", Some(Language::PowerShell)),
        ("bash", "az a -b $c\n", Some(Language::Bash)),
        ("powershell", "az a -b $c\n", Some(Language::PowerShell)),
        ("", "$a = @{\n    Name='b'\n}\n", Some(Language::PowerShell)),
        ("azurecli", "$rg = \"a\"\nNew-AzGallery `\n -Name a\n", Some(Language::PowerShell)),
        ("azurepowershell-interactive", "rg=a\naz a -g $rg \\\n -n b\n", Some(Language::Bash)),
        ("PowerShell", "Get-AzVM\n", Some(Language::PowerShell)),
        ("", "az a -b\n", Some(Language::Bash)),
        ("", "New-AzGallery -Name a\n", Some(Language::PowerShell)),
        ("", "some output\n", None),
        ("output", "az a\n", None),
        ("json", "{}\n", Some(Language::Json)),
        ("bicep", "param a string\n", Some(Language::Bicep)),
        ("yaml", "a: b\n", None),
        ("powershell", "New-AzGallery [-Name] <String> [<CommonParameters>]\n", None),
        ("azurecli", "az a --b\n     [--c]\n", None),
    ] {
        let found = fences(&format!("```{label}\n{text}```\n"));
        assert_eq!(found.first().map(|(language, _)| *language), language, "{label} {text}");
    }
}

#[test]
fn labels_are_sorted_for_the_search() {
    assert_eq!(language::label("azurecli"), Some(language::Label::Language(Language::Bash)));
    for name in ["", "azcli", "bicep", "console", "jsonc", "powershell", "pwsh", "sh", "shell", "terminal", "zsh"] {
        assert!(language::label(name).is_some(), "{name}");
    }
}

#[test]
fn prompts_and_answers_are_left_out() {
    assert_eq!(fences("```console\n$ az a \\\n>   -b\n{ }\n$ az c\n```\n"), [bash("az a \\\n  -b\naz c\n")]);
    assert_eq!(
        fences("```powershell\nPS C:\\> $a = 1\nPS> New-AzGallery `\n>> -Name b\n\nName : b\n```\n"),
        [powershell("$a = 1\nNew-AzGallery `\n-Name b\n")]
    );
    assert_eq!(fences("```bash\nme@host:~/x$ az a\nanswer\n```\n"), [bash("az a\n")]);
}

#[test]
fn steps_of_a_workflow_know_their_shell() {
    let workflow = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: az a\n      - run: New-AzGallery\n        shell: pwsh\n      - run: x\n        shell: python\n      - uses: azure/CLI@v2\n        with:\n          inlineScript: |\n            az b\n              c\n\n            d\n      - uses: Azure/powershell@v2\n        with:\n          inlineScript: >-\n            $a = 1\n  b:\n    runs-on: [self-hosted, Windows]\n    defaults: { run: { shell: bash } }\n    steps: [{ run: 'az ''c''' }]\n  c:\n    runs-on: windows-2022\n    steps:\n      - run: \"az \\\"d\\\"\"\n";
    assert_eq!(
        steps(workflow),
        [
            bash("az a"),
            powershell("New-AzGallery"),
            bash("az b\n  c\n\nd\n"),
            powershell("$a = 1"),
            bash("az 'c'"),
            powershell("az \"d\""),
        ]
    );
    assert_eq!(steps("runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: az a\n"), [bash("az a")]);
    assert_eq!(steps("kind: Pod\nspec:\n  run: az a\n"), []);
}

#[test]
fn steps_of_a_pipeline_are_found_wherever_they_stand() {
    let pipeline = "stages:\n- stage: a\n  jobs:\n  - job: b\n    pool: { vmImage: windows-latest }\n    steps:\n    - script: az nothing\n    - pwsh: $a = 1\n    - ${{ if eq(1, 1) }}:\n      - task: AzureCLI@2\n        inputs:\n          scriptType: pscore\n          inlineScript: |\n            az b `\n              -c\n  - job: c\n    steps:\n    - script: az d\n    - bash: az e\n    - task: AzurePowerShell@5\n      inputs:\n        ScriptType: InlineScript\n        Inline: |\n          $f = 1\n    - task: Bash@3\n      inputs: { targetType: inline, script: az g }\n    - task: AzureCLI@1\n      inputs: { inlineScript: az h }\n    - task: AzureCLI@2\n      inputs: { scriptType: batch, inlineScript: az i }\n";
    assert_eq!(
        steps(pipeline),
        [
            powershell("$a = 1"),
            powershell("az b `\n  -c\n"),
            bash("az d"),
            bash("az e"),
            powershell("$f = 1\n"),
            bash("az g"),
            bash("az h"),
        ]
    );
}

/// Scalars of every style, and their values.
const SCALARS: &[(&str, &str)] = &[
    ("az a", "az a"),
    ("az a\n      b\n\n      ä  c # d", "az a b\nä  c"),
    ("'az ''a''\n      b\n\n\n      c'", "az 'a' b\n\nc"),
    ("\"az \\\"a\\\"\\t\\x41\\u00e4\\\n       b \\\n      \\ c\n      d\"", "az \"a\"\tA\u{e4}b  c d"),
    ("|\n      az a \\\n        -b\n\n      c", "az a \\\n  -b\n\nc\n"),
    ("|-\n      az a\n      b\n\n", "az a\nb"),
    ("|+\n      az a\n\n\n", "az a\n\n\n"),
    ("|2 # say\n       az a\n      b\n", " az a\nb\n"),
    ("|\n\n\n      az a\n", "\n\naz a\n"),
    (">\n      az a\n      b\n\n      c\n        d\n        e\n      f\n", "az a b\nc\n  d\n  e\nf\n"),
    (">-\n      az a\n\n\n      b\n\n", "az a\n\nb"),
    (">+\n      az a\n      b\n\n", "az a b\n\n"),
    ("|\n      az \u{1f600} a\n      \tb\n", "az \u{1f600} a\n\tb\n"),
];

#[test]
fn every_style_of_a_scalar_is_read_with_its_places() {
    for (written, value) in SCALARS {
        for after in ["", "\n  - bash: end\n"] {
            let file = format!("steps:\n  - bash: {written}{after}");
            for file in
                [file.clone(), file.replace('\n', "\r\n"), format!("\u{feff}{file}"), format!("# \u{e4}\n{file}")]
            {
                let found = steps(&file);
                let first = found.first().map(|(_, text)| text.as_str());
                assert_eq!(
                    first.map(|text| text.trim_end_matches('\n')),
                    Some(value.trim_end_matches('\n')),
                    "{file:?}"
                );
                if !after.is_empty() {
                    assert_eq!(
                        first,
                        Some(*value).map(|value| {
                            if written.ends_with('\n') || !written.starts_with(['|', '>']) || written.contains('-') {
                                first.unwrap_or(value)
                            } else {
                                value
                            }
                        }),
                        "{file:?}"
                    );
                    assert_eq!(found.get(1), Some(&bash("end")), "{file:?}");
                }
            }
        }
    }
}

/// Steps whose script holds `@MARK@` once, as they may be written: blocks with more indentation than they need, after
/// comments and anchors, in sequences that aren't indented, in flow, with blank lines, tabs and other line ends.
const HOSTS: &[&str] = &[
    "steps:\n- bash: >2\n    az a\n     @MARK@ b\n",
    "steps:\n- bash: >1-\n   az a\n\n    c\n   @MARK@\n\n   d @X\n",
    "steps:\n  - bash: |+ # said\n\n          az a \\\n            @MARK@\n\n\n  - bash: b\n",
    "steps:\n- bash: >\n    az a\n    b\n\n\n    c @MARK@ d\n\n      e\n    f\n",
    "steps:\n- bash: |\n   \taz a\n   \t\t@MARK@\n",
    "steps:\n- bash: >-\n   az a\n   \tb\n   @MARK@\n",
    "steps: [{ bash: 'az ''a''\n   b\n\n   @MARK@ c' }]\n",
    "steps: [ { bash: \"az \\\"a\\\" \\\n    \\ b\\x20@MARK@\\n\\u00e4 c\" } ]\n",
    "steps:\n- &x\n  bash: &y |\n    az \u{e4}\u{1f600} @MARK@\n- *x\n",
    "steps:\n- bash: az a\n    b\n\n    @MARK@ c\n  name: x\n",
    "steps:\n- ? bash\n  : |\n    az a\n    @MARK@\n",
    "steps:\n- bash: !!str |\n    az a\n    @MARK@\n",
    "---\nsteps: []\n---\nsteps:\n- bash: |\n    az @MARK@\n...\n",
    "jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n    - name: 'x: |'\n      run: >\n        az a\n        @MARK@\n      env: { A: b }\n",
];

#[test]
fn a_mark_in_a_script_is_placed_where_it_stands_in_the_file() {
    let mark = "@MARK@";
    for host in HOSTS {
        for file in [
            (*host).to_owned(),
            host.replace('\n', "\r\n"),
            format!("\u{feff}{host}"),
            format!("# \u{4e16}\u{754c} '\n{host}"),
            host.trim_end().to_owned(),
        ] {
            let found = in_yaml(SourceId(0), &file);
            let mut marks = 0;
            for Embedded { excerpt, .. } in &found {
                assert_placed(&file, excerpt);
                for (at, _) in excerpt.text().match_indices(mark) {
                    let span = excerpt.span(at, at + mark.len());
                    assert_eq!(file.get(span.start as usize..span.end as usize), Some(mark), "{file:?}");
                    marks += 1;
                }
            }
            assert!(marks > 0, "the script isn't found in {file:?}: {found:?}");
        }
    }
}

/// Pages with a mark in a fence, wherever a fence may be.
const PAGES: &[&str] = &[
    "- a\n  - b\n\n    ````sh\n    az a \\\n      @MARK@\n    ````\n",
    "> > ```bash\n> > az a\n> >   @MARK@\n> > ```\n",
    "1. > - ~~~ azurecli-interactive\n   >   az \u{e4}\n   >   @MARK@\n   >   ~~~\n",
    "-\t```bash\n\taz a\n\t\t@MARK@\n\t```\n",
    "```powershell\n$a = 1 `\n\t@MARK@\n",
    "   ```bash\n  az a\n     @MARK@\n   ```\n",
    "text\n\n\taz a \\\n\t  @MARK@\n",
    "<!-- x -->\n\n```{.bash}\naz\n```\n\n``` bash title=\"x\"\naz @MARK@\n```\n",
    "```console\nPS C:\\a b> az x `\n>> @MARK@\nout\n```\n",
];

#[test]
fn a_mark_in_a_fence_is_placed_where_it_stands_in_the_page() {
    let mark = "@MARK@";
    for page in PAGES {
        for page in [(*page).to_owned(), page.replace('\n', "\r\n"), format!("\u{feff}\u{4e16}\n\n{page}")] {
            let found = in_markdown(SourceId(0), &page);
            let spans: Vec<_> = found
                .iter()
                .flat_map(|Embedded { excerpt, .. }| {
                    assert_placed(&page, excerpt);
                    let marks = excerpt.text().match_indices(mark);
                    marks.map(|(at, _)| excerpt.span(at, at + mark.len())).collect::<Vec<_>>()
                })
                .collect();
            let [span] = spans.as_slice() else { panic!("{} marks in {page:?}: {found:?}", spans.len()) };
            assert_eq!(page.get(span.start as usize..span.end as usize), Some(mark), "{page:?}");
        }
    }
}

#[test]
fn what_a_pipeline_puts_in_is_a_hole() {
    let holes = |text: &str, macros| -> Vec<String> {
        holes::find(text, macros).into_iter().map(|(from, to)| text[from..to].to_owned()).collect()
    };
    let script = "az ${{ a['b'] }} $(c.d) $(az e) \"$(f)\" $g ${h} ${{ open";
    assert_eq!(holes(script, true), ["${{ a['b'] }}", "$(c.d)", "$(f)"]);
    assert_eq!(holes(script, false), ["${{ a['b'] }}"]);
}

#[test]
fn whatever_is_cut_off_leaves_places_in_the_file() {
    let mut texts: Vec<String> = SCALARS.iter().map(|(written, _)| format!("steps:\n  - bash: {written}\n")).collect();
    texts.push("jobs: &a\n  b: *a\n  ? [c]\n  : {d: [e, {f: g}]}\n--- !t\n...\n%YAML\n".to_owned());
    texts.push("> 1. ```bash\n>    $ az a\n>    ```\n>\n> \t    az b\n\n<div>\n```\n".to_owned());
    for text in texts {
        for (cut, _) in text.char_indices() {
            steps(&text[..cut]);
            fences(&text[..cut]);
            steps(&text[cut..]);
            fences(&text[cut..]);
        }
    }
}
