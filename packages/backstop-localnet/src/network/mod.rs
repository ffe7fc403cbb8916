//! A network: made once, then opened, running or not, by as many programs as
//! want to.

mod page;
mod run;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::Mutex;

use crate::accounts::{self, TestAccount};
use crate::error::{Error, Result};
use crate::genesis;
use crate::ports::Ports;
use crate::process::{Process, Role};
use crate::record::Record;
use crate::settings::Settings;

/// The file that says by how many seconds all nodes' clocks are ahead.
const CLOCK: &str = "clock";

/// A wasmd network in a folder of this machine.
#[derive(Debug)]
pub struct Network {
    home: PathBuf,
    folders: Vec<PathBuf>,
    record: Record,
    /// Whether its nodes end when this program does.
    owned: bool,
    /// The processes that this program started, by node.
    children: Mutex<Vec<Option<Child>>>,
}

impl Network {
    /// Makes a network that is not there yet; starts nothing.
    ///
    /// # Errors
    /// If a setting is out of bounds, the folder is in use, a port is taken, or
    /// wasmd refuses. Nothing is left behind then.
    pub fn create(settings: &Settings) -> Result<Self> {
        settings.check()?;
        let home = &settings.home;
        if Record::read(home)?.is_some() {
            return Err(Error::Exists { home: home.clone() });
        }
        if fs::read_dir(home).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Error::NotOurs { home: home.clone() });
        }
        for node in 0..settings.validators {
            if let Some((port, what)) = Ports::of(settings.base_port, node).taken(node) {
                return Err(Error::PortTaken { port, what, node });
            }
        }
        let home = std::path::absolute(home).map_err(Error::file(home))?;
        let parent = home.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(parent).map_err(Error::file(parent))?;
        // Made beside its place and moved there when it is whole.
        let new = tempfile::Builder::new().prefix(".localnet-").tempdir_in(parent);
        let new = new.map_err(Error::file(parent))?;
        genesis::make(settings, new.path())?;
        let mut record = Record::of(settings);
        record.wasmd = absolute(&settings.wasmd)?;
        record.write(new.path())?;
        if let Some(begins) = settings.begins {
            let clock = new.path().join(CLOCK);
            fs::write(&clock, behind(begins).to_string()).map_err(Error::file(&clock))?;
        }
        fs::rename(new.path(), &home).map_err(Error::file(&home))?;
        let _ = new.keep();
        Self::open(&home)
    }

    /// Opens one that was made before, running or not.
    ///
    /// # Errors
    /// [`Error::NoNetwork`] if there is none, or if its `network.json` cannot be
    /// read.
    pub fn open(home: impl AsRef<Path>) -> Result<Self> {
        let home = home.as_ref();
        let none = || Error::NoNetwork {
            home: home.to_path_buf(),
        };
        let record = Record::read(home)?.ok_or_else(none)?;
        let home = absolute(home)?;
        Ok(Self {
            folders: (0..record.validators)
                .map(|node| genesis::node_folder(&home, node))
                .collect(),
            children: Mutex::new((0..record.validators).map(|_| None).collect()),
            home,
            record,
            owned: false,
        })
    }

    /// The same, whose nodes from now on end when this program does.
    pub(crate) fn owned(mut self) -> Self {
        self.owned = true;
        self
    }

    /// Goes on with the settings that may change: the program. What may not
    /// change must be the same.
    pub(crate) fn adopt(&mut self, settings: &Settings) -> Result<()> {
        self.record.must_be(settings, &self.home)?;
        if settings.wasmd.as_os_str().is_empty() {
            return Ok(());
        }
        let wasmd = absolute(&settings.wasmd)?;
        if wasmd != self.record.wasmd {
            self.record.wasmd = wasmd;
            self.record.write(&self.home)?;
        }
        Ok(())
    }

    /// The network's folder, from the root.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The chain's name.
    pub fn chain_id(&self) -> &str {
        &self.record.chain_id
    }

    /// The chain's program.
    pub fn wasmd(&self) -> &Path {
        &self.record.wasmd
    }

    /// How many validators it has.
    pub fn validators(&self) -> u8 {
        self.record.validators
    }

    /// The lowest port.
    pub fn base_port(&self) -> u16 {
        self.record.base_port
    }

    /// The least that a transaction pays for a unit of gas, with its denom.
    pub fn gas_price(&self) -> &str {
        &self.record.gas_price
    }

    /// The RPC of node `node`, such as `http://127.0.0.1:26657`; empty for a node
    /// that there is not.
    pub fn rpc(&self, node: u8) -> String {
        let url = self.record.rpc.get(usize::from(node));
        url.cloned().unwrap_or_default()
    }

    /// The RPC of every node.
    pub fn rpcs(&self) -> Vec<String> {
        self.record.rpc.clone()
    }

    /// The gRPC of every node.
    pub fn grpcs(&self) -> Vec<String> {
        self.record.grpc.clone()
    }

    /// The REST API, of node 0.
    pub fn rest(&self) -> &str {
        &self.record.rest
    }

    /// The test accounts; none if it was made without.
    ///
    /// # Errors
    /// If their file cannot be read.
    pub fn test_accounts(&self) -> Result<Vec<TestAccount>> {
        accounts::read(&self.home)
    }

    /// The last lines of a node's log.
    pub fn log_tail(&self, node: u8) -> String {
        match self.process(node) {
            Ok(process) => process.log_tail(20),
            Err(error) => error.to_string(),
        }
    }

    fn process(&self, node: u8) -> Result<Process<'_>> {
        let folder = self.folders.get(usize::from(node)).ok_or(Error::NoNode {
            node,
            validators: self.record.validators,
        })?;
        Ok(Process {
            folder,
            role: Role::Node,
        })
    }

    /// All nodes' numbers.
    fn nodes(&self) -> impl Iterator<Item = u8> + use<> {
        0..self.record.validators
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    path.canonicalize().map_err(Error::file(path))
}

/// By how many seconds a clock that says `begins` now is ahead of this machine's.
fn behind(begins: u64) -> i64 {
    let now = jiff::Timestamp::now().as_second();
    i64::try_from(begins).unwrap_or(i64::MAX).saturating_sub(now)
}
