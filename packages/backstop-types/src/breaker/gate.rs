//! How a derivatives contract acts only with the breaker's leave: it pokes by a
//! sub-message that carries what is to be done, and does it in the reply.
//!
//! ```rust,ignore
//! // In execute, after checking the sender and the funds:
//! let ask = config.breaker.gate("ATOM/USD", Action::Open, GAS, REPLY_ID, &order)?;
//! Ok(Response::new().add_submessage(ask))
//! // In reply:
//! let (order, gate) = gated::<Order>(reply)?;
//! let Gate::Allowed(leave) = gate else { return hand_back(order) };
//! open(deps, env, order, leave.price)
//! ```
//!
//! A deny is an answer like any other: who fails on it takes back the trip that
//! the poke has found. So hand the money back and succeed.

use cosmwasm_std::{Reply, StdError, StdResult, SubMsg, Timestamp, from_json, to_json_binary};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fault::Faults;
use super::state::{Action, Band, MarketState};
use super::{OracleBreaker, parse_poke_reply};
use crate::{Open, Price, Side};

/// What the breaker says to an action.
#[derive(Clone, Debug, PartialEq)]
pub enum Gate {
    /// Go ahead, at this price.
    Allowed(Leave),
    /// Do not.
    Denied {
        /// The market's state.
        state: Open<MarketState>,
        /// Why.
        faults: Faults,
        /// The median, where a quorum agrees all the same: there is a price, and nothing
        /// is to be done at it.
        median: Option<Price>,
    },
    /// The breaker failed, ran out of gas, or answered nothing that can be read.
    /// It is a deny, and nothing of the poke was recorded.
    NoAnswer,
}

/// The breaker's leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The median.
    pub price: Price,
    /// While a jump is confirmed: between which prices risk is taken off.
    pub reduce_between: Option<Band>,
    /// When most of the lineages that count had published, in seconds since the
    /// epoch; none where most have no time.
    pub published: Option<u64>,
}

impl Leave {
    /// Whether the price is from after this moment: most lineages have published
    /// since, so who acted then could not know it.
    pub fn is_after(&self, moment: Timestamp) -> bool {
        self.published
            .is_some_and(|published| published > moment.seconds())
    }

    /// The price at which a position of this side is reduced: the median, and in
    /// a confirmed jump the worse for its owner of median and reference.
    pub fn reduces(&self, side: Side) -> Price {
        match (self.reduce_between, side) {
            (None, _) => self.price,
            (Some(band), Side::Long) => band.low,
            (Some(band), Side::Short) => band.high,
        }
    }
}

impl OracleBreaker {
    /// A poke of one market for an action, as a sub-message that replies always,
    /// spends at most `gas_limit` and carries what is to be done; read the reply
    /// with [`gated`].
    pub fn gate<T: Serialize>(
        &self,
        market: impl Into<String>,
        action: Action,
        gas_limit: u64,
        reply_id: u64,
        then: &T,
    ) -> StdResult<SubMsg> {
        let poke = self.poke_submsg(market, action, gas_limit, reply_id)?;
        Ok(poke.with_payload(to_json_binary(then)?))
    }
}

/// What was to be done, and what the breaker says to it. An error is this
/// contract's own: the reply is not one to [`OracleBreaker::gate`].
pub fn gated<T: DeserializeOwned>(reply: Reply) -> StdResult<(T, Gate)> {
    let then = from_json(&reply.payload)
        .map_err(|_| StdError::generic_err("the reply's payload is not what the poke carried"))?;
    let gate = match parse_poke_reply(reply) {
        None => Gate::NoAnswer,
        Some(verdict) => match verdict.median.filter(|_| verdict.allowed) {
            Some(price) => Gate::Allowed(Leave {
                price,
                reduce_between: verdict.reduce_between,
                published: verdict.published,
            }),
            None => Gate::Denied {
                state: verdict.state,
                faults: verdict.faults,
                median: verdict.median,
            },
        },
    };
    Ok((then, gate))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::breaker::{Fault, PokeFacts, VerdictFacts};
    use cosmwasm_std::{Addr, Binary, Decimal, ReplyOn, SubMsgResponse, SubMsgResult};

    fn price(cents: u64) -> Price {
        Price(Decimal::percent(cents))
    }

    fn verdict(allowed: bool, median: Option<Price>) -> VerdictFacts {
        VerdictFacts {
            allowed,
            state: MarketState::Guarded.into(),
            faults: Fault::NearJump.into(),
            median,
            band: None,
            trip: None,
            trip_cause: None,
            last_clean: None,
            reduce_between: None,
            published: Some(7),
        }
    }

    /// The chain's reply to a poke that was answered with this.
    fn reply(data: &[u8], payload: &[u8]) -> Reply {
        // `MsgExecuteContractResponse` in protobuf: field 1 with a length of up to 14 bits.
        let (low, high) = (data.len() % 128, data.len() / 128);
        let mut encoded = vec![10, u8::try_from(low).unwrap() | 128, u8::try_from(high).unwrap()];
        encoded.extend(data);
        Reply {
            id: 1,
            payload: Binary::from(payload),
            gas_used: 0,
            result: SubMsgResult::Ok(SubMsgResponse {
                events: vec![],
                #[allow(deprecated)]
                data: None,
                msg_responses: vec![cosmwasm_std::MsgResponse {
                    type_url: "/cosmwasm.wasm.v1.MsgExecuteContractResponse".to_string(),
                    value: encoded.into(),
                }],
            }),
        }
    }

    fn answered(verdicts: Vec<VerdictFacts>) -> Reply {
        let data = to_json_binary(&PokeFacts { verdicts }).unwrap();
        reply(&data, b"7")
    }

    #[test]
    fn a_poke_carries_what_is_to_be_done_and_brings_it_back_with_the_leave() {
        let breaker = OracleBreaker(Addr::unchecked("breaker"));
        let ask = breaker.gate("ATOM/USD", Action::Open, 5, 1, &7u32).unwrap();
        assert_eq!((ask.gas_limit, ask.reply_on), (Some(5), ReplyOn::Always));
        assert_eq!(ask.payload.as_slice(), b"7");
        let (then, gate) = gated::<u32>(answered(vec![verdict(true, Some(price(400)))])).unwrap();
        let leave = Leave {
            price: price(400),
            reduce_between: None,
            published: Some(7),
        };
        assert_eq!((then, gate), (7, Gate::Allowed(leave)));
    }

    #[test]
    fn what_is_denied_or_has_no_price_is_denied_with_state_and_reasons() {
        for (allowed, median) in [(false, Some(price(400))), (true, None)] {
            let told = verdict(allowed, median);
            let (_, gate) = gated::<u32>(answered(vec![told])).unwrap();
            let denied = Gate::Denied {
                state: MarketState::Guarded.into(),
                faults: Fault::NearJump.into(),
                median,
            };
            assert_eq!(gate, denied);
        }
    }

    #[test]
    fn an_error_junk_or_no_verdict_is_no_answer() {
        let mut failed = answered(vec![]);
        failed.result = SubMsgResult::Err("out of gas".to_string());
        for silent in [failed, reply(b"{\"verdicts\":7", b"7"), answered(vec![])] {
            assert_eq!(gated::<u32>(silent).unwrap(), (7, Gate::NoAnswer));
        }
    }

    #[test]
    fn a_payload_that_no_gate_carried_is_a_typed_error() {
        for junk in [&b""[..], b"{", b"\"seven\""] {
            let refused = gated::<u32>(reply(b"{}", junk)).unwrap_err();
            assert!(matches!(refused, StdError::GenericErr { .. }), "{refused}");
        }
    }

    #[test]
    fn a_price_is_after_a_moment_if_it_was_published_in_a_later_second() {
        let leave = |published| Leave {
            price: price(700),
            reduce_between: None,
            published,
        };
        let moment = Timestamp::from_seconds(100).plus_nanos(1);
        let after = |published| leave(published).is_after(moment);
        let times = [None, Some(99), Some(100), Some(101)];
        assert_eq!(times.map(after), [false, false, false, true]);
    }

    #[test]
    fn in_a_confirmed_jump_each_side_is_reduced_at_its_worse_end() {
        let mut leave = Leave {
            price: price(700),
            reduce_between: None,
            published: None,
        };
        assert_eq!(leave.reduces(Side::Short), price(700));
        leave.reduce_between = Some(Band {
            low: price(700),
            high: price(1_000),
        });
        assert_eq!(leave.reduces(Side::Long), price(700));
        assert_eq!(leave.reduces(Side::Short), price(1_000));
    }
}
