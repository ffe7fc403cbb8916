//! The timelock's interface: it owns vault, distributor and breaker for the DAO, and
//! what raises stakers' risk waits in it until those who disagree could have left.
//!
//! A [`Change`] names one thing and what it is to be. What that thing was when the
//! change was submitted is its [`Before`]: where it is another by the time of the
//! application, the change is void.

mod change;
mod msg;
mod now;
mod query;
mod state;

pub use change::{Before, BreakerChange, Change, Contract, DistributorChange, SourceBefore, VaultChange};
pub use msg::{ExecuteMsg, InstantiateMsg, MigrateMsg};
pub use now::{Pace, Reader, VaultNow};
pub use query::{
    ChangeResponse, ChangesResponse, Config, Custody, CustodyResponse, FieldChange, QueryMsg, WhatIfResponse,
};
pub use state::{ChangeRecord, Class, ContractName, Direction, Status, VoidReason, Wait};

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, QuerierWrapper, StdResult};

/// A timelock to read.
#[cw_serde]
pub struct RiskTimelock(pub Addr);

impl RiskTimelock {
    /// Who owns and who administers the contracts now, and by which code each runs.
    pub fn custody(&self, querier: &QuerierWrapper) -> StdResult<CustodyResponse> {
        querier.query_wasm_smart(&self.0, &QueryMsg::Custody {})
    }
}
