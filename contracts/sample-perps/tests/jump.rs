//! A price that jumps: before the jump is confirmed, and after.

use crate::support::{Exchange, ONE, both, denial, plain, price, refusal, refused};
use backstop_core::perps::Side;
use backstop_testing::{WorldBuilder, emitted};
use backstop_types::breaker::{Action, Fault, MarketState};
use backstop_types::events::perps::{Closed, Liquidated};
use backstop_types::{Assets, Bps, Seconds};
use sample_perps::ContractError;
use sample_perps::msg::ExecuteMsg;

/// The bounds of a jump as a market has them by default.
fn bounded(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).market_params(|m| {
        m.max_jump = Bps(2_000);
        m.reference_slew = Bps(100);
    })
}

/// Nothing is ever covered.
fn uncovered(builder: WorldBuilder) -> WorldBuilder {
    bounded(builder).policy(|t| t.deductible = t.limit)
}

/// Three readings of this price, a minute apart: all lineages are beyond the
/// bound in each.
fn confirmed(x: &mut Exchange, at: &str) {
    for _ in 0..3 {
        x.price(at);
    }
}

#[test]
fn an_opening_in_a_jump_is_denied_its_money_stays_in_the_order_and_its_poke_records_the_trip() {
    both(bounded, |x| {
        x.open("alice", Side::Long, 100, 1_000);
        // Given a jump that nobody has poked the breaker for.
        x.w.advance(Seconds::MINUTE);
        x.w.set_sources("7");
        assert_eq!(x.market().trips, 0);
        let bob = x.balance("bob");
        let placed = x.order("bob", Side::Short, ONE, 10 * ONE, None);
        let before = x.snapshot();
        // When Bob's order is to open at it.
        let denied = denial(x.attempt(placed));
        // Then the exchange is as it was, and the trip stands.
        assert_eq!(denied.state, Some(MarketState::Tripped.into()));
        assert!(denied.reasons.has(Fault::Jump));
        assert_eq!(x.snapshot(), before);
        assert_eq!((x.market().trips, x.market().trip()), (1, Some(1)));
        // And ten minutes later he has his money back.
        give_back(x, "bob", 2);
        assert_eq!(x.balance("bob"), bob);
    });
}

#[test]
fn liquidity_that_comes_in_a_jump_is_not_added_and_its_poke_records_the_trip() {
    both(bounded, |x| {
        x.open("alice", Side::Long, 100, 1_000);
        x.w.advance(Seconds::MINUTE);
        x.w.set_sources("7");
        let carol = x.balance("carol");
        let placed = x.order_add("carol", 5 * ONE, None);
        denial(x.attempt(placed));
        assert_eq!(x.pool().ledger.ordered, Assets::new(5 * ONE));
        assert_eq!(x.market().trip(), Some(1));
        give_back(x, "carol", 2);
        assert_eq!((x.balance("carol"), x.shares("carol")), (carol, 0));
    });
}

/// The order's time passes, and its owner takes back what was kept aside for it.
fn give_back(x: &mut Exchange, who: &str, order: u64) {
    let early = refusal(x.run("anyone", ExecuteMsg::ReturnOrder { order }));
    assert!(matches!(early, ContractError::NotExpired { .. }), "{early}");
    x.w.advance(Seconds(601));
    x.run("anyone", ExecuteMsg::ReturnOrder { order }).unwrap();
    x.run(who, ExecuteMsg::Withdraw {}).unwrap();
}

#[test]
fn an_error_of_the_actions_own_takes_its_pokes_record_back() {
    both(bounded, |x| {
        let short = x.open("bob", Side::Short, 1, 10);
        x.w.advance(Seconds::MINUTE);
        x.w.set_sources("9.9");
        let clean = x.market().last_clean;
        let refused = refusal(x.liquidate(short));
        assert!(matches!(refused, ContractError::Healthy { .. }), "{refused}");
        assert_eq!(x.market().last_clean, clean);
        x.open("bob", Side::Short, 1, 10);
        assert_ne!(x.market().last_clean, clean);
    });
}

#[test]
fn an_order_that_the_price_refuses_takes_no_record_back() {
    both(bounded, |x| {
        x.w.advance(Seconds::MINUTE);
        x.w.set_sources("9.9");
        let clean = x.market().last_clean;
        let text = refused(x.open_at("bob", Side::Short, 100 * ONE, ONE, None));
        assert!(text.contains("equity after opening"), "{text}");
        assert_ne!(x.market().last_clean, clean);
    });
}

#[test]
fn in_a_confirmed_jump_a_liquidation_goes_through_at_the_median() {
    both(bounded, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("7");
        assert_eq!(denial(x.liquidate(long)).action, Action::Liquidate);
        confirmed(x, "7");
        let done = x.liquidate(long).unwrap();
        let closed = &emitted::<Liquidated>(&done)[0];
        assert_eq!(closed.price, price("7"));
        // The 2,000 beyond the margin went to the vault in the same message, at that price.
        let shortfall = x.shortfall(1).record;
        assert_eq!(shortfall.books.asked, Assets::new(2_000 * ONE));
        assert_eq!(x.shortfall(1).price, price("7"));
        assert!(shortfall.answer.is_some());
        // And the trip is as it was.
        assert_eq!(x.market().trip(), Some(1));
    });
}

#[test]
fn in_a_confirmed_jump_who_closes_gets_the_worse_of_median_and_reference() {
    both(bounded, |x| {
        // Given a winner and a loser of a fall from 10 to 7.
        let short = x.open("bob", Side::Short, 100, 500);
        let long = x.open("alice", Side::Long, 100, 500);
        confirmed(x, "7");
        // Then the short's price is the reference's, at which it has won nothing …
        let done = x.close("bob", short).unwrap();
        assert_eq!(emitted::<Closed>(&done)[0].price, price("10"));
        assert_eq!(emitted::<Closed>(&done)[0].paid, Assets::new(500 * ONE));
        // … and the long's is the median, at which it has lost 300.
        let done = x.close("alice", long).unwrap();
        assert_eq!(emitted::<Closed>(&done)[0].price, price("7"));
        assert_eq!(emitted::<Closed>(&done)[0].paid, Assets::new(200 * ONE));
    });
}

#[test]
fn in_a_confirmed_jump_nothing_opens_and_nobody_is_deleveraged() {
    both(uncovered, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let short = x.open("bob", Side::Short, 1_000, 2_000);
        confirmed(x, "7");
        x.liquidate(long).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::new(2_000 * ONE));
        let placed = x.order("carol", Side::Long, ONE, 10 * ONE, None).unwrap();
        let denied = denial(x.fill(placed));
        assert_eq!(denied.action, Action::Open);
        assert_eq!(x.pool().ledger.ordered, Assets::new(10 * ONE));
        let denied = denial(x.deleverage(1));
        assert_eq!(denied.action, Action::Deleverage);
        assert_eq!(
            x.position(short).unwrap().record.exposure.size.u128(),
            1_000 * ONE
        );
        assert_eq!(x.shortfall(1).remaining, Assets::new(2_000 * ONE));
    });
}

#[test]
fn in_a_confirmed_jump_a_provider_leaves_at_the_lower_of_both_values() {
    // Of 100,000 the pool would have won 300 from longs at 7, and lost them to shorts.
    for (side, left) in [(Side::Long, 100_000), (Side::Short, 99_700)] {
        both(bounded, |x| {
            x.open("alice", side, 100, 1_000);
            x.stay("lp");
            x.price("10");
            confirmed(x, "7");
            let (shares, before) = (x.shares("lp"), x.balance("lp"));
            x.remove_liquidity("lp", shares / 2).unwrap();
            assert_eq!(x.balance("lp") - before, left * ONE / 2);
        });
    }
}
