//! Instantiation, parameters, ownership, migration.

use crate::support::{ONE, both, message, plain, refusal, update_params};
use backstop_types::{Assets, Bps, InputError, UncheckedDenom};
use cw_multi_test::Executor;
use sample_perps::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use sample_perps::state::Config;
use sample_perps::{ContractError, Params};

fn setup_of(x: &crate::support::Exchange) -> InstantiateMsg {
    InstantiateMsg {
        owner: x.w.owner.to_string(),
        asset: x.w.asset.clone().into(),
        vault: x.w.vault.to_string(),
        breaker: x.w.breaker.to_string(),
        market: x.w.market.clone(),
        params: Params::default(),
    }
}

#[test]
fn it_is_set_up_only_for_the_vaults_asset_and_with_sound_values() {
    type Change = fn(&mut InstantiateMsg);
    let bad: [(&str, Change); 9] = [
        ("the vault's is", |m| {
            m.asset = UncheckedDenom::Native("uother".to_string())
        }),
        ("asset is", |m| m.asset = UncheckedDenom::Native("1".to_string())),
        ("asset is", |m| m.asset = UncheckedDenom::Cw20(m.breaker.clone())),
        ("owner is", |m| m.owner = m.owner.to_uppercase()),
        ("vault is", |m| m.vault = "nowhere".to_string()),
        ("breaker is", |m| m.breaker = String::new()),
        ("market is", |m| m.market = "A".repeat(33)),
        ("depth is", |m| m.params.depth = Assets::ZERO),
        // A contract that is no vault.
        ("", |m| m.vault = m.breaker.clone()),
    ];
    both(plain, |x| {
        for (expected, change) in bad {
            let mut msg = setup_of(x);
            change(&mut msg);
            let refused = x.w.instantiate(x.w.codes.perps, &msg, "bad").unwrap_err();
            let text = format!("{:#}", refused);
            assert!(text.contains(expected), "{expected}: {text}");
        }
        let msg = setup_of(x);
        x.w.instantiate(x.w.codes.perps, &msg, "good").unwrap();
    });
}

#[test]
fn only_the_owner_sets_parameters_and_only_within_their_bounds() {
    both(plain, |x| {
        let params = Params {
            keeper_fee: Bps(20),
            ..Params::default()
        };
        let refused = refusal(x.run("mallory", update_params(params)));
        assert_eq!(
            refused,
            ContractError::Ownership(cw_ownable::OwnershipError::NotOwner)
        );
        let (owner, perps) = (x.w.owner.clone(), x.w.perps.clone());
        x.w.execute(&owner, &perps, &update_params(params), &[]).unwrap();
        let config: Config = x.ask(QueryMsg::Config {});
        assert_eq!(config.params, params);
        let params = Params {
            keeper_fee: Bps(101),
            ..params
        };
        let refused = refusal(x.w.execute(&owner, &perps, &update_params(params), &[]));
        assert_eq!(
            refused,
            ContractError::Input(InputError::bounds("keeper_fee", 101, "from 1 to 100"))
        );
    });
}

#[test]
fn ownership_moves_in_two_steps() {
    both(plain, |x| {
        let heir = x.w.addr("heir");
        let (owner, perps) = (x.w.owner.clone(), x.w.perps.clone());
        let transfer = ExecuteMsg::UpdateOwnership(cw_ownable::Action::TransferOwnership {
            new_owner: heir.to_string(),
            expiry: None,
        });
        let refused = message(x.run("mallory", transfer.clone()));
        assert!(refused.contains("not the contract's current owner"), "{refused}");
        x.w.execute(&owner, &perps, &transfer, &[]).unwrap();
        let accept = ExecuteMsg::UpdateOwnership(cw_ownable::Action::AcceptOwnership);
        let refused = message(x.run("mallory", accept.clone()));
        assert!(refused.contains("pending owner"), "{refused}");
        x.run("heir", accept).unwrap();
        let ownership: cw_ownable::Ownership<String> = x.ask(QueryMsg::Ownership {});
        assert_eq!(ownership.owner, Some(heir.to_string()));
    });
}

#[test]
fn it_migrates_to_itself_and_to_nothing_else() {
    both(plain, |x| {
        let (owner, perps) = (x.w.owner.clone(), x.w.perps.clone());
        let code = x.w.codes.perps;
        let before = x.snapshot();
        x.w.app
            .migrate_contract(owner.clone(), perps, &MigrateMsg {}, code)
            .unwrap();
        assert_eq!(x.snapshot(), before);
        let breaker = x.w.breaker.clone();
        let refused =
            x.w.app
                .migrate_contract(owner, breaker, &MigrateMsg {}, code)
                .unwrap_err();
        let refused: ContractError = backstop_testing::cause(refused);
        assert!(matches!(refused, ContractError::Std(_)), "{refused}");
    });
}

#[test]
fn a_newer_version_is_not_migrated_down() {
    let mut deps = cosmwasm_std::testing::mock_dependencies();
    for newer in ["99.0.0", "nonsense"] {
        cw2::set_contract_version(&mut deps.storage, "crates.io:sample-perps", newer).unwrap();
        let env = cosmwasm_std::testing::mock_env();
        let refused = sample_perps::contract::migrate(deps.as_mut(), env, MigrateMsg {}).unwrap_err();
        assert!(matches!(refused, ContractError::Std(_)), "{refused}");
    }
}

#[test]
fn gifts_to_the_insurance_fund_are_counted() {
    both(plain, |x| {
        x.fund_insurance(5 * ONE);
        let pool = x.pool();
        assert_eq!(pool.ledger.insurance, Assets::new(5 * ONE));
        assert_eq!(pool.balance, pool.counted.0);
    });
}
