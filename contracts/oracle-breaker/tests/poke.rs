//! `Poke`: it records, answers, and succeeds also when it denies.

use crate::support::*;
use backstop_types::breaker::{
    Action, Band, ExecuteMsg, Fault, MarketConfig, MarketState, PokeResponse, TripCause,
};
use backstop_types::events::breaker::{Poked, StateChanged};
use backstop_types::{InputError, Seconds};
use cosmwasm_std::from_json;
use oracle_breaker::ContractError;

#[test]
fn a_poke_answers_verdict_median_and_band_in_its_data() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(6));
    setup.pyth_says("4.07", "0.01", setup.now());

    let verdict = setup.poke(Action::Payout);

    assert_eq!(
        (verdict.market.as_str(), verdict.action),
        (MARKET, Action::Payout)
    );
    assert_eq!((verdict.state, verdict.allowed), (MarketState::Normal, true));
    assert_eq!(verdict.median, Some(price("4.06")));
    let band = Band {
        low: price("4.06"),
        high: price("4.08"),
    };
    assert_eq!((verdict.band, verdict.last_clean), (Some(band), Some(band)));
    assert_eq!(
        (verdict.trip, verdict.trip_cause, verdict.reasons),
        (None, None, vec![])
    );
}

#[test]
fn a_poke_without_an_action_is_judged_as_the_strictest() {
    let mut setup = Setup::at("4.06");
    let msg = ExecuteMsg::Poke {
        markets: vec![MARKET.into()],
        action: None,
    };
    let response = setup.send(&setup.alice.clone(), &msg).unwrap();
    let answer: PokeResponse = from_json(response.data.unwrap()).unwrap();
    assert_eq!(answer.verdicts[0].action, Action::Open);
}

#[test]
fn several_markets_are_answered_in_the_order_asked() {
    let mut setup = Setup::at("4.06");
    setup.add_market("A/USD", setup.config()).unwrap();
    let msg = ExecuteMsg::Poke {
        markets: vec![MARKET.into(), "A/USD".into()],
        action: None,
    };
    let response = setup.send(&setup.alice.clone(), &msg).unwrap();
    let answer: PokeResponse = from_json(response.data.unwrap()).unwrap();
    let names: Vec<_> = answer
        .verdicts
        .iter()
        .map(|it| (it.market.as_str(), it.allowed))
        .collect();
    assert_eq!(names, [(MARKET, true), ("A/USD", false)]);
}

#[test]
fn a_market_before_its_first_reading_denies_and_does_not_trip() {
    let mut setup = Setup::new();
    for action in [Action::Open, Action::Reduce, Action::Liquidate, Action::Payout] {
        let verdict = setup.poke(action);
        assert!(!verdict.allowed);
        assert_eq!(verdict.reasons, [Fault::Unreadable, Fault::Quorum]);
        assert_eq!((verdict.median, verdict.band, verdict.trip), (None, None, None));
    }
    assert_eq!(setup.state(), MarketState::Normal);
}

#[test]
fn a_deny_is_a_success_and_its_trip_is_recorded() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(60));
    setup.says("2");

    let response = setup.poked(Action::Reduce);

    let answer: PokeResponse = from_json(response.data.clone().unwrap()).unwrap();
    let verdict = &answer.verdicts[0];
    assert_eq!((verdict.state, verdict.allowed), (MarketState::Tripped, false));
    assert_eq!(verdict.reasons, [Fault::Jump, Fault::Drift]);
    assert_eq!(
        (verdict.trip, verdict.trip_cause),
        (Some(1), Some(TripCause::Faults))
    );
    assert_eq!(verdict.median, Some(price("2")));
    let before = Band {
        low: price("4.06"),
        high: price("4.06"),
    };
    assert_eq!(verdict.last_clean, Some(before));

    let trip = setup.trips().trips.remove(0).trip;
    assert_eq!((trip.cause, trip.last_clean), (TripCause::Faults, Some(before)));
    assert_eq!(
        (trip.faults.list(), trip.end),
        (vec![Fault::Jump, Fault::Drift], None)
    );
}

#[test]
fn each_transition_is_one_event_with_reasons_and_evidence() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(60));
    setup.hears(["4.06", "4.06", "3"]);
    let response = setup.poked(Action::Open);
    let changes = emitted::<StateChanged>(&response);
    assert_eq!(changes.len(), 1);
    assert_eq!(
        (changes[0].from, changes[0].to),
        (MarketState::Normal, MarketState::Guarded)
    );
    assert_eq!(changes[0].reasons.list(), [Fault::Outlier]);
    assert_eq!((changes[0].trip, &changes[0].by), (None, &None));
    let now = setup.now();
    let evidence = format!("pyth 4.06~0@{now}; band 4.06~0@{now}; exchange 3~0@{now} outlier 2611>250");
    assert_eq!(changes[0].evidence, evidence);

    let again = setup.poked(Action::Open);
    assert!(
        emitted::<StateChanged>(&again).is_empty(),
        "no transition, no event"
    );
    let poke = &emitted::<Poked>(&again)[0];
    assert_eq!(poke.reasons.list(), [Fault::Outlier]);
    assert_eq!((poke.allowed, poke.median), (false, Some(price("4.06"))));
}

#[test]
fn poking_twice_in_a_block_changes_nothing() {
    let mut setup = Setup::at("4.06");
    for texts in [
        ["4.1", "4.1", "4.1"],
        ["4.1", "4.1", "3"],
        ["1", "1", "1"],
        ["1", "2", "3"],
    ] {
        setup.advance(Seconds(60));
        setup.hears(texts);
        let first = setup.poke(Action::Open);
        let record = setup.record();
        assert_eq!(setup.poke(Action::Open), first);
        assert_eq!(setup.record(), record);
    }
}

#[test]
fn sources_that_fall_silent_trip_the_market() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(121));
    let verdict = setup.poke(Action::Liquidate);
    assert_eq!(verdict.reasons, [Fault::Stale, Fault::Quorum]);
    assert_eq!(verdict.state, MarketState::Tripped);
}

#[test]
fn a_trip_ends_after_the_cooldown_and_three_clean_readings() {
    let mut setup = Setup::at("4.06");
    assert_eq!(setup.later(60, "2").state, MarketState::Tripped);
    assert_eq!(setup.later(1_800, "4").state, MarketState::Recovering);
    assert!(setup.poke(Action::Reduce).allowed && setup.poke(Action::Liquidate).allowed);
    let payout = setup.poke(Action::Payout);
    assert!(!payout.allowed);
    let standing = [Fault::Jump, Fault::Drift];
    assert_eq!(payout.reasons, standing, "what the trip still stands on");

    assert_eq!(setup.later(60, "4.01").trip, Some(1));
    assert_eq!(setup.later(60, "3.99").trip, Some(1));
    let last = setup.later(60, "4");
    assert_eq!(
        (last.state, last.allowed, last.trip),
        (MarketState::Normal, true, None)
    );

    let end = setup.trips().trips[0].trip.end.unwrap();
    assert_eq!(
        end.band,
        Band {
            low: price("3.99"),
            high: price("4.01")
        }
    );
    assert_eq!(end.at, setup.app.block_info().time);
    assert_eq!(
        setup.later(60, "1").trip,
        Some(2),
        "the next trip has the next number"
    );
}

#[test]
fn a_list_that_is_empty_too_long_or_repeats_is_refused() {
    let mut setup = Setup::at("4.06");
    let nine: Vec<String> = (0..9).map(|i| format!("M{i}")).collect();
    for markets in [vec![], nine, vec![MARKET.into(), MARKET.into()]] {
        let refused = setup.refused(
            &setup.alice.clone(),
            &ExecuteMsg::Poke {
                markets,
                action: None,
            },
        );
        assert!(matches!(refused, ContractError::Input(_)), "{refused}");
    }
}

#[test]
fn an_unknown_market_is_an_error_that_names_it() {
    let mut setup = Setup::at("4.06");
    let poke = |market: &str| ExecuteMsg::Poke {
        markets: vec![MARKET.into(), market.into()],
        action: None,
    };
    let refused = setup.refused(&setup.alice.clone(), &poke("NONE"));
    assert_eq!(
        refused,
        ContractError::UnknownMarket {
            market: "NONE".into()
        }
    );
    let refused = setup.refused(&setup.alice.clone(), &poke(&"x".repeat(10_000)));
    assert!(matches!(
        refused,
        ContractError::Input(InputError::OutOfBounds { .. })
    ));
    assert!(refused.to_string().len() < 200);
}

#[test]
fn the_record_of_eight_sources_in_a_trip_stays_under_1400_bytes() {
    let mut setup = Setup::at("4.06");
    setup.later(60, "2");
    setup.later(1_800, "4");
    setup.later(60, "4");
    setup
        .send(
            &setup.guardian.clone(),
            &ExecuteMsg::Trip {
                market: MARKET.into(),
                reason: "x".into(),
            },
        )
        .unwrap();
    setup.later(259_200, "4");
    let mut record = setup.record();
    assert!(record.watch.recovery.is_some() && record.watch.guardian_until.is_some());
    record.watch.seen = vec![setup.now(); 8];
    let track = record.watch.tracks[0];
    record.watch.tracks = vec![track; 8];
    let bytes = cosmwasm_std::to_json_vec(&record).unwrap().len();
    assert!(bytes < 1_400, "{bytes}");
}

/// The README's example of the same name.
#[test]
fn worked_example_a_flash_print_and_a_real_fall() {
    let mut setup = Setup::at("100");

    // One feed prints 12.4 with a wide confidence: it is dropped, the market
    // guarded, the median unmoved.
    setup.advance(Seconds(60));
    setup.says("100");
    setup.pyth_says("12.4", "9", setup.now());
    let print = setup.poke(Action::Payout);
    assert_eq!((print.state, print.allowed), (MarketState::Guarded, true));
    assert_eq!(
        (print.median, print.reasons),
        (Some(price("100")), vec![Fault::Uncertain])
    );

    // Within a minute all fall to 60: nothing is allowed.
    let fall = setup.later(60, "60");
    assert_eq!(
        (fall.state, fall.reasons),
        (MarketState::Tripped, vec![Fault::Jump, Fault::NearDrift])
    );
    assert!(!setup.poke(Action::Liquidate).allowed);

    // The second and the third reading, a minute apart each, confirm it:
    // positions can be liquidated and reduced, a long at 60 and a short at 100.
    assert!(!setup.later_for(60, "60", Action::Liquidate).allowed);
    let third = setup.later_for(60, "60", Action::Liquidate);
    assert!(third.allowed);
    let between = third.reduce_between.unwrap();
    assert_eq!((between.low, between.high), (price("60"), price("100")));
    for denied in [Action::Open, Action::Payout, Action::Deleverage] {
        assert!(!setup.poke(denied).allowed, "{denied}");
    }

    // The bound of 20 % grows by 5 % an hour while the price is seen to stand
    // there. A clean reading in a trip has half of the 20 %, so 40 % takes six
    // hours.
    for hour in 1..=6 {
        let wait = if hour == 1 { 3_600 - 120 } else { 3_600 };
        let state = setup.later(wait - 1, "60").state;
        assert_eq!(state, MarketState::Tripped, "before {hour} h");
        setup.advance(Seconds(1));
    }
    assert_eq!(setup.later(0, "60").state, MarketState::Recovering);
    assert_eq!(setup.later(60, "60").state, MarketState::Recovering);
    assert_eq!(setup.later(60, "60").state, MarketState::Recovering);
    let over = setup.later(60, "60");
    assert_eq!((over.state, over.allowed), (MarketState::Normal, true));
}

#[test]
fn a_market_of_two_feeds_in_one_lineage_cannot_be_made() {
    let mut setup = Setup::bare();
    let mut config = setup.config();
    for source in &mut config.sources {
        source.lineage = "one".to_string();
    }
    let refused = refusal(setup.add_market(MARKET, MarketConfig { ..config }));
    assert_eq!(
        refused.to_string(),
        "min_lineages is 2: must be at most the number of lineages, 1"
    );
}
