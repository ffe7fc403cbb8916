//! Ten habits that an exchange with a backstop must not have. Each test is named by
//! what must hold, and has the figure that was measured before it did.

use crate::support::broken_breaker::Mode;
use crate::support::{Exchange, ONE, both, denial, plain, price, refusal, refused};
use backstop_core::perps::Side;
use backstop_testing::{World, WorldBuilder, emitted};
use backstop_types::breaker::{self, Fault, MarketConfig, MarketState};
use backstop_types::events::perps::{
    Closed, Deleveraged, Liquidated, Opened, OrderWaits, SettlementAnnounced, SettlementCalledOff,
    ShortfallSent, ShortfallUnanswered,
};
use backstop_types::vault::{
    BackstopVault, ClaimStatusName, CoverReason, ExecuteMsg as VaultMsg, ParamsUpdate,
};
use backstop_types::{Assets, Bps, Seconds};
use cosmwasm_std::{Addr, Decimal};
use cw_multi_test::AppResponse;
use sample_perps::msg::{ExecuteMsg, PartsResponse, QueryMsg};
use sample_perps::state::Settlement;
use sample_perps::{ContractError, Params};

/// The shipped defaults but for margins and open interest, with a million staked and a
/// million of liquidity.
fn shipped(builder: WorldBuilder) -> WorldBuilder {
    builder.loose().seed(|seed| {
        seed.deposits = vec![("staker".to_string(), 1_000_000 * ONE)];
        seed.liquidity = 1_000_000 * ONE;
    })
}

/// Nothing is ever covered.
fn uncovered(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.deductible = t.limit)
}

/// What `who` has more than `before`.
fn gained(x: &mut Exchange, who: &str, before: u128) -> i128 {
    i128::try_from(x.balance(who)).unwrap() - i128::try_from(before).unwrap()
}

/// What the stakers' pool has.
fn staked(x: &Exchange) -> u128 {
    let vault = BackstopVault(x.w.vault.clone());
    vault.pool(&x.w.querier()).unwrap().assets.u128()
}

/// A long of 1,000 at 10 with a margin of 1,000, liquidated at 5: 4,000 are missing.
fn fall(x: &mut Exchange) {
    let long = x.open("alice", Side::Long, 1_000, 1_000);
    x.price("5");
    x.liquidate(long).unwrap();
}

fn execute(x: &mut Exchange, order: u64) -> AppResponse {
    x.run("keeper", ExecuteMsg::ExecuteOrder { order }).unwrap()
}

// A shortfall had no age: one of 100 days before any policy cost the stakers 4,000.

#[test]
fn a_shortfall_from_before_its_policy_is_not_sent() {
    let setup = |b: WorldBuilder| plain(b).without_policy();
    both(setup, |x| {
        fall(x);
        // In the block after it already, and in the very block that adds the policy.
        x.w.next_block(Seconds(6));
        x.add_policy(backstop_testing::default_terms());
        let since = x.w.app.block_info().time;
        let shortfall = 1;
        assert_eq!(
            refusal(x.send_again(1)),
            ContractError::BeforePolicy { shortfall, since }
        );
        x.w.advance(Seconds::days(100));
        x.w.set_price("5");
        assert!(matches!(refusal(x.send_again(1)), ContractError::TooLate { .. }));
        assert_eq!(staked(x), 1_000_000 * ONE);
    });
}

#[test]
fn a_policy_that_was_closed_and_granted_again_covers_nothing_from_in_between() {
    both(plain, |x| {
        x.close_policy();
        fall(x);
        x.add_policy(backstop_testing::default_terms());
        let refused = refusal(x.send_again(1));
        assert!(matches!(refused, ContractError::BeforePolicy { .. }), "{refused}");
        assert_eq!(staked(x), 1_000_000 * ONE);
    });
}

#[test]
fn a_shortfall_of_an_hour_ago_is_sent_no_more() {
    both(plain, |x| {
        x.break_vault();
        fall(x);
        let until = Seconds::HOUR.after(x.shortfall(1).record.closed_at);
        x.wait(Seconds(3_599), "5");
        // Within the hour it is sent, and here fails again.
        let shortfall = 1;
        assert_eq!(refusal(x.send_again(1)), ContractError::NoAnswer { shortfall });
        x.mend_vault();
        x.wait(Seconds(1), "5");
        let late = ContractError::TooLate { shortfall, until };
        assert_eq!(refusal(x.send_again(1)), late);
        x.wait(Seconds::days(365), "5");
        assert_eq!(refusal(x.send_again(1)), late);
        assert_eq!(staked(x), 1_000_000 * ONE);
    });
}

#[test]
fn what_winners_have_made_good_is_not_asked_of_the_stakers() {
    both(plain, |x| {
        x.break_vault();
        x.open("bob", Side::Short, 1_000, 2_000);
        fall(x);
        x.wait(Seconds::HOUR, "5");
        x.deleverage(1).unwrap();
        x.mend_vault();
        let refused = refusal(x.send_again(1));
        assert!(matches!(refused, ContractError::TooLate { .. }), "{refused}");
        assert_eq!(staked(x), 1_000_000 * ONE);
    });
}

// Nobody poked: after 1,920 trades in 16 hours the breaker still had its first price as
// reference, and then let 10 → 15 in a minute through.

#[test]
fn trades_alone_keep_the_breaker_awake() {
    let setup = |b: WorldBuilder| shipped(b).unwatched();
    both(setup, |x| {
        for _ in 0..960 {
            x.w.advance(Seconds::MINUTE);
            x.w.set_sources("10");
            let position = x.open("alice", Side::Long, 100, 500);
            x.close("alice", position).unwrap();
        }
        let now = x.w.app.block_info().time;
        let market = x.market();
        assert!(now.seconds() - market.last_clean_at.unwrap().seconds() < 60);
        // When the sources jump by half in a minute, nothing opens, and the trip stands.
        x.w.advance(Seconds::MINUTE);
        x.w.set_sources("15");
        let placed = x.order("bob", Side::Long, 100 * ONE, 500 * ONE, None).unwrap();
        let denied = denial(x.fill(placed));
        assert_eq!(denied.state, Some(MarketState::Tripped.into()));
        assert!(denied.reasons.has(Fault::Jump));
        assert_eq!(x.market().trips, 1);
    });
}

// Trades were filled at the price on chain: with the market 3 % up, open and close
// earned 7,269; a 0.5 % update known in advance 99.6 on 50,000.

#[test]
fn a_price_that_is_known_before_it_is_on_chain_earns_nothing() {
    for (next, size, margin) in [("10.05", 5_000, 10_000), ("10.3", 25_000, 50_000)] {
        both(shipped, |x| {
            let before = x.balance("eve");
            // Given 10 on chain, and the next price known to Eve, who orders now.
            x.order("eve", Side::Long, size * ONE, margin * ONE, None)
                .unwrap();
            // Then nobody fills it at the price that was there, not a block later either.
            x.w.next_block(Seconds(6));
            let waits = execute(x, 1);
            assert_eq!(emitted::<OrderWaits>(&waits).len(), 1);
            assert_eq!(x.pool().ledger.positions, 0);
            // When the next price is published, it is hers; and it is when she closes.
            x.w.advance(Seconds(25));
            x.w.set_sources(next);
            execute(x, 1);
            x.w.advance(Seconds(5));
            x.close("eve", 1).unwrap();
            let gain = gained(x, "eve", before);
            // Opening fee, slippage twice, and two executions: more than 0.2 % of it.
            let notional = i128::try_from(size * 10 * ONE).unwrap();
            assert!(gain < -notional / 500, "{gain} of {notional} at {next}");
        });
    }
}

#[test]
fn a_price_that_was_on_chain_before_the_order_and_is_stamped_ahead_of_it_does_not_fill_it() {
    both(shipped, |x| {
        // Given a rise that the sources publish as far ahead as the breaker takes it.
        x.w.advance(Seconds::MINUTE);
        let (rise, ahead) = (price("10.1").0, x.w.now() + 15);
        for source in 0..3 {
            x.w.publish(source, rise, Decimal::permille(10), ahead).unwrap();
        }
        // When Eve orders in that block, who has read it.
        x.order("eve", Side::Long, 1_000 * ONE, 5_000 * ONE, None)
            .unwrap();
        // Then it fills her order in no later block.
        for _ in 0..4 {
            x.w.next_block(Seconds(6));
            assert_eq!(emitted::<OrderWaits>(&execute(x, 1)).len(), 1);
        }
        x.w.next_block(Seconds(7));
        x.w.set_sources("10.1");
        assert_eq!(emitted::<Opened>(&execute(x, 1)).len(), 1);
    });
}

#[test]
fn an_order_is_executed_a_block_later_at_the_earliest_and_by_anyone_for_its_fee() {
    both(shipped, |x| {
        x.order("alice", Side::Long, 100 * ONE, 500 * ONE, None).unwrap();
        let order = 1;
        let early = refusal(x.run("alice", ExecuteMsg::ExecuteOrder { order }));
        assert_eq!(early, ContractError::TooEarly { order });
        x.w.wait_for_price();
        let before = x.balance("stranger");
        x.run("stranger", ExecuteMsg::ExecuteOrder { order }).unwrap();
        assert_eq!(gained(x, "stranger", before), 50_000);
        assert_eq!(x.pool().ledger.ordered, Assets::ZERO);
        // It is executed once.
        let again = refusal(x.run("stranger", ExecuteMsg::ExecuteOrder { order }));
        assert_eq!(again, ContractError::UnknownOrder { order });
    });
}

#[test]
fn an_order_waits_from_90_seconds_to_a_day_is_executed_up_to_its_end_and_returned_after_it() {
    both(shipped, |x| {
        let position = x.open("alice", Side::Long, 100, 500);
        for (seconds, taken) in [
            (89, false),
            (90, true),
            (90, true),
            (86_400, true),
            (86_401, false),
        ] {
            let done = x.wish("alice", crate::support::close(position, None, Some(seconds)));
            assert_eq!(done.is_ok(), taken, "{seconds}");
        }
        let [first, second] = [2, 3];
        // In its last second an order is not returned, and is executed.
        x.w.advance(Seconds(90));
        x.w.set_sources("10");
        let early = refusal(x.run("anyone", ExecuteMsg::ReturnOrder { order: first }));
        assert!(matches!(early, ContractError::NotExpired { .. }), "{early}");
        x.run("anyone", ExecuteMsg::ExecuteOrder { order: first })
            .unwrap();
        assert!(x.position(position).is_none());
        // A second later it is not executed, and is returned.
        x.w.next_block(Seconds(1));
        let late = refusal(x.run("anyone", ExecuteMsg::ExecuteOrder { order: second }));
        assert!(matches!(late, ContractError::Expired { .. }), "{late}");
        x.run("anyone", ExecuteMsg::ReturnOrder { order: second })
            .unwrap();
    });
}

#[test]
fn an_order_past_its_limit_is_gone_and_does_not_wait_for_a_better_price() {
    both(shipped, |x| {
        let before = x.balance("alice");
        let placed = x.order("alice", Side::Long, 100 * ONE, 500 * ONE, Some("9"));
        let text = refused(x.fill(placed.unwrap()));
        assert!(text.contains("the limit is 9"), "{text}");
        x.run("alice", ExecuteMsg::Withdraw {}).unwrap();
        assert_eq!(gained(x, "alice", before), -50_000);
        let order = 1;
        let gone = refusal(x.run("keeper", ExecuteMsg::ExecuteOrder { order }));
        assert_eq!(gone, ContractError::UnknownOrder { order });
    });
}

// Liquidity around a known price change was free: 900,000 for one block took 711 of the
// 790 that traders lost, and 40 of the slippage of a liquidation.

#[test]
fn liquidity_for_a_known_price_change_comes_after_it_and_stays_a_day() {
    both(shipped, |x| {
        // Given a long of 10,000, and a fall of 7.9 % that Eve knows of.
        x.open("alice", Side::Long, 1_000, 2_000);
        let before = x.balance("eve");
        x.order_add("eve", 900_000 * ONE, None).unwrap();
        let order = x.pool().ledger.orders;
        x.w.next_block(Seconds(6));
        execute(x, order);
        assert_eq!(x.shares("eve"), 0, "at the price that was there");
        x.w.next_block(Seconds(25));
        x.w.set_sources("9.21");
        execute(x, order);
        assert!(x.shares("eve") > 0);
        // Then it cannot leave within the block, nor the hour.
        let shares = x.shares("eve");
        let from = Seconds::DAY.after(x.w.app.block_info().time);
        assert_eq!(
            refusal(x.order_remove("eve", shares, None)),
            ContractError::StaysUntil { from }
        );
        // And when it may, it has none of what Alice lost.
        x.w.advance(Seconds::DAY);
        for _ in 0..30 {
            x.price("9.21");
        }
        x.remove_liquidity("eve", shares).unwrap();
        let gain = gained(x, "eve", before);
        assert!((-100_000 - 10..=0).contains(&gain), "{gain}");
    });
}

#[test]
fn liquidity_around_ones_own_closing_comes_a_day_before_it_or_not_at_all() {
    both(shipped, |x| {
        // It saved 49.5 of the 50 of slippage: the provider's part of what the trader paid.
        x.open("eve", Side::Long, 10_000, 20_000);
        x.add_liquidity("eve", 900_000 * ONE, None).unwrap();
        x.close("eve", 1).unwrap();
        let shares = x.shares("eve");
        let refused = refusal(x.order_remove("eve", shares, None));
        assert!(matches!(refused, ContractError::StaysUntil { .. }), "{refused}");
        // More of it starts the stay again for all.
        x.w.advance(Seconds::hours(23));
        x.w.set_price("10");
        x.add_liquidity("eve", 5 * ONE, None).unwrap();
        x.w.advance(Seconds::HOUR);
        let refused = refusal(x.order_remove("eve", shares, None));
        assert!(matches!(refused, ContractError::StaysUntil { .. }), "{refused}");
    });
}

// A side's losses were summed before they were capped: 50,000 of margin lent to a long
// of one unit lifted a leaver's 100,500 to 102,497; the other's fell to 98,452.

#[test]
fn margin_that_is_lent_to_a_position_lifts_no_leaver() {
    for lent in [0, 50_000] {
        both(plain, |x| {
            x.add_liquidity("dora", 100_000 * ONE, None).unwrap();
            let sunken = x.open("alice", Side::Long, 1_000, 1_000);
            let dust = x.open("eve", Side::Long, 1, 9);
            x.price("5");
            x.stay("lp");
            if lent > 0 {
                x.add_margin("eve", dust, lent * ONE).unwrap();
            }
            // 200,000, the margin of 1,000, and 5 of the dust, by two.
            let (shares, before) = (x.shares("lp"), x.balance("lp"));
            x.remove_liquidity("lp", shares).unwrap();
            let paid = x.balance("lp") - before;
            assert!(paid.abs_diff(100_502_500_000) <= 2, "{paid}");
            // What the other has is the same, but for the keeper's 50 until the 4,000 come.
            assert!(x.equity("5").abs_diff(100_502_500_000) <= 2);
            x.liquidate(sunken).unwrap();
            assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        });
    }
}

#[test]
fn while_many_have_sunk_leavers_wait_for_their_liquidation() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.max_positions = 100);
    both(setup, |x| {
        let longs: Vec<u64> = (0..11).map(|_| x.open("alice", Side::Long, 10, 10)).collect();
        x.price("5");
        x.stay("lp");
        let shares = x.shares("lp");
        let placed = x.order_remove("lp", shares / 2, None).unwrap();
        let waits = x.fill(placed).unwrap();
        let [OrderWaits { order, .. }] = emitted::<OrderWaits>(&waits)[..] else {
            panic!("{waits:?}");
        };
        x.liquidate(longs[0]).unwrap();
        x.w.publish_again();
        let before = x.balance("lp");
        execute(x, order);
        assert!(x.balance("lp") > before);
    });
}

// A dust long beyond its ceiling taxed newcomers: of 100,000 they had 83,330 back.

#[test]
fn who_can_win_no_more_is_closed_by_anyone_and_a_newcomer_has_its_money_back() {
    for (closes, back) in [(false, 83_328), (true, 99_999)] {
        both(plain, |x| {
            // Given a dust long at 5, whose ceiling is 10, and a large one at 20.
            x.price("5");
            let dust = x.open("eve", Side::Long, 1, 5);
            for higher in ["9", "16", "20"] {
                x.price(higher);
            }
            x.open("alice", Side::Long, 4_000, 40_000);
            if closes {
                let done = x.close_at_ceiling("keeper", dust);
                assert_eq!(
                    emitted::<Closed>(&done.unwrap())[0].fill,
                    crate::support::price("10")
                );
                // Eve has her margin and all that she could win.
                assert_eq!(x.credit("eve"), 10 * ONE);
            }
            let before = x.balance("carol");
            x.add_liquidity("carol", 100_000 * ONE, None).unwrap();
            let shares = x.shares("carol");
            x.remove_liquidity("carol", shares).unwrap();
            let lost = u128::try_from(-gained(x, "carol", before)).unwrap();
            assert_eq!((100_000 * ONE - lost) / ONE, back);
        });
    }
}

#[test]
fn only_a_long_at_its_ceiling_is_closed_by_a_stranger() {
    both(plain, |x| {
        let short = x.open("bob", Side::Short, 1, 20);
        let long = x.open("alice", Side::Long, 1, 10);
        x.price("18");
        x.price("19.9");
        let position = short;
        assert_eq!(
            refusal(x.close_at_ceiling("keeper", short)),
            ContractError::NoCeiling { position }
        );
        let text = refused(x.close_at_ceiling("keeper", long));
        assert!(text.contains("not at its ceiling of 20 at 19.9"), "{text}");
        x.price("20");
        x.close_at_ceiling("keeper", long).unwrap();
        assert_eq!(x.credit("alice"), 20 * ONE);
    });
}

// Shortfalls were sent one by one: of a minimum of 500, one of 4,000 was covered and ten
// of 400 were not; 200 dust positions booked 200 losses.

#[test]
fn ten_shortfalls_of_400_under_a_minimum_of_500_are_covered_together() {
    let setup = |b: WorldBuilder| {
        plain(b)
            .policy(|t| t.minimum = Assets::new(500 * ONE))
            .perps(|p| p.gather_count = 20)
    };
    both(setup, |x| {
        let longs: Vec<u64> = (0..10).map(|_| x.open("alice", Side::Long, 100, 100)).collect();
        x.price("5");
        let shortfall = 1;
        for long in &longs {
            x.liquidate(*long).unwrap();
            if long == &longs[0] {
                let reason = CoverReason::BelowMinimum.into();
                let small = refusal(x.send_again(shortfall));
                assert_eq!(small, ContractError::NotNow { shortfall, reason });
            }
        }
        let sent = x.send_again(1).unwrap();
        assert_eq!(emitted::<ShortfallSent>(&sent)[0].parts, 10);
        let cover = x.shortfall(1).record.answer.unwrap().cover;
        assert_eq!(cover.paid, Assets::new(4_000 * ONE));
        // Each position's part is on record.
        let parts: PartsResponse = x.ask(QueryMsg::Parts {
            shortfall,
            start_after: None,
            limit: Some(30),
        });
        let missing: Vec<_> = parts
            .parts
            .iter()
            .map(|part| part.record.missing.u128())
            .collect();
        assert_eq!(missing, [400 * ONE; 10]);
        // It is one loss.
        let vault = BackstopVault(x.w.vault.clone());
        assert_eq!(vault.pool(&x.w.querier()).unwrap().losses, 1);
        assert_eq!(x.pool().ledger.shortfalls, 1);
    });
}

#[test]
fn a_shortfall_is_sent_in_its_block_before_the_price_leaves_it_behind() {
    for late in [false, true] {
        both(shipped, |x| {
            let long = x.open("alice", Side::Long, 1_000, 1_100);
            x.price("8.5");
            x.liquidate(long).unwrap();
            let shortfall = 1;
            if late {
                x.price("8.3");
                let reason = CoverReason::PriceOutsideBand.into();
                let refused = refusal(x.send_again(shortfall));
                assert_eq!(refused, ContractError::NotNow { shortfall, reason });
            } else {
                x.send_again(shortfall).unwrap();
                let answer = x.shortfall(shortfall).record.answer.unwrap();
                assert!(answer.cover.paid > Assets::ZERO);
            }
        });
    }
}

#[test]
fn who_liquidates_the_last_of_twenty_chooses_no_moment_of_a_refusal() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.gather_count = 2);
    both(setup, |x| {
        // Given a true loss of 4,000, and a dust long of the attacker's own.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let dust = x.open("eve", Side::Long, 1, 1);
        x.price("5");
        x.liquidate(long).unwrap();
        // When the dust's liquidation fills it while the price has left it behind.
        x.w.advance(Seconds(30));
        x.w.set_price("5.05");
        let done = x.liquidate(dust).unwrap();
        // Then the refusal is taken back, and with the price a keeper has it paid.
        assert_eq!(emitted::<ShortfallUnanswered>(&done).len(), 1);
        assert_eq!(emitted::<Liquidated>(&done).len(), 1);
        let record = x.shortfall(1).record;
        assert_eq!((record.parts, record.sent, record.answer), (2, 0, None));
        x.price("5");
        x.send_again(1).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}

#[test]
fn many_small_closings_gather_until_they_reach_the_minimum() {
    let setup = |b: WorldBuilder| {
        plain(b)
            .policy(|t| t.minimum = Assets::new(500 * ONE))
            .perps(|p| (p.gather_count, p.max_positions) = (4, 20))
    };
    both(setup, |x| {
        // Each misses 40: what the fourth sends is too small, the eighth and the twelfth,
        // too, and no refusal is final.
        let longs: Vec<u64> = (0..16).map(|_| x.open("alice", Side::Long, 10, 10)).collect();
        x.price("5");
        for (i, long) in longs.iter().enumerate() {
            let done = x.liquidate(*long).unwrap();
            let unsent = emitted::<ShortfallUnanswered>(&done).len();
            assert_eq!(unsent, usize::from([3, 7, 11].contains(&i)), "{i}");
        }
        let record = x.shortfall(1).record;
        assert_eq!((record.parts, record.sent), (16, 1));
        assert_eq!(record.answer.unwrap().cover.paid, Assets::new(640 * ONE));
    });
}

#[test]
fn two_hundred_dust_positions_are_ten_losses() {
    let setup = |b: WorldBuilder| {
        plain(b)
            .perps(|p| (p.gather_count, p.max_positions) = (20, 100))
            .unwatched()
    };
    both(setup, |x| {
        let names = ["alice", "carol"];
        let longs: Vec<u64> = (0..200).map(|i| x.open(names[i % 2], Side::Long, 1, 1)).collect();
        x.price("5");
        for long in longs {
            x.liquidate(long).unwrap();
        }
        let vault = BackstopVault(x.w.vault.clone());
        assert_eq!(vault.pool(&x.w.querier()).unwrap().losses, 10);
        assert_eq!(staked(x), (1_000_000 - 800) * ONE);
    });
}

#[test]
fn both_sides_gather_by_themselves_and_the_price_is_the_mean_by_what_is_missing() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.gather_count = 3);
    both(setup, |x| {
        let first = x.open("alice", Side::Long, 100, 100);
        let second = x.open("alice", Side::Long, 100, 100);
        x.price("6");
        let short = x.open("bob", Side::Short, 100, 100);
        x.liquidate(first).unwrap();
        x.w.advance(Seconds(10));
        x.w.set_price("8");
        x.w.advance(Seconds(10));
        x.w.set_price("5");
        x.liquidate(second).unwrap();
        assert_eq!(x.pool().ledger.shortfalls, 1);
        // 300 at 6 and 400 at 5.
        let weighted = (300.0 * 6.0 + 400.0 * 5.0) / 700.0;
        let price: f64 = x.shortfall(1).price.0.to_string().parse().unwrap();
        assert!((price - weighted).abs() < 1e-9, "{price}");
        x.w.advance(Seconds(10));
        x.w.set_price("9");
        x.liquidate(short).unwrap();
        assert_eq!(x.pool().ledger.shortfalls, 2);
        assert_eq!(x.shortfall(2).record.side, Side::Short);
    });
}

// A feed that died locked traders and providers for ever.

#[test]
fn after_a_year_without_a_price_everyone_gets_out() {
    both(plain, |x| {
        let lp = x.balance("lp");
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        let short = x.open("bob", Side::Short, 500, 2_000);
        x.price("9");
        // When no source says anything any more, nobody can close.
        x.w.advance(Seconds::days(6));
        let placed = x.order_close("alice", long);
        denial(x.attempt(placed));
        let early = refusal(x.run("anyone", ExecuteMsg::AnnounceSettlement {}));
        assert!(matches!(early, ContractError::PricedLately { .. }), "{early}");
        x.w.advance(Seconds::days(359));
        let announced = x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        let announced = &emitted::<SettlementAnnounced>(&announced)[0];
        assert_eq!(announced.price, crate::support::price("9"));
        let again = refusal(x.run("anyone", ExecuteMsg::AnnounceSettlement {}));
        assert_eq!(again, ContractError::IsAnnounced);
        // Three days later anyone settles all, at the last clean price.
        let settle = |position| ExecuteMsg::Settle { position };
        x.w.advance(Seconds(3 * 86_400 - 1));
        let early = refusal(x.run("anyone", settle(long)));
        assert!(
            matches!(early, ContractError::NotSettled { from: Some(_) }),
            "{early}"
        );
        x.w.advance(Seconds(1));
        for position in [long, short] {
            x.run("anyone", settle(position)).unwrap();
        }
        // 2,000 − 1,000 − 0.5 % of 10,000; and 2,000 + 500 − 0.5 % of 5,000.
        assert_eq!(x.credit("alice"), 950 * ONE);
        assert_eq!(x.credit("bob"), 2_475 * ONE);
        let shares = x.shares("lp");
        x.order_remove("lp", shares, None).unwrap();
        assert_eq!(gained(x, "lp", lp), 100_500_000_000 - 1);
        for who in ["alice", "bob"] {
            x.run(who, ExecuteMsg::Withdraw {}).unwrap();
        }
        // The virtual shares keep a unit.
        assert_eq!(x.pool().counted, Assets::ONE);
    });
}

#[test]
fn a_price_that_is_back_calls_a_settlement_off_and_the_next_one_is_announced_anew() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.w.advance(Seconds::days(8));
        x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        x.w.advance(Seconds::days(3));
        for _ in 0..30 {
            x.price("12");
        }
        let settle = ExecuteMsg::Settle { position: long };
        let off = x.run("anyone", settle.clone()).unwrap();
        assert_eq!(emitted::<SettlementCalledOff>(&off).len(), 1);
        let none: Option<Settlement> = x.ask(QueryMsg::Settlement {});
        assert_eq!(none, None);
        assert_eq!(
            refusal(x.run("anyone", settle)),
            ContractError::NotSettled { from: None }
        );
    });
}

#[test]
fn an_old_announcement_settles_nothing_after_there_was_a_price() {
    both(plain, |x| {
        // Given an announcement, and prices again, and nobody who calls it off.
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.w.advance(Seconds::days(8));
        x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        for _ in 0..90 {
            x.price("9");
        }
        // When the breaker does not answer, or the feeds die once more.
        x.w.advance(Seconds::days(8));
        x.break_breaker(Mode::Fails);
        let again = x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        let price = emitted::<SettlementAnnounced>(&again)[0].price;
        assert_eq!(price, crate::support::price("9"));
        let settle = ExecuteMsg::Settle { position: long };
        let early = refusal(x.run("anyone", settle.clone()));
        assert!(
            matches!(early, ContractError::NotSettled { from: Some(_) }),
            "{early}"
        );
        x.w.advance(Seconds::days(3));
        x.run("anyone", settle).unwrap();
        assert_eq!(x.credit("alice"), 950 * ONE);
    });
}

#[test]
fn a_breaker_that_does_not_answer_settles_nothing_while_there_was_a_price() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.w.advance(Seconds::days(8));
        x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        x.w.advance(Seconds::days(3));
        for _ in 0..30 {
            x.price("12");
        }
        x.break_breaker(Mode::Fails);
        let off = x.run("mallory", ExecuteMsg::Settle { position: long }).unwrap();
        assert_eq!(emitted::<SettlementCalledOff>(&off).len(), 1);
        assert!(x.position(long).is_some());
    });
}

#[test]
fn a_settlement_without_the_breakers_answer_proves_that_it_was_not_the_calls_depth() {
    both(plain, |x| {
        x.open("alice", Side::Long, 1_000, 2_000);
        x.w.advance(Seconds::days(8));
        x.break_breaker(Mode::Fails);
        let done = x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        assert_eq!(emitted::<SettlementAnnounced>(&done).len(), 1);
        let perps = x.w.perps.to_string();
        let calls = done.events.iter().filter(|event| {
            let of = |attribute: &cosmwasm_std::Attribute| attribute.value == perps;
            event.ty == "execute" && event.attributes.iter().any(of)
        });
        assert_eq!(calls.count(), 2, "the message, and one to itself");
    });
}

// A day of dead feeds that nobody poked used up the time for deleveraging.

#[test]
fn a_day_without_a_price_uses_up_no_time_for_deleveraging() {
    both(uncovered, |x| {
        x.open("bob", Side::Short, 1_000, 2_000);
        fall(x);
        // When nothing is published, and nobody pokes, for a day and an hour.
        x.w.advance(Seconds::hours(25));
        for _ in 0..7 {
            x.price("5");
        }
        x.deleverage(1).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}

#[test]
fn time_with_prices_uses_it_up_and_so_do_thirty_days() {
    both(uncovered, |x| {
        x.open("bob", Side::Short, 1_000, 2_000);
        fall(x);
        x.busy(Seconds::DAY, "5");
        let over = refusal(x.deleverage(1));
        assert!(matches!(over, ContractError::WindowOver { .. }), "{over}");
    });
    both(uncovered, |x| {
        x.open("bob", Side::Short, 1_000, 2_000);
        fall(x);
        x.wait(Seconds::days(30), "5");
        for _ in 0..7 {
            x.price("5");
        }
        let over = refusal(x.deleverage(1));
        assert!(matches!(over, ContractError::WindowOver { .. }), "{over}");
    });
}

// Nobody was paid for what must be done; 1,000 dust shorts put 101 calls before the first
// large winner.

#[test]
fn a_thousand_dust_shorts_cost_their_owner_and_pay_who_deleverages_them() {
    let setup = |b: WorldBuilder| {
        let b = plain(b).policy(|t| t.deductible = t.limit).unwatched();
        b.seed(|seed| seed.liquidity = 1_000_000 * ONE).perps(|p| {
            let shipped = Params::default();
            p.min_notional = shipped.min_notional;
            p.adl_cap = shipped.adl_cap;
            p.bounty = shipped.bounty;
            p.max_positions = 100;
        })
    };
    let dust = |x: &mut Exchange, i: usize| {
        let who = x.w.addr(&format!("dust{}", i / 100));
        x.w.open(&who, Side::Short, 10 * ONE, 100 * ONE)
    };
    both(setup, |x| {
        // Given a thousand shorts of the smallest size at 10, ahead of a large one at 9.
        let long = x.open("alice", Side::Long, 20_000, 20_000);
        for i in 0..1_000 {
            dust(x, i).unwrap();
        }
        assert_eq!(x.pool().ledger.short.set_aside, Assets::new(100_000 * ONE));
        x.price("9.5");
        let large = x.open("bob", Side::Short, 20_000, 40_000);
        x.price("5");
        x.fund_insurance(100 * ONE);
        x.liquidate(long).unwrap();
        // Then 34 calls reach it, and each is paid for.
        let mut calls = 0;
        let reached = loop {
            calls += 1;
            let before = x.balance("keeper");
            let done = x.deleverage(1).unwrap();
            let cut = emitted::<Deleveraged>(&done);
            // 30 × 50 of profit, and the bounty is 3 at most.
            assert!(gained(x, "keeper", before) <= 3 * i128::try_from(ONE).unwrap());
            if cut.iter().any(|cut| cut.position == large) {
                break calls;
            }
        };
        assert_eq!(reached, 34);
    });
}

#[test]
fn whoever_sends_deleverages_and_books_is_paid_from_the_insurance_fund_where_no_fee_is_kept() {
    let setup = |b: WorldBuilder| {
        plain(b)
            .policy(|t| (t.instant, t.deductible) = (Assets::ZERO, Assets::new(1_000 * ONE)))
            .perps(|p| (p.bounty, p.gather_count, p.adl_cap) = (Assets::new(15 * ONE), 2, 1))
    };
    both(setup, |x| {
        x.open("bob", Side::Short, 200, 2_000);
        fall(x);
        x.fund_insurance(100 * ONE);
        x.price("5");
        let insurance = |x: &Exchange| x.pool().ledger.insurance.u128();
        let paid = |x: &mut Exchange, what: &dyn Fn(&mut Exchange)| {
            let (before, fund) = (x.balance("keeper"), insurance(x));
            what(x);
            let got = gained(x, "keeper", before);
            assert_eq!(fund - insurance(x), got as u128);
            got as u128
        };
        // 3,000 are granted: 1 % is more than the bounty, of which one closing of two is half.
        // 1,000 of profit taken: 1 % is less.
        assert_eq!(paid(x, &|x| drop(x.send_again(1).unwrap())), 7_500_000);
        assert_eq!(paid(x, &|x| drop(x.deleverage(1).unwrap())), 10 * ONE);
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        assert_eq!(paid(x, &|x| drop(x.book(1).unwrap())), 7_500_000);
        // A repeat moves nothing and pays nothing.
        x.book(1).unwrap_err();
        assert_eq!(insurance(x), 75 * ONE);
    });
}

#[test]
fn bounties_are_kept_from_opening_fees_for_the_day_on_which_the_insurance_fund_is_empty() {
    both(shipped, |x| {
        // Given fees of 2,000,000 of notional, the larger part of them kept.
        for _ in 0..10 {
            let long = x.open("alice", Side::Long, 10_000, 50_000);
            x.close("alice", long).unwrap();
        }
        let kept = x.pool().ledger.bounties.u128();
        assert_eq!(kept, 150 * ONE, "fifty bounties");
        assert!(x.pool().ledger.insurance > Assets::new(300 * ONE));
        // When a fall empties the fund.
        let long = x.open("alice", Side::Long, 10_000, 10_500);
        x.price("8.4");
        x.liquidate(long).unwrap();
        assert_eq!(x.pool().ledger.insurance, Assets::ZERO);
        // Then who sends the shortfall is paid all the same.
        let before = x.balance("keeper");
        x.send_again(1).unwrap();
        // One closing of the twenty for which a bounty is due.
        assert_eq!(gained(x, "keeper", before), 150_000);
        assert_eq!(x.pool().ledger.bounties.u128(), kept - 150_000);
    });
}

#[test]
fn what_a_liquidation_sends_takes_no_bounty() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| (p.bounty, p.open_fee) = (Assets::new(ONE), Bps(100)));
    both(setup, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_200);
        let kept = x.pool().ledger.bounties;
        assert!(kept > Assets::new(ONE));
        x.price("5");
        x.liquidate(long).unwrap();
        assert!(x.shortfall(1).record.answer.is_some());
        let pool = x.pool();
        assert_eq!((pool.ledger.bounties, pool.counted.0), (kept, pool.balance));
    });
}

#[test]
fn to_deleverage_in_many_calls_pays_no_more_than_in_one() {
    let setup = |b: WorldBuilder| uncovered(b).perps(|p| p.bounty = Assets::new(15 * ONE));
    let paid = |limit: Option<u32>| {
        let mut x = Exchange {
            w: setup(World::builder()).build(),
        };
        let x = &mut x;
        for _ in 0..10 {
            x.open("bob", Side::Short, 100, 1_000);
        }
        fall(x);
        x.fund_insurance(1_000 * ONE);
        let before = x.balance("keeper");
        while x.shortfall(1).remaining > Assets::ZERO {
            let shortfall = 1;
            x.run("keeper", ExecuteMsg::Deleverage { shortfall, limit })
                .unwrap();
        }
        gained(x, "keeper", before)
    };
    // 4,000 of 5,000, from eight of ten.
    assert_eq!(paid(None), 12_000_000);
    assert_eq!(paid(Some(1)), 12_000_000);
}

#[test]
fn an_empty_insurance_fund_pays_no_bounty_and_stops_no_work() {
    let setup = |b: WorldBuilder| uncovered(b).perps(|p| p.bounty = Assets::new(15 * ONE));
    both(setup, |x| {
        x.open("bob", Side::Short, 1_000, 2_000);
        fall(x);
        let before = x.balance("keeper");
        x.deleverage(1).unwrap();
        assert_eq!(gained(x, "keeper", before), 0);
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}

// Impact was per trade: 70 pieces cost 141, and one trade 238.

#[test]
fn seventy_pieces_cost_what_one_trade_costs() {
    let setup = |b: WorldBuilder| {
        shipped(b).perps(|p| (p.open_fee, p.order_fee, p.max_positions) = (Bps(0), Assets::ZERO, 100))
    };
    let cost = |pieces: u128| {
        let mut x = Exchange {
            w: setup(World::builder()).build(),
        };
        let before = x.balance("eve");
        let size = 14_000 / pieces;
        let all: Vec<u64> = (0..pieces)
            .map(|_| x.open("eve", Side::Long, size, size * 2))
            .collect();
        for position in all {
            x.close("eve", position).unwrap();
        }
        -gained(&mut x, "eve", before)
    };
    // 140,000 both ways at 0.05 % + 1 % × 70,000 / 1,000,000: 336. A piece closes at
    // another's slippage than it opened at, and rounds by a few units.
    let (whole, pieces) = (cost(1), cost(70));
    assert_eq!(whole, 336_000_000);
    assert!((0..1_000).contains(&(pieces - whole)), "{pieces} and {whole}");
}

// The vault took another breaker, and the exchange had to be migrated.

/// Another breaker with the same market and sources, which the vault asks from now on.
fn another_breaker(x: &mut Exchange) -> Addr {
    let setup = breaker::InstantiateMsg {
        owner: x.w.owner.to_string(),
        guardian: None,
    };
    let code = x.w.codes.breaker;
    let other = x.w.instantiate(code, &setup, "another breaker").unwrap();
    let add = breaker::ExecuteMsg::AddMarket {
        market: x.w.market.clone(),
        config: MarketConfig {
            sources: x.w.sources.clone(),
            params: breaker::MarketParams {
                shared_ticks: None,
                ..Default::default()
            },
        },
    };
    let owner = x.w.owner.clone();
    x.w.execute(&owner, &other, &add, &[]).unwrap();
    other
}

fn vault_asks(x: &mut Exchange, breaker: &Addr) {
    let update = ParamsUpdate {
        breaker: Some(breaker.to_string()),
        ..Default::default()
    };
    x.vault("owner", VaultMsg::UpdateParams { update }).unwrap();
}

#[test]
fn another_breaker_is_followed_and_no_claim_has_the_prices_of_two() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.gather_count = 2);
    both(setup, |x| {
        let same = refusal(x.run("owner", ExecuteMsg::FollowBreaker {}));
        assert!(matches!(same, ContractError::SameBreaker { .. }), "{same}");
        // Given three longs, one of them liquidated at the first breaker's price.
        let longs: Vec<u64> = (0..3).map(|_| x.open("alice", Side::Long, 100, 100)).collect();
        x.price("5");
        x.liquidate(longs[0]).unwrap();
        // When the vault asks another, whose record the exchange does not have yet.
        let old = x.w.breaker.clone();
        let other = another_breaker(x);
        vault_asks(x, &other);
        // Then the closing that fills the shortfall does not send it, and nobody else can.
        x.w.advance(Seconds(10));
        x.w.set_price("5");
        x.liquidate(longs[1]).unwrap();
        let gathered = x.shortfall(1).record;
        assert_eq!((gathered.parts, gathered.sent), (2, 0));
        x.price("5");
        let shortfall = 1;
        let other_breaker = ContractError::OtherBreaker { shortfall };
        assert_eq!(refusal(x.send_again(1)), other_breaker);
        // When the DAO follows, the old one is the winners', and the next is of the new breaker.
        let stranger = refusal(x.run("mallory", ExecuteMsg::FollowBreaker {}));
        assert!(matches!(stranger, ContractError::Ownership(_)), "{stranger}");
        // It has to have had a clean price, since there would be no settlement without one.
        assert_eq!(
            refusal(x.run("owner", ExecuteMsg::FollowBreaker {})),
            ContractError::NoPriceYet
        );
        x.w.breaker = other.clone();
        x.price("5");
        x.run("owner", ExecuteMsg::FollowBreaker {}).unwrap();
        let last = x.pool().ledger.shortfalls;
        assert_eq!(last, 1);
        x.price("5");
        assert_eq!(refusal(x.send_again(1)), other_breaker);
        x.liquidate(longs[2]).unwrap();
        let next = x.shortfall(last + 1).record;
        assert_eq!((next.breaker, next.parts), (other, 1));
        assert_eq!(x.shortfall(1).record.breaker, old);
        assert_eq!(staked(x), 1_000_000 * ONE);
    });
}

#[test]
fn who_follows_another_breaker_settles_nothing_at_the_old_ones_price() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.price("9");
        x.w.advance(Seconds::days(8));
        x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
        x.w.advance(Seconds::days(3));
        let other = another_breaker(x);
        vault_asks(x, &other);
        x.w.breaker = other;
        x.price("5");
        x.run("owner", ExecuteMsg::FollowBreaker {}).unwrap();
        let announced: Option<Settlement> = x.ask(QueryMsg::Settlement {});
        assert_eq!(announced, None);
        let refused = refusal(x.run("anyone", ExecuteMsg::Settle { position: long }));
        assert!(
            matches!(refused, ContractError::NotSettled { from: None }),
            "{refused}"
        );
    });
}

// Closings' orders were free for a day, and those who executed a refused one got nothing.

#[test]
fn every_order_brings_its_fee_or_more_and_it_is_of_who_executes_it_or_comes_back() {
    both(shipped, |x| {
        let position = x.open("alice", Side::Long, 100, 500);
        let close = |limit| crate::support::close(position, Some(limit), None);
        let text = crate::support::message(x.wish_for("alice", 49_999, close("11")));
        assert!(text.contains("must be from 50000 to"), "{text}");
        let text = crate::support::message(x.wish_for("alice", 0, close("11")));
        assert!(text.contains("funds is 0"), "{text}");
        // A closing that the price refuses pays who has looked all the same.
        let (mine, keeper) = (x.balance("alice"), x.balance("keeper"));
        let placed = x.wish_for("alice", 50_000, close("11")).unwrap();
        assert_eq!(x.pool().ledger.ordered, Assets::new(50_000));
        let text = refused(x.fill(placed));
        assert!(text.contains("the limit is 11"), "{text}");
        assert_eq!(gained(x, "alice", mine), -50_000);
        assert_eq!(gained(x, "keeper", keeper), 50_000);
        // One that finds no price comes back whole.
        x.wish_for("alice", 70_000, close("9")).unwrap();
        x.w.advance(Seconds(601));
        let order = x.pool().ledger.orders;
        x.run("anyone", ExecuteMsg::ReturnOrder { order }).unwrap();
        assert_eq!(x.credit("alice"), 70_000);
    });
}

#[test]
fn where_liquidity_leaves_at_once_the_fee_that_came_with_it_goes_back() {
    both(shipped, |x| {
        x.w.advance(Seconds::DAY);
        let (shares, before) = (x.shares("lp"), x.balance("lp"));
        x.order_remove("lp", shares, None).unwrap();
        assert_eq!(gained(x, "lp", before), 1_000_000_000_000);
    });
}

// After three total wipe-outs deposits overflowed.

#[test]
fn after_three_total_wipe_outs_the_fourth_deposit_is_like_the_first() {
    both(uncovered, |x| {
        for round in 0..4 {
            let provider = format!("p{round}");
            let amount = 100_000 * ONE;
            if round > 0 {
                x.add_liquidity(&provider, amount, None).unwrap();
                assert_eq!(x.shares(&provider), amount * 1_000);
            }
            // When a trader wins all of the pool.
            x.price("1");
            let cash = x.cash();
            let size = cash;
            x.open_at("alice", Side::Long, size, cash, None).unwrap();
            x.price("1.8");
            x.price("2");
            let last = x.pool().ledger.positions;
            x.close("alice", last).unwrap();
            assert_eq!(x.cash(), 0);
        }
        // The shares from before are none, and cannot come back.
        x.add_liquidity("carol", 100_000 * ONE, None).unwrap();
        for gone in ["lp", "p1", "p2", "p3"] {
            assert_eq!(x.shares(gone), 0);
            let refused = refusal(x.order_remove(gone, 1, None));
            assert!(
                matches!(refused, ContractError::NotEnoughShares { .. }),
                "{refused}"
            );
        }
        assert_eq!(x.equity("2"), 100_000 * ONE);
    });
}

#[test]
fn a_claim_of_a_liquidation_at_the_ceiling_of_what_is_gathered_is_sent_by_it() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.gather_count = 2);
    both(setup, |x| {
        let longs: Vec<u64> = (0..2).map(|_| x.open("alice", Side::Long, 100, 100)).collect();
        x.price("5");
        let first = x.liquidate(longs[0]).unwrap();
        assert_eq!(emitted::<Liquidated>(&first)[0].missing, Assets::new(400 * ONE));
        assert!(x.shortfall(1).record.answer.is_none());
        x.liquidate(longs[1]).unwrap();
        let cover = x.shortfall(1).record.answer.unwrap().cover;
        assert_eq!(cover.paid, Assets::new(800 * ONE));
        let vault = BackstopVault(x.w.vault.clone());
        let claim = vault.claim(&x.w.querier(), 1).unwrap().unwrap();
        assert_eq!(claim.status.known(), Some(ClaimStatusName::Paid));
    });
}
