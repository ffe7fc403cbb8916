//! Mars's oracle contract (`packages/types/src/oracle/msg.rs` of
//! mars-protocol/contracts):
//!
//! ```json
//! {"price":{"denom":"uatom","kind":"default"}}
//! {"denom":"uatom","price":"10.35"}
//! ```
//!
//! The price is decimal text. Traps:
//!
//! - **The answer has no time.** Its age cannot be known and it is never news, so
//!   it counts beside timed sources and never makes up a quorum by itself.
//! - **The price is by base unit** (one `uatom`) in the oracle's base denom, which
//!   may have other decimals: the source's `exponent` makes a price of it.
//! - **`kind` matters**: `liquidation` skips the checks of confidence and
//!   deviation that `default` has, so it is never asked for.
//! - **The answer names its denom**: another one is the wrong feed.
//! - There is no confidence: zero. An oracle that halts is an error of the query.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, QuerierWrapper};

use super::ask;
use super::number::Number;

#[cw_serde]
enum Question {
    Price { denom: String, kind: Kind },
}

#[cw_serde]
enum Kind {
    Default,
}

#[cw_serde]
struct Answer {
    denom: String,
    price: String,
}

/// What the denom's price is now.
pub(super) fn read(
    querier: &QuerierWrapper,
    contract: &Addr,
    denom: &str,
    exponent: i32,
) -> Result<Observation, Unreadable> {
    let question = Question::Price {
        denom: denom.to_string(),
        kind: Kind::Default,
    };
    let answer: Answer = ask::json(&ask::contract(querier, contract, &question)?)?;
    if answer.denom != denom {
        return Err(Unreadable::WrongFeed);
    }
    Number::decimal(&answer.price)?
        .shifted(exponent)
        .observation(None)
}
