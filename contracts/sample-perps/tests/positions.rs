//! `Open`, `AddMargin`, `Close`.

use crate::support::{ONE, both, denial, plain, price, refusal, refused, update_params};
use backstop_core::perps::{Side, Size};
use backstop_testing::emitted;
use backstop_types::breaker::{Action, Fault, MarketState};
use backstop_types::events::perps::{ActionDenied, Closed, Opened};
use backstop_types::{Assets, Bps, InputError, Seconds};
use cosmwasm_std::Decimal;
use sample_perps::ContractError;
use sample_perps::msg::{PositionsResponse, QueryMsg};

#[test]
fn a_long_wins_what_the_price_rises_and_the_pool_pays_it() {
    both(plain, |x| {
        let mine = x.balance("alice");
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.price("12");
        x.close("alice", long).unwrap();
        assert_eq!(x.balance("alice") - mine, 2_000 * ONE);
        assert_eq!(x.cash(), 98_000 * ONE);
        assert!(x.position(long).is_none());
    });
}

#[test]
fn a_short_wins_what_the_price_falls_and_loses_what_it_rises() {
    both(plain, |x| {
        let mine = x.balance("bob");
        let short = x.open("bob", Side::Short, 1_000, 3_000);
        x.price("12");
        x.close("bob", short).unwrap();
        assert_eq!(mine - x.balance("bob"), 2_000 * ONE);
        let short = x.open("bob", Side::Short, 1_000, 3_000);
        x.price("7");
        x.close("bob", short).unwrap();
        assert_eq!(x.balance("bob") - mine, 3_000 * ONE);
    });
}

#[test]
fn a_longs_profit_ends_at_what_was_set_aside_for_it() {
    both(plain, |x| {
        let mine = x.balance("alice");
        let long = x.open("alice", Side::Long, 5_000, 10_000);
        // Three times the entry, in steps that the breaker lets through.
        x.price("18");
        x.price("30");
        x.close("alice", long).unwrap();
        assert_eq!(x.balance("alice") - mine, 50_000 * ONE);
        assert_eq!(x.cash(), 50_000 * ONE);
    });
}

#[test]
fn opening_asks_for_the_initial_margin_after_fee_and_slippage() {
    let setup = |builder: backstop_testing::WorldBuilder| {
        plain(builder)
            .perps(|p| *p = sample_perps::Params::default())
            .loose()
    };
    both(setup, |x| {
        // 10 % of 10,000, and 10.0055 of fee, and 5.5 of slippage, and 0.05 for the execution.
        let short_of = 1_015_555_500 - 1;
        let expected = ContractError::BelowInitialMargin {
            equity: Assets::new(1_000 * ONE - 1),
            required: Assets::new(1_000 * ONE),
        };
        let text = refused(x.open_at("alice", Side::Long, 1_000 * ONE, short_of, None));
        assert_eq!(text, expected.to_string());
        x.open_at("alice", Side::Long, 1_000 * ONE, short_of + 1, None)
            .unwrap();
        // A payment below the opening fee is no margin at all, and one of which the order's fee is
        // more than 1 % no order.
        let text = refused(x.open_at("alice", Side::Long, 1_000 * ONE, 5_000_000, None));
        assert!(text.contains("equity after opening is 0"), "{text}");
        let refused = refusal(x.order("alice", Side::Long, 1_000 * ONE, 4_999_999, None));
        assert_eq!(
            refused,
            ContractError::Input(InputError::bounds(
                "funds",
                4_999_999,
                format_args!("from 5000000 to {}", u128::MAX)
            ))
        );
    });
}

#[test]
fn a_fill_past_the_limit_is_refused_both_ways() {
    let setup = |builder: backstop_testing::WorldBuilder| {
        plain(builder)
            .perps(|p| *p = sample_perps::Params::default())
            .loose()
    };
    both(setup, |x| {
        let past = |filled, limit| {
            let (filled, limit) = (price(filled), price(limit));
            ContractError::PastLimit { filled, limit }.to_string()
        };
        // The fill of 1,000 is 10.0055 for a long and 9.9945 for a short.
        let opened = x.open_at("alice", Side::Long, 1_000 * ONE, 2_000 * ONE, Some("10.0054"));
        assert_eq!(refused(opened), past("10.0055", "10.0054"));
        x.open_at("alice", Side::Long, 1_000 * ONE, 2_000 * ONE, Some("10.0055"))
            .unwrap();
        let opened = x.open_at("bob", Side::Short, 1_000 * ONE, 2_000 * ONE, Some("9.9946"));
        assert_eq!(refused(opened), past("9.9945", "9.9946"));
        let placed = x.order_close_at("alice", 1, Some("9.9946")).unwrap();
        assert_eq!(refused(x.fill(placed)), past("9.9945", "9.9946"));
        let placed = x.order_close_at("alice", 1, Some("9.9945")).unwrap();
        x.fill(placed).unwrap();
    });
}

#[test]
fn a_closing_is_filled_by_the_cheaper_of_the_curves_of_then_and_now() {
    // Opened at 1 % of slippage, and closed under another.
    let slippage =
        |bps| move |p: &mut sample_perps::Params| (p.base_slippage, p.max_slippage) = (Bps(bps), Bps(bps));
    let setup = |b: backstop_testing::WorldBuilder| plain(b).perps(slippage(100));
    for (now, fill, cost) in [
        (40, "9.96", 40 * ONE),
        (100, "9.9", 100 * ONE),
        (300, "9.9", 100 * ONE),
    ] {
        both(setup, |x| {
            let long = x.open("alice", Side::Long, 1_000, 2_000);
            let config: sample_perps::state::Config = x.ask(QueryMsg::Config {});
            let mut params = config.params;
            // 100 bps are the most of a base slippage, and the rest is impact.
            (params.base_slippage, params.max_slippage) = (Bps(now.min(100)), Bps(now));
            (params.impact, params.depth) = (Bps(if now > 100 { 10_000 } else { 0 }), Assets::ONE);
            x.run("owner", update_params(params)).unwrap();
            let before = x.balance("alice");
            let closed = x.close("alice", long).unwrap();
            let closed: Vec<Closed> = emitted(&closed);
            assert_eq!(closed[0].fill, price(fill), "{now}");
            // The entry was 10.1, which 100 of loss are.
            let paid = 2_000 * ONE - 100 * ONE - cost;
            assert_eq!(x.balance("alice") - before, paid, "{now}");
            assert_eq!(closed[0].paid, Assets::new(paid));
        });
    }
}

#[test]
fn size_open_interest_and_count_are_bounded() {
    let setup = |builder: backstop_testing::WorldBuilder| {
        plain(builder).perps(|p| {
            p.max_positions = 2;
            p.max_open_interest = Assets::new(20_000 * ONE);
        })
    };
    both(setup, |x| {
        let too_small = ContractError::TooSmall {
            notional: Assets::new(999_990),
            min: Assets::new(ONE),
        };
        let text = refused(x.open_at("alice", Side::Long, 99_999, ONE, None));
        assert_eq!(text, too_small.to_string());
        x.open("alice", Side::Long, 1_500, 5_000);
        let expected = ContractError::OpenInterest {
            side: Side::Long,
            wanted: Assets::new(20_010 * ONE),
            max: Assets::new(20_000 * ONE),
        };
        let text = refused(x.open_at("alice", Side::Long, 501 * ONE, 5_000 * ONE, None));
        assert_eq!(text, expected.to_string());
        // The other side has its own.
        x.open("alice", Side::Short, 2_000, 5_000);
        let refused = refusal(x.open_at("alice", Side::Long, ONE, 5_000 * ONE, None));
        assert_eq!(refused, ContractError::TooManyPositions { open: 2, max: 2 });
        // The count goes down with a closing.
        x.close("alice", 1).unwrap();
        x.open("alice", Side::Long, 1, 5_000);
    });
}

#[test]
fn nothing_opens_or_closes_on_a_stale_price_but_margin_is_always_taken() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        x.w.advance(Seconds::HOUR);
        for placed in [
            x.order("bob", Side::Short, ONE, 10 * ONE, None),
            x.order_close("alice", long),
        ] {
            assert!(denial(x.attempt(placed)).reasons.has(Fault::Quorum));
        }
        assert!(denial(x.liquidate(long)).reasons.has(Fault::Quorum));
        x.add_margin("alice", long, 5).unwrap();
        let margin = x.position(long).unwrap().record.exposure.margin;
        assert_eq!(margin, Assets::new(2_000 * ONE + 5));
    });
}

#[test]
fn in_a_trip_nothing_opens_and_state_and_reasons_are_in_the_event() {
    both(plain, |x| {
        x.trip();
        let placed = x.order("bob", Side::Short, ONE, 10 * ONE, None);
        let denied = denial(x.attempt(placed));
        assert_eq!(
            denied,
            ActionDenied {
                action: Action::Open,
                sender: x.w.addr("keeper"),
                state: Some(MarketState::Tripped.into()),
                reasons: Fault::Guardian.into(),
            }
        );
        assert_eq!(x.pool().ledger.positions, 0);
    });
}

#[test]
fn only_its_owner_closes_or_feeds_a_position() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 2_000);
        let refused = [x.close("mallory", long), x.add_margin("mallory", long, 1)];
        for refused in refused.map(refusal) {
            let owner = format!("the owner of position {long}");
            assert!(
                matches!(&refused, ContractError::Unauthorized(it) if it.role == owner),
                "{refused}"
            );
        }
        let unknown = ContractError::UnknownPosition { position: 99 };
        assert_eq!(refusal(x.close("alice", 99)), unknown);
    });
}

#[test]
fn a_position_below_zero_closes_only_by_liquidation_or_with_more_margin() {
    both(plain, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("8");
        let missing = Assets::new(1_000 * ONE);
        let expected = ContractError::Underwater {
            position: long,
            missing,
        };
        assert_eq!(refused(x.close("alice", long)), expected.to_string());
        x.add_margin("alice", long, 1_500 * ONE).unwrap();
        let mine = x.balance("alice");
        x.close("alice", long).unwrap();
        assert_eq!(x.balance("alice") - mine, 500 * ONE);
        assert_eq!(x.cash(), 102_000 * ONE);
    });
}

#[test]
fn positions_are_listed_by_page_and_owner_and_valued_at_a_price() {
    let setup = |builder: backstop_testing::WorldBuilder| plain(builder).perps(|p| p.max_positions = 100);
    both(setup, |x| {
        for _ in 0..35 {
            x.open("alice", Side::Long, 1, 10);
        }
        let bobs = x.open("bob", Side::Short, 1, 10);
        assert_eq!(x.positions().positions.len(), 30);
        let rest: PositionsResponse = x.ask(QueryMsg::Positions {
            owner: None,
            price: None,
            start_after: Some(30),
            limit: Some(u32::MAX),
        });
        assert_eq!(rest.positions.len(), 6);
        let owner = Some(x.w.addr("bob").into_string());
        let of_bob: PositionsResponse = x.ask(QueryMsg::Positions {
            owner,
            price: Some(price("25")),
            start_after: None,
            limit: None,
        });
        let [row] = &of_bob.positions[..] else {
            panic!("{of_bob:?}");
        };
        assert_eq!(row.position, bobs);
        assert_eq!(row.record.exposure.size, Size::new(ONE));
        let value = row.value.unwrap();
        assert!(value.liquidatable);
        assert_eq!(value.pnl.loss(), Assets::new(15 * ONE));
        assert_eq!(value.equity.missing(), Assets::new(5 * ONE));
    });
}

#[test]
fn part_of_the_pools_cash_stays_free_of_positions() {
    let setup = |b: backstop_testing::WorldBuilder| plain(b).perps(|p| p.max_utilization = Bps(8_000));
    both(setup, |x| {
        // Given 100,000 in the pool, of which one long and one short take 80,000.
        x.open("alice", Side::Long, 4_000, 4_000);
        x.open("bob", Side::Short, 4_000, 4_000);
        let text = refused(x.open_at("carol", Side::Long, ONE, 10 * ONE, None));
        let expected = ContractError::Utilization {
            wanted: Assets::new(80_010 * ONE),
            max: Assets::new(80_000 * ONE),
        };
        assert_eq!(text, expected.to_string());
        // Then a fifth can leave.
        let shares = x.shares("lp");
        x.remove_liquidity("lp", shares / 5).unwrap();
    });
}

/// The README's figures of how one hand locks the pool.
#[test]
fn to_lock_four_fifths_of_a_million_takes_200000_of_margins_800_of_fees_and_2000_of_slippage() {
    let setup = |b: backstop_testing::WorldBuilder| b.seed(|seed| seed.liquidity = 1_000_000 * ONE);
    both(setup, |x| {
        let (size, margin) = (40_000 * ONE, 100_000 * ONE);
        let mut costs = (0u128, 0u128);
        for side in [Side::Long, Side::Short] {
            // Fee and slippage come on top of the quarter.
            let opened = x.open_at("eve", side, size, margin + 2_000 * ONE, None).unwrap();
            let opened = &emitted::<Opened>(&opened)[0];
            let slips = opened.entry.0.abs_diff(opened.price.0);
            costs.0 += opened.fee.u128();
            costs.1 += (slips * Decimal::from_ratio(size, 1u128)).to_uint_floor().u128();
        }
        let fees = 800 * ONE;
        assert!(costs.0.abs_diff(fees) < 10 * ONE, "{costs:?}");
        assert!(costs.1.abs_diff(2_000 * ONE) < 20 * ONE, "{costs:?}");
        refused(x.open_at("eve", Side::Long, 100 * ONE, 500 * ONE, None));
        assert_eq!(
            x.pool()
                .ledger
                .set_aside()
                .unwrap()
                .u128()
                .abs_diff(800_000 * ONE)
                / ONE,
            0
        );
    });
}
