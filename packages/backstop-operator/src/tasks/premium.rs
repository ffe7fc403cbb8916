//! Passing on premiums: what is earned earns the stakers nothing until somebody sends it.

use backstop_chain::Result;
use backstop_types::vault::ExecuteMsg;

use super::action::Action;
use crate::config::Premium;
use crate::snapshot::Snapshot;

/// Policies of which enough is earned and not sent.
pub fn decide(snapshot: &Snapshot, settings: &Premium) -> Result<Vec<Action>> {
    let policies = snapshot.vault.iter().flat_map(|vault| &vault.policies);
    let worth = policies.filter(|policy| {
        policy
            .premium
            .is_some_and(|premium| premium.unsent.0 >= settings.minimum)
    });
    worth
        .map(|policy| {
            let label = format!("premium {} {}", policy.policyholder, policy.market);
            let send = ExecuteMsg::SendPremium {
                policyholder: policy.policyholder.to_string(),
                market: policy.market.clone(),
            };
            Action::call(label, &snapshot.addresses.vault, &send)
        })
        .collect()
}
