//! The guardian: a trip of 72 hours, and nothing else.

use crate::support::*;
use backstop_types::Seconds;
use backstop_types::breaker::{Action, ExecuteMsg, Fault, MarketState, TripCause};
use backstop_types::events::breaker::StateChanged;
use backstop_types::guardian;
use oracle_breaker::ContractError;

fn trip() -> ExecuteMsg {
    ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "the exchange behind all feeds is down".to_string(),
    }
}

#[test]
fn a_guardians_trip_denies_everything_and_says_who_and_why() {
    let mut setup = Setup::at("4.06");
    let response = setup.send(&setup.guardian.clone(), &trip()).unwrap();
    let event = &emitted::<StateChanged>(&response)[0];
    assert_eq!(
        (event.from, event.to),
        (MarketState::Normal, MarketState::Tripped)
    );
    assert_eq!(event.by.as_ref(), Some(&setup.guardian));
    assert_eq!(event.evidence, "the exchange behind all feeds is down");

    for action in [Action::Open, Action::Reduce, Action::Liquidate, Action::Payout] {
        let verdict = setup.poke(action);
        assert!(!verdict.allowed);
        assert_eq!(
            (verdict.trip, verdict.trip_cause),
            (Some(1), Some(TripCause::Guardian))
        );
        assert_eq!(verdict.reasons, [Fault::Guardian]);
        assert!(verdict.band.is_some(), "the band at that time is still told");
    }
    assert_eq!(setup.trips().trips[0].trip.cause, TripCause::Guardian);
}

#[test]
fn it_lasts_72_hours_and_ends_through_recovering() {
    let mut setup = Setup::at("4.06");
    setup.send(&setup.guardian.clone(), &trip()).unwrap();
    let exit = setup.market().exit.unwrap();
    assert_eq!(
        exit.guardian_until,
        Some(guardian::LONGEST.after(setup.app.block_info().time))
    );
    assert_eq!(
        setup.later(guardian::LONGEST.0 - 1, "4.06").state,
        MarketState::Tripped
    );
    assert_eq!(setup.later(1, "4.06").state, MarketState::Recovering);
    for _ in 0..3 {
        setup.later(60, "4.06");
    }
    assert_eq!(
        (setup.state(), setup.record().trip()),
        (MarketState::Normal, None)
    );
}

#[test]
fn the_guardian_cannot_trip_again_within_14_days_of_the_end() {
    let mut setup = Setup::at("4.06");
    let guardian = setup.guardian.clone();
    setup.send(&guardian, &trip()).unwrap();
    let ready_at = guardian::REST.after(guardian::LONGEST.after(setup.app.block_info().time));
    for wait in [0, guardian::LONGEST.0, guardian::REST.0 - 1] {
        setup.advance(Seconds(wait));
        let now = setup.app.block_info().time;
        let expected = ContractError::GuardianRests {
            market: MARKET.into(),
            now,
            ready_at,
        };
        assert_eq!(setup.refused(&guardian, &trip()), expected);
    }
    setup.advance(Seconds(1));
    setup.send(&guardian, &trip()).unwrap();
}

#[test]
fn only_the_guardian_trips_and_it_does_nothing_else() {
    let mut setup = Setup::at("4.06");
    for other in [
        setup.owner.clone(),
        setup.alice.clone(),
        setup.reporters[0].clone(),
    ] {
        assert_eq!(
            setup.refused(&other, &trip()),
            unauthorized(&other, "the guardian")
        );
    }
    let guardian = setup.guardian.clone();
    setup.send(&guardian, &trip()).unwrap();
    let market = MARKET.to_string();
    let refused = setup.refused(&guardian, &ExecuteMsg::Reseed { market, trip: 1 });
    assert!(matches!(refused, ContractError::Ownership(_)));
}

#[test]
fn a_trip_on_a_recovering_market_sets_it_back_under_the_same_number() {
    let mut setup = Setup::at("4.06");
    setup.later(60, "2");
    setup.later(1_800, "4");
    setup.later(60, "4");
    setup.send(&setup.guardian.clone(), &trip()).unwrap();
    let record = setup.record();
    assert_eq!((record.state, record.trip()), (MarketState::Tripped, Some(1)));
    assert_eq!(
        (record.open_trip, record.watch.recovery),
        (Some(TripCause::Faults), None)
    );
    assert_eq!(setup.trips().trips.len(), 1);
}

#[test]
fn the_owners_reseed_ends_a_guardians_trip() {
    let mut setup = Setup::at("4.06");
    setup.send(&setup.guardian.clone(), &trip()).unwrap();
    let market = MARKET.to_string();
    setup
        .send(&setup.owner.clone(), &ExecuteMsg::Reseed { market, trip: 1 })
        .unwrap();
    let record = setup.record();
    assert_eq!(record.state, MarketState::Recovering);
    assert_eq!(record.watch.guardian_until, Some(setup.app.block_info().time));
}

#[test]
fn a_reason_is_due_and_short() {
    let mut setup = Setup::at("4.06");
    let guardian = setup.guardian.clone();
    for reason in [String::new(), "x".repeat(257)] {
        let msg = ExecuteMsg::Trip {
            market: MARKET.to_string(),
            reason,
        };
        assert!(
            setup
                .refused(&guardian, &msg)
                .to_string()
                .starts_with("reason is")
        );
    }
    let msg = ExecuteMsg::Trip {
        market: "NONE".into(),
        reason: "x".into(),
    };
    assert_eq!(
        setup.refused(&guardian, &msg),
        ContractError::UnknownMarket {
            market: "NONE".into()
        }
    );
}
