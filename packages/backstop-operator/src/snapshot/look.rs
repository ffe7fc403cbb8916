//! Reads a snapshot, with a bound on every list.

use backstop_chain::Result;
use cosmwasm_std::Timestamp;

use super::{ChainState, Look, NodeLine, Snapshot, breaker, distributor, queue, timelock, vault};
use crate::addresses::Addresses;
use crate::chain::Chain;

/// Reads it all from the node with the newest block. Only a chain without any node is an
/// error: what else cannot be read is a problem of the snapshot.
pub async fn look(
    chain: &impl Chain,
    addresses: &Addresses,
    look: &Look,
    clock: Timestamp,
) -> Result<Snapshot> {
    let statuses = chain.statuses().await;
    let chain_id = match &addresses.chain_id {
        Some(chain_id) => chain_id.clone(),
        None => statuses
            .iter()
            .find_map(|(_, status)| status.as_ref().ok().map(|status| status.chain_id.clone()))
            .unwrap_or_default(),
    };
    let status = chain.freshest(&chain_id).await?;
    let nodes = statuses
        .into_iter()
        .map(|(rpc, said)| NodeLine::of(rpc, &said))
        .collect();
    let mut snapshot = Snapshot::begin(
        addresses.clone(),
        ChainState {
            chain_id,
            height: status.height,
            time: Timestamp::from_seconds(status.time),
            rpc: status.rpc,
            read_at: clock,
            nodes,
        },
    );
    vault::read(chain, &mut snapshot, look.pages).await;
    breaker::read(chain, &mut snapshot, look.pages).await;
    vault::judge_claims(chain, &mut snapshot).await;
    distributor::read(chain, &mut snapshot).await;
    timelock::read(chain, &mut snapshot, look.pages).await;
    if look.queue {
        queue::read(chain, &mut snapshot, look).await;
    }
    Ok(snapshot)
}
