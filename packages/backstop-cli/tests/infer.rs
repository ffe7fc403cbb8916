//! `backstop scenario new` and `replay --prices`: a scenario is inferred from
//! price files alone, says why each number is what it is, and replays.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::{SMALL, args, good, replay, write};
use backstop_cli::infer::NamedFile;
use tempfile::TempDir;

/// 10 March 2023, 00:00 UTC.
const START: u64 = 1_678_406_400;

/// A price that wobbles, falls by four tenths in the middle, and stays there.
fn price(i: u64, of: u64) -> f64 {
    let wobble = 1.0 + 0.004 * ((i * 7 % 11) as f64 - 5.0) / 5.0;
    let fallen = ((i as f64 / of as f64 - 0.5) * 20.0).clamp(0.0, 1.0);
    20.0 * wobble * (1.0 - 0.4 * fallen)
}

/// `rows` lines, each by its number, its time and four prices.
fn lines(rows: u64, step: u64, line: impl Fn(u64, [f64; 4]) -> String) -> Vec<String> {
    let row = |i| {
        let (open, close) = (price(i, rows), price(i + 1, rows));
        line(START + i * step, [open, open.max(close), open.min(close), close])
    };
    (0..rows).map(row).collect()
}

fn moment(second: u64, format: &str) -> String {
    let moment = jiff::Timestamp::from_second(second as i64).unwrap();
    moment.strftime(format).to_string()
}

/// A file's name and content, by format.
fn formats() -> Vec<(&'static str, String)> {
    let kline = lines(240, 60, |at, [o, h, l, c]| {
        format!(
            "{at}000,{o:.4},{h:.4},{l:.4},{c:.4},1,{},1,1,1,1,0",
            at * 1_000 + 59_999
        )
    });
    let gecko = lines(60, 300, |at, [.., c]| {
        format!("{} UTC,{c:.6},1,1", moment(at, "%Y-%m-%d %H:%M:%S"))
    });
    let mut download = lines(96, 3_600, |at, [o, h, l, c]| {
        format!(
            "{at},{},ATOM/EUR,{o:.3},{h:.3},{l:.3},{c:.3},1,1",
            moment(at, "%Y-%m-%d %H:%M:%S")
        )
    });
    download.reverse();
    let yahoo = lines(60, 86_400, |at, [o, h, l, c]| {
        format!("{},{o:.5},{h:.5},{l:.5},{c:.5},{c:.5},1", moment(at, "%Y-%m-%d"))
    });
    let tabs = lines(200, 60, |at, [.., c]| {
        format!(
            "{}\t{}",
            moment(at, "%Y-%m-%d %H:%M"),
            format!("{c:.4}").replace('.', ",")
        )
    });
    vec![
        ("ATOMUSDT-1m-2023-03.csv", kline.join("\n")),
        (
            "atom-usd-max.csv",
            format!("snapped_at,price,market_cap,total_volume\n{}", gecko.join("\n")),
        ),
        (
            "Venue_hourly.csv",
            format!(
                "https://www.example.com\nunix,date,symbol,open,high,low,close,Volume ATOM,Volume EUR\n{}",
                download.join("\r\n")
            ),
        ),
        (
            "ATOM-USD.csv",
            format!("Date,Open,High,Low,Close,Adj Close,Volume\n{}", yahoo.join("\n")),
        ),
        ("prices.txt", format!("Time\tLast\n{}", tabs.join("\n"))),
    ]
}

fn file(folder: &TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn backstop(arguments: &[&dyn AsRef<std::ffi::OsStr>]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    for argument in arguments {
        command.arg(argument.as_ref());
    }
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_scenario_is_inferred_from_each_format_and_replays_with_exit_code_zero() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a folder");
    std::fs::create_dir(&deep).unwrap();
    for ((name, content), (market, block, max_age)) in formats().into_iter().zip([
        ("ATOM/USDT", 60, 120),
        ("ATOM/USD", 300, 600),
        ("ATOM/EUR", 3_600, 7_200),
        ("ATOM/USD", 3_600, 86_400),
        ("ASSET/USD", 60, 120),
    ]) {
        let csv = file(&folder, name, &content);
        let out = deep.join(format!("{name}.toml"));
        let ran = backstop(&[&"scenario", &"new", &csv, &"--out", &out]);
        assert_eq!(ran.status.code(), Some(0), "{name}: {}", text(&ran.stderr));

        let written = std::fs::read_to_string(&out).unwrap();
        assert!(written.contains(&format!("csv = \"../{name}\"")), "{written}");
        let scenario = backstop_replay::scenario::load(&out).unwrap();
        assert_eq!(scenario.market.name, market, "{name}");
        assert_eq!(scenario.time.block, block, "{name}");
        assert_eq!(scenario.breaker["max_age"].as_integer(), Some(max_age), "{name}");

        let ran = backstop(&[&"replay", &out, &"--quiet"]);
        assert_eq!(ran.status.code(), Some(0), "{name}: {}", text(&ran.stderr));
        let report = replay(&args(&out)).unwrap();
        assert!(
            report.invariants.checks > 0 && report.exchange.opened > 0,
            "{name}"
        );
    }
}

#[test]
fn what_is_inferred_follows_from_the_data_and_each_has_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (name, content) = formats().swap_remove(0);
    let csv = file(&folder, name, &content);
    let text = text(&backstop(&[&"scenario", &"new", &csv]).stdout);
    for part in [
        "name = \"atom-usdt-2023-03-10\"",
        // The first bar ends a minute after it begins, the last one at four.
        "start = 2023-03-10T00:01:00Z\nend = 2023-03-10T04:00:00Z",
        "# 240 bars, mostly 60 s apart; time from \"open_time\", price from \"close\".",
        "# A bar's close is known when the bar ends.",
        // 1 - 0.6 × 0.996 / 1.004, to a rounding.
        "by 40.5 %",
        "# NOT DATA: the breaker needs two lineages",
        "points_of = \"atomusdt-1m-2023-03\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Each table begins with a reason.
    let lines: Vec<&str> = text.lines().collect();
    for table in [
        "time", "market", "traders", "keepers", "lps", "stakers", "vault", "policy", "perps", "breaker",
    ] {
        let begin = lines
            .iter()
            .position(|line| *line == format!("[{table}]"))
            .unwrap();
        assert!(lines[begin + 1].starts_with("# "), "{table}: {text}");
    }
}

#[test]
fn two_files_are_two_sources_over_the_time_they_share() {
    let folder = tempfile::tempdir().unwrap();
    let of = |from: usize, until: usize| {
        let rows = lines(100, 60, |at, [.., c]| format!("{at},{c:.4}"));
        format!("time,price\n{}", rows[from..until].join("\n"))
    };
    let one = file(&folder, "binance_ATOM_USD.csv", &of(0, 80));
    let two = file(&folder, "kraken_ATOM_USDC.csv", &of(20, 100));
    let out = folder.path().join("both.toml");
    let ran = backstop(&[&"scenario", &"new", &one, &two, &"--out", &out]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    let scenario = backstop_replay::scenario::load(&out).unwrap();
    let names: Vec<&str> = scenario
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    assert_eq!(names, ["binance", "kraken"]);
    assert_eq!(
        (scenario.time.start.0, scenario.time.end.0),
        (START + 1_200, START + 79 * 60)
    );
    assert_eq!(backstop(&[&"replay", &out, &"--quiet"]).status.code(), Some(0));
}

#[test]
fn files_that_do_not_fit_together_are_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let of = |step: u64, from: usize, until: usize| {
        let rows = lines(100, step, |at, [.., c]| format!("{at},{c:.4}"));
        format!("time,price\n{}", rows[from..until].join("\n"))
    };
    let early = file(&folder, "ATOM_USD_early.csv", &of(60, 0, 40));
    let late = file(&folder, "ATOM_USD_late.csv", &of(60, 60, 100));
    let other = file(&folder, "BTC_USD.csv", &of(60, 0, 40));
    let weekly = file(&folder, "ATOM_USD_weekly.csv", &of(604_800, 0, 40));
    let refused = |arguments: &[&dyn AsRef<std::ffi::OsStr>], parts: &[&str]| {
        let ran = backstop(&[&[&"scenario" as &dyn AsRef<std::ffi::OsStr>, &"new"], arguments].concat());
        let message = text(&ran.stderr);
        assert_eq!(ran.status.code(), Some(2), "{message}");
        for part in parts.iter().chain(&["next: "]) {
            assert!(message.contains(part), "{part}: {message}");
        }
    };
    refused(&[&early, &late], &["of one time", "2023-03-10T01:39:00Z"]);
    refused(&[&early, &other], &["ATOM/USD and BTC/USD", "--market"]);
    refused(&[&weekly], &["a price every 604800 seconds", "one a day or more"]);
    refused(&[&early, &"--market", &"ATOM USD"], &["--market is \"ATOM USD\""]);
    refused(&[&"nowhere.csv"], &["nowhere.csv: cannot be read"]);
    let asked = backstop(&[
        &"scenario",
        &"new",
        &early,
        &other,
        &"--market",
        &"ATOM/USD",
        &"--name",
        &"two",
    ]);
    assert!(text(&asked.stdout).contains("# As asked.\nname = \"ATOM/USD\""));
    assert!(text(&asked.stdout).contains("name = \"two\""));
}

#[test]
fn a_file_is_overwritten_only_by_force() {
    let folder = tempfile::tempdir().unwrap();
    let (name, content) = formats().swap_remove(0);
    let csv = file(&folder, name, &content);
    let out = file(&folder, "mine.toml", "mine");
    let ran = backstop(&[&"scenario", &"new", &csv, &"--out", &out]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(text(&ran.stderr).contains("mine.toml: is there already"));
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
    let ran = backstop(&[&"scenario", &"new", &csv, &"--out", &out, &"--force"]);
    assert_eq!(ran.status.code(), Some(0));
    assert!(std::fs::read_to_string(&out).unwrap().starts_with("# Inferred"));
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 2);
}

fn prices(name: &str, path: &Path) -> NamedFile {
    NamedFile {
        name: name.to_string(),
        path: path.to_path_buf(),
    }
}

/// Minutes over the small scenario's time, falling by half.
fn small_prices() -> String {
    const BEGIN: u64 = 1_767_222_000;
    let mut text = "time,price\n".to_string();
    for minute in 0..200 {
        let price = if minute < 120 { 10.0 } else { 5.0 };
        writeln!(text, "{},{price}", BEGIN + minute * 60).unwrap();
    }
    text
}

#[test]
fn prices_replace_a_sources_series_as_if_the_scenario_named_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let csv = file(&elsewhere, "b.csv", &small_prices());
    let quoted = format!("csv = {:?}", csv.to_str().unwrap());
    let expected = replay(&args(&write(
        &folder,
        &SMALL.replace("points_of = \"a\"", &quoted),
    )))
    .unwrap();

    let mut with = args(&write(&folder, SMALL));
    let before = replay(&with).unwrap();
    with.prices = vec![prices("b", &csv)];
    let replaced = replay(&with).unwrap();
    assert_eq!(replaced.trace_sha256, expected.trace_sha256);
    assert_ne!(replaced.trace_sha256, before.trace_sha256);
    // The followers of a source follow its new series.
    with.prices = vec![prices("a", &csv)];
    let both = replay(&with).unwrap();
    assert!(
        good(&both) && both.breaker.trips == 1 && before.breaker.trips == 0,
        "{:?}",
        both.breaker
    );
}

#[test]
fn prices_for_nobody_or_twice_or_of_another_time_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let csv = file(&folder, "b.csv", &small_prices());
    let old = file(&folder, "old.csv", "time,price\n1652349600,1\n1652349660,2\n");
    let path = write(&folder, SMALL);
    let refused = |given: Vec<NamedFile>| {
        let mut with = args(&path);
        with.prices = given;
        replay(&with).unwrap_err().to_string()
    };
    let message = refused(vec![prices("c", &csv)]);
    assert!(
        message.contains("one of the scenario's sources: a, b"),
        "{message}"
    );
    let message = refused(vec![prices("a", &csv), prices("a", &old)]);
    assert!(message.contains("a source that has one file"), "{message}");
    let message = refused(vec![prices("a", &old)]);
    let range = "old.csv has: 2022-05-12T10:00:00Z to 2022-05-12T10:01:00Z";
    assert!(message.contains(range), "{message}");
    for bad in ["a", "=x.csv", "a="] {
        let ran = backstop(&[&"replay", &path, &"--prices", &bad]);
        assert_eq!(ran.status.code(), Some(2), "{bad}");
    }
}

#[test]
fn prices_alone_are_replayed_by_inference_and_the_summary_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let (name, content) = formats().swap_remove(0);
    let csv = file(&folder, name, &content);
    let given = format!("venue={}", csv.display());
    let ran = backstop(&[&"replay", &"--prices", &given]);
    let summary = text(&ran.stdout);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stderr));
    for part in [
        "inferred from one file, which two more sources follow",
        "venue-echo-1",
    ] {
        assert!(summary.contains(part), "{part}: {summary}");
    }
    // It is the scenario that would be written, the source's name aside.
    let out = folder.path().join("venue.toml");
    backstop(&[&"scenario", &"new", &csv, &"--out", &out]);
    let json = |arguments: &[&dyn AsRef<std::ffi::OsStr>]| -> serde_json::Value {
        serde_json::from_slice(&backstop(arguments).stdout).unwrap()
    };
    let alone = json(&[&"replay", &"--prices", &given, &"--json"]);
    let written = json(&[&"replay", &out, &"--json"]);
    assert_eq!(alone["trace_sha256"], written["trace_sha256"]);
}
