//! A reporter's price is the last one that it sent by `Report`.

use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_std::Storage;

use crate::state::REPORTS;

/// What the reporter said last.
pub(super) fn observe(storage: &dyn Storage, market: &str, source: &str) -> Observation {
    match REPORTS.may_load(storage, (market, source)) {
        Ok(Some(report)) => Observation::Priced {
            price: report.price,
            confidence: report.confidence,
            publish_time: report.publish_time,
        },
        Ok(None) => Observation::Unreadable {
            why: Unreadable::NoReport,
        },
        Err(_) => Observation::Unreadable {
            why: Unreadable::Malformed,
        },
    }
}
