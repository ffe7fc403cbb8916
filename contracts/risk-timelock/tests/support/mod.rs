//! A backstop whose contracts a timelock owns, and a DAO that owns the timelock.

// Each test file takes what it needs.

use backstop_testing::{World, WorldBuilder, cause};
use backstop_types::breaker::MarketParamsUpdate;
use backstop_types::timelock::{
    BreakerChange, Change, ChangeResponse, ChangesResponse, CustodyResponse, ExecuteMsg, QueryMsg, Status,
    VaultChange, VoidReason, WhatIfResponse,
};
use backstop_types::vault::{self, ParamsUpdate, PolicyResponse, PolicyTerms, PolicyTermsUpdate};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::{Addr, Timestamp};
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;
use risk_timelock::ContractError;

/// The unbonding period and the notice of a world's vault.
pub const WAIT: Seconds = Seconds::days(24);

pub struct Suite {
    pub w: World,
    pub timelock: Addr,
    /// Owns the timelock.
    pub dao: Addr,
    /// Owns nothing.
    pub anyone: Addr,
}

impl Suite {
    /// With a policy of a hundred thousand a window for the exchange.
    pub fn new() -> Self {
        Self::of(World::builder().loose())
    }

    pub fn of(builder: WorldBuilder) -> Self {
        let mut w = builder.build();
        let timelock = w.hand_over();
        let (dao, anyone) = (w.owner.clone(), w.addr("anyone"));
        Self {
            w,
            timelock,
            dao,
            anyone,
        }
    }

    pub fn send(&mut self, sender: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.w.execute(sender, &self.timelock.clone(), msg, &[])
    }

    /// The DAO submits a change.
    pub fn try_submit(&mut self, change: Change) -> AnyResult<AppResponse> {
        let dao = self.dao.clone();
        let expect = None;
        self.send(&dao, &ExecuteMsg::Submit { change, expect })
    }

    /// The DAO submits a change; its number.
    pub fn submit(&mut self, change: Change) -> u64 {
        self.try_submit(change).unwrap();
        self.history()[0].number
    }

    pub fn try_apply(&mut self, change: u64) -> AnyResult<AppResponse> {
        let anyone = self.anyone.clone();
        self.send(&anyone, &ExecuteMsg::Apply { change })
    }

    pub fn apply(&mut self, change: u64) -> AppResponse {
        self.try_apply(change).unwrap()
    }

    pub fn try_void(&mut self, change: u64) -> AnyResult<AppResponse> {
        let anyone = self.anyone.clone();
        self.send(&anyone, &ExecuteMsg::Void { change })
    }

    pub fn cancel(&mut self, change: u64) {
        let dao = self.dao.clone();
        self.send(&dao, &ExecuteMsg::Cancel { change }).unwrap();
    }

    /// Why the timelock refuses.
    pub fn refused(&mut self, sender: &Addr, msg: &ExecuteMsg) -> ContractError {
        cause(self.send(sender, msg).unwrap_err())
    }

    /// Moves the clock to exactly this moment.
    pub fn at(&mut self, moment: Timestamp) {
        self.w.app.update_block(|block| {
            assert!(moment >= block.time, "time does not run back");
            block.time = moment;
            block.height += 1;
        });
    }

    pub fn now(&self) -> Timestamp {
        self.w.app.block_info().time
    }

    pub fn query<T: serde::de::DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.w.query(&self.timelock, msg).unwrap()
    }

    pub fn change(&self, number: u64) -> ChangeResponse {
        self.query(&QueryMsg::Change { number })
    }

    pub fn status(&self, number: u64) -> Status {
        self.change(number).record.status
    }

    pub fn pending(&self) -> Vec<u64> {
        let page: ChangesResponse = self.query(&QueryMsg::Pending {
            start_after: None,
            limit: Some(30),
        });
        page.changes.into_iter().map(|change| change.number).collect()
    }

    pub fn history(&self) -> Vec<ChangeResponse> {
        let page: ChangesResponse = self.query(&QueryMsg::History {
            start_before: None,
            limit: Some(30),
        });
        page.changes
    }

    pub fn what_if(&self, change: Change) -> WhatIfResponse {
        self.query(&QueryMsg::WhatIf { change })
    }

    pub fn custody(&self) -> CustodyResponse {
        self.query(&QueryMsg::Custody {})
    }

    /// The exchange's policy.
    pub fn policy(&self) -> PolicyResponse {
        let query = vault::QueryMsg::Policy {
            policyholder: self.w.perps.to_string(),
            market: self.w.market.clone(),
        };
        self.w.query(&self.w.vault, &query).unwrap()
    }

    pub fn limit(&self) -> u128 {
        self.policy().terms.limit.u128()
    }

    pub fn vault_params(&self) -> vault::Params<Addr> {
        let config: vault::Config = self.w.query(&self.w.vault, &vault::QueryMsg::Config {}).unwrap();
        config.params
    }

    /// Other terms for the exchange's policy.
    pub fn terms(&self, change: impl FnOnce(&mut PolicyTermsUpdate)) -> Change {
        let mut update = PolicyTermsUpdate::default();
        change(&mut update);
        Change::Vault(VaultChange::ChangePolicy {
            policyholder: self.w.perps.to_string(),
            market: self.w.market.clone(),
            update,
        })
    }

    /// Another limit for the exchange's policy.
    pub fn limit_to(&self, limit: u128) -> Change {
        self.terms(|terms| terms.limit = Some(Assets::new(limit)))
    }

    pub fn add_policy(&self, terms: PolicyTerms) -> Change {
        Change::Vault(VaultChange::AddPolicy {
            policyholder: self.w.perps.to_string(),
            market: self.w.market.clone(),
            terms,
        })
    }

    pub fn close_policy(&self) -> Change {
        Change::Vault(VaultChange::ClosePolicy {
            policyholder: self.w.perps.to_string(),
            market: self.w.market.clone(),
        })
    }

    /// Other parameters of the market.
    pub fn market(&self, change: impl FnOnce(&mut MarketParamsUpdate)) -> Change {
        let mut params = MarketParamsUpdate::default();
        change(&mut params);
        self.breaker(BreakerChange::UpdateMarket {
            market: self.w.market.clone(),
            params: Some(params),
            sources: None,
        })
    }

    pub fn breaker(&self, change: BreakerChange) -> Change {
        Change::Breaker {
            contract: None,
            change,
        }
    }
}

/// Other parameters of the vault.
pub fn params(change: impl FnOnce(&mut ParamsUpdate)) -> Change {
    let mut update = ParamsUpdate::default();
    change(&mut update);
    Change::Vault(VaultChange::UpdateParams { update })
}

/// Why a change is void.
pub fn void_for(status: &Status) -> Option<VoidReason> {
    match status {
        Status::Void { reason, .. } => Some(*reason),
        _ => None,
    }
}
