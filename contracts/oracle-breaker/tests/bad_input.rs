//! Every message from every role, and with coins: a typed error each, and
//! nothing changed.

use crate::support::*;
use backstop_types::Patch;
use backstop_types::breaker::{ExecuteMsg, InstantiateMsg, MarketsResponse, QueryMsg};
use cosmwasm_std::{Addr, coin};
use cw_multi_test::{AppBuilder, Executor, IntoAddr};
use oracle_breaker::ContractError;

/// The four who may do more than anyone.
const ROLES: [&str; 4] = ["owner", "guardian", "reporter", "anyone"];

/// Each message with the roles that may send it.
fn messages(setup: &Setup) -> Vec<(ExecuteMsg, &'static [&'static str])> {
    let market = || MARKET.to_string();
    let transfer = cw_ownable::Action::TransferOwnership {
        new_owner: setup.alice.to_string(),
        expiry: None,
    };
    vec![
        (
            ExecuteMsg::Poke {
                markets: vec![market()],
                action: None,
            },
            &ROLES,
        ),
        (
            ExecuteMsg::Report {
                reports: vec![report("4.06", setup.now())],
            },
            &["reporter"],
        ),
        (
            ExecuteMsg::AddMarket {
                market: "NEW".into(),
                config: setup.config(),
            },
            &["owner"],
        ),
        (update_market(&market(), setup.config()), &["owner"]),
        (
            ExecuteMsg::RemoveSource {
                market: market(),
                source: "pyth".into(),
            },
            &["owner"],
        ),
        (
            ExecuteMsg::Trip {
                market: market(),
                reason: "why".into(),
            },
            &["guardian"],
        ),
        (
            ExecuteMsg::Reseed {
                market: market(),
                trip: 1,
            },
            &["owner"],
        ),
        (
            ExecuteMsg::SetGuardian {
                guardian: Patch::Remove {},
            },
            &["owner"],
        ),
        (ExecuteMsg::UpdateOwnership(transfer), &["owner"]),
    ]
}

/// A market in a trip, in which every message has something to do.
fn tripped() -> Setup {
    let mut setup = Setup::at("4.06");
    setup.later(60, "2");
    setup.advance(backstop_types::Seconds(6));
    setup
}

fn account(setup: &Setup, role: &str) -> Addr {
    match role {
        "owner" => setup.owner.clone(),
        "guardian" => setup.guardian.clone(),
        "reporter" => setup.reporters[0].clone(),
        _ => setup.alice.clone(),
    }
}

fn everything(setup: &Setup) -> MarketsResponse {
    setup
        .query(&QueryMsg::Markets {
            start_after: None,
            limit: Some(30),
        })
        .unwrap()
}

#[test]
fn each_message_is_for_its_roles_only_and_a_refusal_changes_nothing() {
    for i in 0..messages(&tripped()).len() {
        for role in ROLES {
            let mut setup = tripped();
            let (msg, roles) = messages(&setup).swap_remove(i);
            let before = everything(&setup);
            let result = setup.send(&account(&setup, role), &msg);
            if roles.contains(&role) {
                result.unwrap_or_else(|error| panic!("{role} {msg:?}: {error}"));
                continue;
            }
            let refused = refusal(result);
            let typed = matches!(
                refused,
                ContractError::Ownership(_) | ContractError::Unauthorized(_)
            );
            assert!(typed, "{role} {msg:?}: {refused}");
            assert_eq!(everything(&setup), before);
        }
    }
}

#[test]
fn no_message_takes_coins() {
    let mut setup = tripped();
    let rich = "rich".into_addr();
    let coins = [coin(1, "uusd")];
    setup.app.init_modules(|router, _, storage| {
        router.bank.init_balance(storage, &rich, coins.to_vec()).unwrap();
    });
    for (msg, _) in messages(&setup) {
        let refused = refusal(setup.send_with(&rich, &msg, &coins));
        assert!(refused.to_string().starts_with("funds"), "{msg:?}: {refused}");
    }
}

#[test]
fn a_misspelt_field_is_refused() {
    let mut setup = tripped();
    let msg = serde_like(r#"{"poke":{"markets":["ATOM/USD"],"acton":"open"}}"#);
    let error = setup
        .app
        .execute(setup.alice.clone(), wasm(&setup, msg))
        .unwrap_err();
    assert!(format!("{error:?}").contains("unknown field"), "{error:?}");
}

fn serde_like(json: &str) -> cosmwasm_std::Binary {
    json.as_bytes().into()
}

fn wasm(setup: &Setup, msg: cosmwasm_std::Binary) -> cosmwasm_std::CosmosMsg {
    let contract_addr = setup.breaker.to_string();
    cosmwasm_std::WasmMsg::Execute {
        contract_addr,
        msg,
        funds: vec![],
    }
    .into()
}

#[test]
fn a_breaker_needs_good_addresses_and_no_coins() {
    let owner = "owner".into_addr();
    let coins = vec![coin(1, "uusd")];
    let mut app = AppBuilder::new().build(|router, _, storage| {
        router.bank.init_balance(storage, &owner, coins.clone()).unwrap();
    });
    use oracle_breaker::contract::{execute, instantiate, query};
    let code = app.store_code(Box::new(cw_multi_test::ContractWrapper::new(
        execute,
        instantiate,
        query,
    )));
    let msg = |owner: &str, guardian: Option<&str>| InstantiateMsg {
        owner: owner.to_string(),
        guardian: guardian.map(str::to_string),
    };
    let upper = owner.to_string().to_uppercase();
    let cases = [
        (msg("", None), vec![], "owner is"),
        (msg(&upper, None), vec![], "owner is"),
        (msg(owner.as_str(), Some("x")), vec![], "guardian is"),
        (msg(owner.as_str(), None), coins, "funds"),
    ];
    for (msg, funds, expected) in cases {
        let result = app.instantiate_contract(code, owner.clone(), &msg, &funds, "breaker", None);
        let refused: ContractError = result.unwrap_err().downcast().unwrap();
        assert!(refused.to_string().starts_with(expected), "{refused}");
    }
}
