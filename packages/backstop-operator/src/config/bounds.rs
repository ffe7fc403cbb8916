//! The bounds of the settings, each refused by its name.

use std::fmt::Display;
use std::ops::RangeInclusive;

use cosmwasm_std::Decimal;

use super::{Config, Tasks};
use crate::addresses::Addresses;
use crate::error::{Error, Result};

/// The most of the seconds that are settings.
const DAY: u64 = 86_400;

impl Config {
    /// Refuses what is out of its bounds.
    pub fn check(&self) -> Result<()> {
        self.gas_price()?;
        within(
            "gas_adjustment",
            self.gas_adjustment,
            Decimal::one()..=Decimal::percent(1_000),
        )?;
        within("max_gas", self.max_gas, 1_000_000..=1_000_000_000)?;
        within("timeout_blocks", self.timeout_blocks, 5..=1_000)?;
        within("interval", self.interval, 1..=3_600)?;
        within("jitter", self.jitter, 0..=3_600)?;
        within("pages", self.pages, 1..=100)?;
        within("batch", self.batch, 1..=100)?;
        self.check_listen()?;
        self.tasks.check(self.interval)
    }

    /// Every address of the machine is an explicit choice: whoever reads metrics and
    /// balances there has not asked anybody.
    fn check_listen(&self) -> Result<()> {
        let metrics = &self.metrics;
        if metrics.on && metrics.listen.ip().is_unspecified() && !metrics.allow_public {
            return Err(Error::Setting {
                field: "metrics.listen".to_string(),
                value: metrics.listen.to_string(),
                bound: "one address, such as 127.0.0.1:9464".to_string(),
                next: "name one, or set metrics.allow_public = true to listen on all of them".to_string(),
            });
        }
        Ok(())
    }

    /// Refuses addresses by which nothing can be done, and tasks without their contract.
    pub(super) fn check_addresses(&self, addresses: &Addresses) -> Result<()> {
        if addresses.vault.is_empty() {
            return Err(Error::setting(
                "contracts.vault",
                "missing",
                "an address, here or in the addresses file",
            ));
        }
        if addresses.rpc.is_empty() {
            return Err(Error::setting(
                "rpc",
                "empty",
                "one or more, such as [\"http://127.0.0.1:26657\"]",
            ));
        }
        if addresses.chain_id.is_none() {
            let bound = "the chain's name, here or in the addresses file";
            return Err(Error::setting("contracts.chain_id", "missing", bound));
        }
        if self.tasks.perps.on && addresses.exchange.is_none() {
            let bound = "an address for the task perps, here or in the addresses file";
            return Err(Error::setting("contracts.exchange", "missing", bound));
        }
        Ok(())
    }
}

impl Tasks {
    fn check(&self, interval: u64) -> Result<()> {
        within("tasks.poke.every", self.poke.every, 10..=DAY)?;
        within("tasks.poke.every_unwell", self.poke.every_unwell, 1..=3_600)?;
        within("tasks.advance.after", self.advance.after, 3_600..=DAY * 365)?;
        within("tasks.tickets.every", self.tickets.every, 10..=DAY)?;
        for (field, minimum) in [
            ("tasks.premium.minimum", self.premium.minimum),
            ("tasks.tickets.minimum", self.tickets.minimum),
        ] {
            if minimum.is_zero() {
                return Err(Error::setting(field, minimum, "at least 1, in base units"));
            }
        }
        // The queue is looked at less often than the rest: it is no failure in between.
        let least = interval.saturating_mul(2);
        for (task, allowed) in self.allowed() {
            let field = format!("tasks.{task}.allowed");
            within(&field, allowed, least.max(10)..=DAY)?;
        }
        Ok(())
    }
}

fn within<T: PartialOrd + Display + Copy>(field: &str, value: T, bounds: RangeInclusive<T>) -> Result<()> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let bound = format!("from {} to {}", bounds.start(), bounds.end());
    Err(Error::setting(field, value, bound))
}
