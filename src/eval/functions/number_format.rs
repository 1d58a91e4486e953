//! Numbers as .NET's format specifiers write them, in the invariant culture.

/// More digits than anyone asks for.
const DIGITS: usize = 99;

/// An integer; `None` for specifiers that aren't known here.
pub(super) fn int(number: i64, spec: &str) -> Option<String> {
    if let Some((letter, digits)) = standard(spec) {
        let sign = if number < 0 { "-" } else { "" };
        let magnitude = number.unsigned_abs().to_string();
        return Some(match letter.to_ascii_uppercase() {
            'D' => format!("{sign}{magnitude:0>width$}", width = digits.unwrap_or(0)),
            'G' if digits.is_none_or(|digits| digits == 0 || digits >= magnitude.len()) => number.to_string(),
            'N' => format!("{sign}{}{}", grouped(&magnitude), fraction_zeros(digits.unwrap_or(2))),
            'F' => format!("{sign}{magnitude}{}", fraction_zeros(digits.unwrap_or(2))),
            'X' if letter == 'X' => format!("{number:0>width$X}", width = digits.unwrap_or(0)),
            'X' => format!("{number:0>width$x}", width = digits.unwrap_or(0)),
            _ => return None,
        });
    }
    // A custom picture of zeros alone is the least number of digits.
    if !spec.is_empty() && spec.len() <= DIGITS && spec.bytes().all(|byte| byte == b'0') {
        let sign = if number < 0 { "-" } else { "" };
        return Some(format!("{sign}{:0>width$}", number.unsigned_abs(), width = spec.len()));
    }
    None
}

/// A number with a fraction; `None` for specifiers that aren't known here.
pub(super) fn float(number: f64, spec: &str) -> Option<String> {
    let (letter, digits) = standard(spec)?;
    if !number.is_finite() || number.abs() >= 1e15 {
        return None;
    }
    let rounded = format!("{:.*}", digits.unwrap_or(2), number.abs());
    let sign = if number < 0.0 && rounded.bytes().any(|byte| matches!(byte, b'1'..=b'9')) { "-" } else { "" };
    match letter.to_ascii_uppercase() {
        'F' => Some(format!("{sign}{rounded}")),
        'N' => {
            let (whole, fraction) = rounded.split_once('.').unwrap_or((&rounded, ""));
            let point = if fraction.is_empty() { "" } else { "." };
            Some(format!("{sign}{}{point}{fraction}", grouped(whole)))
        }
        _ => None,
    }
}

/// A letter and up to two digits.
fn standard(spec: &str) -> Option<(char, Option<usize>)> {
    let mut chars = spec.chars();
    let letter = chars.next().filter(char::is_ascii_alphabetic)?;
    let rest = chars.as_str();
    if rest.is_empty() {
        return Some((letter, None));
    }
    let digits = rest.parse().ok().filter(|_| rest.bytes().all(|byte| byte.is_ascii_digit()))?;
    (digits <= DIGITS).then_some((letter, Some(digits)))
}

fn fraction_zeros(digits: usize) -> String {
    if digits == 0 { String::new() } else { format!(".{}", "0".repeat(digits)) }
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
