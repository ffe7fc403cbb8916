//! The commands that act on the contracts.

use std::time::Duration;

use backstop_types::Price;
use cosmwasm_std::Decimal;

use super::exit::Exit;
use super::out::print;
use crate::crash::Crash;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::play::Play;

/// `price`.
pub fn price(network: &Network, price: &str, every: Option<u64>) -> Result<Exit> {
    let parsed: Option<Decimal> = price.parse().ok().filter(|price: &Decimal| !price.is_zero());
    let parsed = parsed.ok_or_else(|| Error::Setting {
        field: "price",
        value: price.to_string(),
        bound: "a number above 0, with at most 18 decimals".to_string(),
    })?;
    let play = Play::new(network)?;
    loop {
        play.price(Price(parsed))?;
        print(&format!(
            "all sources say {parsed} in block {}\n",
            network.highest().unwrap_or_default()
        ))?;
        match every {
            Some(seconds) => std::thread::sleep(Duration::from_secs(seconds)),
            None => return Ok(Exit::Good),
        }
    }
}

/// `advance`.
pub fn advance(network: &Network, seconds: u64) -> Result<Exit> {
    network.advance(seconds)?;
    print(&format!(
        "the clock is {} s ahead of the machine's\n",
        network.ahead()?
    ))?;
    Ok(Exit::Good)
}

/// `crash`.
pub fn crash(network: &Network) -> Result<Exit> {
    let play = Play::new(network)?;
    let tell = |line: &str| {
        // Who reads no more has read enough.
        let _ = print(&format!("{line}\n"));
    };
    Crash::new(&play, &tell)?.run()?;
    Ok(Exit::Good)
}
