//! What users write beside their templates: `cmklint.toml`, and rules of their own. Every fault has its place.
#![no_main]

use std::path::Path;

use cmklint::text::SourceId;
use cmklint::{config, policy};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() > cmklint_fuzz::LONGEST {
        return;
    }
    cmklint_fuzz::with_room(|| {
        let (_, faults) = config::read("cmklint.toml", Path::new("/memory"), text);
        for (range, what) in faults {
            assert!(text.get(range.clone()).is_some(), "{range:?} of {} bytes: {what}", text.len());
        }
        for mistake in policy::read(SourceId(0), text).err().into_iter().flatten() {
            let range = mistake.span.start as usize..mistake.span.end as usize;
            assert!(text.get(range.clone()).is_some(), "{range:?} of {} bytes", text.len());
        }
    });
});
