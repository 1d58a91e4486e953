//! `base64`, data URIs and `json`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use crate::value::Value;

use super::{Call, TEXT, json_text};

/// The one text argument with what it rests on; else the value to give back.
fn known(call: &mut Call<'_>) -> Result<std::sync::Arc<str>, Value> {
    let Some(string) = call.string(0) else { return Err(call.error()) };
    string.text().ok_or_else(|| call.symbolic_text())
}

/// A text worked out from the one argument; `None` is an error.
fn converted(call: &mut Call<'_>, convert: fn(&str) -> Option<String>) -> Value {
    let text = match known(call) {
        Ok(text) => text,
        Err(value) => return value,
    };
    if text.len() > TEXT {
        return call.limit();
    }
    let basis = call.basis();
    match convert(&text) {
        Some(text) => call.new_text(text, basis),
        None => call.error(),
    }
}

fn decode(text: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

/// `base64(string)`.
pub(super) fn base64(call: &mut Call<'_>) -> Value {
    converted(call, |text| Some(STANDARD.encode(text)))
}

/// `base64ToString(base64)`.
pub(super) fn base64_to_string(call: &mut Call<'_>) -> Value {
    converted(call, decode)
}

/// `base64ToJson(base64)`.
pub(super) fn base64_to_json(call: &mut Call<'_>) -> Value {
    parsed(call, decode)
}

/// `json(string)`.
pub(super) fn json(call: &mut Call<'_>) -> Value {
    parsed(call, |text| Some(text.to_owned()))
}

fn parsed(call: &mut Call<'_>, convert: fn(&str) -> Option<String>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let Some(text) = string.text() else { return call.symbolic() };
    let basis = call.basis();
    match convert(&text) {
        Some(text) => json_text::read(call, &text, basis),
        None => call.error(),
    }
}

/// `dataUri(string)`.
pub(super) fn data_uri(call: &mut Call<'_>) -> Value {
    converted(call, |text| Some(format!("data:text/plain;charset=utf-8;base64,{}", STANDARD.encode(text))))
}

/// `dataUriToString(uri)`.
pub(super) fn data_uri_to_string(call: &mut Call<'_>) -> Value {
    converted(call, |uri| {
        let (scheme, rest) = uri.split_once(':')?;
        let (media, data) = rest.split_once(',').filter(|_| scheme.eq_ignore_ascii_case("data"))?;
        if media.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64")) {
            return decode(data);
        }
        percent_decode_str(data).decode_utf8().ok().map(std::borrow::Cow::into_owned)
    })
}
