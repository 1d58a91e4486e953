//! Changes that remove faults: from what a rule says is to be done to the bytes that are to be replaced.
//!
//! A rule says what a text is to say; here it is looked up how the text says it now. Where that isn't as the rule takes
//! it to be (an escape, a variable, a comment between), there is no fix. Nothing here touches the file system, and
//! whether a fix does what it should is for `analyze` to find out.

mod apply;
mod diff;
mod edits;
mod page;

pub use apply::{applied, choose};
pub use diff::unified;
pub use page::Host;
use page::Pages;

use crate::finding::{Finding, Fix};
use crate::text::{SourceId, Sources};

/// Gives findings their fixes. `host` says what a text is; `None` for one that isn't to be changed.
pub fn offer(sources: &Sources, findings: &mut [Finding], host: impl Fn(SourceId) -> Option<Host>) {
    let mut pages = Pages::default();
    for finding in findings {
        let Some(remedy) = &finding.remedy else { continue };
        let Some(host) = host(remedy.at.source) else { continue };
        let text = sources.get(remedy.at.source).text();
        let Some(edits) = edits::edits(text, remedy) else { continue };
        if pages.stay(host, remedy.at.source, text, || applied(text, &edits)) {
            finding.fix = Some(Fix { safe: remedy.safe, edits });
        }
    }
}
