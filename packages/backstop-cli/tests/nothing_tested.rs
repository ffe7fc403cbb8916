//! A run in which the pool could not have lost anything says so before anything
//! else, on page and terminal and in JSON, and ends with a code of its own.

use std::fs;
use std::path::Path;

use crate::common::{SMALL, backstop, read_page, said, shared, shipped, write};
use backstop_cli::report::json::Json as Report;
use tempfile::TempDir;

/// 12 March 2020, 06:00 UTC.
const THURSDAY: u64 = 1_583_992_800;
/// 1 January 2026, 00:00 UTC.
const SMALL_START: u64 = 1_767_225_600;

/// The terminal's text and the page of a run that ends with this code.
fn both(folder: &TempDir, words: &[&str], code: i32) -> (String, String) {
    let words: Vec<&str> = ["replay"]
        .iter()
        .chain(words)
        .chain(&["--out", "out"])
        .copied()
        .collect();
    let output = backstop(folder, &words);
    assert_eq!(output.status.code(), Some(code), "{}", said(&output.stderr));
    let page = read_page(&folder.path().join("out/report.html"));
    (said(&output.stdout), page)
}

/// Rows every `step` seconds, about `level` and down by a third in the second half.
fn fall(folder: &TempDir, name: &str, start: u64, step: u64, rows: u64, level: f64) {
    let row = |n: u64| {
        let left = 1.0 - 0.33 * (2.0 * n as f64 / rows as f64 - 1.0).max(0.0);
        let ripple = 1.0 + 0.0001 * (n % 7) as f64;
        format!("{},{:.4}\n", start + n * step, level * left * ripple)
    };
    let text = format!("time,price\n{}", (0..=rows).map(row).collect::<String>());
    fs::write(folder.path().join(name), text).unwrap();
}

/// Nothing was tested, which is said first, and nowhere that stakers lost nothing.
fn untested(terminal: &str, page: &str, why: &str) {
    assert!(terminal.starts_with("NOTHING TESTED: "), "{terminal}");
    let head = page.split("</header>").next().unwrap();
    let verdict = head.split("class=\"verdict bad\">").nth(1).unwrap();
    assert!(verdict.starts_with("Nothing was tested: "), "{verdict}");
    for text in [terminal, page] {
        assert!(text.contains(why), "{why}: {text}");
        assert!(!text.to_lowercase().contains("stakers lost nothing"));
    }
}

#[test]
fn hourly_bars_where_prices_may_be_two_minutes_old_test_nothing_and_are_no_pool_that_lost_nothing() {
    let folder = tempfile::tempdir().unwrap();
    fall(&folder, "ETH_USD_hourly.csv", THURSDAY - 7_200, 3_600, 33, 180.0);
    let scenario = shipped("black-thursday-2020-03.toml");
    let words = [
        scenario.to_str().unwrap(),
        "--prices",
        "venue-a=ETH_USD_hourly.csv",
    ];
    let (terminal, page) = both(&folder, &words, 3);
    untested(&terminal, &page, "no position was opened in 1 d 6 h");
    for text in [&terminal, &page] {
        assert!(
            text.contains("feed, venue-a, venue-b, venue-c publish too seldom: in "),
            "{text}"
        );
        assert!(
            text.contains("older than 2 min, so the breaker left it out (breaker.max_age)"),
            "{text}"
        );
    }
}

#[test]
fn prices_that_hardly_move_test_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, &SMALL.replace("price = \"7\"", "price = \"9.9\""));
    let (terminal, page) = both(&folder, &["scenario.toml"], 3);
    untested(
        &terminal,
        &page,
        "no open position came below its maintenance margin at any source's price, and these moved by at most 1.",
    );
}

#[test]
fn nobody_who_trades_tests_nothing_and_quiet_says_it_too() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, &SMALL.replace("count = 20", "count = 0"));
    let (terminal, page) = both(&folder, &["scenario.toml"], 3);
    untested(&terminal, &page, "no position was opened in 2 h");
    let quiet = backstop(&folder, &["replay", "scenario.toml", "--quiet"]);
    assert_eq!((quiet.status.code(), said(&quiet.stdout).as_str()), (Some(3), ""));
    assert!(said(&quiet.stderr).contains("nothing tested with the breaker: no position was opened"));
    let json = backstop(&folder, &["replay", "scenario.toml", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["untested"].as_array().unwrap().len(), 1);
}

#[test]
fn prices_in_another_quote_cannot_be_one_market_with_the_others() {
    let folder = tempfile::tempdir().unwrap();
    // By its level: dollars beside euros.
    let own = "points_of = \"a\"";
    let euros = "points = [{ at = 2025-12-31T23:00:00Z, price = \"9.1\" }, { at = 2026-01-01T01:00:00Z, price = \"9.1\" }, { at = 2026-01-01T02:00:00Z, price = \"6.4\" }]";
    write(&folder, &SMALL.replace(own, euros));
    let (terminal, page) = both(&folder, &["scenario.toml"], 3);
    assert!(terminal.starts_with("NOTHING TESTED: ") && page.contains("cannot be one market in one quote"));
    assert!(terminal.contains("source \"a\" is 9."), "{terminal}");
    // By what its file says, whatever the level is.
    write(&folder, SMALL);
    fall(
        &folder,
        "Kraken_ATOMEUR_1m.csv",
        SMALL_START - 3_600,
        60,
        240,
        10.0,
    );
    let (terminal, page) = both(
        &folder,
        &["scenario.toml", "--prices", "a=Kraken_ATOMEUR_1m.csv"],
        3,
    );
    assert!(terminal.starts_with("NOTHING TESTED: "), "{terminal}");
    for text in [terminal, page] {
        assert!(
            text.contains("is of ATOM/EUR, and the scenario&#39;s market is ATOM/USD")
                || text.contains("is of ATOM/EUR, and the scenario's market is ATOM/USD"),
            "{text}"
        );
    }
    // Dollars and what stands for them are one quote.
    fall(
        &folder,
        "Kraken_ATOMUSDT_1m.csv",
        SMALL_START - 3_600,
        60,
        240,
        10.0,
    );
    both(
        &folder,
        &["scenario.toml", "--prices", "a=Kraken_ATOMUSDT_1m.csv"],
        0,
    );
}

#[test]
fn what_a_scenario_expects_of_its_own_prices_is_not_held_against_others_and_a_note_says_so() {
    let folder = tempfile::tempdir().unwrap();
    write(
        &folder,
        &format!("{SMALL}\n[expect.on]\nshortfalls_min = 1_000\n"),
    );
    both(&folder, &["scenario.toml"], 1);
    fall(&folder, "ATOM_USD.csv", SMALL_START - 3_600, 60, 240, 10.0);
    let (terminal, page) = both(&folder, &["scenario.toml", "--prices", "a=ATOM_USD.csv"], 0);
    let note = "was written for other prices";
    assert!(terminal.starts_with("note: ") && terminal.contains(note) && page.contains(note));
    assert!(!terminal.contains("EXPECTED"));
}

#[test]
fn every_shipped_scenario_tests_something_with_the_breaker_and_without() {
    let scenarios = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")).unwrap();
    for scenario in scenarios {
        let name = scenario.unwrap().file_name();
        let report = Report::from(&shared(name.to_str().unwrap(), true));
        for run in [&report, report.off.as_deref().unwrap()] {
            assert!(
                run.untested.is_empty() && run.notes.is_empty(),
                "{:?}",
                run.untested
            );
        }
    }
}
