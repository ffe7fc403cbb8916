//! `Claim` to another receiver, and into the vault: with the shipped vault,
//! whose invariants are checked after every message.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use backstop_testing::{World, cause, emitted};
use backstop_types::distributor::*;
use backstop_types::events::distributor::PayoutFailed;
use backstop_types::vault::{self, BackstopVault, Pausable};
use backstop_types::{Denom, InputError, Seconds, UncheckedDenom};
use cosmwasm_std::{Addr, Uint128};
use cw_multi_test::{AppResponse, error::AnyResult};
use reward_distributor::ContractError;

const WEEK: u64 = 7 * 86_400;
const REWARD: &str = "ureward";

/// Alice alone is staked, and has earned 100 of the asset and of `ureward`.
fn earned(builder: backstop_testing::WorldBuilder) -> (World, Addr) {
    let mut world = builder.build();
    let (owner, alice, funder) = (world.owner.clone(), world.addr("alice"), world.addr("funder"));
    world.mint_native(&funder, REWARD, 1 << 100);
    let (distributor, asset) = (world.distributor.clone(), world.asset.clone());
    for denom in [
        UncheckedDenom::from(asset.clone()),
        UncheckedDenom::Native(REWARD.to_string()),
    ] {
        let list = ExecuteMsg::ListDenom(Listing {
            denom,
            min_rate: 1u128.into(),
        });
        world.execute(&owner, &distributor, &list, &[]).unwrap();
    }
    world.deposit(&alice, 1 << 20).unwrap();
    let reward = Denom::Native(REWARD.to_string());
    for denom in [asset, reward] {
        let fund = RewardDistributor(distributor.clone())
            .fund(&denom, Uint128::from(WEEK), StreamTerms::now(1))
            .unwrap();
        world.send(&funder, fund).unwrap();
    }
    world.advance(Seconds(100));
    assert_eq!(pending(&world, &alice), [100, 100]);
    (world, alice)
}

fn pending(world: &World, who: &Addr) -> Vec<u128> {
    let distributor = RewardDistributor(world.distributor.clone());
    let rewards = distributor.pending_rewards(&world.querier(), who).unwrap();
    rewards.iter().map(|reward| reward.amount.u128()).collect()
}

fn claim(world: &mut World, who: &Addr, receiver: Option<&Addr>, restake: bool) -> AnyResult<AppResponse> {
    let distributor = world.distributor.clone();
    let msg = ExecuteMsg::Claim {
        denoms: None,
        receiver: receiver.map(ToString::to_string),
        restake: Some(restake),
    };
    world.execute(who, &distributor, &msg, &[])
}

fn staked(world: &World, who: &Addr) -> u128 {
    let vault = BackstopVault(world.vault.clone());
    vault.stake(&world.querier(), who).unwrap().active.u128()
}

fn rewards_of(world: &World, who: &Addr) -> u128 {
    world.querier().query_balance(who, REWARD).unwrap().amount.u128()
}

#[test]
fn a_claim_pays_another_receiver_if_the_staker_says_so() {
    let (mut world, alice) = earned(World::builder());
    let heir = world.addr("heir");
    let before = world.balance(&heir);
    claim(&mut world, &alice, Some(&heir), false).unwrap();
    assert_eq!(
        (world.balance(&heir) - before, rewards_of(&world, &heir)),
        (100, 100)
    );
    assert_eq!(rewards_of(&world, &alice), 0);
    assert_eq!(pending(&world, &alice), [0, 0]);
    assert_eq!(pending(&world, &heir), [0, 0]);
}

#[test]
fn a_receiver_is_an_address_in_lower_case() {
    let (mut world, alice) = earned(World::builder());
    let shouted = Addr::unchecked(alice.as_str().to_uppercase());
    let refused = claim(&mut world, &alice, Some(&shouted), false).unwrap_err();
    let expected = InputError::Address {
        field: "receiver".to_string(),
        value: shouted.to_string(),
    };
    assert_eq!(cause::<ContractError>(refused), ContractError::Input(expected));
    assert_eq!(pending(&world, &alice), [100, 100]);
}

#[test]
fn a_restake_deposits_the_asset_and_pays_the_rest_in_one_transaction() {
    for builder in [World::builder().native_asset(), World::builder().cw20_asset()] {
        let (mut world, alice) = earned(builder);
        let before = world.balance(&alice);
        claim(&mut world, &alice, None, true).unwrap();
        assert_eq!(staked(&world, &alice), (1 << 20) + 100);
        assert_eq!((world.balance(&alice), rewards_of(&world, &alice)), (before, 100));
        assert_eq!(pending(&world, &alice), [0, 0]);
        // The vault's notice came in the middle of the claim, and the shares earn.
        let record: StakerResponse = world
            .query(
                &world.distributor,
                &QueryMsg::Staker {
                    staker: alice.to_string(),
                },
            )
            .unwrap();
        assert_eq!(record.recorded, record.active);
        world.advance(Seconds(100));
        assert!((99..=100).contains(&pending(&world, &alice)[0]));
    }
}

#[test]
fn a_restake_for_another_receiver_gives_it_the_shares() {
    let (mut world, alice) = earned(World::builder());
    let heir = world.addr("heir");
    claim(&mut world, &alice, Some(&heir), true).unwrap();
    assert_eq!((staked(&world, &alice), staked(&world, &heir)), (1 << 20, 100));
    assert_eq!(rewards_of(&world, &heir), 100);
}

#[test]
fn a_restake_that_the_vault_refuses_stays_owed_and_the_rest_is_paid() {
    for builder in [World::builder().native_asset(), World::builder().cw20_asset()] {
        let (mut world, alice) = earned(builder);
        let (vault, guardian) = (world.vault.clone(), world.guardian.clone());
        let pause = vault::ExecuteMsg::Pause {
            what: Pausable::Deposits,
            duration: Seconds::HOUR,
        };
        world.execute(&guardian, &vault, &pause, &[]).unwrap();

        let done = claim(&mut world, &alice, None, true).unwrap();

        assert_eq!(emitted::<PayoutFailed>(&done).len(), 1);
        assert_eq!(
            (staked(&world, &alice), rewards_of(&world, &alice)),
            (1 << 20, 100)
        );
        assert_eq!(pending(&world, &alice), [100, 0]);
        // It can be paid out meanwhile.
        let before = world.balance(&alice);
        claim(&mut world, &alice, None, false).unwrap();
        assert_eq!(world.balance(&alice), before + 100);
    }
}

#[test]
fn a_restake_needs_the_asset_among_the_denoms() {
    let (mut world, alice) = earned(World::builder());
    let (distributor, asset) = (world.distributor.clone(), world.asset.clone());
    let msg = ExecuteMsg::Claim {
        denoms: Some(vec![UncheckedDenom::Native(REWARD.to_string())]),
        receiver: None,
        restake: Some(true),
    };
    let refused = world.execute(&alice, &distributor, &msg, &[]).unwrap_err();
    assert_eq!(
        cause::<ContractError>(refused),
        ContractError::NothingToRestake { asset }
    );
    assert_eq!(pending(&world, &alice), [100, 100]);
}

#[test]
fn a_receiver_that_could_never_use_it_is_refused_paid_or_restaked() {
    for builder in [World::builder(), World::builder().cw20_asset()] {
        let (mut world, alice) = earned(builder);
        let token = world.asset.contract().cloned();
        let useless = [world.distributor.clone(), world.vault.clone()];
        for receiver in useless.into_iter().chain(token) {
            for restake in [false, true] {
                let refused = claim(&mut world, &alice, Some(&receiver), restake).unwrap_err();
                let bound = "neither the distributor nor its vault nor a token that is paid";
                assert_eq!(cause::<ContractError>(refused), refusal(&receiver, bound));
            }
        }
        let breaker = world.breaker.clone();
        let refused = claim(&mut world, &alice, Some(&breaker), true).unwrap_err();
        let bound = "not the vault's breaker, which can never unbond";
        assert_eq!(cause::<ContractError>(refused), refusal(&breaker, bound));
        assert_eq!(pending(&world, &alice), [100, 100]);
    }
}

fn refusal(receiver: &Addr, bound: &str) -> ContractError {
    ContractError::Input(InputError::OutOfBounds {
        field: "receiver".to_string(),
        value: receiver.to_string(),
        bound: bound.to_string(),
    })
}
