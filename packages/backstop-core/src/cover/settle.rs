//! What becomes of a claim that waits: when its time has come, and whether the
//! price of a held one stands.

use backstop_types::breaker::Band;
use backstop_types::vault::{Claim, ClaimStatus, Held, Judged, JudgedBy, LapseReason, Pause};
use backstop_types::{Assets, Nanos, Price, Seconds};
use cosmwasm_std::Timestamp;

use crate::math::{MathError, mul_div_ceil, narrow};

/// A held claim lapses this long after unbonding period and notice, if its
/// trip has not ended by then.
pub const GRACE: Seconds = Seconds::days(30);

/// A pending claim's clock. The guardian's pauses stop it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Time since filing, less the pauses since then.
    pub elapsed: Nanos,
    /// Whether a pause stops it now.
    pub stopped: bool,
}

/// The clock of a claim filed at `filed_at`, when the pauses before were
/// `paused_before` together.
pub fn clock(filed_at: Timestamp, paused_before: Nanos, payouts: &Pause, now: Timestamp) -> Clock {
    let paused = payouts.total(now).saturating_sub(paused_before);
    Clock {
        elapsed: Nanos::between(filed_at, now).saturating_sub(paused),
        stopped: payouts.active(now),
    }
}

/// How the trip that a held claim waits for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It goes on, or the breaker still denies or does not answer.
    Open {
        /// From when the claim's latest date counts: its filing, or a later
        /// trip's beginning.
        since: Timestamp,
    },
    /// It ended, by clean readings in a band; without a trip, by the band of
    /// the first poke that allows.
    Ended(End),
}

/// What ended the wait of a held claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// The band in which it ended.
    pub band: Band,
    /// What it was.
    pub by: JudgedBy,
    /// The trip's number, if it was one.
    pub trip: Option<u64>,
}

impl End {
    /// By what a claim is judged then that was held so.
    pub fn judged(&self, held: &Held) -> Judged {
        Judged {
            span: span(held, self.band),
            by: self.by,
            trip: self.trip,
        }
    }
}

/// What the breaker's records say of the time since a claim was filed that was
/// held without a trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Since {
    /// The last clean reading before the next trip, or so far: its band, and
    /// when it was.
    pub clean: Option<(Band, Timestamp)>,
    /// The first trip that began after filing.
    pub trip: Option<NextTrip>,
}

/// A trip that began after a claim was filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextTrip {
    /// Its number.
    pub number: u64,
    /// When it began.
    pub began_at: Timestamp,
    /// The clean bands that ended it, if it has ended.
    pub ended: Option<Band>,
}

/// A trip's end, by which a claim is judged that waited for it.
pub const fn by_trip(number: u64, band: Band) -> Ending {
    Ending::Ended(End {
        band,
        by: JudgedBy::Trip,
        trip: Some(number),
    })
}

/// How it stands with a claim that was held without a trip. `allowed` is the
/// band of the poke now, if that allows. What came first counts:
///
/// 1. a clean reading after filing, before the next trip: the market was well,
///    whatever it is now;
/// 2. without one, that trip: the claim waits for its end as if it had been
///    filed in it, and the latest date counts from its beginning;
/// 3. without a trip, the poke now.
pub fn without_trip(filed_at: Timestamp, since: &Since, allowed: Option<Band>) -> Ending {
    let judged = |by: JudgedBy, band| Ending::Ended(End { band, by, trip: None });
    if let Some((band, _)) = since.clean.filter(|(_, at)| *at > filed_at) {
        return judged(JudgedBy::Reading, band);
    }
    match (since.trip, allowed) {
        (Some(trip), _) => match trip.ended {
            Some(band) => by_trip(trip.number, band),
            None => Ending::Open { since: trip.began_at },
        },
        (None, Some(band)) => judged(JudgedBy::Poke, band),
        (None, None) => Ending::Open { since: filed_at },
    }
}

/// What happens to a pending claim now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// The pot is paid.
    Pay,
    /// A held claim's price stands, but its time has not come: it is delayed
    /// from now on, and not judged again.
    Stand,
    /// The pot goes back to those who bore the loss.
    Lapse(LapseReason),
    /// It waits.
    Wait(Wait),
}

/// What a claim waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// This much more of its delay, rounded up.
    Delay(Seconds),
    /// The end of the guardian's pause.
    PayoutsPaused,
    /// The end of the trip.
    Trip,
}

/// Rules on a pending claim. `patience` is unbonding period plus notice;
/// `ending` is how its trip stands, of no account for a delayed claim.
///
/// A claim whose price was found to stand never lapses, however late it is
/// paid.
pub fn rule(claim: &Claim, clock: Clock, patience: Seconds, ending: Ending) -> Ruling {
    let delay = claim.delay.nanos();
    if let ClaimStatus::Held(held) = &claim.status {
        let latest = patience.saturating_add(GRACE).nanos();
        match ending {
            Ending::Open { since } => {
                let latest = latest.saturating_add(Nanos::between(claim.filed_at, since));
                return if clock.elapsed > latest && !clock.stopped {
                    Ruling::Lapse(LapseReason::Expired)
                } else {
                    Ruling::Wait(Wait::Trip)
                };
            }
            Ending::Ended(end) if !stands(claim.price, held, end.band) => {
                return Ruling::Lapse(LapseReason::PriceOutsideSpan);
            }
            Ending::Ended(_) if clock.stopped || clock.elapsed < delay => return Ruling::Stand,
            Ending::Ended(_) => {}
        }
    }
    if clock.stopped {
        return Ruling::Wait(Wait::PayoutsPaused);
    }
    if clock.elapsed < delay {
        let left = delay.saturating_sub(clock.elapsed);
        return Ruling::Wait(Wait::Delay(left.seconds_up()));
    }
    Ruling::Pay
}

/// Whether a held claim's price lies in its span.
fn stands(price: Option<Price>, held: &Held, ended: Band) -> bool {
    price.is_some_and(|price| span(held, ended).contains(price))
}

/// A held claim's span: the band at filing alone, where there is one, since a
/// guardian's trip says nothing about prices; else from the last clean band before
/// the trip to the clean bands that ended it.
fn span(held: &Held, ended: Band) -> Band {
    match (held.at_filing, held.last_clean) {
        (Some(at_filing), _) => at_filing,
        (None, Some(before)) => before.span(ended),
        (None, None) => ended,
    }
}

/// Of a claim's deductible, the part that goes with what was not paid of its
/// grant, rounded up: it is given back with the pot. The rest stays worn down.
pub fn unpaid_deductible(claim: &Claim) -> Result<Assets, MathError> {
    let part = mul_div_ceil(claim.deductible.wide(), claim.pot.wide(), claim.granted.wide())?;
    Ok(Assets(narrow(part)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::breaker::TripCause;
    use cosmwasm_std::{Addr, Decimal};
    use proptest::prelude::*;

    const PATIENCE: Seconds = Seconds::days(24);
    const OPEN: Ending = Ending::Open {
        since: Timestamp::from_nanos(0),
    };

    fn band(low: u64, high: u64) -> Band {
        let price = |cents| Price(Decimal::percent(cents));
        Band {
            low: price(low),
            high: price(high),
        }
    }

    fn held(last_clean: Option<Band>, at_filing: Option<Band>) -> ClaimStatus {
        held_by(TripCause::Faults, last_clean, at_filing)
    }

    fn held_by(cause: TripCause, last_clean: Option<Band>, at_filing: Option<Band>) -> ClaimStatus {
        ClaimStatus::Held(Held {
            breaker: Addr::unchecked("breaker"),
            trip: Some(1),
            trips: 1,
            cause: Some(cause.into()),
            last_clean,
            at_filing,
        })
    }

    fn claim(status: ClaimStatus, cents: u64) -> Claim {
        Claim {
            policyholder: Addr::unchecked("perps"),
            market: "ATOM/USD".to_string(),
            filed_at: Timestamp::from_seconds(0),
            price: Some(Price(Decimal::percent(cents))),
            asked: Assets::new(5),
            deductible: Assets::ZERO,
            granted: Assets::new(5),
            paid: Assets::ZERO,
            pot: Assets::new(5),
            delay: Seconds::DAY,
            paused_before: Nanos::default(),
            assets_before: Assets::new(100),
            pool_refilled: Default::default(),
            deductible_refilled: Default::default(),
            status,
            bound: None,
            waits: None,
            was_held: None,
            judged: None,
            stood_at: None,
            ended_at: None,
            paid_later: None,
            declined_by: None,
        }
    }

    fn running(elapsed: Seconds) -> Clock {
        Clock {
            elapsed: elapsed.into(),
            stopped: false,
        }
    }

    #[test]
    fn a_delayed_claim_is_paid_when_its_delay_has_passed_and_never_lapses() {
        let claim = claim(ClaimStatus::Delayed {}, 1);
        let at = |elapsed| rule(&claim, running(elapsed), PATIENCE, OPEN);
        assert_eq!(at(Seconds(86_399)), Ruling::Wait(Wait::Delay(Seconds(1))));
        assert_eq!(at(Seconds::DAY), Ruling::Pay);
        assert_eq!(at(Seconds::days(4_000)), Ruling::Pay);
        let short = Clock {
            elapsed: Nanos((Seconds::DAY.nanos().u64() - 1).into()),
            stopped: false,
        };
        let ruling = rule(&claim, short, PATIENCE, OPEN);
        assert_eq!(ruling, Ruling::Wait(Wait::Delay(Seconds(1))));
    }

    #[test]
    fn a_held_claim_is_judged_by_the_span_from_before_the_trip_to_its_end() {
        let before = Some(band(400, 410));
        let ended = by_trip(1, band(300, 310));
        let ruled = |cents| {
            rule(
                &claim(held(before, None), cents),
                running(Seconds::DAY),
                PATIENCE,
                ended,
            )
        };
        assert_eq!(ruled(410), Ruling::Pay);
        assert_eq!(ruled(350), Ruling::Pay, "between the two");
        assert_eq!(ruled(300), Ruling::Pay);
        assert_eq!(
            ruled(299),
            Ruling::Lapse(LapseReason::PriceOutsideSpan),
            "below the rebound"
        );
        assert_eq!(ruled(411), Ruling::Lapse(LapseReason::PriceOutsideSpan));
    }

    #[test]
    fn of_the_deductible_the_part_of_what_was_not_paid_is_given_back() {
        let of = |deductible: u128, granted: u128, pot: u128| {
            let mut claim = claim(ClaimStatus::Delayed {}, 400);
            (claim.deductible, claim.granted, claim.pot) = (deductible.into(), granted.into(), pot.into());
            unpaid_deductible(&claim).unwrap().u128()
        };
        assert_eq!(of(100, 350, 350), 100);
        assert_eq!(of(100, 350, 150), 43);
        assert_eq!((of(100, 350, 0), of(0, 350, 350)), (0, 0));
    }

    #[test]
    fn in_a_guardians_trip_the_band_at_filing_alone_counts_if_there_is_one() {
        let ruled = |at_filing, cents| {
            let status = held_by(TripCause::Guardian, Some(band(400, 410)), at_filing);
            let ended = by_trip(1, band(300, 310));
            rule(&claim(status, cents), running(Seconds::DAY), PATIENCE, ended)
        };
        let lapse = Ruling::Lapse(LapseReason::PriceOutsideSpan);
        assert_eq!(ruled(Some(band(380, 390)), 385), Ruling::Pay);
        assert_eq!(ruled(Some(band(380, 390)), 400), lapse);
        // Without a sound band at filing, as in a trip by the market's faults.
        assert_eq!(ruled(None, 305), Ruling::Pay);
        assert_eq!(ruled(None, 385), Ruling::Pay);
        assert_eq!(ruled(None, 411), lapse);
        assert_eq!(ruled(None, 299), lapse);
    }

    #[test]
    fn a_held_claim_whose_price_stands_before_its_time_is_not_judged_again() {
        let held = claim(held(None, None), 400);
        let early = rule(&held, running(Seconds(5)), PATIENCE, by_trip(1, band(400, 400)));
        assert_eq!(early, Ruling::Stand);
        let stopped = Clock {
            elapsed: Seconds::days(2).into(),
            stopped: true,
        };
        assert_eq!(
            rule(&held, stopped, PATIENCE, by_trip(1, band(400, 400))),
            Ruling::Stand
        );
        let early = rule(&held, running(Seconds(5)), PATIENCE, by_trip(1, band(390, 399)));
        assert_eq!(early, Ruling::Lapse(LapseReason::PriceOutsideSpan));
    }

    #[test]
    fn a_trip_that_never_ends_lapses_the_claim_after_its_latest_date() {
        let claim = claim(held(None, None), 400);
        let latest = PATIENCE.saturating_add(GRACE);
        let at = |elapsed| rule(&claim, running(elapsed), PATIENCE, OPEN);
        assert_eq!(at(latest), Ruling::Wait(Wait::Trip));
        assert_eq!(
            at(latest.saturating_add(Seconds(1))),
            Ruling::Lapse(LapseReason::Expired)
        );
        let ended = by_trip(1, band(400, 400));
        assert_eq!(
            rule(&claim, running(Seconds::days(4_000)), PATIENCE, ended),
            Ruling::Pay,
            "payable never lapses"
        );
    }

    #[test]
    fn a_claim_held_without_a_trip_is_ended_by_what_came_first() {
        let at = Timestamp::from_seconds;
        let (early, later, now) = (band(400, 410), band(300, 310), band(200, 210));
        let ending = |clean, trip| without_trip(at(100), &Since { clean, trip }, Some(now));
        let open = |since| Ending::Open { since: at(since) };
        let judged = |by, band| Ending::Ended(End { band, by, trip: None });
        let next = |ended| NextTrip {
            number: 7,
            began_at: at(500),
            ended,
        };

        // A clean reading after filing, whatever came then.
        for trip in [None, Some(next(None)), Some(next(Some(later)))] {
            let well = judged(JudgedBy::Reading, early);
            assert_eq!(ending(Some((early, at(101))), trip), well);
        }
        // None after filing: the trip that came next, from its beginning.
        for clean in [None, Some((early, at(100)))] {
            assert_eq!(ending(clean, Some(next(Some(later)))), by_trip(7, later));
            assert_eq!(ending(clean, Some(next(None))), open(500));
            // Nor a trip: the poke now.
            assert_eq!(ending(clean, None), judged(JudgedBy::Poke, now));
        }
        let silent = without_trip(at(100), &Since::default(), None);
        assert_eq!(silent, open(100));
    }

    #[test]
    fn a_trip_that_began_after_filing_moves_the_latest_date() {
        let claim = claim(held(None, None), 400);
        let latest = PATIENCE.saturating_add(GRACE);
        let since = Seconds::days(50).after(claim.filed_at);
        let at = |elapsed| rule(&claim, running(elapsed), PATIENCE, Ending::Open { since });
        let moved = latest.saturating_add(Seconds::days(50));
        assert_eq!(at(moved), Ruling::Wait(Wait::Trip));
        let expired = Ruling::Lapse(LapseReason::Expired);
        assert_eq!(at(moved.saturating_add(Seconds(1))), expired);
    }

    proptest! {
        #[test]
        fn a_hold_stops_the_clock_for_as_long_as_it_lasts(
            filed in 0u64..1_000, start in 0u64..1_000, length in 1u64..1_000, wait in 0u64..5_000, before in 0u64..100,
        ) {
            // In nanoseconds: no second is whole.
            let at = Timestamp::from_nanos;
            let pause = Pause { since: at(start), until: at(start + length), before: Nanos(before.into()), number: 1 };
            let paused_before = pause.total(at(filed));
            let clock = clock(at(filed), paused_before, &pause, at(filed + wait));
            let overlap = (filed..filed + wait).filter(|t| (start..start + length).contains(t)).count() as u64;
            // A pause that began after filing was not yet known then.
            prop_assert_eq!(clock.elapsed.u64(), wait - overlap);
        }

        #[test]
        fn nothing_is_paid_before_its_delay_or_under_a_hold(
            elapsed in 0u64..200_000, stopped: bool, cents in 290u64..420, waits: bool,
        ) {
            let status = if waits { held(Some(band(400, 410)), None) } else { ClaimStatus::Delayed {} };
            let clock = Clock { elapsed: Seconds(elapsed).into(), stopped };
            let ruling = rule(&claim(status, cents), clock, PATIENCE, by_trip(1, band(300, 310)));
            if ruling == Ruling::Pay {
                prop_assert!(elapsed >= 86_400 && !stopped);
                prop_assert!(!waits || (300..=410).contains(&cents));
            }
        }
    }
}
