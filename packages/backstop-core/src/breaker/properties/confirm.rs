//! A jump that is confirmed, and one that must not be.

use backstop_types::breaker::{Action, Fault, MarketState, TripCause};
use backstop_types::guardian;

use super::super::{Advance, Relief, advance, guardian_trip, reseed, verdict};
use super::*;

pub(super) const FIVE: [u128; 5] = [100_000, 100_010, 99_990, 100_020, 99_980];

/// A market of five lineages, whose feeds are a little apart.
pub(super) struct Market {
    pub(super) record: MarketRecord,
    pub(super) params: MarketParams,
    pub(super) now: u64,
}

impl Market {
    pub(super) fn new(params: MarketParams) -> Self {
        let mut market = Self {
            record: record(),
            params,
            now: START,
        };
        market.reads(0, FIVE.map(Some));
        market
    }

    /// What each lineage says after a wait.
    pub(super) fn say(&mut self, wait: u64, said: impl IntoIterator<Item = Observation>) -> Advance {
        self.now += wait;
        let after = advance(&self.record, &heard(said), &self.params, block(self.now));
        self.record = after.record.clone();
        after
    }

    /// Each lineage's price after a wait, or that it is silent.
    pub(super) fn reads(&mut self, wait: u64, prices: [Option<u128>; 5]) -> Advance {
        let now = self.now + wait;
        self.say(wait, prices.map(|price| said_at(price, now)))
    }

    /// All five at so many hundredths of what they were.
    pub(super) fn at(&mut self, wait: u64, percent: u128) -> Advance {
        self.at_permille(wait, percent * 10)
    }

    /// Likewise in thousandths.
    pub(super) fn at_permille(&mut self, wait: u64, permille: u128) -> Advance {
        let tick = u128::from((self.now + wait) % 3);
        self.reads(wait, FIVE.map(|price| Some(price * permille / 1_000 + tick)))
    }

    /// A trip by a jump, and its end.
    fn trips_and_returns(&mut self) {
        self.at(60, 70);
        assert_eq!(self.record.state, MarketState::Tripped);
        self.at(1_800, 100);
        for _ in 0..3 {
            self.at(60, 100);
        }
        assert_eq!(self.record.open_trip, None);
    }

    pub(super) fn allowed(&self, after: &Advance) -> Vec<Action> {
        use backstop_types::Named;
        let allowed = |action: &&Action| verdict("m", **action, after, &self.params).allowed;
        Action::ALL.iter().filter(allowed).copied().collect()
    }
}

/// A price now, or silence.
pub(super) fn said_at(price: Option<u128>, now: u64) -> Observation {
    let silent = Observation::Unreadable {
        why: Unreadable::QueryFailed,
    };
    price.map_or(silent, |price| priced(milli(price), Price::default(), now))
}

pub(super) const TAKING_OFF: [Action; 2] = [Action::Reduce, Action::Liquidate];

#[test]
fn the_third_reading_a_minute_apart_confirms_a_jump() {
    let mut market = Market::new(MarketParams::default());
    let mut relief = |wait, percent| market.at(wait, percent).relief;
    assert_eq!(relief(6, 70), Relief::None);
    assert_eq!(relief(59, 70), Relief::None);
    assert_eq!(relief(1, 69), Relief::None, "the second");
    assert_eq!(relief(59, 69), Relief::None);
    assert_eq!(relief(1, 68), Relief::Confirmed);
    assert_eq!(relief(5, 67), Relief::Confirmed, "and each one after it");
}

#[test]
fn a_confirmed_jump_allows_reducing_and_liquidating_and_nothing_else() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 70);
    let after = market.at(60, 70);
    assert_eq!(market.allowed(&after), TAKING_OFF);
    let between = verdict("m", Action::Reduce, &after, &market.params)
        .reduce_between
        .unwrap();
    let reference = after.record.watch.reference.unwrap().price;
    assert_eq!(between.high, reference);
    assert_eq!(Some(between.low), after.reading.agreed.map(|(median, _)| median));
    assert_eq!(after.record.state, MarketState::Tripped, "payouts are held");
}

#[test]
fn two_lineages_do_not_confirm_and_zero_switches_it_off() {
    let two = |market: &mut Market, wait| {
        market
            .reads(wait, [Some(70_000), Some(70_010), None, None, None])
            .relief
    };
    let mut market = Market::new(MarketParams::default());
    for _ in 0..10 {
        assert_eq!(two(&mut market, 60), Relief::None);
    }
    let off = MarketParams {
        confirm_lineages: 0,
        ..MarketParams::default()
    };
    let mut market = Market::new(off);
    for _ in 0..10 {
        assert_eq!(market.at(60, 70).relief, Relief::None);
    }
    assert_eq!(
        market.at(60, 99).relief,
        Relief::None,
        "nor is the cooldown eased"
    );
}

#[test]
fn one_live_lineage_within_the_bound_contradicts_and_the_count_begins_anew() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 70);
    // An outlier, but alive.
    let contradicted = [
        Some(70_000),
        Some(70_010),
        Some(69_990),
        Some(70_020),
        Some(99_000),
    ];
    assert_eq!(market.reads(60, contradicted).relief, Relief::None);
    assert_eq!(market.at(60, 70).relief, Relief::None);
    assert_eq!(market.at(60, 70).relief, Relief::None);
    assert_eq!(market.at(60, 70).relief, Relief::Confirmed);
}

#[test]
fn a_reading_in_which_nobody_can_be_asked_neither_confirms_nor_resets() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 70);
    assert_eq!(market.reads(60, [None; 5]).relief, Relief::None);
    assert_eq!(market.at(60, 70).relief, Relief::Confirmed);
}

#[test]
fn the_other_side_contradicts() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 70);
    assert_eq!(market.at(60, 140).relief, Relief::None);
    assert_eq!(market.at(60, 140).relief, Relief::None);
}

#[test]
fn a_leap_is_never_confirmed_and_no_time_makes_it_a_level() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 39);
    for _ in 0..24 * 60 {
        assert_eq!(market.at(60, 39).relief, Relief::None);
    }
    assert_eq!(market.record.state, MarketState::Tripped);
    assert!(market.record.watch.trip.as_ref().unwrap().leapt);

    let mut market = Market::new(MarketParams::default());
    market.at(6, 41);
    market.at(60, 41);
    assert_eq!(market.at(60, 41).relief, Relief::Confirmed, "59 % is no leap");
}

#[test]
fn a_confirmation_needs_news_of_a_quorum() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    let observed = said([milli(70_000); 5], START + 6);
    let mut record = market.record.clone();
    for minute in 1..=2 {
        let after = advance(&record, &observed, &market.params, block(START + 6 + 60 * minute));
        assert_eq!(
            after
                .record
                .watch
                .trip
                .as_ref()
                .unwrap()
                .confirmation
                .unwrap()
                .readings,
            1
        );
        record = after.record;
    }
}

#[test]
fn the_guardian_and_a_halt_stand_against_a_confirmation() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 70);
    market.record = guardian_trip(&market.record, time(market.now)).0;
    assert_eq!(market.at(60, 70).relief, Relief::None);
    assert_eq!(market.at(60, 70).relief, Relief::None);
    assert_eq!(
        market.at(60, 99).relief,
        Relief::None,
        "nor is the cooldown eased"
    );
    market.at(guardian::LONGEST.0, 99);
    assert_eq!(market.at(60, 99).relief, Relief::Liquidate);

    let mut market = Market::new(MarketParams::default());
    // Eight hours in one block.
    market.record.watch.read.as_mut().unwrap().height += 8 * 600;
    let fell = market.at(8 * 3_600, 55);
    assert!(fell.reading.faults.has(Fault::Halt) && fell.reading.faults.has(Fault::Jump));
    for minute in 1..30 {
        let relief = market.at(60, 55).relief;
        assert_eq!(relief, Relief::None, "{minute} minutes into the grace");
    }
    assert_eq!(market.at(60, 55).relief, Relief::Confirmed);
    assert_eq!(market.at(60, 99).relief, Relief::Liquidate);
}

#[test]
fn back_within_the_bound_liquidation_goes_on_during_the_cooldown() {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    let back = market.at(60, 90);
    assert_eq!(
        (back.relief, back.record.state),
        (Relief::Liquidate, MarketState::Tripped)
    );
    assert_eq!(market.allowed(&back), TAKING_OFF);
    // Not while they are further apart than a clean reading may be.
    let apart = market.reads(60, [88_400, 90_000, 91_500, 93_000, 94_500].map(Some));
    assert!(!apart.reading.faulty());
    assert_eq!(apart.relief, Relief::None);
}

#[test]
fn after_a_disagreement_risk_can_be_taken_off_and_nobody_is_liquidated_for_a_cooldown() {
    let mut market = Market::new(MarketParams::default());
    let quarrel = [Some(80_000), Some(90_000), Some(100_000), Some(110_000), None];
    assert!(market.reads(6, quarrel).reading.faults.has(Fault::Disagreement));
    let after = market.at(60, 100);
    assert_eq!(after.relief, Relief::Reduce);
    assert_eq!(market.allowed(&after), [Action::Reduce]);
    let wait = market.params.cooldown.0 - 61;
    assert_eq!(market.at(wait, 100).relief, Relief::Reduce);
    assert_eq!(market.at(1, 100).relief, Relief::Liquidate);
}

#[test]
fn a_gap_in_the_feeds_costs_no_liquidation_once_they_are_back() {
    let mut market = Market::new(MarketParams::default());
    market.reads(121, [None; 5]);
    assert_eq!(market.record.state, MarketState::Tripped);
    // The price has moved by 15 %, more than a clean reading otherwise may.
    let back = market.at(6, 85);
    assert_eq!(market.allowed(&back), TAKING_OFF);
    let began = market.now;
    market.at(market.params.cooldown.0, 85);
    assert_eq!(market.record.state, MarketState::Recovering);
    for _ in 0..3 {
        market.at(60, 85);
    }
    assert_eq!(market.record.open_trip, None);
    assert!(market.now - began <= 1_800 + 180);
}

#[test]
fn a_gap_every_29_minutes_latches_nothing() {
    let mut market = Market::new(MarketParams::default());
    for _ in 0..48 {
        market.reads(121, [None; 5]);
        for _ in 0..29 {
            let after = market.at(60, 100);
            let allowed = market.allowed(&after);
            assert!(TAKING_OFF.iter().all(|action| allowed.contains(action)));
        }
        assert!(market.record.state != MarketState::Latched);
    }
}

/// Trips by a jump and back, until the market latches.
pub(super) fn latched() -> Market {
    let mut market = Market::new(MarketParams::default());
    for _ in 0..3 {
        market.trips_and_returns();
    }
    market.at(60, 70);
    market
}

#[test]
fn the_fourth_trip_within_a_day_of_each_other_latches_and_no_time_ends_it() {
    let mut market = latched();
    assert_eq!(market.record.state, MarketState::Latched);
    assert_eq!(market.record.open_trip, Some(TripCause::Faults));
    for _ in 0..100 {
        market.at(600, 100);
        assert_eq!(market.record.state, MarketState::Latched);
    }
    // Who is in can leave, and be liquidated, at a price that is agreed on.
    let after = market.at(60, 100);
    assert_eq!(market.allowed(&after), TAKING_OFF);
}

#[test]
fn trips_a_day_apart_do_not_add_up() {
    let mut market = Market::new(MarketParams::default());
    for _ in 0..6 {
        market.trips_and_returns();
        for _ in 0..24 {
            market.at(3_600, 100);
        }
    }
}

#[test]
fn what_stands_at_one_level_admits_no_price_far_from_it() {
    let mut market = Market::new(MarketParams::default());
    market.record = guardian_trip(&market.record, time(market.now)).0;
    // 12 % down for three days, read every hour: no clean reading, and no jump.
    for _ in 1..72 {
        assert!(!market.at(3_600, 88).reading.faulty());
    }
    // The guardian's time is over, and every feed is a thousand times too low.
    let after = market.reads(3_600, FIVE.map(|price| Some(price / 1_000)));
    assert!(
        after.reading.faults.has(Fault::Jump),
        "{:?}",
        after.reading.findings
    );
    assert_eq!(market.allowed(&after), []);
    assert_eq!(market.record.state, MarketState::Tripped);
    assert!(market.record.watch.trip.as_ref().unwrap().leapt);
}

#[test]
fn a_reseed_sets_aside_that_the_price_leapt() {
    let mut market = Market::new(MarketParams::default());
    let first = market.at(6, 35);
    assert!(market.record.watch.trip.as_ref().unwrap().leapt);
    let observed = heard(first.reading.sources.iter().map(|source| source.observation));
    let seeded = reseed(&market.record, &observed, &market.params, block(market.now));
    market.record = seeded.unwrap().record;
    // It falls on while the market recovers.
    assert_eq!(market.at(60, 26).relief, Relief::None);
    assert_eq!(market.at(60, 26).relief, Relief::None);
    assert_eq!(market.at(60, 26).relief, Relief::Confirmed);
}
