//! Comments put findings aside in every language that has comments, and nothing else.

mod support;

use support::{check_files, lines};

const SET: &str = "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSet/des-westus";

fn shell(comment: &str) -> String {
    format!(
        "az sig image-version create -g rg -r gal -i img -e 1.0.0 --managed-image m --target-regions westus=1 # first\n\
         {comment}\n\
         az sig image-version create -g rg -r gal -i img -e 1.0.1 \\\n  --managed-image m --target-regions westus=1 \\\n  \
         --target-region-encryption {SET}\n"
    )
}

fn powershell(comment: &str) -> String {
    format!(
        "$encryption = @{{ OSDiskImage = @{{ DiskEncryptionSetId = '{SET}' }} }} {comment}\n\
         New-AzGalleryImageVersion -ResourceGroupName rg -GalleryName gal -GalleryImageDefinitionName img -Name 1.0.0 \
         -Location westus -SourceImageId '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute/images/m' \
         -TargetRegion @(@{{ Name = 'westus'; ReplicaCount = 1; Encryption = $encryption }})\n"
    )
}

fn found(name: &str, text: String) -> (String, usize) {
    let analysis = check_files(&[(name.to_owned(), text)]);
    (lines(&analysis), analysis.seen.suppressed)
}

#[test]
fn a_comment_in_a_script_puts_a_finding_aside() {
    for name in ["main.sh", "main.ps1"] {
        let script = |comment: &str| if name == "main.sh" { shell(comment) } else { powershell(comment) };
        let (before, suppressed) = found(name, script("# nothing"));
        assert!(before.contains("CMK204") && suppressed == 0, "{name}: {before}");
        let (after, suppressed) = found(name, script("# cmklint: ignore[CMK204] the proxy puts the plural in"));
        assert!(!after.contains("CMK204") && !after.contains("CMK00") && suppressed == 1, "{name}: {after}");
        let (other, suppressed) = found(name, script("# cmklint: ignore[CMK203] of another rule"));
        assert!(other.contains("CMK204") && other.contains("CMK002") && suppressed == 0, "{name}: {other}");
    }
}

#[test]
fn a_text_that_looks_like_a_comment_puts_nothing_aside() {
    let (found, suppressed) = found("main.sh", shell("echo '\n# cmklint: ignore[CMK204] no comment\n'"));
    assert!(found.contains("CMK204") && !found.contains("CMK002") && suppressed == 0, "{found}");
}

#[test]
fn what_is_said_of_a_comment_is_not_put_aside_by_one() {
    let (found, suppressed) = found("main.sh", shell("# cmklint: ignore[CMK002, CMK204] both"));
    assert!(found.contains("CMK003 at `CMK002`") && suppressed == 1, "{found}");
}

/// A command with a fault, behind a line.
fn command(indent: &str, above: &str) -> String {
    let lines = [
        above,
        "az sig image-version create -g rg -r gal -i img -e 1.0.1 \\",
        "  --managed-image m --target-regions westus=1 \\",
        &format!("  --target-region-encryption {SET}"),
    ];
    lines.iter().filter(|line| !line.is_empty()).flat_map(|line| [indent, line, "\n"]).collect()
}

#[test]
fn a_comment_above_a_fence_is_about_all_of_it_and_one_inside_about_its_command() {
    let fence = |indent: &str, inner: &str| format!("{indent}```bash\n{}{indent}```\n", command(indent, inner));
    let ignore = "cmklint: ignore[CMK204] the old type";
    let put_aside = [
        format!("# Page\n\n<!-- {ignore} -->\n{}", fence("", "")),
        format!("<!-- a\nb -->\n<!-- {ignore} -->\n\n\n{}", fence("", "")),
        format!("1. Step\n\n   <!-- {ignore} -->\n{}", fence("   ", "")),
        fence("", &format!("# {ignore}")),
        fence("  ", &format!("# {ignore}")),
    ];
    for page in put_aside {
        let (found, suppressed) = found("page.md", page.clone());
        assert!(found.is_empty() && suppressed == 1, "{page}\n{found}");
    }
    let left = [
        // Another fence stands between, or it is no comment.
        (format!("<!-- {ignore} -->\n```bash\necho\n```\n{}", fence("", "")), true),
        (format!("<!-- {ignore} -->\ntext\n{}", fence("", "")), true),
        (format!("`<!-- {ignore} -->`\n{}", fence("", "")), false),
        (format!("```html\n<!-- {ignore} -->\n```\n{}", fence("", "")), false),
        (fence("", &format!("echo '\n# {ignore}\n'")), false),
    ];
    for (page, unused) in left {
        let (found, suppressed) = found("page.md", page.clone());
        assert!(found.contains("CMK204") && suppressed == 0, "{page}\n{found}");
        assert_eq!(found.contains("CMK002"), unused, "{page}\n{found}");
    }
    let (found, _) = found("page.md", format!("<!-- cmklint: ignore[CMK204] -->\n{}", fence("", "# cmklint: off")));
    assert!(found.contains("CMK004 at `<!-- cmklint: ignore[CMK204] -->`"), "{found}");
    assert!(found.contains("CMK003 at `# cmklint: off`"), "{found}");
}

#[test]
fn a_comment_in_a_page_about_a_template_that_is_not_whole_says_nothing() {
    let page = "```bicep\ndiskEncryptionSetId: x // cmklint: ignore[CMK102] moves in spring\n```\n";
    assert_eq!(found("page.md", page.to_owned()), (String::new(), 0));
}

#[test]
fn a_comment_of_a_pipeline_is_about_the_step_below_it_and_one_inside_about_its_command() {
    let workflow = |above: &str, behind: &str, inner: &str| {
        let script = command("          ", inner);
        format!(
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - name: publish\n{above}        run: |{behind}\n{script}"
        )
    };
    let ignore = "# cmklint: ignore[CMK204] the old type";
    let put_aside = [
        workflow(&format!("        {ignore}\n"), "", ""),
        workflow("", &format!(" {ignore}"), ""),
        workflow("", "", ignore),
    ];
    for text in put_aside {
        let (found, suppressed) = found("w.yml", text.clone());
        assert!(found.is_empty() && suppressed == 1, "{text}\n{found}");
    }
    let above_the_name = workflow("", "", "").replace("      - name", &format!("      {ignore}\n      - name"));
    let (left, suppressed) = found("w.yml", above_the_name);
    assert!(left.contains("CMK204") && left.contains("CMK002") && suppressed == 0, "{left}");
    let no_reason = workflow("        # cmklint: ignore[CMK204, CMK999]\n", "", "");
    let (said, suppressed) = found("w.yml", no_reason);
    assert!(said.contains("CMK004") && said.contains("CMK003 at `CMK999`") && suppressed == 1, "{said}");
}
