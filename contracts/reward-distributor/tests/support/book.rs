//! A book of stakes that stands where the vault does: it answers raw reads
//! under the vault's key and sends the vault's notice, or leaves it out.

use backstop_types::distributor::RewardDistributor;
use backstop_types::vault::Stake;
use backstop_types::{Shares, keys};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_multi_test::{Contract, ContractWrapper};
use cw_storage_plus::Map;

const STAKES: Map<&Addr, Stake> = Map::new(keys::STAKES);

/// Sets a stake, and tells the distributor if one is named.
#[cw_serde]
pub struct SetStake {
    pub staker: Addr,
    pub active: Shares,
    pub tell: Option<Addr>,
}

fn execute(deps: DepsMut, _: Env, _: MessageInfo, msg: SetStake) -> StdResult<Response> {
    let mut stake = STAKES.may_load(deps.storage, &msg.staker)?.unwrap_or_default();
    let before = std::mem::replace(&mut stake.active, msg.active);
    STAKES.save(deps.storage, &msg.staker, &stake)?;
    let mut response = Response::new();
    if let Some(distributor) = msg.tell {
        let notice = RewardDistributor(distributor).stake_changed(&msg.staker, before, msg.active)?;
        response = response.add_message(notice);
    }
    Ok(response)
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Err(StdError::generic_err("read raw"))
}

pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(execute, instantiate, query))
}
