//! Reads: pages, and figures as of now.

use crate::support::{NATIVE, OTHER, Suite, WEEK, native};
use backstop_types::distributor::*;
use backstop_types::{Denom, Seconds, Shares};
use cosmwasm_std::Addr;

#[test]
fn the_config_names_the_vault() {
    let suite = Suite::new();
    let distributor = RewardDistributor(suite.distributor.clone());
    assert_eq!(distributor.vault(&suite.app.wrap()).unwrap(), suite.book);
}

#[test]
fn denoms_are_paged_in_the_order_of_listing() {
    let suite = Suite::new();
    let page = |start_after, limit| -> Vec<Denom> {
        let answer: DenomsResponse = suite.query(&QueryMsg::Denoms { start_after, limit });
        answer.denoms.into_iter().map(|denom| denom.denom).collect()
    };
    let (first, second) = (Denom::Native(NATIVE.into()), Denom::Native(OTHER.into()));
    let third = Denom::Cw20(suite.token.clone());
    assert_eq!(page(None, Some(2)), [first, second]);
    assert_eq!(page(Some(native(OTHER)), None), [third]);
    assert!(page(None, Some(0)).is_empty());
}

#[test]
fn fundings_are_paged_by_number() {
    let mut suite = Suite::new();
    for amount in 1..=35 {
        suite.fund(NATIVE, amount, 1).unwrap();
    }
    let page = |start_after, limit| -> Vec<u64> {
        let denom = native(NATIVE);
        let answer: FundingsResponse = suite.query(&QueryMsg::Fundings {
            denom,
            start_after,
            limit,
        });
        answer
            .fundings
            .into_iter()
            .map(|funding| funding.number)
            .collect()
    };
    assert_eq!(page(None, None), (1..=10).collect::<Vec<_>>());
    assert_eq!(
        page(Some(10), Some(u32::MAX)),
        (11..=35).take(30).collect::<Vec<_>>()
    );
    assert_eq!(page(Some(34), None), [35]);
}

#[test]
fn the_schedule_is_paged_by_week_and_says_the_earliest_time() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.wait(100);
    for weeks in 1..=3 {
        suite.fund(NATIVE, 1_000_000, weeks).unwrap();
    }
    let denom = native(NATIVE);
    let answer: ScheduleResponse = suite.query(&QueryMsg::Schedule {
        denom,
        start_after: Some(2),
        limit: Some(1),
    });
    assert_eq!(answer.changes.len(), 1);
    let change = &answer.changes[0];
    assert_eq!((change.week, change.staked), (3, Seconds(3 * WEEK)));
    let now = suite.app.block_info().time;
    assert_eq!(change.earliest, Seconds(3 * WEEK - 100).after(now));
    assert!(!change.rate.is_zero());
}

#[test]
fn records_are_paged_by_address() {
    let mut suite = Suite::new();
    let mut names: Vec<_> = ["alice", "bob", "carol"].map(|name| suite.addr(name)).into();
    names.sort();
    for (shares, who) in (1..).zip(&names) {
        suite.stake(who, shares);
    }
    let answer: StakersResponse = suite.query(&QueryMsg::Stakers {
        start_after: Some(names[0].to_string()),
        limit: Some(1),
    });
    let expected = StakerRecord {
        staker: names[1].clone(),
        recorded: Shares::new(2),
    };
    assert_eq!(answer.stakers, [expected]);
}

#[test]
fn the_clock_and_the_figures_run_between_messages() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 5);
    suite.fund(NATIVE, u128::from(WEEK) * 2, 1).unwrap();
    suite.wait(WEEK / 2);

    let clock = suite.clock();
    assert_eq!(
        (clock.staked, clock.shares, clock.week),
        (Seconds(WEEK / 2), Shares::new(5), 0)
    );
    let denom = &suite.denoms()[0];
    assert_eq!(denom.released.u128(), u128::from(WEEK));
    assert_eq!(denom.unreleased.u128(), u128::from(WEEK));
    assert_eq!(denom.rate.to_string(), "2");
    suite.wait(WEEK);
    assert!(suite.denoms()[0].rate.is_zero());
    assert_eq!(suite.clock().week, 1);
}

#[test]
fn pending_rewards_are_paged_by_denom() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    suite.fund(OTHER, u128::from(WEEK), 1).unwrap();
    suite.wait(10);
    let answer: PendingRewardsResponse = suite.query(&QueryMsg::PendingRewards {
        staker: alice.to_string(),
        start_after: Some(native(NATIVE)),
        limit: Some(1),
    });
    let expected = Reward {
        denom: Denom::Native(OTHER.into()),
        amount: 10u128.into(),
    };
    assert_eq!(answer.rewards, [expected]);
}

#[test]
fn drift_compares_pages_of_records_with_the_vault() {
    let mut suite = Suite::new();
    let mut names: Vec<_> = (0..12).map(|n| suite.addr(&format!("staker{n}"))).collect();
    names.sort();
    for who in &names {
        suite.stake(who, 7);
    }
    for n in [0, 4, 11] {
        suite.stake_untold(&names[n], n as u128);
    }
    let page = |suite: &Suite, start_after: Option<&Addr>, limit| -> DriftResponse {
        let start_after = start_after.map(ToString::to_string);
        suite.query(&QueryMsg::Drift { start_after, limit })
    };
    let drift = |n: usize| Drift {
        staker: names[n].clone(),
        recorded: Shares::new(7),
        active: Shares::new(n as u128),
        hook_failures: 0,
    };
    let first = page(&suite, None, None);
    assert_eq!(first.drifts, [drift(0), drift(4)]);
    assert_eq!(first.next.as_ref(), Some(&names[9]));
    let last = page(&suite, first.next.as_ref(), None);
    assert_eq!((last.drifts, last.next), (vec![drift(11)], None));
    // A page without any drift still leads on.
    let quiet = page(&suite, Some(&names[4]), Some(3));
    assert_eq!((quiet.drifts, quiet.next), (vec![], Some(names[7].clone())));

    for n in [0, 4, 11] {
        suite.sync(&names[n]);
    }
    assert!(page(&suite, None, Some(30)).drifts.is_empty());
}

#[test]
fn a_page_of_drift_compares_at_least_one_record() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 5);
    suite.stake_untold(&alice, 0);
    let (start_after, limit) = (None, Some(0));
    let page: DriftResponse = suite.query(&QueryMsg::Drift { start_after, limit });
    let drift = Drift {
        staker: alice.clone(),
        recorded: Shares::new(5),
        active: Shares::ZERO,
        hook_failures: 0,
    };
    assert_eq!((page.drifts, page.next), (vec![drift], Some(alice)));
}
