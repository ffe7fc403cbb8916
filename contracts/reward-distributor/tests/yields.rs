//! `Yields`: what staking earns in a year, in kind and in value, now and later.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::{NATIVE, Suite, WEEK, listing, native};
use backstop_testing::World;
use backstop_types::distributor::*;
use backstop_types::{Denom, InputError, Price, Seconds, UncheckedDenom};
use cosmwasm_std::{Addr, Decimal256, StdResult, Uint128};

const A_SECOND: u128 = WEEK as u128;
const YEAR: u128 = 365 * 86_400;

fn price(denom: UncheckedDenom, price: &str, decimals: u8) -> DenomPrice {
    DenomPrice {
        denom,
        price: Price(price.parse().unwrap()),
        decimals,
    }
}

fn steps(projection: &Projection) -> Vec<(u64, Decimal256)> {
    let changes = projection.changes.iter();
    changes.map(|change| (change.week, change.to)).collect()
}

#[test]
fn a_yield_in_kind_follows_the_rates_that_are_scheduled() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, YEAR);
    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    suite.fund(NATIVE, 4 * A_SECOND, 2).unwrap();
    let later = StreamTerms {
        weeks: 1,
        start: Some(Start::Week(3)),
    };
    suite.fund_on(NATIVE, 5 * A_SECOND, later).unwrap();
    suite.wait(100);

    let answer: YieldsResponse = suite.query(&QueryMsg::Yields { prices: vec![] });

    assert_eq!((answer.shares.u128(), answer.denoms.len()), (YEAR, 3));
    let apr = &answer.denoms[0].apr;
    let whole = |units: u128| Decimal256::from_ratio(units, 1u128);
    assert_eq!(apr.now, whole(3));
    assert_eq!(
        steps(apr),
        [(1, whole(2)), (2, whole(0)), (3, whole(5)), (4, whole(0))]
    );
    let now = suite.app.block_info().time;
    assert_eq!(apr.changes[0].earliest, Seconds(WEEK - 100).after(now));
    assert!(answer.denoms[1].apr.now.is_zero());
    assert_eq!(answer.value, None);
}

#[test]
fn nobody_earns_while_nobody_is_staked() {
    let mut suite = Suite::new();
    suite.fund(NATIVE, A_SECOND, 1).unwrap();
    let answer: YieldsResponse = suite.query(&QueryMsg::Yields { prices: vec![] });
    assert!(answer.shares.is_zero() && answer.denoms.is_empty() && answer.value.is_none());
}

/// A vault of 2²⁰ shares with streams of its asset, of `ureward`, and of the
/// latter again in a week.
fn world() -> (World, Addr) {
    let mut world = World::builder().build();
    let (owner, alice, funder) = (world.owner.clone(), world.addr("alice"), world.addr("funder"));
    world.mint_native(&funder, "ureward", 1 << 100);
    let distributor = RewardDistributor(world.distributor.clone());
    let reward = Denom::Native("ureward".to_string());
    let asset = world.asset.clone();
    for denom in [asset.clone(), reward.clone()] {
        let list = ExecuteMsg::ListDenom(listing(denom.into(), 1));
        world.execute(&owner, distributor.addr(), &list, &[]).unwrap();
    }
    world.deposit(&alice, 1 << 20).unwrap();
    let again = StreamTerms {
        weeks: 1,
        start: Some(Start::Week(1)),
    };
    for (denom, terms) in [
        (&asset, StreamTerms::now(2)),
        (&reward, StreamTerms::now(1)),
        (&reward, again),
    ] {
        let amount = Uint128::new(A_SECOND * if *denom == asset { 2 } else { 1 });
        world
            .send(&funder, distributor.fund(denom, amount, terms).unwrap())
            .unwrap();
    }
    (world, alice)
}

fn ask(world: &World, prices: Vec<DenomPrice>) -> StdResult<YieldsResponse> {
    world.query(&world.distributor, &QueryMsg::Yields { prices })
}

#[test]
fn prices_make_one_yield_of_all_denoms_on_what_the_shares_are_worth() {
    let (mut world, alice) = world();
    // A second: one of the asset, with six decimals, and one of `ureward`, with
    // three, at twice its price: two thousand times as much.
    let prices = vec![
        price(world.asset.clone().into(), "1.5", 6),
        price(native("ureward"), "3", 3),
    ];
    let at = |per_second: u128, assets: u128| Decimal256::from_ratio(per_second * YEAR, assets);
    let value = ask(&world, prices.clone()).unwrap().value.unwrap();
    assert_eq!(value.now, at(2_001, 1 << 20));
    // Where one stream follows the other the rate stays, and so does the yield.
    assert_eq!(steps(&value), [(1, at(2_001, 1 << 20)), (2, at(0, 1))]);

    // Half of the shares leave: the others earn twice as much.
    world.unbond(&alice, 1 << 19).unwrap();
    let value = ask(&world, prices[..1].to_vec()).unwrap().value.unwrap();
    assert_eq!(value.now, at(1, 1 << 19));
    // In kind it is the same while a share is worth one.
    let kind = &ask(&world, vec![]).unwrap().denoms[0];
    assert_eq!(
        (kind.denom.clone(), kind.apr.now),
        (world.asset.clone(), value.now)
    );
}

#[test]
fn without_the_assets_price_there_is_no_yield_in_value() {
    let (world, _) = world();
    let answer = ask(&world, vec![price(native("ureward"), "3", 3)]).unwrap();
    assert_eq!((answer.denoms.len(), answer.value), (2, None));
}

#[test]
fn prices_are_more_than_zero_once_each_and_of_at_most_24_decimals() {
    let suite = Suite::new();
    let refused = |prices: Vec<DenomPrice>| {
        let query = QueryMsg::Yields { prices };
        let answer: StdResult<YieldsResponse> = suite.app.wrap().query_wasm_smart(&suite.distributor, &query);
        answer.unwrap_err().to_string()
    };
    let zero = refused(vec![price(native(NATIVE), "0", 6)]);
    assert!(zero.contains("price is 0: must be more than zero"), "{zero}");
    let fine = refused(vec![price(native(NATIVE), "1", 25)]);
    assert!(fine.contains("decimals is 25: must be from 0 to 24"), "{fine}");
    let twice = refused(vec![price(native(NATIVE), "1", 6); 2]);
    let duplicate = InputError::Duplicate {
        field: "prices".to_string(),
        value: NATIVE.to_string(),
    };
    assert!(twice.contains(&duplicate.to_string()), "{twice}");
    let many: Vec<_> = (0..20)
        .map(|n| price(native(&format!("coin{n}")), "1", 6))
        .collect();
    let many = refused(many);
    assert!(
        many.contains("prices is 10 elements: must be 1 to 9 elements long"),
        "{many}"
    );
}
