//! The real week of LUNA, where its series are at hand, and how fast it goes.

mod common;

use common::{args, data, replay, write};

const PEOPLE: &str = r#"
[traders]
count = 100
arrive_within = 40_000
margin = { kind = "lognormal", median = 2_500_000_000, sigma = 1.1, min = 100_000_000, max = 100_000_000_000 }
return_share_bps = 9_000

[stakers]
count = 30
"#;

#[test]
fn the_real_tenth_of_may_replays_with_every_invariant_held() {
    let Some(data) = data() else { return };
    let scenario = format!(
        r#"
name = "luna-2022-05-10"
title = "LUNA on 10 May 2022, an exchange's bars and a feed's prices"

[time]
start = 2022-05-10T00:02:00Z
end = 2022-05-10T23:59:00Z

[market]
name = "LUNA/USD"

[[source]]
name = "exchange"
kind = "pyth"
lineage = "exchange"
csv = "{0}/LUNA_USDT_binance_1m_2022-05.csv"

[[source]]
name = "feed"
kind = "reporter"
lineage = "feed"
csv = "{0}/FEED_LUNA_USD_driftv1_onchain_2022-05-10.csv"
{PEOPLE}
[expect.on]
tripped = true
tripped_by = ["disagreement"]
"#,
        data.canonicalize().unwrap().display()
    );
    let folder = tempfile::tempdir().unwrap();
    let mut args = args(&write(&folder, &scenario));
    args.compare = true;
    let report = replay(&args).unwrap();
    assert!(report.good(), "{:?} {:?}", report.invariants, report.expectations);
    assert_eq!(report.blocks, 1_438);
    assert!(report.exchange.liquidated > 0);
}

#[test]
#[ignore = "a measurement: run with --profile replay -- --ignored --nocapture"]
fn eleven_thousand_bars_with_two_hundred_traders_hold_every_invariant() {
    let source = |name: &str, kind: &str, rest: &str| {
        format!(
            "[[source]]\nname = \"{name}\"\nkind = \"{kind}\"\nlineage = \"{name}\"\nnoise_bps = 20\n{rest}\n"
        )
    };
    let points = "points = [{ at = 2022-05-05T00:00:00Z, price = \"86\" }, \
        { at = 2022-05-09T00:00:00Z, price = \"64\" }, { at = 2022-05-13T00:00:00Z, price = \"0.0001\" }]";
    let scenario = [
        "name = \"speed\"\ntitle = \"Eight days of minutes\"\n".to_string(),
        "[time]\nstart = 2022-05-05T00:00:00Z\nend = 2022-05-12T23:39:00Z\n".to_string(),
        "[market]\nname = \"LUNA/USD\"\n".to_string(),
        source("a", "pyth", points),
        source("b", "reporter", "points_of = \"a\""),
        source("c", "reporter", "points_of = \"a\""),
        "[traders]\ncount = 200\nreturn_share_bps = 10_000\ncloses_per_day = 4\n[stakers]\ncount = 50\n"
            .to_string(),
    ];
    let folder = tempfile::tempdir().unwrap();
    let begun = std::time::Instant::now();
    let report = replay(&args(&write(&folder, &scenario.concat()))).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    let speed = report.blocks as f64 / seconds;
    println!(
        "{} blocks, {} messages, {} checks in {seconds:.1} s: {speed:.0} blocks a second",
        report.blocks, report.steps, report.invariants.checks
    );
    assert!(report.blocks >= 11_500 && report.invariants.failures == 0);
}
