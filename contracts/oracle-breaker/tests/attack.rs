//! Attacks on the breaker: each test states a claim that must be true.

use crate::support::*;
use backstop_types::breaker::{Action, ExecuteMsg, MarketState};
use backstop_types::{Bps, Seconds};
use cosmwasm_std::Decimal;

/// A market of three lineages that has tripped because all fell silent.
fn tripped() -> Setup {
    let mut setup = Setup::at("100");
    setup.advance(Seconds(600));
    assert!(!setup.poke(Action::Open).allowed);
    assert_eq!(setup.state(), MarketState::Tripped);
    setup
}

/// A live feed does not repeat itself to the last digit.
fn ticking(text: &str, round: u32) -> String {
    format!("{}", price(text).0 + Decimal::permille(u64::from(round % 2)))
}

/// The states after a day of readings a minute apart, each of which is this.
fn a_day_of(setup: &mut Setup, texts: [&str; 3]) -> MarketState {
    for minute in 0..1_440 {
        setup.advance(Seconds(60));
        setup.hears(
            texts
                .map(|text| ticking(text, minute))
                .each_ref()
                .map(String::as_str),
        );
        setup.poke(Action::Payout);
        if setup.record().open_trip.is_none() {
            break;
        }
    }
    setup.state()
}

#[test]
fn one_stray_lineage_of_three_cannot_keep_a_trip_open() {
    let mut setup = tripped();
    // Nearer than max_outlier, further than half of max_disagreement.
    let state = a_day_of(&mut setup, ["100", "100", "97.1"]);
    assert!(setup.record().open_trip.is_none(), "still {state} after a day");
}

#[test]
fn one_liar_of_three_cannot_trip_a_market_whose_honest_lineages_are_2_percent_apart() {
    let mut setup = Setup::at("100");
    setup.advance(Seconds(30));
    // Without the third it is a spread of 2.2 %, and nothing to worry about.
    setup.hears(["100", "102.2", "100"]);
    assert!(setup.poke(Action::Open).allowed);
    // Not far enough from the median to be dropped.
    setup.advance(Seconds(30));
    setup.hears(["100", "102.2", "97.1"]);
    let verdict = setup.poke(Action::Payout);
    assert!(verdict.allowed, "{verdict:?}");
}

#[test]
fn a_lineage_that_strays_far_is_dropped_and_the_trip_ends() {
    let mut setup = tripped();
    a_day_of(&mut setup, ["100", "100", "50"]);
    assert!(setup.record().open_trip.is_none());
    assert!(setup.poke(Action::Payout).allowed);
}

#[test]
fn one_liar_of_three_neither_trips_the_market_nor_moves_median_or_reference() {
    let mut setup = Setup::at("100");
    let lies = ["97", "97.1", "103", "102.9", "1", "1000000", "50", "99.9"];
    for round in 0..10 {
        setup.advance(Seconds(30));
        let now = setup.now();
        let honest = ticking("100", round);
        setup.pyth_says(&honest, "0", now);
        setup.report(0, &honest).unwrap();
        // Many reports and pokes in one block, from the past into the future.
        for (i, lie) in lies.iter().enumerate() {
            let reports = vec![report(lie, now + i as u64)];
            let liar = setup.reporters[1].clone();
            setup.send(&liar, &ExecuteMsg::Report { reports }).unwrap();
            let verdict = setup.poke(Action::Payout);
            assert!(verdict.allowed, "round {round}, {lie}: {verdict:?}");
            assert_eq!(verdict.median, Some(price(&honest)));
        }
        let record = setup.record();
        assert_eq!(record.trips, 0);
        assert_eq!(record.watch.reference.unwrap().price, price(&honest));
    }
}

#[test]
fn a_faulty_reading_leaves_reference_and_last_clean_as_they_were() {
    let mut setup = Setup::at("100");
    let before = setup.record();
    for text in ["50", "79", "1000", "0.000001"] {
        setup.later(10, text);
        setup.hears_again(["60", "100", "140"]);
        let after = setup.record();
        assert_eq!(after.watch.reference, before.watch.reference, "{text}");
        assert_eq!(after.last_clean, before.last_clean, "{text}");
    }
}

trait Again {
    fn hears_again(&mut self, texts: [&str; 3]);
}

impl Again for Setup {
    /// Each source a second later, and a poke.
    fn hears_again(&mut self, texts: [&str; 3]) {
        self.advance(Seconds(1));
        self.hears(texts);
        self.poke(Action::Open);
    }
}

#[test]
fn a_change_of_sources_in_a_trip_keeps_it_open_and_bricks_nothing() {
    let mut setup = tripped();
    let mut config = setup.config();
    config.sources[2].max_age = Some(Seconds(100));
    config.params.max_jump = Bps(1_000);
    let owner = setup.owner.clone();
    let msg = update_market(MARKET, config);
    setup.send(&owner, &msg).unwrap();
    assert_eq!(setup.state(), MarketState::Tripped);
    a_day_of(&mut setup, ["1", "100", "100"]);
    assert!(setup.poke(Action::Payout).allowed);
    assert!(setup.trips().trips[0].trip.end.is_some());
}
