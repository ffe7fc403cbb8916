//! What staking earns in a year, per denom in kind and, given prices, in value:
//! at the current rates, and from each rate change on that lies ahead.

use backstop_core::rewards::{Clock, MAX_CHANGES, MAX_DECIMALS, Unit, value_a_year, week_of, yield_in_kind};
use backstop_core::shares::worth;
use backstop_types::distributor::{DenomPrice, DenomYield, Projection, YieldChange, YieldsResponse};
use backstop_types::vault::BackstopVault;
use backstop_types::{Denom, InputError, input};
use cosmwasm_std::{Decimal256, Deps, Env, Uint256};

use super::{ahead, flow};
use crate::error::ContractError;
use crate::ledger;
use crate::state::{MAX_DENOMS, VAULT, denoms};

/// The rates of one denom.
struct Rates {
    denom: Denom,
    now: Uint256,
    /// By week, after each change.
    later: Vec<(u64, Uint256)>,
}

impl Rates {
    /// From the grid point `week` on, or now.
    fn at(&self, week: Option<u64>) -> Uint256 {
        let begun = self.later.iter().rev().find(|(from, _)| Some(*from) <= week);
        begun.map_or(self.now, |(_, rate)| *rate)
    }

    fn turns_at(&self, week: u64) -> bool {
        self.later.iter().any(|(turn, _)| *turn == week)
    }
}

/// Yields of all denoms, and of the priced ones together.
pub fn yields(deps: Deps, env: Env, prices: Vec<DenomPrice>) -> Result<YieldsResponse, ContractError> {
    let prices = units(deps, prices)?;
    let ledger = ledger::as_of(deps.storage, env.block.time)?;
    let clock = ledger.clock;
    let mut response = YieldsResponse {
        shares: clock.shares,
        denoms: vec![],
        value: None,
    };
    if clock.shares.is_zero() {
        return Ok(response);
    }
    let mut all = Vec::new();
    for (slot, record) in denoms(deps.storage)? {
        let now = flow(&ledger, slot).rate;
        let (mut rate, mut later) = (now, Vec::new());
        for change in ahead(deps, &ledger, slot)? {
            rate = change.turn.of(rate)?;
            later.push((change.week, rate));
        }
        let denom = record.denom;
        all.push(Rates { denom, now, later });
    }
    for rates in &all {
        let each = |week| Ok(yield_in_kind(rates.at(week), clock.shares)?);
        response.denoms.push(DenomYield {
            denom: rates.denom.clone(),
            apr: project(&clock, &|week| rates.turns_at(week), &each)?,
        });
    }
    response.value = value(deps, &clock, &all, &prices)?;
    Ok(response)
}

/// The caller's prices, each denom once. They may name what is not listed: the
/// vault's asset need not be.
fn units(deps: Deps, prices: Vec<DenomPrice>) -> Result<Vec<(Denom, Unit)>, ContractError> {
    let mut denoms = Vec::new();
    let mut units = Vec::new();
    for DenomPrice {
        denom,
        price,
        decimals,
    } in prices.into_iter().take(MAX_DENOMS.saturating_add(2))
    {
        if price.is_zero() {
            return Err(InputError::bounds("price", price, "more than zero").into());
        }
        input::within("decimals", decimals, 0, MAX_DECIMALS)?;
        denoms.push(denom.lookup(deps.api, "prices")?);
        units.push(Unit {
            price: price.0,
            decimals,
        });
    }
    if !denoms.is_empty() {
        input::distinct("prices", &denoms, MAX_DENOMS.saturating_add(1))?;
    }
    Ok(denoms.into_iter().zip(units).collect())
}

/// What all priced denoms together earn on what the shares are worth.
fn value(
    deps: Deps,
    clock: &Clock,
    all: &[Rates],
    prices: &[(Denom, Unit)],
) -> Result<Option<Projection>, ContractError> {
    let price = |denom: &Denom| prices.iter().find(|(priced, _)| priced == denom).map(|row| row.1);
    if prices.is_empty() {
        return Ok(None);
    }
    let vault = BackstopVault(VAULT.load(deps.storage)?);
    let Some(asset) = price(&vault.config(&deps.querier)?.asset) else {
        return Ok(None);
    };
    let pool = vault.pool(&deps.querier)?;
    let assets = worth(clock.shares, pool.assets, pool.shares()?)?;
    if assets.is_zero() {
        return Ok(None);
    }
    let priced: Vec<_> = all
        .iter()
        .filter_map(|rates| Some((rates, price(&rates.denom)?)))
        .collect();
    let sum = |week| {
        priced.iter().try_fold(Decimal256::zero(), |sum, (rates, unit)| {
            let part = value_a_year(rates.at(week), *unit, asset, assets)?;
            Ok(sum.checked_add(part)?)
        })
    };
    let turns = |week| priced.iter().any(|(rates, _)| rates.turns_at(week));
    project(clock, &turns, &sum).map(Some)
}

/// A yield now, and from each week on in which a rate turns.
fn project(
    clock: &Clock,
    turns: &dyn Fn(u64) -> bool,
    at: &dyn Fn(Option<u64>) -> Result<Decimal256, ContractError>,
) -> Result<Projection, ContractError> {
    let passed = week_of(clock.staked);
    let mut changes = Vec::new();
    for ahead in 1..=MAX_CHANGES {
        let week = passed.saturating_add(ahead.into());
        if turns(week) {
            changes.push(YieldChange {
                week,
                earliest: clock.until(week).after(clock.at),
                to: at(Some(week))?,
            });
        }
    }
    let now = at(None)?;
    Ok(Projection { now, changes })
}
