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
