//! The README's worked examples, step by step.

use crate::support::{Suite, void_for};
use backstop_testing::{World, emitted};
use backstop_types::events::timelock::ChangeVoided;
use backstop_types::timelock::{Class, ExecuteMsg, Status, VoidReason};
use backstop_types::{Assets, Seconds};
use risk_timelock::ContractError;

const LIMIT: u128 = 100_000_000_000;

#[test]
fn two_proposals_on_one_policy_executed_in_the_wrong_order() {
    let mut suite = Suite::new();
    // Both were written when the limit was 100: one to 150, the other to 80 by those
    // who thought it was 150 by then.
    let seen = suite.what_if(suite.limit_to(LIMIT * 3 / 2)).from;
    let raise = suite.limit_to(LIMIT * 3 / 2);
    let lower = suite.limit_to(LIMIT * 4 / 5);
    let dao = suite.dao.clone();

    // The second is executed first, at once.
    suite.submit(lower);
    assert_eq!(suite.limit(), LIMIT * 4 / 5);
    // The first now finds 80 where its voters saw 100: it changes nothing.
    let change = raise.clone();
    let expect = Some(seen);
    let refused = suite.refused(&dao, &ExecuteMsg::Submit { change, expect });
    assert!(matches!(refused, ContractError::Unexpected { .. }), "{refused}");
    // Without `expect` it would wait, from 80, for all to see.
    assert_eq!(
        suite.what_if(raise).fields[0].from.as_deref(),
        Some("80000000000")
    );
    assert!(suite.pending().is_empty());
}

#[test]
fn a_tightening_submitted_while_a_loosening_waits() {
    let mut suite = Suite::new();
    let loosening = suite.submit(suite.terms(|terms| {
        terms.limit = Some(Assets::new(LIMIT * 2));
        terms.instant = Some(Assets::new(LIMIT));
    }));
    suite.w.advance(Seconds::days(10));
    let tightening = suite.terms(|terms| terms.instant = Some(Assets::ZERO));
    assert_eq!(suite.what_if(tightening.clone()).conflicts, [loosening]);
    let answer = suite.try_submit(tightening).unwrap();
    assert_eq!(suite.policy().terms.instant, Assets::ZERO);
    // The whole loosening is void, the limit too: it was one vote.
    let voided = &emitted::<ChangeVoided>(&answer)[0];
    assert_eq!(
        (voided.change, voided.overtaken_by),
        (loosening, Some(loosening + 1))
    );
    assert_eq!(void_for(&suite.status(loosening)), Some(VoidReason::Overtaken));
    suite.w.advance(Seconds::days(14));
    assert!(suite.try_apply(loosening).is_err());
    assert_eq!(suite.limit(), LIMIT);
}

#[test]
fn a_raise_of_the_limit_queued_while_stakers_leave() {
    let builder = World::builder()
        .seed(|seed| seed.deposits = vec![("ada".to_string(), 1_000_000), ("ben".to_string(), 1_000_000)]);
    let mut suite = Suite::of(builder);
    let (ada, perps) = (suite.w.addr("ada"), suite.w.perps.clone());
    let had = suite.w.balance(&ada);
    let raise = suite.submit(suite.limit_to(LIMIT * 10));
    assert_eq!(suite.change(raise).class, Class::Waits);

    // Ada hears of it on the third day, and still leaves in time.
    suite.w.advance(Seconds::days(3));
    suite.w.unbond(&ada, 1_000_000).unwrap();
    suite.w.advance(Seconds(Seconds::days(21).0 - 1));
    assert!(suite.w.withdraw(&ada).is_err());
    assert!(suite.try_apply(raise).is_err());
    suite.w.advance(Seconds(1));
    suite.w.withdraw(&ada).unwrap();
    assert_eq!(suite.w.balance(&ada), had + 1_000_000);
    // Only Ben, who stays, stands behind the larger limit.
    suite.apply(raise);
    assert_eq!(suite.limit(), LIMIT * 10);
    assert_eq!(suite.status(raise), Status::Applied { at: suite.now() });
    suite.w.set_price("10");
    suite.w.shortfall(&perps, 1_000, Some("10")).unwrap();
    assert_eq!(suite.w.balance(&ada), had + 1_000_000);
}
