//! `AddLiquidity`, `RemoveLiquidity`, and what providers win and lose.

use crate::support::{ONE, both, denial, plain, refusal, refused};
use backstop_core::perps::Side;
use backstop_types::breaker::{Action, Fault, MarketState};
use backstop_types::{Assets, Seconds, Shares};
use sample_perps::ContractError;
use sample_perps::msg::{ExecuteMsg, LiquiditiesResponse, LiquidityResponse, QueryMsg};

#[test]
fn the_first_unit_buys_a_thousand_shares_and_leaves_as_one_unit() {
    both(plain, |x| {
        let shares = x.shares("lp");
        assert_eq!(shares, 100_000 * ONE * 1_000);
        let before = x.balance("lp");
        x.remove_liquidity("lp", shares).unwrap();
        assert_eq!(x.balance("lp") - before, 100_000 * ONE);
        assert_eq!(x.pool().ledger.shares, Shares::ZERO);
        assert_eq!(x.cash(), 0);
    });
}

#[test]
fn a_newcomer_takes_nothing_from_those_who_were_there() {
    both(plain, |x| {
        // Given traders in profit, whose gain is the pool's debt.
        x.open("alice", Side::Long, 1_000, 2_000);
        x.price("12");
        let worth = x.equity("12");
        assert_eq!(worth, 98_000 * ONE);

        // When somebody adds as much again and leaves at once.
        x.add_liquidity("carol", worth, None).unwrap();
        let shares = x.shares("carol");
        let before = x.balance("carol");
        x.remove_liquidity("carol", shares).unwrap();

        // Then she has lost at most the rounding, and the pool nothing.
        let back = x.balance("carol") - before;
        assert!(back <= worth && back + 10 >= worth, "{back} of {worth}");
        assert!(x.equity("12") >= worth);
    });
}

#[test]
fn what_open_positions_may_win_cannot_be_removed() {
    both(plain, |x| {
        // Given 60,000 set aside of 100,000.
        x.open("alice", Side::Long, 6_000, 6_000);
        let shares = x.shares("lp");
        let expected = ContractError::Liquidity {
            free: Assets::new(40_000 * ONE),
            wanted: Assets::new(50_000 * ONE),
        };
        assert_eq!(
            refused(x.remove_liquidity("lp", shares / 2)),
            expected.to_string()
        );
        x.remove_liquidity("lp", shares * 4 / 10).unwrap();
        // Nor can more be set aside than is there.
        let expected = ContractError::Liquidity {
            free: Assets::ZERO,
            wanted: Assets::new(20 * ONE),
        };
        let text = refused(x.open_at("bob", Side::Short, 2 * ONE, 10 * ONE, None));
        assert_eq!(text, expected.to_string());
    });
}

#[test]
fn without_a_price_nobody_adds_or_removes_while_positions_are_open() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.w.advance(Seconds::HOUR);
        let shares = x.shares("lp");
        let carol = x.balance("carol");
        for placed in [
            x.order_remove("lp", shares / 2, None),
            x.order_add("carol", ONE, None),
        ] {
            let denied = denial(x.attempt(placed));
            assert!(denied.reasons.has(Fault::Quorum), "{denied:?}");
        }
        assert_eq!((x.shares("carol"), x.shares("lp")), (0, shares));
        x.w.advance(Seconds(601));
        x.run("anyone", ExecuteMsg::ReturnOrder { order: 3 }).unwrap();
        x.run("carol", ExecuteMsg::Withdraw {}).unwrap();
        assert_eq!(x.balance("carol"), carol);
        // Once no position is open, the pool is its cash and needs no price.
        x.wait(Seconds(1), "10");
        x.close("alice", long).unwrap();
        x.w.advance(Seconds::HOUR);
        x.remove_liquidity("lp", shares).unwrap();
    });
}

/// Whoever adds takes risk on, as who opens does; whoever leaves reduces it. A
/// market that recovers allows the one and not the other.
#[test]
fn while_a_market_recovers_liquidity_leaves_and_none_is_added() {
    let setup = |b: backstop_testing::WorldBuilder| plain(b).market_params(|m| m.recovery_readings = 20);
    both(setup, |x| {
        x.open("alice", Side::Long, 1_000, 2_000);
        x.trip();
        x.wait(Seconds::hours(73), "10");
        x.price("10");
        let placed = x.order_add("carol", ONE, None).unwrap();
        let denied = denial(x.fill(placed));
        assert_eq!(denied.action, Action::Open);
        assert_eq!(denied.state, Some(MarketState::Recovering.into()));
        let (shares, before) = (x.shares("lp"), x.balance("lp"));
        x.remove_liquidity("lp", shares / 10).unwrap();
        assert_eq!(x.balance("lp") - before, 10_000 * ONE);
    });
}

#[test]
fn shares_and_assets_below_the_minimum_are_refused() {
    both(plain, |x| {
        let refused = refusal(x.add_liquidity("carol", ONE, Some(ONE * 1_000 + 1)));
        assert!(matches!(refused, ContractError::FewerShares { .. }));
        x.stay("lp");
        let refused = refusal(x.order_remove("lp", 1_000, Some(2)));
        assert_eq!(
            refused,
            ContractError::FewerAssets {
                assets: Assets::ONE,
                min: Assets::new(2)
            }
        );
        let shares = x.shares("lp");
        let refused = refusal(x.remove_liquidity("lp", shares + 1));
        assert!(matches!(refused, ContractError::NotEnoughShares { .. }));
    });
}

#[test]
fn losing_trades_do_not_inflate_the_first_share_into_a_trap() {
    // Given an attacker who has the whole pool of one unit and more to trade against.
    let setup = |builder| plain(builder).seed(|seed| seed.liquidity = 0);
    both(setup, |x| {
        x.add_liquidity("mallory", 1, None).unwrap();
        let own = x.shares("mallory");
        // A stray transfer does not move the price.
        let mallory = x.w.addr("mallory");
        let stray = x.w.asset.send(&x.w.perps, (1_000 * ONE).into()).unwrap();
        x.w.send(&mallory, stray).unwrap();
        assert_eq!(x.cash(), 1);
        // When a victim adds, its part is exact.
        x.add_liquidity("victim", 1_000 * ONE, None).unwrap();
        let victim = x.shares("victim");
        assert_eq!(victim, 1_000 * ONE * 1_000);
        x.remove_liquidity("mallory", own).unwrap();
        assert_eq!(x.cash(), 1_000 * ONE);
    });
}

#[test]
fn providers_are_listed_by_page() {
    both(plain, |x| {
        for i in 0..12 {
            x.add_liquidity(&format!("p{i}"), ONE, None).unwrap();
        }
        let mut seen = vec![];
        let mut start_after = None;
        loop {
            let page: LiquiditiesResponse = x.ask(QueryMsg::Liquidities {
                start_after,
                limit: Some(5),
            });
            if page.liquidities.is_empty() {
                break;
            }
            assert!(page.liquidities.len() <= 5);
            seen.extend(page.liquidities);
            start_after = seen.last().map(|last| last.provider.to_string());
        }
        assert_eq!(seen.len(), 13);
        let add = |sum: Shares, row: &LiquidityResponse| sum.checked_add(row.shares).unwrap();
        assert_eq!(seen.iter().fold(Shares::ZERO, add), x.pool().ledger.shares);
    });
}

#[test]
fn fees_and_slippage_are_the_providers_but_for_the_insurance_funds_share() {
    // Given 0.1 % to open, half of it to the insurance fund, and slippage.
    let setup = |builder: backstop_testing::WorldBuilder| {
        plain(builder)
            .perps(|p| *p = sample_perps::Params::default())
            .loose()
    };
    both(setup, |x| {
        let before = x.cash();
        let mine = x.balance("alice");
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        // 10,000 at a slippage of 0.05 % + 1 % × 5,000 / 1,000,000 = 0.055 %: notional 10,005.5.
        let ledger = x.pool().ledger;
        assert_eq!(ledger.insurance.u128() + ledger.bounties.u128(), 5_002_750);
        assert_eq!(ledger.cash.u128() - before, 5_002_750);
        // When the trader closes at the same price, it costs 2 × 5.5, the fee of 10.0055, and
        // 0.05 to each who executed an order.
        x.close("alice", long).unwrap();
        assert_eq!(mine - x.balance("alice"), 11 * ONE + 10_005_500 + 100_000);
        assert_eq!(x.cash() - before, 11 * ONE + 5_002_750);
    });
}

#[test]
fn who_leaves_while_a_winner_hides_a_sunken_position_is_paid_no_more_than_who_stays() {
    let setup = |b: backstop_testing::WorldBuilder| plain(b).policy(|t| t.deductible = t.limit);
    both(setup, |x| {
        // Given two equal providers, a long that will leave 4,000, and one that has won 3,000.
        x.add_liquidity("dora", 100_000 * ONE, None).unwrap();
        let sunken = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("4");
        x.open("bob", Side::Long, 3_000, 5_000);
        x.price("5");
        // When one leaves before the liquidation, and one can only after it.
        let (shares, before) = (x.shares("lp"), x.balance("lp"));
        x.remove_liquidity("lp", shares).unwrap();
        // Then both have half of 200,000 and the margin of 1,000, less the 3,000.
        assert_eq!((x.balance("lp") - before).div_ceil(ONE), 99_000);
        x.liquidate(sunken).unwrap();
        // The pool paid the keeper's 50.
        assert_eq!(x.equity("5").div_ceil(ONE), 98_950);
    });
}
