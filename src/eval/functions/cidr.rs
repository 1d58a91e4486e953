//! Address ranges: `parseCidr`, `cidrSubnet`, `cidrHost`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::value::Value;

use super::super::make;
use super::Call;

/// A range: the bits of its first address, how many of them it fixes, how many there are.
#[derive(Clone, Copy)]
struct Range {
    first: u128,
    fixed: u32,
    width: u32,
}

impl Range {
    fn read(text: &str) -> Option<Self> {
        let (address, fixed) = text.split_once('/')?;
        let fixed: u32 = fixed.parse().ok()?;
        let (bits, width) = match address.parse().ok()? {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        let range = Self { first: 0, fixed, width };
        (fixed <= width).then(|| Self { first: bits & !range.host_mask(), ..range })
    }

    /// The bits that tell its addresses apart.
    const fn host_mask(self) -> u128 {
        match self.width - self.fixed {
            128 => u128::MAX,
            free => (1 << free) - 1,
        }
    }

    fn address(self, bits: u128) -> String {
        if self.width == 32 { Ipv4Addr::from(bits as u32).to_string() } else { Ipv6Addr::from(bits).to_string() }
    }
}

/// The first argument as a range; else the value to give back.
fn range(call: &mut Call<'_>) -> Result<Range, Value> {
    let Some(string) = call.string(0) else { return Err(call.error()) };
    let Some(text) = string.text() else { return Err(call.symbolic()) };
    Range::read(&text).ok_or_else(|| call.error())
}

/// The number of an argument; `None` if it isn't known.
fn number(call: &Call<'_>, at: usize) -> Option<i64> {
    call.args.get(at).and_then(Value::as_int)
}

/// `parseCidr(range)`. Of IPv4 ranges with usable addresses; what it gives for others isn't documented.
pub(super) fn parse(call: &mut Call<'_>) -> Value {
    let range = match range(call) {
        Ok(range) if range.width == 32 && range.fixed <= 30 => range,
        Ok(_) => return call.symbolic(),
        Err(value) => return value,
    };
    let last = range.first | range.host_mask();
    let netmask = u128::from(u32::MAX) & !range.host_mask();
    let texts = [
        ("network", range.address(range.first)),
        ("netmask", range.address(netmask)),
        ("broadcast", range.address(last)),
        ("firstUsable", range.address(range.first + 1)),
        ("lastUsable", range.address(last - 1)),
    ];
    let origin = make::computed_origin(call.context, call.args, call.span);
    let mut members: Vec<(&str, Value)> =
        texts.iter().map(|(key, text)| (*key, make::text(call.context, text, origin))).collect();
    members.push(("cidr", make::int(call.context, i64::from(range.fixed), origin)));
    let value = make::record(call.context, members, origin);
    let basis = call.basis();
    call.resting_on(value, basis)
}

/// `cidrSubnet(range, fixed bits, index)`.
pub(super) fn subnet(call: &mut Call<'_>) -> Value {
    let range = match range(call) {
        Ok(range) => range,
        Err(value) => return value,
    };
    let (Some(fixed), Some(index)) = (number(call, 1), number(call, 2)) else { return call.symbolic_text() };
    let (Ok(fixed), Ok(index)) = (u32::try_from(fixed), u128::try_from(index)) else { return call.error() };
    if fixed < range.fixed || fixed > range.width || (fixed - range.fixed < 128 && index >> (fixed - range.fixed) > 0) {
        return call.error();
    }
    let first = match range.width - fixed {
        128 => range.first,
        free => range.first + (index << free),
    };
    let basis = call.basis();
    call.new_text(format!("{}/{fixed}", range.address(first)), basis)
}

/// `cidrHost(range, index)`: the first usable address is 0.
pub(super) fn host(call: &mut Call<'_>) -> Value {
    let range = match range(call) {
        Ok(range) => range,
        Err(value) => return value,
    };
    let Some(index) = number(call, 1) else { return call.symbolic_text() };
    let Ok(index) = u128::try_from(index) else { return call.error() };
    // The network and the broadcast address aren't hosts; ranges of one or two addresses aren't documented.
    if range.width != 32 || range.fixed > 30 {
        return call.symbolic_text();
    }
    if index + 2 > range.host_mask() {
        return call.error();
    }
    let basis = call.basis();
    call.new_text(range.address(range.first + 1 + index), basis)
}
