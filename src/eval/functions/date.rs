//! Points in time: `dateTimeAdd`, `dateTimeFromEpoch`, `dateTimeToEpoch`.

use jiff::civil::{DateTime, Weekday};
use jiff::tz::Offset;
use jiff::{Span as Period, Timestamp, ToSpan};

use crate::value::{Kind, Value};

use super::Call;

/// The form in which the service writes a point in time.
const PLAIN: &str = "yyyy-MM-ddTHH:mm:ssZ";

/// `dateTimeAdd(base, duration, [format])`.
pub(super) fn add(call: &mut Call<'_>) -> Value {
    let (Some(base), Some(period)) = (call.string(0), call.string(1)) else { return call.error() };
    let form = match call.args.get(2) {
        Some(form) => form.text(),
        None => Some(PLAIN.into()),
    };
    let (Some(base), Some(period), Some(form)) = (base.text(), period.text(), form) else {
        return call.symbolic_text();
    };
    // Without a format the result is written as the base is; only one way of writing it is sure.
    if call.args.len() == 2 && !is_plain(&base) {
        return call.symbolic_text();
    }
    let Some(start) = point(&base) else { return call.symbolic_text() };
    let Ok(period) = period.parse::<Period>() else { return call.error() };
    let written = moved(Offset::UTC.to_datetime(start), period).and_then(|end| written(&end, &form));
    let basis = call.basis();
    match written {
        Some(text) => call.new_text(text, basis),
        None => call.symbolic_text(),
    }
}

/// A point in time moved. Whether a month is a calendar's month or thirty days isn't documented; `None` where that
/// makes a difference.
fn moved(start: DateTime, period: Period) -> Option<DateTime> {
    let end = start.checked_add(period).ok()?;
    let days = i64::from(period.get_years()) * 365 + i64::from(period.get_months()) * 30;
    let counted = period.years(0).months(0);
    let other = start.checked_add(counted).ok()?.checked_add(days.days()).ok()?;
    (end == other).then_some(end)
}

/// `dateTimeFromEpoch(seconds)`.
pub(super) fn from_epoch(call: &mut Call<'_>) -> Value {
    let [seconds] = call.args else { return call.error() };
    let Kind::Int(seconds) = seconds.kind else {
        return if seconds.is_unknown() { call.symbolic_text() } else { call.error() };
    };
    let basis = call.basis();
    match Timestamp::from_second(seconds).ok().and_then(|at| written(&Offset::UTC.to_datetime(at), PLAIN)) {
        Some(text) => call.new_text(text, basis),
        None => call.error(),
    }
}

/// `dateTimeToEpoch(time)`.
pub(super) fn to_epoch(call: &mut Call<'_>) -> Value {
    let Some(string) = call.string(0) else { return call.error() };
    let Some(at) = string.text().and_then(|text| point(&text)) else { return call.symbolic() };
    let basis = call.basis();
    call.known(Kind::Int(at.as_second()), basis)
}

/// A point in time that says its offset.
fn point(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// `2023-03-31T01:00:38Z`.
fn is_plain(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00Z";
    text.len() == SHAPE.len()
        && text
            .bytes()
            .zip(SHAPE)
            .all(|(byte, shape)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape })
}

/// A point in time, in UTC, in one of .NET's forms, in the invariant culture; `None` for forms that aren't known here.
fn written(at: &DateTime, form: &str) -> Option<String> {
    let form = match form {
        "u" => "yyyy-MM-dd HH:mm:ssZ",
        "s" => "yyyy-MM-ddTHH:mm:ss",
        "o" | "O" => "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        "" => return None,
        _ if form.len() == 1 => return None,
        _ => form,
    };
    let mut out = String::new();
    let mut chars = form.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' | '"' => loop {
                match chars.next()? {
                    end if end == char => break,
                    inside => out.push(inside),
                }
            },
            '\\' => out.push(chars.next()?),
            '%' => {}
            _ if char.is_ascii_alphabetic() => {
                let mut count = 1;
                while chars.next_if_eq(&char).is_some() {
                    count += 1;
                }
                out.push_str(&field(at, char, count)?);
            }
            _ => out.push(char),
        }
    }
    Some(out)
}

/// A run of one letter. Letters without meaning stand for themselves.
fn field(at: &DateTime, letter: char, count: usize) -> Option<String> {
    let padded = |number: i64, least: usize| format!("{number:0>width$}", width = count.min(least));
    let hour = i64::from(at.hour());
    Some(match letter {
        'y' if count <= 2 => padded(i64::from(at.year()) % 100, 2),
        'y' if count <= 5 => format!("{:0>count$}", at.year()),
        'M' if count <= 2 => padded(i64::from(at.month()), 2),
        'M' => named(month(at.month()), count)?,
        'd' if count <= 2 => padded(i64::from(at.day()), 2),
        'd' => named(weekday(at.weekday()), count)?,
        'H' => padded(hour, 2),
        'h' => padded((hour + 11) % 12 + 1, 2),
        'm' => padded(i64::from(at.minute()), 2),
        's' => padded(i64::from(at.second()), 2),
        'f' if count <= 7 => format!("{:09}", at.subsec_nanosecond()).get(..count)?.to_owned(),
        't' => (if hour < 12 { "AM" } else { "PM" }).get(..count.min(2))?.to_owned(),
        'K' | 'Z' | 'T' if count == 1 => (if letter == 'T' { "T" } else { "Z" }).to_owned(),
        'z' => ["+0", "+00", "+00:00"].get(count.min(3) - 1).map(|text| (*text).to_owned())?,
        'F' | 'g' | 'y' | 'f' | 'K' => return None,
        _ => letter.to_string().repeat(count),
    })
}

/// A name, or its first three letters.
fn named(name: &str, count: usize) -> Option<String> {
    if count == 3 { name.get(..3).map(str::to_owned) } else { Some(name.to_owned()) }
}

const fn month(month: i8) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}
