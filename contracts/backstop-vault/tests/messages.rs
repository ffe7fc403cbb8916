//! The messages that the vault sends to distributor and breaker: each with its
//! gas limit, and answered as it must be. The simulator runs a message whatever
//! gas it was given, so the handlers' own answers are read.

use crate::support::{Desk, MARKET};
use backstop_types::Assets;
use backstop_types::vault::{ExecuteMsg, ParamsUpdate};
use backstop_vault::contract;
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Addr, Coin, CosmosMsg, ReplyOn, SubMsg, WasmMsg, coins};

const HOOK_GAS: u64 = 1_534_567;
const POKE_GAS: u64 = 7_654_321;

/// A vault with 1,000 of alice, a ticket, something to take back, and a claim
/// that is held without a trip.
fn lived_in() -> (Desk, Addr) {
    let mut desk = Desk::covering(|terms| terms.instant = 300.into());
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let loss = desk.lose(300);
    let holder = desk.holder.clone();
    desk.recover(&holder, loss, 300).unwrap();
    desk.silence_breaker();
    assert_eq!(desk.shortfall(200).claim, Some(2));
    desk.unbond(&alice, 400).unwrap();
    desk.update(ParamsUpdate {
        hook_gas: Some(HOOK_GAS),
        poke_gas: Some(POKE_GAS),
        ..Default::default()
    })
    .unwrap();
    (desk, alice)
}

/// The messages to other contracts in the handler's answer, on a copy of the
/// vault's storage.
fn sent(desk: &Desk, sender: &Addr, msg: ExecuteMsg, funds: &[Coin]) -> Vec<SubMsg> {
    let mut deps = mock_dependencies();
    for (key, value) in desk.w.app.dump_wasm_raw(&desk.w.vault) {
        cosmwasm_std::Storage::set(&mut deps.storage, &key, &value);
    }
    let mut env = mock_env();
    env.block = desk.w.app.block_info();
    env.contract.address = desk.w.vault.clone();
    let info = message_info(sender, funds);
    let answer = contract::execute(deps.as_mut(), env, info, msg).unwrap();
    let calls = |message: &SubMsg| matches!(message.msg, CosmosMsg::Wasm(WasmMsg::Execute { .. }));
    answer.messages.into_iter().filter(calls).collect()
}

fn to(message: &SubMsg) -> &str {
    match &message.msg {
        CosmosMsg::Wasm(WasmMsg::Execute { contract_addr, .. }) => contract_addr,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_notice_to_the_distributor_has_the_gas_for_hooks_and_only_an_unbonding_survives_its_failure() {
    let (desk, alice) = lived_in();
    let deposit = ExecuteMsg::Deposit {
        min_shares: None,
        receiver: None,
    };
    let restake = ExecuteMsg::ClaimRecovery {
        losses: None,
        restake: Some(true),
        limit: None,
    };
    let paid = coins(5, desk.asset_name());
    let cases = [
        (deposit, paid, ReplyOn::Never),
        (ExecuteMsg::CancelUnbond { ticket: 1 }, vec![], ReplyOn::Never),
        (restake, vec![], ReplyOn::Never),
        (
            ExecuteMsg::Unbond {
                shares: None,
                auto_withdraw: None,
            },
            vec![],
            ReplyOn::Error,
        ),
    ];
    for (msg, funds, reply_on) in cases {
        let messages = sent(&desk, &alice, msg.clone(), &funds);
        let [notice] = &messages[..] else {
            panic!("{msg:?}: {messages:?}")
        };
        assert_eq!(to(notice), desk.w.distributor.as_str());
        assert_eq!(
            (notice.gas_limit, &notice.reply_on),
            (Some(HOOK_GAS), &reply_on),
            "{msg:?}"
        );
    }
}

#[test]
fn every_poke_has_the_gas_for_pokes_and_is_answered_always() {
    let (desk, _) = lived_in();
    let ask = ExecuteMsg::CoverShortfall {
        shortfall: 1,
        market: MARKET.to_string(),
        amount: Assets::new(5),
        price: None,
    };
    for msg in [ask, ExecuteMsg::SettleClaim { claim: 2 }] {
        let messages = sent(&desk, &desk.holder, msg.clone(), &[]);
        let [poke] = &messages[..] else {
            panic!("{msg:?}: {messages:?}")
        };
        assert_ne!(to(poke), desk.w.vault.as_str());
        assert_eq!(
            (poke.gas_limit, &poke.reply_on),
            (Some(POKE_GAS), &ReplyOn::Always),
            "{msg:?}"
        );
    }
}
