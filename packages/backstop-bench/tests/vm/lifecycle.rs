//! Every export of every contract through the VM's real imports and exports:
//! set up, called, asked, replied to, migrated; and what fails is undone.

use backstop_core::perps::{Side, Size};
use backstop_types::breaker::{self, Fault, MarketResponse, MarketState};
use backstop_types::distributor::{self, PendingRewardsResponse};
use backstop_types::events::all_of;
use backstop_types::events::perps::{ActionDenied, Closed};
use backstop_types::events::vault::ShortfallAnswered;
use backstop_types::vault::{
    self, ClaimResponse, ClaimStatus, CoverResponse, HookFailuresResponse, PoolResponse, QueryMsg,
    StakeResponse,
};
use backstop_types::{Assets, Seconds, Shares};
use cosmwasm_std::{Addr, coin, coins, from_json};
use sample_perps::msg::{ExecuteMsg as PerpsMsg, QueryMsg as PerpsQuery, ShortfallResponse};
use serde_json::{Value, json};

use crate::chain::account;
use crate::gas::{STAKE, populated, staker};
use crate::scene::{ASSET, MARKET, ONE, Scene};
use crate::wasm;

fn scene() -> Option<Scene> {
    wasm::built().map(|_| populated(10))
}

fn balance(scene: &Scene, account: &Addr) -> u128 {
    scene.chain.shared.lock().balance(account.as_str(), ASSET)
}

fn stake(scene: &Scene, name: &str) -> StakeResponse {
    let staker = account(name).to_string();
    scene.query_vault(&QueryMsg::Stake { staker })
}

fn pool(scene: &Scene) -> PoolResponse {
    scene.query_vault(&QueryMsg::Pool {})
}

#[test]
fn a_staker_deposits_earns_leaves_and_is_paid() {
    let Some(scene) = scene() else { return };
    let name = staker(3);
    // Given a tenth of the shares, for a week.
    assert_eq!(stake(&scene, &name).stake.active, Shares::new(STAKE));
    scene.wait(Seconds::days(7));
    // Then a tenth of what was streamed is owed and paid.
    let query = distributor::QueryMsg::PendingRewards {
        staker: account(&name).to_string(),
        start_after: None,
        limit: None,
    };
    let pending: PendingRewardsResponse = scene.chain.query(&scene.distributor, &query).unwrap();
    let owed = pending.rewards[0].amount.u128();
    assert!(owed > 0);
    scene.claim(&name);
    let reward = crate::scene::reward(0);
    let paid = scene
        .chain
        .shared
        .lock()
        .balance(account(&name).as_str(), &reward);
    assert_eq!(paid, owed);
    // And the stake comes back after the unbonding period.
    scene.unbond(&name, STAKE);
    scene.wait(Seconds::days(21));
    scene.withdraw(&name);
    assert_eq!(balance(&scene, &account(&name)), STAKE);
    assert_eq!(stake(&scene, &name).stake.active, Shares::ZERO);
}

/// A pool of 100,000, and a long of 1,000 at 10 by the trader with this margin.
fn open_long(scene: &Scene, margin: u128) {
    let add = PerpsMsg::AddLiquidity {
        min_shares: None,
        lifetime: None,
    };
    scene.pay("lp", &scene.perps, &add, &coins(100_000 * ONE, ASSET));
    let open = PerpsMsg::Open {
        side: Side::Long,
        size: Size::new(1_000 * ONE),
        limit: None,
        lifetime: None,
    };
    scene.pay("trader", &scene.perps, &open, &coins(margin * ONE, ASSET));
    scene.wait(Seconds(31));
    scene.price("10");
    scene.send("anyone", &scene.perps, &PerpsMsg::ExecuteOrder { order: 1 });
}

#[test]
fn a_liquidation_is_made_good_in_one_transaction() {
    let Some(scene) = scene() else { return };
    open_long(&scene, 1_100);
    scene.wait(Seconds::HOUR);
    scene.price("8");
    scene.poke();
    let (before, held) = (pool(&scene), balance(&scene, &scene.perps));
    let keeper = account("keeper");
    scene.send("keeper", &scene.perps, &PerpsMsg::Liquidate { position: 1 });

    let query = PerpsQuery::Shortfall { shortfall: 1 };
    let shortfall: ShortfallResponse = scene.chain.query(&scene.perps, &query).unwrap();
    let cover = shortfall.record.answer.expect("the vault's answer").cover;
    assert_eq!(cover.paid, shortfall.record.books.asked);
    let after = pool(&scene);
    assert_eq!(before.assets.checked_sub(cover.paid), Ok(after.assets));
    let fee = balance(&scene, &keeper);
    assert!(fee > 0);
    assert_eq!(balance(&scene, &scene.perps), held + cover.paid.u128() - fee);
}

#[test]
fn a_shortfall_is_answered_in_the_data() {
    let Some(scene) = scene() else { return };
    let outcome = scene.shortfall(100 * ONE, "10");
    let answer: CoverResponse = from_json(outcome.data.unwrap()).unwrap();
    assert_eq!(answer.paid, Assets::new(100 * ONE));
    let answered = all_of::<ShortfallAnswered>(&outcome.events).unwrap();
    assert_eq!((answered.len(), answered[0].paid), (1, answer.paid));
}

fn market(scene: &Scene) -> MarketResponse {
    let market = MARKET.to_string();
    let query = breaker::QueryMsg::Market { market };
    scene.chain.query(&scene.breaker, &query).unwrap()
}

/// A shortfall whose poke must fail: held, with nothing paid.
fn held(scene: &Scene) {
    let outcome = scene.shortfall(100 * ONE, "10");
    let answer: CoverResponse = from_json(outcome.data.unwrap()).unwrap();
    let expected = (Assets::ZERO, Assets::new(100 * ONE));
    assert_eq!((answer.paid, answer.pending), expected);
    let claim: ClaimResponse = scene.query_vault(&QueryMsg::Claim { claim: 1 });
    assert!(matches!(claim.record.status, ClaimStatus::Held(_)), "{claim:?}");
}

#[test]
fn a_source_that_burns_all_gas_is_a_deny_and_the_claim_is_held() {
    let Some(scene) = scene() else { return };
    let before = market(&scene);
    scene.wait(Seconds(60));
    scene.price("10");
    scene.burn(10_000_000);
    held(&scene);
    assert_eq!(market(&scene), before);
}

#[test]
fn a_source_that_panics_is_one_bad_observation() {
    let Some(scene) = scene() else { return };
    scene.panics();
    scene.wait(Seconds(60));
    scene.price("10");
    let asked = scene.chain.ask(account(wasm::PANICKING).as_str(), b"{}");
    assert!(asked.unwrap_err().contains("unreachable"));
    scene.poke();
    let market = market(&scene);
    assert_eq!(market.record.state, MarketState::Guarded);
    assert_eq!(market.record.watch.faults.list(), [Fault::Unreadable]);
    let outcome = scene.shortfall(100 * ONE, "10");
    let answer: CoverResponse = from_json(outcome.data.unwrap()).unwrap();
    assert_eq!(answer.paid, Assets::new(100 * ONE));
}

#[test]
fn a_breaker_that_is_gone_is_a_deny_and_the_claim_is_held() {
    let Some(scene) = scene() else { return };
    scene.chain.shared.lock().codes.remove(scene.breaker.as_str());
    held(&scene);
}

#[test]
fn a_distributor_that_is_gone_stops_no_exit() {
    let Some(scene) = scene() else { return };
    scene.chain.shared.lock().codes.remove(scene.distributor.as_str());
    let name = staker(3);
    scene.unbond(&name, STAKE);
    let query = QueryMsg::HookFailures {
        start_after: None,
        limit: None,
    };
    let failures: HookFailuresResponse = scene.query_vault(&query);
    assert_eq!(failures.failures.len(), 1);
    scene.wait(Seconds::days(21));
    scene.withdraw(&name);
    assert_eq!(balance(&scene, &account(&name)), STAKE);
}

#[test]
fn a_refused_message_changes_nothing() {
    let Some(scene) = scene() else { return };
    let (before, name) = (pool(&scene), staker(3));
    let deposit = vault::ExecuteMsg::Deposit {
        min_shares: Some(Shares::new(2 * ONE)),
        receiver: None,
    };
    let sender = account(&name);
    scene.give(&name, &coin(ONE, ASSET));
    let refused = scene
        .chain
        .execute(&sender, &scene.vault, &deposit, &coins(ONE, ASSET));
    let error = refused.unwrap_err();
    assert!(
        error.contains("min_shares") || error.contains("shares"),
        "{error}"
    );
    assert_eq!(pool(&scene), before);
    assert_eq!(balance(&scene, &sender), ONE);
}

#[test]
fn a_misspelt_field_is_refused_by_every_contract() {
    let Some(scene) = scene() else { return };
    let messages = [
        (&scene.vault, json!({ "deposit": { "min_share": "1" } })),
        (&scene.distributor, json!({ "claim": { "denom": null } })),
        (&scene.breaker, json!({ "poke": { "market": [] } })),
        (&scene.perps, json!({ "liquidate": { "id": 1 } })),
    ];
    for (contract, msg) in messages {
        let refused = scene.chain.execute(&account("anyone"), contract, &msg, &[]);
        let error = refused.unwrap_err();
        assert!(error.contains("unknown field"), "{msg}: {error}");
    }
}

/// What each contract says of itself.
fn told(scene: &Scene) -> Vec<Value> {
    let asked = [
        (&scene.vault, json!({ "config": {} })),
        (&scene.vault, json!({ "stakes": {} })),
        (&scene.vault, json!({ "policies": {} })),
        (&scene.distributor, json!({ "denoms": {} })),
        (&scene.distributor, json!({ "stakers": {} })),
        (&scene.breaker, json!({ "markets": {} })),
        (&scene.breaker, json!({ "reading": { "market": MARKET } })),
        (&scene.perps, json!({ "config": {} })),
        (&scene.perps, json!({ "pool": {} })),
    ];
    let ask = |(contract, msg): &(&Addr, Value)| scene.chain.query(contract, msg);
    asked.iter().map(|asked| ask(asked).unwrap()).collect()
}

#[test]
fn every_contract_migrates_to_its_own_code_and_keeps_its_state() {
    let Some(scene) = scene() else { return };
    let before = told(&scene);
    for contract in [&scene.vault, &scene.distributor, &scene.breaker, &scene.perps] {
        scene.chain.migrate(contract, &json!({})).unwrap();
    }
    assert_eq!(told(&scene), before);
    scene.deposit(&staker(3), ONE);
}

#[test]
fn no_contract_migrates_to_another_contracts_code() {
    let Some(scene) = scene() else { return };
    for (contract, code) in [
        (&scene.vault, "reward_distributor"),
        (&scene.distributor, "oracle_breaker"),
        (&scene.breaker, "sample_perps"),
        (&scene.perps, "backstop_vault"),
    ] {
        let own = scene.chain.shared.lock().codes.insert(contract.to_string(), code);
        let refused = scene.chain.migrate(contract, &json!({}));
        assert!(refused.is_err(), "{contract} took {code}");
        scene
            .chain
            .shared
            .lock()
            .codes
            .insert(contract.to_string(), own.unwrap());
    }
}

#[test]
fn a_market_that_is_tripped_in_the_vm_says_so() {
    let Some(scene) = scene() else { return };
    let trip = breaker::ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "a feed looks wrong".to_string(),
    };
    scene.send("guardian", &scene.breaker, &trip);
    assert_eq!(market(&scene).record.state, MarketState::Tripped);
}

/// A poke fails that a source burns the gas of, and with it no more than the closing
/// of that moment. The owner drops the source, and the order that waited is executed.
#[test]
fn a_source_that_burns_all_gas_fails_no_closing_and_once_dropped_stops_none() {
    let Some(scene) = scene() else { return };
    open_long(&scene, 2_000);
    let execute = |order| scene.send("anyone", &scene.perps, &PerpsMsg::ExecuteOrder { order });
    let close = PerpsMsg::Close {
        position: 1,
        limit: None,
        lifetime: None,
    };
    scene.pay("trader", &scene.perps, &close, &coins(50_000, ASSET));
    scene.wait(Seconds(31));
    scene.price("10");
    scene.burn(10_000_000);
    // The message goes through, is denied without an answer, and the order stays.
    let denied = execute(2);
    let denied = all_of::<ActionDenied>(&denied.events).unwrap();
    assert_eq!((denied.len(), denied[0].state.clone()), (1, None));
    scene.drop_first_source();
    let closed = execute(2);
    assert_eq!(all_of::<Closed>(&closed.events).unwrap().len(), 1);
}
