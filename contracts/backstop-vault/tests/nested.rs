//! Calls that somebody nests as deep as the chain allows. Up to wasmd 0.61.5 a
//! message too deep fails when it is sent, and its reply still runs: the vault
//! must tell that from a contract that failed.

/// A contract that fails at everything: what the breaker is at a depth at which it
/// cannot be called.
use crate::broken as unreachable;
use std::cell::Cell;

use crate::support::Desk;
use backstop_types::Assets;
use backstop_types::vault::{CoverReason, CoverResponse, ExecuteMsg, QueryMsg};
use backstop_vault::ContractError;
use backstop_vault::contract::{execute, query, reply};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Reply, ReplyOn, Response, StdError,
    StdResult, SubMsgResult, WasmMsg, from_json,
};
use cw_multi_test::{Contract, ContractWrapper, Executor};

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

thread_local! {
    /// Whether the chain has the vault at its last depth.
    static DEEPEST: Cell<bool> = const { Cell::new(false) };
}

/// The shipped vault on a chain that calls nothing from the last depth.
fn vault_of_that_chain() -> Box<dyn Contract<Empty>> {
    fn limited(
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: ExecuteMsg,
    ) -> Result<Response, ContractError> {
        if DEEPEST.get() && info.sender == env.contract.address {
            return Err(StdError::generic_err("max call depth exceeded").into());
        }
        execute(deps, env, info, msg)
    }
    fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Err(StdError::generic_err("only to migrate to"))
    }
    fn ask(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
        query(deps, env, msg)
    }
    fn migrate(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    let code = ContractWrapper::new(limited, instantiate, ask);
    Box::new(code.with_reply(reply).with_migrate(migrate))
}

fn migrate(desk: &mut Desk, contract: &Addr, code: u64) {
    let (owner, msg) = (desk.w.owner.clone(), Empty {});
    let app = &mut desk.w.app;
    app.migrate_contract(owner, contract.clone(), &msg, code).unwrap();
}

#[test]
fn a_liquidation_sent_at_call_depth_99_to_void_the_payout() {
    let mut desk = Desk::native();
    let (a, holder) = (desk.staker("a"), desk.holder.clone());
    desk.deposit(&a, 1_000).unwrap();
    desk.w.set_price("10");
    let (vault, breaker, shipped) = (desk.w.vault.clone(), desk.w.breaker.clone(), desk.w.codes.breaker);
    let code = desk.w.app.store_code(vault_of_that_chain());
    migrate(&mut desk, &vault, code);
    let unreachable = desk.w.app.store_code(unreachable::contract());
    migrate(&mut desk, &breaker, unreachable);

    // The vault at 99 cannot poke, nor call itself: an error, and not a held claim.
    DEEPEST.set(true);
    let send = |desk: &mut Desk| desk.w.shortfall_numbered(&holder, 1, 400, Some("10"));
    let refused = desk.refused(send);
    assert!(
        refused.to_string().contains("max call depth exceeded"),
        "{refused}"
    );
    assert_eq!((desk.pool().losses, desk.pool().assets), (0, 1_000.into()));

    // The same number from an ordinary depth is paid in full.
    DEEPEST.set(false);
    migrate(&mut desk, &breaker, shipped);
    let answer: CoverResponse = from_json(send(&mut desk).unwrap().data.unwrap()).unwrap();
    assert_eq!(answer.paid, Assets::new(400));

    // At an ordinary depth a breaker that is gone holds the claim.
    migrate(&mut desk, &breaker, unreachable);
    let answer = desk.shortfall(100);
    assert_eq!(answer.pending, Assets::new(100));
    assert_eq!(answer.reason, Some(CoverReason::BreakerUnavailable.into()));
}
