//! Applying changes that the DAO has submitted and whose time has come: within seven days,
//! or they are void.

use backstop_chain::Result;
use backstop_types::timelock::ExecuteMsg;

use super::action::Action;
use crate::snapshot::Snapshot;

/// Changes that are due and have not lapsed, by number.
pub fn decide(snapshot: &Snapshot) -> Result<Vec<Action>> {
    let (Some(state), Some(timelock)) = (&snapshot.timelock, &snapshot.addresses.timelock) else {
        return Ok(vec![]);
    };
    let due = state
        .changes
        .iter()
        .filter(|change| change.is_due(snapshot.now()));
    due.map(|change| {
        let apply = ExecuteMsg::Apply {
            change: change.number,
        };
        Action::call(format!("changes {}", change.number), timelock, &apply)
    })
    .collect()
}
