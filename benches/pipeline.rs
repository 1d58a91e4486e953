//! How fast texts become findings: `cargo bench`.
//!
//! Reads the fixtures, or the folder that `CMKLINT_BENCH` names. `made` inputs are templates of the usual shape with 1,
//! 10 and 100 target regions, so that growth can be seen.

use std::env;
use std::fs;
use std::path::PathBuf;

use cmklint::analyze::{Request, analyze};
use cmklint::arm;
use cmklint::azure;
use cmklint::bicep;
use cmklint::discover::{Disk, Workspace};
use cmklint::eval::{Scenario, evaluate};
use cmklint::ir::Library;
use cmklint::json;
use cmklint::text::SourceId;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

fn folder() -> PathBuf {
    env::var_os("CMKLINT_BENCH").map_or_else(|| PathBuf::from("fixtures"), PathBuf::from)
}

/// All files of an extension below the folder, one after the other.
fn texts(extension: &str) -> Vec<String> {
    let files = walkdir::WalkDir::new(folder()).sort_by_file_name().into_iter().flatten();
    files
        .filter(|entry| entry.path().extension().is_some_and(|found| found == extension))
        .filter_map(|entry| fs::read_to_string(entry.path()).ok())
        .collect()
}

/// A template with an image version of so many target regions, each with a disk encryption set from a loop.
fn made(regions: usize) -> String {
    let items: Vec<String> = (0..regions)
        .map(|at| format!(r#"{{ "name": "region{at}", "des": "des-region{at}", "replicas": 1 }}"#))
        .collect();
    format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": {{ "regions": {{ "type": "array", "defaultValue": [ {} ] }} }},
  "resources": [
    {{ "type": "Microsoft.Compute/diskEncryptionSets", "apiVersion": "2024-03-02",
      "copy": {{ "name": "sets", "count": "[length(parameters('regions'))]" }},
      "name": "[parameters('regions')[copyIndex()].des]", "location": "[parameters('regions')[copyIndex()].name]",
      "identity": {{ "type": "SystemAssigned" }}, "properties": {{}} }},
    {{ "type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03",
      "name": "gallery/image/1.0.0", "location": "region0",
      "properties": {{
        "storageProfile": {{ "osDiskImage": {{ "source": {{ "id": "[resourceId('Microsoft.Compute/snapshots', 'os')]" }} }} }},
        "publishingProfile": {{ "copy": [ {{ "name": "targetRegions", "count": "[length(parameters('regions'))]",
          "input": {{
            "name": "[parameters('regions')[copyIndex('targetRegions')].name]",
            "regionalReplicaCount": "[parameters('regions')[copyIndex('targetRegions')].replicas]",
            "encryption": {{ "osDiskImage": {{ "diskEncryptionSetId":
              "[resourceId('Microsoft.Compute/diskEncryptionSets', parameters('regions')[copyIndex('targetRegions')].des)]" }} }}
          }} }} ] }} }} }}
  ] }}"#,
        items.join(", ")
    )
}

#[divan::bench]
fn read_json(bencher: Bencher<'_, '_>) {
    let texts = texts("json");
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for text in &texts {
            black_box(json::parse(SourceId(0), text));
        }
    });
}

#[divan::bench]
fn lower_arm(bencher: Bencher<'_, '_>) {
    let texts = texts("json");
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for text in &texts {
            black_box(arm::lower(SourceId(0), text));
        }
    });
}

#[divan::bench]
fn lower_bicep(bencher: Bencher<'_, '_>) {
    let texts = texts("bicep");
    let bytes: usize = texts.iter().map(String::len).sum();
    bencher.counter(BytesCount::new(bytes)).bench(|| {
        for text in &texts {
            black_box(bicep::lower(SourceId(0), text));
        }
    });
}

#[divan::bench(args = [1, 10, 100])]
fn evaluate_regions(bencher: Bencher<'_, '_>, regions: usize) {
    let text = made(regions);
    let Some(program) = arm::lower(SourceId(0), &text).program else { return };
    let library = Library::default();
    bencher.counter(BytesCount::new(text.len())).bench(|| {
        black_box(evaluate(&library, &program, &Scenario::default(), azure::is_known_type));
    });
}

#[divan::bench(max_time = 10)]
fn check_folder(bencher: Bencher<'_, '_>) {
    let request = Request { paths: [folder()].into(), ..Request::default() };
    bencher.bench(|| {
        let workspace = env::current_dir().and_then(|current| Workspace::around(&Disk, &current));
        if let Ok(workspace) = workspace {
            black_box(analyze(&Disk, workspace, &request).map(|analysis| analysis.findings.len()).ok());
        }
    });
}
