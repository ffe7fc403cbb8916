//! Bad input is a typed error that says where, what, and which bound, and the
//! program ends with exit code 2.

use std::path::Path;
use std::process::Command;

use crate::common::{SMALL, args, replay, shipped, write};

/// What is wrong, what replaces what in the small scenario, and what the error
/// must name.
const BAD: [(&str, &str, &str, &[&str]); 17] = [
    ("not TOML", "name = \"small\"", "name = ", &["scenario.toml:2"]),
    (
        "an unknown key",
        "seed = 1",
        "sede = 1",
        &["scenario.toml:4", "unknown field `sede`"],
    ),
    (
        "an unknown table",
        "[traders]",
        "[trader]",
        &["unknown field `trader`"],
    ),
    (
        "no such kind",
        "kind = \"pyth\"",
        "kind = \"python\"",
        &["unknown variant `python`"],
    ),
    (
        "time runs back",
        "end = 2026-01-01T02",
        "end = 2025-01-01T02",
        &["time.end", "after time.start"],
    ),
    (
        "a time that no chain reaches",
        "end = 2026-01-01T02",
        "end = 9999-01-01T02",
        &["time.end is 9999", "2500-01-01"],
    ),
    (
        "no blocks",
        "block = 60",
        "block = 0",
        &["time.block is 0", "from 1 to 86400"],
    ),
    (
        "a price that is no decimal",
        "price = \"7\"",
        "price = \"seven\"",
        &["seven", "decimal"],
    ),
    (
        "a float for a price",
        "price = \"7\"",
        "price = 7.0",
        &["decimal of at most 18 places"],
    ),
    (
        "points out of order",
        "at = 2026-01-01T01",
        "at = 2024-01-01T01",
        &["source[0].points[1].at"],
    ),
    (
        "nobody of that name",
        "points_of = \"a\"",
        "points_of = \"c\"",
        &["source[1].points_of is c"],
    ),
    (
        "two origins",
        "points_of = \"a\"",
        "points_of = \"a\"\ncsv = \"x.csv\"",
        &["exactly one of the three"],
    ),
    (
        "no such file",
        "points_of = \"a\"",
        "csv = \"x.csv\"",
        &["x.csv", "cannot be read"],
    ),
    (
        "too many traders",
        "count = 20",
        "count = 20_000",
        &["traders.count is 20000", "from 0 to 5000"],
    ),
    (
        "a parameter that the vault does not have",
        "[traders]",
        "[vault]\nunbonding = 5\n[traders]",
        &["vault.unbonding is 5", "unbonding_period"],
    ),
    (
        "a parameter that the breaker refuses",
        "[traders]",
        "[breaker]\nmax_jump = 9_999\n[traders]",
        &["[breaker] is refused", "max_jump is 9999", "from 200 to 9000"],
    ),
    (
        "terms that the vault refuses",
        "[traders]",
        "[policy]\nlimit = 0\n[traders]",
        &["[policy] is refused", "limit"],
    ),
];

#[test]
fn bad_input_is_refused_by_file_field_value_and_bound() {
    let folder = tempfile::tempdir().unwrap();
    for (what, from, to, parts) in BAD {
        assert!(SMALL.contains(from), "{what}");
        let path = write(&folder, &SMALL.replacen(from, to, 1));
        let error = replay(&args(&path))
            .err()
            .unwrap_or_else(|| panic!("{what} was accepted"));
        let text = error.to_string();
        for part in parts.iter().chain(&["scenario.toml", "next: "]) {
            assert!(
                text.contains(part) || part == &"scenario.toml" && text.contains("x.csv"),
                "{what}: {text}"
            );
        }
    }
}

#[test]
fn a_bad_row_of_a_csv_is_refused_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("x.csv"),
        "timestamp,price\n1767222000,10\n1767225600,ten\n",
    )
    .unwrap();
    let path = write(&folder, &SMALL.replace("points_of = \"a\"", "csv = \"x.csv\""));
    let text = replay(&args(&path)).unwrap_err().to_string();
    assert!(text.contains("x.csv:3: price is \"ten\""), "{text}");
}

fn backstop(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(arguments)
        .output()
        .unwrap()
}

fn code(path: &Path) -> Option<i32> {
    backstop(&["replay", "--quiet", path.to_str().unwrap()])
        .status
        .code()
}

#[test]
fn the_exit_code_tells_good_from_unexpected_from_bad() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&write(&folder, SMALL)), Some(0));
    let hopeful = format!("{SMALL}\n[expect.on]\nshortfalls_min = 1_000\n");
    assert_eq!(code(&write(&folder, &hopeful)), Some(1));
    assert_eq!(code(&write(&folder, "name = ")), Some(2));
    assert_eq!(code(Path::new("/nowhere/at-all.toml")), Some(2));
    assert_eq!(backstop(&["replay"]).status.code(), Some(2));
}

#[test]
fn the_report_is_written_whole_and_printed_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, SMALL);
    let out = folder.path().join("deep").join("out");
    let ran = backstop(&[
        "replay",
        path.to_str().unwrap(),
        "--json",
        "--out",
        out.to_str().unwrap(),
    ]);
    let printed: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let written: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("report.json")).unwrap()).unwrap();
    assert_eq!(printed, written);
    let mut left: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["plots", "report.html", "report.json"]);
    for field in ["scenario", "seed", "blocks", "market", "trace_sha256"] {
        assert!(!written[field].is_null(), "{field}");
    }
    for (table, fields) in [
        (
            "shortfalls",
            &["count", "asked", "deductible", "paid", "pending", "uncovered"][..],
        ),
        ("adl", &["events", "notional"]),
        (
            "vault",
            &["assets_start", "assets_end", "price_start", "price_end", "losses"],
        ),
        ("breaker", &["transitions"]),
        ("invariants", &["checks", "failures"]),
    ] {
        for field in fields {
            assert!(!written[table][field].is_null(), "{table}.{field}");
        }
    }
}

#[test]
fn the_summary_is_plain_text_away_from_a_terminal_and_says_what_happened() {
    let ran = backstop(&[
        "replay",
        shipped("btc-flash-2021-09.toml").to_str().unwrap(),
        "--compare",
    ]);
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(!text.contains('\u{1b}'), "{text}");
    // How fast it went is no part of the text.
    let pace = String::from_utf8(ran.stderr).unwrap();
    assert!(
        pace.lines().count() == 1 && pace.contains(" blocks in "),
        "{pace}"
    );
    for part in [
        "Stakers lost nothing.",
        "With the breaker the pool gave",
        "less for claims than without a breaker",
        "Shortfalls",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_replay_that_is_interrupted_leaves_the_old_report_and_no_half_one() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("report.json"), "old").unwrap();
    let mut running = Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["replay", "--quiet", "--compare", "--out", out.to_str().unwrap()])
        .arg(shipped("luna-2022-05.toml"))
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(150));
    running.kill().unwrap();
    assert!(
        !running.wait().unwrap().success(),
        "it was over before it was interrupted"
    );
    let left: Vec<_> = std::fs::read_dir(&out)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, ["report.json"]);
    assert_eq!(std::fs::read_to_string(out.join("report.json")).unwrap(), "old");
}
