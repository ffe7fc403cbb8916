//! What the exchange pays for work that nobody has to do: sending a shortfall,
//! deleveraging, booking a claim.

use backstop_core::perps::units::part_down;
use backstop_types::{Assets, Bps};
use cosmwasm_std::{Addr, CosmosMsg};

use crate::error::ContractError;
use crate::state::{Config, Ledger};

/// The most of what the work moved: so that no work is made for the bounty.
const PART: Bps = Bps(100);

/// Pays the bounty from the insurance fund, as far as it reaches: the parameter, or
/// 1 % of what was moved where that is less.
pub fn bounty(
    config: &Config,
    ledger: &mut Ledger,
    to: &Addr,
    moved: Assets,
) -> Result<Vec<CosmosMsg>, ContractError> {
    let due = config.params.bounty.min(part_down(moved, PART)?);
    let paid = due.min(ledger.insurance);
    ledger.insurance = ledger.insurance.checked_sub(paid)?;
    Ok(config.asset.pay(to, paid.0)?.into_iter().collect())
}
