//! The invariants that need the past: limits that change, claims and what the
//! breaker said, tickets and their time. Each notices a vault that is broken, by
//! tampering with its storage, and is silent about a sound one.

use backstop_testing::World;
use backstop_types::breaker;
use backstop_types::vault::{Claim, ClaimStatus, ExecuteMsg, ParamsUpdate, PolicyTerms, Ticket};
use backstop_types::{Assets, Change, Price, Seconds};
use backstop_vault::state;
use cosmwasm_std::{Addr, Decimal, Uint256};
use cw_multi_test::Executor;

/// A world with 60,000 of alice and 40,000 of bob, cover of 10,000 in a week,
/// all of it at once.
fn world() -> World {
    World::builder()
        .collect_violations()
        .loose()
        .policy(|terms| (terms.limit, terms.instant) = (10_000.into(), 10_000.into()))
        .seed(|seed| {
            seed.deposits = vec![("alice".to_string(), 60_000), ("bob".to_string(), 40_000)];
        })
        .build()
}

fn as_owner(w: &mut World, msg: &ExecuteMsg) {
    let (owner, vault) = (w.owner.clone(), w.vault.clone());
    w.execute(&owner, &vault, msg, &[]).unwrap();
}

/// Asks for `amount` at the price of 10, refreshed; what was granted.
fn ask(w: &mut World, amount: u128) -> u128 {
    w.set_price("10");
    ask_now(w, amount)
}

fn ask_now(w: &mut World, amount: u128) -> u128 {
    let perps = w.perps.clone();
    let done = w.shortfall(&perps, amount, Some("10")).unwrap();
    let answer: backstop_types::vault::CoverResponse = cosmwasm_std::from_json(done.data.unwrap()).unwrap();
    answer.paid.u128() + answer.pending.u128()
}

fn change_terms(w: &mut World, change: impl FnOnce(&mut PolicyTerms)) {
    let mut terms = policy(w).terms;
    change(&mut terms);
    let (policyholder, market) = (w.perps.to_string(), w.market.clone());
    let msg = ExecuteMsg::ChangePolicy {
        policyholder,
        market,
        update: Change::to(terms),
    };
    as_owner(w, &msg);
}

/// The policy's limit, and as much of it at once.
fn set_limit(w: &mut World, limit: u128) {
    change_terms(w, |terms| {
        (terms.limit, terms.instant) = (limit.into(), limit.into())
    });
}

fn policy(w: &World) -> state::Policy {
    let storage = w.app.contract_storage(&w.vault);
    state::POLICIES.load(&*storage, (&w.perps, &w.market)).unwrap()
}

fn set_params(w: &mut World, change: impl FnOnce(&mut ParamsUpdate)) {
    let mut update = ParamsUpdate::default();
    change(&mut update);
    as_owner(w, &ExecuteMsg::UpdateParams { update });
}

/// The vault forgets what grants have used.
fn forget_grants(w: &mut World) {
    let (perps, market, vault) = (w.perps.clone(), w.market.clone(), w.vault.clone());
    let mut storage = w.app.contract_storage_mut(&vault);
    let mut policy = state::POLICIES.load(&*storage, (&perps, &market)).unwrap();
    (policy.buckets.limit.used, policy.buckets.instant.used) = Default::default();
    state::POLICIES
        .save(&mut *storage, (&perps, &market), &policy)
        .unwrap();
    let mut granted = state::POOL_BUCKET.load(&*storage).unwrap();
    granted.used = Uint256::zero();
    state::POOL_BUCKET.save(&mut *storage, &granted).unwrap();
}

// ---- 6: grants ----------------------------------------------------------------

#[test]
fn grants_to_the_last_unit_under_limits_that_change_are_within_them() {
    let mut w = world();
    assert_eq!(ask(&mut w, 20_000), 10_000);
    w.advance(Seconds(7 * 86_400 / 2));
    // Half has refilled at the old rate: 5,000 are used, of a larger limit.
    set_limit(&mut w, 16_000);
    let granted = ask(&mut w, 20_000);
    assert!((11_000..11_002).contains(&granted), "{granted}");
    set_limit(&mut w, 1_000);
    assert_eq!(ask(&mut w, 20_000), 0);
    set_limit(&mut w, 17_000);
    let granted = ask(&mut w, 20_000);
    assert!((1_000..1_002).contains(&granted), "{granted}");
    assert_eq!(w.violations, []);
}

#[test]
fn a_grant_past_a_limit_that_was_once_larger_is_noticed() {
    let mut w = world();
    set_limit(&mut w, 1_000);
    assert_eq!(ask(&mut w, 1_000), 1_000);
    w.advance(Seconds::DAY);
    forget_grants(&mut w);
    // A seventh has refilled, and the second unit beyond is one too many.
    assert_eq!(ask(&mut w, 142), 142);
    assert_eq!(w.violations, []);
    assert_eq!(ask(&mut w, 2), 2);
    assert_eq!(w.broken_invariants(), [6]);
}

#[test]
fn grants_of_the_pool_under_fractions_that_change_and_with_declines_are_within_them() {
    let mut w = world();
    set_limit(&mut w, 1_000_000);
    assert_eq!(ask(&mut w, 1_000_000), 50_000);
    w.advance(Seconds(7 * 86_400 / 2));
    let fraction =
        |percent| move |update: &mut ParamsUpdate| update.pool_fraction = Some(Decimal::percent(percent));
    // A quarter is used, of nine tenths: 65 % of 50,000.
    set_params(&mut w, fraction(90));
    change_terms(&mut w, |terms| terms.instant = Assets::ZERO);
    let granted = ask(&mut w, 1_000_000);
    assert!((32_500..32_502).contains(&granted), "{granted}");
    as_owner(
        &mut w,
        &ExecuteMsg::DeclineClaim {
            claim: 2,
            reason: "no such position".to_string(),
        },
    );
    // It is given back, and 65 % of 17,500 are there again.
    let granted = ask(&mut w, 1_000_000);
    assert!((11_370..11_380).contains(&granted), "{granted}");
    set_params(&mut w, fraction(10));
    assert_eq!(ask(&mut w, 1_000_000), 0);
    assert_eq!(w.violations, []);
}

#[test]
fn a_grant_past_a_fraction_that_was_once_larger_is_noticed() {
    let mut w = world();
    set_params(&mut w, |update| update.pool_fraction = Some(Decimal::percent(1)));
    assert_eq!(ask(&mut w, 20_000), 1_000);
    w.advance(Seconds::DAY);
    forget_grants(&mut w);
    // 1 % of 99,000, a seventh of which has refilled.
    assert_eq!(ask(&mut w, 141), 141);
    assert_eq!(w.violations, []);
    assert_eq!(ask(&mut w, 2), 2);
    assert_eq!(w.broken_invariants(), [6]);
}

// ---- 9: payouts ---------------------------------------------------------------

/// The vault's breaker is one that knows no market, and does not answer.
fn silence_breaker(w: &mut World) {
    let msg = breaker::InstantiateMsg {
        owner: w.owner.to_string(),
        guardian: None,
    };
    let other = w.instantiate(w.codes.breaker, &msg, "another").unwrap();
    set_params(w, |update| update.breaker = Some(other.to_string()));
}

/// What is broken once a claim of 500, filed just now, is not what the vault
/// made of it.
fn broken_by(w: &mut World, price: &str, tamper: impl FnOnce(&mut Claim)) -> Vec<u8> {
    let (perps, vault) = (w.perps.clone(), w.vault.clone());
    let msg = ExecuteMsg::CoverShortfall {
        shortfall: 1,
        market: w.market.clone(),
        amount: 500.into(),
        price: Some(Price(price.parse().unwrap())),
    };
    // Not by the world, which would look at once.
    w.app.execute_contract(perps, vault.clone(), &msg, &[]).unwrap();
    let mut storage = w.app.contract_storage_mut(&vault);
    let mut claim = state::CLAIMS.load(&*storage, 1).unwrap();
    tamper(&mut claim);
    state::CLAIMS.save(&mut *storage, 1, &claim).unwrap();
    drop(storage);
    w.look();
    w.broken_invariants()
}

fn pay(claim: &mut Claim) {
    (claim.paid, claim.pot, claim.status) = (claim.granted, Assets::ZERO, ClaimStatus::Paid {});
}

fn delay(claim: &mut Claim) {
    claim.status = ClaimStatus::Delayed {};
}

#[test]
fn a_claim_that_is_held_while_the_breaker_does_not_answer_or_denies_breaks_nothing() {
    let mut w = world();
    silence_breaker(&mut w);
    assert_eq!(broken_by(&mut w, "10", |_| ()), Vec::<u8>::new());
    let mut w = world();
    w.set_price("5");
    assert_eq!(broken_by(&mut w, "5", |_| ()), Vec::<u8>::new());
}

#[test]
fn a_payment_at_once_and_a_delay_alone_are_noticed_while_the_breaker_does_not_answer() {
    for tamper in [pay, delay] {
        let mut w = world();
        silence_breaker(&mut w);
        assert!(broken_by(&mut w, "10", tamper).contains(&9), "{:?}", w.violations);
    }
}

#[test]
fn a_payment_at_once_and_a_delay_alone_are_noticed_on_a_deny() {
    for tamper in [pay, delay] {
        let mut w = world();
        w.set_price("5");
        assert!(broken_by(&mut w, "5", tamper).contains(&9), "{:?}", w.violations);
    }
}

#[test]
fn a_price_outside_the_band_is_noticed_whether_the_claim_is_paid_or_waits() {
    for instant in [10_000, 0] {
        let mut w = world();
        change_terms(&mut w, |terms| terms.instant = instant.into());
        w.set_price("10");
        let other = Price("11".parse().unwrap());
        assert_eq!(broken_by(&mut w, "10", |claim| claim.price = Some(other)), [9]);
    }
}

// ---- 8: exits -----------------------------------------------------------------

/// Moves to exactly this time.
fn at(w: &mut World, nanos: u64) {
    w.app.update_block(|block| {
        block.time = cosmwasm_std::Timestamp::from_nanos(nanos);
        block.height += 1;
    });
    w.look();
}

fn ticket(w: &World, staker: &Addr, number: u64) -> Ticket {
    let storage = w.app.contract_storage(&w.vault);
    state::TICKETS.load(&*storage, (staker, number)).unwrap()
}

/// The vault loses a staker's record, so that it cannot leave.
fn lose_stake(w: &mut World, staker: &Addr) {
    let vault = w.vault.clone();
    let mut storage = w.app.contract_storage_mut(&vault);
    state::STAKES.remove(&mut *storage, staker, 0).unwrap();
}

fn withdraw(w: &mut World, staker: &Addr, limit: u32, min: Option<u128>) -> bool {
    let msg = ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: min.map(Assets::new),
        limit: Some(limit),
        staker: None,
    };
    let vault = w.vault.clone();
    w.execute(staker, &vault, &msg, &[]).is_ok()
}

#[test]
fn a_ticket_is_due_to_the_nanosecond_and_not_before() {
    for lost in [false, true] {
        let mut w = world();
        let alice = w.addr("alice");
        let start = w.app.block_info().time.nanos();
        at(&mut w, start + 900_000_000);
        w.unbond(&alice, 1_000).unwrap();
        let opened = ticket(&w, &alice, 1).opened_at.nanos();
        assert_eq!(opened, start + 900_000_000);
        let ready = opened + Seconds::days(21).0 * 1_000_000_000;
        // The second is reached, and the moment is not.
        for early in [ready - 899_999_999, ready - 1] {
            at(&mut w, early);
            assert!(!withdraw(&mut w, &alice, 30, None));
        }
        at(&mut w, ready);
        assert_eq!(w.violations, []);
        if lost {
            lose_stake(&mut w, &alice);
            assert!(!withdraw(&mut w, &alice, 30, None));
            assert!(w.broken_invariants().contains(&8), "{:?}", w.violations);
        } else {
            assert!(withdraw(&mut w, &alice, 30, None));
            assert_eq!(w.violations, []);
        }
    }
}

/// A ticket that waits three weeks, and a later one that waits an hour.
fn overtaking(w: &mut World) -> Addr {
    let alice = w.addr("alice");
    w.unbond(&alice, 1_000).unwrap();
    set_params(w, |update| update.unbonding_period = Some(Seconds::HOUR));
    w.unbond(&alice, 1_000).unwrap();
    set_params(w, |update| update.unbonding_period = Some(Seconds::days(21)));
    w.advance(Seconds::HOUR);
    alice
}

#[test]
fn a_ready_ticket_behind_more_than_a_page_that_wait_is_due() {
    let mut w = world();
    let alice = overtaking(&mut w);
    assert!(withdraw(&mut w, &alice, 1, None));
    assert_eq!(w.violations, []);

    let mut w = world();
    let alice = overtaking(&mut w);
    lose_stake(&mut w, &alice);
    assert!(!withdraw(&mut w, &alice, 1, None));
    assert!(w.broken_invariants().contains(&8), "{:?}", w.violations);
}

#[test]
fn a_withdrawal_that_demands_what_it_is_worth_is_due_and_one_unit_more_is_not() {
    let mut w = world();
    let alice = overtaking(&mut w);
    assert!(!withdraw(&mut w, &alice, 10, Some(1_001)));
    assert_eq!(w.violations, []);
    lose_stake(&mut w, &alice);
    assert!(!withdraw(&mut w, &alice, 10, Some(1_000)));
    assert!(w.broken_invariants().contains(&8), "{:?}", w.violations);
}
