//! `format`: composite formatting as .NET has it.

use std::sync::Arc;

use crate::ir::ParamType;
use crate::value::{Basis, Content, Kind, Literal, Piece, Str, Value};

use super::super::make;
use super::{Call, PIECES, TEXT, json_text, number_format, shape, slice};

/// A part of a format string.
enum Part {
    /// Text between two bytes, taken as it is.
    Text(usize, usize),
    /// An argument.
    Hole(Hole),
}

/// `{index,alignment:spec}`.
struct Hole {
    index: usize,
    alignment: i64,
    spec: String,
}

/// `format(text, arguments...)`.
pub(super) fn format(call: &mut Call<'_>) -> Value {
    let Some(form) = call.string(0) else { return call.error() };
    let Some(text) = form.text() else { return call.symbolic_text() };
    let Some(parts) = read(&text) else { return call.error() };
    let structure = call.basis_of(0);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut length = 0;
    for part in parts {
        let string = match part {
            Part::Text(from, to) => slice::cut(call.context, &form, from, Some(to)).unwrap_or_default(),
            Part::Hole(hole) => {
                let Some(arg) = call.args.get(hole.index.saturating_add(1)) else { return call.error() };
                let Some(string) = filled(call, &hole, arg) else { return call.limit() };
                let by = call.args.first().map(|form| form.origin);
                string.with_origins(|origin| call.context.picked(origin, by.as_slice()))
            }
        };
        length += slice::known_length(&string);
        pieces.extend(string.pieces.iter().cloned());
        if pieces.len() > PIECES || length > TEXT {
            return call.limit();
        }
    }
    call.text(Str::new(pieces), structure)
}

/// The parts of a format string; `None` if it is malformed.
fn read(text: &str) -> Option<Vec<Part>> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    let mut from = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'{' | b'}' if bytes.get(at + 1) == Some(&byte) => {
                parts.push(Part::Text(from, at + 1));
                at += 2;
                from = at;
            }
            b'}' => return None,
            b'{' => {
                parts.push(Part::Text(from, at));
                let rest = text.get(at + 1..)?;
                let end = rest.find('}')?;
                parts.push(Part::Hole(hole(rest.get(..end)?)?));
                at += end + 2;
                from = at;
            }
            _ => at += 1,
        }
    }
    parts.push(Part::Text(from, text.len()));
    Some(parts)
}

fn hole(text: &str) -> Option<Hole> {
    let (place, spec) = text.split_once(':').unwrap_or((text, ""));
    let (index, alignment) = match place.split_once(',') {
        Some((index, alignment)) => (index, alignment.trim().parse().ok()?),
        None => (place, 0),
    };
    // .NET takes blanks after the number, not before it.
    let index = index.trim_end_matches(' ');
    if index.is_empty() || !index.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Hole { index: index.parse().ok()?, alignment, spec: spec.to_owned() })
}

/// An argument as its hole writes it; `None` where a bound is reached.
fn filled(call: &mut Call<'_>, hole: &Hole, arg: &Value) -> Option<Str> {
    let plain = written(call, hole, arg);
    let width = usize::try_from(hole.alignment.unsigned_abs()).unwrap_or(usize::MAX);
    if width == 0 {
        return Some(plain);
    }
    if width > TEXT {
        return None;
    }
    let Some(text) = plain.text() else { return Some(opaque(call, hole, arg)) };
    let padding: String = " ".repeat(width.saturating_sub(slice::units(&text)));
    if arg.basis > Basis::Fixed {
        let padded = if hole.alignment < 0 { format!("{text}{padding}") } else { format!("{padding}{text}") };
        return Some(known(call, hole, arg, padded, arg.basis));
    }
    let origin = make::computed_origin(call.context, call.args, call.span);
    let padding = Str::fixed(call.context, &padding, origin);
    Some(if hole.alignment < 0 { plain.join(&padding) } else { padding.join(&plain) })
}

/// An argument without its padding.
fn written(call: &mut Call<'_>, hole: &Hole, arg: &Value) -> Str {
    match &arg.kind {
        Kind::Null => make::null_piece(call.context, arg),
        Kind::Array(_) | Kind::Object(_) => match json_text::write(arg, '\'') {
            Some((text, basis)) => known(call, hole, arg, text, basis),
            None => opaque(call, hole, arg),
        },
        Kind::Int(_) | Kind::Float(_) if !hole.spec.is_empty() => {
            let written = match arg.kind {
                Kind::Int(number) => number_format::int(number, &hole.spec),
                Kind::Float(number) => number_format::float(number, &hole.spec),
                _ => None,
            };
            match written {
                Some(text) => known(call, hole, arg, text, arg.basis),
                None => opaque(call, hole, arg),
            }
        }
        Kind::Unknown { .. } if !hole.spec.is_empty() || is_composite(call, arg) => opaque(call, hole, arg),
        _ => make::pieces(call.context, arg).unwrap_or_else(|| opaque(call, hole, arg)),
    }
}

/// Whether an unknown argument is certainly an array or an object: its text isn't itself.
fn is_composite(call: &Call<'_>, arg: &Value) -> bool {
    matches!(shape::of(call.context, arg), Some(ParamType::Array | ParamType::Object))
}

/// A text made of an argument.
fn known(call: &mut Call<'_>, hole: &Hole, arg: &Value, text: String, basis: Basis) -> Str {
    let term = if basis == Basis::Fixed {
        call.context.text(&text)
    } else {
        let form = call.context.literal(Literal::Str(form_of(hole)));
        call.context.call(call.name, [form, arg.term])
    };
    Str::new([Piece { content: Content::Text(text.into()), term, basis, origin: arg.origin }])
}

/// An argument that can't be written out: the hole alone as a call.
fn opaque(call: &mut Call<'_>, hole: &Hole, arg: &Value) -> Str {
    let form = call.context.literal(Literal::Str(form_of(hole)));
    let content = make::content_term(call.context, arg);
    let content = call.context.call(call.name, [form, content]);
    let term = call.context.call(call.name, [form, arg.term]);
    Str::new([Piece { content: Content::Symbol(content), term, basis: arg.basis, origin: arg.origin }])
}

/// The hole as the only one of a format string, so that equal calls are equal terms.
fn form_of(hole: &Hole) -> Arc<str> {
    let mut form = "{0".to_owned();
    if hole.alignment != 0 {
        form.push_str(&format!(",{}", hole.alignment));
    }
    if !hole.spec.is_empty() {
        form.push(':');
        form.push_str(&hole.spec);
    }
    form.push('}');
    form.into()
}
