//! A contract that plays back recorded bytes: the same data to every message, the
//! same answer to every query, and these values under these keys.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdResult};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Item;
use serde::de::IgnoredAny;

const DATA: Item<Binary> = Item::new("player_data");
const ANSWER: Item<Binary> = Item::new("player_answer");

/// What to play.
#[cw_serde]
pub struct Tape {
    /// The data of every message.
    pub data: Binary,
    /// The answer to every query.
    pub answer: Binary,
    /// Keys and values.
    pub storage: Vec<(Binary, Binary)>,
}

/// The player.
pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}

fn instantiate(deps: DepsMut, _env: Env, _info: MessageInfo, tape: Tape) -> StdResult<Response> {
    DATA.save(deps.storage, &tape.data)?;
    ANSWER.save(deps.storage, &tape.answer)?;
    for (key, value) in tape.storage {
        deps.storage.set(&key, &value);
    }
    Ok(Response::new())
}

fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, _msg: IgnoredAny) -> StdResult<Response> {
    Ok(Response::new().set_data(DATA.load(deps.storage)?))
}

fn query(deps: Deps, _env: Env, _msg: IgnoredAny) -> StdResult<Binary> {
    ANSWER.load(deps.storage)
}
