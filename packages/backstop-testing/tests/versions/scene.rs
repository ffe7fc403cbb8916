//! One short life in which every answer between contracts is given once.

use backstop_testing::World;
use backstop_types::breaker::{self, Action, OracleBreaker};
use backstop_types::distributor::{self, RewardDistributor};
use backstop_types::vault::{self, BackstopVault};
use backstop_types::{Assets, Price, Seconds, Shares, keys};
use cosmwasm_std::{
    Addr, Binary, CosmosMsg, Decimal, QueryRequest, WasmMsg, WasmQuery, to_json_binary, to_json_vec,
};
use cw_storage_plus::{Item, Map};
use serde::Serialize;

use super::Recorded;

/// What the policyholder is granted: 10 to bear, 100 at once, the rest in a day.
pub fn terms() -> vault::PolicyTerms {
    vault::PolicyTerms {
        limit: Assets::new(500),
        deductible: Assets::new(10),
        instant: Assets::new(100),
        minimum: Assets::ONE,
        delay: Seconds::DAY,
        priced: true,
        premium: None,
    }
}

/// A world with 1,000 staked and an account that has a policy.
pub fn world() -> (World, Addr) {
    let builder = World::builder().vault_params(|params| params.pool_fraction = Decimal::percent(90));
    let mut w = builder
        .seed(|seed| seed.deposits = vec![("a".to_string(), 1_000)])
        .build();
    let holder = w.addr("derivatives");
    let policy = vault::ExecuteMsg::AddPolicy {
        policyholder: holder.to_string(),
        market: w.market.clone(),
        terms: terms(),
    };
    let (owner, vault) = (w.owner.clone(), w.vault.clone());
    w.execute(&owner, &vault, &policy, &[]).unwrap();
    (w, holder)
}

/// What the contracts answer, and the messages that they send each other.
pub fn answers() -> Recorded {
    let (mut w, holder) = world();
    let mut said = messages();
    let mut note = |name: &str, bytes: Vec<u8>| {
        said.insert(name.to_string(), String::from_utf8(bytes).unwrap());
    };
    note(
        "config_of_vault",
        smart(&w, &w.vault, &vault::QueryMsg::Config {}),
    );
    note(
        "config_of_distributor",
        smart(&w, &w.distributor, &distributor::QueryMsg::Config {}),
    );
    note("policy", raw(&w, &w.vault, &policy(&w, &holder)));
    note("market_config", smart(&w, &w.breaker, &market(&w)));
    note(
        "config_of_breaker",
        smart(&w, &w.breaker, &breaker::QueryMsg::Config {}),
    );
    note("ownership", smart(&w, &w.vault, &vault::QueryMsg::Ownership {}));
    note("poke", poke(&mut w));
    note("market", raw(&w, &w.breaker, &markets(&w)));
    note("cover", ask(&mut w, &holder, 1, 250));
    note("cover_repeated", ask(&mut w, &holder, 1, 999));
    note("claim", raw(&w, &w.vault, &claim(1)));
    note("shortfall", raw(&w, &w.vault, &shortfall(&holder, 1)));

    w.advance(Seconds(60));
    w.set_price("5");
    note("poke_tripped", poke(&mut w));
    note("verdict_tripped", verdict(&w));
    note("market_tripped", raw(&w, &w.breaker, &markets(&w)));
    note("trip", raw(&w, &w.breaker, &trip(&w)));
    note("cover_held", ask(&mut w, &holder, 2, 50));
    note("claim_held", raw(&w, &w.vault, &claim(2)));
    // Read every hour, a price that stands is admitted.
    for _ in 0..12 {
        w.advance(Seconds::HOUR);
        w.set_price("5");
    }
    note("trip_ended", raw(&w, &w.breaker, &trip(&w)));
    note(
        "pool",
        raw(&w, &w.vault, Item::<vault::Pool>::new(keys::POOL).as_slice()),
    );
    let a = w.addr("a");
    note("stake", raw(&w, &w.vault, &stake(&a)));
    said
}

/// The messages that contracts send each other.
pub fn messages() -> Recorded {
    let contract = || Addr::unchecked("contract");
    let staker = Addr::unchecked("staker");
    let price = Some(Price(Decimal::percent(1_025)));
    let vault = BackstopVault(contract());
    let asset = backstop_types::Denom::Native("uusd".to_string());
    let sent = [
        (
            "say_poke",
            OracleBreaker(contract()).poke(vec!["ATOM/USD".to_string()], Some(Action::Payout)),
        ),
        (
            "say_stake_changed",
            RewardDistributor(contract()).stake_changed(&staker, Shares::new(1), Shares::new(2)),
        ),
        (
            "say_cover",
            vault
                .cover_shortfall(7, "ATOM/USD", 5, price, 1)
                .map(|message| message.msg),
        ),
        ("say_deposit", vault.deposit(&asset, Assets::new(5), &staker)),
    ];
    let text = |message: CosmosMsg| match message {
        CosmosMsg::Wasm(WasmMsg::Execute { msg, .. }) => String::from_utf8(msg.to_vec()).unwrap(),
        other => panic!("{other:?}"),
    };
    sent.map(|(name, message)| (name.to_string(), text(message.unwrap())))
        .into()
}

fn poke(w: &mut World) -> Vec<u8> {
    let msg = breaker::ExecuteMsg::Poke {
        markets: vec![w.market.clone()],
        action: Some(Action::Payout),
    };
    let (owner, breaker) = (w.owner.clone(), w.breaker.clone());
    w.execute(&owner, &breaker, &msg, &[])
        .unwrap()
        .data
        .unwrap()
        .to_vec()
}

fn ask(w: &mut World, holder: &Addr, number: u64, amount: u128) -> Vec<u8> {
    let answered = w.shortfall_numbered(holder, number, amount, Some("10")).unwrap();
    answered.data.unwrap().to_vec()
}

fn verdict(w: &World) -> Vec<u8> {
    let msg = breaker::QueryMsg::Verdict {
        market: w.market.clone(),
        action: Some(Action::Payout),
    };
    smart(w, &w.breaker, &msg)
}

/// The bytes of a smart query's answer.
fn smart(w: &World, contract: &Addr, msg: &impl Serialize) -> Vec<u8> {
    let request: QueryRequest<cosmwasm_std::Empty> = WasmQuery::Smart {
        contract_addr: contract.to_string(),
        msg: to_json_binary(msg).unwrap(),
    }
    .into();
    let answer: Binary = w
        .querier()
        .raw_query(&to_json_vec(&request).unwrap())
        .unwrap()
        .unwrap();
    answer.to_vec()
}

/// The bytes under a key of a contract.
fn raw(w: &World, contract: &Addr, key: &[u8]) -> Vec<u8> {
    let storage = w.app.contract_storage(contract);
    storage
        .get(key)
        .unwrap_or_else(|| panic!("nothing at {}", String::from_utf8_lossy(key)))
}

/// The key of the market's record.
pub fn markets(w: &World) -> Vec<u8> {
    Map::<&str, ()>::new(keys::MARKETS).key(&w.market).to_vec()
}

/// The key of the market's first trip.
pub fn trip(w: &World) -> Vec<u8> {
    Map::<(&str, u64), ()>::new(keys::TRIPS)
        .key((&w.market, 1))
        .to_vec()
}

/// The key of a staker's shares.
pub fn stake(staker: &Addr) -> Vec<u8> {
    Map::<&Addr, ()>::new(keys::STAKES).key(staker).to_vec()
}

fn policy(w: &World, holder: &Addr) -> Vec<u8> {
    Map::<(&Addr, &str), ()>::new(keys::POLICIES)
        .key((holder, &w.market))
        .to_vec()
}

fn market(w: &World) -> breaker::QueryMsg {
    breaker::QueryMsg::Market {
        market: w.market.clone(),
    }
}

fn claim(number: u64) -> Vec<u8> {
    Map::<u64, ()>::new(keys::CLAIMS).key(number).to_vec()
}

fn shortfall(holder: &Addr, number: u64) -> Vec<u8> {
    Map::<(&Addr, u64), ()>::new(keys::SHORTFALLS)
        .key((holder, number))
        .to_vec()
}
