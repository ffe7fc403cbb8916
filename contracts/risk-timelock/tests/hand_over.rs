//! From a DAO that owns the contracts to one that owns their timelock.

use crate::support::{Suite, WAIT};
use backstop_testing::{World, cause};
use backstop_types::timelock::{
    Change, Contract, ContractName, ExecuteMsg, InstantiateMsg, QueryMsg, RiskTimelock, Status, VaultChange,
};
use backstop_types::vault::ParamsUpdate;
use backstop_types::{Patch, Seconds, breaker, distributor, vault};
use cosmwasm_std::{Addr, WasmMsg};
use cw_ownable::{Action, Ownership, OwnershipError};
use risk_timelock::ContractError;

#[test]
fn after_the_hand_over_the_timelock_owns_and_administers_everything_and_says_so() {
    let suite = Suite::new();
    let custody = suite.custody();
    assert!(custody.complete);
    let names: Vec<_> = custody.contracts.iter().map(|row| row.contract).collect();
    use ContractName::{Breaker, Distributor, Timelock, Vault};
    assert_eq!(names, [Vault, Distributor, Breaker, Timelock]);
    for row in &custody.contracts {
        assert_eq!(row.admin.as_ref(), Some(&suite.timelock), "{row:?}");
        assert!(row.administered && row.checksum.len() == 64, "{row:?}");
        let itself = row.contract == Timelock;
        let owner = if itself { &suite.dao } else { &suite.timelock };
        assert_eq!((row.owned, row.owner.as_deref()), (!itself, Some(owner.as_str())));
    }
    let helper = RiskTimelock(suite.timelock.clone());
    assert_eq!(helper.custody(&suite.w.querier()).unwrap(), custody);
}

#[test]
fn before_each_step_of_the_hand_over_custody_is_not_complete() {
    let mut w = World::builder().build();
    let timelock = w.timelock();
    let complete = |w: &World| {
        let helper = RiskTimelock(timelock.clone());
        helper.custody(&w.querier()).unwrap().complete
    };
    assert!(!complete(&w));
    let (dao, offer) = (
        w.owner.clone(),
        Action::TransferOwnership {
            new_owner: timelock.to_string(),
            expiry: None,
        },
    );
    for contract in [w.vault.clone(), w.distributor.clone(), w.breaker.clone()] {
        // All three have the message.
        let msg = vault::ExecuteMsg::UpdateOwnership(offer.clone());
        w.execute(&dao, &contract, &msg, &[]).unwrap();
    }
    let anyone = w.addr("anyone");
    let admin = |w: &mut World, contract: Addr, admin: &Addr| {
        let msg = WasmMsg::UpdateAdmin {
            contract_addr: contract.into_string(),
            admin: admin.to_string(),
        };
        w.send(&dao, msg.into()).unwrap();
    };
    for contract in [w.vault.clone(), w.distributor.clone(), w.breaker.clone()] {
        admin(&mut w, contract, &timelock);
    }
    for contract in [
        Contract::Vault {},
        Contract::Distributor {},
        Contract::Breaker { contract: None },
    ] {
        assert!(!complete(&w));
        let accept = ExecuteMsg::AcceptOwnership { contract };
        w.execute(&anyone, &timelock, &accept, &[]).unwrap();
    }
    assert!(!complete(&w), "the DAO can still migrate the timelock");
    admin(&mut w, timelock.clone(), &timelock);
    assert!(complete(&w));
}

#[test]
fn the_dao_itself_is_refused_by_the_three_contracts() {
    let mut suite = Suite::new();
    let dao = suite.dao.clone();
    let contracts = [
        suite.w.vault.clone(),
        suite.w.distributor.clone(),
        suite.w.breaker.clone(),
    ];
    let [vault, distributor, breaker] = contracts;
    let update = ParamsUpdate {
        notice: Some(Seconds::days(4)),
        ..Default::default()
    };
    let tightening = vault::ExecuteMsg::UpdateParams { update };
    let refused = suite.w.execute(&dao, &vault, &tightening, &[]).unwrap_err();
    let not_owner = OwnershipError::NotOwner;
    assert_eq!(cause::<backstop_vault::ContractError>(refused), not_owner.into());
    let delist = distributor::ExecuteMsg::DelistDenom {
        denom: suite.w.asset.clone().into(),
    };
    let refused = suite.w.execute(&dao, &distributor, &delist, &[]).unwrap_err();
    assert_eq!(
        cause::<reward_distributor::ContractError>(refused),
        OwnershipError::NotOwner.into()
    );
    let guardian = breaker::ExecuteMsg::SetGuardian {
        guardian: Patch::Remove {},
    };
    let refused = suite.w.execute(&dao, &breaker, &guardian, &[]).unwrap_err();
    assert_eq!(
        cause::<oracle_breaker::ContractError>(refused),
        OwnershipError::NotOwner.into()
    );
    // Nor can it put new code in.
    let code_ids = [
        suite.w.codes.vault,
        suite.w.codes.distributor,
        suite.w.codes.breaker,
        suite.w.codes.timelock,
    ];
    for (contract, new_code_id) in [vault, distributor, breaker, suite.timelock.clone()]
        .into_iter()
        .zip(code_ids)
    {
        let migrate = WasmMsg::Migrate {
            contract_addr: contract.into_string(),
            new_code_id,
            msg: b"{}".into(),
        };
        assert!(suite.w.send(&dao, migrate.into()).is_err());
    }
}

#[test]
fn who_was_not_offered_a_contract_cannot_accept_it() {
    let mut suite = Suite::new();
    let anyone = suite.anyone.clone();
    for contract in [
        Contract::Vault {},
        Contract::Distributor {},
        Contract::Breaker { contract: None },
        Contract::Timelock {},
    ] {
        let accept = ExecuteMsg::AcceptOwnership { contract };
        assert!(suite.send(&anyone, &accept).is_err());
    }
    // The vault by the name of a breaker.
    let contract = Contract::Breaker {
        contract: Some(suite.w.vault.to_string()),
    };
    let refused = suite.refused(&anyone, &ExecuteMsg::AcceptOwnership { contract });
    assert!(refused.to_string().contains("must be a breaker"), "{refused}");
}

#[test]
fn the_timelock_passes_to_another_dao_after_a_wait_and_in_two_steps() {
    let mut suite = Suite::new();
    let (old, new) = (suite.dao.clone(), suite.w.addr("new dao"));
    let transfer = |to: &Addr| Change::TransferOwnership {
        contract: Contract::Timelock {},
        new_owner: to.to_string(),
        expiry: None,
    };
    let accept = ExecuteMsg::AcceptOwnership {
        contract: Contract::Timelock {},
    };
    let number = suite.submit(transfer(&new));
    let early = suite.refused(&new, &accept);
    assert_eq!(early, OwnershipError::TransferNotFound.into());
    suite.w.advance(WAIT);
    suite.apply(number);
    let owner = |suite: &Suite| suite.query::<Ownership<String>>(&QueryMsg::Ownership {}).owner;
    assert_eq!(owner(&suite), Some(old.to_string()));

    // Taken back at once, and offered again.
    suite.submit(transfer(&old));
    assert_eq!(
        suite.refused(&new, &accept),
        OwnershipError::NotPendingOwner.into()
    );
    let number = suite.submit(transfer(&new));
    suite.w.advance(WAIT);
    suite.apply(number);
    suite.send(&new, &accept).unwrap();
    assert_eq!(owner(&suite), Some(new.to_string()));
    let change = suite.limit_to(1);
    let refused = suite.refused(&old, &ExecuteMsg::Submit { change, expect: None });
    assert_eq!(refused, OwnershipError::NotOwner.into());
}

#[test]
fn a_contract_leaves_its_timelock_after_a_wait_or_has_no_owner_at_all() {
    let mut suite = Suite::new();
    let new = suite.w.addr("new owner");
    let vault = suite.w.vault.clone();
    let away = Change::TransferOwnership {
        contract: Contract::Vault {},
        new_owner: new.to_string(),
        expiry: None,
    };
    let number = suite.submit(away);
    let renounce = Change::RenounceOwnership {
        contract: Contract::Breaker { contract: None },
    };
    let other = suite.submit(renounce);
    suite.w.advance(WAIT);
    suite.apply(number);
    assert!(!suite.custody().complete);
    let accept = vault::ExecuteMsg::UpdateOwnership(Action::AcceptOwnership);
    suite.w.execute(&new, &vault, &accept, &[]).unwrap();
    suite.apply(other);
    let owners: Vec<_> = suite
        .custody()
        .contracts
        .into_iter()
        .map(|row| row.owner)
        .collect();
    let timelock = Some(suite.timelock.to_string());
    let dao = Some(suite.dao.to_string());
    assert_eq!(owners, [Some(new.to_string()), timelock, None, dao]);
    // What it no longer owns refuses it.
    let close = suite.close_policy();
    let refused = suite.try_submit(close).unwrap_err();
    assert_eq!(
        cause::<backstop_vault::ContractError>(refused),
        OwnershipError::NotOwner.into()
    );
}

#[test]
fn a_timelock_is_set_up_only_for_a_vault_that_answers() {
    let mut w = World::builder().build();
    let (owner, code) = (w.owner.to_string(), w.codes.timelock);
    for (owner, vault, field) in [
        (owner.clone(), w.breaker.to_string(), "vault"),
        (owner.clone(), w.addr("nobody").to_string(), "vault"),
        (owner.clone(), w.vault.to_string().to_uppercase(), "vault"),
        ("?".to_string(), w.vault.to_string(), "owner"),
    ] {
        let msg = InstantiateMsg { owner, vault };
        let refused: ContractError = cause(w.instantiate(code, &msg, "timelock").unwrap_err());
        assert!(
            refused.to_string().starts_with(&format!("{field} is ")),
            "{refused}"
        );
    }
}

#[test]
fn a_vault_without_a_distributor_is_given_one_at_once() {
    let mut suite = Suite::new();
    // It has one: the vault refuses, and so the whole submission fails.
    let change = Change::Vault(VaultChange::SetDistributor {
        distributor: suite.w.distributor.to_string(),
    });
    let refused = suite.try_submit(change).unwrap_err();
    assert!(matches!(
        cause::<backstop_vault::ContractError>(refused),
        backstop_vault::ContractError::DistributorSet { .. }
    ));
    assert!(suite.history().is_empty());
}

/// A transfer that is taken back leaves the owner pending to itself, which whoever
/// accepts it ends: the owner stays, and so does what waits.
#[test]
fn nobody_voids_a_change_of_owner_by_accepting_what_was_taken_back() {
    let mut suite = Suite::new();
    let (new, timelock) = (suite.w.addr("new owner"), suite.timelock.clone());
    let transfer = |to: &Addr| Change::TransferOwnership {
        contract: Contract::Vault {},
        new_owner: to.to_string(),
        expiry: None,
    };
    let first = suite.submit(transfer(&new));
    suite.w.advance(WAIT);
    suite.apply(first);
    suite.submit(transfer(&timelock));
    let second = suite.submit(transfer(&new));
    suite.w.advance(WAIT);
    let anyone = suite.anyone.clone();
    let accept = ExecuteMsg::AcceptOwnership {
        contract: Contract::Vault {},
    };
    suite.send(&anyone, &accept).unwrap();
    suite.apply(second);
    assert_eq!(suite.status(second), Status::Applied { at: suite.now() });
}
