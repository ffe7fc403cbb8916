//! `backstop status`: a snapshot, from an addresses file or from a vault alone.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use backstop_chain::Nodes;
use cosmwasm_std::Timestamp;

use crate::addresses::Addresses;
use crate::error::{Error, Result};
use crate::snapshot::{Look, Snapshot, look};

/// Which backstop, and how much of it.
#[derive(Debug, Clone, Default)]
pub struct Wanted<'a> {
    /// The file that the deployment wrote.
    pub addresses: Option<&'a Path>,
    /// The vault, in place of the file's.
    pub vault: Option<String>,
    /// RPC addresses, in place of the file's.
    pub rpc: Vec<String>,
    /// Pages of 30 rows of any one list.
    pub pages: u32,
}

/// A backstop that can be read again and again.
#[derive(Debug)]
pub struct Watched {
    nodes: Nodes,
    addresses: Addresses,
    pages: u32,
    completed: bool,
}

impl Watched {
    /// Finds where it is. Asks nobody yet.
    pub fn find(wanted: Wanted) -> Result<Self> {
        let mut addresses = match (wanted.addresses, &wanted.vault) {
            (Some(path), _) => Addresses::read(path)?,
            (None, Some(vault)) => Addresses::of_vault(vault.clone(), vec![]),
            (None, None) => {
                return Err(Error::Setting {
                    field: "--vault".to_string(),
                    value: "missing".to_string(),
                    bound: "an address, where there is no addresses file".to_string(),
                    next: "name the file that 'backstop deploy' wrote, or give --vault and --rpc".to_string(),
                });
            }
        };
        if let Some(vault) = wanted.vault.filter(|vault| *vault != addresses.vault) {
            // The file's other contracts are another vault's.
            addresses = Addresses {
                chain_id: addresses.chain_id,
                prefix: addresses.prefix,
                ..Addresses::of_vault(vault, addresses.rpc)
            };
        }
        if !wanted.rpc.is_empty() {
            addresses.rpc = wanted.rpc;
        }
        Ok(Self {
            nodes: Nodes::new(&addresses.rpc)?,
            addresses,
            pages: wanted.pages,
            completed: false,
        })
    }

    /// Reads it as it is now.
    pub async fn read(&mut self) -> Result<Snapshot> {
        if !self.completed {
            self.addresses = self.addresses.clone().complete(&self.nodes).await?;
            self.addresses.check_distributor(&self.nodes).await?;
            self.completed = true;
        }
        let how = Look::whole(self.pages);
        Ok(look(&self.nodes, &self.addresses, &how, clock()).await?)
    }
}

/// This machine's time.
pub fn clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_seconds(since.as_secs())
}
