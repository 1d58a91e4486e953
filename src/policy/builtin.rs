//! The rules of the catalogue that are declared, not coded.

use std::sync::LazyLock;

use super::{Policy, read};
use crate::text::SourceId;

static POLICIES: LazyLock<Vec<Policy>> = LazyLock::new(|| {
    [
        include_str!("../../rules/CMK304/rule.json"),
        include_str!("../../rules/CMK601/rule.json"),
        include_str!("../../rules/CMK602/rule.json"),
    ]
    .into_iter()
    .map(|text| read(SourceId(0), text).expect("`tests/policies.rs` reads every embedded rule.json"))
    .collect()
});

/// All of them, in the order of their ids.
pub fn builtin() -> &'static [Policy] {
    &POLICIES
}
