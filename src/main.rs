//! The `cmklint` command.

fn main() {}
