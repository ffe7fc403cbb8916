//! Each contract, with state in it, moved to a build with a raised version.

use backstop_e2e::{Asset, Backstop, MARKET, Setup, Stage, lost};
use backstop_types::events::{all_of, common::Migrated};
use backstop_types::vault::ExecuteMsg;
use backstop_types::{breaker, distributor, vault};
use serde_json::{Value, json};

/// What a second changes: limits refill, and premiums are earned.
const TIMELY: [&str; 5] = ["room", "instant_left", "deductible_left", "unearned", "unsent"];

fn without_time(answer: &mut Value) {
    match answer {
        Value::Object(object) => {
            object.retain(|key, _| !TIMELY.contains(&key.as_str()));
            object.values_mut().for_each(without_time);
        }
        Value::Array(list) => list.iter_mut().for_each(without_time),
        _ => {}
    }
}

/// What can be asked of each contract without naming anything.
fn answers(backstop: &Backstop) -> Vec<Value> {
    let stage = backstop.stage;
    let ask = |contract: &str, questions: &[Value]| -> Vec<Value> {
        let answers = questions.iter().map(|question| {
            let mut answer = stage.ask(contract, question);
            without_time(&mut answer);
            answer
        });
        answers.collect()
    };
    let staker = stage.addr("alice");
    let page = json!({});
    [
        ask(
            &backstop.vault,
            &[
                json!({"config": {}}),
                json!({"pool": {}}),
                json!({"stakes": page}),
                json!({"tickets": {"staker": staker}}),
                json!({"policies": page}),
                json!({"claims": page}),
                json!({"losses": page}),
                json!({"staker_losses": {"staker": staker}}),
                json!({"ownership": {}}),
            ],
        ),
        ask(
            &backstop.distributor,
            &[
                json!({"config": {}}),
                json!({"stakers": page}),
                json!({"ownership": {}}),
            ],
        ),
        ask(
            &backstop.breaker,
            &[json!({"market": {"market": MARKET}}), json!({"ownership": {}})],
        ),
        ask(
            &backstop.perps,
            &[
                json!({"config": {}}),
                json!({"positions": page}),
                json!({"shortfalls": page}),
            ],
        ),
    ]
    .concat()
}

#[test]
fn every_contract_goes_on_in_a_build_with_a_raised_version() {
    let Some(stage) = Stage::open() else { return };
    let (backstop, position) = lost(&stage, Asset::Native);
    backstop.set_price("7");
    backstop.liquidate("keeper", position);
    backstop.grant(&stage.addr("holder"), Setup::default().terms);
    stage.execute(
        "alice",
        &backstop.vault,
        &ExecuteMsg::Unbond {
            shares: Some(backstop_types::Shares::new(1_000)),
            auto_withdraw: None,
        },
    );
    let before = answers(&backstop);

    for (name, contract) in [
        ("backstop_vault", &backstop.vault),
        ("reward_distributor", &backstop.distributor),
        ("oracle_breaker", &backstop.breaker),
        ("sample_perps", &backstop.perps),
    ] {
        let raised = stage.raised(name);
        assert!(
            stage.try_migrate("thief", contract, raised).is_err(),
            "anybody can migrate {name}"
        );
        let migrated = stage.migrate(contract, raised);
        let [event] = &all_of::<Migrated>(&migrated.events).unwrap()[..] else {
            panic!("{:?}", migrated.events);
        };
        assert!(event.from < event.to, "{event:?}");
        assert_eq!(answers(&backstop), before, "{name} answers otherwise");
        assert!(
            stage.try_migrate("owner", contract, stage.code(name)).is_err(),
            "{name} can be downgraded"
        );
    }

    // The life goes on.
    stage.advance(3_601);
    backstop.set_price("7");
    let alice = stage.addr("alice");
    let had = backstop.balance(&alice);
    let withdraw = vault::ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: None,
        limit: None,
        staker: None,
    };
    stage.execute("alice", &backstop.vault, &withdraw);
    assert!(backstop.balance(&alice) > had);
    backstop.deposit("bob", 5_000);
    backstop.shortfall("holder", 1, 1_000, "7");
    let sync = distributor::ExecuteMsg::Sync { staker: alice };
    stage.execute("keeper", &backstop.distributor, &sync);
    let record: breaker::MarketResponse = stage.ask(
        &backstop.breaker,
        &breaker::QueryMsg::Market {
            market: MARKET.to_string(),
        },
    );
    let _ = record;
}
