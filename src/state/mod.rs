//! What Azure gives back, as a program: resources as they are, not as they are asked for.
//!
//! Reads the answers of `az ... show` and `list`, of the REST interface, of Resource Graph and of PowerShell's
//! `ConvertTo-Json`, whatever the file is called. A resource is known by its whole id. What an answer may have left
//! out, since somebody picked members from it, is unknown rather than absent. A file that holds no resource is none
//! of ours; what the resources mean is for others to say.

mod answer;
mod data;
#[cfg(test)]
mod tests;

use crate::ir::{Dialect, Program, ScopeKind};
use crate::json::{Node, Parsed};
use crate::text::{SourceId, begins};

/// How deep answers lie in lists and envelopes: pages of lists, joined to one list.
const ENVELOPES: usize = 3;

/// The members under which interfaces put the resources that they found: REST, Resource Graph.
const LISTS: [&str; 2] = ["value", "data"];

/// Whether a file is worth parsing as an answer: whether a string in it begins as an id and names a provider.
pub fn may_hold_resources(bytes: &[u8]) -> bool {
    const LONGEST: usize = 4096;
    for slash in memchr::memchr_iter(b'/', bytes) {
        let rest = bytes.get(slash..).unwrap_or_default();
        if bytes[..slash].ends_with(b"\"") && begins(rest, "/subscriptions/") {
            let text = rest.iter().take(LONGEST).position(|&byte| byte == b'"').and_then(|end| rest.get(..end));
            let word = b"/providers/";
            if text.is_some_and(|text| text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))) {
                return true;
            }
        }
    }
    false
}

/// Lowers an answer; `None` if it holds no resource.
pub fn lower(source: SourceId, parsed: &Parsed<'_>) -> Option<Program> {
    let mut program = Program::new(source, Dialect::State);
    program.scope = ScopeKind::Tenant;
    each_resource(parsed.root.as_ref()?, ENVELOPES, &mut |node| {
        let unit = answer::unit(node, &parsed.broken, &mut program);
        program.units.extend(unit);
    });
    program.broken.extend(&parsed.broken);
    (!program.units.is_empty()).then_some(program)
}

/// Visits what may be a resource: the value itself, or what lies in it if it is a list or an envelope around one.
fn each_resource(node: &Node<'_>, envelopes: usize, visit: &mut impl FnMut(&Node<'_>)) {
    if node.get("id").is_some() {
        return visit(node);
    }
    let Some(left) = envelopes.checked_sub(1) else { return };
    let lists = std::iter::once(node).chain(LISTS.iter().filter_map(|name| node.get(name)));
    for element in lists.flat_map(Node::elements) {
        each_resource(element, left, visit);
    }
}
