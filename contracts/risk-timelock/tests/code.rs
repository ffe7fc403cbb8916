//! New code, another admin: changes that wait like any other.

use crate::support::{Suite, WAIT, void_for};
use backstop_testing::cause;
use backstop_types::timelock::{
    Change, Class, Contract, ContractName, ExecuteMsg, MigrateMsg, QueryMsg, Status, VoidReason,
};
use backstop_types::{Patch, Seconds, vault};
use cosmwasm_std::{Addr, Binary, Empty, WasmMsg, to_json_binary};
use cw_multi_test::{Contract as Code, ContractWrapper};
use risk_timelock::ContractError;

fn contracts() -> [(ContractName, Contract); 4] {
    [
        (ContractName::Vault, Contract::Vault {}),
        (ContractName::Distributor, Contract::Distributor {}),
        (ContractName::Breaker, Contract::Breaker { contract: None }),
        (ContractName::Timelock, Contract::Timelock {}),
    ]
}

/// The same code under another number.
fn again(suite: &mut Suite, contract: ContractName) -> u64 {
    let codes = suite.w.codes;
    let code = match contract {
        ContractName::Vault => codes.vault,
        ContractName::Distributor => codes.distributor,
        ContractName::Breaker => codes.breaker,
        ContractName::Timelock => codes.timelock,
    };
    suite.w.app.duplicate_code(code).unwrap()
}

fn code(contract: Contract, code_id: u64) -> Change {
    let msg = to_json_binary(&MigrateMsg {}).unwrap();
    Change::Code {
        contract,
        code_id,
        msg,
    }
}

fn code_of(suite: &Suite, contract: ContractName) -> u64 {
    let rows = suite.custody().contracts;
    rows.into_iter()
        .find(|row| row.contract == contract)
        .unwrap()
        .code_id
}

#[test]
fn each_contract_is_migrated_through_the_queue_and_the_timelock_itself_too() {
    let mut suite = Suite::new();
    for (name, contract) in contracts() {
        let code_id = again(&mut suite, name);
        let change = code(contract, code_id);
        assert_eq!(suite.what_if(change.clone()).class, Class::Waits);
        let number = suite.submit(change);
        assert_ne!(code_of(&suite, name), code_id);
        suite.w.advance(WAIT);
        suite.apply(number);
        assert_eq!(code_of(&suite, name), code_id);
        assert!(suite.custody().complete);
    }
    // The queue goes on under the new code.
    let number = suite.submit(suite.limit_to(u128::MAX));
    assert_eq!(number, 5);
    assert_eq!(suite.pending(), [5]);
}

#[test]
fn of_two_migrations_that_wait_the_second_is_void() {
    let mut suite = Suite::new();
    let first = again(&mut suite, ContractName::Vault);
    let second = again(&mut suite, ContractName::Vault);
    let first = suite.submit(code(Contract::Vault {}, first));
    let second = suite.submit(code(Contract::Vault {}, second));
    suite.w.advance(WAIT);
    suite.apply(second);
    let expected = Some(VoidReason::Overtaken);
    assert_eq!(void_for(&suite.status(first)), expected);
}

#[test]
fn of_two_migrations_to_the_code_that_runs_the_second_is_void() {
    let mut suite = Suite::new();
    let same = suite.w.codes.vault;
    let first = suite.submit(code(Contract::Vault {}, same));
    let second = suite.submit(code(Contract::Vault {}, same));
    suite.w.advance(WAIT);
    suite.apply(second);
    let expected = Some(VoidReason::Overtaken);
    assert_eq!(void_for(&suite.status(first)), expected);
}

#[test]
fn a_migration_that_fails_stays_queued_and_an_unknown_code_is_refused() {
    let mut suite = Suite::new();
    let another = code(Contract::Vault {}, suite.w.codes.breaker);
    let number = suite.submit(another);
    suite.w.advance(WAIT);
    assert!(suite.try_apply(number).is_err());
    assert_eq!(suite.status(number), Status::Pending {});
    assert!(suite.try_submit(code(Contract::Vault {}, 99)).is_err());
}

#[test]
fn another_admin_waits_and_so_does_none() {
    let mut suite = Suite::new();
    let new = suite.w.addr("new admin");
    let admin = |contract: Contract, to: Option<&Addr>| Change::Admin {
        contract,
        admin: to.map_or(Patch::Remove {}, |to| Patch::Set(to.to_string())),
    };
    let away = suite.submit(admin(Contract::Timelock {}, Some(&new)));
    let none = suite.submit(admin(Contract::Vault {}, None));
    assert!(suite.custody().complete);
    suite.w.advance(WAIT);
    suite.apply(away);
    suite.apply(none);
    let admins: Vec<_> = suite
        .custody()
        .contracts
        .into_iter()
        .map(|row| row.admin)
        .collect();
    let timelock = Some(suite.timelock.clone());
    assert_eq!(admins, [None, timelock.clone(), timelock, Some(new.clone())]);
    // It can migrate now without any wait, which custody shows.
    assert!(!suite.custody().complete);
    let migrate = WasmMsg::Migrate {
        contract_addr: suite.timelock.to_string(),
        new_code_id: suite.w.codes.timelock,
        msg: b"{}".into(),
    };
    suite.w.send(&new, migrate.into()).unwrap();
}

#[test]
fn the_timelocks_own_migration_takes_no_other_contract_and_no_downgrade() {
    let mut suite = Suite::new();
    let number = suite.submit(code(Contract::Vault {}, suite.w.codes.timelock));
    suite.w.advance(WAIT);
    let refused: ContractError = cause(suite.try_apply(number).unwrap_err());
    assert!(
        refused
            .to_string()
            .contains("cannot migrate from crates.io:backstop-vault"),
        "{refused}"
    );
}

/// A vault of a later version, which tells a parameter more and asks nobody.
mod later {
    use super::*;
    use backstop_types::vault::{ExecuteMsg, QueryMsg};
    use cosmwasm_std::{Deps, DepsMut, Env, MessageInfo, Response, StdResult};

    fn with_more(answer: Binary) -> Binary {
        let text = String::from_utf8(answer.to_vec()).unwrap();
        let text = text.replacen(r#""params":{"#, r#""params":{"proof_age":{"most":[7]},"#, 1);
        text.replacen(r#""premium":{"#, r#""premium":{"steps":3,"#, 1)
            .into_bytes()
            .into()
    }

    pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
        Ok(with_more(
            backstop_vault::contract::query(deps, env, msg).unwrap(),
        ))
    }

    pub fn execute(
        deps: DepsMut,
        env: Env,
        info: MessageInfo,
        msg: ExecuteMsg,
    ) -> Result<Response, backstop_vault::ContractError> {
        backstop_vault::contract::execute(deps, env, info, msg)
    }

    pub fn migrate(_: DepsMut, _: Env, _: vault::MigrateMsg) -> StdResult<Response> {
        Ok(Response::new())
    }
}

fn later() -> Box<dyn Code<Empty>> {
    Box::new(
        ContractWrapper::new(
            later::execute,
            backstop_vault::contract::instantiate,
            later::query,
        )
        .with_reply(backstop_vault::contract::reply)
        .with_migrate(later::migrate),
    )
}

#[test]
fn a_vault_of_a_later_version_is_still_read_braked_and_migrated() {
    let mut suite = Suite::of(backstop_testing::World::builder().unwatched());
    let code_id = suite.w.app.store_code(later());
    let number = suite.submit(code(Contract::Vault {}, code_id));
    suite.w.advance(WAIT);
    suite.apply(number);
    let text: serde_json::Value = suite
        .w
        .query(&suite.w.vault, &vault::QueryMsg::Config {})
        .unwrap();
    assert_eq!(
        text["params"]["proof_age"]["most"][0], 7,
        "the later vault tells more"
    );

    let base = crate::support::params(|it| {
        it.premium = Some(vault::PremiumCurveUpdate {
            base: Some(backstop_types::Bps(150)),
            ..Default::default()
        });
    });
    let shown = suite.what_if(base.clone());
    assert_eq!(shown.fields[0].from.as_deref(), Some("100"));
    suite.submit(base);
    let number = suite.submit(crate::support::params(|it| {
        it.pool_fraction = Some(cosmwasm_std::Decimal::percent(60));
    }));
    suite.w.advance(WAIT);
    suite.apply(number);
    assert!(suite.custody().complete);
    let dao = suite.dao.clone();
    let back = code(Contract::Vault {}, suite.w.codes.vault);
    suite
        .send(
            &dao,
            &ExecuteMsg::Submit {
                change: back,
                expect: None,
            },
        )
        .unwrap();
    let _: serde_json::Value = suite.query(&QueryMsg::Config {});
}

/// A vault that tells nobody anything.
mod silent {
    use super::*;
    use backstop_types::vault::QueryMsg;
    use cosmwasm_std::{Deps, Env, StdError, StdResult};

    pub fn query(_: Deps, _: Env, _: QueryMsg) -> StdResult<Binary> {
        Err(StdError::generic_err("broken"))
    }
}

#[test]
fn a_vault_that_no_longer_answers_is_braked_and_migrated_by_what_it_told_last() {
    let mut suite = Suite::of(backstop_testing::World::builder().unwatched());
    let broken = ContractWrapper::new(
        later::execute,
        backstop_vault::contract::instantiate,
        silent::query,
    )
    .with_reply(backstop_vault::contract::reply)
    .with_migrate(later::migrate);
    let code_id = suite.w.app.store_code(Box::new(broken));
    // The pace changes with the same blow.
    let longer = suite.submit(crate::support::params(|it| {
        it.unbonding_period = Some(Seconds::days(30));
    }));
    suite.w.advance(WAIT);
    suite.apply(longer);
    let number = suite.submit(code(Contract::Vault {}, code_id));
    suite.w.advance(Seconds::days(33));
    suite.apply(number);
    assert!(
        suite
            .w
            .query::<Empty>(&suite.w.vault, &vault::QueryMsg::Config {})
            .is_err()
    );

    let close = suite.close_policy();
    suite.submit(close);
    let refused: ContractError = cause(
        suite
            .try_submit(crate::support::params(|it| it.notice = Some(Seconds::days(9))))
            .unwrap_err(),
    );
    assert_eq!(refused, ContractError::VaultSilent);
    let number = suite.submit(code(Contract::Vault {}, suite.w.codes.vault));
    let due = suite.change(number).record.wait.unwrap().due;
    assert_eq!(due, Seconds::days(33).after(suite.now()));
    suite.w.advance(Seconds::days(33));
    suite.apply(number);
    assert!(suite.policy().closed_at.is_some());
    assert!(suite.custody().complete);
}

#[test]
fn what_the_vault_told_last_is_what_the_last_change_made_of_it() {
    let mut suite = Suite::of(backstop_testing::World::builder().unwatched());
    let broken = ContractWrapper::new(
        later::execute,
        backstop_vault::contract::instantiate,
        silent::query,
    )
    .with_migrate(later::migrate);
    let code_id = suite.w.app.store_code(Box::new(broken));
    suite.submit(crate::support::params(|it| it.notice = Some(Seconds::days(4))));
    // The chain's own governance, which asks no timelock.
    let migrate = WasmMsg::Migrate {
        contract_addr: suite.w.vault.to_string(),
        new_code_id: code_id,
        msg: to_json_binary(&MigrateMsg {}).unwrap(),
    };
    let gov = suite.timelock.clone();
    suite.w.send(&gov, migrate.into()).unwrap();
    let number = suite.submit(code(Contract::Vault {}, suite.w.codes.vault));
    let due = suite.change(number).record.wait.unwrap().due;
    assert_eq!(due, Seconds::days(25).after(suite.now()));
}
