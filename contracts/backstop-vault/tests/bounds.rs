//! Every bound to the unit: the last value inside is taken and the first one
//! outside is refused by its name, at both ends, wherever it can be set.

use crate::support::{Desk, terms};
use backstop_testing::cause;
use backstop_types::vault::{
    Config, ExecuteMsg, Params, ParamsUpdate, PolicyTerms, PolicyTermsUpdate, PremiumCurve,
    PremiumCurveUpdate, QueryMsg,
};
use backstop_types::{Assets, Bps, Change as _, InputError, Patch, Seconds, Shares};
use backstop_vault::ContractError;
use cosmwasm_std::Decimal;
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;

/// The field that a value was refused for.
fn refused_field(result: AnyResult<AppResponse>) -> String {
    match cause(result.unwrap_err()) {
        ContractError::Input(InputError::OutOfBounds { field, .. }) => field,
        other => panic!("{other}"),
    }
}

/// A parameter at a value: as an update, and at setting up.
type Setting = (
    fn(&mut ParamsUpdate, u128),
    fn(&mut Params<String>, u128),
    fn(&Config) -> u128,
);

const DAY: u128 = 86_400;

fn seconds(value: u128) -> Seconds {
    Seconds(u64::try_from(value).unwrap())
}

fn curve(kink: u128, base: u128, at_kink: u128, most: u128) -> PremiumCurve {
    let [kink, base, at_kink, most] = [kink, base, at_kink, most].map(|value| Bps(value as u32));
    PremiumCurve {
        kink,
        base,
        at_kink,
        most,
    }
}

fn treasury() -> String {
    cosmwasm_std::testing::MockApi::default()
        .addr_make("treasury")
        .into_string()
}

#[test]
fn a_treasurys_part_needs_a_treasury_and_a_treasury_with_a_part_cannot_go() {
    let mut desk = Desk::native();
    let part = || ParamsUpdate {
        treasury_part: Some(Bps(1)),
        ..Default::default()
    };
    assert_eq!(refused_field(desk.update(part())), "treasury_part");
    desk.update(ParamsUpdate {
        treasury: Some(Patch::Set(treasury())),
        ..part()
    })
    .unwrap();
    let remove = |treasury_part| ParamsUpdate {
        treasury: Some(Patch::Remove {}),
        treasury_part,
        ..Default::default()
    };
    assert_eq!(refused_field(desk.update(remove(None))), "treasury_part");
    desk.update(remove(Some(Bps(0)))).unwrap();
}

/// Each parameter with its least and its most.
fn parameters() -> Vec<(&'static str, u128, u128, Setting)> {
    vec![
        (
            "unbonding_period",
            3_600,
            365 * DAY,
            (
                |update, value| update.unbonding_period = Some(seconds(value)),
                |params, value| params.unbonding_period = seconds(value),
                |config| config.params.unbonding_period.0.into(),
            ),
        ),
        (
            "notice",
            3 * DAY,
            30 * DAY,
            (
                |update, value| update.notice = Some(seconds(value)),
                |params, value| params.notice = seconds(value),
                |config| config.params.notice.0.into(),
            ),
        ),
        (
            "pool_fraction",
            1,
            900_000_000_000_000_000,
            (
                |update, value| update.pool_fraction = Some(Decimal::raw(value)),
                |params, value| params.pool_fraction = Decimal::raw(value),
                |config| config.params.pool_fraction.atomics().u128(),
            ),
        ),
        (
            "min_ticket",
            1,
            u128::MAX,
            (
                |update, value| update.min_ticket = Some(Shares::new(value)),
                |params, value| params.min_ticket = Shares::new(value),
                |config| config.params.min_ticket.u128(),
            ),
        ),
        (
            "max_tickets",
            1,
            100,
            (
                |update, value| update.max_tickets = Some(value as u32),
                |params, value| params.max_tickets = value as u32,
                |config| config.params.max_tickets.into(),
            ),
        ),
        (
            "hook_gas",
            1_300_000,
            10_000_000,
            (
                |update, value| update.hook_gas = Some(value as u64),
                |params, value| params.hook_gas = value as u64,
                |config| config.params.hook_gas.into(),
            ),
        ),
        (
            "poke_gas",
            100_000,
            10_000_000,
            (
                |update, value| update.poke_gas = Some(value as u64),
                |params, value| params.poke_gas = value as u64,
                |config| config.params.poke_gas.into(),
            ),
        ),
        (
            "premium.kink",
            1,
            10_000,
            (
                |update, value| update.premium = Some(PremiumCurveUpdate::to(curve(value, 1, 1, 1))),
                |params, value| params.premium = curve(value, 1, 1, 1),
                |config| config.params.premium.kink.0.into(),
            ),
        ),
        (
            "premium.base",
            1,
            100_000,
            (
                |update, value| {
                    update.premium = Some(PremiumCurveUpdate::to(curve(1, value, 100_000, 100_000)))
                },
                |params, value| params.premium = curve(1, value, 100_000, 100_000),
                |config| config.params.premium.base.0.into(),
            ),
        ),
        (
            "premium.at_kink",
            7,
            100_000,
            (
                |update, value| update.premium = Some(PremiumCurveUpdate::to(curve(1, 7, value, 100_000))),
                |params, value| params.premium = curve(1, 7, value, 100_000),
                |config| config.params.premium.at_kink.0.into(),
            ),
        ),
        (
            "premium.most",
            8,
            100_000,
            (
                |update, value| update.premium = Some(PremiumCurveUpdate::to(curve(1, 7, 8, value))),
                |params, value| params.premium = curve(1, 7, 8, value),
                |config| config.params.premium.most.0.into(),
            ),
        ),
        (
            "treasury_part",
            0,
            5_000,
            (
                |update, value| {
                    update.treasury = Some(Patch::Set(treasury()));
                    update.treasury_part = Some(Bps(value as u32));
                },
                |params, value| {
                    params.treasury = Some(treasury());
                    params.treasury_part = Bps(value as u32);
                },
                |config| config.params.treasury_part.0.into(),
            ),
        ),
    ]
}

#[test]
fn every_parameter_is_taken_at_its_bounds_and_refused_one_beyond() {
    let mut desk = Desk::native();
    for (field, least, most, (update, setup, read)) in parameters() {
        let updated = |value| {
            let mut change = ParamsUpdate::default();
            update(&mut change, value);
            change
        };
        let set_up = |desk: &Desk, value| {
            let mut msg = desk.setup();
            setup(&mut msg.params, value);
            msg
        };
        for value in [least, most] {
            desk.update(updated(value)).unwrap();
            assert_eq!(read(&desk.query(&QueryMsg::Config {})), value, "{field}");
            let msg = set_up(&desk, value);
            let other = desk
                .w
                .instantiate(desk.w.codes.vault, &msg, "at a bound")
                .unwrap();
            let config: Config = desk.w.query(&other, &QueryMsg::Config {}).unwrap();
            assert_eq!(read(&config), value, "{field}");
        }
        let beyond = [least.checked_sub(1), most.checked_add(1)];
        for value in beyond.into_iter().flatten() {
            assert_eq!(refused_field(desk.update(updated(value))), field, "{value}");
            let msg = set_up(&desk, value);
            let refused = desk.w.instantiate(desk.w.codes.vault, &msg, "beyond");
            let refused: ContractError = cause(refused.unwrap_err());
            assert!(
                matches!(&refused, ContractError::Input(InputError::OutOfBounds { field: named, .. }) if named == field),
                "{value}: {refused}"
            );
            assert_eq!(read(&desk.query(&QueryMsg::Config {})), most, "{field}");
        }
    }
}

#[test]
fn the_window_is_taken_at_its_bounds_and_refused_one_beyond() {
    let mut desk = Desk::native();
    let cases = [
        (3_599, false),
        (3_600, true),
        (90 * 86_400, true),
        (90 * 86_400 + 1, false),
    ];
    for (window, taken) in cases {
        let mut msg = desk.setup();
        msg.window = Seconds(window);
        let result = desk.w.instantiate(desk.w.codes.vault, &msg, "another");
        assert_eq!(result.is_ok(), taken, "{window}");
    }
}

#[test]
fn every_term_of_a_policy_is_taken_at_its_bounds_and_refused_one_beyond() {
    type Change = fn(&mut PolicyTerms);
    let limited = |terms: &mut PolicyTerms| {
        (terms.limit, terms.minimum, terms.instant) = (500.into(), 5.into(), 5.into());
    };
    // The bound of a term, and the first value beyond it.
    let good: [(&str, Change); 11] = [
        ("limit", |terms| {
            (terms.limit, terms.minimum, terms.instant) = (Assets::ONE, Assets::ONE, Assets::ZERO)
        }),
        ("limit", |terms| terms.limit = Assets::new(u128::MAX)),
        ("minimum", |terms| terms.minimum = Assets::ONE),
        ("minimum", |terms| terms.minimum = 500.into()),
        ("instant", |terms| terms.instant = Assets::ZERO),
        ("instant", |terms| terms.instant = 500.into()),
        ("delay", |terms| terms.delay = Seconds(3_600)),
        ("delay", |terms| terms.delay = Seconds(30 * 86_400)),
        ("deductible", |terms| terms.deductible = Assets::new(u128::MAX)),
        ("premium", |terms| terms.premium = Some(Bps(1))),
        ("premium", |terms| terms.premium = Some(Bps(100_000))),
    ];
    let bad: [(&str, Change); 9] = [
        ("limit", |terms| terms.limit = Assets::ZERO),
        ("minimum", |terms| terms.minimum = Assets::ZERO),
        ("minimum", |terms| terms.minimum = 501.into()),
        ("instant", |terms| terms.instant = 501.into()),
        ("delay", |terms| terms.delay = Seconds(3_599)),
        ("delay", |terms| terms.delay = Seconds(30 * 86_400 + 1)),
        ("premium", |terms| terms.premium = Some(Bps(0))),
        ("premium", |terms| terms.premium = Some(Bps(100_001))),
        ("instant", |terms| {
            (terms.priced, terms.instant) = (false, Assets::ONE)
        }),
    ];
    let mut desk = Desk::native();
    let cases = good.iter().map(|case| (case, true));
    for (i, ((field, change), taken)) in cases.chain(bad.iter().map(|case| (case, false))).enumerate() {
        let mut new = terms();
        limited(&mut new);
        change(&mut new);
        let add = ExecuteMsg::AddPolicy {
            policyholder: desk.staker(&format!("holder {i}")).to_string(),
            market: crate::support::MARKET.to_string(),
            terms: new,
        };
        let changed = ExecuteMsg::ChangePolicy {
            policyholder: desk.holder.to_string(),
            market: crate::support::MARKET.to_string(),
            update: PolicyTermsUpdate::to(new),
        };
        for msg in [add, changed] {
            let result = desk.as_owner(&msg);
            if taken {
                result.unwrap();
            } else {
                assert_eq!(refused_field(result), *field, "{new:?}");
            }
        }
    }
}
