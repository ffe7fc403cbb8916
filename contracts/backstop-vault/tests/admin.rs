//! Setting up, `UpdateParams`, `SetDistributor`, `UpdateOwnership`, the
//! guardian's `Pause` and `Resume`, and migration.

use crate::support::{Desk, MARKET, both_assets};
use backstop_testing::cause;
use backstop_types::vault::{
    Config, ExecuteMsg, InstantiateMsg, MigrateMsg, ParamsUpdate, Pausable, PolicyTerms, QueryMsg,
};
use backstop_types::{InputError, Patch, Seconds, Shares, UncheckedDenom};
use backstop_vault::ContractError;
use cosmwasm_std::{Decimal, from_json};
use cw_multi_test::Executor;

fn out_of_bounds(refused: &ContractError) -> bool {
    matches!(refused, ContractError::Input(InputError::OutOfBounds { .. }))
}

/// Changes to a good set-up, and whether the vault takes them.
#[test]
fn a_vault_is_set_up_within_its_bounds_only() {
    type Change = fn(&mut InstantiateMsg);
    let changes: Vec<(Change, bool)> = vec![
        (|_| {}, true),
        (|msg| msg.owner = msg.owner.to_uppercase(), false),
        (|msg| msg.owner = "nobody".to_string(), false),
        (|msg| msg.asset = UncheckedDenom::Native("x".to_string()), false),
        (|msg| msg.asset = UncheckedDenom::Native("a".repeat(129)), false),
        (
            |msg| msg.asset = UncheckedDenom::Cw20(msg.params.breaker.clone()),
            false,
        ),
        (|msg| msg.window = Seconds(3_599), false),
        (|msg| msg.window = Seconds::HOUR, true),
        (|msg| msg.window = Seconds::days(90), true),
        (|msg| msg.window = Seconds(90 * 86_400 + 1), false),
        (
            |msg| msg.params.breaker = msg.params.breaker.to_uppercase(),
            false,
        ),
        (|msg| msg.params.guardian = Some(String::new()), false),
        (|msg| msg.params.guardian = None, true),
        (|msg| msg.params.unbonding_period = Seconds(3_599), false),
        (
            |msg| msg.params.unbonding_period = Seconds(365 * 86_400 + 1),
            false,
        ),
        (|msg| msg.params.notice = Seconds(3 * 86_400 - 1), false),
        (|msg| msg.params.notice = Seconds(30 * 86_400 + 1), false),
        (|msg| msg.params.pool_fraction = Decimal::zero(), false),
        (|msg| msg.params.pool_fraction = Decimal::percent(90), true),
        (|msg| msg.params.pool_fraction = Decimal::permille(901), false),
        (|msg| msg.params.min_ticket = Shares::ZERO, false),
        (|msg| msg.params.max_tickets = 0, false),
        (|msg| msg.params.max_tickets = 100, true),
        (|msg| msg.params.max_tickets = 101, false),
        (|msg| msg.params.hook_gas = 1_299_999, false),
        (|msg| msg.params.poke_gas = 10_000_001, false),
    ];
    for mut desk in both_assets() {
        for (i, (change, taken)) in changes.iter().enumerate() {
            let mut msg = desk.setup();
            change(&mut msg);
            let result = desk.w.instantiate(desk.w.codes.vault, &msg, "another vault");
            assert_eq!(result.is_ok(), *taken, "change {i}: {result:?}");
            if let Err(error) = result {
                assert!(
                    matches!(cause::<ContractError>(error), ContractError::Input(_)),
                    "change {i}"
                );
            }
        }
    }
}

#[test]
fn absent_parameters_stay_and_bad_ones_change_nothing() {
    let mut desk = Desk::native();
    let before: Config = desk.query(&QueryMsg::Config {});
    desk.update(ParamsUpdate {
        max_tickets: Some(7),
        ..Default::default()
    })
    .unwrap();
    let mut expected = before.clone();
    expected.params.max_tickets = 7;
    assert_eq!(desk.query::<Config>(&QueryMsg::Config {}), expected);

    let bad = ParamsUpdate {
        max_tickets: Some(8),
        notice: Some(Seconds(0)),
        ..Default::default()
    };
    let refused = desk.refused(|desk| desk.update(bad.clone()));
    assert!(out_of_bounds(&refused), "{refused}");
}

#[test]
fn a_guardian_can_be_set_and_removed() {
    let mut desk = Desk::native();
    let bob = desk.staker("bob");
    let set = |update| ParamsUpdate {
        guardian: Some(update),
        ..Default::default()
    };
    desk.update(set(Patch::Set(bob.to_string()))).unwrap();
    let refused = desk.refused(|desk| desk.pause(Pausable::Payouts, Seconds(60)));
    assert!(
        matches!(&refused, ContractError::Unauthorized(refused) if refused.role == "the guardian"),
        "{refused}"
    );
    desk.update(set(Patch::Remove {})).unwrap();
    let pause = ExecuteMsg::Pause {
        what: Pausable::Payouts,
        duration: Seconds(60),
    };
    let refused = desk.refused(|desk| desk.execute(&bob, &pause, &[]));
    assert!(
        matches!(&refused, ContractError::Unauthorized(refused) if refused.role == "the guardian"),
        "{refused}"
    );
}

#[test]
fn a_raised_pool_fraction_does_not_refill_the_past() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    let fraction = |percent| ParamsUpdate {
        pool_fraction: Some(Decimal::percent(percent)),
        ..Default::default()
    };
    desk.update(fraction(7)).unwrap();
    desk.lose(700);
    desk.advance(Seconds::DAY);
    desk.update(fraction(70)).unwrap();
    // A day refilled a seventh of the old 7 %: 64 % of 9,300 are left.
    assert_eq!(desk.pool().room.u128(), 9_300 * 64 / 100);
}

#[test]
fn the_breaker_is_not_replaced_while_a_claim_waits() {
    let mut desk = Desk::covering(|terms| terms.instant = Default::default());
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let claim = desk.shortfall(300).claim.unwrap();
    let update = ParamsUpdate {
        breaker: Some(desk.w.breaker.to_string()),
        ..Default::default()
    };
    let refused = desk.refused(|desk| desk.update(update.clone()));
    assert_eq!(refused, ContractError::BreakerInUse { pending: 1 });
    desk.decline(claim).unwrap();
    desk.update(update).unwrap();
}

#[test]
fn the_distributor_is_set_once_and_must_serve_this_vault() {
    let mut desk = Desk::native();
    let distributor = desk.w.distributor.clone();
    let set = ExecuteMsg::SetDistributor {
        distributor: distributor.to_string(),
    };
    let refused = desk.refused(|desk| desk.as_owner(&set));
    assert_eq!(refused, ContractError::DistributorSet { distributor });

    // It serves the first vault, not this one; and the breaker serves none.
    let (owner, fresh) = (desk.w.owner.clone(), desk.another_vault());
    for distributor in [
        desk.w.distributor.to_string(),
        desk.w.breaker.to_string(),
        "nobody".to_string(),
    ] {
        let set = ExecuteMsg::SetDistributor { distributor };
        let error = desk
            .w
            .app
            .execute_contract(owner.clone(), fresh.clone(), &set, &[])
            .unwrap_err();
        assert!(matches!(cause::<ContractError>(error), ContractError::Input(_)));
    }
}

#[test]
fn a_pause_is_bounded_expires_and_rests() {
    let mut desk = Desk::native();
    for duration in [Seconds(0), Seconds(72 * 3_600 + 1)] {
        let refused = desk.refused(|desk| desk.pause(Pausable::Payouts, duration));
        assert!(out_of_bounds(&refused), "{refused}");
    }
    desk.pause(Pausable::Payouts, Seconds::hours(72)).unwrap();
    desk.advance(Seconds::hours(72));
    let refused = desk.refused(|desk| desk.pause(Pausable::Payouts, Seconds(60)));
    assert_eq!(
        refused,
        ContractError::PauseTooSoon {
            what: Pausable::Payouts,
            left: Seconds::days(14)
        }
    );
    desk.pause(Pausable::Deposits, Seconds(60)).unwrap();
    desk.advance(Seconds::days(14));
    desk.pause(Pausable::Payouts, Seconds(60)).unwrap();
}

#[test]
fn a_pause_can_end_early_and_rests_from_then() {
    let mut desk = Desk::native();
    let resume = ExecuteMsg::Resume {
        what: Pausable::Deposits,
        pause: 1,
    };
    let refused = desk.refused(|desk| desk.as_owner(&resume));
    assert_eq!(
        refused,
        ContractError::NotPaused {
            what: Pausable::Deposits
        }
    );
    desk.pause(Pausable::Deposits, Seconds::hours(72)).unwrap();
    desk.advance(Seconds::HOUR);
    desk.as_owner(&resume).unwrap();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 5).unwrap();
    desk.advance(Seconds(14 * 86_400 - 1));
    desk.refused(|desk| desk.pause(Pausable::Deposits, Seconds(60)));
    desk.advance(Seconds(1));
    desk.pause(Pausable::Deposits, Seconds(60)).unwrap();
    // A vote to end the first pause does not end the second.
    let refused = desk.refused(|desk| desk.as_owner(&resume));
    assert_eq!(
        refused.to_string(),
        "pause is 1: must be the pause that is in force, 2"
    );
}

#[test]
fn an_update_of_nothing_is_refused_and_null_keeps() {
    let mut desk = Desk::native();
    let (holder, market) = (desk.holder.to_string(), MARKET);
    let before: Config = desk.query(&QueryMsg::Config {});
    let change =
        format!(r#"{{"change_policy":{{"policyholder":"{holder}","market":"{market}","update":{{}}}}}}"#);
    for empty in [
        r#"{"update_params":{"update":{}}}"#,
        r#"{"update_params":{"update":{"guardian":null,"notice":null}}}"#,
        &change,
    ] {
        let message: ExecuteMsg = from_json(empty).unwrap();
        let refused = desk.refused(|desk| desk.as_owner(&message)).to_string();
        assert_eq!(refused, "update is empty: must be at least one field to change");
    }
    let message = r#"{"update_params":{"update":{"guardian":null,"max_tickets":7}}}"#;
    desk.as_owner(&from_json(message).unwrap()).unwrap();
    let after: Config = desk.query(&QueryMsg::Config {});
    assert_eq!(
        (after.params.guardian, after.params.max_tickets),
        (before.params.guardian, 7)
    );

    let terms = desk.policy().terms;
    let message = change.replace("{}", r#"{"delay":7200}"#);
    desk.as_owner(&from_json(message).unwrap()).unwrap();
    let delay = Seconds(7_200);
    assert_eq!(desk.policy().terms, PolicyTerms { delay, ..terms });
}

#[test]
fn exits_go_on_under_every_pause_trip_and_closed_policy() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.pause(Pausable::Deposits, Seconds::hours(72)).unwrap();
    desk.pause(Pausable::Payouts, Seconds::hours(72)).unwrap();
    desk.w.set_price("2");
    let holder = desk.holder.clone();
    desk.shortfall_at(300, Some("2"));
    desk.execute(
        &holder,
        &ExecuteMsg::ClosePolicy {
            policyholder: None,
            market: MARKET.to_string(),
        },
        &[],
    )
    .unwrap();
    desk.unbond(&alice, 1_000).unwrap();
    desk.advance(Seconds::days(21));
    let before = desk.balance(&alice);
    desk.withdraw(&alice, None).unwrap();
    assert_eq!(desk.balance(&alice) - before, 700);
}

#[test]
fn ownership_moves_in_two_steps() {
    let mut desk = Desk::native();
    let bob = desk.staker("bob");
    let transfer = ExecuteMsg::UpdateOwnership(cw_ownable::Action::TransferOwnership {
        new_owner: bob.to_string(),
        expiry: None,
    });
    let accept = ExecuteMsg::UpdateOwnership(cw_ownable::Action::AcceptOwnership);
    let refused = desk.refused(|desk| desk.execute(&bob, &transfer, &[]));
    assert!(matches!(refused, ContractError::Ownership(_)), "{refused}");
    desk.as_owner(&transfer).unwrap();
    let update = ExecuteMsg::UpdateParams {
        update: ParamsUpdate {
            max_tickets: Some(7),
            ..Default::default()
        },
    };
    let refused = desk.refused(|desk| desk.execute(&bob, &update, &[]));
    assert!(
        matches!(refused, ContractError::Ownership(_)),
        "not before it is accepted: {refused}"
    );
    desk.execute(&bob, &accept, &[]).unwrap();
    desk.execute(&bob, &update, &[]).unwrap();
    let refused = desk.refused(|desk| desk.as_owner(&update));
    assert!(matches!(refused, ContractError::Ownership(_)), "{refused}");
}

#[test]
fn a_migration_keeps_the_storage_and_refuses_other_contracts_and_downgrades() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let (owner, vault, code) = (desk.w.owner.clone(), desk.w.vault.clone(), desk.w.codes.vault);
    let before = desk.pool();
    for _ in 0..2 {
        desk.w
            .app
            .migrate_contract(owner.clone(), vault.clone(), &MigrateMsg {}, code)
            .unwrap();
    }
    assert_eq!(desk.pool(), before);

    // The breaker's storage is not a vault's.
    let breaker = desk.w.breaker.clone();
    let error = desk
        .w
        .app
        .migrate_contract(owner.clone(), breaker, &MigrateMsg {}, code)
        .unwrap_err();
    assert!(matches!(cause::<ContractError>(error), ContractError::Std(_)));

    for version in ["0.1.1", "99.0.0", "new"] {
        cw2::set_contract_version(
            &mut *desk.w.app.contract_storage_mut(&vault),
            backstop_vault::migrate::NAME,
            version,
        )
        .unwrap();
        let result = desk
            .w
            .app
            .migrate_contract(owner.clone(), vault.clone(), &MigrateMsg {}, code);
        assert!(
            matches!(cause::<ContractError>(result.unwrap_err()), ContractError::Std(_)),
            "{version}"
        );
    }
}
