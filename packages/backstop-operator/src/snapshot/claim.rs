//! What a pending claim waits for, and from when it can be settled.

use backstop_types::breaker::TripItem;
use backstop_types::vault::{ClaimResponse, ClaimStatus, PauseResponse};
use cosmwasm_std::Timestamp;
use serde::{Deserialize, Serialize};

use super::breaker::MarketLine;

/// A pending claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimLine {
    /// As the vault has it.
    #[serde(flatten)]
    pub response: ClaimResponse,
    /// What it waits for.
    pub waits: Waits,
    /// From when it can be settled at the earliest; none where no time alone brings that.
    pub from: Option<Timestamp>,
}

impl ClaimLine {
    /// Whether it only waits for somebody who settles it.
    pub fn is_ready(&self) -> bool {
        self.waits == Waits::Settlement {}
    }
}

/// What a pending claim waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// For somebody who settles it.
    Settlement {},
    /// For its delay.
    Delay {},
    /// For the end of the guardian's pause of payouts.
    Pause {},
    /// For the end of a trip of its market.
    Trip {
        /// Its number.
        number: u64,
    },
    /// It was held without a trip: for a clean reading, or a poke that allows.
    Reading {},
}

/// What a claim waits for at `now`, and from when it can be settled. A held one is judged
/// when its trip has ended, in a pause too; one whose trip does not end lapses at its latest
/// date.
pub fn waits(
    claim: &ClaimResponse,
    payouts: Option<PauseResponse>,
    trip: Option<&TripItem>,
    market: Option<&MarketLine>,
    now: Timestamp,
) -> (Waits, Option<Timestamp>) {
    let settled_at = |at: Timestamp| (Waits::Settlement {}, Some(at));
    match (&claim.record.status, trip) {
        (ClaimStatus::Held(_), Some(TripItem { number, trip })) => match trip.end {
            Some(end) => settled_at(end.at),
            None if now >= claim.latest => settled_at(claim.latest),
            None => {
                let earliest = market.and_then(MarketLine::earliest_end);
                let from = earliest.map_or(claim.latest, |earliest| earliest.min(claim.latest));
                (Waits::Trip { number: *number }, Some(from))
            }
        },
        (ClaimStatus::Held(_), None) => match market.and_then(|market| market.last_clean_at) {
            Some(clean) if clean > claim.record.filed_at => settled_at(clean),
            _ if now >= claim.latest => settled_at(claim.latest),
            _ => (Waits::Reading {}, None),
        },
        _ => {
            let paused = payouts.filter(|pause| now < pause.until);
            let from = paused.map_or(claim.payable_at, |pause| claim.payable_at.max(pause.until));
            match paused {
                _ if now < claim.payable_at => (Waits::Delay {}, Some(from)),
                Some(_) => (Waits::Pause {}, Some(from)),
                None => settled_at(from),
            }
        }
    }
}
