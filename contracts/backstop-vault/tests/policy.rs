//! `AddPolicy`, `ChangePolicy` and `ClosePolicy`.

use crate::support::{Desk, MARKET, terms};
use backstop_types::vault::{ExecuteMsg, PoliciesResponse, PolicyTerms, QueryMsg};
use backstop_types::{Assets, Change, InputError, Seconds};
use backstop_vault::ContractError;

fn add(policyholder: &str, market: &str, terms: PolicyTerms) -> ExecuteMsg {
    ExecuteMsg::AddPolicy {
        policyholder: policyholder.to_string(),
        market: market.to_string(),
        terms,
    }
}

fn change(policyholder: &str, terms: PolicyTerms) -> ExecuteMsg {
    ExecuteMsg::ChangePolicy {
        policyholder: policyholder.to_string(),
        market: MARKET.to_string(),
        update: Change::to(terms),
    }
}

fn close(policyholder: Option<String>) -> ExecuteMsg {
    ExecuteMsg::ClosePolicy {
        policyholder,
        market: MARKET.to_string(),
    }
}

#[test]
fn terms_are_bounded_and_the_bounds_are_inclusive() {
    let mut desk = Desk::native();
    let new = desk.staker("new").to_string();
    let good = PolicyTerms {
        limit: 100.into(),
        instant: 100.into(),
        minimum: 100.into(),
        ..terms()
    };
    let bad = [
        PolicyTerms {
            limit: Assets::ZERO,
            instant: Assets::ZERO,
            ..good
        },
        PolicyTerms {
            instant: 101.into(),
            ..good
        },
        PolicyTerms {
            minimum: Assets::ZERO,
            ..good
        },
        PolicyTerms {
            minimum: 101.into(),
            ..good
        },
        PolicyTerms {
            delay: Seconds(3_599),
            ..good
        },
        PolicyTerms {
            delay: Seconds(30 * 86_400 + 1),
            ..good
        },
        PolicyTerms {
            priced: false,
            ..good
        },
    ];
    for terms in bad {
        let refused = desk.refused(|desk| desk.as_owner(&add(&new, MARKET, terms)));
        assert!(
            matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
            "{terms:?}: {refused}"
        );
        let holder = desk.holder.to_string();
        let refused = desk.refused(|desk| desk.as_owner(&change(&holder, terms)));
        assert!(
            matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
            "{terms:?}: {refused}"
        );
    }
    desk.as_owner(&add(&new, MARKET, good)).unwrap();
    for delay in [Seconds::HOUR, Seconds::days(30)] {
        desk.as_owner(&change(&new, PolicyTerms { delay, ..good }))
            .unwrap();
    }
}

#[test]
fn a_market_is_named_plainly_and_one_with_prices_is_known_to_the_breaker() {
    let mut desk = Desk::native();
    let new = desk.staker("new").to_string();
    for market in ["", "ATOM USD", &"A".repeat(33), "BTC/USD"] {
        let refused = desk.refused(|desk| desk.as_owner(&add(&new, market, terms())));
        assert!(
            matches!(refused, ContractError::Input(InputError::OutOfBounds { .. })),
            "{market:?}: {refused}"
        );
    }
    let exploits = PolicyTerms {
        priced: false,
        instant: Assets::ZERO,
        ..terms()
    };
    desk.as_owner(&add(&new, "exploits", exploits)).unwrap();
}

#[test]
fn an_active_policy_is_changed_and_a_closed_or_unknown_one_added() {
    let mut desk = Desk::native();
    let (holder, nobody) = (desk.holder.to_string(), desk.staker("nobody").to_string());
    let refused = desk.refused(|desk| desk.as_owner(&add(&holder, MARKET, terms())));
    assert!(matches!(refused, ContractError::PolicyActive { .. }), "{refused}");
    let refused = desk.refused(|desk| desk.as_owner(&change(&nobody, terms())));
    assert!(
        matches!(refused, ContractError::NotFound { what: "policy", .. }),
        "{refused}"
    );

    desk.as_owner(&close(Some(holder.clone()))).unwrap();
    for msg in [close(Some(holder.clone())), change(&holder, terms())] {
        let refused = desk.refused(|desk| desk.as_owner(&msg));
        assert!(matches!(refused, ContractError::PolicyClosed { .. }), "{refused}");
    }
    desk.as_owner(&add(&holder, MARKET, terms())).unwrap();
}

#[test]
fn closing_and_adding_again_refills_nothing() {
    let mut desk = Desk::covering(|terms| (terms.limit, terms.instant) = (500.into(), 500.into()));
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    desk.shortfall(500);
    let (holder, stored) = (desk.holder.to_string(), desk.policy().terms);
    desk.as_owner(&close(Some(holder.clone()))).unwrap();
    desk.as_owner(&add(&holder, MARKET, stored)).unwrap();
    assert_eq!(desk.policy().room, Assets::ZERO);
}

#[test]
fn a_raised_limit_does_not_refill_the_past() {
    let mut desk = Desk::covering(|terms| (terms.limit, terms.instant) = (700.into(), 700.into()));
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    desk.shortfall(700);
    desk.advance(Seconds::DAY);
    let raised = PolicyTerms {
        limit: 7_000.into(),
        ..desk.policy().terms
    };
    let holder = desk.holder.to_string();
    desk.as_owner(&change(&holder, raised)).unwrap();
    // A day refilled a seventh of the old limit, not of the new one.
    assert_eq!(desk.policy().room, Assets::new(7_000 - 600));
}

#[test]
fn a_closed_policy_leaves_its_filed_claims_as_they_are() {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::ZERO);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let claim = desk.shortfall(300).claim.unwrap();
    let holder = desk.holder.clone();
    desk.execute(&holder, &close(None), &[]).unwrap();
    desk.advance(Seconds::DAY);
    desk.settle(claim).unwrap();
    assert_eq!(desk.claim(claim).record.paid, Assets::new(300));
}

#[test]
fn policies_are_listed_page_by_page() {
    let mut desk = Desk::native();
    for name in ["p1", "p2", "p3"] {
        let holder = desk.staker(name).to_string();
        desk.as_owner(&add(&holder, MARKET, terms())).unwrap();
    }
    let mut seen = vec![];
    let mut start_after = None;
    loop {
        let page: PoliciesResponse = desk.query(&QueryMsg::Policies {
            start_after,
            limit: Some(2),
        });
        let Some(last) = page.policies.last() else { break };
        start_after = Some((last.policyholder.to_string(), last.market.clone()));
        seen.extend(page.policies.into_iter().map(|policy| policy.policyholder));
    }
    // The exchange's, the desk's, and three more.
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted() && seen.windows(2).all(|pair| pair[0] != pair[1]));
}
