//! A cw20 token that can be made to fail: cw20-base with a switch.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, WasmMsg, to_json_binary,
};
use cw_multi_test::{App, Contract, ContractWrapper};
use cw_storage_plus::Item;
use cw20::Cw20ExecuteMsg;
use cw20_base::ContractError;
use cw20_base::contract::{instantiate, query};
use cw20_base::msg::InstantiateMsg;

use super::cw20_coin;

const MODE: Item<Mode> = Item::new("mode");

/// How the token answers a `Transfer`.
#[cw_serde]
pub enum Mode {
    /// It transfers.
    Works {},
    /// It fails.
    Refuses {},
    /// It calls the given contract first and fails afterwards.
    CallsBack {
        contract: Addr,
        msg: cosmwasm_std::Binary,
    },
    /// It transfers, and calls the given contract before it is done.
    Reenters {
        contract: Addr,
        msg: cosmwasm_std::Binary,
    },
}

fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: Cw20ExecuteMsg,
) -> Result<Response, ContractError> {
    let mode = MODE.may_load(deps.storage)?.unwrap_or(Mode::Works {});
    if !matches!(msg, Cw20ExecuteMsg::Transfer { .. }) {
        return cw20_base::contract::execute(deps, env, info, msg);
    }
    match mode {
        Mode::Works {} => cw20_base::contract::execute(deps, env, info, msg),
        Mode::Refuses {} => Err(StdError::generic_err("frozen").into()),
        Mode::Reenters { contract, msg: call } => {
            let call = WasmMsg::Execute {
                contract_addr: contract.to_string(),
                msg: call,
                funds: vec![],
            };
            let done = cw20_base::contract::execute(deps, env, info, msg)?;
            Ok(done.add_message(call))
        }
        Mode::CallsBack { contract, msg } => Ok(Response::new()
            .add_message(WasmMsg::Execute {
                contract_addr: contract.to_string(),
                msg,
                funds: vec![],
            })
            .add_message(WasmMsg::Execute {
                contract_addr: env.contract.address.to_string(),
                msg: to_json_binary(&Empty {})?,
                funds: vec![],
            })),
    }
}

fn sudo(deps: DepsMut, _: Env, mode: Mode) -> StdResult<Response> {
    MODE.save(deps.storage, &mode)?;
    Ok(Response::new())
}

fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query).with_sudo(sudo))
}

/// A working token, all of it the funder's.
pub fn deploy(app: &mut App, owner: &Addr, funder: &Addr) -> Addr {
    let msg = InstantiateMsg {
        name: "Brittle".to_string(),
        symbol: "BRT".to_string(),
        decimals: 6,
        initial_balances: vec![cw20_coin(funder, u128::MAX)],
        mint: None,
        marketing: None,
    };
    super::deploy(app, owner, contract(), &msg)
}
