//! Rewards staker by staker: the fifth invariant notices a distributor that pays
//! one at others' expense, by tampering with its storage, and is silent about a
//! sound one.

use backstop_testing::World;
use backstop_types::distributor::{self, Listing, RewardDistributor, StreamTerms};
use backstop_types::{Denom, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, Uint128, Uint256};
use reward_distributor::state::ACCOUNTS;

const REWARD: &str = "uatom";

/// A world with 60,000 of alice and 40,000 of bob, and a reward that nobody has
/// funded yet.
fn world() -> World {
    World::builder()
        .collect_violations()
        .rewards(vec![Listing {
            denom: UncheckedDenom::Native(REWARD.to_string()),
            min_rate: 1u128.into(),
        }])
        .seed(|seed| {
            seed.deposits = vec![("alice".to_string(), 60_000), ("bob".to_string(), 40_000)];
        })
        .build()
}

fn fund(w: &mut World, amount: u128, weeks: u32) {
    let funder = w.addr("funder");
    w.mint_native(&funder, REWARD, amount);
    let terms = StreamTerms { weeks, start: None };
    let fund = RewardDistributor(w.distributor.clone())
        .fund(&Denom::Native(REWARD.to_string()), Uint128::new(amount), terms)
        .unwrap();
    w.send(&funder, fund).unwrap();
}

fn tell(w: &mut World, sender: &Addr, msg: &distributor::ExecuteMsg) {
    let distributor = w.distributor.clone();
    w.execute(sender, &distributor, msg, &[]).unwrap();
}

fn claim(w: &mut World, staker: &Addr) -> u128 {
    let held = |w: &World| w.app.wrap().query_balance(staker, REWARD).unwrap().amount.u128();
    let before = held(w);
    let msg = distributor::ExecuteMsg::Claim {
        denoms: None,
        receiver: None,
        restake: None,
    };
    tell(w, staker, &msg);
    held(w) - before
}

/// A week's stream of 70,000, three days and a half of it passed, and both
/// stakers settled.
fn rewarded() -> (World, Addr, Addr) {
    let mut w = world();
    let (alice, bob) = (w.addr("alice"), w.addr("bob"));
    fund(&mut w, 70_000, 1);
    w.advance(Seconds(7 * 86_400 / 2));
    for staker in [&alice, &bob] {
        let staker = staker.to_string();
        tell(&mut w, &alice, &distributor::ExecuteMsg::Sync { staker });
    }
    assert_eq!(w.violations, []);
    (w, alice, bob)
}

/// Takes base units out of one record and puts them into another: all sums stay
/// right.
fn move_reward(w: &mut World, from: &Addr, to: &Addr, units: u128) {
    let distributor = w.distributor.clone();
    let mut storage = w.app.contract_storage_mut(&distributor);
    let amount = Uint256::from(units) << 128;
    let mut loser = ACCOUNTS.load(&*storage, from).unwrap();
    loser.rewards[0].owed -= amount;
    ACCOUNTS.save(&mut *storage, from, &loser).unwrap();
    let mut winner = ACCOUNTS.load(&*storage, to).unwrap();
    winner.rewards[0].owed += amount;
    ACCOUNTS.save(&mut *storage, to, &winner).unwrap();
}

#[test]
fn one_unit_of_reward_moved_from_one_staker_to_another_is_noticed() {
    let (mut w, alice, bob) = rewarded();
    move_reward(&mut w, &alice, &bob, 1);
    w.look();
    assert_eq!(w.broken_invariants(), [5]);
}

#[test]
fn a_payment_at_anothers_expense_is_noticed() {
    let (mut w, alice, bob) = rewarded();
    move_reward(&mut w, &alice, &bob, 500);
    assert_eq!(claim(&mut w, &bob), 14_500);
    assert_eq!(w.broken_invariants(), [5]);
}

#[test]
fn a_reward_that_vanishes_from_a_record_is_noticed() {
    let (mut w, alice, bob) = rewarded();
    move_reward(&mut w, &alice, &bob, 500);
    let distributor = w.distributor.clone();
    let mut storage = w.app.contract_storage_mut(&distributor);
    let mut account = ACCOUNTS.load(&*storage, &bob).unwrap();
    account.rewards[0].owed -= Uint256::from(500_u128) << 128;
    ACCOUNTS.save(&mut *storage, &bob, &account).unwrap();
    drop(storage);
    w.look();
    assert_eq!(w.broken_invariants(), [5]);
}

#[test]
fn shares_that_earn_from_before_they_were_there_are_noticed() {
    let (mut w, alice, _) = rewarded();
    let carol = w.addr("carol");
    w.deposit(&carol, 100_000).unwrap();
    let distributor = w.distributor.clone();
    let mut storage = w.app.contract_storage_mut(&distributor);
    let past = ACCOUNTS.load(&*storage, &alice).unwrap().rewards[0].index;
    let mut account = ACCOUNTS.load(&*storage, &carol).unwrap();
    account.rewards[0].index = past - Uint256::from(1_u128 << 120);
    ACCOUNTS.save(&mut *storage, &carol, &account).unwrap();
    drop(storage);
    w.look();
    assert!(w.broken_invariants().contains(&5), "{:?}", w.violations);
}

#[test]
fn a_staker_without_a_record_at_the_distributor_is_noticed() {
    let (mut w, alice, _) = rewarded();
    let distributor = w.distributor.clone();
    let mut storage = w.app.contract_storage_mut(&distributor);
    ACCOUNTS.remove(&mut *storage, &alice);
    drop(storage);
    w.look();
    assert_eq!(w.broken_invariants(), [5]);
}

#[test]
fn a_long_life_of_streams_stakes_stops_and_claims_breaks_nothing() {
    let (mut w, alice, bob) = rewarded();
    assert_eq!((claim(&mut w, &alice), claim(&mut w, &bob)), (21_000, 14_000));
    let carol = w.addr("carol");
    w.deposit(&carol, 33_333).unwrap();
    fund(&mut w, 1_000_003, 3);
    w.advance(Seconds(100_001));
    w.unbond(&alice, 59_999).unwrap();
    w.advance(Seconds::days(9));
    let number = 2;
    let denom = UncheckedDenom::Native(REWARD.to_string());
    let owner = w.owner.clone();
    tell(&mut w, &owner, &distributor::ExecuteMsg::Stop { denom, number });
    w.advance(Seconds(1));
    let paid = [&alice, &bob, &carol].map(|staker| claim(&mut w, staker));
    assert!(paid.iter().all(|paid| *paid > 0), "{paid:?}");
    w.unbond(&alice, 1).unwrap();
    w.unbond(&bob, 40_000).unwrap();
    w.unbond(&carol, 33_333).unwrap();
    // Nobody is staked, and a stream waits.
    fund(&mut w, 10_007, 1);
    w.advance(Seconds::days(30));
    w.withdraw(&bob).unwrap();
    w.deposit(&bob, Shares::ONE.u128()).unwrap();
    w.advance(Seconds::days(8));
    let paid = claim(&mut w, &bob);
    assert!((10_006..=10_010).contains(&paid), "{paid}");
    assert_eq!(w.violations, []);
}
