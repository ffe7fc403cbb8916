//! What the owner decides, what instantiation takes, and who may send what.

use crate::support::{CLAIM_ALL, NATIVE, Suite, WEEK, listing, native};
use backstop_types::UncheckedDenom;
use backstop_types::distributor::*;
use cosmwasm_std::{Addr, to_json_binary};
use cw_multi_test::Executor;
use cw_ownable::Action;
use cw20::Cw20ReceiveMsg;
use reward_distributor::ContractError;

fn list(denom: UncheckedDenom, min_rate: u128) -> ExecuteMsg {
    ExecuteMsg::ListDenom(listing(denom, min_rate))
}

fn delist(denom: UncheckedDenom) -> ExecuteMsg {
    ExecuteMsg::DelistDenom { denom }
}

#[test]
fn instantiation_checks_every_field() {
    let mut suite = Suite::bare();
    let (owner, vault) = (suite.owner.to_string(), suite.book.to_string());
    let good = InstantiateMsg {
        owner: owner.clone(),
        vault: vault.clone(),
        denoms: vec![],
    };
    let not_a_token = UncheckedDenom::Cw20(suite.book.to_string());
    let bad = [
        InstantiateMsg {
            owner: owner.to_uppercase(),
            ..good.clone()
        },
        InstantiateMsg {
            vault: String::new(),
            ..good.clone()
        },
        InstantiateMsg {
            denoms: vec![listing(native(NATIVE), 0)],
            ..good.clone()
        },
        InstantiateMsg {
            denoms: vec![listing(native("!"), 1)],
            ..good.clone()
        },
        InstantiateMsg {
            denoms: vec![listing(native(NATIVE), 1); 2],
            ..good.clone()
        },
        InstantiateMsg {
            denoms: vec![listing(not_a_token, 1)],
            ..good.clone()
        },
        InstantiateMsg {
            denoms: (0..9).map(|n| listing(native(&format!("coin{n}")), 1)).collect(),
            ..good.clone()
        },
    ];
    for msg in bad {
        let refused = suite.instantiate_with(&msg);
        assert!(
            matches!(refused, Err(ContractError::Input(_))),
            "{msg:?}: {refused:?}"
        );
    }
    suite.instantiate_with(&good).unwrap();
}

#[test]
fn a_listed_denom_can_be_funded_and_a_delisted_one_cannot() {
    let mut suite = Suite::new();
    let (owner, alice) = (suite.owner.clone(), suite.addr("alice"));
    suite.stake(&alice, 1);
    let unknown = suite.fund("ujunk", 100, 1);
    assert!(matches!(unknown, Err(ContractError::UnknownDenom { .. })));
    suite.execute(&owner, &list(native("ujunk"), 1), &[]).unwrap();
    suite.fund("ujunk", u128::from(WEEK), 1).unwrap();

    suite.execute(&owner, &delist(native("ujunk")), &[]).unwrap();
    let refused = suite.fund("ujunk", 100, 1);
    assert!(matches!(refused, Err(ContractError::Delisted { .. })));
    let twice = suite.execute(&owner, &delist(native("ujunk")), &[]);
    assert!(matches!(twice, Err(ContractError::Delisted { .. })));

    // Its stream runs on.
    suite.wait(100);
    assert_eq!(suite.pending(&alice)[3], 100);

    suite.execute(&owner, &list(native("ujunk"), 1_000), &[]).unwrap();
    assert_eq!(suite.denoms()[3].min_rate.u128(), 1_000);
    assert_eq!(suite.denoms().len(), 4, "it keeps its place");
    suite.fund("ujunk", 2_000, 1).unwrap();
}

#[test]
fn a_denom_listed_while_people_are_staked_pays_from_its_first_funding() {
    let mut suite = Suite::new();
    let (owner, alice) = (suite.owner.clone(), suite.addr("alice"));
    suite.stake(&alice, 1);
    suite.wait(WEEK + 1);
    suite.execute(&owner, &list(native("ujunk"), 1), &[]).unwrap();
    suite.wait(100);
    suite.fund("ujunk", 2 * u128::from(WEEK) - 101, 1).unwrap();
    suite.wait(10);
    assert_eq!(suite.pending(&alice)[3], 10);
}

#[test]
fn eight_denoms_can_be_listed_and_no_ninth() {
    let mut suite = Suite::new();
    let owner = suite.owner.clone();
    for n in 3..8 {
        suite
            .execute(&owner, &list(native(&format!("coin{n}")), 1), &[])
            .unwrap();
    }
    let ninth = suite.execute(&owner, &list(native("ujunk"), 1), &[]);
    assert_eq!(ninth.unwrap_err(), ContractError::TooManyDenoms { max: 8 });
    suite.execute(&owner, &delist(native("coin3")), &[]).unwrap();
    let ninth = suite.execute(&owner, &list(native("ujunk"), 1), &[]);
    assert_eq!(ninth.unwrap_err(), ContractError::TooManyDenoms { max: 8 });
}

#[test]
fn the_full_list_of_denoms_pays_a_staker_in_all() {
    let mut suite = Suite::new();
    let (owner, alice, funder) = (suite.owner.clone(), suite.addr("alice"), suite.funder());
    for n in 3..8 {
        let denom = format!("coin{n}");
        suite.execute(&owner, &list(native(&denom), 1), &[]).unwrap();
        let coins = vec![cosmwasm_std::coin(1 << 100, &denom)];
        let mint = cw_multi_test::BankSudo::Mint {
            to_address: funder.to_string(),
            amount: coins,
        };
        suite.app.sudo(mint.into()).unwrap();
    }
    suite.stake(&alice, 1);
    let token = suite.token.clone();
    for n in 0..8 {
        match suite.denoms()[n].denom.clone() {
            backstop_types::Denom::Native(denom) => suite.fund(&denom, u128::from(WEEK), 1).unwrap(),
            backstop_types::Denom::Cw20(_) => suite.fund_cw20(&token, u128::from(WEEK), 1).unwrap(),
        };
    }
    suite.wait(50);
    suite.claim(&alice);
    for denom in suite.denoms() {
        assert_eq!(suite.balance(&alice, &denom.denom), 50, "{}", denom.denom);
    }
}

#[test]
fn ownership_passes_in_two_steps() {
    let mut suite = Suite::new();
    let (owner, heir) = (suite.owner.clone(), suite.addr("heir"));
    let transfer = Action::TransferOwnership {
        new_owner: heir.to_string(),
        expiry: None,
    };
    suite
        .execute(&owner, &ExecuteMsg::UpdateOwnership(transfer), &[])
        .unwrap();
    let early = suite.execute(&heir, &list(native("ujunk"), 1), &[]);
    assert!(matches!(early, Err(ContractError::Ownership(_))));
    let accept = ExecuteMsg::UpdateOwnership(Action::AcceptOwnership);
    suite.execute(&heir, &accept, &[]).unwrap();
    suite.execute(&heir, &list(native("ujunk"), 1), &[]).unwrap();
    let late = suite.execute(&owner, &delist(native("ujunk")), &[]);
    assert!(matches!(late, Err(ContractError::Ownership(_))));
    let ownership: cw_ownable::Ownership<String> = suite.query(&QueryMsg::Ownership {});
    assert_eq!(ownership.owner, Some(heir.to_string()));
}

/// Every message, and whether owner, vault, a listed token and a stranger may
/// send it.
fn matrix(suite: &Suite) -> Vec<(ExecuteMsg, [bool; 4])> {
    let staker = suite.addr("alice").to_string();
    let denom = native(NATIVE);
    let wrapper = Cw20ReceiveMsg {
        sender: suite.funder().to_string(),
        amount: 0u128.into(),
        msg: to_json_binary(&HookMsg::Fund(StreamTerms::now(1))).unwrap(),
    };
    let notice = StakeChanged {
        staker: staker.clone(),
        before: 0.into(),
        after: 0.into(),
    };
    vec![
        (ExecuteMsg::StakeChanged(notice), [false, true, false, false]),
        (CLAIM_ALL, [true; 4]),
        // Without coins and of nothing: refused even to those who may.
        (ExecuteMsg::Fund(StreamTerms::now(1)), [false; 4]),
        (ExecuteMsg::Receive(wrapper), [false; 4]),
        (ExecuteMsg::Sync { staker }, [true; 4]),
        (
            ExecuteMsg::Advance {
                denom: denom.clone(),
                limit: None,
            },
            [true; 4],
        ),
        (list(denom.clone(), 1), [true, false, false, false]),
        (
            ExecuteMsg::Stop {
                denom: denom.clone(),
                number: 1,
            },
            [true, false, false, false],
        ),
        (delist(denom), [true, false, false, false]),
        (
            ExecuteMsg::UpdateOwnership(Action::RenounceOwnership),
            [true, false, false, false],
        ),
    ]
}

#[test]
fn every_message_is_open_to_its_roles_and_to_no_other() {
    let roles = |suite: &Suite| -> [Addr; 4] {
        [
            suite.owner.clone(),
            suite.book.clone(),
            suite.token.clone(),
            suite.addr("stranger"),
        ]
    };
    for index in 0..matrix(&Suite::new()).len() {
        for role in 0..4 {
            let mut suite = Suite::new();
            suite.fund(NATIVE, 1_000, 1).unwrap();
            let (msg, may) = matrix(&suite).remove(index);
            let sender = roles(&suite)[role].clone();
            let before = suite.app.dump_wasm_raw(&suite.distributor);
            let done = suite.execute(&sender, &msg, &[]);
            assert_eq!(done.is_ok(), may[role], "{msg:?} by role {role}: {done:?}");
            if done.is_err() {
                assert_eq!(suite.app.dump_wasm_raw(&suite.distributor), before, "{msg:?}");
            }
        }
    }
}

#[test]
fn a_migration_keeps_everything() {
    let mut suite = Suite::new();
    let (owner, alice) = (suite.owner.clone(), suite.addr("alice"));
    suite.stake(&alice, 1);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.wait(100);
    let code = suite.app.store_code(crate::support::distributor());
    let distributor = suite.distributor.clone();
    suite
        .app
        .migrate_contract(owner, distributor, &MigrateMsg {}, code)
        .unwrap();
    assert_eq!(suite.pending(&alice)[0], 100);
}
