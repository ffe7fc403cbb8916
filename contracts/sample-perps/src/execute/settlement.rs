//! When there is no price any more. A feed that has died must not keep traders and
//! providers for ever: a week after the last clean price anyone announces that
//! positions will be settled at it, and three days later anyone settles them. A price
//! that comes back in between calls it off.

use backstop_core::perps::liquidation::{Costs, Settlement as Settled, settle};
use backstop_core::perps::units::part_up;
use backstop_types::breaker::Gate;
use backstop_types::events::perps::{Settled as PositionSettled, SettlementAnnounced, SettlementCalledOff};
use backstop_types::input::no_funds;
use backstop_types::{Price, Seconds, Unauthorized, depth_proof};
use cosmwasm_std::{Addr, Decimal, Deps, DepsMut, Env, Event, MessageInfo, Response, Timestamp};

use super::gate::{self, Request, Settling};
use super::payment::apply;
use super::shortfall;
use crate::error::ContractError;
use crate::state::{self, CONFIG, Config, LEDGER, SETTLEMENT, Settlement};

/// How long after the last clean price a settlement may be announced.
pub const DARK: Seconds = Seconds::days(7);
/// How long after that positions are settled.
pub const NOTICE: Seconds = Seconds::days(3);

/// Asks the breaker, if it is the time for it. Its leave would call it off, and so
/// does a clean price on its record from after the announcement: a breaker that does
/// not answer is no proof that there is none.
pub fn ask(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    position: Option<u64>,
) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let config = CONFIG.load(deps.storage)?;
    let settling = Settling {
        sender: info.sender,
        position,
    };
    let (at, _) = clean(deps.as_ref(), &config)?;
    match position {
        None => long_ago(&env, at)?,
        Some(id) => {
            state::position(deps.storage, id)?;
            if !announced(deps.as_ref(), &env)?.stands(at) {
                return call_off(deps, settling);
            }
        }
    }
    gate::ask(&config, &Request::Settle(settling))
}

/// There is a price again: nothing is settled.
pub fn call_off(deps: DepsMut, settling: Settling) -> Result<Response, ContractError> {
    SETTLEMENT.remove(deps.storage);
    Ok(Response::new().add_event(SettlementCalledOff { by: settling.sender }))
}

/// `ProveDepth`: that it arrives is all.
pub fn prove_depth(env: Env, info: MessageInfo) -> Result<Response, ContractError> {
    no_funds(&info)?;
    let permitted = info.sender == env.contract.address;
    Unauthorized::unless(permitted, &info.sender, "this contract")?;
    Ok(Response::new())
}

/// Without the breaker's leave: goes on where there is no price, as was to be expected.
/// Denied or not: where the sources agree on one, the feeds are not dead.
pub fn denied(deps: DepsMut, env: Env, settling: Settling, gate: Gate) -> Result<Response, ContractError> {
    if matches!(gate, Gate::Denied { median: Some(_), .. }) {
        return call_off(deps, settling);
    }
    let proof = (gate == Gate::NoAnswer).then(|| depth_proof(&env)).transpose()?;
    let done = match settling.position {
        None => announce(deps, env, settling.sender)?,
        Some(id) => close(deps, env, settling.sender, id)?,
    };
    Ok(done.add_messages(proof))
}

fn announce(deps: DepsMut, env: Env, by: Addr) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let (at, price) = clean(deps.as_ref(), &config)?;
    let before = SETTLEMENT.may_load(deps.storage)?;
    if before.is_some_and(|before| before.stands(at)) {
        return Err(ContractError::IsAnnounced);
    }
    let settlement = Settlement {
        price,
        announced_at: env.block.time,
        from: NOTICE.after(env.block.time),
    };
    SETTLEMENT.save(deps.storage, &settlement)?;
    Ok(Response::new().add_event(SettlementAnnounced {
        by,
        price: settlement.price,
        from: settlement.from.seconds(),
    }))
}

/// Closes one position as a liquidation would, but without slippage.
fn close(mut deps: DepsMut, env: Env, keeper: Addr, id: u64) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let Settlement { price, .. } = announced(deps.as_ref(), &env)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let position = state::position(deps.storage, id)?;
    let exposure = position.exposure;
    let costs = Costs {
        keeper: part_up(exposure.set_aside()?, position.terms.keeper_fee)?,
        ..Costs::default()
    };
    let settled: Settled = settle(exposure.margin, exposure.pnl(price)?, costs, ledger.insurance)?;
    state::remove(deps.storage, &mut ledger, id, &position)?;
    apply(&mut ledger, &settled)?;
    state::credit(deps.storage, &mut ledger, &position.owner, settled.trader)?;
    let part = shortfall::part(&position, price, settled.missing);
    let gathered = shortfall::gather(
        deps.branch(),
        &env,
        &config,
        &mut ledger,
        exposure.side,
        id,
        &part,
    )?;
    LEDGER.save(deps.storage, &ledger)?;
    Ok(Response::new()
        .add_messages(config.asset.pay(&keeper, settled.keeper.0)?)
        .add_event(Event::from(PositionSettled {
            keeper,
            trader: position.owner,
            position: id,
            price,
            keeper_fee: settled.keeper,
            to_trader: settled.trader,
            missing: settled.missing,
            shortfall: gathered.shortfall,
        }))
        .add_submessages(gathered.asks))
}

/// The settlement that was announced, if its time has come.
fn announced(deps: Deps, env: &Env) -> Result<Settlement, ContractError> {
    let settlement = SETTLEMENT.may_load(deps.storage)?;
    let from = settlement.map(|settlement| settlement.from);
    settlement
        .filter(|settlement| env.block.time >= settlement.from)
        .ok_or(ContractError::NotSettled { from })
}

/// The middle of the last clean band, and when it was. The breaker's record says so;
/// it is read raw.
fn clean(deps: Deps, config: &Config) -> Result<(Timestamp, Price), ContractError> {
    let record = config.breaker.record(&deps.querier, &config.market)?;
    let clean = record.and_then(|record| record.last_clean_at.zip(record.last_clean));
    let (at, band) = clean.ok_or(ContractError::NoPriceYet)?;
    let (low, high) = (band.low.0.atomics(), band.high.0.atomics());
    let half = high
        .saturating_sub(low)
        .checked_div(2u128.into())
        .unwrap_or_default();
    Ok((at, Price(Decimal::new(low.saturating_add(half)))))
}

/// Refuses while the last clean price is not old enough.
fn long_ago(env: &Env, clean_at: Timestamp) -> Result<(), ContractError> {
    let from = DARK.after(clean_at);
    if env.block.time < from {
        return Err(ContractError::PricedLately { from });
    }
    Ok(())
}
