//! Of the distributor's messages, queries and answers the few that other contracts
//! send and read; see [`crate::sent`].

use cosmwasm_std::Addr;
use serde::{Deserialize, Serialize};

use super::msg::StakeChanged;

/// Of [`super::ExecuteMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToDistributor {
    StakeChanged(StakeChanged),
}

/// Of [`super::QueryMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskDistributor {
    Staker { staker: String },
}

/// Of [`super::Config`].
#[derive(Deserialize)]
pub(super) struct VaultServed {
    pub vault: Addr,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distributor::{ExecuteMsg, QueryMsg};
    use cosmwasm_std::to_json_string;

    #[test]
    fn each_part_has_the_json_of_the_whole() {
        let changed = || StakeChanged {
            staker: "a".to_string(),
            before: 1.into(),
            after: 2.into(),
        };
        assert_eq!(
            to_json_string(&ToDistributor::StakeChanged(changed())).unwrap(),
            to_json_string(&ExecuteMsg::StakeChanged(changed())).unwrap()
        );
        let staker = || "a".to_string();
        assert_eq!(
            to_json_string(&AskDistributor::Staker { staker: staker() }).unwrap(),
            to_json_string(&QueryMsg::Staker { staker: staker() }).unwrap()
        );
    }
}
