//! What the keeper remembers from round to round, beside the journal.

use std::collections::BTreeMap;

use backstop_types::Seconds;
use cosmwasm_std::Timestamp;

use crate::tasks::perps::Cursor;

/// The shortest and the longest wait after a failure.
const SHORTEST: u64 = 30;
const LONGEST: u64 = 3_600;
/// For how long a fee counts.
const DAY: u64 = 86_400;

/// What the keeper remembers. All of it can be lost: at worst something is looked at, poked
/// or simulated once more.
#[derive(Debug, Default)]
pub struct Memory {
    /// When a market was last poked, by label.
    pub poked: BTreeMap<String, Timestamp>,
    /// The newest block in which something of the keeper's is.
    pub height: u64,
    /// Where the next look at positions begins.
    pub positions: Cursor,
    /// The queue.
    pub queue: Queue,
    waits: BTreeMap<String, Wait>,
    fees: Vec<(Timestamp, u128)>,
}

/// A look at the queue that goes on from round to round.
#[derive(Debug, Default)]
pub struct Queue {
    /// When the last look began.
    pub looked: Option<Timestamp>,
    /// The staker after whom it goes on.
    pub after: Option<String>,
    /// The tickets counted in this one.
    pub open: u64,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    failures: u32,
    until: Timestamp,
}

impl Memory {
    /// Whether something failed so recently that it is not tried yet.
    pub fn waits(&self, label: &str, now: Timestamp) -> bool {
        self.waits.get(label).is_some_and(|wait| now < wait.until)
    }

    /// Notes a failure that cost a fee or a block's time: the next attempt waits twice as
    /// long as the one before.
    pub fn failed(&mut self, label: &str, now: Timestamp) {
        let failures = self.waits.get(label).map_or(0, |wait| wait.failures);
        let wait = SHORTEST
            .saturating_mul(2u64.saturating_pow(failures))
            .min(LONGEST);
        let until = Seconds(wait).after(now);
        let failures = failures.saturating_add(1);
        self.waits.insert(label.to_string(), Wait { failures, until });
    }

    /// Notes that it went well, or that there was nothing to do.
    pub fn went_well(&mut self, label: &str) {
        self.waits.remove(label);
    }

    /// Notes a fee that was paid.
    pub fn paid(&mut self, fee: u128, now: Timestamp) {
        self.fees.push((now, fee));
    }

    /// The fees of the last 24 hours.
    pub fn spent(&self, now: Timestamp) -> u128 {
        let counts = |(paid, _): &&(Timestamp, u128)| now < Seconds(DAY).after(*paid);
        let fees = self.fees.iter().filter(counts).map(|(_, fee)| *fee);
        fees.fold(0, u128::saturating_add)
    }

    /// Forgets fees that count no more, and failures of long ago, whose label may never
    /// come again.
    pub fn forget(&mut self, now: Timestamp) {
        self.fees.retain(|(paid, _)| now < Seconds(DAY).after(*paid));
        self.waits
            .retain(|_, wait| now < Seconds(LONGEST).after(wait.until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_counts_for_a_day() {
        let mut memory = Memory::default();
        let at = Timestamp::from_seconds;
        memory.paid(5, at(0));
        memory.paid(7, at(100));
        assert_eq!([0, 100, 86_399].map(|now| memory.spent(at(now))), [12, 12, 12]);
        assert_eq!([86_400, 86_500].map(|now| memory.spent(at(now))), [7, 0]);
        memory.forget(at(86_400));
        assert_eq!(memory.fees.len(), 1);
    }

    #[test]
    fn each_failure_waits_twice_as_long_up_to_an_hour() {
        let mut memory = Memory::default();
        let at = Timestamp::from_seconds;
        memory.failed("a", at(0));
        assert!(memory.waits("a", at(29)) && !memory.waits("a", at(30)) && !memory.waits("b", at(0)));
        memory.failed("a", at(30));
        assert!(memory.waits("a", at(89)) && !memory.waits("a", at(90)));
        for _ in 0..90 {
            memory.failed("a", at(100));
        }
        assert!(memory.waits("a", at(3_699)) && !memory.waits("a", at(3_700)));
        memory.forget(at(7_299));
        memory.failed("a", at(7_299));
        assert!(memory.waits("a", at(10_898)));
        memory.went_well("a");
        assert!(!memory.waits("a", at(7_299)));
    }
}
