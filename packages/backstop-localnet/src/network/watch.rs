//! What the nodes say, and waiting until they say it.

use std::fs;
use std::time::{Duration, Instant};

use super::Network;
use crate::error::{Error, Result};
use crate::rpc;

/// How long nothing may change while something is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

impl Network {
    /// The last block of a node.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn height(&self, node: u8) -> Result<u64> {
        self.process(node)?;
        Ok(rpc::status(&self.rpc(node))?.height)
    }

    /// The time of a node's last block, in seconds since the epoch; 0 before the
    /// first.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn block_time(&self, node: u8) -> Result<u64> {
        self.process(node)?;
        Ok(rpc::status(&self.rpc(node))?.time)
    }

    /// The app hash that a node has in the header of block `height`: the state
    /// after the block before it.
    ///
    /// # Errors
    /// If it does not answer or has no such block.
    pub fn app_hash(&self, node: u8, height: u64) -> Result<String> {
        self.process(node)?;
        rpc::app_hash(&self.rpc(node), height)
    }

    /// Waits until a node has block `height`.
    ///
    /// # Errors
    /// [`Error::Late`] if there is no new block for a minute.
    pub fn wait_for_height(&self, height: u64) -> Result<()> {
        self.until(&format!("for block {height}"), || {
            Ok(self.highest() >= Some(height))
        })
    }

    /// Waits until every validator has block `height`.
    ///
    /// # Errors
    /// [`Error::NotRunning`] if one is down, [`Error::Late`] if there is no new
    /// block for a minute.
    pub fn wait_until_all_at(&self, height: u64) -> Result<()> {
        self.until(&format!("for block {height} on all nodes"), || {
            for node in self.nodes() {
                if !self.is_running(node) {
                    return Err(Error::NotRunning { node });
                }
            }
            let heights = self.nodes().map(|node| self.height(node));
            Ok(heights.into_iter().all(|at| at.is_ok_and(|at| at >= height)))
        })
    }

    /// Moves the clock of all nodes ahead and waits until each that is running has
    /// a block of that time.
    ///
    /// # Errors
    /// [`Error::NoClock`] if its clock is the machine's, [`Error::Late`] if there is
    /// no new block for a minute.
    pub fn advance(&self, seconds: u64) -> Result<()> {
        let times = self.nodes().filter_map(|node| self.block_time(node).ok());
        let target = times.max().unwrap_or(0).saturating_add(seconds);
        self.move_clock(seconds)?;
        self.until(&format!("for a block {seconds} s ahead"), || {
            let mut running = self.nodes().filter(|node| self.is_running(*node)).peekable();
            Ok(running.peek().is_some()
                && running.all(|node| self.block_time(node).is_ok_and(|time| time >= target)))
        })
    }

    /// Moves the clock of all nodes ahead, whether they are running or not, and
    /// waits for nothing.
    ///
    /// # Errors
    /// [`Error::NoClock`] if its clock is the machine's.
    pub fn move_clock(&self, seconds: u64) -> Result<()> {
        if !self.record.own_clock {
            return Err(Error::NoClock {
                home: self.home.clone(),
            });
        }
        let ahead = self.ahead()?.saturating_add_unsigned(seconds);
        // A node that reads meanwhile reads the one or the other.
        let (path, new) = (self.clock(), self.home.join("clock.new"));
        fs::write(&new, ahead.to_string()).map_err(Error::file(&new))?;
        fs::rename(&new, &path).map_err(Error::file(&path))
    }

    /// By how many seconds the clock of all nodes is ahead of the machine's; negative
    /// where it is behind.
    ///
    /// # Errors
    /// If its file cannot be read.
    pub fn ahead(&self) -> Result<i64> {
        let path = self.clock();
        if !path.exists() {
            return Ok(0);
        }
        let text = fs::read_to_string(&path).map_err(Error::file(&path))?;
        text.trim().parse().map_err(|_| Error::Setting {
            field: "the clock",
            value: text.trim().to_string(),
            bound: "whole seconds".to_string(),
        })
    }

    /// The highest block that any node has; none if none answers.
    pub fn highest(&self) -> Option<u64> {
        self.nodes().filter_map(|node| self.height(node).ok()).max()
    }

    fn until(&self, what: &str, reached: impl Fn() -> Result<bool>) -> Result<()> {
        let mut since = Instant::now();
        let mut height = None;
        while !reached()? {
            let now = self.highest();
            if now > height {
                (since, height) = (Instant::now(), now);
            }
            if since.elapsed() > PATIENCE {
                return Err(Error::Late {
                    what: what.to_string(),
                    seconds: PATIENCE.as_secs(),
                    height: height.unwrap_or(0),
                    home: self.home.clone(),
                });
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}
