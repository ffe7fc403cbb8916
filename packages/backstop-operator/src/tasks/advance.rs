//! Bringing the distributor up to date after a silence, so that the next staker's message
//! does not pay for all rate changes since.

use backstop_chain::{Message, Result};
use backstop_types::distributor::ExecuteMsg;
use backstop_types::{Seconds, UncheckedDenom};

use super::action::Action;
use crate::config::Advance;
use crate::snapshot::Snapshot;

/// All denoms that stream, in one transaction: its first message ends the silence of all.
pub fn decide(snapshot: &Snapshot, settings: &Advance) -> Result<Vec<Action>> {
    let (Some(state), Some(distributor)) = (&snapshot.distributor, &snapshot.addresses.distributor) else {
        return Ok(vec![]);
    };
    if Seconds::between(state.advanced_at, snapshot.now()) < Seconds(settings.after) {
        return Ok(vec![]);
    }
    let streaming = state.rewards.iter().filter(|reward| !reward.unreleased.is_zero());
    let messages: Vec<Message> = streaming
        .map(|reward| {
            let advance = ExecuteMsg::Advance {
                denom: UncheckedDenom::from(reward.denom.clone()),
                limit: None,
            };
            Message::execute(distributor, &advance)
        })
        .collect::<Result<_>>()?;
    let action = Action {
        label: "advance".to_string(),
        messages,
    };
    Ok(Some(action)
        .filter(|action| !action.messages.is_empty())
        .into_iter()
        .collect())
}
