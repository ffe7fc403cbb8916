//! What can be read.

use crate::support::*;
use backstop_types::Seconds;
use backstop_types::breaker::{
    Action, Config, Fault, Finding, MarketState, MarketsResponse, QueryMsg, TripsResponse, Verdict,
};

#[test]
fn a_verdict_is_what_a_poke_would_answer_and_writes_nothing() {
    let mut setup = Setup::at("4.06");
    for texts in [
        ["4.1", "4.1", "4.1"],
        ["4.1", "4.1", "3"],
        ["1", "1", "1"],
        ["1", "2", "3"],
    ] {
        setup.advance(Seconds(60));
        setup.hears(texts);
        for action in [Action::Open, Action::Reduce, Action::Liquidate, Action::Payout] {
            let before = setup.record();
            let asked = setup.verdict(action);
            assert_eq!(setup.record(), before);
            assert_eq!(setup.poke(action), asked);
        }
    }
}

#[test]
fn a_faulty_reading_denies_although_the_stored_state_is_normal() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(60));
    setup.hears(["4.06", "4.3", "4.6"]);
    assert_eq!(setup.state(), MarketState::Normal);
    let verdict = setup.verdict(Action::Reduce);
    assert!(!verdict.allowed);
    assert_eq!(verdict.reasons, [Fault::Disagreement]);
    assert_eq!((verdict.median, verdict.band), (None, None));
}

#[test]
fn a_verdict_without_an_action_is_judged_as_the_strictest() {
    let setup = Setup::at("4.06");
    let msg = QueryMsg::Verdict {
        market: MARKET.into(),
        action: None,
    };
    assert_eq!(setup.query::<Verdict>(&msg).unwrap().action, Action::Open);
}

#[test]
fn a_reading_shows_each_source_with_its_faults_and_their_evidence() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(60));
    setup.pyth_says("4.06", "0.1", setup.now());
    setup.report(0, "2").unwrap();
    let reading = setup.reading();

    let uncertain = Finding {
        fault: Fault::Uncertain,
        measured: Some(247),
        bound: Some(200),
    };
    assert_eq!(reading.sources[0].findings, [uncertain]);
    assert_eq!(reading.sources[1].findings, []);
    let quarrel = Finding {
        fault: Fault::Disagreement,
        measured: Some(6_799),
        bound: Some(500),
    };
    assert_eq!(reading.findings[0], quarrel);
    assert_eq!((reading.lineages, reading.median, reading.band), (2, None, None));
    assert_eq!(reading.reference.unwrap().price, price("4.06"));
    assert!(reading.faults.has(Fault::Uncertain) && reading.faults.has(Fault::Disagreement));
    assert_eq!(reading.unclean, []);
}

#[test]
fn in_a_trip_a_reading_tells_what_keeps_it_from_counting() {
    let mut setup = Setup::at("4.06");
    setup.later(60, "2");
    setup.advance(Seconds(60));
    setup.says("3.5");
    // 13.8 % passes 20 %, and not half of it.
    let reading = setup.reading();
    assert!(!reading.faults.has(Fault::Jump));
    assert_eq!(reading.unclean[0].fault, Fault::Jump);
}

#[test]
fn a_market_tells_why_and_what_would_end_it() {
    let mut setup = Setup::at("4.06");
    assert!(setup.market().exit.is_none());
    setup.later(60, "2");
    let market = setup.market();
    assert_eq!(
        (market.market.as_str(), market.reasons),
        (MARKET, vec![Fault::Jump, Fault::Drift])
    );
    assert_eq!(market.config.sources.len(), 3);
    assert_eq!(market.record.trip(), Some(1));
    let (exit, now) = (market.exit.unwrap(), setup.app.block_info().time);
    assert_eq!(exit.cooldown_until, Some(Seconds(1_800).after(now)));
    assert_eq!(exit.earliest_recovery, Some(Seconds(1_800 + 180).after(now)));
    assert_eq!((exit.guardian_until, exit.readings_left), (None, 3));
}

#[test]
fn markets_and_trips_come_in_pages() {
    let mut setup = Setup::bare();
    for i in 0..35 {
        setup.add_market(&format!("M{i:02}"), setup.config()).unwrap();
    }
    let page = |start_after: Option<&str>, limit| {
        let start_after = start_after.map(str::to_string);
        let answer: MarketsResponse = setup.query(&QueryMsg::Markets { start_after, limit }).unwrap();
        answer.markets.into_iter().map(|it| it.market).collect::<Vec<_>>()
    };
    assert_eq!(page(None, None).len(), 10);
    assert_eq!(page(None, Some(u32::MAX)).len(), 30);
    assert_eq!(page(Some("M29"), Some(30)), ["M30", "M31", "M32", "M33", "M34"]);

    let mut setup = Setup::at("4.06");
    for i in 0..3 {
        setup.later(60, "1");
        for wait in [2_000, 60, 60, 60] {
            setup.later(wait, "4.06");
        }
        assert_eq!(setup.record().trips, i + 1);
    }
    let trips = |start_after, limit| {
        let market = MARKET.to_string();
        let answer: TripsResponse = setup
            .query(&QueryMsg::Trips {
                market,
                start_after,
                limit,
            })
            .unwrap();
        answer
            .trips
            .into_iter()
            .map(|it| (it.number, it.trip.end.is_some()))
            .collect::<Vec<_>>()
    };
    assert_eq!(trips(None, None), [(1, true), (2, true), (3, true)]);
    assert_eq!(trips(Some(1), Some(1)), [(2, true)]);
}

#[test]
fn an_unknown_market_is_an_error_in_every_query() {
    let setup = Setup::new();
    for market in ["NONE", "", &"x".repeat(1_000)] {
        let name = || market.to_string();
        let queries = [
            QueryMsg::Verdict {
                market: name(),
                action: None,
            },
            QueryMsg::Reading { market: name() },
            QueryMsg::Market { market: name() },
            QueryMsg::Trips {
                market: name(),
                start_after: None,
                limit: None,
            },
        ];
        for msg in queries {
            let error = setup
                .query::<serde::de::IgnoredAny>(&msg)
                .unwrap_err()
                .to_string();
            assert!(error.contains("market is"), "{msg:?}: {error}");
        }
    }
}

#[test]
fn the_config_names_the_guardian() {
    let setup = Setup::bare();
    let config: Config = setup.query(&QueryMsg::Config {}).unwrap();
    assert_eq!(config.guardian, Some(setup.guardian.clone()));
}
