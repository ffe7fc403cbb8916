//! `ClaimTimeline`: what was decided on a claim, when and why.

use crate::support::{Desk, MARKET};
use backstop_testing::emitted;
use backstop_types::breaker::{Band, OracleBreaker};
use backstop_types::events::vault::ClaimSettled;
use backstop_types::vault::*;
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::Timestamp;

/// 1,000 staked; of a limit of 500 a window, 200 at once, a delay of a day.
fn desk() -> Desk {
    let mut desk = Desk::covering(|terms| {
        terms.limit = 500.into();
        terms.deductible = 100.into();
        terms.instant = 200.into();
    });
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    desk
}

fn now(desk: &Desk) -> Timestamp {
    desk.w.app.block_info().time
}

fn timeline(desk: &Desk, claim: u64) -> Vec<(Timestamp, ClaimDecision)> {
    let answer: ClaimTimelineResponse = desk.query(&QueryMsg::ClaimTimeline { claim });
    let one = desk.claim(claim);
    assert_eq!((answer.payable_at, answer.latest), (one.payable_at, one.latest));
    let steps = answer.steps.into_iter().map(|step| (step.at.unwrap(), step.what));
    let steps: Vec<_> = steps.collect();
    assert!(steps.is_sorted_by_key(|(at, _)| *at), "{steps:?}");
    steps
}

/// Pokes with clean prices until the market's trip is over.
fn end_trip(desk: &mut Desk, price: &str) {
    let breaker = OracleBreaker(desk.w.breaker.clone());
    while breaker
        .record(&desk.w.querier(), MARKET)
        .unwrap()
        .unwrap()
        .trip()
        .is_some()
    {
        desk.advance(Seconds(600));
        desk.w.set_price(price);
    }
}

/// Judged by the first trip's end, with this span.
fn by_trip(low: &str, high: &str) -> Judged {
    let price = |text: &str| Price(text.parse().unwrap());
    Judged {
        span: Band {
            low: price(low),
            high: price(high),
        },
        by: JudgedBy::Trip,
        trip: Some(1),
    }
}

#[test]
fn a_delayed_claim_tells_what_bound_it_its_pause_and_its_payment() {
    let mut desk = desk();
    let filed = now(&desk);
    let claim = desk.shortfall(900).claim.unwrap();
    desk.advance(Seconds::HOUR);
    let paused = now(&desk);
    desk.pause(Pausable::Payouts, Seconds::hours(5)).unwrap();
    let until = Seconds::hours(5).after(paused);
    desk.advance(Seconds::days(2));
    let paid = now(&desk);
    desk.settle(claim).unwrap();
    // A later pause is not its own.
    desk.advance(Seconds::days(20));
    desk.pause(Pausable::Payouts, Seconds::HOUR).unwrap();
    let price = desk.claim(claim).record.price;
    let expected = [
        (
            filed,
            ClaimDecision::Filed {
                asked: 900.into(),
                price,
            },
        ),
        (
            filed,
            ClaimDecision::Granted {
                amount: 500.into(),
                deductible: 100.into(),
                uncovered: 300.into(),
                bound: Some(CoverReason::PolicyLimit.into()),
            },
        ),
        (filed, ClaimDecision::PaidAtOnce { amount: 200.into() }),
        (
            filed,
            ClaimDecision::Delayed {
                amount: 300.into(),
                reason: Some(CoverReason::InstantLimit.into()),
            },
        ),
        (paused, ClaimDecision::Paused { pause: 1, until }),
        (
            paid,
            ClaimDecision::Paid {
                amount: 300.into(),
                judged: None,
            },
        ),
    ];
    assert_eq!(timeline(&desk, claim), expected);
    // Nor does it move the dates: one day, and five hours of its own pause.
    let dated = desk.claim(claim);
    assert_eq!(dated.payable_at, Seconds::hours(29).after(filed));
    assert_eq!(
        dated.latest,
        Seconds::hours(5).after(Seconds::days(30 + 24).after(filed))
    );
}

#[test]
fn a_claim_that_is_paid_whole_stores_nothing_more_and_tells_three_steps() {
    let mut desk = desk();
    let claim = desk.shortfall(150).claim.unwrap();
    let steps = timeline(&desk, claim);
    assert_eq!(steps.len(), 3);
    assert_eq!(steps[2].1, ClaimDecision::PaidAtOnce { amount: 50.into() });
    let record = desk.claim(claim).record;
    let stored = cosmwasm_std::to_json_string(&record).unwrap();
    for field in [
        "bound",
        "waits",
        "was_held",
        "stood_at",
        "judged",
        "ended_at",
        "paid_later",
    ] {
        assert!(!stored.contains(field), "{stored}");
    }
}

#[test]
fn a_held_claim_tells_its_trip_that_it_stood_and_who_declined_it_why() {
    let mut desk = desk();
    desk.as_owner(&ExecuteMsg::ChangePolicy {
        policyholder: desk.holder.to_string(),
        market: MARKET.to_string(),
        update: PolicyTermsUpdate {
            delay: Some(Seconds::days(20)),
            ..Default::default()
        },
    })
    .unwrap();
    desk.w.set_price("7");
    let claim = desk.shortfall_at(400, Some("8")).claim.unwrap();
    let ClaimStatus::Held(held) = desk.claim(claim).record.status else {
        panic!("must be held")
    };
    let at = now(&desk);
    let waits = ClaimDecision::Held {
        amount: 300.into(),
        reason: Some(CoverReason::BreakerDenied.into()),
        held,
    };
    assert_eq!(timeline(&desk, claim)[2..], [(at, waits.clone())]);

    end_trip(&mut desk, "7");
    let stood = now(&desk);
    desk.settle(claim).unwrap();
    // One pause before it stood would come before, this one comes after.
    desk.advance(Seconds::HOUR);
    desk.pause(Pausable::Payouts, Seconds::HOUR).unwrap();
    let paused = now(&desk);
    desk.advance(Seconds::DAY);
    desk.decline(claim).unwrap();
    let ended = now(&desk);
    let owner = desk.w.owner.clone();
    let steps = timeline(&desk, claim);
    assert_eq!(steps[2], (at, waits));
    let judged = Some(by_trip("6.993", "10.01"));
    assert_eq!(steps[3], (stood, ClaimDecision::Stood { judged }));
    assert!(matches!(steps[4], (at, ClaimDecision::Paused { pause: 1, .. }) if at == paused));
    let declined = ClaimDecision::Declined {
        amount: 300.into(),
        by: Some(owner),
        reason: "no such position".to_string(),
    };
    assert_eq!(steps[5..], [(ended, declined)]);
}

#[test]
fn a_lapsed_claim_tells_by_which_rule() {
    let mut desk = desk();
    desk.w.set_price("5");
    let below = desk.shortfall_at(200, Some("5")).claim.unwrap();
    end_trip(&mut desk, "10");
    let answer = desk.settle(below).unwrap();
    let event = &emitted::<ClaimSettled>(&answer)[0];
    let ten = desk.claim(below).record.judged.unwrap().span;
    assert_eq!((event.span_low, event.span_high), (Some(ten.low), Some(ten.high)));
    assert_eq!((&event.policyholder, &event.market[..]), (&desk.holder, MARKET));
    let lapsed = |reason, amount: u128| ClaimDecision::Lapsed {
        amount: amount.into(),
        reason,
        judged: (reason == LapseReason::PriceOutsideSpan).then(|| by_trip("9.99", "10.01")),
    };
    let (at, last) = timeline(&desk, below).pop().unwrap();
    assert_eq!(
        (at, last),
        (now(&desk), lapsed(LapseReason::PriceOutsideSpan, 100))
    );

    desk.silence_breaker();
    let silent = desk.shortfall_at(200, Some("10"));
    let claim = silent.claim.unwrap();
    desk.advance(Seconds::days(400));
    desk.settle(claim).unwrap();
    let steps = timeline(&desk, claim);
    let amount = silent.pending.u128();
    assert_eq!(steps.last().unwrap().1, lapsed(LapseReason::Expired, amount));
    assert!(steps.iter().any(|(_, what)| matches!(
        what,
        ClaimDecision::Held { reason: Some(reason), .. } if *reason == CoverReason::BreakerUnavailable
    )));
}

#[test]
fn a_timeline_is_bounded_whatever_the_guardian_did() {
    let mut desk = desk();
    let early = desk.shortfall(350).claim.unwrap();
    let late = desk.shortfall(100).claim.unwrap();
    desk.advance(Seconds::days(2));
    desk.settle(early).unwrap();
    for _ in 0..40 {
        desk.pause(Pausable::Payouts, Seconds::HOUR).unwrap();
        desk.advance(Seconds::days(15));
    }
    let pauses = |steps: &[(Timestamp, ClaimDecision)]| {
        let paused = |what: &ClaimDecision| matches!(what, ClaimDecision::Paused { .. });
        steps.iter().filter(|(_, what)| paused(what)).count()
    };
    assert_eq!(pauses(&timeline(&desk, early)), 0);
    assert_eq!(pauses(&timeline(&desk, late)), 30);
    assert!(
        desk.query::<ClaimTimelineResponse>(&QueryMsg::ClaimTimeline { claim: late })
            .steps
            .len()
            <= 36
    );
    let unknown = QueryMsg::ClaimTimeline { claim: 9 };
    assert!(
        desk.w
            .query::<ClaimTimelineResponse>(&desk.w.vault, &unknown)
            .is_err()
    );
    assert_eq!(desk.claim(early).record.pot, Assets::ZERO);
}
