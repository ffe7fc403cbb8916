//! The real series, as points of time and price.

use std::path::Path;

use jiff::Timestamp;

/// A bar of a series; a feed's price is a bar of no width.
#[derive(Clone, Copy)]
pub struct Bar {
    /// When its close is known, in seconds since the epoch.
    pub known: u64,
    pub high: f64,
    pub low: f64,
    pub close: f64,
}

/// The file's bars of `width` seconds, in order.
pub fn bars(file: &Path, width: u64) -> Vec<Bar> {
    rows(file, ["high", "low", "close"], |at, [high, low, close]| Bar {
        known: at + width,
        high,
        low,
        close,
    })
}

/// One column of the file as prices, each known at its own time.
pub fn column(file: &Path, name: &str) -> Vec<Bar> {
    rows(file, [name], |at, [price]| Bar {
        known: at,
        high: price,
        low: price,
        close: price,
    })
}

fn rows<const N: usize>(file: &Path, names: [&str; N], bar: impl Fn(u64, [f64; N]) -> Bar) -> Vec<Bar> {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let places = names.map(|name| header.iter().position(|column| column == name).unwrap());
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let at: Timestamp = row[0].parse().unwrap();
        bar(
            at.as_second() as u64,
            places.map(|place| row[place].parse().unwrap()),
        )
    });
    rows.collect()
}

/// Seconds since the epoch.
pub fn seconds(time: &str) -> u64 {
    time.parse::<Timestamp>().unwrap().as_second() as u64
}

/// The time of day, by the minute.
pub fn clock(at: u64) -> String {
    let at = Timestamp::from_second(at as i64).unwrap().to_string();
    at[11..16].to_string()
}
