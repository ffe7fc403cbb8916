//! Whether a call was nested too deep for another contract to answer.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{CosmosMsg, Env, StdResult, WasmMsg, to_json_binary};

/// What a contract sends itself for it; each has a message of this name, for itself alone.
/// To encode all that a contract understands would cost the chain 20 kB of code.
#[cw_serde]
enum ToSelf {
    ProveDepth {},
}

/// Follows a call of another contract that brought no answer. If whoever began the call has
/// nested it so deep that no further message is possible, then it was that, and not the other
/// contract, which failed: this message fails too, and with it the whole call.
pub fn depth_proof(env: &Env) -> StdResult<CosmosMsg> {
    Ok(WasmMsg::Execute {
        contract_addr: env.contract.address.to_string(),
        msg: to_json_binary(&ToSelf::ProveDepth {})?,
        funds: vec![],
    }
    .into())
}
