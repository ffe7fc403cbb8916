//! The vault's answers, and what no answer means.

use crate::support::broken_vault::Mode;
use crate::support::{Exchange, ONE, both, denial, plain, price, refusal};
use backstop_core::perps::Side;
use backstop_testing::WorldBuilder;
use backstop_types::breaker::{Action, InstantiateMsg};
use backstop_types::vault::{
    BackstopVault, ClaimStatusName, CoverReason, CoverResponse, ExecuteMsg as VaultMsg, ParamsUpdate,
};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::Addr;
use sample_perps::ContractError;

/// Liquidates a long of 1,000 at 10 with a margin of 1,000 at 5: 4,000 are missing.
fn fall(x: &mut Exchange) {
    x.open("bob", Side::Short, 1_000, 2_000);
    let long = x.open("alice", Side::Long, 1_000, 1_000);
    x.price("5");
    x.liquidate(long).unwrap();
}

fn answer(x: &Exchange, shortfall: u64) -> CoverResponse {
    let record = x.shortfall(shortfall).record;
    let cover = record.answer.expect("an answer").cover;
    let sum = cover.missing().unwrap().checked_add(cover.paid).unwrap();
    assert_eq!(sum, record.books.asked);
    cover
}

fn status(x: &Exchange) -> ClaimStatusName {
    let vault = BackstopVault(x.w.vault.clone());
    let claim = vault.claim(&x.w.querier(), 1).unwrap().unwrap();
    claim.status.known().unwrap()
}

#[test]
fn paid_the_pool_is_whole_at_once_and_nobody_is_deleveraged() {
    both(plain, |x| {
        fall(x);
        let cover = answer(x, 1);
        assert_eq!(cover.paid, Assets::new(4_000 * ONE));
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        assert!(!x.shortfall(1).deleverage);
        assert_eq!(refusal(x.deleverage(1)), ContractError::MadeGood { shortfall: 1 });
        assert_eq!(refusal(x.send_again(1)), ContractError::Answered { shortfall: 1 });
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });
    });
}

#[test]
fn delayed_the_pool_books_it_when_it_is_settled() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.instant = Assets::ZERO);
    both(setup, |x| {
        fall(x);
        let cover = answer(x, 1);
        assert_eq!(cover.pending, Assets::new(4_000 * ONE));
        assert_eq!(cover.reason, Some(CoverReason::InstantLimit.into()));
        assert!(x.shortfall(1).deleverage);
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });
        // When it is paid before anybody was deleveraged, all of it is the pool's.
        let cash = x.cash();
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        x.book(1).unwrap();
        assert_eq!(x.cash() - cash, 4_000 * ONE);
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });
    });
}

#[test]
fn held_it_is_pending_until_the_trip_has_ended() {
    let setup = |b: WorldBuilder| plain(b).market_params(|m| m.recovery_readings = 20);
    both(setup, |x| {
        x.open("bob", Side::Short, 1_000, 2_000);
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        // Given a market that recovers from a trip: liquidations go ahead, payouts do not.
        x.trip();
        denial(x.liquidate(long));
        x.wait(Seconds::hours(73), "5");
        x.price("5");
        x.liquidate(long).unwrap();
        let cover = answer(x, 1);
        assert_eq!(cover.pending, Assets::new(4_000 * ONE));
        assert_eq!(cover.reason, Some(CoverReason::BreakerDenied.into()));
        assert!(status(x) == ClaimStatusName::Held);
        // When the trip has ended and the delay has passed, it is paid and booked.
        for _ in 0..20 {
            x.price("5");
        }
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        assert_eq!(status(x), ClaimStatusName::Paid);
        let cash = x.cash();
        x.book(1).unwrap();
        assert_eq!(x.cash() - cash, 4_000 * ONE);
    });
}

#[test]
fn uncovered_is_left_to_deleveraging() {
    let setup = |b: WorldBuilder| {
        plain(b)
            .policy(|t| t.limit = Assets::new(3_000 * ONE))
            .policy(|t| t.instant = t.limit)
    };
    both(setup, |x| {
        fall(x);
        let cover = answer(x, 1);
        assert_eq!(cover.paid, Assets::new(3_000 * ONE));
        assert_eq!(cover.uncovered, Assets::new(1_000 * ONE));
        assert_eq!(cover.reason, Some(CoverReason::PolicyLimit.into()));
        assert_eq!(x.shortfall(1).remaining, Assets::new(1_000 * ONE));
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });
        x.deleverage(1).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}

#[test]
fn the_deductible_is_left_to_deleveraging() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.deductible = Assets::new(1_000 * ONE));
    both(setup, |x| {
        fall(x);
        let cover = answer(x, 1);
        assert_eq!(cover.deductible, Assets::new(1_000 * ONE));
        assert_eq!(cover.paid, Assets::new(3_000 * ONE));
        assert_eq!(x.shortfall(1).remaining, Assets::new(1_000 * ONE));
    });
}

#[test]
fn an_error_is_no_answer_and_anyone_may_send_it_again() {
    both(plain, |x| {
        // Given a vault that is out of order: an error.
        x.break_vault();
        fall(x);
        let open = x.shortfall(1).record;
        assert!(open.answer.is_none());
        assert_eq!(open.sent, 0);
        // The position is closed all the same, and deleveraging waits.
        assert!(x.position(2).is_none());
        assert!(matches!(
            refusal(x.deleverage(1)),
            ContractError::AwaitsAnswer { .. }
        ));
        // When it is sent again into the same error, it stays open.
        let shortfall = 1;
        assert_eq!(refusal(x.send_again(1)), ContractError::NoAnswer { shortfall });
        assert_eq!(x.shortfall(1).record.sent, 0);
        assert!(x.shortfall(1).record.answer.is_none());
        // When it is mended, anyone's sending is answered, at the closing's price.
        x.mend_vault();
        let cash = x.cash();
        x.send_again(1).unwrap();
        assert_eq!(answer(x, 1).paid, Assets::new(4_000 * ONE));
        assert_eq!(x.shortfall(1).price, price("5"));
        assert_eq!(x.cash() - cash, 4_000 * ONE);
    });
}

#[test]
fn a_vault_that_is_out_of_order_does_not_stop_a_liquidation() {
    for mode in [Mode::Fails, Mode::NoData, Mode::Garbage] {
        both(plain, |x| {
            x.beside(mode.clone());
            fall(x);
            let record = x.shortfall(1).record;
            assert!(record.answer.is_none(), "{mode:?}");
            assert_eq!(record.books.asked, Assets::new(4_000 * ONE));
            // The keeper has its fee, and after an hour the winners make it good.
            x.wait(Seconds::HOUR, "5");
            x.deleverage(1).unwrap();
            assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        });
    }
}

#[test]
fn only_the_exchanges_own_claim_is_booked() {
    both(plain, |x| {
        // Given a vault whose record of the claim is of somebody else.
        x.beside(Mode::ForeignClaim);
        fall(x);
        assert_eq!(answer(x, 1).claim, Some(7));
        assert_eq!(refusal(x.book(1)), ContractError::ForeignClaim { claim: 7 });
    });
}

#[test]
fn an_hour_without_an_answer_opens_deleveraging_and_ends_the_asking() {
    both(plain, |x| {
        x.break_vault();
        fall(x);
        x.wait(Seconds(3_600 - 1), "5");
        assert!(matches!(
            refusal(x.deleverage(1)),
            ContractError::AwaitsAnswer { .. }
        ));
        // Sending again does not set the clock back.
        let shortfall = 1;
        assert_eq!(refusal(x.send_again(1)), ContractError::NoAnswer { shortfall });
        x.wait(Seconds(1), "5");
        x.mend_vault();
        let late = |refused| matches!(refused, ContractError::TooLate { shortfall: 1, .. });
        assert!(late(refusal(x.send_again(1))));
        x.deleverage(1).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        // Winners have made it good, and the stakers do not pay it a second time.
        assert!(late(refusal(x.send_again(1))));
        assert_eq!(refusal(x.compensate("bob")), ContractError::NothingDue);
    });
}

#[test]
fn deleveraging_ends_a_day_after_it_could_begin() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.deductible = Assets::new(10_000 * ONE));
    both(setup, |x| {
        fall(x);
        assert!(x.shortfall(1).deleverage);
        x.busy(Seconds::DAY, "5");
        assert!(!x.shortfall(1).deleverage);
        assert!(matches!(
            refusal(x.deleverage(1)),
            ContractError::WindowOver { .. }
        ));
        // What is left is the pool's loss, and stays on record.
        assert_eq!(x.shortfall(1).remaining, Assets::new(4_000 * ONE));
    });
}

#[test]
fn a_declined_claim_leaves_the_loss_where_it_was() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.instant = Assets::ZERO);
    both(setup, |x| {
        fall(x);
        x.deleverage(1).unwrap();
        let reason = "no such loss".to_string();
        x.vault("owner", VaultMsg::DeclineClaim { claim: 1, reason })
            .unwrap();
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });
        assert_eq!(status(x), ClaimStatusName::Declined);
        assert_eq!(refusal(x.compensate("bob")), ContractError::NothingDue);
    });
}

#[test]
fn shortfalls_are_numbered_and_listed_by_page() {
    both(plain, |x| {
        let longs: Vec<u64> = (0..12).map(|_| x.open("alice", Side::Long, 10, 10)).collect();
        x.price("5");
        for long in longs {
            x.liquidate(long).unwrap();
        }
        let page: sample_perps::msg::ShortfallsResponse = x.ask(sample_perps::msg::QueryMsg::Shortfalls {
            start_after: Some(5),
            limit: Some(4),
        });
        let numbers: Vec<u64> = page.shortfalls.iter().map(|row| row.shortfall).collect();
        assert_eq!(numbers, [6, 7, 8, 9]);
        assert_eq!(x.pool().ledger.shortfalls, 12);
    });
}

#[test]
fn it_is_not_sent_again_while_the_vault_would_grant_nothing() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.minimum = Assets::new(5_000 * ONE));
    both(setup, |x| {
        x.break_vault();
        fall(x);
        x.mend_vault();
        let refused = refusal(x.send_again(1));
        assert!(matches!(refused, ContractError::NotNow { .. }), "{refused}");
        assert_eq!(x.shortfall(1).record.sent, 0);
        // Deleveraging opens after the hour all the same.
        x.wait(Seconds::HOUR, "5");
        x.deleverage(1).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}

/// A claim that is held because the breaker does not answer is judged by the
/// first poke that allows, at whatever price the market is then.
#[test]
fn it_is_not_sent_while_the_vault_finds_no_breaker() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.gather_count = 2);
    both(setup, |x| {
        x.beside(Mode::NoBreaker);
        fall(x);
        x.price("5");
        assert_eq!(
            refusal(x.send_again(1)),
            ContractError::NotNow {
                shortfall: 1,
                reason: CoverReason::BreakerUnavailable.into(),
            }
        );
        assert_eq!(x.shortfall(1).record.sent, 0);
    });
}

#[test]
fn it_is_not_sent_while_the_vault_asks_another_breaker() {
    both(plain, |x| {
        x.break_vault();
        fall(x);
        x.mend_vault();
        let other = x.w.instantiate(
            x.w.codes.breaker,
            &InstantiateMsg {
                owner: x.w.owner.to_string(),
                guardian: None,
            },
            "a breaker without markets",
        );
        let replace = |breaker: &Addr| VaultMsg::UpdateParams {
            update: ParamsUpdate {
                breaker: Some(breaker.to_string()),
                ..Default::default()
            },
        };
        x.vault("owner", replace(&other.unwrap())).unwrap();
        assert_eq!(
            refusal(x.send_again(1)),
            ContractError::OtherBreaker { shortfall: 1 }
        );
        assert_eq!(x.shortfall(1).record.sent, 0);
        // With the exchange's own it goes, and is paid.
        let breaker = x.w.breaker.clone();
        x.vault("owner", replace(&breaker)).unwrap();
        x.send_again(1).unwrap();
        assert_eq!(answer(x, 1).paid, Assets::new(4_000 * ONE));
    });
}

#[test]
fn in_a_guardians_trip_it_is_sent_again_only_at_a_price_that_would_stand() {
    both(plain, |x| {
        x.break_vault();
        fall(x);
        x.mend_vault();
        x.trip();
        x.price("5.1");
        assert_eq!(denial(x.send_again(1)).action, Action::Payout);
        assert_eq!(x.shortfall(1).record.sent, 0);
        x.price("5");
        x.send_again(1).unwrap();
        assert_eq!(answer(x, 1).pending, Assets::new(4_000 * ONE));
    });
}
