//! Every message with every role: who is refused for who they are, and who
//! gets as far as the message's own rules.

use crate::support::{Desk, MARKET, garbage, terms};
use backstop_types::vault::{ExecuteMsg, ParamsUpdate, Pausable};
use backstop_types::{Bps, Change, InputError, Patch, Seconds};
use backstop_vault::ContractError;
use cosmwasm_std::{Addr, coins};

/// Who may send a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Owner,
    Guardian,
    Policyholder,
    Stranger,
}

const ROLES: [Role; 4] = [Role::Owner, Role::Guardian, Role::Policyholder, Role::Stranger];

fn address(desk: &mut Desk, role: Role) -> Addr {
    match role {
        Role::Owner => desk.w.owner.clone(),
        Role::Guardian => desk.w.guardian.clone(),
        Role::Policyholder => desk.holder.clone(),
        Role::Stranger => desk.staker("stranger"),
    }
}

/// Each message, and the roles that it knows; all of them means anyone.
fn messages(desk: &mut Desk) -> Vec<(ExecuteMsg, Vec<Role>)> {
    use Role::*;
    let market = MARKET.to_string();
    let (policyholder, other) = (desk.holder.to_string(), desk.staker("other").to_string());
    vec![
        (
            ExecuteMsg::Deposit {
                min_shares: None,
                receiver: None,
            },
            ROLES.to_vec(),
        ),
        (
            ExecuteMsg::Unbond {
                shares: Some(5.into()),
                auto_withdraw: None,
            },
            ROLES.to_vec(),
        ),
        (ExecuteMsg::CancelUnbond { ticket: 1 }, ROLES.to_vec()),
        (
            ExecuteMsg::Withdraw {
                tickets: None,
                min_assets: None,
                limit: None,
                staker: None,
            },
            ROLES.to_vec(),
        ),
        (
            ExecuteMsg::ClaimRecovery {
                losses: None,
                restake: None,
                limit: None,
            },
            ROLES.to_vec(),
        ),
        (
            ExecuteMsg::CoverShortfall {
                shortfall: 1,
                market: market.clone(),
                amount: 5.into(),
                price: None,
            },
            vec![Policyholder],
        ),
        (ExecuteMsg::SettleClaim { claim: 1 }, ROLES.to_vec()),
        (ExecuteMsg::Recover { loss: 1 }, ROLES.to_vec()),
        (
            ExecuteMsg::PayPremium {
                market: market.clone(),
                max_rate: Bps(1_000),
            },
            // Without coins it is refused before its sender is looked at.
            ROLES.to_vec(),
        ),
        (
            ExecuteMsg::SendPremium {
                policyholder: policyholder.clone(),
                market: market.clone(),
            },
            ROLES.to_vec(),
        ),
        (ExecuteMsg::WithdrawCredit {}, ROLES.to_vec()),
        (
            ExecuteMsg::ClosePolicy {
                policyholder: Some(policyholder.clone()),
                market: market.clone(),
            },
            vec![Owner, Policyholder],
        ),
        (
            ExecuteMsg::AddPolicy {
                policyholder: other,
                market: market.clone(),
                terms: terms(),
            },
            vec![Owner],
        ),
        (
            ExecuteMsg::ChangePolicy {
                policyholder,
                market,
                update: Change::to(terms()),
            },
            vec![Owner],
        ),
        (
            ExecuteMsg::DeclineClaim {
                claim: 1,
                reason: "x".to_string(),
            },
            vec![Owner],
        ),
        (
            ExecuteMsg::UpdateParams {
                update: ParamsUpdate::default(),
            },
            vec![Owner],
        ),
        (
            ExecuteMsg::SetDistributor {
                distributor: desk.w.distributor.to_string(),
            },
            vec![Owner],
        ),
        (
            ExecuteMsg::Pause {
                what: Pausable::Payouts,
                duration: Seconds(60),
            },
            vec![Guardian],
        ),
        (
            ExecuteMsg::Resume {
                what: Pausable::Payouts,
                pause: 1,
            },
            vec![Guardian, Owner],
        ),
        (
            ExecuteMsg::UpdateOwnership(cw_ownable::Action::TransferOwnership {
                new_owner: desk.w.guardian.to_string(),
                expiry: None,
            }),
            vec![Owner],
        ),
        (ExecuteMsg::ProveDepth {}, vec![]),
    ]
}

/// Whether an error is about who sent the message.
fn about_the_sender(error: &ContractError) -> bool {
    match error {
        ContractError::Ownership(_) | ContractError::Unauthorized { .. } => true,
        ContractError::NotFound { what, .. } => *what == "policy",
        _ => false,
    }
}

#[test]
fn every_message_refuses_every_role_that_it_does_not_know_and_no_other() {
    let count = messages(&mut Desk::native()).len();
    for index in 0..count {
        for role in ROLES {
            let mut desk = Desk::native();
            let (msg, known) = messages(&mut desk).remove(index);
            let sender = address(&mut desk, role);
            let allowed = known.contains(&role);
            let before = desk.w.app.dump_wasm_raw(&desk.w.vault);
            match desk.execute(&sender, &msg, &[]) {
                Ok(_) => assert!(allowed, "{role:?} may not {msg:?}"),
                Err(error) => {
                    let error: ContractError = backstop_testing::cause(error);
                    assert_eq!(!allowed, about_the_sender(&error), "{role:?}, {msg:?}: {error}");
                    assert!(
                        desk.w.app.dump_wasm_raw(&desk.w.vault) == before,
                        "{msg:?} changed something"
                    );
                }
            }
        }
    }
}

#[test]
fn every_message_but_deposit_recover_and_pay_premium_refuses_coins() {
    let mut desk = Desk::native();
    let denom = desk.asset_name();
    for (msg, known) in messages(&mut desk) {
        if matches!(
            msg,
            ExecuteMsg::Deposit { .. } | ExecuteMsg::Recover { .. } | ExecuteMsg::PayPremium { .. }
        ) {
            continue;
        }
        let sender = address(&mut desk, known.first().copied().unwrap_or(Role::Stranger));
        desk.fund(&sender, 5);
        let refused = desk.refused(|desk| desk.execute(&sender, &msg, &coins(5, &denom)));
        assert!(
            matches!(refused, ContractError::Input(InputError::Funds(_))),
            "{msg:?}: {refused}"
        );
    }
}

#[test]
fn addresses_that_are_not_the_chains_spelling_are_refused() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    for bad in [
        alice.to_string().to_uppercase(),
        "nobody".to_string(),
        String::new(),
        "x".repeat(10_000),
    ] {
        let denom = desk.asset_name();
        let deposit = ExecuteMsg::Deposit {
            min_shares: None,
            receiver: Some(bad.clone()),
        };
        let refused = desk.refused(|desk| desk.execute(&alice, &deposit, &coins(5, &denom)));
        assert!(
            matches!(refused, ContractError::Input(InputError::Address { .. })),
            "{refused}"
        );
        let add = ExecuteMsg::AddPolicy {
            policyholder: bad.clone(),
            market: MARKET.to_string(),
            terms: terms(),
        };
        let close = ExecuteMsg::ClosePolicy {
            policyholder: Some(bad.clone()),
            market: MARKET.to_string(),
        };
        let update = ParamsUpdate {
            breaker: Some(bad.clone()),
            ..Default::default()
        };
        let treasury = ParamsUpdate {
            treasury: Some(Patch::Set(bad.clone())),
            ..Default::default()
        };
        let send = ExecuteMsg::SendPremium {
            policyholder: bad.clone(),
            market: MARKET.to_string(),
        };
        let updates = [update, treasury].map(|update| ExecuteMsg::UpdateParams { update });
        for msg in [add, close, send].into_iter().chain(updates) {
            let refused = desk.refused(|desk| desk.as_owner(&msg));
            assert!(
                matches!(refused, ContractError::Input(InputError::Address { .. })),
                "{msg:?}: {refused}"
            );
        }
    }
}

#[test]
fn a_misspelt_field_and_garbage_in_a_hook_are_errors() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    let vault = desk.w.vault.clone();
    for text in [
        r#"{"deposit":{"min_share":"5"}}"#,
        r#"{"withdrawal":{}}"#,
        r#"{"unbond":{"shares":5}}"#,
    ] {
        let msg: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(desk.w.execute(&alice, &vault, &msg, &[]).is_err(), "{text}");
    }

    let mut desk = Desk::cw20();
    let alice = desk.staker("alice");
    let token: Addr = Addr::unchecked(desk.asset_name());
    let send = cw20::Cw20ExecuteMsg::Send {
        contract: desk.w.vault.to_string(),
        amount: 5u128.into(),
        msg: garbage(),
    };
    let refused = desk.refused(|desk| desk.w.execute(&alice, &token, &send, &[]));
    assert!(matches!(refused, ContractError::Std(_)), "{refused}");
}
