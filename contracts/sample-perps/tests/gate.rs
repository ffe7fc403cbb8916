//! What the exchange sends the breaker, and how it takes the breaker's answers.

use crate::support::broken_breaker::Mode;
use crate::support::{Exchange, ONE, both, denial, plain, refusal};
use backstop_core::perps::{Side, Size};
use backstop_types::breaker::{Action, ExecuteMsg as BreakerMsg, MarketState, OracleBreaker};
use backstop_types::vault::{BackstopVault, ExecuteMsg as VaultMsg};
use backstop_types::{Assets, Denom, Open, Seconds};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Binary, CosmosMsg, Reply, ReplyOn, SubMsgResult, WasmMsg, coins, from_json};
use sample_perps::contract::{execute, reply};
use sample_perps::msg::ExecuteMsg;
use sample_perps::state::{CONFIG, Config, LEDGER, Ledger, ORDERS};
use sample_perps::{ContractError, Params};

const MODES: [Mode; 5] = [
    Mode::Fails,
    Mode::NoData,
    Mode::Junk,
    Mode::NoVerdict,
    Mode::NoPrice,
];

/// Nothing granted is paid before a day has passed.
fn delayed(builder: backstop_testing::WorldBuilder) -> backstop_testing::WorldBuilder {
    plain(builder).policy(|t| t.instant = Assets::ZERO)
}

/// A shortfall with haircuts whose claim is paid and not booked, one of a day ago and
/// one of now without an answer, and two open positions: a short and a long.
fn lived_in(x: &mut Exchange) -> (u64, u64) {
    x.open("bob", Side::Short, 100, 2_000);
    let first = x.open("alice", Side::Long, 1_000, 1_000);
    let second = x.open("alice", Side::Long, 1_000, 1_000);
    let third = x.open("alice", Side::Long, 1_000, 1_000);
    let spare = x.open("carol", Side::Long, 1, 8);
    x.price("5");
    x.liquidate(first).unwrap();
    x.deleverage(1).unwrap();
    x.break_vault();
    x.liquidate(second).unwrap();
    x.mend_vault();
    x.wait(Seconds::DAY, "5");
    x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
    // After a day without a reading the market is guarded for a while.
    for _ in 0..7 {
        x.price("5");
    }
    x.break_vault();
    x.liquidate(third).unwrap();
    x.mend_vault();
    (x.open("bob", Side::Short, 100, 2_000), spare)
}

#[test]
fn a_poke_has_a_gas_limit_and_the_action_and_if_it_fails_the_order_stays() {
    // Given an exchange in storage, with another gas limit than the default.
    let mut deps = mock_dependencies();
    let [vault, breaker, trader] = ["vault", "breaker", "trader"].map(|name| deps.api.addr_make(name));
    let config = Config {
        asset: Denom::Native("uusd".to_string()),
        vault: BackstopVault(vault),
        breaker: OracleBreaker(breaker.clone()),
        market: "ATOM/USD".to_string(),
        params: Params {
            poke_gas: 1_234_567,
            ..Params::default()
        },
    };
    CONFIG.save(&mut deps.storage, &config).unwrap();
    let mut env = mock_env();
    LEDGER
        .save(&mut deps.storage, &Ledger::new(env.block.time))
        .unwrap();
    // When a position is ordered, nothing is asked; when it is to be opened, the breaker.
    let open = ExecuteMsg::Open {
        side: Side::Long,
        size: Size::new(ONE),
        limit: None,
        lifetime: None,
    };
    let info = message_info(&trader, &coins(5 * ONE, "uusd"));
    let placed = execute(deps.as_mut(), env.clone(), info, open).unwrap();
    assert!(placed.messages.is_empty());
    env.block.height += 1;
    let info = message_info(&trader, &[]);
    let sent = execute(
        deps.as_mut(),
        env.clone(),
        info,
        ExecuteMsg::ExecuteOrder { order: 1 },
    )
    .unwrap();
    // Then nothing else is sent than the poke.
    let [poke] = sent.messages.as_slice() else {
        panic!("{sent:?}");
    };
    assert_eq!(
        (poke.gas_limit, &poke.reply_on),
        (Some(1_234_567), &ReplyOn::Always)
    );
    let CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr, msg, ..
    }) = &poke.msg
    else {
        panic!("{poke:?}");
    };
    assert_eq!(*contract_addr, breaker.into_string());
    let asked = BreakerMsg::Poke {
        markets: vec!["ATOM/USD".to_string()],
        action: Some(Action::Open),
    };
    assert_eq!(from_json::<BreakerMsg>(msg).unwrap(), asked);
    // When the poke runs out of gas, or the call is nested too deep to send it.
    let failed = Reply {
        id: poke.id,
        payload: poke.payload.clone(),
        gas_used: 0,
        result: SubMsgResult::Err("codespace: wasm, code: 29".to_string()),
    };
    let before = ORDERS.load(&deps.storage, 1).unwrap();
    let denied = reply(deps.as_mut(), env, failed).unwrap();
    // Then nothing happens, and the order with its money stays.
    assert!(denied.messages.is_empty());
    assert_eq!(ORDERS.load(&deps.storage, 1).unwrap(), before);
    let ledger = LEDGER.load(&deps.storage).unwrap();
    assert_eq!((ledger.positions, ledger.ordered), (0, Assets::new(5 * ONE)));
}

#[test]
fn a_reply_whose_payload_is_junk_is_a_typed_error() {
    for id in [1, 2, 3, 4, 5] {
        let mut deps = mock_dependencies();
        let strange = Reply {
            id,
            payload: Binary::from(b"{\"open\":"),
            gas_used: 0,
            result: SubMsgResult::Err("out of gas".to_string()),
        };
        let refused = reply(deps.as_mut(), mock_env(), strange).unwrap_err();
        match id {
            5 => assert_eq!(refused, ContractError::UnknownReply { id }),
            _ => assert!(matches!(refused, ContractError::Std(_)), "{id}: {refused}"),
        }
    }
}

#[test]
fn a_breaker_out_of_order_denies_all_that_takes_a_price_and_all_money_goes_back() {
    for mode in MODES {
        both(delayed, |x| {
            let (short, long) = lived_in(x);
            let shares = x.shares("lp");
            x.break_breaker(mode);
            let purses = |x: &mut Exchange| ["alice", "bob", "lp", "keeper"].map(|who| x.balance(who));
            let had = purses(x);
            let last = x.pool().ledger.orders;
            x.order("alice", Side::Long, ONE, 9 * ONE, None).unwrap();
            x.order_add("lp", ONE, None).unwrap();
            x.order_remove("lp", shares / 2, None).unwrap();
            x.order_close("bob", short).unwrap();
            x.order_ceiling("keeper", long).unwrap();
            x.w.next_block(Seconds(1));
            let before = x.snapshot();
            let mut execute = |more| x.run("keeper", ExecuteMsg::ExecuteOrder { order: last + more });
            let denied = [
                (Action::Open, execute(1)),
                (Action::Open, execute(2)),
                (Action::Reduce, execute(3)),
                (Action::Reduce, execute(4)),
                (Action::Reduce, execute(5)),
                (Action::Liquidate, x.liquidate(long)),
                (Action::Deleverage, x.deleverage(2)),
                (Action::Payout, x.send_again(3)),
            ];
            let state = (mode == Mode::NoPrice).then_some(Open::Known(MarketState::Normal));
            for (action, result) in denied {
                // What the breaker allows at a price is sent again without one.
                if (mode, action) == (Mode::NoPrice, Action::Payout) {
                    continue;
                }
                let denied = denial(result);
                assert_eq!(denied.action, action);
                assert_eq!(denied.state, state, "{mode:?} {action}");
            }
            if mode != Mode::NoPrice {
                assert_eq!(x.snapshot(), before);
            }
            // The money of the orders goes back when their time is over.
            x.w.advance(Seconds(601));
            for order in last + 1..=last + 4 {
                x.run("anyone", ExecuteMsg::ReturnOrder { order }).unwrap();
            }
            x.run("alice", ExecuteMsg::Withdraw {}).unwrap();
            x.run("lp", ExecuteMsg::Withdraw {}).unwrap();
            assert_eq!(purses(x), had);
        });
    }
}

#[test]
fn a_breaker_out_of_order_stops_nothing_that_takes_no_price() {
    for mode in MODES {
        both(delayed, |x| {
            let (short, _) = lived_in(x);
            x.break_breaker(mode);
            x.add_margin("bob", short, ONE).unwrap();
            x.fund_insurance(ONE);
            x.book(1).unwrap();
            x.compensate("bob").unwrap();
            x.run("bob", ExecuteMsg::Withdraw {}).unwrap();
            assert!(matches!(
                refusal(x.write_off(2)),
                ContractError::MayBeMadeGood { .. }
            ));
            // The lists are answered, too.
            assert_eq!(x.positions().positions.len(), 2);
            assert!(x.shortfall(2).remaining > Assets::ZERO);
            // When it is mended, what was denied goes through.
            x.mend_breaker();
            x.wait(Seconds::MINUTE, "5");
            x.close("bob", short).unwrap();
            assert!(x.position(short).is_none());
        });
    }
}
