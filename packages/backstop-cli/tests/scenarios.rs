//! The shipped scenarios do what their files say, and a report's figures hold
//! together.

use crate::common::{SMALL, adds_up, args, blocks, good, number, replay, shared, shipped, too_long, write};
use backstop_cli::report::json::Json as Report;
use backstop_cli::report::write as write_report;

const SCENARIOS: [&str; 7] = [
    "btc-flash-2021-09.toml",
    "luna-2022-05.toml",
    "black-thursday-2020-03.toml",
    "eth-2021-05-19.toml",
    "usdc-2023-03.toml",
    "ftt-2022-11.toml",
    "atom-2025-10-10.toml",
];

fn compared(name: &str) -> Report {
    Report::from(&shared(name, true))
}

#[test]
fn each_shipped_scenario_goes_as_its_file_says_with_every_invariant_held() {
    let folder = tempfile::tempdir().unwrap();
    for name in SCENARIOS {
        let whole = shared(name, true);
        write_report(folder.path(), &whole).unwrap();
        let report = Report::from(&whole);
        let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
        let long: Vec<String> = blocks(&page).iter().flat_map(|block| too_long(block)).collect();
        assert!(
            long.is_empty(),
            "{name}: sentences of more than 35 words: {long:#?}"
        );
        let off = report.off.as_deref().unwrap();
        assert!(
            !report.expectations.is_empty() && !off.expectations.is_empty(),
            "{name}"
        );
        for run in [&report, off] {
            let missed: Vec<_> = run.expectations.iter().filter(|e| !e.met).collect();
            assert!(missed.is_empty(), "{name}: {missed:?}");
            assert_eq!(run.invariants.failures, 0, "{name}: {:?}", run.invariants.found);
            assert!(run.invariants.checks >= run.steps, "{name}");
        }
    }
}

#[test]
fn the_flash_print_costs_the_pool_nothing_with_the_breaker_and_something_without() {
    let on = compared("btc-flash-2021-09.toml");
    let off = on.off.as_deref().unwrap();
    assert_eq!(number(&on.vault.granted), 0);
    assert_eq!(on.vault.assets_end, on.vault.assets_start);
    assert_eq!(on.vault.price_end, "1");
    assert!(number(&off.vault.paid) > 0);
    assert!(number(&off.vault.assets_end) < number(&off.vault.assets_start));
}

#[test]
fn luna_shows_every_outcome_of_a_shortfall() {
    let report = compared("luna-2022-05.toml");
    let all = &report.shortfalls;
    for part in [&all.deductible, &all.paid, &all.pending, &report.adl.taken] {
        assert!(number(part) > 0);
    }
    // What would be refused whole is not asked for.
    assert!(all.unanswered > 0);
    assert!(report.adl.events > 0 && report.exchange.underwater > 0);
    // Without the breaker the exchange does not see what it has lost.
    let off = report.off.as_deref().unwrap();
    assert!(number(&off.vault.paid) < number(&report.vault.paid));
    assert!(number(&off.exchange.underwater_at_market) > 500_000_000_000);
}

#[test]
fn a_reports_sums_are_exact() {
    for name in SCENARIOS {
        let report = compared(name);
        for run in [&report, report.off.as_deref().unwrap()] {
            adds_up(run);
        }
    }
}

#[test]
fn a_seed_is_a_trace_and_another_seed_another() {
    let of = |seed| {
        let mut args = args(&shipped("btc-flash-2021-09.toml"));
        args.seed = Some(seed);
        let report = replay(&args).unwrap();
        (
            report.trace_sha256.clone(),
            serde_json::to_string(&report).unwrap(),
        )
    };
    let first = of(7);
    assert_eq!(first, of(7));
    assert_ne!(first.0, of(8).0);
    assert_eq!(first.0.len(), 64);
}

#[test]
fn a_cw20_asset_is_replayed_like_a_coin() {
    let folder = tempfile::tempdir().unwrap();
    let small = write(&folder, SMALL);
    let coin = replay(&args(&small)).unwrap();
    let cw20 = SMALL.replace("name = \"ATOM/USD\"", "name = \"ATOM/USD\"\ncw20 = true");
    let token = replay(&args(&write(&folder, &cw20))).unwrap();
    assert!(
        good(&coin) && good(&token),
        "{:?} {:?}",
        coin.invariants,
        token.invariants
    );
    assert!(coin.exchange.liquidated > 0);
    assert_eq!(token.exchange.liquidated, coin.exchange.liquidated);
    assert_eq!(token.vault.assets_end, coin.vault.assets_end);
}
