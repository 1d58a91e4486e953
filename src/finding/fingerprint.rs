//! Names for findings that stay when lines move.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::text::Sources;

/// One fingerprint for each finding, in their order: 32 hexadecimal digits.
///
/// Made of what the finding says (rule, case, resource, message) and the file, not of the place in it; findings that
/// agree in all of that are told apart by their order.
pub fn fingerprints(sources: &Sources, findings: &[Finding]) -> Vec<String> {
    fingerprints_by(findings, |finding| sources.get(finding.primary.source).name().to_owned())
}

/// The same with another name for the file of a finding.
pub fn fingerprints_by(findings: &[Finding], file_of: impl Fn(&Finding) -> String) -> Vec<String> {
    let mut met: HashMap<u128, u32> = HashMap::new();
    findings
        .iter()
        .map(|finding| {
            let file = file_of(finding);
            let said = hash(&[&finding.rule, finding.case, &finding.resource, &finding.message, &file]);
            let occurrence = met.entry(said).or_insert(0);
            *occurrence += 1;
            format!("{:032x}", hash(&[&format!("{said:032x}"), &occurrence.to_string()]))
        })
        .collect()
}

/// FNV-1a with 128 bits over the parts, each closed by a byte that no UTF-8 text holds. The constants are those of
/// the function's definition; it must never change, since fingerprints are kept in files of users.
fn hash(parts: &[&str]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    bytes.fold(BASIS, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::{Confidence, Severity};
    use crate::text::{SourceId, Span};

    fn finding(resource: &str) -> Finding {
        Finding {
            rule: Arc::from("CMK201"),
            case: "",
            slug: Arc::from("region-without-key"),
            severity: Severity::Error,
            confidence: Confidence::Certain,
            message: "a region has no key".into(),
            resource: resource.into(),
            primary: Span::new(SourceId(0), 3, 9),
            primary_label: String::new(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            remedy: None,
            fix: None,
            scenarios: Vec::new(),
            count: 1,
        }
    }

    #[test]
    fn a_fingerprint_survives_moved_lines_and_tells_twins_apart() {
        let first = finding("des-west");
        let mut moved = first.clone();
        moved.primary.start += 5;
        moved.primary.end += 5;
        let name = |_: &Finding| "main.bicep".to_owned();
        let alone = fingerprints_by(std::slice::from_ref(&moved), name);
        let together = fingerprints_by(&[first, moved, finding("another")], name);
        assert_eq!(alone[0], together[0]);
        assert_ne!(together[0], together[1]);
        assert_ne!(together[0], together[2]);
        assert_ne!(fingerprints_by(&[finding("des-west")], |_| "other.bicep".to_owned())[0], alone[0]);
    }

    #[test]
    fn the_hash_is_the_one_that_was_published() {
        // FNV-1a 128 of the empty input is its basis, of "a" the value in the reference implementation's table.
        assert_eq!(hash(&[]), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        let a = (hash(&[]) ^ u128::from(b'a')).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        assert_eq!(a, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
