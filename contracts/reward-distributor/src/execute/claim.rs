//! Paying what stakers have earned. Each denom is paid, or deposited in the
//! vault, by a sub-message of its own: one that fails, or burns its gas, is owed
//! again and hinders no other. The records are stored before any is sent, so
//! whoever calls in meanwhile finds nothing left to pay.

use backstop_core::rewards::Account;
use backstop_types::events::distributor::{PayoutFailed, RewardClaimed};
use backstop_types::vault::BackstopVault;
use backstop_types::{Assets, Denom, InputError, UncheckedDenom, input};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Deps, DepsMut, Env, MessageInfo, Reply, Response, SubMsg, Uint128, from_json, to_json_binary,
};

use super::stake;
use crate::error::ContractError;
use crate::state::{ACCOUNTS, DENOMS, MAX_DENOMS, VAULT, denoms, save_account, slot, vault_shares};

/// The reply to a payout that failed.
pub const REPLY_ID: u64 = 1;

/// Gas that one payout may use. On wasmd a contract's start is 60,000 of it, and
/// a bank send is 71,400 as a whole transaction.
pub const PAYOUT_GAS: u64 = 500_000;

/// Gas that one deposit in the vault may use: the vault and its notice to this
/// contract are 240,000 as a whole transaction, a cw20's `Send` comes on top.
pub const RESTAKE_GAS: u64 = 1_000_000;

/// Where the rewards of one claim go.
struct Payee {
    staker: Addr,
    receiver: Addr,
    /// Where what is of this asset is deposited instead.
    restake: Option<(BackstopVault, Denom)>,
}

/// What a payout's reply needs to undo it.
#[cw_serde]
struct Payout {
    staker: Addr,
    slot: u8,
    amount: Uint128,
}

/// Pays what the sender has earned, after its record has been brought in line
/// with the vault.
pub fn claim(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    names: Option<Vec<UncheckedDenom>>,
    receiver: Option<String>,
    restake: bool,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let denoms = chosen(deps.as_ref(), names)?;
    let payee = payee(deps.as_ref(), &env, info.sender, receiver, restake, &denoms)?;
    let active = vault_shares(deps.as_ref(), &payee.staker)?;
    let (mut account, events) = stake::align(deps.storage, env.block.time, &payee.staker, active)?;

    let mut response = Response::new().add_events(events);
    for (slot, denom) in denoms {
        response = pay(response, &mut account, &payee, slot, denom)?;
    }
    save_account(deps.storage, &payee.staker, &account)?;
    Ok(response)
}

fn payee(
    deps: Deps,
    env: &Env,
    staker: Addr,
    receiver: Option<String>,
    restake: bool,
    denoms: &[(u8, Denom)],
) -> Result<Payee, ContractError> {
    let receiver = match receiver {
        Some(receiver) => beneficiary(deps, env, &receiver, denoms)?,
        None => staker.clone(),
    };
    let mut payee = Payee {
        staker,
        receiver,
        restake: None,
    };
    if restake {
        let vault = BackstopVault(VAULT.load(deps.storage)?);
        let config = vault.config(&deps.querier)?;
        let asset = config.asset;
        if !denoms.iter().any(|(_, denom)| *denom == asset) {
            return Err(ContractError::NothingToRestake { asset });
        }
        if payee.receiver == config.params.breaker {
            let bound = "not the vault's breaker, which can never unbond";
            return Err(InputError::bounds("receiver", payee.receiver, bound).into());
        }
        payee.restake = Some((vault, asset));
    }
    Ok(payee)
}

/// The receiver that is named. What the distributor, the vault or a token that is
/// paid received so would be nobody's: none can claim, pass on or unbond it.
fn beneficiary(deps: Deps, env: &Env, receiver: &str, denoms: &[(u8, Denom)]) -> Result<Addr, ContractError> {
    let receiver = input::address(deps.api, "receiver", receiver)?;
    let is_token = denoms
        .iter()
        .any(|(_, denom)| denom.contract() == Some(&receiver));
    if is_token || receiver == env.contract.address || receiver == VAULT.load(deps.storage)? {
        let bound = "neither the distributor nor its vault nor a token that is paid";
        return Err(InputError::bounds("receiver", receiver, bound).into());
    }
    Ok(receiver)
}

/// The denoms named with their places, each once; all by default.
fn chosen(deps: Deps, names: Option<Vec<UncheckedDenom>>) -> Result<Vec<(u8, Denom)>, ContractError> {
    let Some(names) = names else {
        let all = denoms(deps.storage)?;
        return Ok(all
            .into_iter()
            .map(|(slot, record)| (slot, record.denom))
            .collect());
    };
    let mut checked = Vec::new();
    for name in names.iter().take(MAX_DENOMS.saturating_add(1)) {
        checked.push(name.lookup(deps.api, "denoms")?);
    }
    input::distinct("denoms", &checked, MAX_DENOMS)?;
    checked
        .into_iter()
        .map(|denom| Ok((slot(deps.storage, &denom)?, denom)))
        .collect()
}

/// Takes what is due in one denom out of the account and sends it.
fn pay(
    response: Response,
    account: &mut Account,
    payee: &Payee,
    slot: u8,
    denom: Denom,
) -> Result<Response, ContractError> {
    let amount = account.take(slot)?;
    if amount.is_zero() {
        return Ok(response);
    }
    let Payee { staker, receiver, .. } = payee;
    let vault = payee.restake.as_ref().filter(|(_, asset)| *asset == denom);
    let (message, gas) = match vault {
        Some((vault, asset)) => (vault.deposit(asset, Assets(amount), receiver)?, RESTAKE_GAS),
        None => (denom.send(receiver, amount)?, PAYOUT_GAS),
    };
    let payout = Payout {
        staker: staker.clone(),
        slot,
        amount,
    };
    let send = SubMsg::reply_on_error(message, REPLY_ID)
        .with_gas_limit(gas)
        .with_payload(to_json_binary(&payout)?);
    Ok(response.add_submessage(send).add_event(RewardClaimed {
        staker: staker.clone(),
        receiver: receiver.clone(),
        denom,
        amount,
        restaked: vault.is_some(),
    }))
}

/// A payout failed: its amount is owed again.
pub fn failed(deps: DepsMut, reply: Reply) -> Result<Response, ContractError> {
    // Asked for on errors only; a payment that arrived is never owed again.
    if reply.result.is_ok() {
        return Err(ContractError::UnknownReply { id: reply.id });
    }
    let Payout { staker, slot, amount } = from_json(&reply.payload)?;
    let mut account = ACCOUNTS.may_load(deps.storage, &staker)?.unwrap_or_default();
    account.restore(slot, amount)?;
    save_account(deps.storage, &staker, &account)?;

    Ok(Response::new().add_event(PayoutFailed {
        staker,
        denom: DENOMS.load(deps.storage, slot)?.denom,
        amount,
    }))
}
