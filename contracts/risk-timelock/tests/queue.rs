//! What waits, for how long, and what becomes of it.

use crate::support::{Suite, WAIT, params, void_for};
use backstop_testing::emitted;
use backstop_types::events::timelock::{ChangeApplied, ChangeCancelled, ChangeSubmitted, ChangeVoided};
use backstop_types::timelock::{
    Before, ChangeResponse, Class, Config, Direction, ExecuteMsg, QueryMsg, Status, VoidReason,
};
use backstop_types::vault::PolicyTermsUpdate;
use backstop_types::{Assets, Nanos, Patch, Seconds, keys};
use cosmwasm_std::{Addr, Decimal};
use cw_multi_test::Executor;
use cw_storage_plus::Map;
use risk_timelock::ContractError;
use risk_timelock::state::{CHANGES, MAX_PENDING};

const OLD: u128 = 100_000_000_000;

#[test]
fn what_raises_the_risk_waits_for_unbonding_period_and_notice_to_the_nanosecond() {
    let mut suite = Suite::new();
    let start = Nanos(7u64.into()).after(suite.now());
    suite.at(start);
    let change = suite.limit_to(OLD + 1);
    let submitted = suite.try_submit(change).unwrap();
    let due = WAIT.after(start);
    let event = &emitted::<ChangeSubmitted>(&submitted)[0];
    // Events tell whole seconds, never too early.
    assert_eq!((event.change, event.class), (1, Class::Waits));
    assert_eq!(event.due, Some(due.seconds() + 1));
    assert_eq!(event.lapses, Some(due.seconds() + 1 + 7 * 86_400));
    assert_eq!(suite.change(1).record.wait.unwrap().due, due);

    suite.at(due.minus_nanos(1));
    let anyone = suite.anyone.clone();
    let refused = suite.refused(&anyone, &ExecuteMsg::Apply { change: 1 });
    let now = due.minus_nanos(1);
    assert_eq!(refused, ContractError::NotDue { change: 1, due, now });
    assert_eq!(suite.limit(), OLD);
    suite.at(due);
    let applied = suite.apply(1);
    assert_eq!(suite.limit(), OLD + 1);
    assert_eq!(emitted::<ChangeApplied>(&applied)[0].by, anyone);
    assert_eq!(suite.status(1), Status::Applied { at: due });
    assert!(suite.pending().is_empty());
}

#[test]
fn what_is_due_can_be_applied_for_seven_days_to_the_nanosecond() {
    for late in [false, true] {
        let mut suite = Suite::new();
        let number = suite.submit(suite.limit_to(OLD + 1));
        let lapses = suite.change(number).record.wait.unwrap().lapses;
        assert_eq!(lapses, Seconds::days(31).after(suite.now()));
        suite.at(if late { lapses } else { lapses.minus_nanos(1) });
        let answer = suite.apply(number);
        assert_eq!(suite.limit(), if late { OLD } else { OLD + 1 });
        let voided = emitted::<ChangeVoided>(&answer);
        assert_eq!(
            voided.first().map(|event| event.reason),
            late.then_some(VoidReason::Lapsed)
        );
        assert_eq!(
            void_for(&suite.status(number)),
            late.then_some(VoidReason::Lapsed)
        );
        assert!(suite.pending().is_empty());
    }
}

#[test]
fn what_lowers_the_risk_is_made_in_the_submission() {
    let mut suite = Suite::new();
    let change = suite.limit_to(OLD - 1);
    let answer = suite.try_submit(change).unwrap();
    assert_eq!(suite.limit(), OLD - 1);
    let submitted = &emitted::<ChangeSubmitted>(&answer)[0];
    assert_eq!((submitted.class, submitted.due), (Class::AtOnce, None));
    let applied = &emitted::<ChangeApplied>(&answer)[0];
    assert_eq!((applied.change, applied.class), (1, Class::AtOnce));
    assert_eq!(applied.by, suite.dao);
    assert_eq!(suite.status(1), Status::Applied { at: suite.now() });
    assert!(suite.pending().is_empty());
    let anyone = suite.anyone.clone();
    let refused = suite.refused(&anyone, &ExecuteMsg::Apply { change: 1 });
    let status = "applied";
    assert_eq!(refused, ContractError::NotPending { change: 1, status });
}

#[test]
fn a_mixed_change_waits_whole() {
    let mut suite = Suite::new();
    let mixed = suite.terms(|terms| {
        terms.limit = Some(Assets::new(OLD / 2));
        terms.delay = Some(Seconds::HOUR);
    });
    let number = suite.submit(mixed);
    assert_eq!(suite.limit(), OLD);
    let directions: Vec<_> = suite
        .change(number)
        .fields
        .iter()
        .map(|it| it.direction)
        .collect();
    assert_eq!(directions, [Direction::Lowers, Direction::Raises]);
    suite.w.advance(WAIT);
    suite.apply(number);
    assert_eq!(
        (suite.limit(), suite.policy().terms.delay),
        (OLD / 2, Seconds::HOUR)
    );
}

#[test]
fn a_change_that_was_overtaken_outside_of_the_queue_is_void_when_it_is_applied() {
    let mut suite = Suite::new();
    let number = suite.submit(suite.limit_to(OLD * 2));
    // The policyholder closes its own policy.
    let perps = suite.w.perps.clone();
    let close = backstop_types::vault::ExecuteMsg::ClosePolicy {
        policyholder: None,
        market: suite.w.market.clone(),
    };
    let vault = suite.w.vault.clone();
    suite.w.execute(&perps, &vault, &close, &[]).unwrap();
    assert_eq!(suite.status(number), Status::Pending {});
    suite.w.advance(WAIT);
    let answer = suite.apply(number);
    let event = &emitted::<ChangeVoided>(&answer)[0];
    assert_eq!((event.reason, event.overtaken_by), (VoidReason::Overtaken, None));
    assert!(emitted::<ChangeApplied>(&answer).is_empty());
    assert!(suite.policy().closed_at.is_some());
    assert_eq!(suite.limit(), OLD);
}

#[test]
fn a_brake_makes_what_waits_for_the_same_field_void_for_good() {
    let mut suite = Suite::new();
    let up = suite.submit(suite.limit_to(OLD * 2));
    let other = suite.submit(suite.terms(|terms| terms.delay = Some(Seconds::HOUR)));
    let change = suite.limit_to(OLD / 2);
    let answer = suite.try_submit(change).unwrap();
    let event = &emitted::<ChangeVoided>(&answer)[0];
    assert_eq!((event.change, event.overtaken_by), (up, Some(other + 1)));
    assert_eq!(suite.status(other), Status::Pending {}, "of another field");
    // Back to what it was meanwhile: the one that was overtaken does not come alive.
    let back = suite.submit(suite.limit_to(OLD));
    suite.w.advance(WAIT);
    suite.apply(back);
    assert_eq!(suite.limit(), OLD);
    let anyone = suite.anyone.clone();
    let refused = suite.refused(&anyone, &ExecuteMsg::Apply { change: up });
    let status = "void";
    assert_eq!(refused, ContractError::NotPending { change: up, status });
}

#[test]
fn two_that_wait_for_different_fields_are_both_applied() {
    let mut suite = Suite::new();
    let limit = suite.submit(suite.limit_to(OLD * 2));
    let instant = suite.submit(suite.terms(|terms| terms.instant = Some(Assets::new(OLD))));
    suite.w.advance(WAIT);
    suite.apply(instant);
    suite.apply(limit);
    let terms = suite.policy().terms;
    assert_eq!((terms.limit.u128(), terms.instant.u128()), (OLD * 2, OLD));
}

#[test]
fn anyone_marks_void_what_is_stale_or_past_and_nothing_else() {
    let mut suite = Suite::new();
    let stands = suite.submit(suite.limit_to(OLD * 2));
    let anyone = suite.anyone.clone();
    let refused = suite.refused(&anyone, &ExecuteMsg::Void { change: stands });
    assert_eq!(refused, ContractError::Stands { change: stands });
    suite.w.advance(WAIT);
    let refused = suite.refused(&anyone, &ExecuteMsg::Void { change: stands });
    assert_eq!(refused, ContractError::Stands { change: stands });
    suite.w.advance(Seconds::days(7));
    suite.try_void(stands).unwrap();
    assert_eq!(void_for(&suite.status(stands)), Some(VoidReason::Lapsed));

    // Stale before it is due.
    let stale = suite.submit(suite.limit_to(OLD * 2));
    let (perps, vault) = (suite.w.perps.clone(), suite.w.vault.clone());
    let close = backstop_types::vault::ExecuteMsg::ClosePolicy {
        policyholder: None,
        market: suite.w.market.clone(),
    };
    suite.w.execute(&perps, &vault, &close, &[]).unwrap();
    suite.try_void(stale).unwrap();
    assert_eq!(void_for(&suite.status(stale)), Some(VoidReason::Overtaken));
}

#[test]
fn the_owner_cancels_at_once_what_waits() {
    let mut suite = Suite::new();
    let number = suite.submit(suite.limit_to(OLD * 2));
    let (dao, anyone) = (suite.dao.clone(), suite.anyone.clone());
    let cancel = ExecuteMsg::Cancel { change: number };
    let refused = suite.refused(&anyone, &cancel);
    assert_eq!(refused, cw_ownable::OwnershipError::NotOwner.into());
    let answer = suite.send(&dao, &cancel).unwrap();
    assert_eq!(emitted::<ChangeCancelled>(&answer)[0].change, number);
    suite.w.advance(WAIT);
    let status = "cancelled";
    for msg in [
        cancel,
        ExecuteMsg::Apply { change: number },
        ExecuteMsg::Void { change: number },
    ] {
        let refused = suite.refused(&dao, &msg);
        assert_eq!(
            refused,
            ContractError::NotPending {
                change: number,
                status
            }
        );
    }
}

#[test]
fn the_wait_is_that_of_the_unbonding_period_in_force_at_submission() {
    let mut suite = Suite::new();
    // Shorter waits itself, and what waits already is not hurried by it.
    let limit = suite.submit(suite.limit_to(OLD * 2));
    let shorter = suite.submit(params(|it| it.unbonding_period = Some(Seconds::DAY)));
    suite.w.advance(WAIT);
    suite.apply(shorter);
    suite.apply(limit);
    assert_eq!(suite.limit(), OLD * 2);
    let change = suite.limit_to(OLD * 3);
    let due = suite.what_if(change).due.unwrap();
    assert_eq!(due, Seconds::days(4).after(suite.now()));
}

#[test]
fn what_waits_is_void_once_exits_have_become_slower() {
    let mut suite = Suite::new();
    let longer = suite.submit(params(|it| it.unbonding_period = Some(Seconds::days(365))));
    suite.w.advance(Seconds::days(23));
    let limit = suite.submit(suite.limit_to(OLD * 2));
    suite.w.advance(Seconds::DAY);
    suite.apply(longer);
    // Whoever hears of it now could leave in a year: 24 days are not enough.
    suite.w.advance(Seconds::days(23));
    let answer = suite.apply(limit);
    assert_eq!(
        emitted::<ChangeVoided>(&answer)[0].reason,
        VoidReason::ExitsSlower
    );
    assert_eq!(suite.limit(), OLD);
}

#[test]
fn a_raised_notice_counts_from_the_next_submission_on_and_a_lowered_one_waits() {
    let mut suite = Suite::new();
    let limit = suite.submit(suite.limit_to(OLD * 2));
    suite.submit(params(|it| it.notice = Some(Seconds::days(10))));
    assert_eq!(suite.vault_params().notice, Seconds::days(10));
    let config: Config = suite.query(&QueryMsg::Config {});
    assert_eq!((config.notice, config.pending), (Seconds::days(10), 1));
    let change = params(|it| it.notice = Some(Seconds::days(3)));
    let shown = suite.what_if(change);
    assert_eq!(shown.class, Class::Waits);
    assert_eq!(shown.due, Some(Seconds::days(31).after(suite.now())));
    suite.w.advance(WAIT);
    suite.apply(limit);
    assert_eq!(suite.limit(), OLD * 2);
}

#[test]
fn a_change_that_its_contract_refuses_stays_queued() {
    let mut suite = Suite::new();
    // Out of the vault's bounds: the vault itself says so.
    let number = suite.submit(params(|it| it.pool_fraction = Some(Decimal::percent(95))));
    suite.w.advance(WAIT);
    let refused = suite.try_apply(number).unwrap_err();
    let refused: backstop_vault::ContractError = backstop_testing::cause(refused);
    assert!(
        refused.to_string().starts_with("pool_fraction is 0.95"),
        "{refused}"
    );
    assert_eq!(suite.status(number), Status::Pending {});
    assert_eq!(suite.pending(), [number]);
}

#[test]
fn a_brake_that_its_contract_refuses_fails_whole() {
    let mut suite = Suite::new();
    let up = suite.submit(suite.limit_to(OLD * 2));
    let change = suite.limit_to(1);
    let refused: backstop_vault::ContractError =
        backstop_testing::cause(suite.try_submit(change).unwrap_err());
    assert!(refused.to_string().starts_with("instant is"), "{refused}");
    assert_eq!(suite.status(up), Status::Pending {});
    assert_eq!(suite.history().len(), 1);
}

#[test]
fn the_change_is_refused_if_those_who_voted_saw_another_state() {
    let mut suite = Suite::new();
    let seen = suite.what_if(suite.limit_to(OLD / 2)).from;
    let limit = |limit: u128| {
        Before::Terms(PolicyTermsUpdate {
            limit: Some(Assets::new(limit)),
            ..Default::default()
        })
    };
    assert_eq!(seen, limit(OLD));
    let dao = suite.dao.clone();
    let submit = |suite: &Suite, to, expect| ExecuteMsg::Submit {
        change: suite.limit_to(to),
        expect: Some(expect),
    };
    let msg = submit(&suite, OLD / 2, seen.clone());
    suite.send(&dao, &msg).unwrap();
    let msg = submit(&suite, OLD / 4, seen);
    let refused = suite.refused(&dao, &msg);
    assert!(matches!(refused, ContractError::Unexpected { .. }), "{refused}");
    assert!(refused.to_string().contains("50000000000"), "{refused}");
    let msg = submit(&suite, OLD / 4, limit(OLD / 2));
    suite.send(&dao, &msg).unwrap();
    assert_eq!(suite.limit(), OLD / 4);
}

#[test]
fn what_if_tells_class_fields_times_and_conflicts() {
    let mut suite = Suite::new();
    let first = suite.submit(suite.limit_to(OLD * 2));
    suite.submit(suite.terms(|terms| terms.delay = Some(Seconds::HOUR)));
    let shown = suite.what_if(suite.terms(|terms| {
        terms.limit = Some(Assets::new(OLD + 5));
        terms.premium = Some(Patch::Set(backstop_types::Bps(7)));
    }));
    assert_eq!((shown.class, shown.conflicts), (Class::Waits, vec![first]));
    assert_eq!(shown.contract, suite.w.vault);
    let rows: Vec<_> = shown
        .fields
        .iter()
        .map(|it| {
            (
                it.field.as_str(),
                it.from.as_deref(),
                it.to.as_deref(),
                it.direction,
            )
        })
        .collect();
    let to = (OLD + 5).to_string();
    let expected = [
        (
            "limit",
            Some("100000000000"),
            Some(to.as_str()),
            Direction::Raises,
        ),
        ("premium", None, Some("7"), Direction::Lowers),
    ];
    assert_eq!(rows, expected);
    assert_eq!(shown.lapses, shown.due.map(|due| Seconds::days(7).after(due)));

    let shown = suite.what_if(suite.limit_to(OLD / 2));
    assert_eq!(
        (shown.class, shown.due, shown.lapses),
        (Class::AtOnce, None, None)
    );
    assert_eq!(shown.conflicts, [first]);
    assert_eq!(suite.limit(), OLD, "asking changes nothing");
}

#[test]
fn no_more_than_the_bound_can_wait_and_each_end_makes_room() {
    let mut suite = Suite::of(backstop_testing::World::builder().unwatched());
    for i in 0..MAX_PENDING {
        let change = suite.limit_to(OLD + 1 + u128::from(i));
        suite.try_submit(change).unwrap();
    }
    let (dao, max) = (suite.dao.clone(), MAX_PENDING);
    let one_more = ExecuteMsg::Submit {
        change: suite.limit_to(OLD * 9),
        expect: None,
    };
    let refused = suite.refused(&dao, &one_more);
    assert_eq!(refused, ContractError::TooManyPending { max });
    // A brake is never in the way of the queue, nor the queue of a brake.
    suite.cancel(7);
    suite.send(&dao, &one_more).unwrap();
    assert!(matches!(
        suite.refused(&dao, &one_more),
        ContractError::TooManyPending { .. }
    ));
    let brake = suite.limit_to(OLD / 2);
    let answer = suite.try_submit(brake).unwrap();
    assert_eq!(emitted::<ChangeVoided>(&answer).len(), 64);
    assert_eq!(suite.limit(), OLD / 2);
    assert!(suite.pending().is_empty());
}

#[test]
fn pages_of_pending_and_past_changes_join_without_gap() {
    let mut suite = Suite::of(backstop_testing::World::builder().unwatched());
    for i in 0..7 {
        let change = suite.limit_to(OLD + 1 + i);
        suite.try_submit(change).unwrap();
    }
    suite.cancel(3);
    let page = |query: QueryMsg| {
        let page: backstop_types::timelock::ChangesResponse = suite.query(&query);
        page.changes.iter().map(|it| it.number).collect::<Vec<_>>()
    };
    let pending = |start_after, limit| page(QueryMsg::Pending { start_after, limit });
    assert_eq!(pending(None, Some(3)), [1, 2, 4]);
    assert_eq!(pending(Some(4), None), [5, 6, 7]);
    let history = |start_before, limit| page(QueryMsg::History { start_before, limit });
    assert_eq!(history(None, Some(4)), [7, 6, 5, 4]);
    assert_eq!(history(Some(4), Some(u32::MAX)), [3, 2, 1]);
}

/// As after a migration that left a record as an older version wrote it.
#[test]
fn a_pending_change_that_cannot_be_read_stops_no_brake_and_no_preview() {
    let mut suite = Suite::new();
    let another_kind = suite.submit(suite.limit_to(OLD * 2));
    let unreadable = suite.submit(suite.limit_to(OLD * 3));
    {
        let mut storage = suite.w.app.contract_storage_mut(&suite.timelock);
        let mut record = CHANGES.load(&*storage, another_kind).unwrap();
        record.from = Before::Event {};
        CHANGES.save(&mut *storage, another_kind, &record).unwrap();
        storage.set(&CHANGES.key(unreadable), b"{}");
    }
    let numbers = |changes: Vec<ChangeResponse>| -> Vec<u64> { changes.iter().map(|it| it.number).collect() };
    assert_eq!(suite.pending(), [another_kind]);
    assert_eq!(numbers(suite.history()), [another_kind]);
    let brake = suite.limit_to(OLD / 2);
    assert_eq!(suite.what_if(brake.clone()).conflicts, [another_kind]);
    let fields = suite.change(another_kind).fields;
    assert!(fields.is_empty(), "{fields:?}");
    suite.submit(brake);
    assert_eq!(suite.limit(), OLD / 2);
    // It has lost its place.
    let config: Config = suite.query(&QueryMsg::Config {});
    assert_eq!(config.pending, 0);
    assert_eq!(void_for(&suite.status(another_kind)), Some(VoidReason::Overtaken));
}

#[test]
fn a_policy_whose_terms_cannot_be_read_can_still_be_closed() {
    let mut suite = Suite::new();
    let waits = suite.submit(suite.limit_to(OLD * 2));
    let policies = Map::<(&Addr, &str), ()>::new(keys::POLICIES);
    let key = policies.key((&suite.w.perps, &suite.w.market));
    let vault = suite.w.vault.clone();
    let mut storage = suite.w.app.contract_storage_mut(&vault);
    let stored = String::from_utf8(storage.get(&key).unwrap()).unwrap();
    let other = stored.replacen(r#""limit":""#, r#""limit":"x"#, 1);
    assert_ne!(stored, other);
    storage.set(&key, other.as_bytes());
    drop(storage);
    let shown = suite.what_if(suite.close_policy());
    assert_eq!((shown.class, shown.conflicts), (Class::AtOnce, vec![waits]));
    assert_eq!(shown.from, Before::Event {});
    // What the voters saw is no condition then: what fails is the vault, which cannot read
    // its record here either.
    let dao = suite.dao.clone();
    let expect = Some(Before::Terms(PolicyTermsUpdate::default()));
    let change = suite.close_policy();
    let (timelock, msg) = (suite.timelock.clone(), ExecuteMsg::Submit { change, expect });
    // Not by the world, which reads the vault's storage, too.
    let refused = suite.w.app.execute_contract(dao, timelock, &msg, &[]);
    let text = format!("{:#}", refused.unwrap_err());
    assert!(text.contains("Error parsing into type"), "{text}");
}
