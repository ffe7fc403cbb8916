//! Where everything is: what a deployment leaves for whoever uses it.

use std::collections::BTreeMap;
use std::path::Path;

use backstop_chain::nodes::may_hold_a_key;
use backstop_types::UncheckedDenom;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::part::Part;
use crate::state::{State, write_json};
use crate::step::Smoke;

/// A deployed backstop. Fields of a later version are passed over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Addresses {
    /// The chain.
    pub chain_id: String,
    /// RPC addresses of its nodes.
    pub rpc: Vec<String>,
    /// What its addresses begin with.
    pub prefix: String,
    /// The vault's token.
    pub asset: UncheckedDenom,
    /// Who owns the timelock.
    pub owner: String,
    /// The vault.
    pub vault: String,
    /// The distributor.
    pub distributor: String,
    /// The breaker.
    pub breaker: String,
    /// The timelock.
    pub timelock: String,
    /// The sample exchange, if there is one.
    pub exchange: Option<String>,
    /// Pyth's stand-in, if there is one.
    pub mock_pyth: Option<String>,
    /// Each contract's code.
    pub code_ids: BTreeMap<Part, u64>,
    /// Each code's sha256, in hex digits.
    pub checksums: BTreeMap<Part, String>,
    /// What the owner should execute, to show that it can: it changes nothing.
    pub owner_message: Value,
    /// What was tried out and is unbonding: anybody may withdraw it for its staker.
    pub smoke_ticket: Option<Ticket>,
}

/// A ticket of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whose.
    pub staker: String,
    /// Its number.
    pub ticket: u64,
    /// When it can be withdrawn, in seconds since the epoch.
    pub ready_at: u64,
}

/// The file is for everybody: an address that may hold the key of a paid node stays out of it.
fn public(rpcs: &[String]) -> Vec<String> {
    let public = rpcs.iter().filter(|rpc| !may_hold_a_key(rpc));
    public.cloned().collect()
}

impl Addresses {
    /// The addresses of a finished deployment.
    pub fn of(config: &Config, state: &State) -> Result<Self> {
        let address = |part| state.address(part).map(str::to_string);
        let (mut code_ids, mut checksums) = (BTreeMap::new(), BTreeMap::new());
        for part in config.parts() {
            code_ids.insert(part, state.code(part)?);
            let done = state.done(&crate::Step::Store(part));
            checksums.extend(
                done.and_then(|done| done.checksum.clone())
                    .map(|checksum| (part, checksum)),
            );
        }
        Ok(Self {
            chain_id: config.chain_id.clone(),
            rpc: public(&config.rpc),
            prefix: config.prefix.clone(),
            asset: config.asset.clone(),
            owner: config.owner.clone(),
            vault: address(Part::Vault)?,
            distributor: address(Part::Distributor)?,
            breaker: address(Part::Breaker)?,
            timelock: address(Part::Timelock)?,
            exchange: address(Part::Exchange).ok(),
            mock_pyth: address(Part::MockPyth).ok(),
            code_ids,
            checksums,
            owner_message: owner_message(config, &address(Part::Timelock)?),
            smoke_ticket: ticket(state),
        })
    }

    /// Reads them.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(Error::file(path))?;
        serde_json::from_slice(&text).map_err(|error| Error::Unreadable {
            path: path.to_path_buf(),
            why: error.to_string(),
        })
    }

    /// Writes them, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_json(path, self)
    }

    /// A contract's address, if it is there.
    pub fn address(&self, part: Part) -> Option<&str> {
        match part {
            Part::MockPyth => self.mock_pyth.as_deref(),
            Part::Breaker => Some(&self.breaker),
            Part::Vault => Some(&self.vault),
            Part::Distributor => Some(&self.distributor),
            Part::Exchange => self.exchange.as_deref(),
            Part::Timelock => Some(&self.timelock),
        }
    }
}

/// A change of `max_tickets` to what it is: made at once, and nothing is another
/// after it, but nobody else than the owner can submit it.
fn owner_message(config: &Config, timelock: &str) -> Value {
    let update = json!({"max_tickets": config.vault.max_tickets});
    json!({
        "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
        "sender": config.owner,
        "contract": timelock,
        "msg": {"submit": {"change": {"vault": {"update_params": {"update": update}}}}},
        "funds": [],
    })
}

fn ticket(state: &State) -> Option<Ticket> {
    let done = state.done(&crate::Step::Smoke(Smoke::Leave))?;
    Some(Ticket {
        staker: state.deployer.clone(),
        ticket: done.ticket?,
        ready_at: done.ready_at?,
    })
}
