//! `network.json`: what a network is like, for whoever opens it later.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::config::GAS_PRICE;
use crate::error::{Error, Result};
use crate::ports::Ports;
use crate::settings::Settings;

/// The file's name in the network's folder.
pub const FILE: &str = "network.json";

/// What a network is like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The chain's name.
    pub chain_id: String,
    /// How many validators.
    pub validators: u8,
    /// The lowest port.
    pub base_port: u16,
    /// How long a validator waits between one block and the next, in
    /// milliseconds.
    pub block_time_ms: u64,
    /// Whether its clock can be moved.
    pub own_clock: bool,
    /// The least that a transaction pays for a unit of gas, with its denom.
    pub gas_price: String,
    /// The chain's program.
    pub wasmd: PathBuf,
    /// The RPC of each node.
    pub rpc: Vec<String>,
    /// The gRPC of each node.
    pub grpc: Vec<String>,
    /// The REST API, of node 0.
    pub rest: String,
}

impl Record {
    /// Of a network of these settings.
    pub fn of(settings: &Settings) -> Self {
        let ports = |node| Ports::of(settings.base_port, node);
        let nodes = 0..settings.validators;
        let url = |port: u16| format!("http://127.0.0.1:{port}");
        Self {
            chain_id: settings.chain_id.clone(),
            validators: settings.validators,
            base_port: settings.base_port,
            block_time_ms: u64::try_from(settings.block_time.as_millis()).unwrap_or(u64::MAX),
            own_clock: settings.own_clock,
            gas_price: GAS_PRICE.to_string(),
            wasmd: settings.wasmd.clone(),
            rpc: nodes.clone().map(|node| url(ports(node).rpc)).collect(),
            grpc: nodes.map(|node| url(ports(node).grpc)).collect(),
            rest: url(ports(0).rest),
        }
    }

    /// Of the network in `home`; none where there is none.
    pub fn read(home: &Path) -> Result<Option<Self>> {
        let path = home.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(
                serde_json::from_str(&text).map_err(Error::json(path.display()))?,
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::file(path)(error)),
        }
    }

    /// Writes it into `home`.
    pub fn write(&self, home: &Path) -> Result<()> {
        let path = home.join(FILE);
        let text = serde_json::to_string_pretty(self).map_err(Error::json(path.display()))?;
        fs::write(&path, text + "\n").map_err(Error::file(path))
    }

    /// Refuses settings that are another network's.
    pub fn must_be(&self, settings: &Settings, home: &Path) -> Result<()> {
        let wanted = Self::of(settings);
        let (has, want) = (self.validators.to_string(), wanted.validators.to_string());
        let (low, other) = (self.base_port.to_string(), wanted.base_port.to_string());
        let compared = [
            ("validators", "validators", has, want),
            ("lowest port", "port", low, other),
        ];
        match compared.into_iter().find(|(_, _, has, wanted)| has != wanted) {
            None => Ok(()),
            Some((field, option, has, wanted)) => Err(Error::Differs {
                home: home.to_path_buf(),
                field,
                option,
                has,
                wanted,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Record::read(folder.path()).unwrap(), None);
        let mut settings = Settings::new("/bin/wasmd", folder.path());
        settings.validators = 2;
        let record = Record::of(&settings);
        record.write(folder.path()).unwrap();
        assert_eq!(Record::read(folder.path()).unwrap().as_ref(), Some(&record));
        assert_eq!(record.rpc, ["http://127.0.0.1:26657", "http://127.0.0.1:26667"]);
        fs::write(folder.path().join(FILE), "{}").unwrap();
        assert!(Record::read(folder.path()).is_err());
    }

    #[test]
    fn another_number_of_validators_is_refused_with_the_way_out() {
        let settings = Settings::new("/bin/wasmd", "/net");
        let record = Record::of(&settings);
        assert!(record.must_be(&settings, Path::new("/net")).is_ok());
        let mut other = settings.clone();
        other.validators = 4;
        let error = record.must_be(&other, Path::new("/net")).unwrap_err().to_string();
        assert_eq!(
            error,
            "the network in /net has 1 as its validators, not 4: \
             `reset --validators 4` deletes it and makes that one"
        );
        let mut other = settings.clone();
        other.base_port = 9_000;
        let error = record.must_be(&other, Path::new("/net")).unwrap_err().to_string();
        assert!(error.contains("reset --port 9000"), "{error}");
    }
}
