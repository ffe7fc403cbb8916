//! Liquidation: anyone closes a position below its maintenance margin. What is
//! missing after margin and insurance fund joins the shortfall that gathers its side's
//! closings, which anyone sends, or this liquidation where it fills it.

use backstop_core::perps::fill::Shift;
use backstop_core::perps::liquidation::{Costs, Settlement, settle};
use backstop_core::perps::units::part_up;
use backstop_types::events::perps::Liquidated;
use backstop_types::input::no_funds;
use backstop_types::{Assets, Price};
use cosmwasm_std::{Addr, Deps, DepsMut, Env, Event, MessageInfo, Response};

use super::gate::{self, Liquidation, Request};
use super::payment::apply;
use super::shortfall;
use crate::error::ContractError;
use crate::params::Params;
use crate::state::{self, CONFIG, LEDGER, Position};

/// Asks the breaker, if there is such a position.
pub fn ask_to_liquidate(deps: Deps, info: MessageInfo, id: u64) -> Result<Response, ContractError> {
    no_funds(&info)?;
    state::position(deps.storage, id)?;
    let request = Request::Liquidate(Liquidation {
        keeper: info.sender,
        position: id,
    });
    gate::ask(&CONFIG.load(deps.storage)?, &request)
}

/// Closes the position for a fee, at the median.
pub fn liquidate(
    mut deps: DepsMut,
    env: Env,
    liquidation: Liquidation,
    price: Price,
) -> Result<Response, ContractError> {
    let Liquidation { keeper, position: id } = liquidation;
    let config = CONFIG.load(deps.storage)?;
    let mut ledger = LEDGER.load(deps.storage)?;
    let position = state::position(deps.storage, id)?;
    below_maintenance(&position, id, price)?;
    let shift = Shift::closes(ledger.open(position.exposure.side), position.exposure.size)?;
    let settled = settlement(&config.params, &position, shift, price, ledger.insurance)?;

    state::remove(deps.storage, &mut ledger, id, &position)?;
    apply(&mut ledger, &settled)?;
    state::credit(deps.storage, &mut ledger, &position.owner, settled.trader)?;
    let side = position.exposure.side;
    let part = shortfall::part(&position, price, settled.missing);
    let gathered = shortfall::gather(deps.branch(), &env, &config, &mut ledger, side, id, &part)?;
    LEDGER.save(deps.storage, &ledger)?;
    let liquidated = liquidated(keeper.clone(), id, &position, price, &settled, gathered.shortfall);
    Ok(Response::new()
        .add_messages(config.asset.pay(&keeper, settled.keeper.0)?)
        .add_event(liquidated)
        .add_submessages(gathered.asks))
}

/// Refuses to touch a position that meets its maintenance margin.
fn below_maintenance(position: &Position, id: u64, price: Price) -> Result<(), ContractError> {
    let exposure = &position.exposure;
    let maintenance = position.terms.maintenance_margin;
    if exposure.meets(price, maintenance)? {
        return Err(ContractError::Healthy {
            position: id,
            equity: exposure.equity(price)?.left(),
            required: exposure.required(price, maintenance)?,
        });
    }
    Ok(())
}

/// Who gets what, under the terms that the position was opened with.
fn settlement(
    params: &Params,
    position: &Position,
    shift: Shift,
    price: Price,
    insurance: Assets,
) -> Result<Settlement, ContractError> {
    let margin = position.exposure.margin;
    let notional = position.exposure.set_aside()?;
    let mark = position.exposure.mark(price);
    let curve = position.terms.curve.or_cheaper(params.curve(), shift, mark)?;
    let costs = Costs {
        slippage: curve.cost(shift, mark)?,
        keeper: part_up(notional, position.terms.keeper_fee)?,
        insurance: part_up(notional, position.terms.insurance_fee)?,
    };
    Ok(settle(margin, position.exposure.pnl(price)?, costs, insurance)?)
}

fn liquidated(
    keeper: Addr,
    id: u64,
    position: &Position,
    price: Price,
    settled: &Settlement,
    shortfall: Option<u64>,
) -> Event {
    Event::from(Liquidated {
        keeper,
        trader: position.owner.clone(),
        position: id,
        price,
        keeper_fee: settled.keeper,
        to_trader: settled.trader,
        to_insurance: settled.to_insurance,
        from_insurance: settled.from_insurance,
        to_pool: settled.to_pool,
        from_pool: settled.from_pool,
        missing: settled.missing,
        shortfall,
    })
}
