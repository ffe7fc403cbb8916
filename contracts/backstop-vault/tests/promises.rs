//! What a query promises is what the message gives.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::{Desk, MARKET};
use backstop_types::vault::*;
use backstop_types::{Assets, Price, Seconds};
use backstop_vault::ContractError;

fn quote(desk: &Desk, amount: u128) -> CoverQuote {
    desk.query(&QueryMsg::QuoteCover {
        policyholder: desk.holder.to_string(),
        market: MARKET.to_string(),
        amount: amount.into(),
        price: Some(Price("10".parse().unwrap())),
        shortfall: None,
    })
}

/// Cover of `limit`, all of it at once, and so much staked.
fn covering(limit: u128, staked: u128, more: impl FnOnce(&mut PolicyTerms)) -> Desk {
    let mut desk = Desk::covering(|terms| {
        (terms.limit, terms.instant) = (limit.into(), limit.into());
        more(terms);
    });
    let alice = desk.staker("alice");
    desk.deposit(&alice, staked).unwrap();
    desk.w.set_price("10");
    desk
}

fn many_tickets(desk: &mut Desk) {
    let max_tickets = Some(100);
    let update = ParamsUpdate {
        max_tickets,
        ..Default::default()
    };
    desk.update(update).unwrap();
}

#[test]
fn the_largest_withdrawal_is_what_one_message_pays_however_many_tickets_are_ready() {
    for (tickets, size, loss) in [(11u32, 100u128, 33_333u128), (31, 100, 33_334), (60, 107, 12_345)] {
        let mut desk = Desk::native();
        many_tickets(&mut desk);
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit(&alice, 50_000).unwrap();
        desk.deposit(&bob, 50_000).unwrap();
        desk.lose(loss);
        for _ in 0..tickets {
            desk.unbond(&alice, size).unwrap();
        }
        desk.advance(Seconds::days(40));
        let mut left = tickets;
        while left > 0 {
            let owner = alice.to_string();
            let most: Assets = desk.query(&QueryMsg::MaxWithdraw { owner });
            let before = desk.balance(&alice);
            desk.withdraw_guarded(&alice, most.u128()).unwrap();
            assert_eq!(desk.balance(&alice) - before, most.u128(), "{tickets} tickets");
            left -= left.min(30);
        }
    }
}

#[test]
fn nobody_closes_anothers_tickets_one_by_one_for_nothing() {
    let mut desk = Desk::native();
    many_tickets(&mut desk);
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 10_000).unwrap();
    desk.deposit(&bob, 1_000_000).unwrap();
    desk.lose(908_000);
    for _ in 0..20 {
        let msg = ExecuteMsg::Unbond {
            shares: Some(9u128.into()),
            auto_withdraw: Some(true),
        };
        desk.execute(&alice, &msg, &[]).unwrap();
    }
    desk.advance(Seconds::days(40));
    let keeper = desk.staker("keeper");
    let msg = |tickets: Option<Vec<u64>>, min_assets| ExecuteMsg::Withdraw {
        tickets,
        min_assets,
        limit: None,
        staker: Some(alice.to_string()),
    };
    let (paid, min) = (Assets::ZERO, Assets::ONE);
    for least in [None, Some(Assets::ZERO)] {
        let one = msg(Some(vec![1]), least);
        let refused = desk.refused(|desk| desk.execute(&keeper, &one, &[]));
        assert_eq!(refused, ContractError::TooFewAssets { paid, min });
    }
    let before = desk.balance(&alice);
    desk.execute(&keeper, &msg(None, None), &[]).unwrap();
    assert_eq!(desk.balance(&alice) - before, 18);
    // Its owner is not kept from closing one that is worth nothing.
    let ticket = desk.unbond(&alice, 9).unwrap();
    desk.advance(Seconds::days(40));
    let before = desk.balance(&alice);
    desk.withdraw(&alice, Some(vec![ticket])).unwrap();
    assert_eq!(desk.balance(&alice), before);
}

#[test]
fn a_quote_names_every_limit_that_is_too_small_and_a_time_only_where_waiting_gains() {
    use CoverReason::{Assets as Never, BelowMinimum, PolicyLimit, PoolLimit};
    // The policy has 50 left, and nine tenths of 820 are never 900.
    let mut desk = covering(1_000, 10_000, |_| {});
    desk.shortfall(950);
    let bob = desk.staker("alice");
    let ticket = desk.unbond(&bob, 9_000).unwrap();
    desk.advance(Seconds::days(40));
    desk.withdraw(&bob, Some(vec![ticket])).unwrap();
    desk.w.set_price("10");
    desk.shortfall(720);
    let found = quote(&desk, 900);
    assert!(found.binds.contains(&Never.into()), "{found:?}");
    assert_eq!(found.granted_at, None);

    // Both have less than 800 left, and both refill.
    let mut desk = covering(820, 1_000, |_| {});
    desk.shortfall(100);
    let found = quote(&desk, 800);
    for limit in [PoolLimit, PolicyLimit] {
        assert!(found.binds.contains(&limit.into()), "{found:?}");
    }
    assert!(found.granted_at.is_some());

    // What the deductible takes over in time is not granted.
    let mut desk = covering(100_000, 1_000, |terms| terms.deductible = 100.into());
    let pool_fraction = Some(cosmwasm_std::Decimal::percent(30));
    let update = ParamsUpdate {
        pool_fraction,
        ..Default::default()
    };
    desk.update(update).unwrap();
    desk.shortfall(100);
    let found = quote(&desk, 350);
    assert_eq!((found.paid, found.uncovered), (300.into(), 50.into()));
    assert_eq!(found.binds, [Never]);
    assert_eq!((found.granted_at, found.paid_at), (None, None));

    // No refill helps what is itself below the minimum.
    let mut desk = covering(1_000, 10_000, |terms| terms.minimum = 150.into());
    desk.shortfall(900);
    for (amount, reason) in [(120, BelowMinimum), (200, PolicyLimit)] {
        let found = quote(&desk, amount);
        assert_eq!(
            (found.uncovered, found.reason),
            (amount.into(), Some(reason.into()))
        );
        assert_eq!(found.granted_at.is_some(), reason == PolicyLimit);
    }
}

#[test]
fn open_claims_are_those_that_wait_and_no_others() {
    let mut desk = covering(10_000, 10_000, |terms| terms.instant = 100.into());
    let open = |desk: &Desk, start_after| -> Vec<u64> {
        let query = QueryMsg::OpenClaims {
            start_after,
            limit: Some(2),
        };
        let page: ClaimsResponse = desk.query(&query);
        page.claims.into_iter().map(|claim| claim.claim).collect()
    };
    assert!(open(&desk, None).is_empty());
    // The first is paid at once; four wait.
    (0..5).for_each(|_| drop(desk.shortfall(100)));
    assert_eq!(open(&desk, None), [2, 3]);
    assert_eq!(open(&desk, Some(3)), [4, 5]);
    desk.decline(3).unwrap();
    desk.advance(Seconds::days(2));
    desk.settle(2).unwrap();
    assert_eq!(open(&desk, None), [4, 5]);
}
