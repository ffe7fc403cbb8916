//! What an attacker, or an eager keeper, could make of quarrels, levels and leaps in a
//! trip.

use backstop_types::breaker::{Action, MarketState};

use super::super::Relief;
use super::confirm::{FIVE, Market, said_at};
use super::*;

/// Recovering from a jump that came back; nobody pokes for five hours in which it falls.
fn fallen(permille: u128) -> Market {
    let mut market = Market::new(MarketParams::default());
    market.at(6, 70);
    market.at(60, 100);
    market.at(1_800, 100);
    assert_eq!(market.record.state, MarketState::Recovering);
    market.at_permille(5 * 3_600, permille);
    assert_eq!(market.record.state, MarketState::Recovering);
    market
}

/// The hours until the trip ends, feeds that publish every minute, somebody
/// who pokes every so many seconds.
fn hours(permille: u128, every: u64, most: u64) -> Option<u64> {
    let mut market = fallen(permille);
    let began = market.now;
    for _ in 0..most * 60 {
        let published = market.now + 60 - (market.now - began) % 60;
        let said = || FIVE.map(|price| said_at(Some(price * permille / 1_000), published));
        market.say(published - market.now, said());
        for _ in 1..60 / every {
            market.say(every, said());
        }
        if market.record.open_trip.is_none() {
            return Some((market.now - began) / 3_600);
        }
    }
    None
}

#[test]
fn poking_in_each_block_keeps_no_recovery_open() {
    let all: Vec<_> = [610u128, 623, 631, 642, 653, 657, 664, 671, 688]
        .into_iter()
        .map(|at| (at, hours(at, 60, 48), hours(at, 6, 48)))
        .collect();
    assert!(all.iter().all(|(_, _, each)| each.is_some()), "{all:?}");
}

#[test]
fn a_week_of_pokes_keeps_no_recovery_open() {
    assert!(hours(653, 60, 48).is_some());
    assert!(hours(653, 6, 7 * 24).is_some(), "a week later it still recovers");
}

/// A crash, and then another unit: 10 to 65.
#[test]
fn a_leap_back_is_not_confirmed_by_its_first_reading() {
    let mut market = Market::new(MarketParams::default());
    for percent in [70, 50, 30, 15, 10, 10] {
        market.at(60, percent);
    }
    let after = market.at(6, 75);
    assert!(!market.allowed(&after).contains(&Action::Liquidate));
}

/// The quarrel poked again does not put its end off.
#[test]
fn a_quarrel_poked_again_lasts_no_longer() {
    let run = |again: u64| {
        let mut market = Market::new(MarketParams::default());
        let at = market.now + 6;
        let prices = [82_000, 88_000, 94_000, 100_000].map(Some);
        let said = || prices.map(|price| said_at(price, at));
        market.say(6, said());
        for _ in 0..again {
            market.say(6, said());
        }
        market.record.watch.trip.as_ref().unwrap().quarrelled_at
    };
    assert_eq!(run(0), run(19));
}

/// Two prices in turn gain no more than the time in which they stood.
#[test]
fn two_prices_in_turn_gain_no_time() {
    for (low, high) in [(550u128, 655u128), (550, 600), (600, 718), (450, 535)] {
        let mut market = Market::new(MarketParams::default());
        let mut sound = None;
        for minute in 0..24 * 60u64 {
            let at = if minute % 2 == 0 { high } else { low };
            let after = market.at_permille(60, at);
            if !after.reading.faulty() && at == low && sound.is_none() {
                sound = Some(minute);
            }
        }
        let least = u64::try_from((1_000 - low - 200) * 60 / 50).unwrap();
        // A recovery at the higher one moves the reference: no earlier than that is clean.
        let least_high = u64::try_from((1_000 - high - 100) * 60 / 50).unwrap();
        assert!(sound.is_none_or(|it| it >= least.min(least_high)));
    }
}

/// A level kept through quarrels: what is read but once in 50 minutes.
#[test]
fn quarrels_admit_a_level_no_earlier_than_silence() {
    let run = |quarrels: bool| {
        let mut market = Market::new(MarketParams::default());
        let mut first = None;
        for minute in 0..24 * 60u64 {
            if minute % 50 == 0 {
                let after = market.at(60, 55);
                if !after.reading.faulty() && first.is_none() {
                    first = Some(minute);
                }
            } else if quarrels {
                market.reads(
                    60,
                    [Some(55_000), Some(70_000), Some(85_000), Some(100_000), None],
                );
            } else {
                market.now += 60;
            }
        }
        first
    };
    let (quarrelled, silent) = (run(true), run(false));
    assert_eq!((quarrelled, silent), (Some(300), Some(300)));
}

/// Thousandfold and back through the reference: it stays a leap.
#[test]
fn a_leap_out_and_back_stays_one() {
    let mut market = Market::new(MarketParams::default());
    market.at(60, 100_000);
    for percent in [130, 130, 130, 75, 75, 75, 100_000, 130, 130, 130] {
        let after = market.at(60, percent);
        assert!(after.relief != Relief::Confirmed);
    }
    assert!(market.record.watch.trip.as_ref().unwrap().leapt);
}

/// After 70 hours at 88 the lowest price that is no fault is read each minute.
#[test]
fn a_greedy_slide_is_bounded_by_the_growth() {
    let mut market = Market::new(MarketParams::default());
    market.record = super::super::guardian_trip(&market.record, time(market.now)).0;
    for _ in 1..58 {
        market.at(3_600, 88);
    }
    for minute in 1..=12 * 60u128 {
        let faulty = |permille: u128| {
            let (record, now) = (market.record.clone(), market.now);
            let mut probe = Market {
                record,
                params: market.params,
                now,
            };
            probe.at_permille(60, permille).reading.faulty()
        };
        let (mut low, mut high) = (1u128, 1_000u128);
        while low < high {
            let middle = (low + high) / 2;
            if faulty(middle) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        market.at_permille(60, low);
        // 24 minutes are what 88 takes.
        let grown = (50 * (minute + 25) / 60).max(200);
        assert!(low + 2 + grown >= 800, "{low} after {minute} minutes");
    }
}

/// Two halts in one trip, the second behind feeds that published nothing meanwhile.
#[test]
fn a_second_halt_has_its_cooldown() {
    let params = MarketParams {
        max_age: Seconds(7_200),
        ..MarketParams::default()
    };
    let mut market = Market::new(params);
    let halt = |market: &mut Market, tick: bool| {
        market.record.watch.read.as_mut().unwrap().height += 150;
        let published = if tick { market.now + 900 } else { market.now };
        let tenth = u128::from(market.now % 3);
        let after = market.say(900, FIVE.map(|price| said_at(Some(price + tenth), published)));
        assert!(
            after.reading.faults.has(backstop_types::breaker::Fault::Halt),
            "{:?}",
            after.reading.findings
        );
    };
    halt(&mut market, true);
    for _ in 0..29 {
        market.at(60, 100);
    }
    assert_eq!(market.record.state, MarketState::Tripped);
    halt(&mut market, false);
    let after = market.at(6, 91);
    assert!(!market.allowed(&after).contains(&Action::Liquidate));
}

/// What a recovery spans in a slide of 5 % an hour.
#[test]
fn the_span_of_a_slide_in_a_recovery() {
    let mut market = fallen(690);
    let mut end = None;
    for minute in 0..24 * 60u128 {
        let permille = 690u128.saturating_sub(minute * 48 / 60).max(250);
        let after = market.at_permille(60, permille);
        if let Some(super::super::TripChange::Ended(it)) = after.change {
            end = Some(it.band);
            break;
        }
    }
    // No wider than the readings of one recovery: 250 and what the feeds differ by.
    let end = end.expect("a slide that ends lets the trip end");
    assert!(end.low > milli(24_900) && end.high < milli(25_100), "{end:?}");
}
