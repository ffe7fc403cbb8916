//! From whatever is there to a network that makes blocks.

use crate::error::{Error, Result};
use crate::network::Network;
use crate::settings::Settings;

/// What was there before [`up`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// No network: it is new.
    Nothing,
    /// The network, with so many nodes down that are up again.
    Down(usize),
    /// The network, all of it running.
    Running,
}

/// Makes the network if there is none, starts what is not running, and waits
/// until all nodes have a new block; `tell` hears what is being done. An empty
/// path as the program is the one that the network was last started with.
///
/// # Errors
/// [`Error::Differs`] if the network that is there has another number of
/// validators or other ports; else as [`Network::create`] and
/// [`Network::start_all`].
pub fn up(settings: &Settings, tell: &dyn Fn(&str)) -> Result<(Network, Before)> {
    let (network, fresh) = match Network::open(&settings.home) {
        Ok(mut network) => {
            network.adopt(settings)?;
            (network, false)
        }
        Err(Error::NoNetwork { .. }) => {
            tell("making the chain");
            (Network::create(settings)?, true)
        }
        Err(error) => return Err(error),
    };
    let nodes = 0..network.validators();
    let down = nodes.filter(|node| !network.is_running(*node)).count();
    let started = run(&network, down, tell);
    if fresh && started.is_err() {
        // What could not begin is not left half begun; the error says why.
        let _ = network.remove();
    }
    started?;
    let before = match down {
        _ if fresh => Before::Nothing,
        0 => Before::Running,
        down => Before::Down(down),
    };
    Ok((network, before))
}

fn run(network: &Network, down: usize, tell: &dyn Fn(&str)) -> Result<()> {
    if down == 0 {
        return Ok(());
    }
    tell(&format!("starting {down} of {} nodes", network.validators()));
    network.start_all()?;
    tell("waiting for blocks");
    let height = network.highest().unwrap_or(0);
    network.wait_until_all_at(height.saturating_add(1).max(2))
}
