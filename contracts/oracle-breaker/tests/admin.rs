//! Who owns the breaker, who is its guardian, and its migration.

use crate::support::*;
use backstop_types::Patch;
use backstop_types::breaker::{ExecuteMsg, MigrateMsg, QueryMsg};
use cosmwasm_std::Addr;
use cw_multi_test::Executor;
use oracle_breaker::ContractError;

#[test]
fn another_guardian_is_named_or_none() {
    let mut setup = Setup::at("4.06");
    let (owner, alice) = (setup.owner.clone(), setup.alice.clone());
    let trip = ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "halt".into(),
    };
    let name = |guardian: Option<&Addr>| ExecuteMsg::SetGuardian {
        guardian: guardian.map_or(Patch::Remove {}, |it| Patch::Set(it.to_string())),
    };
    setup.send(&owner, &name(Some(&alice))).unwrap();
    let old = setup.guardian.clone();
    assert_eq!(setup.refused(&old, &trip), unauthorized(&old, "the guardian"));
    setup.send(&owner, &name(None)).unwrap();
    assert_eq!(setup.refused(&alice, &trip), unauthorized(&alice, "the guardian"));
    let upper = ExecuteMsg::SetGuardian {
        guardian: Patch::Set(alice.to_string().to_uppercase()),
    };
    assert!(
        setup
            .refused(&owner, &upper)
            .to_string()
            .starts_with("guardian is")
    );
}

#[test]
fn ownership_changes_hands_in_two_steps() {
    use cw_ownable::{Action as Step, Ownership};
    let mut setup = Setup::new();
    let (owner, alice) = (setup.owner.clone(), setup.alice.clone());
    let transfer = Step::TransferOwnership {
        new_owner: alice.to_string(),
        expiry: None,
    };
    setup
        .send(&owner, &ExecuteMsg::UpdateOwnership(transfer))
        .unwrap();
    let current = |setup: &Setup| {
        setup
            .query::<Ownership<Addr>>(&QueryMsg::Ownership {})
            .unwrap()
            .owner
    };
    assert_eq!(current(&setup), Some(owner.clone()));
    setup
        .send(&alice, &ExecuteMsg::UpdateOwnership(Step::AcceptOwnership))
        .unwrap();
    assert_eq!(current(&setup), Some(alice));
    let refused = setup.refused(
        &owner,
        &ExecuteMsg::SetGuardian {
            guardian: Patch::Remove {},
        },
    );
    assert!(matches!(refused, ContractError::Ownership(_)));
}

#[test]
fn a_migration_to_the_same_version_keeps_everything_and_only_the_admin_may() {
    let mut setup = Setup::at("4.06");
    let before = setup.record();
    let (code, breaker) = (setup.code, setup.breaker.clone());
    let alice = setup.alice.clone();
    assert!(
        setup
            .app
            .migrate_contract(alice, breaker.clone(), &MigrateMsg {}, code)
            .is_err()
    );
    setup
        .app
        .migrate_contract(setup.owner.clone(), breaker, &MigrateMsg {}, code)
        .unwrap();
    assert_eq!(setup.record(), before);
}
