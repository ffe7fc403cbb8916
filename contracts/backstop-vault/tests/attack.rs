//! What a hostile reader tried: who could lose, be stuck, or grief.

use crate::support::{Desk, MARKET, terms};
use backstop_testing::World;
use backstop_types::breaker;
use backstop_types::vault::{ClaimStatus, ExecuteMsg, LapseReason, ParamsUpdate, Pausable, PolicyTerms};
use backstop_types::{Assets, Change, InputError, Seconds, Shares};
use backstop_vault::ContractError;
use cosmwasm_std::{Addr, Decimal};

/// 10,000 staked by alice, under this cover, and a price of 10.
fn staked(change: impl FnOnce(&mut PolicyTerms)) -> (Desk, Addr) {
    let mut desk = Desk::covering(change);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    (desk, alice)
}

/// The vault's breaker knows no market, so that it answers nothing: what
/// mends it.
fn break_breaker(desk: &mut Desk) -> (Addr, breaker::ExecuteMsg) {
    let ask = breaker::QueryMsg::Market {
        market: MARKET.to_string(),
    };
    let good: breaker::MarketResponse = desk.w.query(&desk.w.breaker, &ask).unwrap();
    let config = cosmwasm_std::from_json(cosmwasm_std::to_json_vec(&good.config).unwrap()).unwrap();
    let other = desk.silence_breaker();
    let mend = breaker::ExecuteMsg::AddMarket {
        market: MARKET.to_string(),
        config,
    };
    (other, mend)
}

/// A claim of 400 at 10 that was held without a trip, while the breaker was
/// down; the breaker is mended a minute later and finds a price of 10.
fn held_without_a_trip() -> (Desk, u64) {
    let (mut desk, _) = staked(|terms| terms.instant = Assets::ZERO);
    let (other, mend) = break_breaker(&mut desk);
    let claim = desk.shortfall(400).claim.unwrap();
    let owner = desk.w.owner.clone();
    desk.w.execute(&owner, &other, &mend, &[]).unwrap();
    desk.w.breaker = other;
    desk.advance(Seconds::MINUTE);
    desk.w.set_price("10");
    (desk, claim)
}

fn status(desk: &Desk, claim: u64) -> ClaimStatus {
    desk.claim(claim).record.status
}

// ---- held without a trip ----------------------------------------------------

/// Design §4: without a trip a held claim's price is judged by the first poke
/// that allows. Here that poke supports it, anyone settles then, and the market
/// walks away during the delay.
#[test]
fn a_claim_held_without_a_trip_that_stood_at_the_first_allowing_poke_is_paid_after_its_delay() {
    let (mut desk, claim) = held_without_a_trip();
    // The first poke that allows, and the price is in its band.
    desk.settle(claim).unwrap();
    assert_eq!(status(&desk, claim), ClaimStatus::Delayed {});
    for price in ["10.2", "10.4", "10.6", "10.8"] {
        desk.advance(Seconds::hours(6));
        desk.w.set_price(price);
    }
    desk.settle(claim).unwrap();
    assert_eq!(status(&desk, claim), ClaimStatus::Paid {});
}

/// The same from the other side: a staker of the cohort only has to wait for
/// the first tick away from the claim's price, at any time in the delay.
#[test]
fn a_staker_cannot_make_a_claim_lapse_that_stood_at_the_first_allowing_poke() {
    let (mut desk, claim) = held_without_a_trip();
    desk.settle(claim).unwrap();
    desk.advance(Seconds::HOUR);
    desk.w.set_price("10.2");
    let refused = desk.refused(|desk| desk.settle(claim));
    assert_eq!(
        refused,
        ContractError::delayed(claim, Seconds(86_400 - 60 - 3_600))
    );
    assert_eq!(status(&desk, claim), ClaimStatus::Delayed {});
}

/// README: "A claim that could be paid never lapses, however late it is
/// settled." This one waited for its delay alone when it was settled first, and
/// a month after the market has fallen silent it is gone.
#[test]
fn a_claim_held_without_a_trip_that_stood_once_does_not_expire() {
    let (mut desk, claim) = held_without_a_trip();
    desk.settle(claim).unwrap();
    desk.advance(Seconds::days(55));
    desk.settle(claim).unwrap();
    assert_eq!(status(&desk, claim), ClaimStatus::Paid {});
}

/// In a guardian's trip the band at filing counts, and alone. One that was filed
/// while the feeds were silent has none: it is judged as in the trip that they
/// would have begun, and a price outside of that trip's span gains nothing.
#[test]
fn a_claim_filed_in_a_guardians_trip_without_a_band_gains_nothing_by_the_guardian() {
    for by_guardian in [true, false] {
        let judged = |price| silent(by_guardian, price);
        let lapsed = ClaimStatus::Lapsed {
            reason: LapseReason::PriceOutsideSpan,
        };
        assert_eq!(judged("9.6"), ClaimStatus::Paid {}, "{by_guardian}");
        assert_eq!(judged("9.1"), lapsed, "{by_guardian}");
        assert_eq!(judged("10.1"), lapsed, "{by_guardian}");
    }
}

/// What becomes of a claim at this price: filed while the feeds are silent after
/// 10, in a trip that ends at 9.2.
fn silent(by_guardian: bool, price: &str) -> ClaimStatus {
    let (mut desk, _) = staked(|terms| terms.instant = Assets::ZERO);
    let (guardian, breaker) = (desk.w.guardian.clone(), desk.w.breaker.clone());
    let trip = breaker::ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "an exploit".to_string(),
    };
    if by_guardian {
        desk.w.execute(&guardian, &breaker, &trip, &[]).unwrap();
    }
    desk.advance(Seconds::HOUR);
    let claim = desk.shortfall_at(400, Some(price)).claim.unwrap();
    desk.advance(Seconds::hours(72));
    for _ in 0..20 {
        desk.advance(Seconds(600));
        desk.w.set_price("9.2");
    }
    desk.settle(claim).unwrap();
    status(&desk, claim)
}

// ---- exits ------------------------------------------------------------------

/// Invariant 8. At the cap of tickets only one for all that is left passes. A
/// stranger may give the leaver one unit just before; "all" is counted then.
#[test]
fn nobody_can_stop_the_last_ticket_by_a_deposit_for_the_leaver() {
    let (mut desk, alice) = staked(|_| ());
    desk.update(ParamsUpdate {
        max_tickets: Some(1),
        ..Default::default()
    })
    .unwrap();
    desk.unbond(&alice, 1_000).unwrap();

    let mallory = desk.staker("mallory");
    desk.deposit_with(&mallory, 1, None, Some(alice.to_string()))
        .unwrap();
    assert_eq!(desk.stake(&alice).stake.active, Shares::new(9_001));

    desk.execute(
        &alice,
        &ExecuteMsg::Unbond {
            shares: None,
            auto_withdraw: None,
        },
        &[],
    )
    .unwrap();
    let stake = desk.stake(&alice).stake;
    assert_eq!((stake.active, stake.queued.u128()), (Shares::ZERO, 10_001));
}

/// The same against the smallest ticket: a small staker's only exit is a ticket
/// for all.
#[test]
fn nobody_can_stop_a_small_stakers_exit_by_a_deposit_for_it() {
    let (mut desk, _) = staked(|_| ());
    let bob = desk.staker("bob");
    desk.deposit(&bob, 500).unwrap();
    desk.update(ParamsUpdate {
        min_ticket: Some(Shares::new(1_000)),
        ..Default::default()
    })
    .unwrap();

    let mallory = desk.staker("mallory");
    desk.deposit_with(&mallory, 1, None, Some(bob.to_string()))
        .unwrap();
    assert_eq!(desk.stake(&bob).stake.active, Shares::new(501));

    desk.execute(
        &bob,
        &ExecuteMsg::Unbond {
            shares: None,
            auto_withdraw: None,
        },
        &[],
    )
    .unwrap();
    let stake = desk.stake(&bob).stake;
    assert_eq!((stake.active, stake.queued.u128()), (Shares::ZERO, 501));
}

// ---- repayments -------------------------------------------------------------

/// Whoever repays a loss to the last unit can be stopped, again and again, by
/// one unit sent first.
#[test]
fn nobody_can_stop_a_repayment_by_repaying_one_unit_first() {
    let (mut desk, alice) = staked(|_| ());
    let loss = desk.lose(4_000);
    let (holder, mallory) = (desk.holder.clone(), desk.staker("mallory"));
    desk.recover(&mallory, loss, 1).unwrap();
    let repaid = desk.recover(&holder, loss, 4_000);
    assert!(repaid.is_ok(), "{:#}", repaid.unwrap_err());
    assert_eq!(desk.due(&alice), 4_000);
}

// ---- buckets ----------------------------------------------------------------

/// README: the deductible is borne "once a window however its shortfalls are
/// split". In a trip, when shortfalls come, parts within it wear nothing down.
#[test]
fn in_a_trip_the_deductible_is_borne_once_however_a_shortfall_is_split() {
    let borne = |parts: &[u128]| {
        let (mut desk, _) = staked(|terms| terms.deductible = 100.into());
        desk.w.set_price("7");
        let answers: Vec<_> = parts
            .iter()
            .map(|part| desk.shortfall_at(*part, Some("8")))
            .collect();
        assert!(answers.iter().all(|answer| answer.paid.is_zero()));
        answers
            .iter()
            .map(|answer| answer.deductible.u128())
            .sum::<u128>()
    };
    assert_eq!(borne(&[300]), 100);
    assert_eq!(borne(&[60, 60, 60, 60, 60]), 100, "split in five");
}

/// What was used under a larger deductible is carried over whole, and refills
/// at the smaller one's rate: for nine windows nothing is borne.
#[test]
fn a_lowered_deductible_is_borne_again_in_the_next_window() {
    let (mut desk, _) = staked(|terms| terms.deductible = 1_000.into());
    desk.shortfall(1_000);
    let lowered = PolicyTerms {
        deductible: 100.into(),
        ..desk.policy().terms
    };
    desk.as_owner(&ExecuteMsg::ChangePolicy {
        policyholder: desk.holder.to_string(),
        market: MARKET.to_string(),
        update: Change::to(lowered),
    })
    .unwrap();
    desk.advance(Seconds::days(14));
    desk.w.set_price("10");
    let answer = desk.shortfall(100);
    assert_eq!((answer.deductible, answer.paid), (100.into(), Assets::ZERO));
}

/// A deductible that was off for years has refilled when it is set again.
#[test]
fn a_deductible_that_was_switched_off_is_borne_when_it_is_set_again() {
    let (mut desk, _) = staked(|terms| terms.deductible = 100.into());
    let change = |desk: &mut Desk, deductible: u128| {
        let terms = PolicyTerms {
            deductible: deductible.into(),
            ..desk.policy().terms
        };
        desk.as_owner(&ExecuteMsg::ChangePolicy {
            policyholder: desk.holder.to_string(),
            market: MARKET.to_string(),
            update: Change::to(terms),
        })
        .unwrap();
    };
    desk.shortfall(100);
    change(&mut desk, 0);
    desk.advance(Seconds::days(365));
    change(&mut desk, 100);
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(100).deductible, 100.into());
}

/// A decline counts the refill since filing at today's fraction. If that was
/// lowered meanwhile, it gives back what time had refilled already, and so
/// forgives what another claim has used.
#[test]
fn a_decline_after_a_tightening_restores_no_more_than_is_left_of_the_claim() {
    let (mut desk, _) = staked(|terms| (terms.instant, terms.delay) = (Assets::ZERO, Seconds::days(30)));
    let first = desk.shortfall(9_000).claim.unwrap();
    // Half of it refills: room for 45 % of what is left.
    desk.advance(Seconds::hours(84));
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(1_000).pending, 450.into());
    desk.update(ParamsUpdate {
        pool_fraction: Some(Decimal::percent(10)),
        ..Default::default()
    })
    .unwrap();
    assert_eq!(desk.pool().room, Assets::ZERO);
    desk.decline(first).unwrap();
    // The second claim alone has used 45 %, of the 10 % that there are.
    assert_eq!(desk.pool().room, Assets::ZERO);
}

// ---- input ------------------------------------------------------------------

/// `AddPolicy` refuses prices on a market that the breaker does not know;
/// `ChangePolicy` must too, or every claim is held and lapses.
#[test]
fn a_policy_is_not_changed_to_prices_on_a_market_that_the_breaker_does_not_know() {
    let mut desk = Desk::native();
    let holder = desk.staker("new").to_string();
    let unpriced = PolicyTerms {
        priced: false,
        instant: Assets::ZERO,
        ..terms()
    };
    desk.as_owner(&ExecuteMsg::AddPolicy {
        policyholder: holder.clone(),
        market: "EXPLOIT".to_string(),
        terms: unpriced,
    })
    .unwrap();
    let change = ExecuteMsg::ChangePolicy {
        policyholder: holder,
        market: "EXPLOIT".to_string(),
        update: Change::to(terms()),
    };
    let refused = desk.refused(|desk| desk.as_owner(&change));
    assert!(
        matches!(&refused, ContractError::Input(InputError::OutOfBounds { field, .. }) if field == "market"),
        "{refused}"
    );
}

/// A breaker that is none cannot be migrated, and as soon as one claim waits
/// for it it cannot be replaced either: the distributor is asked who it is, and
/// the breaker must be too.
#[test]
fn what_is_no_breaker_is_refused_as_one() {
    let mut desk = Desk::native();
    let nobody = desk.staker("nobody");
    let update = |breaker: &Addr| ParamsUpdate {
        breaker: Some(breaker.to_string()),
        ..Default::default()
    };
    let distributor = desk.w.distributor.clone();
    // An account, and another contract.
    for address in [nobody, distributor] {
        let refused = desk.refused(|desk| desk.update(update(&address)));
        let bound = "a breaker that lists its markets";
        assert_eq!(
            refused,
            ContractError::Input(InputError::bounds("breaker", address, bound))
        );
    }
}

// ---- what held --------------------------------------------------------------

/// The largest limits there are error nowhere on the way out of a claim.
#[test]
fn the_largest_terms_lock_no_claim() {
    for (held, pay) in [(false, true), (false, false), (true, false)] {
        let (mut desk, _) = staked(|terms| {
            terms.limit = u128::MAX.into();
            terms.instant = Assets::ZERO;
            terms.deductible = Assets::ZERO;
        });
        if held {
            desk.w.set_price("5");
        }
        let claim = desk.shortfall_at(u128::MAX, Some("10")).claim.unwrap();
        let most = PolicyTerms {
            deductible: u128::MAX.into(),
            instant: u128::MAX.into(),
            ..desk.policy().terms
        };
        desk.as_owner(&ExecuteMsg::ChangePolicy {
            policyholder: desk.holder.to_string(),
            market: MARKET.to_string(),
            update: Change::to(most),
        })
        .unwrap();
        assert_eq!(desk.shortfall(u128::MAX).deductible, u128::MAX.into());
        desk.advance(Seconds::days(60));
        if pay {
            desk.settle(claim).unwrap();
        } else {
            desk.decline(claim).unwrap();
        }
    }
}

/// The guardian's hold, ended early by the owner and begun again later, stops a
/// claim's clock for exactly as long as it lasted.
#[test]
fn two_holds_one_ended_early_stop_a_claims_clock_for_their_sum() {
    let (mut desk, _) = staked(|terms| (terms.instant, terms.delay) = (Assets::ZERO, Seconds::days(20)));
    desk.pause(Pausable::Payouts, Seconds::hours(10)).unwrap();
    desk.advance(Seconds::hours(2));
    desk.w.set_price("10");
    // Filed two hours into a hold.
    let claim = desk.shortfall(400).claim.unwrap();
    let filed = desk.now();
    desk.advance(Seconds::hours(3));
    let what = Pausable::Payouts;
    desk.as_owner(&ExecuteMsg::Resume { what, pause: 1 }).unwrap();
    desk.advance(Seconds::days(14));
    desk.pause(Pausable::Payouts, Seconds::hours(7)).unwrap();
    desk.advance(Seconds::hours(7));
    let due = filed + Seconds::days(20).0 + 10 * 3_600;
    assert_eq!(desk.claim(claim).payable_at.seconds(), due);
    let left = due - desk.now();
    desk.advance(Seconds(left - 1));
    let refused = desk.refused(|desk| desk.settle(claim));
    assert_eq!(refused, ContractError::delayed(claim, Seconds(1)));
    desk.advance(Seconds(1));
    desk.settle(claim).unwrap();
}

/// Limit × (1 + t/W) is nearly twice the limit just short of a window: what a
/// staker can lose in one window is not `pool_fraction` but almost two of it.
#[test]
fn just_short_of_a_window_grants_reach_nearly_twice_the_pool_fraction() {
    let mut desk = Desk::of(World::builder(), terms());
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.update(ParamsUpdate {
        pool_fraction: Some(Decimal::percent(50)),
        ..Default::default()
    })
    .unwrap();
    desk.w.set_price("10");
    let first = desk.shortfall(10_000).paid;
    desk.advance(Seconds(Seconds::days(7).0 - 60));
    desk.w.set_price("10");
    let second = desk.shortfall(10_000).paid;
    // Half of 10,000, then half of the 5,000 that were left.
    assert_eq!((first, second), (5_000.into(), 2_499.into()));
}

/// A cohort is not widened by cancelling, nor narrowed by leaving, between the
/// loss and its return, all within one block; nobody takes twice.
#[test]
fn moving_between_active_unbonding_and_gone_changes_no_part_of_a_loss() {
    let (mut desk, alice) = staked(|terms| terms.instant = Assets::ZERO);
    let bob = desk.staker("bob");
    desk.deposit(&bob, 10_000).unwrap();
    let ready = desk.unbond(&alice, 4_000).unwrap();
    desk.advance(Seconds::days(21));
    desk.w.set_price("10");
    let ticket = desk.unbond(&bob, 5_000).unwrap();
    let claim = desk.shortfall(8_000).claim.unwrap();
    // The same block: out, back, in again, and in for another.
    desk.withdraw(&alice, Some(vec![ready])).unwrap();
    desk.execute(&bob, &ExecuteMsg::CancelUnbond { ticket }, &[])
        .unwrap();
    desk.deposit(&alice, 50_000).unwrap();
    desk.deposit_with(&bob, 50_000, None, Some(alice.to_string()))
        .unwrap();
    let all = desk.stake(&bob).stake.active.u128();
    desk.unbond(&bob, all).unwrap();
    desk.decline(claim).unwrap();
    assert_eq!((desk.due(&alice), desk.due(&bob)), (4_000, 4_000));
    desk.claim_recovery(&alice, Some(vec![claim]), true).unwrap();
    desk.claim_recovery(&bob, Some(vec![claim]), false).unwrap();
    assert_eq!((desk.due(&alice), desk.due(&bob)), (0, 0));
    assert_eq!(desk.pool().recoveries, Assets::ZERO);
}
