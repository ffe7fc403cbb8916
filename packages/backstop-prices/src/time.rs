//! Times as files write them: ISO dates with `T` or a space, with a zone or
//! without (UTC is taken then), dates alone or in digits, and numbers since the epoch, whose
//! unit their size tells.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use crate::error::Bound;

/// Nanoseconds in a second.
pub const SECOND: u64 = 1_000_000_000;

/// Nanoseconds in a day.
pub const DAY: u64 = 86_400 * SECOND;

/// The beginning of 1971: what is before it is a number that is no time, such
/// as a row's.
const FIRST: u64 = 31_536_000 * SECOND;
/// The beginning of 2500; a chain's clock ends in 2554.
const AFTER: u64 = 16_725_225_600 * SECOND;

/// Spellings that are not ISO 8601 and leave no doubt about day and month: with
/// points between, the day is before the month.
const SPELLINGS: [&str; 11] = [
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d %I-%p",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%b %d, %Y",
];

/// Spellings of a date alone.
const DATES: [&str; 6] = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%b %d, %Y",
    "%Y%m%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
];

/// Spellings of a time of day that are not ISO 8601.
const CLOCKS: [&str; 4] = ["%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p"];

/// A moment in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Nanoseconds since the epoch.
    pub nanos: u64,
    /// Whether the file says in which zone it is; a number is in UTC.
    pub zoned: bool,
    /// Whether it is a date alone, and so a whole day.
    pub day: bool,
}

/// The moment in `text`.
pub fn moment(text: &str) -> Result<Moment, Bound> {
    let text = text.trim();
    let found = if digits_of_a_date(text) {
        digits(text)
    } else if text.starts_with(|c: char| c.is_ascii_digit()) && is_number(text) {
        number(text).map(|nanos| (nanos, true))
    } else {
        written(text)
    };
    let (nanos, zoned) = found.ok_or_else(|| bound(text))?;
    let nanos = u64::try_from(nanos).ok().filter(|n| (FIRST..AFTER).contains(n));
    nanos
        .map(|nanos| Moment {
            nanos,
            zoned,
            day: is_day(text),
        })
        .ok_or_else(|| bound(text))
}

/// Whether `text`, which is a moment, is a date alone.
fn is_day(text: &str) -> bool {
    // Longer is only a date with a time; most are, and need no other look.
    let text = text
        .strip_suffix(" UTC")
        .or_else(|| text.strip_suffix(" GMT"))
        .unwrap_or(text);
    let text = text.strip_suffix(".0").unwrap_or(text);
    text.len() <= 12 && !text.contains(':') && DATES.iter().any(|format| Date::strptime(format, text).is_ok())
}

/// The moment of a date and the time of day that the column beside it has;
/// none if `date` has a time of its own, which `clock` does not contradict.
pub fn joined(date: &str, clock: &str) -> Option<Result<Moment, Bound>> {
    let (date, clock) = (date.trim(), clock.trim());
    let spelt = |format: &&str| Date::strptime(format, date).ok();
    if let Some(date) = DATES.iter().find_map(spelt) {
        return Some(on(date, clock));
    }
    // As a spreadsheet writes a date that it takes for a moment.
    let midnight = DateTime::from_str(date)
        .ok()
        .filter(|moment| moment.time() == Time::midnight())?;
    let contradicted = on(midnight.date(), clock).is_ok_and(|joined| joined.nanos % DAY != 0);
    contradicted.then(|| {
        let must_be = format!("00:00:00, as in {date}, or the date without a time");
        Err(Bound::new(
            must_be,
            "write the whole time in one column, or the date alone beside the time of day",
        ))
    })
}

/// `clock` on `date`: a time of day, or a whole moment of about that date.
fn on(date: Date, clock: &str) -> Result<Moment, Bound> {
    let refuse = || {
        Bound::new(
            format!("a time of day, such as 10:00:00, since the date beside it, {date}, has none"),
            "write it so, or write the whole time in one column and rename the other",
        )
    };
    if let Ok(whole) = moment(clock) {
        let midnight = moment(&date.to_string()).map_err(|_| refuse())?;
        let near = whole.nanos.abs_diff(midnight.nanos) < 2 * DAY;
        return near.then_some(whole).ok_or_else(refuse);
    }
    let spelt = |format: &&str| Time::strptime(format, clock).ok();
    let of_day = match CLOCKS.iter().find_map(spelt) {
        Some(time) => time.to_string(),
        None => iso(clock).ok_or_else(refuse)?,
    };
    moment(&format!("{date}T{of_day}")).map_err(|_| refuse())
}

/// `clock` as ISO 8601 has it: two digits an hour, and `100000` as `10:00:00`.
fn iso(clock: &str) -> Option<String> {
    let digits = clock.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, clock.get(digits..)?) {
        (1, _) => Some(format!("0{clock}")),
        (2, _) => Some(clock.to_string()),
        (4, "") => Some(format!("{}:{}", &clock[..2], &clock[2..])),
        (6, "") => Some(format!("{}:{}:{}", &clock[..2], &clock[2..4], &clock[4..])),
        _ => None,
    }
}

fn bound(text: &str) -> Bound {
    if text.contains('[') {
        return Bound::new(
            "a time with its offset, such as 2022-05-12T10:00:00-04:00, where it names a zone",
            "write the offset too, or the time in UTC without a zone",
        );
    }
    if digits_of_a_date(text) {
        return Bound::new(
            "a date in digits, such as 20220512, 2022051210, 202205121000 or 20220512100000",
            "mend it; if it is seconds or milliseconds since the epoch, write the date out",
        );
    }
    Bound::new(
        "a time from 1971 to 2499: seconds, milliseconds, microseconds or nanoseconds since the epoch, \
         or a date written year first, such as 2022-05-12 10:00:00",
        "write it so; a spreadsheet's 1.65E+12 has lost digits, and 05/12/2022 may be May or December",
    )
}

/// Whether `text` is a date in digits, to the hour, the minute or the second if
/// it goes on, rather than a number since the epoch: as such it would be of
/// before 1971 with 8 digits, of 2032 to 2036 with 10, of 1976 with 12, and of
/// after 2499 with 14. So a file's numbers are all the one or the other.
pub fn digits_of_a_date(text: &str) -> bool {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let year = whole.get(..4).and_then(|year| year.parse::<u64>().ok());
    matches!(whole.len(), 8 | 10 | 12 | 14)
        && whole.bytes().all(|b| b.is_ascii_digit())
        && year.is_some_and(|year| (1971..2100).contains(&year))
}

/// Of [`digits_of_a_date`]; a program that takes them for a number adds `.0`.
fn digits(text: &str) -> Option<(i128, bool)> {
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    if places.bytes().any(|b| b != b'0') {
        return None;
    }
    let part = |at: usize| match whole.get(at..at + 2) {
        Some(part) => part.parse().ok(),
        None => Some(0),
    };
    let year = whole.get(..4)?.parse().ok()?;
    let moment = DateTime::new(year, part(4)?, part(6)?, part(8)?, part(10)?, part(12)?, 0).ok()?;
    let moment = moment.to_zoned(TimeZone::UTC).ok()?;
    Some((moment.timestamp().as_nanosecond(), false))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || b == b'.') && text.matches('.').count() < 2
}

/// Since the epoch, in the unit that makes a year of our time of it: seconds
/// have 9 to 11 digits, milliseconds to 14, microseconds to 17, nanoseconds
/// more.
fn number(text: &str) -> Option<i128> {
    const YEAR_1973: u128 = 100_000_000;
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let whole: u128 = whole.parse().ok()?;
    let unit: u32 = match whole {
        0..YEAR_1973 => return None,
        YEAR_1973..100_000_000_000 => 9,
        100_000_000_000..100_000_000_000_000 => 6,
        100_000_000_000_000..100_000_000_000_000_000 => 3,
        _ => 0,
    };
    // What is finer than a nanosecond is dropped.
    let places: String = places
        .chars()
        .chain("000000000".chars())
        .take(unit as usize)
        .collect();
    let part: u128 = if places.is_empty() {
        0
    } else {
        places.parse().ok()?
    };
    let nanos = whole.checked_mul(10_u128.pow(unit))?.checked_add(part)?;
    i128::try_from(nanos).ok()
}

fn written(text: &str) -> Option<(i128, bool)> {
    // Only an offset says which moment it is: a zone's clock is put back once a year.
    if text.contains('[') {
        let moment = Timestamp::from_str(text).ok()?;
        return Some((moment.as_nanosecond(), true));
    }
    let (civil, zone_named) = match text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")) {
        Some(civil) => (civil, true),
        None => (text, false),
    };
    if let (false, Ok(moment)) = (zone_named, Timestamp::from_str(text)) {
        return Some((moment.as_nanosecond(), true));
    }
    let spelt = |format: &&str| DateTime::strptime(format, civil).ok();
    let moment = DateTime::from_str(civil)
        .ok()
        .or_else(|| SPELLINGS.iter().find_map(spelt))?;
    let moment = moment.to_zoned(TimeZone::UTC).ok()?;
    Some((moment.timestamp().as_nanosecond(), zone_named))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: u64 = 1_652_349_600;

    #[test]
    fn a_moment_is_read_in_every_usual_spelling() {
        for (text, zoned) in [
            ("1652349600", true),
            ("1652349600.0", true),
            ("1652349600000", true),
            ("1652349600000000", true),
            ("1652349600000000000", true),
            ("2022-05-12T10:00:00Z", true),
            ("2022-05-12T10:00:00.0000000Z", true),
            ("2022-05-12T12:00:00+02:00", true),
            ("2022-05-12 10:00:00+00:00", true),
            ("2022-05-12 10:00:00 UTC", true),
            ("2022-05-12 10:00:00", false),
            ("2022-05-12T10:00", false),
            ("2022-05-12 10-AM", false),
            ("2022/05/12 10:00:00", false),
            ("2022/05/12 10:00", false),
            ("2022051210", false),
            ("2022051210.0", false),
            ("202205121000", false),
            ("20220512100000", false),
            ("2022-05-12T06:00:00-04:00[America/New_York]", true),
        ] {
            let read = moment(text);
            let expected = Moment {
                nanos: TEN * SECOND,
                zoned,
                day: false,
            };
            assert_eq!(read, Ok(expected), "{text}");
        }
        for text in [
            "2022-05-12",
            "2022/05/12",
            "20220512",
            "May 12, 2022",
            "2022.05.12",
            "12.05.2022",
        ] {
            let read = moment(text).unwrap();
            assert_eq!((read.nanos, read.day), ((TEN - 36_000) * SECOND, true), "{text}");
        }
    }

    #[test]
    fn a_date_is_joined_with_the_time_of_day_beside_it() {
        for (date, clock, zoned) in [
            ("2022-05-12", "10:00:00", false),
            ("2022/05/12", "10:00", false),
            ("20220512", "100000", false),
            ("20220512", "1000", false),
            ("May 12, 2022", "10", false),
            ("2022-05-12", "10:00 AM", false),
            ("2022-05-12", "10:00:00 UTC", true),
            ("2022-05-12", "12:00:00+02:00", true),
            ("2022-05-12", "1652349600", true),
        ] {
            let expected = Moment {
                nanos: TEN * SECOND,
                zoned,
                day: false,
            };
            assert_eq!(joined(date, clock), Some(Ok(expected)), "{date} {clock}");
        }
        let nine = joined("2022-05-12", "9:00").unwrap().unwrap();
        assert_eq!(nine.nanos, (TEN - 3_600) * SECOND);
    }

    #[test]
    fn a_date_without_its_time_of_day_is_refused_and_a_whole_time_needs_none() {
        for clock in ["", "noon", "25:00", "93000", "100000000", "1552349600"] {
            let read = joined("2022-05-12", clock);
            assert!(matches!(read, Some(Err(_))), "{clock}: {read:?}");
        }
        assert!(matches!(joined("2022-05-12 00:00:00", "10:00"), Some(Err(_))));
        for date in ["2022-05-12 10:00:00", "1652349600", "2022-05-12 00:00:00", ""] {
            assert_eq!(joined(date, "00:00"), None, "{date}");
        }
    }

    #[test]
    fn fractions_of_a_second_are_kept() {
        for text in [
            "1652349600.25",
            "1652349600250",
            "1652349600250.0",
            "2022-05-12T10:00:00.25Z",
        ] {
            assert_eq!(moment(text).unwrap().nanos, TEN * SECOND + SECOND / 4, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_of_our_time_is_refused() {
        for text in [
            "",
            "noon",
            "0",
            "20221312",
            "2022051225",
            "202205121060",
            "20220512100060",
            "2022051210.5",
            "2022-05-12T10:00:00[America/New_York]",
            "2022-05-12 10:00:00[UTC]",
            "2022-05-12T10:00:00-07:00[America/New_York",
            "1.65E+12",
            "-1652349600",
            "05/12/2022",
            "12-05-2022",
            "2022-13-01",
            "1969-01-01",
            "9999-01-01T00:00:00Z",
            "99999999999",
            "99999999999999999999999",
            "1.2.3",
        ] {
            let read = moment(text);
            assert!(read.is_err(), "{text}: {read:?}");
        }
    }
}
