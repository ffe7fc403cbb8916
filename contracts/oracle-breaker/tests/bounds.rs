//! Every parameter's bounds to the unit: the last value inside is taken, and the
//! first one outside is refused by its name, when a market is added and when it
//! is updated.

use crate::support::*;
use backstop_types::breaker::{ActionMatrix, MarketConfig, MarketParams, MarketState, Source};
use backstop_types::{Bps, InputError, Seconds};
use cw_multi_test::IntoAddr;
use oracle_breaker::ContractError;

type Set = fn(&mut MarketParams, u32);

/// The bounds of each parameter, among others that leave it room.
fn bounds() -> Vec<(&'static str, u32, u32, Set)> {
    const HOUR: u32 = 3_600;
    const DAY: u32 = 86_400;
    vec![
        ("max_age", 5, DAY, |p, v| p.max_age = Seconds(v.into())),
        ("max_future", 0, 300, |p, v| p.max_future = Seconds(v.into())),
        ("max_confidence", 20, 5_000, |p, v| p.max_confidence = Bps(v)),
        ("frozen_ticks", 2, 1_000, |p, v| p.frozen_ticks = Some(v)),
        ("frozen_move", 50, 5_000, |p, v| p.frozen_move = Bps(v)),
        ("shared_ticks", 3, 1_000, |p, v| p.shared_ticks = Some(v)),
        ("max_outlier", 25, 2_500, |p, v| p.max_outlier = Bps(v)),
        ("min_lineages", 2, 8, |p, v| p.min_lineages = v),
        ("max_disagreement", 50, 5_000, |p, v| p.max_disagreement = Bps(v)),
        ("max_jump", 200, 9_000, |p, v| p.max_jump = Bps(v)),
        ("jump_growth", 25, 10_000, |p, v| p.jump_growth = Bps(v)),
        ("max_growth", 200, 9_000, |p, v| p.max_growth = Bps(v)),
        ("reference_slew", 2, 10_000, |p, v| p.reference_slew = Bps(v)),
        ("max_drift", 1_000, 100_000, |p, v| p.max_drift = Bps(v)),
        ("drift_window", HOUR, 7 * DAY, |p, v| {
            p.drift_window = Some(Seconds(v.into()))
        }),
        ("block_time_ms", 100, 3_600_000, |p, v| p.block_time_ms = v),
        ("max_halt", 30, DAY, |p, v| p.max_halt = Some(Seconds(v.into()))),
        ("guard_threshold", 1_000, 10_000, |p, v| {
            p.guard_threshold = Bps(v)
        }),
        ("guard_cooldown", 1, DAY, |p, v| {
            p.guard_cooldown = Seconds(v.into())
        }),
        ("max_unread", 60, 7 * DAY, |p, v| p.max_unread = Seconds(v.into())),
        ("cooldown", 60, 7 * DAY, |p, v| p.cooldown = Seconds(v.into())),
        ("recovery_readings", 1, 20, |p, v| p.recovery_readings = v),
        ("recovery_spacing", 1, HOUR, |p, v| {
            p.recovery_spacing = Seconds(v.into())
        }),
        ("recovery_tightness", 1_000, 10_000, |p, v| {
            p.recovery_tightness = Bps(v)
        }),
        ("confirm_lineages", 3, 8, |p, v| p.confirm_lineages = v),
        ("confirm_readings", 2, 100, |p, v| p.confirm_readings = v),
        ("max_leap", 1_000, 9_900, |p, v| p.max_leap = Bps(v)),
        ("latch_trips", 2, 100, |p, v| p.latch_trips = Some(v)),
        ("latch_window", HOUR, 30 * DAY, |p, v| {
            p.latch_window = Seconds(v.into())
        }),
    ]
}

/// Parameters that leave every one room for its own bounds.
fn roomy() -> MarketParams {
    MarketParams {
        max_outlier: Bps(25),
        max_disagreement: Bps(5_000),
        max_jump: Bps(200),
        jump_growth: Bps(25),
        reference_slew: Bps(10_000),
        ..defaults()
    }
}

#[test]
fn what_can_be_switched_off_can_be() {
    let mut setup = Setup::bare();
    let params = MarketParams {
        frozen_ticks: None,
        shared_ticks: None,
        drift_window: None,
        max_halt: None,
        latch_trips: None,
        confirm_lineages: 0,
        ..MarketParams::default()
    };
    setup.add_market(MARKET, reported_by(3, params)).unwrap();
}

/// A part of a price in percent where Bps are due is refused, each by its name.
#[test]
fn percent_taken_for_basis_points_is_refused() {
    let percent: [(&str, u32, Set); 12] = [
        ("max_confidence", 2, |p, v| p.max_confidence = Bps(v)),
        ("frozen_move", 3, |p, v| p.frozen_move = Bps(v)),
        ("max_outlier", 3, |p, v| p.max_outlier = Bps(v)),
        ("max_disagreement", 5, |p, v| p.max_disagreement = Bps(v)),
        ("max_jump", 20, |p, v| p.max_jump = Bps(v)),
        ("jump_growth", 5, |p, v| p.jump_growth = Bps(v)),
        ("max_growth", 20, |p, v| p.max_growth = Bps(v)),
        ("reference_slew", 1, |p, v| p.reference_slew = Bps(v)),
        ("max_drift", 100, |p, v| p.max_drift = Bps(v)),
        ("guard_threshold", 60, |p, v| p.guard_threshold = Bps(v)),
        ("recovery_tightness", 50, |p, v| p.recovery_tightness = Bps(v)),
        ("max_leap", 60, |p, v| p.max_leap = Bps(v)),
    ];
    let mut setup = Setup::bare();
    for (name, value, set) in percent {
        let mut params = defaults();
        set(&mut params, value);
        let refused = refusal(setup.add_market(MARKET, reported_by(3, params)));
        assert_eq!(field(refused), name, "{value}");
    }
}

#[test]
fn the_matrix_takes_no_worse_state_than_each_action_may_have() {
    use MarketState::{Guarded, Latched, Normal, Recovering, Tripped};
    type Choose = fn(&mut ActionMatrix, MarketState);
    let all = [Normal, Guarded, Recovering, Tripped, Latched];
    let cases: [(&str, Choose, &[MarketState]); 5] = [
        ("actions.open", |m, s| m.open = s, &[Normal, Guarded]),
        ("actions.reduce", |m, s| m.reduce = s, &[Guarded, Recovering]),
        (
            "actions.liquidate",
            |m, s| m.liquidate = s,
            &[Normal, Guarded, Recovering],
        ),
        (
            "actions.deleverage",
            |m, s| m.deleverage = s,
            &[Normal, Guarded, Recovering],
        ),
        ("actions.payout", |m, s| m.payout = s, &[Normal, Guarded]),
    ];
    let mut setup = Setup::new();
    let owner = setup.owner.clone();
    for (name, choose, good) in cases {
        for state in all {
            let mut config = setup.config();
            choose(&mut config.params.actions, state);
            let update = update_market(MARKET, config);
            if good.contains(&state) {
                setup.send(&owner, &update).unwrap();
            } else {
                assert_eq!(field(setup.refused(&owner, &update)), name, "{state}");
            }
        }
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
        let update = |config| update_market(name, config);
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
fn a_market_has_two_to_eight_sources_and_no_more_lineages_demanded_than_there_are() {
    let mut setup = Setup::bare();
    let with = |count, min_lineages| {
        let params = MarketParams {
            min_lineages,
            ..defaults()
        };
        reported_by(count, params)
    };
    setup.add_market("EIGHT", with(8, 8)).unwrap();
    setup.add_market("TWO", with(2, 2)).unwrap();
    for (count, least, name) in [
        (9, 8, "sources"),
        (0, 2, "sources"),
        (7, 8, "min_lineages"),
        (1, 2, "sources"),
    ] {
        let refused = refusal(setup.add_market("OTHER", with(count, least)));
        assert_eq!(field(refused), name, "{count} sources");
    }
}
