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
    Hostile { name: "million-findings", make: million_findings, paths: &["."], says: "CMK005" },
    Hostile {
        name: "findings-in-files",
        make: findings_in_files,
        paths: &["--quiet", "."],
        says: "more than 10000 findings",
    },
    Hostile { name: "wide-object", make: wide_object, paths: &["."], says: "CMK005" },
    Hostile { name: "many-values", make: many_values, paths: &["."], says: "more than 400,000 values" },
    Hostile { name: "equal-doubling", make: equal_doubling, paths: &["."], says: "undecided" },
    Hostile { name: "loops-in-lambdas", make: loops_in_lambdas, paths: &["."], says: "CMK005" },
    Hostile { name: "doubling-functions", make: doubling_functions, paths: &["."], says: "CMK005" },
    Hostile { name: "doubling-imports", make: doubling_imports, paths: &["."], says: "CMK005" },
    Hostile { name: "doubling-modules", make: doubling_modules, paths: &["."], says: "CMK005" },
    Hostile { name: "loops-of-deployments", make: loops_of_deployments, paths: &["."], says: "CMK005" },
    Hostile { name: "doubling-lists", make: doubling_lists, paths: &["."], says: "CMK005" },
    Hostile { name: "many-words", make: many_words, paths: &["."], says: "more words than are looked at" },
    Hostile { name: "many-commands", make: many_commands, paths: &["."], says: "CMK005" },
    Hostile { name: "read-again", make: read_again, paths: &["."], says: "CMK001" },
    Hostile { name: "many-snippets", make: many_snippets, paths: &["."], says: "CMK005" },
    Hostile { name: "anchors", make: anchors, paths: &["."], says: "CMK" },
    Hostile { name: "late-command", make: late_command, paths: &["."], says: "larger than 1 MiB" },
    Hostile { name: "large-estate", make: large_estate, paths: &["."], says: "CMK005" },
    Hostile { name: "one-line", make: one_line, paths: &["."], says: "CMK204" },
    Hostile { name: "suppressions", make: suppressions, paths: &["."], says: "CMK002" },
    Hostile { name: "suppressions-in-script", make: suppressions_in_script, paths: &["."], says: "CMK002" },
    Hostile { name: "suppressions-in-page", make: suppressions_in_page, paths: &["."], says: "CMK002" },
    Hostile { name: "misspelt-rules", make: misspelt_rules, paths: &["."], says: "CMK003" },
    Hostile { name: "gitignores", make: gitignores, paths: &["."], says: "more than 100000 wildcards" },
    Hostile { name: "many-parameters-files", make: many_parameters_files, paths: &["."], says: "CMK205" },
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

/// A list in which each of hundreds of thousands of elements is a fault.
fn million_findings(folder: &Path) {
    let regions = vec!["{}"; 1_000_000].join(",");
    write(folder, "main.json", version("", &format!(r#""targetRegions": [ {regions} ]"#)));
}

/// Files with thousands of findings each.
fn findings_in_files(folder: &Path) {
    for file in 0..8 {
        let galleries: Vec<String> = (0..2000)
            .map(|at| {
                format!(r#"{{ "type": "Microsoft.Compute/galleries", "apiVersion": "2024-03-03", "name": "a-{at}" }}"#)
            })
            .collect();
        write(folder, &format!("{file}.json"), format!(r#"{HEAD}"resources": [ {} ] }}"#, galleries.join(",\n")));
    }
}

fn wide_object(folder: &Path) {
    let members: Vec<String> = (0..200_000).map(|at| format!(r#""a{at}": 1"#)).collect();
    write(folder, "main.json", version("", &members.join(",")));
}

fn many_values(folder: &Path) {
    let disks = vec![r#"{"lun":0}"#; 300_000].join(",");
    let encryption = format!(r#"{{ "name": "westus", "encryption": {{ "dataDiskImages": [ {disks} ] }} }}"#);
    write(folder, "main.json", version("", &format!(r#""targetRegions": [ {encryption} ]"#)));
}

/// Two values that are the same but for a parameter, sixty doublings deep.
fn equal_doubling(folder: &Path) {
    let mut variables = vec![r#""v0": "[parameters('p')]", "w0": "[parameters('q')]""#.to_owned()];
    for at in 1..60 {
        for name in ["v", "w"] {
            let before = at - 1;
            variables.push(format!(
                r#""{name}{at}": "[createArray(variables('{name}{before}'), variables('{name}{before}'))]""#
            ));
        }
    }
    let more = format!(
        r#""parameters": {{ "p": {{ "type": "string" }}, "q": {{ "type": "string" }} }}, "variables": {{ {} }},"#,
        variables.join(", ")
    );
    let name = "[if(equals(variables('v59'), variables('w59')), 'westus', 'eastus')]";
    write(folder, "main.json", version(&more, &format!(r#""targetRegions": [ {} ]"#, region(name, "'a'"))));
}

/// Ten thousand times ten thousand texts.
fn loops_in_lambdas(folder: &Path) {
    let name = "[string(map(range(0, 10000), lambda('a', map(range(0, 10000), lambda('b', concat('x', lambdaVariables('b')))))))]";
    write(folder, "main.json", version("", &format!(r#""targetRegions": [ {} ]"#, region(name, "'a'"))));
}

fn doubling_functions(folder: &Path) {
    let mut text = "func f0(a string) string => '${a}${a}'\n".to_owned();
    for at in 1..60 {
        let before = at - 1;
        text += &format!("func f{at}(a string) string => f{before}('${{f{before}(a)}}${{a}}')\n");
    }
    write(folder, "main.bicep", text + "resource g 'Microsoft.Compute/galleries@2024-03-03' = { name: f59('x') }\n");
}

fn doubling_imports(folder: &Path) {
    for at in 0..30 {
        let next = at + 1;
        let text = format!(
            "import {{ v as a }} from 'm{next}.bicep'\nimport {{ v as b }} from 'm{next}.bicep'\n@export()\nvar v = '${{a}}${{b}}'\n"
        );
        write(folder, &format!("m{at}.bicep"), text);
    }
    write(folder, "m30.bicep", "@export()\nvar v = 'x'\n");
    let text = "import { v } from 'm0.bicep'\nresource g 'Microsoft.Compute/galleries@2024-03-03' = { name: v }\n";
    write(folder, "main.bicep", text);
}

/// Each module deploys the next twice.
fn doubling_modules(folder: &Path) {
    for at in 0..25 {
        let next = at + 1;
        let modules = ["a", "b"].map(|name| format!("module {name} 'm{next}.bicep' = {{ name: '{name}' }}\n"));
        write(folder, &format!("m{at}.bicep"), modules.concat());
    }
    write(folder, "m25.bicep", "resource g 'Microsoft.Compute/galleries@2024-03-03' = { name: 'a-b' }\n");
}

/// Five loops of 800 deployments in each other.
fn loops_of_deployments(folder: &Path) {
    let mut inner =
        r#"{ "type": "Microsoft.Compute/galleries", "apiVersion": "2024-03-03", "name": "a-b" }"#.to_owned();
    for _ in 0..5 {
        inner = format!(
            r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "[concat('d', copyIndex())]",
"copy": {{ "name": "c", "count": 800 }}, "properties": {{ "mode": "Incremental",
"expressionEvaluationOptions": {{ "scope": "inner" }}, "template": {HEAD} "resources": [ {inner} ] }} }} }}"#
        );
    }
    write(folder, "main.json", format!(r#"{HEAD} "resources": [ {inner} ] }}"#));
}

fn doubling_lists(folder: &Path) {
    let command = "New-AzGalleryImageVersion -TargetRegion $a\n";
    write(folder, "main.ps1", format!("$a = @('x')\n{}{command}", "$a += $a\n".repeat(100)));
}

fn many_words(folder: &Path) {
    let regions: Vec<String> = (0..100_000).map(|at| format!("r{at}")).collect();
    write(folder, "main.sh", format!("az sig image-version create --target-regions {}\n", regions.join(" ")));
}

fn many_commands(folder: &Path) {
    let command = "az sig image-version create -g a --gallery-name g --target-regions westus westus\n";
    write(folder, "main.sh", command.repeat(12_000));
}

/// Substitutions that nest too deeply, so that what follows is read again for each of them.
fn read_again(folder: &Path) {
    let nested = format!("{}x{}", "$(echo ".repeat(40), ")".repeat(40));
    let command = format!("az sig image-version create --target-regions {nested}\n");
    write(folder, "main.sh", command + &"a=`echo x`\n".repeat(20_000));
}

fn many_snippets(folder: &Path) {
    let snippet = "```sh\naz sig image-version create -g a --target-regions westus westus\n```\n\n";
    write(folder, "page.md", snippet.repeat(2_000));
}

/// Anchors that hold each other nine times.
fn anchors(folder: &Path) {
    let mut text = "a0: &a0 ['x', 'x']\n".to_owned();
    for at in 1..30 {
        let held = vec![format!("*a{}", at - 1); 9].join(", ");
        text += &format!("a{at}: &a{at} [{held}]\n");
    }
    text +=
        "steps:\n- script: |\n    az sig image-version create -g a --target-regions westus westus\n- script: *a29\n";
    write(folder, "azure-pipelines.yml", text);
}

/// A command behind more comments than are read.
fn late_command(folder: &Path) {
    write(folder, "main.ps1", format!("{}New-AzGalleryImageVersion -Name 1.0.0\n", "# nothing here\n".repeat(100_000)));
}

fn large_estate(folder: &Path) {
    let id = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets";
    for file in 0..3 {
        let sets: Vec<String> = (0..12_000)
            .map(|at| {
                let ty = "Microsoft.Compute/diskEncryptionSets";
                format!(r#"{{"id":"{id}/d{file}-{at}","type":"{ty}","location":"westus","properties":{{}}}}"#)
            })
            .collect();
        write(folder, &format!("{file}.json"), format!("[{}]", sets.join(",")));
    }
}

/// A template without line ends, with a finding for each of its versions.
fn one_line(folder: &Path) {
    let set = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSet/d";
    let versions: Vec<String> = (0..9000)
        .map(|at| {
            format!(
                r#"{{"type":"Microsoft.Compute/galleries/images/versions","apiVersion":"2024-03-03","name":"g/i/1.0.{at}","properties":{{"publishingProfile":{{"targetRegions":[{{"name":"westus","encryption":{{"osDiskImage":{{"diskEncryptionSetId":"{set}"}}}}}}]}}}}}}"#
            )
        })
        .collect();
    write(folder, "main.json", format!("{}\"resources\":[{}]}}", HEAD.replace('\n', ""), versions.join(",")));
}

const VERSION: &str =
    "resource v 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {\n  name: 'g/i/1.0.0'\n}\n";

/// Comments that put nothing aside, all above the same line.
fn suppressions(folder: &Path) {
    write(folder, "main.bicep", format!("{}{VERSION}", "// cmklint: ignore[CMK102] none\n".repeat(50_000)));
}

fn suppressions_in_script(folder: &Path) {
    let comments = "# cmklint: ignore[CMK102] none\n".repeat(12_000);
    write(folder, "main.sh", format!("az sig image-version list\n{comments}{}", "a \\\n".repeat(150_000)));
}

fn suppressions_in_page(folder: &Path) {
    let comments = "<!-- cmklint: ignore[CMK102] none -->\n".repeat(12_000);
    write(folder, "main.md", format!("```bash\naz sig image-version list\n```\n{comments}{}", "\n".repeat(500_000)));
}

fn misspelt_rules(folder: &Path) {
    let comments: Vec<String> =
        (0..50_000).map(|at| format!("// cmklint: ignore[other-subscription-{at}] none\n")).collect();
    write(folder, "main.bicep", format!("{}{VERSION}", comments.concat()));
}

fn gitignores(folder: &Path) {
    for at in 0..40 {
        let below = folder.join(at.to_string());
        fs::create_dir_all(&below).expect("the folder can be written");
        let patterns: Vec<String> = (0..500).map(|at| format!("{}{at}\n", "*a".repeat(60))).collect();
        write(&below, ".gitignore", patterns.concat());
        write(&below, "main.bicep", VERSION);
    }
}

fn many_parameters_files(folder: &Path) {
    let more = r#""parameters": { "regions": { "type": "array" } },"#;
    write(folder, "main.json", version(more, r#""targetRegions": "[parameters('regions')]""#));
    for file in 0..500 {
        let text = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
"contentVersion": "1.0.0.0", "parameters": { "regions": { "value": [ { "name": "westus" }, { "name": "westus" } ] } } }"#;
        write(folder, &format!("main.{file}.parameters.json"), text);
    }
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
