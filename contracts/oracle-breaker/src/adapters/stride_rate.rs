//! Stride's oracle of redemption rates (the README of
//! Stride-Labs/ica-oracle, under Queries):
//!
//! ```json
//! {"redemption_rate":{"denom":"ibc/…","params":null}}
//! {"redemption_rate":"1.0211","update_time":1700000000}
//! ```
//!
//! The rate is decimal text: what one liquid token redeems for. The time is a
//! number in seconds. Traps:
//!
//! - **The time is Stride's clock**, which may be ahead of this chain's: it is
//!   passed on as it is, and `max_future` judges it.
//! - **It is a rate and no price of a market**: it says what Stride owes, not what
//!   a buyer pays. It stands behind a composite, or prices the token in its
//!   underlying one.
//! - **The answer does not name its denom**; an unknown one is an error of the
//!   query. There is no confidence: zero.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, QuerierWrapper};

use super::ask;
use super::number::Number;

#[cw_serde]
enum Question {
    RedemptionRate {
        denom: String,
        /// Always null; the interface has it to be like other oracles.
        params: Option<Binary>,
    },
}

#[cw_serde]
struct Answer {
    redemption_rate: String,
    update_time: u64,
}

/// What the token redeems for now.
pub(super) fn read(
    querier: &QuerierWrapper,
    contract: &Addr,
    denom: &str,
) -> Result<Observation, Unreadable> {
    let question = Question::RedemptionRate {
        denom: denom.to_string(),
        params: None,
    };
    let answer: Answer = ask::json(&ask::contract(querier, contract, &question)?)?;
    Number::decimal(&answer.redemption_rate)?.observation(Some(answer.update_time))
}
