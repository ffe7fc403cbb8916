//! Settling: a claim whose time has come is paid, lapses, or is found to stand. One that was
//! held without a trip is tried in each round, since only a poke that allows ends its wait.

use backstop_chain::Result;
use backstop_types::vault::ExecuteMsg;

use super::action::Action;
use crate::snapshot::{Snapshot, Waits};

/// Claims that can be settled now, the oldest first.
pub fn decide(snapshot: &Snapshot) -> Result<Vec<Action>> {
    let claims = snapshot.vault.iter().flat_map(|vault| &vault.claims);
    let ready = claims.filter(|line| matches!(line.waits, Waits::Settlement {} | Waits::Reading {}));
    ready
        .map(|line| {
            let claim = line.response.claim;
            let settle = ExecuteMsg::SettleClaim { claim };
            Action::call(format!("settle {claim}"), &snapshot.addresses.vault, &settle)
        })
        .collect()
}
