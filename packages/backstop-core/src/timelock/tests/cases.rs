//! Each parameter and each kind of change, one by one.

use backstop_types::breaker::{ActionMatrix, MarketParams, MarketState, Source};
use backstop_types::distributor::Listing;
use backstop_types::timelock::{
    Before, BreakerChange, Change, Contract, DistributorChange, SourceBefore, VaultChange,
};
use backstop_types::vault::{Params, ParamsUpdate, PolicyTerms, PolicyTermsUpdate, PremiumCurve};
use backstop_types::{Assets, Bps, Change as _, Patch, Price, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Binary, Decimal, Timestamp, Uint128};

use super::*;

/// The fields of one change, each by its direction.
fn directions(change: &Change, before: &Before) -> Vec<(String, Direction)> {
    let fields = fields(change, before).unwrap();
    fields.into_iter().map(|it| (it.field, it.direction)).collect()
}

#[test]
fn each_term_of_a_policy_is_classed_by_what_stakers_bear() {
    use Direction::{Lowers, Raises};
    let now = PolicyTerms {
        limit: Assets::new(100),
        deductible: Assets::new(10),
        instant: Assets::new(20),
        minimum: Assets::new(5),
        delay: Seconds(3_600),
        priced: true,
        premium: Some(Bps(10_000)),
    };
    let more = PolicyTerms {
        limit: Assets::new(101),
        deductible: Assets::new(9),
        instant: Assets::new(21),
        minimum: Assets::new(4),
        delay: Seconds(3_599),
        priced: false,
        premium: None,
    };
    assert!(
        of_terms(&now, &more)
            .iter()
            .all(|field| field.direction == Raises)
    );
    assert!(
        of_terms(&more, &now)
            .iter()
            .all(|field| field.direction == Lowers)
    );
}

/// The fields whose change raises the risk.
fn raised(fields: Vec<FieldChange>) -> Vec<String> {
    let raised = fields
        .into_iter()
        .filter(|field| field.direction == Direction::Raises);
    raised.map(|field| field.field).collect()
}

#[test]
fn each_parameter_of_the_vault_is_classed_by_what_stakers_bear() {
    let now = Params {
        breaker: "breaker".to_string(),
        guardian: Some("guardian".to_string()),
        unbonding_period: Seconds::days(21),
        notice: Seconds::days(4),
        pool_fraction: Decimal::percent(30),
        min_ticket: Shares::new(10),
        max_tickets: 20,
        hook_gas: 2_000_000,
        poke_gas: 5_000_000,
        premium: PremiumCurve::USUAL,
        treasury: None,
        treasury_part: Bps(0),
    };
    let worse = Params {
        breaker: "other".to_string(),
        guardian: None,
        unbonding_period: Seconds::days(22),
        notice: Seconds::days(3),
        pool_fraction: Decimal::percent(31),
        min_ticket: Shares::new(11),
        max_tickets: 19,
        hook_gas: 2_000_001,
        poke_gas: 4_999_999,
        premium: PremiumCurve {
            kink: Bps(8_001),
            base: Bps(99),
            at_kink: Bps(399),
            most: Bps(1_999),
        },
        treasury: Some("treasury".to_string()),
        treasury_part: Bps(1),
    };
    let mut all: Vec<_> = of_params(&now, &worse).into_iter().map(|it| it.field).collect();
    all.retain(|field| field != "treasury");
    assert_eq!(raised(of_params(&now, &worse)), all);
    // Back, only that waits for which no direction is safe.
    let either = ["breaker", "unbonding_period", "hook_gas", "poke_gas"];
    assert_eq!(raised(of_params(&worse, &now)), either);
}

#[test]
fn each_threshold_of_a_market_is_classed_by_what_it_lets_pass() {
    let now = MarketParams {
        min_price: Some(Price(Decimal::one())),
        max_price: Some(Price(Decimal::percent(900))),
        actions: ActionMatrix {
            open: MarketState::Normal,
            reduce: MarketState::Guarded,
            liquidate: MarketState::Normal,
            deleverage: MarketState::Guarded,
            payout: MarketState::Normal,
        },
        ..MarketParams::default()
    };
    let looser = MarketParams {
        max_age: Seconds(121),
        max_future: Seconds(16),
        max_confidence: Bps(201),
        min_price: Some(Price(Decimal::percent(99))),
        max_price: Some(Price(Decimal::percent(901))),
        frozen_ticks: Some(6),
        frozen_move: Bps(301),
        shared_ticks: Some(101),
        max_outlier: Bps(251),
        min_lineages: 1,
        max_disagreement: Bps(501),
        max_jump: Bps(2_001),
        jump_growth: Bps(501),
        max_growth: Bps(2_001),
        reference_slew: Bps(101),
        max_drift: Bps(10_001),
        drift_window: Some(Seconds::hours(5)),
        block_time_ms: 6_001,
        max_halt: Some(Seconds(601)),
        guard_threshold: Bps(6_001),
        guard_cooldown: Seconds(299),
        max_unread: Seconds(3_601),
        cooldown: Seconds(1_799),
        recovery_readings: 2,
        recovery_spacing: Seconds(59),
        recovery_tightness: Bps(5_001),
        confirm_lineages: 2,
        confirm_readings: 2,
        max_leap: Bps(6_001),
        latch_trips: Some(5),
        latch_window: Seconds::hours(23),
        actions: ActionMatrix {
            open: MarketState::Guarded,
            reduce: MarketState::Recovering,
            liquidate: MarketState::Guarded,
            deleverage: MarketState::Recovering,
            payout: MarketState::Guarded,
        },
    };
    let all: Vec<_> = of_market(&now, &looser).into_iter().map(|it| it.field).collect();
    assert_eq!(raised(of_market(&now, &looser)), all);
    let either = [
        "max_age",
        "max_future",
        "max_confidence",
        "min_price",
        "max_price",
        "frozen_ticks",
        "frozen_move",
        "shared_ticks",
        "max_outlier",
        "reference_slew",
        "block_time_ms",
        "max_halt",
        "guard_threshold",
        "guard_cooldown",
        "max_unread",
        "cooldown",
        "recovery_readings",
        "recovery_spacing",
        "recovery_tightness",
        "confirm_lineages",
        "confirm_readings",
        "max_leap",
        "latch_trips",
        "latch_window",
        "actions.reduce",
        "actions.liquidate",
        "actions.deleverage",
    ];
    assert_eq!(raised(of_market(&looser, &now)), either);
}

/// The vault's guardian can stop payouts; a breaker's can stop liquidations, too.
#[test]
fn the_vaults_first_guardian_is_named_at_once_and_every_other_one_waits() {
    use Direction::{Lowers, Neutral, Raises};
    let name = |name: &str| Some(name.to_string());
    let cases = [
        (None, name("a"), Lowers, Raises),
        (name("a"), name("b"), Raises, Raises),
        (name("a"), None, Raises, Raises),
        (name("a"), name("a"), Neutral, Neutral),
        (None, None, Neutral, Neutral),
    ];
    let guardian = |direction| [("guardian".to_string(), direction)];
    for (old, new, of_vault, of_breaker) in cases {
        let change = breaker(BreakerChange::SetGuardian {
            guardian: Patch::to(new.clone()),
        });
        let before = Before::Guardian {
            guardian: old.clone(),
        };
        assert_eq!(directions(&change, &before), guardian(of_breaker));
        let params = |guardian| ParamsUpdate {
            guardian: Some(Patch::to(guardian)),
            ..Default::default()
        };
        let change = Change::Vault(VaultChange::UpdateParams { update: params(new) });
        let before = Before::Params(params(old));
        assert_eq!(directions(&change, &before), guardian(of_vault));
    }
}

#[test]
fn states_are_compared_by_how_bad_they_are_and_not_by_their_place_in_the_list() {
    let actions = |payout| MarketParams {
        actions: ActionMatrix {
            payout,
            ..ActionMatrix::default()
        },
        ..MarketParams::default()
    };
    // In the list recovering comes after tripped.
    let (from, to) = (actions(MarketState::Recovering), actions(MarketState::Tripped));
    assert_eq!(class(&of_market(&from, &to)), Class::Waits);
    assert_eq!(class(&of_market(&to, &from)), Class::AtOnce);
}

#[test]
fn a_switched_off_check_is_the_loosest_and_so_is_a_bound_that_is_none() {
    let on = MarketParams {
        min_price: Some(Price(Decimal::one())),
        max_price: Some(Price(Decimal::percent(900))),
        ..MarketParams::default()
    };
    let off = MarketParams {
        min_price: None,
        max_price: None,
        frozen_ticks: None,
        shared_ticks: None,
        drift_window: None,
        max_halt: None,
        latch_trips: None,
        ..on
    };
    let checks = [
        "min_price",
        "max_price",
        "frozen_ticks",
        "shared_ticks",
        "drift_window",
        "max_halt",
        "latch_trips",
    ];
    assert_eq!(raised(of_market(&on, &off)), checks);
    // What drops a source, or keeps a crash unliquidated, waits where it is switched on, too.
    let on_too = [
        "min_price",
        "max_price",
        "frozen_ticks",
        "shared_ticks",
        "max_halt",
        "latch_trips",
    ];
    assert_eq!(raised(of_market(&off, &on)), on_too);
}

#[test]
fn new_cover_new_markets_and_every_source_wait() {
    let policy = Change::Vault(VaultChange::AddPolicy {
        policyholder: "perps".to_string(),
        market: "ATOM/USD".to_string(),
        terms: PolicyTerms {
            limit: Assets::ONE,
            deductible: Assets::new(u128::MAX),
            instant: Assets::ZERO,
            minimum: Assets::ONE,
            delay: Seconds::days(30),
            priced: true,
            premium: Some(Bps(100_000)),
        },
    });
    let new = fields(&policy, &Before::NoPolicy {}).unwrap();
    assert!(
        new.iter().all(|field| field.direction == Direction::Raises),
        "{new:?}"
    );
    let active = Before::Terms(PolicyTermsUpdate::default());
    assert_eq!(fields(&policy, &active), Err(Unfit::PolicyActive));

    let source = |address: &str| Source::reporter("venue", "venue", address);
    let update = |to: Source<String>| {
        breaker(BreakerChange::UpdateMarket {
            market: "ATOM/USD".to_string(),
            params: None,
            sources: Some(vec![to]),
        })
    };
    let was = |source: Option<Source<String>>| Before::Market {
        params: Default::default(),
        sources: vec![SourceBefore {
            name: "venue".to_string(),
            source,
        }],
    };
    let drop = breaker(BreakerChange::RemoveSource {
        market: "ATOM/USD".to_string(),
        source: "venue".to_string(),
    });
    for (change, before, direction) in [
        (update(source("a")), was(None), Direction::Raises),
        (update(source("b")), was(Some(source("a"))), Direction::Raises),
        (update(source("a")), was(Some(source("a"))), Direction::Neutral),
        (drop.clone(), was(Some(source("a"))), Direction::Raises),
    ] {
        let expected = [("sources.venue".to_string(), direction)];
        assert_eq!(directions(&change, &before), expected);
    }
    let name = "venue".to_string();
    assert_eq!(fields(&drop, &was(None)), Err(Unfit::NoSource { name }));
    assert_eq!(fields(&drop, &Before::NoMarket {}), Err(Unfit::NoMarket));
}

#[test]
fn brakes_and_what_is_about_one_event_go_through_at_once_and_a_stop_waits() {
    let denom = || UncheckedDenom::Native("uusd".to_string());
    let listing = |listed, min_rate: Option<u128>| Before::Listing {
        listed,
        min_rate: min_rate.map(Uint128::new),
    };
    let list = || {
        Change::Distributor(DistributorChange::ListDenom(Listing {
            denom: denom(),
            min_rate: Uint128::new(5),
        }))
    };
    let delist = || Change::Distributor(DistributorChange::DelistDenom { denom: denom() });
    let vault = Change::Vault;
    let terms = PolicyTermsUpdate {
        limit: Some(Assets::new(7)),
        ..Default::default()
    };
    for (change, before, expected) in [
        (list(), listing(None, None), Class::Waits),
        (list(), listing(Some(false), Some(9)), Class::AtOnce),
        (list(), listing(Some(true), Some(1)), Class::AtOnce),
        (delist(), listing(Some(true), None), Class::AtOnce),
        (
            Change::Distributor(DistributorChange::Stop {
                denom: denom(),
                number: 1,
            }),
            Before::Event {},
            Class::Waits,
        ),
        (
            vault(VaultChange::ClosePolicy {
                policyholder: "p".into(),
                market: "m".into(),
            }),
            Before::Terms(terms),
            Class::AtOnce,
        ),
        (
            vault(VaultChange::DeclineClaim {
                claim: 1,
                reason: "r".into(),
            }),
            Before::Event {},
            Class::AtOnce,
        ),
        (
            vault(VaultChange::SetDistributor {
                distributor: "d".into(),
            }),
            Before::Event {},
            Class::AtOnce,
        ),
        (
            vault(VaultChange::Resume {
                what: backstop_types::vault::Pausable::Payouts,
                pause: 1,
            }),
            Before::Event {},
            Class::AtOnce,
        ),
        (
            breaker(BreakerChange::Reseed {
                market: "m".into(),
                trip: 1,
            }),
            Before::Event {},
            Class::AtOnce,
        ),
    ] {
        let named = fields(&change, &before).unwrap();
        assert_eq!(class(&named), expected, "{change:?}");
    }
    assert_eq!(fields(&delist(), &listing(None, None)), Err(Unfit::NoDenom));
}

#[test]
fn code_admin_and_owner_of_anything_wait_and_a_transfer_is_taken_back_at_once() {
    let contract = || Contract::Timelock {};
    let owned = || Before::Ownership {
        owner: Some("dao".to_string()),
        pending_owner: Some("eve".to_string()),
    };
    let transfer = |to: &str| Change::TransferOwnership {
        contract: contract(),
        new_owner: to.to_string(),
        expiry: None,
    };
    let code = Change::Code {
        contract: contract(),
        code_id: 5,
        msg: Binary::default(),
    };
    let admin = Change::Admin {
        contract: contract(),
        admin: Patch::Remove {},
    };
    let admin_was = Before::Admin {
        admin: Some("dao".to_string()),
    };
    for (change, before, expected) in [
        (code.clone(), Before::Code { code_id: 4 }, Class::Waits),
        (code, Before::Code { code_id: 5 }, Class::Waits),
        (admin, admin_was, Class::Waits),
        (transfer("eve"), owned(), Class::Waits),
        (transfer("dao"), owned(), Class::AtOnce),
        (
            Change::RenounceOwnership { contract: contract() },
            owned(),
            Class::Waits,
        ),
    ] {
        assert_eq!(class(&fields(&change, &before).unwrap()), expected, "{change:?}");
    }
}

#[test]
fn a_change_that_names_nothing_or_is_of_another_kind_is_refused() {
    let empty = change_policy(PolicyTermsUpdate::default());
    let none = Before::Terms(PolicyTermsUpdate::default());
    assert_eq!(fields(&empty, &none), Err(Unfit::Empty));
    let nested: ParamsUpdate = cosmwasm_std::from_json(r#"{"premium":{}}"#).unwrap();
    let before = Before::Params(nested.clone());
    let change = Change::Vault(VaultChange::UpdateParams { update: nested });
    assert_eq!(fields(&change, &before), Err(Unfit::Empty));
    assert_eq!(fields(&change, &Before::Event {}), Err(Unfit::AnotherKind));
    assert_eq!(fields(&empty, &Before::NoPolicy {}), Err(Unfit::NoPolicy));
}

#[test]
fn a_field_that_the_contract_does_not_tell_waits() {
    let update = PolicyTermsUpdate {
        delay: Some(Seconds::days(30)),
        ..Default::default()
    };
    let untold = Before::Terms(PolicyTermsUpdate::default());
    let expected = [("delay".to_string(), Direction::Raises)];
    assert_eq!(directions(&change_policy(update), &untold), expected);
}

#[test]
fn the_wait_is_the_unbonding_period_and_the_notice_then_seven_days() {
    let now = Timestamp::from_nanos(1_767_225_600_000_000_007);
    let pace = Pace {
        unbonding_period: Seconds::days(21),
        notice: Seconds::days(3),
    };
    let renounced = Change::RenounceOwnership {
        contract: Contract::Vault {},
    };
    let owned = Before::Ownership {
        owner: Some("timelock".to_string()),
        pending_owner: None,
    };
    let raises = fields(&renounced, &owned).unwrap();
    assert_eq!(wait(&[], now, pace), None);
    let waits = wait(&raises, now, pace).unwrap();
    assert_eq!(waits.due, Seconds::days(24).after(now));
    assert_eq!(waits.lapses, Seconds::days(31).after(now));
    let longer = Pace {
        unbonding_period: Seconds(pace.unbonding_period.0 + 1),
        ..pace
    };
    assert!(exits_slower(&waits, longer) && !exits_slower(&waits, pace));
    let shorter = Pace {
        unbonding_period: Seconds::DAY,
        notice: Seconds::days(30),
    };
    assert!(!exits_slower(&waits, shorter));
}

#[test]
fn every_row_has_a_reason_and_no_two_rows_are_of_one_field() {
    let rows = rows();
    assert!(rows.len() > 70, "{} rows", rows.len());
    let mut seen = std::collections::BTreeSet::new();
    for row in rows {
        assert!(row.rule.reason.len() > 10, "{row:?}");
        assert!(seen.insert((row.contract, row.field.clone())), "{row:?}");
    }
}

/// A source that a check drops is outvoted by the rest as one that is removed.
#[test]
fn a_check_that_drops_sources_waits_whether_it_is_loosened_or_tightened() {
    let now = MarketParams {
        min_price: Some(Price(Decimal::percent(500))),
        max_price: Some(Price(Decimal::percent(2_000))),
        frozen_ticks: Some(5),
        shared_ticks: Some(10),
        ..MarketParams::default()
    };
    type Change = fn(&mut MarketParams, bool);
    let checks: [(&str, Change); 8] = [
        ("max_age", |it, more| {
            it.max_age = Seconds(if more { 300 } else { 5 })
        }),
        ("max_future", |it, more| {
            it.max_future = Seconds(if more { 60 } else { 1 })
        }),
        ("max_confidence", |it, more| {
            it.max_confidence = Bps(if more { 500 } else { 20 });
        }),
        ("min_price", |it, more| {
            it.min_price = Some(Price(Decimal::percent(if more { 1_100 } else { 100 })));
        }),
        ("max_price", |it, more| {
            it.max_price = Some(Price(Decimal::percent(if more { 9_000 } else { 900 })));
        }),
        ("frozen_ticks", |it, more| {
            it.frozen_ticks = Some(if more { 9 } else { 2 })
        }),
        ("frozen_move", |it, more| {
            it.frozen_move = Bps(if more { 900 } else { 50 })
        }),
        ("shared_ticks", |it, more| {
            it.shared_ticks = Some(if more { 20 } else { 3 })
        }),
    ];
    for (field, change) in checks {
        for more in [true, false] {
            let mut to = now;
            change(&mut to, more);
            let fields = of_market(&now, &to);
            let found = fields.iter().find(|it| it.field == field).unwrap();
            assert_eq!(found.direction, Direction::Raises, "{field}, {more}");
        }
    }
}

#[test]
fn the_same_code_again_overtakes_a_migration_that_waits() {
    let again = Change::Code {
        contract: Contract::Vault {},
        code_id: 5,
        msg: b"{}".into(),
    };
    let named = fields(&again, &Before::Code { code_id: 5 }).unwrap();
    assert!(overtakes(&named, &named));
}

#[test]
fn a_policy_that_cannot_be_read_is_closed_at_once_and_takes_every_change_of_it_along() {
    let close = Change::Vault(VaultChange::ClosePolicy {
        policyholder: "perps".into(),
        market: "ATOM/USD".into(),
    });
    let named = fields(&close, &Before::Event {}).unwrap();
    assert_eq!(class(&named), Class::AtOnce);
    let limit = change_policy(PolicyTermsUpdate {
        limit: Some(Assets::new(7)),
        premium: Some(Patch::Remove {}),
        ..Default::default()
    });
    let waiting = fields(&limit, &Before::Terms(PolicyTermsUpdate::default())).unwrap();
    assert_eq!(waiting.len(), 2);
    for other in waiting {
        assert!(overtakes(&named, std::slice::from_ref(&other)), "{other:?}");
    }
}
