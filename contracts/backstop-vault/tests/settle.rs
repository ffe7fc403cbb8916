//! `SettleClaim` and `DeclineClaim`.

use crate::support::{Desk, MARKET, both_assets};
use backstop_types::breaker;
use backstop_types::vault::{ClaimStatus, ClaimStatusName, ExecuteMsg, LapseReason, Pausable};
use backstop_types::{Assets, InputError, Seconds};
use backstop_vault::ContractError;

/// 1,000 staked, nothing at once, a delay of a day.
fn delaying() -> Desk {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::ZERO);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    desk
}

/// Pokes with clean prices until the market's trip is over.
fn recover(desk: &mut Desk, price: &str) {
    for _ in 0..400 {
        desk.advance(Seconds(600));
        desk.w.set_price(price);
        let record = breaker::OracleBreaker(desk.w.breaker.clone())
            .record(&desk.w.querier(), MARKET)
            .unwrap()
            .unwrap();
        if record.trip().is_none() {
            return;
        }
    }
    panic!("the market did not recover");
}

#[test]
fn a_delayed_claim_is_paid_when_its_delay_has_passed_and_not_a_second_before() {
    for builder in [
        backstop_testing::World::builder(),
        backstop_testing::World::builder().cw20_asset(),
    ] {
        let mut terms = crate::support::terms();
        terms.instant = Assets::ZERO;
        let mut desk = Desk::of(builder, terms);
        let alice = desk.staker("alice");
        desk.deposit(&alice, 1_000).unwrap();
        desk.w.set_price("10");
        let claim = desk.shortfall(400).claim.unwrap();
        desk.advance(Seconds(86_399));
        let refused = desk.refused(|desk| desk.settle(claim));
        assert!(
            matches!(refused, ContractError::NotSettleable { .. }),
            "{refused}"
        );
        desk.advance(Seconds(1));
        let before = desk.balance(&desk.holder.clone());
        desk.settle(claim).unwrap();
        assert_eq!(desk.balance(&desk.holder.clone()) - before, 400);
        let record = desk.claim(claim).record;
        assert_eq!(
            (record.status, record.paid, record.pot),
            (ClaimStatus::Paid {}, 400.into(), Assets::ZERO)
        );
        let pool = desk.pool();
        assert_eq!(
            (pool.pots, pool.pending_claims, pool.assets),
            (Assets::ZERO, 0, 600.into())
        );
        let refused = desk.refused(|desk| desk.settle(claim));
        assert_eq!(
            refused,
            ContractError::NotPending {
                claim,
                status: ClaimStatusName::Paid
            }
        );
    }
}

#[test]
fn a_delayed_claim_is_paid_however_late_and_whatever_the_breaker_says_then() {
    let mut desk = delaying();
    let claim = desk.shortfall(400).claim.unwrap();
    desk.advance(Seconds::days(400));
    desk.w.set_price("3");
    desk.settle(claim).unwrap();
    assert_eq!(desk.claim(claim).record.status, ClaimStatus::Paid {});
}

#[test]
fn a_held_claim_waits_for_its_trip_and_is_paid_if_its_price_lies_in_the_span() {
    let mut desk = delaying();
    desk.w.set_price("7");
    let claim = desk.shortfall_at(400, Some("8")).claim.unwrap();
    desk.advance(Seconds::DAY);
    let refused = desk.refused(|desk| desk.settle(claim));
    assert!(
        matches!(refused, ContractError::NotSettleable { .. }),
        "{refused}"
    );
    recover(&mut desk, "7");
    desk.settle(claim).unwrap();
    assert_eq!(
        desk.claim(claim).record.status,
        ClaimStatus::Paid {},
        "8 lies between 10 and 7"
    );
}

#[test]
fn a_held_claim_below_the_rebound_lapses_and_comes_back_to_those_who_bore_it() {
    let mut desk = delaying();
    let alice = desk.staker("alice");
    desk.w.set_price("5");
    let claim = desk.shortfall_at(400, Some("5")).claim.unwrap();
    recover(&mut desk, "10");
    desk.settle(claim).unwrap();
    let status = desk.claim(claim).record.status;
    assert_eq!(
        status,
        ClaimStatus::Lapsed {
            reason: LapseReason::PriceOutsideSpan
        }
    );
    assert_eq!((desk.due(&alice), desk.pool().pots), (400, Assets::ZERO));
    desk.claim_recovery(&alice, None, false).unwrap();
}

#[test]
fn a_claim_held_in_a_guardians_trip_is_judged_by_the_band_at_filing() {
    for (price, paid) in [("10", true), ("7", false)] {
        let mut desk = delaying();
        let (guardian, breaker) = (desk.w.guardian.clone(), desk.w.breaker.clone());
        let trip = breaker::ExecuteMsg::Trip {
            market: MARKET.to_string(),
            reason: "an exploit".to_string(),
        };
        desk.w.execute(&guardian, &breaker, &trip, &[]).unwrap();
        let claim = desk.shortfall_at(400, Some(price)).claim.unwrap();
        let ClaimStatus::Held(hold) = desk.claim(claim).record.status else {
            panic!("must be held")
        };
        assert!(hold.at_filing.is_some());
        desk.advance(Seconds::hours(72));
        recover(&mut desk, "10");
        desk.settle(claim).unwrap();
        assert_eq!(
            desk.claim(claim).record.status == ClaimStatus::Paid {},
            paid,
            "at {price}"
        );
    }
}

#[test]
fn in_a_guardians_trip_the_band_of_a_faulty_reading_is_no_measure() {
    let mut desk = delaying();
    let (guardian, breaker) = (desk.w.guardian.clone(), desk.w.breaker.clone());
    let trip = breaker::ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "an exploit".to_string(),
    };
    desk.w.execute(&guardian, &breaker, &trip, &[]).unwrap();
    desk.w.set_price("5"); // a jump, which nobody may be paid at
    let claim = desk.shortfall_at(400, Some("5")).claim.unwrap();
    let ClaimStatus::Held(hold) = desk.claim(claim).record.status else {
        panic!("must be held")
    };
    assert_eq!(hold.at_filing, None);
    desk.w.set_price("10");
    desk.advance(Seconds::hours(72));
    recover(&mut desk, "10");
    desk.settle(claim).unwrap();
    let lapsed = ClaimStatus::Lapsed {
        reason: LapseReason::PriceOutsideSpan,
    };
    assert_eq!(desk.claim(claim).record.status, lapsed);
}

#[test]
fn a_claim_held_without_a_trip_is_judged_at_the_first_poke_that_allows() {
    for (price, paid) in [("10", true), ("7", false)] {
        let mut desk = delaying();
        // A breaker that knows no such market does not answer.
        let other = desk.silence_breaker();
        let claim = desk.shortfall_at(400, Some(price)).claim.unwrap();
        desk.advance(Seconds::DAY);
        let refused = desk.refused(|desk| desk.settle(claim));
        assert!(
            matches!(refused, ContractError::NotSettleable { .. }),
            "{refused}"
        );

        // The breaker is mended.
        let good: breaker::MarketResponse = desk
            .w
            .query(
                &desk.w.breaker,
                &breaker::QueryMsg::Market {
                    market: MARKET.to_string(),
                },
            )
            .unwrap();
        let add = breaker::ExecuteMsg::AddMarket {
            market: MARKET.to_string(),
            config: unchecked(good.config),
        };
        let owner = desk.w.owner.clone();
        desk.w.execute(&owner, &other, &add, &[]).unwrap();
        desk.w.breaker = other;
        desk.advance(Seconds(6));
        desk.w.set_price("10");
        desk.settle(claim).unwrap();
        assert_eq!(
            desk.claim(claim).record.status == ClaimStatus::Paid {},
            paid,
            "at {price}"
        );
    }
}

/// A stored config as a message names it.
fn unchecked(config: breaker::MarketConfig<cosmwasm_std::Addr>) -> breaker::MarketConfig<String> {
    cosmwasm_std::from_json(cosmwasm_std::to_json_vec(&config).unwrap()).unwrap()
}

#[test]
fn a_trip_that_never_ends_lapses_the_claim_after_its_latest_date() {
    let mut desk = delaying();
    desk.w.set_price("5");
    let claim = desk.shortfall_at(400, Some("5")).claim.unwrap();
    let latest = Seconds::days(21 + 3 + 30);
    assert_eq!(desk.claim(claim).latest.seconds(), desk.now() + latest.0);
    desk.advance(latest);
    desk.refused(|desk| desk.settle(claim));
    desk.advance(Seconds(1));
    desk.settle(claim).unwrap();
    assert_eq!(
        desk.claim(claim).record.status,
        ClaimStatus::Lapsed {
            reason: LapseReason::Expired
        }
    );
}

#[test]
fn the_guardians_hold_stops_the_clocks() {
    let mut desk = delaying();
    let claim = desk.shortfall(400).claim.unwrap();
    desk.advance(Seconds::hours(12));
    desk.pause(Pausable::Payouts, Seconds::hours(24)).unwrap();
    assert_eq!(desk.claim(claim).payable_at.seconds(), desk.now() + 36 * 3_600);
    desk.advance(Seconds::hours(24));
    let refused = desk.refused(|desk| desk.settle(claim));
    assert!(
        matches!(refused, ContractError::NotSettleable { .. }),
        "{refused}"
    );
    desk.advance(Seconds::hours(12));
    desk.settle(claim).unwrap();
}

#[test]
fn a_declined_claim_goes_back_to_those_who_bore_it_and_to_the_pools_bucket() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit(&alice, 1_000).unwrap();
        desk.w.set_price("5"); // denied, so held
        let claim = desk.shortfall_at(400, Some("5")).claim.unwrap();
        desk.deposit(&bob, 600).unwrap();
        assert_eq!(desk.pool().room, Assets::new(1_200 * (900 - 400) / 1_000));
        desk.decline(claim).unwrap();
        let reason = "no such position".to_string();
        assert_eq!(desk.claim(claim).record.status, ClaimStatus::Declined { reason });
        assert_eq!(
            desk.pool().room,
            Assets::new(1_200 * 900 / 1_000),
            "the pool's fraction is back"
        );
        assert_eq!((desk.due(&alice), desk.due(&bob)), (400, 0));
        let refused = desk.refused(|desk| desk.decline(claim));
        assert_eq!(
            refused,
            ContractError::NotPending {
                claim,
                status: ClaimStatusName::Declined
            }
        );
    }
}

#[test]
fn a_decline_restores_the_deductible_of_the_unpaid_part_and_never_the_limit() {
    let mut desk = Desk::covering(|terms| {
        terms.limit = 500.into();
        terms.deductible = 100.into();
        terms.instant = 100.into();
    });
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    let claim = desk.shortfall(500).claim.unwrap();
    assert_eq!(
        (desk.policy().room, desk.policy().deductible_left),
        (100.into(), Assets::ZERO)
    );
    desk.decline(claim).unwrap();
    // 300 of the 400 granted were not paid: three quarters of the deductible.
    assert_eq!(
        (desk.policy().room, desk.policy().deductible_left),
        (100.into(), 75.into())
    );
}

/// What another claim has used refills first, and then the declined one is given
/// back what is left of it after the refill since its filing.
#[test]
fn a_late_decline_gives_the_pool_back_what_had_not_refilled_of_the_claim_yet() {
    let mut desk = delaying();
    let claim = desk.shortfall(400).claim.unwrap();
    // As much of the 600 that are left: four tenths twice, of nine.
    desk.shortfall(240);
    desk.advance(Seconds(7 * 86_400 / 4));
    assert_eq!(
        desk.pool().room,
        Assets::new(360 * (9_000 + 2_250 - 8_000) / 10_000)
    );
    desk.decline(claim).unwrap();
    assert_eq!(desk.pool().room, Assets::new(360 * (9 - 4) / 10));
    // Nothing refills twice afterwards.
    desk.advance(Seconds(7 * 86_400 / 4));
    assert_eq!(
        desk.pool().room,
        Assets::new(360 * (9_000 + 2_250 - 4_000) / 10_000)
    );
}

#[test]
fn only_the_owner_declines_and_says_why_briefly() {
    let mut desk = delaying();
    let claim = desk.shortfall(400).claim.unwrap();
    let holder = desk.holder.clone();
    let decline = |reason: String| ExecuteMsg::DeclineClaim { claim, reason };
    let refused = desk.refused(|desk| desk.execute(&holder, &decline("x".into()), &[]));
    assert!(matches!(refused, ContractError::Ownership(_)), "{refused}");
    for reason in [String::new(), "x".repeat(257)] {
        let refused = desk.refused(|desk| desk.as_owner(&decline(reason.clone())));
        assert!(
            matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
            "{refused}"
        );
    }
    let refused = desk.refused(|desk| desk.settle(99));
    assert!(
        matches!(refused, ContractError::NotFound { what: "claim", .. }),
        "{refused}"
    );
}
