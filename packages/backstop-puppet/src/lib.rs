//! A contract that does on a chain what a test tells it. It emits any event,
//! stands in for any other contract, well or badly, and sends messages and keeps
//! what their replies said, which a chain tells nobody else.
//!
//! A message that is none of [`ExecuteMsg`] is foreign: the puppet does with it as
//! [`ExecuteMsg::Set`] told before, and refuses it until then. The same holds for
//! queries and [`QueryMsg`].

mod heard;
mod msg;

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, CosmosMsg, Deps, DepsMut, Empty, Env, MessageInfo, Reply, ReplyOn, Response, StdError, StdResult,
    Storage, SubMsg, to_json_binary, wasm_execute,
};
use cw_storage_plus::Item;

pub use heard::Heard;
pub use msg::{Conduct, Entry, ExecuteMsg, Execution, Query, QueryMsg};

use heard::HEARD;

/// What foreign messages meet.
const ANSWER: Item<Conduct> = Item::new("puppet_answer");
/// What foreign queries meet.
const QUERIED: Item<Conduct> = Item::new("puppet_queried");

/// Sets a puppet up that was told nothing yet.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut, _env: Env, _info: MessageInfo, _msg: Empty) -> StdResult<Response> {
    HEARD.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

/// Takes another contract's place, with its storage.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: Empty) -> StdResult<Response> {
    HEARD.save(deps.storage, &vec![])?;
    Ok(Response::new())
}

/// Open to anyone.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut, env: Env, _info: MessageInfo, msg: Execution) -> StdResult<Response> {
    match msg {
        Execution::Own(ExecuteMsg::Set {
            answer,
            query,
            storage,
        }) => set(deps.storage, answer, query, storage),
        Execution::Own(ExecuteMsg::Emit { events }) => Ok(Response::new().add_events(events)),
        Execution::Own(ExecuteMsg::Forward {
            messages,
            gas_limit,
            reply_on,
        }) => forward(deps.storage, messages, gas_limit, reply_on),
        Execution::Own(ExecuteMsg::Deep { depth, then }) => deep(&env, depth, then),
        Execution::Foreign(_) => {
            let data = behave(deps.storage, &ANSWER)?;
            Ok(data.map_or_else(Response::new, |data| Response::new().set_data(data)))
        }
    }
}

/// What the replies said; a foreign query meets what was told for it.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: Query) -> StdResult<Binary> {
    match msg {
        Query::Own(QueryMsg::Heard {}) => to_json_binary(&HEARD.load(deps.storage)?),
        Query::Foreign(_) => Ok(behave(deps.storage, &QUERIED)?.unwrap_or_default()),
    }
}

/// Notes what became of a forwarded message.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, _env: Env, reply: Reply) -> StdResult<Response> {
    HEARD.update(deps.storage, |mut heard| {
        heard.push(Heard::of(reply));
        StdResult::Ok(heard)
    })?;
    Ok(Response::new())
}

fn set(
    storage: &mut dyn Storage,
    answer: Option<Conduct>,
    query: Option<Conduct>,
    entries: Vec<Entry>,
) -> StdResult<Response> {
    if let Some(answer) = answer {
        ANSWER.save(storage, &answer)?;
    }
    if let Some(query) = query {
        QUERIED.save(storage, &query)?;
    }
    for entry in entries {
        storage.set(&entry.key, &entry.value);
    }
    Ok(Response::new())
}

fn forward(
    storage: &mut dyn Storage,
    messages: Vec<CosmosMsg>,
    gas_limit: Option<u64>,
    reply_on: ReplyOn,
) -> StdResult<Response> {
    HEARD.save(storage, &vec![])?;
    let messages = (1..).zip(messages).map(|(id, msg)| SubMsg {
        id,
        gas_limit,
        reply_on: reply_on.clone(),
        ..SubMsg::new(msg)
    });
    Ok(Response::new().add_submessages(messages))
}

fn deep(env: &Env, depth: u32, then: CosmosMsg) -> StdResult<Response> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(Response::new().add_message(then));
    };
    let again = wasm_execute(&env.contract.address, &ExecuteMsg::Deep { depth, then }, vec![])?;
    Ok(Response::new().add_message(again))
}

/// The data to answer with. Reading storage burns a chain's gas faster than any
/// computation, so that a test need not wait.
fn behave(storage: &dyn Storage, told: &Item<Conduct>) -> StdResult<Option<Binary>> {
    match told.may_load(storage)? {
        Some(Conduct::Answer { data }) => Ok(data),
        Some(Conduct::Fail { text }) => Err(StdError::generic_err(text)),
        Some(Conduct::BurnGas {}) => loop {
            told.may_load(storage)?;
        },
        None => Err(StdError::generic_err(
            "the puppet does not know this message: send `set` first to say what it does with it",
        )),
    }
}

#[cfg(test)]
mod tests;
