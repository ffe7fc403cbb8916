//! Every parameter's bounds to the unit: the last value inside is taken, and the
//! first one outside is refused by its name.

use crate::support::{both, plain, refusal, update_params};
use backstop_types::{Assets, Bps, InputError, Seconds};
use sample_perps::msg::QueryMsg;
use sample_perps::state::Config;
use sample_perps::{ContractError, Params};

type Set = fn(&mut Params, u128);
type Change = fn(&mut Params);

fn bps(value: u128) -> Bps {
    Bps(u32::try_from(value).unwrap())
}

/// The bounds of each parameter by itself, among others that leave it room.
fn alone() -> Vec<(&'static str, u128, u128, Set)> {
    let most = u128::MAX;
    vec![
        ("initial_margin", 100, 10_000, |p, v| p.initial_margin = bps(v)),
        ("maintenance_margin", 50, 5_000, |p, v| {
            (p.maintenance_margin, p.initial_margin) = (bps(v), bps(v + 100))
        }),
        ("open_fee", 0, 100, |p, v| p.open_fee = bps(v)),
        ("insurance_share", 0, 10_000, |p, v| p.insurance_share = bps(v)),
        ("keeper_fee", 1, 100, |p, v| {
            (p.keeper_fee, p.maintenance_margin, p.initial_margin) = (bps(v), Bps(700), Bps(800))
        }),
        ("insurance_fee", 0, 500, |p, v| {
            (p.insurance_fee, p.maintenance_margin, p.initial_margin) = (bps(v), Bps(700), Bps(800))
        }),
        ("base_slippage", 0, 100, |p, v| p.base_slippage = bps(v)),
        ("impact", 0, 10_000, |p, v| p.impact = bps(v)),
        ("max_slippage", 1, 5_000, |p, v| {
            (p.max_slippage, p.base_slippage) = (bps(v), Bps(0))
        }),
        ("max_utilization", 1_000, 10_000, |p, v| {
            p.max_utilization = bps(v)
        }),
        ("depth", 1, most, |p, v| p.depth = Assets::new(v)),
        ("min_notional", 1_000, most, |p, v| {
            (p.min_notional, p.order_fee) = (Assets::new(v), Assets::ZERO)
        }),
        ("max_open_interest", 0, most, |p, v| {
            p.max_open_interest = Assets::new(v)
        }),
        ("max_positions", 1, 100, |p, v| p.max_positions = v as u32),
        ("adl_cap", 1, 30, |p, v| p.adl_cap = v as u32),
        ("order_fee", 0, 1_000_000, |p, v| p.order_fee = Assets::new(v)),
        ("order_delay", 0, 300, |p, v| p.order_delay = Seconds(v as u64)),
        ("bounty", 0, most, |p, v| p.bounty = Assets::new(v)),
        ("min_stay", 3_600, 2_592_000, |p, v| {
            p.min_stay = Seconds(v as u64)
        }),
        ("gather_time", 0, 600, |p, v| p.gather_time = Seconds(v as u64)),
        ("gather_count", 1, 100, |p, v| p.gather_count = v as u32),
        ("poke_gas", 500_000, 10_000_000, |p, v| p.poke_gas = v as u64),
    ]
}

/// Where one must leave room for another: each at the bound, and one beyond.
fn together() -> Vec<(&'static str, Change, Change)> {
    vec![
        (
            "initial_margin",
            |p| (p.initial_margin, p.maintenance_margin) = (Bps(501), Bps(500)),
            |p| (p.initial_margin, p.maintenance_margin) = (Bps(500), Bps(500)),
        ),
        (
            "maintenance_margin",
            |p| (p.maintenance_margin, p.keeper_fee, p.insurance_fee) = (Bps(151), Bps(50), Bps(100)),
            |p| (p.maintenance_margin, p.keeper_fee, p.insurance_fee) = (Bps(150), Bps(50), Bps(100)),
        ),
        (
            "order_fee",
            |p| (p.order_fee, p.min_notional) = (Assets::new(10), Assets::new(1_000)),
            |p| (p.order_fee, p.min_notional) = (Assets::new(11), Assets::new(1_099)),
        ),
        (
            "max_slippage",
            |p| (p.max_slippage, p.base_slippage) = (Bps(40), Bps(40)),
            |p| (p.max_slippage, p.base_slippage) = (Bps(39), Bps(40)),
        ),
    ]
}

/// Fees that a margin of 50 pays.
fn roomy() -> Params {
    Params {
        keeper_fee: Bps(1),
        insurance_fee: Bps(0),
        maintenance_margin: Bps(50),
        ..Params::default()
    }
}

fn check(x: &mut crate::support::Exchange, field: &str, params: Params, taken: bool) {
    let done = x.run("owner", update_params(params));
    if taken {
        done.unwrap_or_else(|error| panic!("{field}: {error:#}"));
        let config: Config = x.ask(QueryMsg::Config {});
        assert_eq!(config.params, params);
        return;
    }
    let refused = refusal(done);
    assert!(
        matches!(&refused, ContractError::Input(InputError::OutOfBounds { field: named, .. }) if named == field),
        "{field}: {refused}"
    );
}

#[test]
fn every_parameter_is_taken_at_its_bounds_and_refused_one_beyond() {
    both(plain, |x| {
        for (field, least, most, set) in alone() {
            let at = |value| {
                let mut params = roomy();
                set(&mut params, value);
                params
            };
            for value in [least, most] {
                check(x, field, at(value), true);
            }
            let beyond = [least.checked_sub(1), most.checked_add(1)];
            for value in beyond.into_iter().flatten() {
                check(x, field, at(value), false);
            }
        }
        for (field, good, bad) in together() {
            for (change, taken) in [(good, true), (bad, false)] {
                let mut params = Params::default();
                change(&mut params);
                check(x, field, params, taken);
            }
        }
    });
}
