//! The rules of the catalogue that are declared, not coded.

use std::sync::LazyLock;

use super::{Policy, read};
use crate::text::SourceId;

/// By the ids of the rules. Selectors take long to read, beside the rest of a short run: each is read when it is needed.
static POLICIES: [(&str, LazyLock<Policy>); 3] = [
    ("CMK304", LazyLock::new(|| embedded(include_str!("../../rules/CMK304/rule.json")))),
    ("CMK601", LazyLock::new(|| embedded(include_str!("../../rules/CMK601/rule.json")))),
    ("CMK602", LazyLock::new(|| embedded(include_str!("../../rules/CMK602/rule.json")))),
];

fn embedded(text: &str) -> Policy {
    read(SourceId(0), text).expect("`tests/policies.rs` reads every embedded rule.json")
}

/// Those of them that are wanted by their ids, in the order of these.
pub fn builtin(wanted: impl Fn(&str) -> bool) -> impl Iterator<Item = &'static Policy> {
    POLICIES.iter().filter(move |(id, _)| wanted(id)).map(|(_, policy)| &**policy)
}
