//! The reader of what Azure gives back: every place of what it lowers lies in the text, and the look at the bytes passes
//! over no file that holds one.
#![no_main]

use cmklint::text::SourceId;
use cmklint::{json, state};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() <= cmklint_fuzz::LONGEST {
        cmklint_fuzz::with_room(|| {
            let Some(program) = state::lower(SourceId(0), &json::parse(SourceId(0), text)) else { return };
            let units = program.units.iter().map(|unit| unit.span);
            let spans = program.exprs.iter().map(|node| node.span).chain(units).chain(program.broken.iter().copied());
            for span in spans {
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
            // An escaped character may stand where the look expects the word itself.
            assert!(text.contains('\\') || state::may_hold_resources(text.as_bytes()), "passed over");
        });
    }
});
