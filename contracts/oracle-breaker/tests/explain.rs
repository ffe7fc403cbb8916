//! Why a market is as it is, what it was, and what must become true.

use crate::support::*;
use backstop_types::breaker::{
    Action, ExecuteMsg, ExplainResponse, Fault, HistoryResponse, MarketParams, MarketParamsUpdate,
    MarketState, Need, QueryMsg, TripCause, TripItem,
};
use backstop_types::{Bps, Seconds};
use oracle_breaker::ContractError;

fn explain(setup: &Setup) -> ExplainResponse {
    let market = MARKET.to_string();
    setup.query(&QueryMsg::Explain { market }).unwrap()
}

fn history(setup: &Setup, start_before: Option<u64>, limit: Option<u32>) -> HistoryResponse {
    let market = MARKET.to_string();
    let query = QueryMsg::History {
        market,
        start_before,
        limit,
    };
    setup.query(&query).unwrap()
}

#[test]
fn a_normal_market_needs_nothing_and_allows_all() {
    let setup = Setup::at("100");
    let told = explain(&setup);
    assert_eq!(told.state, MarketState::Normal);
    assert_eq!(told.allowed.len(), 5);
    assert_eq!(
        (told.needs, told.trip, told.earliest_recovery),
        (vec![], None, None)
    );
    assert_eq!(
        (told.median, told.reference),
        (Some(price("100")), Some(price("100")))
    );
}

#[test]
fn a_market_before_its_first_reading_needs_one() {
    let setup = Setup::new();
    let told = explain(&setup);
    let silent = Need::Lineages { now: 0, least: 2 };
    assert_eq!(told.needs, [Need::FirstReading {}, silent]);
    assert_eq!(told.allowed, []);
}

#[test]
fn a_guarded_market_says_until_when_and_which_source_is_why() {
    let mut setup = Setup::at("100");
    setup.advance(Seconds(60));
    setup.hears(["100.1", "100.2", "50"]);
    let told = explain(&setup);
    let until = Seconds(300).after(setup.app.block_info().time);
    assert_eq!(told.needs, [Need::Quiet { until }]);
    let outlier = &told.sources[2].findings[0];
    assert_eq!((outlier.fault, outlier.bound), (Fault::Outlier, Some(250)));
    assert_eq!(told.standing, [Fault::Outlier]);
}

#[test]
fn a_jump_says_the_prices_it_must_come_back_to_and_what_would_confirm_it() {
    let mut setup = Setup::at("100");
    setup.later(60, "70");
    setup.advance(Seconds(60));
    setup.says("70");
    let told = explain(&setup);
    assert_eq!(told.state, MarketState::Tripped);
    assert_eq!(told.allowed, []);
    let now = setup.app.block_info().time;
    let [Need::Median { low, high }, cooldown, readings, confirmation] = &told.needs[..] else {
        panic!("{:?}", told.needs);
    };
    // A clean reading may be 10 % off, and what two minutes of standing add.
    assert!(price("89.8") < *low && *low < price("90"), "{low}");
    assert!(price("110") < *high && *high < price("110.2"), "{high}");
    let until = Seconds(1_800).after(now);
    assert_eq!(cooldown, &Need::Cooldown { until });
    let spacing = Seconds(60);
    assert_eq!(readings, &Need::CleanReadings { left: 3, spacing });
    let left = Need::Confirmation {
        left: 1,
        lineages: 3,
        spacing,
    };
    assert_eq!(confirmation, &left);
    assert_eq!(told.earliest_recovery, Some(Seconds(1_800 + 180).after(now)));

    // What it says comes true: one more reading, and the jump is confirmed.
    setup.poke(Action::Liquidate);
    assert!(setup.later_for(60, "70", Action::Liquidate).allowed);
    assert_eq!(explain(&setup).allowed, [Action::Reduce, Action::Liquidate]);
}

#[test]
fn silence_and_a_quarrel_say_what_is_missing() {
    let mut setup = Setup::at("100");
    setup.advance(Seconds(121));
    assert!(
        explain(&setup)
            .needs
            .contains(&Need::Lineages { now: 0, least: 2 })
    );
    let mut setup = Setup::at("100");
    setup.advance(Seconds(60));
    setup.hears(["90", "100", "110"]);
    setup.poke(Action::Open);
    let within = Bps(250);
    assert!(explain(&setup).needs.contains(&Need::Agreement { within }));
}

#[test]
fn the_trip_that_a_poke_would_open_is_told_before_it_is_stored() {
    let mut setup = Setup::at("100");
    setup.advance(Seconds(60));
    setup.says("70");
    let TripItem { number, trip } = explain(&setup).trip.unwrap();
    assert_eq!((number, trip.cause), (1, TripCause::Faults));
    assert_eq!(setup.record().trips, 0);
}

/// A market that latches at its second trip.
fn latched() -> Setup {
    let mut setup = Setup::with(MarketParams {
        latch_trips: Some(2),
        ..defaults()
    });
    setup.later(1, "100");
    setup.later(60, "70");
    setup.later(1_800, "100");
    for _ in 0..3 {
        setup.later(60, "100");
    }
    assert_eq!(setup.state(), MarketState::Normal);
    setup.later(60, "70");
    assert_eq!(setup.state(), MarketState::Latched);
    setup
}

#[test]
fn a_confirmation_is_named_where_it_could_come_and_would_help() {
    let confirms = |setup: &Setup| {
        let asked = |need: &Need| matches!(need, Need::Confirmation { .. });
        explain(setup).needs.iter().any(asked)
    };
    let mut setup = Setup::at("100");
    setup.later(60, "70");
    assert!(confirms(&setup));
    // Back within the bound there is nothing to confirm.
    setup.later(60, "100");
    assert_eq!(explain(&setup).allowed, [Action::Reduce, Action::Liquidate]);
    assert!(!confirms(&setup));
    // While the guardian's time lasts nothing is let through.
    setup.later(60, "70");
    assert!(confirms(&setup));
    let trip = ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "seen".to_string(),
    };
    setup.send(&setup.guardian.clone(), &trip).unwrap();
    assert!(!confirms(&setup));

    // Three lineages are never four.
    let mut setup = Setup::at("100");
    let four = MarketParamsUpdate {
        confirm_lineages: Some(4),
        ..Default::default()
    };
    let update = ExecuteMsg::UpdateMarket {
        market: MARKET.to_string(),
        params: Some(four),
        sources: None,
    };
    setup.send(&setup.owner.clone(), &update).unwrap();
    setup.later(60, "70");
    assert!(!confirms(&setup));
}

#[test]
fn a_latched_market_needs_the_owners_reseed_naming_its_trip() {
    let mut setup = latched();
    let told = explain(&setup);
    assert_eq!(told.needs[0], Need::Reseed { trip: 2 });
    assert_eq!(told.earliest_recovery, None);
    let market = MARKET.to_string();
    let exit = setup.market().exit.unwrap();
    assert_eq!((exit.reseed, exit.earliest_recovery), (true, None));

    setup.later(7_200, "70");
    let owner = setup.owner.clone();
    let refused = setup.refused(
        &owner,
        &ExecuteMsg::Reseed {
            market: market.clone(),
            trip: 1,
        },
    );
    let shown = refused.to_string();
    assert_eq!(shown, "trip is 1: must be the trip that is open, 2");
    setup
        .send(&owner, &ExecuteMsg::Reseed { market, trip: 2 })
        .unwrap();
    assert_eq!(setup.state(), MarketState::Recovering);
    for _ in 0..3 {
        setup.later(60, "70");
    }
    assert_eq!(setup.state(), MarketState::Normal);
    // The count begins anew.
    setup.later(60, "100");
    assert_eq!(setup.state(), MarketState::Tripped);
}

#[test]
fn history_keeps_the_last_32_transitions_with_what_each_source_said() {
    let mut setup = Setup::at("100");
    for round in 0..20_u32 {
        setup.advance(Seconds(60));
        let odd = if round.is_multiple_of(2) { "50" } else { "100" };
        setup.hears(["100", "100.1", odd]);
        setup.poke(Action::Open);
        setup.later(300, &format!("100.{round}"));
    }
    let all = history(&setup, None, Some(30)).transitions;
    let last = all[0].number;
    assert_eq!(last, 20, "ten times guarded and back");
    assert_eq!(all.len(), 20);
    let (newest, before) = (&all[0].transition, &all[1].transition);
    assert_eq!(
        (newest.from, newest.to),
        (MarketState::Guarded, MarketState::Normal)
    );
    assert_eq!(
        (before.from, before.to),
        (MarketState::Normal, MarketState::Guarded)
    );
    assert_eq!(before.faults.list(), [Fault::Outlier]);
    let said = &before.sources[2];
    assert_eq!(
        (said.source.as_str(), said.price),
        ("exchange", Some(price("50")))
    );
    assert_eq!(said.faults.list(), [Fault::Outlier]);
    assert_eq!(before.median, Some(price("100.05")));

    let page = history(&setup, Some(last - 4), Some(2)).transitions;
    let numbers: Vec<u64> = page.iter().map(|item| item.number).collect();
    assert_eq!(numbers, [last - 5, last - 6]);
    assert_eq!(history(&setup, Some(1), None).transitions, []);
}

#[test]
fn history_forgets_the_oldest_and_never_grows() {
    let mut setup = Setup::at("100");
    for round in 0..40_u32 {
        setup.advance(Seconds(60));
        setup.hears(["100", "100.1", "50"]);
        setup.poke(Action::Open);
        setup.later(300, &format!("100.{round}"));
    }
    let first = history(&setup, None, Some(30)).transitions;
    let rest = history(&setup, Some(first[29].number), Some(30)).transitions;
    assert_eq!((first.len(), rest.len()), (30, 2));
    assert_eq!((first[0].number, rest[1].number), (80, 49));
}

#[test]
fn what_guardian_and_owner_do_in_a_trip_is_kept_where_the_state_stays() {
    let mut setup = Setup::at("100");
    let (market, at) = (MARKET.to_string(), |setup: &Setup| setup.app.block_info().time);
    setup.later(60, "70");
    setup.advance(Seconds(60));
    let (guardian, reason) = (setup.guardian.clone(), "seen".to_string());
    let trip = ExecuteMsg::Trip {
        market: market.clone(),
        reason,
    };
    setup.send(&guardian, &trip).unwrap();
    let newest = history(&setup, None, None).transitions.swap_remove(0).transition;
    assert_eq!(
        (newest.from, newest.to),
        (MarketState::Tripped, MarketState::Tripped)
    );
    assert_eq!(
        (newest.by, newest.at, newest.trip),
        (Some(guardian), at(&setup), Some(1))
    );
    assert!(newest.faults.has(Fault::Guardian) && newest.faults.has(Fault::Jump));

    let owner = setup.owner.clone();
    for _ in 0..2 {
        setup.advance(Seconds(60));
        setup.says("70");
        let market = market.clone();
        setup
            .send(&owner, &ExecuteMsg::Reseed { market, trip: 1 })
            .unwrap();
    }
    let newest = history(&setup, None, None).transitions.swap_remove(0).transition;
    assert_eq!(
        (newest.from, newest.to),
        (MarketState::Recovering, MarketState::Recovering)
    );
    assert_eq!((newest.by, newest.at), (Some(owner), at(&setup)));
}

#[test]
fn one_trip_is_told_by_its_number_and_another_refused() {
    let mut setup = Setup::at("100");
    let ask = |setup: &Setup, number| -> Result<TripItem, String> {
        let market = MARKET.to_string();
        let told = setup.query(&QueryMsg::Trip { market, number });
        told.map_err(|error| error.to_string())
    };
    assert!(
        ask(&setup, 1)
            .unwrap_err()
            .contains("a trip of the market, which has had none")
    );
    setup.later(60, "70");
    assert_eq!(ask(&setup, 1).unwrap().trip.last_clean, setup.record().last_clean);
    for number in [0, 2] {
        let refused = ask(&setup, number).unwrap_err();
        assert!(
            refused.contains(&format!("number is {number}: must be from 1 to 1")),
            "{refused}"
        );
    }
}

#[test]
fn a_transaction_that_fails_later_takes_back_its_own_poke_and_no_earlier_one() {
    let mut setup = Setup::at("100");
    setup.later(60, "70");
    let tripped = setup.record();
    assert_eq!(tripped.trips, 1);
    setup.advance(Seconds(60));
    setup.says("70");
    let pokes = [MARKET.to_string(), "NO/SUCH".to_string()];
    let refused = setup.refused(
        &setup.alice.clone(),
        &ExecuteMsg::Poke {
            markets: pokes.to_vec(),
            action: None,
        },
    );
    assert!(matches!(refused, ContractError::UnknownMarket { .. }));
    assert_eq!(setup.record(), tripped);
}
