//! The operators of expressions.

/// How tight the loosest operators bind: `?:` and `??`.
pub(super) const LOOSEST: u8 = 0;
/// How tight assignments' right sides and arguments bind.
pub(super) const ADDITIVE: u8 = 4;

/// A binary operator.
#[derive(Clone, Copy)]
pub(super) struct Operator {
    /// How tight it binds; a greater number is tighter.
    pub(super) level: u8,
    /// What the call is named that it lowers to.
    pub(super) function: &'static str,
}

/// The operators that are spelt in letters behind a dash, without it; those that compare may have `c` (minding case)
/// or `i` before them.
const NAMED: &[(&str, u8, &str)] = &[
    ("and", 1, "and"),
    ("as", 3, "as"),
    ("band", 2, "bitand"),
    ("bor", 2, "bitor"),
    ("bxor", 2, "bitxor"),
    ("contains", 3, "contains"),
    ("eq", 3, "equals"),
    ("f", 6, "format"),
    ("ge", 3, "greaterorequals"),
    ("gt", 3, "greater"),
    ("in", 3, "in"),
    ("is", 3, "is"),
    ("isnot", 3, "isnot"),
    ("join", 3, "join"),
    ("le", 3, "lessorequals"),
    ("like", 3, "like"),
    ("lt", 3, "less"),
    ("match", 3, "match"),
    ("ne", 3, "notequals"),
    ("notcontains", 3, "notcontains"),
    ("notin", 3, "notin"),
    ("notlike", 3, "notlike"),
    ("notmatch", 3, "notmatch"),
    ("or", 1, "or"),
    ("replace", 3, "replace"),
    ("shl", 3, "shiftleft"),
    ("shr", 3, "shiftright"),
    ("split", 3, "split"),
    ("xor", 1, "xor"),
];

/// The operators before a value that are spelt in letters.
const PREFIX: &[(&str, &str)] = &[("bnot", "bitnot"), ("join", "join"), ("not", "not"), ("split", "split")];

/// The binary operator of a name without dash, any case.
pub(super) fn named(name: &str) -> Option<Operator> {
    let lower = name.to_ascii_lowercase();
    let find = |name: &str| NAMED.iter().find(|(other, ..)| *other == name);
    let (_, level, function) = find(&lower).or_else(|| {
        let plain = lower.strip_prefix(['c', 'i'])?;
        find(plain).filter(|(_, level, _)| *level == 3)
    })?;
    Some(Operator { level: *level, function })
}

/// The function of a prefix operator without dash, any case.
pub(super) fn prefix(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let find = |name: &str| PREFIX.iter().find(|(other, _)| *other == name).map(|(_, function)| *function);
    find(&lower).or_else(|| lower.strip_prefix(['c', 'i']).filter(|plain| *plain == "split").and_then(find))
}
