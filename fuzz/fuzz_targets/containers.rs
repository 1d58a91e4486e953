//! Scripts and templates inside Markdown (an even first byte) and YAML: every place of what is found lies in the file,
//! and what is put back in place reads the same there.
#![no_main]

use cmklint::containers::{in_markdown, in_yaml};
use cmklint::text::SourceId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (kind, text) = input;
    if text.len() > cmklint_fuzz::LONGEST {
        return;
    }
    let read = if kind % 2 == 0 { in_markdown } else { in_yaml };
    for found in cmklint_fuzz::with_room(|| read(SourceId(0), text)) {
        let excerpt = found.excerpt;
        for at in (0..=excerpt.text().len()).filter(|at| excerpt.text().is_char_boundary(*at)) {
            let span = excerpt.span(0, at);
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {} bytes", text.len());
        }
        assert!(excerpt.end_in_file() <= text.len());
        // Text that stands in the file as it is, stands in it at its own place; a folded line end reads as a blank.
        for (from, to) in excerpt.parts(0, excerpt.text().len()) {
            let span = excerpt.span(from, to);
            let (part, host) = (&excerpt.text()[from..to], &text[span.start as usize..span.end as usize]);
            let folded = |text: &str| text.replace(['\n', '\r', '\t'], " ");
            assert!(part.len() != host.len() || part.len() == 1 || folded(part) == folded(host), "{part:?} for {host:?}");
        }
    }
});
