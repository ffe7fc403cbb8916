//! `Deposit` and `Receive`.

use crate::support::{Desk, both_assets};
use backstop_testing::cause;
use backstop_types::vault::{ExecuteMsg, HookMsg, Pausable, StakeResponse};
use backstop_types::{Assets, InputError, Seconds, Shares};
use backstop_vault::ContractError;
use cosmwasm_std::coins;
use cw_multi_test::Executor;

#[test]
fn the_first_deposit_gets_one_share_a_unit() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        desk.deposit(&alice, 1_000).unwrap();
        let stake: StakeResponse = desk.stake(&alice);
        assert_eq!(
            (stake.stake.active, stake.assets),
            (Shares::new(1_000), Assets::new(1_000))
        );
        assert_eq!(desk.pool().assets, Assets::new(1_000));
    }
}

#[test]
fn after_a_loss_a_deposit_gets_more_shares_and_no_more_than_its_worth() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit(&alice, 1_000).unwrap();
        desk.lose(500);
        desk.deposit(&bob, 100).unwrap();
        let bob = desk.stake(&bob);
        assert_eq!(
            (bob.stake.active, bob.assets),
            (Shares::new(200), Assets::new(100))
        );
    }
}

#[test]
fn a_deposit_for_a_receiver_gives_the_receiver_the_shares() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit_with(&alice, 700, None, Some(bob.to_string()))
            .unwrap();
        assert_eq!(desk.stake(&bob).stake.active, Shares::new(700));
        assert_eq!(desk.stake(&alice).stake.active, Shares::ZERO);
    }
}

#[test]
fn min_shares_is_inclusive_and_guards_the_price() {
    for mut desk in both_assets() {
        let alice = desk.staker("alice");
        desk.deposit_with(&alice, 100, Some(100), None).unwrap();
        let refused = desk.refused(|desk| desk.deposit_with(&alice, 100, Some(101), None));
        assert_eq!(
            refused,
            ContractError::TooFewShares {
                minted: 100.into(),
                min: 101.into()
            }
        );
    }
}

#[test]
fn a_stray_transfer_changes_nothing() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit(&alice, 1_000).unwrap();
        let before = desk.pool();
        desk.donate(&bob, 777);
        assert_eq!(desk.pool(), before);
        desk.deposit(&bob, 100).unwrap();
        assert_eq!(desk.stake(&bob).stake.active, Shares::new(100));
    }
}

#[test]
fn coins_that_are_not_exactly_the_asset_are_refused() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.fund_other(&alice);
    let deposit = ExecuteMsg::Deposit {
        min_shares: None,
        receiver: None,
    };
    let denom = desk.asset_name();
    let two = vec![coins(5, &denom).remove(0), coins(5, "uother").remove(0)];
    for funds in [vec![], coins(5, "uother"), two] {
        let refused = desk.refused(|desk| desk.execute(&alice, &deposit, &funds));
        assert!(
            matches!(refused, ContractError::Input(InputError::Funds(_))),
            "{refused}"
        );
    }
}

#[test]
fn a_cw20_vault_takes_no_coins_and_a_native_one_no_cw20() {
    let mut desk = Desk::cw20();
    let alice = desk.staker("alice");
    desk.fund_other(&alice);
    let deposit = ExecuteMsg::Deposit {
        min_shares: None,
        receiver: None,
    };
    let refused = desk.refused(|desk| desk.execute(&alice, &deposit, &coins(5, "uother")));
    assert!(
        matches!(refused, ContractError::Input(InputError::WrongToken { .. })),
        "{refused}"
    );

    let mut desk = Desk::native();
    let refused = desk.refused(|desk| {
        desk.send_stray_cw20(&HookMsg::Deposit {
            min_shares: None,
            receiver: None,
        })
    });
    assert!(
        matches!(refused, ContractError::Input(InputError::WrongToken { .. })),
        "{refused}"
    );
}

#[test]
fn another_cw20_and_a_direct_receive_are_refused() {
    let mut desk = Desk::cw20();
    let hook = HookMsg::Deposit {
        min_shares: None,
        receiver: None,
    };
    let refused = desk.refused(|desk| desk.send_stray_cw20(&hook));
    assert!(
        matches!(refused, ContractError::Input(InputError::WrongToken { .. })),
        "{refused}"
    );

    let alice = desk.staker("alice");
    let direct = ExecuteMsg::Receive(cw20::Cw20ReceiveMsg {
        sender: alice.to_string(),
        amount: 5u128.into(),
        msg: cosmwasm_std::to_json_binary(&hook).unwrap(),
    });
    let refused = desk.refused(|desk| desk.execute(&alice, &direct, &[]));
    assert!(
        matches!(refused, ContractError::Input(InputError::WrongToken { .. })),
        "{refused}"
    );
}

#[test]
fn deposits_wait_for_the_distributor_and_stop_at_the_guardians_pause() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    let fresh = desk.another_vault();
    let deposit = ExecuteMsg::Deposit {
        min_shares: None,
        receiver: None,
    };
    let funds = coins(5, desk.asset_name());
    let refused = desk
        .w
        .app
        .execute_contract(alice, fresh, &deposit, &funds)
        .unwrap_err();
    assert_eq!(
        cause::<ContractError>(refused),
        ContractError::DistributorMissing {}
    );

    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.pause(Pausable::Deposits, Seconds(60)).unwrap();
    let refused = desk.refused(|desk| desk.deposit(&alice, 5));
    assert_eq!(refused, ContractError::DepositsPaused { left: Seconds(60) });
    desk.advance(Seconds(60));
    desk.deposit(&alice, 5).unwrap();
}

#[test]
fn shares_that_would_not_fit_are_refused_and_the_money_stays() {
    for mut desk in both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        let huge = u128::MAX / 4;
        desk.fund(&alice, huge);
        desk.fund(&bob, huge);
        desk.deposit(&alice, huge).unwrap();
        // The price falls to a tenth: as much again would be ten times the shares.
        desk.lose(huge / 10 * 9);
        let refused = desk.refused(|desk| desk.deposit(&bob, huge));
        let ContractError::Input(InputError::OutOfBounds { field, value, bound }) = refused else {
            panic!("must be typed: {refused}")
        };
        assert_eq!((field.as_str(), value), ("amount", huge.to_string()));
        // And the bound that it names is the largest deposit that passes.
        let most: u128 = bound
            .split([' ', ','])
            .find_map(|word| word.parse().ok())
            .unwrap();
        desk.refused(|desk| desk.deposit(&bob, most + 1));
        desk.deposit(&bob, most).unwrap();
    }
}
