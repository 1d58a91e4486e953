//! The whole check over one file; the first byte says of which kind.
#![no_main]

use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 6] = ["main.json", "main.bicep", "main.bicepparam", "main.sh", "main.ps1", "main.parameters.json"];

fuzz_target!(|bytes: &[u8]| {
    if let Some((kind, rest)) = bytes.split_first()
        && rest.len() <= cmklint_fuzz::LONGEST
    {
        cmklint_fuzz::check_soundly(NAMES[usize::from(*kind) % NAMES.len()], rest);
    }
});
