//! Files to texts, and which files are not worth a word.

use std::path::Path;

use super::{Kind, Metadata, Reader, script_words};
use crate::{arm, state};

/// Scripts, pages and pipelines of more bytes are not read. The largest script that is known to be public has 0.2 MB.
const SCRIPT_LIMIT: u64 = 1024 * 1024;
/// Files of more bytes are not read. The largest template that is known to be public has 3.3 MB.
pub const SIZE_LIMIT: u64 = 8 * 1024 * 1024;
/// Why a pipe, a device or a folder isn't read.
pub(super) const NOT_REGULAR: &str = "it is not a regular file";

/// What reading a file gave.
#[derive(Debug)]
pub(super) enum Text {
    /// Its text, byte order mark included.
    Whole(String),
    /// It should have been read, but wasn't: why, as a clause like "it is a folder".
    Refused(String),
    /// Nothing that concerns us.
    Foreign,
}

/// Who wants a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Asked {
    /// The user, or another file, by its name.
    ByName,
    /// It was met in a folder.
    Met,
}

/// Reads a file as text.
pub(super) fn read(reader: &dyn Reader, path: &Path, kind: Option<Kind>, asked: Asked) -> Text {
    let length = match reader.metadata(path) {
        Ok(Metadata::File(length)) => length,
        Ok(_) => return Text::Refused(NOT_REGULAR.into()),
        Err(error) => return Text::Refused(error.to_string()),
    };
    let limit = if kind.is_some_and(Kind::is_script) { SCRIPT_LIMIT } else { SIZE_LIMIT };
    // The file may grow between the two looks at it; one byte more than the limit tells. What is larger is looked at
    // nonetheless, to see whether it is worth a word.
    let bytes = match reader.read(path, SIZE_LIMIT + 1) {
        Ok(bytes) => bytes,
        Err(error) => return Text::Refused(error.to_string()),
    };
    let ours = asked == Asked::ByName
        || kind.is_some_and(Kind::is_ours)
        || super::kind::parameters_of(path).is_some()
        || match kind {
            Some(kind) if kind.is_script() => script_words::may_matter(&bytes),
            _ => looks_like_template(&bytes) || state::may_hold_resources(&bytes),
        };
    if !ours {
        return Text::Foreign;
    }
    if length > limit || bytes.len() as u64 > limit {
        return Text::Refused(format!("it is larger than {} MiB", limit / 1024 / 1024));
    }
    decode(bytes)
}

fn decode(bytes: Vec<u8>) -> Text {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Text::Refused("it is UTF-16; save it as UTF-8".into());
    }
    if has_nul(&bytes) {
        return Text::Refused("it is binary (it holds NUL bytes)".into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Text::Whole(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Text::Refused(format!("it is not UTF-8 (byte {at})"))
        }
    }
}

fn has_nul(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes).is_some()
}

/// Whether JSON may be a template or a parameters file. Finds UTF-16 too, so that such a file is told.
fn looks_like_template(bytes: &[u8]) -> bool {
    if has_nul(bytes) {
        let plain: Vec<u8> = bytes.iter().copied().filter(|&byte| byte != 0).collect();
        return arm::may_be_template(&plain);
    }
    arm::may_be_template(bytes)
}
