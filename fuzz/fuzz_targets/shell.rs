//! The reader of shell: every place of what it gives lies in the text.
#![no_main]

use cmklint::shell::parse;
use cmklint::text::{Excerpt, SourceId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if text.len() <= cmklint_fuzz::LONGEST {
        cmklint_fuzz::with_room(|| {
            let script = parse(&Excerpt::whole(SourceId(0), text));
            let statements = script.blocks.iter().flatten().map(|statement| statement.span);
            let spans =
                script.exprs.iter().map(|node| node.span).chain(statements).chain(script.broken.iter().copied());
            for span in spans {
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
            }
        });
    }
});
