//! The reader of JSON, and lowering what it gives as a template and as a parameters file.
#![no_main]

use cmklint::arm::{Kind, lower_as};
use cmklint::text::SourceId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() <= cmklint_fuzz::LONGEST {
        cmklint_fuzz::with_room(|| {
            for kind in [Kind::Template, Kind::Parameters] {
                let lowered = lower_as(SourceId(0), text, kind);
                for (span, _) in &lowered.diagnostics {
                    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
                }
            }
        });
    }
});
