//! Price files on the command line: how they are read where they do not say so
//! themselves, alone in place of a scenario, and held against the other sources.

use std::path::PathBuf;

use crate::common::{backstop, said, shipped};
use tempfile::TempDir;

/// 10 March 2023, 00:00 UTC.
const START: u64 = 1_678_406_400;

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Refused with exit code 2, and why.
fn refused(folder: &TempDir, words: &[&str]) -> String {
    let output = backstop(folder, words);
    let why = said(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{why}");
    why
}

/// Two hours of minutes about a price, with so many digits moved to the left of the
/// decimal sign.
fn minutes(header: &str, level: f64, cell: impl Fn(f64) -> String) -> String {
    let row = |minute: u64| {
        let price = level * (1.0 + 0.001 * (minute % 7) as f64);
        format!("{},{}\n", START + minute * 60, cell(price))
    };
    format!("{header}\n{}", (0..120).map(row).collect::<String>())
}

fn plain(price: f64) -> String {
    format!("{price:.4}")
}

#[test]
fn a_price_file_in_place_of_a_scenario_is_replayed() {
    let folder = tempfile::tempdir().unwrap();
    file(
        &folder,
        "ATOM_USD_kraken.csv",
        &minutes("time,price", 12.0, plain),
    );
    let output = backstop(&folder, &["replay", "ATOM_USD_kraken.csv", "--json"]);
    // Such calm prices test nothing.
    assert_eq!(output.status.code(), Some(3), "{}", said(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["market"], "ATOM/USD");
    assert!(
        report["command"]
            .as_str()
            .unwrap()
            .contains("replay ATOM_USD_kraken.csv")
    );
}

#[test]
fn whole_answers_of_a_feed_have_the_decimals_that_make_them_the_prices_of_a_second_file() {
    let folder = tempfile::tempdir().unwrap();
    let answers = minutes("updatedAt,answer", 12.0, |price| format!("{:.0}", price * 1e8));
    file(&folder, "ATOM_USD_chainlink.csv", &answers);
    file(
        &folder,
        "ATOM_USD_kraken.csv",
        &minutes("time,price", 12.02, plain),
    );
    let alone = refused(&folder, &["scenario", "new", "ATOM_USD_chainlink.csv"]);
    assert!(alone.contains("give --decimals"), "{alone}");
    let both = backstop(
        &folder,
        &["scenario", "new", "ATOM_USD_chainlink.csv", "ATOM_USD_kraken.csv"],
    );
    let scenario = said(&both.stdout);
    assert_eq!(both.status.code(), Some(0), "{}", said(&both.stderr));
    assert_eq!(scenario.matches("decimals = 8\n").count(), 1, "{scenario}");
    let told = backstop(
        &folder,
        &["scenario", "new", "ATOM_USD_chainlink.csv", "--decimals", "8"],
    );
    assert!(
        said(&told.stdout).contains("decimals = 8\n"),
        "{}",
        said(&told.stderr)
    );
    let words = [
        "replay",
        "--prices",
        "a=ATOM_USD_chainlink.csv",
        "--decimals",
        "8",
        "--json",
    ];
    let replayed = backstop(&folder, &words);
    let report: serde_json::Value = serde_json::from_slice(&replayed.stdout).unwrap();
    assert!(report["command"].as_str().unwrap().contains("--decimals 8"));
}

#[test]
fn decimals_by_a_second_file_are_those_that_feeds_have_and_prices_within_a_tenth() {
    for (digits, other, decimals) in [
        (0, 12.02, Some("decimals = 0")),
        (6, 12.02, Some("decimals = 6")),
        (18, 12.02, Some("decimals = 18")),
        (7, 12.02, None),
        (9, 12.02, None),
        // Of another market: its price is a quarter higher.
        (8, 15.0, None),
        (8, 10.5, None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let answer = |price: f64| format!("{}{}", price.round(), "0".repeat(digits));
        file(&folder, "feed.csv", &minutes("updatedAt,answer", 12.0, answer));
        file(
            &folder,
            "ATOM_USD_kraken.csv",
            &minutes("time,price", other, plain),
        );
        let words = ["scenario", "new", "feed.csv", "ATOM_USD_kraken.csv"];
        match decimals {
            Some(decimals) => {
                let output = backstop(&folder, &words);
                let text = said(&output.stdout);
                let of = text.split("feed.csv\"").nth(1).unwrap_or_default();
                assert!(of.contains(&format!("{decimals}\n")), "{text}");
            }
            None => {
                let why = refused(&folder, &words);
                assert!(why.contains("give --decimals"), "{digits}, {other}: {why}");
            }
        }
    }
}

#[test]
fn one_of_several_instruments_is_chosen_by_its_symbol_and_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let two: String = (0..240)
        .map(|i| {
            let (symbol, price) = [("ATOMUSD", 12.0), ("BTCUSD", 20_000.0)][i as usize % 2];
            format!(
                "{},{symbol},{:.2}\n",
                START + i / 2 * 60,
                price + (i % 9) as f64 / 100.0
            )
        })
        .collect();
    file(&folder, "venue.csv", &format!("time,symbol,price\n{two}"));
    let why = refused(&folder, &["scenario", "new", "venue.csv"]);
    assert!(why.contains("venue.csv:3: symbol is \"BTCUSD\""), "{why}");
    let output = backstop(
        &folder,
        &[
            "scenario",
            "new",
            "venue.csv",
            "--symbol",
            "ATOMUSD",
            "--out",
            "a.toml",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output.stderr));
    let scenario = std::fs::read_to_string(folder.path().join("a.toml")).unwrap();
    assert!(
        scenario.contains("symbol = \"ATOMUSD\"") && scenario.contains("ATOM/USD"),
        "{scenario}"
    );
    // It is replayed; such calm prices test nothing.
    let output = backstop(&folder, &["replay", "a.toml", "--quiet"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output.stderr));
}

#[test]
fn how_files_are_read_is_told_of_files_that_are_given() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = shipped("luna-2022-05.toml");
    let why = refused(
        &folder,
        &["replay", scenario.to_str().unwrap(), "--column", "mid"],
    );
    assert!(why.contains("--column") && why.contains("[[source]]"), "{why}");
    file(&folder, "a.csv", &minutes("seen,mid", 12.0, plain));
    let words = [
        "scenario",
        "new",
        "a.csv",
        "--column",
        "mid",
        "--time-column",
        "seen",
    ];
    let output = backstop(&folder, &words);
    let text = said(&output.stdout);
    assert!(
        text.contains("column = \"mid\"\ntime_column = \"seen\"\n"),
        "{text}"
    );
}

/// Two sources by files, the second with this beside.
fn scenario(of: &str, second: &str) -> String {
    format!(
        r#"
name = "two"
title = "Two files"
[time]
start = 2023-03-10T00:05:00Z
end = 2023-03-10T01:30:00Z
[market]
name = "ATOM/USD"
[[source]]
name = "a"
kind = "pyth"
lineage = "a"
{of}
[[source]]
name = "b"
kind = "reporter"
lineage = "b"
csv = "b.csv"
{second}
"#
    )
}

#[test]
fn a_replay_holds_its_price_files_against_the_other_sources() {
    let folder = tempfile::tempdir().unwrap();
    file(&folder, "a.csv", &minutes("time,price", 12.0, plain));
    file(&folder, "b.csv", &minutes("time,price", 1_200.0, plain));
    let points = "points = [{ at = 2023-03-10T00:00:00Z, price = \"12\" }]";
    for of in ["csv = \"a.csv\"", points] {
        file(&folder, "two.toml", &scenario(of, ""));
        let why = refused(&folder, &["replay", "two.toml"]);
        for part in [
            "source \"b\" is at 12",
            "source \"a\" is at 1",
            "another_price = true",
        ] {
            assert!(why.contains(part), "{part}: {why}");
        }
        file(&folder, "two.toml", &scenario(of, "another_price = true"));
        // It is replayed; two prices that are never one test nothing.
        let output = backstop(&folder, &["replay", "two.toml", "--quiet"]);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output.stderr));
    }
    // Of another market than the shipped one.
    let shipped = shipped("atom-2025-10-10.toml");
    let from = 1_760_054_400;
    let rows: String = (0..1_440).map(|m| format!("{},60000\n", from + m * 60)).collect();
    file(&folder, "btc.csv", &format!("time,price\n{rows}"));
    let why = refused(
        &folder,
        &["replay", shipped.to_str().unwrap(), "--prices", "venue-b=btc.csv"],
    );
    assert!(why.contains("source \"venue-b\" is at 60000"), "{why}");
}
