//! Which texts of a run may hold comments that put findings aside.

use super::{Analysis, Request, merge};
use crate::discover::{Came, Kind, Loaded};
use crate::suppress::{Language, Text, part};
use crate::text::SourceId;

/// Puts findings aside.
pub(super) fn put_aside(loaded: &Loaded, request: &Request, analysis: &mut Analysis) {
    let files = loaded.files.iter().map(|file| (file.source, file.kind, file.came));
    let pages = loaded.pages.iter().map(|page| (page.source, page.kind, page.came));
    let texts: Vec<Text> = files.chain(pages).filter_map(|(source, kind, came)| text(source, kind, came)).collect();
    let findings = std::mem::take(&mut analysis.findings);
    let mut parted = part(&loaded.sources, &texts, findings, &analysis.undecided, &request.checks);
    merge::sort(&mut parted.shown);
    analysis.seen.suppressed += parted.suppressed.len();
    analysis.findings = parted.shown;
    analysis.suppressed = parted.suppressed;
}

/// A text as far as comments go; `None` for texts around others, whose comments aren't read. Of what wasn't meant to be
/// judged only a part may have been.
fn text(source: SourceId, kind: Kind, came: Came) -> Option<Text> {
    let language = match kind {
        Kind::Json => Language::Json,
        Kind::Bicep | Kind::BicepParameters => Language::Bicep,
        Kind::Shell => Language::Shell,
        Kind::PowerShell => Language::PowerShell,
        Kind::Markdown | Kind::Yaml => return None,
    };
    Some(Text { source, language, is_judged: matches!(came, Came::Met | Came::Named | Came::AsParameters) })
}
