//! Who could do something to others: by a fee, a moment, a number, or by doing nothing. Each
//! test is named by what must hold.

use crate::support::{Exchange, ONE, both, close, fee_update, message, plain, remove};
use backstop_core::perps::Side;
use backstop_testing::{World, WorldBuilder, emitted};
use backstop_types::events::perps::OrderPlaced;
use backstop_types::vault::{BackstopVault, CoverReason, ExecuteMsg as VaultMsg};
use backstop_types::{Assets, Seconds};
use sample_perps::ContractError;
use sample_perps::msg::ExecuteMsg;

/// Everything as shipped, a million staked and a million of liquidity.
fn shipped() -> Exchange {
    let builder = World::builder().seed(|seed| {
        seed.deposits = vec![("staker".to_string(), 1_000_000 * ONE)];
        seed.liquidity = 1_000_000 * ONE;
    });
    Exchange { w: builder.build() }
}

fn staked(x: &Exchange) -> u128 {
    let vault = BackstopVault(x.w.vault.clone());
    vault.pool(&x.w.querier()).unwrap().assets.u128()
}

#[test]
fn the_owner_cannot_make_a_closing_or_a_leaving_dearer_than_it_was() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.order_fee = Assets::new(1_000));
    both(setup, |x| {
        let position = x.open("alice", Side::Long, 100, 500);
        x.stay("lp");
        let dear = fee_update(1_000_000 * ONE, 100_000_000 * ONE);
        x.run("owner", dear).unwrap();
        let placed = x.wish_for("alice", 1_000, close(position, None, None)).unwrap();
        let half = x.shares("lp") / 2;
        x.wish_for("lp", 1_000, remove(half, None)).unwrap();
        x.fill(placed).unwrap();
        assert!(x.position(position).is_none());
    });
}

#[test]
fn the_owner_takes_no_payment_that_is_on_its_way_by_a_fee() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.order_fee = Assets::new(1_000));
    both(setup, |x| {
        x.open("alice", Side::Long, 1, 5);
        // When the fee is raised in front of her next order to nearly all that it brings.
        x.run("owner", fee_update(99 * ONE, 10_000 * ONE)).unwrap();
        let refused = x.order("alice", Side::Long, 10 * ONE, 100 * ONE, None);
        assert!(message(refused).contains("must be from 9900000000 to"));
        let refused = x.order_add("carol", 100 * ONE, None);
        assert!(message(refused).contains("must be from 9900000000 to"));
    });
}

#[test]
fn who_adds_liquidity_leaves_it_for_one_percent_at_most_whatever_the_fee_became_meanwhile() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.order_fee = Assets::new(1_000));
    both(setup, |x| {
        x.open("alice", Side::Long, 100, 500);
        let placed = x.order_add("carol", 1_000 * ONE, None).unwrap();
        let dear = fee_update(1_000_000 * ONE, 100_000_000 * ONE);
        x.run("owner", dear).unwrap();
        x.fill(placed).unwrap();
        x.stay("carol");
        let all = x.shares("carol");
        x.wish_for("carol", 10 * ONE, remove(all, None)).unwrap();
    });
}

/// Without a fee nobody else executes it, and it is an option of a day for nothing.
#[test]
fn who_adds_dust_first_does_not_leave_without_a_fee() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.order_fee = Assets::new(1_000));
    both(setup, |x| {
        // Given 99 base units, added at once, of which 1 % is nothing; and then much more.
        x.add_liquidity("eve", 99, None).unwrap();
        x.add_liquidity("eve", 50_000 * ONE, None).unwrap();
        x.open("alice", Side::Long, 100, 500);
        x.stay("eve");
        let all = x.shares("eve");
        let text = message(x.wish_for("eve", 0, remove(all, None)));
        assert!(text.contains("funds is 0: must be from 1000 to"), "{text}");
        // Nor does dust that comes last lower it.
        x.add_liquidity("eve", 100_000, None).unwrap();
        x.stay("eve");
        let text = message(x.wish_for("eve", 999, remove(all, None)));
        assert!(text.contains("must be from 1000 to"), "{text}");
    });
}

#[test]
fn to_close_a_policy_after_a_closing_hurries_no_deleveraging() {
    let setup = |b: WorldBuilder| plain(b).perps(|p| p.gather_count = 20);
    both(setup, |x| {
        x.open("bob", Side::Short, 1_000, 2_000);
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        x.liquidate(long).unwrap();
        x.w.next_block(Seconds(6));
        x.close_policy();
        let refused = backstop_testing::cause::<ContractError>(x.deleverage(1).unwrap_err());
        assert!(matches!(refused, ContractError::AwaitsAnswer { .. }), "{refused}");
    });
}

#[test]
fn a_pool_of_little_after_many_losses_begins_anew_once_its_providers_have_left() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.deductible = t.limit);
    both(setup, |x| {
        let mut refusal = None;
        let mut came = vec!["lp".to_string()];
        for round in 0..6 {
            let provider = format!("p{round}");
            if round > 0 {
                let added = x.add_liquidity(&provider, 100_000 * ONE, None);
                if let Err(error) = added {
                    refusal = Some(message(Err(error)));
                    break;
                }
                came.push(provider);
            }
            // When a trader wins all of the pool but 2,000 base units.
            x.price("1");
            let size = x.cash() - 2_000;
            x.open_at("alice", Side::Long, size, size, None).unwrap();
            x.price("1.8");
            x.price("2");
            let last = x.pool().ledger.positions;
            x.close("alice", last).unwrap();
        }
        let refusal = refusal.unwrap();
        assert!(refusal.contains("if its providers have left"), "{refusal}");
        for provider in came {
            let shares = x.shares(&provider);
            x.remove_liquidity(&provider, shares).unwrap();
        }
        x.add_liquidity("carol", 100_000 * ONE, None).unwrap();
        assert_eq!(x.shares("carol"), 100_000 * ONE * 1_000);
    });
}

#[test]
fn no_answer_does_not_end_the_gathering() {
    let setup = |b: WorldBuilder| {
        plain(b)
            .policy(|t| t.minimum = Assets::new(500 * ONE))
            .perps(|p| p.gather_count = 20)
    };
    both(setup, |x| {
        let longs: Vec<u64> = (0..10).map(|_| x.open("alice", Side::Long, 100, 100)).collect();
        x.price("5");
        for long in &longs {
            x.liquidate(*long).unwrap();
            // Whoever liquidates sends it where the call's depth leaves the vault no poke.
            x.break_vault();
            let _ = x.send_again(x.pool().ledger.shortfalls);
            x.mend_vault();
        }
        let (all, mut refused) = (x.pool().ledger.shortfalls, vec![]);
        for shortfall in 1..=all {
            let reason = CoverReason::BelowMinimum.into();
            let small = ContractError::NotNow { shortfall, reason };
            match x.send_again(shortfall) {
                Ok(_) => {}
                Err(error) => refused.push(backstop_testing::cause::<ContractError>(error) == small),
            }
        }
        assert_eq!(
            (all, refused.len()),
            (1, 0),
            "4,000 in ten that are too small: {refused:?}"
        );
    });
}

#[test]
fn by_the_defaults_the_stakers_pay_nothing_in_one_rise_of_30_percent() {
    // Given a short of 400,000 at 10 that is kept alive by margin up to 20: 800,000.
    let mut x = shipped();
    let x = &mut x;
    let before = staked(x);
    let size = 40_000;
    let short = x.open("right", Side::Short, size, size * 10 / 4 + 4_000);
    let mut price = 10 * ONE;
    while price < 20 * ONE {
        price = (price + price / 200).min(20 * ONE);
        let needed = size * price * 225 / 1000 + size * (price - 10 * ONE);
        let margin = x.position(short).unwrap().record.exposure.margin.u128();
        if needed > margin {
            x.add_margin("right", short, needed - margin).unwrap();
        }
        for _ in 0..3 {
            x.price(&format!("{}.{:06}", price / ONE, price % ONE));
        }
    }
    assert!(x.position(short).is_some());
    // When it rises by 30 % at once.
    for _ in 0..600 {
        x.price("26");
        if x.liquidate(short).is_ok() && x.position(short).is_none() {
            break;
        }
    }
    assert!(x.position(short).is_none());
    for _ in 0..50 {
        let _ = x.send_again(1);
        x.price("26");
    }
    x.wait(Seconds::days(2), "26");
    let _ = x.vault("anyone", VaultMsg::SettleClaim { claim: 1 });
    assert_eq!(
        (before - staked(x)) / ONE,
        0,
        "{:?}",
        x.shortfall(1).record.answer
    );
}

#[test]
fn whoever_executes_an_order_that_cannot_be_filled_is_paid() {
    both(
        |b| plain(b).perps(|p| p.order_fee = Assets::new(1_000)),
        |x| {
            let placed = x.order("eve", Side::Long, u128::MAX, ONE, None).unwrap();
            let order = emitted::<OrderPlaced>(&placed)[0].order;
            x.w.wait_for_price();
            let done = x.run("keeper", ExecuteMsg::ExecuteOrder { order });
            assert!(done.is_ok(), "{:#}", done.unwrap_err());
        },
    );
}

#[test]
fn to_send_each_closing_by_itself_pays_no_more_than_to_send_them_together() {
    let setup = |b: WorldBuilder| {
        plain(b).policy(|t| t.instant = Assets::ZERO).perps(|p| {
            p.bounty = Assets::new(3 * ONE);
            p.gather_count = 20;
            p.open_fee = backstop_types::Bps(100);
            p.insurance_share = backstop_types::Bps(10_000);
        })
    };
    let paid = |each: bool| {
        let mut x = Exchange {
            w: setup(World::builder()).build(),
        };
        let x = &mut x;
        let longs: Vec<u64> = (0..4).map(|_| x.open("alice", Side::Long, 100, 110)).collect();
        x.price("5");
        for long in &longs {
            x.liquidate(*long).unwrap();
            if each {
                let before = x.pool().ledger.bounties;
                x.send_again(x.pool().ledger.shortfalls).unwrap();
                assert!(x.pool().ledger.bounties < before);
            }
        }
        if !each {
            x.send_again(1).unwrap();
        }
        // And so is booking, once the claims are paid.
        x.wait(Seconds::DAY, "5");
        for claim in 1..=x.pool().ledger.shortfalls {
            x.vault("anyone", VaultMsg::SettleClaim { claim }).unwrap();
            x.book(claim).unwrap();
        }
        let vault = BackstopVault(x.w.vault.clone());
        let losses = vault.pool(&x.w.querier()).unwrap().losses;
        (40 * ONE - x.pool().ledger.bounties.u128(), losses)
    };
    let (each, together) = (paid(true), paid(false));
    assert!(each.0 <= together.0, "bounties and losses: {each:?} {together:?}");
}

#[test]
fn where_there_is_no_policy_nobody_waits_an_hour_for_its_answer() {
    both(
        |b| plain(b).without_policy(),
        |x| {
            x.open("bob", Side::Short, 1_000, 2_000);
            let long = x.open("alice", Side::Long, 1_000, 1_000);
            x.price("5");
            x.liquidate(long).unwrap();
            let done = x.deleverage(1);
            assert!(done.is_ok(), "{:#}", done.unwrap_err());
        },
    );
}

#[test]
fn an_old_dust_closing_does_not_take_the_cover_from_a_loss_after_the_policy_began() {
    let setup = |b: WorldBuilder| plain(b).without_policy().perps(|p| p.gather_count = 20);
    both(setup, |x| {
        let dust = x.open("eve", Side::Long, 1, 1);
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        // Eve's loss of 4 is from the block before the policy.
        x.liquidate(dust).unwrap();
        x.w.next_block(Seconds(6));
        let terms = backstop_types::vault::PolicyTerms {
            deductible: Assets::ZERO,
            ..backstop_testing::default_terms()
        };
        x.add_policy(terms);
        x.w.next_block(Seconds(30));
        x.w.set_price("5");
        x.liquidate(long).unwrap();
        let all = x.pool().ledger.shortfalls;
        let sent = x.send_again(all);
        assert!(sent.is_ok(), "{:#}", sent.unwrap_err());
    });
}

#[test]
fn a_breaker_without_a_price_of_today_is_not_followed_to_a_settlement_at_its_old_one() {
    both(plain, |x| {
        x.open("alice", Side::Long, 1_000, 2_500);
        // Given the next breaker, deployed and poked once at 10.
        let setup = backstop_types::breaker::InstantiateMsg {
            owner: x.w.owner.to_string(),
            guardian: None,
        };
        let code = x.w.codes.breaker;
        let other = x.w.instantiate(code, &setup, "another breaker").unwrap();
        let params = backstop_types::breaker::MarketParams {
            shared_ticks: None,
            ..Default::default()
        };
        let sources = x.w.sources.clone();
        let config = backstop_types::breaker::MarketConfig { sources, params };
        let market = x.w.market.clone();
        let add = backstop_types::breaker::ExecuteMsg::AddMarket { market, config };
        let owner = x.w.owner.clone();
        x.w.execute(&owner, &other, &add, &[]).unwrap();
        let old = std::mem::replace(&mut x.w.breaker, other.clone());
        for _ in 0..5 {
            x.price("10");
        }
        x.w.breaker = old;
        // When the price has gone to 20 in 8 days, and the vault's DAO takes it.
        for day in 1..=8u64 {
            x.wait(
                Seconds::DAY,
                ["11", "12", "13", "14", "15.5", "17", "18.5", "20"][day as usize - 1],
            );
        }
        let update = backstop_types::vault::ParamsUpdate {
            breaker: Some(other.to_string()),
            ..Default::default()
        };
        x.vault("owner", VaultMsg::UpdateParams { update }).unwrap();
        let followed = x.run("owner", ExecuteMsg::FollowBreaker {});
        x.w.breaker = other;
        x.w.advance(Seconds::MINUTE);
        x.w.set_sources("20");
        if followed.is_ok() {
            let done = x.run("anyone", ExecuteMsg::AnnounceSettlement {}).unwrap();
            let at = emitted::<backstop_types::events::perps::SettlementAnnounced>(&done);
            assert!(
                at.is_empty(),
                "announced at once, at {:?}, while it is 20",
                at[0].price
            );
        }
    });
}

#[test]
fn a_week_in_which_nobody_asked_is_no_week_without_a_price() {
    let mut x = shipped();
    let x = &mut x;
    let long = x.open("alice", Side::Long, 1_000, 3_000);
    // Given sources that were never silent, and nobody who had to poke: longs only win.
    x.w.advance(Seconds::days(8));
    x.w.set_sources("17");
    let done = x.run("lp", ExecuteMsg::AnnounceSettlement {}).unwrap();
    let at = emitted::<backstop_types::events::perps::SettlementAnnounced>(&done);
    for _ in 0..(3 * 24 * 6) {
        x.w.advance(Seconds(600));
        x.w.set_price("17");
    }
    let done = x.run("lp", ExecuteMsg::Settle { position: long });
    println!(
        "settled: {}; {:?}; credit {}",
        done.is_ok(),
        x.market().trip(),
        x.credit("alice")
    );
    assert!(at.is_empty(), "announced with live sources at {:?}", at[0].price);
}
