//! With the shipped vault: its deposits, exits and hooks, and the invariants
//! of the whole after every message.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::{CLAIM_ALL, broken};
use backstop_testing::World;
use backstop_types::distributor::*;
use backstop_types::{Seconds, UncheckedDenom, vault};
use cosmwasm_std::{Addr, Empty, coin};
use cw_multi_test::{Contract, Executor};
use reward_distributor::ContractError;

const WEEK: u64 = 7 * 86_400;
const REWARD: &str = "ureward";

/// A world whose distributor lists `ureward`, with the account `funder`.
fn world() -> (World, Addr) {
    listed(World::builder().build())
}

fn listed(mut world: World) -> (World, Addr) {
    let funder = world.addr("funder");
    world.mint_native(&funder, REWARD, 1 << 100);
    let listing = Listing {
        denom: UncheckedDenom::Native(REWARD.to_string()),
        min_rate: 1u128.into(),
    };
    let (owner, distributor) = (world.owner.clone(), world.distributor.clone());
    world
        .execute(&owner, &distributor, &ExecuteMsg::ListDenom(listing), &[])
        .unwrap();
    (world, funder)
}

fn fund(world: &mut World, funder: &Addr, amount: u128) {
    let distributor = world.distributor.clone();
    let msg = ExecuteMsg::Fund(StreamTerms::now(1));
    world
        .execute(funder, &distributor, &msg, &[coin(amount, REWARD)])
        .unwrap();
}

/// What a claim would pay in `ureward`, the last denom that was listed.
fn pending(world: &World, who: &Addr) -> u128 {
    let distributor = RewardDistributor(world.distributor.clone());
    let rewards = distributor.pending_rewards(&world.querier(), who).unwrap();
    rewards.last().unwrap().amount.u128()
}

fn record(world: &World, who: &Addr) -> StakerResponse {
    let staker = who.to_string();
    world
        .query(&world.distributor, &QueryMsg::Staker { staker })
        .unwrap()
}

fn migrate(world: &mut World, code: Box<dyn Contract<Empty>>) {
    let code = world.app.store_code(code);
    let (owner, distributor) = (world.owner.clone(), world.distributor.clone());
    world
        .app
        .migrate_contract(owner, distributor, &MigrateMsg {}, code)
        .unwrap();
}

#[test]
fn deposits_earn_and_unbonding_shares_do_not() {
    earn_by_turns(World::builder().native_asset().build());
    earn_by_turns(World::builder().cw20_asset().build());
}

fn earn_by_turns(world: World) {
    // Powers of two divide without a remainder in the index.
    let (mut world, funder) = listed(world);
    let (alice, bob) = (world.addr("alice"), world.addr("bob"));
    world.deposit(&alice, 1 << 20).unwrap();
    world.deposit(&bob, 3 << 20).unwrap();
    fund(&mut world, &funder, u128::from(WEEK));
    world.advance(Seconds(100));
    world.unbond(&bob, 3 << 20).unwrap();
    world.advance(Seconds(100));
    assert_eq!(pending(&world, &alice), 125);
    assert_eq!(pending(&world, &bob), 75);

    // Back in by cancelling the ticket.
    let vault = world.vault.clone();
    let cancel = vault::ExecuteMsg::CancelUnbond { ticket: 1 };
    world.execute(&bob, &vault, &cancel, &[]).unwrap();
    world.advance(Seconds(100));
    assert_eq!(pending(&world, &alice), 250 - 100);
    assert_eq!(pending(&world, &bob), 150);
}

#[test]
fn a_broken_distributor_stops_no_exit_and_is_mended_by_anyone() {
    let (mut world, funder) = world();
    let (alice, bob, anyone) = (world.addr("alice"), world.addr("bob"), world.addr("anyone"));
    world.deposit(&alice, 1 << 20).unwrap();
    world.deposit(&bob, 1 << 20).unwrap();
    fund(&mut world, &funder, u128::from(WEEK));

    migrate(&mut world, broken::contract());
    // The invariants ask the distributor, which does not answer now.
    let vault = world.vault.clone();
    let unbond = vault::ExecuteMsg::Unbond {
        shares: Some((1u128 << 20).into()),
        auto_withdraw: None,
    };
    world
        .app
        .execute_contract(bob.clone(), vault.clone(), &unbond, &[])
        .unwrap();
    let deposit = vault::ExecuteMsg::Deposit {
        min_shares: None,
        receiver: None,
    };
    let coins = [coin(1 << 20, "uusd")];
    let refused = world.app.execute_contract(alice.clone(), vault, &deposit, &coins);
    assert!(refused.is_err(), "a deposit that would not earn is refused");
    migrate(&mut world, crate::support::distributor());

    let drifted = record(&world, &bob);
    assert_eq!((drifted.recorded.u128(), drifted.active.u128()), (1 << 20, 0));
    world.advance(Seconds(100));
    let distributor = world.distributor.clone();
    let sync = ExecuteMsg::Sync {
        staker: bob.to_string(),
    };
    world.execute(&anyone, &distributor, &sync, &[]).unwrap();

    assert_eq!(record(&world, &bob).recorded.u128(), 0);
    assert_eq!((pending(&world, &alice), pending(&world, &bob)), (50, 0));
    world.advance(Seconds(2 * WEEK));
    let all = pending(&world, &alice);
    assert!((u128::from(WEEK) - 1..=u128::from(WEEK)).contains(&all), "{all}");
}

/// The whole way out while every message to the distributor fails; the record
/// still has all of bob's shares when it answers again, and he claims.
#[test]
fn a_failed_unbond_hook_a_withdrawal_then_a_claim_pays_only_what_was_staked() {
    let (mut world, funder) = world();
    let (alice, bob) = (world.addr("alice"), world.addr("bob"));
    world.deposit(&alice, 1 << 20).unwrap();
    world.deposit(&bob, 3 << 20).unwrap();
    fund(&mut world, &funder, u128::from(WEEK));
    world.advance(Seconds(1_000));
    let before = world.balance(&bob);

    migrate(&mut world, broken::contract());
    let vault = world.vault.clone();
    let unbond = vault::ExecuteMsg::Unbond {
        shares: None,
        auto_withdraw: None,
    };
    let withdraw = vault::ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: None,
        limit: None,
        staker: None,
    };
    let app = &mut world.app;
    app.execute_contract(bob.clone(), vault.clone(), &unbond, &[])
        .unwrap();
    world.look();
    let app = &mut world.app;
    app.update_block(|block| block.time = Seconds::days(21).after(block.time));
    app.execute_contract(bob.clone(), vault, &withdraw, &[]).unwrap();
    migrate(&mut world, crate::support::distributor());
    assert_eq!(world.balance(&bob), before + (3 << 20));

    let distributor = world.distributor.clone();
    let drift = |world: &World| -> DriftResponse {
        let (start_after, limit) = (None, None);
        world
            .query(&distributor, &QueryMsg::Drift { start_after, limit })
            .unwrap()
    };
    let expected = Drift {
        staker: bob.clone(),
        recorded: (3u128 << 20).into(),
        active: 0.into(),
        hook_failures: 1,
    };
    assert_eq!(drift(&world).drifts, [expected]);
    world.execute(&bob, &distributor, &CLAIM_ALL, &[]).unwrap();
    // Also the thousand seconds that he was staked: forfeited, as is said.
    assert_eq!(
        world.querier().query_balance(&bob, REWARD).unwrap().amount.u128(),
        0
    );
    assert!(drift(&world).drifts.is_empty());
    world.advance(Seconds(2 * WEEK));
    assert_eq!(
        (pending(&world, &alice), pending(&world, &bob)),
        (u128::from(WEEK), 0)
    );
}

#[test]
fn a_staker_claims_what_the_vault_says_it_holds() {
    let (mut world, funder) = world();
    let alice = world.addr("alice");
    world.deposit(&alice, 1_000_000).unwrap();
    fund(&mut world, &funder, u128::from(WEEK));
    world.advance(Seconds(WEEK));
    let distributor = world.distributor.clone();
    world.execute(&alice, &distributor, &CLAIM_ALL, &[]).unwrap();
    let paid = world
        .querier()
        .query_balance(&alice, REWARD)
        .unwrap()
        .amount
        .u128();
    assert!(
        (u128::from(WEEK) - 1..=u128::from(WEEK)).contains(&paid),
        "{paid}"
    );
}

#[test]
fn a_thief_of_rewards_needs_the_vault() {
    let (mut world, funder) = world();
    let (alice, thief) = (world.addr("alice"), world.addr("thief"));
    world.deposit(&alice, 1_000_000).unwrap();
    fund(&mut world, &funder, u128::from(WEEK));
    let distributor = world.distributor.clone();
    let notice = ExecuteMsg::StakeChanged(StakeChanged {
        staker: thief.to_string(),
        before: 0u128.into(),
        after: 1_000_000_000u128.into(),
    });
    let refused = world.execute(&thief, &distributor, &notice, &[]).unwrap_err();
    let refused: ContractError = backstop_testing::cause(refused);
    assert!(matches!(refused, ContractError::Unauthorized(_)), "{refused}");
    world.advance(Seconds(WEEK));
    assert_eq!(pending(&world, &thief), 0);
}
