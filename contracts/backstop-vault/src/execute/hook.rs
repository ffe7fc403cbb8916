//! The distributor's notice that a staker's active shares changed. It runs
//! with a gas limit, and no failure of it can stop an exit.

use backstop_types::distributor::RewardDistributor;
use backstop_types::events::vault::HookFailed;
use backstop_types::vault::Config;
use backstop_types::{Shares, depth_proof};
use cosmwasm_std::{Addr, Binary, DepsMut, Env, Reply, Response, StdResult, SubMsg};

use crate::error::ContractError;
use crate::state::HOOK_FAILURES;

/// Replies to a notice that failed, with the staker as payload.
pub const REPLY_ID: u64 = 3;

/// A notice that must succeed: after `Deposit` and `CancelUnbond`.
pub fn required(
    config: &Config,
    staker: &Addr,
    before: Shares,
    after: Shares,
) -> Result<SubMsg, ContractError> {
    let distributor = config
        .distributor
        .as_ref()
        .ok_or(ContractError::DistributorMissing {})?;
    Ok(notice(config, distributor, staker, before, after)?)
}

/// A notice that may fail: after `Unbond`. The distributor then records more
/// shares than there are, which its `Sync` mends, and the vault counts it.
pub fn tolerant(config: &Config, staker: &Addr, before: Shares, after: Shares) -> StdResult<Option<SubMsg>> {
    let Some(distributor) = &config.distributor else {
        return Ok(None);
    };
    let mut notice = notice(config, distributor, staker, before, after)?;
    notice.id = REPLY_ID;
    notice.reply_on = cosmwasm_std::ReplyOn::Error;
    notice.payload = Binary::from(staker.as_bytes());
    Ok(Some(notice))
}

fn notice(
    config: &Config,
    distributor: &Addr,
    staker: &Addr,
    before: Shares,
    after: Shares,
) -> StdResult<SubMsg> {
    let call = RewardDistributor(distributor.clone()).stake_changed(staker, before, after)?;
    Ok(SubMsg::new(call).with_gas_limit(config.params.hook_gas))
}

/// Counts a notice that failed. Where whoever began the call has nested it so
/// deep that the notice could not be sent, the proof fails, and the unbonding
/// with it; nothing that the distributor does can fail the proof.
pub fn failed(deps: DepsMut, env: &Env, reply: Reply) -> Result<Response, ContractError> {
    let staker = Addr::unchecked(String::from_utf8_lossy(&reply.payload));
    let failures = HOOK_FAILURES
        .may_load(deps.storage, &staker)?
        .unwrap_or_default()
        .saturating_add(1);
    HOOK_FAILURES.save(deps.storage, &staker, &failures)?;
    Ok(Response::new()
        .add_message(depth_proof(env)?)
        .add_event(HookFailed { staker, failures }))
}
