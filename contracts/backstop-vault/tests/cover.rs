//! `CoverShortfall` and `QuoteCover`, through the shipped breaker.

use crate::support::{Desk, MARKET, both_assets};
use backstop_types::breaker::{OracleBreaker, TripCause};
use backstop_types::vault::{
    ClaimStatus, CoverReason, CoverResponse, ExecuteMsg, LapseReason, Pausable, QueryMsg,
};
use backstop_types::{Assets, InputError, Seconds};
use backstop_vault::ContractError;
use cosmwasm_std::Event;
use cw_multi_test::AppResponse;

fn parts(answer: &CoverResponse) -> [u128; 4] {
    [answer.deductible, answer.paid, answer.pending, answer.uncovered].map(Assets::u128)
}

/// 10,000 staked, cover of 500 with 100 deducted and 200 at once.
fn small() -> Desk {
    let mut desk = Desk::covering(|terms| {
        terms.limit = 500.into();
        terms.deductible = 100.into();
        terms.instant = 200.into();
        terms.minimum = 10.into();
    });
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    desk
}

#[test]
fn an_allowed_shortfall_is_paid_at_once_as_far_as_the_instant_bucket_reaches() {
    let mut desk = small();
    let before = desk.balance(&desk.holder.clone());
    let answer = desk.shortfall(450);
    assert_eq!(parts(&answer), [100, 200, 150, 0]);
    assert_eq!(
        (answer.claim, answer.reason),
        (Some(1), Some(CoverReason::InstantLimit.into()))
    );
    assert_eq!(desk.balance(&desk.holder.clone()) - before, 200);
    let pool = desk.pool();
    assert_eq!(
        (pool.assets, pool.pots, pool.pending_claims),
        (9_650.into(), 150.into(), 1)
    );
    assert_eq!(desk.claim(1).record.status, ClaimStatus::Delayed {});
}

#[test]
fn a_grant_is_a_loss_at_once_for_a_native_asset_and_a_cw20() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        desk.deposit(&alice, 1_000).unwrap();
        desk.w.set_price("10");
        let before = desk.balance(&desk.holder.clone());
        let answer = desk.shortfall(300);
        assert_eq!(parts(&answer), [0, 300, 0, 0]);
        assert_eq!((answer.claim, answer.reason), (Some(1), None));
        assert_eq!(desk.balance(&desk.holder.clone()) - before, 300);
        assert_eq!(desk.pool().share_price.to_string(), "0.7");
        let loss = desk.loss(1);
        assert_eq!((loss.stake.u128(), loss.granted), (1_000, 300.into()));
    }
}

#[test]
fn beyond_the_limits_a_shortfall_is_uncovered_and_says_why() {
    let mut desk = small();
    let answer = desk.shortfall(900);
    assert_eq!(parts(&answer), [100, 200, 300, 300]);
    assert_eq!(answer.reason, Some(CoverReason::PolicyLimit.into()));
    let answer = desk.shortfall(900);
    assert_eq!((parts(&answer), answer.claim), ([0, 0, 0, 900], None));
    assert_eq!(answer.reason, Some(CoverReason::PolicyLimit.into()));

    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let answer = desk.shortfall(1_000);
    assert_eq!(
        (parts(&answer), answer.reason),
        ([0, 900, 0, 100], Some(CoverReason::PoolLimit.into()))
    );
    assert_eq!(desk.pool().assets, 100.into(), "a grant never takes them all");
}

#[test]
fn limits_refill_over_the_window() {
    let mut desk = small();
    desk.shortfall(600);
    assert_eq!(
        (desk.policy().room, desk.policy().instant_left),
        (Assets::ZERO, Assets::ZERO)
    );
    desk.advance(Seconds(7 * 86_400 / 2));
    assert_eq!(
        (desk.policy().room, desk.policy().instant_left),
        (250.into(), 100.into())
    );
    assert_eq!(desk.policy().deductible_left, 50.into());
}

#[test]
fn a_price_outside_the_band_gets_nothing_and_touches_no_bucket() {
    let mut desk = small();
    let before = desk.policy();
    for (price, reason) in [
        (Some("9"), CoverReason::PriceOutsideBand),
        (Some("11"), CoverReason::PriceOutsideBand),
        (None, CoverReason::PriceMissing),
    ] {
        let answer = desk.shortfall_at(450, price);
        assert_eq!(
            (parts(&answer), answer.claim, answer.reason),
            ([0, 0, 0, 450], None, Some(reason.into()))
        );
    }
    assert_eq!(desk.policy(), before);
    assert_eq!(desk.pool().losses, 0);
}

#[test]
fn a_denied_shortfall_is_held_with_its_trip_and_last_clean_band() {
    let mut desk = small();
    desk.w.set_price("5");
    let answer = desk.shortfall_at(450, Some("5"));
    assert_eq!(
        (parts(&answer), answer.reason),
        ([100, 0, 350, 0], Some(CoverReason::BreakerDenied.into()))
    );
    let ClaimStatus::Held(hold) = desk.claim(1).record.status else {
        panic!("must be held")
    };
    assert_eq!((hold.trip, hold.at_filing), (Some(1), None));
    assert!(
        hold.last_clean
            .unwrap()
            .contains(backstop_types::Price("10".parse().unwrap()))
    );
}

#[test]
fn a_claim_waits_for_the_trip_that_its_own_poke_began() {
    let mut desk = small();
    let market = |desk: &Desk| {
        let breaker = OracleBreaker(desk.w.breaker.clone());
        breaker.record(&desk.w.querier(), MARKET).unwrap().unwrap()
    };
    // The sources fall, and nobody has poked since.
    desk.advance(Seconds::MINUTE);
    desk.w.set_sources("5");
    assert_eq!((market(&desk).trip(), market(&desk).open_trip), (None, None));
    let before = market(&desk).last_clean;
    desk.shortfall_at(450, Some("5"));
    assert_eq!(market(&desk).trip(), Some(1));
    let ClaimStatus::Held(hold) = desk.claim(1).record.status else {
        panic!("must be held")
    };
    assert_eq!((hold.trip, hold.cause), (Some(1), Some(TripCause::Faults.into())));
    assert_eq!((hold.last_clean, hold.at_filing), (before, None));
}

/// How often the vault itself was called in a transaction.
fn calls(desk: &Desk, done: &AppResponse) -> usize {
    let vault = desk.w.vault.to_string();
    let of_vault = |event: &&Event| {
        event.ty == "execute"
            && event
                .attributes
                .iter()
                .any(|attribute| attribute.key == "_contract_address" && attribute.value == vault)
    };
    done.events.iter().filter(of_vault).count()
}

#[test]
fn only_a_poke_that_brought_no_answer_is_followed_by_the_proof_of_depth() {
    let mut desk = small();
    let answered = desk.ask(450, Some("10")).unwrap();
    assert_eq!(calls(&desk, &answered), 1);
    desk.decline(1).unwrap();
    desk.silence_breaker();
    let dead = desk.ask(150, Some("10")).unwrap();
    assert_eq!(calls(&desk, &dead), 2, "the vault calls itself once");

    // The same where a claim that was held by a dead poke lapses by another.
    let mut desk = small();
    desk.silence_breaker();
    let claim = desk.shortfall(450).claim.unwrap();
    desk.advance(Seconds(54 * 86_400 + 1));
    let lapsed = desk.settle(claim).unwrap();
    let reason = LapseReason::Expired;
    assert_eq!(desk.claim(claim).record.status, ClaimStatus::Lapsed { reason });
    assert_eq!(calls(&desk, &lapsed), 2);
}

#[test]
fn a_breaker_that_does_not_answer_holds_the_claim_and_cannot_take_it_down() {
    let mut desk = small();
    desk.silence_breaker();
    let answer = desk.shortfall(450);
    assert_eq!(
        (parts(&answer), answer.reason),
        ([100, 0, 350, 0], Some(CoverReason::BreakerUnavailable.into()))
    );
    let ClaimStatus::Held(hold) = desk.claim(1).record.status else {
        panic!("must be held")
    };
    assert_eq!((hold.trip, hold.last_clean), (None, None));
}

#[test]
fn under_the_guardians_hold_nothing_is_instant() {
    let mut desk = small();
    desk.pause(Pausable::Payouts, Seconds(3_600)).unwrap();
    let answer = desk.shortfall(450);
    assert_eq!(
        (parts(&answer), answer.reason),
        ([100, 0, 350, 0], Some(CoverReason::PayoutsPaused.into()))
    );
    assert_eq!(desk.claim(1).record.status, ClaimStatus::Delayed {});
}

#[test]
fn cover_without_prices_is_always_delayed() {
    let mut desk = Desk::covering(|terms| {
        terms.priced = false;
        terms.instant = Assets::ZERO;
    });
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("5"); // a trip
    let answer = desk.shortfall_at(300, None);
    assert_eq!(
        (parts(&answer), answer.reason),
        ([0, 0, 300, 0], Some(CoverReason::Unpriced.into()))
    );
    assert_eq!(desk.claim(1).record.status, ClaimStatus::Delayed {});
}

#[test]
fn a_shortfall_in_the_deductible_opens_no_claim_and_wears_it_down() {
    let mut desk = small();
    let answer = desk.shortfall(60);
    assert_eq!(
        (parts(&answer), answer.claim, answer.reason),
        ([60, 0, 0, 0], None, None)
    );
    assert_eq!(
        (desk.policy().deductible_left, desk.pool().losses),
        (40.into(), 0)
    );
    let answer = desk.shortfall(60);
    assert_eq!(parts(&answer), [40, 20, 0, 0]);
}

#[test]
fn a_quote_is_what_the_answer_would_be() {
    let mut desk = small();
    for (amount, price) in [
        (60, Some("10")),
        (450, Some("10")),
        (450, Some("11")),
        (450, None),
        (9_000, Some("10")),
    ] {
        let quoted = desk.quote(amount, price);
        assert_eq!(quoted, desk.shortfall_at(amount, price), "{amount} at {price:?}");
    }
}

#[test]
fn an_unknown_policyholder_a_closed_policy_and_bad_fields_are_errors() {
    let mut desk = small();
    let alice = desk.staker("alice");
    let ask = |market: &str, amount: u128| ExecuteMsg::CoverShortfall {
        shortfall: 1,
        market: market.to_string(),
        amount: amount.into(),
        price: None,
    };
    let refused = desk.refused(|desk| desk.execute(&alice, &ask(MARKET, 5), &[]));
    assert!(
        matches!(refused, ContractError::NotFound { what: "policy", .. }),
        "{refused}"
    );

    let holder = desk.holder.clone();
    let refused = desk.refused(|desk| desk.execute(&holder, &ask("BTC/USD", 5), &[]));
    assert!(
        matches!(refused, ContractError::NotFound { what: "policy", .. }),
        "{refused}"
    );
    for msg in [
        ask(MARKET, 0),
        ask("", 5),
        ask(&"A".repeat(33), 5),
        ask("ATOM USD", 5),
    ] {
        let refused = desk.refused(|desk| desk.execute(&holder, &msg, &[]));
        assert!(
            matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
            "{refused}"
        );
    }

    let close = ExecuteMsg::ClosePolicy {
        policyholder: None,
        market: MARKET.to_string(),
    };
    desk.execute(&holder, &close, &[]).unwrap();
    let refused = desk.refused(|desk| desk.ask(5, Some("10")));
    assert!(matches!(refused, ContractError::PolicyClosed { .. }), "{refused}");
    let quote = QueryMsg::QuoteCover {
        policyholder: holder.to_string(),
        market: MARKET.to_string(),
        amount: 5.into(),
        price: None,
        shortfall: None,
    };
    assert!(desk.w.query::<CoverResponse>(&desk.w.vault, &quote).is_err());
}

#[test]
fn the_largest_amount_is_answered_like_any_other() {
    let mut desk = small();
    let answer = desk.shortfall(u128::MAX);
    assert_eq!(parts(&answer), [100, 200, 300, u128::MAX - 600]);
}

#[test]
fn an_empty_pool_covers_nothing() {
    let mut desk = Desk::native();
    let answer = desk.shortfall(5);
    assert_eq!(
        (parts(&answer), answer.reason),
        ([0, 0, 0, 5], Some(CoverReason::PoolLimit.into()))
    );
}
