//! Frames around the source, for a terminal. The only file that knows codespan's diagnostics.

use codespan_reporting::diagnostic::{Diagnostic as Drawn, Label as DrawnLabel, Severity as DrawnSeverity};
use codespan_reporting::term::termcolor::Buffer;
use codespan_reporting::term::{Config, emit_to_write_style};

use super::excerpt::Excerpts;
use super::{Report, Style, concise, counted, preview, summary, visible, visible_lines};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::text::{Sources, Span};

/// How many second places a frame shows.
const LABELS: usize = 6;
/// How many parameters files are named.
const SCENARIOS: usize = 3;

/// All findings in frames, then the remarks and the summary.
pub(super) fn render(report: &Report<'_>, style: Style) -> String {
    let mut out = String::new();
    for finding in report.findings {
        out.push_str(&frame(report, finding, style.color));
    }
    if style.undecided {
        out.push_str(&concise::undecided(report));
    }
    if !style.quiet {
        summary::write(report, style, &mut out);
    }
    out
}

fn frame(report: &Report<'_>, finding: &Finding, color: bool) -> String {
    let sources = report.sources;
    let labels = shown_labels(finding);
    let spans: Vec<Span> = std::iter::once(finding.primary).chain(labels.iter().map(|label| label.span)).collect();
    let excerpts = Excerpts::new(sources, &spans, report.secrets);
    let mut drawn = Drawn::new(match finding.severity {
        Severity::Error => DrawnSeverity::Error,
        Severity::Warning => DrawnSeverity::Warning,
        Severity::Note => DrawnSeverity::Note,
    })
    .with_code(&*finding.rule)
    .with_message(visible(&finding.message));
    if let Some((file, range)) = excerpts.place(sources, finding.primary) {
        let label = DrawnLabel::primary(file, range).with_message(visible(&finding.primary_label));
        drawn.labels.push(label);
    }
    for label in &labels {
        if let Some((file, range)) = excerpts.place(sources, label.span) {
            drawn.labels.push(DrawnLabel::secondary(file, range).with_message(visible(&label.text)));
        }
    }
    drawn.notes = notes(finding, finding.labels.len() - labels.len());
    if let Some(preview) = preview::of(report, finding) {
        let before_docs = drawn.notes.len().saturating_sub(1);
        drawn.notes.insert(before_docs, preview);
    }
    draw(&drawn, &excerpts, if color { Buffer::ansi() } else { Buffer::no_color() })
}

/// The first few labels, none twice.
fn shown_labels(finding: &Finding) -> Vec<&Label> {
    let mut shown: Vec<&Label> = Vec::new();
    for label in &finding.labels {
        if shown.len() < LABELS && !shown.contains(&label) {
            shown.push(label);
        }
    }
    shown
}

fn notes(finding: &Finding, left_out: usize) -> Vec<String> {
    let mut notes: Vec<String> = finding.notes.iter().map(|note| format!("note: {}", visible_lines(note))).collect();
    if left_out > 0 {
        notes.push(format!("note: {} more, see `--format json`", counted(left_out, "place")));
    }
    if !finding.scenarios.is_empty() {
        notes.push(format!("note: holds with {}", scenarios(&finding.scenarios)));
    }
    if finding.count > 1 {
        notes.push(format!("note: met {} times here (loop items, calls of a module, parameters files)", finding.count));
    }
    notes.extend(finding.help.iter().map(|help| format!("help: {}", visible_lines(help))));
    notes.push(format!("docs: `cmklint explain {}`, aka `{}`", finding.rule, finding.slug));
    notes
}

fn scenarios(names: &[String]) -> String {
    let mut text =
        names.iter().take(SCENARIOS).map(|name| format!("`{}`", visible(name))).collect::<Vec<_>>().join(", ");
    if names.len() > SCENARIOS {
        text.push_str(&format!(" and {} more", names.len() - SCENARIOS));
    }
    text
}

/// Mistakes in files that aren't judged themselves, in frames.
pub fn mistakes(sources: &Sources, all: &[(Span, String)]) -> String {
    let mut out = String::new();
    for (span, message) in all {
        out.push_str(&place(sources, Drawn::error(), *span, message, &[]));
    }
    out
}

/// Places with a text to each, in frames.
pub fn snippets(sources: &Sources, all: &[(Span, String)], secrets: &[Span]) -> String {
    let mut out = String::new();
    for (span, text) in all {
        out.push_str(&place(sources, Drawn::note(), *span, text, secrets));
    }
    out
}

fn place(sources: &Sources, drawn: Drawn<usize>, span: Span, message: &str, secrets: &[Span]) -> String {
    let excerpts = Excerpts::new(sources, &[span], secrets);
    let mut drawn = drawn.with_message(visible(message));
    if let Some((file, range)) = excerpts.place(sources, span) {
        drawn.labels.push(DrawnLabel::primary(file, range));
    }
    draw(&drawn, &excerpts, Buffer::no_color())
}

fn draw(drawn: &Drawn<usize>, excerpts: &Excerpts, mut into: Buffer) -> String {
    // Writing to memory can't fail, and the excerpts hold every line that the labels name; should either go wrong,
    // the headline is still worth more than nothing.
    if emit_to_write_style(&mut into, &Config::default(), excerpts, drawn).is_err() {
        return format!("{}\n\n", drawn.message);
    }
    let text = String::from_utf8(into.into_inner()).unwrap_or_default();
    without_trailing_blanks(&text)
}

/// Frames have blanks at the end of empty lines; diffs and editors don't like them.
fn without_trailing_blanks(text: &str) -> String {
    text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

/// What the summary says of the firmest finding of a rule; nothing for a certain one.
pub(super) const fn confidence_remark(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "",
        Confidence::ByDefault => "  (by default)",
        Confidence::Assumed => "  (assumed)",
    }
}
