//! Where a backstop is deployed: the file that `backstop deploy` writes, or a vault's
//! address, from which the rest is found as far as the chain tells it.

use std::path::Path;

use backstop_types::{distributor, timelock, vault};
use serde::{Deserialize, Serialize};

use crate::chain::Chain;
use crate::error::{Error, Result};

/// The contracts of one backstop. The file may have further fields, which are skipped: a
/// later deployment may write more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The chain; none where it is not known yet.
    pub chain_id: Option<String>,
    /// RPC addresses of its nodes.
    #[serde(default)]
    pub rpc: Vec<String>,
    /// The prefix of its addresses.
    pub prefix: Option<String>,
    /// The vault.
    pub vault: String,
    /// The vault's distributor.
    pub distributor: Option<String>,
    /// The vault's breaker.
    pub breaker: Option<String>,
    /// The timelock that owns them.
    pub timelock: Option<String>,
    /// An exchange of the sample-perps kind.
    pub exchange: Option<String>,
}

impl Addresses {
    /// From the file that a deployment wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let refused = |why: String| Error::File {
            path: path.to_path_buf(),
            why,
            next: "name the file that 'backstop deploy' wrote, or give --vault and --rpc".to_string(),
        };
        let text =
            std::fs::read_to_string(path).map_err(|error| refused(format!("cannot be read: {error}")))?;
        serde_json::from_str(&text).map_err(|error| refused(format!("is no addresses file: {error}")))
    }

    /// Of one vault, the rest unknown.
    pub fn of_vault(vault: String, rpc: Vec<String>) -> Self {
        Self {
            vault,
            rpc,
            ..Self::default()
        }
    }

    /// The prefix of the addresses, by the vault's where none is named.
    pub fn prefix(&self) -> String {
        let of_vault = || self.vault.rsplit_once('1').map(|(prefix, _)| prefix.to_string());
        self.prefix.clone().or_else(of_vault).unwrap_or_default()
    }

    /// Fills in what the vault knows: distributor and breaker, and its owner if that is a
    /// timelock for it. What a file names is compared, since a keeper that pokes another
    /// breaker than the vault's helps nobody.
    pub async fn complete(mut self, chain: &impl Chain) -> Result<Self> {
        let config: vault::Config = chain.smart(&self.vault, &vault::QueryMsg::Config {}).await?;
        let breaker = config.params.breaker.to_string();
        self.breaker = Some(same("breaker", self.breaker, breaker)?);
        if let Some(distributor) = config.distributor {
            self.distributor = Some(same("distributor", self.distributor, distributor.to_string())?);
        }
        if self.timelock.is_none() {
            self.timelock = self.owner_if_timelock(chain).await;
        }
        Ok(self)
    }

    async fn owner_if_timelock(&self, chain: &impl Chain) -> Option<String> {
        let ownership: cw_ownable::Ownership<String> = chain
            .smart(&self.vault, &vault::QueryMsg::Ownership {})
            .await
            .ok()?;
        let owner = ownership.owner?;
        let config: timelock::Config = chain.smart(&owner, &timelock::QueryMsg::Config {}).await.ok()?;
        (config.vault.as_str() == self.vault).then_some(owner)
    }

    /// Whether the distributor serves this vault.
    pub async fn check_distributor(&self, chain: &impl Chain) -> Result<()> {
        let Some(distributor) = &self.distributor else {
            return Ok(());
        };
        let config: distributor::Config = chain
            .smart(distributor, &distributor::QueryMsg::Config {})
            .await?;
        same(
            "distributor's vault",
            Some(config.vault.to_string()),
            self.vault.clone(),
        )
        .map(drop)
    }
}

/// What the chain says, if nothing else was named.
fn same(field: &str, named: Option<String>, found: String) -> Result<String> {
    match named {
        Some(named) if named != found => Err(Error::Setting {
            field: field.to_string(),
            value: named,
            bound: format!("{found}, as the chain has it"),
            next: "correct the addresses, or leave the field out".to_string(),
        }),
        _ => Ok(found),
    }
}
