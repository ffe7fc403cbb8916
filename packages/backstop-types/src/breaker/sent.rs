//! Of the breaker's messages and queries the few that other contracts send; see
//! [`crate::sent`].

use serde::Serialize;

use super::state::Action;

/// Of [`super::ExecuteMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ToBreaker {
    Poke {
        markets: Vec<String>,
        action: Option<Action>,
    },
}

/// Of [`super::QueryMsg`].
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskBreaker {
    Markets { limit: u32 },
    Verdict { market: String, action: Action },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::{ExecuteMsg, QueryMsg};
    use cosmwasm_std::{from_json, to_json_string};

    #[test]
    fn a_poke_has_the_json_of_the_whole() {
        let (markets, action) = (vec!["ATOM/USD".to_string()], Some(Action::Payout));
        let part = ToBreaker::Poke {
            markets: markets.clone(),
            action,
        };
        let whole = ExecuteMsg::Poke { markets, action };
        assert_eq!(to_json_string(&part).unwrap(), to_json_string(&whole).unwrap());
    }

    #[test]
    fn each_question_is_understood_by_the_whole() {
        let markets = to_json_string(&AskBreaker::Markets { limit: 0 }).unwrap();
        let verdict = AskBreaker::Verdict {
            market: "ATOM/USD".to_string(),
            action: Action::Open,
        };
        for question in [markets, to_json_string(&verdict).unwrap()] {
            let read = from_json::<QueryMsg>(&question);
            assert!(read.is_ok(), "{question}: {read:?}");
        }
    }
}
