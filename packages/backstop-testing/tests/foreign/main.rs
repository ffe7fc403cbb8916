//! How to test a derivatives contract of your own against the shipped backstop: put it
//! into a world, have the DAO grant it a policy, and let the price fall.

mod desk;

use backstop_testing::{World, default_terms};
use backstop_types::breaker::OracleBreaker;
use backstop_types::vault::{BackstopVault, CoverQuote, ExecuteMsg as VaultMsg, PolicyTerms};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::{Addr, StdResult, Uint128, coins};
use cw_multi_test::ContractWrapper;
use desk::{Desk, ExecuteMsg, QueryMsg, Shortfall, Trade};

const ONE: u128 = 1_000_000;

/// A world with a million staked, and the desk in it.
fn world() -> (World, Addr) {
    let mut w = World::builder()
        .seed(|seed| seed.deposits = vec![("staker".to_string(), 1_000_000 * ONE)])
        .build();
    let code = ContractWrapper::new(desk::execute, desk::instantiate, desk::query);
    let code = w.app.store_code(Box::new(code.with_reply(desk::reply)));
    let desk = Desk {
        vault: BackstopVault(w.vault.clone()),
        breaker: OracleBreaker(w.breaker.clone()),
        market: w.market.clone(),
    };
    let desk = w.instantiate(code, &desk, "a desk").unwrap();
    (w, desk)
}

fn send(w: &mut World, desk: &Addr, msg: &ExecuteMsg, margin: u128) {
    let trader = w.addr("trader");
    let funds = if margin > 0 { coins(margin, "uusd") } else { vec![] };
    w.execute(&trader, desk, msg, &funds).unwrap();
}

fn cash(w: &World, desk: &Addr) -> u128 {
    let cash: Uint128 = w.query(desk, &QueryMsg::Cash {}).unwrap();
    cash.u128()
}

/// A long of 1,000 at 10 with a margin of 1,000, liquidated at 8.5: 500 are missing.
fn fall(w: &mut World, desk: &Addr) {
    let (trade, size) = (1, Uint128::new(1_000 * ONE));
    send(w, desk, &ExecuteMsg::Order { trade, size }, 1_000 * ONE);
    send(w, desk, &ExecuteMsg::Open { trade }, 0);
    let order: Option<Trade> = w.query(desk, &QueryMsg::Trade { trade }).unwrap();
    assert_eq!(order.unwrap().entry, None, "no price from after it yet");
    w.publish_again();
    send(w, desk, &ExecuteMsg::Open { trade }, 0);
    w.advance(Seconds::MINUTE);
    w.set_price("8.5");
    send(w, desk, &ExecuteMsg::Liquidate { trade }, 0);
}

fn quote(w: &World, desk: &Addr, market: &str) -> StdResult<CoverQuote> {
    let vault = BackstopVault(w.vault.clone());
    let price = Some(backstop_types::Price("10".parse().unwrap()));
    vault.quote_cover(&w.querier(), desk, 1, market, Assets::new(500 * ONE), price)
}

#[test]
fn at_setup_a_quote_names_a_missing_policy_or_a_misspelt_market() {
    let (mut w, desk) = world();
    let missing = quote(&w, &desk, "ATOM/USD").unwrap_err().to_string();
    assert!(
        missing.contains(&format!("policy of {desk} on ATOM/USD does not exist")),
        "{missing}"
    );
    w.grant_policy(&desk, "ATOM/USD", default_terms()).unwrap();
    let misspelt = quote(&w, &desk, "ATOMUSD").unwrap_err().to_string();
    assert!(misspelt.contains("ATOMUSD"), "{misspelt}");
    let covered = quote(&w, &desk, "ATOM/USD").unwrap();
    assert_eq!(covered.paid, Assets::new(500 * ONE));
}

#[test]
fn a_shortfall_of_the_desk_is_paid_at_once_as_far_as_the_instant_bucket_reaches() {
    let (mut w, desk) = world();
    let terms = PolicyTerms {
        instant: Assets::new(200 * ONE),
        ..default_terms()
    };
    w.grant_policy(&desk, "ATOM/USD", terms).unwrap();
    fall(&mut w, &desk);
    assert_eq!(cash(&w, &desk), 1_200 * ONE);
    // The other 300 are paid after the policy's delay, and booked.
    w.advance(Seconds::DAY);
    let (anyone, vault) = (w.addr("anyone"), w.vault.clone());
    w.execute(&anyone, &vault, &VaultMsg::SettleClaim { claim: 1 }, &[])
        .unwrap();
    for _ in 0..2 {
        send(&mut w, &desk, &ExecuteMsg::Book { trade: 1 }, 0);
        assert_eq!(cash(&w, &desk), 1_500 * ONE);
    }
    assert_eq!(w.balance(&desk), 1_500 * ONE);
}

#[test]
fn without_a_policy_the_liquidation_goes_through_and_the_shortfall_stays_open() {
    let (mut w, desk) = world();
    fall(&mut w, &desk);
    assert_eq!(cash(&w, &desk), 1_000 * ONE);
    let open: Shortfall = w.query(&desk, &QueryMsg::Shortfall { trade: 1 }).unwrap();
    assert_eq!((open.asked.u128(), open.answer), (500 * ONE, None));
}

#[test]
fn in_a_trip_the_desk_does_nothing_and_the_trip_stands() {
    let (mut w, desk) = world();
    w.grant_policy(&desk, "ATOM/USD", default_terms()).unwrap();
    let (trade, size) = (1, Uint128::new(1_000 * ONE));
    send(&mut w, &desk, &ExecuteMsg::Order { trade, size }, 1_000 * ONE);
    w.advance(Seconds::MINUTE);
    w.set_sources("7");
    send(&mut w, &desk, &ExecuteMsg::Open { trade }, 0);
    let order: Option<Trade> = w.query(&desk, &QueryMsg::Trade { trade }).unwrap();
    assert_eq!(order.unwrap().entry, None);
    let breaker = OracleBreaker(w.breaker.clone());
    let record = breaker.record(&w.querier(), "ATOM/USD").unwrap().unwrap();
    assert_eq!(record.trip(), Some(1));
}
