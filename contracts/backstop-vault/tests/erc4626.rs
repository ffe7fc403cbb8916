//! The vault as ERC-4626 sees it: each preview is what its message then does, in
//! pools with losses, and no way there and back favours whoever takes it.

use crate::support::{Desk, both_assets};
use backstop_types::vault::{ExecuteMsg, ParamsUpdate, Pausable, QueryMsg};
use backstop_types::{Assets, Seconds, Shares};
use cosmwasm_std::{Addr, StdError, Uint128};
use proptest::prelude::*;

const PERIOD: Seconds = Seconds::days(21);

fn ask(desk: &Desk, query: QueryMsg) -> u128 {
    desk.query::<Uint128>(&query).u128()
}

fn to_shares(desk: &Desk, assets: u128) -> u128 {
    let assets = Assets::new(assets);
    ask(desk, QueryMsg::ConvertToShares { assets })
}

fn to_assets(desk: &Desk, shares: u128) -> u128 {
    let shares = Shares::new(shares);
    ask(desk, QueryMsg::ConvertToAssets { shares })
}

fn preview_deposit(desk: &Desk, assets: u128) -> u128 {
    let assets = Assets::new(assets);
    ask(desk, QueryMsg::PreviewDeposit { assets })
}

fn preview_withdraw(desk: &Desk, assets: u128) -> u128 {
    let assets = Assets::new(assets);
    ask(desk, QueryMsg::PreviewWithdraw { assets })
}

fn preview_redeem(desk: &Desk, shares: u128) -> u128 {
    let shares = Shares::new(shares);
    ask(desk, QueryMsg::PreviewRedeem { shares })
}

fn max_deposit(desk: &Desk, receiver: &Addr) -> u128 {
    let receiver = receiver.to_string();
    ask(desk, QueryMsg::MaxDeposit { receiver })
}

fn most(desk: &Desk, owner: &Addr) -> (u128, u128) {
    let owner = owner.to_string();
    let redeem = ask(desk, QueryMsg::MaxRedeem { owner: owner.clone() });
    (redeem, ask(desk, QueryMsg::MaxWithdraw { owner }))
}

/// Two stakers, and losses in permille of the pool.
fn pool(deposits: [u128; 2], losses: &[u128]) -> (Desk, [Addr; 2]) {
    let mut desk = Desk::native();
    let stakers = ["alice", "bob"].map(|name| desk.staker(name));
    for (staker, amount) in stakers.iter().zip(deposits) {
        desk.deposit(staker, amount).unwrap();
    }
    for permille in losses {
        let lost = desk.pool().assets.u128() * permille / 1_000;
        if lost > 0 {
            desk.lose(lost);
        }
        desk.advance(Seconds::days(30));
    }
    (desk, stakers)
}

/// Withdraws a ticket of so many shares: what is paid.
fn redeem(desk: &mut Desk, staker: &Addr, shares: u128) -> u128 {
    desk.unbond(staker, shares).unwrap();
    desk.advance(PERIOD);
    let before = desk.balance(staker);
    desk.withdraw(staker, None).unwrap();
    desk.balance(staker) - before
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn each_preview_is_what_its_message_then_does(
        deposits in prop::array::uniform2(1_000u128..1_000_000_000),
        losses in prop::collection::vec(1u128..600, 0..4),
        amount in 1u128..2_000_000_000, part in 1u128..=1_000,
    ) {
        let (mut desk, [alice, bob]) = pool(deposits, &losses);
        let minted = preview_deposit(&desk, amount);
        prop_assert_eq!(minted, to_shares(&desk, amount));
        let before = desk.stake(&alice).stake.active.u128();
        desk.deposit(&alice, amount).unwrap();
        prop_assert_eq!(desk.stake(&alice).stake.active.u128() - before, minted);

        let shares = (desk.stake(&bob).stake.active.u128() * part / 1_000).max(1);
        let paid = preview_redeem(&desk, shares);
        prop_assert_eq!(paid, to_assets(&desk, shares));
        prop_assert_eq!(redeem(&mut desk, &bob, shares), paid);

        // Some assets that the rest of alice's shares are worth.
        let active = desk.stake(&alice).stake.active.u128();
        let assets = to_assets(&desk, active) * part / 1_000;
        if assets > 0 {
            let burned = preview_withdraw(&desk, assets);
            prop_assert_eq!(redeem(&mut desk, &alice, burned), assets);
        }
    }

    #[test]
    fn no_way_there_and_back_favours_whoever_takes_it(
        deposits in prop::array::uniform2(1_000u128..1_000_000_000),
        losses in prop::collection::vec(1u128..600, 0..4),
        amount in 0u128..2_000_000_000,
    ) {
        let (mut desk, [alice, _]) = pool(deposits, &losses);
        prop_assert!(to_assets(&desk, to_shares(&desk, amount)) <= amount);
        prop_assert!(to_shares(&desk, to_assets(&desk, amount)) <= amount);
        prop_assert!(preview_withdraw(&desk, amount) >= preview_deposit(&desk, amount));
        prop_assert!(preview_withdraw(&desk, preview_redeem(&desk, amount)) <= amount);
        prop_assert_eq!(preview_redeem(&desk, preview_withdraw(&desk, amount)), amount);
        if amount > 0 {
            let minted = preview_deposit(&desk, amount);
            desk.deposit(&alice, amount).unwrap();
            prop_assert!(redeem(&mut desk, &alice, minted) <= amount);
        }
    }
}

#[test]
fn while_there_are_no_shares_one_is_one_unit() {
    let desk = Desk::native();
    assert_eq!(ask(&desk, QueryMsg::TotalAssets {}), 0);
    assert_eq!([to_shares(&desk, 7), to_assets(&desk, 7)], [7, 7]);
    assert_eq!([preview_deposit(&desk, 7), preview_withdraw(&desk, 7)], [7, 7]);
    assert_eq!(preview_redeem(&desk, 7), 7);
}

#[test]
fn shares_that_are_given_are_rounded_up_and_all_else_down() {
    let (desk, _) = pool([700, 300], &[700]);
    // 300 of 1,000.
    assert_eq!(ask(&desk, QueryMsg::TotalAssets {}), 300);
    assert_eq!([to_shares(&desk, 100), preview_deposit(&desk, 100)], [333, 333]);
    assert_eq!(preview_withdraw(&desk, 100), 334);
    assert_eq!([to_assets(&desk, 333), preview_redeem(&desk, 333)], [99, 99]);
    assert_eq!(preview_redeem(&desk, 334), 100);
}

#[test]
fn the_largest_deposit_is_taken_and_one_unit_more_is_not() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        assert_eq!(max_deposit(&desk, &alice), u128::MAX);
        desk.deposit(&alice, 1_000).unwrap();
        desk.lose(300);
        // 1,000 shares of 700 units: the rest of all shares costs seven tenths.
        let most = max_deposit(&desk, &bob);
        desk.fund(&bob, most);
        desk.refused(|desk| desk.deposit(&bob, most + 1));
        desk.deposit(&bob, most).unwrap();
        let room = u128::MAX - desk.pool().shares.u128();
        assert!(room < 2, "{room} shares would fit");
        assert_eq!(max_deposit(&desk, &bob), 0);
    }
}

#[test]
fn nothing_can_be_deposited_while_paused_without_a_distributor_or_for_a_receiver_that_is_refused() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        assert!(max_deposit(&desk, &alice) > 0);
        let w = &desk.w;
        let mut refused = vec![w.vault.clone(), w.distributor.clone(), w.breaker.clone()];
        refused.extend(w.asset.contract().cloned());
        for receiver in refused {
            assert_eq!(max_deposit(&desk, &receiver), 0, "{receiver}");
        }
        desk.pause(Pausable::Deposits, Seconds::HOUR).unwrap();
        assert_eq!(max_deposit(&desk, &alice), 0);
        desk.advance(Seconds::HOUR);
        assert!(max_deposit(&desk, &alice) > 0);

        let without = desk.another_vault();
        let receiver = alice.to_string();
        let most: Assets = desk
            .w
            .query(&without, &QueryMsg::MaxDeposit { receiver })
            .unwrap();
        assert!(most.is_zero());
    }
}

#[test]
fn only_ready_tickets_can_be_redeemed_and_a_shorter_period_makes_more_ready() {
    let (mut desk, [alice, _]) = pool([10_000, 10_000], &[500]);
    assert_eq!(most(&desk, &alice), (0, 0), "active shares cannot");
    desk.unbond(&alice, 1_001).unwrap();
    desk.advance(Seconds::DAY);
    desk.unbond(&alice, 2_000).unwrap();
    desk.advance(Seconds(PERIOD.0 - 86_401));
    assert_eq!(most(&desk, &alice), (0, 0));
    desk.advance(Seconds(1));
    assert_eq!(most(&desk, &alice), (1_001, 500));
    desk.update(ParamsUpdate {
        unbonding_period: Some(Seconds::days(7)),
        ..Default::default()
    })
    .unwrap();
    assert_eq!(most(&desk, &alice), (3_001, 1_500));
    let before = desk.balance(&alice);
    desk.withdraw(&alice, None).unwrap();
    assert_eq!(desk.balance(&alice) - before, 1_500);
    assert_eq!(most(&desk, &alice), (0, 0));
}

#[test]
fn of_the_oldest_101_tickets_the_first_thirty_that_are_ready_are_counted() {
    let (mut desk, [alice, _]) = pool([10_000, 10_000], &[]);
    desk.update(ParamsUpdate {
        max_tickets: Some(100),
        ..Default::default()
    })
    .unwrap();
    (0..100).for_each(|_| _ = desk.unbond(&alice, 10).unwrap());
    let all = ExecuteMsg::Unbond {
        shares: None,
        auto_withdraw: None,
    };
    desk.execute(&alice, &all, &[]).unwrap();
    desk.deposit(&alice, 7).unwrap();
    desk.execute(&alice, &all, &[]).unwrap();
    desk.advance(PERIOD);
    assert_eq!(desk.stake(&alice).stake.tickets, 102);
    for expected in [300, 300, 300, 9_107, 0] {
        assert_eq!(most(&desk, &alice), (expected, expected));
        let _ = desk.withdraw(&alice, None);
    }
}

#[test]
fn what_does_not_fit_is_refused_by_the_name_of_its_field() {
    let (desk, _) = pool([1_000, 1_000], &[900]);
    let assets = Assets::new(u128::MAX);
    let vault = desk.w.vault.clone();
    for query in [
        QueryMsg::ConvertToShares { assets },
        QueryMsg::PreviewDeposit { assets },
        QueryMsg::PreviewWithdraw { assets },
    ] {
        let refused: StdError = desk.w.query::<Shares>(&vault, &query).unwrap_err();
        assert!(refused.to_string().contains(" is 340282"), "{query:?}: {refused}");
    }
}
