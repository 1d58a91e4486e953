//! JSON as ARM accepts it, as a tree in which every node has its place.
//!
//! Beyond the standard it takes comments, raw line breaks in strings, a byte order mark, trailing commas and repeated
//! keys (the last two with a remark). It never gives up: what can't be read becomes [`Value::Broken`] or lies in
//! [`Parsed::broken`], and reading goes on behind it. What the values mean is for others to say.

mod parser;
#[cfg(test)]
mod tests;
mod text;
mod tree;

pub use parser::parse;
pub use text::{Decoded, Text};
pub use tree::{Member, Node, Parsed, Value};
