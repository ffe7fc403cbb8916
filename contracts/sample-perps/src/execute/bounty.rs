//! What the exchange pays for work that nobody has to do: sending a shortfall,
//! deleveraging, booking a claim. A part of the opening fees is kept for it, because the
//! insurance fund is empty just when there is a shortfall.

use backstop_core::math::{mul_div_floor, narrow};
use backstop_core::perps::units::part_down;
use backstop_types::{Assets, Bps};
use cosmwasm_std::{Addr, CosmosMsg, Uint256};

use crate::error::ContractError;
use crate::params::Params;
use crate::state::{Config, Ledger};

/// The most of what the work moved: so that no work is made for the bounty.
const PART: Bps = Bps(100);
/// So many bounties are kept before fees go to the insurance fund.
const KEPT: u128 = 50;

/// Pays `most`, or 1 % of what was moved where that is less, from what is kept for it and
/// then from the insurance fund, as far as they reach.
pub fn bounty(
    config: &Config,
    ledger: &mut Ledger,
    to: &Addr,
    most: Assets,
    moved: Assets,
) -> Result<Vec<CosmosMsg>, ContractError> {
    let due = most.min(part_down(moved, PART)?);
    let kept = due.min(ledger.bounties);
    let insured = due.checked_sub(kept)?.min(ledger.insurance);
    ledger.bounties = ledger.bounties.checked_sub(kept)?;
    ledger.insurance = ledger.insurance.checked_sub(insured)?;
    let paid = kept.checked_add(insured)?;
    Ok(config.asset.pay(to, paid.0)?.into_iter().collect())
}

/// The bounty for `done` of what is due to `of`: to divide it among more messages gains
/// nothing.
pub fn part_of_bounty(params: &Params, done: u32, of: u32) -> Result<Assets, ContractError> {
    let part = mul_div_floor(
        params.bounty.wide(),
        Uint256::from(done.min(of)),
        Uint256::from(of),
    )?;
    Ok(Assets(narrow(part)?))
}

/// Keeps a fee for bounties as long as too little is kept, and gives the rest to the
/// insurance fund.
pub fn keep(params: &Params, ledger: &mut Ledger, fee: Assets) -> Result<(), ContractError> {
    let all = ledger.bounties.checked_add(fee)?;
    ledger.bounties = all.min(Assets::new(params.bounty.u128().saturating_mul(KEPT)));
    ledger.insurance = ledger.insurance.checked_add(all.checked_sub(ledger.bounties)?)?;
    Ok(())
}
