//! The world itself: that it stands, that a shortfall goes all the way through
//! it, and that a breaker that is off judges nothing.

use backstop_core::perps::Side;
use backstop_testing::World;
use backstop_types::breaker::{Action, OracleBreaker};
use backstop_types::vault::{BackstopVault, PoolResponse, QueryMsg};
use backstop_types::{Price, Seconds};
use cosmwasm_std::{DepsMut, Empty, Env, Event, MessageInfo, Response, StdResult};
use cw_multi_test::{ContractWrapper, Executor};
use sample_perps::msg;

fn pool(w: &World) -> PoolResponse {
    w.query(&w.vault, &QueryMsg::Pool {}).unwrap()
}

#[test]
fn a_world_stands_with_either_kind_of_asset() {
    for cw20 in [false, true] {
        let builder = World::builder().seed(|seed| {
            seed.deposits = vec![("alice".to_string(), 1_000_000)];
            seed.liquidity = 1_000_000_000;
        });
        let mut w = if cw20 { builder.cw20_asset() } else { builder }.build();

        let trader = w.addr("trader");
        w.open(&trader, Side::Long, 10_000_000, 50_000_000).unwrap();
        let alice = w.addr("alice");
        w.unbond(&alice, 400_000).unwrap();
        w.advance(Seconds::days(22));
        w.withdraw(&alice).unwrap();

        assert_eq!(pool(&w).assets.u128(), 600_000);
        assert!(w.checks() > 5);
    }
}

#[test]
fn a_gap_down_becomes_a_liquidation_a_shortfall_and_a_loss() {
    // Given a pool of 100,000 and a long of 10 times its margin.
    let mut w = World::builder()
        .loose()
        .seed(|seed| {
            seed.deposits = vec![("alice".to_string(), 100_000_000_000)];
            seed.liquidity = 1_000_000_000_000;
        })
        .build();
    let trader = w.addr("trader");
    w.open(&trader, Side::Long, 1_000_000_000, 1_200_000_000).unwrap();

    // When the price falls by a sixth at once, and a keeper comes.
    w.advance(Seconds::HOUR);
    w.set_price("8.4");
    let keeper = w.addr("keeper");
    let liquidate = msg::ExecuteMsg::Liquidate { position: 1 };
    w.execute(&keeper, &w.perps.clone(), &liquidate, &[]).unwrap();
    // A minute later what has gathered is sent.
    w.advance(Seconds::MINUTE);
    w.set_price("8.4");
    let send = msg::ExecuteMsg::SendShortfall { shortfall: 1 };
    w.execute(&keeper, &w.perps.clone(), &send, &[]).unwrap();

    // Then the pool has paid what the margin did not.
    let claim = BackstopVault(w.vault.clone())
        .claim(&w.querier(), 1)
        .unwrap()
        .unwrap();
    assert!(claim.paid.u128() > 0);
    assert_eq!(pool(&w).assets.u128(), 100_000_000_000 - claim.granted.u128());
    assert_eq!(pool(&w).losses, 1);
}

#[test]
fn a_breaker_that_is_off_takes_the_first_source_as_it_comes() {
    let mut w = World::builder().breaker_off().build();
    w.advance(Seconds::HOUR);
    let now = w.now();
    w.publish(0, "0.107".parse().unwrap(), "100".parse().unwrap(), now)
        .unwrap();

    let breaker = OracleBreaker(w.breaker.clone());
    let verdict = breaker
        .verdict(&w.querier(), w.market.clone(), Action::Payout)
        .unwrap();

    assert!(verdict.allowed && verdict.faults.is_empty());
    assert_eq!(verdict.median, Some(Price("0.107".parse().unwrap())));
    assert!(verdict.band.unwrap().contains(Price("123456".parse().unwrap())));
}

fn says(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new().add_event(Event::new("desk_opened")))
}

fn migrated(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Code whose events are in no table.
fn talkative(w: &mut World) -> u64 {
    use oracle_breaker::contract::{instantiate, query};
    let code = ContractWrapper::new(says, instantiate, query).with_migrate(migrated);
    w.app.store_code(Box::new(code))
}

#[test]
fn a_foreign_contracts_events_are_its_own() {
    let mut w = World::builder().build();
    let code = talkative(&mut w);
    let setup = backstop_types::breaker::InstantiateMsg {
        owner: w.owner.to_string(),
        guardian: None,
    };
    let foreign = w.instantiate(code, &setup, "foreign").unwrap();
    let anyone = w.addr("anyone");
    let said = w.execute(&anyone, &foreign, &Empty {}, &[]).unwrap();
    assert!(said.events.iter().any(|event| event.ty == "wasm-desk_opened"));
}

#[test]
#[should_panic(expected = "wasm-desk_opened")]
fn an_own_contracts_unlisted_event_is_a_panic_also_after_a_migration() {
    let mut w = World::builder().build();
    let code = talkative(&mut w);
    let (owner, breaker) = (w.owner.clone(), w.breaker.clone());
    w.app
        .migrate_contract(owner.clone(), breaker.clone(), &Empty {}, code)
        .unwrap();
    let _ = w.execute(&owner, &breaker, &Empty {}, &[]);
}
