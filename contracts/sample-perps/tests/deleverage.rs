//! `Deleverage`, `BookClaim`, `ClaimCompensation`: who gives, and who gets back.

use crate::support::{Exchange, ONE, both, denial, plain, price, refusal};
use backstop_core::perps::Side;
use backstop_testing::{WorldBuilder, emitted};
use backstop_types::breaker::Action;
use backstop_types::events::perps::Deleveraged;
use backstop_types::vault::ExecuteMsg as VaultMsg;
use backstop_types::{Assets, Seconds};
use sample_perps::ContractError;
use sample_perps::msg::{ExecuteMsg, PositionsResponse, QueryMsg};

/// Everything granted is paid after a day, nothing at once.
fn delayed(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.instant = Assets::ZERO)
}

/// Nothing is ever covered.
fn uncovered(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.deductible = t.limit)
}

/// Liquidates a long of so many units, opened at 10 with a tenth, at the price of now.
fn shortfall_of(x: &mut Exchange, long: u64) -> u64 {
    x.liquidate(long).unwrap();
    x.pool().ledger.shortfalls
}

#[test]
fn the_most_profitable_goes_first_and_losers_are_never_touched() {
    both(uncovered, |x| {
        // Given shorts at 10, 12 and 8, and a long that will leave 4,000.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let at_10 = x.open("bob", Side::Short, 100, 1_000);
        x.price("12");
        let at_12 = x.open("carol", Side::Short, 100, 1_000);
        x.price("4");
        let at_4 = x.open("dave", Side::Short, 100, 1_000);
        x.price("5");
        let queue: PositionsResponse = x.ask(QueryMsg::AdlQueue {
            side: Side::Short,
            price: Some(price("5")),
            limit: None,
        });
        let order: Vec<u64> = queue.positions.iter().map(|row| row.position).collect();
        assert_eq!(order, [at_12, at_10, at_4]);
        let id = shortfall_of(x, long);
        // When all is taken that can be: 700 and 500 of the 4,000.
        let done = x.deleverage(id).unwrap();
        assert_eq!(emitted::<Deleveraged>(&done)[0].position, at_12);
        // Then the winners keep their margin and the loser its position.
        assert_eq!(x.credit("carol"), 1_000 * ONE);
        assert_eq!(x.credit("bob"), 1_000 * ONE);
        assert!(x.position(at_10).is_none() && x.position(at_12).is_none());
        assert!(x.position(at_4).is_some());
        // The rest is the pool's loss, on record.
        assert_eq!(x.shortfall(id).remaining, Assets::new(2_800 * ONE));
        assert_eq!(
            refusal(x.deleverage(id)),
            ContractError::NothingToDeleverage {
                side: Side::Short,
                price: price("5")
            }
        );
    });
}

#[test]
fn longs_are_deleveraged_for_a_short_that_failed() {
    both(uncovered, |x| {
        let short = x.open("bob", Side::Short, 1_000, 1_000);
        let long = x.open("alice", Side::Long, 2_000, 5_000);
        x.price("14");
        let id = shortfall_of(x, short);
        x.deleverage(id).unwrap();
        // 3,000 of the long's 8,000, so three eighths of it.
        let left = x.position(long).unwrap().record.exposure;
        assert_eq!(left.size.u128(), 1_250 * ONE);
        assert_eq!(x.shortfall(id).remaining, Assets::ZERO);
    });
}

#[test]
fn a_rest_that_is_smaller_than_the_smallest_position_is_closed_with_it() {
    let setup = |b: WorldBuilder| uncovered(b).perps(|p| p.min_notional = Assets::new(1_000 * ONE));
    both(setup, |x| {
        // Given a short that has won 4,050, of which 4,000 are taken: 123 of notional are left.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let short = x.open("bob", Side::Short, 810, 1_000);
        x.price("5");
        let id = shortfall_of(x, long);
        x.deleverage(id).unwrap();
        assert!(x.position(short).is_none());
        assert_eq!(x.credit("bob"), 1_050 * ONE);
        assert_eq!(x.shortfall(id).remaining, Assets::ZERO);
    });
}

#[test]
fn a_call_is_capped_and_the_rest_is_carried() {
    let setup = |b: WorldBuilder| uncovered(b).perps(|p| p.adl_cap = 2);
    both(setup, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        for _ in 0..5 {
            x.open("bob", Side::Short, 100, 1_000);
        }
        x.price("5");
        let id = shortfall_of(x, long);
        let msg = |limit| ExecuteMsg::Deleverage { shortfall: id, limit };
        // A limit above the cap is the cap; one below it counts.
        x.run("keeper", msg(Some(30))).unwrap();
        assert_eq!(x.shortfall(id).remaining, Assets::new(3_000 * ONE));
        x.run("keeper", msg(Some(1))).unwrap();
        assert_eq!(x.shortfall(id).remaining, Assets::new(2_500 * ONE));
        x.run("keeper", msg(None)).unwrap();
        assert_eq!(x.shortfall(id).remaining, Assets::new(1_500 * ONE));
        assert!(x.positions().positions.is_empty());
        assert!(matches!(
            refusal(x.run("keeper", msg(Some(0)))),
            ContractError::NothingToDeleverage { .. }
        ));
        // One haircut for all five positions of one trader in one round.
        let haircuts = x.compensation("bob").haircuts;
        assert_eq!(haircuts.len(), 1);
        assert_eq!(haircuts[0].haircut.taken, Assets::new(2_500 * ONE));
    });
}

#[test]
fn what_is_paid_later_is_shared_among_the_deleveraged_by_what_was_taken() {
    let setup = |b: WorldBuilder| {
        delayed(b).policy(|t| {
            t.deductible = Assets::new(1_000 * ONE);
        })
    };
    both(setup, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.open("bob", Side::Short, 600, 1_000);
        x.open("carol", Side::Short, 200, 1_000);
        x.price("5");
        let id = shortfall_of(x, long);
        // 4,000 missing: 1,000 deducted, 3,000 pending; all 4,000 are taken, 3,000 : 1,000.
        x.deleverage(id).unwrap();
        assert_eq!(x.shortfall(id).remaining, Assets::ZERO);
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        let cash = x.cash();
        x.book(id).unwrap();
        assert_eq!(x.cash(), cash);
        let before = [x.balance("bob"), x.balance("carol")];
        x.compensate("bob").unwrap();
        x.compensate("carol").unwrap();
        let got = [x.balance("bob") - before[0], x.balance("carol") - before[1]];
        assert_eq!(got, [2_250 * ONE, 750 * ONE]);
        assert_eq!(x.pool().ledger.compensation, Assets::ZERO);
    });
}

#[test]
fn what_is_paid_beyond_the_haircuts_is_the_pools() {
    both(delayed, |x| {
        // Given 4,000 missing and one short with a profit of 1,000.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.open("bob", Side::Short, 200, 1_000);
        x.price("5");
        let id = shortfall_of(x, long);
        x.deleverage(id).unwrap();
        // When the vault pays, Bob is made whole first and the pool gets the rest.
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        let cash = x.cash();
        x.book(id).unwrap();
        assert_eq!(x.cash() - cash, 3_000 * ONE);
        assert_eq!(x.shortfall(id).remaining, Assets::ZERO);
        let bob = x.balance("bob");
        x.compensate("bob").unwrap();
        assert_eq!(x.balance("bob") - bob, 1_000 * ONE);
    });
}

#[test]
fn deleveraging_waits_for_the_breakers_leave() {
    both(uncovered, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.open("bob", Side::Short, 200, 1_000);
        x.price("5");
        let id = shortfall_of(x, long);
        x.w.advance(Seconds::HOUR);
        let denied = denial(x.deleverage(id));
        assert_eq!(denied.action, Action::Deleverage);
        // The trip that the poke has found must end first.
        x.wait(Seconds::HOUR, "5");
        for _ in 0..4 {
            x.price("5");
        }
        x.deleverage(id).unwrap();
        assert_eq!(x.shortfall(id).remaining, Assets::new(3_000 * ONE));
    });
}

#[test]
fn a_trader_pages_through_many_haircuts() {
    both(delayed, |x| {
        // Given four shortfalls, each made good in part by the same trader.
        let longs: Vec<u64> = (0..4).map(|_| x.open("alice", Side::Long, 100, 100)).collect();
        x.open("bob", Side::Short, 1_000, 2_000);
        x.price("5");
        for long in longs {
            let id = shortfall_of(x, long);
            x.deleverage(id).unwrap();
        }
        x.wait(Seconds::DAY, "5");
        // Only the last one is paid and booked.
        x.vault("anyone", VaultMsg::SettleClaim { claim: 4 }).unwrap();
        x.book(4).unwrap();
        let claim = |start_after, limit| ExecuteMsg::ClaimCompensation {
            start_after,
            limit: Some(limit),
        };
        assert_eq!(refusal(x.run("bob", claim(None, 3))), ContractError::NothingDue);
        let bob = x.balance("bob");
        x.run("bob", claim(Some(3), 3)).unwrap();
        assert_eq!(x.balance("bob") - bob, 400 * ONE);
    });
}
