//! Times as providers write them, and their way to seconds since the epoch.
//! Parts of a second are cut off: a price is never made younger.

use backstop_types::breaker::Unreadable;

/// Days before each month of a year that is not a leap year.
const DAYS_BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
/// The epoch's year.
const EPOCH: u64 = 1970;

/// Seconds since the epoch in a signed number.
pub(super) fn seconds(seconds: i64) -> Result<u64, Unreadable> {
    u64::try_from(seconds).map_err(|_| Unreadable::Time)
}

/// A protobuf `Timestamp` in JSON: RFC 3339 in UTC with up to nine digits of a
/// second, such as `2023-11-14T22:13:20.5Z`. The SDK writes no other zone.
pub(super) fn rfc3339(text: &str) -> Result<u64, Unreadable> {
    parse(text).ok_or(Unreadable::Malformed)?.ok_or(Unreadable::Time)
}

/// None if it is not such a text; none within if it is before the epoch.
fn parse(text: &str) -> Option<Option<u64>> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || fraction.len() > 9 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let [year, month, day] = parts(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = parts(time, ':', [2, 2, 2])?;
    let before = *DAYS_BEFORE.get(usize::try_from(month.checked_sub(1)?).ok()?)?;
    if day == 0 || day > days_in(year, month)? || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if year < EPOCH {
        return Some(None);
    }
    let leap_day = u64::from(month > 2 && leap(year));
    let years = year.checked_sub(EPOCH)?.checked_mul(365)?;
    // Leap days of the years before this one and since the epoch.
    let leaps = leap_days(year.checked_sub(1)?)?.checked_sub(leap_days(EPOCH.checked_sub(1)?)?)?;
    let days = [years, leaps, before, leap_day, day.checked_sub(1)?]
        .into_iter()
        .try_fold(0_u64, u64::checked_add)?;
    let hours = days.checked_mul(24)?.checked_add(hour)?;
    let minutes = hours.checked_mul(60)?.checked_add(minute)?;
    Some(Some(minutes.checked_mul(60)?.checked_add(second)?))
}

/// Three numbers of these lengths with a separator between.
fn parts(text: &str, separator: char, lengths: [usize; 3]) -> Option<[u64; 3]> {
    let mut found = text.split(separator);
    let mut next = |length: usize| {
        let part = found.next()?;
        let digits = part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        if digits { part.parse().ok() } else { None }
    };
    let [first, second, third] = lengths;
    let numbers = [next(first)?, next(second)?, next(third)?];
    found.next().is_none().then_some(numbers)
}

fn leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Leap days in the years 1 to `year`.
fn leap_days(year: u64) -> Option<u64> {
    let every = |years: u64| year.checked_div(years);
    every(4)?.checked_sub(every(100)?)?.checked_add(every(400)?)
}

fn days_in(year: u64, month: u64) -> Option<u64> {
    Some(match month {
        2 if leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_timestamp_is_read_to_the_second_and_its_parts_are_cut_off() {
        // Known pairs, as `date -u -d @1700000000` shows them.
        let cases = [
            ("1970-01-01T00:00:00Z", Ok(0)),
            ("2000-02-29T12:00:00Z", Ok(951_825_600)),
            ("2023-11-14T22:13:20Z", Ok(1_700_000_000)),
            ("2023-11-14T22:13:20.999999999Z", Ok(1_700_000_000)),
            ("2024-12-31T23:59:59Z", Ok(1_735_689_599)),
            ("2100-03-01T00:00:00Z", Ok(4_107_542_400)),
            // What Go writes for no time at all.
            ("0001-01-01T00:00:00Z", Err(Unreadable::Time)),
            ("1969-12-31T23:59:59Z", Err(Unreadable::Time)),
            ("2023-02-29T00:00:00Z", Err(Unreadable::Malformed)),
            ("2100-02-29T00:00:00Z", Err(Unreadable::Malformed)),
            ("2023-13-01T00:00:00Z", Err(Unreadable::Malformed)),
            ("2023-00-01T00:00:00Z", Err(Unreadable::Malformed)),
            ("2023-01-00T00:00:00Z", Err(Unreadable::Malformed)),
            ("2023-01-01T24:00:00Z", Err(Unreadable::Malformed)),
            ("2023-01-01T00:00:60Z", Err(Unreadable::Malformed)),
            ("2023-01-01T00:00:00+01:00", Err(Unreadable::Malformed)),
            ("2023-01-01T00:00:00", Err(Unreadable::Malformed)),
            ("2023-01-01 00:00:00Z", Err(Unreadable::Malformed)),
            ("2023-01-01T00:00:00.Z", Err(Unreadable::Malformed)),
            ("2023-1-01T00:00:00Z", Err(Unreadable::Malformed)),
            ("Z", Err(Unreadable::Malformed)),
            ("", Err(Unreadable::Malformed)),
        ];
        for (text, expected) in cases {
            assert_eq!(rfc3339(text), expected, "{text}");
        }
        assert_eq!(seconds(-1), Err(Unreadable::Time));
    }

    proptest! {
        #[test]
        fn any_text_is_a_time_or_an_error(text: String) {
            let _ = rfc3339(&text);
        }

        #[test]
        fn each_day_is_a_day_after_the_one_before(year in 1970_u64..2400, month in 1_u64..13, day in 1_u64..28) {
            let at = |day: u64| rfc3339(&format!("{year:04}-{month:02}-{day:02}T01:02:03Z"));
            prop_assert_eq!(at(day + 1).unwrap() - at(day).unwrap(), 86_400);
        }
    }
}
