//! A group of reporters speaks by what its members sent last with `Report`.
//!
//! With `quorum` *q*, and each member's last report in order of time:
//!
//! - **The time** is that of the *q*-th newest report, so the group has news only
//!   when *q* of its members have reported since. One lively member cannot keep a
//!   silent group alive, and cannot end a trip by itself.
//! - **The price** is the median of all reports that are not older than the
//!   source's `max_age`, or the market's; of an even number the mean of the middle
//!   two, rounded down. If the *q*-th newest is older than that, too few are
//!   fresh: the *q* newest speak, and their time shows that they are stale.
//! - **The confidence** is the *q*-th smallest of the counted reports' own: *q* of
//!   them are as sure as that, and fewer than a quorum cannot make the group
//!   uncertain while the others report.
//! - Fewer than *q* members who ever reported are no report.
//!
//! Only who is a member now is read: whoever left no longer counts. With *q* more
//! than half of the members, a minority of liars never makes a group speak, and a
//! group in which honest members are more than half of those counted has its
//! median among honest prices.

use std::cmp::Reverse;

use backstop_core::breaker::middle;
use backstop_types::Seconds;
use backstop_types::breaker::{Observation, Unreadable};
use cosmwasm_std::{Addr, BlockInfo, Storage};

use crate::state::{REPORTS, StoredReport};

/// A source's group.
pub(super) struct Group<'a> {
    pub(super) market: &'a str,
    pub(super) source: &'a str,
    pub(super) members: &'a [Addr],
    pub(super) quorum: u32,
    pub(super) max_age: Seconds,
}

/// What the group says now.
pub(super) fn read(
    storage: &dyn Storage,
    block: &BlockInfo,
    group: &Group,
) -> Result<Observation, Unreadable> {
    let mut reports = vec![];
    for member in group.members {
        let key = (group.market, group.source, member);
        let report = REPORTS.may_load(storage, key);
        reports.extend(report.map_err(|_| Unreadable::Malformed)?);
    }
    reports.sort_unstable_by_key(|report| Reverse(report.publish_time));
    said(&reports, group.quorum, oldest(block, group.max_age)).ok_or(Unreadable::NoReport)
}

/// The time of the oldest report that is fresh. A second that has begun counts,
/// as it does where staleness is judged.
fn oldest(block: &BlockInfo, max_age: Seconds) -> u64 {
    Seconds::clock(block.time).saturating_sub(max_age.0)
}

/// What these reports say, the newest first.
fn said(reports: &[StoredReport], quorum: u32, oldest: u64) -> Option<Observation> {
    let last = usize::try_from(quorum).ok()?.checked_sub(1)?;
    let publish_time = reports.get(last)?.publish_time;
    let since = oldest.min(publish_time);
    let counted = reports.iter().filter(|report| report.publish_time >= since);
    let mut doubts: Vec<_> = counted.clone().map(|report| report.confidence).collect();
    doubts.sort_unstable();
    let confidence = *doubts.get(last)?;
    let price = middle(counted.map(|report| report.price).collect())?;
    Some(Observation::Priced {
        price,
        confidence,
        publish_time: Some(publish_time),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Price;
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    fn report(price: u128, publish_time: u64) -> StoredReport {
        StoredReport {
            price: Price(Decimal::raw(price)),
            confidence: Price(Decimal::raw(price / 100)),
            publish_time,
        }
    }

    fn spoken(reports: &[(u128, u64)], quorum: u32, oldest: u64) -> Option<(u128, u128, u64)> {
        let mut reports: Vec<_> = reports.iter().map(|(price, at)| report(*price, *at)).collect();
        reports.sort_unstable_by_key(|report| Reverse(report.publish_time));
        match said(&reports, quorum, oldest)? {
            Observation::Priced {
                price,
                confidence,
                publish_time,
            } => Some((
                price.0.atomics().u128(),
                confidence.0.atomics().u128(),
                publish_time.unwrap(),
            )),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_time_is_that_of_the_report_that_makes_the_quorum() {
        let all = [(300, 30), (100, 10), (200, 20)];
        assert_eq!(spoken(&all, 2, 0), Some((200, 2, 20)));
        assert_eq!(spoken(&all, 3, 0), Some((200, 3, 10)));
        assert_eq!(spoken(&all, 4, 0), None);
        assert_eq!(spoken(&[], 1, 0), None);
        assert_eq!(spoken(&all, 0, 0), None);
    }

    #[test]
    fn a_report_that_is_too_old_does_not_count_while_a_quorum_is_fresh() {
        let all = [(300, 30), (100, 10), (200, 20)];
        assert_eq!(spoken(&all, 2, 20), Some((250, 3, 20)));
        assert_eq!(spoken(&all, 2, 10), Some((200, 2, 20)));
    }

    #[test]
    fn with_too_few_that_are_fresh_the_newest_speak_and_are_seen_to_be_stale() {
        let all = [(300, 30), (100, 10), (200, 20)];
        assert_eq!(spoken(&all, 2, 25), Some((250, 3, 20)));
    }

    #[test]
    fn the_median_of_two_rounds_down_and_never_overflows() {
        assert_eq!(spoken(&[(3, 1), (4, 1)], 2, 0), Some((3, 0, 1)));
        let most = u128::MAX;
        let (price, ..) = spoken(&[(most, 1), (most - 2, 1)], 2, 0).unwrap();
        assert_eq!(price, most - 1);
    }

    proptest! {
        #[test]
        fn fewer_liars_than_honest_members_counted_never_move_the_price_beyond_the_honest(
            honest in prop::collection::vec(900_u128..1_100, 2..8),
            lies in prop::collection::vec(any::<u128>(), 0..7),
        ) {
            let lies = &lies[..lies.len().min(honest.len() - 1)];
            let all: Vec<_> = honest.iter().chain(lies).map(|price| (*price, 1)).collect();
            let (price, ..) = spoken(&all, all.len() as u32, 0).unwrap();
            prop_assert!((900..1_100).contains(&price), "{price}");
        }
    }
}
