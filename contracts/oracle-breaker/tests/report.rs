//! `Report`: prices from registered reporters.

use crate::support::*;
use backstop_types::breaker::{
    Action, ExecuteMsg, Fault, MAX_REPORTS, MarketConfig, MarketParams, Observation, Report, Source,
    Unreadable,
};
use backstop_types::events::breaker::Reported;
use backstop_types::{Bps, InputError, Price, Seconds};
use cosmwasm_std::Decimal;
use oracle_breaker::ContractError;

fn send(setup: &mut Setup, reports: Vec<Report>) -> ContractError {
    setup.refused(&setup.reporters[0].clone(), &ExecuteMsg::Report { reports })
}

#[test]
fn a_report_is_what_its_source_says() {
    let mut setup = Setup::new();
    let missing = Observation::Unreadable {
        why: Unreadable::NoReport,
    };
    assert_eq!(setup.reading().sources[1].observation, missing);

    let now = setup.now();
    let reports = vec![Report {
        confidence: Some(price("0.02")),
        ..report("4.06", now)
    }];
    let sent = setup
        .send(&setup.reporters[0].clone(), &ExecuteMsg::Report { reports })
        .unwrap();

    let expected = Observation::Priced {
        price: price("4.06"),
        confidence: price("0.02"),
        publish_time: Some(now),
    };
    assert_eq!(setup.reading().sources[1].observation, expected);
    let event = &emitted::<Reported>(&sent)[0];
    assert_eq!((event.source.as_str(), event.price), ("band", price("4.06")));
}

#[test]
fn a_report_must_be_newer_than_the_last() {
    let mut setup = Setup::new();
    let now = setup.now();
    setup.report(0, "4.06").unwrap();
    for old in [now, now - 1, 0] {
        let refused = send(&mut setup, vec![report("4.07", old)]);
        assert!(
            refused.to_string().starts_with("reports.publish_time"),
            "{refused}"
        );
    }
    setup.advance(Seconds(1));
    setup.report(0, "4.07").unwrap();
}

#[test]
fn a_report_from_further_ahead_than_max_future_is_refused() {
    let mut setup = Setup::new();
    let now = setup.now();
    for ahead in [now + 16, u64::MAX] {
        let refused = send(&mut setup, vec![report("4.06", ahead)]);
        assert!(
            refused.to_string().starts_with("reports.publish_time"),
            "{refused}"
        );
    }
    let reports = vec![report("4.06", now + 15)];
    setup
        .send(&setup.reporters[0].clone(), &ExecuteMsg::Report { reports })
        .unwrap();
}

#[test]
fn a_price_of_zero_is_refused() {
    let mut setup = Setup::new();
    let now = setup.now();
    let refused = send(&mut setup, vec![report("0", now)]);
    assert_eq!(refused.to_string(), "reports.price is 0: must be above zero");
}

#[test]
fn only_a_source_of_the_market_may_report() {
    let mut setup = Setup::new();
    let mut other = setup.config();
    other.sources.truncate(2);
    other.sources[1] = Source::reporter("alice", "alice", &setup.alice);
    setup.add_market("A/USD", other).unwrap();
    let reports = vec![report("4.06", setup.now())];
    for stranger in [
        setup.owner.clone(),
        setup.guardian.clone(),
        setup.alice.clone(),
        setup.pyth.clone(),
    ] {
        let refused = setup.refused(
            &stranger,
            &ExecuteMsg::Report {
                reports: reports.clone(),
            },
        );
        assert_eq!(refused, unauthorized(&stranger, "a reporter of ATOM/USD"));
    }
}

#[test]
fn one_bad_report_refuses_them_all() {
    let mut setup = Setup::new();
    let now = setup.now();
    let unknown = Report {
        market: "NONE".into(),
        ..report("4.06", now)
    };
    let refused = send(&mut setup, vec![report("4.06", now), unknown]);
    assert_eq!(
        refused,
        ContractError::UnknownMarket {
            market: "NONE".into()
        }
    );
    let missing = Observation::Unreadable {
        why: Unreadable::NoReport,
    };
    assert_eq!(setup.reading().sources[1].observation, missing);
}

#[test]
fn a_list_that_is_empty_too_long_or_repeats_is_refused() {
    let mut setup = Setup::new();
    let one = report("4.06", setup.now());
    let named = |i: usize| Report {
        market: format!("M{i}"),
        ..one.clone()
    };
    let long: Vec<_> = (0..=MAX_REPORTS).map(named).collect();
    for reports in [vec![], long, vec![one.clone(), one.clone()]] {
        let refused = send(&mut setup, reports);
        assert!(
            matches!(
                refused,
                ContractError::Input(InputError::OutOfBounds { .. } | InputError::Duplicate { .. })
            ),
            "{refused}"
        );
    }
}

#[test]
fn the_largest_price_is_an_outlier_and_nothing_worse() {
    let mut setup = Setup::at("4.06");
    setup.advance(Seconds(1));
    let most = Price(Decimal::MAX);
    let reports = vec![Report {
        price: most,
        confidence: Some(most),
        ..report("1", setup.now())
    }];
    setup
        .send(&setup.reporters[0].clone(), &ExecuteMsg::Report { reports })
        .unwrap();
    assert_eq!(setup.poke(Action::Open).reasons, [Fault::Uncertain]);

    setup.advance(Seconds(1));
    let reports = vec![Report {
        price: most,
        ..report("1", setup.now())
    }];
    setup
        .send(&setup.reporters[0].clone(), &ExecuteMsg::Report { reports })
        .unwrap();
    let verdict = setup.poke(Action::Payout);
    assert_eq!((verdict.reasons, verdict.allowed), (vec![Fault::Outlier], true));
    assert_eq!(verdict.median, Some(price("4.06")));
}

#[test]
fn what_was_reported_is_forgotten_with_its_source() {
    let mut setup = Setup::at("4.06");
    let owner = setup.owner.clone();
    let mut config = setup.config();
    config.sources[1] = Source::reporter("band", "band", &setup.alice);
    setup.send(&owner, &update_market(MARKET, config)).unwrap();
    let missing = Observation::Unreadable {
        why: Unreadable::NoReport,
    };
    assert_eq!(setup.reading().sources[1].observation, missing);
}

#[test]
fn a_market_can_live_on_reporters_alone() {
    let mut setup = Setup::bare();
    let [a, b] = setup.reporters.clone();
    let mut config = MarketConfig::default_for(vec![
        Source::reporter("a", "a", &a),
        Source::reporter("b", "b", &b),
    ]);
    config.params = MarketParams {
        max_outlier: Bps(50),
        max_disagreement: Bps(100),
        ..config.params
    };
    setup.add_market(MARKET, config).unwrap();
    setup.report(0, "100").unwrap();
    setup.report(1, "101").unwrap();
    let verdict = setup.poke(Action::Reduce);
    assert_eq!(verdict.median, Some(price("100.5")));
    assert!(verdict.allowed);
}
