//! Calls that somebody nests as deep as the chain allows. Up to wasmd 0.61.5 a
//! message too deep fails when it is sent, and its reply still runs: the vault
//! must tell that from a contract that failed.

use backstop_types::vault::ExecuteMsg;
use backstop_vault::contract::{execute, reply};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Binary, CosmosMsg, Reply, ReplyOn, SubMsgResult, WasmMsg, from_json};

/// The reply to a notice of the distributor's that failed.
const HOOK: u64 = 3;

/// What the reply to a failed notice sends.
fn sent() -> (CosmosMsg, ReplyOn) {
    let mut deps = mock_dependencies();
    let staker = deps.api.addr_make("staker");
    let failed = Reply {
        id: HOOK,
        payload: Binary::from(staker.as_bytes()),
        gas_used: 0,
        result: SubMsgResult::Err("codespace: wasm, code: 29".to_string()),
    };
    let response = reply(deps.as_mut(), mock_env(), failed).unwrap();
    let [message] = response.messages.as_slice() else {
        panic!("must send one message: {:?}", response.messages)
    };
    (message.msg.clone(), message.reply_on.clone())
}

#[test]
fn whoever_nests_its_unbonding_too_deep_for_the_hook_fails_with_it() {
    let (message, reply_on) = sent();
    let CosmosMsg::Wasm(WasmMsg::Execute {
        contract_addr, msg, ..
    }) = message
    else {
        panic!("must call a contract: {message:?}")
    };
    // To itself, at the same depth as the notice, and with nothing that would
    // catch its failure.
    assert_eq!(contract_addr, mock_env().contract.address.as_str());
    assert_eq!(from_json::<ExecuteMsg>(&msg).unwrap(), ExecuteMsg::ProveDepth {});
    assert_eq!(reply_on, ReplyOn::Never);
}

#[test]
fn no_failure_of_the_distributors_stops_the_proof() {
    let mut deps = mock_dependencies();
    let vault = mock_env().contract.address;
    let (message, _) = sent();
    let CosmosMsg::Wasm(WasmMsg::Execute { msg, funds, .. }) = message else {
        panic!("must call a contract: {message:?}")
    };
    // It reads nothing, and so arrives wherever it can be sent.
    let arrived = execute(
        deps.as_mut(),
        mock_env(),
        message_info(&vault, &funds),
        from_json(&msg).unwrap(),
    );
    assert!(arrived.is_ok(), "{arrived:?}");
}
