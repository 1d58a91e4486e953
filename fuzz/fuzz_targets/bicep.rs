//! The reader of Bicep, and lowering what it gives as a template and as a parameters file.
#![no_main]

use cmklint::bicep::{lower, lower_parameters};
use cmklint::text::SourceId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() <= cmklint_fuzz::LONGEST {
        cmklint_fuzz::with_room(|| {
            for lowered in [lower(SourceId(0), text), lower_parameters(SourceId(0), text)] {
                for (span, _) in &lowered.diagnostics {
                    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
                }
            }
        });
    }
});
