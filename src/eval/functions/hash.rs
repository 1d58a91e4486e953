//! `uniqueString` and `guid`: the same results as the service's, so that names built from them can be compared.

use uuid::Uuid;

use crate::ir::ParamType;
use crate::value::{Facts, Value};

use super::super::make;
use super::Call;

/// The namespace of `guid`'s version 5 UUIDs.
const NAMESPACE: Uuid = Uuid::from_u128(0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830);

/// The digits of `uniqueString`.
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// `uniqueString(texts...)`.
pub(super) fn unique_string(call: &mut Call<'_>) -> Value {
    hashed(call, 13, |text| {
        let hash = murmur(text.as_bytes());
        (0..13)
            .map(|digit| {
                let from_top = if digit == 12 { hash << 1 } else { hash >> (59 - 5 * digit) };
                char::from(DIGITS[(from_top & 31) as usize])
            })
            .collect()
    })
}

/// `guid(texts...)`.
pub(super) fn guid(call: &mut Call<'_>) -> Value {
    hashed(call, 36, |text| Uuid::new_v5(&NAMESPACE, text.as_bytes()).to_string())
}

fn hashed(call: &mut Call<'_>, length: usize, hash: fn(&str) -> String) -> Value {
    let mut joined = String::new();
    let mut known = true;
    for (at, arg) in call.args.iter().enumerate() {
        let Some(string) = make::pieces(call.context, arg) else { return call.error() };
        let Some(text) = string.text() else {
            known = false;
            continue;
        };
        if at > 0 {
            joined.push('-');
        }
        joined.push_str(&text);
    }
    if !known {
        return call.symbolic_text_with(&Facts {
            min_length: length,
            max_length: Some(length),
            no_slash: true,
            ty: Some(ParamType::String),
            ..Facts::default()
        });
    }
    let basis = call.basis();
    call.new_text(hash(&joined), basis)
}

/// `MurmurHash3` in the 64-bit form on two 32-bit lanes that the service uses, seed 0.
fn murmur(bytes: &[u8]) -> u64 {
    const C1: u32 = 0x239b_961b;
    const C2: u32 = 0xab0e_9789;
    let word = |bytes: &[u8]| bytes.iter().rev().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
    let first = |word: u32| word.wrapping_mul(C1).rotate_left(15).wrapping_mul(C2);
    let second = |word: u32| word.wrapping_mul(C2).rotate_left(17).wrapping_mul(C1);
    let (mut h1, mut h2) = (0u32, 0u32);
    let blocks = bytes.chunks_exact(8);
    let tail = blocks.remainder();
    for block in blocks {
        let (low, high) = block.split_at(4);
        h1 ^= first(word(low));
        h1 = h1.rotate_left(19).wrapping_add(h2).wrapping_mul(5).wrapping_add(0x561c_cd1b);
        h2 ^= second(word(high));
        h2 = h2.rotate_left(13).wrapping_add(h1).wrapping_mul(5).wrapping_add(0x0bca_a747);
    }
    let (low, high) = tail.split_at(tail.len().min(4));
    if !high.is_empty() {
        h2 ^= second(word(high));
    }
    if !low.is_empty() {
        h1 ^= first(word(low));
    }
    let length = bytes.len() as u32;
    h1 ^= length;
    h2 ^= length;
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    h1 = finished(h1);
    h2 = finished(h2);
    h1 = h1.wrapping_add(h2);
    h2 = h2.wrapping_add(h1);
    u64::from(h2) << 32 | u64::from(h1)
}

fn finished(mut lane: u32) -> u32 {
    lane ^= lane >> 16;
    lane = lane.wrapping_mul(0x85eb_ca6b);
    lane ^= lane >> 13;
    lane = lane.wrapping_mul(0xc2b2_ae35);
    lane ^ (lane >> 16)
}
