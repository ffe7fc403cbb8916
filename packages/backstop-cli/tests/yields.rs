//! What stakers earn in a replay, by the contracts, and what cover would have to cost.

use std::path::Path;

use crate::common::{SMALL, args, backstop, number, replay, said, shipped, write};
use backstop_cli::command::replay_seeds;
use backstop_cli::report::json::{Json as Report, ReferenceStaker};
use backstop_cli::seeds::json::Json as Seeds;
use tempfile::TempDir;

/// The small scenario with these tables, where nobody leaves by chance.
fn small(change: impl Fn(String) -> String) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let text = SMALL.replace("count = 5", "count = 5\nunbonds_per_day = 0.0");
    replay(&args(&write(&folder, &change(text)))).unwrap()
}

fn stayer(run: &Report) -> &ReferenceStaker {
    run.reference_stakers
        .iter()
        .find(|stay| stay.who == "stayer")
        .unwrap()
}

/// A part of a whole, as reports write it.
fn part(value: &serde_json::Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

/// What `income` a year is in so many seconds to a thousand whole of these assets.
fn share_of(income: u128, seconds: u128, run: &Report) -> u128 {
    let deposit = number(&stayer(run).put_in);
    income * seconds / (365 * 86_400) * deposit / number(&run.vault.assets_start)
}

#[test]
fn a_stayer_earns_its_part_of_premium_and_emissions_for_as_long_as_the_replay_lasts() {
    let stated = "[yield]\npremium_bps = 400\nemissions = 3_650_000_000_000\n";
    let run = small(|text| format!("{text}{stated}[policy]\nlimit = 100_000_000_000\n"));
    assert!(run.yields.premium_stated);
    assert_eq!(number(&run.yields.premium), 4_000_000_000);
    // From one block before the first to the last; the early leaver, one part in fifty,
    // earns nothing in the second half.
    let least = share_of(3_654_000_000_000, 7_260, &run);
    let earned = number(&stayer(&run).earned);
    assert!(
        least <= earned + 1 && earned <= least + least / 40,
        "{least} {earned}"
    );
    let early = number(&run.reference_stakers[0].earned);
    assert!(early < earned && early > earned / 3, "{early} {earned}");
    let gross = part(&run.yields.gross_return);
    assert!((gross - earned as f64 / 1e9).abs() < 1e-9, "{gross}");
    assert_eq!(run.yields.gross_return, run.yields.net_return);
    let quiet = 3_654e9 / number(&run.vault.assets_start) as f64;
    assert!((part(&run.yields.quiet_year) - quiet).abs() < 1e-8);
}

#[test]
fn a_replay_of_more_than_a_year_pays_all_of_it() {
    let run = small(|text| {
        let long = text.replace("end = 2026-01-01T02:00:00Z", "end = 2027-03-01T00:00:00Z");
        let long = long.replace("block = 60", "block = 86_400");
        format!("{long}[yield]\npremium_bps = 0\nemissions = 36_500_000_000\n")
    });
    // Some stakers withdraw, so that the others' part is more.
    let whole = share_of(36_500_000_000, 425 * 86_400, &run);
    let earned = number(&stayer(&run).earned);
    assert!(
        whole <= earned + whole / 100 && earned <= whole + whole / 20,
        "{whole} {earned}"
    );
}

#[test]
fn without_a_statement_the_premium_is_what_the_vault_asks_and_its_multiplier_counts() {
    let of = |multiplier: &str| {
        let mut args = args(&shipped("luna-2022-05.toml"));
        if !multiplier.is_empty() {
            args.set = vec![format!("policy.premium={multiplier}").parse().unwrap()];
        }
        let run = replay(&args).unwrap();
        match run.against {
            Some(against) => *against,
            None => run,
        }
    };
    let (once, twice) = (of(""), of("20000"));
    let rate = |run: &Report| run.yields.premium_rate.parse::<f64>().unwrap();
    assert!(!once.yields.premium_stated && rate(&once) > 0.01);
    assert!((rate(&twice) / rate(&once) - 2.0).abs() < 1e-9);
    // The policy is in force all the same, and nothing that happens to others differs.
    assert!(number(&once.vault.paid) > 0);
    assert_eq!(once.vault.paid, twice.vault.paid);
    assert_eq!(once.yields.break_even_premium, twice.yields.break_even_premium);
    // Net is gross less what a share lost.
    let lost = 1.0 - once.vault.price_end.parse::<f64>().unwrap();
    let (gross, net) = (part(&once.yields.gross_return), part(&once.yields.net_return));
    assert!((gross - net - lost).abs() < 1e-8, "{gross} {net} {lost}");
}

#[test]
fn a_treasurys_part_of_the_premium_is_not_the_stakers() {
    let whole = small(|text| format!("{text}[yield]\npremium_bps = 1_000\n"));
    let part = small(|text| {
        format!(
            "{text}[yield]\npremium_bps = 1_000\n[vault]\ntreasury_part = 2_500\ntreasury = \"{}\"\n",
            cosmwasm_std::testing::MockApi::default().addr_make("treasury")
        )
    });
    assert_eq!(
        number(&part.yields.premium),
        number(&whole.yields.premium) * 3 / 4
    );
}

#[test]
fn over_seeds_the_break_even_premium_meets_the_mean_loss() {
    let mut args = args(Path::new("luna-2022-05"));
    args.compare = true;
    let outcome = replay_seeds::replay(&args, "1..4".parse().unwrap(), &mut std::io::sink()).unwrap();
    let json = Seeds::from(&outcome);
    for setting in &json.settings {
        let runs = setting.runs.iter();
        let lost: f64 = runs
            .map(|run| run.figures["pool_paid"].as_str().unwrap().parse::<f64>().unwrap())
            .sum();
        let expected = setting.expected.as_ref().unwrap();
        assert!((number(&expected.lost) as f64 - lost / 4.0).abs() <= 1.0);
        // LUNA's policy is of 60,000.
        let rate = part(expected.break_even_rate.as_ref().unwrap());
        assert!((rate - lost / 4.0 / 60_000e6).abs() < 1e-8, "{rate}");
        assert!((number(&expected.break_even_premium) as f64 - lost / 4.0).abs() <= 1.0);
    }
    let text = backstop_cli::seeds::text(&outcome, backstop_terminal::Paint::plain());
    assert!(
        text.contains("With such a crash once a year, a premium of "),
        "{text}"
    );
}

#[test]
fn a_yield_out_of_bounds_names_field_value_and_bound() {
    let folder: TempDir = tempfile::tempdir().unwrap();
    for (table, told) in [
        (
            "premium_bps = 100_001",
            "yield.premium_bps is 100001: must be from 0 to 100000",
        ),
        (
            "emissions = \"1000000000000001\"",
            "yield.emissions is 1000000000000001: must be from 0 to",
        ),
        (
            "crashes_a_year = 0",
            "yield.crashes_a_year is 0: must be from 0.01 to 100",
        ),
        (
            "crashes_a_year = 101",
            "yield.crashes_a_year is 101: must be from 0.01 to 100",
        ),
        ("rate = 5", "unknown field `rate`"),
    ] {
        write(&folder, &format!("{SMALL}[yield]\n{table}\n"));
        let ended = backstop(&folder, &["replay", "scenario.toml"]);
        assert_eq!(ended.status.code(), Some(2), "{table}");
        let error = said(&ended.stderr);
        assert!(error.contains(told), "{error}");
    }
    let ended = backstop(&folder, &["replay", "luna-2022-05", "--set", "policy.premium=0"]);
    let error = said(&ended.stderr);
    assert!(
        ended.status.code() == Some(2) && error.contains("premium"),
        "{error}"
    );
}
