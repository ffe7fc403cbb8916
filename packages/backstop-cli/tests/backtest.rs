//! The backtest: what it is asked and refuses, that its figures hang on nothing
//! but the seeds, what it measures, and that the table in the breaker's README
//! is what it prints.

use std::path::Path;
use std::process::Command;

use backstop_cli::args::{self, Args, BacktestArgs};
use backstop_cli::backtest::{Line, Means, Table};
use backstop_cli::command;
use backstop_cli::error::BadInput;
use clap::Parser;

/// Places of the settings in a line.
const OFF: usize = 0;
const UNCONFIRMED: usize = 1;
const DEFAULTS: usize = 2;

/// What the command line says.
fn read(words: &[&str]) -> Result<BacktestArgs, String> {
    let all = ["backstop", "backtest", "--quiet"].iter().chain(words);
    match Args::try_parse_from(all)
        .map_err(|error| error.to_string())?
        .command
    {
        args::Command::Backtest(args) => Ok(args),
        other => panic!("{other:?}"),
    }
}

fn run(words: &[&str]) -> Result<(Table, String), BadInput> {
    let mut out = vec![];
    let table = command::backtest::backtest(&read(words).unwrap(), &mut out)?;
    Ok((table, String::from_utf8(out).unwrap()))
}

fn table(words: &[&str]) -> Table {
    run(words).unwrap().0
}

fn line<'a>(table: &'a Table, name: &str) -> &'a Line {
    table.rows.iter().find(|line| line.name == name).unwrap()
}

fn nothing() -> Means {
    Means {
        bad_debt: 0,
        pool_paid: 0,
        waiting: 0,
        lost_to_false: 0,
        exposed_seconds: 0,
    }
}

#[test]
fn a_row_that_is_not_there_is_refused_with_those_that_are() {
    let refused = run(&["--row", "gap-54"]).unwrap_err();
    assert_eq!(refused.exit().code(), 2);
    let text = refused.to_string();
    assert!(text.contains("--row is gap-54"), "{text}");
    assert!(text.contains("gap-45") && text.contains("luna-2022-05"), "{text}");
}

#[test]
fn a_parameter_that_the_breaker_does_not_have_or_take_is_refused_before_anything_runs() {
    for (with, says) in [
        ("confirm_reading=10", "breaker.confirm_reading is 10"),
        ("confirm_readings=1", "confirm_readings is 1"),
        ("confirm_lineages=2", "confirm_lineages is 2"),
    ] {
        let refused = run(&["--row", "gap-45", "--with", with]).unwrap_err();
        assert_eq!(refused.exit().code(), 2);
        assert!(refused.to_string().contains(says), "{refused}");
    }
}

#[test]
fn numbers_out_of_bounds_and_two_formats_at_once_are_refused() {
    for words in [
        &["--seeds", "0"][..],
        &["--jobs", "0"],
        &["--seeds", "many"],
        &["--with", "confirm_readings"],
        &["--json", "--markdown"],
    ] {
        assert!(read(words).is_err(), "{words:?}");
    }
}

#[test]
fn a_rows_figures_are_the_same_with_any_number_of_jobs_and_others_with_other_seeds() {
    let of = |jobs, seeds| table(&["--row", "gap-45-back", "--jobs", jobs, "--seeds", seeds]);
    let one = of("1", "2");
    assert_eq!(one, of("3", "2"));
    assert_ne!(one.rows, of("2", "1").rows);
    assert_eq!(one.broken, 0);
}

#[test]
fn a_false_print_of_two_minutes_costs_nobody_anything_with_the_defaults() {
    let table = table(&["--row", "print-2m", "--seeds", "5"]);
    let line = line(&table, "print-2m");
    assert_eq!(line.settings[DEFAULTS], nothing());
    assert_eq!(line.settings[UNCONFIRMED], nothing());
    // The print is not without force.
    assert!(line.settings[OFF].lost_to_false > 0);
}

#[test]
fn one_lineage_of_three_that_lies_costs_nobody_anything_with_a_breaker() {
    let table = table(&["--row", "one-wrong", "--seeds", "3"]);
    let line = line(&table, "one-wrong");
    assert_eq!(line.settings[DEFAULTS], nothing());
    assert!(line.settings[OFF].lost_to_false > 0);
}

#[test]
fn a_gap_that_stays_is_liquidated_within_minutes_once_it_is_confirmed() {
    let table = table(&["--row", "gap-45", "--seeds", "3"]);
    let line = line(&table, "gap-45");
    let minutes = |setting: usize| line.settings[setting].exposed_seconds / 60;
    assert!(minutes(DEFAULTS) <= 4, "{line:?}");
    assert!(minutes(UNCONFIRMED) > 60, "{line:?}");
    for means in &line.settings {
        assert_eq!(means.lost_to_false, 0);
    }
}

#[test]
fn a_false_print_of_ten_minutes_is_paid_by_traders_and_never_by_the_pool() {
    let table = table(&["--row", "print-10m", "--seeds", "3"]);
    let line = line(&table, "print-10m");
    let means = line.settings[DEFAULTS];
    assert!(means.lost_to_false > 0 && means.bad_debt > 0, "{means:?}");
    assert_eq!((means.pool_paid, means.waiting), (0, 0));
    assert_eq!(line.settings[UNCONFIRMED], nothing());
}

#[test]
fn a_factor_that_is_missing_is_not_confirmed_however_long_it_lasts() {
    let table = table(&["--row", "factor-2000th", "--row", "factor-1000", "--seeds", "2"]);
    for line in &table.rows {
        assert_eq!(line.settings[DEFAULTS], nothing(), "{}", line.name);
        assert!(line.settings[OFF].pool_paid > 0, "{}", line.name);
    }
}

#[test]
fn the_confirmation_of_a_pump_costs_the_pool_nothing_beyond_what_it_pays_before_the_trip() {
    let table = table(&["--row", "pump-20m", "--row", "pump-40m", "--seeds", "3"]);
    for line in &table.rows {
        let paid = |setting: usize| line.settings[setting].pool_paid;
        assert_eq!(paid(DEFAULTS), paid(UNCONFIRMED), "{}", line.name);
        assert_eq!(line.settings[DEFAULTS].waiting, 0, "{}", line.name);
    }
}

#[test]
fn json_has_every_setting_of_every_row_and_amounts_in_base_units() {
    let (table, text) = run(&[
        "--row",
        "print-2m",
        "--seeds",
        "1",
        "--json",
        "--with",
        "confirm_readings=10",
    ])
    .unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let row = &json["rows"][0];
    assert_eq!(row["name"], "print-2m");
    assert_eq!(row["kind"], "false_print");
    assert_eq!(row["settings"].as_array().unwrap().len(), 4);
    assert_eq!(json["settings"][3], "confirm_readings = 10");
    let lost = table.rows[0].settings[OFF].lost_to_false;
    assert_eq!(row["settings"][OFF]["lost_to_false"], lost.to_string());
}

#[test]
fn the_program_ends_with_0_when_all_ran_and_with_2_on_bad_input() {
    let code = |words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_backstop"));
        program.args(["backtest", "--quiet"]).args(words);
        program.output().unwrap().status.code()
    };
    assert_eq!(code(&["--row", "print-2m", "--seeds", "1"]), Some(0));
    assert_eq!(code(&["--row", "print-2h"]), Some(2));
    assert_eq!(code(&["--seeds", "0"]), Some(2));
}

/// Rows that take a second each.
const CHEAP: [&str; 2] = ["print-2m", "v-shape"];

#[test]
fn the_breakers_readme_says_what_the_command_prints() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/oracle-breaker/README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let (_, after) = readme.split_once("<!-- backtest: begin -->").unwrap();
    let (written, _) = after.split_once("<!-- backtest: end -->").unwrap();
    let words = CHEAP.iter().flat_map(|row| ["--row", row]);
    let words: Vec<&str> = words.chain(["--markdown"]).collect();
    let (_, printed) = run(&words).unwrap();
    let mut rows = 0;
    for line in printed.lines().filter(|line| !line.is_empty()) {
        assert!(
            written.lines().any(|other| other == line),
            "{line}\nis not in\n{written}"
        );
        rows += usize::from(CHEAP.iter().any(|row| line.starts_with(&format!("| `{row}`"))));
    }
    assert_eq!(rows, CHEAP.len());
}
