//! Every parameter's bounds to the unit: the last value inside is taken, and the
//! first one outside is refused by its name, when a market is added and when it
//! is updated.

mod support;

use backstop_types::breaker::{ExecuteMsg, MarketConfig, MarketParams, Source};
use backstop_types::{Bps, InputError, Seconds};
use cw_multi_test::IntoAddr;
use oracle_breaker::ContractError;
use support::*;

type Set = fn(&mut MarketParams, u32);

/// The bounds of each parameter, among others that leave it room.
fn bounds() -> Vec<(&'static str, u32, u32, Set)> {
    const DAY: u32 = 86_400;
    vec![
        ("max_age", 5, DAY, |p, v| p.max_age = Seconds(v.into())),
        ("max_future", 0, 300, |p, v| p.max_future = Seconds(v.into())),
        ("max_confidence", 1, 5_000, |p, v| p.max_confidence = Bps(v)),
        ("max_outlier", 10, 2_500, |p, v| p.max_outlier = Bps(v)),
        ("min_lineages", 2, 8, |p, v| p.min_lineages = v),
        ("max_disagreement", 20, 5_000, |p, v| p.max_disagreement = Bps(v)),
        ("max_jump", 50, 9_000, |p, v| p.max_jump = Bps(v)),
        ("jump_growth", 1, 10_000, |p, v| p.jump_growth = Bps(v)),
        ("reference_slew", 1, 10_000, |p, v| p.reference_slew = Bps(v)),
        ("guard_threshold", 1_000, 10_000, |p, v| {
            p.guard_threshold = Bps(v)
        }),
        ("guard_cooldown", 1, DAY, |p, v| {
            p.guard_cooldown = Seconds(v.into())
        }),
        ("cooldown", 60, 7 * DAY, |p, v| p.cooldown = Seconds(v.into())),
        ("recovery_readings", 1, 20, |p, v| p.recovery_readings = v),
        ("recovery_spacing", 1, 3_600, |p, v| {
            p.recovery_spacing = Seconds(v.into())
        }),
        ("recovery_tightness", 1_000, 10_000, |p, v| {
            p.recovery_tightness = Bps(v)
        }),
    ]
}

/// Parameters that leave every one room for its own bounds.
fn roomy() -> MarketParams {
    MarketParams {
        max_outlier: Bps(10),
        max_disagreement: Bps(5_000),
        max_jump: Bps(50),
        jump_growth: Bps(1),
        reference_slew: Bps(10_000),
        ..MarketParams::default()
    }
}

/// A market of so many reporters, each of a lineage of its own.
fn reported_by(count: usize, params: MarketParams) -> MarketConfig<String> {
    let sources = (0..count).map(|i| {
        let name = format!("source-{i}");
        Source::reporter(&name, &name, name.as_str().into_addr())
    });
    MarketConfig {
        sources: sources.collect(),
        params,
    }
}

fn field(refused: ContractError) -> String {
    match refused {
        ContractError::Input(InputError::OutOfBounds { field, .. }) => field,
        other => panic!("{other}"),
    }
}

#[test]
fn every_parameter_is_taken_at_its_bounds_and_refused_one_beyond() {
    let mut setup = Setup::bare();
    let owner = setup.owner.clone();
    for (name, least, most, set) in bounds() {
        let at = |value| {
            let mut params = roomy();
            set(&mut params, value);
            reported_by(8, params)
        };
        let update = |config| ExecuteMsg::UpdateMarket {
            market: name.to_string(),
            config,
        };
        setup.add_market(name, at(least)).unwrap();
        setup.send(&owner, &update(at(most))).unwrap();
        let beyond = [least.checked_sub(1), most.checked_add(1)];
        for value in beyond.into_iter().flatten() {
            let refused = setup.refused(&owner, &update(at(value)));
            assert_eq!(field(refused), name, "{value}");
            let refused = refusal(setup.add_market("OTHER", at(value)));
            assert_eq!(field(refused), name, "{value}");
        }
    }
}

#[test]
fn a_market_has_one_to_eight_sources_and_no_more_lineages_demanded_than_there_are() {
    let mut setup = Setup::bare();
    let with = |count, min_lineages| {
        let params = MarketParams {
            min_lineages,
            ..MarketParams::default()
        };
        reported_by(count, params)
    };
    setup.add_market("EIGHT", with(8, 8)).unwrap();
    setup.add_market("TWO", with(2, 2)).unwrap();
    for (count, least, name) in [
        (9, 8, "sources"),
        (0, 2, "sources"),
        (7, 8, "min_lineages"),
        (1, 2, "min_lineages"),
    ] {
        let refused = refusal(setup.add_market("OTHER", with(count, least)));
        assert_eq!(field(refused), name, "{count} sources");
    }
}
