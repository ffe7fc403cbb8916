//! Nodes are started and ended.

use std::fs;
use std::path::PathBuf;
use std::process::Child;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::Network;
use crate::error::{Error, Result};
use crate::ports::Ports;
use crate::process::{Process, Told};
use crate::rpc;

/// How long a node may take to answer once it was started.
const TO_START: Duration = Duration::from_secs(60);
/// How long a node may take to end when it is asked to, before it is killed.
const TO_STOP: Duration = Duration::from_secs(20);
/// How long the system may take to end a killed process.
const TO_DIE: Duration = Duration::from_secs(10);
/// How long a killed node may still have its ports.
const TO_LET_GO: Duration = Duration::from_secs(2);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

impl Network {
    /// Starts every node that is not running, and waits until all answer.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_all(&self) -> Result<()> {
        for node in self.nodes() {
            self.launch(node)?;
        }
        self.nodes().try_for_each(|node| self.wait_until_it_answers(node))
    }

    /// Starts a node, unless it is running, and waits until it answers; not until
    /// it has a block, for which it may need others.
    ///
    /// # Errors
    /// If one of its ports is taken, or if it ends or does not answer.
    pub fn start(&self, node: u8) -> Result<()> {
        self.launch(node)?;
        self.wait_until_it_answers(node)
    }

    /// Ends a node as a crash of its machine would: SIGKILL. Nothing happens if it
    /// is not running.
    ///
    /// # Errors
    /// If it cannot be ended.
    pub fn kill(&self, node: u8) -> Result<()> {
        let told = self.signal(node, Signal::KILL)?;
        self.until_ended(node, told, TO_DIE)
    }

    /// Asks a node to end and waits until it has; after 20 s it is killed. Nothing
    /// happens if it is not running.
    ///
    /// # Errors
    /// If it cannot be ended.
    pub fn stop(&self, node: u8) -> Result<()> {
        let told = self.signal(node, Signal::TERM)?;
        self.until_stopped(node, told)
    }

    /// Stops every node and the page's server; the files stay, and [`start_all`](Self::start_all) goes
    /// on from them.
    ///
    /// # Errors
    /// If one cannot be ended; the others are all the same.
    pub fn down(&self) -> Result<()> {
        // All at once first: each takes a while.
        let told: Vec<_> = self
            .nodes()
            .map(|node| (node, self.signal(node, Signal::TERM)))
            .collect();
        let ended: Vec<Result<()>> = told
            .into_iter()
            .map(|(node, told)| self.until_stopped(node, told?))
            .collect();
        self.stop_page()?;
        ended.into_iter().collect()
    }

    /// Stops every node and deletes the network's folder.
    ///
    /// # Errors
    /// If a node cannot be ended, or a file not deleted.
    pub fn remove(&self) -> Result<()> {
        self.down()?;
        fs::remove_dir_all(&self.home).map_err(Error::file(&self.home))
    }

    /// Whether a node's process is there.
    pub fn is_running(&self, node: u8) -> bool {
        self.pid(node).is_some()
    }

    /// The number of a node's process, if it is running.
    pub fn pid(&self, node: u8) -> Option<u32> {
        self.process(node).ok()?.pid()
    }

    pub(super) fn clock(&self) -> PathBuf {
        self.home.join(super::CLOCK)
    }

    fn launch(&self, node: u8) -> Result<()> {
        let process = self.process(node)?;
        if process.pid().is_some() {
            return Ok(());
        }
        self.wait_for_its_ports(node)?;
        if !self.record.wasmd.is_file() {
            return Err(Error::NoWasmd {
                path: self.record.wasmd.clone(),
            });
        }
        let clock = self.record.own_clock.then(|| self.clock());
        let child = process.start(&self.record.wasmd, clock.as_deref(), self.owned)?;
        self.keep(node, Some(child));
        let pid = self.wait_for_its_process(node, &process)?;
        process.note(pid)
    }

    /// A node that somebody killed just now has its ports for a moment more.
    fn wait_for_its_ports(&self, node: u8) -> Result<()> {
        let begun = Instant::now();
        while let Some((port, what)) = Ports::of(self.record.base_port, node).taken(node) {
            if begun.elapsed() > TO_LET_GO {
                return Err(Error::OwnPortTaken { port, what, node });
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// A node of our own is started by a shell, a moment later.
    fn wait_for_its_process(&self, node: u8, process: &Process) -> Result<u32> {
        let begun = Instant::now();
        loop {
            match process.pid() {
                Some(pid) => return Ok(pid),
                None if begun.elapsed() > TO_DIE => return Err(self.ended(node, process)),
                None => std::thread::sleep(LOOK),
            }
        }
    }

    fn wait_until_it_answers(&self, node: u8) -> Result<()> {
        let process = self.process(node)?;
        let begun = Instant::now();
        loop {
            let answer = rpc::status(&self.rpc(node));
            match answer {
                Ok(_) => return Ok(()),
                Err(_) if process.pid().is_none() => {
                    self.keep(node, None);
                    return Err(self.ended(node, &process));
                }
                Err(error) if begun.elapsed() > TO_START => return Err(error),
                Err(_) => std::thread::sleep(LOOK),
            }
        }
    }

    fn ended(&self, node: u8, process: &Process) -> Error {
        Error::Ended {
            node,
            log: process.log(),
            tail: self.log_tail(node),
        }
    }

    fn signal(&self, node: u8, signal: Signal) -> Result<Option<Told>> {
        let told = self.process(node)?.signal(signal);
        told.map_err(|(pid, error)| Error::Signal { node, pid, error })
    }

    fn until_stopped(&self, node: u8, told: Option<Told>) -> Result<()> {
        match self.until_ended(node, told, TO_STOP) {
            Err(Error::DoesNotEnd { .. }) => self.kill(node),
            ended => ended,
        }
    }

    fn until_ended(&self, node: u8, told: Option<Told>, patience: Duration) -> Result<()> {
        if let Some(told) = told
            && !told.ends_within(patience)
        {
            return Err(Error::DoesNotEnd {
                node,
                pid: told.pid,
                seconds: patience.as_secs(),
            });
        }
        self.keep(node, None);
        Ok(())
    }

    /// Keeps the process that was started for a node; the one before it has ended
    /// and is taken leave of.
    fn keep(&self, node: u8, child: Option<Child>) {
        let mut children = self.children.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = children.get_mut(usize::from(node))
            && let Some(mut before) = std::mem::replace(place, child)
        {
            drop(before.stdin.take());
            // It has ended; its number is free once it was asked for its end.
            let _ = before.wait();
        }
    }
}
