//! What a single row of a price file leaves in doubt is decided by the whole of
//! it, or refused. Every number here is made up.

mod common;

use backstop_prices::{PriceError, PriceFile, Wanted};
use common::{Known, read_bytes};

fn read(text: &str) -> Result<Known, PriceError> {
    read_bytes(text.as_bytes(), None).map(|(known, _)| known)
}

/// 12 May 2022, 10:00 UTC.
const TEN: u64 = 1_652_349_600;

#[test]
fn a_bar_is_as_long_as_the_most_common_step_whatever_is_missing_or_off_the_grid() {
    let minutes = [0, 60, 120, 300, 360, 1_200, 1_260, 1_275];
    let rows = minutes.map(|after| format!("{},5", TEN + after)).join("\n");
    let (known, file) = read_bytes(format!("time,close\n{rows}").as_bytes(), None).unwrap();
    let facts = file.facts();
    assert_eq!(facts.step_seconds(), Some(60));
    assert_eq!(facts.silence, (840 * 1_000_000_000, (TEN + 360) * 1_000_000_000));
    assert_eq!((known[0].0, known[7].0), (TEN + 60, TEN + 1_335));
    assert_eq!(file.range(), (TEN + 60, TEN + 1_335));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, "time,price\n1652349600,1\n1652349660,2\n").unwrap();
    let file = PriceFile::of(&path, &Wanted::default()).unwrap();
    std::fs::write(&path, "time,price\n1652349660,2\n1652349600,1\n").unwrap();
    let error = file.known().unwrap().find_map(Result::err).unwrap().to_string();
    assert!(error.contains("a.csv:3: the file is \"changed\""), "{error}");
}

#[test]
fn a_date_column_is_joined_with_the_time_column_beside_it() {
    let rows: String = (0..24)
        .map(|h| format!("2022-05-12,{h:02}:00:00,{}.5\n", 100 - h))
        .collect();
    let known = read(&format!("date,time,price\n{rows}")).unwrap();
    let day = TEN - 36_000;
    let expected: Known = (0..24)
        .map(|h| (day + h * 3_600, format!("{}.5", 100 - h)))
        .collect();
    assert_eq!(known, expected);
    let message = read("Date,Time,Price\n2022-05-12,10:00,5\n2022-05-12,,6\n")
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("a.csv:3: Time is \"\": must be a time of day"),
        "{message}"
    );
}

#[test]
fn the_decimal_sign_is_judged_by_the_whole_file() {
    let late = |last: &str| {
        let rows = (0..1_050).map(|m| format!("{};1\n", TEN + 60 * m));
        let rows: String = rows.collect();
        read(&format!("time;close\n{rows}{};1,002\n{last}", TEN + 63_000))
    };
    let message = late("").unwrap_err().to_string();
    assert!(
        message.contains("a.csv:1052: close is \"1,002\": must be a price that can be read in one way"),
        "{message}"
    );
    let known = late(&format!("{};0,998\n", TEN + 63_060)).unwrap();
    assert_eq!(known[1_050].1, "1.002");
}

#[test]
fn other_columns_and_the_delimiter_decide_what_a_price_of_three_decimals_is() {
    for (text, expected) in [
        ("time,price\n1652349600,43.500\n", "43.5"),
        ("time\tprice\n1652349600\t43.500\n", "43.5"),
        ("time;price;volume\n1652349600;43.500;0.25\n", "43.5"),
        ("time;price;volume\n1652349600;43.500;0,25\n", "43500"),
        ("time;price;change\n1652349600;43,500;-0,25\n", "43.5"),
        ("time;price;volume\n1652349600;43,500;0.25\n", "43500"),
    ] {
        assert_eq!(read(text).unwrap(), [(TEN, expected.to_string())], "{text}");
    }
}

#[test]
fn dates_in_digits_are_no_numbers_of_seconds() {
    let text = "time,price\n2022051210,5.25\n2022051211,5.5\n";
    let (known, file) = read_bytes(text.as_bytes(), None).unwrap();
    assert_eq!(known[1], (TEN + 3_600, "5.5".to_string()));
    assert!(file.dates_in_digits() && file.facts().without_zone == 2);
    let (_, file) = read_bytes(b"time,price\n1652349600,5.25\n", None).unwrap();
    assert!(!file.dates_in_digits());
}

#[test]
fn an_adjusted_close_may_be_outside_its_bar() {
    let text = "Date,Open,High,Low,Close,Adj Close\n2022-05-12,5,6,4,5,0.5\n2022-05-13,5,6,4,5,0.5\n";
    assert!(read_bytes(text.as_bytes(), Some("Adj Close")).is_ok());
    assert!(read(text).is_ok());
}
