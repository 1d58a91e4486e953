//! The public Azure regions by name.
//!
//! From Azure's public documentation of regions ("List of Azure regions"), as of November 2026, with the geographies
//! of Azure Government and Azure in China. The table can lack a new region, so that nothing may be concluded from a
//! name that isn't in it except that it resembles one that is. Display names are the names with blanks, in capitals:
//! `West US 2` is `westus2`; [`canonical`] turns one into the other.

use crate::text::distance;

/// The month that [`NAMES`] is of.
pub const AS_OF: &str = "2026-11";

/// Canonical names, sorted.
pub const NAMES: &[&str] = &[
    "australiacentral",
    "australiacentral2",
    "australiaeast",
    "australiasoutheast",
    "austriaeast",
    "belgiumcentral",
    "brazilsouth",
    "brazilsoutheast",
    "canadacentral",
    "canadaeast",
    "centralindia",
    "centralus",
    "centraluseuap",
    "chilecentral",
    "chinaeast",
    "chinaeast2",
    "chinaeast3",
    "chinanorth",
    "chinanorth2",
    "chinanorth3",
    "denmarkeast",
    "eastasia",
    "eastus",
    "eastus2",
    "eastus2euap",
    "eastus3",
    "francecentral",
    "francesouth",
    "germanynorth",
    "germanywestcentral",
    "indonesiacentral",
    "israelcentral",
    "israelnorthwest",
    "italynorth",
    "japaneast",
    "japanwest",
    "jioindiacentral",
    "jioindiawest",
    "koreacentral",
    "koreasouth",
    "malaysiasouth",
    "malaysiawest",
    "mexicocentral",
    "newzealandnorth",
    "northcentralus",
    "northeurope",
    "norwayeast",
    "norwaywest",
    "polandcentral",
    "qatarcentral",
    "southafricanorth",
    "southafricawest",
    "southcentralus",
    "southcentralus2",
    "southeastasia",
    "southeastus",
    "southindia",
    "southwestus",
    "spaincentral",
    "swedencentral",
    "swedensouth",
    "switzerlandnorth",
    "switzerlandwest",
    "taiwannorth",
    "taiwannorthwest",
    "uaecentral",
    "uaenorth",
    "uksouth",
    "ukwest",
    "usdodcentral",
    "usdodeast",
    "usgovarizona",
    "usgoviowa",
    "usgovtexas",
    "usgovvirginia",
    "westcentralus",
    "westeurope",
    "westindia",
    "westus",
    "westus2",
    "westus3",
];

/// The spelling by which names are compared: lower case, without blanks.
pub fn canonical(name: &str) -> String {
    name.chars().filter(|char| *char != ' ').flat_map(char::to_lowercase).collect()
}

/// Whether a name in any spelling is one of [`NAMES`].
pub fn is_known(name: &str) -> bool {
    NAMES.binary_search(&canonical(name).as_str()).is_ok()
}

/// The known region that an unknown name was probably meant to be: at most two letters away, and no other as near.
pub fn resembling(name: &str) -> Option<&'static str> {
    let name = canonical(name);
    if name.len() > 40 || is_known(&name) {
        return None;
    }
    let mut best: Option<(usize, &'static str)> = None;
    let mut tied = false;
    for known in NAMES.iter().filter(|known| known.len().abs_diff(name.len()) <= 2) {
        let far = distance(&name, known);
        match best {
            Some((least, _)) if far > least => {}
            Some((least, _)) if far == least => tied = true,
            _ => {
                best = Some((far, known));
                tied = false;
            }
        }
    }
    best.filter(|(far, _)| *far <= 2 && !tied).map(|(_, known)| known)
}

/// The regions that a resource's name speaks of, in canonical form: the longest region names between the borders of
/// words. A border is a sign that is neither letter nor digit, a capital after a small letter, or the step between
/// letters and digits; `WestUSDes1` speaks of `westus`, `westusage` of none, `des-west-us-2` of `westus2`.
pub fn spoken_of(name: &str) -> Vec<&'static str> {
    let words = words(name);
    let mut found = Vec::new();
    let mut from = 0;
    while from < words.len() {
        let mut joined = String::new();
        let mut longest = None;
        for (at, word) in words.iter().enumerate().skip(from).take(6) {
            joined.push_str(word);
            if let Ok(index) = NAMES.binary_search(&joined.as_str()) {
                longest = Some((at, NAMES[index]));
            }
        }
        match longest {
            Some((last, region)) => {
                found.push(region);
                from = last + 1;
            }
            None => from += 1,
        }
    }
    found
}

/// A name's words in lower case. In a run of capitals the last begins a new word if a small letter follows (`USDes`
/// is `us`, `des`).
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().take(256).collect();
    let mut words = vec![String::new()];
    for (at, char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let after = chars.get(at + 1);
        let border = match before {
            Some(before) => {
                (before.is_lowercase() && char.is_uppercase())
                    || (before.is_ascii_digit() != char.is_ascii_digit())
                    || (before.is_uppercase() && char.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            }
            None => false,
        };
        if border || !char.is_alphanumeric() {
            words.push(String::new());
        }
        if char.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(char.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn display_names_are_known() {
        for name in ["West US 2", "westus2", "WESTUS", "North Europe", "UK South"] {
            assert!(is_known(name), "{name}");
        }
        assert!(!is_known("westus9"));
    }

    #[test]
    fn a_slip_of_two_letters_resembles_a_region() {
        assert_eq!(resembling("westeurpoe"), Some("westeurope"));
        assert_eq!(resembling("north erope"), Some("northeurope"));
        assert_eq!(resembling("westus"), None);
        assert_eq!(resembling("moon"), None);
        assert_eq!(resembling("westus9"), None, "as near to westus2 as to westus3");
    }

    #[test]
    fn a_region_counts_only_between_borders() {
        for (name, regions) in [
            ("WestUSDes1", vec!["westus"]),
            ("EastUS2DiskEncryptionSet1", vec!["eastus2"]),
            ("des-eastus2", vec!["eastus2"]),
            ("des-west-us-2", vec!["westus2"]),
            ("westusage", vec![]),
            ("desUKSouth", vec!["uksouth"]),
            ("des_northeurope_westeurope", vec!["northeurope", "westeurope"]),
            ("des-westus-01", vec!["westus"]),
            ("keys", vec![]),
        ] {
            assert_eq!(spoken_of(name), regions, "{name}");
        }
    }
}
