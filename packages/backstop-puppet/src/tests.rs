//! The puppet in a simulator. What only a chain can show, gas and redacted errors, is
//! for tests on a chain.

use std::cell::Cell;

use backstop_types::events::common::Migrated;
use cosmwasm_std::testing::{MockApi, message_info, mock_dependencies, mock_env};
use cosmwasm_std::{Addr, BankMsg, Coin, Event, Order, Record, WasmMsg, from_json};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};

use super::*;

struct Stage {
    app: App,
    puppet: Addr,
    other: Addr,
    sender: Addr,
}

impl Stage {
    fn new() -> Self {
        let mut app = App::default();
        let sender = app.api().addr_make("sender");
        let puppet = ContractWrapper::new_with_empty(execute, instantiate, query).with_reply(reply);
        let code = app.store_code(Box::new(puppet));
        let mut puppet = |label: &str| {
            app.instantiate_contract(code, sender.clone(), &Empty {}, &[], label, None)
                .unwrap()
        };
        let (puppet, other) = (puppet("puppet"), puppet("other"));
        Self {
            app,
            puppet,
            other,
            sender,
        }
    }

    fn send(&mut self, contract: &Addr, msg: &str) -> AnyResult<AppResponse> {
        let msg = WasmMsg::Execute {
            contract_addr: contract.to_string(),
            msg: Binary::from(msg.as_bytes()),
            funds: vec![],
        };
        self.app.execute(self.sender.clone(), msg.into())
    }

    fn tell(&mut self, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let (sender, puppet) = (self.sender.clone(), self.puppet.clone());
        self.app.execute_contract(sender, puppet, msg, &[])
    }

    fn heard(&self) -> Vec<Heard> {
        self.app
            .wrap()
            .query_wasm_smart(&self.puppet, &QueryMsg::Heard {})
            .unwrap()
    }

    /// A message to the other puppet, and the puppet's query of it.
    fn to_other(&self, msg: &str) -> CosmosMsg {
        let msg = Binary::from(msg.as_bytes());
        let contract_addr = self.other.to_string();
        WasmMsg::Execute {
            contract_addr,
            msg,
            funds: vec![],
        }
        .into()
    }
}

fn text(error: cw_multi_test::error::AnyError) -> String {
    format!("{error:#}")
}

const FOREIGN: [&str; 5] = [
    r#"{"poke":{"markets":["ATOM/USD"],"action":null,"numbers":[-1,2,{}]}}"#,
    r#""get_valid_time_period""#,
    r#"{"set":{"guardian":"someone"}}"#,
    r#"{"emit":{"events":[]},"deep":{}}"#,
    "[]",
];

#[test]
fn what_is_foreign_is_refused_until_it_is_told_what_to_do() {
    let mut s = Stage::new();
    let puppet = s.puppet.clone();
    for msg in FOREIGN {
        let error = text(s.send(&puppet, msg).unwrap_err());
        assert!(error.contains("send `set` first"), "{msg}: {error}");
    }
}

#[test]
fn what_is_foreign_meets_what_was_told() {
    let mut s = Stage::new();
    let puppet = s.puppet.clone();
    let long = "no! ".repeat(2_000);
    let fail = format!(r#"{{"set":{{"answer":{{"fail":{{"text":"{long}"}}}}}}}}"#);
    s.send(&puppet, &fail).unwrap();
    for msg in FOREIGN {
        assert!(text(s.send(&puppet, msg).unwrap_err()).contains(&long), "{msg}");
    }
    s.send(&puppet, r#"{"set":{"answer":{"answer":{"data":"Nw=="}}}}"#)
        .unwrap();
    for msg in FOREIGN {
        let data = s.send(&puppet, msg).unwrap().data.unwrap();
        assert!(data.ends_with(b"7"), "{msg}");
    }
    s.send(&puppet, r#"{"set":{"answer":{"answer":{}}}}"#).unwrap();
    let data = s.send(&puppet, FOREIGN[0]).unwrap().data;
    assert!(data.is_none_or(|data| data.is_empty()));
}

#[test]
fn a_foreign_query_meets_what_was_told_of_queries() {
    let mut deps = mock_dependencies();
    let info = message_info(&MockApi::default().addr_make("sender"), &[]);
    instantiate(deps.as_mut(), mock_env(), info.clone(), Empty {}).unwrap();
    let ask = |deps: Deps| {
        query(
            deps,
            mock_env(),
            from_json(r#"{"verdict":{"market":"A"}}"#).unwrap(),
        )
    };
    assert!(ask(deps.as_ref()).is_err());
    for (told, expected) in [
        (r#"{"answer":{"data":"Nw=="}}"#, Some("7")),
        (r#"{"fail":{"text":"none"}}"#, None),
        (r#"{"answer":{}}"#, Some("")),
    ] {
        let set = format!(r#"{{"set":{{"query":{told}}}}}"#);
        execute(deps.as_mut(), mock_env(), info.clone(), from_json(set).unwrap()).unwrap();
        let found = ask(deps.as_ref()).ok();
        assert_eq!(
            found,
            expected.map(|text| Binary::from(text.as_bytes())),
            "{told}"
        );
    }
    // Messages were told nothing by that.
    let poke = from_json(FOREIGN[0]).unwrap();
    assert!(execute(deps.as_mut(), mock_env(), info, poke).is_err());
}

#[test]
fn what_is_put_into_storage_is_read_raw() {
    let mut s = Stage::new();
    let puppet = s.puppet.clone();
    s.send(
        &puppet,
        r#"{"set":{"storage":[{"key":"cG9vbA==","value":"e30="}]}}"#,
    )
    .unwrap();
    let found = s.app.wrap().query_wasm_raw(&puppet, b"pool").unwrap();
    assert_eq!(found.as_deref(), Some(b"{}".as_slice()));
}

#[test]
fn any_event_of_the_tables_is_emitted_as_it_is() {
    let mut s = Stage::new();
    let event: Event = Migrated {
        contract: "crates.io:x".to_string(),
        from: "0.1.0".to_string(),
        to: "0.2.0".to_string(),
    }
    .into();
    let response = s.tell(&ExecuteMsg::Emit {
        events: vec![event.clone()],
    });
    let emitted = response.unwrap().events;
    let wanted = format!("wasm-{}", event.ty);
    let found = emitted.iter().find(|emitted| emitted.ty == wanted).unwrap();
    assert!(event.attributes.iter().all(|one| found.attributes.contains(one)));
}

#[test]
fn what_became_of_forwarded_messages_is_heard() {
    let mut s = Stage::new();
    let other = s.other.clone();
    s.send(&other, r#"{"set":{"answer":{"answer":{"data":"Nw=="}}}}"#)
        .unwrap();
    let forward = |s: &Stage, reply_on| ExecuteMsg::Forward {
        messages: vec![
            s.to_other(FOREIGN[0]),
            BankMsg::Send {
                to_address: s.other.to_string(),
                amount: vec![Coin::new(1_u128, "uusd")],
            }
            .into(),
            s.to_other(r#"{"set":{}}"#),
        ],
        gas_limit: Some(1_000_000),
        reply_on,
    };
    let all = forward(&s, ReplyOn::Always);
    s.tell(&all).unwrap();
    let heard = s.heard();
    let seen: Vec<_> = heard
        .iter()
        .map(|one| (one.message, one.error.is_some()))
        .collect();
    assert_eq!(seen, [(1, false), (2, true), (3, false)]);
    assert_eq!(heard[0].data, Some(Binary::from(b"7")));
    assert_eq!(heard[2].data, None);

    let failures = forward(&s, ReplyOn::Error);
    s.tell(&failures).unwrap();
    let seen: Vec<_> = s.heard().iter().map(|one| one.message).collect();
    assert_eq!(seen, [2], "what was heard before is dropped");

    let none = forward(&s, ReplyOn::Never);
    assert!(s.tell(&none).is_err());
}

#[test]
fn a_forwarded_message_carries_its_gas_limit() {
    let response = forward(
        &mut cosmwasm_std::testing::MockStorage::new(),
        vec![BankMsg::Burn { amount: vec![] }.into()],
        Some(5),
        ReplyOn::Success,
    );
    let sent = &response.unwrap().messages[0];
    assert_eq!(
        (sent.id, sent.gas_limit, &sent.reply_on),
        (1, Some(5), &ReplyOn::Success)
    );
}

#[test]
fn the_last_of_nested_calls_sends_the_message() {
    let mut s = Stage::new();
    let other = s.other.clone();
    s.send(&other, r#"{"set":{"answer":{"answer":{}}}}"#).unwrap();
    for depth in [0, 1, 12] {
        let deep = ExecuteMsg::Deep {
            depth,
            then: s.to_other(FOREIGN[0]),
        };
        let events = s.tell(&deep).unwrap().events;
        let calls = |contract: &Addr| {
            let called = |event: &&Event| {
                let mut attributes = event.attributes.iter();
                event.ty == "execute" && attributes.any(|one| one.value == contract.as_str())
            };
            events.iter().filter(called).count()
        };
        assert_eq!((calls(&s.puppet), calls(&s.other)), (depth as usize + 1, 1));
    }
    let deep = ExecuteMsg::Deep {
        depth: 3,
        then: s.to_other(r#"{"deep":{"depth":0,"then":{"bank":{"burn":{"amount":[]}}}}}"#),
    };
    assert!(s.tell(&deep).is_err(), "what fails at the bottom fails all");
}

/// Reads a thousand times, then says so in place of a chain that is out of gas.
struct Meter(Cell<u32>, Vec<u8>);

impl Storage for Meter {
    fn get(&self, _key: &[u8]) -> Option<Vec<u8>> {
        self.0.set(self.0.get() + 1);
        assert!(self.0.get() < 1_000, "out of gas");
        Some(self.1.clone())
    }
    fn set(&mut self, _key: &[u8], _value: &[u8]) {}
    fn remove(&mut self, _key: &[u8]) {}
    fn range<'a>(
        &'a self,
        _start: Option<&[u8]>,
        _end: Option<&[u8]>,
        _order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        Box::new(std::iter::empty())
    }
}

#[test]
#[should_panic = "out of gas"]
fn burning_gas_ends_only_where_gas_does() {
    let told = to_json_binary(&Conduct::BurnGas {}).unwrap();
    let _ = behave(&Meter(Cell::new(0), told.to_vec()), &ANSWER);
}

#[test]
fn the_readmes_messages_are_the_puppets_own() {
    let blocks = include_str!("../README.md").split("```").skip(1).step_by(2);
    let lines: Vec<&str> = blocks.flat_map(|block| block.lines().skip(1)).collect();
    assert_eq!(lines.len(), 6);
    for line in lines {
        from_json::<ExecuteMsg>(line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
}
