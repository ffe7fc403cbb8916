//! Conclusions that a report led to and that were wrong: each is a test of the right one.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use crate::common::{SMALL, args, backstop, replay, said, shipped, write};
use backstop_cli::report::compare;
use backstop_cli::report::json::Json as Report;
use backstop_cli::report::tone::Tone;
use backstop_cli::report::words;
use tempfile::TempDir;

/// Late keepers and a small policy: a fall of which the pool feels something.
const LATE: &str = r#"
[keepers]
latency = 20
depth = 2
[vault]
pool_fraction = "0.3"
[policy]
limit = 20_000_000_000
deductible = 500_000_000
instant = 5_000_000_000
minimum = 10_000_000
delay = 21_600
"#;

/// A scenario of half a day: calm for four hours, down by 30 % in twenty minutes.
fn fall(folder: &TempDir, change: impl Fn(String) -> String) -> PathBuf {
    let third =
        "[[source]]\nname = \"c\"\nkind = \"reporter\"\nlineage = \"c\"\npoints_of = \"a\"\n\n[traders]\n";
    let text = SMALL
        .replace("[traders]\n", third)
        .replace("2026-01-01T02:00:00Z\nblock", "2026-01-01T12:00:00Z\nblock");
    let points =
        "  { at = 2026-01-01T01:00:00Z, price = \"10\" },\n  { at = 2026-01-01T02:00:00Z, price = \"7\" },\n";
    let falls = "  { at = 2026-01-01T04:00:00Z, price = \"10\" },\n  { at = 2026-01-01T04:20:00Z, price = \"7\" },\n  { at = 2026-01-01T06:00:00Z, price = \"6\" },\n";
    assert!(text.contains(points));
    let text = text.replace(points, falls);
    let text = text.replace(
        "count = 20\n",
        "count = 80\nlong_share_bps = 7_000\nleverage = { kind = \"uniform\", min = 4, max = 9 }\n",
    );
    let text = text.replace(
        "[stakers]\ncount = 5\n",
        "[stakers]\ncount = 10\ndeposit = { kind = \"fixed\", value = 20_000_000_000 }\nunbonds_per_day = 0.0\n",
    );
    write(folder, &change(text + LATE))
}

fn part(value: &serde_json::Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn what_came_back_to_stakers_is_not_lost_and_makes_no_bad_year() {
    let folder = tempfile::tempdir().unwrap();
    // No blocks over the fall: claims are held, and lapse. All that was set aside comes back.
    let halt = "block = 60\nhalt = [{ from = 2026-01-01T04:05:00Z, until = 2026-01-01T06:30:00Z }]\n";
    // And the price recovers a little, so that the claims' own is outside of the trip's span.
    let low = "2026-01-01T06:00:00Z, price = \"6\" },\n";
    let up = format!("{low}  {{ at = 2026-01-01T12:00:00Z, price = \"6.2\" }},\n");
    let margins = "[perps]\ninitial_margin = 1_000\nmaintenance_margin = 500\n";
    let path = fall(&folder, |text| {
        text.replace("block = 60\n", halt).replace(low, &up) + margins
    });
    let run = replay(&args(&path)).unwrap();
    assert_ne!(run.vault.recovered, "0", "the case is not the one that is meant");
    assert_eq!((run.vault.paid.as_str(), run.vault.waiting.as_str()), ("0", "0"));
    assert!(part(&run.yields.net_return) >= 0.0, "the stayer lost nothing");
    let year = part(&run.yields.year_with_crashes);
    assert!(year >= 0.0, "and a year with this is said to bring {year}");
}

#[test]
fn a_quiet_year_is_of_the_pool_that_the_policy_leans_on_and_not_of_its_first_deposits() {
    let folder = tempfile::tempdir().unwrap();
    let late = |text: String| text.replace("unbonds_per_day", "arrive_within = 7_200\nunbonds_per_day");
    let run = replay(&args(&fall(&folder, late))).unwrap();
    let quiet = part(&run.yields.quiet_year);
    // 200,000 staked within two hours, a limit of 20,000: no curve pays double the stake.
    assert!(quiet < 0.05, "a quiet year brings {quiet}");
}

#[test]
fn winners_bore_the_same_in_one_run_and_under_seeds() {
    let folder = tempfile::tempdir().unwrap();
    // It ends before the claims' delay does: some wait.
    let path = fall(&folder, |text| {
        text.replace("2026-01-01T12:00:00Z\nblock", "2026-01-01T06:00:00Z\nblock")
    });
    let one = replay(&args(&path)).unwrap();
    assert_ne!(
        one.bearers.open_waiting, "0",
        "the case is not the one that is meant"
    );
    let name = path.to_str().unwrap();
    let output = backstop(&folder, &["replay", name, "--seeds", "1..2", "--json"]);
    let seeds: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let bore = &seeds["settings"][0]["runs"][0]["figures"]["winners_bore"];
    assert_eq!(bore.as_str().unwrap(), one.bearers.winners);
}

/// Prices of each minute for so many hours, then one in fifty minutes while they fall.
fn sparse(folder: &TempDir) -> PathBuf {
    for (name, late) in [("x", 0), ("y", 7)] {
        let (mut text, mut at, mut price) = ("time,price\n".to_string(), 1_767_225_600_u64, 100.0_f64);
        for n in 0..400 {
            writeln!(
                text,
                "{at},{:.4}",
                price + f64::from(n % 7) * 0.003 + f64::from(late) * 0.001
            )
            .unwrap();
            at += 60;
        }
        for _ in 0..24 {
            (at, price) = (at + 3_000 + late as u64, price * 0.96);
            writeln!(text, "{at},{price:.4}").unwrap();
        }
        fs::write(folder.path().join(format!("{name}.csv")), text).unwrap();
    }
    let source = |name: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\nkind = \"reporter\"\nlineage = \"{name}\"\ncsv = \"{name}.csv\"\n"
        )
    };
    let (head, rest) = SMALL.split_once("[[source]]").unwrap();
    let people = &rest[rest.find("[traders]").unwrap()..];
    let head = head.replace("2026-01-01T02:00:00Z", "2026-01-02T02:00:00Z");
    write(
        folder,
        &format!("{head}{}{}{people}{LATE}", source("x"), source("y")),
    )
}

#[test]
fn sources_without_a_fresh_price_in_most_of_a_run_test_nothing_whatever_their_usual_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = sparse(&folder);
    let output = backstop(&folder, &["replay", path.to_str().unwrap()]);
    let text = said(&output.stdout);
    assert!(text.contains("positions were opened and 0 liquidated"), "{text}");
    assert_eq!(
        output.status.code(),
        Some(3),
        "denied for 19 of 26 hours, and all is well"
    );
    assert!(!text.contains("Stakers lost nothing"));
}

#[test]
fn a_headline_names_the_hole_that_nobody_was_asked_for() {
    // FTT without a breaker: no shortfall, and a hole that the exchange does not see.
    let mut args = args(&shipped("ftt-2022-11.toml"));
    args.compare = true;
    let run = replay(&args).unwrap();
    let off = run.off.as_deref().unwrap();
    assert_ne!(off.exchange.underwater_at_market, "0");
    let whole = crate::common::whole(&args).unwrap();
    let record = &whole.other().unwrap().record;
    let headline = words::headline(record);
    assert!(
        headline.contains("below zero at the end, and nobody has been asked for it"),
        "{headline}"
    );
    assert_eq!(Tone::of(record, true), Tone::Bad);
}

#[test]
fn a_move_before_the_first_position_tests_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // Down by 30 % in the first ten minutes, and flat for the rest of the day.
    let path = fall(&folder, |text| {
        text.replace("2025-12-31T23:00:00Z", "2026-01-01T00:00:00Z")
            .replace(
                "2026-01-01T04:00:00Z, price = \"10\"",
                "2026-01-01T00:10:00Z, price = \"7\"",
            )
            .replace("2026-01-01T04:20:00Z", "2026-01-01T00:20:00Z")
            .replace(
                "2026-01-01T06:00:00Z, price = \"6\"",
                "2026-01-01T12:00:00Z, price = \"7.01\"",
            )
            .replace("noise_bps = 10", "noise_bps = 1")
            .replace("arrive_within = 3_600", "arrive_within = 10_800")
    });
    let output = backstop(&folder, &["replay", path.to_str().unwrap()]);
    let text = said(&output.stdout);
    assert!(text.contains("positions were opened and 0 liquidated"), "{text}");
    assert_eq!(output.status.code(), Some(3), "{text}");
}

#[test]
fn the_table_of_all_says_which_rows_tested_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["replay", "--all", "--seeds", "2", "--set", "breaker.max_age=5"];
    let output = backstop(&folder, &words);
    assert_eq!(output.status.code(), Some(3));
    let all = said(&output.stdout) + &said(&output.stderr);
    assert!(all.to_lowercase().contains("nothing tested"), "{all}");
}

#[test]
fn seeds_that_test_nothing_are_told_on_standard_error_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, &SMALL.replace("count = 20", "count = 0"));
    let words = [
        "replay",
        path.to_str().unwrap(),
        "--seeds",
        "2",
        "--set",
        "breaker.max_age=5",
        "-q",
    ];
    let output = backstop(&folder, &words);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output.stderr).contains("Nothing tested with breaker.max_age=5, in 2 of 2 runs"));
}

#[test]
fn prices_that_come_with_every_block_are_fresh_however_short_their_age_may_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, SMALL);
    let output = backstop(
        &folder,
        &[
            "replay",
            path.to_str().unwrap(),
            "--set",
            "breaker.max_age=5",
            "--json",
        ],
    );
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        report["against"]["exchange"]["opened"],
        report["exchange"]["opened"]
    );
    assert_eq!(report["against"]["shortfalls"], report["shortfalls"]);
    assert_eq!(report["against"]["untested"], serde_json::json!([]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_could_not_be_written_is_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let path = write(&folder, SMALL);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_backstop"))
        .args(["replay", path.to_str().unwrap(), "--json", "-q"])
        .stdout(full)
        .status()
        .unwrap();
    assert_ne!(status.code(), Some(0));
}

#[test]
fn a_larger_limit_that_costs_the_pool_as_much_has_the_same_break_even_premium() {
    let folder = tempfile::tempdir().unwrap();
    let mut args = args(&fall(&folder, |text| text));
    // Nothing of the limit was in the way: the pool gives as much, and not less.
    args.set = vec!["policy.limit=+900%".parse().unwrap()];
    let own = replay(&args).unwrap();
    let more = own.against.as_deref().unwrap();
    let lost = |run: &Report| run.yields.lost.parse::<u128>().unwrap();
    assert!(lost(more) >= lost(&own) && lost(&own) > 0);
    let premium = |run: &Report| {
        run.yields
            .break_even_premium
            .clone()
            .unwrap()
            .parse::<u128>()
            .unwrap()
    };
    assert!(premium(more) >= premium(&own));
    // As a part of the limit it is less, and so that is no figure of a comparison.
    let figures = &own.compared[0].figures;
    let of = |name: &str| figures.iter().find(|figure| figure.figure == name);
    assert!(of("break_even_premium").is_some() && of("break_even_rate").is_none());
}

#[test]
fn a_long_halt_after_a_year_breaks_no_invariant_of_the_contracts() {
    let folder = tempfile::tempdir().unwrap();
    let halt = "block = 21_600\nhalt = [{ from = 2026-12-25T00:00:00Z, until = 2027-01-25T00:00:00Z }]\n";
    let text = SMALL
        .replace("block = 60\n", halt)
        .replace("end = 2026-01-01T02:00:00Z", "end = 2027-03-15T12:00:00Z")
        .replace("noise_bps", "every = 21_600\nnoise_bps");
    let more = "[breaker]\nmax_age = 43_200\n[yield]\npremium_bps = 1_000\n";
    let run = replay(&args(&write(&folder, &(text + more)))).unwrap();
    assert_eq!(run.invariants.failures, 0, "{:?}", run.invariants.found);
}

#[test]
fn positions_that_no_price_could_reach_test_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // A fall by 40 % of positions that put up nearly all of what they are worth.
    let path = fall(&folder, |text| {
        text.replace("min = 4, max = 9", "min = 1, max = 1.1")
            .replace("long_share_bps = 7_000", "long_share_bps = 10_000")
    });
    let output = backstop(&folder, &["replay", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output.stdout));
}

#[test]
fn a_plus_without_a_percent_is_refused_and_not_taken_for_the_value() {
    let folder = tempfile::tempdir().unwrap();
    let output = backstop(
        &folder,
        &["replay", "luna-2022-05", "--set", "breaker.max_jump=+500"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output.stderr).contains("a sign without a percent"));
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_before_the_replay() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("taken"), "a file").unwrap();
    let output = backstop(
        &folder,
        &["replay", "luna-2022-05", "--out", "taken", "--seeds", "2"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_change_that_never_mattered_in_one_draw_is_said_so() {
    let mut args = args(&shipped("black-thursday-2020-03.toml"));
    args.set = vec!["policy.limit=+50%".parse().unwrap()];
    let whole = crate::common::whole(&args).unwrap();
    let told = compare::differences(&whole.other().unwrap().record, &whole.record);
    assert!(
        told.last().unwrap().starts_with("Nothing that happened differs"),
        "{told:?}"
    );
    // Where something differs, it is not.
    args.set = vec!["policy.limit=-60%".parse().unwrap()];
    let whole = crate::common::whole(&args).unwrap();
    let told = compare::differences(&whole.other().unwrap().record, &whole.record);
    assert!(
        !told.last().unwrap().starts_with("Nothing that happened differs"),
        "{told:?}"
    );
}

#[test]
fn nothing_is_held_against_other_parameters_and_a_rare_cost_shows_in_the_mean() {
    let folder = tempfile::tempdir().unwrap();
    let words = [
        "replay",
        "black-thursday-2020-03",
        "--seeds",
        "5..7",
        "--set",
        "policy.limit=+50%",
        "--out",
        "out",
    ];
    let output = backstop(&folder, &words);
    let text = said(&output.stdout);
    assert!(text.contains(" on the mean, "), "{text}");
    let page = fs::read_to_string(folder.path().join("out/seeds.html")).unwrap();
    // A column for the scenario's own parameters, and none for the others.
    assert_eq!(page.matches(">as expected<").count(), 1);
    let seeds = fs::read_to_string(folder.path().join("out/seeds.json")).unwrap();
    let seeds: serde_json::Value = serde_json::from_str(&seeds).unwrap();
    let figures = seeds["paired"][0]["figures"].as_array().unwrap();
    let paid = figures
        .iter()
        .find(|figure| figure["figure"] == "pool_paid")
        .unwrap();
    let by_seed = paid["by_seed"].as_array().unwrap().iter();
    let sum: i128 = by_seed
        .map(|value| value.as_str().unwrap().parse::<i128>().unwrap())
        .sum();
    assert_eq!(paid["mean"], (sum / 3).to_string());
    assert!(sum > 0);
}

#[test]
fn a_shipped_scenario_is_written_out_as_its_file_and_replays_as_it() {
    let folder = tempfile::tempdir().unwrap();
    let shown = backstop(&folder, &["scenario", "show", "btc-flash-2021-09"]);
    let file = fs::read_to_string(shipped("btc-flash-2021-09.toml")).unwrap();
    assert_eq!(said(&shown.stdout), file);
    let refused = backstop(&folder, &["scenario", "show", "btc"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused.stderr).contains("luna-2022-05"));
}

#[test]
fn reference_stakers_are_no_pool_of_their_own_whatever_the_assets_decimals() {
    let folder = tempfile::tempdir().unwrap();
    let margins = "[perps]\ninitial_margin = 1_000\nmaintenance_margin = 500\n";
    let of = |decimals: u32| {
        let market = format!("name = \"ATOM/USD\"\ndecimals = {decimals}\n");
        let path = fall(&folder, |text| {
            text.replace("name = \"ATOM/USD\"\n", &market) + margins
        });
        replay(&args(&path)).unwrap()
    };
    // The same base units: only what a whole unit is differs.
    let (six, eighteen) = (of(6), of(18));
    assert!(
        part(&six.yields.stayer_loss) > 0.005,
        "the case is not the one that is meant"
    );
    for (here, there) in [
        (part(&six.yields.stayer_loss), part(&eighteen.yields.stayer_loss)),
        (
            six.vault.assets_start.parse().unwrap(),
            eighteen.vault.assets_start.parse().unwrap(),
        ),
    ] {
        assert!((there / here - 1.0).abs() < 0.25, "{here} and {there}");
    }
}
