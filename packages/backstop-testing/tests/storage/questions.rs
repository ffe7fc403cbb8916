//! Every query of every contract, about what the scene has left in it.

use std::collections::{BTreeMap, BTreeSet};

use backstop_types::{breaker, distributor, timelock, vault};
use cosmwasm_schema::QueryResponses;
use cosmwasm_std::{Binary, QueryRequest, WasmQuery, to_json_vec};
use serde_json::Value;

use super::chain::SHIPPED;
use super::scene::Life;

/// Answers by contract and question. A question names accounts as `<alice>`.
pub type Answers = BTreeMap<String, BTreeMap<String, Value>>;

const OF_VAULT: &[&str] = &[
    r#"{"config":{}}"#,
    r#"{"pool":{}}"#,
    r#"{"pauses":{}}"#,
    r#"{"stake":{"staker":"<alice>"}}"#,
    r#"{"stake":{"staker":"<bob>"}}"#,
    r#"{"stakes":{}}"#,
    r#"{"tickets":{"staker":"<bob>"}}"#,
    r#"{"tickets":{"staker":"<carol>"}}"#,
    r#"{"total_assets":{}}"#,
    r#"{"convert_to_shares":{"assets":"1000000"}}"#,
    r#"{"convert_to_assets":{"shares":"1000000"}}"#,
    r#"{"preview_deposit":{"assets":"1000000"}}"#,
    r#"{"preview_withdraw":{"assets":"1000000"}}"#,
    r#"{"preview_redeem":{"shares":"1000000"}}"#,
    r#"{"max_deposit":{"receiver":"<alice>"}}"#,
    r#"{"max_withdraw":{"owner":"<bob>"}}"#,
    r#"{"max_redeem":{"owner":"<bob>"}}"#,
    r#"{"policy":{"policyholder":"<holder>","market":"ATOM/USD"}}"#,
    r#"{"policy":{"policyholder":"<leaver>","market":"ATOM/USD"}}"#,
    r#"{"policies":{}}"#,
    r#"{"quote_cover":{"policyholder":"<holder>","market":"ATOM/USD","amount":"1000","price":"5"}}"#,
    r#"{"quote_premium":{"policyholder":"<holder>","market":"ATOM/USD","amount":"1000000"}}"#,
    r#"{"credit":{"account":"<treasury>"}}"#,
    r#"{"credit":{"account":"<leaver>"}}"#,
    r#"{"claim":{"claim":1}}"#,
    r#"{"claim_timeline":{"claim":1}}"#,
    r#"{"claim_timeline":{"claim":2}}"#,
    r#"{"claims":{}}"#,
    r#"{"open_claims":{}}"#,
    r#"{"loss":{"loss":1}}"#,
    r#"{"losses":{}}"#,
    r#"{"staker_losses":{"staker":"<alice>"}}"#,
    r#"{"staker_losses":{"staker":"<bob>"}}"#,
    r#"{"hook_failures":{}}"#,
    r#"{"ownership":{}}"#,
];
const OF_DISTRIBUTOR: &[&str] = &[
    r#"{"config":{}}"#,
    r#"{"denoms":{}}"#,
    r#"{"pending_rewards":{"staker":"<alice>"}}"#,
    r#"{"pending_rewards":{"staker":"<bob>"}}"#,
    r#"{"staker":{"staker":"<carol>"}}"#,
    r#"{"drift":{}}"#,
    r#"{"stakers":{}}"#,
    r#"{"schedule":{"denom":{"native":"uusd"}}}"#,
    r#"{"schedule":{"denom":{"native":"ureward"}}}"#,
    r#"{"yields":{}}"#,
    r#"{"fundings":{"denom":{"native":"uusd"}}}"#,
    r#"{"fundings":{"denom":{"native":"ureward"}}}"#,
    r#"{"clock":{}}"#,
    r#"{"ownership":{}}"#,
];
const OF_BREAKER: &[&str] = &[
    r#"{"verdict":{"market":"ATOM/USD","action":"payout"}}"#,
    r#"{"reading":{"market":"ATOM/USD"}}"#,
    r#"{"market":{"market":"ATOM/USD"}}"#,
    r#"{"markets":{}}"#,
    r#"{"trips":{"market":"ATOM/USD"}}"#,
    r#"{"trip":{"market":"ATOM/USD","number":1}}"#,
    r#"{"explain":{"market":"ATOM/USD"}}"#,
    r#"{"history":{"market":"ATOM/USD","limit":30}}"#,
    r#"{"config":{}}"#,
    r#"{"ownership":{}}"#,
];
const OF_PERPS: &[&str] = &[
    r#"{"config":{}}"#,
    r#"{"pool":{"price":"5"}}"#,
    r#"{"liquidity":{"provider":"<lp>"}}"#,
    r#"{"liquidities":{}}"#,
    r#"{"position":{"position":4,"price":"5"}}"#,
    r#"{"positions":{"price":"5"}}"#,
    r#"{"positions":{"owner":"<patient>"}}"#,
    r#"{"order":{"order":6}}"#,
    r#"{"orders":{"owner":"<patient>"}}"#,
    r#"{"settlement":{}}"#,
    r#"{"shortfall":{"shortfall":1}}"#,
    r#"{"shortfalls":{}}"#,
    r#"{"parts":{"shortfall":1}}"#,
    r#"{"adl_queue":{"side":"short","price":"5"}}"#,
    r#"{"adl_queue":{"side":"long"}}"#,
    r#"{"compensation":{"trader":"<seller>"}}"#,
    r#"{"ownership":{}}"#,
];
const OF_TIMELOCK: &[&str] = &[
    r#"{"config":{}}"#,
    r#"{"change":{"number":1}}"#,
    r#"{"change":{"number":2}}"#,
    r#"{"pending":{}}"#,
    r#"{"history":{}}"#,
    r#"{"what_if":{"change":{"vault":{"update_params":{"update":{"pool_fraction":"0.99"}}}}}}"#,
    r#"{"custody":{}}"#,
    r#"{"ownership":{}}"#,
];

/// The questions to a contract, and the names of all that there are.
fn questions(contract: &str) -> (&'static [&'static str], BTreeSet<String>) {
    fn names<Q: QueryResponses>() -> BTreeSet<String> {
        Q::response_schemas().unwrap().into_keys().collect()
    }
    match contract {
        "backstop-vault" => (OF_VAULT, names::<vault::QueryMsg>()),
        "reward-distributor" => (OF_DISTRIBUTOR, names::<distributor::QueryMsg>()),
        "oracle-breaker" => (OF_BREAKER, names::<breaker::QueryMsg>()),
        "sample-perps" => (OF_PERPS, names::<sample_perps::msg::QueryMsg>()),
        _ => (OF_TIMELOCK, names::<timelock::QueryMsg>()),
    }
}

/// What the contracts answer now.
pub fn answers(life: &mut Life) -> Answers {
    let mut all = Answers::new();
    for contract in SHIPPED {
        let (questions, mut unasked) = questions(contract);
        let mut answers = BTreeMap::new();
        for question in questions {
            let parsed: Value = serde_json::from_str(question).unwrap();
            unasked.remove(parsed.as_object().unwrap().keys().next().unwrap());
            answers.insert(question.to_string(), answer(life, contract, question));
        }
        assert!(unasked.is_empty(), "{contract} is not asked for {unasked:?}");
        all.insert(contract.to_string(), answers);
    }
    all
}

/// What a contract answers, but for the numbers of codes, which are the chain's.
pub fn answer(life: &mut Life, contract: &str, question: &str) -> Value {
    let request: QueryRequest<cosmwasm_std::Empty> = WasmQuery::Smart {
        contract_addr: life.address(contract).to_string(),
        msg: Binary::from(named(life, question).into_bytes()),
    }
    .into();
    let answered = life
        .w
        .querier()
        .raw_query(&to_json_vec(&request).unwrap())
        .unwrap();
    let answer = answered
        .into_result()
        .unwrap_or_else(|error| panic!("{contract} to {question}: {error}"));
    let mut answer = serde_json::from_slice(&answer).unwrap();
    drop_codes(&mut answer);
    answer
}

/// The question with addresses in place of names.
fn named(life: &mut Life, question: &str) -> String {
    let mut parts = question.split('<');
    let mut named = parts.next().unwrap().to_string();
    for part in parts {
        let (name, rest) = part.split_once('>').unwrap();
        named += life.w.addr(name).as_str();
        named += rest;
    }
    named
}

fn drop_codes(answer: &mut Value) {
    match answer {
        Value::Array(list) => list.iter_mut().for_each(drop_codes),
        Value::Object(fields) => {
            fields.remove("code_id");
            fields.values_mut().for_each(drop_codes);
        }
        _ => {}
    }
}

/// Where an answer of now lacks something of the recorded one, or says something else.
/// It may say more.
pub fn difference(recorded: &Value, now: &Value) -> Option<String> {
    match (recorded, now) {
        (Value::Object(before), Value::Object(after)) => before.iter().find_map(|(name, before)| {
            let after = after.get(name).unwrap_or(&Value::Null);
            difference(before, after).map(|found| format!("{name}.{found}"))
        }),
        (Value::Array(before), Value::Array(after)) if before.len() <= after.len() => {
            let mut pairs = before.iter().zip(after).enumerate();
            pairs.find_map(|(i, (before, after))| {
                difference(before, after).map(|found| format!("{i}.{found}"))
            })
        }
        _ => (recorded != now).then(|| format!(" was {recorded}, is {now}")),
    }
}
