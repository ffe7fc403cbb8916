//! What a network is to be like.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};

/// The most validators that one network may have.
pub const MAX_VALIDATORS: u8 = 8;
/// The lowest port unless another is named: node 0's RPC is then on 26657, where
/// most tools look for it.
pub const BASE_PORT: u16 = 26_650;
/// The coin that validators stake and fees are paid in.
pub const STAKE: &str = "ustake";

/// What a network is to be like.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The chain's program.
    pub wasmd: PathBuf,
    /// The folder that will hold everything of it.
    pub home: PathBuf,
    /// The chain's name.
    pub chain_id: String,
    /// How many validators, 1 to 8, of equal power.
    pub validators: u8,
    /// The lowest port; each validator has ten from there.
    pub base_port: u16,
    /// How long a validator waits between one block and the next.
    pub block_time: Duration,
    /// Accounts that have coins from the first block on.
    pub accounts: Vec<Funded>,
    /// Also makes the test accounts, and their files and keys.
    pub test_accounts: bool,
    /// One clock for all nodes that can be moved ahead. Needs the wasmd of
    /// `scripts/wasmd/build`; any other goes by the machine's clock.
    pub own_clock: bool,
    /// The time at which the chain begins, in seconds since the epoch, if not now; its
    /// own clock goes on from there.
    pub begins: Option<u64>,
}

/// An account that has coins from the first block on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funded {
    /// What people call it; the chain never hears of it.
    pub name: String,
    /// Its address, in bech32.
    pub address: String,
    /// What it has.
    pub coins: Vec<Coin>,
}

/// An amount of one coin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coin {
    /// Which.
    pub denom: String,
    /// How much, in its smallest unit.
    pub amount: u128,
}

impl Coin {
    /// `amount` of `denom`.
    pub fn new(amount: u128, denom: impl Into<String>) -> Self {
        Self {
            denom: denom.into(),
            amount,
        }
    }
}

impl Settings {
    /// One validator, two blocks a second, the usual ports, a clock of its own, and
    /// no accounts but the validator's.
    pub fn new(wasmd: impl Into<PathBuf>, home: impl Into<PathBuf>) -> Self {
        Self {
            wasmd: wasmd.into(),
            home: home.into(),
            chain_id: "backstop-local".to_string(),
            validators: 1,
            base_port: BASE_PORT,
            block_time: Duration::from_millis(500),
            accounts: vec![],
            test_accounts: false,
            own_clock: true,
            begins: None,
        }
    }

    /// Refuses what cannot be made.
    pub(crate) fn check(&self) -> Result<()> {
        if !(1..=MAX_VALIDATORS).contains(&self.validators) {
            return Err(Error::Setting {
                field: "validators",
                value: self.validators.to_string(),
                bound: format!("1 to {MAX_VALIDATORS}"),
            });
        }
        let highest = u16::MAX - 10 * u16::from(self.validators);
        if !(1024..=highest).contains(&self.base_port) {
            return Err(Error::Setting {
                field: "the lowest port",
                value: self.base_port.to_string(),
                bound: format!("1024 to {highest}"),
            });
        }
        if self.begins.is_some() && !self.own_clock {
            return Err(Error::Setting {
                field: "own_clock",
                value: "false".to_string(),
                bound: "true where the chain begins at another time than now".to_string(),
            });
        }
        if self.wasmd.as_os_str().is_empty() {
            return Err(Error::WasmdUnnamed);
        }
        if !self.wasmd.is_file() {
            return Err(Error::NoWasmd {
                path: self.wasmd.clone(),
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_out_of_bounds_are_refused_by_name() {
        let good = Settings::new(std::env::current_exe().unwrap(), "net");
        assert!(good.check().is_ok());
        let refused = |change: fn(&mut Settings)| {
            let mut settings = good.clone();
            change(&mut settings);
            settings.check().unwrap_err().to_string()
        };
        assert_eq!(refused(|to| to.validators = 0), "validators is 0: must be 1 to 8");
        assert_eq!(refused(|to| to.validators = 9), "validators is 9: must be 1 to 8");
        assert_eq!(
            refused(|to| to.base_port = 65_526),
            "the lowest port is 65526: must be 1024 to 65525"
        );
        assert!(refused(|to| to.base_port = 1023).contains("1024 to"));
        assert!(
            refused(|to| (to.begins, to.own_clock) = (Some(1), false))
                .contains("own_clock is false: must be true")
        );
        assert!(refused(|to| to.wasmd = "/nowhere".into()).contains("scripts/wasmd/build"));
    }
}
