//! The list of pure functions.

use super::Pure;

/// The function of a lower-case name.
pub(in crate::eval) fn find(name: &str) -> Option<&'static Pure> {
    TABLE.binary_search_by(|pure| pure.name.cmp(name)).ok().and_then(|at| TABLE.get(at))
}

/// All pure functions, sorted by name.
static TABLE: &[Pure] = &[];
