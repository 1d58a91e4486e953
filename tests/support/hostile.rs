//! Folders that somebody might make to stop a run: what is in them, and what a run must say of them.

use std::fs;
use std::path::Path;

/// A folder with hostile files.
pub(crate) struct Hostile {
    /// The folder's name.
    pub name: &'static str,
    /// Makes its files.
    pub make: fn(&Path),
    /// What is checked in it.
    pub paths: &'static [&'static str],
    /// What the report must hold: a limit or an unread place that is named, never silence.
    pub says: &'static str,
}

/// All of them.
pub(crate) const ALL: &[Hostile] = &[
    Hostile { name: "deep-json", make: deep_json, paths: &["."], says: "CMK001" },
    Hostile { name: "deep-expression", make: deep_expression, paths: &["."], says: "too long to be read" },
    Hostile { name: "deep-bicep", make: deep_bicep, paths: &["."], says: "CMK001" },
    Hostile { name: "deep-shell", make: deep_shell, paths: &["."], says: "CMK001" },
    Hostile { name: "deep-powershell", make: deep_powershell, paths: &["."], says: "CMK001" },
    Hostile { name: "endless-copy", make: endless_copy, paths: &["."], says: "CMK102" },
    Hostile { name: "doubling", make: doubling, paths: &["."], says: "CMK005" },
    Hostile { name: "alternatives", make: alternatives, paths: &["."], says: "undecided" },
    Hostile { name: "conditions", make: conditions, paths: &["."], says: "CMK005" },
    Hostile { name: "cyclic-modules", make: cyclic_modules, paths: &["."], says: "CMK205" },
    Hostile { name: "module-outside", make: module_outside, paths: &["."], says: "CMK205" },
    Hostile {
        name: "many-findings",
        make: many_findings,
        paths: &["--quiet", "--format", "concise", "."],
        says: "more than 10000 findings",
    },
    Hostile { name: "strange-names", make: strange_names, paths: &["."], says: "CMK205" },
    Hostile { name: "not-utf-8", make: not_utf8, paths: &["."], says: "is not UTF-8" },
    Hostile { name: "utf-16", make: utf16, paths: &["."], says: "is UTF-16" },
    Hostile { name: "sparse", make: sparse, paths: &["huge.json"], says: "larger than 8 MiB" },
];

const DEEP: usize = 100_000;
const HEAD: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0", "#;

fn write(folder: &Path, name: &str, text: impl AsRef<[u8]>) {
    fs::write(folder.join(name), text).expect("the folder can be written");
}

/// A template with one image version of those target regions; `more` stands before the resources.
fn version(more: &str, regions: &str) -> String {
    format!(
        r#"{HEAD}{more} "resources": [ {{ "type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03",
"name": "g/i/1.0.0", "location": "westus", "properties": {{ "storageProfile": {{ "source": {{ "id": "[resourceId('Microsoft.Compute/images', 'm')]" }} }},
"publishingProfile": {{ {regions} }} }} }} ] }}"#
    )
}

/// A region with the set of a name.
fn region(name: &str, des: &str) -> String {
    format!(
        r#"{{ "name": "{name}", "encryption": {{ "osDiskImage": {{ "diskEncryptionSetId": "[resourceId('Microsoft.Compute/diskEncryptionSets', {des})]" }} }} }}"#
    )
}

fn deep_json(folder: &Path) {
    let text =
        format!(r#"{HEAD}"resources": [ {{ "type": "Microsoft.Compute/galleries", "tags": {}"#, "[".repeat(DEEP));
    write(folder, "main.json", text);
}

fn deep_expression(folder: &Path) {
    let name = "concat(".repeat(DEEP);
    write(
        folder,
        "main.json",
        version("", &format!(r#""targetRegions": [ {} ]"#, region(&format!("[{name}]"), "'a'"))),
    );
}

fn deep_bicep(folder: &Path) {
    let text = format!("resource g 'Microsoft.Compute/galleries@2024-03-03' = {{\n  name: {}\n}}\n", "[".repeat(DEEP));
    write(folder, "main.bicep", text);
}

fn deep_shell(folder: &Path) {
    write(folder, "main.sh", format!("az sig image-version create -g {}\n", "$(".repeat(DEEP)));
}

fn deep_powershell(folder: &Path) {
    write(folder, "main.ps1", format!("New-AzGalleryImageVersion -TargetRegion {}\n", "@{a=".repeat(DEEP)));
}

/// A loop of a thousand million regions that all have the same set.
fn endless_copy(folder: &Path) {
    let regions = format!(
        r#""copy": [ {{ "name": "targetRegions", "count": 1000000000, "input": {} }} ]"#,
        region("[concat('region', copyIndex('targetRegions'))]", "'one'")
    );
    write(folder, "main.json", version("", &regions));
}

/// Each variable holds the one before it twice.
fn doubling(folder: &Path) {
    let steps: Vec<String> =
        (1..=60).map(|at| format!(r#""v{at}": "[concat(variables('v{0}'), variables('v{0}'))]""#, at - 1)).collect();
    let more = format!(r#""variables": {{ "v0": "westus", {} }},"#, steps.join(", "));
    write(
        folder,
        "main.json",
        version(&more, &format!(r#""targetRegions": [ {} ]"#, region("[variables('v60')]", "'a'"))),
    );
}

/// A value with more alternatives than anyone can look at.
fn alternatives(folder: &Path) {
    let params: Vec<String> = (0..60).map(|at| format!(r#""p{at}": {{ "type": "bool" }}"#)).collect();
    let mut name = "'eastus'".to_owned();
    for at in 0..60 {
        name = format!("if(parameters('p{at}'), 'region{at}', {name})");
    }
    let more = format!(r#""parameters": {{ {} }},"#, params.join(", "));
    let regions =
        format!(r#""targetRegions": [ {}, {} ]"#, region("westus", "'a'"), region(&format!("[{name}]"), "'b'"));
    write(folder, "main.json", version(&more, &regions));
}

/// More combinations of conditions than anyone can look at.
fn conditions(folder: &Path) {
    let params: Vec<String> = (0..60).map(|at| format!(r#""p{at}": {{ "type": "bool" }}"#)).collect();
    let regions: Vec<String> = (0..60)
        .map(|at| {
            region(
                &format!("[if(parameters('p{at}'), 'a{at}', 'b{at}')]"),
                &format!("if(parameters('p{at}'), 's', 't{at}')"),
            )
        })
        .collect();
    let more = format!(r#""parameters": {{ {} }},"#, params.join(", "));
    write(folder, "main.json", version(&more, &format!(r#""targetRegions": [ {} ]"#, regions.join(", "))));
}

/// What a module does beside leading nowhere.
const REPEATED: &str = "resource v 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'g/i/1.0.0'
  location: 'westus'
  properties: {
    storageProfile: { source: { id: resourceId('Microsoft.Compute/images', 'm') } }
    publishingProfile: { targetRegions: [ { name: 'westus' }, { name: 'West US' } ] }
  }
}
";

fn cyclic_modules(folder: &Path) {
    write(folder, "a.bicep", format!("module b 'b.bicep' = {{ name: 'b' }}\n{REPEATED}"));
    write(folder, "b.bicep", "module a 'a.bicep' = { name: 'a' }\n");
}

fn module_outside(folder: &Path) {
    write(folder, "main.bicep", format!("module m '../../../../../../../../etc/passwd' = {{ name: 'm' }}\n{REPEATED}"));
}

/// Galleries whose names are all invalid, each written out.
fn many_findings(folder: &Path) {
    let galleries: Vec<String> = (0..50_000)
        .map(|at| {
            format!(r#"{{ "type": "Microsoft.Compute/galleries", "apiVersion": "2024-03-03", "name": "a-{at}" }}"#)
        })
        .collect();
    write(folder, "main.json", format!(r#"{HEAD}"resources": [ {} ] }}"#, galleries.join(",\n")));
}

fn strange_names(folder: &Path) {
    let escaped = region("west\\u001b[31mus", "'a'");
    let text =
        version("", &format!(r#""targetRegions": [ {escaped}, {} ]"#, region("WEST\\u001b[31mUS", "'\u{202e}b'")));
    write(folder, "line\nend \u{1b}[31m\u{202e}.json", text);
}

fn not_utf8(folder: &Path) {
    let mut bytes = version("", r#""targetRegions": []"#).into_bytes();
    bytes.extend([0xff, 0xc0, 0x80]);
    write(folder, "main.json", bytes);
}

fn utf16(folder: &Path) {
    let text = version("", r#""targetRegions": []"#);
    let bytes: Vec<u8> = [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    write(folder, "main.json", bytes);
}

/// A thousand MiB that take no room.
fn sparse(folder: &Path) {
    let file = fs::File::create(folder.join("huge.json")).expect("the folder can be written");
    file.set_len(1 << 30).expect("a file can be long");
}
