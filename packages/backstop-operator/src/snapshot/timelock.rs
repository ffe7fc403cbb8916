//! The timelock: changes that wait, and who has the contracts.

use backstop_chain::paged::{ROWS, pages};
use backstop_types::timelock::{ChangeResponse, ChangesResponse, CustodyResponse, FieldChange, QueryMsg};
use cosmwasm_std::Timestamp;
use serde::{Deserialize, Serialize};

use super::Snapshot;
use crate::chain::Chain;

/// The timelock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimelockState {
    /// Changes that wait, by number.
    pub changes: Vec<ChangeLine>,
    /// Who has the contracts.
    pub custody: CustodyResponse,
}

/// A change that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeLine {
    /// Its number.
    pub number: u64,
    /// What it changes.
    pub target: String,
    /// Each field.
    pub fields: Vec<FieldChange>,
    /// When it was submitted.
    pub submitted_at: Timestamp,
    /// From when it can be applied.
    pub due: Option<Timestamp>,
    /// From when it cannot any more.
    pub lapses: Option<Timestamp>,
}

impl From<ChangeResponse> for ChangeLine {
    fn from(change: ChangeResponse) -> Self {
        Self {
            number: change.number,
            target: change.record.target,
            fields: change.fields,
            submitted_at: change.record.submitted_at,
            due: change.record.wait.map(|wait| wait.due),
            lapses: change.record.wait.map(|wait| wait.lapses),
        }
    }
}

impl ChangeLine {
    /// Whether it can be applied at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due <= now) && self.lapses.is_none_or(|lapses| now < lapses)
    }
}

/// Reads it into the snapshot.
pub(super) async fn read(chain: &impl Chain, snapshot: &mut Snapshot, most: u32) {
    let Some(timelock) = snapshot.addresses.timelock.clone() else {
        return;
    };
    let state = async {
        let ask = async |start_after| {
            let limit = Some(ROWS);
            let page: ChangesResponse = chain
                .smart(&timelock, &QueryMsg::Pending { start_after, limit })
                .await?;
            Ok(page.changes)
        };
        let (changes, after) = pages(most, None, |row: &ChangeResponse| row.number, ask).await?;
        let custody: CustodyResponse = chain.smart(&timelock, &QueryMsg::Custody {}).await?;
        Ok((changes, after, custody))
    };
    let Some((changes, after, custody)) = snapshot.keep("timelock", state.await) else {
        return;
    };
    snapshot.stopped("changes", after);
    snapshot.timelock = Some(TimelockState {
        changes: changes.into_iter().map(ChangeLine::from).collect(),
        custody,
    });
}
