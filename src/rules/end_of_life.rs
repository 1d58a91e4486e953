//! CMK309: an end of life that has passed.

use jiff::civil::Date;

use super::remark::Remark;
use super::rule::{Check, Rule};
use crate::azure::{Field, ImageVersion, Kind};
use crate::eval::Resource;

pub(super) struct EndOfLifePassed;

impl Rule for EndOfLifePassed {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::ImageVersion, Kind::ImageDefinition]
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let date = check.reader.of(&version.publishing, "endOfLifeDate");
        let effect = "from that day on a version counts as outdated; it can still be used";
        judge(&date, Kind::ImageVersion, effect, check);
    }

    fn image_definition(&self, definition: &Resource, check: &mut Check<'_>) {
        let body = check.reader.settle(&definition.body);
        let date = check.reader.path(&body, &["properties", "endOfLifeDate"]);
        judge(&date, Kind::ImageDefinition, "the service demands a date in the future for definitions", check);
    }
}

fn judge(field: &Field, kind: Kind, effect: &str, check: &mut Check<'_>) {
    if let Some(doubt) = field.unknown() {
        return check.undecided(doubt);
    }
    let Some(value) = field.present() else { return };
    let Some(date) = value.text().as_deref().and_then(date_of) else { return };
    let Some(today) = check.today else { return check.undecided_because(value.origin, "what day it is isn't known") };
    if date >= today {
        return;
    }
    let message = format!("the end of life of this {} has passed", kind.noun());
    let remark = Remark::of(&check.reader, value, message, format!("before {today}"))
        .note(effect)
        .help("give a later date, or leave it out");
    check.report(&remark);
}

/// The day that a text in the form of RFC 3339 begins with.
fn date_of(text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, rest) = text.split_at_checked(10)?;
    if !(rest.is_empty() || rest.starts_with(['T', 't', ' '])) {
        return None;
    }
    day.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_with_and_without_time() {
        let day = jiff::civil::date(2030, 12, 1);
        for text in ["2030-12-01", "2030-12-01T00:00:00Z", " 2030-12-01 10:00 "] {
            assert_eq!(date_of(text), Some(day), "{text}");
        }
        for text in ["", "01/12/2030", "2030-12-011", "2030-13-01", "later", "2030-12-é1"] {
            assert_eq!(date_of(text), None, "{text}");
        }
    }
}
