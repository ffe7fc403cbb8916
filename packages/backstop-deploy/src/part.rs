//! The contracts that a deployment is made of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One contract of a deployment, with its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Pyth's stand-in, on a local chain only.
    MockPyth,
    /// `oracle-breaker`.
    Breaker,
    /// `backstop-vault`.
    Vault,
    /// `reward-distributor`.
    Distributor,
    /// `sample-perps`.
    Exchange,
    /// `risk-timelock`.
    Timelock,
}

impl Part {
    /// What the timelock owns.
    pub const OWNED: [Self; 3] = [Self::Vault, Self::Distributor, Self::Breaker];

    /// Its plain name.
    pub fn name(self) -> &'static str {
        match self {
            Self::MockPyth => "mock_pyth",
            Self::Breaker => "breaker",
            Self::Vault => "vault",
            Self::Distributor => "distributor",
            Self::Exchange => "exchange",
            Self::Timelock => "timelock",
        }
    }

    /// Its code's file within the folder of built contracts.
    pub fn file(self) -> &'static str {
        match self {
            Self::MockPyth => "mocks/backstop_mock_pyth.wasm",
            Self::Breaker => "oracle_breaker.wasm",
            Self::Vault => "backstop_vault.wasm",
            Self::Distributor => "reward_distributor.wasm",
            Self::Exchange => "sample_perps.wasm",
            Self::Timelock => "risk_timelock.wasm",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
