//! Which ports a network listens on, all of 127.0.0.1, and whether they are free.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::Mutex;

use crate::error::{Error, Result};

/// How many ports each node has for itself.
const EACH: u16 = 10;
/// Where free ranges are looked for: below the ports that the system hands out to
/// outgoing connections, one of which could take a port before a node does.
const LOW: u16 = 10_000;
const RANGES: u16 = 2_200;

/// The ports of one node.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// gRPC.
    pub grpc: u16,
    /// The REST API, which only node 0 has.
    pub rest: u16,
    /// The stakers' page, one for all nodes.
    pub page: u16,
    /// What the nodes say to each other.
    pub p2p: u16,
    /// CometBFT's RPC.
    pub rpc: u16,
}

impl Ports {
    /// Those of node `node` of a network whose lowest port is `base`.
    pub fn of(base: u16, node: u8) -> Self {
        let first = base.saturating_add(u16::from(node).saturating_mul(EACH));
        Self {
            grpc: first,
            rest: first.saturating_add(1),
            page: base.saturating_add(2),
            p2p: first.saturating_add(6),
            rpc: first.saturating_add(7),
        }
    }

    /// Each that node `node` listens on, and for what.
    pub fn used(self, node: u8) -> impl Iterator<Item = (u16, &'static str)> {
        let rest = (node == 0).then_some((self.rest, "REST API"));
        [(self.rpc, "RPC"), (self.p2p, "p2p"), (self.grpc, "gRPC")]
            .into_iter()
            .chain(rest)
    }

    /// The first that node `node` needs and somebody else has.
    pub fn taken(self, node: u8) -> Option<(u16, &'static str)> {
        self.used(node).find(|(port, _)| !is_free(*port))
    }
}

/// Whether nobody listens there.
pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The lowest of ports in a row that are free and that `validators` nodes need:
/// for tests, which may run beside each other.
///
/// # Errors
/// [`Error::NoFreePorts`] if there are none.
pub fn free_base_port(validators: u8) -> Result<u16> {
    // The next range to look at: what one test was given is given to no other of
    // this process, though nobody listens there yet.
    static NEXT: Mutex<Option<u16>> = Mutex::new(None);
    let mut next = NEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let needed = u16::from(validators);
    let mut at = next.map_or_else(random, Ok)?;
    for _ in 0..RANGES {
        at = if at + needed > RANGES { 0 } else { at };
        let ports = LOW + at * EACH..LOW + (at + needed) * EACH;
        let base = ports.start;
        at += needed;
        if ports.clone().all(is_free) {
            *next = Some(at);
            return Ok(base);
        }
    }
    Err(Error::NoFreePorts(needed * EACH))
}

/// A range by chance: what the system hands out differs from process to process.
fn random() -> Result<u16> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    let port = port.map_err(Error::file("127.0.0.1"))?;
    Ok(port.port() % RANGES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_nodes_share_a_port() {
        let all: Vec<u16> = (0..8)
            .flat_map(|node| Ports::of(26_650, node).used(node).map(|(port, _)| port))
            .collect();
        assert_eq!(all.len(), 8 * 3 + 1);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert_eq!(Ports::of(26_650, 0).rpc, 26_657);
    }

    #[test]
    fn a_taken_port_is_found_and_named() {
        let base = free_base_port(1).unwrap();
        let ports = Ports::of(base, 0);
        assert_eq!(ports.taken(0), None);
        let _other = TcpListener::bind((Ipv4Addr::LOCALHOST, ports.rest)).unwrap();
        assert_eq!(ports.taken(0), Some((ports.rest, "REST API")));
        assert_eq!(ports.taken(1), None);
    }

    #[test]
    fn no_range_is_given_twice() {
        let given: Vec<u16> = (0..20).map(|_| free_base_port(4).unwrap()).collect();
        for (at, one) in given.iter().enumerate() {
            assert!(
                given[at + 1..].iter().all(|other| one.abs_diff(*other) >= 40),
                "{given:?}"
            );
        }
    }
}
