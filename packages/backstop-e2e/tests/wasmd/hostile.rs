//! What others may do to a payout or an exit on a real chain: burn gas, fail, nest
//! calls. Here gas limits are enforced and nested errors are redacted.

use backstop_chain::Message;
use backstop_e2e::{Asset, Backstop, MARKET, Setup, Stage, call, lost};
use backstop_puppet::{Conduct, Heard};
use backstop_types::events::{all_of, perps, vault as events};
use backstop_types::vault::{CoverReason, ExecuteMsg, StakeResponse};
use backstop_types::{Assets, breaker, distributor, vault};
use cosmwasm_std::{BankMsg, Coin, CosmosMsg, ReplyOn, wasm_execute};
use serde::Serialize;

/// What a contract says that wants its words to be read by whoever called it.
const WORDS: &str = "words that no other contract may read";

#[test]
fn a_source_that_burns_gas_holds_a_claim_and_its_removal_frees_it() {
    let Some(stage) = Stage::open() else { return };
    let backstop = Backstop::deploy(&stage, Setup::default());
    backstop.deposit("alice", 100_000_000);
    backstop.grant(&stage.addr("holder"), Setup::default().terms);
    let puppet = stage.puppet(None, Some(Conduct::BurnGas {}));
    let burning = breaker::ExecuteMsg::UpdateMarket {
        market: MARKET.to_string(),
        params: None,
        sources: Some(vec![breaker::Source::pyth(
            "burning",
            "burning",
            &puppet,
            "2".repeat(64),
        )]),
    };
    stage.execute("owner", &backstop.breaker, &burning);

    let held = backstop.shortfall("holder", 1, 1_000_000, "10");
    let [answer] = &all_of::<events::ShortfallAnswered>(&held.events).unwrap()[..] else {
        panic!("{:?}", held.events);
    };
    assert_eq!(
        (answer.paid, answer.pending),
        (Assets::ZERO, Assets::new(1_000_000))
    );
    assert_eq!(answer.reason, Some(CoverReason::BreakerUnavailable));
    assert!(
        held.gas_used > 5_000_000,
        "the poke's whole limit is charged: {}",
        held.gas_used
    );

    let remove = breaker::ExecuteMsg::RemoveSource {
        market: MARKET.to_string(),
        source: "burning".to_string(),
    };
    stage.execute("owner", &backstop.breaker, &remove);
    backstop.set_price("10");
    stage.advance(3_601);
    backstop.set_price("10");
    let settle = ExecuteMsg::SettleClaim {
        claim: answer.claim.unwrap(),
    };
    let before = stage.balance(&stage.addr("holder"), "uusd");
    stage.execute("keeper", &backstop.vault, &settle);
    assert_eq!(stage.balance(&stage.addr("holder"), "uusd") - before, 1_000_000);
}

#[test]
fn a_distributor_that_fails_or_burns_gas_stops_no_exit() {
    let Some(stage) = Stage::open() else { return };
    let backstop = Backstop::deploy(&stage, Setup::default());
    backstop.deposit("alice", 3_000_000);
    stage.migrate(&backstop.distributor, stage.code("backstop_puppet"));
    let unbond = || call(&backstop.vault, &unbond(1_000_000));

    for (conduct, least, most) in [
        (failing(), 0, 1_500_000),
        (Conduct::BurnGas {}, 2_000_000, 4_000_000),
    ] {
        stage.tell(&backstop.distributor, Some(conduct), None);
        let left = stage.send("alice", &[unbond()]);
        let failed: Vec<events::HookFailed> = all_of(&left.events).unwrap();
        assert_eq!(failed.len(), 1);
        assert!((least..most).contains(&left.gas_used), "{}", left.gas_used);
        let deposit = ExecuteMsg::Deposit {
            min_shares: None,
            receiver: None,
        };
        let deposit = Message::execute_with(
            &backstop.vault,
            &deposit,
            vec![cosmwasm_std::Coin::new(5u128, "uusd")],
        );
        assert!(
            stage.try_send("bob", &[deposit.unwrap()]).is_err(),
            "a deposit without a reward's record"
        );
    }
    // With less gas than the hook may use, all fails and nothing changes.
    assert!(stage.send_with_gas("alice", &[unbond()], 1_500_000).is_err());
    let stake: StakeResponse = stage.ask(
        &backstop.vault,
        &vault::QueryMsg::Stake {
            staker: stage.addr("alice"),
        },
    );
    assert_eq!(stake.stake.active.u128(), 1_000_000);

    // The distributor's own code again: what it did not hear of is brought in line.
    stage.migrate(&backstop.distributor, stage.code("reward_distributor"));
    let sync = distributor::ExecuteMsg::Sync {
        staker: stage.addr("alice"),
    };
    stage.execute("keeper", &backstop.distributor, &sync);
    let ask = distributor::QueryMsg::Staker {
        staker: stage.addr("alice"),
    };
    let record: distributor::StakerResponse = stage.ask(&backstop.distributor, &ask);
    assert_eq!(record.recorded, stake.stake.active);
    stage.advance(3_601);
    let withdraw = ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: None,
        limit: None,
        staker: None,
    };
    let before = stage.balance(&stage.addr("alice"), "uusd");
    stage.execute("alice", &backstop.vault, &withdraw);
    assert_eq!(stage.balance(&stage.addr("alice"), "uusd") - before, 2_000_000);
}

#[test]
fn a_contract_sees_no_words_of_the_chain_s_errors_and_its_gas_limits_hold() {
    let Some(stage) = Stage::open() else { return };
    let (caller, between, called) = (
        stage.puppet(None, None),
        stage.puppet(None, None),
        stage.puppet(Some(failing()), None),
    );
    let nested = backstop_puppet::ExecuteMsg::Forward {
        messages: vec![execution(&called, &Foreign::AnyMessage {})],
        gas_limit: None,
        reply_on: ReplyOn::Never,
    };
    let nested = execution(&between, &nested);
    let payment = BankMsg::Send {
        to_address: stage.addr("thief"),
        amount: vec![Coin::new(1u128, "uusd")],
    };
    let sent = [nested.clone(), payment.into()];
    let heard = forwarded(&stage, &caller, &sent, None);
    // A contract's own words go up, however deep; those of the chain's modules do not.
    let errors: Vec<&str> = heard.iter().filter_map(|heard| heard.error.as_deref()).collect();
    assert!(errors[0].contains(WORDS), "{errors:?}");
    assert_eq!(errors[1], "codespace: sdk, code: 5");

    stage.tell(&called, Some(Conduct::BurnGas {}), None);
    let heard = forwarded(&stage, &caller, &[nested], Some(400_000));
    assert_eq!(heard[0].error.as_deref(), Some("codespace: sdk, code: 11"));
}

#[test]
fn a_liquidation_at_any_call_depth_is_whole_or_nothing() {
    let Some(stage) = Stage::open() else { return };
    let (backstop, position) = lost(&stage, Asset::Native);
    backstop.set_price("7");
    let puppet = stage.puppet(None, None);
    let then = execution(
        &backstop.perps,
        &sample_perps::msg::ExecuteMsg::Liquidate { position },
    );
    let deep = |depth| {
        let then = then.clone();
        [call(&puppet, &backstop_puppet::ExecuteMsg::Deep { depth, then })]
    };

    // The deepest call by which the liquidation goes through.
    let simulated = |depth| stage.simulate("thief", &deep(depth));
    let (mut good, mut bad) = (0, 1_000);
    assert!(simulated(good).is_ok() && simulated(bad).is_err());
    while good + 1 < bad {
        let middle = (good + bad) / 2;
        match simulated(middle) {
            Ok(_) => good = middle,
            Err(_) => bad = middle,
        }
    }
    let gas = simulated(good).unwrap() * 3 / 2;
    assert!(stage.send_with_gas("thief", &deep(bad), gas).is_err());
    assert_eq!(backstop.positions(None).len(), 1, "a failure left something");

    let done = stage.send_with_gas("thief", &deep(good), gas).unwrap();
    assert!(all_of::<perps::Deleveraged>(&done.events).unwrap().is_empty());
    let answered: Vec<perps::ShortfallAnswered> = all_of(&done.events).unwrap();
    let paid = match &answered[..] {
        [answer] => answer.paid,
        _ => {
            let send = sample_perps::msg::ExecuteMsg::SendShortfall { shortfall: 1 };
            let sent = stage.execute("keeper", &backstop.perps, &send);
            all_of::<perps::ShortfallAnswered>(&sent.events).unwrap()[0].paid
        }
    };
    assert!(
        paid > Assets::ZERO,
        "at depth {good} the payout was lost: {answered:?}"
    );
    println!("a liquidation goes through up to {good} nested calls");
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Foreign {
    AnyMessage {},
}

fn failing() -> Conduct {
    Conduct::Fail {
        text: WORDS.repeat(30),
    }
}

fn unbond(shares: u128) -> ExecuteMsg {
    ExecuteMsg::Unbond {
        shares: Some(backstop_types::Shares::new(shares)),
        auto_withdraw: None,
    }
}

fn execution(contract: &str, msg: &impl Serialize) -> CosmosMsg {
    wasm_execute(contract, msg, vec![]).unwrap().into()
}

fn forwarded(stage: &Stage, puppet: &str, messages: &[CosmosMsg], gas_limit: Option<u64>) -> Vec<Heard> {
    let forward = backstop_puppet::ExecuteMsg::Forward {
        messages: messages.to_vec(),
        gas_limit,
        reply_on: ReplyOn::Always,
    };
    stage.execute("thief", puppet, &forward);
    stage.ask(puppet, &backstop_puppet::QueryMsg::Heard {})
}
