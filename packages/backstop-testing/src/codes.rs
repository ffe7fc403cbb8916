//! The one place that knows which code belongs to which contract.

use cosmwasm_std::Empty;
use cw_multi_test::{App, Contract, ContractWrapper};

use crate::{always_allow, mock_pyth};

/// The ids of everything that a world is made of.
#[derive(Debug, Clone, Copy)]
pub struct Codes {
    /// `backstop-vault`.
    pub vault: u64,
    /// `reward-distributor`.
    pub distributor: u64,
    /// `oracle-breaker`.
    pub breaker: u64,
    /// `sample-perps`.
    pub perps: u64,
    /// `risk-timelock`.
    pub timelock: u64,
    /// A breaker that judges nothing: [`always_allow`].
    pub always_allow: u64,
    /// A Pyth contract whose prices are set: [`mock_pyth`].
    pub pyth: u64,
    /// `cw20-base`.
    pub cw20: u64,
}

impl Codes {
    /// Whether a code is one of these.
    pub fn contains(&self, code: u64) -> bool {
        let shipped = [
            self.vault,
            self.distributor,
            self.breaker,
            self.perps,
            self.timelock,
        ];
        let stand_ins = [self.always_allow, self.pyth, self.cw20];
        shipped.contains(&code) || stand_ins.contains(&code)
    }

    /// Stores them all.
    pub fn store(app: &mut App) -> Self {
        Self {
            vault: app.store_code(vault()),
            distributor: app.store_code(distributor()),
            breaker: app.store_code(breaker()),
            perps: app.store_code(perps()),
            timelock: app.store_code(timelock()),
            always_allow: app.store_code(Box::new(ContractWrapper::new(
                always_allow::execute,
                always_allow::instantiate,
                always_allow::query,
            ))),
            pyth: app.store_code(Box::new(ContractWrapper::new(
                mock_pyth::execute,
                mock_pyth::instantiate,
                mock_pyth::query,
            ))),
            cw20: app.store_code(Box::new(ContractWrapper::new(
                cw20_base::contract::execute,
                cw20_base::contract::instantiate,
                cw20_base::contract::query,
            ))),
        }
    }
}

fn vault() -> Box<dyn Contract<Empty>> {
    use backstop_vault::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn distributor() -> Box<dyn Contract<Empty>> {
    use reward_distributor::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn breaker() -> Box<dyn Contract<Empty>> {
    use oracle_breaker::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}

fn perps() -> Box<dyn Contract<Empty>> {
    use sample_perps::contract::{execute, instantiate, migrate, query, reply};
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn timelock() -> Box<dyn Contract<Empty>> {
    use risk_timelock::contract::{execute, instantiate, migrate, query};
    Box::new(ContractWrapper::new(execute, instantiate, query).with_migrate(migrate))
}
