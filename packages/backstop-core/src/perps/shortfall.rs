//! What becomes of a shortfall: who has made it good so far, when
//! auto-deleveraging may, and to whom a payment goes. A payment goes to the
//! deleveraged traders until they have back what was taken, then to the pool.
//! What nobody can make good any more is written off.

use backstop_types::breaker::{Band, MarketState, VerdictFacts};
use backstop_types::{Assets, Nanos, Price, Seconds};
use cosmwasm_schema::cw_serde;
use cosmwasm_std::Timestamp;

use crate::cover::judged_at_filing;
use crate::math::MathError;

/// A shortfall is asked for at most so long after its first closing: nobody keeps an
/// old loss for a better moment. Without an answer deleveraging begins then: a
/// failed call is no refusal, and until then anyone may send it again.
pub const ASK_WITHIN: Seconds = Seconds::HOUR;
/// Deleveraging ends after so much time with prices since it could begin. What is
/// left then is the pool's loss, so that an old shortfall does not hang over later
/// winners.
pub const ADL_WINDOW: Seconds = Seconds::DAY;
/// Deleveraging ends at the latest so long after the first closing, prices or not.
pub const ADL_LATEST: Seconds = Seconds::days(30);

/// The time in which nobody could have a price. An exchange is told the price by
/// the messages that take one; more than an hour without any counts as dark, whatever
/// was recorded of it.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct PriceClock {
    /// When there was a price last.
    pub last: Timestamp,
    /// All dark time so far.
    pub dark: Nanos,
}

/// From here on a time without a price is dark.
const DARK_AFTER: Seconds = Seconds::HOUR;

impl PriceClock {
    /// A clock that begins now.
    pub fn new(now: Timestamp) -> Self {
        Self {
            last: now,
            dark: Nanos::default(),
        }
    }

    /// All dark time until now.
    pub fn dark_until(&self, now: Timestamp) -> Nanos {
        let since = Nanos::between(self.last, now);
        if since > DARK_AFTER.nanos() {
            self.dark.saturating_add(since)
        } else {
            self.dark
        }
    }

    /// There is a price now.
    pub fn tick(&mut self, now: Timestamp) {
        self.dark = self.dark_until(now);
        self.last = now;
    }
}

/// Who has made a shortfall good. `to_pool + deleveraged + written_off ≤ asked`,
/// `to_deleveraged ≤ deleveraged`.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct MadeGood {
    /// The shortfall.
    pub asked: Assets,
    /// What the vault has paid so far.
    pub received: Assets,
    /// Of that, what the pool got.
    pub to_pool: Assets,
    /// Of that, what was booked for the deleveraged traders.
    pub to_deleveraged: Assets,
    /// Profit that was taken from traders.
    pub deleveraged: Assets,
    /// What nobody will make good: the pool's loss.
    pub written_off: Assets,
}

/// How one payment is divided.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Division {
    /// For the deleveraged traders.
    pub to_deleveraged: Assets,
    /// For the pool.
    pub to_pool: Assets,
}

impl MadeGood {
    /// A shortfall of which nothing is made good.
    pub fn asked(asked: Assets) -> Self {
        Self {
            asked,
            ..Self::default()
        }
    }

    /// What the pool still misses, and deleveraging may take.
    pub fn remaining(&self) -> Assets {
        self.asked
            .saturating_sub(self.to_pool)
            .saturating_sub(self.deleveraged)
            .saturating_sub(self.written_off)
    }

    /// Gives up what remains, and returns it.
    pub fn write_off(&mut self) -> Result<Assets, MathError> {
        let remaining = self.remaining();
        self.written_off = self.written_off.checked_add(remaining)?;
        Ok(remaining)
    }

    /// Books a payment of the vault.
    pub fn pay(&mut self, payment: Assets) -> Result<Division, MathError> {
        let owed = self.deleveraged.checked_sub(self.to_deleveraged)?;
        let to_deleveraged = payment.min(owed);
        let to_pool = payment.checked_sub(to_deleveraged)?;
        self.received = self.received.checked_add(payment)?;
        self.to_deleveraged = self.to_deleveraged.checked_add(to_deleveraged)?;
        self.to_pool = self.to_pool.checked_add(to_pool)?;
        Ok(Division {
            to_deleveraged,
            to_pool,
        })
    }

    /// Books profit that was taken.
    pub fn deleverage(&mut self, taken: Assets) -> Result<(), MathError> {
        self.deleveraged = self.deleveraged.checked_add(taken)?;
        Ok(())
    }
}

/// When deleveraging may happen.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct AdlWindow {
    /// From the answer, or an hour after the first closing without one.
    pub from: Timestamp,
    /// Until a day later, not counting dark time.
    pub until: Timestamp,
}

impl AdlWindow {
    /// The window of a shortfall whose first closing was at `closed_at`, with so much
    /// dark time since. An answer that comes after the hour does not open a second
    /// one.
    pub fn of(closed_at: Timestamp, answered_at: Option<Timestamp>, dark: Nanos) -> Self {
        let without = ASK_WITHIN.after(closed_at);
        let from = answered_at.map_or(without, |answered| answered.min(without));
        let until = dark.after(ADL_WINDOW.after(from));
        Self {
            from,
            until: until.min(ADL_LATEST.after(closed_at)),
        }
    }

    /// Whether it is open at `now`.
    pub fn contains(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.until
    }
}

/// Whether a claim that the vault would hold at this price, by the breaker's
/// verdict now, can be expected to stand. In a guardian's trip without a market
/// fault it is judged by the band at filing, otherwise by the span from the last
/// clean band before the trip to those that end it. The band now is taken for one
/// that may end it in a recovery, and while the breaker has the jump confirmed.
pub fn would_stand(verdict: &VerdictFacts, price: Price) -> bool {
    let at_filing = judged_at_filing(verdict);
    let confirmed = verdict.reduce_between.is_some();
    let before = verdict.last_clean.filter(|_| !at_filing);
    let now = verdict
        .band
        .filter(|_| at_filing || confirmed || verdict.state == MarketState::Recovering);
    let span = before.into_iter().chain(now).reduce(Band::span);
    span.is_some_and(|span| span.contains(price))
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::breaker::{Fault, Faults, TripCause};
    use cosmwasm_std::Decimal;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Step {
        Pay(u128),
        Deleverage(u128),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0..1_000u128).prop_map(Step::Pay),
            (0..1_000u128).prop_map(Step::Deleverage)
        ];
        proptest::collection::vec(step, 0..20)
    }

    proptest! {
        #[test]
        fn deleveraging_has_a_day_with_prices_and_no_dark_time_uses_it_up(
            gaps in proptest::collection::vec(1u64..40_000, 1..200), answered in proptest::option::of(0u64..10_000),
        ) {
            let at = Timestamp::from_seconds;
            let closed_at = at(1_000);
            let mut clock = PriceClock::new(closed_at);
            let window = |now, clock: PriceClock| {
                AdlWindow::of(closed_at, answered.map(|after| at(1_000 + after)), clock.dark_until(now))
            };
            let (mut now, mut light) = (closed_at, 0u64);
            for gap in gaps {
                let before = now;
                now = now.plus_seconds(gap);
                let open = window(now, clock);
                // In the dark it never ends but at the latest.
                let begun = before >= open.from;
                if gap > 3_600 && begun && window(before, clock).contains(before) && now < ADL_LATEST.after(closed_at) {
                    prop_assert!(open.contains(now));
                }
                clock.tick(now);
                prop_assert_eq!(window(now, clock), open);
                if gap <= 3_600 {
                    light += gap;
                }
                let used = light.saturating_sub(open.from.seconds() - 1_000);
                if used >= 86_400 + 3_600 {
                    prop_assert!(!open.contains(now), "after {} s with prices", used);
                }
            }
        }

        #[test]
        fn whatever_the_order_nobody_gets_more_than_was_lost(asked in 0..3_000u128, steps in steps()) {
            let mut books = MadeGood::asked(Assets::new(asked));
            for step in steps {
                match step {
                    Step::Pay(amount) => {
                        let payment = Assets::new(amount.min(asked - books.received.u128()));
                        let division = books.pay(payment).unwrap();
                        prop_assert_eq!(division.to_deleveraged.u128() + division.to_pool.u128(), payment.u128());
                    }
                    Step::Deleverage(amount) => {
                        books.deleverage(Assets::new(amount).min(books.remaining())).unwrap();
                    }
                }
                prop_assert!(books.to_pool.u128() + books.deleveraged.u128() <= asked);
                prop_assert!(books.to_deleveraged <= books.deleveraged);
                prop_assert_eq!(books.received.u128(), books.to_pool.u128() + books.to_deleveraged.u128());
                // The pool is not paid while a trader is still owed.
                prop_assert_eq!(
                    books.remaining().u128(), asked - books.to_pool.u128() - books.deleveraged.u128(),
                );
            }
        }
    }

    #[test]
    fn what_is_written_off_is_missed_no_more() {
        let mut books = MadeGood::asked(Assets::new(10));
        books.pay(Assets::new(3)).unwrap();
        assert_eq!(books.write_off(), Ok(Assets::new(7)));
        assert_eq!(
            (books.remaining(), books.written_off),
            (Assets::ZERO, Assets::new(7))
        );
        assert_eq!(books.write_off(), Ok(Assets::ZERO));
    }

    #[test]
    fn deleveraging_opens_with_the_answer_or_after_an_hour_for_a_day() {
        let at = Timestamp::from_seconds;
        let none = Nanos::default();
        let unanswered = AdlWindow::of(at(1_000), None, none);
        assert!(!unanswered.contains(at(1_000 + 3_599)));
        assert!(unanswered.contains(at(1_000 + 3_600)));
        assert!(unanswered.contains(at(1_000 + 3_600 + 86_399)));
        assert!(!unanswered.contains(at(1_000 + 3_600 + 86_400)));
        let answered = AdlWindow::of(at(1_000), Some(at(1_000)), none);
        assert!(answered.contains(at(1_000)));
        let late = AdlWindow::of(at(1_000), Some(at(90_000)), none);
        assert_eq!(late, unanswered);
        let dark = AdlWindow::of(at(1_000), None, Seconds::days(60).nanos());
        assert_eq!(dark.until, ADL_LATEST.after(at(1_000)));
    }

    #[test]
    fn an_hour_without_a_price_is_a_quiet_market_and_a_nanosecond_more_is_dark() {
        let mut clock = PriceClock::new(Timestamp::from_seconds(0));
        let hour = Timestamp::from_seconds(3_600);
        assert_eq!(clock.dark_until(hour), Nanos::default());
        let more = hour.plus_nanos(1);
        assert_eq!(clock.dark_until(more).u64(), 3_600_000_000_001);
        clock.tick(more);
        clock.tick(more.plus_seconds(3_600));
        assert_eq!(clock.dark.u64(), 3_600_000_000_001);
    }

    fn verdict(
        state: MarketState,
        cause: TripCause,
        last_clean: Option<u64>,
        band: Option<u64>,
    ) -> VerdictFacts {
        let at = |price| Band {
            low: Price(Decimal::percent(price)),
            high: Price(Decimal::percent(price)),
        };
        VerdictFacts {
            allowed: false,
            state: state.into(),
            faults: Faults::default(),
            median: None,
            band: band.map(at),
            trip: Some(1),
            trip_cause: Some(cause.into()),
            last_clean: last_clean.map(at),
            reduce_between: None,
            published: None,
        }
    }

    #[test]
    fn a_held_claim_would_stand_by_the_bands_that_will_judge_it() {
        use MarketState::{Recovering, Tripped};
        let price = Price(Decimal::percent(400));
        let cases = [
            (Tripped, TripCause::Faults, Some(400), None, true),
            (Tripped, TripCause::Faults, Some(390), Some(400), false),
            (Recovering, TripCause::Faults, Some(390), Some(400), true),
            (Tripped, TripCause::Guardian, Some(400), Some(390), false),
            (Tripped, TripCause::Guardian, Some(390), Some(400), true),
            (Tripped, TripCause::Faults, None, None, false),
        ];
        // With a market fault a guardian's trip is judged like any other.
        let mut faulty = verdict(Tripped, TripCause::Guardian, Some(400), Some(390));
        faulty.faults = Faults::of([Fault::Guardian, Fault::Quorum]);
        assert!(would_stand(&faulty, price));
        let mut faulty = verdict(Tripped, TripCause::Guardian, Some(390), Some(400));
        faulty.faults = Faults::of([Fault::Guardian, Fault::Jump]);
        assert!(!would_stand(&faulty, price));
        for (state, cause, before, now, expected) in cases {
            let verdict = verdict(state, cause, before, now);
            assert_eq!(would_stand(&verdict, price), expected, "{verdict:?}");
        }
    }

    #[test]
    fn it_would_stand_anywhere_between_the_last_clean_price_and_one_that_is_believed() {
        use MarketState::{Recovering, Tripped};
        let price = Price(Decimal::percent(400));
        let between = verdict(Recovering, TripCause::Faults, Some(500), Some(300));
        assert!(would_stand(&between, price));
        // A fall that nobody has confirmed is not believed yet.
        let mut fall = verdict(Tripped, TripCause::Faults, Some(500), Some(300));
        assert!(!would_stand(&fall, price));
        fall.reduce_between = fall.last_clean;
        assert!(would_stand(&fall, price));
        assert!(!would_stand(&fall, Price(Decimal::percent(290))));
    }

    #[test]
    fn the_largest_numbers_do_not_panic() {
        let max = Assets::new(u128::MAX);
        let mut books = MadeGood::asked(max);
        assert!(books.pay(max).is_ok());
        assert!(books.pay(max).is_err());
        assert!(books.deleverage(max).is_ok());
        assert!(books.deleverage(max).is_err());
        assert_eq!(books.remaining(), Assets::ZERO);
    }
}
