//! Price files that do not fit each other or the run are refused: of another
//! market, of another unit, or with too little of the time.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::common::{SMALL, args, replay, write};
use tempfile::TempDir;

/// 10 March 2023, 00:00 UTC.
const START: u64 = 1_678_406_400;

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn new(files: &[&PathBuf], market: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command
        .args(["scenario", "new"])
        .args(files)
        .args(market)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Four hours of minutes about `level`.
fn about(level: f64) -> String {
    let row = |minute: u64| {
        let price = level * (1.0 - 0.001 * (minute % 7) as f64);
        format!("{},{price:.6}", START + minute * 60)
    };
    let rows: Vec<String> = (0..240).map(row).collect();
    format!("time,price\n{}", rows.join("\n"))
}

#[test]
fn files_of_different_markets_are_refused_by_their_names_or_by_their_prices() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, level| file(&folder, name, &about(level));
    let bitcoins = of("Binance_ETHBTC_1m.csv", 0.07);
    let dollars = of("Gemini_ETHUSD_1m.csv", 2_500.0);
    let euros = of("Kraken_ETHEUR_1m.csv", 2_400.0);
    let unnamed = of("atom.csv", 10.0);
    let cents = of("ATOM_USD_feed.csv", 1_000.0);
    let near = of("ATOM_USDT_other.csv", 15.0);
    let refused = |files: &[&PathBuf], market: &[&str], parts: &[&str]| {
        let ran = new(files, market);
        let message = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{message}");
        for part in parts.iter().chain(&["next: "]) {
            assert!(message.contains(part), "{part}: {message}");
        }
    };
    refused(&[&bitcoins, &dollars], &[], &["ETH/BTC and ETH/USD", "--market"]);
    refused(&[&dollars, &euros], &[], &["ETH/USD and ETH/EUR"]);
    let apart = ["within twice of each other", "atom.csv", "one unit"];
    refused(&[&unnamed, &dollars], &[], &apart);
    refused(&[&dollars, &unnamed], &[], &apart);
    refused(
        &[&near, &unnamed, &cents],
        &["--market", "ATOM/USD"],
        &["within twice", "ATOM_USD_feed.csv"],
    );
    let ran = new(&[&near, &unnamed], &[]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
}

#[test]
fn prices_that_part_for_less_than_half_of_the_time_are_no_other_market() {
    let folder = tempfile::tempdir().unwrap();
    let of = |name: &str, fallen_from: u64| {
        let rows = (0..200_u64).map(|minute| {
            let price = if minute < fallen_from { 10 } else { 1 };
            format!("{},{price}", START + minute * 60)
        });
        let rows: Vec<String> = rows.collect();
        file(&folder, name, &format!("time,price\n{}", rows.join("\n")))
    };
    let (holds, falls, early) = (of("a.csv", 200), of("b.csv", 120), of("c.csv", 80));
    let code = |other: &PathBuf| new(&[&holds, other], &[]).status.code();
    assert_eq!((code(&falls), code(&early)), (Some(0), Some(2)));
}

#[test]
fn a_file_that_has_less_than_half_of_the_run_is_refused_unless_the_scenario_says_so() {
    let folder = tempfile::tempdir().unwrap();
    const BEGIN: u64 = 1_767_225_600; // the small scenario's, which takes two hours
    let of = |from: u64, until: u64| {
        let rows = (from..until).map(|minute| format!("{},10\n", BEGIN + minute * 60));
        file(
            &folder,
            "b.csv",
            &format!("time,price\n{}", rows.collect::<String>()),
        );
    };
    let with = |more: &str| {
        let text = SMALL.replace("points_of = \"a\"", &format!("csv = \"b.csv\"\n{more}"));
        replay(&args(&write(&folder, &text))).map(drop)
    };
    for (from, until, fits) in [
        (0, 55, false),
        (65, 130, false),
        (55, 75, false),
        (0, 65, true),
        (55, 130, true),
    ] {
        of(from, until);
        let ran = with("");
        assert_eq!(ran.is_ok(), fits, "{from} {until}");
        if let Err(error) = ran {
            let message = error.to_string();
            assert!(message.contains("at least half within what"), "{message}");
            assert!(message.contains("source.silent"), "{message}");
        }
    }
    of(0, 30);
    let silent = "silent = [{ from = 2026-01-01T00:30:00Z, until = 2026-01-01T02:00:00Z }]\n";
    assert!(with(silent).is_ok());
}
