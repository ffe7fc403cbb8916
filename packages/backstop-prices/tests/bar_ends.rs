//! When a bar's close is known: never before the bar ends, whatever bars are missing and
//! whatever the file mixes. Every number here is made up.

mod common;

use backstop_prices::PriceError;
use common::{Known, read_bytes};

/// 12 May 2022, 00:00 UTC.
const START: u64 = 1_652_313_600;
const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

fn read(text: &str) -> Result<Known, PriceError> {
    read_bytes(text.as_bytes(), None).map(|(known, _)| known)
}

/// When the price of each row is known, of bars that begin so many seconds after one
/// another.
fn known(steps: &[u64]) -> Result<Vec<u64>, String> {
    let (mut text, mut at) = (format!("time,close\n{START},1\n"), START);
    for step in steps {
        at += step;
        text += &format!("{at},1\n");
    }
    let known = read(&text).map_err(|error| error.to_string())?;
    Ok(known.into_iter().map(|(at, _)| at).collect())
}

/// A generator of which the same numbers come each time.
fn chance(state: &mut u64) -> u64 {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn longer_bars_among_minutes_are_refused_where_the_length_changes_though_some_are_missing() {
    let thin: Vec<u64> = (0..40)
        .map(|n| if n % 3 == 0 { 2 * HOUR } else { HOUR })
        .collect();
    let minutes = vec![MINUTE; 1_440];
    for longer in [
        thin,
        vec![HOUR; 3],
        vec![HOUR; 2],
        vec![15 * MINUTE; 3],
        vec![5 * MINUTE; 6],
        vec![2 * MINUTE; 14],
    ] {
        let before = known(&[longer.clone(), minutes.clone()].concat()).unwrap_err();
        assert!(before.contains("a.csv:2: time is"), "{longer:?}: {before}");
        let after = known(&[minutes.clone(), longer.clone()].concat()).unwrap_err();
        assert!(after.contains("a.csv:1442: time is"), "{longer:?}: {after}");
        assert!(after.contains("close_time"), "{after}");
        let amid = known(&[minutes.clone(), longer.clone(), minutes.clone()].concat()).unwrap_err();
        assert!(amid.contains("a.csv:1442: time is"), "{longer:?}: {amid}");
    }
}

#[test]
fn so_few_longer_bars_as_missing_minutes_may_look_like_are_not_told_from_them() {
    let minutes = vec![MINUTE; 1_440];
    for longer in [
        vec![HOUR; 1],
        vec![15 * MINUTE; 2],
        vec![5 * MINUTE; 5],
        vec![2 * MINUTE; 13],
    ] {
        let all = known(&[longer.clone(), minutes.clone()].concat()).unwrap();
        assert_eq!(all[0], START + MINUTE, "{longer:?}");
    }
}

#[test]
fn minutes_that_are_missing_by_chance_do_not_make_longer_bars() {
    for seed in 0..40 {
        for one_in in [2, 3, 5, 20, 60] {
            let (mut state, mut steps, mut gap) = (seed * 1_000 + one_in, vec![], 0);
            for _ in 0..10_000 {
                gap += MINUTE;
                if chance(&mut state).is_multiple_of(one_in) {
                    steps.push(gap);
                    gap = 0;
                }
            }
            let all = known(&steps).unwrap();
            let mut at = START;
            for (step, known) in steps.iter().zip(&all) {
                assert!(*known >= at + MINUTE, "one in {one_in}");
                // In so thin a market another gap may be as common as a minute.
                assert!(one_in > 5 || *known == at + MINUTE, "one in {one_in}");
                at += step;
            }
        }
    }
}

#[test]
fn a_bar_whose_end_no_missing_bars_explain_is_known_when_the_next_begins() {
    // Days in a place whose clock is put back: one has 25 hours.
    let days = known(&[DAY, DAY, DAY + HOUR, DAY, 3 * DAY]).unwrap();
    let ends = [1, 2, 3, 4, 5, 8].map(|days| START + days * DAY);
    let later = |i: usize| if i > 1 { HOUR } else { 0 };
    for (i, known) in days.iter().enumerate().take(5) {
        assert_eq!(*known, ends[i] + later(i), "day {i}");
    }
    // Nothing tells whether the last one is the long one.
    assert_eq!(days[5], START + 7 * DAY + HOUR + DAY + HOUR);
    // Months of 30, 31, 30 and 30 days: the usual one is not the longest.
    let months = known(&[30 * DAY, 31 * DAY, 30 * DAY, 30 * DAY]).unwrap();
    let ends = [30, 61, 91, 121, 152].map(|days| START + days * DAY);
    assert_eq!(months, ends);
}

#[test]
fn a_row_that_says_when_it_ends_is_believed_whatever_the_lengths() {
    for (begins, ends) in [
        ("open_time", "close_time"),
        ("time_period_start", "time_period_end"),
        ("timeOpen", "timeClose"),
    ] {
        let bars = [
            (0, HOUR),
            (HOUR, HOUR),
            (5 * HOUR, MINUTE),
            (5 * HOUR + 60, MINUTE),
        ];
        let row = |(at, long): (u64, u64)| {
            let begins = START + at;
            // As Binance has it, a millisecond before.
            format!("{begins}000,{},5\n", (begins + long) * 1_000 - 1)
        };
        let mut rows: Vec<String> = bars.map(row).into();
        let text = |rows: &[String]| format!("{begins},{ends},close\n{}", rows.concat());
        let expected = bars.map(|(at, long)| (START + at + long, "5".to_string()));
        let (known, file) = read_bytes(text(&rows).as_bytes(), None).unwrap();
        assert_eq!(known, expected, "{begins}");
        assert_eq!(file.range(), (START + HOUR, START + 5 * HOUR + 120), "{begins}");
        rows.reverse();
        assert_eq!(read(&text(&rows)).unwrap(), expected, "{begins}, newest first");
        // One bar is enough.
        assert_eq!(read(&text(&rows[..1])).unwrap(), expected[3..]);
    }
    let text = format!("time,close_time,close\n{START},{START},5\n");
    let message = read(&text).unwrap_err().to_string();
    assert!(
        message.contains("a.csv:2: close_time is") && message.contains("must be after time"),
        "{message}"
    );
}

#[test]
fn a_time_that_names_the_beginning_of_its_row_has_the_price_of_its_end() {
    for column in [
        "start_at",
        "started_at",
        "open_time",
        "time_period_start",
        "timeOpen",
        "minute",
        "bucket",
        "window_start",
    ] {
        for price in ["median", "price", "value"] {
            let row = |n: u64| format!("{},{}.5\n", START + HOUR * n, 100 - n);
            let text = format!("{column},{price}\n{}", (0..20).map(row).collect::<String>());
            let wanted = backstop_prices::Wanted {
                time: Some(column.to_string()),
                ..Default::default()
            };
            let (known, _) = common::read_as(text.as_bytes(), &wanted).unwrap();
            assert_eq!(known[0], (START + HOUR, "100.5".to_string()), "{column},{price}");
            assert_eq!(known[19].0, START + 20 * HOUR, "{column},{price}");
        }
    }
    // So does the hour beside a date.
    let text = "date,hour,price\n2022-05-12,0,5\n2022-05-12,1,6\n";
    assert_eq!(read(text).unwrap()[0].0, START + HOUR);
}

#[test]
fn the_price_of_a_date_is_known_when_its_day_ends_and_of_a_week_when_that_does() {
    for (one, two) in [
        ("2022-05-12", "2022-05-13"),
        ("20220512", "20220513"),
        ("May 12, 2022", "May 13, 2022"),
        ("2022/05/12", "2022/05/13"),
    ] {
        let text = format!("Date;Price\n{one};5.5\n{two};6.5\n");
        let (known, file) = read_bytes(text.as_bytes(), None).unwrap();
        let expected = [
            (START + DAY, "5.5".to_string()),
            (START + 2 * DAY, "6.5".to_string()),
        ];
        assert_eq!(known, expected, "{one}");
        assert_eq!(file.range(), (START + DAY, START + 2 * DAY));
        assert!(file.days() && !file.bars());
    }
    assert_eq!(read("Date,Price\n2022-05-12,5.5\n").unwrap()[0].0, START + DAY);
    let weeks = read("Date,Price\n2022-05-12,5.5\n2022-05-19,6\n2022-05-26,6\n").unwrap();
    assert_eq!(weeks[0].0, START + 7 * DAY);
    // As a spreadsheet writes dates; where another time is among them, they are moments.
    let midnights = "Date,Price\n2022-05-12 00:00:00,5.5\n2022-05-13 00:00:00,6\n";
    assert_eq!(read(midnights).unwrap()[0].0, START + DAY);
    let moments = format!("{midnights}2022-05-13 01:00:00,6\n");
    assert_eq!(read(&moments).unwrap()[0].0, START);
    // A snapshot at midnight is of then.
    let text = "snapped_at,price\n2022-05-12 00:00:00 UTC,5.5\n2022-05-13 00:00:00 UTC,6\n";
    assert_eq!(read(text).unwrap()[0].0, START);
}
