//! What is found in the shapes in which samples are published: each fault at its place, and nothing besides.

mod support;

use cmklint::finding::Severity;

use support::{check_files, lines};

/// A file, and its errors and warnings in order: the rule, and the last part of what it points at.
struct Sample {
    name: &'static str,
    text: &'static str,
    found: &'static [(&'static str, &'static str)],
}

macro_rules! sample {
    ($name:literal, $found:expr) => {
        Sample { name: $name, text: include_str!(concat!("../fixtures/samples/", $name)), found: $found }
    };
}

const SAMPLES: [Sample; 5] = [
    sample!("managed-image.bicep", &[("CMK204", "westUsKeys"), ("CMK204", "westUsOtherKeys")]),
    sample!(
        "snapshots.bicep",
        &[("CMK204", "westUsKeys"), ("CMK204", "westUsKeys"), ("CMK204", "eastUsKeys"), ("CMK204", "eastUsKeys")]
    ),
    sample!(
        "vhd.bicep",
        &[("CMK204", "westUsKeys"), ("CMK204", "westUsKeys"), ("CMK201", "eastus"), ("CMK209", "ubuntu.vhd")]
    ),
    sample!("create.sh", &[("CMK409", "standard")]),
    sample!("regions.ps1", &[("CMK502", "$keys_eastus"), ("CMK502", "$westUSdes")]),
];

#[test]
fn samples_are_found_to_have_the_faults_that_they_have() {
    let mut wrong = Vec::new();
    for sample in &SAMPLES {
        let checked = check_files(&[(sample.name.to_owned(), sample.text.to_owned())]);
        let loud = checked.findings.iter().filter(|finding| finding.severity > Severity::Note);
        let found: Vec<(&str, &str)> = loud
            .map(|finding| {
                let place = checked.sources.slice(finding.primary).trim_matches('\'');
                (&*finding.rule, place.rsplit('/').next().unwrap_or(place))
            })
            .collect();
        if found != sample.found {
            wrong.push(format!("{}:\n{}", sample.name, lines(&checked)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
